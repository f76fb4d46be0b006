"""Every way of tampering with a submission, on every kind of one: all are noticed, and copying is none."""

from __future__ import annotations

import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pyzipper
from openpyxl import load_workbook
from pypdf import PdfReader, PdfWriter

from certclerk.core.notice import Notice
from certclerk.core.submission import Supplement
from certclerk.output.verify import verify_folder

from .conftest import Maker

PASSWORD = "Quanzhou-1"
# Bit of an entry's flags in a ZIP.
LOCKED = 1
KINDS: dict[str, dict[str, object]] = {
    "single": {},
    "parts": {"limit_mb": 0.03},
    "legacy": {"legacy": True},
    "locked": {"password": PASSWORD},
    "supplement": {},
}
SUPPLEMENT = Supplement(of=1, number=1, teacher_ids=frozenset({1, 2, 4}))
Entries = list[tuple[str, bytes]]


@pytest.fixture(scope="module", params=KINDS)
def original(
    request: pytest.FixtureRequest, quanzhou: Notice, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    maker = Maker(quanzhou, tmp_path_factory.mktemp(request.param))
    submission = maker.plan(supplement=SUPPLEMENT if request.param == "supplement" else None)
    return maker.write(submission, **KINDS[request.param]).folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / original.name, copy_function=shutil.copyfile))


def codes(folder: Path) -> list[str]:
    return [problem.code for problem in verify_folder(folder).problems]


def zips(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.zip"))


def entries_of(file: Path) -> Entries:
    with zipfile.ZipFile(file, metadata_encoding="gbk") as archive:
        infos = archive.infolist()
        if not any(info.flag_bits & LOCKED for info in infos):
            return [(info.filename, archive.read(info)) for info in infos]
    with pyzipper.AESZipFile(file) as archive:
        archive.setpassword(PASSWORD.encode())
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def pack(file: Path, entries: Entries) -> None:
    """As another program would, under the same password where there was one."""
    with zipfile.ZipFile(file) as archive:
        locked = any(info.flag_bits & LOCKED for info in archive.infolist())
    encryption = pyzipper.WZ_AES if locked else None
    with pyzipper.AESZipFile(file, "w", encryption=encryption) as archive:
        archive.setpassword(PASSWORD.encode() if locked else None)
        for name, data in entries:
            archive.writestr(name, data)


def repacked(folder: Path, change: Callable[[Entries], Entries]) -> None:
    file = zips(folder)[0]
    pack(file, change(entries_of(file)))


def two_changed(folder: Path, change: Callable[[bytes, bytes], tuple[bytes, bytes]]) -> None:
    """The first two documents, in one ZIP or in two."""
    files = {file: entries_of(file) for file in zips(folder)}
    (one, first), (other, second) = [
        (entries, place) for entries in files.values() for place in range(len(entries))
    ][:2]
    changed = change(one[first][1], other[second][1])
    for file, entries in files.items():
        before = list(entries)
        if entries is one:
            entries[first] = (entries[first][0], changed[0])
        if entries is other:
            entries[second] = (entries[second][0], changed[1])
        if entries != before:
            pack(file, entries)


def with_a_page_of(document: bytes, other: bytes) -> bytes:
    writer = PdfWriter(io.BytesIO(document))
    writer.insert_page(PdfReader(io.BytesIO(other)).pages[1], 1)
    writer.remove_page(2)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


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


def exchanged_pdfs(folder: Path) -> None:
    first, second = sorted(folder.glob("附件*.pdf"))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)


def edited_draft(folder: Path) -> None:
    file = sorted(folder.glob("*.eml"))[0]
    file.write_bytes(file.read_bytes().replace(b"cjwt686996@163.com", b"cjwt686996@l63.com"))


def edited_manifest(folder: Path) -> None:
    (file,) = folder.glob("校验清单*.json")
    file.write_bytes(file.read_bytes().replace("王芳".encode(), "王方".encode()))


@dataclass(frozen=True)
class Tampering:
    """``codes`` are those of all problems that it makes, ``told`` is in the sentence of one: who or what it is about."""

    act: Callable[[Path], object]
    codes: frozenset[str]
    told: str


def within(change: Callable[[Entries], Entries], code: str, told: str) -> Tampering:
    return Tampering(lambda folder: repacked(folder, change), frozenset({code}), told)


TAMPERINGS = {
    "swapped": Tampering(
        lambda folder: two_changed(folder, lambda one, other: (other, one)),
        frozenset({"document_exchanged"}),
        "“王芳.pdf”的内容其实是“李娜.pdf”的",
    ),
    "page of another": Tampering(
        lambda folder: two_changed(folder, lambda one, other: (with_a_page_of(one, other), other)),
        frozenset({"document_pages"}),
        "“王芳.pdf”的内容已被改动：第2页其实是“李娜.pdf”的第2页",
    ),
    "dropped": within(lambda entries: entries[1:], "document_missing", "里缺少“王芳.pdf”"),
    "added": within(lambda entries: [*entries, ("x.pdf", b"%PDF")], "document_added", "里多出“x.pdf”"),
    "renamed": within(
        lambda entries: [("y.pdf", entries[0][1]), *entries[1:]],
        "document_renamed",
        "“王芳.pdf”被改名为“y.pdf”",
    ),
    "copied": within(
        lambda entries: [*entries, ("x.pdf", entries[0][1])],
        "document_copied",
        "里多出“x.pdf”，内容与“王芳.pdf”相同",
    ),
    "replaced": within(
        lambda entries: [(entries[0][0], b"%PDF of nobody"), *entries[1:]],
        "document_changed",
        "“王芳.pdf”的内容已被改动",
    ),
    "repacked": within(lambda entries: entries, "archive_changed", "里面的文档都原样"),
    "zip dropped": Tampering(
        lambda folder: zips(folder)[0].unlink(), frozenset({"archive_missing"}), "其中有“王芳.pdf”"
    ),
    "zip renamed": Tampering(
        lambda folder: zips(folder)[0].rename(folder / "材料.zip"),
        frozenset({"file_renamed"}),
        "被改名为“材料.zip”",
    ),
    "cell edited": Tampering(
        lambda folder: edited(folder, "附件1", "B6"), frozenset({"annex_changed"}), "“附件1_泉州第一中学"
    ),
    "cell edited by hand": Tampering(edited_raw, frozenset({"annex_changed"}), "“附件1_泉州第一中学"),
    "count edited": Tampering(
        lambda folder: edited(folder, "附件2", "C8"), frozenset({"annex_changed"}), "“附件2_泉州第一中学"
    ),
    "annex exchanged": Tampering(exchanged_pdfs, frozenset({"file_exchanged"}), "“附件1_泉州第一中学"),
    "draft edited": Tampering(edited_draft, frozenset({"draft_changed"}), "邮件草稿“邮件草稿"),
    "manifest edited": Tampering(edited_manifest, frozenset({"manifest_damaged"}), "校验清单“校验清单"),
    "manifest dropped": Tampering(
        lambda folder: next(folder.glob("校验清单*.json")).unlink(),
        frozenset({"manifest_missing"}),
        "文件夹里没有校验清单",
    ),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_it_is_noticed_and_named(kind: str, folder: Path) -> None:
    tampering = TAMPERINGS[kind]
    tampering.act(folder)
    assert codes(folder)
    problems = verify_folder(folder, password=PASSWORD).problems
    assert {problem.code for problem in problems} == tampering.codes
    assert any(tampering.told in problem.message for problem in problems)


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
