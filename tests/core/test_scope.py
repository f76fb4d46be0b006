"""Who is collected: every rule of the scope, each with the case beside it that falls the other way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from certclerk.core.notice import Kind, parse_notice
from certclerk.core.records import Certificate, Refusal, Teacher
from certclerk.core.scope import Scope, certificate_scope, submitted_certificates, teacher_scope

_PROFILE = Path(__file__).parents[2] / "resources" / "notices" / "quanzhou-2017-1.toml"
NOTICE = parse_notice(_PROFILE.read_text(encoding="utf-8"), _PROFILE.name)

GOOD = Certificate(
    id=1,
    teacher_id=1,
    kind="高级中学",
    subject="语文",
    number="20133520141000123",
    authority="泉州市教育局",
    issued="2013-07-01",
)
OLD = replace(GOOD, id=2, issued="2008-12-31", number="20083520141000123")
REISSUED = replace(GOOD, id=3, number="20083520141000123")


@pytest.mark.parametrize(
    ("change", "scope"),
    [
        ({}, Scope.IN),
        ({"issued": "2009-01-01", "number": "20093520141000123"}, Scope.IN),
        ({"issued": "2009-01", "number": "20093520141000123"}, Scope.IN),
        ({"issued": "2008-12-31", "number": "20083520141000123"}, Scope.OUT),
        ({"issued": "2008-12", "number": "20083520141000123"}, Scope.OUT),
        ({"number": "20083520141000123"}, Scope.ASK),
        ({"issued": ""}, Scope.ASK),
        ({"authority": ""}, Scope.ASK),
        ({"authority": "福建省泉州市教育局"}, Scope.IN),
        ({"authority": "厦门市教育局"}, Scope.OUT),
        ({"kind": "高等学校"}, Scope.OUT),
        ({"kind": "高等学校", "issued": ""}, Scope.OUT),
        # An error never decides: it counts as in, so that it is seen.
        ({"kind": "博士"}, Scope.IN),
        ({"kind": ""}, Scope.IN),
        ({"number": ""}, Scope.IN),
        ({"issued": "大约2010年"}, Scope.IN),
        ({"issued": "", "refusals": (Refusal("issued", "2010.1", "?"),)}, Scope.IN),
        ({"authority": "", "refusals": (Refusal("authority", "#N/A", "?"),)}, Scope.IN),
        ({"number": "", "refusals": (Refusal("number", "2.0133520141E+16", "?"),)}, Scope.IN),
    ],
)
def test_certificates(change: dict[str, object], scope: Scope) -> None:
    verdict = certificate_scope(replace(GOOD, **change), NOTICE)
    assert verdict.scope is scope
    assert bool(verdict.reason) is (scope is not Scope.IN)


def test_a_month_that_holds_the_cutoff_is_asked() -> None:
    notice = replace(NOTICE, cutoff=date(2009, 1, 15))
    month = replace(GOOD, issued="2009-01", number="20093520141000123")
    assert certificate_scope(month, notice).scope is Scope.ASK
    assert certificate_scope(replace(month, issued="2009-02"), notice).scope is Scope.IN
    assert certificate_scope(replace(month, issued="2008-12"), notice).scope is Scope.OUT


def test_the_clerk_decides_only_what_is_asked() -> None:
    for choice in (Scope.IN, Scope.OUT):
        decided = replace(REISSUED, choice=str(choice), choice_reason="补发，见备注页")
        assert certificate_scope(decided, NOTICE).scope is choice
        assert certificate_scope(decided, NOTICE).reason == "补发，见备注页"
    assert certificate_scope(replace(OLD, choice="in", choice_reason="想要"), NOTICE).scope is Scope.OUT
    assert certificate_scope(replace(GOOD, choice="out", choice_reason="不要"), NOTICE).scope is Scope.IN


@pytest.mark.parametrize(
    ("certificates", "scope"),
    [
        ((GOOD,), Scope.IN),
        ((OLD,), Scope.OUT),
        ((REISSUED,), Scope.ASK),
        ((OLD, GOOD), Scope.IN),
        ((REISSUED, GOOD), Scope.IN),
        ((OLD, REISSUED), Scope.ASK),
        ((), Scope.OUT),
    ],
)
def test_teachers(certificates: tuple[Certificate, ...], scope: Scope) -> None:
    teacher = Teacher(id=1, serial=1, name="王芳", certificates=certificates)
    assert teacher_scope(teacher, NOTICE).scope is scope


def test_the_clerk_has_the_first_word_about_a_teacher() -> None:
    teacher = Teacher(id=1, serial=1, name="王芳", certificates=(GOOD,), choice="hold", choice_reason="出差")
    assert (teacher_scope(teacher, NOTICE).scope, teacher_scope(teacher, NOTICE).reason) == (
        Scope.HOLD,
        "出差",
    )
    assert submitted_certificates(teacher, NOTICE) == ()


def test_only_certificates_in_scope_are_submitted() -> None:
    teacher = Teacher(id=1, serial=1, certificates=(OLD, GOOD, REISSUED))
    assert submitted_certificates(teacher, NOTICE) == (GOOD,)
    assert submitted_certificates(replace(teacher, choice="out"), NOTICE) == ()


def test_the_reasons_name_what_they_stand_on() -> None:
    assert "2009年1月1日" in certificate_scope(OLD, NOTICE).reason
    assert "厦门市教育局" in certificate_scope(replace(GOOD, authority="厦门市教育局"), NOTICE).reason
    assert "高等学校" in certificate_scope(replace(GOOD, kind="高等学校"), NOTICE).reason
    assert "2008年" in certificate_scope(REISSUED, NOTICE).reason


def test_another_notice_decides_otherwise() -> None:
    other = replace(
        NOTICE,
        kinds=(Kind("高等学校", "7", (), True),),
        authorities=("厦门市教育局",),
        cutoff=date(2000, 1, 1),
    )
    xiamen = replace(OLD, kind="高等学校", authority="厦门市教育局")
    assert certificate_scope(xiamen, other).scope is Scope.IN
    assert certificate_scope(xiamen, NOTICE).scope is Scope.OUT
    assert certificate_scope(replace(xiamen, authority="泉州市教育局"), other).scope is Scope.OUT


def test_every_scope_has_its_word() -> None:
    assert [scope.label for scope in Scope] == ["纳入", "不纳入", "暂缓", "待定"]
