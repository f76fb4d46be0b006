"""Every table file under a folder through the door that the clerk's files go through.

python tests/bench/bench_read.py FOLDER [--list]     prints a table; --list also what became of each file
python tests/bench/bench_read.py                     the cost of a child, and the largest table that is read

With a folder it exits with 1 if a file came to anything but a workbook or a sentence, hung, or took 500 MB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from certclerk.core.errors import UserError
from certclerk.core.fields import FIELDS
from certclerk.core.notice import Notice
from certclerk.jobs.import_roster import best_reading, read
from certclerk.system.notices import shipped_notices

_WORKBOOKS = (".xls", ".xlt", ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".ods", ".ots", ".et")
_OTHERS = (".csv", ".tsv", ".tab", ".xml", ".fods", ".slk", ".dif", ".wk1")
SUFFIXES = frozenset({*_WORKBOOKS, *_OTHERS})
# The reader's time is capped at 10 s; understanding the table comes on top.
MOST_SECONDS = 12
MOST_MB = 500


@dataclass(frozen=True)
class Outcome:
    path: Path
    result: str
    reading: float
    understanding: float
    child_mb: float

    @property
    def seconds(self) -> float:
        return self.reading + self.understanding


def table_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            yield path


def outcome_of(path: Path, notice: Notice) -> Outcome:
    """``result`` is 'roster', 'no head', a sentence's code, or the name of what nobody expected."""
    started = read_at = time.perf_counter()
    try:
        workbook = read(path)
        read_at = time.perf_counter()
        proposal = best_reading(workbook, notice).proposal
        assert proposal.read == len(proposal.accepted) + len(proposal.skipped) + len(proposal.refused)
        result = "roster"
    except UserError as error:
        result = "no head" if error.code == "roster_no_head" else error.code
        read_at = read_at if result == "no head" else time.perf_counter()
    except Exception as error:
        result = f"BUG {type(error).__name__}: {str(error).strip().splitlines()[-1:]}"
        read_at = time.perf_counter()
    return Outcome(path, result, read_at - started, time.perf_counter() - read_at, children_mb())


def children_mb() -> float:
    """Of the child that took most so far; each counts at least what this process took when it began."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def own_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(outcomes: list[Outcome]) -> None:
    kinds = sorted({outcome.path.suffix.lower() for outcome in outcomes})
    results = Counter(outcome.result for outcome in outcomes)
    cells = Counter((outcome.result, outcome.path.suffix.lower()) for outcome in outcomes)
    print(f"{'':34}" + "".join(f"{kind:>7}" for kind in kinds) + f"{'all':>8}")
    for result, count in results.most_common():
        print(
            f"{result[:33]:34}" + "".join(f"{cells[result, kind] or '':>7}" for kind in kinds) + f"{count:8}"
        )
    print(f"{len(outcomes)} files; slowest:")
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.seconds)[:5]:
        print(
            f"  {outcome.reading:6.1f} s + {outcome.understanding:5.1f} s  {outcome.result}  {outcome.path}"
        )
    print(f"largest child {children_mb():.0f} MB, this process {own_mb():.0f} MB")


def largest() -> None:
    """As many teachers as cells allow, none like another, in a text table and in a workbook."""
    heads = [field.title for field in FIELDS]
    rows = [heads, *([f"{number:09}{column}" for column in range(len(heads))] for number in range(19_999))]
    with tempfile.TemporaryDirectory() as folder:
        small, text, book = (Path(folder) / name for name in ("一.csv", "名册.csv", "名册.xlsx"))
        small.write_text("姓名\n王芳\n", encoding="utf-8")
        text.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
        workbook = openpyxl.Workbook(write_only=True)
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
        workbook.save(book)
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        print(f"python -c pass: {time.perf_counter() - started:.2f} s")
        for path in (small, text, book):
            outcome = outcome_of(path, shipped_notices()[0])
            print(
                f"{path.name}: {outcome.result}, read {outcome.reading:.2f} s, "
                f"understood {outcome.understanding:.2f} s, child {outcome.child_mb:.0f} MB, here {own_mb():.0f} MB"
            )


def main() -> int:
    if len(sys.argv) == 1:
        largest()
        return 0
    folder = Path(sys.argv[1])
    notice = shipped_notices()[0]
    outcomes = []
    for path in table_files(folder):
        outcome = outcome_of(path, notice)
        outcomes.append(outcome)
        if "--list" in sys.argv or outcome.result.startswith("BUG"):
            print(f"{outcome.result}\t{outcome.seconds:.1f} s\t{path}", flush=True)
    report(outcomes)
    bad = [
        outcome for outcome in outcomes if outcome.result.startswith("BUG") or outcome.seconds > MOST_SECONDS
    ]
    return 1 if bad or own_mb() > MOST_MB or children_mb() > MOST_MB else 0


if __name__ == "__main__":
    sys.exit(main())
