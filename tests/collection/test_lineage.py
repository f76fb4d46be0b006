"""A copy's lineage grows by one with the first change after each opening, and by nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from certclerk.collection import Collection, open_collection
from certclerk.core.form import Form, FormMapping
from certclerk.core.lineage import Generation, Kinship, kinship
from certclerk.core.records import ProposedTeacher


def edit(collection: Collection, name: str = "王芳") -> None:
    with collection.change("添加教师") as change:
        change.add_teachers([ProposedTeacher(name=name)])


def after(path: Path, *edits: str) -> tuple[Generation, ...]:
    with open_collection(path) as collection:
        for name in edits:
            edit(collection, name)
        return collection.lineage()


@pytest.fixture
def closed(collection: Collection) -> Path:
    collection.close()
    return collection.path


def test_one_generation_for_each_opening_that_changed_something(closed: Path) -> None:
    first = after(closed)
    assert len(first) == 1
    assert after(closed) == first  # opened and read
    second = after(closed, "王芳", "李娜")
    assert second[:-1] == first and len(second) == 2
    with open_collection(closed, read_only=True) as reader:
        assert reader.lineage() == second


def test_undo_redo_and_a_form_count_a_change_that_fails_does_not(closed: Path) -> None:
    with open_collection(closed) as collection:
        before = collection.lineage()
        with pytest.raises(ZeroDivisionError), collection.change("失败") as change:
            change.add_teachers([ProposedTeacher(name="王芳")])
            raise ZeroDivisionError
        with collection.change("没有改动"):
            pass
        assert collection.lineage() == before
        collection.undo()
        assert len(collection.lineage()) == len(before) + 1
        collection.redo()
    with open_collection(closed) as collection:
        before = collection.lineage()
        collection.keep_form(Form("roster", "表样.xlsx", FormMapping("名册", 1, 1, ((0, "name"),)), b"form"))
        assert len(collection.lineage()) == len(before) + 1


def test_two_copies(closed: Path, tmp_path: Path) -> None:
    """
    school  ── A ── copied to the stick ── B
    stick                               └─ C      each changed: forked
    """
    stick = Path(shutil.copy(closed, tmp_path / "U盘.certclerk"))
    assert kinship(after(stick), after(closed)) is Kinship.SAME
    school = after(closed, "王芳")
    assert kinship(after(stick), school) is Kinship.OLDER
    assert kinship(after(stick, "李娜"), school) is Kinship.FORKED


def test_a_file_of_an_earlier_version_begins_with_none(tmp_path: Path) -> None:
    stored = Path(__file__).parents[1] / "data" / "collections" / "version-4.certclerk"
    path = Path(shutil.copy(stored, tmp_path))
    with open_collection(path, read_only=True) as reader:
        assert reader.lineage() == ()
    assert after(path) == ()
    assert len(after(path, "王芳")) == 1
