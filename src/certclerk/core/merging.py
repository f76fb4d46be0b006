"""What importing a table into a filled roster would do: step by step, each for the clerk to take or leave.

A blank never clears a value by itself, a refused cell touches nothing, and what the table does not speak of
(pages, absences, decisions on scope, confirmations, serials, the order) stays as it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from certclerk.core import identity
from certclerk.core.certificate_pairs import paired
from certclerk.core.dates import from_iso
from certclerk.core.fields import CERTIFICATE_FIELDS, FIELDS, PERSON_FIELDS, title
from certclerk.core.normalise import is_understood
from certclerk.core.notice import Notice
from certclerk.core.recognition import Candidate, numbers_of, recognise
from certclerk.core.records import Certificate, ProposedCertificate, ProposedTeacher, Refusal, Teacher


class Act(StrEnum):
    """What a step does."""

    ADD = "新增教师"
    CERTIFICATE = "新增证书"
    EDIT = "改"
    EXCLUDE = "设为不纳入"


class State(StrEnum):
    DOUBTFUL = "要决定"
    CHANGED = "有改动"
    NEW = "新增"
    MISSING = "表里没有"
    UNCHANGED = "没有变化"


CLEARING = "清空原值"
CAUTIOUS = "有疑问的"
# A table without a column for either does not speak of certificates.
_CERTIFYING = frozenset({"kind", "number"})
# Every step's group is one of these.
GROUPS = (
    *(known.title for known in FIELDS),
    *(act.value for act in (Act.CERTIFICATE, Act.ADD, Act.EXCLUDE)),
    CAUTIOUS,
    CLEARING,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an import does to a record if it is ``wanted``.

    ``certificate_id`` None: the teacher's own ``field``. ``certificate``: the one to be added.
    ``caution`` says why it should be looked at.
    """

    act: Act
    wanted: bool
    field: str = ""
    old: str = ""
    new: str = ""
    certificate_id: int | None = None
    certificate: ProposedCertificate | None = None
    caution: str = ""

    @property
    def group(self) -> str:
        """Whose steps are taken or left together: of a kind, but never what clears or is doubtful with the rest."""
        if self.act is Act.EDIT and not self.new:
            return CLEARING
        if self.caution and self.act in (Act.EDIT, Act.CERTIFICATE):
            return CAUTIOUS
        return title(self.field) if self.act is Act.EDIT else self.act.value


@dataclass(frozen=True, slots=True)
class Entry:
    """One person. ``proposed`` None: not in the table; ``teacher`` None: not in the roster, or not yet decided.

    ``candidates`` are all who were in question; ``decided``: nothing is, or the clerk has said who.
    """

    proposed: ProposedTeacher | None
    teacher: Teacher | None
    steps: tuple[Step, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    decided: bool = True

    @property
    def state(self) -> State:
        if not self.decided:
            return State.DOUBTFUL
        if self.proposed is None:
            return State.MISSING
        if self.teacher is None:
            return State.NEW
        return State.CHANGED if self.steps else State.UNCHANGED


@dataclass(frozen=True, slots=True)
class Ground:
    """What the steps are worked out from. ``holders``: by identity or certificate number, whose it is."""

    teachers: tuple[Teacher, ...]
    fields: frozenset[str]
    notice: Notice
    holders: Mapping[str, tuple[Teacher, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """``entries``: the table's people in its order, then those of the roster whom it does not name.

    ``given``: by teacher, the place of the doubtful entry that the clerk has said they are.
    """

    ground: Ground
    entries: tuple[Entry, ...]
    given: Mapping[int, int] = field(default_factory=dict)

    @property
    def undecided(self) -> int:
        return sum(not entry.decided for entry in self.entries)

    def counts(self) -> Counter[State]:
        return Counter(entry.state for entry in self.entries)

    def wanted(self) -> int:
        """How many steps an import would take."""
        return sum(step.wanted for entry in self.entries for step in entry.steps)

    def groups(self) -> dict[str, tuple[int, int]]:
        """By group of steps, in a fixed order: how many of them are wanted, and how many there are."""
        total = Counter(step.group for entry in self.entries for step in entry.steps)
        wanted = Counter(step.group for entry in self.entries for step in entry.steps if step.wanted)
        return {group: (wanted[group], total[group]) for group in GROUPS if total[group]}

    def options(self, index: int) -> tuple[Candidate, ...]:
        """The candidates of an entry whom no other entry has been given."""
        return tuple(
            one for one in self.entries[index].candidates if self.given.get(one.teacher.id, index) == index
        )

    def unnamed_certificates(self, index: int) -> tuple[Certificate, ...]:
        """What a person of the table holds in the roster beyond it; such certificates are kept."""
        entry = self.entries[index]
        if entry.teacher is None or entry.proposed is None or not self.ground.fields & _CERTIFYING:
            return ()
        pairs = paired(entry.teacher.certificates, entry.proposed.certificates, self.ground.fields)
        named = {known.id for known, _ in pairs if known is not None}
        return tuple(one for one in entry.teacher.certificates if one.id not in named)

    def decide(self, index: int, teacher_id: int | None) -> Plan:
        """The clerk's word on a doubt: this one of its :meth:`options`, or None for another person."""
        return self._decided({index: teacher_id})

    def decide_alike(self, same: bool) -> Plan:
        """Every open doubt with a single candidate left: the same person, or another one."""
        words: dict[int, int | None] = {}
        given = set(self.given)
        for index, entry in enumerate(self.entries):
            options = [one.teacher.id for one in entry.candidates if one.teacher.id not in given]
            if not entry.decided and len(options) == 1:
                words[index] = options[0] if same else None
                given |= {options[0]} if same else set()
        return self._decided(words)

    def want(self, steps: Iterable[tuple[int, int]], wanted: bool) -> Plan:
        """Takes or leaves steps, each given by the places of its entry and of itself."""
        entries = list(self.entries)
        for index, place in steps:
            changed = list(entries[index].steps)
            changed[place] = replace(changed[place], wanted=wanted)
            entries[index] = replace(entries[index], steps=tuple(changed))
        return replace(self, entries=tuple(entries))

    def want_group(self, group: str, wanted: bool) -> Plan:
        return self.want(
            [
                (index, place)
                for index, entry in enumerate(self.entries)
                for place, step in enumerate(entry.steps)
                if step.group == group
            ],
            wanted,
        )

    def _decided(self, words: Mapping[int, int | None]) -> Plan:
        """Who is named by nobody any more is missing; who is named again is not."""
        given = {teacher_id: index for teacher_id, index in self.given.items() if index not in words}
        entries = list(self.entries)
        for index, teacher_id in words.items():
            entry = entries[index]
            assert entry.proposed is not None
            meant = next((one.teacher for one in entry.candidates if one.teacher.id == teacher_id), None)
            if meant is not None:
                assert given.setdefault(meant.id, index) == index
            steps = _steps(self.ground, meant, entry.proposed)
            entries[index] = replace(entry, teacher=meant, decided=True, steps=steps)
        named = [entry for entry in entries if entry.proposed is not None]
        known = {entry.teacher.id: entry for entry in entries if entry.proposed is None and entry.teacher}
        return Plan(self.ground, (*named, *_missing(self.ground.teachers, named, known)), given)


def merge_plan(
    teachers: Sequence[Teacher],
    proposed: Sequence[ProposedTeacher],
    fields: Collection[str],
    notice: Notice,
) -> Plan:
    """What a table with columns for ``fields`` would change in the roster; values are normalised on both sides."""
    holders: dict[str, list[Teacher]] = defaultdict(list)
    for teacher in teachers:
        for number in {teacher.id_number, *numbers_of(teacher)} - {""}:
            holders[number].append(teacher)
    ground = Ground(
        tuple(teachers), frozenset(fields), notice, {number: tuple(own) for number, own in holders.items()}
    )
    entries = [
        Entry(row, None, candidates=found.candidates, decided=False)
        if found.candidates
        else Entry(row, found.teacher, _steps(ground, found.teacher, row))
        for row, found in zip(proposed, recognise(teachers, proposed, fields), strict=True)
    ]
    return Plan(ground, (*entries, *_missing(teachers, entries, {})))


def _missing(
    teachers: Iterable[Teacher], named: Iterable[Entry], known: Mapping[int, Entry]
) -> Iterable[Entry]:
    """An entry, the ``known`` one if there is, for each teacher who neither is named nor may be."""
    meant: set[int] = set()
    for entry in named:
        if entry.decided:
            meant.update({entry.teacher.id} if entry.teacher else ())
        else:
            meant.update(one.teacher.id for one in entry.candidates)
    for teacher in teachers:
        if teacher.id not in meant:
            # Whom the clerk has put aside already needs no offer to do so.
            offer = () if teacher.choice else (Step(Act.EXCLUDE, wanted=False),)
            yield known.get(teacher.id) or Entry(None, teacher, offer)


def _steps(ground: Ground, teacher: Teacher | None, proposed: ProposedTeacher) -> tuple[Step, ...]:
    if teacher is None:
        numbers = (proposed.id_number, *numbers_of(proposed))
        caution = next((said for number in numbers if (said := _held_by_another(ground, None, number))), "")
        return (Step(Act.ADD, wanted=not caution, caution=caution),)
    steps = [step for name in PERSON_FIELDS if (step := _edit(ground, teacher, teacher, proposed, name))]
    pairs = paired(teacher.certificates, proposed.certificates, ground.fields)
    for known, other in pairs:
        if known is not None:
            steps += [
                step for name in CERTIFICATE_FIELDS if (step := _edit(ground, teacher, known, other, name))
            ]
        elif ground.fields & _CERTIFYING and any(getattr(other, name) for name in CERTIFICATE_FIELDS):
            caution = _held_by_another(ground, teacher, other.number)
            if not other.kind and not other.number:
                caution = "没有种类和号码"
            steps.append(Step(Act.CERTIFICATE, wanted=not caution, certificate=other, caution=caution))
    return tuple(steps)


def _edit(
    ground: Ground,
    teacher: Teacher,
    holder: Teacher | Certificate,
    proposed: ProposedTeacher | ProposedCertificate,
    name: str,
) -> Step | None:
    old, new = str(getattr(holder, name)), str(getattr(proposed, name))
    if name not in ground.fields or new == old or _refused(proposed.refusals, name):
        return None
    caution = _caution(ground, teacher, name, old, new)
    return Step(
        Act.EDIT,
        wanted=bool(new) and not caution,
        field=name,
        old=old,
        new=new,
        certificate_id=holder.id if isinstance(holder, Certificate) else None,
        caution=caution,
    )


def _caution(ground: Ground, teacher: Teacher, name: str, old: str, new: str) -> str:
    if not new:
        return "表里是空的"
    if not is_understood(name, new, ground.notice) and old and is_understood(name, old, ground.notice):
        return "表里的看不懂"
    if name == "id_number" and identity.has_valid_check(old) and not identity.has_valid_check(new):
        return "名册里的校验位正确，表里的不是"
    if name in ("id_number", "number"):
        return _held_by_another(ground, teacher, new)
    if name == "issued" and (day := from_iso(old)) and day.day and new == old[:7]:
        return "表里的只到月"
    return ""


def _held_by_another(ground: Ground, teacher: Teacher | None, number: str) -> str:
    others = [one for one in ground.holders.get(number, ()) if teacher is None or one.id != teacher.id]
    return f"号码与名册中 {others[0].serial} {others[0].name} 的相同" if others else ""


def _refused(refusals: Iterable[Refusal], name: str) -> bool:
    return any(refusal.field == name for refusal in refusals)
