"""The .certclerk file: schema, reads, one door for changes, history, lock."""

from certclerk.collection.changes import Change
from certclerk.collection.claims import Claim
from certclerk.collection.history import Changed
from certclerk.collection.opening import create_collection, lock_path, open_collection
from certclerk.collection.store import Collection

__all__ = ["Change", "Changed", "Claim", "Collection", "create_collection", "lock_path", "open_collection"]
