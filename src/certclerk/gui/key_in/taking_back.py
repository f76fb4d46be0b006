"""读回录入进度: the ticks of the page that was at the counter come back into the collection."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from certclerk.core.key_ticks import Taken
from certclerk.core.keying import KeyState, key_entries
from certclerk.gui import files
from certclerk.gui.session import Session
from certclerk.jobs.take_along import take_back

STATE_FILTER = "录入进度 (*.json)"


def take_ticks_back(parent: QWidget, session: Session) -> None:
    path = files.choose_file(parent, "读回录入进度", STATE_FILTER, files.documents())
    taken = session.act(take_back, path) if path is not None else None
    if taken is None:
        return
    told = _told(taken, _changed(session, taken))
    if taken.ticks:
        session.undoable.emit(told)
    else:
        session.message.emit(told)


def _changed(session: Session, taken: Taken) -> int:
    """How many of the ticks are for what the records no longer say."""
    ticked = {tick.certificate_id for tick in taken.ticks}
    entries = key_entries(session.teachers(), session.notice, session.collection.keyings())
    return sum(entry.state is KeyState.CHANGED and entry.certificate.id in ticked for entry in entries)


def _told(taken: Taken, changed: int) -> str:
    parts = [f"已读回 {len(taken.ticks)} 本的录入标记" if taken.ticks else "没有新的录入标记"]
    if taken.older:
        parts.append(f"{taken.older} 本这里已是最新")
    if changed:
        parts.append(f"{changed} 本录入后资料有改动，请核对")
    if taken.unknown:
        parts.append(f"{taken.unknown} 本已不在名册里")
    return "；".join(parts) + "。"
