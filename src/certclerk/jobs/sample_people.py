"""Invented teachers for the sample: every case that a clerk will meet, then ordinary ones."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from certclerk.core.identity import check_character
from certclerk.core.notice import Notice

# Region codes that GB/T 2260 has never given out, so that no number belongs to anyone.
REGION = "359901"
AUTHORITY_DIGITS = "990"

_SURNAMES = "林陈黄郑吴许蔡王李张苏曾庄杨谢施洪潘"
_GIVEN = "晓明建国丽芳志强美玲伟雅婷俊杰淑贞文海燕春梅思远子涵嘉怡国栋慧敏"
_SUBJECTS = ("语文", "数学", "英语", "物理", "化学", "生物", "历史", "地理", "音乐", "体育")


@dataclass(frozen=True, slots=True)
class SampleCertificate:
    """``missing`` are slot ids that were not scanned."""

    kind: str
    subject: str
    number: str
    issued: date
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplePerson:
    name: str
    sex: str
    born: date
    id_number: str
    certificates: tuple[SampleCertificate, ...]


def invent(notice: Notice, count: int, seed: int) -> tuple[SamplePerson, ...]:
    """``count`` people, the same for the same seed; the first eight are the cases."""
    chance = random.Random(seed)
    kinds = notice.collected_kinds[:4][-2:]
    early = replace_year(notice.cutoff, notice.cutoff.year - 3)
    last_slot = notice.slots[-1].id
    cases: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], date | None], ...] = (
        ("林晓雯", "女", (kinds[-1].name,), (), None),
        ("林晓雯", "女", (kinds[0].name,), (), None),
        ("陈志远", "男", (kinds[-1].name, kinds[0].name), (), None),
        ("阿依古丽·买买提", "女", (kinds[0].name,), (), None),
        ("刘䶮", "男", (kinds[-1].name,), (), None),
        ("王𠮷安", "男", (kinds[-1].name,), (), None),
        ("郑国栋", "男", (kinds[-1].name,), (), early),
        ("苏雅婷", "女", (kinds[0].name,), (last_slot,), None),
    )
    people = [
        _person(name, sex, held, notice, chance, index, missing=missing, issued=issued)
        for index, (name, sex, held, missing, issued) in enumerate(cases, 1)
    ]
    for index in range(len(people) + 1, count + 1):
        name = chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, 2))
        people.append(
            _person(name, chance.choice("男女"), (chance.choice(kinds).name,), notice, chance, index)
        )
    return tuple(people[:count])


def replace_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, 28))


def _person(
    name: str,
    sex: str,
    kinds: tuple[str, ...],
    notice: Notice,
    chance: random.Random,
    index: int,
    *,
    missing: tuple[str, ...] = (),
    issued: date | None = None,
) -> SamplePerson:
    born = date(1970, 1, 1) + timedelta(days=chance.randrange(365 * 18))
    sequence = index * 2 % 1000 + (1 if sex == "男" else 0)
    first_17 = f"{REGION}{born:%Y%m%d}{sequence:03}"
    certificates = tuple(
        _certificate(kind, sex, notice, chance, index * 10 + offset, issued)
        for offset, kind in enumerate(kinds)
    )
    certificates = (replace(certificates[0], missing=missing), *certificates[1:])
    return SamplePerson(name, sex, born, first_17 + check_character(first_17), certificates)


def _certificate(
    kind_name: str, sex: str, notice: Notice, chance: random.Random, serial: int, issued: date | None
) -> SampleCertificate:
    day = issued or replace_year(notice.cutoff, notice.cutoff.year + 1) + timedelta(
        days=chance.randrange(365 * 6)
    )
    kind = notice.kind(kind_name)
    digit = kind.digit if kind else "0"
    sex_digit = "1" if sex == "男" else "2"
    province = notice.province or "35"
    number = f"{day.year}{province}{AUTHORITY_DIGITS}{digit}{sex_digit}{serial:06}"
    return SampleCertificate(kind_name, chance.choice(_SUBJECTS), number, day)
