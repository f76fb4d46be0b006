from __future__ import annotations

from dataclasses import replace

import pytest

from certclerk.core.keying import (
    NO_DAY,
    Keying,
    KeyState,
    grouped,
    id_type,
    key_digest,
    key_entries,
    key_fields,
)
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Teacher

HELD = Certificate(7, 1, "高级中学", "语文", "20133599042000001", "泉州市教育局", "2013-07-01")
LIN = Teacher(1, 4, "林晓雯", "女", "359901198001010025", note="补发", certificates=(HELD,))


def test_each_field_is_shown_in_groups_and_copied_without_spaces() -> None:
    shown = {field.id: (field.shown, field.copied) for field in key_fields(LIN, HELD)}
    assert list(shown) == [
        "name", "sex", "id_type", "id_number", "kind", "subject", "number", "authority", "issued", "note",
    ]  # fmt: skip
    assert shown["id_number"] == ("359901 1980 0101 0025", "359901198001010025")
    assert shown["number"] == ("2013 35 990 42 000001", "20133599042000001")
    assert shown["issued"] == ("2013-07-01", "2013-07-01")


def test_grouping_only_adds_spaces() -> None:
    for digits in ("1" * 18, "1" * 17, "1" * 15, "H12345678", "123", ""):
        assert grouped(digits).replace(" ", "") == digits


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("359901198001010025", "居民身份证"),
        ("810000199408230021", "港澳台居民居住证"),
        ("830000199201300022", "港澳台居民居住证"),
        ("H12345678", "港澳居民来往内地通行证"),
        ("12345678", "台胞证"),
        ("未知", ""),
    ],
)
def test_the_kind_of_document_is_read_from_its_number(number: str, name: str) -> None:
    assert id_type(number) == name


@pytest.mark.parametrize(
    ("issued", "remark"), [("2013-07", NO_DAY), ("2013-07-01", ""), ("", ""), ("不详", "不是日期")]
)
def test_a_month_is_said_to_be_incomplete(issued: str, remark: str) -> None:
    fields = {field.id: field for field in key_fields(LIN, replace(HELD, issued=issued))}
    assert (fields["issued"].copied, fields["issued"].remark) == (issued, remark)


def test_a_tick_tells_when_the_record_changed_after_it(quanzhou: Notice) -> None:
    done = Keying("done", "", "2026-03-13T01:00:00+00:00", key_digest(key_fields(LIN, HELD)))
    changed = replace(LIN, certificates=(replace(HELD, subject="数学"),))
    for teacher, keyings, state in (
        (LIN, {}, KeyState.OPEN),
        (LIN, {7: done}, KeyState.DONE),
        (LIN, {7: replace(done, state="problem", reason="系统里已有")}, KeyState.PROBLEM),
        (changed, {7: done}, KeyState.CHANGED),
    ):
        (entry,) = key_entries([teacher], quanzhou, keyings)
        assert entry.state is state


def test_only_what_is_submitted_is_keyed_in(quanzhou: Notice) -> None:
    elsewhere = replace(HELD, id=8, authority="厦门市教育局")
    both = replace(LIN, certificates=(HELD, elsewhere))
    assert [entry.certificate.id for entry in key_entries([both], quanzhou, {})] == [7]
    assert key_entries([replace(LIN, choice="hold")], quanzhou, {}) == ()
