"""The .certclerk file: schema, reads, one door for changes, history, lock."""

from certclerk.collection.changes import Change
from certclerk.collection.claims import Claim
from certclerk.collection.history import Changed
from certclerk.collection.opening import change_password, create_collection, lock_path, open_collection
from certclerk.collection.snapshot import Snapshot
from certclerk.collection.store import Collection
from certclerk.collection.submissions import StoredSubmission

__all__ = [
    "Change",
    "Changed",
    "Claim",
    "Collection",
    "Snapshot",
    "StoredSubmission",
    "change_password",
    "create_collection",
    "lock_path",
    "open_collection",
]
