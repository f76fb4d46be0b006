from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
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
