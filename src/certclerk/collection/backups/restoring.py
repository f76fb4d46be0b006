"""A backup examined, and made a collection again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from certclerk.collection import reads
from certclerk.collection.backups.database import fresh, opened
from certclerk.collection.backups.meter import Meter, Report
from certclerk.collection.backups.packs import Pages
from certclerk.collection.backups.store import Backup, facts_of, is_whole
from certclerk.collection.backups.tables import Form, copy_back, fingerprint, page_names
from certclerk.collection.cipher import is_encrypted
from certclerk.collection.schema import SEEN_AS_NEWEST, VERSION
from certclerk.core.backup import Facts
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice, parse_notice
from certclerk.core.records import Place, Roster, Trashed
from certclerk.system.files import explaining, require_space, sync


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds. ``damaged`` are the hashes of files of pages that it cannot give back."""

    facts: Facts
    notice: Notice
    roster: Roster
    trash: tuple[Trashed, ...]
    damaged: frozenset[str]


def examine(backup: Backup, *, password: str = "", report: Report) -> Contents:
    """Proves its file and every byte of every page.

    Raises UserError ``backup_damaged`` (its file is not as it was written), ``backup_locked`` (without its password),
    ``collection_newer``, and what ``report`` raises.
    """
    meter = Meter(report)
    with _whole(backup, password) as (copy, facts), Pages(backup.path.parent, password) as pages:
        meter.expect(facts.size)
        lost = set()
        for name in page_names(copy):
            data = pages.read(name)
            meter.step(len(data or b""))
            if data is None:
                lost.add(name)
        return _contents(copy, facts, frozenset(lost))


def restore(
    backup: Backup, path: Path, *, password: str = "", partly: bool = False, report: Report
) -> Contents:
    """A new collection at ``path``, where an empty folder of the caller's own waits for it, proven row by row and page
    by page. With ``partly`` also where pages are lost: their places then hold no bytes, as the collection will say.

    Raises what :func:`examine` raises, and UserError ``backup_pages_lost``, ``backup_unproven``.
    """
    meter = Meter(report)
    with _whole(backup, password) as (copy, facts), Pages(backup.path.parent, password) as pages:
        require_space(path.parent, facts.size)
        meter.expect(2 * facts.size)

        def page(name: str) -> bytes | None:
            data = pages.read(name)
            meter.step(len(data or b""))
            return data

        with fresh(path, password) as made:
            made.execute("PRAGMA auto_vacuum = INCREMENTAL")
            lost = copy_back(copy, made, page)
            if lost and not partly:
                raise UserError("backup_pages_lost", file=backup.path.name, pages=len(lost))
            made.execute(f"PRAGMA application_id = {facts.application_id}")
        with opened(path, password) as made:
            sound = made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            sound &= not made.execute("PRAGMA foreign_key_check").fetchall()
            same = bool(lost) or fingerprint(made, Form.PROVEN, meter.step) == facts.fingerprint
        if not (sound and same):
            raise UserError("backup_damaged", file=backup.path.name)
        with explaining(path), path.open("r+b") as stream:
            sync(stream)
        return _contents(copy, facts, lost)


@contextmanager
def _whole(backup: Backup, password: str) -> Iterator[tuple[apsw.Connection, Facts]]:
    """Its file, proven to be as it was written and to hold what it says."""
    if not is_whole(backup):
        raise UserError("backup_damaged", file=backup.path.name)
    try:
        with opened(backup.path, password) as copy:
            facts = facts_of(copy)
            if facts is None:
                raise UserError(_unreadable(backup), file=backup.path.name)
            if int(copy.pragma("user_version")) > VERSION:
                raise UserError("collection_newer", file=backup.path.name)
            yield copy, facts
    except apsw.Error as error:
        raise UserError("backup_damaged", file=backup.path.name) from error


def _unreadable(backup: Backup) -> str:
    return "backup_locked" if is_encrypted(backup.path) else "backup_damaged"


def _contents(copy: apsw.Connection, facts: Facts, lost: frozenset[str]) -> Contents:
    copy.execute(SEEN_AS_NEWEST.get(int(copy.pragma("user_version")), ""))
    renditions = copy.execute("SELECT sha256, data FROM rendition").fetchall()
    damaged = lost | {str(sha256) for sha256, name in renditions if name in lost}
    notice = parse_notice(reads.notice_source(copy), facts.file_name)
    roster = Roster(
        filing=reads.filing(copy), teachers=reads.teachers(copy), tray=reads.pages_at(copy, Place.TRAY)
    )
    return Contents(facts, notice, roster, reads.trash(copy), damaged)
