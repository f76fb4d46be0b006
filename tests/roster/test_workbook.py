"""Real files in every format, and every way in which a file can be none."""

from __future__ import annotations

import datetime
import errno
import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import ProposedTeacher
from certclerk.roster import (
    CellKind,
    Problem,
    Proposal,
    Sheet,
    Skip,
    best_sheet,
    detect,
    parse_workbook,
    propose,
    read_workbook,
)

FORMATS = ("xlsx", "ods", "xls")


def saved(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def refused(data: bytes, name: str = "名册.xlsx") -> UserError:
    with pytest.raises(UserError) as caught:
        parse_workbook(data, name)
    assert name in str(caught.value)
    return caught.value


def packed(**parts: str | bytes) -> bytes:
    """A ZIP of parts; __ in a name stands for a slash, and its last _ for a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(".".join(name.replace("__", "/").rsplit("_", 1)), content)
    return stream.getvalue()


def repacked(
    data: bytes, change: Callable[[str, bytes], bytes], renamed: Mapping[str, str] | None = None
) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr((renamed or {}).get(name, name), change(name, old.read(name)))
    return stream.getvalue()


def imported(path: Path, notice: Notice) -> tuple[Sheet, Proposal]:
    workbook = read_workbook(path)
    sheet = workbook.sheets[best_sheet(workbook, notice)]
    return sheet, propose(sheet, detect(sheet, notice), notice)


@pytest.mark.parametrize("form", FORMATS)
def test_the_messy_roster(data: Path, notice: Notice, form: str) -> None:
    """As LibreOffice saves it: every cell right, or refused by name."""
    sheet, proposal = imported(data / f"roster.{form}", notice)
    assert sheet.name == "名册"
    assert [describe(teacher) for teacher in proposal.teachers] == [
        "1 王芳 女 350502198001010021: 小学 语文 20103520122000101 泉州市教育局 2010-09",
        "2 李娜 女 350503198102020049: 高级中学 数学 20113520142000102 泉州市教育局 2011-07",
        "3 张三 男 350504198203030058: 高级中学 英语 20123520141000103 泉州市教育局 2012-07"
        " | 初级中学 英语 20093520131000104 泉州市教育局 2009-09-01",
        "4 阿依古丽·买买提 女 650101198304040028: 初级中学 音乐 20133520132000105 泉州市教育局 2013-07-15",
        "5 王芳 女 35050219850505006X 同名: 幼儿园 - 20143520112000106 泉州市教育局 2014-12",
        "6 刘䶮 男 350502198606060013: 中等职业学校 机电 20153520151000107 泉州市教育局 2015-06",
        "7 陈明 男 -: 小学 体育 - 泉州市教育局 -",
        "8 𠮷田一 男 350502198808080012 换发: 高级中学 物理 20083520141000109 泉州市教育局 2008-12",
        "9 林小妹 女 350502890909002: 小学 美术 20123520122000110 厦门市教育局 2012-08",
        "10 郑错 男 -: - 化学 20123520141000111 泉州市教育局 二〇一二年",
        "11 黄撇 男 35050219900101019X =A1: 中等职业学校实习指导 烹饪 20143520161000112 泉州市教育局 -",
        "12 吴二 男 350502199102020012: 高级中学 历史 20153520141000113 泉州市教育局 2015-07-01"
        " | 初级中学 历史 20133520131000114 泉州市教育局 2013-07-01",
    ]
    assert [
        (problem.row, problem.serial, problem.field, problem.problem) for problem in proposal.problems
    ] == [
        (12, "7", "id_number", Problem.DIGITS_LOST),
        (12, "7", "number", Problem.DIGITS_LOST),
        (12, "7", "issued", Problem.AMBIGUOUS_DATE),
        (15, "10", "id_number", Problem.ERROR_CELL),
        (15, "10", "kind", Problem.ERROR_CELL),
        (15, "10", "issued", Problem.NOT_UNDERSTOOD),
        (17, "11", "issued", Problem.STRANGE_DATE),
    ]
    assert [(row.number, row.skip) for row in proposal.skipped] == [
        (16, Skip.BLANK),
        (20, Skip.TOTAL),
        (21, Skip.NOTE),
        (22, Skip.NOTE),
    ]
    assert not proposal.refused
    assert proposal.read == 18


def describe(teacher: ProposedTeacher) -> str:
    person = [str(teacher.serial), teacher.name, teacher.sex, teacher.id_number or "-", teacher.note]
    certificates = [
        " ".join(
            value or "-" for value in (held.kind, held.subject, held.number, held.authority, held.issued)
        )
        for held in teacher.certificates
    ]
    return " ".join(filter(None, person)) + ": " + " | ".join(certificates)


@pytest.mark.parametrize("form", FORMATS)
def test_sheets_as_they_are(data: Path, form: str) -> None:
    workbook = read_workbook(data / f"roster.{form}")
    assert workbook.file == f"roster.{form}"
    assert [(sheet.name, sheet.hidden) for sheet in workbook.sheets] == [
        ("说明", False),
        ("名册", False),
        ("旧表", True),
    ]
    notes, roster, _ = workbook.sheets
    assert notes.cell(1, 1).text == "请在“名册”表中填写"  # B2, though row 1 and column A are empty
    assert roster.cell(3, 1).text == "姓名"
    assert (6, 1, 7, 1) in {(merge.top, merge.left, merge.bottom, merge.right) for merge in roster.merges}
    assert roster.cell(11, 3).kind is CellKind.NUMBER
    assert roster.cell(11, 3).text == "350502198707070000"
    assert roster.cell(14, 4).kind is CellKind.ERROR
    assert roster.cell(99, 99).blank


def test_kinds_of_cells() -> None:
    values = ["文字", 3, 2010.9, 0.1 + 0.2, True, datetime.date(2010, 9, 1), datetime.datetime(2010, 9, 1, 8)]

    def fill(book: openpyxl.Workbook) -> None:
        book.active.append([*values, None, "  ", "#N/A", "=1+1", -5, 1e20])

    row = parse_workbook(saved(fill), "a.xlsx").sheets[0].rows[0]
    assert [(cell.kind, cell.text) for cell in row] == [
        (CellKind.TEXT, "文字"),
        (CellKind.NUMBER, "3"),
        (CellKind.NUMBER, "2010.9"),
        (CellKind.NUMBER, "0.3"),
        (CellKind.BOOL, "TRUE"),
        (CellKind.DATE, "2010-09-01"),
        (CellKind.DATE, "2010-09-01 08:00:00"),
        (CellKind.BLANK, ""),
        (CellKind.BLANK, ""),
        (CellKind.ERROR, "#N/A"),
        (CellKind.ERROR, "没有结果的公式"),  # openpyxl leaves results to whoever opens the file
        (CellKind.NUMBER, "-5"),
        (CellKind.NUMBER, "100000000000000000000"),
    ]
    assert [cell.lost_digits for cell in row] == [False] * 12 + [True]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ('yyyy"年"m"月"', "2010-09"),
        ("yyyy-mm", "2010-09"),
        ("mmm-yy", "2010-09"),
        ("[$-804]yyyy/m;@", "2010-09"),
        ('yyyy"年"m"月"d"日"', "2010-09-01"),
        ("yyyy-mm-dd", "2010-09-01"),
        ("m/d/yy", "2010-09-01"),
    ],
)
def test_a_month_shown_without_a_day_stays_a_month(form: str, text: str) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for row, day in enumerate((1, 15), start=1):
            book.active.cell(row, 1, datetime.date(2010, 9, day)).number_format = form

    rows = parse_workbook(saved(fill), "a.xlsx").sheets[0].rows
    assert rows[0][0].text == text
    assert rows[1][0].text == "2010-09-15"


def test_day_counts_since_1904() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        book.active.append([datetime.date(2010, 9, 1)])

    (sheet,) = parse_workbook(saved(fill), "a.xlsx").sheets
    assert sheet.since_1904
    assert sheet.cell(0, 0).text == "2010-09-01"


def test_cells_without_references_are_counted() -> None:
    def bare(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        return b"".join(content.split(b' r="B1"'))

    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["姓名", "#N/A"])

    (sheet,) = parse_workbook(repacked(saved(fill), bare), "a.xlsx").sheets
    assert [cell.text for cell in sheet.rows[0]] == ["姓名", "#N/A"]


def test_the_content_decides_not_the_name(data: Path, tmp_path: Path) -> None:
    for form in FORMATS:
        renamed = tmp_path / f"{form}.csv"
        renamed.write_bytes((data / f"roster.{form}").read_bytes())
        assert len(read_workbook(renamed).sheets) == 3


def test_paths_that_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, code in ((tmp_path / "无.xlsx", "roster_missing"), (tmp_path, "roster_is_folder")):
        with pytest.raises(UserError) as caught:
            read_workbook(path)
        assert (caught.value.code, path.name in str(caught.value)) == (code, True)
    held = tmp_path / "占用.xlsx"
    held.touch()
    for error, code in (
        (PermissionError(13, "denied"), "roster_no_permission"),
        (held_on_windows(32), "roster_in_use"),
        (held_on_windows(33), "roster_in_use"),
        (held_on_windows(5), "roster_no_permission"),
        (OSError(errno.EBUSY, "busy"), "roster_in_use"),
        (BlockingIOError(errno.EAGAIN, "locked"), "roster_in_use"),
        (OSError(5, "I/O error"), "roster_io"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", _raising(error))
            with pytest.raises(UserError) as caught:
                read_workbook(held)
        assert (caught.value.code, "占用.xlsx" in str(caught.value)) == (code, True)


def held_on_windows(number: int) -> OSError:
    error = PermissionError(13, "denied")
    error.winerror = number
    return error


def _raising(error: OSError) -> Callable[..., object]:
    def fail(*_arguments: object, **_options: object) -> object:
        raise error

    return fail


@pytest.mark.parametrize("name", ["~$名册.xlsx", ".~lock.名册.ods#"])
def test_an_owner_file_is_not_the_table(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x05clerk" + bytes(160))
    with pytest.raises(UserError) as caught:
        read_workbook(path)
    assert caught.value.code == "roster_owner_file"


def test_a_file_too_big_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    with path.open("wb") as stream:
        stream.truncate(100_000_001)
    with pytest.raises(UserError) as caught:
        read_workbook(path)
    assert caught.value.code == "roster_too_big"


@pytest.mark.parametrize(
    ("content", "name", "code", "word"),
    [
        (b"", "a.xlsx", "roster_empty", "空文件"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "a.xls", "roster_not_workbook", "网页"),
        ("\ufeff<HTML><body>姓名</body>".encode(), "a.xls", "roster_not_workbook", "网页"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>',
            "a.xls",
            "roster_not_workbook",
            "XML 2003",
        ),
        ("姓名\t性别\r\n王芳\t女\r\n".encode("gb18030"), "a.xls", "roster_is_text", "纯文本"),
        (b"%PDF-1.4\n", "a.xlsx", "roster_not_workbook", "PDF"),
        (b"\xff\xd8\xff\xe0" + bytes(9), "a.xlsx", "roster_not_workbook", "图片"),
        (b"{\\rtf1}", "a.xls", "roster_not_workbook", "Word"),
        (b"GIF89a", "a.xlsx", "roster_not_workbook", "图片"),
        (b"MIME-Version: 1.0\r\n", "a.xls", "roster_not_workbook", "网页"),
        (b"SQLite format 3\0" + bytes(90), "a.xlsx", "roster_not_workbook", "采集文件"),
        (b"PK\x05\x06" + bytes(18), "a.xlsx", "roster_not_workbook", "压缩包"),
        (packed(OFD_xml="x"), "a.xlsx", "roster_not_workbook", "OFD"),
        (packed(ppt__presentation_xml="x"), "a.xlsx", "roster_not_workbook", "PowerPoint"),
        (b"\x09\x04\x06\x00\x00\x00", "a.xls", "roster_beyond_reader", "另存为"),
        (b" \r\n,\t\r\n", "a.csv", "roster_blank", "空的"),
        (saved(lambda book: book.create_sheet("二")), "a.xlsx", "roster_blank", "空的"),
        (b"Rar!\x1a\x07", "a.xlsx", "roster_not_workbook", "压缩包"),
        (bytes(range(256)) * 4, "a.xlsx", "roster_unknown", "认不出"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "roster_damaged", "已损坏"),
        (
            packed(word__document_xml="x"),
            "a.xlsx",
            "roster_not_workbook",
            "Word",
        ),
        (packed(a="b"), "a.xlsx", "roster_not_workbook", "压缩包"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "roster_damaged", "已损坏"),
    ],
)
def test_what_is_no_workbook_is_called_by_its_name(content: bytes, name: str, code: str, word: str) -> None:
    error = refused(content, name)
    assert error.code == code
    assert word in str(error)


def test_other_documents_in_the_same_wrappings(data: Path) -> None:
    ods = (data / "roster.ods").read_bytes()
    text = repacked(
        ods, lambda name, part: b"application/vnd.oasis.opendocument.text" if name == "mimetype" else part
    )
    assert refused(text).code == "roster_not_workbook"
    locked = repacked(
        ods,
        lambda name, part: (
            part.replace(b"<manifest:file-entry", b"<manifest:encryption-data/><manifest:file-entry", 1)
            if name.endswith("manifest.xml")
            else part
        ),
    )
    assert refused(locked).code == "roster_password"
    wholly_locked = repacked(
        packed(a_xml="x"), lambda _name, part: part, renamed={"a.xml": "encrypted-package"}
    )
    assert refused(wholly_locked, "a.ods").code == "roster_password"
    xls = (data / "roster.xls").read_bytes()
    for stream, code in (("EncryptedPackage", "roster_password"), ("WordDocument", "roster_not_workbook")):
        assert refused(renamed_stream(xls, stream)).code == code


def renamed_stream(data: bytes, name: str) -> bytes:
    """The compound file with its Workbook stream called ``name``."""
    at = data.index("Workbook".encode("utf-16-le"))
    entry = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2)
    return data[:at] + entry + data[at + 66 :]


def test_a_password_inside_an_old_workbook(data: Path) -> None:
    xls = (data / "roster.xls").read_bytes()
    # CODEPAGE becomes FILEPASS, as in a workbook with a password to open.
    codepage = struct.pack("<HH", 0x42, 2)
    assert xls.count(codepage) == 1
    assert refused(xls.replace(codepage, struct.pack("<HH", 0x2F, 2))).code == "roster_password"


def test_bombs_are_refused_before_they_are_read() -> None:
    """The first claims its size; the second lies and claims ten bytes."""
    big = packed(xl__workbook_xml=bytes(301_000_000))
    assert refused(big).code == "roster_unpacks_too_big"
    lying = big.replace(struct.pack("<I", 301_000_000), struct.pack("<I", 10))
    assert lying != big
    assert refused(lying).code == "roster_unpacks_too_big"


def test_a_stray_cell_far_away_is_refused_and_named() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "花名册"
        book.active["XFD1048576"] = "x"

    error = refused(saved(fill))
    assert error.code == "roster_too_many_cells"
    assert "花名册" in str(error)
    assert "XFD" in str(error)


@pytest.mark.parametrize("form", FORMATS)
def test_formatted_emptiness_is_no_stray_cell(data: Path, form: str) -> None:
    sheet = read_workbook(data / f"roster.{form}").sheets[1]
    assert len(sheet.rows) < 30


def test_a_document_type_is_refused() -> None:
    def explode(name: str, part: bytes) -> bytes:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
        return part.replace(b"<workbook", bomb + b"<workbook") if name == "xl/workbook.xml" else part

    assert refused(repacked(saved(lambda book: book.active.append(["x"])), explode)).code == "roster_damaged"


def test_a_document_type_that_is_only_named_is_harmless(data: Path) -> None:
    def old(name: str, part: bytes) -> bytes:
        named = (
            b'<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD" "Manifest.dtd"><manifest:manifest '
        )
        return part.replace(b"<manifest:manifest ", named) if name.endswith("manifest.xml") else part

    ods = (data / "roster.ods").read_bytes()
    assert repacked(ods, old) != repacked(ods, lambda _name, part: part)
    assert len(parse_workbook(repacked(ods, old), "a.ods").sheets) == 3


def test_only_charts_is_no_table() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.create_chartsheet("图")
        book.remove(book["Sheet"])

    assert refused(saved(fill)).code in ("roster_no_sheet", "roster_damaged")


@pytest.mark.parametrize("form", FORMATS)
def test_cut_short_anywhere_is_damaged(data: Path, form: str) -> None:
    whole = (data / f"roster.{form}").read_bytes()
    for length in range(8, len(whole) - 600, 97):
        assert refused(whole[:length], f"a.{form}").code in ("roster_damaged", "roster_unknown")


def test_a_panic_in_the_reader_is_a_damaged_file(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet said to begin beyond the file: the reader panics, which is no Exception."""
    monkeypatch.setenv("RUST_BACKTRACE", "0")
    whole = bytearray((data / "roster.xls").read_bytes())
    place = find_record(whole, 0x85) + 4
    whole[place : place + 4] = struct.pack("<I", 0x7FFFFFFF)
    error = refused(bytes(whole))
    assert error.code == "roster_damaged"
    assert type(error.__cause__).__name__ == "PanicException"


@pytest.mark.parametrize(("record", "at"), [(0xFC, 4), (0x200, 4)])
def test_claims_beyond_the_file_are_damaged(data: Path, record: int, at: int) -> None:
    """The count of strings, and a sheet's extent: the reader would allocate what they claim."""
    whole = bytearray((data / "roster.xls").read_bytes())
    place = find_record(whole, record) + 4 + at
    whole[place : place + 4] = struct.pack("<I", 0x7FFFFFFF)
    assert refused(bytes(whole)).code == "roster_damaged"


def find_record(data: bytes, wanted: int) -> int:
    """The offset of a record of the Workbook stream, which lies in one piece in LibreOffice's files."""
    place = data.index(b"\x09\x08\x10\x00\x00\x06")
    while True:
        number, length = struct.unpack_from("<HH", data, place)
        if number == wanted:
            return place
        place += 4 + length


def test_interruptions_are_not_swallowed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object, **_options: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("certclerk.roster.spreadsheet._sheet", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read_workbook(data / "roster.xlsx")


def test_reading_loads_no_reader_before_it_is_needed() -> None:
    code = "import sys, certclerk.roster; print('python_calamine' in sys.modules, 'openpyxl' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )
    assert result.stdout.split() == ["False", "False"]
