"""Rules about who submits: the head of the annexes must be complete."""

from __future__ import annotations

from collections.abc import Iterator

from certclerk.core.records import Filing, Finding
from certclerk.core.rules.place import unit_finding


def unit_missing(filing: Filing) -> Iterator[Finding]:
    if not filing.unit.strip():
        yield unit_finding("unit_missing", "报送单位没有填写", "unit")


def clerk_missing(filing: Filing) -> Iterator[Finding]:
    if not filing.clerk.strip():
        yield unit_finding("clerk_missing", "经办人没有填写", "clerk")


def phone_missing(filing: Filing) -> Iterator[Finding]:
    if not filing.phone.strip():
        yield unit_finding("phone_missing", "联系电话没有填写", "phone")


FILING = (unit_missing, clerk_missing, phone_missing)
