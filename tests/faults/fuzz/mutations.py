"""How sound bytes become hostile ones; each change is drawn from a ``Random``, so that its number brings it back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

Mutation = Callable[[bytes, Random], bytes]

# Numbers at which sizes, counts and offsets go wrong.
EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
WORDS: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, 10**30, 1e308, -0.5, "", "a", "\0", "\ud800", "../x", "9" * 5000, "长" * 70_000,
    [], {}, [[]], {"": 0}, "2031-13-45", "0001-01-01T00:00:00+14:00",
)  # fmt: skip
DEEP = 100_000


def flips(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def spliced(data: bytes, random: Random) -> bytes:
    """A piece of it again at another place."""
    start, to = random.randrange(len(data)), random.randrange(len(data))
    piece = data[start : start + random.randint(1, 200)]
    return data[:to] + piece + data[to + (len(piece) if random.random() < 0.5 else 0) :]


def run_of_ff(data: bytes, random: Random) -> bytes:
    start, length = random.randrange(len(data)), random.randint(1, 64)
    return data[:start] + b"\xff" * length + data[start + length :]


def odd_number(data: bytes, random: Random) -> bytes:
    """A field of 1 to 4 bytes, in either order, with a number on an edge."""
    size = random.choice((1, 2, 4))
    number = random.choice(EDGES) & ((1 << 8 * size) - 1)
    start = random.randrange(max(1, len(data) - size))
    return data[:start] + number.to_bytes(size, random.choice(("big", "little"))) + data[start + size :]


BYTES: tuple[Mutation, ...] = (flips, cut, spliced, run_of_ff, odd_number)


def any_of(*mutations: Mutation) -> Mutation:
    """One to three of them, one after the other."""

    def mutate(data: bytes, random: Random) -> bytes:
        for _ in range(random.choice((1, 1, 2, 3))):
            data = random.choice(mutations)(data, random) if data else data
        return data

    return mutate


ANY_BYTES = any_of(*BYTES)


def within_zip(data: bytes, random: Random) -> bytes:
    """A sound archive around one damaged member."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return ANY_BYTES(data, random)
    if not members:
        return data
    victim = random.choice(sorted(members))
    members[victim] = random.choice((ANY_BYTES, odd_text))(members[victim], random)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def odd_text(data: bytes, random: Random) -> bytes:
    """A number or a word of a text becomes an odd one."""
    odd = random.choice(
        (
            "",
            "-1",
            "0",
            "99999999999",
            "1" * 5000,
            "1e999",
            "NaN",
            "\u2028",
            "长" * 500,
            "]",
            "{",
            "<",
            "&#0;",
        )
    )
    pieces = data.split(random.choice((b'"', b">", b"=", b",", b"\n", b" ")))
    at = random.randrange(len(pieces))
    text = odd.encode()
    whole = data
    piece = pieces[at]
    start = sum(map(len, pieces[:at])) + at
    return whole[:start] + text + whole[start + len(piece) :]


def within_json(data: bytes, random: Random) -> bytes:
    """Sound JSON with one value, or one key, that nobody expects."""
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return ANY_BYTES(data, random)
    if random.random() < 0.03:
        return b"[" * DEEP + b"]" * DEEP
    _put(values, random)
    return json.dumps(values, ensure_ascii=True).encode()


def _put(values: Any, random: Random) -> None:
    while isinstance(values, dict | list) and values:
        key = random.choice(sorted(values)) if isinstance(values, dict) else random.randrange(len(values))
        if random.random() < 0.4 or not isinstance(values[key], dict | list) or not values[key]:
            change = random.randrange(4)
            if change == 0 and isinstance(values, dict):
                del values[key]
            elif change == 1 and isinstance(values, list):
                values.append(values[key])
            else:
                values[key] = random.choice(WORDS)
            return
        values = values[key]
