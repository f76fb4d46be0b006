"""A table merged into a filled roster: what is taken, what is untouched, and that one undo takes it back."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certclerk.collection import Collection
from certclerk.core.merging import Plan, State
from certclerk.core.notice import Notice
from certclerk.core.records import Finding, ProposedPage, Severity, Teacher
from certclerk.jobs import acts
from certclerk.jobs.merge_roster import Merged, compare, merge
from certclerk.roster import Layout, Proposal, detect, parse_workbook, propose

HEADS = "序号,姓名,性别,身份证号码,资格种类,任教学科,证书号码,认定机构,发证时间,备注"
LIN = "1,林晓雯,女,359901198001010025,高级中学,语文,20133599042000001,泉州市教育局,2013-07-01,"
CHEN = "2,陈志远,男,359901198001010033,初级中学,数学,20133599031000002,泉州市教育局,2013-07-01,"


def table(notice: Notice, *rows: str) -> tuple[Proposal, Layout]:
    sheet = parse_workbook("\n".join([HEADS, *rows]).encode(), "名册.csv").sheets[0]
    layout = detect(sheet, notice)
    return propose(sheet, layout, notice), layout


def contents(collection: Collection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the history, as another reader sees them."""
    with sqlite3.connect(collection.path) as reader:
        tables = [row[0] for row in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            name: reader.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in tables
            if name != "history"
        }
    reader.close()
    return found


@pytest.fixture
def filled(collection: Collection) -> Collection:
    """Two teachers; the first with a page, an absence, a confirmation, and put on hold."""
    first = collection.roster().teachers[0]
    sha256 = collection.add_blob(b"a page", "image/jpeg")
    with collection.change("放入页") as change:
        change.add_page(
            ProposedPage(sha256, 0, "image/jpeg", 100, 140, None, "封面.jpg"),
            certificate_id=first.certificates[0].id,
            slot="cover",
        )
    acts.mark_absent(collection, first.certificates[0].id, "remarks", "证书没有备注页")
    acts.set_scope(collection, [first.id], "hold", "原件外借")
    acts.confirm(collection, Finding("name_latin", Severity.WARNING, "", first.id, value="x"), "属实")
    return collection


def first(collection: Collection) -> Teacher:
    return collection.roster().teachers[0]


def test_a_table_is_merged_as_one_change_and_one_undo(filled: Collection, quanzhou: Notice) -> None:
    before = contents(filled)
    proposal, layout = table(
        quanzhou,
        LIN.replace("语文", "数学") + "返聘",
        ",,,,初级中学,数学,20153599032000009,泉州市教育局,2015-07-01,",
        "3,王新,男,359901198001010050,小学,语文,20133599021000003,泉州市教育局,2013-07-01,",
    )
    plan = compare(filled.roster().teachers, proposal, layout, quanzhou)
    assert plan.counts() == {State.CHANGED: 1, State.NEW: 1, State.MISSING: 1}
    was, chen = filled.roster().teachers
    merged = merge(filled, plan.want([(2, 0)], True))
    assert merged.summary == (
        "新增 1 人，更新 1 人（改 2 处，新证书 1 本），设为不纳入 1 人；0 人没有变化，"
        "0 人表里没有、保留原样；没有采用的改动 0 处。"
    )
    now = first(filled)
    assert [teacher.name for teacher in filled.roster().teachers] == ["林晓雯", "陈志远", "王新"]
    assert (now.note, now.certificates[0].subject, len(now.certificates)) == ("返聘", "数学", 2)
    assert filled.roster().teachers[1] == replace(chen, choice="out", choice_reason="新名册中没有")
    # What no table speaks of.
    assert now.certificates[0] == replace(was.certificates[0], subject="数学")
    untouched = replace(now, note=was.note, certificates=was.certificates)
    assert untouched == was
    assert filled.undo_label == "合并名册（新增 1 人，更新 2 人）"
    filled.undo()
    assert contents(filled) == before


def test_with_nothing_ticked_nothing_changes(filled: Collection, quanzhou: Notice) -> None:
    before, label = contents(filled), filled.undo_label
    proposal, layout = table(quanzhou, LIN.replace("语文", "数学"), CHEN.replace("陈志远", ""))
    plan = compare(filled.roster().teachers, proposal, layout, quanzhou)
    for group in plan.groups():
        plan = plan.want_group(group, False)
    merged = merge(filled, plan)
    assert (merged.unchanged, merged.left) == (2, 2)
    assert contents(filled) == before
    assert filled.undo_label == label


def test_the_same_table_again_changes_nothing(filled: Collection, quanzhou: Notice) -> None:
    plan = compare(filled.roster().teachers, *table(quanzhou, CHEN, LIN), quanzhou)
    assert merge(filled, plan) == Merged(unchanged=2)


def test_a_value_taken_over_ends_the_refusal_of_its_cell(collection: Collection, quanzhou: Notice) -> None:
    lost = "3,王新,男,3.59901E+17,小学,语文,20133599021000003,泉州市教育局,2013-07-01,"
    merge(collection, compare(collection.roster().teachers, *table(quanzhou, LIN, CHEN, lost), quanzhou))
    new = collection.roster().teachers[2]
    assert (new.id_number, len(new.refusals)) == ("", 1)
    # The spoiled table again: still refused, nothing to change.
    again = compare(collection.roster().teachers, *table(quanzhou, LIN, CHEN, lost), quanzhou)
    assert again.counts() == {State.UNCHANGED: 3}
    whole = lost.replace("3.59901E+17", "359901198001010050")
    merge(collection, compare(collection.roster().teachers, *table(quanzhou, LIN, CHEN, whole), quanzhou))
    new = collection.roster().teachers[2]
    assert (new.id_number, new.refusals) == ("359901198001010050", ())


values = {
    "name": st.sampled_from(("林晓雯", "陈志远", "王新", "")),
    "id": st.sampled_from(
        ("359901198001010025", "359901198001010033", "359901198001010050", "3.59901E+17", "")
    ),
    "kind": st.sampled_from(("高级中学", "初级中学", "高小", "")),
    "number": st.sampled_from(("20133599042000001", "20133599031000002", "20153599032000009", "")),
    "issued": st.sampled_from(("2013-07-01", "2013-07", "那年", "")),
    "note": st.sampled_from(("返聘", "")),
}
rows = st.lists(
    st.builds(
        lambda name, id, kind, number, issued, note: f",{name},,{id},{kind},,{number},,{issued},{note}",
        **values,
    ),
    max_size=5,
)


def decided(plan: Plan, choices: Random) -> Plan:
    for index, entry in enumerate(plan.entries):
        if not entry.decided:
            options = [one.teacher.id for one in plan.options(index)]
            plan = plan.decide(index, choices.choice([*options, None]))
    return plan


# Each example leaves the collection as it found it, which is what is tested.
again = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@again
@given(rows, st.randoms(use_true_random=False))
def test_whatever_was_merged_one_undo_takes_back(
    filled: Collection, quanzhou: Notice, table_rows: list[str], choices: Random
) -> None:
    before, label = contents(filled), filled.undo_label
    plan = compare(filled.roster().teachers, *table(quanzhou, *table_rows), quanzhou)
    plan = decided(plan, choices)
    for group in plan.groups():
        plan = plan.want_group(group, choices.random() < 0.8)
    merge(filled, plan)
    assert (filled.undo_label != label) == bool(plan.wanted())
    if plan.wanted():
        filled.undo()
    assert contents(filled) == before
    assert filled.undo_label == label


@again
@given(rows, st.randoms(use_true_random=False))
def test_whatever_the_table_says_nothing_ticked_is_nothing_changed(
    filled: Collection, quanzhou: Notice, table_rows: list[str], choices: Random
) -> None:
    before, label = contents(filled), filled.undo_label
    plan = decided(compare(filled.roster().teachers, *table(quanzhou, *table_rows), quanzhou), choices)
    for group in plan.groups():
        plan = plan.want_group(group, False)
    assert merge(filled, plan).touched == ()
    assert (contents(filled), filled.undo_label) == (before, label)


def test_doubts_have_to_be_decided_first(collection: Collection, quanzhou: Notice) -> None:
    other = CHEN.replace("359901198001010033", "")
    proposal, layout = table(quanzhou, other.replace("20133599031000002", ""))
    plan = compare(collection.roster().teachers, proposal, layout, quanzhou)
    with pytest.raises(AssertionError):
        merge(collection, plan)
