"""Annex 1 of 2,000 rows: the seconds that its workbook, its PDF and the bureau's form take.

python tests/bench/bench_annex.py [ROWS]     (the figure to hold: workbook and PDF together under 2 s)

Each is the best of several runs, with the seconds of computing beside it, which others on the machine change less.
The cells are what schools write: notes in one row of six, three kinds, long subjects.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Border, Side

from certclerk.core.form import Form, FormMapping, annex_columns
from certclerk.core.records import Certificate, Filing, Roster, Teacher
from certclerk.core.submission import plan
from certclerk.jobs.collections import default_notice
from certclerk.output.form import filled_form
from certclerk.output.workbook import workbook_bytes
from certclerk.printing.tables import pdf_bytes

ROWS = 2000
RUNS = 3
DAY = date(2032, 3, 1)
KINDS = ("高级中学", "初级中学", "中等职业学校实习指导")
SUBJECTS = ("语文", "数学", "信息技术（计算机应用与维护）", "体育与健康", "思想政治")
NOTES = ("", "", "换发", "2015年因遗失补发，原证书号码不变，见备注页", "", "曾用名：王小芳")
NAMES = ("王芳", "李娜", "阿依古丽·买买提", "䶮一鸣", "欧阳修远")


def teacher(number: int) -> Teacher:
    return Teacher(
        id=number,
        serial=number,
        name=NAMES[number % len(NAMES)],
        sex="男女"[number % 2],
        id_number=f"35050219850101{number % 10000:04}",
        note=NOTES[number % len(NOTES)],
        certificates=(
            Certificate(
                id=number,
                teacher_id=number,
                kind=KINDS[number % len(KINDS)],
                subject=SUBJECTS[number % len(SUBJECTS)],
                number=f"20133500542{number:06}",
                authority="泉州市教育局",
                issued="2013-07-01",
            ),
        ),
    )


def best(work: Callable[[], bytes]) -> tuple[float, float]:
    """Seconds on the clock and of computing."""
    runs = []
    for _ in range(RUNS):
        clock, computed = time.perf_counter(), time.process_time()
        work()
        runs.append((time.perf_counter() - clock, time.process_time() - computed))
    return min(runs)


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    notice = default_notice()
    roster = Roster(Filing("泉州第一中学", "陈小明", "22138813"), tuple(map(teacher, range(1, rows + 1))))
    submission = plan(roster, notice, DAY)
    annex, table = next(
        pair for pair in zip(notice.annexes, submission.annexes, strict=True) if pair[0].kind == "roster"
    )
    columns = annex_columns(annex, notice)
    book, side = Workbook(), Side(style="thin")
    for column, (_, title) in enumerate(columns, start=1):
        for row in (1, 2):
            book.active.cell(row, column).border = Border(left=side, right=side, top=side, bottom=side)
        book.active.cell(1, column, title)
    stream = io.BytesIO()
    book.save(stream)
    mapping = FormMapping("Sheet", 1, 1, tuple((at, key) for at, (key, _) in enumerate(columns)))
    form = Form(annex.file, "表样.xlsx", mapping, stream.getvalue())
    pdf_bytes(plan(Roster(roster.filing, roster.teachers[:1]), notice, DAY).annexes[0])
    print(f"{len(table.grid.rows)} rows         clock  computing  (seconds)")
    for name, work in (
        ("tables planned", lambda: plan(roster, notice, DAY)),
        ("workbook", lambda: workbook_bytes(table, DAY)),
        ("PDF", lambda: pdf_bytes(table)),
        ("bureau's form", lambda: filled_form(form, table, annex, notice, DAY)),
    ):
        clock, computed = best(work)  # type: ignore[arg-type]
        print(f"{name:<18}{clock:>7.2f}{computed:>11.2f}")


if __name__ == "__main__":
    main()
