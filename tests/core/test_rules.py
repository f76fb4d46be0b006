"""Every rule fails where it must and is silent where it must not speak."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from certclerk.core import rules as rule_modules
from certclerk.core.notice import Notice
from certclerk.core.recipe import AS_IT_IS, Recipe, halves
from certclerk.core.records import (
    Absence,
    Certificate,
    Confirmation,
    Filing,
    Finding,
    Page,
    Place,
    Refusal,
    Roster,
    Severity,
    Teacher,
)
from certclerk.core.rules import CATALOGUE, check

TODAY = date(2017, 3, 1)
FILING = Filing("泉州第一中学", "陈敏", "22000000")


def page(page_id: int, slot: str, sha256: str = "") -> Page:
    return Page(
        page_id,
        sha256 or f"{page_id:064}",
        0,
        "image/jpeg",
        1713,
        2421,
        300.0,
        "a.jpg",
        "",
        0,
        Place.SLOT,
        1,
        slot,
    )


CERTIFICATE = Certificate(
    id=1,
    teacher_id=1,
    kind="高级中学",
    subject="语文",
    number="20133599042000001",
    authority="泉州市教育局",
    issued="2013-07-01",
    pages=(page(1, "cover"), page(2, "text"), page(3, "remarks")),
)
TEACHER = Teacher(
    id=1, serial=1, name="林晓雯", sex="女", id_number="359901198001010025", certificates=(CERTIFICATE,)
)
# Another person with nothing in common with the first.
OTHER = replace(
    TEACHER,
    id=2,
    serial=2,
    name="陈志远",
    sex="男",
    id_number="359901198001010033",
    certificates=(
        replace(
            CERTIFICATE,
            id=2,
            teacher_id=2,
            number="20133599041000002",
            pages=(page(4, "cover"), page(5, "text"), page(6, "remarks")),
        ),
    ),
)


def teacher(**changes: object) -> Teacher:
    return replace(TEACHER, **changes)  # type: ignore[arg-type]


def holder(**changes: object) -> Teacher:
    return replace(TEACHER, certificates=(replace(CERTIFICATE, **changes),))  # type: ignore[arg-type]


def first_page(**changes: object) -> Teacher:
    """The teacher with another cover."""
    return holder(pages=(replace(CERTIFICATE.pages[0], **changes), *CERTIFICATE.pages[1:]))  # type: ignore[arg-type]


def found(notice: Notice, *teachers: Teacher, **roster: object) -> list[Finding]:
    return list(check(Roster(FILING, teachers, **roster), notice, TODAY))  # type: ignore[arg-type]


def codes(findings: list[Finding]) -> list[str]:
    return sorted({finding.code for finding in findings})


def test_a_sound_roster_has_no_findings(quanzhou: Notice) -> None:
    assert found(quanzhou, TEACHER, OTHER) == []


CASES: tuple[tuple[str, str, Teacher], ...] = (
    ("name_missing", "name", teacher(name="")),
    ("name_malformed", "name", teacher(name="林晓雯2")),
    ("name_malformed", "name", teacher(name="林\ue000雯")),
    ("name_malformed", "name", teacher(name="林?雯")),
    ("name_malformed", "name", teacher(name="林晓雯·")),
    ("name_latin", "name", teacher(name="Lin晓雯")),
    ("name_rare", "name", teacher(name="刘䶮")),
    ("name_rare", "name", teacher(name="王𠮷安")),
    ("sex_missing", "sex", teacher(sex="")),
    ("sex_missing", "sex", teacher(sex="不详")),
    ("id_missing", "id_number", teacher(id_number="")),
    ("id_malformed", "id_number", teacher(id_number="35990119800101002")),
    ("id_check_digit", "id_number", teacher(id_number="359901198001010026")),
    ("id_legacy", "id_number", teacher(id_number="359901800101002")),
    ("sex_against_id", "sex", teacher(id_number="35990119800101005X")),
    (
        "cell_refused",
        "id_number",
        teacher(id_number="", refusals=(Refusal("id_number", "3.6E+17", "digits_lost"),)),
    ),
    ("kind_missing", "kind", holder(kind="")),
    ("kind_unknown", "kind", holder(kind="小学和幼儿园")),
    ("number_missing", "number", holder(number="")),
    ("number_malformed", "number", holder(number="2013359904200001")),
    ("number_malformed", "number", holder(number="20133599042O00001")),
    ("number_year", "number", holder(issued="2014-07-01")),
    ("number_province", "number", holder(number="20133699042000001")),
    ("number_kind", "number", holder(kind="初级中学")),
    ("sex_against_number", "number", holder(number="20133599041000001")),
    ("cell_refused", "number", holder(number="", refusals=(Refusal("number", "2E+16", "digits_lost"),))),
    ("issued_missing", "issued", holder(issued="")),
    ("issued_unreadable", "issued", holder(issued="二〇一三年夏")),
    ("issued_future", "issued", holder(issued="2017-03-02", number="20173599042000001")),
    ("issued_month", "issued", holder(issued="2013-07")),
    ("authority_missing", "authority", holder(authority="")),
    ("reissue", "number", holder(number="20073599042000001")),
    ("subject_missing", "subject", holder(subject="")),
    ("page_missing", "cover", holder(pages=CERTIFICATE.pages[1:])),
    ("page_missing", "text", holder(pages=(page(1, "cover"), page(3, "remarks")))),
    ("page_missing", "remarks", holder(pages=CERTIFICATE.pages[:2])),
    ("page_coarse", "cover", first_page(width=1136, height=1606, dpi=199.0)),
    ("page_coarse", "cover", first_page(width=856, height=1210, dpi=None)),
    ("page_blurred", "cover", first_page(contrast=0.4, sharpness=0.08)),
    ("page_too_dark", "cover", first_page(contrast=0.2, lightest=0.3)),
    ("page_too_light", "cover", first_page(contrast=0.2, lightest=1.0, darkest=0.8)),
    ("page_cut_off", "cover", first_page(cut="l")),
    ("page_blank", "cover", first_page(contrast=0.02, sharpness=0.0)),
    ("page_blank", "cover", first_page(contrast=0.02, lightest=0.1, darkest=0.1)),
    ("page_blank", "cover", first_page(contrast=0.02, lightest=1.0, darkest=1.0)),
    ("page_blank", "cover", first_page(contrast=0.02, sharpness=0.6)),
)


@pytest.mark.parametrize(
    ("code", "field", "subject"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_rule_speaks_alone_and_names_the_place(
    quanzhou: Notice, code: str, field: str, subject: Teacher
) -> None:
    findings = found(quanzhou, subject, OTHER)
    assert codes(findings) == [code]
    (finding,) = findings
    certificate_field = field not in ("name", "sex", "id_number")
    assert (finding.serial, finding.field) == (1, field)
    assert finding.certificate == (0 if certificate_field else None)
    assert finding.severity is CATALOGUE[code].severity
    assert finding.message


def test_an_impossible_birth_date_is_an_error_even_with_a_right_check_digit(quanzhou: Notice) -> None:
    assert codes(found(quanzhou, teacher(id_number="359901198002300024"))) == ["id_birth_date"]


@pytest.mark.parametrize(
    "number", ["810000199408230021", "830000199201300022", "H12345678", "M12345678", "12345678"]
)
def test_other_documents_are_sound(quanzhou: Notice, number: str) -> None:
    assert "id_malformed" not in codes(found(quanzhou, teacher(id_number=number)))
    assert "id_check_digit" not in codes(found(quanzhou, teacher(id_number=number)))


def test_two_people_cannot_share_an_id_or_a_number(quanzhou: Notice) -> None:
    twin = replace(OTHER, id_number=TEACHER.id_number, sex="女")
    twin = replace(twin, certificates=(replace(OTHER.certificates[0], number=CERTIFICATE.number),))
    findings = found(quanzhou, TEACHER, twin)
    assert codes(findings) == ["id_duplicate", "number_duplicate"]
    assert [finding.serial for finding in findings] == [1, 1, 2, 2]
    assert "第2号陈志远" in findings[0].message


def test_many_of_one_name_are_told_by_the_first_few(quanzhou: Notice) -> None:
    many = [replace(OTHER, id=10 + index, serial=10 + index, certificates=()) for index in range(6)]
    findings = [finding for finding in found(quanzhou, *many) if finding.code == "name_same"]
    assert len(findings) == 6
    assert all(finding.message.count("陈志远") == 3 and "陈志远等" in finding.message for finding in findings)


def test_one_persons_two_certificates_may_not_be_of_one_kind(quanzhou: Notice) -> None:
    second = replace(
        CERTIFICATE,
        id=3,
        number="20133599042000003",
        pages=tuple(
            replace(kept, id=kept.id + 10, sha256=f"{kept.id + 10:064}") for kept in CERTIFICATE.pages
        ),
    )
    assert codes(found(quanzhou, replace(TEACHER, certificates=(CERTIFICATE, second)))) == ["same_kind_twice"]


def test_same_names_are_a_note(quanzhou: Notice) -> None:
    findings = found(quanzhou, TEACHER, replace(OTHER, name=TEACHER.name))
    assert [(finding.code, finding.severity) for finding in findings] == [("name_same", Severity.NOTE)] * 2


def test_the_batch_teaches_the_authoritys_digits(quanzhou: Notice) -> None:
    def batch(digits: tuple[str, ...]) -> list[Teacher]:
        return [
            replace(
                OTHER,
                id=index,
                serial=index,
                name="甲乙丙丁戊己庚辛"[index],
                id_number="",
                certificates=(
                    replace(OTHER.certificates[0], id=index, number=f"201335{three}41{index:06}", pages=()),
                ),
            )
            for index, three in enumerate(digits, 1)
        ]

    def outliers(*digits: str) -> list[int | None]:
        return [
            finding.serial
            for finding in found(quanzhou, *batch(digits))
            if finding.code == "number_authority"
        ]

    assert outliers("990", "990", "990", "990", "991") == [5]
    assert outliers("990", "990", "990", "991") == []
    assert outliers("990", "990", "991", "991", "992", "993") == []


def test_one_picture_in_two_places_is_a_warning_at_both(quanzhou: Notice) -> None:
    copied = replace(
        OTHER.certificates[0],
        pages=(page(4, "cover", CERTIFICATE.pages[0].sha256), *OTHER.certificates[0].pages[1:]),
    )
    findings = found(quanzhou, TEACHER, replace(OTHER, certificates=(copied,)))
    assert [(finding.code, finding.serial, finding.field) for finding in findings] == [
        ("page_twice", 1, "cover"),
        ("page_twice", 2, "cover"),
    ]


def test_two_cuts_from_one_scan_are_two_pictures(quanzhou: Notice) -> None:
    """The halves of a spread; a copy that is only lighter is the same picture still."""
    spread = page(4, "text", "c" * 64)
    left, right = (
        replace(half, recipe=recipe)
        for half, recipe in zip((spread, replace(spread, id=5)), halves(AS_IT_IS, 0), strict=True)
    )
    lighter = replace(left, id=6, recipe=replace(left.recipe, brightness=0.2))

    def twice(*pages: Page) -> list[str]:
        findings = found(quanzhou, holder(pages=(*CERTIFICATE.pages, *pages)))
        return [finding.code for finding in findings if finding.code == "page_twice"]

    assert twice(left, right) == []
    assert twice(left, right, lighter) == ["page_twice"] * 2


@pytest.mark.parametrize(
    ("page_as_it_came", "crop", "coarse"),
    [
        # What the file says holds for a part of it.
        ({"width": 1142, "height": 1614, "dpi": 200.0}, (0.0, 0.0, 0.6, 0.9), False),
        # An A4 picture of 150 dpi with a booklet's page on it, taken for the whole page until it is cut out.
        ({"width": 1240, "height": 1754, "dpi": None}, None, False),
        ({"width": 1240, "height": 1754, "dpi": None}, (0.0, 0.0, 0.69, 0.69), True),
        # One page of a spread that is fine enough.
        ({"width": 3425, "height": 2421, "dpi": None}, (0.0, 0.0, 0.5, 1.0), False),
    ],
)
def test_a_cut_page_is_judged_by_what_is_left(
    quanzhou: Notice, page_as_it_came: dict[str, Any], crop: Any, coarse: bool
) -> None:
    edited = replace(CERTIFICATE.pages[0], **page_as_it_came, recipe=Recipe(crop=crop))
    findings = found(quanzhou, holder(pages=(edited, *CERTIFICATE.pages[1:])))
    assert ("page_coarse" in [finding.code for finding in findings]) is coarse


def test_damaged_bytes_are_an_error(quanzhou: Notice) -> None:
    findings = found(quanzhou, TEACHER, damaged=frozenset({CERTIFICATE.pages[1].sha256}))
    assert [(finding.code, finding.field, finding.blocking) for finding in findings] == [
        ("page_damaged", "text", True)
    ]


@pytest.mark.parametrize(
    "measured",
    [
        {"width": 1142, "height": 1614, "dpi": 199.98},
        {"width": 1142, "height": 1614, "dpi": None},
        {"width": 3425, "height": 2421, "dpi": None},
        {"contrast": None, "sharpness": None},
        {"contrast": 0.3, "sharpness": 0.3, "lightest": 0.9, "darkest": 0.2, "cut": ""},
    ],
    ids=str,
)
def test_a_page_well_scanned_or_never_measured_is_no_finding(
    quanzhou: Notice, measured: dict[str, object]
) -> None:
    assert found(quanzhou, first_page(**measured)) == []


def test_turning_a_page_can_tell_that_it_is_no_opened_booklet(quanzhou: Notice) -> None:
    lying = {"width": 1614, "height": 1142, "dpi": None}
    assert codes(found(quanzhou, first_page(**lying))) == ["page_coarse"]
    assert found(quanzhou, first_page(**lying, rotation=90)) == []


@pytest.mark.parametrize(
    ("rotation", "cut", "words"),
    [(0, "lb", "左、下边"), (90, "lb", "左、上边"), (180, "l", "右边"), (270, "tr", "左、上边")],
)
def test_cut_sides_are_named_as_the_page_is_turned(
    quanzhou: Notice, rotation: int, cut: str, words: str
) -> None:
    (finding,) = found(quanzhou, first_page(cut=cut, rotation=rotation))
    assert f"{words}好像没有扫全" in finding.message


@pytest.mark.parametrize(
    ("cut", "rotation", "left", "right"),
    [("r", 0, "", "右"), ("lt", 0, "左、上", "上"), ("b", 90, "左", ""), ("t", 90, "", "右")],
)
def test_each_half_of_a_spread_lacks_what_is_missing_on_its_own_side(
    quanzhou: Notice, cut: str, rotation: int, left: str, right: str
) -> None:
    """Turned clockwise, the picture's lower half is seen on the left. A trimmed edge stays the page's own."""
    told = []
    for half in (*halves(AS_IT_IS, rotation), Recipe(crop=(0.04, 0.04, 0.96, 0.96))):
        findings = found(quanzhou, first_page(cut=cut, rotation=rotation, recipe=half))
        told.append(
            [finding.message.split("）")[1] for finding in findings if finding.code == "page_cut_off"]
        )
    words = "边好像没有扫全"
    assert told[:2] == [[f"{sides}{words}"] if sides else [] for sides in (left, right)]
    assert told[2]


def test_remarks_may_be_declared_absent(quanzhou: Notice) -> None:
    absent = holder(pages=CERTIFICATE.pages[:2], absences=(Absence("remarks", "证书没有备注页"),))
    assert found(quanzhou, absent) == []


@pytest.mark.parametrize(
    ("field", "code"), [("unit", "unit_missing"), ("clerk", "clerk_missing"), ("phone", "phone_missing")]
)
def test_the_unit_must_say_who_submits(quanzhou: Notice, field: str, code: str) -> None:
    roster = Roster(replace(FILING, **{field: " "}), (TEACHER,))
    findings = check(roster, quanzhou, TODAY)
    assert [(finding.code, finding.teacher_id, finding.blocking) for finding in findings] == [
        (code, None, True)
    ]


def out_of_scope() -> Teacher:
    return replace(
        holder(issued="2006-07-01", number="", kind="", pages=()), id_number="", sex="", name="林晓雯"
    )


def test_nothing_is_asked_of_who_is_not_collected(quanzhou: Notice) -> None:
    assert found(quanzhou, out_of_scope()) == []
    assert found(quanzhou, replace(TEACHER, choice="out", choice_reason="退休", sex="")) == []
    assert found(quanzhou, holder(kind="高等学校", number="1", pages=())) == []


def test_but_a_refused_cell_and_a_missing_name_are_told_about_everyone(quanzhou: Notice) -> None:
    refused = replace(out_of_scope(), name="", refusals=(Refusal("id_number", "3.6E+17", "digits_lost"),))
    assert codes(found(quanzhou, refused)) == ["cell_refused", "name_missing"]


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        (teacher(id_number="359901198001010026"), "id_check_digit"),
        (holder(number="2013359904200001"), "number_malformed"),
        (first_page(contrast=0.4, sharpness=0.08), "page_blurred"),
    ],
)
def test_a_confirmation_holds_for_that_value_only(quanzhou: Notice, subject: Teacher, code: str) -> None:
    (finding,) = found(quanzhou, subject)
    given = Confirmation(code, finding.field, finding.value, "证书上就是这样", finding.certificate_id)
    (confirmed,) = found(quanzhou, replace(subject, confirmations=(given,)))
    assert (confirmed.severity, confirmed.confirmed, confirmed.blocking) == (
        Severity.NOTE,
        "证书上就是这样",
        False,
    )
    stale = replace(given, value="other")
    assert found(quanzhou, replace(subject, confirmations=(stale,))) == [finding]


def test_what_must_be_there_cannot_be_confirmed_away(quanzhou: Notice) -> None:
    nameless = teacher(name="")
    (finding,) = found(quanzhou, nameless)
    given = Confirmation(finding.code, finding.field, finding.value, "就是没有")
    assert found(quanzhou, replace(nameless, confirmations=(given,))) == [finding]


def test_a_decision_on_scope_answers_its_question(quanzhou: Notice) -> None:
    (asked,) = found(quanzhou, holder(number="20073599042000001"))
    assert asked.severity is Severity.WARNING
    (answered,) = found(quanzhou, holder(number="20073599042000001", choice="in", choice_reason="补发"))
    assert (answered.severity, answered.confirmed) == (Severity.NOTE, "纳入：补发")


def test_findings_follow_the_roster_errors_first(quanzhou: Notice) -> None:
    first = replace(TEACHER, sex="", certificates=(replace(CERTIFICATE, subject=""),))
    findings = found(quanzhou, first, replace(OTHER, name=""))
    assert [(finding.serial, finding.code) for finding in findings] == [
        (1, "sex_missing"),
        (1, "subject_missing"),
        (2, "name_missing"),
    ]


def test_the_catalogue_says_something_of_every_code() -> None:
    silent = [code for code, entry in CATALOGUE.items() if not (entry.cause and entry.remedy)]
    assert silent == []


def test_every_code_has_a_function_of_its_name() -> None:
    rules = {
        name
        for module in pkgutil.iter_modules(rule_modules.__path__)
        for name, function in vars(importlib.import_module(f"{rule_modules.__name__}.{module.name}")).items()
        if inspect.isgeneratorfunction(function)
    }
    assert not CATALOGUE.keys() - rules


def test_another_notice_brings_its_own_slots_and_kinds(invented: Notice) -> None:
    """Slots, kinds and province of the invented profile; nothing of the shipped one is left."""
    kind = invented.collected_kinds[0]
    held = replace(
        CERTIFICATE,
        kind=kind.name,
        authority=invented.authorities[0],
        issued=f"{invented.cutoff.year + 1}-07-01",
        number=f"{invented.cutoff.year + 1}{invented.province or '35'}990{kind.digit or 9}2000001",
        pages=(),
    )
    roster = Roster(FILING, (replace(TEACHER, certificates=(held,)),))
    findings = check(roster, invented, date(invented.cutoff.year + 5, 1, 1))
    required = [slot.id for slot in invented.slots if slot.required]
    assert [finding.field for finding in findings if finding.code == "page_missing"] == required
    assert {finding.code for finding in findings} == {"page_missing"}


def test_one_picture_in_many_places_names_the_first_few(quanzhou: Notice) -> None:
    same = tuple(replace(page(10 + index, "text", "a" * 64), position=index) for index in range(6))
    findings = found(quanzhou, holder(pages=(*CERTIFICATE.pages, *same)))
    twice = [finding for finding in findings if finding.code == "page_twice"]
    assert len(twice) == 6
    assert all(finding.message.count("第1号林晓雯") == 3 for finding in twice)
    assert all("等5处" in finding.message for finding in twice)
