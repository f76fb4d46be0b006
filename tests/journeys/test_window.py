"""The whole job in the real window, by object names and keys alone, from the start page to a verified submission.

The files are real: a workbook, JPEG and PNG pages, a damaged and an empty picture. Nothing is replaced but
the one function that opens file dialogs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from PySide6.QtCore import QDate, QLocale, QMimeData, QPoint, QPointF, Qt, QTimer, QTranslator, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QMenu,
    QMessageBox,
    QScrollBar,
    QTableView,
    QWidget,
    QWizard,
)
from pytestqt.qtbot import QtBot

from certclerk.collection import create_collection
from certclerk.core.identity import check_character
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedTeacher, Teacher
from certclerk.gui import files
from certclerk.gui.main_window import MainWindow
from certclerk.gui.mime import carrying_pages
from certclerk.gui.run import prepare
from certclerk.gui.session import Session
from certclerk.gui.tasks import TaskRunner

# The offscreen platform has no window manager to tell sizes to, nor a keyboard for menus to hold, and says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

W = TypeVar("W", bound=QWidget)
Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier
# Logical px of the smallest screen, 1280 × 720, without a task bar and a title bar.
ROOM = (1280, 648)
WAIT_MS = 20_000
UNIT = "泉州第一中学"
SOURCE = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture(scope="module", autouse=True)
def speaking_chinese(qapp: QApplication) -> Iterator[None]:
    """Font, looks and language as the program starts with; Qt's own words go back to English after."""
    former = QLocale()
    prepare(qapp)
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    QLocale.setDefault(former)


class Clerk:
    """Sees what is shown, has a keyboard, and a hand to drag with."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.answers: list[tuple[Path, ...]] = []

    @property
    def session(self) -> Session:
        assert self.window.session is not None
        return self.window.session

    def teacher(self, serial: int) -> Teacher:
        return next(teacher for teacher in self.session.teachers() if teacher.serial == serial)

    def slots(self, serial: int) -> dict[str, str]:
        """Where each of a teacher's pages lies, by its file's name."""
        return {page.source: page.slot or "" for page in self.teacher(serial).pages()}

    def tray(self) -> list[str]:
        return [page.source for page in self.session.tray()]

    def find(self, kind: type[W], name: str) -> W:
        """In the dialog in front, else in the window."""
        front = QApplication.activeModalWidget() or self.window
        shown = [part for part in (front, *front.findChildren(kind, name)) if part.objectName() == name]
        for part in shown:
            if part.isVisible():
                assert isinstance(part, kind)
                return part
        raise LookupError(f"{name} is not shown in {front.objectName()}")

    def dialog(self, name: str) -> QDialog:
        """The dialog that is in front, which every screen has room for."""

        def arrived() -> bool:
            front = QApplication.activeModalWidget()
            named = front is not None and front.objectName() == name
            return named and front.isActiveWindow() and QApplication.focusWidget() is not None

        self.until(arrived)
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        assert (found.width(), found.height()) <= ROOM and found.height() <= ROOM[1]
        return found

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Where the focus is."""
        QTest.keyClick(self.focused(), key, modifier)

    def focused(self) -> QWidget:
        """Who gets the keys. Where a list popped up, the offscreen platform gives them to nobody after it."""
        if QApplication.activeWindow() is None:
            (QApplication.activeModalWidget() or self.window).activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        found = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert found is not None
        return found

    def types(self, text: str) -> None:
        """As an input method would: QTest knows Latin letters only."""
        for character in text:
            focused = self.focused()
            for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
                QApplication.sendEvent(focused, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))

    def fills(self, name: str, text: str) -> None:
        field = self.find(QWidget, name)
        field.setFocus()
        self.key(Key.Key_A, Control)
        self.key(Key.Key_Delete)
        self.types(text)

    def press(self, name: str) -> None:
        """A button by its key."""
        button = self.find(QAbstractButton, name)
        self.until(button.isEnabled)
        QTest.keyClick(button, Key.Key_Space)

    def does(self, action: str) -> None:
        """An entry of the menu."""
        entry = self.window.action(action)
        assert entry.isEnabled(), action
        entry.trigger()

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def rest(self) -> None:
        """Until no work is under way."""
        runners = self.window.findChildren(TaskRunner)
        self.until(lambda: not any(runner.busy for runner in runners))

    def gives_reason(self, reason: str, act: Callable[[], object]) -> None:
        """Does what asks for a reason, and gives it."""

        def answer() -> None:
            dialog = self.dialog("reasonDialog")
            assert not self.find(QAbstractButton, "acceptButton").isEnabled()
            dialog.findChild(QLineEdit, "reasonField").setFocus()
            self.types(reason)
            self.press("acceptButton")

        QTimer.singleShot(0, answer)
        act()

    def drops(self, on: QWidget, mime: QMimeData, at: QPoint | None = None) -> None:
        place = at or on.rect().center()
        both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(place, both, mime, left, none)
        QApplication.sendEvent(on, entering)
        assert entering.isAccepted()
        QApplication.sendEvent(on, QDropEvent(QPointF(place), both, mime, left, none))
        self.rest()

    def goes_to(self, query: str) -> None:
        """To the first teacher who is found so."""
        self.key(Key.Key_F, Control)
        self.types(query)
        self.key(Key.Key_Return)
        self.key(Key.Key_F, Control)
        self.key(Key.Key_Escape)
        self.find(QTableView, "rosterTable").setFocus()

    def seen_names(self) -> list[str]:
        table = self.find(QTableView, "rosterTable").model()
        return [table.index(row, 1).data() for row in range(table.rowCount())]

    def said(self) -> str:
        return self.find(QLabel, "messageText").text()


@pytest.fixture
def clerk(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clerk]:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "user"))
    monkeypatch.setattr(files, "documents", lambda: tmp_path)
    (tmp_path / "user").mkdir()
    window = MainWindow(tmp_path / "user")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made = Clerk(qtbot, window)
    monkeypatch.setattr(files, "ask", lambda _parent, _question: made.answers.pop(0))
    yield made
    window.close()


# What the clerk has


def id_number(digits: str) -> str:
    return digits + check_character(digits)


IDS = {serial: id_number(f"3505021985{serial:02}1500{serial}") for serial in range(1, 8)}
HEAD = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "学科",
    "教师资格证种类",
    "证书编号",
    "发证机关",
    "发证日期",
    "家庭住址",
)
ROWS = (
    (1, "王芳", "男", IDS[1], "语文", "高中", "20133500541000001", "泉州市教育局", "2013.7.1", "鲤城区"),
    (2, "李 娜", "女", IDS[2], "数学", "初级中学", "20123500532000002", "泉州市教育局", "2012年6月1日", "鲤城区"),
    # A number cell, as Excel leaves it when an identity number is typed: its last digits are lost.
    (3, "张三", "男", int(IDS[3][:15]) * 1000, "英语", "高中", "20153500541000003", "泉州市教育局", "2015/9/1", ""),
    (4, "阿依古丽•买买提", "女", IDS[4], "音乐", "特级教师", "20163500542000004", "泉州市教育局", "2016-9-1", ""),
    (5, "䶮一鸣", "男", IDS[5], "物理", "高级中学", "20163500541000005", "泉州市教育局", "2017-07-01", ""),
    (6, "陈明", "女", IDS[6], "化学", "小学", "20083500522000006", "泉州市教育局", "2008-07-01", ""),
    (7, "陈明", "男", IDS[7], "体育", "高级中学", "20183500541000007", "泉州市教育局", "2018-07-01", ""),
)  # fmt: skip


def make_roster(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"{UNIT}教师资格证书情况登记表"])
    sheet.merge_cells("A1:J1")
    for row in (HEAD, *ROWS, ("合计", "7人")):
        sheet.append(row)
    book.save(path)
    return path


def make_scan(path: Path) -> Path:
    """A page as large as a booklet at 200 dpi, unlike any other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = QImage(1180, 1660, QImage.Format.Format_RGB32)
    image.fill(QColor.fromHsv(sum(path.name.encode()) % 360, 60, 220))
    image.setText("Comment", path.name)
    assert image.save(str(path))
    return path


def carrying_files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def at_teacher(clerk: Clerk, serial: int) -> tuple[QWidget, QPoint]:
    """The roster's row of a teacher, to drop on."""
    table = clerk.find(QTableView, "rosterTable")
    row = [teacher.serial for teacher in clerk.session.teachers()].index(serial)
    return table.viewport(), table.visualRect(table.model().index(row, 1)).center()


# The journey


def test_the_whole_job(clerk: Clerk, tmp_path: Path) -> None:
    """Seven teachers go in; four are submitted::

    1 王芳              all right
    2 李 娜             a space in the name
    3 张三              identity number without its last digits: typed in again
    4 阿依古丽•买买提    another dot, and no kind of certificate: held back
    5 䶮一鸣            issued a year after the number's year: confirmed; no remarks page: marked
    6 陈明              of 2008: not collected
    7 陈明              moved away: left out
    """
    make_a_collection(clerk, tmp_path / f"{UNIT}.certclerk")
    import_the_roster(clerk, make_roster(tmp_path / "名册.xlsx"))
    put_cells_right(clerk)
    take_pages(clerk, tmp_path / "扫描")
    place_from_the_tray(clerk)
    turn_delete_and_take_back(clerk)
    give_reasons(clerk)
    follow_a_finding(clerk)
    search_and_filter(clerk)
    folder = tmp_path / "报送"
    folder.mkdir()
    package(clerk, folder)
    verify(clerk, next(folder.iterdir()))
    close_and_come_back(clerk)


def make_a_collection(clerk: Clerk, path: Path) -> None:
    assert clerk.find(QWidget, "startPage").isVisible()
    clerk.press("newButton")
    clerk.dialog("newCollectionDialog")
    clerk.press("createButton")
    assert "单位" in clerk.find(QLabel, "unitWord").text(), "an empty unit is asked for"
    assert QApplication.focusWidget() is clerk.find(QComboBox, "unitField")
    clerk.types("泉州市第一中学")
    assert "录入时间：2017年3月13日–17日" in clerk.find(QLabel, "unitWord").text()
    clerk.key(Key.Key_Tab)
    clerk.types("王五")
    clerk.key(Key.Key_Tab)
    clerk.types("22138813")
    assert clerk.find(QLineEdit, "placeField").text() == str(path)
    clerk.key(Key.Key_Return)
    assert path.is_file() and clerk.session.filing() == Filing(UNIT, "王五", "22138813")
    assert clerk.window.windowTitle().startswith(UNIT)


def import_the_roster(clerk: Clerk, workbook: Path) -> None:
    clerk.answers.append((workbook,))
    clerk.key(Key.Key_I, Control)
    clerk.dialog("importWizard")
    clerk.rest()
    problems = clerk.find(QListWidget, "problemsList")
    words = "\n".join(problems.item(row).text() for row in range(problems.count()))
    assert "序号 3" in words and "位数已丢失" in words and "特级教师" in words and "合计行" in words
    address = clerk.find(QComboBox, "fieldChoiceJ")
    assert address.currentText() == "不导入"
    address.setFocus()
    clerk.types("备")
    assert address.currentText() == "备注"
    clerk.rest()
    clerk.press("nextButton")
    assert "1 个单元格没有采用" in clerk.find(QLabel, "importedBannerText").text()
    clerk.press("finishButton")
    assert [teacher.name for teacher in clerk.session.teachers()] == [
        "王芳", "李娜", "张三", "阿依古丽·买买提", "䶮一鸣", "陈明", "陈明",
    ]  # fmt: skip
    assert clerk.teacher(3).id_number == "" and clerk.teacher(1).note == "鲤城区"
    assert clerk.session.current == clerk.teacher(1).id


def put_cells_right(clerk: Clerk) -> None:
    """In the full table, as in a spreadsheet."""
    clerk.key(Key.Key_1, Control)
    clerk.key(Key.Key_F4)
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_Right, Key.Key_Right):
        clerk.key(key)
    clerk.types("３５" + IDS[3][2:])
    clerk.key(Key.Key_Return)
    clerk.until(lambda: clerk.teacher(3).id_number == IDS[3])
    clerk.until(lambda: clerk.focused().objectName() == "rosterTable")
    clerk.key(Key.Key_Right)  # Enter has gone down to the next teacher
    clerk.key(Key.Key_F2)
    clerk.types("高中")
    clerk.key(Key.Key_Tab)
    clerk.until(lambda: clerk.teacher(4).certificates[0].kind == "高级中学")
    clerk.until(lambda: clerk.focused().objectName() == "rosterTable")
    clerk.key(Key.Key_F4)
    assert clerk.find(QWidget, "scanPanel").isVisible()


def take_pages(clerk: Clerk, folder: Path) -> None:
    """By the file dialog, onto the panel, onto a slot, onto a teacher; with what is no picture among them."""
    slots = {"封面": "cover", "内页": "text", "备注": "remarks"}
    clerk.goes_to("王芳")
    clerk.answers.append(tuple(make_scan(folder / f"王芳{word}.jpg") for word in slots))
    clerk.key(Key.Key_D, Control)
    clerk.rest()
    assert clerk.slots(1) == {f"王芳{word}.jpg": slot for word, slot in slots.items()}

    clerk.goes_to("ln")
    for number in (1, 2, 3):
        make_scan(folder / "二" / "李娜" / f"{number}.png")
    clerk.drops(clerk.find(QWidget, "scanPanel"), carrying_files(folder / "二"))
    assert clerk.slots(2) == {"1.png": "cover", "2.png": "text", "3.png": "remarks"}

    clerk.goes_to("张三")
    for slot in ("cover", "remarks"):
        scan = make_scan(folder / f"IMG_{slot}.jpg")
        clerk.drops(clerk.find(QWidget, f"slotCard_{slot}"), carrying_files(scan))
    assert clerk.slots(3) == {"IMG_cover.jpg": "cover", "IMG_remarks.jpg": "remarks"}

    row, place = at_teacher(clerk, 5)
    clerk.drops(row, carrying_files(make_scan(folder / "封面.jpg")), place)
    assert clerk.slots(5) == {"封面.jpg": "cover"}

    mixed = folder / "混在一起"
    whole = make_scan(mixed / "IMG_7001.jpg").read_bytes()
    make_scan(mixed / "赵六封面.jpg")
    make_scan(mixed / "5䶮一鸣内页.jpg")
    (mixed / "断.jpg").write_bytes(whole[: len(whole) // 2])
    (mixed / "空.jpg").write_bytes(b"")
    (mixed / "程序.jpg").write_bytes(b"MZ" + bytes(4000))
    (mixed / "Thumbs.db").write_bytes(b"droppings")
    clerk.drops(clerk.find(QWidget, "trayPanel"), carrying_files(mixed))
    refused = clerk.dialog("refusedDialog")
    assert "3 个文件没有收入" in clerk.find(QLabel, "headline").text()
    lines = refused.findChild(QWidget, "lines").toPlainText()
    assert all(f"“{name}”" in lines for name in ("断.jpg", "空.jpg", "程序.jpg"))
    clerk.press("closeButton")
    assert clerk.slots(5) == {"封面.jpg": "cover", "5䶮一鸣内页.jpg": "text"}
    assert clerk.tray() == ["IMG_7001.jpg", "赵六封面.jpg"]

    clerk.drops(clerk.find(QWidget, "slotCard_cover"), carrying_files(mixed / "程序.jpg"))
    assert clerk.said().startswith("“程序.jpg”")


def place_from_the_tray(clerk: Clerk) -> None:
    """One by dragging, taken back, then by keys alone."""
    clerk.goes_to("张三")
    first = clerk.session.tray()[0]
    clerk.drops(clerk.find(QWidget, "slotCard_text"), carrying_pages([first.id]))
    assert clerk.slots(3)["IMG_7001.jpg"] == "text" and clerk.tray() == ["赵六封面.jpg"]
    clerk.key(Key.Key_Z, Control)
    assert clerk.tray() == ["IMG_7001.jpg", "赵六封面.jpg"]
    tray = clerk.find(QListView, "trayList")
    tray.setFocus()
    tray.setCurrentIndex(tray.model().index(0, 0))
    clerk.key(Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.activeAction().text() == "归到 张三 · 内页"
    clerk.key(Key.Key_Return)
    assert clerk.slots(3)["IMG_7001.jpg"] == "text" and clerk.tray() == ["赵六封面.jpg"]


def turn_delete_and_take_back(clerk: Clerk) -> None:
    page = next(page for page in clerk.teacher(3).pages() if page.slot == "cover")
    clerk.find(QWidget, f"pageThumb{page.id}").setFocus()
    clerk.key(Key.Key_R)
    assert next(p.rotation for p in clerk.teacher(3).pages() if p.id == page.id) == 90
    clerk.rest()
    before = clerk.find(QLabel, "zoomLabel").text()
    for name in ("zoomInButton", "fullSizeButton"):
        clerk.press(name)
        assert clerk.find(QLabel, "zoomLabel").text() != before
    clerk.press("fitButton")
    assert clerk.find(QLabel, "zoomLabel").text() == before
    clerk.find(QWidget, f"pageThumb{page.id}").setFocus()
    clerk.key(Key.Key_Delete)
    assert "IMG_cover.jpg" not in clerk.slots(3) and "回收站" in clerk.said()
    clerk.key(Key.Key_Z, Control)
    assert clerk.slots(3)["IMG_cover.jpg"] == "cover"
    clerk.key(Key.Key_Y, Control)
    assert "IMG_cover.jpg" not in clerk.slots(3)
    clerk.key(Key.Key_Z, Control)
    assert clerk.slots(3)["IMG_cover.jpg"] == "cover"


def give_reasons(clerk: Clerk) -> None:
    """无此页, 确认无误, 暂缓, 不纳入: each is kept with its reason."""
    clerk.goes_to("䶮")
    clerk.gives_reason("证书没有备注页", lambda: clerk.press("absentButton_remarks"))
    (held,) = clerk.teacher(5).certificates
    absence = held.absence("remarks")
    assert absence is not None and absence.reason == "证书没有备注页"
    clerk.gives_reason("补发的证书", lambda: clerk.press("confirmButton"))
    assert [
        f.confirmed for f in clerk.session.findings_of(clerk.teacher(5).id) if f.code == "reissue"
    ] or any(finding.confirmed for finding in clerk.session.findings_of(clerk.teacher(5).id))
    clerk.goes_to("aygl")
    clerk.gives_reason("等补页", lambda: clerk.does("actionHold"))
    assert (clerk.teacher(4).choice, clerk.teacher(4).choice_reason) == ("hold", "等补页")
    clerk.goes_to("20183500541000007")
    clerk.gives_reason("调离", lambda: clerk.does("actionExclude"))
    assert (clerk.teacher(7).choice, clerk.teacher(7).choice_reason) == ("out", "调离")


def follow_a_finding(clerk: Clerk) -> None:
    """A number that cannot be: the list leads to its field, and the finding goes with its cause."""
    table = clerk.find(QTableView, "rosterTable")
    clerk.goes_to("李娜")
    clerk.press("formButton")
    clerk.fills("idNumberField", "123")
    clerk.key(Key.Key_Return)
    clerk.until(lambda: clerk.teacher(2).id_number == "123")
    clerk.goes_to("王芳")
    findings = clerk.find(QListView, "findingsList")
    rows = range(findings.model().rowCount())
    row = next(row for row in rows if "身份证" in str(findings.model().index(row, 0).data()))
    findings.setFocus()
    findings.setCurrentIndex(findings.model().index(row, 0))
    clerk.key(Key.Key_Return)
    assert clerk.session.current == clerk.teacher(2).id
    focused = QApplication.focusWidget()
    assert focused is not None and focused.objectName() == "idNumberField"
    clerk.key(Key.Key_A, Control)
    clerk.types(IDS[2])
    clerk.key(Key.Key_Return)
    assert not any(finding.field == "id_number" for finding in clerk.session.findings())
    clerk.press("formButton")
    table.setFocus()


def search_and_filter(clerk: Clerk) -> None:
    for query, names in (
        ("王", ["王芳"]),
        ("ZS", ["张三"]),
        ("aygl", ["阿依古丽·买买提"]),
        ("2018350", ["陈明"]),
        ("没有这个人", []),
    ):
        clerk.fills("rosterSearch", query)
        assert clerk.seen_names() == names, query
    clerk.key(Key.Key_Escape)
    clerk.goes_to("王芳")
    for chip, names in (
        ("filterDone", ["王芳", "李娜", "张三", "䶮一鸣"]),
        ("filterAll", [teacher.name for teacher in clerk.session.teachers()]),
    ):
        clerk.press(chip)
        assert clerk.seen_names() == names, chip


def package(clerk: Clerk, folder: Path) -> None:
    """Cancelled once on the way, then to the end."""
    clerk.key(Key.Key_P, Control)
    wizard = clerk.dialog("packageWizard")
    assert isinstance(wizard, QWizard)
    clerk.fills("phoneField", "")
    clerk.press("nextButton")
    assert clerk.find(QLabel, "pageTitle").text() == "报送信息", (
        "without a telephone number there is no way on"
    )
    clerk.fills("phoneField", "22138813")
    clerk.press("nextButton")
    clerk.rest()
    assert clerk.find(QLabel, "pageTitle").text() == "检查"
    clerk.press("nextButton")
    clerk.fills("outputFolderField", str(folder))
    clerk.rest()
    clerk.press("nextButton")
    clerk.press("cancelButton")
    clerk.rest()
    assert "没有留下任何文件" in clerk.find(QLabel, "buildBannerText").text()
    assert list(folder.iterdir()) == []
    clerk.press("retryButton")
    clerk.rest()
    assert "4 份文档已读回，全部一致" in clerk.find(QLabel, "doneBannerText").text()
    clerk.press("finishButton")
    (made,) = folder.iterdir()
    assert made.name == f"{UNIT}_{QDate.currentDate().toString('yyyy-MM-dd')}"
    assert {f"{UNIT}.zip", "邮件草稿.eml", "校验清单.json"} < {file.name for file in made.iterdir()}


def verify(clerk: Clerk, folder: Path) -> None:
    for spoilt in (False, True):
        if spoilt:
            annex = next(folder.glob("附件2*.xlsx"))
            annex.write_bytes(annex.read_bytes()[:-1])
        clerk.answers.append((folder,))
        clerk.does("actionVerify")
        clerk.dialog("verifyDialog")
        clerk.rest()
        listed = clerk.find(QListWidget, "verifyList")
        words = "\n".join(listed.item(row).text() for row in range(listed.count()))
        assert ("已被改动" in words) is spoilt, words
        clerk.press("closeButton")


def close_and_come_back(clerk: Clerk) -> None:
    """What was done before is still to be taken back."""
    label = clerk.window.action("actionUndo").text()
    teachers = clerk.session.teachers()
    clerk.key(Key.Key_W, Control)
    clerk.until(
        lambda: any(part.isVisible() for part in clerk.window.findChildren(QAbstractButton, "recent1"))
    )
    clerk.press("recent1")
    assert clerk.session.teachers() == teachers
    assert clerk.window.action("actionUndo").text() == label
    clerk.key(Key.Key_Z, Control)
    assert clerk.session.teachers() != teachers
    clerk.key(Key.Key_Y, Control)
    assert clerk.session.teachers() == teachers


# Short ways


@pytest.fixture
def saved(tmp_path: Path, quanzhou: Notice) -> Path:
    """A collection of one teacher without pages, closed."""
    path = tmp_path / f"{UNIT}.certclerk"
    certificate = ProposedCertificate("高级中学", "语文", "20133500541000001", "泉州市教育局", "2013-07-01")
    with (
        create_collection(path, quanzhou, Filing(UNIT, "王五", "1")) as made,
        made.change("导入名册") as change,
    ):
        change.add_teachers(
            [ProposedTeacher(name="王芳", sex="男", id_number=IDS[1], serial=1, certificates=(certificate,))]
        )
    return path


HOLDING = """
import sys
from pathlib import Path
from certclerk.collection import open_collection
with open_collection(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_file_that_another_program_has_open_gets_a_sentence(clerk: Clerk, saved: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(saved)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(SOURCE)},
    )
    assert other.stdin is not None and other.stdout is not None
    try:
        assert other.stdout.readline().strip() == b"open"
        clerk.answers.append((saved,))
        clerk.does("actionOpen")
        said = " ".join(label.text() for label in clerk.find(QDialog, "heldDialog").findChildren(QLabel))
        assert "正在另一个窗口" in said
        clerk.press("openReadOnly")
        assert clerk.session.collection.read_only
        assert clerk.session.teachers()[0].name == "王芳"
        clerk.does("actionClose")
    finally:
        other.stdin.close()
        other.wait(timeout=WAIT_MS / 1000)
        other.stdout.close()
    clerk.answers.append((saved,))
    clerk.does("actionOpen")
    assert clerk.session.teachers()[0].name == "王芳"


@pytest.mark.parametrize("closing", ["actionAbout", "actionHold"])
def test_after_a_dialog_the_keys_are_the_windows_again(clerk: Clerk, saved: Path, closing: str) -> None:
    """Also where no window manager sees to it."""
    assert clerk.window.open_path(saved)
    if closing == "actionHold":
        clerk.gives_reason("等补页", lambda: clerk.does(closing))
    else:
        clerk.does(closing)
        clerk.dialog("aboutDialog")
        clerk.press("closeButton")
    clerk.until(clerk.window.isActiveWindow)
    clerk.key(Key.Key_F4)
    assert not clerk.window.shown.scan.isVisible()


@pytest.mark.parametrize(
    "shown",
    ["window", "actionWideRoster", "formButton", "actionNew", "actionFiling", "actionPackage", "actionKeys"],
)
def test_every_control_is_reached_by_tab_and_says_its_name_in_chinese(
    clerk: Clerk, saved: Path, shown: str
) -> None:
    assert clerk.window.open_path(saved)
    if shown.startswith("action"):
        clerk.does(shown)
    elif shown != "window":
        clerk.press(shown)
    clerk.rest()
    front = QApplication.activeModalWidget() or clerk.window
    stops = [part for part in front.findChildren(QWidget) if is_stop(part)]
    assert [described(part) for part in stops if not is_chinese(spoken(part))] == []
    if isinstance(front, QDialog):
        clerk.dialog(front.objectName())
    clerk.focused()
    reached = set(tab_round(len(stops)))
    missed = [part for part in stops if not reached & {part, *stands_for(part)}]
    assert [described(part) for part in missed] == []
    if isinstance(front, QDialog):
        front.reject()


def is_stop(part: QWidget) -> bool:
    if isinstance(part, QScrollBar) or not part.isVisible() or not part.isEnabled():
        return False
    return bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and part.focusProxy() is None


def tab_round(at_most: int) -> Iterator[QWidget]:
    for _ in range(2 * at_most + 2):
        focused = QApplication.focusWidget()
        if focused is None:
            return
        yield focused
        QTest.keyClick(focused, Key.Key_Tab)


def stands_for(part: QWidget) -> list[QWidget]:
    """A combo's field and the combo are one stop; among the chips of the filter the arrows lead on."""
    chips = part.parentWidget().findChildren(QAbstractButton) if is_chip(part) else []
    return [*part.findChildren(QLineEdit), part.parentWidget(), *chips]


def is_chip(part: QWidget) -> bool:
    return part.parentWidget().objectName() == "rosterFilter"


def spoken(part: QWidget) -> str:
    """What a screen reader says of it."""
    name = part.accessibleName() or (part.text() if isinstance(part, QAbstractButton) else "")
    inside = isinstance(part.parentWidget(), QComboBox) or part.objectName().startswith("qt_spinbox")
    return part.parentWidget().accessibleName() if inside and not name else name


def is_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)


def described(part: QWidget) -> str:
    return (
        f"{type(part).__name__} {part.objectName()} in {part.parentWidget().objectName()}: {spoken(part)!r}"
    )


def test_qts_own_words_are_chinese(clerk: Clerk) -> None:
    every = QMessageBox.StandardButton
    box = QMessageBox(clerk.window)
    box.setStandardButtons(
        every.Yes | every.No | every.Ok | every.Cancel | every.Save | every.Discard | every.Close
    )
    words = [button.text() for button in box.buttons()]
    field = QLineEdit(clerk.window)
    words += [entry.text() for entry in field.createStandardContextMenu().actions() if entry.text()]
    chooser = QFileDialog(clerk.window)
    chooser.setOption(QFileDialog.Option.DontUseNativeDialog)
    words += [label.text() for label in chooser.findChildren(QLabel) if label.text()]
    words.append(QLocale().toString(QDate(2026, 3, 1), QLocale.FormatType.LongFormat))
    assert [word for word in words if not is_chinese(word)] == []
    assert len(words) > 15
