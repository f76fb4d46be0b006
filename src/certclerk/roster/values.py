"""One cell under one field: what was read, what is understood, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from certclerk.core.names import half_width
from certclerk.core.normalise import has_lost_digits, is_month_or_tenth, is_understood, normalised
from certclerk.core.notice import Notice
from certclerk.core.records import Refusal
from certclerk.roster.cells import DAYS_1900_TO_1904, Cell, CellKind, Sheet

# A date cell before this year holds a number that was typed for a month: 2010.9 becomes 1905-07-02.
_EARLIEST_DATE_YEAR = "1970"
_LATEST_DATE_YEAR = "2100"

_DAY_COUNT = re.compile(r"[0-9]{5}(\.[0-9]+)?")
# Nothing but a note is longer (characters); what is will be kept as it stands, and not looked through.
_LONGEST = 200
_SHOWN = 60


class Problem(StrEnum):
    """What the preview shows beside a cell; the first four empty the field."""

    DIGITS_LOST = "digits_lost"
    AMBIGUOUS_DATE = "ambiguous_date"
    STRANGE_DATE = "strange_date"
    ERROR_CELL = "error_cell"
    NOT_UNDERSTOOD = "not_understood"
    CHANGED = "changed"
    CONFLICT = "conflict"

    @property
    def refused(self) -> bool:
        return self in _REFUSED


_REFUSED = frozenset({Problem.DIGITS_LOST, Problem.AMBIGUOUS_DATE, Problem.STRANGE_DATE, Problem.ERROR_CELL})

_DIGITS_LOST_REASON = "号码在表格中存成了数字，只保留前15位，后面的位数已丢失；请按证件重新录入"
_REASONS: dict[Problem, str] = {
    Problem.DIGITS_LOST: _DIGITS_LOST_REASON,
    Problem.AMBIGUOUS_DATE: "数字 {text} 可能是1月，也可能是10月（10月的末尾0会丢失）；请按证书重新录入",
    Problem.STRANGE_DATE: "日期单元格的值是 {text}，多半是把年月当数字录入了；请按证书重新录入",
    Problem.ERROR_CELL: "单元格的内容是“{text}”，没有可用的值；请重新录入",
    Problem.NOT_UNDERSTOOD: "“{text}”无法识别，按原样保留；请核对",
}


@dataclass(frozen=True, slots=True)
class Value:
    """``understood`` is what the record gets: empty where the cell was refused."""

    read: str
    understood: str
    problem: Problem | None = None
    reason: str = ""

    @property
    def blank(self) -> bool:
        return not self.read

    @property
    def refused(self) -> bool:
        return self.problem is not None and self.problem.refused

    def refusal(self, field: str) -> Refusal | None:
        return Refusal(field, self.read, self.reason) if self.refused else None


EMPTY = Value("", "")


def value_of(cell: Cell, field: str, sheet: Sheet, notice: Notice) -> Value:
    """``cell`` as ``field``. Digits are never repaired, days and months never guessed."""
    if cell.blank:
        return EMPTY
    problem = _refused(cell, field, sheet)
    if problem is not None:
        return Value(cell.text, "", problem, _reason(problem, cell.text))
    if len(cell.text) > _LONGEST and field != "note":
        return Value(cell.text, cell.text, Problem.NOT_UNDERSTOOD, _reason(Problem.NOT_UNDERSTOOD, cell.text))
    understood = normalised(field, _since_1900(cell, field, sheet), notice)
    if not is_understood(field, understood, notice):
        return Value(
            cell.text, understood, Problem.NOT_UNDERSTOOD, _reason(Problem.NOT_UNDERSTOOD, understood)
        )
    return Value(cell.text, understood, Problem.CHANGED if understood != cell.text else None)


def _reason(problem: Problem, text: str) -> str:
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return _REASONS[problem].format(text=shown)


def _refused(cell: Cell, field: str, sheet: Sheet) -> Problem | None:
    if cell.kind is CellKind.ERROR:
        return Problem.ERROR_CELL
    if cell.lost_digits:
        return Problem.DIGITS_LOST
    plain = half_width(cell.text[:_LONGEST]).strip()
    if has_lost_digits(field, plain):
        return Problem.DIGITS_LOST
    if field != "issued":
        return None
    # A text file does not tell whether 2010.1 was typed so or is what became of 2010.10.
    number = cell.kind is CellKind.NUMBER or not sheet.typed
    if number and is_month_or_tenth(field, plain):
        return Problem.AMBIGUOUS_DATE
    if cell.kind is CellKind.DATE and not _EARLIEST_DATE_YEAR <= plain[:4] <= _LATEST_DATE_YEAR:
        return Problem.STRANGE_DATE
    return None


def _since_1900(cell: Cell, field: str, sheet: Sheet) -> str:
    if (
        sheet.since_1904
        and field == "issued"
        and cell.kind is CellKind.NUMBER
        and _DAY_COUNT.fullmatch(cell.text)
    ):
        return str(int(float(cell.text)) + DAYS_1900_TO_1904)
    return cell.text
