"""校验清单: what a submission folder held when it was made, so that any change shows later.

The text is fixed to the byte: keys in this order, two-space indents, and last of all the SHA-256 of
the same text without that line. A manifest that does not come out the same again has been damaged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

FORMAT = "certclerk-submission"
VERSION = 1


@dataclass(frozen=True, slots=True)
class FileProof:
    """A file of the folder; ``kind`` is ``archive``, ``annex``, ``draft`` or ``sealed``, ``size`` in bytes."""

    name: str
    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentProof:
    """A teacher's PDF inside ``archive``; ``entry`` is its whole path in there."""

    archive: str
    entry: str
    serial: int
    teacher: str
    pages: int
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
    """``name`` is the manifest's own file; ``day`` is ISO; ``program`` the version that made it."""

    name: str
    program: str
    notice: str
    unit: str
    day: str
    certificates: int
    files: tuple[FileProof, ...]
    documents: tuple[DocumentProof, ...]
    left_out: tuple[LeftOutTeacher, ...]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Raises KeyError or TypeError where ``values`` is no manifest."""
        return cls(
            **{key: values[key] for key in _PLAIN},
            files=tuple(FileProof(**row) for row in values["files"]),
            documents=tuple(DocumentProof(**row) for row in values["documents"]),
            left_out=tuple(LeftOutTeacher(**row) for row in values["left_out"]),
        )


_PLAIN = ("name", "program", "notice", "unit", "day", "certificates")


def manifest_bytes(manifest: Manifest) -> bytes:
    content = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    digest = hashlib.sha256(_text(content)).hexdigest()
    return _text({**content, "digest": digest})


def read_manifest(data: bytes) -> Manifest | None:
    """The manifest of these bytes, None where a single one of them is not as it was written."""
    try:
        values = json.loads(data)
        manifest = Manifest.of(values)
        genuine = manifest_bytes(manifest) == data
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return manifest if genuine else None


def _text(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
