"""What the program makes of a text while it is being typed into a field."""

from __future__ import annotations

from dataclasses import dataclass

from certclerk.core.identity import SEXES
from certclerk.core.normalise import is_understood, normalised
from certclerk.core.notice import Notice

# What is said of a text that is not understood; of other fields nothing is, while they are being typed.
_DOUBTS = {
    "issued": "不是能识别的日期",
    "sex": "性别是“男”或“女”",
    "kind": "不是通知里的资格种类",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """``understood`` False: the text stays as it stands and becomes a finding."""

    words: str
    understood: bool


def choices(field: str, notice: Notice) -> tuple[str, ...]:
    """What is offered while typing into a field."""
    match field:
        case "sex":
            return SEXES
        case "kind":
            return tuple(kind.name for kind in notice.kinds)
        case "authority":
            return notice.authorities
    return ()


def reading(field: str, text: str, notice: Notice) -> Reading | None:
    """None where nothing needs to be said: the text is kept just as it was typed, or is not finished yet."""
    if not text.strip():
        return None
    value = normalised(field, text, notice)
    doubt = _DOUBTS.get(field)
    if doubt and not (value and is_understood(field, value, notice)):
        begun = any(value in offered for offered in choices(field, notice))
        return None if begun else Reading(f"{doubt}，将按原文保留并列为问题", understood=False)
    if field == "issued":
        only_month = "（只到月）" if len(value) == len("2010-09") else ""
        return Reading(f"→ {value}{only_month}", understood=True)
    return None if value == text else Reading(f"→ {value}", understood=True)
