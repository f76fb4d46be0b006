"""The roster's model: six teachers, drawn as number, name, certificates and state.

1 王芳 高中 完成 · 2 李娜 高中 待扫 · 3 张三 高中+初中 待扫 · 4 阿依古丽·买买提 待扫 · 5 䶮一鸣 待扫 · 6 陈明 待扫
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from certclerk.collection import Collection
from certclerk.core.progress import Dot, State
from certclerk.core.records import Severity
from certclerk.gui.roster import model as roster_model
from certclerk.gui.roster.model import DOTS_ROLE, SEVERITY_ROLE, RosterModel
from certclerk.gui.roster.rows import Wish
from certclerk.gui.session import Session
from certclerk.jobs import acts
from certclerk.jobs.acts import Edit

Role = Qt.ItemDataRole


@pytest.fixture
def model(session: Session, qtmodeltester: ModelTester) -> RosterModel:
    made = RosterModel(session)
    qtmodeltester.check(made, force_py=True)
    return made


def column(model: RosterModel, field: str) -> list[Any]:
    place = model.column_of(field)
    return [model.index(row, place).data() for row in range(model.rowCount())]


def ids(session: Session) -> list[int]:
    return [teacher.id for teacher in session.teachers()]


def test_compact_shows_a_row_for_each_teacher(model: RosterModel) -> None:
    assert column(model, "serial") == ["1", "2", "3", "4", "5", "6"]
    assert column(model, "name") == ["王芳", "李娜", "张三", "阿依古丽·买买提", "䶮一鸣", "陈明"]
    assert column(model, "kinds") == ["高中", "高中", "高中 +1", "高中", "高中", "高中"]
    assert column(model, "pages")[:3] == ["●●●", "○○○", "○○○○○○"]
    assert column(model, "state") == ["完成"] + ["待扫"] * 5


def test_wide_shows_a_row_for_each_certificate(model: RosterModel) -> None:
    model.set_wide(True)
    assert model.rowCount() == 7
    assert column(model, "name")[2:4] == ["张三", None]
    assert column(model, "kind")[2:4] == ["高级中学", "初级中学"]
    assert column(model, "serial")[3:5] == [None, "4"]


def test_dots_and_words_for_who_cannot_see_them(model: RosterModel) -> None:
    pages = model.column_of("pages")
    assert [Dot(dot) for dot in model.index(0, pages).data(DOTS_ROLE)] == [Dot.FILLED] * 3
    assert model.index(0, pages).data(Role.AccessibleTextRole) == "页已齐"
    assert model.index(1, pages).data(Role.AccessibleTextRole) == "缺封面、内页、备注页"


def test_a_finding_marks_its_cell_with_colour_sign_and_words(session: Session, model: RosterModel) -> None:
    model.set_wide(True)
    session.act(acts.set_teacher_field, ids(session)[0], "id_number", "350502198501150001")
    cell = model.index(0, model.column_of("id_number"))
    assert cell.data(SEVERITY_ROLE) == Severity.ERROR
    assert cell.data(Role.BackgroundRole) is not None
    assert "校验" in cell.data(Role.ToolTipRole)
    other = model.index(1, model.column_of("id_number"))
    assert other.data(SEVERITY_ROLE) is None and other.data(Role.BackgroundRole) is None


def test_a_certificates_finding_marks_its_own_row(session: Session, model: RosterModel) -> None:
    model.set_wide(True)
    second = session.teachers()[2].certificates[1]
    session.act(acts.set_certificate_field, second.id, "number", "123")
    marks = [model.index(row, model.column_of("number")).data(SEVERITY_ROLE) for row in range(7)]
    assert marks == [None, None, None, Severity.ERROR, None, None, None]


def test_the_state_says_why(session: Session, model: RosterModel) -> None:
    session.act(acts.set_scope, [ids(session)[1]], "out", "退休")
    cell = model.index(1, model.column_of("state"))
    assert cell.data() == "不纳入"
    assert "退休" in cell.data(Role.ToolTipRole)


def test_chips_and_search_narrow_it_together(model: RosterModel) -> None:
    model.set_wish(Wish(State.TO_SCAN))
    assert len(column(model, "name")) == 5
    model.set_wish(Wish(State.TO_SCAN, "z"))
    assert column(model, "name") == ["张三"]
    model.set_wish(Wish(None, "不存在"))
    assert model.rowCount() == 0
    assert model.index(0, 0).isValid() is False


def test_who_is_worked_on_stays_although_done(session: Session, model: RosterModel) -> None:
    """[待扫] with 李娜 selected; she becomes 不纳入, stays, and goes when 张三 is selected."""
    second, third = ids(session)[1:3]
    model.set_wish(Wish(State.TO_SCAN))
    session.select(second)
    session.act(acts.set_scope, [second], "out", "退休")
    assert "李娜" in column(model, "name")
    session.select(third)
    assert "李娜" not in column(model, "name")


def test_sorting_is_for_the_view_and_comes_undone(session: Session, model: RosterModel) -> None:
    model.sort(model.column_of("state"), Qt.SortOrder.DescendingOrder)
    assert column(model, "name")[-1] == "王芳"
    assert session.teachers()[0].name == "王芳"
    model.sort(-1)
    assert column(model, "serial") == ["1", "2", "3", "4", "5", "6"]


def test_what_the_clerk_sorted_does_not_jump_while_typing(session: Session, model: RosterModel) -> None:
    model.sort(model.column_of("name"))
    before = column(model, "serial")
    session.act(acts.set_teacher_field, ids(session)[0], "name", "钟")
    assert column(model, "serial") == before
    session.act(acts.add_teacher, "安")
    assert column(model, "name")[-1] == "安"
    model.sort(model.column_of("name"))
    assert column(model, "serial") != before


@pytest.mark.parametrize("wide", [False, True])
def test_every_column_sorts_whatever_is_in_it(session: Session, model: RosterModel, wide: bool) -> None:
    session.act(acts.add_teacher)
    session.act(acts.set_teacher_field, ids(session)[0], "id_number", "三五〇５02")
    session.act(acts.remove_certificate, session.teachers()[3].certificates[0].id)
    model.set_wide(wide)
    for place in range(model.columnCount()):
        model.sort(place, Qt.SortOrder.DescendingOrder)
        assert set(column(model, "serial")) >= {"1", "7"}


def test_selection_survives_rows_coming_going_and_moving(session: Session, model: RosterModel) -> None:
    """王 李 [张] 阿 䶮 陈 -> without 李 -> 陈 moved up -> with a seventh."""
    selection = QItemSelectionModel(model)
    mark = QPersistentModelIndex(model.index(2, 1))
    selection.setCurrentIndex(model.index(2, 1), QItemSelectionModel.SelectionFlag.SelectCurrent)
    everyone = ids(session)
    session.act(acts.remove_teachers, [everyone[1]])
    assert (mark.row(), mark.data()) == (1, "张三")
    session.act(acts.reorder, [everyone[5], everyone[0], everyone[2], everyone[3], everyone[4]])
    assert (mark.row(), mark.data()) == (2, "张三")
    session.act(acts.add_teacher)
    session.undo()
    session.undo()
    session.undo()
    assert (mark.row(), selection.currentIndex().row()) == (2, 2)


def test_only_what_can_be_typed_is_editable(model: RosterModel) -> None:
    def editable(row: int) -> list[str]:
        return [
            column.id
            for place, column in enumerate(model.columns)
            if model.flags(model.index(row, place)) & Qt.ItemFlag.ItemIsEditable
        ]

    assert editable(0) == ["name"]
    model.set_wide(True)
    certificate = ["kind", "subject", "number", "authority", "issued"]
    assert editable(0) == ["name", "sex", "id_number", *certificate, "note"]
    assert editable(3) == certificate


def test_an_edit_names_teacher_or_certificate(session: Session, model: RosterModel) -> None:
    third = session.teachers()[2]
    model.set_wide(True)
    assert model.edit_of(model.index(2, model.column_of("name")), "张四") == Edit(
        third.id, None, "name", "张四"
    )
    assert model.edit_of(model.index(3, model.column_of("kind")), "小学") == Edit(
        third.id, third.certificates[1].id, "kind", "小学"
    )
    assert model.edit_of(model.index(3, model.column_of("name")), "张四") is None
    assert model.edit_of(model.index(3, model.column_of("state")), "完成") is None


def test_read_only_nothing_is_editable(collection: Collection, model: RosterModel) -> None:
    collection.read_only = True
    assert model.edit_of(model.index(0, model.column_of("name")), "x") is None


def test_an_empty_roster_is_a_good_model(session: Session, model: RosterModel) -> None:
    session.act(acts.remove_teachers, ids(session))
    assert model.rowCount() == 0
    model.set_wide(True)
    assert model.place_of(1) == -1
    session.undo()
    assert model.rowCount() == 7


def test_many_runs_start_over(model: RosterModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_model, "MOST_RUNS", 0)
    model.set_wish(Wish(None, "张"))
    assert column(model, "name") == ["张三"]


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_of_acts_leaves_view_and_roster_alike(
    session: Session, model: RosterModel, seed: int
) -> None:
    """The model tester watches every step; at the end the unfiltered model shows the roster."""
    chance = random.Random(seed)
    wishes = [Wish(), Wish(State.TO_SCAN), Wish(State.PROBLEM), Wish(None, "a"), Wish(State.OUT)]
    for _ in range(20):
        everyone = ids(session)
        match chance.randrange(9):
            case 0:
                session.act(acts.add_teacher, chance.choice("甲乙丙"))
            case 1 if everyone:
                session.act(acts.remove_teachers, chance.sample(everyone, min(2, len(everyone))))
            case 2 if everyone:
                session.act(acts.reorder, chance.sample(everyone, len(everyone)))
            case 3 if everyone:
                session.act(
                    acts.set_scope, [chance.choice(everyone)], chance.choice(["out", "hold", ""]), "因"
                )
            case 4:
                session.undo()
            case 5:
                session.redo()
            case 6:
                model.sort(chance.randrange(-1, model.columnCount()))
            case 7 if everyone:
                session.act(acts.add_certificate, chance.choice(everyone))
                session.select(chance.choice(everyone))
            case _:
                model.set_wish(chance.choice(wishes))
        model.set_wide(chance.random() < 0.3)
    model.set_wide(False)
    model.set_wish(Wish())
    model.sort(-1)
    assert column(model, "name") == [teacher.name for teacher in session.teachers()]
    model.set_wide(True)
    assert model.rowCount() == sum(max(1, len(teacher.certificates)) for teacher in session.teachers())


def test_a_filter_shows_nobody_else_but_who_is_worked_on_stays(model: RosterModel, session: Session) -> None:
    """待扫: 2 to 6; 1 is complete"""
    first, second, *_ = ids(session)
    session.select(first)
    model.set_wish(Wish(State.TO_SCAN, ""))
    assert column(model, "serial") == ["2", "3", "4", "5", "6"]
    session.select(second)
    acts.set_scope(session.collection, [second], "hold", "后补")
    assert column(model, "serial") == ["2", "3", "4", "5", "6"]
    model.set_wish(Wish(State.HOLD, ""))
    assert column(model, "serial") == ["2"]
