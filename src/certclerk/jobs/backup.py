"""Backing a collection up wherever its backups go, finding them again, and restoring one into a new file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from certclerk.collection import Collection
from certclerk.collection.backups import (
    Backup,
    Contents,
    Made,
    backups_in,
    examine,
    make_backup,
    named_backup,
    restore,
)
from certclerk.core.backup import Facts, Reason
from certclerk.core.errors import UserError
from certclerk.core.names import file_name_part
from certclerk.jobs.backup_places import second_place, second_places
from certclerk.jobs.collections import SUFFIX, settle
from certclerk.jobs.verify import page_problems
from certclerk.system.files import folder_aside, write_aside

FOLDER = "backups"
# In a place that the clerk chose: what else lies there is none of ours.
SECOND_FOLDER = "certclerk备份"
_NAME_FILE = "name.txt"

Report = Callable[[int, int], None]


def _nobody(_done: int, _total: int) -> None:
    """For those who show no progress."""


@dataclass(frozen=True, slots=True)
class Source:
    """A collection as a worker backs it up, while the window goes on with it or after it was closed."""

    path: Path
    identity: str
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a backup at one place; ``error`` where there is none."""

    folder: Path
    made: Made | None = None
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The backups of one collection at one place, newest first; ``file_name`` is what that was called at last."""

    folder: Path
    file_name: str
    second: bool
    backups: tuple[Backup, ...]


def source_of(collection: Collection) -> Source:
    """A file of an earlier version has no identity; its path stands for it."""
    path = collection.path.absolute()
    identity = collection.identity() or hashlib.sha256(str(path).encode()).hexdigest()[:32]
    return Source(path, identity, collection.password)


def back_up(source: Source, folder: Path, reason: Reason, report: Report = _nobody) -> tuple[Outcome, ...]:
    """At each of its places, whatever happens at another. ``folder`` is the user's data folder.

    ``report`` is called with bytes done and all of them; what it raises ends everything.
    """
    return tuple(_back_up_at(place, source, reason, report) for place in places(source.identity, folder))


def places(identity: str, folder: Path) -> tuple[Path, ...]:
    """Where a collection's backups go: the data folder, then the second place if the clerk chose one."""
    second = second_place(folder, identity)
    return (folder / FOLDER / identity, *((second / SECOND_FOLDER / identity,) if second else ()))


def shelves(folder: Path, identity: str = "", password: str = "") -> tuple[Shelf, ...]:
    """Of one collection; without ``identity``, of all that were ever backed up from this computer."""
    seconds = second_places(folder)
    identities = (identity,) if identity else (*_folders_in(folder / FOLDER), *seconds)
    found = [
        _shelf(place, place.parent != folder / FOLDER, password)
        for key in dict.fromkeys(identities)
        for place in places(key, folder)
    ]
    return tuple(shelf for shelf in found if shelf.backups)


def shelves_at(folder: Path, password: str = "") -> tuple[Shelf, ...]:
    """Those in a folder that the clerk chose: a place of backups, what is in it, or one collection's alone."""
    candidates = (folder, *(folder / name for name in _folders_in(folder)))
    inside = folder / SECOND_FOLDER
    candidates += tuple(inside / name for name in _folders_in(inside))
    found = [_shelf(place, True, password) for place in candidates]
    return tuple(shelf for shelf in found if shelf.backups)


def check_backup(backup: Backup, password: str = "", report: Report = _nobody) -> Contents:
    """Reads all of it. Raises UserError where nothing of it can be restored."""
    return examine(backup, password=password, report=report)


def chosen_backup(path: Path) -> Backup:
    """By its file. Raises UserError ``path_missing`` or ``backup_not_one``."""
    if not path.is_file():
        raise UserError("path_missing", path=path)
    backup = named_backup(path)
    if backup is None:
        raise UserError("backup_not_one", file=path.name)
    return backup


def restore_backup(
    backup: Backup, path: Path, password: str = "", *, partly: bool = False, report: Report = _nobody
) -> Contents:
    """A new file at ``path``, there only once all of it is proven. ``partly``: without the pages that are lost.

    Raises UserError ``collection_exists``, ``folder_missing``, and where the backup cannot be restored.
    """
    if path.exists():
        raise UserError("collection_exists", file=path.name)
    if not path.parent.is_dir():
        raise UserError("folder_missing", folder=str(path.parent))
    with folder_aside(path) as aside:
        made = aside / f"restored{SUFFIX}"
        contents = restore(backup, made, password=password, partly=partly, report=report)
        settle(made, path)
    return contents


def loss_lines(contents: Contents) -> list[str]:
    """The pages that a backup cannot give back, for reading."""
    problems = page_problems(
        contents.facts.file_name, contents.damaged, contents.roster, contents.trash, contents.notice
    )
    return [problem.message for problem in problems]


def proposed_name(facts: Facts, backup: Backup) -> str:
    """For the file that is restored: unit and day, and nothing that was there before."""
    return f"{file_name_part(facts.unit)}_恢复_{backup.made_at.astimezone():%Y-%m-%d_%H%M}{SUFFIX}"


def counts_text(facts: Facts) -> str:
    return f"{facts.teachers} 名教师，{facts.certificates} 本证书，{facts.pages} 页"


def outcome_line(outcome: Outcome) -> str:
    """What became of a backup, and where it is."""
    if outcome.error or outcome.made is None:
        return str(outcome.error)
    made = outcome.made
    if made.backup is None or made.backup.facts is None:
        return f"自上次备份以来没有改动，没有再备份：{outcome.folder}"
    facts = made.backup.facts
    return f"已备份并校验：{counts_text(facts)}。{''.join(_remarks(made, facts))}{made.backup.path}"


def complaints(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """What the clerk is to know of a backup that nobody asked for: nothing where all went well."""
    for outcome in outcomes:
        if outcome.error is not None:
            yield str(outcome.error)
        elif outcome.made and outcome.made.backup and outcome.made.backup.facts:
            yield from _remarks(outcome.made, outcome.made.backup.facts)


def _remarks(made: Made, facts: Facts) -> Iterator[str]:
    if facts.damaged:
        yield f"采集文件里有 {facts.damaged} 个图像已损坏，没有备份到它们。请用“校验”查看，重新扫描这些页。"
    if made.locked_out:
        yield f"已按现在的密码备份；以前的 {made.locked_out} 份备份密码不同，已删除。"


def _back_up_at(place: Path, source: Source, reason: Reason, report: Report) -> Outcome:
    try:
        root = place.parents[1]
        if not root.is_dir():
            raise UserError("backup_place_missing", folder=root)
        made = make_backup(
            source.path, place, source.identity, reason, password=source.password, report=report
        )
        _keep_name(place, source.path)
        return Outcome(place, made)
    except UserError as error:
        if error.code == "backup_cancelled":
            raise
        return Outcome(place, error=error)


def _keep_name(place: Path, path: Path) -> None:
    """So that backups with a password can be told apart without it."""
    file = place / _NAME_FILE
    if _kept_name(place) != path.name:
        with write_aside(file) as stream:
            stream.write(path.name.encode())


def _kept_name(place: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return (place / _NAME_FILE).read_text(encoding="utf-8")
    return ""


def _shelf(place: Path, second: bool, password: str) -> Shelf:
    backups: tuple[Backup, ...] = ()
    with suppress(UserError):
        backups = backups_in(place, password)
    known = next((backup.facts.file_name for backup in backups if backup.facts), "")
    return Shelf(place, _kept_name(place) or known, second, backups)


def _folders_in(folder: Path) -> Iterator[str]:
    with suppress(OSError):
        yield from sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
