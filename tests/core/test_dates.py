"""Dates as schools write them, and those that must not be guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core.dates import PartialDate, from_day, from_iso, parse_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2010.9", "2010-09"),
        ("2010.09", "2010-09"),
        ("2010.10", "2010-10"),
        ("2010.12", "2010-12"),
        ("2010-09", "2010-09"),
        ("2010-9", "2010-09"),
        ("2010/9", "2010-09"),
        ("201009", "2010-09"),
        ("2010年9月", "2010-09"),
        ("2010年09月", "2010-09"),
        ("2010年9月1日", "2010-09-01"),
        ("2010 年 9 月 1 日", "2010-09-01"),
        ("2010年9月1", "2010-09-01"),
        ("2010年9月1号", "2010-09-01"),
        ("20100901", "2010-09-01"),
        ("2010/9/1", "2010-09-01"),
        ("2010-9-1", "2010-09-01"),
        ("2010.9.1", "2010-09-01"),
        ("2010.09.01", "2010-09-01"),
        ("２０１０．９．１", "2010-09-01"),
        ("２０１０年９月", "2010-09"),
        (" 2010\u00a0年\u30009月 ", "2010-09"),
        ("2010-09-01\n", "2010-09-01"),
        ("\u200e2010/9/1\u200e", "2010-09-01"),
        ("2010-09-01 00:00:00", "2010-09-01"),
        ("2010-09-01T08:30:00.000", "2010-09-01"),
        ("2010/9/1 8:30", "2010-09-01"),
        ("40422", "2010-09-01"),
        ("40422.0", "2010-09-01"),
        ("40422.75", "2010-09-01"),
        ("39814", "2009-01-01"),
        ("2012-02-29", "2012-02-29"),
        ("2000.2.29", "2000-02-29"),
    ],
)
def test_understood(text: str, iso: str) -> None:
    understood = parse_date(text)
    assert understood is not None
    assert understood.iso == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "不详",
        "2010",
        "2010年",
        "2010.",
        "2010.0",
        "2010.13",
        "2010.9.",
        "2010.9.31",
        "2010-00-01",
        "2010-09-00",
        "2011-02-29",
        "1900.2.29",
        "2010.9-1",
        "2010 1 1",  # without its spaces it would be November
        "2010 9",
        "20109",  # as a serial it would be 1955
        "201013",
        "2010911",
        "20101301",
        "1899-12-31",
        "2101-01",
        "99999",
        "00001",
        "9.2010",
        "01/09/2010",
        "2010-09-01至2013-09-01",
        "2010-09;2011-09",
        "10.9.1",
        "٢٠١٠.٩",
        "2010年9月1日 上午",
        "-40422",
        "4.0422E4",
    ],
)
def test_not_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_a_month_has_no_day_but_has_bounds() -> None:
    month = PartialDate(2012, 2)
    assert (month.iso, month.earliest, month.latest) == ("2012-02", date(2012, 2, 1), date(2012, 2, 29))
    day = PartialDate(2012, 2, 3)
    assert day.earliest == day.latest == date(2012, 2, 3)


@settings(deadline=None)
@given(st.dates(date(1970, 1, 1), date(2100, 12, 31)))
def test_what_a_record_holds_is_read_back(day: date) -> None:
    iso = from_day(day).iso
    assert from_iso(iso) == parse_date(iso) == from_day(day)
    assert parse_date(str((day - date(1899, 12, 30)).days)) == from_day(day)
    month = PartialDate(day.year, day.month)
    assert from_iso(month.iso) == parse_date(month.iso) == month


@pytest.mark.parametrize("text", ["2010.9", "2010-9", "2010-13", "2010-09-31", "40422", "", "2010-09-01 "])
def test_only_iso_is_a_stored_date(text: str) -> None:
    assert from_iso(text) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_is_understood_or_not(text: str) -> None:
    understood = parse_date(text)
    assert understood is None or from_iso(understood.iso) == understood
