"""Marks of an .xlsx: its workbook part, styles and each sheet's cells."""

from __future__ import annotations

import re

from certclerk.core.errors import UserError
from certclerk.roster.marks import Marks, shows_month_only
from certclerk.roster.packed import Packed
from certclerk.roster.relations import targets_of
from certclerk.roster.xml_scan import local, scan

WORKBOOK = "xl/workbook.xml"
# Some programs write formulas and leave the results to whoever opens the file.
UNCOUNTED = "没有结果的公式"

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_NUMERIC = (None, "n", "d")


def marks_of_xlsx(packed: Packed) -> tuple[Marks, ...]:
    """One for each sheet, in the workbook's order. Raises UserError."""
    sheets, since_1904 = _sheets(packed)
    targets = targets_of(packed, WORKBOOK)
    styles = _month_styles(packed, targets)
    found = []
    for name, relation in sheets:
        marks = Marks(name, since_1904=since_1904)
        target = targets.get(relation)
        if target is None:
            raise UserError("roster_damaged", file=packed.file)
        _read_sheet(packed, target[1], styles, marks)
        found.append(marks)
    return tuple(found)


def _sheets(packed: Packed) -> tuple[list[tuple[str, str]], bool]:
    sheets: list[tuple[str, str]] = []
    since_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if local(name) == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), relation))
        elif local(name) == "workbookPr":
            since_1904 = attributes.get("date1904", "0") in ("1", "true")

    scan(packed.chunks(WORKBOOK), packed.file, start)
    return sheets, since_1904


def _month_styles(packed: Packed, targets: dict[str, tuple[str, str]]) -> frozenset[str]:
    """The style indices, as cells write them, that show a month without a day."""
    part = next((part for kind, part in targets.values() if kind == "styles"), "xl/styles.xml")
    if part not in packed:
        return frozenset()
    codes: dict[int, str] = {}
    numbers: list[int] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        element = local(name)
        if element == "numFmt":
            codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif element == "cellXfs":
            inside = True
        elif element == "xf" and inside:
            numbers.append(int(attributes.get("numFmtId", "0")))

    def end(name: str) -> None:
        nonlocal inside
        if local(name) == "cellXfs":
            inside = False

    scan(packed.chunks(part), packed.file, start, end)
    return frozenset(
        str(index) for index, number in enumerate(numbers) if shows_month_only(number, codes.get(number))
    )


def _read_sheet(packed: Packed, part: str, styles: frozenset[str], marks: Marks) -> None:
    row = column = -1
    kind: str | None = None
    formula = False
    shown: list[str] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, formula, shown
        element = local(name)
        if element == "c":
            kind, formula = attributes.get("t"), False
            row, column = _place(attributes.get("r"), row, column + 1)
            if attributes.get("s") in styles and kind in _NUMERIC:
                marks.months.add((row, column))
        elif element == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif element == "f":
            formula = kind != "str"
        elif element in ("v", "is"):
            marks.reach(row, column, packed.file)
            # Only these need their text; collecting every cell's would double the time.
            shown = [] if formula or kind == "e" else None

    def end(name: str) -> None:
        nonlocal formula, shown
        if (shown is None and not formula) or local(name) != "c":
            return
        value = "".join(shown or ()).strip()
        if kind == "e" or not value:
            marks.reach(row, column, packed.file)
            marks.errors[(row, column)] = value or UNCOUNTED
        formula, shown = False, None

    def text(piece: str) -> None:
        if shown is not None:
            shown.append(piece)

    scan(packed.chunks(part), packed.file, start, end, text)


def _place(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """0-based; a cell without a reference follows the one before."""
    if reference is None:
        return row, column
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    number = 0
    for letter in match[1].upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, number - 1
