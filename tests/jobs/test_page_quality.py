"""From a drawn picture through intake to the finding: each of a page's defects is told, a sound page is not."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from certclerk.collection import Collection
from certclerk.core.records import Finding, Severity
from certclerk.core.rules import check
from certclerk.imaging.specimen import Press
from certclerk.jobs import acts, take_pages
from certclerk.jobs.take_pages import SlotTarget
from certclerk.system.resources import resource

FONT = resource("fonts", "certclerk-sans-sc.otf")
TODAY = date(2017, 3, 1)


@pytest.fixture(scope="module")
def remarks() -> Image.Image:
    """A sound scan at 200 dpi."""
    with Image.open(io.BytesIO(Press(FONT, 200).remarks("2015年9月遗失补发。"))) as picture:
        return picture.convert("RGB")


def take(collection: Collection, path: Path, picture: Image.Image, dpi: int = 200) -> list[Finding]:
    """The findings after the picture was taken in as the first teacher's remarks page."""
    picture.save(path, "JPEG", quality=90, dpi=(dpi, dpi))
    certificate = collection.roster().teachers[0].certificates[0]
    take_pages.place(collection, take_pages.store(collection, [path]), SlotTarget(certificate.id, "remarks"))
    return findings(collection)


def findings(collection: Collection) -> list[Finding]:
    """Those of the remarks page; other pages are missing all along."""
    return [
        finding
        for finding in check(collection.roster(), collection.notice, TODAY)
        if finding.field == "remarks" and finding.teacher_id == collection.roster().teachers[0].id
    ]


def test_a_sound_page_is_no_finding(collection: Collection, tmp_path: Path, remarks: Image.Image) -> None:
    assert take(collection, tmp_path / "备注.jpg", remarks) == []


def test_a_coarse_page_says_how_coarse(collection: Collection, tmp_path: Path, remarks: Image.Image) -> None:
    small = remarks.resize((856, 1210))
    (finding,) = take(collection, tmp_path / "备注.jpg", small, 150)
    assert (finding.code, finding.severity) == ("page_coarse", Severity.WARNING)
    assert "备注页（备注.jpg）" in finding.message and "150 dpi" in finding.message


def test_a_blurred_page(collection: Collection, tmp_path: Path, remarks: Image.Image) -> None:
    soft = remarks.filter(ImageFilter.GaussianBlur(4))
    (finding,) = take(collection, tmp_path / "备注.jpg", soft)
    assert (finding.code, finding.severity) == ("page_blurred", Severity.WARNING)


def test_a_blank_page(collection: Collection, tmp_path: Path, remarks: Image.Image) -> None:
    (finding,) = take(collection, tmp_path / "空白.jpg", Image.new("RGB", remarks.size, (250, 249, 246)))
    assert (finding.code, finding.severity) == ("page_blank", Severity.WARNING)


def test_a_confirmation_is_of_that_picture(
    collection: Collection, tmp_path: Path, remarks: Image.Image
) -> None:
    blank = Image.new("RGB", remarks.size, (250, 249, 246))
    (finding,) = take(collection, tmp_path / "1.jpg", blank)
    acts.confirm(collection, finding, "备注页确实空白")
    (confirmed,) = findings(collection)
    assert (confirmed.severity, confirmed.confirmed) == (Severity.NOTE, "备注页确实空白")
    (again,) = take(collection, tmp_path / "2.jpg", Image.new("RGB", remarks.size, (240, 239, 236)))
    assert (again.code, again.confirmed) == ("page_blank", "")
