"""What a deal comes to, in one clear line."""

from __future__ import annotations

from dataclasses import dataclass

from certclerk.core.records import Teacher
from certclerk.core.stack import Deal, tally
from certclerk.core.wording import named


@dataclass(frozen=True, slots=True)
class Line:
    """``even``: the pages come out right."""

    text: str
    even: bool


def teacher_label(teacher: Teacher) -> str:
    return f"{teacher.serial} {named(teacher.name)}"


def tally_line(held: Deal, last: Teacher | None) -> Line:
    """126 人 × 3 页 = 378，实有 377：少 1 页. ``last`` is the teacher of the last row that has a page."""
    found, each = tally(held), len(held.columns)
    if not found.room:
        return Line("没有可以放页的教师：都已经有页，或都不在采集范围。", even=False)
    people = f"{found.people} 人"
    if found.certificates != found.people:
        people = f"{people} {found.certificates} 本证书"
    wanted = (
        f"{people} × {each} 页 = {found.room}"
        if found.room == found.certificates * each
        else f"{people}除去已有的，还要 {found.room} 页"
    )
    words, even = _comparison(held, last)
    parts = [f"{wanted}，实有 {found.pages}：{words}"]
    if found.aside:
        parts.append(f"抽出 {found.aside} 页，会到待归位")
    return Line("；".join(parts), even)


def _comparison(held: Deal, last: Teacher | None) -> tuple[str, bool]:
    found = tally(held)
    if found.beyond:
        gaps = f"，中间空 {found.gaps} 格" if found.gaps else ""
        return f"多 {found.beyond} 页{gaps}", False
    if found.placed == found.room:
        return "正好", not found.aside
    if found.reached == found.certificates or last is None:
        return f"少 {found.room - found.placed} 页", False
    short = f"到这里少 {found.gaps} 页" if found.gaps else "到这里正好"
    return f"放到 {teacher_label(last)} 为止，{short}", not found.gaps and not found.aside
