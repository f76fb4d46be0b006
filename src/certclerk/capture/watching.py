"""Which files of a watched folder have arrived: plain logic over what was seen, look after look.

A scanner's program writes a file in pieces, under another name first, or twice. A file counts as arrived when its
size and time have stayed the same for a while; whether it is whole, only reading it tells, and who finds that it is
not yet says so with :func:`tried`. Nothing here waits: the caller hands in the time, in seconds of any steady clock.
Files are only listed and read, never locked, moved or changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from certclerk.capture.files import is_dropped_folder, is_dropping, shown
from certclerk.core.errors import UserError
from certclerk.core.names import natural_key
from certclerk.core.page_forms import PAGE_SUFFIXES
from certclerk.core.watched import Stamp, WatchedFile

# A copier makes a folder for each user or day, some both. Deeper lie other people's affairs.
DEEPEST = 2
# Who chose the whole disk by mistake is told; every look would take seconds.
MOST_FILES = 20_000

SETTLED_S = 1.0
# A feeder adds page after page to one file, each whole for a moment while the next sheet is drawn in.
SETTLED_SLOWLY_S = 3.0
GROWING_SUFFIXES = (".tif", ".tiff", ".pdf")
# A file does not overtake one before it that is still being written, for as long.
HELD_S = 10.0
# After a try that failed, the last one again and again until the file has stayed the same for GIVEN_UP_S.
TRIED_AGAIN_S = (2.0, 4.0, 8.0, 16.0, 30.0)
GIVEN_UP_S = 180.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is not done with. Times in seconds; ``tries`` are those that failed since it last changed.

    ``stored``: its pages are waiting to be placed.
    """

    stamp: Stamp
    first_seen: float
    same_since: float
    tries: int = 0
    next_try: float = 0.0
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """One folder as far as it is known. Paths are whole.

    ``early``: files that lay there before the watching went on; nobody was waiting for a page then.
    """

    folder: Path
    known: Mapping[str, WatchedFile]
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    early: frozenset[str] = frozenset()


def look(folder: Path) -> dict[str, Stamp]:
    """The files in ``folder``, and in the folders in it, whose name is that of a page; none is opened.

    Temporary names, Office's lock files, hidden files and links to folders are left out. Raises UserError
    ``watch_folder_gone`` and ``watch_folder_too_big``.
    """
    found: dict[str, Stamp] = {}
    try:
        _collect(str(folder), 0, found)
    except OSError as error:
        raise UserError("watch_folder_gone", folder=folder.name or str(folder)) from error
    if len(found) > MOST_FILES:
        raise UserError("watch_folder_too_big", folder=folder.name or str(folder), most=MOST_FILES)
    return found


def settled(watch: Watch, files: Mapping[str, Stamp], now: float) -> tuple[Watch, tuple[str, ...]]:
    """The watch after one more look, and the files to be read now, in order.

    A file that was done with and has another size or time now is a new one.
    """
    known, before = watch.known, watch.waiting
    waiting = {
        path: _seen(before.get(path), stamp, now)
        for path, stamp in files.items()
        if path not in known or known[path].stamp != stamp
    }
    arrived = []
    for path in in_order({path: one.stamp for path, one in waiting.items()}):
        one = waiting[path]
        if _is_ready(path, one, now):
            arrived.append(path)
        elif not one.stored and now - one.first_seen < HELD_S:
            break
    return replace(watch, waiting=waiting, early=watch.early & waiting.keys()), tuple(arrived)


def in_order(files: Mapping[str, Stamp]) -> list[str]:
    """As a feeder counts them: names that differ in their numbers only by these (2 before 10), others by time."""
    by_name = sorted(files, key=_name_key)
    if len({_without_numbers(path) for path in files}) <= 1:
        return by_name
    return sorted(by_name, key=lambda path: files[path].modified_ns)


def stored(watch: Watch, path: str) -> Watch:
    """The file was read and is not read again, unless it changes, until it is :func:`finished`."""
    return _with(watch, path, replace(watch.waiting[path], stored=True))


def tried(watch: Watch, path: str, now: float) -> Watch:
    """The file could not be taken yet: it is read again after a while that grows with every try."""
    one = watch.waiting[path]
    after = TRIED_AGAIN_S[min(one.tries, len(TRIED_AGAIN_S) - 1)]
    return _with(watch, path, replace(one, tries=one.tries + 1, next_try=now + after, stored=False))


def is_hopeless(watch: Watch, path: str, now: float) -> bool:
    """Whether the file has stayed as it is for so long that nobody writes it any more."""
    return now - watch.waiting[path].same_since >= GIVEN_UP_S


def finished(watch: Watch, files: Iterable[WatchedFile]) -> Watch:
    """These are done with: taken, refused or passed over, as long as they stay as they are."""
    done = {file.path: file for file in files}
    return replace(
        watch,
        known={**watch.known, **done},
        waiting={path: one for path, one in watch.waiting.items() if path not in done},
        early=watch.early - done.keys(),
    )


def untried(watch: Watch) -> frozenset[str]:
    """The early files that nobody could read so far because their turn has not come."""
    waiting = {path: watch.waiting[path] for path in watch.early if path in watch.waiting}
    return frozenset(path for path, one in waiting.items() if not one.stored and not one.tries)


def read_whole(path: str, size: int) -> bytes:
    """The file's bytes. Raises UserError ``image_unreadable`` where it is somebody's, or being written."""
    name = shown(Path(path).name)
    try:
        with Path(path).open("rb") as stream:
            before = os.fstat(stream.fileno())
            data = stream.read()
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise UserError("image_unreadable", name=name, reason=error.strerror or str(error)) from error
    # A folder's listing may be late with the time, so that of the open file is compared.
    if {before.st_size, after.st_size, len(data)} != {size} or before.st_mtime_ns != after.st_mtime_ns:
        raise UserError("image_unreadable", name=name, reason="正在写入")
    return data


_NUMBER = re.compile(r"\d+")
# The same names are asked about second after second.
_name_key = lru_cache(MOST_FILES)(natural_key)


@lru_cache(MOST_FILES)
def _without_numbers(path: str) -> str:
    return _NUMBER.sub("0", path)


def _collect(folder: str, depth: int, found: dict[str, Stamp]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST and not is_dropped_folder(entry.name):
                    # Gone meanwhile, or not for us: the rest is looked at all the same.
                    with suppress(OSError):
                        _collect(entry.path, depth + 1, found)
            elif entry.name.lower().endswith(PAGE_SUFFIXES) and not is_dropping(entry.name):
                with suppress(OSError):
                    if entry.is_file():
                        info = entry.stat()
                        found[entry.path] = Stamp(info.st_size, info.st_mtime_ns)
            if len(found) > MOST_FILES:
                return


def _seen(before: Waiting | None, stamp: Stamp, now: float) -> Waiting:
    if before is None:
        return Waiting(stamp, now, now)
    if before.stamp == stamp:
        return before
    return Waiting(stamp, before.first_seen, now)


def _with(watch: Watch, path: str, one: Waiting) -> Watch:
    return replace(watch, waiting={**watch.waiting, path: one})


def _is_ready(path: str, one: Waiting, now: float) -> bool:
    enough = SETTLED_SLOWLY_S if path.lower().endswith(GROWING_SUFFIXES) else SETTLED_S
    return not one.stored and now - one.same_since >= enough and now >= one.next_try
