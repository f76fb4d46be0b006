"""The stops of the tour, on one screen. Run by tour.py with the program's own Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QPoint,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
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
from certclerk.gui.package.wizard import PackageWizard
from certclerk.gui.run import prepare
from certclerk.gui.session import Session
from certclerk.jobs import acts
from certclerk.jobs.collections import default_notice, new_collection
from certclerk.jobs.sample import make_sample
from tour_backups import backups
from tour_capture import capture
from tour_copies import copies
from tour_counter import after_submission, form
from tour_driver import QUIET_MS, Tour, in_dialog
from tour_safety import safety
from tour_submission import long_name

# A day before the sample's school is due at the counter, so that the pictures do not age.
DAY = date(2017, 3, 8)
TEACHERS = 24


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
    tour.session.failed.emit("“照片.heic”是 HEIC 照片，暂不能读取，没有收入。请另存为 JPEG 后再加入。")
    tour.picture("message-error")
    tour.press("messageCloseButton")


def roster(tour: Tour) -> None:
    tour.window.shown.tray.set_open(True)
    tour.picture("tray-open")
    tray = tour.find(QListView, "trayList")
    first = tray.visualRect(tray.model().index(0, 0)).center()
    QTest.mouseClick(tray.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
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
    in_dialog("reasonDialog", tour, lambda: tour.picture("reason"))
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
    error = ErrorDialog(tour.window, "certclerk 0.1.0\nValueError\n  scan/panel.py:120 _refresh")
    error.open()
    tour.picture("error")
    error.reject()
    for menu in tour.window.menuBar().findChildren(QMenu):
        if menu.objectName() == "" and menu.title().startswith(("文件", "编辑")):
            menu.popup(tour.window.mapToGlobal(QPoint(8, 30)))
            tour.picture("menu-file" if menu.title().startswith("文件") else "menu-edit")
            menu.close()
            tour.settle()


def lists(tour: Tour) -> None:
    """What comes out of the roster, one picture a list."""
    acts.sign(tour.session.collection, [teacher.id for teacher in tour.session.teachers()[:3]], DAY)
    for action, name in (
        ("actionExportRoster", "list-export"),
        ("actionRosterTemplate", "list-template"),
        ("actionAudit", "list-audit"),
        ("actionChase", "list-chase"),
        ("actionSignatures", "list-signatures"),
    ):
        tour.act(action)
        tour.picture(name)
        tour.find(QDialog, "listsDialog").reject()


def package(tour: Tour) -> None:
    """Every page of the wizard, held at its last step but one, and the verification of what it made."""
    tour.act("actionPackage")
    wizard = tour.find(PackageWizard, "packageWizard")
    tour.picture("package-filing")
    form(tour)
    clerk = tour.find(QLineEdit, "clerkField")
    kept = clerk.text()
    clerk.clear()
    tour.press("nextButton")
    tour.picture("package-filing-incomplete")
    clerk.setText(kept)
    tour.press("nextButton")
    tour.picture("package-check")
    in_dialog("reasonDialog", tour, lambda: hold_all(tour))
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
        tour.answer = folder
        tour.act("actionVerify")
        tour.picture(name)
        tour.find(QDialog, "verifyDialog").reject()


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
    merge(tour)
    tour.answer = tour.aside / "sample" / "扫描件" / "IMG_0001.jpg"
    tour.act("actionImportRoster")
    tour.picture("import-unreadable")
    tour.find(QWizard, "importWizard").reject()


def merge(tour: Tour) -> None:
    """The same workbook once more, after the roster has changed under it."""
    changed, renamed, *_ = tour.session.teachers()
    collection = tour.session.collection
    acts.set_certificate_field(collection, changed.certificates[0].id, "subject", "美术")
    acts.set_teacher_field(collection, changed.id, "note", "年级长")
    acts.set_teacher_field(collection, renamed.id, "id_number", "")
    acts.add_teacher(collection, "新来的")
    tour.act("actionImportRoster")
    tour.picture("import-again")
    tour.press("nextButton")
    tour.picture("import-merge")
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
    lists,
    package,
    after_submission,
    backups,
    safety,
    copies,
    long_name,
    empty_collection,
    import_roster,
    capture,
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
