"""From a drawn picture through intake to the finding: each of a page's defects is told, a sound page is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from certclerk.collection import Collection
from certclerk.core.records import Finding, Severity
from certclerk.core.rules import check
from certclerk.imaging.specimen import Press, SpecimenText
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


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("page_too_dark", lambda value: value * 0.25),
        ("page_too_light", lambda value: 255 - (255 - value) * 0.25),
    ],
)
def test_a_page_in_bad_light(
    collection: Collection,
    tmp_path: Path,
    remarks: Image.Image,
    code: str,
    level: Callable[[float], float],
) -> None:
    (finding,) = take(collection, tmp_path / "备注.jpg", remarks.point(level))
    assert (finding.code, finding.severity) == (code, Severity.WARNING)


def test_a_page_that_hangs_over_the_glass(
    collection: Collection, tmp_path: Path, remarks: Image.Image
) -> None:
    glass = Image.new("RGB", (1654, 2339), (30, 30, 32))
    glass.paste(remarks, (-200, 300))
    (finding,) = take(collection, tmp_path / "备注.jpg", glass)
    assert (finding.code, finding.severity) == ("page_cut_off", Severity.WARNING)
    assert "左边" in finding.message


def test_one_page_scanned_twice_for_two_teachers(collection: Collection, tmp_path: Path) -> None:
    text = SpecimenText(
        "林晓雯", "女", "1980年1月", "汉族", "3", "小学", "语文", "2", "泉州市教育局", "2013年"
    )
    with Image.open(io.BytesIO(Press(FONT, 200).text(text, 1))) as picture:
        first = picture.convert("RGB")
    scans = (first, first.rotate(0.6, Image.Resampling.BICUBIC, fillcolor=(229, 230, 228)))
    for number, (scan, teacher) in enumerate(zip(scans, collection.roster().teachers, strict=False)):
        path = tmp_path / f"{number}.jpg"
        scan.save(path, "JPEG", quality=85, dpi=(200, 200))
        target = SlotTarget(teacher.certificates[0].id, "text")
        take_pages.place(collection, take_pages.store(collection, [path]), target)
    codes = [
        (finding.code, finding.serial) for finding in check(collection.roster(), collection.notice, TODAY)
    ]
    serials = [teacher.serial for teacher in collection.roster().teachers[:2]]
    assert [each for each in codes if each[0] in ("page_rescanned", "page_twice")] == [
        ("page_rescanned", serial) for serial in serials
    ]


def test_what_exif_turns_upright_is_not_judged_as_an_opened_booklet(
    collection: Collection, tmp_path: Path, remarks: Image.Image
) -> None:
    """1142 × 1614 px make 200 dpi of a page that stands; of one that lies they would make 141."""
    block = Image.Exif()
    block[0x112] = 6
    path = tmp_path / "备注.jpg"
    remarks.resize((1142, 1614)).rotate(90, expand=True).save(path, "JPEG", quality=90, exif=block)
    certificate = collection.roster().teachers[0].certificates[0]
    take_pages.place(collection, take_pages.store(collection, [path]), SlotTarget(certificate.id, "remarks"))
    assert findings(collection) == []
    (page,) = collection.roster().teachers[0].pages()
    assert (page.width, page.height, page.dpi) == (1142, 1614, None)


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
