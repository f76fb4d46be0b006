"""Where a table of counts has its head, and which column is for which kind: the bureau's own 统计表."""

from __future__ import annotations

from certclerk.core.form import SERIAL, UNIT
from certclerk.core.normalise import normalised
from certclerk.core.notice import Annex, Notice
from certclerk.roster.cells import Merge, Sheet
from certclerk.roster.heads import compact
from certclerk.roster.layout import DEEPEST_HEAD, ColumnRole, Layout

_SERIALS = ("序号", "编号", "序")
_UNITS = ("学校单位", "单位学校", "学校", "单位", "单位名称", "学校名称", "报送单位", "填报单位")
# So many kinds in one row make it a head.
_TELLING = 2


def detect_counts(sheet: Sheet, annex: Annex, notice: Notice) -> Layout:
    """The first row that names two kinds, with the row above where that names the unit; else nothing is found."""
    for row in range(min(DEEPEST_HEAD, len(sheet.rows))):
        if len(_kinds(sheet, row, notice)) >= _TELLING:
            return _layout(sheet, row, annex, notice)
    return counts_at(sheet, 0, annex, notice)


def counts_at(sheet: Sheet, row: int, annex: Annex, notice: Notice) -> Layout:
    """The head is known to begin in ``row`` (from 1; 0: there is none); it ends where the kinds are named."""
    if not 1 <= row <= len(sheet.rows):
        return Layout(0, 0, tuple(ColumnRole(column, "") for column in range(sheet.width)))
    below = row < len(sheet.rows) and len(_kinds(sheet, row, notice)) > len(_kinds(sheet, row - 1, notice))
    return _layout(sheet, row if below else row - 1, annex, notice, top=row - 1)


def _layout(sheet: Sheet, row: int, annex: Annex, notice: Notice, top: int | None = None) -> Layout:
    """``row`` names the kinds (from 0)."""
    fields = _kinds(sheet, row, notice)
    if top is None:
        top = row if _beside(sheet, row, annex) else max(0, row - 1)
    for column, key in {**_beside(sheet, top, annex), **_beside(sheet, row, annex)}.items():
        fields.setdefault(column, key)
    return Layout(
        header_row=top + 1,
        header_rows=_bottom(sheet, top, row) - top + 1,
        columns=tuple(
            ColumnRole(column, _title(sheet, top, row, column), fields.get(column))
            for column in range(sheet.width)
        ),
    )


def _bottom(sheet: Sheet, top: int, row: int) -> int:
    """The last row of the head: cells that begin in it may reach further down."""
    reaching = (merge.bottom for merge in sheet.merges if top <= merge.top <= row and _upright(merge))
    return max([row, *reaching])


def _upright(merge: Merge) -> bool:
    return merge.bottom > merge.top


def _kinds(sheet: Sheet, row: int, notice: Notice) -> dict[int, str]:
    found: dict[int, str] = {}
    for column in range(sheet.width):
        kind = notice.kind(normalised("kind", "".join(sheet.cell(row, column).text.split()), notice))
        if kind is not None and kind.collected and kind.name not in found.values():
            found[column] = kind.name
    return found


def _beside(sheet: Sheet, row: int, annex: Annex) -> dict[int, str]:
    """The columns of the 序号 and of the unit."""
    words = {compact(annex.serial_title): SERIAL, compact(annex.unit_title): UNIT}
    words |= dict.fromkeys(_SERIALS, SERIAL) | dict.fromkeys(_UNITS, UNIT)
    found: dict[int, str] = {}
    for column in range(sheet.width):
        key = words.get(compact(sheet.cell(row, column).text))
        if key is not None and key not in found.values():
            found[column] = key
    return found


def _title(sheet: Sheet, top: int, row: int, column: int) -> str:
    texts = dict.fromkeys("".join(sheet.cell(each, column).text.split()) for each in range(top, row + 1))
    return "".join(texts)
