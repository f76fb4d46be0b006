from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.core.records import Page
from certclerk.gui.session import Session
from certclerk.gui.stack.dialog import StackDialog
from certclerk.gui.stack.model import CELL_ROLE, BesideModel, DealModel, Stack, carrying

from .conftest import Asked

Scan = Callable[..., Path]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "grabbing the keyboard", r"raise\(\)")


@pytest.fixture
def dialog(session: Session, qtbot: QtBot) -> StackDialog:
    made = StackDialog(session)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def folder(scan_file: Scan, tmp_path: Path) -> Callable[[int], Path]:
    """So many pages in a folder, each its own bytes."""

    def draw(count: int) -> Path:
        for number in range(1, count + 1):
            scan_file(f"scan{number}.jpg", "white", (60 + number, 84))
        return tmp_path / "scans"

    return draw


def button(dialog: QDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def text(dialog: QDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found.text()


def read(dialog: StackDialog, qtbot: QtBot, *paths: Path) -> None:
    dialog.read(paths)
    qtbot.waitUntil(lambda: dialog._reading is None)


def open_grid(dialog: StackDialog, qtbot: QtBot, *paths: Path) -> None:
    read(dialog, qtbot, *paths)
    button(dialog, "stackNextButton").click()
    assert dialog.mending.table.isVisible()


def grid(dialog: StackDialog) -> list[str]:
    """A line a certificate: page numbers from 1, - for a gap, x for a cell that takes none; then what is beside."""
    model = dialog.mending.model
    lines = []
    for row in range(model.rowCount()):
        cells = [model.index(row, column).data(CELL_ROLE) for column in range(1, model.columnCount())]
        words = [
            "x" if cell.closed else "-" if cell.number is None else str(cell.number + 1) for cell in cells
        ]
        lines.append(f"{model.teacher_at(row).serial}: {' '.join(words)}")
    left = " ".join(str(number + 1) for number in model.deal.left_over())
    return [*lines, left] if left else lines


def press(dialog: StackDialog, qtbot: QtBot, key: Qt.Key, place: int | None = None) -> None:
    if place is not None:
        dialog.mending.table.go_to(place)
    qtbot.keyClick(dialog.mending.table, key)


def drop(view: QAbstractItemView, mime: QMimeData, at: QPointF) -> None:
    modifiers, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    view.dropEvent(QDropEvent(at, Qt.DropAction.MoveAction, mime, left, modifiers))


def test_it_asks_first_and_counts(dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]) -> None:
    assert not button(dialog, "stackNextButton").isEnabled()
    read(dialog, qtbot, folder(17))
    # Teacher 1 has all her pages; 3 has two certificates.
    assert text(dialog, "stackAskedTally") == "6 人 7 本证书除去已有的，还要 18 页，实有 17：少 1 页"
    dialog.asking._skip.setChecked(False)
    assert "6 人 7 本证书 × 3 页 = 21，实有 17：" in text(dialog, "stackAskedTally")
    dialog.asking._first.setCurrentIndex(3)
    assert text(dialog, "stackAskedTally") == "3 人 × 3 页 = 9，实有 17：多 8 页"
    dialog.asking._used["text"].setValue(2)  # type: ignore[union-attr]
    dialog.asking._used["remarks"].setChecked(False)  # type: ignore[union-attr]
    assert text(dialog, "stackAskedTally") == "3 人 × 3 页 = 9，实有 17：多 8 页"
    assert dialog.asking.counts() == {"cover": 1, "text": 2, "remarks": 0}


def test_a_part_of_the_roster_comes_out_even(
    dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]
) -> None:
    read(dialog, qtbot, folder(3))
    assert text(dialog, "stackAskedTally").endswith("实有 3：放到 2 李娜 为止，到这里正好")


@pytest.mark.parametrize(("name", "wants_folder"), [("stackFilesButton", False), ("stackFolderButton", True)])
def test_files_or_a_folder_are_chosen(
    dialog: StackDialog,
    qtbot: QtBot,
    file_dialogs: Asked,
    folder: Callable[[int], Path],
    name: str,
    wants_folder: bool,
) -> None:
    scans = folder(2)
    file_dialogs.answer = (scans,) if wants_folder else tuple(scans.iterdir())
    button(dialog, name).click()
    qtbot.waitUntil(lambda: bool(dialog._stored.pages))
    assert text(dialog, "stackSource") == "读入 2 页。"


def test_what_was_not_taken_is_said_before_anything_shifts(
    dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]
) -> None:
    scans = folder(2)
    (scans / "scan1a.jpg").write_bytes(b"\xff\xd8\xff broken")
    read(dialog, qtbot, scans)
    assert "有 1 个文件没有收入" in text(dialog, "stackDoubt")
    assert button(dialog, "refusedButton").isVisible()


def test_a_missing_and_an_extra_page_are_mended_by_keys_and_taken_back(
    dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]
) -> None:
    open_grid(dialog, qtbot, folder(18))
    straight = grid(dialog)
    assert straight == [
        "1: x x x",
        "2: 1 2 3",
        "3: 4 5 6",
        "3: 7 8 9",
        "4: 10 11 12",
        "5: 13 14 15",
        "6: 16 17 18",
    ]
    press(dialog, qtbot, Qt.Key.Key_Insert, 1)
    assert grid(dialog)[1:3] == ["2: 1 - 2", "3: 3 4 5"]
    assert grid(dialog)[-1] == "18"
    assert text(dialog, "stackTally").endswith("实有 18：多 1 页，中间空 1 格")
    press(dialog, qtbot, Qt.Key.Key_Delete, 3)
    assert grid(dialog)[1:3] == ["2: 1 - 2", "3: 4 5 6"]
    assert grid(dialog)[-1] == "3"
    press(dialog, qtbot, Qt.Key.Key_Delete, 1)
    qtbot.keyClick(dialog.mending.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert grid(dialog)[1] == "2: 1 - 2"
    for _ in range(3):
        button(dialog, "undoMendButton").click()
    assert grid(dialog) == straight
    assert not button(dialog, "undoMendButton").isEnabled()


def test_pages_are_dragged_between_seats_and_to_the_strip(
    dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]
) -> None:
    open_grid(dialog, qtbot, folder(4))
    table, model = dialog.mending.table, dialog.mending.model

    def middle(row: int, column: int) -> QPointF:
        index = model.index(row, column)
        table.scrollTo(index)
        return QPointF(table.visualRect(index).center())

    drop(table, model.mimeData([model.index(2, 1)]), middle(1, 1))
    assert grid(dialog)[1:3] == ["2: 4 1 2", "3: 3 - -"]
    assert table.currentIndex() == model.index(1, 1)
    drop(table, carrying(0), middle(0, 1))
    assert grid(dialog)[1] == "2: 4 1 2", "a cell whose page is there takes none"
    drop(dialog.mending.beside, carrying(0), QPointF(5, 5))
    assert grid(dialog)[1:3] == ["2: 4 2 3", "3: - - -"]
    assert grid(dialog)[-1] == "1"
    assert dialog.mending.beside.isVisible()
    beside = dialog.mending._beside_model
    drop(table, beside.mimeData([beside.index(0)]), middle(1, 3))
    assert grid(dialog)[1:3] == ["2: 4 2 1", "3: 3 - -"]
    assert not dialog.mending.beside.isVisible()


def test_the_page_under_the_cursor_is_shown_with_whose_it_would_be(
    dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]
) -> None:
    open_grid(dialog, qtbot, folder(4))
    assert text(dialog, "stackPreviewTitle") == "2 李娜 · 封面"
    qtbot.keyClick(dialog.mending.table, Qt.Key.Key_Right)
    assert text(dialog, "stackPreviewTitle") == "2 李娜 · 内页"
    qtbot.waitUntil(dialog.mending.preview.canvas.has_picture)
    press(dialog, qtbot, Qt.Key.Key_Down)
    press(dialog, qtbot, Qt.Key.Key_Down)
    assert text(dialog, "stackPreviewTitle") == "3 张三 · 内页"
    qtbot.waitUntil(lambda: not dialog.mending.preview.canvas.has_picture())


def test_enter_places_what_is_shown_in_one_undo(
    dialog: StackDialog, qtbot: QtBot, session: Session, folder: Callable[[int], Path]
) -> None:
    open_grid(dialog, qtbot, folder(4))
    press(dialog, qtbot, Qt.Key.Key_Insert, 0)
    assert button(dialog, "acceptButton").text() == "放入 4 页"
    with qtbot.waitSignal(session.undoable) as told:
        press(dialog, qtbot, Qt.Key.Key_Return)
    assert told.args == ["放入 4 页。"]
    assert dialog.result() == QDialog.DialogCode.Accepted
    held = session.teachers()[1].certificates[0]
    assert [(page.slot, page.source) for page in held.pages] == [
        ("remarks", "scan2.jpg"),
        ("text", "scan1.jpg"),
    ]
    session.undo()
    assert list(session.teachers()[1].pages()) == []


def test_going_back_keeps_the_mends_until_something_else_is_asked(
    dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]
) -> None:
    open_grid(dialog, qtbot, folder(4))
    press(dialog, qtbot, Qt.Key.Key_Insert, 0)
    button(dialog, "backButton").click()
    button(dialog, "stackNextButton").click()
    assert grid(dialog)[1] == "2: - 1 2"
    button(dialog, "backButton").click()
    dialog.asking._used["remarks"].setChecked(False)  # type: ignore[union-attr]
    button(dialog, "stackNextButton").click()
    assert grid(dialog)[1:3] == ["2: 1 2", "3: 3 4"]


def test_escape_goes_one_step_back_and_loses_no_mending(
    dialog: StackDialog, qtbot: QtBot, folder: Callable[[int], Path]
) -> None:
    open_grid(dialog, qtbot, folder(4))
    press(dialog, qtbot, Qt.Key.Key_Insert, 0)
    press(dialog, qtbot, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    button(dialog, "stackNextButton").click()
    assert grid(dialog)[1] == "2: - 1 2"
    dialog.close()
    assert not dialog.isVisible()


def test_pages_that_are_here_already_are_marked(
    dialog: StackDialog,
    qtbot: QtBot,
    session: Session,
    folder: Callable[[int], Path],
    put_page: Callable[..., Page],
) -> None:
    put_page("scan2.jpg", session.teachers()[1].certificates[0].id, "text", "white", size=(62, 84))
    scans = folder(3)
    open_grid(dialog, qtbot, scans)
    cell = dialog.mending.model.index(1, 3).data(CELL_ROLE)
    assert (cell.number, cell.mark) == (1, "已在 李娜 · 内页")


@pytest.mark.parametrize("step", ["ask", "grid"])
def test_a_stack_that_is_cancelled_leaves_no_bytes(
    dialog: StackDialog, qtbot: QtBot, session: Session, folder: Callable[[int], Path], step: str
) -> None:
    before = session.collection.blob_sizes()
    if step == "grid":
        open_grid(dialog, qtbot, folder(4))
    else:
        read(dialog, qtbot, folder(4))
    assert len(session.collection.blob_sizes()) == len(before) + 4
    button(dialog, "cancelButton").click()
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert session.collection.blob_sizes() == before


def test_cancelled_while_it_reads_it_leaves_no_bytes(
    dialog: StackDialog, qtbot: QtBot, session: Session, folder: Callable[[int], Path]
) -> None:
    before = session.collection.blob_sizes()
    dialog.read((folder(6),))
    dialog.reject()
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert session.collection.blob_sizes() == before


def test_other_files_take_the_place_of_the_first(
    dialog: StackDialog, qtbot: QtBot, session: Session, folder: Callable[[int], Path]
) -> None:
    scans = folder(3)
    read(dialog, qtbot, scans)
    read(dialog, qtbot, scans / "scan2.jpg")
    assert [page.page.source for page in dialog._stored.pages] == ["scan2.jpg"]
    qtbot.waitUntil(lambda: not session.runner.busy)
    open_grid(dialog, qtbot, scans / "scan2.jpg")
    press(dialog, qtbot, Qt.Key.Key_Return)
    assert all(found.is_note for found in session.collection.examine())
    assert not session.collection.damaged_blobs()


def test_the_models_keep_their_promises(
    session: Session, folder: Callable[[int], Path], dialog: StackDialog, qtbot: QtBot
) -> None:
    model, beside = DealModel(session.notice), BesideModel()
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [QAbstractItemModelTester(made, mode) for made in (model, beside)]
    open_grid(dialog, qtbot, folder(5))
    pages = tuple(dialog.mending._stack.pages)
    stack = Stack(pages, {0: "待归位"}, {4: 1})
    model.show_stack(stack, dialog.mending.deal, session.teachers())
    beside.show_numbers(stack, (3, 4))
    assert stack.mark(0) == "已在 待归位" and stack.mark(4) == "与第 2 页相同"
    model.show_mended(dialog.mending.deal)
    assert model.headerData(1, Qt.Orientation.Horizontal) == "封面"
    del testers
