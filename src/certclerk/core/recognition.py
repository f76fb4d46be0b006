"""Who of a table is who of the roster: certain, in doubt, or nobody there.

Certain is only what singles out one person on both sides. Everything likely but less than that is a doubt,
which the clerk decides. The order of the table's rows makes no difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from certclerk.core import identity
from certclerk.core.fields import CERTIFICATE_FIELDS, PERSON_FIELDS
from certclerk.core.records import ProposedTeacher, Teacher

Person = Teacher | ProposedTeacher
# No document's number is shorter; 无 and 补办中 under 身份证号码 are nobody's.
SHORTEST_ID = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the roster who may be meant; ``reason``: what is alike and what is not."""

    teacher: Teacher
    reason: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """Of one proposed teacher: ``teacher`` where it is certain, else ``candidates``, none for a new person."""

    teacher: Teacher | None = None
    candidates: tuple[Candidate, ...] = ()


def recognise(
    teachers: Sequence[Teacher], proposed: Sequence[ProposedTeacher], fields: Collection[str]
) -> tuple[Recognition, ...]:
    """For each of ``proposed``, in its order. ``fields`` are those that the table has columns for."""
    rows = dict(enumerate(proposed))
    free = {teacher.id: teacher for teacher in teachers}
    found: dict[int, Teacher] = {}
    own = tuple(field for field in PERSON_FIELDS if field in fields)
    held = tuple(field for field in CERTIFICATE_FIELDS if field in fields)

    def take(pairs: Iterable[tuple[int, int]]) -> None:
        for row, teacher_id in pairs:
            found[row] = free.pop(teacher_id)
            del rows[row]

    take(_alike(rows, free, own, held))
    for keys, sure in _EVIDENCE:
        take(_linked(rows, free, keys, sure))
    candidates = _candidates(rows, free.values())
    return tuple(
        Recognition(found[row]) if row in found else Recognition(candidates=candidates.get(row, ()))
        for row in range(len(proposed))
    )


def _alike(
    rows: Mapping[int, ProposedTeacher], free: Mapping[int, Teacher], own: Sequence[str], held: Sequence[str]
) -> list[tuple[int, int]]:
    """Records that say the very same. Of several equal ones, all or none: who of them left is not to be guessed."""

    def record(person: Person) -> Hashable:
        certificates = sorted(tuple(getattr(one, field) for field in held) for one in person.certificates)
        return (
            tuple(getattr(person, field) for field in own),
            tuple(certificate for certificate in certificates if any(certificate)),
        )

    asked, known = _grouped(rows, lambda row: [record(row)]), _grouped(free, lambda one: [record(one)])
    return [
        pair
        for key, same in asked.items()
        if len(same) == len(known.get(key, ()))
        for pair in zip(same, known[key], strict=True)
    ]


def _linked(
    rows: Mapping[int, ProposedTeacher],
    free: Mapping[int, Teacher],
    keys: Callable[[Person], list[Hashable]],
    sure: Callable[[Person, Person], bool],
) -> list[tuple[int, int]]:
    """Those whom a key singles out on both sides, and whom no other of their keys leads elsewhere."""
    asked, known = _grouped(rows, keys), _grouped(free, keys)
    links = {
        (same[0], known[key][0])
        for key, same in asked.items()
        if len(same) == 1 and len(known.get(key, ())) == 1
    }
    of_row = Counter(row for row, _ in links)
    of_teacher = Counter(teacher_id for _, teacher_id in links)
    return [
        (row, teacher_id)
        for row, teacher_id in links
        if of_row[row] == of_teacher[teacher_id] == 1 and sure(rows[row], free[teacher_id])
    ]


def _grouped(
    people: Mapping[int, Person], keys: Callable[[Person], list[Hashable]]
) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for number, person in people.items():
        for key in dict.fromkeys(keys(person)):
            groups[key].append(number)
    return groups


def _id_and_name(person: Person) -> list[Hashable]:
    return [(number, person.name) for number in _id(person)]


def _id(person: Person) -> list[Hashable]:
    return [person.id_number] if len(person.id_number) >= SHORTEST_ID else []


def _name_and_birth(person: Person) -> list[Hashable]:
    born = identity.birth_date(person.id_number)
    return [(person.name, born)] if person.name and born else []


def _name_and_number(person: Person) -> list[Hashable]:
    return [(person.name, number) for number in numbers_of(person)] if person.name else []


def numbers_of(person: Person) -> tuple[str, ...]:
    """The numbers of a person's certificates."""
    return tuple(certificate.number for certificate in person.certificates if certificate.number)


def _always(_one: Person, _other: Person) -> bool:
    return True


def _a_name_is_missing(one: Person, other: Person) -> bool:
    return not one.name or not other.name


def _not_two_right_numbers(one: Person, other: Person) -> bool:
    """Two identity numbers that are both right are rather two people."""
    return one.id_number == other.id_number or not (
        identity.has_valid_check(one.id_number) and identity.has_valid_check(other.id_number)
    )


# From the surest on: what two records must share, and what may not speak against it.
_EVIDENCE: tuple[tuple[Callable[[Person], list[Hashable]], Callable[[Person, Person], bool]], ...] = (
    (_id_and_name, _always),
    (_id, _a_name_is_missing),
    (_name_and_birth, _not_two_right_numbers),
    (_name_and_number, _not_two_right_numbers),
)


def _candidates(
    rows: Mapping[int, ProposedTeacher], free: Iterable[Teacher]
) -> dict[int, tuple[Candidate, ...]]:
    """Everybody left who shares identity number, name or a certificate's number."""
    by_trait: dict[tuple[str, str], list[Teacher]] = defaultdict(list)
    for teacher in free:
        for trait in _traits(teacher):
            by_trait[trait].append(teacher)
    found: dict[int, tuple[Candidate, ...]] = {}
    for row, proposed in rows.items():
        like = {teacher.id: teacher for trait in _traits(proposed) for teacher in by_trait.get(trait, ())}
        found[row] = tuple(Candidate(teacher, _likeness(proposed, teacher)) for teacher in like.values())
    return found


def _traits(person: Person) -> Iterable[tuple[str, str]]:
    traits = [("name", person.name), *(("id", str(number)) for number in _id(person))]
    traits += [("number", number) for number in numbers_of(person)]
    return dict.fromkeys(trait for trait in traits if trait[1])


def _likeness(one: ProposedTeacher, other: Teacher) -> str:
    born = identity.birth_date(one.id_number)
    same = [
        word
        for word, alike in (
            ("姓名", one.name and one.name == other.name),
            ("身份证号码", one.id_number and one.id_number == other.id_number),
            ("出生日期", born and born == identity.birth_date(other.id_number)),
            ("证书号码", set(numbers_of(one)) & set(numbers_of(other))),
        )
        if alike and not (word == "出生日期" and one.id_number == other.id_number)
    ]
    other_than = [
        word
        for word, mine, theirs in (
            ("姓名", one.name, other.name),
            ("身份证号码", one.id_number, other.id_number),
        )
        if mine and theirs and mine != theirs
    ]
    if other_than:
        rest = f"，{'、'.join(other_than)}不同"
    elif one.id_number and other.id_number:
        rest = "，但不止一位"
    else:
        rest = "，没有身份证号码可以核对"
    return f"{'、'.join(same)}相同{rest}"
