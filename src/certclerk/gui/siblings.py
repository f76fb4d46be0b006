"""Which copy of each collection was used last on this computer, and what the clerk is told on opening an older one.

Kept as a small JSON file in the user's folder: by the collection's identity, the generations of its newest copy and
where that lies; no names or numbers of people.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.collection import Collection
from certclerk.core.lineage import NO_CHANGE, Generation, Kinship, NewestChange, kinship
from certclerk.gui.memory_file import keep
from certclerk.jobs.two_copies import kinship_of

if TYPE_CHECKING:
    from certclerk.gui.choice_dialog import ChoiceDialog
    from certclerk.gui.main_window import MainWindow

FILE = "siblings.json"
MOST = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A forked copy, as it was at its ``moment`` in its last ``generation``: what teachers and pages it had were all
    in another copy since that one's moment ``by``.
    """

    generation: str
    moment: int
    by: int


@dataclass(frozen=True, slots=True)
class Seen:
    """``moment`` and ``newest``: a copy made in the midst of an opening has the same generations, but not all of the last
    one.
    """

    path: str
    at: str
    moment: int
    generations: tuple[str, ...]
    held: tuple[Held, ...] = ()
    newest: NewestChange = NO_CHANGE


def seen(folder: Path) -> dict[str, Seen]:
    """By identity, the newest last; empty where nothing is remembered or it cannot be read."""
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {
            identity: Seen(
                **{
                    **values,
                    "generations": tuple(values["generations"]),
                    "held": tuple(Held(**each) for each in values.get("held", ())),
                    "newest": NewestChange(**values.get("newest", {})),
                }
            )
            for identity, values in kept.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def remember(folder: Path, collection: Collection) -> None:
    """This copy is the one that others are measured by from now on."""
    _remember(folder, collection)


def hold(folder: Path, collection: Collection, other: Collection) -> None:
    """The same, and what teachers and pages the ``other`` copy has, this one has too.

    Nothing is remembered of copies that have not forked: of them one is newer, whatever else it is in.
    """
    if not collection.is_damaged and kinship_of(collection, other) is Kinship.FORKED:
        there = Held(_last_generation(other), other.moment(), collection.moment())
        _remember(folder, collection, (there,))


def _remember(folder: Path, collection: Collection, held: tuple[Held, ...] = ()) -> None:
    identity = collection.identity()
    others = seen(folder)
    before = others.pop(identity, None)
    if before is not None and _goes_on(collection, before):
        held += tuple(each for each in before.held if each not in held and collection.stands(each.by))
    others[identity] = Seen(
        str(collection.path.absolute()),
        datetime.now().isoformat(timespec="minutes"),
        collection.moment(),
        tuple(each.id for each in collection.lineage()),
        held,
        collection.newest_change(),
    )
    _keep(folder, others)


def forget(folder: Path, path: Path) -> None:
    """The copy that lay there is gone for good."""
    _keep(folder, {key: value for key, value in seen(folder).items() if value.path != str(path)})


def _keep(folder: Path, copies: dict[str, Seen]) -> None:
    newest = list(copies.items())[-MOST:]
    keep(folder / FILE, {key: asdict(value) for key, value in newest})


def trouble(collection: Collection, last: Seen | None) -> str:
    """What is to be said of this copy beside the one used last; empty where it holds all of that."""
    if last is None:
        return ""
    kin = _kinship(collection, last)
    if kin is Kinship.FORKED:
        here = (_last_generation(collection), collection.moment())
        if here in {(each.generation, each.moment) for each in last.held}:
            return "这一份里的教师和扫描页，上次在这台电脑上用的那一份都已经有了。"
        return "这一份和上次在这台电脑上用的那一份各有对方没有的改动。"
    if kin is Kinship.OLDER or (kin is Kinship.SAME and collection.moment() != last.moment):
        return "这一份比上次在这台电脑上用的那一份旧，缺少后来的改动。"
    return ""


def _goes_on(collection: Collection, last: Seen) -> bool:
    """Whether this copy has the history of the one used last."""
    return _kinship(collection, last) in (Kinship.SAME, Kinship.NEWER)


def _kinship(collection: Collection, last: Seen) -> Kinship:
    generations = tuple(Generation(identity, "") for identity in last.generations)
    return kinship(collection.lineage(), generations, this_lacks=not collection.holds(last.newest))


def _last_generation(collection: Collection) -> str:
    lineage = collection.lineage()
    return lineage[-1].id if lineage else ""


def look(window: MainWindow) -> None:
    """Once a collection is open: tells of an older or forked copy, or remembers this one.

    What a damaged one can still say of its generations is nothing to go by.
    """
    collection = window.opened.collection
    if collection.is_damaged:
        return
    last = seen(window.folder).get(collection.identity())
    said = trouble(collection, last)
    if not said or last is None:
        remember(window.folder, collection)
        return
    from certclerk.gui.choice_dialog import ChoiceDialog, Way
    from certclerk.gui.showing import show

    path = Path(last.path)
    ways = [Way("keepThisCopy", "继续使用这一份")]
    if path.is_file() and path != collection.path.absolute():
        ways[:0] = [Way("openThatCopy", "打开那一份", "primary"), Way("compareThatCopy", "查看差异…")]
    when = datetime.fromisoformat(last.at)
    dialog = ChoiceDialog(
        window,
        "olderCopyDialog",
        "采集有另一份",
        said,
        f"上次用的是 {path}（{when:%Y-%m-%d %H:%M}）。在两份上都改，以后要一位一位取回。",
        ways,
    )
    dialog.accepted.connect(partial(_settle, window, collection, path, dialog))
    show(dialog)


def leave(window: MainWindow) -> None:
    """Before a collection closes: what was done in it, unless the clerk has not said that it is the one to go on with."""
    collection = window.opened.collection
    if not collection.is_damaged and not trouble(collection, seen(window.folder).get(collection.identity())):
        remember(window.folder, collection)


def _settle(window: MainWindow, collection: Collection, path: Path, dialog: ChoiceDialog) -> None:
    if dialog.chosen == "openThatCopy":
        window.open_path(path)
    elif dialog.chosen == "compareThatCopy":
        from certclerk.gui.copies.start import compare

        compare(window, path, then=partial(look, window))
    else:
        remember(window.folder, collection)
