"""What the bureau's programs see of a submission: poppler's and qpdf's view of every PDF, pages in mm."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from certclerk.collection import create_collection
from certclerk.core.names import normalise_name
from certclerk.core.notice import Notice
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.jobs.package import Options, package

DAY = date(2032, 3, 1)
MM = 25.4 / 72
NAME = "阿依古丽·䶮"
# px, dpi, quarter turns in degrees, recipe; the page that is to come of it in mm, upright.
PAGES = {
    "scanned at 300 dpi": ((1713, 2421), 300, 0, AS_IT_IS, (145.0, 205.0)),
    "by a phone that says 72 dpi": ((3000, 4000), 72, 0, AS_IT_IS, (145.0, 193.3)),
    "rotated": ((2421, 1713), 300, 90, AS_IT_IS, (145.0, 205.0)),
    "cut to its left half": ((3426, 2421), 300, 0, Recipe(crop=(0.0, 0.0, 0.5, 1.0)), (145.0, 205.0)),
}


@pytest.fixture(scope="module", params=["original", "clear"])
def folder(
    request: pytest.FixtureRequest, quanzhou: Notice, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    parent = tmp_path_factory.mktemp(request.param)
    filing = Filing("泉州第一中学", "陈敏", "22000000")
    certificates = tuple(
        ProposedCertificate("高级中学", subject, f"2013359904200000{number}", "泉州市教育局", "2013-07-01")
        for number, subject in enumerate(("语文", "数学"), 1)
    )
    proposed = ProposedTeacher(
        name=normalise_name(NAME), sex="女", id_number="359901198001010025", certificates=certificates
    )
    with create_collection(parent / "采集.certclerk", quanzhou, filing) as collection:
        with collection.change("导入") as change:
            change.add_teachers([proposed])
        first, second = collection.roster().teachers[0].certificates
        slots = [slot for slot in quanzhou.slots if slot.required]
        places = [(each.id, slot.id) for each in (first, second) for slot in slots]
        forms = list(PAGES.values())
        for number, (certificate, slot) in enumerate(places):
            size, dpi, rotation, recipe, _ = forms[number % len(forms)]
            stream = io.BytesIO()
            picture = Image.effect_noise((size[0] // 8, size[1] // 8), 30 + number).resize(size)
            picture.save(stream, "JPEG", quality=60, dpi=(dpi, dpi))
            sha256 = collection.add_blob(stream.getvalue(), "image/jpeg")
            with collection.change("放入页") as change:
                proposed_page = ProposedPage(sha256, 0, "image/jpeg", *size, float(dpi), f"{number}.jpg")
                page = change.add_page(proposed_page, certificate_id=certificate, slot=slot)
                change.rotate_page(page, rotation)
                change.set_recipe(page, recipe)
        return package(collection, parent / "报送", Options(DAY, request.param)).written.folder


def told_by(*command: str | Path) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def document_in(folder: Path, out: Path) -> Path:
    (file,) = folder.glob("*.zip")
    with zipfile.ZipFile(file) as archive:
        (name,) = archive.namelist()
        assert name == f"泉州第一中学/{NAME}.pdf"
        return Path(archive.extract(name, out))


def test_poppler_tells_the_name_no_program_and_each_page_in_mm(folder: Path, tmp_path: Path) -> None:
    told = told_by("pdfinfo", "-enc", "UTF-8", "-l", "9", document_in(folder, tmp_path))
    facts = {key: value.strip() for key, _, value in (line.partition(":") for line in told.splitlines())}
    assert facts["Title"] == NAME
    assert not {"Producer", "Creator", "CreationDate", "ModDate"} & set(facts)
    sizes = re.findall(r"^Page +\d+ size: +([\d.]+) x ([\d.]+) pts", told, re.MULTILINE)
    turns = re.findall(r"^Page +\d+ rot: +(\d+)", told, re.MULTILINE)
    wanted = [millimetres for *_, millimetres in PAGES.values()]
    assert len(sizes) == 6
    for number, (size, turn) in enumerate(zip(sizes, turns, strict=True)):
        upright = sorted((float(side) * MM for side in size), reverse=turn in ("90", "270"))
        if turn in ("90", "270"):
            assert float(size[0]) > float(size[1])
            upright.reverse()
        assert upright == pytest.approx(wanted[number % len(wanted)], abs=0.3), (number, list(PAGES))


def test_qpdf_finds_nothing_wrong_in_any_pdf(folder: Path, tmp_path: Path) -> None:
    files = [document_in(folder, tmp_path), *folder.glob("*.pdf")]
    assert len(files) == 3
    for file in files:
        assert "WARNING" not in told_by("qpdf", "--check", file)


def test_poppler_finds_no_program_in_an_annex(folder: Path) -> None:
    for file in folder.glob("*.pdf"):
        told = told_by("pdfinfo", file)
        assert re.search(r"^Title: +\S", told, re.MULTILINE), told
        assert not re.search(r"^(Producer|Creator): +\S", told, re.MULTILINE), told
        assert "(A4)" in told
