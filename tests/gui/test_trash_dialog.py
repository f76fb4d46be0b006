from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.core.records import Page
from certclerk.gui import actions, trash_dialog
from certclerk.gui.actions import Situation
from certclerk.gui.choice_dialog import ChoiceDialog, Way
from certclerk.gui.session import Session
from certclerk.gui.trash_dialog import TrashDialog
from certclerk.gui.trash_model import WHERE_ROLE, WHY_ROLE, TrashModel
from certclerk.jobs import acts

Put = Callable[..., Page]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "grabbing the keyboard", r"raise\(\)")


@pytest.fixture
def trashed(session: Session, put_page: Put) -> list[Page]:
    """In the trash, the last first: 2 李娜's cover, her text page, one that waited."""
    held = session.teachers()[1].certificates[0].id
    pages = [put_page("w.jpg"), put_page("t.jpg", held, "text"), put_page("c.jpg", held, "cover")]
    for page in pages:
        acts.trash_pages(session.collection, [page.id])
    return pages


@pytest.fixture
def dialog(session: Session, trashed: list[Page], qtbot: QtBot) -> TrashDialog:
    assert trashed
    made = TrashDialog(session)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def press(dialog: QDialog, name: str) -> None:
    found = dialog.findChild(QPushButton, name)
    assert found is not None and found.isEnabled()
    found.click()


def rows(dialog: TrashDialog, role: int = WHERE_ROLE) -> list[str]:
    model = dialog.list.model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def answer(monkeypatch: pytest.MonkeyPatch, name: str) -> list[tuple[Any, ...]]:
    """What the clerk is asked; the answer is the button of that name."""
    asked: list[tuple[Any, ...]] = []

    def ask(*arguments: Any) -> str:
        asked.append(arguments)
        assert name in {"", *(way.name for way in arguments[5])}
        return name

    monkeypatch.setattr(trash_dialog, "ask_way", ask)
    return asked


def test_it_says_where_each_page_lay_why_it_went_and_when(dialog: TrashDialog) -> None:
    assert rows(dialog) == ["李娜 · 封面", "李娜 · 内页", "待归位"]
    assert rows(dialog, WHY_ROLE)[0].startswith("由经办人删除 · ")
    spoken = dialog.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("c.jpg，原在李娜 · 封面，由经办人删除")


def test_the_chosen_page_is_shown_large(dialog: TrashDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(dialog._preview.has_picture)
    dialog.list.setCurrentIndex(dialog.list.model().index(1, 0))
    assert [item.page.source for item in dialog.chosen()] == ["t.jpg"]


def test_enter_puts_a_page_back_where_it_lay_and_ctrl_z_takes_that_back(
    dialog: TrashDialog, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.undoable) as told:
        qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    assert told.args == ["放回 1 页。"]
    assert [page.source for page in session.teachers()[1].pages()] == ["c.jpg"]
    assert session.collection.undo_label == "放回 李娜 · 封面"
    assert rows(dialog) == ["李娜 · 内页", "待归位"]
    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert rows(dialog) == ["李娜 · 封面", "李娜 · 内页", "待归位"]


def test_all_go_back_in_one_undo(dialog: TrashDialog, session: Session, qtbot: QtBot) -> None:
    dialog.list.selectAll()
    with qtbot.waitSignal(session.undoable) as told:
        press(dialog, "putBackButton")
    assert told.args == ["放回 2 页，1 页在待归位。"]
    assert [page.source for page in session.tray()] == ["w.jpg"]
    assert rows(dialog) == []
    session.undo()
    assert len(rows(dialog)) == 3


@pytest.mark.parametrize(
    ("choice", "cover", "left"),
    [
        ("swapButton", "c.jpg", ["new.jpg", "t.jpg", "w.jpg"]),
        ("toTrayInsteadButton", "new.jpg", ["t.jpg", "w.jpg"]),
        ("", "new.jpg", ["c.jpg", "t.jpg", "w.jpg"]),
    ],
)
def test_where_another_page_lies_by_now_the_clerk_decides(
    dialog: TrashDialog,
    session: Session,
    put_page: Put,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    cover: str,
    left: list[str],
) -> None:
    put_page("new.jpg", session.teachers()[1].certificates[0].id, "cover", "red")
    asked = answer(monkeypatch, choice)
    press(dialog, "putBackButton")
    assert asked[0][3] == "李娜 · 封面 现在已经有页了。"
    assert [page.source for page in session.teachers()[1].pages()] == [cover]
    assert [item.page.source for item in session.collection.trash()] == left


def test_a_page_can_go_to_the_tray_instead(dialog: TrashDialog, session: Session) -> None:
    press(dialog, "toTrayButton")
    assert [page.source for page in session.tray()] == ["c.jpg"]
    assert rows(dialog) == ["李娜 · 内页", "待归位"]
    assert [item.page.source for item in dialog.chosen()] == ["t.jpg"], "the next one is chosen"


def test_emptying_asks_once_with_the_figures_and_cannot_be_undone(
    dialog: TrashDialog, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(session.collection.blob_sizes())
    asked = answer(monkeypatch, "emptyButton")
    with qtbot.waitSignal(session.message) as told:
        press(dialog, "emptyTrashButton")
    assert len(asked) == 1
    assert asked[0][3].startswith("彻底删除回收站里的 3 页（")
    assert "步改动也不能再撤销了" in asked[0][4]
    assert "已彻底删除 3 页" in told.args[0]
    assert rows(dialog) == [] and not dialog.chosen()
    assert not any(
        dialog.findChild(QPushButton, name).isEnabled()  # type: ignore[union-attr]
        for name in ("putBackButton", "toTrayButton", "emptyTrashButton")
    )
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert len(session.collection.blob_sizes()) == before - 3
    assert session.collection.undo_label == ""
    assert session.collection.undo_end == "清空回收站 3 页"


def test_thinking_better_of_it_keeps_everything(
    dialog: TrashDialog, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "")
    press(dialog, "emptyTrashButton")
    assert session.collection.trash_count() == 3


def test_an_empty_trash_says_so(session: Session, qtbot: QtBot) -> None:
    made = TrashDialog(session)
    qtbot.addWidget(made)
    head = made.findChild(QLabel, "trashHead")
    assert head is not None and head.text().startswith("回收站是空的")


def test_the_model_keeps_its_promises(session: Session, trashed: list[Page]) -> None:
    model = TrashModel(session.notice)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_trash(session.collection.trash(), session.roster())
    assert model.rowCount() == len(trashed)
    model.show_trash((), session.roster())
    del tester


# The question, and the actions


def test_a_way_is_chosen_by_its_button_and_enter_cancels(qtbot: QtBot) -> None:
    made = ChoiceDialog(
        None, "askDialog", "清空", "真的？", "不能恢复。", (Way("emptyButton", "彻底删除", "danger"),)
    )
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.keyClick(made, Qt.Key.Key_Return)
    assert made.chosen == "" and not made.isVisible()
    made.show()
    press(made, "emptyButton")
    assert made.chosen == "emptyButton"


def test_the_actions_say_how_much_is_in_it_and_where_undo_ends(qapp: QApplication) -> None:
    made: dict[str, QAction] = actions.make_actions(qapp)
    actions.refresh(made, Situation(open=True, trash=3, undo_end="清空回收站 3 页"))
    assert made["actionTrash"].text() == "回收站（3 页）…"
    assert made["actionUndo"].toolTip() == "清空回收站 3 页，此前的改动不能再撤销"
    actions.refresh(made, Situation(open=True))
    assert made["actionTrash"].text() == "回收站…"
