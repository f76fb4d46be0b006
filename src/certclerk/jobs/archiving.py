"""归档并清除: a proven copy of the whole collection elsewhere, then its people gone from this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from certclerk.collection import Collection, archive, open_collection
from certclerk.collection.archive import Progress
from certclerk.collection.upgrading import former
from certclerk.core.clearing import without_people, without_reason
from certclerk.core.custody import Stand
from certclerk.core.errors import UserError
from certclerk.core.keying import KeyState
from certclerk.core.records import Filing, Finding, Roster
from certclerk.core.submission_json import as_json
from certclerk.core.submission_record import Step
from certclerk.jobs import counter, submissions
from certclerk.jobs.backup import places
from certclerk.jobs.collections import new_collection
from certclerk.system.erasing import erase
from certclerk.system.files import explaining, retried, sync_folder
from certclerk.system.resources import user_folder

# What a collection is called from the moment it is given up until it is overwritten.
DOOMED = ".正在清除"


@dataclass(frozen=True, slots=True)
class Archived:
    teachers: int
    certificates: int
    pages: int
    size: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``keep_records``: a collection of the same name stays, with the records of submissions and without people;
    ``backups``: those that the program made of this collection go too.
    """

    keep_records: bool
    backups: bool


@dataclass(frozen=True, slots=True)
class Cleared:
    """``left`` are sentences of what could not be removed; ``kept`` whether a collection is there still."""

    kept: bool
    backups: int
    left: tuple[str, ...]


def standing(collection: Collection, roster: Roster, findings: Iterable[Finding]) -> tuple[str, ...]:
    """What a clerk may want to finish first, in sentences; empty when all is done. Callable in a worker."""
    return tuple(_unfinished(collection, roster, findings))


def write_archive(source: Path, target: Path, progress: Progress, *, password: str = "") -> Archived:
    """A whole, proven copy of the collection at ``source``, which may be open, with the same password.

    ``progress`` may raise to stop it: nothing is left then. Raises UserError ``collection_exists``,
    ``archive_unlike``, ``archive_of_damaged`` and the faults of the disks.
    """
    rows = archive.write_archive(source, target, progress, password=password).rows
    return Archived(rows["teacher"], rows["certificate"], rows["page"], target.stat().st_size)


def clear(path: Path, proof: Path, plan: Plan, progress: Progress, *, password: str = "") -> Cleared:
    """Proves the archive at ``proof`` again, and only then removes the collection at ``path`` from this computer.

    It must be closed. Until the proof stands nothing is touched. Raises UserError as :func:`write_archive` does,
    ``collection_locked`` and ``collection_busy``: the collection is whole then.
    """
    path = path.resolve()
    left: list[str] = []
    with archive.held_alone(path, password):
        archive.prove(path, proof, progress, password=password)
        backups = backups_of(path, password) if plan.backups else ()
        for done, backup in enumerate(backups):
            progress(done, len(backups), "清除备份")
            left += _complaint(partial(erase, backup))
        _give_up(path, plan, password)
        progress(0, 0, "覆盖原文件")
        left += _erase_doomed(path)
    return Cleared(plan.keep_records, len(backups), tuple(left))


def finish_clearing(path: Path) -> None:
    """Overwrites what a clearing that was killed has left of the collection that was at ``path``."""
    _erase_doomed(path)


def backups_of(path: Path, password: str = "") -> tuple[Path, ...]:
    """The files of the program's own backups of that collection, and what it kept of an earlier version."""
    with open_collection(path, read_only=True, password=password) as collection:
        identity = collection.identity()
    if not identity:
        return ()
    found = (file for place in places(identity, user_folder()) for file in sorted(place.rglob("*")))
    return tuple(file for file in (former(identity), *found) if file.is_file())


def _unfinished(collection: Collection, roster: Roster, findings: Iterable[Finding]) -> Iterator[str]:
    chain = submissions.chain_of(collection)
    if chain is None:
        yield "还没有报送过。"
    else:
        last = chain.members[-1]
        if chain.moment != collection.moment() and submissions.changes_since(
            chain, roster, collection.notice, findings
        ):
            yield "报送以后又有改动，报送包已过期。"
        if Step.ACCEPTED not in {tick.step for tick in collection.submission_ticks().get(last.id, ())}:
            yield f"最近一次报送还没有勾“{Step.ACCEPTED.label}”。"
        if chain.held:
            yield f"还有 {len(chain.held)} 名教师报送时暂缓。"
    for count, what in (
        (len(roster.tray), "页在待归位"),
        (sum(entry.state is not KeyState.DONE for entry in counter.entries(collection)), "本证书没有录入"),
        (
            sum(own.stand is Stand.HERE for own in collection.custody().values()),
            "本证书原件收了还没有归还",
        ),
    ):
        if count:
            yield f"还有 {count} {what}。"


def _give_up(path: Path, plan: Plan, password: str) -> None:
    """From here on the archive is the collection; what is called ``path`` afterwards has nobody in it."""
    doomed = _doomed(path)
    with explaining(path):
        retried(lambda: path.rename(doomed))
        sync_folder(path.parent)
    if plan.keep_records:
        try:
            _keep_records(doomed, path, password)
        except BaseException:
            retried(lambda: doomed.rename(path))
            raise


def _keep_records(source: Path, path: Path, password: str) -> None:
    with open_collection(source, read_only=True, password=password) as full:
        stored = submissions.submitted(reversed(full.submissions()))
        ticks, notice, unit = full.submission_ticks(), full.notice, full.filing().unit
    ids = {each.id: number for number, each in enumerate(stored, 1)}
    filing = Filing(unit, "", "")
    with (
        new_collection(path, notice, filing, password=password) as kept,
        kept.change("归档并清除") as change,
    ):
        for each in stored:
            change.record_submission(as_json(without_people(each.record, notice, ids)), each.made_at)
        for former, made in ticks.items():
            for tick in made:
                change.tick_submission(ids[former], without_reason(tick))


def _doomed(path: Path) -> Path:
    return path.with_name(path.name + DOOMED)


def _erase_doomed(path: Path) -> list[str]:
    """Returns what could not be removed, in sentences."""
    doomed = _doomed(path)
    return _complaint(lambda: erase(doomed)) if doomed.is_file() else []


def _complaint(step: Callable[[], None]) -> list[str]:
    try:
        step()
    except UserError as error:
        return [str(error)]
    return []
