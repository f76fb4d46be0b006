"""People's names and the file names made from them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MIDDLE_DOT = "\u00b7"
# Stand-ins for U+00B7 between the parts of a name; NFKC does not map them. "．" is "." by then.
_DOTS = str.maketrans(dict.fromkeys("\u2022\u30fb\u2027\uff65\u2219\u22c5\u0387.", MIDDLE_DOT))
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_SPACES = re.compile(r"\s+")
# What nobody sees but copying brings along: zero width, soft hyphen, writing direction, control characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)

_HAN_RANGES = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2FA1F),
    (0x30000, 0x3347F),
)
_PRIVATE_RANGES = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
# U+3007 stands in names and numbers alike and is no ideograph block of its own.
_HAN_EXTRAS = "\u3007"

# The ideographs of Unicode 1.1, all of which GBK has.
_PLAIN = re.compile("[\u4e00-\u9fa5]+")

# Bytes in UTF-8 of a file's name: ext4 takes 255, NTFS as many UTF-16 units; some are left for what programs add.
MOST_NAME_BYTES = 200
# UTF-16 units of a unit's or person's name within a file's: Windows' 260 of a path hold two, and the clerk's folder.
MOST_PART_UNITS = 48
CUT = "…"
# What a name ends in that must stay: a number in brackets, a kind of file.
_TAIL = re.compile(r"(?:（[^（）]{1,24}）)?(?:\.[A-Za-z]{1,8})?$")
_WINDOWS_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\x85\u2028\u2029]')
_AROUND = re.compile(r"^[\s.]+|[\s.]+$")
_WINDOWS_RESERVED = re.compile(
    r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3]) *(\.|$)", re.IGNORECASE
)
# Bounded, because int() refuses more than 4300 digits.
_DIGITS = re.compile(r"([0-9]{1,300})")

# Names have few characters of their own, and every check of a roster asks about each of them again.
_once_a_character = lru_cache(maxsize=8192)


def half_width(text: str) -> str:
    """Full-width ASCII (U+FF01 to U+FF5E) and U+3000 to half width; other characters stay."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def without_spaces(text: str) -> str:
    return _SPACES.sub("", _UNSEEN.sub("", text))


def single_spaced(text: str) -> str:
    return _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()


def normalise_name(text: str) -> str:
    """No spaces between Han characters, one between Latin words, dots as U+00B7, NFC.

    NFC is applied to all but compatibility ideographs, which it would turn into other characters.
    """
    plain = single_spaced(half_width(text))
    if any(is_han(char) for char in plain):
        plain = plain.replace(" ", "").translate(_DOTS)
    return re.sub(f"{MIDDLE_DOT}+", MIDDLE_DOT, _composed(plain)).strip()


def _composed(text: str) -> str:
    pieces = re.split(r"([\uf900-\ufaff\U0002f800-\U0002fa1f]+)", text)
    return "".join(
        piece if index % 2 else unicodedata.normalize("NFC", piece) for index, piece in enumerate(pieces)
    )


def is_plain(name: str) -> bool:
    """Whether all of it is Han that any Chinese software writes: most names, and nothing to look at in them."""
    return _PLAIN.fullmatch(name) is not None


@_once_a_character
def is_han(char: str) -> bool:
    return char in _HAN_EXTRAS or any(low <= ord(char) <= high for low, high in _HAN_RANGES)


def is_private(char: str) -> bool:
    """A private-use code point: the sign of an old input method."""
    return any(low <= ord(char) <= high for low, high in _PRIVATE_RANGES)


@_once_a_character
def is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN ")


@_once_a_character
def is_rare(char: str) -> bool:
    """Whether old Chinese software (GBK) cannot write it."""
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return True
    return False


def safe_file_name(name: str) -> str:
    """``name`` made storable on Windows: forbidden characters, reserved names, dots and spaces around, none unseen.

    One that is too long for a folder loses the middle: the end tells namesakes and kinds of file apart.
    """
    safe = _AROUND.sub("", _UNSEEN.sub("", _WINDOWS_FORBIDDEN.sub("_", _composed(name))))
    if not safe or _WINDOWS_RESERVED.match(safe):
        safe = "_" + safe
    return _shortened(safe, MOST_NAME_BYTES, "utf-8")


def file_name_part(name: str) -> str:
    """A unit's or person's name for a pattern of file names, so short that all else in the pattern stays."""
    return _shortened(name, 2 * MOST_PART_UNITS, "utf-16-le")


def _shortened(name: str, most: int, encoding: str) -> str:
    """``name``, cut before its tail to at most so many bytes in ``encoding``."""
    if len(name.encode(encoding, "surrogatepass")) <= most:
        return name
    tail = _TAIL.search(name)
    end = tail[0] if tail else ""
    room = most - len(f"{CUT}{end}".encode(encoding))
    start = name[: len(name) - len(end)].encode(encoding, "surrogatepass")[:room].decode(encoding, "ignore")
    return f"{start.rstrip()}{CUT}{end}"


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts 2 before 10: numbers as numbers, everything else by code point."""
    return tuple(
        (0, int(piece), piece) if index % 2 else (1, 0, piece)
        for index, piece in enumerate(_DIGITS.split(text))
        if piece
    )
