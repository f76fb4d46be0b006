"""Reading a collection by records: the open file and a snapshot of it are read alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

import apsw

from certclerk.collection import (
    blobs,
    counter,
    emptying,
    forms,
    history,
    lineage,
    reads,
    submissions,
    watched,
)
from certclerk.collection.emptying import Outlook
from certclerk.collection.submissions import StoredSubmission
from certclerk.core.custody import Custody
from certclerk.core.errors import UserError
from certclerk.core.form import Form
from certclerk.core.keying import Keying
from certclerk.core.lineage import Generation, NewestChange
from certclerk.core.notice import Appointment, Notice
from certclerk.core.records import Filing, Page, Picture, Place, Roster, Teacher, Trashed
from certclerk.core.submission_record import Tick
from certclerk.core.watched import WatchedFile

T = TypeVar("T")


class Reader(ABC):
    """Every method raises UserError for the faults of the disk, ``collection_damaged`` and ``collection_io`` first."""

    path: Path
    notice: Notice

    @abstractmethod
    def _reading(self) -> AbstractContextManager[apsw.Connection]:
        """The connection to read through in this thread; faults within it become sentences."""

    def filing(self) -> Filing:
        with self._reading() as connection:
            return reads.filing(connection)

    def roster(self) -> Roster:
        """Everything but the trash, from one consistent state."""
        with self._reading() as connection, reads.consistent(connection):
            return Roster(
                filing=reads.filing(connection),
                teachers=reads.teachers(connection),
                tray=reads.pages_at(connection, Place.TRAY),
            )

    def order(self) -> tuple[int, ...]:
        """The ids of all teachers in roster order."""
        with self._reading() as connection:
            return reads.order(connection)

    def teacher(self, teacher_id: int) -> Teacher | None:
        with self._reading() as connection:
            return reads.teacher(connection, teacher_id)

    def owner(self, certificate_id: int) -> Teacher:
        """Whose certificate it is. Raises KeyError where it is nobody's."""
        with self._reading() as connection:
            return reads.owner(connection, certificate_id)

    def tray(self) -> tuple[Page, ...]:
        with self._reading() as connection:
            return reads.pages_at(connection, Place.TRAY)

    def trash(self) -> tuple[Trashed, ...]:
        """The pages in the trash with where they lay, the last trashed first."""
        with self._reading() as connection:
            return reads.trash(connection)

    def trash_count(self) -> int:
        with self._reading() as connection:
            return reads.trash_count(connection)

    def emptying_outlook(self) -> Outlook:
        """What :meth:`empty_trash` would do now."""
        with self._reading() as connection:
            return emptying.outlook(connection)

    def moment(self) -> int:
        """Which change the records stand at: equal moments hold equal records, also after undo and redo."""
        with self._reading() as connection:
            return history.moment(connection)

    def changed_at(self) -> str:
        """When the newest change was made, in UTC, ISO 8601; empty where there was none."""
        with self._reading() as connection:
            return history.changed_at(connection)

    def newest_change(self) -> NewestChange:
        """What a copy that has it has of this one: everything; see :meth:`holds`."""
        with self._reading() as connection:
            return history.newest(connection)

    def holds(self, change: NewestChange) -> bool:
        """Whether the newest change of another copy is a part of this one's history."""
        with self._reading() as connection:
            return history.holds(connection, change)

    def stands(self, moment: int) -> bool:
        """Whether the change of that :meth:`moment` is a part of the records: nobody has taken it back since."""
        with self._reading() as connection:
            return history.stands(connection, moment)

    def blob(self, sha256: str) -> bytes:
        """The bytes of that hash, proven. Raises UserError ``blob_damaged`` where they no longer fit it."""
        with self._reading() as connection:
            data = blobs.read(connection, sha256)
        return self._proven(data)

    def picture(self, page: Page) -> Picture:
        """What ``page`` is to be read from, proven. Raises UserError ``blob_damaged``."""
        with self._reading() as connection:
            picture = blobs.picture(connection, page)
        return self._proven(picture)

    def _proven(self, read: T | None) -> T:
        if read is None:
            raise UserError("blob_damaged", file=self.path.name)
        return read

    def watched(self) -> tuple[WatchedFile, ...]:
        """What is remembered of files in watched folders."""
        with self._reading() as connection:
            return watched.read_watched(connection)

    def forms(self) -> tuple[Form, ...]:
        """The bureau's own forms that stand for annexes."""
        with self._reading() as connection:
            return forms.read_forms(connection)

    def holds_page(self, sha256: str) -> bool:
        """Whether a page with these bytes lies in a slot or in the tray."""
        with self._reading() as connection:
            return watched.holds_page(connection, sha256)

    def blob_sizes(self) -> dict[str, int]:
        """The bytes of every stored page file, by hash; none of them is read."""
        with self._reading() as connection:
            return blobs.sizes(connection)

    def rendition_sizes(self) -> dict[tuple[str, int], int]:
        """The bytes of every rendition, by its file's hash and its frame; none of them is read."""
        with self._reading() as connection:
            return blobs.rendition_sizes(connection)

    def damaged_blobs(self) -> frozenset[str]:
        """The hashes of pages whose bytes, or their rendition's, are missing or no longer fit: every one is read."""
        with self._reading() as connection:
            return blobs.damaged(connection)

    def thumbnail(self, sha256: str, frame: int, size: int) -> bytes | None:
        """A stored small picture of a frame that fits ``size`` px, if there is one."""
        with self._reading() as connection:
            return blobs.thumbnail(connection, sha256, frame, size)

    def identity(self) -> str:
        """What tells this collection from all others, in its copies too; empty in an old file that is only read."""
        with self._reading() as connection:
            return counter.read_identity(connection)

    def lineage(self) -> tuple[Generation, ...]:
        """What tells this copy from an older one, and from one that went its own way; see core.lineage."""
        with self._reading() as connection:
            return lineage.read(connection)

    def custody(self) -> dict[int, Custody]:
        """Of the certificates whose booklet was handed in, by certificate id."""
        with self._reading() as connection:
            return counter.read_custody(connection)

    def keyings(self) -> dict[int, Keying]:
        """Of the certificates that were keyed in or could not be, by certificate id."""
        with self._reading() as connection:
            return counter.read_keyings(connection)

    def own_appointment(self) -> Appointment | None:
        """The days at the counter that the clerk entered in place of the notice's."""
        with self._reading() as connection:
            return counter.read_appointment(connection)

    def submissions(self) -> tuple[StoredSubmission, ...]:
        """Newest first."""
        with self._reading() as connection:
            return submissions.stored(connection)

    def last_submission_id(self) -> int | None:
        """For those who ask after every change."""
        with self._reading() as connection:
            return submissions.last_id(connection)

    def submission_ticks(self) -> dict[int, tuple[Tick, ...]]:
        """What the clerk ticked, by submission, in the order of the steps."""
        with self._reading() as connection:
            return submissions.ticks(connection)
