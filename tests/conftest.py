"""Fixtures for all tests: the shipped notice, and an invented one that shares nothing with it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from certclerk.core.notice import Notice, parse_notice

from .faults import tally

# Windows are tested without a screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent


def read_notice(path: Path) -> Notice:
    return parse_notice(path.read_text(encoding="utf-8"), path.name)


@pytest.fixture(scope="session")
def quanzhou() -> Notice:
    return read_notice(ROOT / "resources" / "notices" / "quanzhou-2017-1.toml")


@pytest.fixture(scope="session")
def invented() -> Notice:
    return read_notice(ROOT / "tests" / "data" / "notices" / "invented.toml")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long form of fault, fuzz and hazard runs")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(tally)
    gc.disable()


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """The one that windows need, whichever test comes first: one for printing alone would stay."""
    return qapp


@pytest.fixture(scope="session", autouse=True)
def users_own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests keep nothing in the folder of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("user")))
        yield


@pytest.fixture(autouse=True)
def garbage_dies_on_the_gui_thread() -> Iterator[None]:
    """As in the program, widgets that are part of a cycle are not destroyed by whichever worker comes along."""
    from certclerk.gui.garbage import collect_due

    yield
    collect_due()
