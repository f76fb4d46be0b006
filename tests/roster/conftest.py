from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from certclerk.core.notice import Notice, parse_notice
from certclerk.roster import Cell, CellKind, Merge, Sheet

_PROFILE = Path(__file__).parents[2] / "resources" / "notices" / "quanzhou-2017-1.toml"
_KINDS = {str: CellKind.TEXT, bool: CellKind.BOOL, int: CellKind.NUMBER, float: CellKind.NUMBER}


@pytest.fixture(scope="session")
def notice() -> Notice:
    return parse_notice(_PROFILE.read_text(encoding="utf-8"), _PROFILE.name)


@pytest.fixture(scope="session")
def data() -> Path:
    return Path(__file__).parents[1] / "data" / "roster"


@pytest.fixture(scope="session")
def sheet_of() -> Callable[..., Sheet]:
    """A sheet of plain values: str, number, date, None, or a Cell as it is; merges as A1-like 0-based fours."""

    def build(
        *rows: Sequence[object], merges: Sequence[tuple[int, int, int, int]] = (), **about: object
    ) -> Sheet:
        return Sheet(
            name=str(about.pop("name", "名册")),
            rows=tuple(tuple(map(_cell, row)) for row in rows),
            merges=tuple(Merge(*merge) for merge in merges),
            **about,
        )

    return build


def _cell(value: object) -> Cell:
    if isinstance(value, Cell):
        return value
    if value is None or value == "":
        return Cell(CellKind.BLANK, "")
    if isinstance(value, datetime.date):
        return Cell(CellKind.DATE, value.isoformat())
    return Cell(_KINDS[type(value)], str(value))


@dataclass(frozen=True)
class Formatted:
    """A number as one of the number formats given to the workbook shows it; dates are days since 1899-12-30."""

    number: float
    format: int


@dataclass(frozen=True)
class Drawn:
    """A sheet of an .xlsb; a cell is a str (``#N/A`` an error, ``rich:`` before a rich text), a number,
    a bool, None or a Formatted one."""

    name: str
    rows: Sequence[Sequence[object]]
    state: int = 0
    merges: Sequence[tuple[int, int, int, int]] = ()
    extra: bytes = b""


@pytest.fixture(scope="session")
def formatted() -> type[Formatted]:
    return Formatted


@pytest.fixture(scope="session")
def drawn() -> type[Drawn]:
    return Drawn


@pytest.fixture(scope="session")
def xlsb_of() -> Callable[..., bytes]:
    """The bytes of a workbook in BIFF12, as [MS-XLSB] has it, with no more in it than a reader needs."""

    def build(*sheets: Drawn, formats: Sequence[str] = (), since_1904: bool = False) -> bytes:
        strings: list[str] = []
        parts = {
            f"xl/worksheets/sheet{index}.bin": _binary_sheet(sheet, strings)
            for index, sheet in enumerate(sheets, start=1)
        }
        relations = "".join(
            f'<Relationship Id="rId{index}" Type="x/worksheet" Target="worksheets/sheet{index}.bin"/>'
            for index in range(1, len(sheets) + 1)
        )
        bundle = b"".join(
            record(156, struct.pack("<II", sheet.state, index) + wide(f"rId{index}") + wide(sheet.name))
            for index, sheet in enumerate(sheets, start=1)
        )
        properties = record(153, struct.pack("<III", since_1904, 0, 0))
        codes = (record(44, struct.pack("<H", 164 + at) + wide(code)) for at, code in enumerate(formats))
        styles = (record(47, struct.pack("<HH12x", 0, 164 + at)) for at in range(len(formats)))
        parts |= {
            "xl/_rels/workbook.bin.rels": f"<Relationships>{relations}</Relationships>".encode(),
            "xl/workbook.bin": record(131)
            + properties
            + record(143)
            + bundle
            + record(144)
            + record(157, bytes(4))
            + record(132),
            "xl/styles.bin": record(615, struct.pack("<I", len(formats)))
            + b"".join(codes)
            + record(616)
            + record(617, struct.pack("<I", len(formats) + 1))
            + record(47, bytes(16))
            + b"".join(styles)
            + record(618),
            "xl/sharedStrings.bin": record(159, struct.pack("<II", len(strings), len(strings)))
            + b"".join(record(19, b"\0" + wide(text)) for text in strings)
            + record(160),
        }
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return stream.getvalue()

    return build


def _binary_sheet(sheet: Drawn, strings: list[str]) -> bytes:
    merges = b"".join(
        record(176, struct.pack("<IIII", top, bottom, left, right))
        for top, left, bottom, right in sheet.merges
    )
    rows = b"".join(
        record(0, struct.pack("<I", row) + bytes(13)) + _binary_cells(cells, strings)
        for row, cells in enumerate(sheet.rows)
    )
    size = struct.pack("<IIII", 0, max(0, len(sheet.rows) - 1), 0, max(map(len, sheet.rows), default=1) - 1)
    data = record(148, size) + record(145) + rows + sheet.extra + record(146)
    return record(129) + data + record(177, bytes(4)) + merges + record(178) + record(130)


def _binary_cells(cells: Iterable[object], strings: list[str]) -> bytes:
    written = b""
    for column, value in enumerate(cells):
        number, form = (value.number, value.format + 1) if isinstance(value, Formatted) else (value, 0)
        place = struct.pack("<II", column, form)
        match number:
            case None:
                written += record(1, place)
            case bool():
                written += record(4, place + bytes([number]))
            case int() if abs(number) < 1 << 29:
                written += record(2, place + struct.pack("<i", number << 2 | 2))
            case int() | float():
                written += record(5, place + struct.pack("<d", number))
            case "#N/A":
                written += record(3, place + b"\x2a")
            case "=#REF!":
                written += record(11, place + b"\x17" + bytes(10))
            case str() if number.startswith("rich:"):
                written += record(62, place + b"\1" + wide(number[5:]) + struct.pack("<IHH", 1, 0, 0))
            case _:
                written += record(7, place + struct.pack("<I", len(strings)))
                strings.append(str(number))
    return written


def record(number: int, body: bytes = b"") -> bytes:
    return _groups(number) + _groups(len(body)) + body


def wide(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def _groups(number: int) -> bytes:
    """Seven bits at a time, the lowest first; all bytes but the last have their highest bit set."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])
