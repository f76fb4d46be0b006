"""Pages that arrive one after the other, from a scanner, a watched folder or the clipboard, to the locked place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certclerk.capture.matching import others_named
from certclerk.collection import Change, Collection
from certclerk.core.flow import Aim, holder, places
from certclerk.core.notice import Notice
from certclerk.core.placing import REPLACED
from certclerk.core.progress import Gap
from certclerk.core.records import Page, Teacher
from certclerk.core.wording import named
from certclerk.jobs.take_pages import StoredPage, settle

NO_AIM = "到来时没有选定位置"


@dataclass(frozen=True, slots=True)
class Landed:
    """A page that has arrived: at a teacher's gap, or in the tray (``gap`` None). ``replaced`` is in the trash now;
    it lies before the page with the id ``before``, if it was inserted there.
    """

    page_id: int
    source: str
    teacher_id: int | None = None
    gap: Gap | None = None
    replaced: Page | None = None
    before: int | None = None


def capture(
    collection: Collection,
    pages: Sequence[StoredPage],
    teacher_id: int | None,
    aim: Aim | None,
    text_pages: int,
    *,
    doubt: str = "",
    also: Callable[[Change], None] = lambda _change: None,
) -> tuple[Landed, ...]:
    """Puts pages of one arrival in place, in one change: the first where ``aim`` says, the others into what is
    missing next at the same teacher. What is over goes to the tray, and all of it where there is no aim, its
    teacher is gone, its slot of one page was filled meanwhile, or there is a ``doubt`` about whose it is.

    ``also`` is done in the same change. See :func:`certclerk.core.flow.places` for ``text_pages``.
    """
    teacher = None if teacher_id is None else collection.teacher(teacher_id)
    if aim is not None and (teacher is None or holder(teacher, aim.gap) is None):
        aim = None
    label = f"收到 {len(pages)} 页"
    gaps: tuple[Gap, ...] = ()
    over = NO_AIM if aim is None else f"一次来了{len(pages)}页，多出的一页"
    if teacher is not None and aim is not None and not doubt:
        gaps = _gaps(teacher, collection.notice, aim, len(pages), text_pages)
        if gaps:
            label = f"放入 {_where(collection, teacher, gaps)}"
        else:
            over = f"到来时{_where(collection, teacher, (aim.gap,))}已有一页"
    landed: list[Landed] = []
    with collection.change(label) as change:
        for index, page in enumerate(pages):
            if teacher is not None and aim is not None and index < len(gaps):
                landed.append(_place(change, page, teacher, gaps[index], aim if index == 0 else None))
            else:
                landed.append(Landed(change.add_page(page.page, reason=doubt or over), page.page.source))
        also(change)
    settle(collection, pages)
    return tuple(landed)


def take_back(collection: Collection, landed: Landed) -> None:
    """The page goes to the trash; the one whose place it had taken comes back, if it still lies in the trash."""
    replaced = landed.replaced
    if replaced is not None and all(trashed.page.id != replaced.id for trashed in collection.trash()):
        replaced = None
    with collection.change(f"收回 {landed.source}") as change:
        change.trash_page(landed.page_id, "收回")
        if replaced is not None and replaced.certificate_id is not None and replaced.slot:
            change.place_page(replaced.id, replaced.certificate_id, replaced.slot, replaced.position)


def doubt_of(name: str, teachers: Sequence[Teacher], expected: Teacher, notice: Notice) -> str:
    """Why a file of this name may not belong to the teacher whose page is expected: it names somebody else."""
    others = others_named(name, teachers, expected, notice)
    return f"文件名里是{'、'.join(others)}，不是{named(expected.name)}" if others else ""


def _gaps(teacher: Teacher, notice: Notice, aim: Aim, count: int, text_pages: int) -> tuple[Gap, ...]:
    """Beside a page there is room for one; where that page has gone, the slot is like any other."""
    held, beside = holder(teacher, aim.gap), aim.beside
    if held is not None and any(page.id == beside for page in held.pages_in(aim.gap.slot)):
        return (aim.gap,)
    return places(teacher, notice, aim.gap, count, text_pages)


def _place(change: Change, page: StoredPage, teacher: Teacher, gap: Gap, aim: Aim | None) -> Landed:
    held = holder(teacher, gap)
    there = held.pages_in(gap.slot) if held else ()
    beside = aim.beside if aim else None
    position = next((index for index, other in enumerate(there) if other.id == beside), None)
    page_id = change.add_page(page.page)
    replaced = None
    if aim is not None and aim.replaces is not None and position is not None:
        replaced = there[position]
        change.trash_page(replaced.id, REPLACED)
    change.place_page(page_id, gap.certificate_id, gap.slot, position)
    before = aim.before if aim is not None and position is not None else None
    return Landed(page_id, page.page.source, teacher.id, gap, replaced, before)


def _where(collection: Collection, teacher: Teacher, gaps: Sequence[Gap]) -> str:
    labels = dict.fromkeys(collection.notice.slot(gap.slot).label for gap in gaps)
    return f"{named(teacher.name)} · {'、'.join(labels)}"
