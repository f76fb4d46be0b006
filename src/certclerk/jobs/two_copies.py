"""Another copy of the open collection: what differs, and single teachers with their pages taken over from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from certclerk.collection import Claim, Collection, Reader, Snapshot, open_collection
from certclerk.core.errors import UserError
from certclerk.core.lineage import Kinship, kinship
from certclerk.core.records import Page, Teacher
from certclerk.core.two_copies import Comparison, Pair, Side, compare, nowhere, who_is_who
from certclerk.core.wording import named
from certclerk.imaging import THUMBNAIL_PX
from certclerk.jobs.taking_over import Taking

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A teacher of the other copy to take. ``as_own``: of a doubtful pair, as a person of their own."""

    pair: Pair
    as_own: bool = False

    @property
    def here(self) -> Teacher | None:
        """Who is to become like the other's."""
        return None if self.as_own else self.pair.here

    @property
    def there(self) -> Teacher:
        assert self.pair.there is not None
        return self.pair.there


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who is not taken, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be taken, its bytes stored here already; ``claims`` keep them until it is. ``changed``: who was not as
    in the comparison any more, in either copy.
    """

    choices: tuple[Choice, ...]
    tray: tuple[Page, ...]
    here: Side
    there: Side
    refused: tuple[Refusal, ...]
    claims: tuple[Claim, ...]
    changed: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """How many; ``pages`` lie in slots and in the tray now that were not here before."""

    teachers: int
    pages: int
    refused: tuple[Refusal, ...]


def open_other(collection: Collection, path: Path, password: str = "") -> Collection:
    """Another copy, to be read. Raises UserError ``two_copies_same_file``, ``two_copies_not_a_copy`` and what
    :func:`open_collection` raises.
    """
    if path.exists() and path.samefile(collection.path):
        raise UserError("two_copies_same_file", file=path.name)
    other = open_collection(path, read_only=True, password=password)
    with ExitStack() as failing:
        failing.callback(other.close)
        if not collection.identity() or other.identity() != collection.identity():
            raise UserError("two_copies_not_a_copy", file=path.name)
        failing.pop_all()
    return other


def compare_copies(collection: Collection, other: Collection) -> Comparison:
    """Call it in a worker."""
    with collection.snapshot() as here, other.snapshot() as there:
        return compare(_side(here), _side(there), kinship_of(here, there), collection.notice)


def kinship_of(here: Reader, there: Reader) -> Kinship:
    """What the one is to the other."""
    return kinship(
        here.lineage(),
        there.lineage(),
        this_lacks=not here.holds(there.newest_change()),
        that_lacks=not there.holds(here.newest_change()),
    )


def prepare(
    collection: Collection,
    other: Collection,
    choices: Sequence[Choice],
    tray: Sequence[Page],
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Prepared:
    """Stores the bytes of all pages; call it in a worker. What is damaged in both copies keeps its teacher from being
    taken. Raises UserError ``two_copies_cancelled``, and the faults of both disks; nothing is left here then.
    """
    with ExitStack() as failing, collection.snapshot() as here, other.snapshot() as there:
        held, offered = _side(here), _side(there)
        compared = set(compare(held, offered, kinship_of(here, there), collection.notice).pairs)
        bring = _Bringing(collection, here, there)
        failing.callback(bring.give_up)
        groups = [(named(each.there.name), tuple(each.there.pages())) for each in choices]
        groups += [(page.source, (page,)) for page in tray]
        total = sum(len(pages) for _, pages in groups)
        done, refused, going = 0, [], []
        for number, (name, pages) in enumerate(groups):
            try:
                for page in pages:
                    if cancelled():
                        raise UserError("two_copies_cancelled")
                    progress(done, total, name)
                    bring(page)
                    done += 1
            except UserError as error:
                if error.code != "blob_damaged":
                    raise
                refused.append(Refusal(name, f"另一份里“{page.source}”的图像数据已损坏"))
            else:
                going.append(number)
        failing.pop_all()
        return Prepared(
            tuple(choices[number] for number in going if number < len(choices)),
            tuple(tray[number - len(choices)] for number in going if number >= len(choices)),
            held,
            offered,
            tuple(refused),
            tuple(bring.claims),
            tuple(choice for choice in choices if choice.pair not in compared),
        )


def let_go(collection: Collection, prepared: Prepared) -> None:
    """It is not to be taken after all."""
    collection.drop(*prepared.claims)


def take_over(collection: Collection, prepared: Prepared) -> Taken:
    """In one change. Raises UserError ``two_copies_changed`` where somebody chosen is not as in the comparison any
    more, and what a change raises; nothing is changed then. Pages of the tray that came here meanwhile stay out.
    """
    try:
        now = _side(collection)
        _check_as_compared(prepared, now)
        label = (
            f"从另一份取得 {len(prepared.choices)} 位教师" if prepared.choices else "从另一份取得待归位的页"
        )
        pages = 0
        tray = nowhere(now, prepared.tray)
        if prepared.choices or tray:
            with collection.change(label) as change:
                taking = Taking(change, prepared.there, collection.tray())
                for choice in prepared.choices:
                    taking.teacher(choice.here, choice.there)
                for page in tray:
                    taking.loose_page(page)
                pages = taking.added
        return Taken(len(prepared.choices), pages, prepared.refused)
    finally:
        collection.drop(*prepared.claims)


class _Bringing:
    """Stores pages of the other copy, each file once."""

    def __init__(self, collection: Collection, here: Snapshot, there: Snapshot) -> None:
        self._collection, self._here, self._there = collection, here, there
        self._drawn = there.rendition_sizes().keys() - here.rendition_sizes().keys()
        self._stored: set[str] = set()
        self.claims: list[Claim] = []

    def __call__(self, page: Page) -> None:
        """Raises UserError ``blob_damaged`` where neither copy has its bytes."""
        if page.sha256 not in self._stored:
            try:
                data = self._there.blob(page.sha256)
            except UserError as error:
                if error.code != "blob_damaged":
                    raise
                data = self._here.blob(page.sha256)
            self.claims.append(self._collection.claim(data))
            self._collection.add_blob(data, page.media_type)
            self._stored.add(page.sha256)
        if page.original in self._drawn:
            picture = self._there.picture(page)
            self._collection.add_rendition(page.sha256, page.frame, picture.data, picture.media_type)
            self._drawn.discard(page.original)
        which = page.sha256, page.frame, THUMBNAIL_PX
        small = self._there.thumbnail(*which)
        if small is not None and self._here.thumbnail(*which) is None:
            self._collection.store_thumbnail(*which, small)

    def give_up(self) -> None:
        self._collection.drop(*self.claims)


def _side(state: Reader) -> Side:
    discarded = frozenset(trashed.page.original for trashed in state.trash())
    return Side(state.roster(), state.custody(), state.keyings(), discarded)


def _check_as_compared(prepared: Prepared, now: Side) -> None:
    """The other copy is read once, in :func:`prepare`; only this one can have changed since."""
    for choice in prepared.changed:
        raise _changed(choice)
    certain, doubtful = who_is_who(now.roster.teachers, prepared.there.roster.teachers)
    here = {theirs: mine for mine, theirs in (certain | doubtful).items()}
    held = {teacher.id: teacher for teacher in now.roster.teachers}
    for choice in prepared.choices:
        mine = held.get(here.get(choice.there.id, 0))
        same = mine == choice.pair.here
        for certificate in mine.certificates if mine else ():
            key = certificate.id
            same &= now.custody.get(key) == prepared.here.custody.get(key)
            same &= now.keyings.get(key) == prepared.here.keyings.get(key)
        if not same:
            raise _changed(choice)


def _changed(choice: Choice) -> UserError:
    return UserError("two_copies_changed", name=named(choice.there.name))
