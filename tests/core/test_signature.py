"""A teacher's signature holds for the row that was signed and for no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certclerk.core.fields import CERTIFICATE_FIELDS
from certclerk.core.records import Certificate, Teacher
from certclerk.core.signature import Signature, row_digest, signature

CERTIFICATE = Certificate(1, 1, kind="小学", number="20133599022000001", issued="2013-07")
TEACHER = Teacher(1, 1, name="林晓雯", sex="女", certificates=(CERTIFICATE,))


def signed(teacher: Teacher) -> Teacher:
    return replace(teacher, signed_on="2017-03-01", signed_row=row_digest(teacher))


def test_it_is_given_and_holds() -> None:
    assert signature(TEACHER) is Signature.NONE
    assert signature(signed(TEACHER)) is Signature.HELD


@pytest.mark.parametrize("field", ["name", "sex", "id_number"])
def test_it_lapses_with_a_value_of_the_teacher(field: str) -> None:
    assert signature(replace(signed(TEACHER), **{field: "另一个"})) is Signature.LAPSED


@pytest.mark.parametrize("field", CERTIFICATE_FIELDS)
def test_it_lapses_with_a_value_of_a_certificate(field: str) -> None:
    other = replace(CERTIFICATE, **{field: "另一个"})
    assert signature(replace(signed(TEACHER), certificates=(other,))) is Signature.LAPSED


def test_it_lapses_with_a_certificate_more_or_less() -> None:
    assert signature(replace(signed(TEACHER), certificates=())) is Signature.LAPSED
    assert signature(replace(signed(TEACHER), certificates=(CERTIFICATE, CERTIFICATE))) is Signature.LAPSED


def test_a_value_does_not_pass_for_its_neighbour() -> None:
    moved = replace(TEACHER, name="林晓", sex="雯女")
    assert row_digest(moved) != row_digest(TEACHER)


def test_the_clerks_own_note_and_order_leave_it() -> None:
    assert signature(replace(signed(TEACHER), note="已退休", serial=9, choice="hold")) is Signature.HELD
