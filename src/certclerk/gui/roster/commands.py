"""What the clerk does to the selected cells and teachers of the roster: each is one change, and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from certclerk.core.scope import OUT_REASONS
from certclerk.core.wording import named
from certclerk.gui.reason_dialog import ask_reason
from certclerk.gui.roster.blocks import At, block, copied, filled, filled_down, pasted
from certclerk.gui.roster.keys import KeyAct
from certclerk.gui.roster.rows import Wish, moved
from certclerk.gui.roster.table import RosterTable
from certclerk.gui.session import Session
from certclerk.jobs import acts

HOLD_REASONS = ("等补页", "等核对信息", "证书在外地", "证书遗失待补办")
SORTED = "现在按列排序显示，不能调整顺序。请再点列标题恢复名册顺序，然后调整。"

# Cells


def copy(table: RosterTable) -> None:
    QGuiApplication.clipboard().setText(copied(table.roster(), table.selected_cells()))


def fill(session: Session, table: RosterTable, text: str, verb: str = "填写") -> None:
    """``text`` into every selected cell that takes it."""
    _change(session, filled(table.roster(), table.selected_cells(), text), verb)


def paste(session: Session, table: RosterTable, text: str) -> None:
    model, rows = table.roster(), block(text)
    if not rows:
        return
    shown = [place for place in range(len(model.columns)) if not table.isColumnHidden(place)]
    cells = table.selected_cells() or [At(model.rowCount(), model.column_of("name"))]
    found = pasted(rows, model, cells, shown)
    if found.added and model.wish != Wish():
        session.message.emit("粘贴的内容比列出的教师多，没有粘贴。请先显示全部教师。")
        return
    if found.added and model.sorted_by_clerk:
        table.sort_as_roster()
    left_out = "".join(
        f"；{count} 格{why}"
        for count, why in (
            (found.skipped, "落在不能填写的列，没有采用"),
            (found.lost, "的数字在原表格里已不完整（如 3.5E+17、2010.1），没有采用，请照证件输入"),
        )
        if count
    )
    if found.edits or found.added:
        if session.did(acts.edit_fields, found.edits, found.added, "粘贴"):
            added = f"，添加 {len(found.added)} 位教师" if found.added else ""
            session.undoable.emit(f"已粘贴 {len(found.edits)} 格{added}{left_out}。")
    elif left_out:
        session.message.emit(f"没有改动{left_out}。")


def do(session: Session, table: RosterTable, act: KeyAct) -> None:
    """What a key asks for in the full table."""
    match act:
        case KeyAct.COPY:
            copy(table)
        case KeyAct.CUT:
            copy(table)
            fill(session, table, "", "剪切")
        case KeyAct.CLEAR:
            fill(session, table, "", "清除")
        case KeyAct.PASTE:
            paste(session, table, QGuiApplication.clipboard().text())
        case KeyAct.FILL_DOWN:
            _change(session, filled_down(table.roster(), table.selected_cells()), "向下填充")


def _change(session: Session, edits: Sequence[acts.Edit], verb: str) -> None:
    if edits and session.did(acts.edit_fields, edits, (), verb) and len(edits) > 1:
        session.undoable.emit(f"已{verb} {len(edits)} 格。")


# Teachers


def remove(session: Session, chosen: Sequence[int]) -> None:
    """Without asking: the message that follows has 撤销 on it."""
    if not chosen:
        return
    who = _named(session, chosen)
    if session.did(acts.remove_teachers, chosen):
        session.undoable.emit(f"已删除{who}，其页在回收站。")


def exclude(session: Session, asker: QWidget, chosen: Sequence[int], reason: str = "") -> None:
    """设为不纳入; without a reason the clerk is asked for it."""
    _set_scope(session, asker, chosen, "out", "设为不纳入", reason, OUT_REASONS)


def hold(session: Session, asker: QWidget, chosen: Sequence[int]) -> None:
    _set_scope(session, asker, chosen, "hold", "暂缓", "", HOLD_REASONS)


def readmit(session: Session, chosen: Sequence[int]) -> None:
    """Back to what the notice's rule says."""
    if chosen:
        session.act(acts.set_scope, chosen, "", "")


def sign(session: Session, chosen: Sequence[int]) -> None:
    """Today these teachers signed that their rows are right."""
    if chosen and session.did(acts.sign, chosen, session.today()):
        session.undoable.emit(f"已记下{_named(session, chosen)}本人核对。")


def unsign(session: Session, chosen: Sequence[int]) -> None:
    if chosen:
        session.act(acts.withdraw_signatures, chosen)


def move(session: Session, table: RosterTable, chosen: Sequence[int], gap: int) -> None:
    """As one block into the gap before the ``gap``-th teacher shown."""
    if table.roster().sorted_by_clerk:
        session.message.emit(SORTED)
        return
    order = moved(table.roster().teacher_ids(), chosen, gap)
    if order:
        session.act(acts.reorder, order)
        table.scrollTo(table.currentIndex())


def step(session: Session, table: RosterTable, chosen: Sequence[int], down: int) -> None:
    """Up (-1) or down (1) past the neighbour shown there."""
    shown = table.roster().teacher_ids()
    place = {teacher_id: at for at, teacher_id in enumerate(shown)}
    places = [place[teacher_id] for teacher_id in chosen if teacher_id in place]
    if not places:
        return
    gap = min(places) - 1 if down < 0 else max(places) + 2
    if table.roster().sorted_by_clerk or 0 <= gap <= len(shown):
        move(session, table, chosen, gap)


def _set_scope(
    session: Session,
    asker: QWidget,
    chosen: Sequence[int],
    choice: str,
    title: str,
    reason: str,
    suggestions: Sequence[str],
) -> None:
    if not chosen:
        return
    question = f"{_named(session, chosen)}为什么{title.removeprefix('设为')}？资料和页都保留，随时可以恢复。"
    given = reason or ask_reason(asker, title, question, suggestions)
    if given:
        session.act(acts.set_scope, chosen, choice, given)


def _named(session: Session, chosen: Sequence[int]) -> str:
    first = session.teacher(chosen[0])
    name = named(first.name if first else "")
    return name if len(chosen) == 1 else f"{name}等 {len(chosen)} 位教师"


def entry(menu: QMenu, text: str, act: Callable[[], object], name: str = "") -> QAction:
    """A line of a menu that calls ``act``."""
    made = menu.addAction(text)
    made.setObjectName(name)
    made.triggered.connect(lambda _checked=False: act())
    return made
