"""A roster imported again with one teacher in a hundred changed, beside the plain import of the same table.

python tests/bench/bench_merge.py [TEACHERS]     prints seconds and peak MB, as ratios to the import
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from certclerk.collection import create_collection
from certclerk.core.fields import FIELDS
from certclerk.core.identity import check_character
from certclerk.core.merging import merge_plan
from certclerk.core.notice import parse_notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedTeacher
from certclerk.jobs.merge_roster import merge

NOTICE = Path(__file__).resolve().parents[2] / "resources" / "notices" / "quanzhou-2017-1.toml"
TEACHERS = 10_000
CHANGED_ONE_IN = 100

T = TypeVar("T")


def teacher(index: int) -> ProposedTeacher:
    """Invented, everything right; every fiftieth shares a name."""
    digits = f"3599011980{index // 1000 % 12 + 1:02}{index // 100 % 28 + 1:02}{index % 500 * 2:03}"
    return ProposedTeacher(
        name=f"教师{index // 50}",
        sex="女",
        id_number=digits + check_character(digits),
        serial=index + 1,
        certificates=(
            ProposedCertificate("高级中学", "语文", f"20133599042{index:06}", "泉州市教育局", "2013-07-01"),
        ),
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def peak_of(work: Callable[[], object]) -> float:
    """MB of Python's own at the peak; tracing makes it some ten times slower, so it is a run of its own."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TEACHERS
    notice = parse_notice(NOTICE.read_text(encoding="utf-8"), NOTICE.name)
    table = [teacher(index) for index in range(count)]
    again = [
        replace(one, note="返聘") if place % CHANGED_ONE_IN == 0 else one for place, one in enumerate(table)
    ]
    fields = {field.id for field in FIELDS}
    with (
        tempfile.TemporaryDirectory() as folder,
        create_collection(Path(folder) / "大.certclerk", notice, Filing("泉州第一中学")) as collection,
    ):

        def plain() -> None:
            with collection.change("导入") as change:
                change.add_teachers(table)

        _, imported = timed(plain)
        _, undone_import = timed(collection.undo)
        imported_mb = peak_of(plain)
        teachers = collection.roster().teachers
        plan, planned = timed(lambda: merge_plan(teachers, again, fields, notice))
        planned_mb = peak_of(lambda: merge_plan(teachers, again, fields, notice))
        merged, applied = timed(lambda: merge(collection, plan))
        _, undone = timed(collection.undo)
        applied_mb = peak_of(lambda: merge(collection, plan))
    print(f"{count} teachers: {merged.summary}")
    for name, seconds in (
        ("its undo", undone_import),
        ("plan", planned),
        ("apply", applied),
        ("undo", undone),
    ):
        print(f"{name:9} {seconds:6.2f} s, {seconds / imported:.2f} of the import's {imported:.2f} s")
    for name, megabytes in (("plan", planned_mb), ("apply", applied_mb)):
        print(
            f"{name:9} {megabytes:6.1f} MB, {megabytes / imported_mb:.2f} of the import's {imported_mb:.1f} MB"
        )


if __name__ == "__main__":
    main()
