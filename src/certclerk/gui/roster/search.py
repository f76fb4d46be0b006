"""Finding a teacher by a part of the name, its pinyin, or any number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from certclerk.core.names import half_width, is_han
from certclerk.core.records import Teacher

# As many names are kept spelled as the largest rosters have teachers.
MOST_NAMES = 20_000


@dataclass(slots=True)
class _Entry:
    """What is looked through for one teacher; it holds as long as the record is that one."""

    teacher: Teacher
    name: str
    numbers: str


class Finder:
    """Looks through a roster again and again; a record that was not changed is prepared only once."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self._last: tuple[Sequence[Teacher], str, list[Teacher]] = ((), "", [])

    def found(self, teachers: Sequence[Teacher], query: str) -> list[Teacher]:
        """Those who match, in their order; ``query`` as :func:`folded`, an empty one matches everybody."""
        if not query:
            return list(teachers)
        spelled = query.isascii() and query.isalpha()
        searched, former, left = self._last
        # With a letter more, only who was found until now can be.
        narrower = spelled and searched is teachers and former.isalpha() and query.startswith(former)
        sound = _sound(query) if spelled else None
        number = query if query.isascii() and query.isalnum() else None
        found = [
            teacher
            for teacher in (left if narrower else teachers)
            if query in (entry := self._entry(teacher)).name
            or (number is not None and (number in entry.numbers or number == str(teacher.serial)))
            or (sound is not None and sound.search(_spelled(teacher.name)))
        ]
        self._last = (teachers, query, found)
        return found

    @staticmethod
    def prepare(teachers: Iterable[Teacher]) -> None:
        """Spells all names, which takes a second the first time; any thread may do it."""
        for teacher in teachers:
            _spelled(teacher.name)

    def _entry(self, teacher: Teacher) -> _Entry:
        entry = self._entries.get(teacher.id)
        if entry is None or entry.teacher is not teacher:
            numbers = (teacher.id_number, *(certificate.number for certificate in teacher.certificates))
            entry = _Entry(teacher, teacher.name.casefold(), "\n".join(numbers).casefold())
            self._entries[teacher.id] = entry
        return entry


def matches(teacher: Teacher, query: str) -> bool:
    """``query`` as :func:`folded`; an empty one matches everybody.

    Latin letters also match pinyin: full (``zhangsan``), initials (``zs``) or mixed (``zhangs``), from any
    character of the name on. Digits match any part of an identity or certificate number.
    """
    return bool(Finder().found([teacher], query))


def folded(text: str) -> str:
    """What was typed, as :func:`matches` wants it."""
    return "".join(half_width(text).casefold().split())


@cache
def _sound(query: str) -> re.Pattern[str]:
    """Finds ``query`` in what :func:`_spelled` gives: beginnings of neighbouring syllables, a letter at least."""
    to_next_syllable = "(?:[a-z|]*+ (?:[a-z|]*[|])?)?"
    return re.compile("(?:^|[ |])" + to_next_syllable.join(query))


@lru_cache(MOST_NAMES)
def _spelled(name: str) -> str:
    """A name's syllables, a space between them and a bar between the readings of one: ``dan|shan xiong``."""
    return " ".join("|".join(_readings(char)) for char in name if is_han(char))


@cache
def _readings(char: str) -> tuple[str, ...]:
    """All readings of a character without tones; ü is v, as it is typed. None for what pypinyin lacks."""
    # Imported here: its dictionaries take a quarter of the start-up time.
    from pypinyin import Style, pinyin

    found = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(found[0]) if found else ()
