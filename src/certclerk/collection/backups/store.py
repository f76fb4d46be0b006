"""The backups of one collection in one folder: made, listed, thinned.

A backup is there from the moment its file has its name, which is the last step: killed before, the folder holds what
it held, and perhaps packs that the next backup finds done. The name bears the SHA-256 of the file, so that every
later change of it shows, a number, since a clock can be set back, and the collection's generation, so that also
whoever has not the password sees what came after it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import apsw

from certclerk.collection import lineage
from certclerk.collection.backups import packs, tables
from certclerk.collection.backups.database import fresh, opened, settle
from certclerk.collection.backups.meter import Meter, Report
from certclerk.collection.backups.tables import FACTS, Form
from certclerk.collection.cipher import is_encrypted
from certclerk.collection.connection import application_id, connect, faults_as_sentences
from certclerk.collection.history import now
from certclerk.core.backup import Facts, Reason, from_json, to_json
from certclerk.core.errors import UserError
from certclerk.core.thinning import kept
from certclerk.system.files import explaining, folder_aside, require_space, retried
from certclerk.system.lock import acquire

SUFFIX = ".certbackup"
# "cclb": no program takes a backup's file for a collection and writes to it.
APPLICATION_ID = 0x63636C62
LOCK = ".lock"
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(
    rf"(\d{{6,}})-(\d{{8}}T\d{{6}}Z)-([0-9a-f]{{32}})(?:-([0-9a-f]{{32}}))?{re.escape(SUFFIX)}"
)
_ASIDE = "backup"
# Bytes. There are many tables with little in them, and a file for each backup.
_PAGE_SIZE = 4096
# Bytes that a disk is to have free beside those of the pages.
_SPARE = 20 * 10**6


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that says by its name that it is one. ``generation`` is the id of the collection's last one then, empty
    where it had none. ``facts`` is None where it cannot be read: ``locked`` when that is for want of its password, else
    it is damaged.
    """

    path: Path
    number: int
    made_at: datetime
    digest: str
    generation: str = ""
    facts: Facts | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """``backup`` is None where nothing has changed since the last. ``locked_out`` counts earlier ones that had another
    password and are gone now that this one is proven; those of a copy that went its own way stay.
    """

    backup: Backup | None
    locked_out: int = 0


def backups_in(folder: Path, password: str = "") -> tuple[Backup, ...]:
    """Newest first; empty where there is no such folder. Raises UserError where it cannot be read."""
    return tuple(_read(backup, password) for backup in reversed(_named(folder)))


def named_backup(path: Path) -> Backup | None:
    """What the name says; None where it is no backup's."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        made_at = datetime.strptime(found[2], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(path, int(found[1]), made_at, found[3], found[4] or "")


def make_backup(
    source: Path, folder: Path, identity: str, reason: Reason, *, password: str = "", report: Report
) -> Made:
    """Of the collection at ``source``, which may be open and written to; ``folder`` is that of its backups,
    made if missing, and that in which it lies.

    Raises UserError: ``backup_busy`` (another program makes one there), ``backup_unproven``, what ``report`` raises,
    and the faults of both disks.
    """
    meter = Meter(report)
    with explaining(folder):
        for step in (folder.parent, folder):
            step.mkdir(mode=0o700, exist_ok=True)
    with _locked(folder), folder_aside(folder / _ASIDE) as aside:
        path = aside / f"tables{SUFFIX}"
        facts, generations = _copy(source, folder, path, identity, reason, password, meter)
        _prove(path, facts, folder, password)
        before = _named(folder)
        last = _read(before[-1], password) if before else None
        if last and last.facts and last.facts.fingerprint == facts.fingerprint and is_whole(last):
            return Made(None)
        made = _settled(path, folder, before[-1].number + 1 if before else 1, facts, generations)
        return Made(made, _thin(folder, aside, password, generations, meter))


def is_whole(backup: Backup) -> bool:
    """Whether its file is as it was written. Raises UserError where it cannot be read."""
    with explaining(backup.path):
        return _digest(backup.path) == backup.digest


def facts_of(connection: apsw.Connection) -> Facts | None:
    with suppress(apsw.Error, ValueError, TypeError, KeyError):
        row = connection.execute(f"SELECT facts FROM {FACTS}").fetchone()
        return from_json(str(row[0])) if row else None
    return None


def _copy(
    source: Path, folder: Path, path: Path, identity: str, reason: Reason, password: str, meter: Meter
) -> tuple[Facts, tuple[str, ...]]:
    """Pages first, each read by itself, so that no writer waits for a long reading; then the tables in one state, with
    what pages came meanwhile. Returns the generations of that state too, the last one last.
    """
    written: set[str] = set()
    with (
        faults_as_sentences(source),
        packs.Pages(folder, password) as pages,
        closing(connect(source, read_only=True, password=password)) as connection,
    ):

        def copy_pages(places: dict[str, tables.PagePlace]) -> None:
            missing = {
                name: place for name, place in places.items() if name not in pages and name not in written
            }
            size = sum(place.size for place in missing.values())
            require_space(folder, size + _SPARE)
            meter.expect(size)
            if missing:
                lost = packs.write_packs(
                    folder,
                    path.parent,
                    missing,
                    lambda name: missing[name].read(connection),
                    password,
                    meter.step,
                )
                written.update(missing.keys() - lost)

        places = tables.page_places(connection)
        copy_pages(places)
        connection.execute("BEGIN")
        with fresh(path, password, page_size=_PAGE_SIZE) as copy:
            try:
                fingerprint = tables.copy_out(connection, copy)
            except UnicodeDecodeError as error:
                raise UserError("collection_damaged", file=source.name, reason="UTF-8") from error
            names = tables.page_names(copy)
            if names - written - places.keys():
                places = tables.page_places(connection)
                copy_pages({name: place for name, place in places.items() if name in names})
            facts = Facts(
                identity=identity,
                file_name=source.name,
                made_at=now(),
                reason=reason,
                unit=str(copy.execute("SELECT unit FROM filing").get),
                teachers=_count(copy, "teacher"),
                certificates=_count(copy, "certificate"),
                pages=_count(copy, "page WHERE place <> 'trash'"),
                size=sum(places[name].size for name in names) + path.stat().st_size,
                damaged=sum(name not in pages and name not in written for name in names),
                fingerprint=fingerprint,
                application_id=application_id(connection),
            )
            copy.execute(f"CREATE TABLE {FACTS} (facts TEXT NOT NULL)")
            copy.execute(f"INSERT INTO {FACTS} VALUES (?)", (to_json(facts),))
            copy.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            generations = _generations(copy)
    return facts, generations


def _generations(copy: apsw.Connection) -> tuple[str, ...]:
    """The ids; none where the collection is of a version that had no generations."""
    has = copy.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'generation'").get
    return tuple(each.id for each in lineage.read(copy)) if has else ()


def _count(connection: apsw.Connection, what: str) -> int:
    return int(str(connection.execute(f"SELECT count(*) FROM {what}").get))


def _prove(path: Path, facts: Facts, folder: Path, password: str) -> None:
    """Reads back what was written."""
    try:
        with opened(path, password) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            same = tables.fingerprint(copy, Form.BACKUP, lambda _size: None) == facts.fingerprint
            if sound and same and facts_of(copy) == facts:
                return
    except apsw.Error as error:
        raise UserError("backup_unproven", folder=folder) from error
    raise UserError("backup_unproven", folder=folder)


def _settled(path: Path, folder: Path, number: int, facts: Facts, generations: Sequence[str]) -> Backup:
    made_at = datetime.fromisoformat(facts.made_at)
    digest = _digest(path)
    generation = generations[-1] if generations else ""
    parts = (f"{number:06}", made_at.strftime(_STAMP), digest, *filter(None, (generation,)))
    final = folder / f"{'-'.join(parts)}{SUFFIX}"
    settle(path, final)
    return Backup(final, number, made_at, digest, generation, facts)


def _thin(folder: Path, aside: Path, password: str, generations: Sequence[str], meter: Meter) -> int:
    """After a new one of ``generations`` is there and proven. Returns how many of those that it came after had another
    password; they go too.
    """
    backups = _named(folder)
    staying = kept([backup.made_at.astimezone().date() for backup in backups])
    going = [backup for place, backup in enumerate(backups) if place not in staying]
    needed: set[str] = set()
    locked_out: list[Backup] = []
    others: list[Backup] = []
    for place in staying:
        backup = backups[place]
        names = _names_in(backup, password)
        if names is None and is_whole(backup):
            (locked_out if backup.generation in ("", *generations) else others).append(backup)
        needed |= names or frozenset()
    with explaining(folder):
        for backup in (*going, *locked_out):
            retried(backup.path.unlink)
    with packs.Pages(folder, password) as pages:
        packs.sweep(folder, aside, pages, frozenset(needed), password, meter.step)
    if locked_out and not others:
        packs.remove_unreadable(folder, password)
    return len(locked_out)


def _names_in(backup: Backup, password: str) -> frozenset[str] | None:
    """None where it cannot be read: it will never be restored, so it needs no pages."""
    with suppress(apsw.Error, UnicodeDecodeError), opened(backup.path, password) as copy:
        return tables.page_names(copy)
    return None


def _named(folder: Path) -> list[Backup]:
    """In the order of making."""
    if not folder.is_dir():
        return []
    with explaining(folder):
        found = [named_backup(path) for path in folder.iterdir()]
    return sorted((backup for backup in found if backup is not None), key=lambda backup: backup.number)


def _read(backup: Backup, password: str) -> Backup:
    facts = None
    with suppress(apsw.Error), opened(backup.path, password) as copy:
        facts = facts_of(copy)
    return replace(
        backup, facts=facts, locked=facts is None and is_encrypted(backup.path) and is_whole(backup)
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with explaining(folder):
        lock = acquire(folder / LOCK)
    if lock is None:
        raise UserError("backup_busy", folder=folder)
    try:
        yield
    finally:
        lock.release()
