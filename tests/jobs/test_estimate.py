"""Estimates held against what packaging really makes."""

from __future__ import annotations

import io
import random
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from certclerk.collection import Collection
from certclerk.core.recipe import Recipe
from certclerk.core.records import Page, ProposedPage
from certclerk.core.submission import Submission, plan
from certclerk.jobs.estimate import document_sizes, mails
from certclerk.jobs.package import Options, package
from certclerk.jobs.page_images import page_source
from certclerk.jobs.weights import Weights

DAY = date(2025, 3, 1)
LIMIT_MB = 0.4


@pytest.fixture
def scanned(collection: Collection) -> Submission:
    """Both teachers with some 100 kB of noise in every slot."""
    for teacher in collection.roster().teachers:
        for slot in collection.notice.slots:
            data = noise()
            sha256 = collection.add_blob(data, "image/jpeg")
            with collection.change("放入页") as change:
                change.add_page(
                    ProposedPage(sha256, 0, "image/jpeg", 600, 840, 105.0, f"{slot.label}.jpg"),
                    certificate_id=teacher.certificates[0].id,
                    slot=slot.id,
                )
    return plan(collection.roster(), collection.notice, DAY)


def noise(form: str = "JPEG") -> bytes:
    """A picture that compresses badly, each time another."""
    out = io.BytesIO()
    Image.effect_noise((600, 840), 40).save(out, form, quality=70, dpi=(105, 105))
    return out.getvalue()


def archive_size(collection: Collection, folder: Path, size: str = "original") -> int:
    made = package(collection, folder, Options(DAY, size=size))
    return next(file.size for file in made.written.files if file.name.endswith(".zip"))


@pytest.mark.parametrize("size", ["original", "compact"])
def test_the_estimate_is_near_what_is_made(
    collection: Collection, scanned: Submission, tmp_path: Path, size: str
) -> None:
    estimated = document_sizes(collection, scanned, size)
    assert sum(estimated) == pytest.approx(archive_size(collection, tmp_path, size), rel=0.05)


def test_pages_that_no_pdf_can_hold_as_they_are_count_as_they_will_be(
    collection: Collection, scanned: Submission, tmp_path: Path
) -> None:
    """A BMP has all its px, and becomes a JPEG."""
    for page in scanned.pages():
        fill(collection, page, form="BMP", media_type="image/bmp")
    submission = plan(collection.roster(), collection.notice, DAY)
    estimated = document_sizes(collection, submission)
    assert sum(estimated) == pytest.approx(archive_size(collection, tmp_path), rel=0.05)


def test_a_page_with_a_rendition_counts_as_that(
    collection: Collection, scanned: Submission, tmp_path: Path
) -> None:
    """Of a drawn PDF the file is a few kB and the picture what is handed in."""
    for page in scanned.pages():
        drawn = fill(collection, page, b"%PDF-1.7 " + str(page.id).encode(), media_type="application/pdf")
        collection.add_rendition(drawn, 0, noise(), "image/jpeg")
    submission = plan(collection.roster(), collection.notice, DAY)
    estimated = document_sizes(collection, submission)
    assert sum(estimated) == pytest.approx(archive_size(collection, tmp_path), rel=0.05)


def fill(
    collection: Collection, page: Page, data: bytes = b"", *, form: str = "JPEG", media_type: str
) -> str:
    """In place of a page another of that sort; the hash of its bytes."""
    sha256 = collection.add_blob(data or noise(form), media_type)
    with collection.change("替换") as change:
        change.trash_page(page.id)
        fresh = ProposedPage(sha256, 0, media_type, 600, 840, 105.0, page.source)
        change.add_page(fresh, certificate_id=page.certificate_id, slot=page.slot)
    return sha256


SCANS = {
    "grey at 150 dpi": lambda: scan("L", 150, 40, 85),
    "colour at 300 dpi": lambda: scan("RGB", 300, 12, 90),
    "telephone": lambda: scan("RGB", 72, 25, 95, (900, 1200)),
    "nearly empty": lambda: scan("L", 200, 2, 75),
    "lossless": lambda: scan("L", 200, 9, 0),
}
MIXES = {
    "all alike": ["colour at 300 dpi"] * 3,
    "two scanners": ["grey at 150 dpi", "colour at 300 dpi", "colour at 300 dpi"],
    "telephones among scans": ["telephone", "grey at 150 dpi", "telephone"],
    "covers and blank remarks": ["colour at 300 dpi", "grey at 150 dpi", "nearly empty"],
    "every form": list(SCANS),
}


def scan(mode: str, dpi: int, levels: float, quality: int, size: tuple[int, int] = (0, 0)) -> bytes:
    """A page of up to 14.5 × 20.5 cm, no two alike; ``quality`` 0: PNG."""
    chance = random.random()
    size = size if size[0] else (round(2.3 * dpi), round((3 + chance) * dpi))
    bands = [Image.effect_noise(size, levels * (0.7 + 0.6 * chance)) for _ in range(len(mode))]
    picture, out = Image.merge(mode, bands), io.BytesIO()
    form = {"format": "JPEG", "quality": quality} if quality else {"format": "PNG"}
    picture.save(out, dpi=(dpi, dpi), **form)
    return out.getvalue()


@pytest.mark.parametrize("size", ["original", "clear", "compact"])
@pytest.mark.parametrize("mix", MIXES)
def test_a_mixed_collection_is_within_five_percent(
    collection: Collection, mix: str, size: str, request: pytest.FixtureRequest
) -> None:
    """Of fewer pages in the short form."""
    random.seed(mix)
    pages = 30 if request.config.getoption("--long") else 15
    sorts, certificate = MIXES[mix], collection.roster().teachers[0].certificates[0].id
    for number in range(pages):
        data = SCANS[sorts[number % len(sorts)]]()
        with Image.open(io.BytesIO(data)) as picture:
            width, height, kind = *picture.size, picture.format
        media_type = f"image/{str(kind).lower()}"
        dpi = None if sorts[number % len(sorts)] == "telephone" else round(picture.info["dpi"][0])
        page = ProposedPage(collection.add_blob(data, media_type), 0, media_type, width, height, dpi, "a")
        with collection.change("放入页") as change:
            put = change.add_page(page, certificate_id=certificate, slot=collection.notice.slots[1].id)
            if number % 7 == 3:
                change.set_recipe(put, Recipe(crop=(0.05, 0.1, 0.9, 1.0)))
    submission, weights = plan(collection.roster(), collection.notice, DAY), Weights()
    estimated = sum(document_sizes(collection, submission, size, weights=weights))
    make = page_source(collection, submission, size)
    real = sum(len(make(page).data) for page in submission.pages())
    assert estimated == pytest.approx(real, rel=0.05)


def test_as_many_mails_are_foretold_as_there_are_drafts(
    collection: Collection, scanned: Submission, tmp_path: Path
) -> None:
    sizes = document_sizes(collection, scanned)
    made = package(collection, tmp_path, Options(DAY, limit_mb=LIMIT_MB))
    assert mails(scanned, sizes, LIMIT_MB).count == len(made.written.drafts)
    assert mails(scanned, sizes, 30).count == 1
    assert 0 < mails(scanned, sizes, 30).fill < 0.1


def test_a_file_of_many_pages_counts_once(collection: Collection) -> None:
    teacher = collection.roster().teachers[0]
    pictures = [Image.open(io.BytesIO(noise())) for _ in collection.notice.slots]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=105)
    sha256 = collection.add_blob(out.getvalue(), "application/pdf")
    with collection.change("放入页") as change:
        for frame, slot in enumerate(collection.notice.slots):
            page = ProposedPage(sha256, frame, "application/pdf", 600, 840, 105.0, "全部.pdf")
            change.add_page(page, certificate_id=teacher.certificates[0].id, slot=slot.id)
    first, second = document_sizes(collection, plan(collection.roster(), collection.notice, DAY))
    assert first == pytest.approx(len(out.getvalue()), rel=0.02)
    assert second < 10_000


def test_a_cancelled_estimate_reads_no_page(collection: Collection, scanned: Submission) -> None:
    plain = document_sizes(collection, scanned)
    assert document_sizes(collection, scanned, "compact", cancelled=lambda: True) == plain
