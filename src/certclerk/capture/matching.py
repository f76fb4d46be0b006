"""Which teacher, certificate and slot a page from a file belongs to, by names alone.

What is not certain goes to the tray with a reason, never to a guess.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from certclerk.capture.reading import Reader, Reading, name_key
from certclerk.capture.running import slots_of_numbers
from certclerk.core.names import natural_key
from certclerk.core.notice import Notice
from certclerk.core.page_forms import PAGE_SUFFIXES
from certclerk.core.records import Certificate, Teacher

# Windows hides endings, so clerks add them again: 封面.jpg.jpg.
_ENDING = re.compile(rf"({'|'.join(map(re.escape, PAGE_SUFFIXES))})+$|\.[a-z][a-z0-9]{{0,4}}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One picture of a file. ``frame`` counts from 0 among the file's ``frames`` pictures."""

    name: str
    parts: tuple[str, ...] = ()
    frame: int = 0
    frames: int = 1


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a page goes. Without ``certificate_id`` it is for the tray, with the reason; ``suggested``
    is the teacher it may belong to. ``order`` counts the pages put into one slot, from 0.
    """

    teacher_id: int | None = None
    certificate_id: int | None = None
    slot: str = ""
    order: int = 0
    reason: str = ""
    suggested: int | None = None


@dataclass(frozen=True, slots=True)
class _Aim:
    """A page whose certificate is certain; ``slot`` is empty while only a number is known."""

    teacher: Teacher
    certificate: Certificate
    slot: str
    rank: int
    number: int | None

    def placed(self, order: int) -> Placement:
        return Placement(self.teacher.id, self.certificate.id, self.slot, order)

    def refused(self, reason: str) -> Placement:
        return _tray(reason, self.teacher)


def match(arrivals: Sequence[Arrival], teachers: Sequence[Teacher], notice: Notice) -> tuple[Placement, ...]:
    """A placement for each arrival, in their order; ``teachers`` with the pages they already have."""
    reader = Reader((teacher.name for teacher in teachers), notice)
    by_name: dict[str, list[Teacher]] = defaultdict(list)
    for teacher in teachers:
        by_name[name_key(teacher.name)].append(teacher)
    aims: dict[int, _Aim] = {}
    placements: dict[int, Placement] = {}
    for index, arrival in enumerate(arrivals):
        aim = _aim(arrival, reader, by_name, notice)
        if isinstance(aim, _Aim):
            aims[index] = aim
        else:
            placements[index] = aim
    for indexes in _grouped(aims, lambda aim: aim.certificate.id):
        own = {index: aims[index] for index in indexes}
        numbered, refused = _numbers_to_slots(own, arrivals, notice)
        numbered, crowded = _one_each(numbered, notice)
        placements |= refused | crowded | _in_order(numbered, arrivals)
    return tuple(placements[index] for index in range(len(arrivals)))


def others_named(
    name: str, teachers: Sequence[Teacher], expected: Teacher, notice: Notice
) -> tuple[str, ...]:
    """Whom of ``teachers`` a file's name names, where ``expected`` is not among them; empty where it names nobody."""
    keys = _named(_ENDING.sub("", name), Reader((teacher.name for teacher in teachers), notice))
    if name_key(expected.name) in keys:
        return ()
    return tuple(dict.fromkeys(teacher.name for teacher in teachers if name_key(teacher.name) in keys))


def telling(
    arrivals: Sequence[Arrival], teachers: Sequence[Teacher], expected: Teacher, notice: Notice
) -> tuple[bool, ...]:
    """Of each arrival whether its names tell a slot, or somebody who is not ``expected``."""
    reader = Reader((teacher.name for teacher in teachers), notice)

    def tells(arrival: Arrival) -> bool:
        words = (_ENDING.sub("", arrival.name), *arrival.parts)
        slotted = any(read.slots for read in map(reader.read, words) if read)
        return slotted or bool(
            set().union(*(_named(one, reader) for one in words)) - {name_key(expected.name)}
        )

    return tuple(map(tells, arrivals))


def _named(word: str, reader: Reader) -> frozenset[str]:
    """The keys of the names in a file's or folder's name."""
    read = reader.read(word)
    return frozenset({read.name} if read and read.name else reader.mentioned(word))


def _grouped(aims: dict[int, _Aim], key: Callable[[_Aim], Hashable]) -> Iterator[list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, aim in aims.items():
        groups[key(aim)].append(index)
    yield from groups.values()


def _tray(reason: str, teacher: Teacher | None = None) -> Placement:
    return Placement(reason=reason, suggested=teacher.id if teacher else None)


def _aim(
    arrival: Arrival, reader: Reader, by_name: dict[str, list[Teacher]], notice: Notice
) -> _Aim | Placement:
    stem = _ENDING.sub("", arrival.name)
    own = reader.read(stem)
    folders = [reading for reading in map(reader.read, arrival.parts) if reading]
    if own is None:
        return _tray(*_not_understood(stem, folders, reader, by_name))
    readings = [own, *folders]
    names = {reading.name for reading in readings if reading.name}
    if len(names) != 1:
        return _tray("文件名与文件夹名写的不是同一位教师" if names else "文件名和文件夹名中没有名册上的姓名")
    teacher = _teacher(by_name[names.pop()], readings)
    if isinstance(teacher, str):
        return _tray(teacher)
    certificate = _certificate(teacher, readings)
    if isinstance(certificate, str):
        return _tray(certificate, teacher)
    slots = frozenset[str]().union(*(reading.slots for reading in readings))
    if len(slots) > 1:
        return _tray("文件名和文件夹名中有不止一个页面名称", teacher)
    for slot in slots:
        return _with_word(_Aim(teacher, certificate, slot, _rank(readings), None), arrival, notice)
    return _with_number(_Aim(teacher, certificate, "", 0, None), arrival, own, notice)


def _not_understood(
    stem: str, folders: Iterable[Reading], reader: Reader, by_name: dict[str, list[Teacher]]
) -> tuple[str, Teacher | None]:
    hinted = reader.mentioned(stem) | {reading.name for reading in folders if reading.name}
    if not hinted:
        return "名册中没有文件名里的姓名", None
    teachers = [teacher for name in hinted for teacher in by_name[name]]
    return "文件名中有不能识别的文字", teachers[0] if len(teachers) == 1 else None


def _teacher(namesakes: Sequence[Teacher], readings: Iterable[Reading]) -> Teacher | str:
    if len(namesakes) == 1:
        return namesakes[0]
    numbers = {number for reading in readings if reading.name for number in reading.leading}
    if not numbers:
        return f"同名教师有{len(namesakes)}位，姓名前没有序号"
    # Where the sheet's own 序号 and the collection's differ, the clerk may have meant either.
    meant = [teacher for teacher in namesakes if numbers & {teacher.serial, teacher.sheet_serial}]
    numbered = any(teacher.sheet_serial is not None for teacher in namesakes)
    chosen = [
        teacher
        for teacher in meant
        if {teacher.serial} == numbers and (not numbered or teacher.sheet_serial == teacher.serial)
    ]
    if len(chosen) != 1 or len(meant) != 1:
        return f"同名教师有{len(namesakes)}位，姓名前的序号与名册不符"
    return chosen[0]


def _certificate(teacher: Teacher, readings: Iterable[Reading]) -> Certificate | str:
    kinds = frozenset[str]().union(*(reading.kinds for reading in readings))
    certificates = teacher.certificates
    if len(kinds) > 1:
        return "文件名和文件夹名中有不止一个资格种类"
    if not certificates:
        return "名册中这位教师没有证书"
    if len(certificates) == 1:
        (only,) = certificates
        if kinds and only.kind and only.kind not in kinds:
            return f"写明的种类是{''.join(kinds)}，名册中是{only.kind}"
        return only
    if not kinds:
        return f"有{len(certificates)}本证书，文件名没有写明种类"
    chosen = [certificate for certificate in certificates if certificate.kind in kinds]
    if len(chosen) != 1:
        return f"有{len(certificates)}本证书，其中{''.join(kinds)}有{len(chosen)}本"
    return chosen[0]


def _rank(readings: Iterable[Reading]) -> int:
    """The nearest word's group: the file's own before its folders'."""
    return next(reading.rank for reading in readings if reading.slots)


def _with_word(aim: _Aim, arrival: Arrival, notice: Notice) -> _Aim | Placement:
    slot = notice.slot(aim.slot)
    if arrival.frames > 1 and not slot.many:
        return aim.refused(f"文件有{arrival.frames}页，而{slot.label}只有一页")
    return aim


def _with_number(aim: _Aim, arrival: Arrival, own: Reading, notice: Notice) -> _Aim | Placement:
    if len(own.numbers) > 1:
        return aim.refused("姓名后有不止一个序号，没有页面名称")
    if arrival.frames > 1:
        if own.numbers:
            return aim.refused(f"文件有{arrival.frames}页，文件名却只有一个序号")
        if arrival.frames < len(notice.slots):
            return aim.refused(f"文件只有{arrival.frames}页，不能确定各是哪一页")
        return replace(aim, number=arrival.frame + 1)
    if not own.numbers:
        return aim.refused("文件名中没有页面名称或序号")
    return replace(aim, number=own.numbers[0])


def _numbers_to_slots(
    aims: dict[int, _Aim], arrivals: Sequence[Arrival], notice: Notice
) -> tuple[dict[int, _Aim], dict[int, Placement]]:
    """Running numbers become slots, which takes all of a certificate's numbers at once."""
    settled = {index: aim for index, aim in aims.items() if aim.slot}
    numbered = {index: aim for index, aim in aims.items() if not aim.slot}
    refused: dict[int, Placement] = {}
    whole_files = {index for index in numbered if arrivals[index].frames > 1}
    sources = {(arrivals[index].parts, arrivals[index].name) for index in numbered}
    if whole_files and len(sources) > 1:
        refused |= {
            index: aims[index].refused("这本证书另有编号的页，不能确定各是哪一页") for index in whole_files
        }
    counted = Counter(aim.number for index, aim in numbered.items() if index not in refused)
    slots = slots_of_numbers([number for number in counted if number is not None], notice.slots)
    for index, aim in numbered.items():
        if index in refused:
            continue
        assert aim.number is not None
        if aim.number not in slots:
            refused[index] = aim.refused(f"单凭序号{aim.number}不能确定是哪一页")
        elif counted[aim.number] > 1:
            refused[index] = aim.refused(f"序号{aim.number}出现了{counted[aim.number]}次")
        else:
            settled[index] = replace(aim, slot=slots[aim.number])
    return settled, refused


def _one_each(aims: dict[int, _Aim], notice: Notice) -> tuple[dict[int, _Aim], dict[int, Placement]]:
    """Refuses all pages that compete for a slot of one page, be it with one that is there already."""
    refused: dict[int, Placement] = {}
    for indexes in _grouped(aims, lambda aim: aim.slot):
        aim = aims[indexes[0]]
        slot = notice.slot(aim.slot)
        present = len(aim.certificate.pages_in(slot.id))
        if slot.many or len(indexes) + present == 1:
            continue
        reason = f"{slot.label}已经有了" if present else f"有{len(indexes)}页都是{slot.label}"
        refused |= {index: aims[index].refused(reason) for index in indexes}
    return {index: aim for index, aim in aims.items() if index not in refused}, refused


def _in_order(aims: dict[int, _Aim], arrivals: Sequence[Arrival]) -> dict[int, Placement]:
    def key(index: int) -> tuple[int, list[object], int]:
        arrival = arrivals[index]
        names = [*arrival.parts, _ENDING.sub("", arrival.name)]
        return aims[index].rank, [natural_key(name) for name in names], arrival.frame

    placements: dict[int, Placement] = {}
    for indexes in _grouped(aims, lambda aim: aim.slot):
        for order, index in enumerate(sorted(indexes, key=key)):
            placements[index] = aims[index].placed(order)
    return placements
