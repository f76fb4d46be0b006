"""A watched folder: one poll lists it, reads what has arrived and stores its pages; who placed them says so.

A file is remembered in the change that places its pages, so that a crash in between leaves neither: the file is
then found again. What gives no page is remembered as soon as it is told. Everything here but :func:`place_early`
may run in a worker; the state goes in and comes out.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from certclerk.capture import watching
from certclerk.capture.files import shown
from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.watched import Stamp, WatchedFile, WatchedOutcome
from certclerk.imaging import LIMITS
from certclerk.jobs.passwords import NEEDED
from certclerk.jobs.take_pages import Incoming, Outcome, Refused, Stored, StoredPage, place, store_file

# What is kept from poll to poll.
Watch = watching.Watch
# What is wrong with a file that is still being written; anything else will not change by waiting.
UNFINISHED = frozenset({"image_empty", "image_unknown", "image_damaged", "image_unreadable"})
# A poll reads no longer (s), nor more files that somebody waits for, so that their pages are on the screen before
# the rest is read.
READING_S = 1.0
LIVE_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file whose pages are stored and are to be placed; ``name`` is its own, without folders."""

    file: WatchedFile
    name: str
    pages: tuple[StoredPage, ...]


@dataclass(frozen=True, slots=True)
class Poll:
    """``live`` files came while somebody waited for them; ``early`` ones lay there before.

    ``repeated``: names of files whose bytes were taken before. ``done``: files that gave no page, to be remembered.
    ``more``: others are ready, it is worth polling at once. ``listing_s``: what listing the folder took.
    """

    watch: Watch
    live: tuple[Arrived, ...] = ()
    early: tuple[Arrived, ...] = ()
    refused: tuple[Refused, ...] = ()
    repeated: tuple[str, ...] = ()
    done: tuple[WatchedFile, ...] = ()
    more: bool = False
    listing_s: float = 0.0


def resume(collection: Collection, folder: Path) -> Watch:
    """The folder as it lies there now, before anything in it is waited for.

    ``early`` are its files that were never taken, refused or passed over. Raises UserError as ``capture.watching.look``.
    """
    watch = Watch(folder, {file.path: file for file in collection.watched()})
    watch, _ = watching.settled(watch, watching.look(folder), 0.0)
    return replace(watch, waiting={}, early=frozenset(watch.waiting))


def pass_over(collection: Collection, watch: Watch) -> Watch:
    """The early files are left where they are, for good: 从现在开始."""
    files = watching.look(watch.folder)
    passed = [
        WatchedFile(path, files[path], "", WatchedOutcome.PASSED)
        for path in sorted(watch.early & files.keys())
    ]
    collection.remember_watched(passed)
    return watching.finished(watch, passed)


def poll(
    collection: Collection, watch: Watch, now: float, cancelled: Callable[[], bool] = lambda: False
) -> Poll:
    """One look at the folder; ``now`` in seconds of a steady clock.

    Raises UserError ``watch_folder_gone``, ``watch_folder_too_big`` and the faults of the collection's disk: then
    nothing has happened, and the next poll goes on from ``watch``.
    """
    started = time.perf_counter()
    files = watching.look(watch.folder)
    listing_s = time.perf_counter() - started
    watch, paths = watching.settled(watch, files, now)
    reading, left = _Reading(collection, watch, files, now), deque(paths)
    reading_until = time.perf_counter() + READING_S
    while left and not cancelled():
        reading.take(left.popleft())
        if len(reading.poll.live) >= LIVE_AT_ONCE or time.perf_counter() >= reading_until:
            break
    return replace(reading.poll, more=bool(left), listing_s=listing_s)


def place_early(collection: Collection, arrived: Sequence[Arrived]) -> Outcome:
    """Nobody waited for these: they go where their names say, else to the tray, in one change."""
    stored = Stored(tuple(page for one in arrived for page in one.pages), (), 0)
    files = [one.file for one in arrived]
    return place(collection, stored, also=lambda change: change.remember_watched(files))


def placed(watch: Watch, arrived: Sequence[Arrived]) -> Watch:
    """The watch once their pages lie in place and that is remembered."""
    return watching.finished(watch, [one.file for one in arrived])


def put_off(watch: Watch, arrived: Sequence[Arrived], now: float) -> Watch:
    """The watch when their pages could not be placed, as on a full disk: they are read again later."""
    for one in arrived:
        watch = watching.tried(watch, one.file.path, now)
    return watch


def early_to_come(watch: Watch) -> int:
    """How many early files nobody has looked into yet."""
    return len(watching.untried(watch))


class _Reading:
    """The files of one poll, one after the other; ``poll`` is what has come of them so far."""

    def __init__(self, collection: Collection, watch: Watch, files: dict[str, Stamp], now: float) -> None:
        self.poll = Poll(watch)
        self._collection = collection
        self._files = files
        self._now = now
        self._taken = {
            file.sha256: file.path for file in watch.known.values() if file.outcome is WatchedOutcome.TAKEN
        }
        self._passed = {
            file.stamp: file.path
            for file in watch.known.values()
            if not file.sha256 and file.path not in files
        }

    def take(self, path: str) -> None:
        stamp, name = self._files[path], shown(Path(path).name)
        if stamp in self._passed:
            # Passed over unread, and renamed since: there is nothing but size and time to know it by.
            self._finish(WatchedFile(path, stamp, "", WatchedOutcome.PASSED))
            return
        digest = ""
        try:
            if stamp.size > LIMITS.max_bytes:
                raise UserError("image_too_big", name=name, most=LIMITS.max_bytes // 10**6)
            data = watching.read_whole(path, stamp.size)
            digest = hashlib.sha256(data).hexdigest()
            if self._is_known(path, digest):
                self._pass_known(WatchedFile(path, stamp, digest, WatchedOutcome.TAKEN), name)
                return
            pages = tuple(store_file(self._collection, Incoming(name, data), self._parts(path)))
        except UserError as error:
            self._fail(WatchedFile(path, stamp, digest, WatchedOutcome.REFUSED), error)
            return
        arrived = Arrived(WatchedFile(path, stamp, digest, WatchedOutcome.TAKEN), name, pages)
        self._taken[digest] = path
        poll = replace(self.poll, watch=watching.stored(self.poll.watch, path))
        if path in poll.watch.early:
            self.poll = replace(poll, early=(*poll.early, arrived))
        else:
            self.poll = replace(poll, live=(*poll.live, arrived))

    def _is_known(self, path: str, digest: str) -> bool:
        known = self.poll.watch.known.get(path)
        same = known is not None and known.sha256 == digest and known.outcome is WatchedOutcome.TAKEN
        return same or digest in self._taken or self._collection.holds_page(digest)

    def _pass_known(self, file: WatchedFile, name: str) -> None:
        """Touched or renamed, it is the same file; a copy is told."""
        origin = self._taken.get(file.sha256)
        if origin is None or (origin != file.path and origin in self._files):
            self.poll = replace(self.poll, repeated=(*self.poll.repeated, name))
        self._finish(file)

    def _fail(self, file: WatchedFile, error: UserError) -> None:
        """Some think better of it: a file that is being written is tried again until it has stopped changing."""
        if error.code.startswith("collection_"):
            raise error
        watch = self.poll.watch
        if error.code in UNFINISHED and not watching.is_hopeless(watch, file.path, self._now):
            self.poll = replace(self.poll, watch=watching.tried(watch, file.path, self._now))
            return
        is_locked = error.code == NEEDED
        if is_locked:
            # Nobody is asked here: the clerk is at something else, and the other files do not wait.
            error = UserError("watch_encrypted", name=shown(Path(file.path).name))
        refused = Refused(Path(file.path), str(error), is_locked)
        self.poll = replace(self.poll, refused=(*self.poll.refused, refused))
        self._finish(file)

    def _finish(self, file: WatchedFile) -> None:
        poll = self.poll
        self.poll = replace(poll, watch=watching.finished(poll.watch, [file]), done=(*poll.done, file))

    def _parts(self, path: str) -> tuple[str, ...]:
        folder = self.poll.watch.folder
        inner = Path(path).relative_to(folder).parent.parts
        return tuple(shown(part) for part in (folder.name, *inner))
