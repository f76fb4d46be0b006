"""Files and folders into the collection from anywhere in the window: stored in a worker, placed, told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from certclerk.core.errors import UserError
from certclerk.gui.mime import Scans
from certclerk.gui.password_dialog import password_desk
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs import take_pages
from certclerk.jobs.take_pages import Outcome, SlotTarget, Stored, StoredPage, TeacherTarget

Target = SlotTarget | TeacherTarget | None


def take_in(
    session: Session,
    paths: Sequence[Path],
    target: Target = None,
    done: Callable[[Outcome], object] = lambda _outcome: None,
) -> None:
    """Takes pages to ``target``; None: to whom the files' names say. The rest goes to the tray.

    Progress is told by the session's ``working``; what was refused by its ``reported`` or ``failed``. ``done`` is
    not called where nothing could be placed.
    """
    if paths:
        _work(session, storing(session, paths), target, done)


def storing(session: Session, paths: Sequence[Path]) -> Callable[[Job], Stored]:
    """The work of storing the files' pages; passwords of encrypted files are asked for over the window."""
    desk = password_desk(session)
    return lambda job: take_pages.store(
        session.collection, paths, job.progress, job.is_cancelled, desk.asking_for(job)
    )


def take_scans(session: Session, scans: Scans, target: Target = None) -> None:
    """The same for whatever was dropped or pasted."""
    if scans.link:
        session.failed.emit(str(UserError("scan_is_link")))
    elif scans.paths:
        take_in(session, scans.paths, target)
    elif scans:
        _work(session, lambda _job: take_pages.store_incoming(session.collection, scans.encoded()), target)


def let_go(session: Session, pages: Sequence[StoredPage]) -> None:
    """What was stored for pages that are not placed after all goes; where that fails, with the next emptying."""
    session.runner.run(
        lambda _job: take_pages.forget(session.collection, pages),
        lambda _nothing: None,
        lambda _error: None,
    )


def _work(
    session: Session,
    store: Callable[[Job], Stored],
    target: Target,
    done: Callable[[Outcome], object] = lambda _outcome: None,
) -> None:
    if session.collection.read_only:
        return

    lacking = _lacking(session, target)

    def place(stored: Stored) -> None:
        outcome = session.act(take_pages.place, stored, _still_there(session, target))
        if outcome is None:
            let_go(session, stored.pages)
            return
        session.came.emit(outcome.page_ids, lacking)
        _tell(session, outcome)
        done(outcome)

    session.work("收入页", store, place)


def _lacking(session: Session, target: Target) -> int | None:
    """The current teacher, where a page is missing and ``target`` is the locked place or the teacher's as a whole."""
    here, gap = session.current, session.target
    if here is None or not session.standing(here).gaps:
        return None
    locked = gap is not None and target == SlotTarget(gap.certificate_id, gap.slot)
    return here if locked or target == TeacherTarget(here) else None


def _still_there(session: Session, target: Target) -> Target:
    """The clerk may have removed the teacher or certificate while the files were read: then names decide."""
    teachers = session.teachers()
    if isinstance(target, TeacherTarget) and session.teacher(target.teacher_id) is None:
        return None
    if isinstance(target, SlotTarget) and not any(
        certificate.id == target.certificate_id
        for teacher in teachers
        for certificate in teacher.certificates
    ):
        return None
    return target


def _tell(session: Session, outcome: Outcome) -> None:
    summary = take_pages.summary(outcome)
    reasons = tuple(refused.reason for refused in outcome.refused)
    if len(reasons) == 1 and not outcome.placed and not outcome.tray:
        session.failed.emit(reasons[0])
    elif reasons:
        session.reported.emit(summary, reasons)
    elif outcome.placed or outcome.tray:
        session.undoable.emit(summary)
    else:
        session.message.emit(summary)
