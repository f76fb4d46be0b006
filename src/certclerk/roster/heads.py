"""Which field a column's head means: the notice's own titles first, then what schools write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from certclerk.core.fields import FIELDS
from certclerk.core.names import half_width
from certclerk.core.notice import Notice

# Longer ones (characters) are no heads; looking for brackets in a cell full of them would take seconds.
_LONGEST_HEAD = 100
_BRACKETED = re.compile(r"[(\[{<【〔〈《][^)\]}>】〕〉》]*[)\]}>】〕〉》]")
_ALTERNATIVES = re.compile(r"[/／、|或]")
# What schools put before a head: 教师资格证书发证机关 is 发证机关. Longest first.
_PREFIXES = (
    "教师资格证书",
    "教师资格证",
    "教师资格",
    "资格证书",
    "资格证",
    "证书",
    "资格",
    "持证人",
    "教师",
    "本人",
)
# Heads that mean something else behind a prefix: 教师编号 is no 序号.
_BARE_ONLY = frozenset({"serial", "note"})

# Groups of columns whose 编号, 专业 and 取得时间 are of something else than the certificate.
_ELSE = re.compile(
    "学历|学位|毕业|学习|职称|职务|岗位|聘|普通话|计算机|英语|外语|培训|继续教育|荣誉|奖|家庭|配偶|子女|户籍|政治|党|工作|工资"
)

Heads = Mapping[str, tuple[str, int]]


def heads_of(notice: Notice) -> Heads:
    """By compact head: its field, and its rank (lower is surer) for when two columns claim a field."""
    return _heads(tuple((column.title, column.field) for annex in notice.annexes for column in annex.columns))


@cache
def _heads(titles: tuple[tuple[str, str], ...]) -> Heads:
    heads: dict[str, tuple[str, int]] = {}
    for title, field in titles:
        heads.setdefault(compact(title), (field, 0))
    for known in FIELDS:
        heads.setdefault(compact(known.title), (known.id, 1))
    for known in FIELDS:
        for rank, synonym in enumerate(known.synonyms, start=2):
            heads.setdefault(compact(synonym), (known.id, rank))
    return MappingProxyType(heads)


def meaning(text: str, heads: Heads) -> tuple[str, int] | None:
    """The field that a head names, and how surely; None where it is not understood."""
    if not text or len(text) > _LONGEST_HEAD:
        return None
    plain = compact(_BRACKETED.sub("", half_width(text)))
    # Last without its translation or number: 姓名 Name, 1.姓名.
    keys = dict.fromkeys((plain, compact(text), "".join(char for char in plain if not char.isascii())))
    for key in keys:
        if key in heads:
            return heads[key]
    for key in keys:
        for prefix in _PREFIXES:
            found = heads.get(key.removeprefix(prefix)) if key.startswith(prefix) else None
            if found is not None and found[0] not in _BARE_ONLY:
                return found[0], found[1] + 100
    return _meaning_of_one(_ALTERNATIVES.split(text), heads)


def _meaning_of_one(parts: Sequence[str], heads: Heads) -> tuple[str, int] | None:
    """身份证号/护照号 is an identity number; 姓名/性别 are two things, and neither."""
    if len(parts) < 2:
        return None
    fields = {found[0] for part in parts if (found := meaning(part, heads))}
    return (fields.pop(), 200) if len(fields) == 1 else None


def names_something_else(group: str) -> bool:
    """Whether a head over several columns (最高学历) is about another matter than teachers' certificates."""
    return "教师资格" not in group and _ELSE.search(group) is not None


def compact(text: str) -> str:
    """Letters and digits alone, half-width, in one case: line breaks, brackets and colons do not count.

    Of a long text only what a head could have.
    """
    return "".join(char for char in half_width(text[:_LONGEST_HEAD]).casefold() if char.isalnum())


def bare(text: str) -> str:
    """Compact and without what stands in brackets; empty for （18位）."""
    return compact(_BRACKETED.sub("", half_width(text[:_LONGEST_HEAD])))
