"""Export, then import: the same teachers, or a sentence about each who would not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from certclerk.collection import Collection, create_collection
from certclerk.core.identity import check_character
from certclerk.core.names import MIDDLE_DOT
from certclerk.core.normalise import normalised
from certclerk.core.notice import Notice, parse_notice
from certclerk.core.records import (
    Certificate,
    Filing,
    ProposedTeacher,
    Refusal,
    Roster,
    Teacher,
)
from certclerk.core.roster_sheet import as_proposed
from certclerk.jobs import import_roster
from certclerk.jobs.export_roster import export, template
from certclerk.roster import parse_workbook

DAY = date(2032, 3, 1)


@cache
def notice() -> Notice:
    file = Path(__file__).parents[2] / "resources" / "notices" / "quanzhou-2017-1.toml"
    return parse_notice(file.read_text(encoding="utf-8"), file.name)


def id_number(index: int) -> str:
    digits = f"35990119800101{index:03}"
    return digits + check_character(digits)


def certificate(index: int = 1, **values: str) -> Certificate:
    held = {
        "kind": "高级中学",
        "subject": "语文",
        "number": f"20133599041{index:06}",
        "authority": "泉州市教育局",
        "issued": "2013-07",
    }
    return Certificate(index, 0, **{**held, **values})


def teacher(index: int, *certificates: Certificate, **values: object) -> Teacher:
    known = {"name": "林晓雯", "sex": "女", "id_number": id_number(index)}
    return Teacher(index, index, certificates=certificates, **{**known, **values})  # type: ignore[arg-type]


def roster(*teachers: Teacher) -> Roster:
    return Roster(Filing("某校"), teachers)


def imported(workbook: bytes) -> tuple[ProposedTeacher, ...]:
    return import_roster.best_reading(parse_workbook(workbook, "名册.xlsx"), notice()).proposal.teachers


def losses(*teachers: Teacher) -> tuple[str, ...]:
    return export(roster(*teachers), notice(), DAY).losses


# What a record can hold under a field: anything typed, normalised.
WILD = st.one_of(
    st.sampled_from(
        (
            "",
            "=1+1",
            "合计",
            "姓名",
            "共3人",
            "#N/A",
            "1E17",
            "_x0041_",
            "'007",
            "TRUE",
            "2010.1",
            "注：某",
            "-",
        )
    ),
    st.text(max_size=12),
)


def held(field: str, strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return strategy.map(lambda text: normalised(field, text, notice()))


NAMES = st.one_of(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4),
    st.sampled_from((f"阿依古丽{MIDDLE_DOT}买买提", "龙䶮", "𠮷祥", "Maria Lopez")),
)
SUBJECTS = st.one_of(
    st.just(""), st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=4)
)
NOTES = held("note", st.one_of(st.just(""), st.text(st.characters(codec="gb18030"), max_size=12)))
DATES = st.one_of(
    st.dates(date(1990, 1, 1), DAY).map(date.isoformat),
    st.dates(date(1990, 1, 1), DAY).map(lambda day: day.isoformat()[:7]),
    st.just(""),
)


def certificates(
    kinds: st.SearchStrategy[str],
    subjects: st.SearchStrategy[str],
    numbers: st.SearchStrategy[str],
    authorities: st.SearchStrategy[str],
    dates: st.SearchStrategy[str],
    least: int,
) -> st.SearchStrategy[tuple[Certificate, ...]]:
    one = st.builds(
        Certificate,
        id=st.just(0),
        teacher_id=st.just(0),
        kind=held("kind", kinds),
        subject=held("subject", subjects),
        number=held("number", numbers),
        authority=held("authority", authorities),
        issued=held("issued", dates),
    )
    return st.lists(one, min_size=least, max_size=3).map(tuple)


def rosters(one: st.SearchStrategy[Teacher]) -> st.SearchStrategy[tuple[Teacher, ...]]:
    return st.lists(one, max_size=6).map(
        lambda made: tuple(replace(each, id=n, serial=n) for n, each in enumerate(made, 1))
    )


WILD_ROSTERS = rosters(
    st.builds(
        Teacher,
        id=st.just(0),
        serial=st.just(0),
        name=held("name", WILD),
        sex=held("sex", WILD),
        id_number=held("id_number", WILD),
        note=held("note", WILD),
        certificates=certificates(WILD, WILD, WILD, WILD, WILD, 0),
    )
)


def all_told_apart(teachers: Sequence[Teacher]) -> tuple[Teacher, ...]:
    """Each with an identity number and certificate numbers of its own, as in a roster that is in order."""
    return tuple(
        replace(
            each,
            id_number=id_number(each.serial),
            certificates=tuple(
                replace(one, number=f"20133599041{each.serial:03}{number:03}")
                for number, one in enumerate(each.certificates)
            ),
        )
        for each in teachers
    )


ORDERLY_ROSTERS = rosters(
    st.builds(
        Teacher,
        id=st.just(0),
        serial=st.just(0),
        name=held("name", NAMES),
        sex=st.sampled_from(("男", "女")),
        note=NOTES,
        certificates=certificates(
            st.sampled_from(("高级中学", "小学", "高等学校")),
            SUBJECTS,
            st.just(""),
            st.sampled_from(("泉州市教育局", "福建省教育厅", "")),
            DATES,
            1,
        ),
    )
).map(all_told_apart)

SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOWLY
@given(ORDERLY_ROSTERS)
def test_export_then_import_is_identity(teachers: tuple[Teacher, ...]) -> None:
    made = export(roster(*teachers), notice(), DAY)
    assert made.losses == ()
    assert imported(made.workbook) == tuple(map(as_proposed, teachers))


@SLOWLY
@given(WILD_ROSTERS)
@example((teacher(1), teacher(2, id_number=id_number(1))))
@example((teacher(1, certificate(), certificate()),))
@example((teacher(1, certificate()), teacher(2, certificate(2), name="", id_number="")))
def test_what_an_import_would_not_get_back_is_told(teachers: tuple[Teacher, ...]) -> None:
    made = export(roster(*teachers), notice(), DAY)
    told = [loss for loss in made.losses if not loss.endswith("：没填内容的证书不写出。")]
    assert (imported(made.workbook) == tuple(map(as_proposed, teachers))) is (told == [])


@pytest.mark.parametrize(
    ("teachers", "told"),
    [
        (
            (teacher(1, certificate(1)), teacher(2, certificate(2), id_number=id_number(1))),
            ("第 1 号林晓雯：再导入时会与第 2 号并成一位。", "第 2 号林晓雯：再导入时会与第 1 号并成一位。"),
        ),
        (
            (teacher(1, certificate(1), certificate(1)),),
            ("第 1 号林晓雯：2 本证书里有完全相同的，再导入时只有 1 本。",),
        ),
        (
            (teacher(1, name="", sex="", id_number=""),),
            ("第 1 号：再导入时会漏掉（只有序号）。",),
        ),
        (
            (teacher(1, name="共3人", sex="", id_number=""), teacher(2)),
            ("第 1 号共3人：再导入时会漏掉（合计行）。",),
        ),
        ((teacher(1, note="#N/A"),), ("第 1 号林晓雯：备注再导入时会不同。",)),
        ((teacher(1, Certificate(1, 1)),), ("第 1 号林晓雯：没填内容的证书不写出。",)),
        (
            (teacher(1, id_number="", refusals=(Refusal("id_number", "3.5E+17", "丢位"),)),),
            ("第 1 号林晓雯：身份证号码导入时没有采用，写成空格。",),
        ),
    ],
)
def test_each_loss_has_its_sentence(teachers: tuple[Teacher, ...], told: tuple[str, ...]) -> None:
    assert losses(*teachers) == told


def test_a_cell_that_was_refused_and_typed_again_is_written() -> None:
    assert losses(teacher(1, refusals=(Refusal("id_number", "3.5E+17", "丢位"),))) == ()


def test_a_nameless_teacher_stays_apart_from_the_one_above() -> None:
    """
    1 林晓雯 女 3599… 高级中学
    (blank)
    2        女        小学
                      初级中学
    """
    two = (
        teacher(1, certificate(1)),
        teacher(2, certificate(2, kind="小学"), certificate(3, kind="初级中学"), name="", id_number=""),
    )
    made = export(roster(*two), notice(), DAY)
    assert made.losses == ()
    assert imported(made.workbook) == tuple(map(as_proposed, two))


def test_a_collection_comes_back_from_its_own_export(
    collection: Collection, tmp_path: Path, quanzhou: Notice
) -> None:
    made = export(collection.roster(), quanzhou, DAY)
    assert (made.teachers, made.certificates, made.losses) == (2, 2, ())
    file = tmp_path / "名册.xlsx"
    file.write_bytes(made.workbook)
    reading = import_roster.best_reading(import_roster.read(file), quanzhou)
    assert (reading.columns, reading.sheets) == ((), ())
    with create_collection(tmp_path / "另一份.certclerk", quanzhou, Filing("某校")) as other:
        import_roster.add_proposal(other, reading.proposal)
        assert [as_proposed(each) for each in other.roster().teachers] == [
            as_proposed(each) for each in collection.roster().teachers
        ]


def test_an_untouched_template_imports_nobody_and_says_so(quanzhou: Notice) -> None:
    reading = import_roster.best_reading(parse_workbook(template(quanzhou, DAY), "名册模板.xlsx"), quanzhou)
    assert (reading.proposal.teachers, reading.columns, reading.sheets) == ((), (), ())
    assert (
        import_roster.summary(reading.proposal)
        == "工作表“名册”里还没有填写教师，没有导入。请填好、保存后再导入。"
    )
