from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.progress import Gap, State
from certclerk.core.records import ProposedPage, ProposedTeacher
from certclerk.gui import session as session_module
from certclerk.gui.session import Session
from certclerk.jobs import acts


def ids(session: Session) -> list[int]:
    return [teacher.id for teacher in session.teachers()]


def add_page(session: Session, gap: Gap, source: str) -> None:
    sha256 = session.collection.add_blob(source.encode(), "image/jpeg")
    with session.collection.change("放入页") as change:
        change.add_page(
            ProposedPage(sha256, 0, "image/jpeg", 100, 100, None, source),
            certificate_id=gap.certificate_id,
            slot=gap.slot,
        )


def test_opens_with_everyone_standing(session: Session) -> None:
    states = [standing.state for standing in session.standings()]
    assert states == [State.DONE, *[State.TO_SCAN] * 5]
    assert session.progress().counts[State.TO_SCAN] == 5
    assert session.findings_of(ids(session)[0]) == ()
    assert session.findings_of(ids(session)[1])


def test_an_edit_refreshes_its_teacher_findings_and_standing(session: Session, qtbot: QtBot) -> None:
    first = ids(session)[0]
    with qtbot.waitSignal(session.checked), qtbot.waitSignal(session.changed) as seen:
        session.act(acts.set_teacher_field, first, "id_number", "350502198501150001")
    assert seen.args == [frozenset({first})]
    teacher = session.teacher(first)
    assert teacher is not None and teacher.id_number == "350502198501150001"
    assert {finding.field for finding in session.findings_of(first)} >= {"id_number"}
    assert session.standing(first).state is State.PROBLEM
    session.undo()
    assert session.standing(first).state is State.DONE


def test_what_rereads_one_teacher_equals_what_rereads_all(session: Session) -> None:
    second = ids(session)[1]
    session.act(acts.set_teacher_field, second, "note", "借调一年")
    assert session.roster() == session.collection.roster()


def test_a_large_roster_is_checked_in_a_worker(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "CHECKED_AT_ONCE", 0)
    first = ids(session)[0]
    with qtbot.waitSignal(session.checked):
        session.act(acts.set_teacher_field, first, "sex", "")
        session.act(acts.set_teacher_field, first, "name", "")
        assert session.findings_of(first) == ()
    assert {finding.field for finding in session.findings_of(first)} == {"sex", "name"}


def test_until_the_check_nobody_is_told_of_a_certificate_that_has_gone(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "CHECKED_AT_ONCE", 0)
    second = ids(session)[1]
    before = session.findings_of(second)
    held = {finding.certificate_id for finding in before} - {None}
    assert held
    session.act(acts.remove_certificate, held.pop())
    assert {finding.certificate_id for finding in session.findings_of(second)} <= {None}
    session.undo()
    qtbot.waitUntil(lambda: session.findings_of(second) == before)


def test_rows_that_come_and_go_are_reread_alone(session: Session) -> None:
    order = ids(session)
    session.act(acts.add_teacher, "新来的")
    session.act(acts.reorder, order[::-1])
    session.act(acts.remove_teachers, order[1:2])
    assert session.roster() == session.collection.roster()
    for _ in range(3):
        session.undo()
        assert session.roster() == session.collection.roster()
    assert ids(session) == order


def test_what_was_not_done_is_not_said_to_be(session: Session) -> None:
    page = next(session.teachers()[0].pages())
    assert session.did(acts.rotate_page, page.id, 90)
    assert not session.did(acts.set_teacher_field, ids(session)[0], "name", session.teachers()[0].name)

    def refused(collection: Collection) -> None:
        with collection.change("加页") as change:
            change.rotate_page(page.id, 90)
            raise UserError("folder_missing", folder="夹")

    assert not session.did(refused)


def test_a_failed_act_is_told_and_gives_none(session: Session, qtbot: QtBot) -> None:
    session.collection.read_only = True
    with qtbot.waitSignal(session.failed) as told:
        assert session.act(acts.add_teacher) is None
    assert "只读" in told.args[0]


def test_undo_and_redo_say_what_they_did(session: Session, qtbot: QtBot) -> None:
    session.act(acts.set_teacher_field, ids(session)[0], "name", "王方")
    with qtbot.waitSignal(session.message) as told:
        session.undo()
    assert told.args == ["已撤销：改姓名"]
    with qtbot.waitSignal(session.message) as told:
        session.redo()
    assert told.args == ["已重做：改姓名"]


def test_undo_shows_whom_it_concerns(session: Session) -> None:
    session.act(acts.set_teacher_field, ids(session)[3], "name", "王方")
    session.select(ids(session)[0])
    session.undo()
    assert session.current == ids(session)[3]


def test_undo_at_the_beginning_says_nothing(session: Session, qtbot: QtBot) -> None:
    while session.collection.undo_label:
        session.undo()
    with qtbot.assertNotEmitted(session.message):
        session.undo()


def test_the_target_is_the_first_gap_until_the_clerk_chooses(session: Session) -> None:
    second = session.teachers()[1]
    certificate = second.certificates[0].id
    assert session.target is None
    session.select(second.id)
    assert session.target == Gap(certificate, "cover")
    session.set_target(certificate, "remarks")
    assert session.target == Gap(certificate, "remarks")
    add_page(session, Gap(certificate, "remarks"), "备注.jpg")
    assert session.target == Gap(certificate, "cover")


def test_a_chosen_target_goes_with_its_teacher(session: Session) -> None:
    second, third = session.teachers()[1:3]
    session.select(second.id)
    session.set_target(second.certificates[0].id, "remarks")
    session.select(third.id)
    assert session.target == Gap(third.certificates[0].id, "cover")


def test_a_chosen_target_goes_with_its_certificate(session: Session) -> None:
    third = session.teachers()[2]
    session.select(third.id)
    session.set_target(third.certificates[0].id, "remarks")
    session.act(acts.remove_certificate, third.certificates[0].id)
    assert session.target == Gap(third.certificates[1].id, "cover")


def test_no_gap_no_target(session: Session) -> None:
    session.select(ids(session)[0])
    assert session.target is None


def test_next_gap_goes_round(session: Session) -> None:
    session.select(ids(session)[5])
    assert session.select_next_gap()
    assert session.current == ids(session)[1]


def test_next_gap_when_nobody_has_one(session: Session) -> None:
    session.act(acts.set_scope, ids(session)[1:], "out", "退休")
    assert not session.select_next_gap()


@pytest.mark.parametrize(
    ("removed", "selected"),
    [((2,), 3), ((5,), 4), ((0, 1, 2, 3, 4, 5), None)],
    ids=["the next takes the row", "the last gives to the one above", "nobody is left"],
)
def test_a_removed_teacher_hands_the_place_on(
    session: Session, qtbot: QtBot, removed: tuple[int, ...], selected: int | None
) -> None:
    before = ids(session)
    session.select(before[removed[0]])
    with qtbot.waitSignal(session.current_changed):
        session.act(acts.remove_teachers, [before[index] for index in removed])
    assert session.current == (None if selected is None else before[selected])


def test_selecting_nobody_who_exists_changes_nothing(session: Session, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(session.current_changed):
        session.select(987654)


def test_many_touched_teachers_are_reread_together(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "REREAD_ALL_FROM", 2)
    session.act(acts.set_scope, ids(session), "hold", "等补件")
    assert {standing.state for standing in session.standings()} == {State.HOLD}


def test_redoing_an_addition_brings_the_teacher_back(session: Session) -> None:
    def undone_and_redone(step: Callable[[], None]) -> int:
        step()
        return len(session.teachers())

    with session.collection.change("添加教师") as change:
        change.add_teachers([ProposedTeacher(name="赵六")])
    assert undone_and_redone(session.undo) == 6
    assert undone_and_redone(session.redo) == 7
