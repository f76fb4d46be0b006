"""The .certclerk file: schema, reads, one door for changes, history, lock."""

from certclerk.collection.changes import Change
from certclerk.collection.claims import Claim
from certclerk.collection.damaged import open_damaged
from certclerk.collection.health import Damage
from certclerk.collection.history import Changed
from certclerk.collection.opening import (
    change_password,
    create_collection,
    lock_path,
    open_collection,
    unfinished_path,
)
from certclerk.collection.reader import Reader
from certclerk.collection.rescue import unused_pictures, write_rescued
from certclerk.collection.salvage import holds_rows, salvage
from certclerk.collection.settling import Loss, notice_of
from certclerk.collection.snapshot import Snapshot
from certclerk.collection.store import Collection
from certclerk.collection.submissions import StoredSubmission

__all__ = [
    "Change",
    "Changed",
    "Claim",
    "Collection",
    "Damage",
    "Loss",
    "Reader",
    "Snapshot",
    "StoredSubmission",
    "change_password",
    "create_collection",
    "holds_rows",
    "lock_path",
    "notice_of",
    "open_collection",
    "open_damaged",
    "salvage",
    "unfinished_path",
    "unused_pictures",
    "write_rescued",
]
