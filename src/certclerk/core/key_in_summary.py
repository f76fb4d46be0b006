"""录入汇总: what was keyed in, what could not be and why, for the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from certclerk.core.fields import title
from certclerk.core.keying import KeyEntry, KeyState
from certclerk.core.records import Filing
from certclerk.core.roster_list import Column, RosterList, list_table, unit_and_day
from certclerk.core.wording import named

TITLE = "教师资格证书录入汇总"
COLUMNS = (
    Column("序号", 6.0),
    Column(title("name"), 11.0),
    Column(title("kind"), 14.0),
    Column(title("number"), 20.0),
    Column("状态", 12.0),
    Column("原因", 24.0, left=True),
    Column("时间", 16.0),
)


def key_in_summary(entries: Sequence[KeyEntry], filing: Filing) -> RosterList:
    """``filing.unit`` is the official name and ``filing.filled_on`` the day of the list."""
    table = list_table(
        TITLE,
        unit_and_day(filing),
        COLUMNS,
        map(_row, entries),
        unit=filing.unit,
        landscape=True,
        foot=summary(entries),
    )
    return RosterList(table, summary(entries), "", tuple(entry.teacher.id for entry in entries))


def summary(entries: Sequence[KeyEntry]) -> str:
    """How many stand how, in a sentence."""
    if not entries:
        return "没有需要录入的证书。"
    states = [entry.state for entry in entries]
    counts = "，".join(
        f"{state.value} {states.count(state)} 本"
        for state in KeyState
        if states.count(state) or state is not KeyState.CHANGED
    )
    return f"共 {len(entries)} 本：{counts}。"


def _row(entry: KeyEntry) -> tuple[int | str, ...]:
    teacher, keying = entry.teacher, entry.keying
    at = f"{datetime.fromisoformat(keying.at).astimezone():%Y-%m-%d %H:%M}" if keying else ""
    return (
        teacher.serial,
        named(teacher.name),
        entry.certificate.kind,
        entry.certificate.number,
        entry.state.value,
        keying.reason if keying else "",
        at,
    )
