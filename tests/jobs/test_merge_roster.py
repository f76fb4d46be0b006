"""A table merged into a filled roster: what is taken, what is untouched, and that one undo takes it back."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from certclerk.collection import Collection
from certclerk.core.merging import State
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


def test_doubts_have_to_be_decided_first(collection: Collection, quanzhou: Notice) -> None:
    other = CHEN.replace("359901198001010033", "")
    proposal, layout = table(quanzhou, other.replace("20133599031000002", ""))
    plan = compare(collection.roster().teachers, proposal, layout, quanzhou)
    with pytest.raises(AssertionError):
        merge(collection, plan)
