"""A package made of a collection in a sync folder, where whoever reads the file keeps others from writing it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from certclerk.collection import open_collection
from certclerk.jobs.package import Options, holding_incomplete, package, survey
from certclerk.jobs.sample import make_sample

DAY = date(2032, 3, 1)


def test_the_clerk_goes_on_working_while_a_package_is_made(tmp_path: Path) -> None:
    path = make_sample(tmp_path / "OneDrive - 学校", teachers=3)
    begun, edited = threading.Event(), threading.Event()

    def wait_for_the_edit(*_progress: object) -> None:
        begun.set()
        edited.wait(60)

    with open_collection(path) as collection, ThreadPoolExecutor(1) as worker:
        assert collection._connection.pragma("journal_mode") == "delete"
        first = collection.roster().teachers[0]
        options = Options(DAY, held=holding_incomplete(survey(collection, DAY)))
        made = worker.submit(package, collection, tmp_path / "报送", options, progress=wait_for_the_edit)
        assert begun.wait(60)
        # Refused at once if anybody has the file locked, in place of waiting.
        collection._connection.set_busy_timeout(0)
        try:
            with collection.change("改") as change:
                change.update_teacher(first.id, note="打包时改的")
        finally:
            edited.set()
        result = made.result(60)
        assert "打包时改的" not in result.record
        assert collection.roster().teachers[0].note == "打包时改的"
