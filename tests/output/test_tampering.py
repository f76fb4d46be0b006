"""Every way of tampering with a submission, on every kind of one: all are noticed, and copying is none."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from certclerk.core.notice import Notice
from certclerk.output.verify import verify_folder

from .conftest import Maker

KINDS: dict[str, dict[str, object]] = {
    "single": {},
    "parts": {"limit_mb": 0.03},
    "legacy": {"legacy": True},
    "locked": {"password": "Quanzhou-1"},
}
Entries = list[tuple[str, bytes]]


@pytest.fixture(scope="module", params=KINDS)
def original(
    request: pytest.FixtureRequest, quanzhou: Notice, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    maker = Maker(quanzhou, tmp_path_factory.mktemp(request.param))
    return maker.write(maker.plan(), **KINDS[request.param]).folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / original.name, copy_function=shutil.copyfile))


def codes(folder: Path) -> list[str]:
    return [problem.code for problem in verify_folder(folder).problems]


def zips(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.zip"))


def repacked(folder: Path, change: Callable[[Entries], Entries]) -> None:
    for file in zips(folder)[:1]:
        with zipfile.ZipFile(file) as archive:
            locked = any(info.flag_bits & 1 for info in archive.infolist())
            entries = [(info.filename, b"" if locked else archive.read(info)) for info in archive.infolist()]
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in change(entries):
                archive.writestr(name, data)


def edited(folder: Path, annex: str, where: str) -> None:
    (file,) = folder.glob(f"{annex}*.xlsx")
    book = load_workbook(file)
    book.active[where] = "改"
    book.save(file)


def edited_raw(folder: Path) -> None:
    (file,) = folder.glob("附件1*.xlsx")
    with zipfile.ZipFile(file) as archive:
        parts = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in parts:
            archive.writestr(info, data.replace("王芳".encode(), "王方".encode()))


def swapped(entries: Entries) -> Entries:
    if len(entries) < 2:
        return [(entries[0][0], b"%PDF of another")]
    (first, one), (second, other), *rest = entries
    return [(first, other), (second, one + b" "), *rest]


def exchanged_pdfs(folder: Path) -> None:
    first, second = sorted(folder.glob("附件*.pdf"))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def edited_draft(folder: Path) -> None:
    file = sorted(folder.glob("*.eml"))[0]
    file.write_bytes(file.read_bytes().replace(b"cjwt686996@163.com", b"cjwt686996@l63.com"))


def edited_manifest(folder: Path) -> None:
    file = folder / "校验清单.json"
    file.write_bytes(file.read_bytes().replace("王芳".encode(), "王方".encode()))


TAMPERINGS: dict[str, Callable[[Path], object]] = {
    "swapped": lambda folder: repacked(folder, swapped),
    "dropped": lambda folder: repacked(folder, lambda entries: entries[1:]),
    "added": lambda folder: repacked(folder, lambda entries: [*entries, ("x.pdf", b"%PDF")]),
    "renamed": lambda folder: repacked(folder, lambda entries: [("y.pdf", entries[0][1]), *entries[1:]]),
    "repacked": lambda folder: repacked(folder, lambda entries: entries),
    "zip dropped": lambda folder: zips(folder)[0].unlink(),
    "cell edited": lambda folder: edited(folder, "附件1", "B6"),
    "cell edited by hand": edited_raw,
    "count edited": lambda folder: edited(folder, "附件2", "C8"),
    "annex exchanged": exchanged_pdfs,
    "draft edited": edited_draft,
    "manifest edited": edited_manifest,
    "manifest dropped": lambda folder: (folder / "校验清单.json").unlink(),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_it_is_noticed(tampering: str, folder: Path) -> None:
    TAMPERINGS[tampering](folder)
    assert codes(folder)


def test_a_zip_cut_anywhere_is_noticed(folder: Path, request: pytest.FixtureRequest) -> None:
    data = zips(folder)[0].read_bytes()
    chosen = random.Random(3)
    cuts = range(len(data)) if request.config.getoption("--long") else chosen.sample(range(len(data)), 25)
    for cut in cuts:
        zips(folder)[0].write_bytes(data[:cut])
        assert codes(folder), cut


def test_one_bit_flipped_anywhere_is_noticed(folder: Path, request: pytest.FixtureRequest) -> None:
    file = zips(folder)[0]
    data = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        heads = [info.header_offset for info in archive.infolist()]
        structure = [*range(archive.start_dir, len(data)), *(at + step for at in heads for step in range(60))]
    chosen = random.Random(5)
    places = [*chosen.sample(structure, 40), *chosen.sample(range(len(data)), 40)]
    if request.config.getoption("--long"):
        places = [*structure, *chosen.sample(range(len(data)), 4000)]
    for place in places:
        flipped = bytearray(data)
        flipped[place] ^= 1 << chosen.randrange(8)
        file.write_bytes(flipped)
        assert codes(folder), place


def test_copying_is_no_tampering(folder: Path) -> None:
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini"):
        (folder / name).write_bytes(b"x")
    for file in folder.iterdir():
        os.utime(file, (0, 0))
    assert codes(folder.rename(folder.with_name("收到的"))) == []
