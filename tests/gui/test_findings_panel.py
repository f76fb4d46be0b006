from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.core.records import Finding, ProposedPage, Severity
from certclerk.gui.findings import panel as findings_panel
from certclerk.gui.findings.list import FETCHED_AT_ONCE, FINDING_ROLE, FindingList
from certclerk.gui.findings.panel import FindingsPanel
from certclerk.gui.findings.row import FindingRow
from certclerk.gui.scan import page_reasons
from certclerk.gui.session import Session
from certclerk.jobs import acts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> FindingsPanel:
    made = FindingsPanel(session)
    qtbot.addWidget(made)
    made.resize(330, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def reason(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """What the clerk answers when asked for a reason."""

    def answer(text: str | None) -> None:
        for module in (findings_panel, page_reasons):
            monkeypatch.setattr(module, "ask_reason", lambda *_asked: text)
        noted = (text, True) if text else None
        monkeypatch.setattr(findings_panel, "ask_reason_and", lambda *_asked: noted)

    answer(None)
    return answer


def shown(panel: FindingsPanel, kind: type[W], name: str | None = None) -> list[W]:
    """What the clerk sees of it: a row that went is hidden until Qt gets round to it."""
    area = panel.findChild(QScrollArea, "ownFindings")
    seen = [part for part in area.findChildren(kind, name) if part.isVisibleTo(area)]
    return sorted(seen, key=area.widget().layout().indexOf)


def own(panel: FindingsPanel) -> list[str]:
    """The current teacher's rows: code, then the buttons' texts; confirmed ones in brackets."""
    rows = []
    for row in shown(panel, FindingRow):
        buttons = " ".join(f"[{button.text()}]" for button in row.findChildren(QPushButton))
        code = f"({row.finding.code})" if row.finding.confirmed else row.finding.code
        rows.append(f"{code} {buttons}".strip())
    return rows


def press(panel: FindingsPanel, code: str, name: str) -> None:
    row = next(row for row in shown(panel, FindingRow) if row.finding.code == code)
    found = row.findChild(QPushButton, name)
    assert found is not None
    found.click()


def everyone(panel: FindingsPanel) -> list[str]:
    model = panel.list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def second(session: Session) -> int:
    """2 李娜, whose three pages are missing."""
    return session.teachers()[1].id


def give_all_pages(session: Session, teacher_id: int) -> None:
    """无此页 everywhere: the findings of its pages go."""
    teacher = session.teacher(teacher_id)
    assert teacher is not None
    for held in teacher.certificates:
        for slot in session.notice.slots:
            session.act(acts.mark_absent, held.id, slot.id, "证书没有这一页")


def test_everyones_findings_are_listed_with_place_and_severity(panel: FindingsPanel) -> None:
    listed = everyone(panel)
    assert "错误，2  李娜：缺封面" in listed
    assert "错误，3  张三 · 初级中学：初级中学证书缺备注页" in listed
    assert len(listed) == 19
    assert panel._counts.accessibleName() == "18 个错误，0 个警告"
    assert "18 错" in panel._counts.text()


def test_errors_come_before_warnings_before_notes(panel: FindingsPanel, session: Session) -> None:
    held = session.teachers()[0].certificates[0]
    session.act(acts.set_certificate_field, held.id, "kind", "小学")
    severities = [text.partition("，")[0] for text in everyone(panel)]
    assert severities == sorted(severities, key=["错误", "警告", "提示"].index)
    assert severities.count("警告") == 1


def test_a_missing_page_offers_files_and_where_it_may_be_the_word_that_there_is_none(
    panel: FindingsPanel, session: Session
) -> None:
    session.select(second(session))
    assert own(panel) == [
        "page_missing [从文件…]",
        "page_missing [从文件…]",
        "page_missing [从文件…] [无此页…]",
    ]


def test_somebody_without_findings_is_told_so(panel: FindingsPanel, session: Session) -> None:
    session.select(session.teachers()[0].id)
    assert own(panel) == []
    assert "没有问题" in [label.text() for label in shown(panel, QLabel)]


def test_a_finding_goes_at_once_when_it_is_put_right(
    panel: FindingsPanel, session: Session, reason: Callable[[str | None], None]
) -> None:
    session.select(second(session))
    before = len(everyone(panel))
    reason("证书没有这一页")
    press_last(panel, "absentButton")
    assert own(panel) == ["page_missing [从文件…]"] * 2
    assert len(everyone(panel)) == before - 1
    absence = session.teachers()[1].certificates[0].absence("remarks")
    assert absence is not None and absence.reason == "证书没有这一页"


def press_last(panel: FindingsPanel, name: str) -> None:
    found = shown(panel, QPushButton, name)[-1]
    found.click()


def test_who_thinks_better_of_it_changes_nothing(
    panel: FindingsPanel, session: Session, reason: Callable[[str | None], None]
) -> None:
    session.select(second(session))
    reason(None)
    label = session.collection.undo_label
    press_last(panel, "absentButton")
    assert session.collection.undo_label == label


def test_from_file_puts_the_chosen_picture_into_the_slot(
    panel: FindingsPanel,
    session: Session,
    scan_file: Callable[..., Path],
    file_dialogs: object,
    qtbot: QtBot,
) -> None:
    session.select(second(session))
    file_dialogs.answer = (scan_file("IMG_7.jpg"),)  # type: ignore[attr-defined]
    with qtbot.waitSignal(session.changed):
        press_last(panel, "filesButton")
    held = session.teachers()[1].certificates[0]
    assert [page.source for page in held.pages_in("remarks")] == ["IMG_7.jpg"]


def test_a_warning_is_confirmed_with_a_reason_and_taken_back(
    panel: FindingsPanel, session: Session, reason: Callable[[str | None], None]
) -> None:
    teacher = session.teachers()[0]
    session.act(acts.set_certificate_field, teacher.certificates[0].id, "kind", "小学")
    session.select(teacher.id)
    assert own(panel) == ["number_kind [改为高级中学] [确认无误…]"]
    reason("已与原件核对")
    press(panel, "number_kind", "confirmButton")
    assert own(panel) == []
    fold = panel.findChild(QToolButton, "ownConfirmedButton")
    assert fold is not None and fold.isVisible() and fold.text() == "已确认 1"
    fold.click()
    assert own(panel) == ["(number_kind) [取消确认]"]
    assert [found.noted for found in session.findings_of(teacher.id)] == [True]
    press(panel, "number_kind", "withdrawButton")
    assert own(panel) == ["number_kind [改为高级中学] [确认无误…]"]


def test_the_kind_is_set_as_the_number_says(panel: FindingsPanel, session: Session) -> None:
    teacher = session.teachers()[0]
    session.act(acts.set_certificate_field, teacher.certificates[0].id, "kind", "小学")
    session.select(teacher.id)
    press(panel, "number_kind", "setKindButton")
    assert session.teachers()[0].certificates[0].kind == "高级中学"
    assert own(panel) == []


def test_the_sex_is_set_as_the_identity_number_says(panel: FindingsPanel, session: Session) -> None:
    teacher = session.teachers()[0]
    session.act(acts.set_teacher_field, teacher.id, "sex", "男")
    session.select(teacher.id)
    # Both numbers say 女, so the certificate's offers it too.
    assert own(panel) == ["sex_against_id [改为女] [确认无误…]", "sex_against_number [改为女] [确认无误…]"]
    press(panel, "sex_against_id", "setSexButton")
    assert session.teachers()[0].sex == "女"
    assert own(panel) == []


def test_a_missing_sex_is_filled_from_the_identity_number(panel: FindingsPanel, session: Session) -> None:
    teacher = session.teachers()[0]
    session.act(acts.set_teacher_field, teacher.id, "sex", "")
    session.select(teacher.id)
    assert own(panel) == ["sex_missing [填女]"]


def test_an_old_identity_number_becomes_that_of_today(panel: FindingsPanel, session: Session) -> None:
    teacher = session.teachers()[0]
    number = teacher.id_number
    session.act(acts.set_teacher_field, teacher.id, "id_number", number[:6] + number[8:17])
    session.select(teacher.id)
    assert own(panel) == [f"id_legacy [改为{number}] [确认无误…]"]
    press(panel, "id_legacy", "setIdButton")
    assert session.teachers()[0].id_number == number


def test_a_picture_at_a_second_place_goes_to_the_trash(panel: FindingsPanel, session: Session) -> None:
    teacher = session.teachers()[0]
    held = teacher.certificates[0]
    (cover,) = held.pages_in("cover")
    again = ProposedPage(cover.sha256, 0, cover.media_type, cover.width, cover.height, cover.dpi, "又.jpg")
    with session.collection.change("加页") as change:
        change.add_page(again, certificate_id=held.id, slot="remarks")
    session.select(teacher.id)
    assert own(panel) == ["page_twice [移到回收站] [确认无误…]"] * 2
    with_focus = [row for row in shown(panel, FindingRow) if row.finding.field == "remarks"]
    button = with_focus[0].findChild(QPushButton, "trashButton")
    assert button is not None
    button.click()
    assert [trashed.page.source for trashed in session.collection.trash()] == ["又.jpg"]
    assert own(panel) == []


def test_an_open_question_is_answered_in_three_ways(
    panel: FindingsPanel, session: Session, reason: Callable[[str | None], None]
) -> None:
    teacher = session.teachers()[0]
    held = teacher.certificates[0]
    session.act(acts.set_certificate_field, held.id, "authority", "")
    session.select(teacher.id)
    assert own(panel) == ["authority_missing [纳入] [不纳入…] [暂缓…]"]
    press(panel, "authority_missing", "includeButton")
    assert session.standing(teacher.id).scope.scope.value == "in"
    fold = panel.findChild(QToolButton, "ownConfirmedButton")
    assert fold is not None
    fold.click()
    assert own(panel) == ["(authority_missing) [改回待定]"]
    press(panel, "authority_missing", "withdrawButton")
    assert session.standing(teacher.id).scope.scope.value == "ask"
    reason("调离")
    press(panel, "authority_missing", "excludeButton")
    assert session.teachers()[0].certificates[0].choice_reason == "调离"
    session.undo()
    press(panel, "authority_missing", "holdButton")
    assert session.standing(teacher.id).scope.scope.value == "hold"


def test_a_click_or_enter_asks_to_be_taken_to_the_finding(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    index = panel.list.model().index(0, 0)
    finding = index.data(FINDING_ROLE)
    with qtbot.waitSignal(session.focus_requested) as asked:
        qtbot.mouseClick(
            panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualRect(index).center()
        )
    assert asked.args == [finding]
    assert session.current == finding.teacher_id
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(session.focus_requested) as asked:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert asked.args == [panel.list.currentIndex().data(FINDING_ROLE)]


def test_an_own_row_can_be_reached_and_entered_by_keyboard(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    session.select(second(session))
    row = shown(panel, FindingRow)[0]
    row.setFocus()
    assert row.accessibleName() == "错误：缺封面"
    with qtbot.waitSignal(session.focus_requested) as asked:
        qtbot.keyClick(row, Qt.Key.Key_Return)
    assert asked.args == [row.finding]


def test_the_focus_goes_to_the_next_row_when_one_goes(panel: FindingsPanel, session: Session) -> None:
    session.select(second(session))
    shown(panel, FindingRow)[0].setFocus()
    held = session.teachers()[1].certificates[0]
    session.act(acts.mark_absent, held.id, "cover", "证书没有这一页")
    focused = panel.focusWidget()
    assert isinstance(focused, FindingRow) and focused.finding.field == "text"


def test_confirmed_ones_are_folded_at_the_end_of_everyones(
    panel: FindingsPanel, session: Session, qtbot: QtBot
) -> None:
    teacher = session.teachers()[0]
    session.act(acts.set_certificate_field, teacher.certificates[0].id, "kind", "小学")
    finding = next(f for f in session.findings_of(teacher.id) if f.code == "number_kind")
    session.act(acts.confirm, finding, "已与原件核对")
    assert everyone(panel)[-1] == "▸ 已确认 1"
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.list.model().index(len(everyone(panel)) - 1, 0))
    qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    assert "已确认：已与原件核对" in everyone(panel)[-1]


def test_an_empty_collection_is_calm(panel: FindingsPanel, session: Session) -> None:
    session.act(acts.remove_teachers, [teacher.id for teacher in session.teachers()])
    assert everyone(panel) == []
    assert panel._none.isVisible() and panel._none.text() == "名册还是空的"
    assert not panel.list.isVisible()


def finding(number: int, message: str = "缺备注页") -> Finding:
    return Finding("page_missing", Severity.ERROR, message, teacher_id=number, field="remarks")


def place(found: Finding | None) -> str:
    return f"{found.teacher_id}  教师" if found else ""


def test_the_model_tells_only_what_differs() -> None:
    """1 2 3 4 -> 1 3' 4: two rows go, one comes."""
    model = FindingList()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_findings([finding(number) for number in (1, 2, 3, 4)], place)
    gone: list[tuple[int, int]] = []
    come: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: gone.append((first, last)))
    model.rowsInserted.connect(lambda _parent, first, last: come.append((first, last)))
    model.show_findings([finding(1), finding(3, "缺封面"), finding(4)], place)
    assert (gone, come) == ([(1, 2)], [(1, 1)])
    model.show_findings([finding(1), finding(3, "缺封面"), finding(4)], place)
    assert len(gone) == len(come) == 1
    assert model.rowCount() == 3
    del tester


def test_thousands_of_findings_come_as_they_are_scrolled_to(panel: FindingsPanel) -> None:
    """The view measures the rows it has, and has few of 3,000 until the clerk asks for more; no widget each."""
    rows = [
        finding(number, f"证书号码第10位是3（初级中学），资格种类是高级中学{number}")
        for number in range(3000)
    ]
    model = panel.list.model()
    assert isinstance(model, FindingList)
    model.show_findings(rows, place)
    assert model.rowCount() == FETCHED_AT_ONCE
    panel.list.scrollToBottom()
    shown = model.rowCount()
    assert FETCHED_AT_ONCE < shown < len(rows)
    model.show_findings(rows[:50] + rows[51:], place)
    assert model.rowCount() == shown
    for _ in rows:
        if not model.canFetchMore(QModelIndex()):
            break
        panel.list.scrollToBottom()
    assert model.index(model.rowCount() - 1, 0).data(FINDING_ROLE) == rows[-1]
    assert len(panel.list.findChildren(FindingRow)) == 0
