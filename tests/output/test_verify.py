"""Each thing that can happen to a submission folder, and the words in which it is told."""

from __future__ import annotations

import os
import random
import shutil
import struct
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.output.problem import MESSAGES
from certclerk.output.reading import FileReading, read_file
from certclerk.output.verify import Report, verify_folder

from .conftest import Maker

ZIP = "泉州第一中学.zip"
UNIT = "泉州第一中学"
ROSTER = "附件1_泉州第一中学_采集名册.xlsx"
DRAFT = "邮件草稿.eml"
MANIFEST = "校验清单.json"

Entries = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def original(quanzhou: Notice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    maker = Maker(quanzhou, tmp_path_factory.mktemp("original"))
    return maker.write(maker.plan(("王芳", "李娜", "张三"), pages=1)).folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """Three teachers' submission, fresh for each test."""
    return Path(shutil.copytree(original, tmp_path / original.name))


def found(folder: Path) -> list[tuple[str, str]]:
    """Codes and messages, the messages being those of the codes."""
    report = verify_folder(folder)
    assert report.ok == (not report.problems)
    return [(problem.code, problem.message) for problem in report.problems]


def repack(file: Path, change: Callable[[Entries], Entries]) -> None:
    """The archive anew with other entries, as someone with an ordinary program would make it."""
    with zipfile.ZipFile(file) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in change(entries):
            archive.writestr(name, data)


def flip(file: Path, position: int, bit: int = 0) -> None:
    data = bytearray(file.read_bytes())
    data[position] ^= 1 << bit
    file.write_bytes(data)


def test_an_untouched_folder_is_sound(folder: Path) -> None:
    report = verify_folder(folder)
    assert (report.ok, report.documents) == (True, 3)


def test_a_renamed_folder_is_still_sound(folder: Path) -> None:
    assert verify_folder(folder.rename(folder.with_name("别的名字"))).ok


def swapped(entries: Entries) -> Entries:
    (first, one), (second, other), *rest = entries
    return [(first, other), (second, one), *rest]


def changed(entries: Entries) -> Entries:
    (name, data), *rest = entries
    return [(name, data + b" "), *rest]


def replaced(entries: Entries) -> Entries:
    (name, _), *rest = entries
    return [(name, b"%PDF-1.7 from another program"), *rest]


def renamed(entries: Entries) -> Entries:
    (name, data), *rest = entries
    return [(name.replace("王芳", "王方"), data), *rest]


def added(entries: Entries) -> Entries:
    return [*entries, (f"{UNIT}/说明.pdf", b"%PDF other")]


def copied(entries: Entries) -> Entries:
    return [*entries, (f"{UNIT}/王芳 副本.pdf", entries[0][1])]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        (
            swapped,
            [
                ("document_exchanged", "压缩包“泉州第一中学.zip”里“王芳.pdf”的内容其实是“李娜.pdf”的。"),
                ("document_exchanged", "压缩包“泉州第一中学.zip”里“李娜.pdf”的内容其实是“王芳.pdf”的。"),
            ],
        ),
        (lambda entries: entries[1:], [("document_missing", "压缩包“泉州第一中学.zip”里缺少“王芳.pdf”。")]),
        (
            renamed,
            [("document_renamed", "压缩包“泉州第一中学.zip”里“王芳.pdf”被改名为“泉州第一中学/王方.pdf”。")],
        ),
        (
            added,
            [
                (
                    "document_added",
                    "压缩包“泉州第一中学.zip”里多出“泉州第一中学/说明.pdf”，它不是这次报送的文档。",
                )
            ],
        ),
        (
            copied,
            [
                (
                    "document_copied",
                    "压缩包“泉州第一中学.zip”里多出“泉州第一中学/王芳 副本.pdf”，内容与“王芳.pdf”相同。",
                )
            ],
        ),
        (
            changed,
            [
                (
                    "document_rewritten",
                    "压缩包“泉州第一中学.zip”里“王芳.pdf”已被改动：每一页的图像都原样，但文件不是生成时的那一个。",
                )
            ],
        ),
        (replaced, [("document_changed", "压缩包“泉州第一中学.zip”里“王芳.pdf”的内容已被改动。")]),
        (
            lambda entries: entries,
            [
                (
                    "archive_changed",
                    "压缩包“泉州第一中学.zip”已被改动：里面的文档都原样，但压缩包不是生成时的那一个。",
                )
            ],
        ),
    ],
)
def test_a_repacked_archive(
    change: Callable[[Entries], Entries], problems: list[tuple[str, str]], folder: Path
) -> None:
    repack(folder / ZIP, change)
    assert found(folder) == problems


def test_only_untouched_documents_are_counted(folder: Path) -> None:
    repack(folder / ZIP, changed)
    assert verify_folder(folder).documents == 2


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_stands_twice(folder: Path) -> None:
    repack(folder / ZIP, lambda entries: [*entries, entries[0]])
    assert found(folder) == [
        ("document_repeated", "压缩包“泉州第一中学.zip”里有2个“泉州第一中学/王芳.pdf”。")
    ]


def test_a_flipped_bit_in_a_document(folder: Path) -> None:
    with zipfile.ZipFile(folder / ZIP) as archive:
        last = archive.infolist()[-1]
    flip(folder / ZIP, last.header_offset + 30 + len(last.filename.encode()) + 400)
    assert found(folder) == [
        ("document_unreadable", "压缩包“泉州第一中学.zip”里“张三.pdf”已损坏或被换掉，读不出来。")
    ]


def test_a_flipped_bit_anywhere_in_an_archive_is_noticed(folder: Path) -> None:
    size = (folder / ZIP).stat().st_size
    chosen = random.Random(5)
    for position in [*range(60), *range(size - 120, size), *(chosen.randrange(size) for _ in range(60))]:
        bit = chosen.randrange(8)
        flip(folder / ZIP, position, bit)
        problems = found(folder)
        flip(folder / ZIP, position, bit)
        assert problems, position
    assert found(folder) == []


def test_a_name_changed_in_the_entrys_own_header_only(folder: Path) -> None:
    file = folder / ZIP
    data = file.read_bytes()
    file.write_bytes(data.replace("王芳".encode(), "王方".encode(), 1))
    assert [code for code, _ in found(folder)] == ["document_unreadable"]


def test_bytes_between_two_entries(folder: Path) -> None:
    file = folder / ZIP
    data = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        start = archive.start_dir
    file.write_bytes(data[:start] + b"hidden" + data[start:-6] + struct.pack("<L", start + 6) + data[-2:])
    assert [code for code, _ in found(folder)] == ["archive_changed"]


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[: len(data) // 2], lambda _data: b"", lambda data: data[::-1]],
    ids=["cut", "empty", "reversed"],
)
def test_a_broken_archive(damage: Callable[[bytes], bytes], folder: Path) -> None:
    data = damage((folder / ZIP).read_bytes())
    size = (folder / ZIP).stat().st_size
    (folder / ZIP).write_bytes(data)
    assert found(folder) == [
        (
            "archive_broken",
            f"压缩包“泉州第一中学.zip”已损坏，打不开（原来{size}字节，现在{len(data)}字节）。",
        )
    ]


def test_an_archive_that_unpacks_to_more_than_any_document(folder: Path) -> None:
    with zipfile.ZipFile(folder / ZIP, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{UNIT}/王芳.pdf", bytes(50 * 10**6))
    assert [code for code, _ in found(folder)] == ["document_unreadable", *["document_missing"] * 2]


def test_a_missing_archive_names_who_is_in_it(folder: Path) -> None:
    (folder / ZIP).unlink()
    assert found(folder) == [
        ("archive_missing", "缺少压缩包“泉州第一中学.zip”，其中有“王芳.pdf”、“李娜.pdf”、“张三.pdf”。")
    ]


@pytest.mark.parametrize("legacy", [False, True])
def test_several_archives_in_either_manner(legacy: bool, maker: Maker) -> None:
    names = [f"教师{chr(0x4E00 + number)}" for number in range(6)]
    folder = maker.write(maker.plan(names), limit_mb=0.06, legacy=legacy).folder
    archives = sorted(folder.glob("*.zip"))
    assert len(archives) > 1
    assert verify_folder(folder).documents == 6
    with zipfile.ZipFile(archives[1], metadata_encoding="gbk" if legacy else None) as archive:
        inside = [Path(name).name for name in archive.namelist()]
    archives[1].unlink()
    ((code, message),) = found(folder)
    assert code == "archive_missing"
    assert all(f"“{name}”" in message for name in inside)


def test_two_archives_whose_names_were_exchanged(maker: Maker) -> None:
    folder = maker.write(maker.plan(), limit_mb=0.04).folder
    first, second, *_ = sorted(folder.glob("*.zip"))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    assert found(folder) == [
        ("file_exchanged", f"“{first.name}”的内容其实是“{second.name}”的。"),
        ("file_exchanged", f"“{second.name}”的内容其实是“{first.name}”的。"),
    ]


def test_an_annex_that_was_saved_again(folder: Path) -> None:
    book = load_workbook(folder / ROSTER)
    book.save(folder / ROSTER)
    assert found(folder) == [
        ("annex_changed", "“附件1_泉州第一中学_采集名册.xlsx”已被改动，或用办公软件重新保存过。")
    ]


@pytest.mark.parametrize(
    ("name", "code"), [(ROSTER.replace("xlsx", "pdf"), "annex_changed"), (DRAFT, "draft_changed")]
)
def test_a_flipped_bit_in_another_file(name: str, code: str, folder: Path) -> None:
    flip(folder / name, 5)
    assert [code for code, _ in found(folder)] == [code]


@pytest.mark.parametrize("name", [ROSTER, DRAFT])
def test_a_missing_file(name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert found(folder) == [("file_missing", f"缺少“{name}”。")]


def test_a_renamed_file(folder: Path) -> None:
    (folder / ROSTER).rename(folder / "名册.xlsx")
    assert found(folder) == [("file_renamed", f"“{ROSTER}”被改名为“名册.xlsx”，内容没有变。")]


def test_an_added_file_and_folder(folder: Path) -> None:
    (folder / "补充.pdf").write_bytes(b"%PDF")
    (folder / "旧的").mkdir()
    assert found(folder) == [
        ("folder_added", "文件夹里多出文件夹“旧的”，它不是这次报送的内容。"),
        ("file_added", "文件夹里多出“补充.pdf”，它不是这次报送的内容。"),
    ]


@pytest.mark.parametrize("name", ["Thumbs.db", ".DS_Store", "desktop.ini"])
def test_what_systems_leave_is_no_addition(name: str, folder: Path) -> None:
    (folder / name).write_bytes(b"x")
    assert found(folder) == []


def test_a_missing_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    assert [code for code, _ in found(folder)] == ["manifest_missing"]
    assert verify_folder(folder).documents == 0


@pytest.mark.parametrize("size", [0, 1, 200])
def test_a_damaged_manifest(size: int, folder: Path) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes()[:size])
    assert [code for code, _ in found(folder)] == ["manifest_damaged"]


def test_an_edited_manifest(folder: Path) -> None:
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    (folder / MANIFEST).write_text(
        text.replace('"serial": 1', '"serial": 2', 1), encoding="utf-8", newline=""
    )
    assert [code for code, _ in found(folder)] == ["manifest_damaged"]


def test_a_renamed_manifest(folder: Path) -> None:
    (folder / MANIFEST).rename(folder / "清单.json")
    assert found(folder) == [("manifest_renamed", "校验清单“校验清单.json”被改名为“清单.json”。")]


def test_a_second_manifest_is_an_addition(folder: Path) -> None:
    shutil.copy(folder / MANIFEST, folder / "0副本.json")
    assert [code for code, _ in found(folder)] == ["file_added"]


@pytest.mark.parametrize("content", [(), ("a.jpg", "b.jpg"), ("package.json",), ("a.zip",), ("a.xlsx",)])
def test_what_is_no_submission_at_all(content: tuple[str, ...], tmp_path: Path) -> None:
    for name in content:
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(UserError) as caught:
        verify_folder(tmp_path)
    assert caught.value.code == "not_a_submission"


def test_a_path_that_is_no_folder(folder: Path) -> None:
    for path in (folder / ZIP, folder / "nowhere"):
        with pytest.raises(UserError) as caught:
            verify_folder(path)
        assert caught.value.code == "not_a_submission"


def test_a_document_whose_name_does_not_tell_its_teacher(
    quanzhou: Notice, made_for: Callable[[Notice], Maker]
) -> None:
    notice = replace(quanzhou, names=replace(quanzhou.names, document="{serial}.pdf"))
    maker = made_for(notice)
    folder = maker.write(maker.plan(("王芳", "李娜"), pages=1)).folder
    repack(folder / ZIP, lambda entries: entries[1:])
    assert found(folder) == [("document_missing", "压缩包“泉州第一中学.zip”里缺少“1.pdf”（王芳）。")]


def test_several_problems_are_all_told(folder: Path) -> None:
    repack(folder / ZIP, swapped)
    flip(folder / ROSTER, 40)
    (folder / DRAFT).unlink()
    assert [code for code, _ in found(folder)] == [
        "document_exchanged",
        "document_exchanged",
        "annex_changed",
        "file_missing",
    ]


def test_progress_counts_the_bytes_those_of_the_archive_twice(folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    verify_folder(folder, progress=lambda *step: told.append(step))
    sizes = {path.name: path.stat().st_size for path in folder.iterdir() if path.suffix != ".json"}
    (archive,) = (size for name, size in sizes.items() if name.endswith(".zip"))
    whole = sum(sizes.values()) + archive
    assert {total for _, total, _ in told} == {whole}
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][0] == whole


def test_one_large_archive_is_told_of_while_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that waits after its first part until somebody was told of that."""
    told: list[int] = []
    seen = threading.Event()

    def read_slowly(path: Path, on: Callable[[int], None]) -> FileReading:
        on(1)
        assert seen.wait(10)
        return read_file(path)

    def tell(done: int, _total: int, _name: str) -> None:
        told.append(done)
        if done:
            seen.set()

    monkeypatch.setattr("certclerk.output.verify.read_file", read_slowly)
    assert verify_folder(folder, progress=tell).ok
    assert 0 < next(done for done in told if done) <= 2


def test_problems_name_the_file(folder: Path) -> None:
    flip(folder / ROSTER, 40)
    report: Report = verify_folder(folder)
    assert [problem.file for problem in report.problems] == [ROSTER]
    assert all(problem.code in MESSAGES for problem in report.problems)


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_a_file_that_cannot_be_read(folder: Path) -> None:
    (folder / ROSTER).unlink()
    (folder / ROSTER).symlink_to(folder / "nowhere")
    assert [code for code, _ in found(folder)] == ["file_unreadable"]
