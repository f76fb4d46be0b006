"""What is wrong, or worth a look: one function per code, one table of codes.

``check`` looks at everything once; a ``Checker`` keeps what it found and looks again only at what changed.
A teacher the notice does not ask for is asked for nothing, but a refused cell, a missing name and a number
that two people share are told about everyone.
"""

from __future__ import annotations

from datetime import date

from certclerk.core.notice import Notice
from certclerk.core.records import Finding, Roster
from certclerk.core.rules.catalogue import CATALOGUE, CONFIRMABLE, Entry
from certclerk.core.rules.checker import Checker
from certclerk.core.rules.teacher import SCOPE_QUESTIONS

__all__ = ["CATALOGUE", "CONFIRMABLE", "SCOPE_QUESTIONS", "Checker", "Entry", "check"]


def check(roster: Roster, notice: Notice, today: date) -> tuple[Finding, ...]:
    """All findings: the unit's first, then teacher by teacher in roster order, errors before the rest.

    ``today`` counts where no filling date is set.
    """
    checker = Checker(notice)
    checker.update(roster, today)
    return checker.findings()
