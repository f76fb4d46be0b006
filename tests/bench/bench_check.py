"""What checking costs: everybody, and what one edit touches, beside reading the same roster from its file.

python tests/bench/bench_check.py [TEACHERS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "src"))

from certclerk.collection import create_collection  # noqa: E402
from certclerk.core.notice import parse_notice  # noqa: E402
from certclerk.core.records import (  # noqa: E402
    Filing,
    ProposedCertificate,
    ProposedPage,
    ProposedTeacher,
    Roster,
)
from certclerk.core.rules import Checker, check  # noqa: E402
from certclerk.jobs.sample_people import invent  # noqa: E402

DAY = date(2017, 3, 1)
EDITS = 200


def best(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of a few runs, in seconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def edits(checker: Checker, roster: Roster) -> list[float]:
    """Seconds for each of a few hundred changed names, one at a time."""
    taken = []
    for index in range(EDITS):
        place = index * 37 % len(roster.teachers)
        teachers = list(roster.teachers)
        teachers[place] = replace(teachers[place], name=f"{teachers[place].name}好")
        roster = replace(roster, teachers=tuple(teachers))
        started = time.perf_counter()
        checker.update(roster, DAY)
        taken.append(time.perf_counter() - started)
    return taken


def main(count: int) -> None:
    profile = ROOT / "resources" / "notices" / "quanzhou-2017-1.toml"
    notice = parse_notice(profile.read_text(encoding="utf-8"), profile.name)
    proposed = [
        ProposedTeacher(
            person.name,
            person.sex,
            person.id_number,
            serial=serial,
            certificates=tuple(
                ProposedCertificate(
                    held.kind, held.subject, held.number, notice.authorities[0], held.issued.isoformat()
                )
                for held in person.certificates
            ),
        )
        for serial, person in enumerate(invent(notice, count, seed=7), 1)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        create_collection(Path(folder) / "c.certclerk", notice, Filing("某校", "陈敏", "1")) as collection,
    ):
        with collection.change("导入") as change:
            change.add_teachers(proposed)
        holders = [held.id for teacher in collection.roster().teachers for held in teacher.certificates]
        blobs = [collection.add_blob(str(each).encode(), "image/jpeg") for each in range(len(holders))]
        with collection.change("加页") as change:
            for holder, sha256 in zip(holders, blobs, strict=True):
                for frame, slot in enumerate(("cover", "text")):
                    page = ProposedPage(sha256, frame, "image/jpeg", 1713, 2421, 300.0, "a.jpg", 0.5, 0.5)
                    change.add_page(page, certificate_id=holder, slot=slot)
        roster = collection.roster()
        reading = best(collection.roster)
        full = best(lambda: check(roster, notice, DAY))
        checker = Checker(notice)
        checker.update(roster, DAY)
        single = edits(checker, roster)
        print(f"{count} teachers, {len(holders)} certificates, {2 * len(holders)} pages")
        print(f"  findings                      {len(checker.findings()):>9}")
        print(f"  reading the roster            {reading:>9.3f} s")
        print(f"  checking everybody            {full:>9.3f} s   {full / reading:.1f} × reading")
        print(f"  checking an edit, median      {statistics.median(single) * 1000:>9.2f} ms")
        print(f"  checking an edit, longest     {max(single) * 1000:>9.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
