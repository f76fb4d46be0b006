"""A damaged collection, read from what was found in its file: every reader sees what a rescue would keep."""

from __future__ import annotations

from pathlib import Path

import apsw

from certclerk.collection.health import UNWATCHED, Damage, Watched
from certclerk.collection.salvage import Salvage, salvage
from certclerk.collection.settling import Loss, settle
from certclerk.collection.store import Collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice


class DamagedCollection(Collection):
    """For reading only; ``losses`` say what it lacks. Get one from :func:`open_damaged`."""

    is_damaged = True

    def __init__(self, path: Path, found: Salvage, losses: tuple[Loss, ...]) -> None:
        self._found = found
        super().__init__(path, found.connect(), None, found.password)
        self.losses = losses

    def close(self) -> None:
        super().close()
        self._found.close()

    def examine(self, watched: Watched = UNWATCHED) -> tuple[Damage, ...]:
        """What was lost of the file, and what is wrong with what is left."""
        damage = Damage("structure_damaged", "采集文件有损坏，已以只读方式打开。")
        lost = (Damage(f"lost_{loss.what}", loss.message) for loss in self.losses)
        return (damage, *lost, *super().examine(watched))

    def _connect(self) -> apsw.Connection:
        return self._found.connect()


def open_damaged(path: Path, fallback: Notice, password: str = "") -> Collection:
    """What can be read of a damaged collection; ``fallback`` stands for a notice that is gone.

    Raises UserError: ``collection_missing``, ``collection_not_one`` (nothing of a collection is in it, or a password
    protects it), ``collection_password_wrong``, ``collection_cannot_open``.
    """
    if not path.is_file():
        raise UserError("collection_missing", file=str(path))
    found = salvage(path, password=password)
    return DamagedCollection(path, found, settle(found.connection, found.gaps, (), fallback))
