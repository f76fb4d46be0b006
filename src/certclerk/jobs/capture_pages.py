"""Pages that arrive one after the other, from a scanner, a watched folder or the clipboard, to the locked place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certclerk.capture.matching import others_named
from certclerk.collection import Change, Collection
from certclerk.core.flow import Aim, holder, is_taken, places
from certclerk.core.notice import Notice
from certclerk.core.progress import Gap
from certclerk.core.records import Page, Teacher
from certclerk.core.wording import named
from certclerk.jobs.take_pages import StoredPage

NO_AIM = "到来时没有选定位置"


@dataclass(frozen=True, slots=True)
class Landed:
    """A page that has arrived: at a teacher's gap, or in the tray (``gap`` None). ``replaced`` is in the trash now."""

    page_id: int
    source: str
    teacher_id: int | None = None
    gap: Gap | None = None
    replaced: Page | None = None


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
    teacher or certificate is gone, its slot has got the one page it takes, or there is a ``doubt`` about whose it is.

    ``also`` is done in the same change. See :func:`certclerk.core.flow.places` for ``text_pages``.
    """
    teacher = None if teacher_id is None else collection.teacher(teacher_id)
    if aim is not None and (teacher is None or holder(teacher, aim.gap) is None):
        aim = None
    if teacher is not None and aim is not None and not doubt and is_taken(teacher, collection.notice, aim):
        doubt = f"到来时{named(teacher.name)}已有{collection.notice.slot(aim.gap.slot).label}"
    label = f"收到 {len(pages)} 页"
    gaps: tuple[Gap, ...] = ()
    if teacher is not None and aim is not None and not doubt:
        gaps = (aim.gap,) if aim.replaces or aim.before else ()
        gaps = gaps or places(teacher, collection.notice, aim.gap, len(pages), text_pages)
        label = f"放入 {_where(collection, teacher, gaps)}"
    landed: list[Landed] = []
    with collection.change(label) as change:
        for index, page in enumerate(pages):
            if teacher is not None and aim is not None and index < len(gaps):
                landed.append(_place(change, page, teacher, gaps[index], aim if index == 0 else None))
            else:
                reason = doubt or (f"一次来了{len(pages)}页，多出的一页" if aim else NO_AIM)
                landed.append(Landed(change.add_page(page.page, reason=reason), page.page.source))
        also(change)
    return tuple(landed)


def take_back(collection: Collection, landed: Landed) -> None:
    """The page goes to the trash; the one whose place it had taken comes back."""
    with collection.change(f"收回 {landed.source}") as change:
        change.trash_page(landed.page_id, "收回")
        replaced = landed.replaced
        if replaced is not None and replaced.certificate_id is not None and replaced.slot:
            change.place_page(replaced.id, replaced.certificate_id, replaced.slot, replaced.position)


def doubt_of(name: str, teachers: Sequence[Teacher], expected: Teacher, notice: Notice) -> str:
    """Why a file of this name may not belong to the teacher whose page is expected: it names somebody else."""
    others = others_named(name, teachers, expected, notice)
    return f"文件名里是{'、'.join(others)}，不是{named(expected.name)}" if others else ""


def _place(change: Change, page: StoredPage, teacher: Teacher, gap: Gap, aim: Aim | None) -> Landed:
    held = holder(teacher, gap)
    there = held.pages_in(gap.slot) if held else ()
    beside = (aim.replaces or aim.before) if aim else None
    position = next((index for index, other in enumerate(there) if other.id == beside), None)
    page_id = change.add_page(page.page)
    replaced = None
    if aim is not None and aim.replaces is not None and position is not None:
        replaced = there[position]
        change.trash_page(replaced.id, "重扫替换")
    change.place_page(page_id, gap.certificate_id, gap.slot, position)
    return Landed(page_id, page.page.source, teacher.id, gap, replaced)


def _where(collection: Collection, teacher: Teacher, gaps: Sequence[Gap]) -> str:
    labels = dict.fromkeys(collection.notice.slot(gap.slot).label for gap in gaps)
    return f"{named(teacher.name)} · {'、'.join(labels)}"
