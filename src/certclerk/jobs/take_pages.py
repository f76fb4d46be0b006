"""Taking pages in from files: decoded and stored first (in a worker), then placed in one change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from certclerk.capture.files import ScanFile, gather
from certclerk.capture.matching import Arrival, Placement, match, telling
from certclerk.collection import Change, Claim, Collection
from certclerk.core.errors import UserError
from certclerk.core.flow import pages_at
from certclerk.core.placing import REPLACED
from certclerk.core.progress import Gap
from certclerk.core.records import ProposedPage, Roster, Teacher
from certclerk.imaging import LIMITS, THUMBNAIL_PX, Rendition, examine, media_type_of
from certclerk.jobs.passwords import Ask, Passwords, ask_nobody
from certclerk.jobs.suggestions import hint

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class SlotTarget:
    """The clerk said which slot."""

    certificate_id: int
    slot: str


@dataclass(frozen=True, slots=True)
class TeacherTarget:
    """The clerk said whose; which slot, the file's name must tell."""

    teacher_id: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file of pages that came as bytes, from a scanner or the clipboard; ``name`` is what it is called here."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A trusted frame whose bytes are in the collection, not yet placed.

    ``claim`` keeps the bytes of its file there until its pages are placed or let go, which they are together.
    """

    arrival: Arrival
    page: ProposedPage
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """``path`` as the clerk named it, ``reason`` a whole sentence. ``is_locked``: with its password it can be taken."""

    path: Path
    reason: str
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    pages: tuple[StoredPage, ...]
    refused: tuple[Refused, ...]
    droppings: int


@dataclass(frozen=True, slots=True)
class Tray:
    """A page that went to the tray, and why; ``source`` is the file below the folder that was named."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """``page_ids`` are those of the new pages, in the order in which they were put in place. ``known`` pages were there
    already, byte for byte, and not taken again.
    """

    placed: int
    tray: tuple[Tray, ...]
    refused: tuple[Refused, ...]
    droppings: int
    known: int
    page_ids: tuple[int, ...] = ()


def store(
    collection: Collection,
    paths: Iterable[Path],
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
    ask: Ask = ask_nobody,
) -> Stored:
    """Every picture of the files and folders decoded in full and its file kept byte for byte.

    ``ask`` is asked for the passwords of encrypted files, on this thread. What cannot be taken is listed, the rest
    goes on. Raises UserError ``intake_cancelled``, and the faults of the collection's disk.
    """
    gathered = gather(paths)
    passwords = Passwords(ask)
    pages: list[StoredPage] = []
    refused = [
        Refused(found.path, f"“{found.name}”没有收入：{found.reason}。") for found in gathered.unreadable
    ]
    try:
        for done, file in enumerate(gathered.files):
            if cancelled():
                raise UserError("intake_cancelled")
            progress(done, len(gathered.files), file.name)
            try:
                pages += store_file(collection, _read(file), file.parts, passwords, cancelled)
            except UserError as error:
                if error.code.startswith("collection_") or error.code == "intake_cancelled":
                    raise
                refused.append(Refused(file.path, str(error)))
    except UserError:
        forget(collection, pages)
        raise
    progress(len(gathered.files), len(gathered.files), "")
    return Stored(tuple(pages), tuple(refused), len(gathered.droppings))


def forget(collection: Collection, pages: Iterable[StoredPage]) -> None:
    """Takes back what was stored for pages that are not placed after all; call it in a worker."""
    collection.drop(*_claims(pages))


def settle(collection: Collection, pages: Iterable[StoredPage]) -> None:
    """Their place is in the collection, or they lay there before: call it after the change that says so."""
    for claim in _claims(pages):
        collection.release(claim)


def _claims(pages: Iterable[StoredPage]) -> Iterable[Claim]:
    return dict.fromkeys(page.claim for page in pages if page.claim is not None)


def store_incoming(collection: Collection, incoming: Iterable[Incoming]) -> Stored:
    """The same for what came as bytes. Raises the faults of the collection's disk."""
    pages: list[StoredPage] = []
    refused: list[Refused] = []
    for one in incoming:
        try:
            pages += store_file(collection, one)
        except UserError as error:
            if error.code.startswith("collection_"):
                raise
            refused.append(Refused(Path(one.name), str(error)))
    return Stored(tuple(pages), tuple(refused), 0)


def place(
    collection: Collection,
    stored: Stored,
    target: SlotTarget | TeacherTarget | None = None,
    also: Callable[[Change], None] | None = None,
) -> Outcome:
    """Puts stored pages where they belong, in one change: where the target says, else by their names.

    A page dropped on a slot of one page takes the place of the one there, which goes to the trash. Of several files
    for one slot, those whose names tell otherwise go by them. ``also`` is done in the same change, and where no
    page is new.
    """
    roster = collection.roster()
    if isinstance(target, SlotTarget):
        wanted = _to_slot(stored.pages, target, roster, collection)
        fresh = list(stored.pages)
    else:
        aimed = next((held for held in roster.teachers if target and held.id == target.teacher_id), None)
        wanted = _by_name(stored.pages, aimed, roster, collection)
        fresh, wanted = _unknown(stored.pages, wanted, roster)
    tray = [
        Tray("/".join((*page.arrival.parts[1:], page.arrival.name)), placement.reason)
        for page, placement in zip(fresh, wanted, strict=True)
        if placement.certificate_id is None
    ]
    page_ids: tuple[int, ...] = ()
    if fresh or also:
        with collection.change(f"放入 {len(fresh)} 页") as change:
            page_ids = _put(change, fresh, wanted, target, roster)
            if also:
                also(change)
    settle(collection, stored.pages)
    return Outcome(
        placed=len(fresh) - len(tray),
        tray=tuple(tray),
        refused=stored.refused,
        droppings=stored.droppings,
        known=len(stored.pages) - len(fresh),
        page_ids=page_ids,
    )


def summary(outcome: Outcome) -> str:
    """What happened, in one line."""
    parts = []
    for count, words in (
        (outcome.placed, "放入 {} 页"),
        (len(outcome.tray), "{} 页不能确定，在待归位"),
        (outcome.known, "{} 页已经收过"),
        (len(outcome.refused), "{} 个文件没有收入"),
        (outcome.droppings, "略过 {} 个无关文件"),
    ):
        if count:
            parts.append(words.format(count))
    return "，".join(parts or ["没有可以放入的页"]) + "。"


def _read(file: ScanFile) -> Incoming:
    try:
        if file.path.stat().st_size > LIMITS.max_bytes:
            raise UserError("image_too_big", name=file.name, most=LIMITS.max_bytes // 10**6)
        return Incoming(file.name, file.path.read_bytes())
    except OSError as error:
        raise UserError("image_unreadable", name=file.name, reason=error.strerror or str(error)) from error


def store_file(
    collection: Collection,
    incoming: Incoming,
    parts: tuple[str, ...] = (),
    passwords: Passwords | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[StoredPage]:
    """All pages of one file, or none of it; ``parts`` as in :class:`certclerk.capture.files.ScanFile`.

    Without ``passwords`` nobody is asked for one. Raises UserError: what :func:`certclerk.imaging.examine` raises,
    ``intake_cancelled``, and the faults of the collection's disk.
    """
    claim = collection.claim(incoming.data)
    is_kept = False

    def keep(rendition: Rendition) -> None:
        nonlocal is_kept
        if cancelled():
            raise UserError("intake_cancelled")
        if not is_kept:
            collection.add_blob(incoming.data, media_type_of(incoming.data))
            is_kept = True
        collection.add_rendition(claim.sha256, rendition.frame, rendition.data, rendition.media_type)

    try:
        frames = (passwords or Passwords()).opening(
            incoming.name,
            lambda password: examine(incoming.data, incoming.name, password=password, rendered=keep),
        )
        small = [(frame.frame, THUMBNAIL_PX, frame.small) for frame in frames if frame.small is not None]
        collection.add_blob(incoming.data, frames[0].media_type, small)
    except UserError:
        if is_kept:
            collection.drop(claim)
        else:
            collection.release(claim)
        raise
    return [
        StoredPage(
            Arrival(incoming.name, parts, index, len(frames)),
            ProposedPage(
                claim.sha256,
                frame.frame,
                frame.media_type,
                *frame.seen_size,
                frame.dpi,
                incoming.name,
                frame.contrast,
                frame.sharpness,
                frame.lightest,
                frame.darkest,
                frame.cut,
                frame.likeness,
            ),
            claim,
        )
        for index, frame in enumerate(frames)
    ]


def _to_slot(
    pages: Sequence[StoredPage], target: SlotTarget, roster: Roster, collection: Collection
) -> list[Placement]:
    slot = collection.notice.slot(target.slot)
    if not slot.many and len(pages) != 1:
        return [Placement(reason=f"{slot.label}只有一页，一次放来了{len(pages)}页")] * len(pages)
    aimed = [
        Placement(certificate_id=target.certificate_id, slot=slot.id, order=order)
        for order in range(len(pages))
    ]
    owner = next((held for held in roster.teachers if _holds(held, target.certificate_id)), None)
    if owner is None or len({(page.arrival.parts, page.arrival.name) for page in pages}) < 2:
        return aimed
    told = telling([page.arrival for page in pages], roster.teachers, owner, collection.notice)
    by_name = _by_name(pages, owner, roster, collection)
    return [named if tells else here for here, named, tells in zip(aimed, by_name, told, strict=True)]


def _holds(teacher: Teacher, certificate_id: int) -> bool:
    return any(held.id == certificate_id for held in teacher.certificates)


def _by_name(
    pages: Sequence[StoredPage], aimed: Teacher | None, roster: Roster, collection: Collection
) -> list[Placement]:
    """``aimed`` counts as a folder of that teacher around the files, with the 序号 for namesakes."""
    arrivals = [
        replace(page.arrival, parts=(f"{aimed.serial} {aimed.name}", *page.arrival.parts))
        if aimed
        else page.arrival
        for page in pages
    ]
    # Dropped on a teacher, the number before the name is ours and tells namesakes apart.
    known = [replace(teacher, sheet_serial=None) for teacher in roster.teachers] if aimed else roster.teachers
    hints = {teacher.id: hint(teacher) for teacher in roster.teachers}
    return [
        placement
        if placement.suggested is None
        else Placement(reason=placement.reason + hints[placement.suggested])
        for placement in match(arrivals, known, collection.notice)
    ]


def _unknown(
    pages: Sequence[StoredPage], placements: Sequence[Placement], roster: Roster
) -> tuple[list[StoredPage], list[Placement]]:
    """Without the pages that lie in the tray, or at that teacher, already."""
    in_tray = {page.original for page in roster.tray}
    held = {(teacher.id, page.original) for teacher in roster.teachers for page in teacher.pages()}
    anywhere = {original for _, original in held}
    fresh = []
    for page, placement in zip(pages, placements, strict=True):
        original = page.page.original
        if placement.teacher_id is None:
            known = original in in_tray or original in anywhere
        else:
            known = (placement.teacher_id, original) in held
        if not known:
            fresh.append((page, placement))
    return [page for page, _ in fresh], [placement for _, placement in fresh]


def _put(
    change: Change,
    pages: Sequence[StoredPage],
    placements: Sequence[Placement],
    target: SlotTarget | TeacherTarget | None,
    roster: Roster,
) -> tuple[int, ...]:
    """The pages' ids."""
    if isinstance(target, SlotTarget) and placements and placements[0].certificate_id is not None:
        gap = Gap(target.certificate_id, target.slot)
        for replaced in () if change.notice.slot(gap.slot).many else pages_at(roster.teachers, gap):
            change.trash_page(replaced.id, REPLACED)
    in_order = sorted(range(len(pages)), key=lambda index: placements[index].order)
    return tuple(
        change.add_page(
            pages[index].page,
            certificate_id=placements[index].certificate_id,
            slot=placements[index].slot or None,
            reason=placements[index].reason,
        )
        for index in in_order
    )
