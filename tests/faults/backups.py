"""A small collection to back up, and a child that does it and can be killed meanwhile.

python -m tests.faults.backups     ["…/示例.certclerk", "…/数据", 0.05] on standard input; says whether it was killed

A process is forked for each, so that it starts at once.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from certclerk.collection import Collection, create_collection, open_collection
from certclerk.core.backup import Reason
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.jobs import backup
from certclerk.jobs.collections import default_notice

TEACHERS = 3
# Bytes: some pages of the database each.
PAGE = 40_000


@contextmanager
def small_collection(path: Path) -> Iterator[Collection]:
    """Three teachers with a certificate each, and no page yet."""
    with create_collection(path, default_notice(), Filing("泉州第一中学", "陈敏", "22000000")) as made:
        with made.change("导入") as change:
            change.add_teachers(
                ProposedTeacher(name=f"教师{number}", certificates=(ProposedCertificate("高级中学"),))
                for number in range(TEACHERS)
            )
        yield made


def add_pages(collection: Collection, count: int, seed: int) -> None:
    """Of noise that no other seed gives, with small pictures, shared out among the teachers."""
    chance = random.Random(seed)
    certificates = [teacher.certificates[0].id for teacher in collection.roster().teachers]
    with collection.change("放入页") as change:
        for number in range(count):
            thumbnail = (0, 192, chance.randbytes(PAGE // 10))
            sha256 = collection.add_blob(chance.randbytes(PAGE), "image/jpeg", [thumbnail])
            page = ProposedPage(sha256, 0, "image/jpeg", 100, 140, None, f"{seed}-{number}.jpg")
            change.add_page(page, certificate_id=certificates[number % TEACHERS], slot="text")


def back_up_in_child(path: Path, folder: Path, seconds: float) -> bool:
    """Whether it had to be killed, after ``seconds``."""
    with open_collection(path, read_only=True) as collection:
        source = backup.source_of(collection)
    ending, alive = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            backup.back_up(source, folder, Reason.CHANGED)
        finally:
            os._exit(0)
    os.close(alive)
    if not select.select([ending], [], [], seconds)[0]:
        os.kill(pid, signal.SIGKILL)
    os.close(ending)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) < 0


def main() -> None:
    for line in sys.stdin:
        path, folder, seconds = json.loads(line)
        print(back_up_in_child(Path(path), Path(folder), seconds), flush=True)


if __name__ == "__main__":
    main()
