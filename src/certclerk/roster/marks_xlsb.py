"""Marks of an .xlsb: the records (BIFF12) of its workbook, styles and sheets.

Source: Microsoft's [MS-XLSB]; record numbers are its section 2.3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from certclerk.core.errors import UserError
from certclerk.roster.cells import Merge
from certclerk.roster.marks import ERROR_CODES, Marks, date_styles
from certclerk.roster.packed import Packed
from certclerk.roster.relations import targets_of

WORKBOOK = "xl/workbook.bin"
STYLES = "xl/styles.bin"

_WORKBOOK_PROPERTIES, _SHEET = 153, 156
_FORMAT, _XF, _BEGIN_CELL_XFS, _END_CELL_XFS = 44, 47, 617, 618
_ROW, _MERGE = 0, 176
_RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR, _RICH_TEXT = 2, 3, 5, 9, 11, 62
_VALUES = frozenset({*range(2, 12), _RICH_TEXT})
_NUMBERS = frozenset({_RK, _REAL, _FORMULA_NUMBER})
# Cells that do not say their column; the workbook reader passes them over, and nobody may lose a cell so.
_SHORT_VALUES = frozenset(range(13, 19))
_NO_RELATION = 0xFFFFFFFF
_MOST_ROWS = 1 << 20


def marks_of_xlsb(packed: Packed) -> tuple[Marks, ...]:
    """One for each sheet, in the workbook's order. Raises UserError."""
    try:
        return _marks(packed)
    except (struct.error, IndexError) as error:
        raise UserError("roster_damaged", file=packed.file) from error


def _marks(packed: Packed) -> tuple[Marks, ...]:
    targets = targets_of(packed, WORKBOOK)
    dates = _date_styles(packed)
    since_1904 = False
    found = []
    for number, body in _records(packed, WORKBOOK):
        if number == _WORKBOOK_PROPERTIES:
            since_1904 = bool(body[0] & 1)
        elif number == _SHEET and _u32(body, 8) != _NO_RELATION:
            relation, end = _text(body, 8)
            target = targets.get(relation)
            if target is None:
                raise UserError("roster_damaged", file=packed.file)
            marks = Marks(_text(body, end)[0], merges=[], since_1904=since_1904)
            _read_sheet(packed, target[1], dates, marks)
            found.append(marks)
    return tuple(found)


def _date_styles(packed: Packed) -> dict[int, bool]:
    """The style indices that show dates, and whether without a day."""
    codes: dict[int, str] = {}
    numbers: list[int] = []
    inside = False
    for number, body in _records(packed, STYLES) if STYLES in packed else ():
        if number == _FORMAT:
            codes[_u16(body, 0)] = _text(body, 2)[0]
        elif number in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            inside = number == _BEGIN_CELL_XFS
        elif number == _XF and inside:
            numbers.append(_u16(body, 2))
    return date_styles(numbers, codes)


def _read_sheet(packed: Packed, part: str, dates: dict[int, bool], marks: Marks) -> None:
    row = 0
    for number, body in _records(packed, part):
        if number == _ROW:
            row = _u32(body, 0)
        elif number in _VALUES:
            column, style = _u32(body, 0), _u32(body, 4) & 0xFFFFFF
            if row >= _MOST_ROWS:
                raise UserError("roster_damaged", file=packed.file)
            marks.reach(row, column, packed.file)
            if number in _NUMBERS and style in dates:
                marks.dated(row, column, month_only=dates[style])
            elif number in (_ERROR, _FORMULA_ERROR):
                marks.errors[(row, column)] = ERROR_CODES.get(body[8], "#N/A")
            elif number == _RICH_TEXT:
                marks.texts[(row, column)] = _text(body, 9)[0]
        elif number == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            assert marks.merges is not None
            marks.merges.append(Merge(top, left, bottom, right))
        elif number in _SHORT_VALUES:
            raise UserError("roster_beyond_reader", file=packed.file)


def _records(packed: Packed, part: str) -> Iterator[tuple[int, bytes]]:
    """Number and length of a record stand in groups of seven bits, the last one without the eighth."""
    data = b"".join(packed.chunks(part))
    position = 0
    while position < len(data):
        number, position = _packed_number(data, position, 2)
        length, position = _packed_number(data, position, 4)
        yield number, data[position : position + length]
        position += length


def _packed_number(data: bytes, position: int, most: int) -> tuple[int, int]:
    number = 0
    for index in range(most):
        byte = data[position]
        position += 1
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            break
    return number, position


def _u16(body: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", body, at)[0])


def _u32(body: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", body, at)[0])


def _text(body: bytes, at: int) -> tuple[str, int]:
    """The text whose length stands at ``at``, and where it ends."""
    end = at + 4 + 2 * _u32(body, at)
    if end > len(body):
        raise IndexError(end)
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
