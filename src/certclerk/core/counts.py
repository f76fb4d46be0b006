"""The counts annex: teachers per kind, each teacher once under each of their kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from certclerk.core.notice import Notice


class HasKind(Protocol):
    @property
    def kind(self) -> str: ...


def teachers_per_kind(held: Iterable[Iterable[HasKind]], notice: Notice) -> dict[str, int]:
    """``held``: for each teacher, the certificates submitted. Keys are all collected kinds in order."""
    counts = {kind.name: 0 for kind in notice.collected_kinds}
    for certificates in held:
        for kind in {certificate.kind for certificate in certificates}:
            if kind in counts:
                counts[kind] += 1
    return counts
