"""A workbook as JSON documents, one for a row, so that neither end holds it twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import Any

from certclerk.roster.cells import BLANK, Cell, CellKind, Merge, Sheet, Workbook

# A cell is a string of its kind's letter and its text; a blank one is empty.
_LETTERS = {kind: kind[0] for kind in CellKind if kind is not CellKind.BLANK}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}


class _Cells(dict[str, Cell]):
    """By what stands on the wire; rosters say the same thing often, and it is kept once."""

    def __missing__(self, written: str) -> Cell:
        cell = self[written] = Cell(_KINDS[written[0]], written[1:])
        return cell


def documents(workbook: Workbook) -> Iterator[object]:
    """The file's name, then each sheet: a table about it and its rows."""
    yield workbook.file
    for sheet in workbook.sheets:
        yield {
            "name": sheet.name,
            "rows": len(sheet.rows),
            "hidden": sheet.hidden,
            "merges": list(map(astuple, sheet.merges)),
            "typed": sheet.typed,
            "since_1904": sheet.since_1904,
        }
        for row in sheet.rows:
            yield ["" if cell.kind is CellKind.BLANK else _LETTERS[cell.kind] + cell.text for cell in row]


def workbook_of(documents: Iterable[Any]) -> Workbook:
    """The workbook that :func:`documents` was given."""
    coming = iter(documents)
    cells = _Cells({"": BLANK})
    file = next(coming)
    sheets = []
    for about in coming:
        rows = tuple(tuple(map(cells.__getitem__, next(coming))) for _ in range(about.pop("rows")))
        merges = tuple(Merge(*ends) for ends in about.pop("merges"))
        sheets.append(Sheet(rows=rows, merges=merges, **about))
    return Workbook(file, tuple(sheets))
