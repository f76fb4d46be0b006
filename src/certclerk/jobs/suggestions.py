"""Whose a page in the tray may be, worked out from its file's name and from why it is there; and taking that up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from certclerk.capture.matching import Arrival, Placement, match
from certclerk.capture.reading import folded, name_key
from certclerk.collection import Collection
from certclerk.core.notice import Notice
from certclerk.core.progress import Gap, gaps
from certclerk.core.records import Certificate, Page, Teacher
from certclerk.core.scope import submitted_certificates
from certclerk.core.wording import named

# What a reason ends with where the folder around a file named somebody: the folder itself is not kept.
_HINT = "；可能是第{serial}号{name}"
_HINTED = re.compile(r"；可能是第(\d+)号(.*)$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``gap`` is where accepting puts the page, None where the teacher has no room for it; ``place`` says the same
    in words, ``why`` what speaks for it. ``certain``: the name tells the slot, too.
    """

    page_id: int
    teacher_id: int
    gap: Gap | None
    certain: bool
    place: str
    why: str


def hint(teacher: Teacher) -> str:
    """Appended to a reason, it is understood again by :func:`suggestions`."""
    return _HINT.format(serial=teacher.serial, name=teacher.name)


def without_hint(reason: str) -> str:
    return _HINTED.sub("", reason)


def suggestions(
    tray: Sequence[Page], teachers: Sequence[Teacher], notice: Notice
) -> Mapping[int, Suggestion]:
    """By page id, for those pages about which anything speaks for one teacher alone.

    Pages without a certain slot are offered the teacher's gaps one after the other, in the order of the tray.
    """
    if not tray:
        return {}
    by_id = {teacher.id: teacher for teacher in teachers}
    by_serial = {teacher.serial: teacher for teacher in teachers}
    placements = match(_arrivals(tray), teachers, notice)
    taken = {_gap(placement) for placement in placements if placement.certificate_id is not None}
    found: dict[int, Suggestion] = {}
    for page, placement in zip(tray, placements, strict=True):
        likely = by_id.get(placement.teacher_id or placement.suggested or 0)
        held = likely or _hinted(page.reason, by_serial)
        if held is None:
            continue
        certain = placement.certificate_id is not None
        gap = _gap(placement) if certain else _next_gap(page.source, held, notice, taken)
        why = "文件名写明" if certain else f"文件{'' if likely else '夹'}名里有“{held.name}”"
        if gap is not None:
            taken.add(gap)
        slot = f" · {notice.slot(gap.slot).label}" if gap else ""
        place = f"第{held.serial}号 {named(held.name)}{slot}"
        found[page.id] = Suggestion(page.id, held.id, gap, certain, place, why)
    return found


def accept(collection: Collection, accepted: Iterable[Suggestion]) -> int:
    """Puts pages where they were suggested, in one change; those without a gap stay. Returns how many went."""
    going = [one for one in accepted if one.gap is not None]
    if going:
        label = f"移动到 {going[0].place}" if len(going) == 1 else f"采用建议，归位 {len(going)} 页"
        with collection.change(label) as change:
            for one in going:
                if one.gap is not None:
                    change.place_page(one.page_id, one.gap.certificate_id, one.gap.slot)
    return len(going)


def _arrivals(tray: Sequence[Page]) -> list[Arrival]:
    """A file of several pages is one of several also where only some of them wait."""
    frames: dict[str, int] = {}
    for page in tray:
        frames[page.sha256] = max(frames.get(page.sha256, 1), page.frame + 1)
    return [Arrival(page.source, (), page.frame, frames[page.sha256]) for page in tray]


def _gap(placement: Placement) -> Gap:
    assert placement.certificate_id is not None
    return Gap(placement.certificate_id, placement.slot)


def _hinted(reason: str, by_serial: Mapping[int, Teacher]) -> Teacher | None:
    found = _HINTED.search(reason)
    teacher = by_serial.get(int(found[1])) if found else None
    return teacher if teacher and found and teacher.name == found[2] else None


def _next_gap(source: str, teacher: Teacher, notice: Notice, taken: set[Gap]) -> Gap | None:
    """The first gap of the kind and the slot that the name mentions; of a slot of many, its end."""
    words = folded(source)
    held = submitted_certificates(teacher, notice) or teacher.certificates
    of_kind = [one for one in held if _mentions_kind(words, one, notice)]
    slots = {
        slot.id
        for slot in notice.slots
        if any(name_key(word) in words for group in slot.words for word in group)
    }
    for certificate in of_kind if len(of_kind) == 1 else held:
        for gap in gaps(certificate, notice):
            if gap not in taken and (not slots or gap.slot in slots):
                return gap
        for slot in notice.slots:
            if slot.many and slot.id in slots:
                return Gap(certificate.id, slot.id)
    return None


def _mentions_kind(words: str, certificate: Certificate, notice: Notice) -> bool:
    kind = notice.kind(certificate.kind)
    return kind is not None and any(name_key(word) in words for word in (kind.name, *kind.synonyms))
