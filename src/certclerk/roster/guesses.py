"""Which field a column holds by what stands in it, where its head does not say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from certclerk.core import identity
from certclerk.core.certificate_number import parse_number
from certclerk.core.dates import PartialDate, parse_date
from certclerk.core.names import is_han, without_spaces
from certclerk.core.normalise import normalised
from certclerk.core.notice import Notice
from certclerk.roster.cells import Cell, CellKind, Sheet
from certclerk.roster.heads import bare

_SAMPLE_ROWS = 100
_SAMPLE_COLUMNS = 100
# Of a kind or a name, spaces and all (characters).
_LONGEST_WORD = 30
_SHARE = 0.8
_SURNAME_SHARE = 0.6
_DISTINCT_SHARE = 0.5
# Years between birth and a certificate, at the least.
_YOUNGEST = 16
# The first certificates were given out in 1993 and after.
_NUMBER_YEARS = range(1990, 2101)
# What a date's column may be called and still be that of the certificate.
_DATE_HEADS = frozenset({"", "日期", "时间", "年月", "年月日"})
# The most common, about nine people in ten.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤庄洪柯连施颜翁蓝傅涂"
)

_AUTHORITIES = (
    "教育局",
    "教育厅",
    "教委",
    "教育委员会",
    "教体局",
    "教育体育局",
    "教育和体育局",
    "行政审批局",
)
_SEX = re.compile(r"^\s*[男女]\s*$")

Rows = Sequence[int]


def guesses(
    sheet: Sheet, first: int, titles: Sequence[str], mapped: Mapping[int, str], notice: Notice
) -> dict[int, str]:
    """Fields by column, of those that ``mapped`` leaves out; data begin in 0-based row ``first``."""
    rows = range(first, min(first + _SAMPLE_ROWS, len(sheet.rows)))
    return _guessed(sheet, rows, titles, mapped, notice)


def guesses_without_head(sheet: Sheet, notice: Notice) -> dict[int, str]:
    """The same of a sheet that has no head; none unless numbers show that it is about people."""
    sample = (cells[:_SAMPLE_COLUMNS] for cells in sheet.rows[:_SAMPLE_ROWS])
    first = next((row for row, cells in enumerate(sample) if _coded(cells, notice)), None)
    if first is None:
        return {}
    rows = range(first, min(first + _SAMPLE_ROWS, len(sheet.rows)))
    found = _guessed(sheet, rows, [""] * sheet.width, {}, notice)
    if not {"id_number", "number"} & set(found.values()):
        return {}
    for column in range(min(sheet.width, _SAMPLE_COLUMNS)):
        if column not in found and _counts_up(_cells(sheet, rows, column)):
            return {**found, column: "serial"}
    return found


def _coded(cells: Sequence[Cell], notice: Notice) -> bool:
    return any(_is_id_number(cell, notice) or _is_number(cell, notice) for cell in cells if not cell.blank)


def head_above(sheet: Sheet, guessed: Mapping[int, str]) -> int | None:
    """The 0-based row of words right above the first row with numbers, in a sheet whose head says nothing.

    Never a row that could be a teacher's: it has no digit in it, and a word where the numbers stand below.
    """
    columns = {field: column for column, field in guessed.items()}
    coded = [columns[field] for field in ("id_number", "number") if field in columns]
    first = next(
        (
            row
            for row in range(min(len(sheet.rows), _SAMPLE_ROWS))
            if any(any(map(str.isdecimal, sheet.cell(row, column).text)) for column in coded)
        ),
        0,
    )
    head = first - 1
    if head < 0 or not all(sheet.cell(head, column).text for column in coded):
        return None
    words = [cell for cell in sheet.rows[head] if not cell.blank]
    sexed = "sex" in columns and _SEX.search(sheet.cell(head, columns["sex"]).text)
    worded = all(cell.kind is CellKind.TEXT and not any(map(str.isdecimal, cell.text)) for cell in words)
    return head if len(words) > 1 and worded and not sexed else None


def _guessed(
    sheet: Sheet, rows: Rows, titles: Sequence[str], mapped: Mapping[int, str], notice: Notice
) -> dict[int, str]:
    known = dict(mapped)
    for field, fits, heads in _HINTS:
        for column, title in enumerate(titles[:_SAMPLE_COLUMNS]):
            if field in known.values():
                break
            if column in known or (heads is not None and bare(title) not in heads):
                continue
            cells = _cells(sheet, rows, column)
            if not cells or not _mostly(cells, fits, notice):
                continue
            if field not in _PROOFS or _PROOFS[field](sheet, rows, column, known):
                known[column] = field
    return {column: field for column, field in known.items() if column not in mapped}


def _mostly(cells: Sequence[Cell], fits: Callable[[Cell, Notice], bool], notice: Notice) -> bool:
    """Given up at the first miss too many, since most columns of most sheets are none of ours."""
    misses = 0
    for cell in cells:
        misses += not fits(cell, notice)
        if misses > (1 - _SHARE) * len(cells):
            return False
    return True


def _cells(sheet: Sheet, rows: Rows, column: int) -> list[Cell]:
    return [cell for row in rows if not (cell := sheet.cell(row, column)).blank]


def _is_id_number(cell: Cell, notice: Notice) -> bool:
    text = normalised("id_number", cell.text, notice)
    # One that lost its last digits still has its birth date.
    may_fail = cell.lost_digits or identity.document(text) is identity.Document.LEGACY
    return identity.has_valid_check(text) or (may_fail and identity.birth_date(text) is not None)


def _is_number(cell: Cell, notice: Notice) -> bool:
    number = parse_number(normalised("number", cell.text, notice))
    return number is not None and number.year in _NUMBER_YEARS


def _is_sex(cell: Cell, _notice: Notice) -> bool:
    return _SEX.match(cell.text) is not None


def _is_kind(cell: Cell, notice: Notice) -> bool:
    return len(cell.text) <= _LONGEST_WORD and notice.kind(normalised("kind", cell.text, notice)) is not None


def _is_date(cell: Cell, _notice: Notice) -> bool:
    return cell.kind is not CellKind.NUMBER and parse_date(cell.text) is not None


def _is_name(cell: Cell, notice: Notice) -> bool:
    if len(cell.text) > _LONGEST_WORD:
        return False
    name = normalised("name", cell.text, notice)
    return 2 <= len(name) <= 4 and all(map(is_han, name))


def _is_authority(cell: Cell, notice: Notice) -> bool:
    if len(cell.text) > _LONGEST_WORD:
        return False
    name = normalised("authority", cell.text, notice)
    return name in notice.authorities or name.endswith(_AUTHORITIES)


def _are_people(sheet: Sheet, rows: Rows, column: int, _known: Mapping[int, str]) -> bool:
    """Names begin with surnames and are rarely the same; subjects and places are neither."""
    texts = [without_spaces(cell.text) for cell in _cells(sheet, rows, column)]
    surnames = sum(text[0] in _SURNAMES for text in texts)
    distinct = len(Counter(texts))
    return surnames >= _SURNAME_SHARE * len(texts) and distinct >= _DISTINCT_SHARE * len(texts)


def _are_issue_dates(sheet: Sheet, rows: Rows, column: int, known: Mapping[int, str]) -> bool:
    """Never on their own: each must fit what the person's or the certificate's number says of its year."""
    columns = {field: at for at, field in known.items()}
    votes = [
        vote
        for row in rows
        if (date := parse_date(sheet.cell(row, column).text)) is not None
        and (vote := _is_issue_date(date, sheet, row, columns)) is not None
    ]
    return bool(votes) and sum(votes) >= _SHARE * len(votes)


def _is_issue_date(date: PartialDate, sheet: Sheet, row: int, columns: Mapping[str, int]) -> bool | None:
    """Whether it fits both numbers, of which one must be there to tell (else None)."""

    def text(field: str) -> str:
        return without_spaces(sheet.cell(row, columns[field]).text).upper() if field in columns else ""

    born, number = identity.birth_date(text("id_number")), parse_number(text("number"))
    if born is None and number is None:
        return None
    old_enough = born is None or date.year >= born.year + _YOUNGEST
    return old_enough and (number is None or date.year >= number.year)


def _counts_up(cells: Sequence[Cell]) -> bool:
    if not all(cell.text.isascii() and cell.text.isdecimal() and len(cell.text) < 6 for cell in cells):
        return False
    numbers = [int(cell.text) for cell in cells]
    return bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


# Surest first; the last item: the heads under which alone it is believed (a 小学 may be a place of work).
_HINTS: tuple[tuple[str, Callable[[Cell, Notice], bool], frozenset[str] | None], ...] = (
    ("id_number", _is_id_number, None),
    ("number", _is_number, None),
    ("sex", _is_sex, None),
    ("kind", _is_kind, frozenset({""})),
    ("name", _is_name, frozenset({""})),
    ("authority", _is_authority, frozenset({""})),
    ("issued", _is_date, _DATE_HEADS),
)
_PROOFS: Mapping[str, Callable[[Sheet, Rows, int, Mapping[int, str]], bool]] = {
    "name": _are_people,
    "issued": _are_issue_dates,
}
