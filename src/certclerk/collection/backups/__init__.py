"""Backups of a collection: a folder of small files with its tables, and the bytes of its pages beside them, once each."""

from certclerk.collection.backups.restoring import Contents, examine, restore
from certclerk.collection.backups.store import Backup, Made, backups_in, make_backup, named_backup

__all__ = ["Backup", "Contents", "Made", "backups_in", "examine", "make_backup", "named_backup", "restore"]
