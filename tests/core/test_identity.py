"""Identity numbers against published specimens; each check is seen to fail."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core import identity
from certclerk.core.identity import Document

# The specimens that GB 11643-1999 and the permit for Hong Kong, Macao and Taiwan residents publish.
PUBLISHED = ("11010519491231002X", "440524188001010014", "810000199408230021", "830000199201300022")


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_specimens_are_valid(number: str) -> None:
    assert identity.document(number) is Document.RESIDENT
    assert identity.has_valid_check(number)


@pytest.mark.parametrize("number", PUBLISHED)
def test_every_single_wrong_digit_is_seen(number: str) -> None:
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                assert not identity.has_valid_check(number[:place] + digit + number[place + 1 :])
    for last in "0123456789X":
        assert identity.has_valid_check(number[:17] + last) is (last == number[17])


@pytest.mark.parametrize("number", PUBLISHED)
def test_neighbours_exchanged_are_seen(number: str) -> None:
    for place in range(16):
        if number[place] != number[place + 1]:
            swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert not identity.has_valid_check(swapped)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("350502198001010019", Document.RESIDENT),
        ("35050219800101001X", Document.RESIDENT),
        ("350502800101001", Document.LEGACY),
        ("H12345678", Document.HK_MACAO_PERMIT),
        ("M12345678", Document.HK_MACAO_PERMIT),
        ("12345678", Document.TAIWAN_PERMIT),
        ("", Document.UNKNOWN),
        ("35050219800101001", Document.UNKNOWN),
        ("3505021980010100199", Document.UNKNOWN),
        ("35050219800101X019", Document.UNKNOWN),
        ("35050219800101001x", Document.UNKNOWN),
        ("X50502198001010019", Document.UNKNOWN),
        ("A12345678", Document.UNKNOWN),
        ("H1234567", Document.UNKNOWN),
        ("350502198001010019\n", Document.UNKNOWN),
        ("٣50502198001010019", Document.UNKNOWN),
        ("3.50502198001010E+17", Document.UNKNOWN),
    ],
)
def test_shapes(number: str, kind: Document) -> None:
    assert identity.document(number) is kind


@pytest.mark.parametrize("number", ["", "1", "12345678", "350502800101001", "35050219800101001"])
def test_what_is_no_18_character_number_has_no_valid_check(number: str) -> None:
    assert not identity.has_valid_check(number)


@pytest.mark.parametrize(
    ("number", "birth"),
    [
        ("11010519491231002X", date(1949, 12, 31)),
        ("440524188001010014", date(1880, 1, 1)),
        ("810000199408230021", date(1994, 8, 23)),
        ("350502800101001", date(1980, 1, 1)),
        ("350502200002290018", date(2000, 2, 29)),
        ("350502190002290018", None),
        ("350502198013010019", None),
        ("350502198000010019", None),
        ("350502198001320019", None),
        ("350502000001010019", None),
        ("350502810229001", None),
        ("12345678", None),
        ("", None),
    ],
)
def test_birth_dates(number: str, birth: date | None) -> None:
    assert identity.birth_date(number) == birth


@pytest.mark.parametrize(
    ("number", "sex"),
    [
        ("350502198001010019", "男"),
        ("350502198001010027", "女"),
        ("11010519491231002X", "女"),
        ("350502800101001", "男"),
        ("350502800101002", "女"),
        ("H12345678", ""),
        ("", ""),
    ],
)
def test_sex(number: str, sex: str) -> None:
    assert identity.sex(number) == sex


@settings(deadline=None)
@given(st.text(alphabet="0123456789", min_size=17, max_size=17))
def test_the_computed_character_is_the_only_valid_one(first_17: str) -> None:
    valid = [last for last in "0123456789X" if identity.has_valid_check(first_17 + last)]
    assert valid == [identity.check_character(first_17)]


def test_captions_hide_the_middle() -> None:
    assert identity.masked("350502198001011234") == "3505…1234"
    assert identity.masked("12345678") == "12345678"
    assert identity.masked("") == ""


@pytest.mark.parametrize(
    ("number", "upgraded"),
    [
        ("359901800101002", "359901198001010025"),
        ("359901800230002", ""),
        ("359901198001010025", ""),
        ("", ""),
    ],
)
def test_an_old_number_becomes_that_of_today(number: str, upgraded: str) -> None:
    assert identity.as_resident(number) == upgraded
