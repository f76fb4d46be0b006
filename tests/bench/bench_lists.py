"""What comes out of a large roster: the export beside openpyxl's plain write of the same cells, and the lists.

python tests/bench/bench_lists.py [TEACHERS]     default: 10000
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from openpyxl import Workbook

from certclerk.core.identity import check_character
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Filing, Roster, Teacher
from certclerk.core.roster_sheet import COLUMNS, choices, guide, sheet_rows
from certclerk.core.rules import check
from certclerk.jobs.export_roster import export
from certclerk.jobs.roster_lists import ListKind, Source, pdf, roster_list, workbook
from certclerk.output.roster_workbook import roster_workbook
from certclerk.system.notices import shipped_notices

T = TypeVar("T")

DAY = date(2032, 3, 1)
REPEATS = 3


def teacher(index: int, notice: Notice) -> Teacher:
    """Every tenth has two certificates."""
    first = f"3599{index // 1000:02}19800101{index % 1000:03}"
    names = "".join(chr(0x4E00 + index * 7 % 5000 + offset) for offset in (1, 40, 900))
    year = notice.cutoff.year + 1
    certificates = tuple(
        Certificate(
            2 * index + number,
            index,
            kind.name,
            "语文",
            f"{year}{notice.province}990{kind.digit}{2 - index % 2}{index:06}",
            notice.authorities[0],
            f"{year}-07-01",
        )
        for number, kind in enumerate(notice.collected_kinds[: 2 if index % 10 == 0 else 1])
    )
    return Teacher(
        index,
        index,
        names,
        "男" if index % 2 else "女",
        first + check_character(first),
        certificates=certificates,
    )


def plainly(rows: list[tuple[str, ...]]) -> bytes:
    """The same cells with nothing about them."""
    book = Workbook()
    book.active.append(COLUMNS)
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def best(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of the fastest of a few runs, and what it made."""
    spent = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        made = work()
        spent.append(time.perf_counter() - begun)
    return min(spent), made


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    notice = shipped_notices()[0]
    teachers = tuple(teacher(index, notice) for index in range(1, count + 1))
    roster = Roster(Filing(notice.units[0].name, "陈敏", "22000000"), teachers)
    rows = [row.values for row in sheet_rows(teachers)]
    plain, data = best(lambda: plainly(rows))
    print(f"{count} teachers, {len(rows)} rows of {len(COLUMNS)} cells")
    print(f"  openpyxl, plain     {plain:6.2f} s   {len(data) / 1e6:5.2f} MB")
    written, data = best(lambda: roster_workbook(rows, choices(notice), guide(notice), DAY))
    print(f"  written             {written:6.2f} s   {len(data) / 1e6:5.2f} MB   {written / plain:.2f} of it")
    proven, made = best(lambda: export(roster, notice, DAY))
    print(f"  written, read back  {proven:6.2f} s   {len(made.losses)} losses   {proven / plain:.2f} of it")
    source = Source(roster, notice, check(roster, notice, DAY), DAY)
    for kind in ListKind:
        spent, listed = best(lambda kind=kind: roster_list(kind, source))
        print(f"  {kind:<12}list    {spent:6.2f} s   {len(listed.table.grid.rows)} rows")
    few = replace(source, roster=replace(roster, teachers=teachers[:500]))
    listed = roster_list(ListKind.SIGNATURES, few)
    for name, work in (
        ("PDF", lambda: pdf(listed.table)),
        ("xlsx", lambda: workbook(ListKind.SIGNATURES, listed, few)),
    ):
        spent, data = best(work)
        print(f"  500 to sign, {name:<5}  {spent:6.2f} s   {len(data) / 1e6:5.2f} MB")


if __name__ == "__main__":
    main()
