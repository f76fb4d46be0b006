from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from certclerk.core.records import Teacher
from certclerk.gui import style
from certclerk.gui.roster.field_cell import FieldCell
from certclerk.gui.roster.teacher_form import INPUT_NAMES, TeacherForm
from certclerk.gui.session import Session
from certclerk.jobs import acts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def form(session: Session, qtbot: QtBot) -> TeacherForm:
    """3 张三 and the first of his two certificates, refreshed as the panel does it."""
    made = TeacherForm(session)
    qtbot.addWidget(made)
    made.resize(280, 500)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    session.changed.connect(lambda _ids: show(made, session, 2))
    show(made, session, 2)
    return made


def show(form: TeacherForm, session: Session, index: int, certificate: int = 0) -> Teacher:
    teacher = session.teachers()[index]
    held = teacher.certificates
    form.show_record(teacher, held[certificate] if held else None)
    return teacher


def line(form: TeacherForm, name: str) -> QLineEdit:
    found = form.findChild(QLineEdit, name)
    assert found is not None
    return found


def box(form: TeacherForm, name: str) -> QComboBox:
    found = form.findChild(QComboBox, name)
    assert found is not None
    return found


def retype(form: TeacherForm, name: str, text: str) -> None:
    """As an input method does it: keys alone make no Han characters."""
    field = line(form, name)
    field.setFocus()
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def test_it_shows_the_record(form: TeacherForm, session: Session) -> None:
    teacher = session.teachers()[2]
    shown = {field: cell.text for field, cell in form.cells.items()}
    held = teacher.certificates[0]
    assert shown == {
        "name": "张三",
        "sex": teacher.sex,
        "id_number": teacher.id_number,
        "note": "",
        "kind": "高级中学",
        "subject": held.subject,
        "number": held.number,
        "authority": "泉州市教育局",
        "issued": "2013-07-01",
    }


@pytest.mark.parametrize("name", INPUT_NAMES.values())
def test_every_input_is_named_for_eye_and_ear(form: TeacherForm, name: str) -> None:
    found = form.findChild(QWidget, name)
    assert found is not None and found.accessibleName()


def test_enter_keeps_a_field_as_the_record_writes_it(
    form: TeacherForm, session: Session, qtbot: QtBot
) -> None:
    retype(form, "issuedField", "2013.7")
    qtbot.keyClick(line(form, "issuedField"), Qt.Key.Key_Return)
    assert session.teachers()[2].certificates[0].issued == "2013-07"
    assert line(form, "issuedField").text() == "2013-07"


def test_leaving_a_field_keeps_it_and_leaving_it_unchanged_changes_nothing(
    form: TeacherForm, session: Session
) -> None:
    retype(form, "noteField", "借调")
    line(form, "nameField").setFocus()
    assert session.teachers()[2].note == "借调"
    label = session.collection.undo_label
    line(form, "subjectField").setFocus()
    line(form, "nameField").setFocus()
    assert session.collection.undo_label == label == "改备注"


def test_escape_gives_the_value_back(form: TeacherForm, session: Session, qtbot: QtBot) -> None:
    retype(form, "nameField", "李四")
    qtbot.keyClick(line(form, "nameField"), Qt.Key.Key_Escape)
    line(form, "noteField").setFocus()
    assert session.teachers()[2].name == "张三"


def test_a_kind_is_chosen_from_the_notice(form: TeacherForm, session: Session) -> None:
    kind = box(form, "kindField")
    assert [kind.itemText(i) for i in range(kind.count())] == ["", *(k.name for k in session.notice.kinds)]
    kind.setFocus()
    kind.setCurrentText("小学")
    kind.textActivated.emit("小学")
    assert session.teachers()[2].certificates[0].kind == "小学"


def test_a_kind_that_the_notice_does_not_know_is_shown_as_it_is(form: TeacherForm, session: Session) -> None:
    held = session.teachers()[2].certificates[0]
    session.act(acts.set_certificate_field, held.id, "kind", "大专")
    assert box(form, "kindField").currentText() == "大专"


def test_a_wheel_that_passes_over_a_list_changes_nothing(form: TeacherForm) -> None:
    kind = box(form, "kindField")
    line(form, "nameField").setFocus()
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(kind.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(kind, event)
    assert kind.currentText() == "高级中学"


def test_what_is_being_typed_survives_a_change_from_elsewhere(form: TeacherForm, session: Session) -> None:
    retype(form, "nameField", "张三丰")
    session.act(acts.set_teacher_field, session.teachers()[2].id, "note", "借调")
    assert (line(form, "nameField").text(), line(form, "noteField").text()) == ("张三丰", "借调")


def test_what_was_typed_goes_to_the_teacher_it_was_typed_for(form: TeacherForm, session: Session) -> None:
    retype(form, "nameField", "张三丰")
    show(form, session, 3)
    assert session.teachers()[2].name == "张三丰"
    assert session.teachers()[3].name == "阿依古丽·买买提"
    assert line(form, "nameField").text() == "阿依古丽·买买提"


def test_what_was_typed_goes_to_the_certificate_it_was_typed_for(form: TeacherForm, session: Session) -> None:
    retype(form, "subjectField", "历史")
    show(form, session, 2, certificate=1)
    first, second = session.teachers()[2].certificates
    assert (first.subject, second.subject) == ("历史", "英语")
    assert line(form, "subjectField").text() == "英语"


def test_what_was_typed_for_somebody_who_is_gone_is_let_go(form: TeacherForm, session: Session) -> None:
    retype(form, "subjectField", "历史")
    gone = session.teachers()[2].id
    session.act(acts.remove_teachers, [gone])
    assert session.teacher(gone) is None
    assert line(form, "nameField").text() == session.teachers()[2].name


def test_a_certificate_field_of_somebody_without_one_makes_it(
    form: TeacherForm, session: Session, qtbot: QtBot
) -> None:
    for held in session.teachers()[2].certificates:
        session.act(acts.remove_certificate, held.id)
    assert session.teachers()[2].certificates == ()
    retype(form, "subjectField", "历史")
    qtbot.keyClick(line(form, "subjectField"), Qt.Key.Key_Return)
    assert [held.subject for held in session.teachers()[2].certificates] == ["历史"]


def test_a_finding_stands_under_its_field_and_goes_when_it_is_put_right(
    form: TeacherForm, session: Session, qtbot: QtBot
) -> None:
    right = session.teachers()[2].id_number
    retype(form, "idNumberField", right[:-1] + ("0" if right[-1] != "0" else "1"))
    qtbot.keyClick(line(form, "idNumberField"), Qt.Key.Key_Return)
    form.show_findings()
    cell = form.cells["id_number"]
    assert "校验位不对" in message(cell)
    assert style.RED_TINT in cell.input.styleSheet()
    retype(form, "idNumberField", right)
    qtbot.keyClick(line(form, "idNumberField"), Qt.Key.Key_Return)
    form.show_findings()
    assert message(cell) == ""
    assert cell.input.styleSheet() == ""


def message(cell: FieldCell) -> str:
    return cell._message.text() if cell._message.isVisibleTo(cell) else ""


def test_a_finding_of_the_other_certificate_is_not_told_here(form: TeacherForm, session: Session) -> None:
    other = session.teachers()[2].certificates[1]
    session.act(acts.set_certificate_field, other.id, "number", "")
    form.show_findings()
    assert message(form.cells["number"]) == ""
    show(form, session, 2, certificate=1)
    assert message(form.cells["number"]) == "没有证书号码"


def test_it_takes_the_clerk_to_a_field(form: TeacherForm) -> None:
    assert form.focus_field("number")
    assert line(form, "numberField").hasFocus()
    assert line(form, "numberField").selectedText() == line(form, "numberField").text()
    assert not form.focus_field("cover")


def test_nobody_selected_leaves_nothing_to_type_into(form: TeacherForm) -> None:
    form.show_record(None, None)
    assert not any(cell.isEnabled() for cell in form.cells.values())
    assert {cell.text for cell in form.cells.values()} == {""}


def test_a_date_says_what_is_understood_while_it_is_typed(form: TeacherForm, session: Session) -> None:
    retype(form, "issuedField", "2010.9")
    words = form.findChild(QLabel, "issuedFieldMessage")
    assert words is not None and words.isVisible() and words.text() == "→ 2010-09（只到月）"
    retype(form, "issuedField", "去年")
    assert "按原文保留" in words.text()
    form.cells["issued"].commit()
    assert session.teachers()[2].certificates[0].issued == "去年"


def test_escape_takes_what_was_said_back(form: TeacherForm, qtbot: QtBot) -> None:
    retype(form, "issuedField", "2010.9")
    qtbot.keyClick(line(form, "issuedField"), Qt.Key.Key_Escape)
    words = form.findChild(QLabel, "issuedFieldMessage")
    assert words is not None and not words.isVisible()


@pytest.mark.parametrize("typed", ["高中", "高级中学教师资格"])
def test_a_kind_is_understood_by_its_other_names(form: TeacherForm, session: Session, typed: str) -> None:
    show(form, session, 2, 1)
    field = box(form, "kindField").lineEdit()
    assert field is not None
    field.setFocus()
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(typed)
    QApplication.sendEvent(field, event)
    form.cells["kind"].commit()
    assert session.teachers()[2].certificates[1].kind == "高级中学"
    assert form.cells["kind"].text == "高级中学"
