"""Finding a teacher by a part of the name, its pinyin, or any number."""

from __future__ import annotations

from functools import cache

from certclerk.core.names import half_width, is_han
from certclerk.core.records import Teacher


def matches(teacher: Teacher, query: str) -> bool:
    """``query`` as :func:`folded`; an empty one matches everybody.

    Latin letters also match pinyin: full (``zhangsan``), initials (``zs``) or mixed (``zhangs``), from any
    character of the name on. Digits match any part of an identity or certificate number.
    """
    if not query or query in teacher.name.casefold():
        return True
    if query[0].isascii() and query.isalnum():
        numbers = (teacher.id_number, *(certificate.number for certificate in teacher.certificates))
        if query == str(teacher.serial) or any(query in number.casefold() for number in numbers):
            return True
        return query.isalpha() and _sounds_like(teacher.name, query)
    return False


def folded(text: str) -> str:
    """What was typed, as :func:`matches` wants it."""
    return "".join(half_width(text).casefold().split())


def _sounds_like(name: str, query: str) -> bool:
    syllables = [_readings(char) for char in name if is_han(char)]
    return any(_spells(query, syllables, start) for start in range(len(syllables)))


def _spells(query: str, syllables: list[tuple[str, ...]], start: int) -> bool:
    """Whether ``query`` is made of beginnings of the syllables from ``start`` on, at least a letter of each."""
    if not query:
        return True
    if start == len(syllables):
        return False
    return any(
        _spells(query[length:], syllables, start + 1)
        for reading in syllables[start]
        for length in range(1, len(reading) + 1)
        if query.startswith(reading[:length])
    )


@cache
def _readings(char: str) -> tuple[str, ...]:
    """All readings of a character without tones; ü is v, as it is typed. None for what pypinyin lacks."""
    # Imported here: its dictionaries take a quarter of the start-up time.
    from pypinyin import Style, pinyin

    found = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(found[0]) if found else ()
