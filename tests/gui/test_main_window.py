from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, open_collection
from certclerk.core.records import Filing, Finding, Severity
from certclerk.core.rules import CATALOGUE
from certclerk.gui import files, main_window, recent
from certclerk.gui.main_window import LEAST_SIZE, MainWindow
from certclerk.gui.session import Session
from certclerk.jobs import acts, counter

W = TypeVar("W", bound=QWidget)
Control = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "user"
    made.mkdir()
    return made


@pytest.fixture
def window(
    folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[MainWindow]:
    monkeypatch.setattr(files, "documents", lambda: tmp_path)
    monkeypatch.setattr(files, "forget_folders", lambda: None)
    made = MainWindow(folder)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


@pytest.fixture
def path(collection: Collection) -> Path:
    """A collection of six teachers that nobody has open."""
    collection.close()
    return collection.path


@pytest.fixture
def opened(window: MainWindow, path: Path) -> MainWindow:
    assert window.open_path(path)
    return window


def find(parent: QWidget, kind: type[W], name: str) -> W:
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def session_of(window: MainWindow) -> Session:
    assert window.session is not None
    return window.session


def trigger(window: MainWindow, name: str) -> None:
    window.action(name).trigger()


def dialog_of(window: MainWindow, qtbot: QtBot, name: str) -> QDialog:
    qtbot.waitUntil(lambda: any(found.isVisible() for found in window.findChildren(QDialog, name)))
    return next(found for found in window.findChildren(QDialog, name) if found.isVisible())


def test_it_starts_with_the_start_page(window: MainWindow) -> None:
    assert window.start_page.isVisible()
    assert not window.action("actionPackage").isEnabled()
    assert window.action("actionNew").isEnabled()


def test_opening_shows_the_first_teacher_and_the_title(opened: MainWindow) -> None:
    session = session_of(opened)
    assert opened.windowTitle().startswith("泉州第一中学 · ")
    assert session.current == session.teachers()[0].id
    assert find(opened, QWidget, "rosterTable").isVisible()
    assert find(opened, QWidget, "scanPanel").isVisible()
    assert find(opened, QWidget, "findingsPanel").isVisible()
    assert opened.action("actionPackage").isEnabled()


def test_nothing_flashes_up_as_a_window_of_its_own(
    window: MainWindow, path: Path, qapp: QApplication
) -> None:
    """A part that is shown before it has a parent does, and takes the window's place as the active one."""
    stray: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                stray.append(watched.objectName() or type(watched).__name__)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    window.open_path(path)
    qapp.removeEventFilter(watch)
    assert stray == []


def test_opening_it_again_changes_nothing(opened: MainWindow, path: Path) -> None:
    session = opened.session
    assert opened.open_path(path) and opened.session is session


def test_closing_leaves_one_file_and_the_start_page(opened: MainWindow, path: Path) -> None:
    trigger(opened, "actionClose")
    assert opened.start_page.isVisible() and opened.session is None
    assert [found.name for found in path.parent.glob("*.certclerk*")] == [path.name]
    with open_collection(path) as again:
        assert len(again.roster().teachers) == 6


def test_the_window_closes_without_a_question(opened: MainWindow, path: Path) -> None:
    session_of(opened).act(acts.set_teacher_field, session_of(opened).teachers()[0].id, "name", "王方")
    assert opened.close()
    with open_collection(path) as again:
        assert again.roster().teachers[0].name == "王方"


def test_one_that_is_not_there_is_told_on_the_start_page(window: MainWindow, path: Path) -> None:
    assert not window.open_path(path.with_name("没有.certclerk"))
    trouble = find(window, QLabel, "troubleLabel")
    assert trouble.isVisible() and "没有.certclerk" in trouble.text()
    assert window.open_path(path)


@pytest.mark.parametrize("content", [b"", b"not a collection" * 100, None])
def test_what_is_no_collection_is_told_on_the_start_page(
    window: MainWindow, tmp_path: Path, content: bytes | None
) -> None:
    bad = tmp_path / "坏.certclerk"
    if content is not None:
        bad.write_bytes(content)
    assert not window.open_path(bad)
    assert "坏.certclerk" in find(window, QLabel, "troubleLabel").text()
    assert content is None or bad.read_bytes() == content


def test_a_failed_opening_keeps_what_is_open(opened: MainWindow, tmp_path: Path) -> None:
    assert not opened.open_path(tmp_path / "没有.certclerk")
    assert opened.session is not None and "没有.certclerk" in opened.shown.messages.text


def test_recent_ones_are_listed_greyed_and_cleared(
    opened: MainWindow, folder: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    recent.remember(folder, tmp_path / "拔掉的U盘.certclerk")
    trigger(opened, "actionClose")
    assert find(opened, QPushButton, "recent1").accessibleName() == "拔掉的U盘（找不到）"
    second = find(opened, QPushButton, "recent2")
    assert second.accessibleName() == "泉州第一中学"
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert opened.session is not None
    trigger(opened, "actionClose")
    qtbot.mouseClick(find(opened, QPushButton, "clearRecentButton"), Qt.MouseButton.LeftButton)
    assert recent.recent(folder) == ()


def test_a_new_collection_by_names(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    trigger(window, "actionNew")
    dialog = dialog_of(window, qtbot, "newCollectionDialog")
    create = find(dialog, QPushButton, "createButton")
    qtbot.mouseClick(create, Qt.MouseButton.LeftButton)
    assert "单位" in find(dialog, QLabel, "unitWord").text() and dialog.isVisible()
    find(dialog, QComboBox, "unitField").setEditText("泉州市第一中学")
    assert "2017年3月13日–17日 已过" in find(dialog, QLabel, "unitWord").text()
    assert find(dialog, QLineEdit, "placeField").text() == str(tmp_path / "泉州第一中学.certclerk")
    find(dialog, QLineEdit, "clerkField").setText("王五")
    find(dialog, QLineEdit, "phoneField").setText("22138813")
    qtbot.mouseClick(create, Qt.MouseButton.LeftButton)
    assert session_of(window).filing() == Filing("泉州第一中学", "王五", "22138813")
    assert session_of(window).collection.path == tmp_path / "泉州第一中学.certclerk"


def test_a_new_collection_never_replaces_a_file(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    there = tmp_path / "已有.certclerk"
    there.write_bytes(b"x")
    trigger(window, "actionNew")
    dialog = dialog_of(window, qtbot, "newCollectionDialog")
    find(dialog, QComboBox, "unitField").setEditText("某校")
    assert "另加一行" in find(dialog, QLabel, "unitWord").text()
    place = find(dialog, QLineEdit, "placeField")
    place.setFocus()
    place.selectAll()
    qtbot.keyClicks(place, str(there.with_suffix("")).replace("已有", ""))
    place.setText(str(there.with_suffix("")))
    qtbot.mouseClick(find(dialog, QPushButton, "createButton"), Qt.MouseButton.LeftButton)
    assert "已经存在" in find(dialog, QLabel, "placeWord").text()
    assert there.read_bytes() == b"x" and window.session is None
    place.setText(str(tmp_path / "没有" / "这个.certclerk"))
    qtbot.mouseClick(find(dialog, QPushButton, "createButton"), Qt.MouseButton.LeftButton)
    assert "文件夹" in find(dialog, QLabel, "placeWord").text()


def test_a_notice_of_the_clerks_own(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, file_dialogs: Any
) -> None:
    trigger(window, "actionNew")
    dialog = dialog_of(window, qtbot, "newCollectionDialog")
    choice = find(dialog, QComboBox, "noticeChoice")
    bad = tmp_path / "坏.toml"
    bad.write_text("id = 1", encoding="utf-8")
    file_dialogs.answer = (bad,)
    choice.activated.emit(choice.count() - 1)
    assert "坏.toml" in find(dialog, QLabel, "noticeWord").text() and choice.currentIndex() == 0
    file_dialogs.answer = (Path(__file__).parents[1] / "data" / "notices" / "invented.toml",)
    choice.activated.emit(choice.count() - 1)
    assert choice.currentIndex() == 1 and not find(dialog, QLabel, "noticeWord").text()
    units = find(dialog, QComboBox, "unitField")
    units.setEditText("某校")
    qtbot.mouseClick(find(dialog, QPushButton, "createButton"), Qt.MouseButton.LeftButton)
    assert session_of(window).notice.id != "quanzhou-2017-1"


def test_the_sample_is_made_once_and_then_opened(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, path: Path, tmp_path: Path
) -> None:
    made: list[Path] = []

    def make_sample(folder: Path, *, progress: Callable[..., None], cancelled: Callable[[], bool]) -> Path:
        assert not cancelled()
        progress(1, 2, "张三")
        folder.mkdir()
        made.append(folder)
        return path.rename(folder / path.name)

    import certclerk.jobs.sample

    monkeypatch.setattr(certclerk.jobs.sample, "make_sample", make_sample)
    qtbot.mouseClick(find(window, QPushButton, "sampleButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session is not None)
    trigger(window, "actionClose")
    qtbot.mouseClick(find(window, QPushButton, "sampleButton"), Qt.MouseButton.LeftButton)
    assert window.session is not None and made == [tmp_path / "certclerk示例"]


def test_undo_and_redo_by_keys(opened: MainWindow, qtbot: QtBot) -> None:
    session = session_of(opened)
    first = session.teachers()[0].id
    session.act(acts.set_teacher_field, first, "name", "王方")
    assert opened.action("actionUndo").text() == "撤销：改姓名"
    table = opened.shown.roster.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Z, Control)
    assert session.teachers()[0].name == "王芳"
    assert "已撤销" in opened.shown.messages.text and opened.shown.messages.isVisible()
    qtbot.keyClick(table, Qt.Key.Key_Z, Control | Qt.KeyboardModifier.ShiftModifier)
    assert session.teachers()[0].name == "王方"


def test_a_removed_teacher_comes_back_from_the_message(opened: MainWindow, qtbot: QtBot) -> None:
    session = session_of(opened)
    opened.shown.roster.table.setFocus()
    qtbot.keyClick(opened.shown.roster.table, Qt.Key.Key_Delete, Control)
    assert len(session.teachers()) == 5
    qtbot.mouseClick(find(opened, QPushButton, "messageUndoButton"), Qt.MouseButton.LeftButton)
    assert session.teachers()[0].name == "王芳"


def test_keys_to_the_next_gap_and_around_the_panes(opened: MainWindow, qtbot: QtBot) -> None:
    session = session_of(opened)
    qtbot.keyClick(opened, Qt.Key.Key_Down, Control)
    assert session.current == session.teachers()[1].id
    qtbot.keyClick(opened, Qt.Key.Key_F, Control)
    assert opened.focusWidget() is opened.shown.roster.search
    for key, pane in ((Qt.Key.Key_2, opened.shown.scan), (Qt.Key.Key_3, opened.shown.findings)):
        qtbot.keyClick(opened, key, Control)
        assert pane.isAncestorOf(opened.focusWidget()) or pane is opened.focusWidget()


def test_f4_gives_the_roster_the_window_and_f8_hides_the_findings(opened: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_F4)
    assert opened.shown.roster.wide and not opened.shown.scan.isVisible()
    assert opened.action("actionWideRoster").isChecked()
    qtbot.keyClick(opened, Qt.Key.Key_F4)
    assert opened.shown.scan.isVisible() and opened.shown.findings.isVisible()
    qtbot.keyClick(opened, Qt.Key.Key_F8)
    assert not opened.shown.findings.isVisible()
    trigger(opened, "actionGoFindings")
    assert opened.shown.findings.isVisible()


def test_the_filing_is_changed(opened: MainWindow, qtbot: QtBot) -> None:
    trigger(opened, "actionFiling")
    dialog = dialog_of(opened, qtbot, "filingDialog")
    assert find(dialog, QLineEdit, "clerkField").text() == "王五"
    find(dialog, QLineEdit, "phoneField").setText("88887777")
    qtbot.mouseClick(find(dialog, QPushButton, "acceptButton"), Qt.MouseButton.LeftButton)
    assert session_of(opened).filing().phone == "88887777"


def test_a_finding_about_the_unit_leads_to_the_filing(opened: MainWindow, qtbot: QtBot) -> None:
    session_of(opened).request_focus(Finding("phone_missing", Severity.ERROR, "", field="phone"))
    dialog_of(opened, qtbot, "filingDialog").reject()


@pytest.mark.parametrize(
    ("action", "dialog", "word"),
    [
        ("actionKeys", "keysDialog", "Ctrl+↓"),
        ("actionAbout", "aboutDialog", "版本"),
    ],
)
def test_help(window: MainWindow, qtbot: QtBot, action: str, dialog: str, word: str) -> None:
    trigger(window, action)
    shown = dialog_of(window, qtbot, dialog)
    assert word in shown.findChild(QWidget, "lines").toPlainText()
    shown.accept()


def test_every_finding_is_explained_and_can_be_looked_up(window: MainWindow, qtbot: QtBot) -> None:
    trigger(window, "actionCodes")
    shown = dialog_of(window, qtbot, "codesDialog")
    table, search = find(shown, QTableView, "codesTable"), find(shown, QLineEdit, "codesSearch")

    def codes() -> set[str]:
        model = table.model()
        return {model.index(row, model.columnCount() - 1).data() for row in range(model.rowCount())}

    assert codes() == set(CATALOGUE)
    search.setText("校验位")
    assert codes() == {"id_check_digit"}
    search.setText("没有这样的")
    assert codes() == set() and not table.isVisible()
    shown.accept()


@pytest.mark.parametrize(
    ("action", "title"),
    [
        ("actionExportRoster", "导出名册"),
        ("actionRosterTemplate", "空白模板"),
        ("actionAudit", "摸底审核表"),
        ("actionChase", "催交名单"),
        ("actionSignatures", "本人核对表"),
    ],
)
def test_the_lists_of_the_roster(opened: MainWindow, qtbot: QtBot, action: str, title: str) -> None:
    trigger(opened, action)
    shown = dialog_of(opened, qtbot, "listsDialog")
    assert find(shown, QLabel, "listTitle").text() == title
    shown.reject()


@pytest.mark.parametrize(("action", "name"), [("actionStack", "stackDialog"), ("actionTrash", "trashDialog")])
def test_stack_mode_and_the_trash_open(opened: MainWindow, qtbot: QtBot, action: str, name: str) -> None:
    trigger(opened, action)
    dialog_of(opened, qtbot, name).reject()


def test_refused_files_are_listed(opened: MainWindow, qtbot: QtBot) -> None:
    session_of(opened).reported.emit("放入 1 页，2 个文件没有收入。", ("“a.jpg”已损坏", "“b.jpg”是空文件"))
    shown = dialog_of(opened, qtbot, "refusedDialog")
    assert "b.jpg" in shown.findChild(QWidget, "lines").toPlainText()


def test_import_opens_the_wizard_on_the_chosen_file(
    opened: MainWindow, qtbot: QtBot, file_dialogs: Any, tmp_path: Path
) -> None:
    sheet = tmp_path / "名册.csv"
    sheet.write_text("姓名,性别\n赵六,男\n", encoding="utf-8-sig")
    file_dialogs.answer = (sheet,)
    trigger(opened, "actionImportRoster")
    dialog_of(opened, qtbot, "importWizard").reject()


def test_package_and_verify_open(opened: MainWindow, qtbot: QtBot, file_dialogs: Any, tmp_path: Path) -> None:
    trigger(opened, "actionPackage")
    dialog_of(opened, qtbot, "packageWizard").reject()
    file_dialogs.answer = (tmp_path,)
    trigger(opened, "actionVerify")
    dialog_of(opened, qtbot, "verifyDialog").reject()


def test_a_read_only_collection_says_so(window: MainWindow, path: Path) -> None:
    window.open_path(path, read_only=True)
    assert window.windowTitle().endswith("（只读）")
    assert not window.action("actionAddTeacher").isEnabled() and not window.action("actionUndo").isEnabled()
    assert find(window, QLabel, "savedLabel").text() == "只读"


def test_the_figures_at_the_foot(opened: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of(opened)
    assert find(opened, QLabel, "peopleLabel").text() == "6 人 · 完成 1 · 待扫 5 · 有问题 0"
    assert find(opened, QLabel, "percentLabel").text() == "16%"
    assert find(opened, QPushButton, "appointmentButton").text() == "录入时间 2017年3月13日–17日 已过"
    qtbot.waitUntil(lambda: find(opened, QLabel, "sizeLabel").text().endswith("1 封邮件"))
    monkeypatch.setattr(session, "today", lambda: date(2017, 3, 8))
    session.act(acts.set_scope, [session.teachers()[1].id], "out", "退休")
    assert find(opened, QLabel, "peopleLabel").text() == "6 人 · 完成 1 · 待扫 4 · 有问题 0"
    assert find(opened, QLabel, "peopleLabel").toolTip() == "不纳入 1"
    assert find(opened, QPushButton, "appointmentButton").text() == "录入时间 3月13日–17日 还有5天"
    assert find(opened, QLabel, "savedLabel").text().startswith("已保存 ")


def test_the_days_at_the_counter_are_opened_from_the_foot_and_follow(
    opened: MainWindow, qtbot: QtBot
) -> None:
    find(opened, QPushButton, "appointmentButton").click()
    dialog_of(opened, qtbot, "appointmentDialog").close()
    session_of(opened).act(counter.set_appointment, date(2099, 5, 1), date(2099, 5, 2), "带公章")
    shown = find(opened, QPushButton, "appointmentButton")
    assert shown.text().startswith("录入时间 2099年5月1日–2日 还有")
    assert "劳动节" in shown.toolTip() and "带公章" in shown.toolTip()


def test_the_start_page_tells_the_days_of_recent_collections(
    opened: MainWindow, path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    session_of(opened).act(counter.set_appointment, date(2099, 5, 4), date(2099, 5, 5), "")
    damaged = tmp_path / "坏.certclerk"
    damaged.write_bytes(b"nothing of ours" * 500)
    recent.remember(opened.folder, damaged)
    trigger(opened, "actionClose")
    days = {
        entry: find(entry, QLabel, "entryDays")
        for entry in opened.start_page.findChildren(QPushButton)
        if entry.objectName().startswith("recent")
    }
    first, second = days
    qtbot.waitUntil(lambda: bool(days[second].text()))
    assert days[second].text().startswith("录入时间 2099年5月4日–5日 还有")
    assert "2099年" in second.accessibleDescription()
    assert days[first].text() == ""
    second.click()
    assert session_of(opened).collection.path == path


def test_a_job_shows_and_can_be_stopped(opened: MainWindow, qtbot: QtBot) -> None:
    stopped: list[bool] = []

    class Work:
        def cancel(self) -> None:
            stopped.append(True)

    work, session = Work(), session_of(opened)
    session.working.emit(work, 3, 10, "收入 张三封面.jpg")
    assert "3/10" in find(opened, QLabel, "workLabel").text()
    qtbot.mouseClick(find(opened, QPushButton, "workCancelButton"), Qt.MouseButton.LeftButton)
    assert stopped == [True]
    session.rested.emit(work)
    assert not find(opened, QWidget, "workStrip").isVisible()


def test_borders_between_panes_are_remembered(
    opened: MainWindow, path: Path, folder: Path, qtbot: QtBot
) -> None:
    opened.shown.findings.parentWidget().setSizes([420, 600, 320])
    wanted, size = opened.shown.findings.width(), opened.size()
    opened.close()
    again = MainWindow(folder)
    qtbot.addWidget(again)
    with qtbot.waitExposed(again):
        again.show()
    again.resize(size)
    again.open_path(path)
    qtbot.waitUntil(lambda: again.shown.findings.width() == wanted)
    again.close()


@pytest.mark.parametrize("size", [(1280, 680), (1366, 728)])
def test_it_fits_the_smallest_screens(opened: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    """1280 × 720 and 1366 × 768 with a task bar; nothing asks for more."""
    assert LEAST_SIZE.width() <= 1180 and LEAST_SIZE.height() <= 640
    hint = opened.minimumSizeHint()
    assert hint.width() <= LEAST_SIZE.width() and hint.height() <= LEAST_SIZE.height()
    opened.resize(*size)
    qtbot.waitUntil(lambda: (opened.width(), opened.height()) == size)


def test_everything_that_takes_the_focus_has_a_name(opened: MainWindow) -> None:
    """Object name for tests, accessible name or text for screen readers."""
    nameless = []
    for widget in opened.findChildren(QWidget):
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        ours = isinstance(widget, QLineEdit | QComboBox | QPushButton | QToolButton)
        if takes_focus and ours and not (widget.accessibleName() or getattr(widget, "text", str)()):
            nameless.append(f"{type(widget).__name__} {widget.objectName()}")
    assert nameless == []


def test_the_first_picture_waits_for_nothing_that_only_later_work_needs(folder: Path) -> None:
    """The enums of ``Qt`` are one of those things: 18 ms."""
    late = ["openpyxl", "pypdf", "python_calamine", "pypinyin", "PIL", "apsw", "PySide6.QtSvg"]
    script = f"""
import sys
from pathlib import Path
from certclerk.gui.run import make_application
from certclerk.gui.main_window import MainWindow
application = make_application()
window = MainWindow(Path({str(folder)!r}))
window.show()
print([name for name in {late} if name in sys.modules], "Qt" in vars(sys.modules["PySide6.QtCore"]))
"""
    recent.remember(folder, folder / "拔掉的U盘.certclerk")
    source = Path(main_window.__file__).parents[2]
    told = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONPATH": str(source)},
    )
    assert told.stdout.strip() == "[] False"
