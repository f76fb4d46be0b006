"""The bytes of pages as they came, what was made of them, and the proof that they are still the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import apsw

from certclerk.collection.claims import Claims
from certclerk.collection.history import now, part, transaction
from certclerk.core.records import Page, Picture

# A small picture of a frame: which, within how many px, and its bytes.
Thumbnail = tuple[int, int, bytes]

# No change that is done names bytes without a page: a page goes only by undoing its arrival, or when the trash is
# emptied, which ends the history there.
_UNUSED = (
    "NOT EXISTS (SELECT 1 FROM page WHERE page.sha256 = blob.sha256) AND NOT EXISTS (SELECT 1 FROM history"
    " WHERE state = 'undone' AND instr(changeset, CAST(blob.sha256 AS BLOB)))"
)


def hash_of(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def add(
    connection: apsw.Connection, data: bytes, media_type: str, thumbnails: Iterable[Thumbnail] = ()
) -> str:
    digest = hash_of(data)
    with part(connection):
        connection.execute(
            "INSERT INTO blob (sha256, media_type, added_at, data) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (digest, media_type, now(exact=True), data),
        )
        for frame, size, small in thumbnails:
            store_thumbnail(connection, digest, frame, size, small)
    return digest


def read(connection: apsw.Connection, sha256: str) -> bytes | None:
    """None where the bytes are missing or no longer those of their hash."""
    row = connection.execute("SELECT data FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    return row[0] if row is not None and hash_of(row[0]) == sha256 else None


def unused(connection: apsw.Connection) -> list[str]:
    """The hashes of bytes that no page has any more and no redo brings back."""
    return [str(row[0]) for row in connection.execute(f"SELECT sha256 FROM blob WHERE {_UNUSED}")]


def drop_unused(connection: apsw.Connection, sha256: str, claims: Claims) -> None:
    """Deletes the bytes with their pictures, unless a page has them, a redo brings them back, or they are claimed."""
    with transaction(connection):
        if sha256 not in claims:
            connection.execute(f"DELETE FROM blob WHERE sha256 = ? AND {_UNUSED}", (sha256,))


def add_rendition(connection: apsw.Connection, sha256: str, frame: int, data: bytes, media_type: str) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO rendition (sha256, frame, media_type, digest, data) VALUES (?, ?, ?, ?, ?)",
        (sha256, frame, media_type, hash_of(data), data),
    )


def picture(connection: apsw.Connection, page: Page) -> Picture | None:
    """The rendition of a page where it has one, else its blob; None where that is missing or damaged."""
    row = connection.execute(
        "SELECT data, media_type, digest FROM rendition WHERE sha256 = ? AND frame = ?",
        (page.sha256, page.frame),
    ).fetchone()
    if row is not None:
        data, media_type, digest = row
        return Picture(data, media_type, 0, digest) if hash_of(data) == digest else None
    blob = read(connection, page.sha256)
    return None if blob is None else Picture(blob, page.media_type, page.frame, page.sha256)


def sizes(connection: apsw.Connection) -> dict[str, int]:
    rows = connection.execute("SELECT sha256, length(data) FROM blob").fetchall()
    return {str(sha256): int(str(size)) for sha256, size in rows}


def rendition_sizes(connection: apsw.Connection) -> dict[tuple[str, int], int]:
    rows = connection.execute("SELECT sha256, frame, length(data) FROM rendition").fetchall()
    return {(str(sha256), int(str(frame))): int(str(size)) for sha256, frame, size in rows}


def is_sound(connection: apsw.Connection, sha256: str) -> bool:
    return read(connection, sha256) is not None


def is_sound_rendition(connection: apsw.Connection, sha256: str, frame: int) -> bool:
    query = "SELECT digest, data FROM rendition WHERE sha256 = ? AND frame = ?"
    digest, data = connection.execute(query, (sha256, frame)).get
    return hash_of(data) == str(digest)


def damaged(connection: apsw.Connection) -> frozenset[str]:
    hashes = [str(row[0]) for row in connection.execute("SELECT DISTINCT sha256 FROM page")]
    lost = {sha256 for sha256 in hashes if read(connection, sha256) is None}
    for sha256, digest, data in connection.execute("SELECT sha256, digest, data FROM rendition"):
        if hash_of(data) != digest:
            lost.add(str(sha256))
    return frozenset(lost)


def thumbnail(connection: apsw.Connection, sha256: str, frame: int, size: int) -> bytes | None:
    row = connection.execute(
        "SELECT data FROM thumbnail WHERE sha256 = ? AND frame = ? AND size = ?", (sha256, frame, size)
    ).fetchone()
    return row[0] if row else None


def store_thumbnail(connection: apsw.Connection, sha256: str, frame: int, size: int, data: bytes) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO thumbnail (sha256, frame, size, data)"
        " SELECT sha256, ?2, ?3, ?4 FROM blob WHERE sha256 = ?1",
        (sha256, frame, size, data),
    )
