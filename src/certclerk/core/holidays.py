"""The public holidays of mainland China that fall into a span of days.

The days are those of the 全国年节及纪念日放假办法 (in force since 2025-01-01). Which neighbouring days are worked or
taken off instead is announced each year by the State Council and is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

# (month, day) of the first day of the lunar year, of 端午 and of 中秋 (GB/T 33661-2017), by solar year.
_LUNAR: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2009: ((1, 26), (5, 28), (10, 3)),
    2010: ((2, 14), (6, 16), (9, 22)),
    2011: ((2, 3), (6, 6), (9, 12)),
    2012: ((1, 23), (6, 23), (9, 30)),
    2013: ((2, 10), (6, 12), (9, 19)),
    2014: ((1, 31), (6, 2), (9, 8)),
    2015: ((2, 19), (6, 20), (9, 27)),
    2016: ((2, 8), (6, 9), (9, 15)),
    2017: ((1, 28), (5, 30), (10, 4)),
    2018: ((2, 16), (6, 18), (9, 24)),
    2019: ((2, 5), (6, 7), (9, 13)),
    2020: ((1, 25), (6, 25), (10, 1)),
    2021: ((2, 12), (6, 14), (9, 21)),
    2022: ((2, 1), (6, 3), (9, 10)),
    2023: ((1, 22), (6, 22), (9, 29)),
    2024: ((2, 10), (6, 10), (9, 17)),
    2025: ((1, 29), (5, 31), (10, 6)),
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)),
    2035: ((2, 8), (6, 10), (9, 16)),
    2036: ((1, 28), (5, 30), (10, 4)),
    2037: ((2, 15), (6, 18), (9, 24)),
    2038: ((2, 4), (6, 7), (9, 13)),
    2039: ((1, 24), (5, 27), (10, 2)),
    2040: ((2, 12), (6, 14), (9, 20)),
}


def holidays(first: date, last: date) -> tuple[tuple[date, str], ...]:
    """Each holiday from ``first`` to ``last``, both included, with its name. Lunar ones are known for 2009 to 2040."""
    found = [
        (day, name)
        for year in range(first.year, last.year + 1)
        for day, name in _of_year(year)
        if first <= day <= last
    ]
    return tuple(sorted(found))


def _of_year(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    yield date(year, 4, _pure_brightness(year)), "清明节"
    for day in (1, 2):
        yield date(year, 5, day), "劳动节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"
    if year in _LUNAR:
        spring, boat, moon = (date(year, month, day) for month, day in _LUNAR[year])
        for offset in range(-1, 3):
            yield spring + timedelta(offset), "春节"
        yield boat, "端午节"
        yield moon, "中秋节"


def _pure_brightness(year: int) -> int:
    """The day in April of the solar term 清明; the rule holds for 2001 to 2099."""
    short = year % 100
    return int(short * 0.2422 + 4.81) - short // 4
