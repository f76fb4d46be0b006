"""Which part of an .xlsx or .xlsb its workbook part means by a relation's id."""

from __future__ import annotations

import posixpath

from certclerk.roster.packed import Packed
from certclerk.roster.xml_scan import local, scan


def targets_of(packed: Packed, workbook: str) -> dict[str, tuple[str, str]]:
    """By relation id: its type's last word and its part. Raises UserError."""
    targets: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            part = target[1:] if target.startswith("/") else posixpath.normpath("xl/" + target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            targets[attributes.get("Id", "")] = (kind, part)

    scan(packed.chunks(workbook.replace("xl/", "xl/_rels/") + ".rels"), packed.file, start)
    return targets
