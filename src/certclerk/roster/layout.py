"""Where a sheet's head stands and which column holds which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from certclerk.core.notice import Notice
from certclerk.roster.cells import Cell, CellKind, Sheet, Workbook
from certclerk.roster.guesses import guesses, guesses_without_head, head_above
from certclerk.roster.heads import Heads, bare, heads_of, meaning, names_something_else

# A head is looked for in rows 1 to this one.
DEEPEST_HEAD = 15
# And in this many columns; to look for it in all 16 384 would take a minute.
_WIDEST_HEAD = 200
# One of these makes a row of heads a roster's.
_TELLING = frozenset({"name", "id_number", "number"})
# A cell of fewer digits is no number of a person or a certificate.
_LEAST_DIGITS = 8


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """``column`` counts from 0; ``title`` is the head as written (two rows joined); ``guessed``: by content."""

    column: int
    title: str
    field: str | None = None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """``header_row`` is the head's first row as the spreadsheet program counts, 0 where there is none.

    ``header_rows`` is how many rows it takes (0, 1 or 2); data begin below. One column for a field at most.
    """

    header_row: int
    header_rows: int
    columns: tuple[ColumnRole, ...]

    @property
    def first_data_row(self) -> int:
        """As the spreadsheet program counts."""
        return self.header_row + self.header_rows if self.header_row else 1

    @property
    def found(self) -> bool:
        return any(role.field for role in self.columns)

    @property
    def unmapped(self) -> tuple[ColumnRole, ...]:
        """Columns with a head that go nowhere."""
        return tuple(role for role in self.columns if role.title and role.field is None)

    def column_of(self, field: str) -> int | None:
        return next((role.column for role in self.columns if role.field == field), None)

    def title_of(self, column: int) -> str:
        return self.columns[column].title if column < len(self.columns) else ""

    def with_mapping(self, column: int, field: str | None) -> Layout:
        """``column`` means ``field``; the column that meant it before means nothing then."""
        return replace(
            self,
            columns=tuple(
                replace(role, field=field, guessed=False)
                if role.column == column
                else replace(role, field=None, guessed=False)
                if field is not None and role.field == field
                else role
                for role in self.columns
            ),
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a head; ``fields`` by column, each with its rank."""

    top: int
    rows: int
    titles: tuple[str, ...]
    fields: dict[int, tuple[str, int]]

    @property
    def names(self) -> set[str]:
        return {field for field, _ in self.fields.values()}

    @property
    def weight(self) -> tuple[int, int]:
        """More fields weigh more, then fewer rows: a title above a head adds nothing to it."""
        return len(self.names), -self.rows

    @property
    def telling(self) -> bool:
        return bool(self.names & _TELLING) and (len(self.names) > 1 or "name" in self.names)


def detect(sheet: Sheet, notice: Notice) -> Layout:
    """The head among the first rows that names most fields; of equals the first. Without one, by content."""
    heads = heads_of(notice)
    best: _Reading | None = None
    width = min(sheet.width, _WIDEST_HEAD)
    for top in range(min(DEEPEST_HEAD, len(sheet.rows))):
        for reading in _readings(sheet, top, width, heads):
            if reading.telling and (best is None or reading.weight > best.weight):
                best = reading
    if best is None:
        return _by_content(sheet, notice)
    readings = _readings(sheet, best.top, sheet.width, heads)
    return _layout(sheet, readings[best.rows - 1], notice)


def _by_content(sheet: Sheet, notice: Notice) -> Layout:
    layout = _without_head(sheet, notice)
    guessed = {role.column: role.field for role in layout.columns if role.field}
    head = head_above(sheet, guessed) if guessed else None
    if head is None:
        return layout
    under = detect_at(sheet, head + 1, notice)
    named = {role.field for role in under.columns}
    return replace(
        under,
        columns=tuple(
            replace(role, field=guessed[role.column], guessed=True)
            if not role.field and role.column in guessed and guessed[role.column] not in named
            else role
            for role in under.columns
        ),
    )


def detect_at(sheet: Sheet, row: int, notice: Notice) -> Layout:
    """The head is known to begin in ``row`` (from 1; 0: there is none)."""
    if not 1 <= row <= len(sheet.rows):
        return _without_head(sheet, notice)
    readings = _readings(sheet, row - 1, sheet.width, heads_of(notice), fixed=True)
    return _layout(sheet, max(readings, key=lambda reading: reading.weight), notice)


def best_sheet(workbook: Workbook, notice: Notice) -> int:
    """The index of the sheet with the most people, the first of several; 0 where none looks like a roster.

    Hidden ones come after all visible ones, and those without a head after those with one.
    """
    ranked = [
        (sheet.hidden, not layout.header_row, -_people(sheet, layout), index)
        for index, sheet in enumerate(workbook.sheets)
        if (layout := detect(sheet, notice)).found
    ]
    return min(ranked)[-1] if ranked else 0


def _people(sheet: Sheet, layout: Layout) -> int:
    """Rows below the head that name somebody, by a number rather than by a word that a summary has as well."""
    columns = [layout.column_of(field) for field in ("id_number", "number")]
    below = range(layout.first_data_row - 1, len(sheet.rows))
    return sum(
        any(column is not None and _has_digits(sheet.cell(row, column).text) for column in columns)
        for row in below
    )


def _has_digits(text: str) -> bool:
    return sum(char.isdigit() for char in text) >= _LEAST_DIGITS


def _without_head(sheet: Sheet, notice: Notice) -> Layout:
    guessed = guesses_without_head(sheet, notice)
    roles = (ColumnRole(at, "", guessed.get(at), guessed=at in guessed) for at in range(sheet.width))
    return Layout(0, 0, tuple(roles))


def _readings(sheet: Sheet, top: int, width: int, heads: Heads, *, fixed: bool = False) -> list[_Reading]:
    """As one row, and where there is any sense in it as two."""
    upper = [_head_text(sheet.cell(top, column)) for column in range(width)]
    single = {
        column: found for column, text in enumerate(upper[:_WIDEST_HEAD]) if (found := meaning(text, heads))
    }
    readings = [_Reading(top, 1, tuple(upper), single)]
    pair = _pair(sheet, top, upper, heads) if top + 1 < DEEPEST_HEAD or fixed else None
    return [*readings, pair] if pair else readings


def _pair(sheet: Sheet, top: int, upper: Sequence[str], heads: Heads) -> _Reading | None:
    """Rows ``top`` and the next as one head: 教师资格证书 over 种类 and 编号."""
    lower = [_head_text(sheet.cell(top + 1, column)) for column in range(len(upper))]
    if not any(map(bare, lower[:_WIDEST_HEAD])):
        return None
    titles: list[str] = []
    fields: dict[int, tuple[str, int]] = {}
    over = ""
    pairs = list(zip(upper, lower, strict=True))
    for column, (above, below) in enumerate(pairs[:_WIDEST_HEAD]):
        if not bare(below):
            # The upper cell reaches down, or ends the one that reached to the right.
            over = ""
            found, title = meaning(above, heads), above + below
        else:
            over = above or over
            strange = names_something_else(over)
            found = None if strange else meaning(over + below, heads) or meaning(below, heads)
            if found is None and not strange and meaning(above, heads):
                return None  # a value below a head that was understood: the lower row is data
            title = over + below
        titles.append(title)
        if found:
            fields[column] = found
    titles.extend(above + below for above, below in pairs[_WIDEST_HEAD:])
    return _Reading(top, 2, tuple(titles), fields)


def _head_text(cell: Cell) -> str:
    return "".join(cell.text.split()) if cell.kind is CellKind.TEXT else ""


def _layout(sheet: Sheet, reading: _Reading, notice: Notice) -> Layout:
    claims: dict[str, tuple[int, int]] = {}
    for column, (field, rank) in sorted(reading.fields.items()):
        claims[field] = min(claims.get(field, (rank, column)), (rank, column))
    fields = {column: field for field, (_, column) in claims.items()}
    guessed = guesses(sheet, reading.top + reading.rows, reading.titles, fields, notice)
    return Layout(
        header_row=reading.top + 1,
        header_rows=reading.rows,
        columns=tuple(
            ColumnRole(column, title, fields.get(column) or guessed.get(column), guessed=column in guessed)
            for column, title in enumerate(reading.titles)
        ),
    )
