"""校验清单: what a submission folder held when it was made, so that any change shows later.

The text is fixed to the byte: keys in this order, two-space indents, and last of all the SHA-256 of
the same text without that line. A manifest that does not come out the same again has been damaged.

It proves that nothing was damaged, lost or mixed up since, not who made it: whoever changes a file can
write a manifest that fits. Only the collection, which keeps the hashes of what was made of it, tells that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Self, TypeVar

from certclerk.core.errors import UserError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)

FORMAT = "certclerk-submission"
VERSION = 2
# The first knew only the number of a document's pages, and not the size of their pictures.
VERSIONS = (1, VERSION)


@dataclass(frozen=True, slots=True)
class FileProof:
    """A file of the folder; ``kind`` is ``archive``, ``annex``, ``draft`` or ``sealed``, ``size`` in bytes."""

    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentProof:
    """A teacher's PDF inside ``archive``; ``entry`` is its whole path in there.

    ``pages`` are the SHA-256 of its pages' pictures as packed, in order; empty where they were not kept.
    """

    archive: str
    entry: str
    serial: int
    teacher: str
    pages: tuple[str, ...]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LeftOutTeacher:
    serial: int
    teacher: str
    scope: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``name`` is the manifest's own file; ``day`` is ISO; ``program`` the version that made it.

    ``picture_size`` is how large the pages were asked for: the caller's word, empty where it is not known.
    """

    name: str
    program: str
    notice: str
    unit: str
    day: str
    picture_size: str
    certificates: int
    files: tuple[FileProof, ...]
    documents: tuple[DocumentProof, ...]
    left_out: tuple[LeftOutTeacher, ...]

    @property
    def sha256(self) -> str:
        """Of its file, as this version of the program writes it."""
        return hashlib.sha256(manifest_bytes(self)).hexdigest()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError where ``values`` is no manifest."""
        manifest = _checked(
            cls(
                **{key: values[key] for key in _PLAIN},
                picture_size=values.get("picture_size", ""),
                files=tuple(_checked(FileProof(**row)) for row in values["files"]),
                documents=tuple(_document(row) for row in values["documents"]),
                left_out=tuple(_checked(LeftOutTeacher(**row)) for row in values["left_out"]),
            )
        )
        for name in (manifest.name, *(file.name for file in manifest.files)):
            if name in ("", ".", "..") or not _NOT_IN_NAMES.isdisjoint(name):
                raise ValueError(name)
        return manifest


# Neither leads out of the folder: what a forger may not make the program open.
_NOT_IN_NAMES = frozenset("/\\\0")
_KINDS = {"str": str, "int": int}
_PLAIN = ("name", "program", "notice", "unit", "day", "certificates")


def _document(row: Mapping[str, Any]) -> DocumentProof:
    pages = row["pages"]
    return _checked(
        DocumentProof(**{**row, "pages": () if isinstance(pages, int) else tuple(map(str, pages))})
    )


def _checked(record: T) -> T:
    """Raises TypeError where a value is not of its field's kind, which a digest does not rule out."""
    for field in fields(record):
        kind = _KINDS.get(str(field.type), tuple)
        if type(getattr(record, field.name)) is not kind:
            raise TypeError(field.name)
    return record


def manifest_bytes(manifest: Manifest) -> bytes:
    return _sealed({"format": FORMAT, "version": VERSION, **asdict(manifest)})


def read_manifest(data: bytes) -> Manifest | None:
    """The manifest of these bytes, None where a single one of them is not as it was written.

    Raises UserError ``manifest_newer``.
    """
    try:
        values = json.loads(data)
        if _sealed({key: value for key, value in values.items() if key != "digest"}) != data:
            return None
        if values["format"] == FORMAT and values["version"] in VERSIONS:
            return Manifest.of(values)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if values["format"] == FORMAT:
        raise UserError("manifest_newer", program=values.get("program"))
    return None


def _sealed(content: Mapping[str, Any]) -> bytes:
    """``content`` with its digest after it."""
    digest = hashlib.sha256(_text(content)).hexdigest()
    return _text({**content, "digest": digest})


def _text(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
