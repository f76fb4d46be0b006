"""A collection with two teachers on real files, and small real pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from certclerk.collection import Collection, create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedTeacher

FILING = Filing("泉州第一中学", "陈敏", "22000000")
LIN = ProposedTeacher(
    name="林晓雯",
    sex="女",
    id_number="359901198001010025",
    certificates=(
        ProposedCertificate("高级中学", "语文", "20133599042000001", "泉州市教育局", "2013-07-01"),
    ),
)
CHEN = ProposedTeacher(
    name="陈志远",
    sex="男",
    id_number="359901198001010033",
    certificates=(
        ProposedCertificate("初级中学", "数学", "20133599031000002", "泉州市教育局", "2013-07-01"),
    ),
)


def picture(shade: int, form: str = "JPEG") -> bytes:
    """A small picture that differs by its ``shade``."""
    out = io.BytesIO()
    Image.new("RGB", (85, 120), (shade, 60, 90)).save(out, form, dpi=(15, 15))
    return out.getvalue()


def write_pages(folder: Path, *names: str) -> None:
    """Different pictures under these names, folders made as needed."""
    for index, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(20 + 7 * index + 40 * (len(name) % 4)))


@pytest.fixture
def collection(tmp_path: Path, quanzhou: Notice) -> Iterator[Collection]:
    with create_collection(tmp_path / "采集.certclerk", quanzhou, FILING) as made:
        with made.change("导入") as change:
            change.add_teachers([LIN, CHEN])
        yield made


def slots(collection: Collection) -> dict[str, list[tuple[str | None, str]]]:
    """Per teacher, the slot and source of each page."""
    return {
        teacher.name: [(page.slot, page.source) for page in teacher.pages()]
        for teacher in collection.roster().teachers
    }
