"""随身录入: one HTML page that holds what is keyed in at the counter, for any browser and without a network.

The items of the page (records, pictures) stand in it as base64, each in a script element of its own that no
browser runs. With a password each is AES-256-GCM (NIST SP 800-38D) with a nonce of its own before it, bound to the
page and to its name in it; the key is PBKDF2-HMAC-SHA256 (RFC 8018) of the password in NFC.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from certclerk.core.keying import NUMBERS, KeyEntry
from certclerk.system.resources import resource

# What OWASP asks of PBKDF2-HMAC-SHA256; half a second on a school's PC.
ITERATIONS = 600_000
SALT_BYTES = 16
NONCE_BYTES = 12
KEY_BYTES = 32

FOLDER = "take_along"
Seal = Callable[[str, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page of a certificate. ``read`` gives it upright as a JPEG when its turn has come."""

    label: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class TakenEntry:
    """``find`` is what a search looks in, in lower case without spaces; ``row`` the entry's key_digest."""

    entry: KeyEntry
    title: str
    short: str
    find: str
    row: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class TakenAlong:
    """``collection`` is its identity, ``state_file`` what the page calls the file of its ticks."""

    collection: str
    unit: str
    when: str
    place: str
    state_file: str
    entries: tuple[TakenEntry, ...]


def write_take_along(
    stream: BinaryIO,
    taken: TakenAlong,
    password: str = "",
    done: Callable[[int], None] = lambda _pictures: None,
) -> None:
    """The page. ``done`` is told how many pictures stand in it and may raise to stop; so may the pictures.

    Raises OSError.
    """
    package = secrets.token_hex(16)
    salt = secrets.token_bytes(SALT_BYTES) if password else b""
    seal = _sealing(password, salt, package) if password else _as_it_is
    head = {
        "package": package,
        "collection": taken.collection,
        "unit": taken.unit,
        "when": taken.when,
        "place": taken.place,
        "state_file": taken.state_file,
        "salt": base64.b64encode(salt).decode(),
        "iterations": ITERATIONS,
    }
    before, after = _page().split("<!--DATA-->")
    stream.write(before.encode())
    stream.write(_island("head", _script_json(head), "application/json"))
    named = [
        (entry, [f"p{first + offset}" for offset in range(len(entry.pictures))])
        for entry, first in zip(taken.entries, _starts(taken.entries), strict=True)
    ]
    records = json.dumps([_record(entry, images) for entry, images in named], ensure_ascii=False).encode()
    stream.write(_item("records", records, seal))
    written = 0
    for entry, images in named:
        for picture, image in zip(entry.pictures, images, strict=True):
            done(written)
            stream.write(_item(image, picture.read(), seal))
            written += 1
    stream.write(_island("end", package))
    stream.write(after.encode())


def _page() -> str:
    parts = {name: resource(FOLDER, name).read_text("utf-8") for name in ("page.html", "page.css", "page.js")}
    return (
        parts["page.html"]
        .replace("/*STYLE*/", parts["page.css"].strip())
        .replace("/*SCRIPT*/", parts["page.js"].strip())
    )


def _starts(entries: Sequence[TakenEntry]) -> Iterator[int]:
    """The number of each entry's first picture."""
    count = 0
    for entry in entries:
        yield count
        count += len(entry.pictures)


def _record(taken: TakenEntry, images: Iterable[str]) -> dict[str, Any]:
    entry = taken.entry
    return {
        "certificate": entry.certificate.id,
        "row": taken.row,
        "serial": entry.teacher.serial,
        "name": entry.teacher.name,
        "title": taken.title,
        "kind": entry.certificate.kind,
        "short": taken.short,
        "digits": entry.certificate.number,
        "find": taken.find,
        "fields": [
            {
                "label": field.label,
                "shown": field.shown,
                "copied": field.copied,
                "remark": field.remark,
                "number": field.id in NUMBERS,
            }
            for field in entry.fields
        ],
        "pages": [
            {"label": picture.label, "image": image}
            for picture, image in zip(taken.pictures, images, strict=True)
        ],
    }


def _item(name: str, data: bytes, seal: Seal) -> bytes:
    return _island(name, base64.b64encode(seal(name, data)).decode())


def _island(name: str, text: str, kind: str = "text/plain") -> bytes:
    return f'<script type="{kind}" id="{name}">{text}</script>\n'.encode()


def _script_json(values: dict[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")


def _as_it_is(_name: str, data: bytes) -> bytes:
    return data


def _sealing(password: str, salt: bytes, package: str) -> Seal:
    from Cryptodome.Cipher import AES

    typed = unicodedata.normalize("NFC", password).encode()
    key = hashlib.pbkdf2_hmac("sha256", typed, salt, ITERATIONS, KEY_BYTES)

    def seal(name: str, data: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
        cipher.update(f"{package}:{name}".encode())
        sealed, tag = cipher.encrypt_and_digest(data)
        return nonce + sealed + tag

    return seal
