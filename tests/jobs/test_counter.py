from __future__ import annotations

from datetime import date

from certclerk.collection import Collection
from certclerk.core.custody import NEVER, Custody, Stand, custody_sheet
from certclerk.core.keying import KeyState
from certclerk.jobs import counter

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def held(collection: Collection) -> list[int]:
    return [each.id for teacher in collection.roster().teachers for each in teacher.certificates]


def test_booklets_come_and_go_once_and_undo(collection: Collection) -> None:
    first, second = held(collection)
    assert counter.give_back(collection, [first], MONDAY) == 0
    assert counter.receive(collection, [first, second], MONDAY) == 2
    assert counter.receive(collection, [first], FRIDAY) == 0
    assert counter.give_back(collection, [first], FRIDAY) == 1
    assert collection.custody() == {
        first: Custody("2026-03-02", "2026-03-06"),
        second: Custody("2026-03-02"),
    }
    assert collection.undo() == "还证 1 本"
    assert collection.custody()[first].stand is Stand.HERE
    counter.set_custody(collection, [first], NEVER)
    assert list(collection.custody()) == [second]


def test_a_booklet_that_comes_again_is_here(collection: Collection) -> None:
    first, _ = held(collection)
    counter.receive(collection, [first], MONDAY)
    counter.give_back(collection, [first], MONDAY)
    assert counter.receive(collection, [first], FRIDAY) == 1
    assert collection.custody()[first] == Custody("2026-03-06")


def test_the_sheet_has_every_booklet_with_room_to_sign(collection: Collection) -> None:
    first, _ = held(collection)
    counter.receive(collection, [first], MONDAY)
    roster = collection.roster()
    listed = custody_sheet(roster.teachers, collection.custody(), roster.filing, collection.notice)
    assert listed.summary == "共 2 本：未收 1 本，在手 1 本，已还 0 本。"
    assert [row[4:] for row in listed.table.grid.rows] == [("2026-03-02", "", "", ""), ("", "", "", "")]


def test_someone_who_is_out_owes_no_booklet_but_gets_it_back(collection: Collection) -> None:
    _first, second = held(collection)
    counter.receive(collection, [second], MONDAY)
    with collection.change("不纳入") as change:
        for teacher in collection.roster().teachers:
            change.update_teacher(teacher.id, choice="out", choice_reason="退休")
    roster = collection.roster()
    listed = custody_sheet(roster.teachers, collection.custody(), roster.filing, collection.notice)
    assert listed.owners == (roster.teachers[1].id,)


def test_ticks_are_kept_undone_and_lapse_with_the_record(collection: Collection) -> None:
    one, two = counter.entries(collection)
    counter.mark_done(collection, [one])
    counter.mark_problem(collection, [two], "系统里已有")
    assert [entry.state for entry in counter.entries(collection)] == [KeyState.DONE, KeyState.PROBLEM]
    with collection.change("改") as change:
        change.update_certificate(one.certificate.id, subject="英语")
    assert counter.entries(collection)[0].state is KeyState.CHANGED
    collection.undo()
    assert collection.undo() == f"录入有问题：{two.teacher.name}"
    counter.clear_mark(collection, [one])
    assert [entry.state for entry in counter.entries(collection)] == [KeyState.OPEN, KeyState.OPEN]


def test_the_days_that_the_clerk_was_told_are_kept_and_undone(collection: Collection) -> None:
    assert collection.own_appointment() is None
    counter.set_appointment(collection, MONDAY, FRIDAY, "电话通知")
    own = collection.own_appointment()
    assert own is not None and (own.start, own.end, own.remark) == (MONDAY, FRIDAY, "电话通知")
    counter.clear_appointment(collection)
    assert collection.own_appointment() is None
    collection.undo()
    assert collection.own_appointment() == own
