"""报送记录: what was submitted, what has changed since, and the clerk's ticks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.core.form import Form, FormMapping
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Page
from certclerk.core.submission import Supplement
from certclerk.core.submission_record import Delivery, Step, SubmittedFile, Terms, Tick
from certclerk.gui import print_preview
from certclerk.gui.package.wizard import PackageWizard
from certclerk.gui.records import ticks as ticks_module
from certclerk.gui.records.dialog import RecordsDialog
from certclerk.gui.session import Session
from certclerk.jobs import acts
from certclerk.jobs.package import Options, package, record

from .conftest import Asked

Submit = Callable[..., None]


@pytest.fixture
def shown(session: Session, qtbot: QtBot) -> Callable[[], RecordsDialog]:
    def show() -> RecordsDialog:
        dialog = RecordsDialog(session)
        qtbot.addWidget(dialog)
        dialog.show()
        last = session.collection.last_submission_id()
        qtbot.waitUntil(lambda: last is None or (bool(dialog.current()) and dialog.freshness.settled))
        return dialog

    return show


def lines(dialog: RecordsDialog, name: str) -> list[str]:
    found = dialog.findChild(QListWidget, name)
    return [found.item(row).text() for row in range(found.count())]


def states(dialog: RecordsDialog) -> list[str]:
    return [dialog.table.topLevelItem(row).text(6) for row in range(dialog.table.topLevelItemCount())]


def kept(collection: Collection) -> tuple[Tick, ...]:
    last = collection.last_submission_id()
    assert last is not None
    return collection.submission_ticks().get(last, ())


def test_it_says_that_nothing_was_submitted(shown: Callable[[], RecordsDialog]) -> None:
    dialog = shown()
    assert "还没有报送过" in dialog.findChild(QLabel, "recordsHead").text()
    assert dialog.table.isHidden()
    assert not dialog.findChild(QPushButton, "supplementButton").isEnabled()


def test_newest_first_with_what_has_changed_since(
    session: Session, shown: Callable[[], RecordsDialog], submit: Submit, qtbot: QtBot
) -> None:
    submit(session.collection)
    submit(session.collection)
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "name", "王小芳")
    dialog = shown()
    assert states(dialog) == ["已过期（1 处改动）", "已由后来的代替"]
    assert lines(dialog, "changesList") == ["王小芳：姓名 王芳 → 王小芳"]
    assert dialog.details.currentIndex() == 0
    assert dialog.findChild(QPushButton, "supplementButton").isEnabled()
    session.undo()
    qtbot.waitUntil(lambda: states(dialog)[0] == "与现在一致")
    assert lines(dialog, "changesList") == ["生成以后，报送的内容没有改动。"]
    assert not dialog.findChild(QPushButton, "supplementButton").isEnabled()


def test_files_and_who_was_left_out_are_told(
    session: Session, shown: Callable[[], RecordsDialog], submit: Submit
) -> None:
    acts.set_scope(session.collection, [session.teachers()[3].id], "out", "退休")
    submit(session.collection)
    dialog = shown()
    assert lines(dialog, "recordFiles") == ["泉州第一中学.zip　52.0 MB", "校验清单.json　4.0 KB"]
    assert lines(dialog, "recordLeftOut") == ["阿依古丽·买买提　不纳入：退休"]
    assert not dialog.findChild(QPushButton, "openFolderButton").isEnabled()


@pytest.mark.parametrize(
    ("delivery", "mails", "shows"),
    [(Delivery.MAIL, 2, "电子邮件 2 封"), (Delivery.NET_DRIVE, 0, "网盘"), (Delivery.USB_STICK, 0, "U盘")],
)
def test_how_it_was_handed_in_is_told(
    session: Session,
    shown: Callable[[], RecordsDialog],
    submit: Submit,
    delivery: Delivery,
    mails: int,
    shows: str,
) -> None:
    submit(session.collection, terms=Terms("clear", None, False, False, {}, delivery=delivery), mails=mails)
    assert shown().table.topLevelItem(0).text(4) == shows


def test_the_folder_is_opened_where_it_still_is(
    session: Session,
    shown: Callable[[], RecordsDialog],
    submit: Submit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(session.collection, folder=str(tmp_path))
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog = shown()
    dialog.findChild(QPushButton, "openFolderButton").click()
    assert opened == [str(tmp_path)]


def test_the_annexes_of_that_submission_are_printed_as_they_were(
    session: Session,
    shown: Callable[[], RecordsDialog],
    submit: Submit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(session.collection)
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "name", "王小芳")
    previewed: list[PrintedTable] = []
    monkeypatch.setattr(print_preview, "has_printer", lambda: True)
    monkeypatch.setattr(
        print_preview, "show_preview", lambda _owner, table, _complain: previewed.append(table)
    )
    dialog = shown()
    menu = dialog.findChild(QPushButton, "printAnnexesButton").menu()
    for action in menu.actions():
        action.trigger()
    assert [table.label for table in previewed] == ["附件1", "附件2"]
    assert previewed[0].grid.rows[0][1] == "王芳"


def test_without_a_printer_it_is_told(
    session: Session,
    shown: Callable[[], RecordsDialog],
    submit: Submit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(session.collection)
    monkeypatch.setattr(print_preview, "has_printer", lambda: False)
    dialog = shown()
    word = dialog.findChild(QLabel, "recordWord")
    assert word.isHidden()
    dialog.findChild(QPushButton, "printAnnexesButton").menu().actions()[0].trigger()
    assert "没有打印机" in word.text() and not word.isHidden()


def test_of_an_earlier_version_the_pdf_in_the_folder_is_opened(
    session: Session,
    shown: Callable[[], RecordsDialog],
    submit: Submit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ("附件1_甲.xlsx", "附件1_甲.pdf")
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    files = tuple(SubmittedFile(name, 1, "") for name in names)
    submit(session.collection, folder=str(tmp_path), files=files, content=None)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog = shown()
    dialog.findChild(QPushButton, "printAnnexesButton").menu().actions()[0].trigger()
    assert opened == [str(tmp_path / "附件1_甲.pdf")]


@pytest.fixture
def made(session: Session, put_page: Callable[..., Page], tmp_path: Path) -> Path:
    """A submission folder of 李娜, recorded; everybody else is held."""
    acts.remove_teachers(session.collection, [session.teachers()[0].id])
    teacher = session.teachers()[0]
    for slot in session.notice.slots:
        put_page(f"{slot.label}.jpg", teacher.certificates[0].id, slot.id)
    held = {each.id: "后补" for each in session.teachers()[1:]}
    result = package(session.collection, tmp_path / "out", Options(session.today(), held=held))
    record(session.collection, result)
    return result.written.folder


def test_an_outdated_submission_is_verified_and_is_no_failure(
    session: Session, shown: Callable[[], RecordsDialog], made: Path, qtbot: QtBot
) -> None:
    dialog = shown()

    def verdict() -> str:
        dialog.findChild(QPushButton, "verifyButton").click()
        qtbot.waitUntil(lambda: not session.runner.busy)
        checking = dialog.findChildren(QDialog, "verifyDialog")[-1]
        words = str(checking.findChild(QFrame, "verifyBanner").text())
        with qtbot.waitSignal(checking.finished):
            checking.reject()
        return words

    assert verdict().startswith("校验通过：1 份文档")
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "name", "李小娜")
    assert verdict().startswith("与生成时一致；采集之后有改动")
    next(made.glob("*.zip")).unlink()
    assert verdict().startswith("校验没有通过")


def test_a_sealed_scan_is_added_to_that_submission(
    shown: Callable[[], RecordsDialog],
    made: Path,
    file_dialogs: Asked,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"%PDF-1.4 sealed" * 99)
    file_dialogs.answer = (scan,)
    dialog = shown()
    dialog.findChild(QPushButton, "sealedCopyButton").menu().actions()[0].trigger()
    added = "附件1_泉州第一中学_采集名册（盖章）.pdf"
    qtbot.waitUntil(lambda: added in dialog.findChild(QLabel, "recordWord").text())
    assert (made / added).is_file()
    assert any(line.startswith(added) for line in lines(dialog, "recordFiles"))


def test_a_folder_that_is_gone_takes_no_scan_and_is_not_verified(
    shown: Callable[[], RecordsDialog], made: Path
) -> None:
    shutil.rmtree(made)
    dialog = shown()
    for name in ("sealedCopyButton", "verifyButton", "openFolderButton"):
        assert not dialog.findChild(QPushButton, name).isEnabled()
    assert dialog.findChild(QPushButton, "printAnnexesButton").isEnabled()


def test_a_tick_is_kept_with_its_day_and_can_be_undone(
    session: Session, shown: Callable[[], RecordsDialog], submit: Submit, qtbot: QtBot
) -> None:
    submit(session.collection)
    dialog = shown()
    box = dialog.findChild(QCheckBox, "mailedBox")
    day = dialog.findChild(QDateEdit, "mailedDay")
    assert day.isHidden()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert kept(session.collection) == (Tick(Step.MAILED, session.today()),)
    assert not day.isHidden()
    day.setDate(QDate(2017, 3, 14))
    assert kept(session.collection) == (Tick(Step.MAILED, date(2017, 3, 14)),)
    assert dialog.table.topLevelItem(0).text(7) == "邮件已发 3月14日"
    assert session.collection.undo_label == "报送记录：邮件已发 2017-03-14"
    session.undo()
    session.undo()
    assert kept(session.collection) == ()
    assert not box.isChecked()
    session.redo()
    assert box.isChecked()
    box.click()
    assert kept(session.collection) == ()


def test_what_was_returned_has_a_reason(
    session: Session,
    shown: Callable[[], RecordsDialog],
    submit: Submit,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(session.collection)
    dialog = shown()
    box, reason = dialog.findChild(QCheckBox, "returnedBox"), dialog.findChild(QLineEdit, "returnedReason")
    monkeypatch.setattr(ticks_module, "ask_reason", lambda *_asked: None)
    box.click()
    assert not box.isChecked()
    assert kept(session.collection) == ()
    monkeypatch.setattr(ticks_module, "ask_reason", lambda *_asked: "附件没有盖章")
    box.click()
    assert kept(session.collection) == (Tick(Step.RETURNED, session.today(), "附件没有盖章"),)
    reason.setFocus()
    reason.setText("图像不清楚")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert kept(session.collection)[0].reason == "图像不清楚"


def test_a_tick_does_not_outdate_it(
    session: Session, shown: Callable[[], RecordsDialog], submit: Submit, qtbot: QtBot
) -> None:
    submit(session.collection)
    dialog = shown()
    dialog.findChild(QCheckBox, "acceptedBox").click()
    qtbot.waitUntil(lambda: dialog.freshness.settled)
    assert states(dialog) == ["与现在一致"]


def test_enter_on_a_change_goes_to_its_teacher(
    session: Session, shown: Callable[[], RecordsDialog], submit: Submit, qtbot: QtBot
) -> None:
    submit(session.collection)
    acts.set_teacher_field(session.collection, session.teachers()[1].id, "note", "更正")
    dialog = shown()
    qtbot.keyClick(dialog.findChild(QListWidget, "changesList"), Qt.Key.Key_Return)
    assert session.current == session.teachers()[1].id
    assert not dialog.isVisible()


def test_a_supplement_belongs_to_the_full_submission_before_it(
    session: Session, shown: Callable[[], RecordsDialog], submit: Submit
) -> None:
    submit(session.collection)
    of = session.collection.last_submission_id()
    assert of is not None
    submit(session.collection, supplement=Supplement(of, 1, frozenset()))
    dialog = shown()
    assert states(dialog) == ["与现在一致", "后有补报"]
    assert dialog.table.topLevelItem(0).text(1) == "补报1"


def test_the_wizard_offers_a_supplement_once_something_was_submitted(
    session: Session, submit: Submit, qtbot: QtBot
) -> None:
    first = PackageWizard(session)
    qtbot.addWidget(first)
    assert first.findChild(QComboBox, "packageScope") is None
    submit(session.collection)
    asked = PackageWizard(session, supplement=True)
    qtbot.addWidget(asked)
    choice = asked.findChild(QComboBox, "packageScope")
    assert choice.currentText() == "补报：只报上次以后新增、有改动的教师"
    again = PackageWizard(session)
    qtbot.addWidget(again)
    assert again.findChild(QComboBox, "packageScope").currentText() == "全部教师"


def test_a_bureaus_form_that_came_since_is_told(
    session: Session, submit: Submit, shown: Callable[[], RecordsDialog]
) -> None:
    submit(session.collection)
    annex = session.notice.annexes[0]
    mapping = FormMapping("Sheet1", 1, 1, ((0, "name"),))
    dialog = shown()
    session.collection.keep_form(Form(annex.file, "表样.xlsx", mapping, b"PK"))
    assert lines(dialog, "changesList") == [f"{annex.label}改用局里的表样"]
    session.collection.drop_form(annex.file)
    assert not dialog.freshness.outdated
