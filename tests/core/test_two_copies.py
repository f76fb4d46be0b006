"""Who of one copy is who of the other: certain only where nothing speaks for two people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certclerk.core.lineage import Kinship
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Confirmation, Filing, Page, Place, Roster, Teacher
from certclerk.core.two_copies import Difference, Side, compare, who_is_who

ONE, OTHER = "359901198001010025", "359901198001010033"


def teacher(key: int, name: str, number: str = "", *, certificate: str = "", page: str = "") -> Teacher:
    pages = (Page(key, page, 0, "image/jpeg", 10, 10, None, "a.jpg", "", place=Place.SLOT, slot="cover"),)
    held = Certificate(key, key, number=certificate, pages=pages if page else ())
    return Teacher(key, key, name, id_number=number, certificates=(held,) if certificate or page else ())


CASES = {
    "one row, one name": ([teacher(1, "王芳")], [teacher(1, "王芳")], {1: 1}, {}),
    "one row, a name put right, one certificate": (
        [teacher(1, "王方", certificate="7")],
        [teacher(1, "王芳", certificate="7")],
        {1: 1},
        {},
    ),
    "one row, a name put right, one page": (
        [teacher(1, "王方", page="a")],
        [teacher(1, "王芳", page="a")],
        {1: 1},
        {},
    ),
    "one row, another name, nothing shared": ([teacher(1, "王芳")], [teacher(1, "李娜")], {}, {}),
    "one number in different rows": ([teacher(1, "王芳", ONE)], [teacher(2, "王方", ONE)], {1: 2}, {}),
    "one number, that of two people here": (
        [teacher(1, "王芳", ONE), teacher(2, "李娜", ONE)],
        [teacher(2, "李娜", ONE)],
        {2: 2},
        {},
    ),
    "one row, one name, two numbers": ([teacher(1, "王芳", ONE)], [teacher(1, "王芳", OTHER)], {}, {1: 1}),
    "one row, one name, two certificates": (
        [teacher(1, "王芳", certificate="7")],
        [teacher(1, "王芳", certificate="8")],
        {},
        {1: 1},
    ),
    "other rows, one name, one certificate": (
        [teacher(1, "王芳", certificate="7")],
        [teacher(2, "王芳", certificate="7")],
        {1: 2},
        {},
    ),
    "other rows, one name, nothing else known": ([teacher(1, "王芳")], [teacher(2, "王芳")], {}, {1: 2}),
    "other rows, one name, two numbers": ([teacher(1, "王芳", ONE)], [teacher(2, "王芳", OTHER)], {}, {}),
    "other rows, namesakes, one certificate": (
        [teacher(1, "王芳", ONE), teacher(5, "王芳", certificate="7")],
        [teacher(2, "王芳", OTHER), teacher(4, "王芳", certificate="7")],
        {5: 4},
        {},
    ),
    "other rows, namesakes, one page of two": (
        [teacher(1, "王芳", page="a"), teacher(2, "王芳", page="a")],
        [teacher(3, "王芳", page="a")],
        {},
        {},
    ),
    "other rows, namesakes, one of whom reads the same": (
        [teacher(1, "王芳", ONE), teacher(5, "王芳", certificate="")],
        [teacher(3, "王芳"), teacher(6, "王芳", OTHER)],
        {},
        {5: 3},
    ),
    "other rows, namesakes": (
        [teacher(1, "王芳"), teacher(2, "王芳")],
        [teacher(3, "王芳")],
        {},
        {},
    ),
    "a number is stronger than a row": (
        [teacher(1, "王芳", ONE), teacher(2, "李娜", OTHER)],
        [teacher(1, "李娜", OTHER), teacher(2, "王芳", ONE)],
        {1: 2, 2: 1},
        {},
    ),
    "no number at all is nobody's": ([teacher(1, "王芳", "无")], [teacher(2, "李娜", "无")], {}, {}),
}


@pytest.mark.parametrize("case", CASES)
def test_who_is_who(case: str) -> None:
    here, there, certain, doubtful = CASES[case]
    assert who_is_who(here, there) == (certain, doubtful)
    assert who_is_who(there, here) == (
        {theirs: mine for mine, theirs in certain.items()},
        {theirs: mine for mine, theirs in doubtful.items()},
    )


def test_confirmations_of_other_findings_differ_whatever_the_reason(quanzhou: Notice) -> None:
    here, there = (
        replace(teacher(1, "王芳"), confirmations=(Confirmation(code, "name", "王芳", "已核对"),))
        for code in ("name_rare", "name_latin")
    )
    sides = (Side(Roster(Filing("泉州第一中学"), (one,))) for one in (here, there))
    (pair,) = compare(*sides, Kinship.FORKED, quanzhou).pairs
    assert pair.differences == (Difference("确认无误", "已核对", "已核对，确认的问题不同"),)


def test_another_order_of_the_certificates_differs(quanzhou: Notice) -> None:
    first, second = Certificate(1, 1, kind="小学", number="7"), Certificate(2, 1, kind="初级中学", number="8")
    here, there = (
        Side(Roster(Filing("一中"), (replace(teacher(1, "王芳"), certificates=held),), ()))
        for held in ((first, second), (second, first))
    )
    (pair,) = compare(here, there, Kinship.FORKED, quanzhou).pairs
    assert pair.differences == (Difference("证书的先后", "小学证书、初级中学证书", "初级中学证书、小学证书"),)
