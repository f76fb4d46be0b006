"""A table file, whatever it is called and whatever it really is, as a :class:`Workbook`."""

from __future__ import annotations

import errno
from pathlib import Path

from certclerk.core.errors import UserError
from certclerk.roster import compound, foreign, marks_ods, marks_xlsb, marks_xlsx
from certclerk.roster.cells import Workbook
from certclerk.roster.decoding import decoded
from certclerk.roster.delimited import read_delimited
from certclerk.roster.marks import Marks
from certclerk.roster.marks_xls import marks_of_xls
from certclerk.roster.packed import Packed, open_packed
from certclerk.roster.spreadsheet import read_spreadsheet

# 10⁶ bytes.
MOST_FILE_MB = 100

_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
# What Excel, WPS and LibreOffice put beside a table while they have it open.
_OWNER_PREFIXES = ("~$", ".~lock.")
# Windows: sharing violation, lock violation.
_HELD_ON_WINDOWS = frozenset({32, 33})
_HELD = frozenset({errno.EBUSY, errno.EAGAIN, errno.ETXTBSY, errno.EDEADLK})
_XLS_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")


def read_workbook(path: Path) -> Workbook:
    """The sheets of an .xlsx, .xlsb, .xls, .ods or text table. What a file is, its bytes decide, not its name.

    Raises UserError (``roster_…``) with a sentence naming the file for whatever cannot be read.
    """
    return parse_workbook(_bytes_of(path), path.name)


def parse_workbook(data: bytes, file: str) -> Workbook:
    """As :func:`read_workbook`, from bytes."""
    if not data:
        raise UserError("roster_empty", file=file)
    workbook = _parsed(data, file)
    if not any(cell.text for sheet in workbook.sheets for row in sheet.rows for cell in row):
        raise UserError("roster_blank", file=file)
    return workbook


def _bytes_of(path: Path) -> bytes:
    file = path.name
    if file.startswith(_OWNER_PREFIXES):
        raise UserError("roster_owner_file", file=file)
    try:
        if path.is_dir():
            raise UserError("roster_is_folder", file=file)
        with path.open("rb") as stream:
            data = stream.read(MOST_FILE_MB * 1_000_000 + 1)
            size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise _unopened(error, file) from error
    if len(data) > MOST_FILE_MB * 1_000_000:
        raise UserError("roster_too_big", file=file, size=size // 1_000_000, most=MOST_FILE_MB)
    return data


def _unopened(error: OSError | ValueError, file: str) -> UserError:
    if isinstance(error, FileNotFoundError):
        return UserError("roster_missing", file=file)
    held_on_windows = getattr(error, "winerror", None) in _HELD_ON_WINDOWS
    if held_on_windows or getattr(error, "errno", None) in _HELD:
        return UserError("roster_in_use", file=file)
    if isinstance(error, PermissionError):
        return UserError("roster_no_permission", file=file)
    return UserError("roster_io", file=file, reason=getattr(error, "strerror", None) or error)


def _parsed(data: bytes, file: str) -> Workbook:
    if data.startswith(b"PK\x03\x04"):
        return read_spreadsheet(data, file, _marks_of_packed(open_packed(data, file)))
    if data.startswith(compound.SIGNATURE):
        return read_spreadsheet(data, file, _marks_of_compound(data, file))
    if data.startswith(foreign.OLD_TABLES):
        raise UserError("roster_beyond_reader", file=file)
    what = foreign.by_signature(data)
    if what is not None:
        raise UserError("roster_not_workbook", file=file, what=what)
    return _read_text(data, file)


def _read_text(data: bytes, file: str) -> Workbook:
    path = Path(file)
    expected = path.suffix.lower() in _TEXT_SUFFIXES
    try:
        text = decoded(data, file)
    except UserError as error:
        raise error if expected else UserError("roster_unknown", file=file) from error
    what = foreign.by_text(text)
    if what is not None:
        raise UserError("roster_not_workbook", file=file, what=what)
    if not expected:
        raise UserError("roster_is_text", file=file)
    return Workbook(file, (read_delimited(text, file, path.stem),))


def _marks_of_packed(packed: Packed) -> tuple[Marks, ...]:
    if marks_xlsx.WORKBOOK in packed:
        return marks_xlsx.marks_of_xlsx(packed)
    if marks_xlsb.WORKBOOK in packed:
        return marks_xlsb.marks_of_xlsb(packed)
    if marks_ods.ENCRYPTED in packed:
        raise UserError("roster_password", file=packed.file)
    what = foreign.by_part(packed)
    if what is not None:
        raise UserError("roster_not_workbook", file=packed.file, what=what)
    return marks_ods.marks_of_ods(packed)


def _marks_of_compound(data: bytes, file: str) -> tuple[Marks, ...]:
    try:
        streams = compound.streams(data)
    except compound.CompoundError as error:
        raise UserError("roster_damaged", file=file) from error
    if foreign.LOCKED_STREAMS & streams.keys():
        raise UserError("roster_password", file=file)
    for name in _XLS_STREAMS:
        if name in streams:
            return marks_of_xls(streams[name], file)
    raise UserError("roster_not_workbook", file=file, what=foreign.by_stream(streams))
