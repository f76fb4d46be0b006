"""Identity document numbers: GB 11643-1999 (18 characters), its 15-digit predecessor, travel permits."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
SEXES = ("男", "女")


class Document(StrEnum):
    """What an identity number's shape says it is."""

    RESIDENT = "身份证"
    LEGACY = "15位身份证"
    HK_MACAO_PERMIT = "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "台胞证"
    UNKNOWN = ""


_SHAPES = (
    (re.compile(r"[0-9]{17}[0-9X]"), Document.RESIDENT),
    (re.compile(r"[0-9]{15}"), Document.LEGACY),
    (re.compile(r"[HM][0-9]{8}"), Document.HK_MACAO_PERMIT),
    (re.compile(r"[0-9]{8}"), Document.TAIWAN_PERMIT),
)


def document(number: str) -> Document:
    for shape, kind in _SHAPES:
        if shape.fullmatch(number):
            return kind
    return Document.UNKNOWN


def check_character(first_17: str) -> str:
    """ISO 7064 MOD 11-2, as GB 11643 prescribes it."""
    total = sum(map(mul, map(int, first_17), WEIGHTS))
    return CHECK_CHARACTERS[total % 11]


def has_valid_check(number: str) -> bool:
    """Whether an 18-character number's last one is right; False for what has no such shape."""
    return document(number) is Document.RESIDENT and number[17] == check_character(number[:17])


def as_resident(number: str) -> str:
    """The 18 characters that a 15-digit number became in 1999: the century, and a check character. Empty
    for what is no such number, or has an impossible date of birth."""
    if document(number) is not Document.LEGACY or birth_date(number) is None:
        return ""
    first_17 = f"{number[:6]}19{number[6:]}"
    return first_17 + check_character(first_17)


def birth_date(number: str) -> date | None:
    """The date of birth in an 18- or 15-character number; None where there is none or it is impossible."""
    kind = document(number)
    if kind is Document.RESIDENT:
        digits = number[6:14]
    elif kind is Document.LEGACY:
        digits = "19" + number[6:12]
    else:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """男 or 女 by the sequence digit (odd is male); empty where the document does not say."""
    kind = document(number)
    if kind is Document.RESIDENT:
        digit = number[16]
    elif kind is Document.LEGACY:
        digit = number[14]
    else:
        return ""
    return "男" if int(digit) % 2 else "女"


def masked(number: str) -> str:
    """For captions: the first and last four characters."""
    return number if len(number) <= 8 else f"{number[:4]}…{number[-4:]}"
