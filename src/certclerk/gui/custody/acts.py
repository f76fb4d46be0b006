"""收证, 还证 and their days, for the certificates that the clerk has before him."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from certclerk.core.wording import named
from certclerk.gui.roster.panel import RosterPanel
from certclerk.gui.scan.panel import ScanPanel
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.jobs import counter

NONE = "这里没有证书。请先选一位教师，或添加证书。"


def chosen(session: Session, roster: RosterPanel, scan: ScanPanel) -> tuple[int, ...]:
    """The ids of the certificates: of the selected rows of the full table; of all selected teachers where there are
    several; else the one in the scan panel.
    """
    rows = roster.table.selected_rows()
    if roster.wide:
        return tuple(row.certificate_id for row in rows if row.certificate_id is not None)
    teachers = [session.teacher(key) for key in dict.fromkeys(row.teacher_id for row in rows)]
    if len(teachers) > 1:
        return tuple(
            each.id for teacher in teachers if teacher for each in session.custody.collected(teacher)
        )
    return scan.certificate_ids


def receive(session: Session, certificate_ids: Sequence[int]) -> None:
    count = session.act(counter.receive, certificate_ids, session.today())
    _tell(session, certificate_ids, count, "收证", "都已在手")


def give_back(session: Session, certificate_ids: Sequence[int]) -> None:
    count = session.act(counter.give_back, certificate_ids, session.today())
    _tell(session, certificate_ids, count, "还证", "都不在手")


def ask_days(session: Session, parent: QWidget, certificate_ids: Sequence[int]) -> None:
    from certclerk.gui.custody.dialog import CustodyDialog

    if certificate_ids:
        show(CustodyDialog(session, certificate_ids, whose(session, certificate_ids), parent))
    else:
        session.message.emit(NONE)


def whose(session: Session, certificate_ids: Sequence[int]) -> str:
    """In words: one certificate by its teacher and kind, several by their number."""
    if len(certificate_ids) > 1:
        return f"{len(certificate_ids)} 本证书"
    wanted = certificate_ids[0]
    return next(
        f"{named(teacher.name)}（{held.kind or '未填种类'}）"
        for teacher in session.teachers()
        for held in teacher.certificates
        if held.id == wanted
    )


def _tell(
    session: Session, certificate_ids: Sequence[int], count: int | None, done: str, all_so: str
) -> None:
    """``count`` of them changed; None: that it failed has been told."""
    if not certificate_ids:
        session.message.emit(NONE)
    elif count:
        rest = f"，其余 {len(certificate_ids) - count} 本不用改" if count < len(certificate_ids) else ""
        what = whose(session, certificate_ids) if len(certificate_ids) == 1 else f"{count} 本证书"
        session.undoable.emit(f"已{done}：{what}{rest}。")
    elif count == 0:
        only = session.custody.of(certificate_ids[0])
        what = whose(session, certificate_ids)
        session.message.emit(f"{what}：{only}。" if len(certificate_ids) == 1 else f"{what}{all_so}。")
