"""A damaged collection: opened for reading, or written anew with all that can be read and a list of what cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from certclerk.collection import (
    Collection,
    Loss,
    holds_rows,
    lock_path,
    notice_of,
    open_collection,
    open_damaged,
    salvage,
    unused_pictures,
    write_rescued,
)
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedPage
from certclerk.imaging import Frame, examine
from certclerk.jobs.collections import default_notice, new_collection
from certclerk.system.lock import acquire

Progress = Callable[[int, int, str], None]

FOUND_REASON = "抢救找回的页：没有记录说明它属于谁"
FOUND_LABEL = "抢救找回的页"
# What opening says of files that may still be read.
_DAMAGED = frozenset(
    {"collection_damaged", "collection_not_one", "collection_password_wrong", "collection_unfinished"}
)


@dataclass(frozen=True, slots=True)
class Rescue:
    """``pages`` lie in slots and in the tray; ``found`` of them had no record and lie in the tray now."""

    path: Path
    teachers: int
    pages: int
    found: int
    losses: tuple[Loss, ...]


def open_what_is_left(path: Path, password: str = "") -> Collection:
    """The collection for writing or, where it is damaged, for reading only, with its ``losses``.

    Raises what :func:`certclerk.collection.open_collection` raises, also where nothing of it can be read.
    """
    try:
        return open_collection(path, password=password)
    except UserError as error:
        if not may_be_read(path, password, error):
            raise
        return read_what_is_left(path, password, error)


def may_be_read(path: Path, password: str, error: UserError) -> bool:
    """Whether something is left of what opening refused with ``error``. Told at once."""
    return error.code in _DAMAGED and holds_rows(path, password)


def read_what_is_left(
    path: Path,
    password: str,
    error: UserError,
    progress: Progress = lambda _done, _total, _what: None,
    check: Callable[[], None] = lambda: None,
) -> Collection:
    """What can be read, however long that takes, also in a worker. ``check`` may raise to stop. Raises ``error`` where
    there is nothing after all.
    """

    def told(done: int, total: int) -> None:
        check()
        progress(done, total, path.name)

    try:
        return open_damaged(path, default_notice(), password, told)
    except UserError as nothing:
        if nothing.code != "collection_not_one":
            raise
        raise error from nothing


def rescue(
    path: Path,
    target: Path,
    progress: Progress = lambda _done, _total, _what: None,
    check: Callable[[], None] = lambda: None,
    fallback: Notice | None = None,
    *,
    password: str = "",
    is_held: bool = False,
) -> Rescue:
    """Writes ``target`` anew from what is left of ``path``, which is not touched, under the same ``password``.

    ``target`` appears whole or not at all; ``check`` may raise to stop; ``is_held``: the caller has it open and holds
    a snapshot of it, so that nobody changes what is read. Raises UserError ``collection_missing``,
    ``collection_locked``, ``collection_not_one``, ``collection_password_wrong``, ``collection_exists`` and the faults of
    the disks.
    """
    if not path.is_file():
        raise UserError("collection_missing", file=str(path))
    if not is_held:
        _check_nobody_writes(path)
    notice = fallback or default_notice()

    def told(what: str) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            check()
            progress(done, total, what)

        return tell

    with salvage(path, told("读取记录"), password=password) as found:
        own = notice_of(found.connection) or notice
        with new_collection(target, own, Filing(""), password=password) as made:
            losses = write_rescued(found, made.path, notice, told("抢救页的图像"))
            pages, unread = _give_back(made, told("辨认没有记录的图像"))
            roster = made.roster()
            held = sum(len(list(teacher.pages())) for teacher in roster.teachers) + len(roster.tray)
    return Rescue(target, len(roster.teachers), held, pages, (*losses, *unread))


def lines(rescued: Rescue) -> Iterator[str]:
    """What became of it, for reading."""
    yield headline(rescued)
    yield from (loss.message for loss in rescued.losses)


def headline(rescued: Rescue) -> str:
    kept = f"已抢救到“{rescued.path.name}”：{rescued.teachers} 名教师、{rescued.pages} 页，原文件没有改动。"
    if rescued.found:
        kept += f"其中 {rescued.found} 页没有记录，在待归位里。"
    return kept + (f"有 {len(rescued.losses)} 处要看：" if rescued.losses else "没有丢失任何内容。")


def _check_nobody_writes(path: Path) -> None:
    """What another program writes meanwhile would be read half. Where no lock can be had, nobody writes either."""
    try:
        lock = acquire(lock_path(path))
    except OSError:
        return
    if lock is None:
        raise UserError("collection_locked", file=path.name)
    lock.release()


def _give_back(made: Collection, progress: Callable[[int, int], None]) -> tuple[int, list[Loss]]:
    """Stored files that no page has go to the tray; their number, and those that show no picture."""
    frames: list[tuple[str, Frame]] = []
    losses: list[Loss] = []
    unused = unused_pictures(made.path, made.password)
    for done, sha256 in enumerate(unused):
        progress(done, len(unused))
        try:
            read = examine(made.blob(sha256), FOUND_LABEL)
        except UserError as error:
            losses.append(Loss("page", f"没有记录的图像：{error}"))
            continue
        frames += [(sha256, frame) for frame in read]
    if frames:
        with made.change(f"{FOUND_LABEL} {len(frames)} 页") as change:
            for sha256, frame in frames:
                change.add_page(_proposed(sha256, frame), reason=FOUND_REASON)
    return len(frames), losses


def _proposed(sha256: str, frame: Frame) -> ProposedPage:
    return ProposedPage(
        sha256,
        frame.frame,
        frame.media_type,
        *frame.seen_size,
        frame.dpi,
        FOUND_LABEL,
        frame.contrast,
        frame.sharpness,
        frame.lightest,
        frame.darkest,
        frame.cut,
        frame.likeness,
    )
