"""What a submission would be now against what it was: what differs, in the clerk's words; and what a 补报 holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from itertools import groupby

from certclerk.core.dates import chinese
from certclerk.core.fields import BY_ID, TEACHER
from certclerk.core.records import Filing
from certclerk.core.submission import LeftOut, Supplement, Withdrawn
from certclerk.core.submission_record import (
    Content,
    SubmissionRecord,
    SubmittedCertificate,
    SubmittedPage,
    SubmittedTeacher,
)
from certclerk.core.wording import named

EMPTY = "（空）"
NO_LONGER_LISTED = "已不在名册中"


class Kind(Enum):
    """What a difference is about."""

    NOTICE = auto()
    FILING = auto()
    ORDER = auto()
    ADDED = auto()
    GONE = auto()
    CHANGED = auto()
    UNKNOWN = auto()
    FORM = auto()


@dataclass(frozen=True, slots=True)
class Difference:
    """``teacher_id`` is that of now, of one who is gone that of then; None where it is nobody's."""

    kind: Kind
    what: str
    teacher_id: int | None = None
    name: str = ""

    def __str__(self) -> str:
        return self.what if self.teacher_id is None else f"{named(self.name)}：{self.what}"


Pair = tuple[SubmittedTeacher | None, SubmittedTeacher | None]


def differences(before: Content, now: Content, *, ordered: bool = True) -> tuple[Difference, ...]:
    """Everything that a bureau would see otherwise. ``ordered``: the order in the roster annex counts too."""
    pairs = tuple(paired(before, now))
    found = [*_of_the_whole(before, now)]
    if ordered:
        found += _of_order(pairs)
    return (*found, *_of_teachers(before, now, pairs))


def so_far(records: Sequence[SubmissionRecord]) -> Content | None:
    """What a full submission, the first, and its supplements have handed in together.

    None where the first is of an earlier version, which did not keep that.
    """
    total = records[0].content
    for record in records[1:]:
        if total is None or record.content is None or record.supplement is None:
            return None
        total = _with_supplement(total, record.content, record.supplement)
    return total


def _with_supplement(total: Content, fresh: Content, supplement: Supplement) -> Content:
    """Who takes whose place was decided when all were there; of ``fresh`` alone it cannot be told."""
    withdrawn = {each.teacher_id for each in supplement.withdrawn}
    left = {each.teacher_id: each for each in fresh.teachers}
    kept = []
    for each in total.teachers:
        if each.teacher_id not in withdrawn:
            key = supplement.moved.get(each.teacher_id, each.teacher_id)
            kept.append(left.pop(key) if key in left else replace(each, teacher_id=key))
    return replace(fresh, teachers=(*kept, *left.values()))


def supplement_since(before: Content, now: Content, of: int, number: int) -> Supplement:
    """Who is new or different ``now``, and who was handed in and is not to be any more."""
    pairs = tuple(paired(before, now))
    left_out = {left.teacher_id: left for left in now.left_out}
    found = _of_teachers(before, now, pairs)
    return Supplement(
        of,
        number,
        frozenset(
            each.teacher_id for each in found if each.teacher_id is not None and each.kind is not Kind.GONE
        ),
        tuple(
            Withdrawn(old.teacher_id, old.name, _why_gone(old, left_out.get(old.teacher_id)))
            for old, new in pairs
            if old is not None and new is None
        ),
        {
            old.teacher_id: new.teacher_id
            for old, new in pairs
            if old is not None and new is not None and old.teacher_id != new.teacher_id
        },
    )


def paired(before: Content, now: Content) -> Iterator[Pair]:
    """Each teacher of then with theirs of now, in the order of then; those who are new follow in theirs.

    An id is given anew when its teacher is removed, and a roster imported again has other ids: who has neither
    the name nor the ID number of then is somebody else, and the ID number finds a teacher under another id.
    """
    by_id = {teacher.teacher_id: teacher for teacher in now.teachers}
    numbers = Counter(_id_number(teacher, now.columns) for teacher in now.teachers)
    by_number = {_id_number(teacher, now.columns): teacher for teacher in now.teachers}
    taken: dict[int, SubmittedTeacher] = {}
    used: set[int] = set()
    for old in before.teachers:
        new, number = by_id.get(old.teacher_id), _id_number(old, before.columns)
        if new is not None and (new.name == old.name or (number and number == _id_number(new, now.columns))):
            taken[old.teacher_id] = new
            used.add(new.teacher_id)
    for old in before.teachers:
        number = _id_number(old, before.columns)
        if old.teacher_id not in taken and number and numbers[number] == 1:
            new = by_number[number]
            if new.teacher_id not in used:
                taken[old.teacher_id] = new
                used.add(new.teacher_id)
    yield from ((old, taken.get(old.teacher_id)) for old in before.teachers)
    yield from ((None, new) for new in now.teachers if new.teacher_id not in used)


def _id_number(teacher: SubmittedTeacher, columns: Sequence[str]) -> str:
    """Empty where the annex has no such column."""
    if "id_number" not in columns or not teacher.certificates:
        return ""
    return teacher.certificates[0].values[columns.index("id_number")]


def _of_the_whole(before: Content, now: Content) -> Iterator[Difference]:
    if before.notice != now.notice:
        yield Difference(Kind.NOTICE, "通知配置改了")
    for label, old, new in zip(
        ("报送单位", "经办人", "联系电话", "填报时间"), _head(before.filing), _head(now.filing), strict=True
    ):
        if old != new:
            yield Difference(Kind.FILING, _change(label, old, new))


def _head(filing: Filing) -> tuple[str, ...]:
    return filing.unit, filing.clerk, filing.phone, _day(filing.filled_on)


def _day(day: date | None) -> str:
    return chinese(day) if day else "生成当天"


def _of_order(pairs: Sequence[Pair]) -> Iterator[Difference]:
    """``pairs`` have the order of then: of now, the ids in them rise only where nobody moved."""
    there = [new for old, new in pairs if old is not None and new is not None]
    if there != sorted(there, key=lambda teacher: teacher.serial):
        yield Difference(Kind.ORDER, "名册次序改了，附件里的序号随之改变")


def _of_teachers(before: Content, now: Content, pairs: Iterable[Pair]) -> Iterator[Difference]:
    formerly = {left.teacher_id: left for left in before.left_out}
    at_present = {left.teacher_id: left for left in now.left_out}
    for old, new in pairs:
        if old is None and new is not None:
            yield Difference(Kind.ADDED, _added(formerly.get(new.teacher_id)), new.teacher_id, new.name)
        elif old is not None and new is None:
            yield Difference(Kind.GONE, _gone(old, at_present.get(old.teacher_id)), old.teacher_id, old.name)
        elif old is not None and new is not None and old != new:
            columns = before.columns, now.columns
            for what in dict.fromkeys(_of_certificates(old.certificates, new.certificates, columns)):
                yield Difference(Kind.CHANGED, what, new.teacher_id, new.name)


def _added(left: LeftOut | None) -> str:
    return f"原先{left.scope.label}{_because(left.reason)}，现在纳入" if left else "新增"


def _gone(old: SubmittedTeacher, left: LeftOut | None) -> str:
    if left is None or left.name != old.name:
        return NO_LONGER_LISTED
    return f"现在{left.scope.label}{_because(left.reason)}"


def _why_gone(old: SubmittedTeacher, left: LeftOut | None) -> str:
    """The same for a bureau, in as few words."""
    if left is None or left.name != old.name:
        return NO_LONGER_LISTED
    return left.reason or left.scope.label


def _because(reason: str) -> str:
    return f"（{reason}）" if reason else ""


def _of_certificates(
    before: Sequence[SubmittedCertificate],
    now: Sequence[SubmittedCertificate],
    columns: tuple[Sequence[str], Sequence[str]],
) -> Iterator[str]:
    several = max(len(before), len(now)) > 1
    for old, new in _paired_certificates(before, now):
        if old is None and new is not None:
            yield f"增加了{new.kind}证书"
        elif old is not None and new is None:
            yield f"少了{old.kind}证书"
        elif old is not None and new is not None:
            which = f"{old.kind}证书 " if several else ""
            then, values = (
                dict(zip(columns[0], old.values, strict=True)),
                dict(zip(columns[1], new.values, strict=True)),
            )
            for field in dict.fromkeys((*columns[0], *columns[1])):
                if then.get(field, "") != values.get(field, ""):
                    whose = "" if BY_ID[field].level == TEACHER else which
                    yield whose + _change(BY_ID[field].title, then.get(field, ""), values.get(field, ""))
            yield from (which + what for what in _of_pages(old.pages, new.pages))
    there = {certificate.id for certificate in now}
    kept = [certificate.id for certificate in before if certificate.id in there]
    if kept != [certificate.id for certificate in now if certificate.id in set(kept)]:
        yield "证书的次序改了"


def _paired_certificates(
    before: Sequence[SubmittedCertificate], now: Sequence[SubmittedCertificate]
) -> Iterator[tuple[SubmittedCertificate | None, SubmittedCertificate | None]]:
    """By id, else by kind: of a roster imported again the ids are others."""
    left = {certificate.id: certificate for certificate in now}
    found = {old.id: left.pop(old.id) for old in before if old.id in left}
    for old in before:
        if old.id not in found:
            like = next((new for new in left.values() if new.kind == old.kind), None)
            if like is not None:
                found[old.id] = left.pop(like.id)
    yield from ((old, found.get(old.id)) for old in before)
    yield from ((None, new) for new in left.values())


def _of_pages(before: Sequence[SubmittedPage], now: Sequence[SubmittedPage]) -> Iterator[str]:
    if before == now:
        return
    then, here = _by_slot(before), _by_slot(now)
    for slot in dict.fromkeys((*then, *here)):
        old, new = then.get(slot, []), here.get(slot, [])
        what = _of_slot(old, new)
        if what:
            yield f"{slot}{what}"


def _of_slot(old: Sequence[SubmittedPage], new: Sequence[SubmittedPage]) -> str:
    if old == new:
        return ""
    then, here = [(each.sha256, each.frame) for each in old], [(each.sha256, each.frame) for each in new]
    if then == here:
        return "的图像重新处理过（旋转、裁切或明暗）"
    gone, come = Counter(then) - Counter(here), Counter(here) - Counter(then)
    if not gone and not come:
        return "的次序改了"
    exchanged = min(gone.total(), come.total())
    words = (
        (exchanged, "换了"),
        (come.total() - exchanged, "增加了"),
        (gone.total() - exchanged, "去掉了"),
    )
    return "，".join(f"{verb}{count}页" for count, verb in words if count)


def _by_slot(pages: Iterable[SubmittedPage]) -> dict[str, list[SubmittedPage]]:
    return {slot: list(group) for slot, group in groupby(pages, key=lambda page: page.slot)}


def _change(label: str, old: str, new: str) -> str:
    return f"{label} {old or EMPTY} → {new or EMPTY}"
