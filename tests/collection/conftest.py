"""A collection with two teachers, one of them with a certificate and a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from certclerk.collection import Collection, create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher

ZHANG = ProposedTeacher(
    name="张三",
    sex="男",
    certificates=(ProposedCertificate("高级中学", "语文", "20133599041000001", "泉州市教育局", "2013-07"),),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "示例.certclerk"


@pytest.fixture
def collection(path: Path, quanzhou: Notice) -> Iterator[Collection]:
    with create_collection(path, quanzhou, Filing("泉州市第一中学", "陈敏", "22000000")) as made:
        with made.change("导入") as change:
            change.add_teachers([ZHANG, ProposedTeacher(name="李四")])
        yield made


def add_page(collection: Collection, data: bytes = b"page", slot: str | None = "cover") -> int:
    """A page of ``data`` in a slot of the first certificate, or in the tray."""
    proposed = ProposedPage(collection.add_blob(data, "image/jpeg"), 0, "image/jpeg", 10, 20, 300.0, "a.jpg")
    certificate = collection.roster().teachers[0].certificates[0]
    with collection.change("加页") as change:
        return change.add_page(proposed, certificate_id=certificate.id if slot else None, slot=slot)
