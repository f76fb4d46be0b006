"""Binary workbooks (.xlsb), drawn record by record: what their reader leaves out is put back, nothing is lost."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.roster import CellKind, Merge, Problem, detect, parse_workbook, propose
from certclerk.roster.marks import MOST_CELLS

HEADS = ["序号", "姓名", "性别", "身份证号码", "资格种类", "证书号码", "发证时间"]
FORMATS = ('yyyy"年"m"月"', "yyyy-mm-dd", "General")
# 2010-09-01
DAY = 40422


def refused(data: bytes) -> UserError:
    with pytest.raises(UserError) as caught:
        parse_workbook(data, "名册.xlsb")
    assert "名册.xlsb" in str(caught.value)
    return caught.value


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return stream.getvalue()


def test_every_kind_of_cell(xlsb_of: Callable, drawn: type, formatted: type) -> None:
    row = [
        "刘䶮\U00020bb7",
        3,
        2010.9,
        True,
        None,
        "#N/A",
        "=#REF!",
        "rich:富文本",
        350502198707070021,
        formatted(DAY, 0),
        formatted(DAY, 1),
        formatted(DAY + 14, 0),
        formatted(DAY, 2),
    ]
    (sheet,) = parse_workbook(xlsb_of(drawn("表", [row]), formats=FORMATS), "a.xlsb").sheets
    assert [(cell.kind, cell.text) for cell in sheet.rows[0]] == [
        (CellKind.TEXT, "刘䶮\U00020bb7"),
        (CellKind.NUMBER, "3"),
        (CellKind.NUMBER, "2010.9"),
        (CellKind.BOOL, "TRUE"),
        (CellKind.BLANK, ""),
        (CellKind.ERROR, "#N/A"),
        (CellKind.ERROR, "#REF!"),
        (CellKind.TEXT, "富文本"),
        (CellKind.NUMBER, "350502198707070000"),
        (CellKind.DATE, "2010-09"),
        (CellKind.DATE, "2010-09-01"),
        (CellKind.DATE, "2010-09-15"),
        (CellKind.NUMBER, str(DAY)),
    ]


def test_a_roster_in_it(notice: Notice, xlsb_of: Callable, drawn: type, formatted: type) -> None:
    rows = [
        ["教师名册"],
        HEADS,
        [1, "王　芳", "女", "350502198001010021", "小学", "20103520122000101", formatted(DAY, 0)],
        [2, "李娜", "女", 350503198102020049, "高中", "20113520142000102", formatted(DAY, 1)],
        [None, None, None, None, "初中", "20093520132000104", formatted(DAY, 1)],
        ["合计", 2],
    ]
    data = xlsb_of(
        drawn("旧", [["姓名", "性别"]], state=2),
        drawn("说明", [["填表说明"]], state=1),
        drawn("名册", rows, merges=[(3, 1, 4, 1)]),
        formats=FORMATS,
    )
    workbook = parse_workbook(data, "名册.xlsb")
    assert [(sheet.name, sheet.hidden) for sheet in workbook.sheets] == [
        ("旧", True),
        ("说明", True),
        ("名册", False),
    ]
    sheet = workbook.sheets[2]
    assert sheet.merges == (Merge(3, 1, 4, 1),)
    proposal = propose(sheet, detect(sheet, notice), notice)
    assert [
        (teacher.serial, teacher.name, teacher.id_number, [held.issued for held in teacher.certificates])
        for teacher in proposal.teachers
    ] == [
        (1, "王芳", "350502198001010021", ["2010-09"]),
        (2, "李娜", "", ["2010-09-01", "2010-09-01"]),
    ]
    assert [(cell.row, cell.problem) for cell in proposal.refused_cells] == [(4, Problem.DIGITS_LOST)]


def test_days_since_1904(xlsb_of: Callable, drawn: type, formatted: type) -> None:
    data = xlsb_of(drawn("表", [[formatted(DAY - 1462, 1)]]), formats=FORMATS, since_1904=True)
    (sheet,) = parse_workbook(data, "a.xlsb").sheets
    assert (sheet.since_1904, sheet.cell(0, 0).text) == (True, "2010-09-01")


def test_a_cell_that_the_reader_would_pass_over_is_refused(xlsb_of: Callable, drawn: type) -> None:
    short_number = bytes([13, 8]) + struct.pack("<Ii", 0, 3 << 2 | 2)
    assert refused(xlsb_of(drawn("表", [["姓名"]], extra=short_number))).code == "roster_beyond_reader"


def test_a_stray_cell_far_away_is_refused(xlsb_of: Callable, drawn: type) -> None:
    far = bytes([0, 4]) + struct.pack("<I", 1_000_000) + bytes([2, 12]) + struct.pack("<IIi", 900, 0, 4)
    error = refused(xlsb_of(drawn("花名册", [["姓名"]], extra=far)))
    assert (error.code, "花名册" in str(error)) == ("roster_too_many_cells", True)
    for row, column in ((1 << 20, 0), (0, 16384)):
        beyond = bytes([0, 4]) + struct.pack("<I", row) + bytes([2, 12]) + struct.pack("<IIi", column, 0, 4)
        assert refused(xlsb_of(drawn("表", [["姓名"]], extra=beyond))).code == "roster_damaged"


@pytest.mark.parametrize(
    "part", ["xl/workbook.bin", "xl/styles.bin", "xl/sharedStrings.bin", "xl/worksheets/sheet1.bin"]
)
def test_parts_cut_short_are_read_or_damaged(
    xlsb_of: Callable, drawn: type, formatted: type, part: str
) -> None:
    whole = xlsb_of(drawn("表", [["姓名", formatted(DAY, 0), "rich:x"]]), formats=FORMATS)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        size = len(archive.read(part))
    for length in range(size):
        try:
            parse_workbook(changed(whole, part, lambda data, end=length: data[:end]), "a.xlsb")
        except UserError as error:
            assert error.code in ("roster_damaged", "roster_no_sheet")


def test_sheets_without_end_are_refused(xlsb_of: Callable, drawn: type) -> None:
    sheets = [drawn(f"表{number}", [["姓名"]]) for number in range(256)]
    assert len(parse_workbook(xlsb_of(*sheets[:255]), "a.xlsb").sheets) == 255
    assert refused(xlsb_of(*sheets)).code == "roster_too_many_sheets"


def test_sheets_that_are_too_big_together_are_refused(xlsb_of: Callable, drawn: type) -> None:
    far = bytes([0, 4]) + struct.pack("<I", 15_000) + bytes([2, 12]) + struct.pack("<IIi", 9, 0, 4)
    error = refused(xlsb_of(drawn("一", [], extra=far), drawn("二", [], extra=far)))
    assert error.code == "roster_sheets_too_big"


def test_ranges_merged_over_and_over_are_damaged(xlsb_of: Callable, drawn: type) -> None:
    rows, often = [["姓名"]] * 1000, MOST_CELLS // 1000
    assert parse_workbook(xlsb_of(drawn("表", rows, merges=[(0, 0, 2**20 - 1, 0)] * often)), "a.xlsb").sheets
    assert refused(xlsb_of(drawn("表", rows, merges=[(0, 0, 999, 0)] * (often + 1)))).code == "roster_damaged"


def test_a_sheet_that_is_missing_is_damaged(xlsb_of: Callable, drawn: type) -> None:
    whole = xlsb_of(drawn("表", [["姓名"]]))
    lost = changed(whole, "xl/_rels/workbook.bin.rels", lambda data: data.replace(b"rId1", b"rId9"))
    assert refused(lost).code == "roster_damaged"
