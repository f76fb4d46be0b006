from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from certclerk.gui import actions, icons
from certclerk.gui.actions import MENUS, SPECS, TOOL_BAR, Situation, make_actions, refresh
from certclerk.gui.commands import COMMANDS

TOGGLES = {spec.name for spec in SPECS if spec.checkable}


@pytest.fixture
def made(qapp: QObject) -> dict[str, QAction]:
    return make_actions(qapp)


def test_every_action_is_somewhere_in_the_menus_and_does_something() -> None:
    names = {spec.name for spec in SPECS}
    inner = (actions.LINE, actions.RECENT, actions.TEXT_PAGES)
    listed = [name for _, entries in MENUS for name in entries if name not in inner]
    assert sorted(listed) == sorted(names)
    assert set(COMMANDS) | TOGGLES == names
    assert set(TOOL_BAR) - {actions.LINE, actions.STRETCH} <= names


def test_no_key_is_given_twice() -> None:
    keys = [key for spec in SPECS for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_object_names_are_the_names(made: dict[str, QAction]) -> None:
    assert all(action.objectName() == name for name, action in made.items())
    assert all(spec.icon in icons.PATHS for spec in SPECS if spec.icon)


@pytest.mark.parametrize(
    ("situation", "usable", "unusable"),
    [
        (
            Situation(),
            ["actionNew", "actionOpen", "actionVerify", "actionQuit"],
            ["actionPackage", "actionUndo"],
        ),
        (Situation(open=True), ["actionFiling", "actionFind"], ["actionImportRoster", "actionPackage"]),
        (
            Situation(open=True, writable=True),
            ["actionImportRoster", "actionAddTeacher"],
            ["actionRemoveTeacher", "actionUndo", "actionRedo"],
        ),
        (Situation(True, True, True, "改姓名"), ["actionRemoveTeacher", "actionUndo"], ["actionRedo"]),
        (Situation(open=True, teacher=True, undo="改姓名"), [], ["actionUndo", "actionRemoveTeacher"]),
    ],
)
def test_what_can_be_used_when(
    made: dict[str, QAction], situation: Situation, usable: list[str], unusable: list[str]
) -> None:
    refresh(made, situation)
    assert all(made[name].isEnabled() for name in usable)
    assert not any(made[name].isEnabled() for name in unusable)


def test_undo_says_what_it_would_undo(made: dict[str, QAction]) -> None:
    refresh(made, Situation(True, True, True, "改姓名", "删除 2 位教师"))
    assert made["actionUndo"].text() == "撤销：改姓名"
    assert made["actionUndo"].toolTip() == "撤销：改姓名（Ctrl+Z）"
    assert made["actionRedo"].text() == "重做：删除 2 位教师"
    assert made["actionUndo"].iconText() == "撤销"
    refresh(made, Situation(True, True))
    assert made["actionUndo"].text() == "撤销"


def test_the_keys_can_be_read() -> None:
    lines = actions.key_lines()
    assert "Ctrl+↓\t下一位缺页的教师" in lines
    assert "Ctrl+Y 或 Ctrl+Shift+Z\t重做" in lines
