"""The findings of a roster that changes a little at a time: only what a change touches is checked again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

from certclerk.core.notice import Notice
from certclerk.core.records import Filing, Finding, Roster, Severity, Teacher
from certclerk.core.rules import number, pages, person, unit
from certclerk.core.rules.alike import Alike
from certclerk.core.rules.place import Context, Together
from certclerk.core.rules.teacher import answered, findings_of

_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_TOGETHER = (*person.TOGETHER, *number.TOGETHER, *pages.TOGETHER)


class Checker:
    """Keeps what the rules found. Records that are equal are not looked at again, nor is what they share.

    Not for two threads at once.
    """

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self._context: Context | None = None
        self._teachers: dict[int, Teacher] = {}
        self._digits: Counter[str] = Counter()
        self._sharing: list[_Sharing | Alike] = [*(_Sharing(rule) for rule in _TOGETHER), Alike()]
        self._filing = Filing("")
        # What was taken and not yet looked at.
        self._unseen: set[int] = set()
        self._gone: set[int] = set()
        self._reordered = False
        self._own: dict[int, tuple[Finding, ...]] = {}
        self._found: dict[int | None, tuple[Finding, ...]] = {None: ()}

    def update(self, roster: Roster, today: date) -> Mapping[int | None, tuple[Finding, ...]]:
        """Takes the roster as it is now and looks at what that asks for; see :meth:`take` and :meth:`look`."""
        self.take(roster, today)
        return self.look()

    def take(self, roster: Roster, today: date) -> int:
        """The roster as it is now, for :meth:`look`; how many teachers that will look at.

        Few for an edit, all where the filing date is another, or the digits that most numbers share.
        ``today`` counts where no filing date is set.
        """
        former, teachers = self._teachers, {teacher.id: teacher for teacher in roster.teachers}
        same_rows = list(former) == list(teachers)
        gone = [] if same_rows else [former[key] for key in former.keys() - teachers.keys()]
        pairs = zip(map(former.get, teachers), teachers.values(), strict=True)
        changed = [new for old, new in pairs if old is not new and old != new]
        self._reordered |= not same_rows and _in_another_order(former, teachers)
        self._teachers, self._filing = teachers, roster.filing
        self._count(changed, [former[new.id] for new in changed if new.id in former], gone)
        context = Context(
            notice=self._notice,
            filled_on=roster.filing.filled_on or today,
            authority_digits=number.common_authority_digits(self._digits),
            damaged=roster.damaged,
        )
        self._unseen.update(teachers if context != self._context else (teacher.id for teacher in changed))
        self._unseen &= teachers.keys()
        self._gone.update(teacher.id for teacher in gone)
        self._context = context
        return len(self._unseen)

    def look(self) -> Mapping[int | None, tuple[Finding, ...]]:
        """The findings of each teacher (None: the unit) where they differ from those before.

        Errors stand before the rest; who is gone has none.
        """
        assert self._context is not None
        for teacher_id in self._unseen:
            self._own[teacher_id] = tuple(findings_of(self._teachers[teacher_id], self._context))
        concerned = self._unseen
        for sharing in self._sharing:
            concerned |= sharing.refresh(self._teachers, self._context, everything=self._reordered)
        differing = self._collect(concerned, self._gone - self._teachers.keys())
        self._unseen, self._gone, self._reordered = set(), set(), False
        return differing

    def of(self, teacher_id: int) -> tuple[Finding, ...]:
        return self._found.get(teacher_id, ())

    def findings(self) -> tuple[Finding, ...]:
        """The unit's first, then teacher by teacher in roster order, errors before the rest."""
        everyone = (self._found.get(teacher_id, ()) for teacher_id in self._teachers)
        return (*self._found[None], *chain.from_iterable(everyone))

    def _count(self, changed: Iterable[Teacher], former: Iterable[Teacher], gone: Iterable[Teacher]) -> None:
        """What each teacher has now, no longer what those had."""
        for teacher in (*former, *gone):
            self._digits.subtract(number.authority_digits_of(teacher, self._notice))
            for sharing in self._sharing:
                sharing.drop(teacher)
        for teacher in changed:
            self._digits.update(number.authority_digits_of(teacher, self._notice))
            for sharing in self._sharing:
                sharing.take(teacher)

    def _collect(
        self, concerned: Iterable[int], gone: Iterable[int]
    ) -> dict[int | None, tuple[Finding, ...]]:
        differing: dict[int | None, tuple[Finding, ...]] = {}
        filing = tuple(finding for rule in unit.FILING for finding in rule(self._filing))
        fresh = [(None, filing), *((key, self._all_of(self._teachers[key])) for key in concerned)]
        for key, found in fresh:
            if found != self._found.get(key, ()):
                self._found[key] = differing[key] = found
        for key in gone:
            self._own.pop(key, None)
            if self._found.pop(key, ()):
                differing[key] = ()
        return differing

    def _all_of(self, teacher: Teacher) -> tuple[Finding, ...]:
        found = [*self._own[teacher.id]]
        for sharing in self._sharing:
            found += sharing.of(teacher)
        if teacher.confirmations:
            found = [answered(finding, teacher) for finding in found]
        if len(found) > 1:
            found.sort(key=_rank)
        return tuple(found)


def _rank(finding: Finding) -> int:
    return _RANKS[finding.severity]


class _Sharing:
    """Who shares what, for one rule about several teachers."""

    def __init__(self, rule: Together) -> None:
        self._rule = rule
        # A teacher's id stands once for each time the teacher has the key.
        self._holders: dict[Hashable, list[int]] = defaultdict(list)
        self._stale: set[Hashable] = set()
        # Who was told something of a key, and what each teacher was told by key.
        self._told: dict[Hashable, list[int]] = {}
        self._found: dict[int, dict[Hashable, list[Finding]]] = defaultdict(dict)

    def take(self, teacher: Teacher) -> None:
        for key in self._rule.keys(teacher):
            self._holders[key].append(teacher.id)
            self._stale.add(key)

    def drop(self, teacher: Teacher) -> None:
        for key in self._rule.keys(teacher):
            self._holders[key].remove(teacher.id)
            self._stale.add(key)

    def refresh(self, teachers: Mapping[int, Teacher], context: Context, *, everything: bool) -> set[int]:
        """Looks again at each key that somebody got or lost; the ids of those who have or had to do with it."""
        concerned: set[int] = set()
        stale = set(self._holders) if everything else self._stale
        shared = [key for key in stale if len(self._holders[key]) > 1]
        places = {key: place for place, key in enumerate(teachers)} if shared else {}
        for key in stale & self._told.keys():
            for teacher_id in self._told.pop(key):
                concerned.add(teacher_id)
                self._found[teacher_id].pop(key, None)
        for key in shared:
            sharing = [teachers[each] for each in sorted(set(self._holders[key]), key=places.__getitem__)]
            for finding in self._rule.find(key, sharing, context):
                assert finding.teacher_id is not None
                self._found[finding.teacher_id].setdefault(key, []).append(finding)
                self._told.setdefault(key, []).append(finding.teacher_id)
            concerned.update(self._told.get(key, ()))
        for key in stale:
            if not self._holders[key]:
                del self._holders[key]
        self._stale = set()
        return concerned & teachers.keys()

    def of(self, teacher: Teacher) -> Iterator[Finding]:
        found = self._found.get(teacher.id)
        if found:
            for key in dict.fromkeys(self._rule.keys(teacher)):
                yield from found.get(key, ())


def _in_another_order(former: Mapping[int, Teacher], teachers: Mapping[int, Teacher]) -> bool:
    """Whether those who stayed stand in another order."""
    return [key for key in former if key in teachers] != [key for key in teachers if key in former]
