"""What can be done to a page that lies in a slot: one table for its menu and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QKeyEvent, QKeySequence

MOVE_TITLE = "移动页到…"


class PageAct(StrEnum):
    ROTATE_LEFT = "rotate-left"
    ROTATE_RIGHT = "rotate-right"
    EARLIER = "earlier"
    LATER = "later"
    RETAKE = "retake"
    INSERT = "insert"
    REPLACE = "replace"
    MOVE = "move"
    TO_TRAY = "to-tray"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class PageCommand:
    """``key`` as QKeySequence reads it; ``icon`` is a name in gui.icons, or empty."""

    act: PageAct
    label: str
    key: str
    icon: str = ""

    @property
    def object_name(self) -> str:
        return "page" + "".join(word.capitalize() for word in self.act.split("-")) + "Action"


PAGE_COMMANDS = (
    PageCommand(PageAct.ROTATE_LEFT, "左转 90°", "Shift+R", "rotate-left"),
    PageCommand(PageAct.ROTATE_RIGHT, "右转 90°", "R", "rotate-right"),
    PageCommand(PageAct.EARLIER, "前移一页", "Ctrl+Left"),
    PageCommand(PageAct.LATER, "后移一页", "Ctrl+Right"),
    PageCommand(PageAct.RETAKE, "重扫", "Shift+F5", "scan"),
    PageCommand(PageAct.INSERT, "在前面插入一页", "Ctrl+F5"),
    PageCommand(PageAct.REPLACE, "用文件替换…", "F2"),
    PageCommand(PageAct.MOVE, MOVE_TITLE, "M"),
    PageCommand(PageAct.TO_TRAY, "移到待归位", "T", "tray"),
    PageCommand(PageAct.TRASH, "删除", "Del", "trash"),
)
_BY_KEY = {QKeySequence(command.key): command.act for command in PAGE_COMMANDS}


def page_act_of(event: QKeyEvent) -> PageAct | None:
    """The command whose key this is."""
    pressed = QKeySequence(event.keyCombination())
    return next((act for key, act in _BY_KEY.items() if key == pressed), None)
