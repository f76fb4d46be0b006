"""Rules about who submits: the head of the annexes must be complete."""

from __future__ import annotations

from collections.abc import Iterator

from certclerk.core.records import Filing, Finding
from certclerk.core.rules.place import unit_finding

_REQUIRED = (
    ("unit", "unit_missing", "报送单位没有填写"),
    ("clerk", "clerk_missing", "经办人没有填写"),
    ("phone", "phone_missing", "联系电话没有填写"),
)


def filing_incomplete(filing: Filing) -> Iterator[Finding]:
    for field, code, message in _REQUIRED:
        if not getattr(filing, field).strip():
            yield unit_finding(code, message, field)
