"""The package wizard from the filing's head to a submission that verifies, by object names and keys."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog, QPrintPreviewWidget
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTabWidget,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from certclerk.core.records import Page
from certclerk.core.submission_json import from_json
from certclerk.gui import print_preview
from certclerk.gui.package import annex_actions
from certclerk.gui.package import build as package_build
from certclerk.gui.package import output as package_output
from certclerk.gui.package.wizard import PackageWizard
from certclerk.gui.session import Session
from certclerk.jobs import acts, counter
from certclerk.jobs.package import package
from certclerk.jobs.sealed import add_sealed
from certclerk.jobs.verify import verify

from .conftest import Asked

# The offscreen platform has no window manager to tell sizes to, and says so.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

Put = Callable[..., Page]


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "user"))


@pytest.fixture
def filled(session: Session, put_page: Put) -> Session:
    """Five teachers: 李娜 and 䶮一鸣 have a picture in every slot; 张三, 阿依古丽·买买提 and 陈明 have no page."""
    acts.remove_teachers(session.collection, [session.teachers()[0].id])
    for index in (0, 3):
        (certificate,) = session.teachers()[index].certificates
        for slot in session.notice.slots:
            put_page(f"{index}{slot.label}.jpg", certificate.id, slot.id)
    return session


class Driver:
    """The wizard as the clerk without a mouse has it."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.qtbot, self.session = qtbot, session
        self.wizard = PackageWizard(session)
        qtbot.addWidget(self.wizard)
        self.wizard.show()

    def find(self, kind: type[Any], name: str) -> Any:
        """On the page that is shown, or among the wizard's own buttons."""
        found = self.wizard.currentPage().findChild(kind, name) or self.wizard.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name: str, key: Qt.Key = Qt.Key.Key_Space) -> None:
        self.qtbot.keyClick(self.find(QWidget, name), key)

    def enabled(self, name: str) -> bool:
        return bool(self.find(QPushButton, name).isEnabled())

    @property
    def step(self) -> str:
        return str(self.wizard.currentPage().NAME)

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.runner.busy)

    def to_check(self) -> None:
        self.press("nextButton")
        assert self.step == "检查"
        self.wait()

    def hold_all(self, reason: str = "材料不全，后补") -> None:
        answer_reason(self.qtbot, reason)
        self.press("holdAllButton")

    def to_output(self) -> None:
        self.to_check()
        self.hold_all()
        self.press("nextButton")
        assert self.step == "输出"
        self.wait()

    def to_done(self, folder: Path) -> None:
        self.to_output()
        self.find(QLineEdit, "outputFolderField").setText(str(folder))
        self.press("nextButton")
        self.qtbot.waitUntil(lambda: self.step == "完成")

    def lines(self, tree: str) -> list[str]:
        widget = self.find(QTreeWidget, tree)
        tops = [widget.topLevelItem(index) for index in range(widget.topLevelItemCount())]
        return [
            line.text(0) for top in tops for line in (top, *(top.child(i) for i in range(top.childCount())))
        ]

    def choose(self, tree: str, part: str) -> None:
        """The line that has ``part`` in it, on its tab."""
        widget = self.find(QTreeWidget, tree)
        self.find(QTabWidget, "checkTabs").setCurrentWidget(widget)
        (item,) = widget.findItems(part, Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)[:1]
        widget.setCurrentItem(item)


def answer_reason(qtbot: QtBot, reason: str) -> None:
    """Types into the reason dialog that is about to open, and accepts it."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        assert dialog.objectName() == "reasonDialog"
        dialog.findChild(QLineEdit, "reasonField").insert(reason)
        qtbot.keyClick(dialog.findChild(QPushButton, "acceptButton"), Qt.Key.Key_Space)

    QTimer.singleShot(0, answer)


@pytest.fixture
def driver(qtbot: QtBot, filled: Session) -> Driver:
    return Driver(qtbot, filled)


# 报送信息


def test_an_empty_field_is_named_and_gets_the_focus(driver: Driver) -> None:
    clerk = driver.find(QLineEdit, "clerkField")
    clerk.clear()
    driver.find(QLineEdit, "phoneField").clear()
    driver.press("nextButton")
    assert driver.step == "报送信息"
    assert driver.find(QLabel, "filingWord").text() == "请填写经办人、联系电话。"
    assert driver.wizard.focusWidget() is clerk
    clerk.insert("赵六")
    driver.qtbot.keyClicks(driver.find(QLineEdit, "phoneField"), "0595-22138813")
    driver.press("nextButton")
    assert driver.step == "检查"
    assert (driver.session.filing().clerk, driver.session.filing().phone) == ("赵六", "0595-22138813")
    driver.wait()


def test_what_is_no_phone_number_is_doubted_but_taken(driver: Driver) -> None:
    phone = driver.find(QLineEdit, "phoneField")
    phone.clear()
    phone.insert("办公室")
    assert "不像电话号码" in driver.find(QLabel, "filingWord").text()
    driver.to_check()
    assert driver.session.filing().phone == "办公室"


def test_the_unit_is_kept_under_the_notices_name_for_it(driver: Driver) -> None:
    driver.find(QComboBox, "unitField").setEditText("泉州市第三中学")
    driver.to_check()
    assert driver.session.filing().unit == "泉州第三中学"


def test_a_day_that_nobody_chose_stays_open_and_a_chosen_one_stays(driver: Driver) -> None:
    driver.to_check()
    assert driver.session.filing().filled_on is None
    driver.press("backButton")
    chosen = driver.session.today() - timedelta(days=3)
    driver.find(QDateEdit, "filledOnField").setDate(QDate(chosen.year, chosen.month, chosen.day))
    driver.to_check()
    assert driver.session.filing().filled_on == chosen
    driver.press("backButton")
    driver.press("todayButton")
    driver.to_check()
    assert driver.session.filing().filled_on == driver.session.today()


def test_a_filing_that_cannot_be_kept_is_told(driver: Driver) -> None:
    driver.find(QLineEdit, "clerkField").setText("别人")
    driver.session.collection.read_only = True
    driver.press("nextButton")
    assert driver.step == "报送信息"
    assert "只读" in driver.find(QLabel, "filingWord").text()


# 检查


def test_teachers_with_errors_stand_in_the_way(driver: Driver) -> None:
    driver.to_check()
    assert not driver.enabled("nextButton")
    assert driver.find(QFrame, "checkVerdict").text() == "3 名教师有错误，改正或暂缓后才能继续。"
    assert "可以报送 2 名，有错误 3 名" in driver.find(QLabel, "checkFigures").text()
    lines = driver.lines("blockersTree")
    assert [line for line in lines if line[0].isdigit()] == ["3　张三", "4　阿依古丽·买买提", "6　陈明"]
    assert "初级中学证书缺封面" in lines


def test_of_two_certificates_the_one_with_the_error_is_named(driver: Driver) -> None:
    second = driver.session.teachers()[1].certificates[1]
    acts.set_certificate_field(driver.session.collection, second.id, "number", "123")
    driver.to_check()
    assert any(line.startswith("初级中学：") and "17" in line for line in driver.lines("blockersTree"))


def test_one_teacher_is_held_with_a_reason_and_taken_back(driver: Driver) -> None:
    driver.to_check()
    driver.choose("blockersTree", "陈明")
    answer_reason(driver.qtbot, "原件在外地")
    driver.press("holdButton")
    assert "6　陈明" not in driver.lines("blockersTree")
    assert "6　陈明　暂缓（仅这一次）：原件在外地" in driver.lines("leftOutTree")
    driver.choose("leftOutTree", "陈明")
    driver.press("unholdButton")
    assert "6　陈明" in driver.lines("blockersTree")
    assert driver.lines("leftOutTree") == ["名册里的教师都在本次报送中。"]


def test_all_can_be_held_and_the_roster_is_not_changed_by_it(driver: Driver) -> None:
    driver.to_check()
    before = driver.session.collection.undo_label
    driver.hold_all("下次补")
    assert driver.enabled("nextButton")
    assert driver.find(QFrame, "checkVerdict").text() == "可以报送。"
    assert len(driver.lines("leftOutTree")) == 3
    assert driver.session.collection.undo_label == before
    assert all(not teacher.choice for teacher in driver.session.teachers())


def test_who_thinks_better_of_holding_changes_nothing(driver: Driver) -> None:
    driver.to_check()
    QTimer.singleShot(0, lambda: driver.qtbot.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape))
    driver.press("holdAllButton")
    assert not driver.enabled("nextButton")


def test_holding_everyone_leaves_nobody_to_submit(driver: Driver) -> None:
    for teacher in driver.session.teachers()[::3]:
        acts.set_scope(driver.session.collection, [teacher.id], "hold", "病假")
    driver.to_check()
    driver.hold_all()
    assert not driver.enabled("nextButton")
    assert driver.find(QFrame, "checkVerdict").text() == "没有可以报送的教师，请先在名册中补全。"


def test_take_me_there_closes_the_wizard_at_the_teacher(driver: Driver) -> None:
    driver.to_check()
    driver.choose("blockersTree", "陈明")
    asked = []
    driver.session.focus_requested.connect(asked.append)
    driver.press("goButton")
    assert not driver.wizard.isVisible()
    assert driver.session.current == driver.session.teachers()[4].id
    assert asked[0].teacher_id == driver.session.current


def test_enter_in_the_list_takes_there_too_and_never_turns_the_page(driver: Driver) -> None:
    driver.to_check()
    driver.choose("blockersTree", "张三")
    driver.press("blockersTree", Qt.Key.Key_Return)
    assert not driver.wizard.isVisible()
    assert driver.session.current == driver.session.teachers()[1].id


def test_warnings_are_listed_and_do_not_block(driver: Driver) -> None:
    teacher = driver.session.teachers()[0]
    acts.set_teacher_field(driver.session.collection, teacher.id, "sex", "女")
    driver.to_check()
    driver.hold_all()
    assert any("性别" in line for line in driver.lines("warningsTree"))
    assert driver.enabled("nextButton")


# 输出


def test_every_size_is_estimated(driver: Driver) -> None:
    driver.to_output()
    sizes = driver.find(QComboBox, "sizeChoice")
    assert [sizes.itemData(index) for index in range(sizes.count())] == ["original", "clear", "compact"]
    assert all("1 封邮件" in sizes.itemText(index) for index in range(sizes.count()))
    assert driver.find(QLabel, "mailsNote").text().startswith("2 份文档，约需 1 封邮件")


def test_the_folder_is_chosen_and_remembered(
    driver: Driver, file_dialogs: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    driver.to_output()
    file_dialogs.answer = (tmp_path / "报送",)
    (tmp_path / "报送").mkdir()
    driver.press("outputFolderButton")
    assert driver.find(QLineEdit, "outputFolderField").text() == str(tmp_path / "报送")
    assert "泉州第一中学_" in driver.find(QLabel, "outputFolderNote").text()
    driver.press("nextButton")
    qtbot.waitUntil(lambda: driver.step == "完成")
    driver.press("finishButton")
    again = Driver(qtbot, driver.session)
    again.to_output()
    assert again.find(QLineEdit, "outputFolderField").text() == str(tmp_path / "报送")
    assert "改名保留" in again.find(QLabel, "outputFolderNote").text()


def test_a_file_is_no_folder(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    driver.to_output()
    driver.find(QLineEdit, "outputFolderField").setText(str(tmp_path / "文件"))
    driver.press("nextButton")
    assert driver.step == "输出"
    assert "不是一个文件夹" in driver.find(QLabel, "outputFolderNote").text()
    driver.find(QLineEdit, "outputFolderField").clear()
    assert not driver.enabled("nextButton")


def test_clear_is_proposed_and_what_was_chosen_is_proposed_next(driver: Driver, tmp_path: Path) -> None:
    driver.to_output()
    sizes = driver.find(QComboBox, "sizeChoice")
    assert sizes.currentData() == "clear"
    driver.find(QLineEdit, "outputFolderField").setText(str(tmp_path / "out"))
    sizes.setCurrentIndex(2)
    driver.press("nextButton")
    driver.qtbot.waitUntil(lambda: driver.step == "完成")
    again = Driver(driver.qtbot, driver.session)
    again.to_output()
    assert again.find(QComboBox, "sizeChoice").currentData() == "compact"


def test_who_fits_no_mail_is_told_before_with_what_helps(driver: Driver) -> None:
    driver.to_output()
    banner = driver.find(QFrame, "tooLargeBanner")
    assert banner.isHidden()
    assert not driver.find(QPushButton, "smallerButton").isVisible()
    limit = driver.find(QDoubleSpinBox, "mailLimitField")
    limit.setMinimum(0.001)
    limit.setDecimals(3)
    limit.setValue(0.002)
    assert not banner.isHidden()
    assert "李娜（" in banner.text() and "䶮一鸣（" in banner.text()
    assert "“紧凑”" in banner.text() and "网盘" in banner.text()
    driver.find(QComboBox, "deliveryChoice").setCurrentIndex(1)
    assert banner.isHidden()


def test_the_largest_documents_are_named_and_lead_to_their_teachers(driver: Driver) -> None:
    driver.to_output()
    note = driver.find(QLabel, "heaviestNote")
    assert "最大的 2 份" in note.text() and note.text().endswith("KB")
    last = driver.session.teachers()[3]
    assert f'<a href="{last.id}">䶮一鸣</a>' in note.text()
    note.linkActivated.emit(str(last.id))
    assert not driver.wizard.isVisible()
    assert driver.session.current == last.id


def test_a_smaller_size_that_fits_is_one_press_away(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 原样 and 清晰 a document is above the limit of 1 MB, at 紧凑 none is."""
    weights = {"original": 3_000_000, "clear": 2_000_000, "compact": 100_000}
    monkeypatch.setattr(
        package_output, "document_sizes", lambda _c, _submission, key, **_: (weights[key],) * 2
    )
    driver.to_output()
    limit = driver.find(QDoubleSpinBox, "mailLimitField")
    limit.setValue(1.0)
    better = driver.find(QPushButton, "smallerButton")
    assert better.text() == "改用紧凑"
    driver.press("smallerButton")
    assert driver.find(QComboBox, "sizeChoice").currentData() == "compact"
    assert not better.isVisible() and driver.find(QFrame, "tooLargeBanner").isHidden()


@pytest.mark.parametrize(("chosen", "word"), [(1, "网盘"), (2, "U盘")])
def test_what_is_not_mailed_has_one_archive_no_mail_and_a_note(
    chosen: int, word: str, driver: Driver, tmp_path: Path
) -> None:
    driver.to_output()
    driver.find(QLineEdit, "outputFolderField").setText(str(tmp_path / "out"))
    limit = driver.find(QDoubleSpinBox, "mailLimitField")
    limit.setMinimum(0.001)
    limit.setValue(0.001)
    driver.find(QComboBox, "deliveryChoice").setCurrentIndex(chosen)
    assert limit.isHidden()
    sizes = driver.find(QComboBox, "sizeChoice")
    assert not any("邮件" in sizes.itemText(index) for index in range(sizes.count()))
    driver.press("nextButton")
    driver.qtbot.waitUntil(lambda: driver.step == "完成")
    (folder,) = (tmp_path / "out").iterdir()
    assert [path.suffix for path in folder.iterdir() if path.suffix in (".zip", ".eml")] == [".zip"]
    assert not driver.find(QWidget, "copyBodyButton").isVisible()
    assert word in driver.find(QLabel, "nextSteps").text()
    driver.press("copyNoteButton")
    note = QGuiApplication.clipboard().text()
    assert f"{word}中的文件夹“{folder.name}”，共 6 个文件" in note
    assert all(path.name in note for path in folder.iterdir())
    record = from_json(driver.session.collection.submissions()[0].record)
    assert (record.terms.delivery.label, record.terms.limit_mb) == (word, None)


def test_what_is_mailed_has_no_note(driver: Driver, tmp_path: Path) -> None:
    driver.to_done(tmp_path / "out")
    assert not driver.find(QWidget, "copyNoteButton").isVisible()


def test_an_old_zip_is_not_offered_for_names_it_cannot_hold(driver: Driver) -> None:
    driver.to_output()
    assert not driver.find(QCheckBox, "legacyZipCheck").isEnabled()
    assert "䶮一鸣" in driver.find(QLabel, "legacyZipNote").text()
    driver.press("backButton")
    acts.set_teacher_field(driver.session.collection, driver.session.teachers()[3].id, "name", "龚一鸣")
    driver.press("backButton")
    driver.to_check()
    driver.press("nextButton")
    assert driver.find(QCheckBox, "legacyZipCheck").isEnabled()


def test_a_password_is_typed_twice_alike(driver: Driver) -> None:
    driver.to_output()
    first, again = (driver.find(QLineEdit, name) for name in ("zipPasswordField", "zipPasswordAgainField"))
    assert first.echoMode() == again.echoMode() == QLineEdit.EchoMode.Password
    assert "Bandizip" in driver.find(QLabel, "zipPasswordNote").text()
    driver.qtbot.keyClicks(first, "kH7-wq")
    driver.qtbot.keyClicks(again, "kH7-w")
    driver.press("nextButton")
    assert driver.step == "输出"
    assert "不一样" in driver.find(QLabel, "zipPasswordNote").text()
    driver.qtbot.keyClicks(again, "q")
    assert "Bandizip" in driver.find(QLabel, "zipPasswordNote").text()


def test_teachers_of_one_name_are_told_with_their_files(driver: Driver) -> None:
    for teacher in driver.session.teachers()[::3]:
        acts.set_teacher_field(driver.session.collection, teacher.id, "name", "张三")
    driver.to_output()
    assert driver.find(QLabel, "sameNamesNote").text().endswith("：张三（1）.pdf、张三（2）.pdf")


# 生成 and 完成


def test_the_submission_stands_verifies_and_is_told(driver: Driver, tmp_path: Path) -> None:
    driver.to_done(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    report = verify(folder)
    assert report.ok
    assert report.documents == 2
    assert driver.find(QFrame, "doneBanner").text() == "报送包已生成：2 份文档已读回，全部一致。"
    assert driver.find(QFrame, "doneWarning").isHidden()
    table = driver.find(QTableWidget, "filesTable")
    shown = {table.item(row, 0).text() for row in range(table.rowCount())}
    assert shown == {path.name for path in folder.iterdir()}
    assert driver.find(QLabel, "folderPath").text() == str(folder)
    assert "盖章" in driver.find(QLabel, "nextSteps").text()
    days = driver.find(QLabel, "appointmentText").text()
    assert "3月13日–17日" in days
    assert "丰泽区妙云街160号" in days
    assert "陈劲文" in days
    assert driver.enabled("calendarButton")
    (stored,) = driver.session.collection.submissions()
    reasons = {left["reason"] for left in json.loads(stored.record)["left_out"]}
    assert reasons == {"材料不全，后补"}
    driver.press("finishButton")
    assert not driver.wizard.isVisible()


def test_the_last_page_tells_the_clerks_own_days_and_saves_them(
    driver: Driver, tmp_path: Path, file_dialogs: Asked
) -> None:
    counter.set_appointment(driver.session.collection, date(2099, 5, 1), date(2099, 5, 2), "带公章")
    driver.to_done(tmp_path / "out")
    days = driver.find(QLabel, "appointmentText").text()
    assert "2099年5月1日–2日" in days and "带公章" in days
    assert "劳动节" in driver.find(QLabel, "appointmentWarning").text()
    file_dialogs.answer = (tmp_path / "日历.ics",)
    driver.press("calendarButton")
    driver.wait()
    assert driver.find(QLabel, "calendarNote").text().startswith("已存为 日历.ics")
    assert b"DTSTART;VALUE=DATE:20990501" in (tmp_path / "日历.ics").read_bytes()


def test_the_mail_can_be_copied_piece_by_piece(driver: Driver, tmp_path: Path) -> None:
    driver.to_done(tmp_path / "out")
    clipboard = QGuiApplication.clipboard()
    driver.press("copyToButton")
    assert clipboard.text() == "cjwt686996@163.com"
    driver.press("copySubjectButton")
    assert clipboard.text() == "泉州第一中学教师资格证书电子证照采集材料"
    driver.press("copyBodyButton")
    assert "共2名教师、2本证书" in clipboard.text()
    assert driver.find(QLabel, "copiedNote").text().startswith("已复制正文")


def test_folder_and_draft_open_on_the_desktop(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    driver.to_done(tmp_path / "out")
    (folder,) = (tmp_path / "out").iterdir()
    driver.press("openFolderButton")
    driver.press("openDraftButton")
    assert opened == [folder, folder / "邮件草稿.eml"]


def test_a_failure_is_told_and_can_be_put_right(driver: Driver, tmp_path: Path) -> None:
    """The folder cannot be made below a file."""
    file = tmp_path / "文件"
    file.write_text("", encoding="utf-8")
    driver.to_output()
    driver.find(QLineEdit, "outputFolderField").setText(str(file / "out"))
    driver.press("nextButton")
    driver.wait()
    assert driver.step == "生成"
    assert "文件" in driver.find(QFrame, "buildBanner").text()
    assert driver.find(QPushButton, "retryButton").isVisible()
    driver.press("backButton")
    driver.find(QLineEdit, "outputFolderField").setText(str(tmp_path / "out"))
    driver.press("nextButton")
    driver.qtbot.waitUntil(lambda: driver.step == "完成")


class Paused:
    """The real work, stopped at its first report until ``go`` is set."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, collection: Any, parent: Path, options: Any, progress: Any, cancelled: Any) -> Any:
        def report(done: int, total: int, what: str) -> None:
            progress(done, total, what)
            self.begun.set()
            assert self.go.wait(10)

        return package(collection, parent, options, report, cancelled)


@pytest.fixture
def paused(driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paused:
    """The wizard in the midst of making the submission."""
    work = Paused()
    monkeypatch.setattr(package_build, "package", work)
    driver.to_output()
    driver.find(QLineEdit, "outputFolderField").setText(str(tmp_path / "out"))
    driver.press("nextButton")
    driver.qtbot.waitUntil(work.begun.is_set)
    return work


def test_while_it_is_made_there_is_no_way_back_and_the_teacher_is_named(
    driver: Driver, paused: Paused
) -> None:
    driver.qtbot.waitUntil(lambda: "李娜" in driver.find(QLabel, "buildStep").text())
    assert not driver.enabled("backButton")
    assert not driver.enabled("nextButton")
    assert not driver.find(QPushButton, "retryButton").isVisible()
    paused.go.set()
    driver.qtbot.waitUntil(lambda: driver.step == "完成")


def test_cancelling_leaves_nothing_and_can_be_tried_again(
    driver: Driver, paused: Paused, tmp_path: Path
) -> None:
    driver.press("cancelButton")
    paused.go.set()
    driver.wait()
    assert driver.wizard.isVisible()
    assert driver.find(QFrame, "buildBanner").text() == "已取消，没有留下任何文件。"
    assert not (tmp_path / "out").exists()
    assert driver.enabled("backButton")
    assert driver.session.collection.submissions() == ()
    driver.press("retryButton")
    driver.qtbot.waitUntil(lambda: driver.step == "完成")


def test_closing_cancels_first(driver: Driver, paused: Paused, tmp_path: Path) -> None:
    driver.wizard.close()
    assert driver.wizard.isVisible()
    paused.go.set()
    driver.qtbot.waitUntil(lambda: not driver.wizard.isVisible())
    assert driver.wizard.result() == PackageWizard.DialogCode.Rejected
    assert not (tmp_path / "out").exists()


def test_several_mails_are_told_one_by_one(driver: Driver, tmp_path: Path) -> None:
    driver.to_output()
    driver.find(QLineEdit, "outputFolderField").setText(str(tmp_path / "out"))
    driver.find(QDoubleSpinBox, "mailLimitField").setValue(0.1)
    driver.press("nextButton")
    driver.qtbot.waitUntil(lambda: driver.step == "完成")
    mails = driver.find(QComboBox, "mailChoice")
    (folder,) = (tmp_path / "out").iterdir()
    drafts = sorted(path.name for path in folder.glob("*.eml"))
    assert mails.count() == len(drafts)
    assert mails.isVisible() == (len(drafts) > 1)


def test_every_input_and_button_has_a_name_and_says_what_it_is(driver: Driver, tmp_path: Path) -> None:
    driver.to_done(tmp_path / "out")
    kinds = (
        QPushButton,
        QComboBox,
        QLineEdit,
        QDateEdit,
        QDoubleSpinBox,
        QCheckBox,
        QTreeWidget,
        QTableWidget,
    )
    for kind in kinds:
        for widget in driver.wizard.findChildren(kind):
            inside = isinstance(widget.parent(), QComboBox | QDateEdit | QDoubleSpinBox)
            if not inside and not widget.objectName().startswith(("qt_", "__qt")):
                assert widget.objectName(), widget
                assert widget.accessibleName(), widget.objectName()


# 补报


def test_a_supplement_from_choice_to_folder(driver: Driver, qtbot: QtBot, tmp_path: Path) -> None:
    driver.to_done(tmp_path / "out")
    driver.press("finishButton")
    session = driver.session
    again = Driver(qtbot, session)
    again.find(QComboBox, "packageScope").setCurrentIndex(1)
    again.to_check()
    assert "没有教师新增或有改动" in again.find(QFrame, "checkVerdict").text()
    assert not again.enabled("nextButton")
    again.wizard.close()
    changed = from_json(session.collection.submissions()[0].record).content
    assert changed is not None
    acts.set_teacher_field(session.collection, changed.teachers[0].teacher_id, "note", "更正")
    last = Driver(qtbot, session)
    last.find(QComboBox, "packageScope").setCurrentIndex(1)
    last.to_check()
    assert last.find(QFrame, "checkVerdict").text() == "可以报送。"
    assert "以前报送过、没有改动 1 名" in last.find(QLabel, "checkFigures").text()
    last.press("nextButton")
    last.find(QLineEdit, "outputFolderField").setText(str(tmp_path / "out"))
    assert "（补报1）" in last.find(QLabel, "outputFolderNote").text()
    last.wait()
    last.press("nextButton")
    qtbot.waitUntil(lambda: last.step == "完成")
    assert verify(next((tmp_path / "out").glob("*（补报1）"))).documents == 1


# After it is made: the annexes on paper and back


def choose_action(driver: Driver, button: str, number: int) -> None:
    menu = driver.find(QPushButton, button).menu()
    menu.actions()[number - 1].trigger()


def test_an_annex_is_previewed_and_printed(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_preview, "has_printer", lambda: True)
    driver.to_done(tmp_path / "out")
    for number, (title, orientation) in enumerate((("名册", "Landscape"), ("统计表", "Portrait")), start=1):
        choose_action(driver, "printAnnexesButton", number)
        preview = driver.wizard.findChildren(QPrintPreviewDialog, "printPreview")[-1]
        assert preview.windowTitle().endswith(title)
        shown = preview.findChild(QPrintPreviewWidget)
        driver.qtbot.waitUntil(lambda shown=shown: shown is not None and shown.pageCount() >= 1)
        printer = preview.printer()
        assert printer.pageLayout().orientation().name == orientation
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / f"{number}.pdf"))
        preview.paintRequested.emit(printer)
        assert (tmp_path / f"{number}.pdf").read_bytes().startswith(b"%PDF")
        preview.close()


def test_without_a_printer_the_pdf_is_offered(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_preview, "has_printer", lambda: False)
    driver.to_done(tmp_path / "out")
    choose_action(driver, "printAnnexesButton", 1)
    assert "没有打印机" in driver.find(QLabel, "doneWarningText").text()
    assert not driver.wizard.findChildren(QPrintPreviewDialog)


def test_the_sealed_scan_goes_into_folder_mail_and_record(
    driver: Driver, tmp_path: Path, file_dialogs: Asked
) -> None:
    scan = tmp_path / "扫描0001.pdf"
    scan.write_bytes(b"%PDF-1.4 sealed" * 99)
    driver.to_done(tmp_path / "out")
    file_dialogs.answer = ()
    choose_action(driver, "sealedCopyButton", 1)
    (folder,) = (tmp_path / "out").iterdir()
    before = sorted(path.name for path in folder.iterdir())
    file_dialogs.answer = (scan,)
    choose_action(driver, "sealedCopyButton", 1)
    driver.wait()
    (added,) = {path.name for path in folder.iterdir()} - set(before)
    assert added == "附件1_泉州第一中学_采集名册（盖章）.pdf"
    assert verify(folder).ok
    table = driver.find(QTableWidget, "filesTable")
    assert added in [table.item(row, 0).text() for row in range(table.rowCount())]
    assert added in driver.find(QLabel, "mailAttachments").toolTip()
    stored = driver.session.collection.submissions()[0]
    assert {file.name: file.sha256 for file in from_json(stored.record).files} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
    }


def test_what_is_no_scan_changes_nothing(driver: Driver, tmp_path: Path, file_dialogs: Asked) -> None:
    wrong = tmp_path / "扫描.pdf"
    wrong.write_bytes(b"PK\x03\x04")
    driver.to_done(tmp_path / "out")
    file_dialogs.answer = (wrong,)
    choose_action(driver, "sealedCopyButton", 2)
    driver.wait()
    dialog = driver.wizard.findChild(QDialog, "sealedDialog")
    assert "没有加入" in dialog.findChild(QFrame, "sealedDialogBanner").text()
    wrong.write_bytes(b"%PDF-1.4 sealed" * 99)
    driver.qtbot.keyClick(dialog.findChild(QPushButton, "retryButton"), Qt.Key.Key_Space)
    driver.wait()
    (folder,) = (tmp_path / "out").iterdir()
    assert verify(folder).ok and list(folder.glob("*盖章*"))


def test_adding_a_scan_can_be_cancelled(
    driver: Driver, tmp_path: Path, file_dialogs: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(*arguments: Any) -> Any:
        begun.set()
        assert go.wait(10)
        return add_sealed(*arguments)

    monkeypatch.setattr(annex_actions, "add_sealed", slowly)
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"%PDF-1.4 sealed" * 99)
    driver.to_done(tmp_path / "out")
    file_dialogs.answer = (scan,)
    choose_action(driver, "sealedCopyButton", 1)
    driver.qtbot.waitUntil(begun.is_set)
    dialog = driver.wizard.findChild(QDialog, "sealedDialog")
    driver.qtbot.keyClick(dialog.findChild(QPushButton, "cancelButton"), Qt.Key.Key_Space)
    assert dialog.isVisible() and "正在取消" in dialog.findChild(QFrame, "sealedDialogBanner").text()
    with driver.qtbot.waitSignal(dialog.finished):
        go.set()
    (folder,) = (tmp_path / "out").iterdir()
    assert verify(folder).ok and not list(folder.glob("*盖章*"))


def test_a_name_that_no_font_can_print_is_told_before(driver: Driver) -> None:
    teacher = driver.session.teachers()[0]
    with driver.session.collection.change("改姓名") as change:
        change.update_teacher(teacher.id, name="李\U0003134a")
    driver.to_check()
    driver.hold_all()
    told = driver.find(QLabel, "checkVerdictText").text()
    assert "李\U0003134a" in told and "印不出" in told
