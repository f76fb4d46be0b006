"""Bytes of a text file into text, in whichever encoding Chinese programs save."""

from __future__ import annotations

import codecs
import unicodedata

from certclerk.core.errors import UserError

# The first must go before the second, whose mark begins like it.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# GB18030, never the gb2312 codec: that one reads A1A4 as U+30FB.
_PLAIN = ("utf-8", "gb18030")
_WIDE = ("utf-16-le", "utf-16-be")
_SAMPLE_CHARS = 4096
# Of text in a wrong encoding far more characters are none; of broken UTF-8 far fewer bytes are broken.
_SENSELESS_SHARE = 0.02
_BROKEN_SHARE = 0.1


def decoded(data: bytes, file: str) -> str:
    """Raises UserError ``roster_encoding``."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    candidates = (marked,) if marked else _WIDE if b"\0" in data else _PLAIN
    texts = [
        text
        for encoding in candidates
        if (text := _strictly(data, encoding)) is not None and "\0" not in text
    ]
    if not marked and b"\0" in data:
        # Read the wrong way round, tabs and digits are rare characters of far-off scripts.
        texts = sorted(filter(_sensible, texts), key=_ascii_share, reverse=True)
    if not texts or (not marked and _broken_utf8(data)):
        raise UserError("roster_encoding", file=file)
    return texts[0]


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _sensible(text: str) -> bool:
    sample = text[:_SAMPLE_CHARS]
    strange = sum(unicodedata.category(char) in ("Cn", "Cc") and not char.isspace() for char in sample)
    return strange <= len(sample) * _SENSELESS_SHARE


def _ascii_share(text: str) -> float:
    sample = text[:_SAMPLE_CHARS]
    return sum(map(str.isascii, sample)) / (len(sample) or 1)


def _broken_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 with some bytes lost: GB18030 would make other characters of it without a word."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return 0 < broken < _BROKEN_SHARE * sum(not char.isascii() for char in text)
