from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from certclerk.collection import Collection
from certclerk.core.custody import NEVER, Custody, Stand, custody_sheet
from certclerk.core.keying import KeyState
from certclerk.jobs import counter

OLD = Path(__file__).parents[1] / "data" / "collections"
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


def test_who_has_not_handed_in_is_asked_for_it_without_numbers(collection: Collection) -> None:
    first, second = held(collection)
    counter.receive(collection, [first], MONDAY)
    roster = collection.roster()
    listed = custody_sheet(roster.teachers, collection.custody(), roster.filing, collection.notice)
    request, *asked = listed.text.splitlines()
    assert "证书还没有交来" in request
    assert asked == [f"1. {roster.teachers[1].name}：{roster.teachers[1].certificates[0].kind}"]
    assert not any(teacher.id_number in listed.text for teacher in roster.teachers)
    counter.receive(collection, [second], MONDAY)
    listed = custody_sheet(roster.teachers, collection.custody(), roster.filing, collection.notice)
    assert listed.text == ""


def test_a_namesake_who_has_handed_in_is_not_taken_for_the_other(collection: Collection) -> None:
    first, _second = held(collection)
    with collection.change("改姓名") as change:
        for teacher in collection.roster().teachers:
            change.update_teacher(teacher.id, name="张三")
    counter.receive(collection, [first], MONDAY)
    roster = collection.roster()
    listed = custody_sheet(roster.teachers, collection.custody(), roster.filing, collection.notice)
    (asked,) = listed.text.splitlines()[1:]
    assert asked.startswith(f"1. 张三（名册第 {roster.teachers[1].serial} 号）：")


@pytest.mark.parametrize(
    ("custody", "words"),
    [
        (NEVER, "未收"),
        (Custody("2026-03-02"), "在手 3月2日"),
        (Custody("2026-03-02", "2026-03-06"), "已还 3月6日"),
    ],
)
def test_where_a_booklet_is_is_said_in_a_word(custody: Custody, words: str) -> None:
    assert str(custody) == words


def test_the_calendar_has_the_days_that_the_clerk_entered(collection: Collection, tmp_path: Path) -> None:
    counter.set_appointment(collection, MONDAY, FRIDAY, "带公章")
    path, now = tmp_path / counter.calendar_name(collection), datetime(2026, 2, 1, tzinfo=UTC)
    assert path.name == f"录入时间_{collection.filing().unit}.ics"
    assert counter.save_calendar(collection, path, now)
    (event,) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (MONDAY, date(2026, 3, 7))
    assert event["DESCRIPTION"].startswith("带公章")
    assert event["UID"].startswith(collection.identity())


def test_without_a_day_no_calendar_is_written(collection: Collection, tmp_path: Path) -> None:
    with collection.change("改单位") as change:
        change.set_filing(replace(collection.filing(), unit="不在名单上的学校"))
    assert not counter.save_calendar(collection, tmp_path / "日历.ics", datetime.now(UTC))
    assert not (tmp_path / "日历.ics").exists()


def test_the_days_of_a_closed_collection_are_read_and_nothing_is_left_behind(collection: Collection) -> None:
    counter.set_appointment(collection, MONDAY, FRIDAY, "")
    assert counter.countdown_at(collection.path, MONDAY) == "3月2日–6日 就在这几天"
    collection.close()
    before = {each.name: each.read_bytes() for each in collection.path.parent.iterdir()}
    assert counter.countdown_at(collection.path, date(2026, 3, 1)) == "3月2日–6日 还有1天"
    assert {each.name: each.read_bytes() for each in collection.path.parent.iterdir()} == before


def test_of_what_cannot_be_read_nothing_is_said(tmp_path: Path) -> None:
    damaged = tmp_path / "坏.certclerk"
    damaged.write_bytes(b"no collection" * 1000)
    assert counter.countdown_at(damaged, MONDAY) == ""
    assert counter.countdown_at(tmp_path / "没有.certclerk", MONDAY) == ""


@pytest.mark.parametrize("file", sorted(OLD.glob("*.certclerk")), ids=lambda file: file.stem)
def test_files_of_earlier_versions_are_read_as_they_are(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / file.name
    shutil.copy(file, copy)
    assert counter.countdown_at(copy, MONDAY)
    assert copy.read_bytes() == file.read_bytes() and list(tmp_path.iterdir()) == [copy]
