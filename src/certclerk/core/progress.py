"""Where a teacher stands on the way to a complete document, and the sums for everyone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Finding, Teacher
from certclerk.core.scope import Scope, Verdict, scopes, submitted_of


class State(StrEnum):
    """A teacher's state in one word, as the roster shows it."""

    DONE = "完成"
    TO_SCAN = "待扫"
    PROBLEM = "有问题"
    OUT = "不纳入"
    HOLD = "暂缓"
    ASK = "待定"


class Dot(StrEnum):
    """A required slot at a glance."""

    FILLED = "filled"
    ABSENT = "absent"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Gap:
    """A required slot that has no page and no word that there is none."""

    certificate_id: int
    slot: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``dots``: one per required slot of each submitted certificate, in order; ``errors`` besides missing pages."""

    teacher_id: int
    state: State
    scope: Verdict
    dots: tuple[Dot, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """``counts`` of teachers per state; ``expected`` are those in scope: done, to scan or with problems."""

    counts: dict[State, int]
    pages: int

    @property
    def teachers(self) -> int:
        return sum(self.counts.values())

    @property
    def expected(self) -> int:
        return sum(self.counts[state] for state in (State.DONE, State.TO_SCAN, State.PROBLEM))

    @property
    def ratio(self) -> float:
        """Done over expected, 0 to 1; 0 while nobody is expected."""
        return self.counts[State.DONE] / self.expected if self.expected else 0.0


_BY_SCOPE = {Scope.OUT: State.OUT, Scope.HOLD: State.HOLD, Scope.ASK: State.ASK}

# Codes that the gaps already tell: they alone make a teacher "to scan", not "with problems".
MISSING_PAGE = "page_missing"


def gaps(certificate: Certificate, notice: Notice) -> tuple[Gap, ...]:
    filled = {page.slot for page in certificate.pages}
    return tuple(
        Gap(certificate.id, slot.id)
        for slot in notice.slots
        if slot.required and slot.id not in filled and not certificate.absence(slot.id)
    )


def standing(teacher: Teacher, notice: Notice, findings: Iterable[Finding]) -> Standing:
    """``findings`` are this teacher's."""
    verdict, verdicts = scopes(teacher, notice)
    certificates = submitted_of(teacher, verdict, verdicts)
    missing = tuple(gap for certificate in certificates for gap in gaps(certificate, notice))
    errors = any(finding.blocking and finding.code != MISSING_PAGE for finding in findings)
    if verdict.scope in _BY_SCOPE:
        state = _BY_SCOPE[verdict.scope]
    elif errors:
        state = State.PROBLEM
    else:
        state = State.TO_SCAN if missing else State.DONE
    dots = tuple(
        _dot(certificate, slot.id) for certificate in certificates for slot in notice.slots if slot.required
    )
    return Standing(teacher.id, state, verdict, dots, missing)


def progress(teachers: Iterable[Teacher], standings: Iterable[Standing]) -> Progress:
    counts = Counter(map(attrgetter("state"), standings))
    return Progress(
        counts={state: counts[state] for state in State},
        pages=sum(len(held.pages) for teacher in teachers for held in teacher.certificates),
    )


def next_gap(standings: Sequence[Standing], after: int | None) -> Standing | None:
    """The next teacher with something missing after teacher ``after`` in roster order, round the end."""
    start = next((index + 1 for index, standing in enumerate(standings) if standing.teacher_id == after), 0)
    return next((standing for standing in (*standings[start:], *standings[:start]) if standing.gaps), None)


def _dot(certificate: Certificate, slot: str) -> Dot:
    if certificate.pages_in(slot):
        return Dot.FILLED
    return Dot.ABSENT if certificate.absence(slot) else Dot.MISSING
