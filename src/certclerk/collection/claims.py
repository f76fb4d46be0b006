"""Who relies on stored bytes that no page names yet: an intake between storing a page and placing it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class Claim:
    """One intake's, on the bytes of this hash; ``number`` tells it from others' on the same bytes."""

    sha256: str
    number: int


class Claims:
    """Those of one open collection, from any thread. What is never released lasts until the collection is closed.

    Whoever stores takes a claim before it writes; whoever deletes asks here once it holds the right to write. SQLite
    lets one write at a time: so either the claim is seen, or the bytes are written anew after they were deleted.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._held: dict[str, set[Claim]] = {}

    def take(self, sha256: str) -> Claim:
        with self._lock:
            claim = Claim(sha256, next(self._numbers))
            self._held.setdefault(sha256, set()).add(claim)
        return claim

    def release(self, claim: Claim) -> None:
        """Once more changes nothing."""
        with self._lock:
            held = self._held.get(claim.sha256, set())
            held.discard(claim)
            if not held:
                self._held.pop(claim.sha256, None)

    def __contains__(self, sha256: str) -> bool:
        with self._lock:
            return sha256 in self._held
