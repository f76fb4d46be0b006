"""Two copies of one collection held against each other, teacher by teacher: who is who, and what differs.

Rows of both came from one file, so their ids are evidence; but an id is given again once the last row was deleted, so
it is never enough alone. What would take one person for another is a doubt, which the clerk decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from certclerk.core.certificate_pairs import paired
from certclerk.core.custody import NEVER, Custody
from certclerk.core.differences import EMPTY
from certclerk.core.fields import CERTIFICATE_FIELDS, PERSON_FIELDS, title
from certclerk.core.keying import Keying
from certclerk.core.lineage import Kinship
from certclerk.core.notice import Notice
from certclerk.core.recognition import SHORTEST_ID
from certclerk.core.records import Absence, Certificate, Confirmation, Original, Page, Roster, Teacher


class Standing(Enum):
    """What a teacher of one copy is in the other."""

    SAME = auto()
    DIFFERENT = auto()
    ONLY_HERE = auto()
    ONLY_THERE = auto()
    DOUBTFUL = auto()


@dataclass(frozen=True, slots=True)
class Side:
    """One copy at one moment: ``custody`` and ``keyings`` by certificate id, ``discarded`` what lies in its trash."""

    roster: Roster
    custody: Mapping[int, Custody] = field(default_factory=dict)
    keyings: Mapping[int, Keying] = field(default_factory=dict)
    discarded: frozenset[Original] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """``what`` it is about, and what the copies have there in words; empty where that is nothing."""

    what: str
    here: str
    there: str

    def __str__(self) -> str:
        return f"{self.what}：这一份“{self.here or EMPTY}”，另一份“{self.there or EMPTY}”"


@dataclass(frozen=True, slots=True)
class Pair:
    """DOUBTFUL: perhaps two people."""

    here: Teacher | None
    there: Teacher | None
    standing: Standing
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``pairs`` in the roster order of here, then who is only there in that order. ``tray``: pages in the other's tray
    whose picture is nowhere here.
    """

    kinship: Kinship
    pairs: tuple[Pair, ...]
    tray: tuple[Page, ...]


def compare(here: Side, there: Side, kinship: Kinship, notice: Notice) -> Comparison:
    """``kinship`` is what this copy is to the other."""
    certain, doubtful = who_is_who(here.roster.teachers, there.roster.teachers)
    by_id = {teacher.id: teacher for teacher in there.roster.teachers}
    pairs = []
    for mine in here.roster.teachers:
        theirs = by_id.pop(certain.get(mine.id, doubtful.get(mine.id, -1)), None)
        if theirs is None:
            pairs.append(Pair(mine, None, Standing.ONLY_HERE))
            continue
        found = tuple(_differences(here, mine, there, theirs, notice))
        standing = Standing.DOUBTFUL if mine.id in doubtful else Standing.DIFFERENT
        pairs.append(Pair(mine, theirs, standing if found else Standing.SAME, found))
    pairs += (Pair(None, theirs, Standing.ONLY_THERE) for theirs in by_id.values())
    return Comparison(kinship, tuple(pairs), nowhere(here, there.roster.tray))


def nowhere(here: Side, pages: Iterable[Page]) -> tuple[Page, ...]:
    """Those whose picture lies in no slot, in the tray or in the trash of that side."""
    known = here.discarded.union(
        (page.original for page in here.roster.tray),
        (page.original for teacher in here.roster.teachers for page in teacher.pages()),
    )
    return tuple(page for page in pages if page.original not in known)


def who_is_who(here: Sequence[Teacher], there: Sequence[Teacher]) -> tuple[dict[int, int], dict[int, int]]:
    """Ids of here to ids of there: those that are certain, and those that may be two people."""
    free = {teacher.id: teacher for teacher in here}
    left = {teacher.id: teacher for teacher in there}
    certain: dict[int, int] = {}

    def take(pairs: Iterable[tuple[Teacher, Teacher]]) -> None:
        for mine, theirs in tuple(pairs):
            if mine.id in free and theirs.id in left:
                certain[mine.id] = theirs.id
                del free[mine.id], left[theirs.id]

    take(_alike(free.values(), left.values(), lambda teacher: _whole(teacher.id_number)))
    same_row = [(mine, left[mine.id]) for mine in free.values() if mine.id in left]
    take(
        (mine, theirs)
        for mine, theirs in same_row
        if not _contradict(mine, theirs) and (mine.name == theirs.name or _share(mine, theirs))
    )
    take(_namesakes_that_share(free.values(), left.values()))
    doubtful = {
        mine.id: theirs.id
        for mine, theirs in same_row
        if mine.id in free and theirs.id in left and (mine.name == theirs.name or _share(mine, theirs))
    }
    doubted = set(doubtful.values())
    for key in (_said, lambda teacher: teacher.name):
        for mine, theirs in tuple(_alike(free.values(), left.values(), key)):
            if mine.id not in doubtful and theirs.id not in doubted and not _contradict(mine, theirs):
                doubtful[mine.id] = theirs.id
                doubted.add(theirs.id)
    return certain, doubtful


def pair_certificates(
    here: Sequence[Certificate], there: Sequence[Certificate]
) -> tuple[tuple[Certificate | None, Certificate], ...]:
    """Each of ``there`` with the one of ``here`` that it is, None where it is a further one."""
    return paired(here, there, CERTIFICATE_FIELDS)


def _confirmed_at(teacher: Teacher, confirmation: Confirmation) -> Certificate | None:
    """The certificate that was confirmed; None for what is of the teacher."""
    return next((one for one in teacher.certificates if one.id == confirmation.certificate_id), None)


def _alike(
    here: Iterable[Teacher], there: Iterable[Teacher], key: Callable[[Teacher], Hashable]
) -> Iterator[tuple[Teacher, Teacher]]:
    """Those whose key nobody else on either side has."""
    mine, theirs = _once(here, key), _once(there, key)
    yield from ((teacher, theirs[value]) for value, teacher in mine.items() if value in theirs)


def _namesakes_that_share(
    here: Iterable[Teacher], there: Iterable[Teacher]
) -> Iterator[tuple[Teacher, Teacher]]:
    """Those of one name who share a certificate's number or a page with each other, and with no other of that name."""
    named: dict[str, list[Teacher]] = defaultdict(list)
    for theirs in there:
        named[theirs.name].append(theirs)
    sharing = [
        (mine, theirs)
        for mine in here
        if mine.name
        for theirs in named.get(mine.name, ())
        if not _contradict(mine, theirs) and _share(mine, theirs)
    ]
    mines, others = Counter(mine.id for mine, _ in sharing), Counter(theirs.id for _, theirs in sharing)
    yield from ((mine, theirs) for mine, theirs in sharing if mines[mine.id] == others[theirs.id] == 1)


def _said(teacher: Teacher) -> Hashable:
    """All that the roster says of somebody with a name; equal, it is one person or nobody could tell."""
    if not teacher.name:
        return None
    own = tuple(getattr(teacher, name) for name in PERSON_FIELDS)
    held = tuple(tuple(getattr(one, name) for name in CERTIFICATE_FIELDS) for one in teacher.certificates)
    return own, held


def _once(teachers: Iterable[Teacher], key: Callable[[Teacher], Hashable]) -> dict[Hashable, Teacher]:
    listed = tuple(teachers)
    counts = Counter(map(key, listed))
    return {value: one for one in listed if (value := key(one)) and counts[value] == 1}


def _whole(id_number: str) -> str:
    return id_number if len(id_number) >= SHORTEST_ID else ""


def _contradict(mine: Teacher, theirs: Teacher) -> bool:
    """Both have numbers, of themselves or of their certificates, and not one of them is the same."""
    if _whole(mine.id_number) and _whole(theirs.id_number):
        return mine.id_number != theirs.id_number
    return bool(_numbers(mine) and _numbers(theirs)) and not _share(mine, theirs)


def _share(mine: Teacher, theirs: Teacher) -> bool:
    """A certificate's number, or a page."""
    return bool(_numbers(mine) & _numbers(theirs) or _originals(mine) & _originals(theirs))


def _numbers(teacher: Teacher) -> set[str]:
    return {certificate.number for certificate in teacher.certificates if certificate.number}


def _originals(teacher: Teacher) -> set[Original]:
    return {page.original for page in teacher.pages()}


def _differences(
    here: Side, mine: Teacher, there: Side, theirs: Teacher, notice: Notice
) -> Iterator[Difference]:
    for name in PERSON_FIELDS:
        yield from _told(title(name), getattr(mine, name), getattr(theirs, name))
    yield from _told("不纳入、暂缓", _choice(mine), _choice(theirs))
    signed = _if(mine.signed_row != theirs.signed_row, "签名时的内容不同")
    yield from _told("本人签名", mine.signed_on, theirs.signed_on, signed)
    yield from _told("没有采用的内容", _refused(mine), _refused(theirs))
    several = max(len(mine.certificates), len(theirs.certificates)) > 1
    pairs = pair_certificates(mine.certificates, theirs.certificates)
    held = [certificate.id for certificate, _ in pairs if certificate]
    in_order = held == [certificate.id for certificate in mine.certificates if certificate.id in held]
    if not in_order:
        yield from _told("证书的先后", _kinds(mine), _kinds(theirs), "先后不同")
    for certificate, other in pairs:
        if certificate is None:
            yield Difference(_named(other), "没有这一本", other.number or "有这一本")
        else:
            which = f"{_named(other)} " if several else ""
            for told in _of_certificate(here, certificate, there, other, notice):
                yield replace(told, what=which + told.what)
    for certificate in mine.certificates:
        if certificate.id not in held:
            yield Difference(_named(certificate), certificate.number or "有这一本", "没有这一本")
    confirmed, others = _confirmed(mine, theirs)
    yield from _told("确认无误", confirmed, others, _if(bool(confirmed), "确认的问题不同"))


def _of_certificate(
    here: Side, mine: Certificate, there: Side, theirs: Certificate, notice: Notice
) -> Iterator[Difference]:
    for name in CERTIFICATE_FIELDS:
        yield from _told(title(name), getattr(mine, name), getattr(theirs, name))
    yield from _told("是否纳入", _choice(mine), _choice(theirs))
    yield from _told("没有采用的内容", _refused(mine), _refused(theirs))
    for slot in notice.slots:
        yield from _of_slot(slot.label, mine, theirs, slot.id)
    booklet, other_booklet = here.custody.get(mine.id, NEVER), there.custody.get(theirs.id, NEVER)
    yield from _told("原件", str(booklet), str(other_booklet), _if(booklet != other_booklet, "日期不同"))
    keyed, other = here.keyings.get(mine.id), there.keyings.get(theirs.id)
    yield from _told("录入", _keyed(keyed), _keyed(other), _if(keyed != other, "录入的内容不同"))


def _of_slot(label: str, mine: Certificate, theirs: Certificate, slot: str) -> Iterator[Difference]:
    pages, others = mine.pages_in(slot), theirs.pages_in(slot)
    absent, other = mine.absence(slot), theirs.absence(slot)
    if absent != other:
        yield from _told(f"{label}“无此页”", _reason(absent), _reason(other), "标记不同")
    counts = f"{len(pages)} 页", f"{len(others)} 页"
    if [page.original for page in pages] != [page.original for page in others]:
        yield from _told(label, *counts, "图像不同")
    elif [_looks(page) for page in pages] != [_looks(page) for page in others]:
        yield from _told(label, *counts, "转动或裁切不同")


def _if(differs: bool, otherwise: str) -> str:
    return otherwise if differs else ""


def _reason(absence: Absence | None) -> str:
    return absence.reason if absence else ""


def _looks(page: Page) -> tuple[int, str]:
    return page.rotation, page.recipe.as_text()


def _told(label: str, mine: str, theirs: str, otherwise: str = "") -> Iterator[Difference]:
    """``otherwise`` says what differs where it reads the same; empty where nothing does."""
    if mine != theirs:
        yield Difference(label, mine, theirs)
    elif otherwise:
        yield Difference(label, mine, f"{theirs or EMPTY}，{otherwise}")


def _named(certificate: Certificate) -> str:
    return f"{certificate.kind or '种类不明的'}证书"


def _kinds(teacher: Teacher) -> str:
    return "、".join(map(_named, teacher.certificates))


def _choice(holder: Teacher | Certificate) -> str:
    words = {"in": "纳入", "out": "不纳入", "hold": "暂缓", "": ""}[holder.choice]
    return f"{words}（{holder.choice_reason}）" if holder.choice_reason else words


def _refused(holder: Teacher | Certificate) -> str:
    return "，".join(sorted(f"{title(each.field)} {each.original}" for each in holder.refusals))


def _keyed(keying: Keying | None) -> str:
    return {"done": "已录入", "problem": f"有问题 {keying.reason}"}[keying.state] if keying else ""


def _confirmed(mine: Teacher, theirs: Teacher) -> tuple[str, str]:
    """What only the one or the other has, in the clerk's reasons."""
    here, there = ({_confirmation(side, each) for each in side.confirmations} for side in (mine, theirs))
    return "，".join(sorted(key[0] for key in here - there)), "，".join(
        sorted(key[0] for key in there - here)
    )


def _confirmation(teacher: Teacher, confirmed: Confirmation) -> tuple[str, ...]:
    at = _confirmed_at(teacher, confirmed)
    place = (at.kind, at.number) if at else ("", "")
    return confirmed.reason, confirmed.code, confirmed.field, confirmed.value, str(confirmed.in_note), *place
