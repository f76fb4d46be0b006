"""录入时间: what is said of the days, the clerk's own in place of the notice's, and the calendar file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from PySide6.QtCore import QCoreApplication, QDate, QEvent, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDateEdit, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from certclerk.core.notice import Appointment
from certclerk.gui.appointment.dialog import AppointmentDialog
from certclerk.gui.filing_dialog import FilingDialog
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.gui.wizard import Banner
from certclerk.jobs import acts, counter

from .conftest import Asked

Opened = Callable[[], AppointmentDialog]
TODAY = date(2017, 3, 8)


@pytest.fixture
def opened(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr(session, "today", lambda: TODAY)

    def open_dialog() -> AppointmentDialog:
        dialog = AppointmentDialog(session)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_dialog


def find(dialog: QWidget, kind: type[Any], name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def press(qtbot: QtBot, dialog: QWidget, name: str) -> None:
    qtbot.keyClick(find(dialog, QPushButton, name), Qt.Key.Key_Space)


def put_days(dialog: QWidget, first: QDate, last: QDate) -> None:
    find(dialog, QDateEdit, "firstDayField").setDate(first)
    find(dialog, QDateEdit, "lastDayField").setDate(last)


def test_the_notices_days_are_told_with_place_and_people(opened: Opened, session: Session) -> None:
    dialog = opened()
    assert find(dialog, QLabel, "appointmentDays").text() == "3月13日–17日 还有5天"
    spelled = find(dialog, QLabel, "appointmentSpelled").text()
    assert spelled.startswith("2017年3月13日（星期一）至3月17日（星期五），共5天")
    assert find(dialog, Banner, "appointmentCautions").isHidden()
    where = find(dialog, QLabel, "appointmentWhere").text()
    assert session.notice.contact.address in where and session.notice.contact.phone in where
    press_copy = find(dialog, QPushButton, "copyContactButton")
    press_copy.click()
    assert QGuiApplication.clipboard().text() == where
    assert not find(dialog, QPushButton, "restoreDaysButton").isEnabled()
    assert not find(dialog, QPushButton, "saveDaysButton").isEnabled()


def test_the_clerk_enters_other_days_and_goes_back(opened: Opened, session: Session, qtbot: QtBot) -> None:
    dialog = opened()
    put_days(dialog, QDate(2017, 4, 3), QDate(2017, 4, 5))
    find(dialog, QLineEdit, "appointmentRemarkField").insert("带公章")
    press(qtbot, dialog, "saveDaysButton")
    own = Appointment(date(2017, 4, 3), date(2017, 4, 5), "", "带公章")
    assert session.collection.own_appointment() == own
    assert find(dialog, QLabel, "appointmentDays").text() == "4月3日–5日 还有26天"
    assert "通知：3月13日–17日" in find(dialog, QLabel, "appointmentSpelled").text()
    assert "清明节" in find(dialog, Banner, "appointmentCautions").text()
    press(qtbot, dialog, "restoreDaysButton")
    assert session.collection.own_appointment() is None
    assert find(dialog, QDateEdit, "firstDayField").date() == QDate(2017, 3, 13)
    session.undo()
    assert find(dialog, QLabel, "appointmentDays").text().startswith("4月3日")


def test_a_span_that_ends_before_it_begins_cannot_be_kept(opened: Opened) -> None:
    dialog = opened()
    put_days(dialog, QDate(2017, 4, 5), QDate(2017, 4, 3))
    assert find(dialog, QLabel, "appointmentWord").text() == "最后一天不能早于第一天。"
    assert not find(dialog, QPushButton, "saveDaysButton").isEnabled()


def test_what_is_being_typed_outlives_other_changes(opened: Opened, session: Session) -> None:
    dialog = opened()
    put_days(dialog, QDate(2017, 4, 3), QDate(2017, 4, 5))
    session.act(acts.set_scope, [session.teachers()[1].id], "out", "退休")
    assert find(dialog, QDateEdit, "lastDayField").date() == QDate(2017, 4, 5)


def test_where_no_day_is_known_one_is_asked_for(opened: Opened, session: Session, qtbot: QtBot) -> None:
    session.act(acts.set_filing, replace(session.filing(), unit="不在名单上的学校"))
    dialog = opened()
    assert find(dialog, QLabel, "appointmentDays").text() == "通知未列出录入时间"
    assert "请填写日期" in find(dialog, Banner, "appointmentCautions").text()
    assert not find(dialog, QPushButton, "calendarButton").isEnabled()
    assert find(dialog, QDateEdit, "firstDayField").date() == QDate(2017, 3, 8)
    press(qtbot, dialog, "saveDaysButton")
    assert session.collection.own_appointment() == Appointment(TODAY, TODAY, "", "")
    assert find(dialog, QPushButton, "calendarButton").isEnabled()


def test_the_days_go_into_a_calendar_file_that_can_be_opened(
    opened: Opened, qtbot: QtBot, file_dialogs: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: started.append(Path(url.toLocalFile())))
    dialog = opened()
    assert find(dialog, QPushButton, "openCalendarButton").isHidden()
    file_dialogs.answer = (tmp_path / "我的日历",)
    press(qtbot, dialog, "calendarButton")
    (question,) = file_dialogs.questions
    assert question.start is not None and question.start.name == "录入时间_泉州第一中学.ics"
    made = tmp_path / "我的日历.ics"
    qtbot.waitUntil(made.exists)
    (event,) = Calendar.from_ical(made.read_bytes()).walk("VEVENT")
    assert event.decoded("DTSTART") == date(2017, 3, 13)
    qtbot.waitUntil(find(dialog, QPushButton, "openCalendarButton").isVisible)
    press(qtbot, dialog, "openCalendarButton")
    assert started == [made]


def test_a_calendar_that_cannot_be_saved_says_so(
    opened: Opened, qtbot: QtBot, file_dialogs: Asked, tmp_path: Path
) -> None:
    dialog = opened()
    file_dialogs.answer = (tmp_path / "没有这个文件夹" / "日历.ics",)
    press(qtbot, dialog, "calendarButton")
    done = find(dialog, Banner, "appointmentDone")
    qtbot.waitUntil(done.isVisible)
    assert "没有" in done.text()
    assert find(dialog, QPushButton, "openCalendarButton").isHidden()


def test_in_a_collection_that_is_only_read_nothing_can_be_changed(session: Session, opened: Opened) -> None:
    session.collection.read_only = True
    dialog = opened()
    for name in ("firstDayField", "lastDayField", "appointmentRemarkField", "saveDaysButton"):
        assert not find(dialog, QWidget, name).isEnabled()
    assert find(dialog, QPushButton, "calendarButton").isEnabled()


def test_the_filing_form_shows_the_clerks_own_days(qtbot: QtBot, session: Session) -> None:
    counter.set_appointment(session.collection, date(2099, 4, 3), date(2099, 4, 5), "带公章")
    dialog = FilingDialog(session)
    qtbot.addWidget(dialog)
    assert "2099年4月3日–5日" in find(dialog, QLabel, "unitWord").text()
    find(dialog, QLineEdit, "clerkField")
    dialog.findChild(QWidget, "unitField").setEditText("不在名单上的学校")
    words = find(dialog, QLabel, "unitWord").text()
    assert "不在通知的名单里" in words and "带公章" in words


def test_a_closed_dialog_hears_of_no_change(session: Session, qtbot: QtBot) -> None:
    dialog = AppointmentDialog(session)
    show(dialog)
    with qtbot.waitSignal(dialog.finished):
        dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(dialog)
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "name", "王小芳")
