"""What a file's or folder's name says: a teacher's name, numbers, kinds and pages, or nothing certain.

A name is read only if every character of it is accounted for: 王芳芳_封面 says nothing of 王芳.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from certclerk.core.names import MIDDLE_DOT, half_width, is_han, single_spaced
from certclerk.core.notice import Notice

_SEPARATORS = " _-\u2013\u2014.\u3001,#()[]【】" + MIDDLE_DOT
_SEPARATOR_RUN = re.compile(f"[{re.escape(_SEPARATORS)}]+")
_DIGITS = re.compile(r"[0-9]{1,18}(?![0-9])")
# 第2页, 第二张, P1, scan0001: a running number that says so.
_PAGE_NUMBER = re.compile(
    r"第 ?([0-9]{1,4}|[一二三四五六七八九十]) ?[页张]|(?:page|scan|img|p)([0-9]{1,18})(?![0-9])"
)
_CHINESE_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九十", start=1)}
# The other characters that stand in for the dot between the parts of a name; "." is a separator, too.
_DOTS = str.maketrans(dict.fromkeys("\u2022\u30fb\u2027\uff65\u2219\u22c5\u0387", MIDDLE_DOT))
# Words that say nothing about where a page belongs.
_NOISE = ("教师资格证书", "教师资格证", "资格证书", "资格证", "证书", "扫描件", "扫描", "老师")


@dataclass(frozen=True, slots=True)
class Reading:
    """``name`` is a key of the roster's names; ``leading`` are the numbers before it, ``numbers`` those
    after it (all of them where there is no name). ``rank`` is the word group of the page's word.
    """

    name: str = ""
    leading: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    kinds: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    rank: int = 0


def folded(text: str) -> str:
    """``text`` as names are compared: half width, NFC, lower case, single spaces, dots as U+00B7."""
    return unicodedata.normalize("NFC", single_spaced(half_width(text.translate(_DOTS)))).casefold()


def name_key(name: str) -> str:
    """A person's name as it is compared: folded, without spaces, "." as U+00B7. Empty for no name."""
    return folded(name).replace(" ", "").replace(".", MIDDLE_DOT)


class Reader:
    """Reads names against one roster's people and one notice's words."""

    def __init__(self, names: Iterable[str], notice: Notice) -> None:
        self._names: dict[str, list[str]] = {}
        for key in sorted({name_key(name) for name in names} - {""}, key=len, reverse=True):
            self._names.setdefault(key[0], []).append(key)
        words: dict[str, Reading] = {name_key(word): Reading() for word in _NOISE}
        for kind in notice.kinds:
            for word in (kind.name, *kind.synonyms):
                words[name_key(word)] = Reading(kinds=frozenset({kind.name}))
        for slot in notice.slots:
            for rank, group in enumerate(slot.words):
                for word in group:
                    words[name_key(word)] = Reading(slots=frozenset({slot.id}), rank=rank)
        self._words = sorted(words.items(), key=lambda item: len(item[0]), reverse=True)

    def read(self, text: str) -> Reading | None:
        """None where anything in ``text`` is left over."""
        return self._read(folded(text), 0, Reading(), set())

    def mentioned(self, text: str) -> frozenset[str]:
        """Names that stand in ``text`` between something other than Han: a hint, never a proof."""
        plain = folded(text)
        found = set()
        for position in range(len(plain)):
            end, name = self._name_at(plain, position)
            if name and not any(
                is_han(char) for char in plain[max(0, position - 1) : position] + plain[end : end + 1]
            ):
                found.add(name)
        return frozenset(found)

    def _read(
        self, text: str, position: int, so_far: Reading, hopeless: set[tuple[int, bool]]
    ) -> Reading | None:
        """Longest words first, another choice where the rest cannot be read."""
        if position == len(text):
            return so_far
        if (position, bool(so_far.name)) in hopeless:
            return None
        for end, reading in self._choices(text, position, so_far):
            complete = self._read(text, end, reading, hopeless)
            if complete is not None:
                return complete
        hopeless.add((position, bool(so_far.name)))
        return None

    def _choices(self, text: str, position: int, so_far: Reading) -> Iterator[tuple[int, Reading]]:
        found = _SEPARATOR_RUN.match(text, position)
        if found:
            yield found.end(), so_far
            return
        found = _DIGITS.match(text, position)
        if found:
            yield found.end(), replace(so_far, numbers=(*so_far.numbers, int(found[0])))
            return
        if not so_far.name:
            end, name = self._name_at(text, position)
            if name:
                yield end, replace(so_far, name=name, leading=so_far.numbers, numbers=())
        found = _PAGE_NUMBER.match(text, position)
        if found:
            value = _CHINESE_DIGITS.get(found[1]) or int(found[1] or found[2])
            yield found.end(), replace(so_far, numbers=(*so_far.numbers, value))
        for word, says in self._words:
            end = _end_of(word, text, position)
            if end:
                yield end, _joined(so_far, says)

    def _name_at(self, text: str, position: int) -> tuple[int, str]:
        """The end and key of the longest name that starts here; 0 and empty where none does."""
        for key in self._names.get(text[position], ()):
            end = _end_of(key, text, position)
            if end:
                return end, key
        return 0, ""


def _end_of(key: str, text: str, position: int) -> int:
    """Where ``key`` ends that starts here, with any spaces between its characters; 0: it does not."""
    for wanted in key:
        while position < len(text) and text[position] == " ":
            position += 1
        if position == len(text):
            return 0
        here = text[position]
        if here != wanted and not (wanted == MIDDLE_DOT and here == "."):
            return 0
        position += 1
    return position


def _joined(so_far: Reading, says: Reading) -> Reading:
    rank = min(so_far.rank, says.rank) if so_far.slots and says.slots else max(so_far.rank, says.rank)
    return replace(so_far, kinds=so_far.kinds | says.kinds, slots=so_far.slots | says.slots, rank=rank)
