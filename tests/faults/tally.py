"""What was tried and what went wrong, for the table that a run of tests/faults prints at its end.

    tally.add("bit flips in stored pages", tried=1000, missed=0, miss="not detected")

Called again under one name, the numbers add up, those of several processes too. A miss fails the run, whatever its
test says. This module is a plugin of pytest, registered by tests/conftest.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

# What a process of pytest-xdist hands to the one that started it.
HANDED = "faults tried and missed"


@dataclass(slots=True)
class Row:
    """``misses`` counts by what went wrong: {"files broken": 0}."""

    tried: int
    misses: dict[str, int]


_rows: dict[str, Row] = {}


def add(what: str, *, tried: int, missed: int, miss: str = "missed") -> None:
    """``what`` was ``tried`` so many times; ``missed`` of these ended as ``miss`` says and should not have."""
    add_row(what, tried, {miss: missed})


def add_row(what: str, tried: int, misses: dict[str, int]) -> None:
    """The same with several ways to go wrong."""
    row = _rows.setdefault(what, Row(0, {}))
    row.tried += tried
    for miss, count in misses.items():
        row.misses[miss] = row.misses.get(miss, 0) + count


@contextmanager
def trial(what: str, miss: str = "missed") -> Iterator[None]:
    """One try: missed where the block raises."""
    try:
        yield
    except BaseException:
        add(what, tried=1, missed=1, miss=miss)
        raise
    add(what, tried=1, missed=0, miss=miss)


def missed() -> int:
    return sum(sum(row.misses.values()) for row in _rows.values())


def lines() -> Iterator[str]:
    """The table: what, how often, and each way to go wrong with its number."""
    width = max((len(what) for what in _rows), default=0)
    for what, row in sorted(_rows.items()):
        misses = "   ".join(f"{miss}: {count}" for miss, count in row.misses.items())
        yield f"{what:{width}}   tried: {row.tried:>6,}   {misses}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    handed: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if handed is not None:
        handed[HANDED] = {what: (row.tried, row.misses) for what, row in _rows.items()}
    elif missed() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for what, (tried, misses) in getattr(node, "workeroutput", {}).get(HANDED, {}).items():
        add_row(what, tried, misses)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    table = list(lines())
    if table:
        terminalreporter.section(HANDED)
        for line in table:
            terminalreporter.write_line(line)
