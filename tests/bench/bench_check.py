"""What checking costs: everybody, and what one edit touches, beside reading the same roster from its file.

Each is done with the pages' fingerprints and without, in turns: the difference is what looking for second scans costs.
An edit is a changed name, or a new scan of a page. The fingerprints are made up: of one form, other in 300 cells of
3,220, of which a quarter is dark, a sixteenth of all unsure: so two are 100 cells apart as drawn pages are, see
tests/bench/quality.

python tests/bench/bench_check.py [TEACHERS]
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
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
    Teacher,
)
from certclerk.core.rules import Checker, check  # noqa: E402
from certclerk.core.rules.rescans import CELLS  # noqa: E402
from certclerk.jobs.sample_people import invent  # noqa: E402

DAY = date(2017, 3, 1)
EDITS = 200


COUNT = CELLS[0] * CELLS[1]
FORM = random.Random(1).getrandbits(COUNT) & random.Random(2).getrandbits(COUNT)


def likeness(seed: int) -> str:
    chance = random.Random(seed)
    dark = FORM ^ (chance.getrandbits(300) & chance.getrandbits(300))
    sure = chance.getrandbits(COUNT) | chance.getrandbits(COUNT)
    sure |= chance.getrandbits(COUNT) | chance.getrandbits(COUNT)
    return f"0{dark & sure:0{COUNT // 4}x}{~dark & sure:0{COUNT // 4}x}"


def best(works: Sequence[Callable[[], object]], times: int = 3) -> list[float]:
    """The shortest of a few runs of each, in turns, in seconds."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for own, work in zip(taken, works, strict=True):
            started = time.perf_counter()
            work()
            own.append(time.perf_counter() - started)
    return [min(own) for own in taken]


def renamed(teacher: Teacher, _index: int) -> Teacher:
    return replace(teacher, name=f"{teacher.name}好")


def scanned_again(teacher: Teacher, index: int) -> Teacher:
    """The first certificate's last page anew: another picture, and another fingerprint if it has one."""
    first, *others = teacher.certificates
    page = first.pages[-1]
    new = replace(page, id=10**9 + index, sha256=f"{index:064}")
    if page.likeness:
        new = replace(new, likeness=likeness(10**9 + index))
    return replace(teacher, certificates=(replace(first, pages=(*first.pages[:-1], new)), *others))


def edits(checker: Checker, roster: Roster, edited: Callable[[Teacher, int], Teacher]) -> list[float]:
    """Seconds for each of a few hundred edits, one at a time; the checker ends with ``roster`` again."""
    taken = []
    former = roster
    for index in range(EDITS):
        place = index * 37 % len(roster.teachers)
        teachers = list(roster.teachers)
        teachers[place] = edited(teachers[place], index)
        roster = replace(roster, teachers=tuple(teachers))
        started = time.perf_counter()
        checker.update(roster, DAY)
        taken.append(time.perf_counter() - started)
    checker.update(former, DAY)
    return taken


def bare(roster: Roster) -> Roster:
    """The same without fingerprints."""
    return replace(
        roster,
        teachers=tuple(
            replace(
                teacher,
                certificates=tuple(
                    replace(held, pages=tuple(replace(page, likeness=None) for page in held.pages))
                    for held in teacher.certificates
                ),
            )
            for teacher in roster.teachers
        ),
    )


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
            for seed, (holder, sha256) in enumerate(zip(holders, blobs, strict=True)):
                for frame, slot in enumerate(("cover", "text")):
                    page = ProposedPage(sha256, frame, "image/jpeg", 1713, 2421, 300.0, "a.jpg", 0.5, 0.5)
                    page = replace(page, likeness=likeness(2 * seed + frame))
                    change.add_page(page, certificate_id=holder, slot=slot)
        roster = collection.roster()
        plain = bare(roster)
        reading, full, full_plain = best(
            (
                collection.roster,
                lambda: check(roster, notice, DAY),
                lambda: check(plain, notice, DAY),
            )
        )
    print(f"{count} teachers, {len(holders)} certificates, {2 * len(holders)} pages")
    print(f"  {'':30}{'with':>9}   {'without fingerprints':>21}")
    print(f"  reading the roster            {reading:>9.3f} s")
    print(f"  checking everybody            {full:>9.3f} s {full_plain:>9.3f} s   × {full / full_plain:.2f}")
    checkers = [Checker(notice), Checker(notice)]
    for checker, held in zip(checkers, (roster, plain), strict=True):
        checker.update(held, DAY)
    for what, edit in (("a name", renamed), ("a new scan", scanned_again)):
        times, plain_times = (
            edits(checker, held, edit) for checker, held in zip(checkers, (roster, plain), strict=True)
        )
        for which, of in (("median", statistics.median), ("longest", max)):
            print(
                f"  {f'{what}, {which}':30}{of(times) * 1000:>9.2f} ms{of(plain_times) * 1000:>9.2f} ms"
                f"   × {of(times) / of(plain_times):.2f}"
            )
    print(f"  findings                      {len(checkers[0].findings()):>9}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
