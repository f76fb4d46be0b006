"""Importing again: who is who, what would change, and what never does without the clerk's word."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.core.fields import FIELDS
from certclerk.core.identity import check_character
from certclerk.core.merging import CAUTIOUS, CLEARING, Act, Entry, Plan, State, Step, merge_plan
from certclerk.core.notice import Notice
from certclerk.core.recognition import recognise
from certclerk.core.records import Certificate, ProposedCertificate, ProposedTeacher, Refusal, Teacher

EVERY_FIELD = frozenset(field.id for field in FIELDS)


def id_number(birth: str, sequence: int = 12) -> str:
    digits = f"350502{birth}{sequence:03}"
    return digits + check_character(digits)


ZHANG, LI, WANG = id_number("19850101"), id_number("19860202"), id_number("19870303")
FIRST, SECOND, THIRD = "20133500541000001", "20133500541000002", "20133500531000003"


def teacher(
    key: int, name: str = "张三", id_number: str = ZHANG, *held: Certificate, **other: str
) -> Teacher:
    given = held or (certificate(key),)
    return Teacher(key, key, name, "男", id_number, certificates=given, **other)  # type: ignore[arg-type]


def certificate(key: int, kind: str = "高级中学", number: str = FIRST, **other: str) -> Certificate:
    values = {"subject": "语文", "authority": "泉州市教育局", "issued": "2013-07-01", **other}
    return Certificate(key, key, kind, number=number, **values)


def exported(one: Teacher) -> ProposedTeacher:
    """What the teacher's own rows say."""
    return ProposedTeacher(
        one.name,
        one.sex,
        one.id_number,
        one.note,
        one.serial,
        tuple(
            ProposedCertificate(held.kind, held.subject, held.number, held.authority, held.issued)
            for held in one.certificates
        ),
    )


def changed(one: Teacher, **values: str) -> ProposedTeacher:
    """The same rows with other values; a certificate's go to the first."""
    proposed = exported(one)
    own = {name: value for name, value in values.items() if hasattr(proposed, name)}
    first, *rest = proposed.certificates
    held = {name: value for name, value in values.items() if name not in own}
    return replace(proposed, certificates=(replace(first, **held), *rest), **own)  # type: ignore[arg-type]


def plan(teachers: list[Teacher], proposed: list[ProposedTeacher], notice: Notice) -> Plan:
    return merge_plan(teachers, proposed, EVERY_FIELD, notice)


def only(found: Plan) -> Entry:
    assert len(found.entries) == 1
    return found.entries[0]


def edits(entry: Entry) -> list[tuple[str, str, str, bool]]:
    return [(step.field, step.old, step.new, step.wanted) for step in entry.steps]


# Who is who


@pytest.mark.parametrize(
    ("known", "table", "state"),
    [
        # Certain, each by less than the one before.
        (teacher(1), exported(teacher(1)), State.UNCHANGED),
        (teacher(1), changed(teacher(1), note="新"), State.CHANGED),
        (teacher(1, name=""), exported(teacher(1)), State.CHANGED),
        (teacher(1, id_number="350502850101123"), exported(teacher(1)), State.CHANGED),
        (teacher(1, id_number=ZHANG[:17] + "0"), exported(teacher(1)), State.CHANGED),
        (teacher(1, id_number=""), exported(teacher(1)), State.CHANGED),
        # In doubt.
        (teacher(1), changed(teacher(1), name="张珊", number=SECOND), State.DOUBTFUL),
        (teacher(1), changed(teacher(1), id_number=id_number("19850101", 34)), State.DOUBTFUL),
        (teacher(1), changed(teacher(1), id_number="", number=SECOND), State.DOUBTFUL),
        (teacher(1), changed(teacher(1), id_number=LI), State.DOUBTFUL),
        (teacher(1), changed(teacher(1), name="李娜", id_number=LI), State.DOUBTFUL),
        (
            teacher(1, id_number="补办中"),
            changed(teacher(1, id_number="补办中"), number=SECOND),
            State.DOUBTFUL,
        ),
        # Nobody known.
        (teacher(1), changed(teacher(1), name="李娜", id_number=LI, number=SECOND), State.NEW),
        (teacher(1, name="", id_number=""), changed(teacher(1), number=SECOND), State.NEW),
    ],
)
def test_a_person_is_certain_in_doubt_or_new(
    known: Teacher, table: ProposedTeacher, state: State, quanzhou: Notice
) -> None:
    found = plan([known], [table], quanzhou)
    assert found.entries[0].state is state
    missing = [entry.teacher for entry in found.entries if entry.state is State.MISSING]
    assert missing == ([known] if state is State.NEW else [])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (changed(teacher(1), name="张珊", number=SECOND), "身份证号码相同，姓名不同"),
        (changed(teacher(1), id_number="", number=SECOND), "姓名相同，没有身份证号码可以核对"),
        (changed(teacher(1), id_number=LI, number=SECOND), "姓名相同，身份证号码不同"),
        (
            changed(teacher(1), id_number=id_number("19850101", 34), number=SECOND),
            "姓名、出生日期相同，身份证号码不同",
        ),
        (changed(teacher(1), name="李娜", id_number=LI), "证书号码相同，姓名、身份证号码不同"),
    ],
)
def test_a_doubt_says_what_is_alike(table: ProposedTeacher, reason: str, quanzhou: Notice) -> None:
    assert [one.reason for one in only(plan([teacher(1)], [table], quanzhou)).candidates] == [reason]


def test_of_equal_records_all_or_none_are_certain(quanzhou: Notice) -> None:
    twins = [teacher(1, "张三", ""), teacher(2, "张三", "")]
    both = plan(twins, [exported(twins[0]), exported(twins[1])], quanzhou)
    assert both.counts() == {State.UNCHANGED: 2}
    one = plan(twins, [exported(twins[0])], quanzhou)
    assert only(one).state is State.DOUBTFUL
    assert [candidate.teacher.id for candidate in only(one).candidates] == [1, 2]
    assert only(one).candidates[0].reason == "姓名、证书号码相同，没有身份证号码可以核对"


def test_two_keys_that_lead_to_two_people_are_a_doubt(quanzhou: Notice) -> None:
    known = [teacher(1, "张三", "", certificate(1)), teacher(2, "张三", "", certificate(2, number=SECOND))]
    table = replace(
        exported(known[0]), certificates=exported(known[0]).certificates + exported(known[1]).certificates
    )
    assert only(plan(known, [table], quanzhou)).state is State.DOUBTFUL


def test_the_clerk_decides_and_may_decide_again(quanzhou: Notice) -> None:
    known = teacher(1)
    doubt = plan([known], [changed(known, id_number=LI, number=SECOND)], quanzhou)
    assert (doubt.undecided, only(doubt).steps) == (1, ())
    same = doubt.decide(0, known.id)
    assert same.undecided == 0
    assert edits(only(same)) == [("id_number", ZHANG, LI, True), ("number", FIRST, SECOND, True)]
    other = same.decide(0, None)
    assert [entry.state for entry in other.entries] == [State.NEW, State.MISSING]
    assert [entry.state for entry in other.decide(0, known.id).entries] == [State.CHANGED]


def test_nobody_is_given_to_two(quanzhou: Notice) -> None:
    known = teacher(1)
    rows = [changed(known, id_number=number, number="") for number in (LI, WANG)]
    doubts = plan([known], rows, quanzhou)
    first = doubts.decide(0, known.id)
    assert (len(first.options(0)), len(first.options(1))) == (1, 0)
    assert first.decide(1, None).counts() == {State.CHANGED: 1, State.NEW: 1}
    assert len(first.decide(0, None).options(1)) == 1


def test_doubts_with_one_candidate_are_decided_alike(quanzhou: Notice) -> None:
    known = [teacher(1, "张三", ""), teacher(2, "李娜", ""), teacher(3, "王芳", ""), teacher(4, "王芳", "")]
    rows = [changed(one, number="", id_number=WANG[:-4] + f"{one.id:04}") for one in known[:3]]
    doubts = plan(known, rows, quanzhou)
    assert doubts.undecided == 3
    assert doubts.decide_alike(True).counts()[State.DOUBTFUL] == 1
    assert doubts.decide_alike(True).counts()[State.CHANGED] == 2
    assert doubts.decide_alike(False).counts()[State.NEW] == 2


# What changes


def test_every_field_is_a_step_of_its_own(quanzhou: Notice) -> None:
    known = teacher(1)
    found = only(plan([known], [changed(known, sex="女", note="返聘", subject="数学")], quanzhou))
    assert edits(found) == [
        ("sex", "男", "女", True),
        ("note", "", "返聘", True),
        ("subject", "语文", "数学", True),
    ]
    assert [step.certificate_id for step in found.steps] == [None, None, 1]


@pytest.mark.parametrize(
    ("values", "group", "caution"),
    [
        ({"subject": ""}, CLEARING, "表里是空的"),
        ({"kind": "高小"}, CAUTIOUS, "表里的看不懂"),
        ({"issued": "去年"}, CAUTIOUS, "表里的看不懂"),
        ({"issued": "2013-07"}, CAUTIOUS, "表里的只到月"),
        ({"number": SECOND}, CAUTIOUS, "号码与名册中 2 李娜 的相同"),
    ],
)
def test_what_may_lose_something_is_not_ticked(
    values: dict[str, str], group: str, caution: str, quanzhou: Notice
) -> None:
    known = [teacher(1), teacher(2, "李娜", LI, certificate(2, number=SECOND))]
    (step,) = plan(known, [changed(known[0], **values), exported(known[1])], quanzhou).entries[0].steps
    assert (step.wanted, step.group, step.caution) == (False, group, caution)


@pytest.mark.parametrize("values", [{"issued": "2013-08"}, {"kind": "初级中学"}, {"note": "新"}])
def test_what_loses_nothing_is_ticked(values: dict[str, str], quanzhou: Notice) -> None:
    known = teacher(1)
    (step,) = only(plan([known], [changed(known, **values)], quanzhou)).steps
    assert step.wanted
    assert step.caution == ""


def test_what_was_not_understood_may_be_replaced_by_anything(quanzhou: Notice) -> None:
    known = teacher(1, "张三", ZHANG, certificate(1, issued="去年"))
    assert edits(only(plan([known], [changed(known, issued="前年")], quanzhou))) == [
        ("issued", "去年", "前年", True)
    ]


def test_a_refused_cell_touches_nothing(quanzhou: Notice) -> None:
    known = teacher(1)
    lost = Refusal("id_number", "350502198501010000", "号码")
    spoiled = replace(exported(known), id_number="", note="新", refusals=(lost,))
    assert edits(only(plan([known], [spoiled], quanzhou))) == [("note", "", "新", True)]
    refused = ProposedCertificate(refusals=(Refusal("number", "2013350054100000", "号码"),))
    added = replace(exported(known), certificates=(*exported(known).certificates, refused))
    assert only(plan([known], [added], quanzhou)).state is State.UNCHANGED


def test_a_table_that_names_no_certificates_adds_none(quanzhou: Notice) -> None:
    known = teacher(1)
    staff = ProposedTeacher(
        name=known.name, id_number=known.id_number, certificates=(ProposedCertificate(subject="物理"),)
    )
    fields = {"name", "id_number", "subject"}
    bare = replace(known, certificates=())
    assert merge_plan([bare], [staff], fields, quanzhou).entries[0].state is State.UNCHANGED
    (step,) = merge_plan([bare], [staff], {*fields, "kind"}, quanzhou).entries[0].steps
    assert (step.wanted, step.caution) == (False, "没有种类和号码")


def test_a_right_identity_number_does_not_give_way_to_a_wrong_one(quanzhou: Notice) -> None:
    known = teacher(1)
    wrong = ZHANG[:17] + ("1" if ZHANG[17] != "1" else "2")
    table = replace(exported(known), id_number=wrong)
    entry = plan([known], [table], quanzhou).entries[0]
    steps = [step for step in entry.steps if step.field == "id_number"]
    assert [(step.wanted, step.caution) for step in steps] == [(False, "名册里的校验位正确，表里的不是")]


def test_a_field_without_a_column_is_not_compared(quanzhou: Notice) -> None:
    known = teacher(1, note="返聘")
    table = ProposedTeacher(name=known.name, id_number=known.id_number)
    assert merge_plan([known], [table], {"name", "id_number"}, quanzhou).entries[0].state is State.UNCHANGED
    assert edits(merge_plan([known], [table], {"name", "id_number", "note"}, quanzhou).entries[0]) == [
        ("note", "返聘", "", False)
    ]


@pytest.mark.parametrize(
    ("held", "table", "expected"),
    [
        # by number, though the order and a kind differ
        (
            (certificate(1), certificate(2, "初级中学", SECOND)),
            (certificate(0, "小学", SECOND), certificate(0)),
            [("kind", "小学", 2)],
        ),
        # by a kind that both have once, where a digit was mistyped
        ((certificate(1),), (certificate(0, number=SECOND),), [("number", SECOND, 1)]),
        # not where the numbers are two: the pages under the one are not the other's
        ((certificate(1),), (certificate(0, number="20183500641999999"),), [("", "", None)]),
        # a kind twice: a further certificate
        (
            (certificate(1), certificate(2, number=SECOND)),
            (certificate(0), certificate(0, number=THIRD)),
            [("", "", None)],
        ),
        # the one added by hand is filled
        (
            (Certificate(1, 1),),
            (certificate(0, subject="", authority="", issued=""),),
            [("kind", "高级中学", 1), ("number", FIRST, 1)],
        ),
        # one that the table does not have is kept
        ((certificate(1), certificate(2, "初级中学", SECOND)), (certificate(0),), []),
    ],
)
def test_certificates_are_paired(
    held: tuple[Certificate, ...],
    table: tuple[Certificate, ...],
    expected: list[tuple[str, str, int | None]],
    quanzhou: Notice,
) -> None:
    known = teacher(1, "张三", ZHANG, *held)
    proposed = exported(replace(known, certificates=table))
    steps = only(plan([known], [proposed], quanzhou)).steps
    assert [(step.field, step.new, step.certificate_id) for step in steps] == expected
    assert all(step.certificate for step in steps if step.act is Act.CERTIFICATE)


def test_certificates_beyond_the_table_are_named(quanzhou: Notice) -> None:
    more = certificate(2, "初级中学", SECOND)
    known = teacher(1, "张三", ZHANG, certificate(1), more)
    found = plan([known], [exported(replace(known, certificates=(certificate(1),)))], quanzhou)
    assert (only(found).state, found.unnamed_certificates(0)) == (State.UNCHANGED, (more,))
    by_name = merge_plan([known], [ProposedTeacher("张三", id_number=ZHANG)], {"name", "id_number"}, quanzhou)
    assert by_name.unnamed_certificates(0) == ()
    assert plan([known], [], quanzhou).unnamed_certificates(0) == ()


def test_who_is_not_in_the_table_is_kept_unless_the_clerk_says_otherwise(quanzhou: Notice) -> None:
    gone, aside = teacher(1), teacher(2, "李娜", LI, certificate(2, number=SECOND), choice="out")
    found = plan([gone, aside], [], quanzhou)
    assert [entry.state for entry in found.entries] == [State.MISSING] * 2
    assert [entry.steps for entry in found.entries] == [(Step(Act.EXCLUDE, wanted=False),), ()]


def test_a_new_teacher_with_anothers_number_says_so(quanzhou: Notice) -> None:
    known = teacher(1)
    table = [exported(known), changed(known, name="李娜", id_number=LI)]
    (step,) = plan([known], table, quanzhou).entries[1].steps
    assert (step.act, step.wanted, step.caution) == (Act.ADD, False, "号码与名册中 1 张三 的相同")


def test_steps_are_taken_one_by_one_or_by_group(quanzhou: Notice) -> None:
    known = [teacher(1), teacher(2, "李娜", LI, certificate(2, number=SECOND))]
    found = plan(known, [changed(one, note="新", subject="") for one in known], quanzhou)
    assert found.groups() == {"备注": (2, 2), CLEARING: (0, 2)}
    assert found.want([(1, 0)], False).groups()["备注"] == (1, 2)
    assert found.want_group(CLEARING, True).groups()[CLEARING] == (2, 2)
    assert found.want_group("备注", False).wanted() == 0


# Whatever the roster holds

names = st.sampled_from(("张三", "李娜", "王芳", ""))
ids = st.sampled_from((ZHANG, LI, WANG, "350502850101123", "12345", ""))
held = st.lists(
    st.builds(
        Certificate,
        st.just(0),
        st.just(0),
        kind=st.sampled_from(("高级中学", "初级中学", "高小", "")),
        number=st.sampled_from((FIRST, SECOND, THIRD, "")),
        issued=st.sampled_from(("2013-07-01", "2013-07", "去年", "")),
    ),
    max_size=3,
).map(tuple)
people = st.lists(
    st.builds(
        Teacher,
        st.just(0),
        st.just(0),
        name=names,
        id_number=ids,
        note=st.sampled_from(("", "返聘")),
        certificates=held,
    ),
    max_size=6,
)


def numbered(teachers: list[Teacher]) -> list[Teacher]:
    return [
        replace(
            one,
            id=place,
            serial=place,
            certificates=tuple(
                replace(own, id=10 * place + index, teacher_id=place)
                for index, own in enumerate(one.certificates)
            ),
        )
        for place, one in enumerate(teachers, 1)
    ]


@given(people)
def test_a_rosters_own_rows_change_nothing(quanzhou: Notice, teachers: list[Teacher]) -> None:
    known = numbered(teachers)
    assert plan(known, [exported(one) for one in known], quanzhou).counts() == Counter(
        {State.UNCHANGED: len(known)} if known else {}
    )


@given(people, people, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(
    teachers: list[Teacher], others: list[Teacher], shuffling: Random
) -> None:
    known = numbered(teachers)
    rows = [exported(one) for one in numbered(others)]
    shuffled = list(rows)
    shuffling.shuffle(shuffled)

    def told(order: list[ProposedTeacher]) -> Counter[tuple[object, ...]]:
        return Counter(
            (
                replace(row, serial=None),
                found.teacher and replace(found.teacher, id=0, serial=0, certificates=()),
                frozenset(one.teacher.id for one in found.candidates),
            )
            for row, found in zip(order, recognise(known, order, EVERY_FIELD), strict=True)
        )

    assert told(rows) == told(shuffled)


@given(people, people)
def test_nobody_is_recognised_twice(teachers: list[Teacher], others: list[Teacher]) -> None:
    found = recognise(numbered(teachers), [exported(one) for one in others], EVERY_FIELD)
    assert max(Counter(one.teacher.id for one in found if one.teacher).values(), default=1) == 1
