"""One value as the record keeps it, whichever way it came: workbook, typing or paste.

What is not understood is kept as the clerk gave it, trimmed; a rule then reports it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from certclerk.core import identity
from certclerk.core.certificate_number import parse_number
from certclerk.core.dates import from_iso, parse_date
from certclerk.core.names import half_width, normalise_name, single_spaced, without_spaces
from certclerk.core.notice import Notice

_SEXES = {"男": "男", "女": "女", "男性": "男", "女性": "女", "M": "男", "F": "女"}
# An apostrophe forces text in spreadsheets and comes along when cells are copied.
_APOSTROPHES = "'‘’`"
_MONTH_OR_TENTH = re.compile(r"[0-9]{4}\.1")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def normalised(field_id: str, raw: str, notice: Notice) -> str:
    """``raw`` as the record keeps it in ``field_id``; synonyms and forms are those of ``notice``."""
    return _READERS[field_id](raw, notice)


def is_understood(field_id: str, text: str, notice: Notice) -> bool:
    """Whether a normalised value is of the form that ``field_id`` has; a blank and free text always are."""
    fits = _FITS.get(field_id)
    return not text or fits is None or fits(text, notice)


def has_lost_digits(field_id: str, text: str) -> bool:
    """Whether a spreadsheet that took a long number for one shows it so: 3.50502E+17."""
    return field_id in ("id_number", "number") and _SCIENTIFIC.fullmatch(half_width(text).strip()) is not None


def is_month_or_tenth(field_id: str, text: str) -> bool:
    """Whether it is January, or what a spreadsheet made of October: 2010.10 as a number is 2010.1."""
    return field_id == "issued" and _MONTH_OR_TENTH.fullmatch(half_width(text).strip()) is not None


def _text(raw: str, _notice: Notice) -> str:
    return single_spaced(raw)


def _subject(raw: str, _notice: Notice) -> str:
    return _BETWEEN_HAN.sub("", single_spaced(raw))


def _name(raw: str, _notice: Notice) -> str:
    return normalise_name(single_spaced(raw).lstrip(_APOSTROPHES))


def _sex(raw: str, _notice: Notice) -> str:
    text = _compact(raw).strip(_APOSTROPHES)
    return _SEXES.get(text.upper(), text)


def _code(raw: str, _notice: Notice) -> str:
    return _compact(raw).strip(_APOSTROPHES).upper()


def _kind(raw: str, notice: Notice) -> str:
    text = _compact(raw).strip(_APOSTROPHES)
    bare = re.sub(r"(教师)?(资格)?(证书|证)?$", "", text)
    for wanted in (text, bare):
        for kind in notice.kinds:
            if wanted == kind.name or wanted in kind.synonyms:
                return kind.name
    for kind in notice.kinds:
        if text in (_compact(name) for name in (kind.name, *kind.synonyms)):
            return kind.name
    return text


def _authority(raw: str, notice: Notice) -> str:
    text = _compact(raw)
    return next((name for name in notice.authorities if _compact(name) == text), text)


# A kind is compared with each of its notice's synonyms, the same few for every row.
@lru_cache(maxsize=4096)
def _compact(text: str) -> str:
    return without_spaces(half_width(text))


def _date(raw: str, _notice: Notice) -> str:
    understood = parse_date(raw.strip().strip(_APOSTROPHES))
    return understood.iso if understood else single_spaced(raw)


_READERS: dict[str, Callable[[str, Notice], str]] = {
    "serial": _code,
    "name": _name,
    "sex": _sex,
    "id_number": _code,
    "kind": _kind,
    "subject": _subject,
    "number": _code,
    "authority": _authority,
    "issued": _date,
    "note": _text,
}

_FITS: dict[str, Callable[[str, Notice], bool]] = {
    "sex": lambda text, _: text in identity.SEXES,
    "id_number": lambda text, _: identity.document(text) is not identity.Document.UNKNOWN,
    "kind": lambda text, notice: notice.kind(text) is not None,
    "number": lambda text, _: parse_number(text) is not None,
    "issued": lambda text, _: from_iso(text) is not None,
}
