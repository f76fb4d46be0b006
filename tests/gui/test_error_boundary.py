from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.core.errors import UserError
from certclerk.gui import error_boundary
from certclerk.gui.error_boundary import LOG_NAME, ErrorBoundary
from certclerk.gui.error_dialog import ErrorDialog
from certclerk.gui.tasks import TaskRunner


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def boundary(tmp_path: Path, shown: list[str], qtbot: QtBot) -> Iterator[ErrorBoundary]:
    """Installed as in the program, in place of pytest-qt's own hook."""
    assert qtbot
    before = sys.excepthook, threading.excepthook
    made = ErrorBoundary(tmp_path, shown.append)
    made.install()
    yield made
    sys.excepthook, threading.excepthook = before


def fail(name: str) -> None:
    raise ValueError(f"{name} 350502198501150020")


def log(tmp_path: Path) -> str:
    return (tmp_path / LOG_NAME).read_text(encoding="utf-8")


@pytest.mark.usefixtures("boundary")
def test_an_error_in_a_slot_is_logged_and_shown_without_names_or_numbers(
    shown: list[str], tmp_path: Path, qtbot: QtBot
) -> None:
    QTimer.singleShot(0, lambda: fail("张三"))
    qtbot.waitUntil(lambda: bool(shown))
    assert "ValueError" in shown[0] and "test_error_boundary.py" in shown[0] and " fail" in shown[0]
    for text in (shown[0], log(tmp_path)):
        assert "张三" not in text and "350502" not in text


@pytest.mark.usefixtures("boundary")
def test_an_error_in_a_worker_is_shown(shown: list[str], qtbot: QtBot) -> None:
    runner = TaskRunner(1)
    runner.run(lambda _job: fail("张三"), lambda _: None)
    qtbot.waitUntil(lambda: bool(shown))
    runner.close()
    assert "ValueError" in shown[0] and "fail" in shown[0]


@pytest.mark.usefixtures("boundary")
def test_an_error_in_a_plain_thread_is_shown_on_the_gui_thread(shown: list[str], qtbot: QtBot) -> None:
    thread = threading.Thread(target=fail, args=("张三",))
    thread.start()
    thread.join()
    assert shown == []
    qtbot.waitUntil(lambda: bool(shown))


@pytest.mark.usefixtures("boundary")
def test_an_error_in_painting_is_shown(shown: list[str], qtbot: QtBot) -> None:
    class Broken(QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:
            fail("张三")

    broken = Broken()
    qtbot.addWidget(broken)
    broken.show()
    qtbot.waitUntil(lambda: bool(shown))
    broken.hide()
    assert "paintEvent" in shown[0]


def test_the_cause_is_named_too(boundary: ErrorBoundary, shown: list[str]) -> None:
    try:
        try:
            fail("张三")
        except ValueError as error:
            raise KeyError("李四") from error
    except KeyError as error:
        boundary.take(type(error), error, error.__traceback__)
    assert "KeyError" in shown[0] and "ValueError" in shown[0] and "李四" not in shown[0]


def test_a_users_error_is_a_sentence_not_a_bug(
    boundary: ErrorBoundary, shown: list[str], qtbot: QtBot
) -> None:
    error = UserError("folder_missing", folder="夹")
    with qtbot.waitSignal(boundary.sentence) as told:
        boundary.take(type(error), error, None)
    assert told.args == [str(error)] and shown == []


def test_one_dialog_at_a_time(boundary: ErrorBoundary, tmp_path: Path) -> None:
    shown: list[str] = []

    def show(details: str) -> None:
        shown.append(details)
        boundary.take(ValueError, ValueError("noch einer"), None)

    boundary._show = show
    boundary.take(ValueError, ValueError("einer"), None)
    assert len(shown) == 1
    assert log(tmp_path).count("ValueError") == 2


def test_the_log_does_not_grow_for_ever_and_may_fail(
    boundary: ErrorBoundary, shown: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_boundary, "MOST_LOG_BYTES", 10)
    for _ in range(3):
        boundary.take(ValueError, ValueError(), None)
    assert log(tmp_path).count("ValueError") == 1
    (tmp_path / LOG_NAME).unlink()
    (tmp_path / LOG_NAME).mkdir()
    boundary.take(ValueError, ValueError(), None)
    assert len(shown) == 4


def test_the_dialog_gives_its_details_to_copy(qtbot: QtBot) -> None:
    dialog = ErrorDialog(None, "certclerk 0\nValueError")
    qtbot.addWidget(dialog)
    copy = dialog.findChild(QPushButton, "copyButton")
    assert copy is not None
    copy.click()
    assert QGuiApplication.clipboard().text() == "certclerk 0\nValueError"
