"""Where the booklets are, at hand for whoever shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from certclerk.collection import Collection
from certclerk.core.custody import NEVER, Custody, Stand, collected, stands
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Teacher


@dataclass(frozen=True, slots=True)
class _Known:
    """What one teacher's stands were worked out from."""

    teacher: Teacher
    own: tuple[Custody | None, ...]
    stands: frozenset[Stand]


class CustodyRegister:
    """``known`` holds the certificates that were handed in; it is read anew with :meth:`follow`."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._found: dict[int, _Known] = {}
        self.known: Mapping[int, Custody] = collection.custody()

    def follow(self) -> None:
        self.known = self._collection.custody()

    @property
    def used(self) -> bool:
        """Whether anybody's booklet was ever handed in: before that, nobody is told of booklets."""
        return bool(self.known)

    @property
    def notice(self) -> Notice:
        return self._collection.notice

    def of(self, certificate_id: int) -> Custody:
        return self.known.get(certificate_id, NEVER)

    def collected(self, teacher: Teacher) -> tuple[Certificate, ...]:
        return collected(teacher, self.known, self.notice)

    def stands(self, teacher: Teacher) -> frozenset[Stand]:
        own = tuple(self.known.get(each.id) for each in teacher.certificates)
        found = self._found.get(teacher.id)
        if found is None or found.teacher is not teacher or found.own != own:
            found = _Known(teacher, own, stands(teacher, self.known, self.notice))
            self._found[teacher.id] = found
        return found.stands

    def counts(self, teachers: Iterable[Teacher]) -> Mapping[Stand, int]:
        """How many teachers have a booklet that stands so; empty where custody is not used."""
        if not self.used:
            return {}
        counted = Counter(stand for teacher in teachers for stand in self.stands(teacher))
        return {stand: counted[stand] for stand in Stand}
