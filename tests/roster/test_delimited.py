"""Text tables: every encoding and delimiter that Excel, WPS and other programs save."""

from __future__ import annotations

import pytest

from certclerk.core.errors import UserError
from certclerk.roster import CellKind, Sheet, parse_workbook, read_pasted
from certclerk.roster.marks import MOST_CELLS, MOST_ROWS

ROWS = (
    ("姓名", "身份证号码", "备注"),
    ("阿依古丽·买买提", "350502198001010027", "换发"),
    ("王芳", "", "a b"),
)


def read(data: bytes, name: str = "名册.csv") -> Sheet:
    (sheet,) = parse_workbook(data, name).sheets
    assert not sheet.typed
    return sheet


def texts(sheet: Sheet) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.text for cell in row) for row in sheet.rows)


def joined(delimiter: str, end: str = "\r\n") -> str:
    return "".join(delimiter.join(row) + end for row in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "gbk", "utf-16"])
def test_encodings(encoding: str) -> None:
    sheet = read(joined(",").encode(encoding))
    assert texts(sheet) == ROWS
    assert sheet.name == "名册"


def test_utf_16_with_either_mark() -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert texts(read(mark + joined("\t").encode(encoding))) == ROWS


def test_the_dot_of_names_survives_gb2312s_byte() -> None:
    """A1A4 is U+00B7 in GB18030 and GBK; the gb2312 codec would make U+30FB of it."""
    data = "姓名,备注\r\n买买提".encode("gbk") + b"\xa1\xa4" + "江,\r\n".encode("gbk")
    assert texts(read(data))[1][0] == "买买提·江"


def test_characters_that_only_gb18030_has() -> None:
    assert texts(read("姓名,性别\r\n刘䶮,男\r\n\U00020bb7田,男\r\n".encode("gb18030")))[1:] == (
        ("刘䶮", "男"),
        ("\U00020bb7田", "男"),
    )


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, end: str) -> None:
    assert texts(read(joined(delimiter, end).encode())) == ROWS


def test_commas_inside_a_tab_table_do_not_mislead() -> None:
    data = "姓名\t备注\r\n王芳\t一,二,三\r\n李娜\t四\r\n".encode()
    assert texts(read(data, "a.tsv")) == (("姓名", "备注"), ("王芳", "一,二,三"), ("李娜", "四"))


def test_titles_above_the_table_do_not_mislead() -> None:
    data = "采集名册；2017年\r\n报送单位：某校;经办人：某;\r\n姓名,性别,备注\r\n王芳,女,\r\n李娜,女,\r\n".encode()
    assert texts(read(data))[3] == ("王芳", "女", "")


def test_quotes_hold_delimiters_and_line_breaks() -> None:
    data = '姓名,"身份证号码\n（18位）","备""注"\r\n王芳,1,"一,二"\r\n'.encode()
    assert texts(read(data)) == (("姓名", "身份证号码\n（18位）", '备"注'), ("王芳", "1", "一,二"))


def test_blank_lines_are_rows_of_the_spreadsheet() -> None:
    sheet = read("名册\r\n\r\n姓名,性别\r\n".encode())
    assert sheet.cell(2, 0).text == "姓名"
    assert sheet.cell(1, 0).blank


def test_every_cell_is_text_or_an_error() -> None:
    sheet = read(b"a,b\r\n1,2010.1\r\n=1+1,#N/A\r\n #REF! ,  \r\n")
    kinds = [[cell.kind for cell in row] for row in sheet.rows[1:]]
    assert kinds == [
        [CellKind.TEXT, CellKind.TEXT],
        [CellKind.TEXT, CellKind.ERROR],
        [CellKind.ERROR, CellKind.BLANK],
    ]


def test_one_column_is_a_table_too() -> None:
    assert texts(read("姓名\r\n王芳\r\n".encode())) == (("姓名",), ("王芳",))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xff\xff\xff,\x80\x81", "roster_encoding"),
        (b"\xff\xfe\x00\xd8", "roster_encoding"),
        (b"a,b\0c\r\n", "roster_encoding"),
        (bytes(range(256)) * 9, "roster_encoding"),
        (joined(",").encode()[:-20] + b"\xe7\x8e\r\n", "roster_encoding"),
        (b"\xef\xbb\xbf\xff", "roster_encoding"),
        (b'a,"' + b"x" * 200_000, "roster_text_damaged"),
        (b"," * (MOST_CELLS + 1), "roster_too_many_cells"),
        (b"a\n" * (MOST_ROWS + 1), "roster_too_many_cells"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_workbook(data, "名册.csv")
    assert caught.value.code == code
    assert "名册.csv" in str(caught.value)


@pytest.mark.parametrize("written", ['="359901198001010025"', '"=""359901198001010025"""'])
def test_a_guarded_number_is_the_number(written: str) -> None:
    sheet = parse_workbook(f"姓名,身份证号码\n林晓雯,{written}\n".encode(), "a.csv").sheets[0]
    assert sheet.cell(1, 1).text == "359901198001010025"


def test_a_formula_is_text() -> None:
    sheet = parse_workbook(b'a,b\n=1+2,=HYPERLINK("x")\n', "a.csv").sheets[0]
    assert [cell.text for cell in sheet.rows[1]] == ["=1+2", '=HYPERLINK("x")']


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_utf_16_without_its_mark(encoding: str, delimiter: str) -> None:
    assert texts(read(joined(delimiter).encode(encoding))) == ROWS


@pytest.mark.parametrize("line", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r\n'])
def test_a_declared_delimiter_is_taken_at_its_word(line: str) -> None:
    data = (line + "姓名,别名;性别\r\n王芳,小芳;女\r\n").encode("gb18030")
    assert texts(read(data)) == (("姓名,别名", "性别"), ("王芳,小芳", "女"))


def test_a_quote_that_is_never_closed_is_named_by_its_line() -> None:
    with pytest.raises(UserError) as caught:
        read('姓名,备注\r\n王芳,"a\nb"\r\n"李娜,女\r\n陈明,男\r\n'.encode())
    assert (caught.value.code, caught.value.facts["line"]) == ("roster_text_damaged", 4)


def test_a_pasted_block() -> None:
    """As Excel puts it on the clipboard: tabs, quotes only around line breaks, one line end after the last row."""
    workbook = read_pasted('姓名\t备注\r\n王芳\t"第一行\n第二行"\r\n李娜\t5" 照片\r\n')
    assert texts(workbook.sheets[0]) == (("姓名", "备注"), ("王芳", "第一行\n第二行"), ("李娜", '5" 照片'))
    assert not workbook.sheets[0].typed
    with pytest.raises(UserError) as caught:
        read_pasted(" \r\n\t")
    assert caught.value.code == "roster_nothing_pasted"
