"""The stops of the tour, on one screen. Run by tour.py with the program's own Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import (
    QMessageLogContext,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QAction, QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QListView,
    QListWidget,
    QMenu,
    QTabWidget,
    QToolButton,
    QWidget,
    QWizard,
)

from certclerk.core.records import Filing
from certclerk.gui import files
from certclerk.gui.error_dialog import ErrorDialog
from certclerk.gui.main_window import MainWindow
from certclerk.gui.package_wizard import PackageWizard
from certclerk.gui.run import prepare
from certclerk.gui.session import Session
from certclerk.gui.verify_dialog import VerifyDialog
from certclerk.jobs import acts
from certclerk.jobs.collections import default_notice, new_collection
from certclerk.jobs.sample import make_sample
from certclerk.system.resources import user_folder

W = TypeVar("W", bound=QWidget)

# A day before the sample's school is due at the counter, so that the pictures do not age.
DAY = date(2017, 3, 8)
TEACHERS = 24
# Logical px that a desktop takes: a window's title bar, and the task bar.
TITLE_BAR, TASK_BAR = 32, 40
DESK, BAR, INK = "#8fa3b5", "#ffffff", "#1f2a37"
# ms without work under way until the window is taken for settled, and until that is given up.
QUIET_MS, PATIENCE_MS = 200, 60_000


@dataclass
class Tour:
    """``problems`` are what did not fit; ``answer`` is what the next file dialog returns."""

    application: QApplication
    folder: Path
    screen: str
    aside: Path
    window: MainWindow = field(init=False)
    problems: list[str] = field(default_factory=list)
    answer: Path | None = None
    taken: int = 0

    def __post_init__(self) -> None:
        self.window = MainWindow(user_folder())
        room = self.application.primaryScreen().size()
        self.window.setGeometry(0, TITLE_BAR, room.width(), room.height() - TITLE_BAR - TASK_BAR)
        self.window.show()

    @property
    def session(self) -> Session:
        assert self.window.session is not None
        return self.window.session

    def find(self, kind: type[W], name: str) -> W:
        """Among all that is shown."""
        for top in reversed(shown_windows()):
            if isinstance(top, kind) and top.objectName() == name:
                return top
            for found in top.findChildren(kind, name):
                if found.isVisible():
                    return found
        raise LookupError(name)

    def press(self, name: str) -> None:
        widget = self.find(QWidget, name)
        if not widget.isEnabled():
            raise LookupError(f"{name} 不可用")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def act(self, name: str) -> None:
        """Triggers one of the window's actions."""
        action = self.window.findChild(QAction, name)
        if action is None or not action.isEnabled():
            raise LookupError(name)
        action.trigger()
        self.settle()

    def settle(self) -> None:
        """Until no work is under way and everything is painted."""
        quiet = waited = 0
        while quiet < QUIET_MS:
            QTest.qWait(50)
            waited += 50
            busy = self.window.session is not None and self.window.session.runner.busy
            quiet = 0 if busy else quiet + 50
            if waited > PATIENCE_MS:
                raise TimeoutError(f"{self.screen}: 一直没有画完")

    def picture(self, name: str, *, settled: bool = True) -> None:
        """The whole screen as the clerk would see it, as PNG; whatever does not fit is noted."""
        if settled:
            self.settle()
        self.taken += 1
        file = self.folder / f"{self.screen}-{self.taken:02}-{name}.png"
        screen = self.application.primaryScreen()
        canvas = QPixmap(screen.size() * screen.devicePixelRatio())
        canvas.setDevicePixelRatio(screen.devicePixelRatio())
        canvas.fill(QColor(DESK))
        painter = QPainter(canvas)
        room = QRect(QPoint(0, 0), screen.size()).adjusted(0, 0, 0, -TASK_BAR)
        for top in shown_windows():
            if not isinstance(top, MainWindow) and not is_popup(top):
                centre(top, room)
            framed = draw_window(painter, top)
            if not room.contains(framed):
                self.problems.append(f"{file.name}：{top.objectName()} 占 {framed}，屏幕只有 {room}")
        painter.fillRect(QRect(0, room.bottom() + 1, room.width(), TASK_BAR), QColor(INK))
        painter.end()
        if not canvas.save(str(file)):
            self.problems.append(f"{file.name}：写不出来")
        print(file, flush=True)


def shown_windows() -> list[QWidget]:
    """The main window first, popups last."""
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top.width() > 1]
    return sorted(tops, key=lambda top: (not isinstance(top, MainWindow), top.isModal(), is_popup(top)))


def is_popup(top: QWidget) -> bool:
    return bool(top.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip))


def draw_window(painter: QPainter, top: QWidget) -> QRect:
    """Paints it with a title bar; returns the room that it takes on the screen."""
    # The offscreen platform draws no frame but reckons with one.
    place = QRect(QPoint(0, TITLE_BAR), top.size()) if isinstance(top, MainWindow) else top.geometry()
    framed = place if is_popup(top) else place.adjusted(0, -TITLE_BAR, 0, 0)
    if framed != place:
        bar = QRect(framed.topLeft(), QSize(framed.width(), TITLE_BAR))
        painter.fillRect(bar, QColor(BAR))
        painter.setPen(QColor(INK))
        painter.drawText(bar.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, top.windowTitle())
    painter.drawPixmap(place.topLeft(), top.grab())
    painter.setPen(QColor(INK))
    painter.drawRect(framed.adjusted(0, 0, -1, -1))
    return framed


def centre(top: QWidget, room: QRect) -> None:
    """Where a window manager puts a dialog."""
    height = top.height() + TITLE_BAR
    top.move((room.width() - top.width()) // 2, (room.height() - height) // 2 + TITLE_BAR)


# The stops


def start(tour: Tour) -> None:
    tour.picture("start")
    tour.act("actionNew")
    tour.picture("new-collection")
    tour.find(QDialog, "newCollectionDialog").reject()
    sample = next(tour.aside.glob("sample/*.certclerk"))
    tour.window.open_path(sample)
    tour.act("actionClose")
    tour.picture("start-recent")
    tour.window.open_path(sample)


def teachers(tour: Tour) -> None:
    """Each of the sample's cases, by the place it has in the roster."""
    for index, name in ((0, "teacher-complete"), (7, "teacher-missing-page"), (2, "two-certificates")):
        tour.session.select(tour.session.teachers()[index].id)
        tour.picture(name)
    tour.session.select(tour.session.teachers()[6].id)
    tour.picture("teacher-out-of-scope")


def findings(tour: Tour) -> None:
    """A teacher with wrong numbers; the message that offers to take it back; the error bar."""
    teacher = tour.session.teachers()[8]
    collection = tour.session.collection
    acts.set_teacher_field(collection, teacher.id, "id_number", teacher.id_number[:-1] + "?")
    acts.set_certificate_field(collection, teacher.certificates[0].id, "number", "2013359904100012")
    acts.set_certificate_field(collection, teacher.certificates[0].id, "subject", "")
    tour.session.select(teacher.id)
    tour.picture("findings")
    tour.press("formButton")
    tour.picture("form-open")
    tour.press("formButton")
    tour.session.undoable.emit("已删除教师 苏雅婷，她的 2 页在回收站里。")
    tour.picture("message-undo")
    tour.window.tell_failure("“照片.heic”是 HEIC 照片，暂不能读取，没有收入。请另存为 JPEG 后再加入。")
    tour.picture("message-error")
    tour.window.message_bar.hide()


def roster(tour: Tour) -> None:
    tour.window.shown.tray.set_open(True)
    tour.picture("tray-open")
    tour.find(QListView, "trayList").setCurrentIndex(tour.find(QListView, "trayList").model().index(0, 0))
    tour.picture("tray-page")
    tour.act("actionWideRoster")
    tour.picture("full-roster")
    tour.act("actionWideRoster")
    chips = [chip for chip in tour.window.shown.roster.filter.findChildren(QToolButton) if chip.isVisible()]
    QTest.mouseClick(chips[1], Qt.MouseButton.LeftButton)
    tour.picture("filter")
    QTest.mouseClick(chips[0], Qt.MouseButton.LeftButton)
    search = tour.find(QLineEdit, "rosterSearch")
    QTest.keyClicks(search, "lxw")
    tour.picture("search")
    search.setText("没有这个人")
    tour.picture("search-nothing")
    search.clear()


def dialogs(tour: Tour) -> None:
    tour.session.select(tour.session.teachers()[9].id)
    in_dialog(tour, "reasonDialog", lambda: tour.picture("reason"))
    tour.act("actionHold")
    for action, dialog, name in (
        ("actionFiling", "filingDialog", "filing"),
        ("actionKeys", "keysDialog", "keys"),
        ("actionCodes", "codesDialog", "codes"),
        ("actionAbout", "aboutDialog", "about"),
    ):
        tour.act(action)
        tour.picture(name)
        tour.find(QDialog, dialog).reject()
    error = ErrorDialog(tour.window, "certclerk 0.1.0\nValueError\n  scan_panel.py:120 _refresh")
    error.open()
    tour.picture("error")
    error.reject()
    for menu in tour.window.menuBar().findChildren(QMenu):
        if menu.objectName() == "" and menu.title().startswith(("文件", "编辑")):
            menu.popup(tour.window.mapToGlobal(QPoint(8, 30)))
            tour.picture("menu-file" if menu.title().startswith("文件") else "menu-edit")
            menu.hide()


def in_dialog(tour: Tour, name: str, visit: Callable[[], None]) -> None:
    """Calls ``visit`` in the dialog of that name that is about to open and hold everything up; closes it."""

    def arrive() -> None:
        dialog = tour.find(QDialog, name)
        visit()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(QUIET_MS, arrive)


def package(tour: Tour) -> None:
    """Every page of the wizard, held at its last step but one, and the verification of what it made."""
    tour.act("actionPackage")
    wizard = tour.find(PackageWizard, "packageWizard")
    tour.picture("package-filing")
    clerk = tour.find(QLineEdit, "clerkField")
    kept = clerk.text()
    clerk.clear()
    tour.press("nextButton")
    tour.picture("package-filing-incomplete")
    clerk.setText(kept)
    tour.press("nextButton")
    tour.picture("package-check")
    in_dialog(tour, "reasonDialog", lambda: hold_all(tour))
    tour.press("holdAllButton")
    tabs = tour.find(QTabWidget, "checkTabs")
    for index, name in enumerate(("package-check-done", "package-warnings", "package-left-out")):
        tabs.setCurrentIndex(index)
        tour.picture(name)
    tour.press("nextButton")
    tour.find(QLineEdit, "outputFolderField").setText(str(tour.aside / "报送"))
    tour.picture("package-output")
    tour.find(QCheckBox, "legacyZipCheck").setChecked(True)
    tour.press("nextButton")
    tour.picture("package-failed")
    wizard.back()
    tour.find(QCheckBox, "legacyZipCheck").setChecked(False)
    tour.settle()
    QTest.mouseClick(tour.find(QWidget, "nextButton"), Qt.MouseButton.LeftButton)
    QTest.qWait(QUIET_MS)
    tour.picture("package-build", settled=False)
    tour.settle()
    tour.picture("package-done")
    wizard.accept()
    verify(tour, next((tour.aside / "报送").iterdir()))


def hold_all(tour: Tour) -> None:
    tour.picture("package-hold")
    tour.find(QLineEdit, "reasonField").setText("材料不全，后补")
    tour.find(QDialog, "reasonDialog").accept()


def verify(tour: Tour, folder: Path) -> None:
    for name in ("verify-passed", "verify-failed"):
        if name == "verify-failed":
            spoil(folder)
        dialog = VerifyDialog(tour.session.runner, folder, tour.window)
        dialog.open()
        tour.picture(name)
        dialog.reject()


def spoil(folder: Path) -> None:
    """One bit of the archive and one annex."""
    archive = next(folder.glob("*.zip"))
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)
    annex = next(folder.glob("附件1*.xlsx"))
    annex.write_bytes(annex.read_bytes() + b" ")


def empty_collection(tour: Tour) -> None:
    tour.act("actionClose")
    path = tour.aside / "泉州第三中学.certclerk"
    with new_collection(path, default_notice(), Filing("泉州第三中学", "陈敏", "22000000")):
        pass
    tour.window.open_path(path)
    tour.picture("empty-collection")


def import_roster(tour: Tour) -> None:
    tour.answer = spoiled_roster(next(tour.aside.glob("sample/*.xlsx")))
    tour.act("actionImportRoster")
    wizard = tour.find(QWizard, "importWizard")
    tour.picture("import-table")
    tour.find(QListWidget, "problemsList").setCurrentRow(1)
    tour.picture("import-problem")
    tour.find(QCheckBox, "problemsOnlyCheck").setChecked(True)
    tour.picture("import-problems-only")
    tour.find(QCheckBox, "problemsOnlyCheck").setChecked(False)
    name = tour.find(QComboBox, "fieldChoiceB")
    name.setCurrentIndex(0)
    tour.picture("import-no-name")
    name.setCurrentIndex(name.findData("name"))
    tour.settle()
    tour.press("nextButton")
    tour.picture("import-done")
    wizard.accept()
    tour.picture("imported")
    tour.act("actionImportRoster")
    tour.picture("import-again")
    tour.find(QWizard, "importWizard").reject()
    tour.answer = tour.aside / "sample" / "扫描件" / "IMG_0001.jpg"
    tour.act("actionImportRoster")
    tour.picture("import-unreadable")
    tour.find(QWizard, "importWizard").reject()


def spoiled_roster(path: Path) -> Path:
    """The sample's roster as a school's looks: a number typed as one, a date in words, a total, a column more."""
    from openpyxl import load_workbook

    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    sheet["D5"] = 359901198502150000
    sheet["I7"] = "去年九月"
    sheet["E9"] = "高小"
    sheet["K2"] = "民族"
    for row in range(3, sheet.max_row + 1):
        sheet.cell(row, 11, "汉族")
    sheet.append(["合计", f"{TEACHERS}人"])
    workbook.create_sheet("去年的").sheet_state = "hidden"
    other = path.with_name("学校名册.xlsx")
    workbook.save(other)
    return other


STOPS: tuple[Callable[[Tour], None], ...] = (
    start,
    teachers,
    findings,
    roster,
    dialogs,
    package,
    empty_collection,
    import_roster,
)


def tell(_kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
    """What Qt has to say, but for what the offscreen platform cannot do."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)


def main(folder: Path, screen: str, aside: Path) -> int:
    qInstallMessageHandler(tell)
    application = QApplication(sys.argv[:1])
    prepare(application)
    setattr(Session, "today", lambda _session: DAY)  # noqa: B010 - a type checker would not have it
    make_sample(aside / "sample", teachers=TEACHERS, seed=1)
    tour = Tour(application, folder, screen, aside)

    def answer(parent: QWidget | None, question: files.Question) -> tuple[Path, ...]:  # noqa: ARG001
        return (tour.answer,) if tour.answer else ()

    files.ask = answer
    for stop in STOPS:
        stop(tour)
    tour.window.close()
    for problem in tour.problems:
        print(problem, file=sys.stderr)
    return 1 if tour.problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
