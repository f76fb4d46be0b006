"""Views brought up to date at once, or one in each turn of the event loop."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from certclerk.gui.refreshing import Refreshing


class View(QObject):
    def __init__(self, told: list[str], name: str) -> None:
        super().__init__()
        self._told = told
        self._name = name

    def show(self) -> None:
        self._told.append(self._name)


@pytest.mark.usefixtures("qapp")
def test_a_view_is_shown_at_once() -> None:
    told: list[str] = []
    Refreshing().ask(View(told, "a").show)
    assert told == ["a"]


def test_spread_views_take_turns_and_each_is_shown_once(qtbot: QtBot) -> None:
    """``a b a`` → ``a``, ``b``, and other events of the loop between them."""
    told: list[str] = []
    refreshing, first, second = Refreshing(), View(told, "a"), View(told, "b")
    with refreshing.spread():
        for view in (first, second, first):
            refreshing.ask(view.show)
    assert told == [] and refreshing.is_pending
    other = QTimer()
    other.timeout.connect(lambda: told.append("-"))
    other.start(0)
    qtbot.waitUntil(lambda: not refreshing.is_pending)
    assert [name for name in told if name != "-"] == ["a", "b"]
    assert "-" in told[told.index("a") : told.index("b")]


@pytest.mark.usefixtures("qapp")
def test_what_is_shown_at_once_waits_for_no_turn() -> None:
    told: list[str] = []
    refreshing, view = Refreshing(), View(told, "a")
    with refreshing.spread():
        refreshing.ask(view.show)
    refreshing.ask(view.show)
    assert told == ["a"] and not refreshing.is_pending


def test_what_may_wait_is_shown_once_for_all_that_came(qtbot: QtBot) -> None:
    told: list[str] = []
    refreshing, patient, view = Refreshing(), View(told, "patient"), View(told, "view")
    with refreshing.spread():
        refreshing.ask(patient.show, within_ms=30)
        refreshing.ask(view.show)
        refreshing.ask(patient.show, within_ms=30)
    qtbot.waitUntil(lambda: not refreshing.is_pending)
    assert told == ["view", "patient"]


def test_a_view_that_has_gone_is_passed_over(qtbot: QtBot) -> None:
    told: list[str] = []
    refreshing, gone, view = Refreshing(), View(told, "gone"), View(told, "view")
    for one in (gone, view):
        refreshing.line_up(one.show)
    gone.deleteLater()
    qtbot.waitUntil(lambda: not refreshing.is_pending)
    assert told == ["view"]


def test_after_the_end_nothing_is_shown(qtbot: QtBot) -> None:
    told: list[str] = []
    refreshing, view, patient = Refreshing(), View(told, "view"), View(told, "patient")
    with refreshing.spread():
        refreshing.ask(view.show)
        refreshing.ask(patient.show, within_ms=1)
    refreshing.close()
    qtbot.waitUntil(lambda: not refreshing.is_pending)
    assert told == []
