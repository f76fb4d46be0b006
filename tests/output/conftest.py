"""A small submission, a page source that draws its pictures, and a folder written from them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from certclerk.core.notice import Notice
from certclerk.core.page_image import PageImage
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Certificate, Filing, Page, Place, Roster, Teacher
from certclerk.core.submission import Submission, Supplement, plan
from certclerk.output.document import most_bytes
from certclerk.output.submission_folder import Result, write_submission

DAY = date(2032, 3, 1)
NAMES = ("王芳", "李娜", "张三", "阿依古丽·买买提")


def teacher(number: int, name: str, notice: Notice, pages: int = 3) -> Teacher:
    """Complete and in scope under ``notice``; page ``sha256`` is what :func:`draw` draws."""
    kinds = notice.collected_kinds
    slots = [slot for slot in notice.slots if slot.required]
    certificate = Certificate(
        id=number,
        teacher_id=number,
        kind=kinds[number % len(kinds)].name,
        subject="语文",
        number=f"2031350000{number:07}",
        authority=notice.authorities[0],
        issued="2031-07-01",
        pages=tuple(
            Page(
                id=number * 100 + position,
                sha256=f"{number:02}{position:02}",
                frame=0,
                media_type="image/jpeg",
                width=58,
                height=82,
                dpi=10.0,
                source=f"{name}{position}.jpg",
                added_at="",
                place=Place.SLOT,
                certificate_id=number,
                slot=slots[min(position, len(slots) - 1)].id,
                position=position,
            )
            for position in range(pages)
        ),
    )
    return Teacher(
        id=number,
        serial=number,
        name=name,
        sex="女",
        id_number="350502198501010011",
        certificates=(certificate,),
    )


@cache
def draw(seed: str) -> PageImage:
    stream = io.BytesIO()
    Image.effect_noise((58, 82), 10 + int(seed)).save(stream, "JPEG")
    return PageImage(stream.getvalue(), 58, 82, components=1, dpi=10.0)


def source(page: Page) -> PageImage:
    return draw(page.sha256)


def paint(table: PrintedTable) -> bytes:
    """Stands in for printing, which output may not know."""
    return b"%PDF-1.4 " + table.title.encode()


@dataclass(frozen=True)
class Maker:
    """Makes submissions under one notice and writes them."""

    notice: Notice
    parent: Path

    def plan(
        self,
        names: Sequence[str] = NAMES,
        unit: str = "",
        pages: int = 3,
        supplement: Supplement | None = None,
    ) -> Submission:
        teachers = [teacher(number, name, self.notice, pages) for number, name in enumerate(names, start=1)]
        filing = Filing(unit or self.notice.units[0].name, "陈小明", "22138813")
        return plan(Roster(filing, tuple(teachers)), self.notice, DAY, supplement=supplement)

    def write(
        self,
        submission: Submission,
        *,
        limit_mb: float | None = 30.0,
        legacy: bool = False,
        password: str = "",
    ) -> Result:
        return write_submission(
            submission,
            self.parent,
            page_source=source,
            paint_annex=paint,
            limit_mb=limit_mb,
            sizes=sizes(submission),
            legacy=legacy,
            password=password,
        )


def sizes(submission: Submission) -> list[int]:
    return [
        most_bytes(document.name, (len(source(page).data) for page in document.pages))
        for document in submission.documents
    ]


@pytest.fixture
def maker(quanzhou: Notice, tmp_path: Path) -> Maker:
    return Maker(quanzhou, tmp_path / "out")


@pytest.fixture
def made_for(tmp_path: Path) -> Callable[[Notice], Maker]:
    return lambda notice: Maker(notice, tmp_path / "out")
