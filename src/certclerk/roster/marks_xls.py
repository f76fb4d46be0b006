"""Marks of an .xls: the records of its Workbook stream (BIFF5 to BIFF8).

Source: Microsoft's [MS-XLS]; record numbers are its section 2.3.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from certclerk.core.errors import UserError
from certclerk.roster.marks import ERROR_CODES, Marks, date_styles

_BOF, _EOF, _FILEPASS, _DATEMODE, _BOUNDSHEET, _FORMAT, _XF = 0x809, 0x0A, 0x2F, 0x22, 0x85, 0x41E, 0xE0
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR = 0x06, 0x203, 0x27E, 0xBD, 0x205
_DIMENSIONS, _SST = 0x200, 0xFC
_LABELS = frozenset({0x204, 0xFD, 0xD6})
_BIFF8 = 0x600
_MOST_ROWS, _MOST_COLUMNS = 65536, 256


def marks_of_xls(stream: bytes, file: str) -> tuple[Marks, ...]:
    """One for each sheet, charts and macros too. Raises UserError."""
    try:
        return _marks(stream, file)
    except (struct.error, IndexError) as error:
        raise UserError("roster_damaged", file=file) from error


def _marks(stream: bytes, file: str) -> tuple[Marks, ...]:
    offsets: list[int] = []
    codes: dict[int, str] = {}
    formats: list[int] = []
    since_1904, biff8 = False, True
    for number, body in _records(stream, 0):
        if number == _BOF:
            biff8 = _u16(body, 0) >= _BIFF8
        elif number == _FILEPASS:
            raise UserError("roster_password", file=file)
        elif number == _DATEMODE:
            since_1904 = bool(_u16(body, 0))
        elif number == _BOUNDSHEET:
            offsets.append(struct.unpack_from("<I", body)[0])
        elif number == _FORMAT:
            codes[_u16(body, 0)] = _format_code(body, biff8)
        elif number == _XF:
            formats.append(_u16(body, 2))
        elif number == _SST and struct.unpack_from("<I", body, 4)[0] > len(stream):
            raise UserError("roster_damaged", file=file)
    dates = date_styles(formats, codes)
    found = []
    for index, offset in enumerate(offsets):
        marks = Marks(f"第{index + 1}张", _MOST_COLUMNS, since_1904=since_1904)
        for number, body in _records(stream, offset):
            reader = _READERS.get(number)
            if reader is not None:
                reader(body, dates, marks, file)
        found.append(marks)
    return tuple(found)


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """From one BOF to its EOF; a chart within a sheet has its own pair."""
    depth = 0
    while position + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, position)
        position += 4
        if number == _BOF:
            depth += 1
        elif number == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth <= 1:
            yield number, stream[position : position + length]
        position += length


def _u16(body: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", body, at)[0])


def _format_code(body: bytes, biff8: bool) -> str:
    if not biff8:
        return body[3 : 3 + body[2]].decode("latin-1")
    length, wide = _u16(body, 2), body[4] & 1
    text = body[5 : 5 + length * (2 if wide else 1)]
    return text.decode("utf-16-le" if wide else "latin-1", "replace")


def _dimensions(body: bytes, _dates: dict[int, bool], _marks: Marks, file: str) -> None:
    """The workbook reader allocates what is claimed here, and ends the program where it cannot."""
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) == 14 else "<HHHH", body)
    sound = top < bottom <= _MOST_ROWS and left < right <= _MOST_COLUMNS
    if bottom and right and not sound:
        raise UserError("roster_damaged", file=file)


def _label(body: bytes, _dates: dict[int, bool], marks: Marks, file: str) -> None:
    marks.reach(_u16(body, 0), _u16(body, 2), file)


def _number(body: bytes, dates: dict[int, bool], marks: Marks, file: str) -> None:
    row, column, style = struct.unpack_from("<HHH", body)
    marks.reach(row, column, file)
    if style in dates:
        marks.dated(row, column, month_only=dates[style])


def _numbers(body: bytes, dates: dict[int, bool], marks: Marks, file: str) -> None:
    row, first = struct.unpack_from("<HH", body)
    for index in range((len(body) - 6) // 6):
        marks.reach(row, first + index, file)
        style = _u16(body, 4 + index * 6)
        if style in dates:
            marks.dated(row, first + index, month_only=dates[style])


def _formula(body: bytes, dates: dict[int, bool], marks: Marks, file: str) -> None:
    _number(body, dates, marks, file)
    result = body[6:14]
    if result[6:8] == b"\xff\xff" and result[0] == 2:
        marks.errors[(_u16(body, 0), _u16(body, 2))] = ERROR_CODES.get(result[2], "#N/A")


def _bool_or_error(body: bytes, _dates: dict[int, bool], marks: Marks, file: str) -> None:
    _label(body, _dates, marks, file)
    if body[7]:
        marks.errors[(_u16(body, 0), _u16(body, 2))] = ERROR_CODES.get(body[6], "#N/A")


_READERS: dict[int, Callable[[bytes, dict[int, bool], Marks, str], None]] = {
    **dict.fromkeys(_LABELS, _label),
    _DIMENSIONS: _dimensions,
    _NUMBER: _number,
    _RK: _number,
    _MULRK: _numbers,
    _FORMULA: _formula,
    _BOOLERR: _bool_or_error,
}
