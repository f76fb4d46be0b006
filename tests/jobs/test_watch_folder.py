"""A folder that another process writes into, polled with the test's own clock.

What polls give is drawn as ``live a.jpg, b.jpg | early c.jpg | refused … | repeated …``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from certclerk.capture.watching import GIVEN_UP_S
from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.flow import Aim
from certclerk.core.progress import Gap
from certclerk.core.watched import WatchedOutcome
from certclerk.jobs import watch_folder
from certclerk.jobs.capture_pages import NO_AIM, capture
from certclerk.jobs.take_pages import Incoming, place, store_incoming
from certclerk.jobs.watch_folder import Arrived, Poll, place_early, placed, poll, put_off, resume

from ..writer import Writer
from .conftest import picture, slots

SOURCE = Path(__file__).resolve().parents[2] / "src"


def sheet(number: int) -> bytes:
    """Page ``number`` (1 to 12), each its own bytes."""
    return picture(20 * number)


class Desk:
    """One who watches a folder and places what comes, in the order in which the window does it."""

    def __init__(self, collection: Collection, folder: Path) -> None:
        self.collection = collection
        self.folder = folder
        self.now = 1000.0
        self.watch = resume(collection, folder)
        self.early: tuple[Arrived, ...] = ()

    def poll(self, *, placing: bool = True) -> Poll:
        """One second later."""
        self.now += 1
        found = poll(self.collection, self.watch, self.now)
        self.watch = found.watch
        if found.done:
            self.collection.remember_watched(found.done)
        if placing:
            for arrived in found.live:
                self.place(arrived)
        self.early += found.early
        if placing and self.early and not watch_folder.early_to_come(self.watch):
            place_early(self.collection, self.early)
            self.watch = placed(self.watch, self.early)
            self.early = ()
        return found

    def place(self, arrived: Arrived) -> None:
        """Nobody has chosen a place: to the tray."""
        capture(
            self.collection,
            arrived.pages,
            None,
            None,
            1,
            also=lambda change: change.remember_watched([arrived.file]),
        )
        self.watch = placed(self.watch, [arrived])

    def polls(self, count: int) -> str:
        """What so many polls gave together."""
        names: dict[str, list[str]] = {"live": [], "early": [], "refused": [], "repeated": []}
        for _ in range(count):
            found = self.poll()
            names["live"] += [arrived.name for arrived in found.live]
            names["early"] += [arrived.name for arrived in found.early]
            names["refused"] += [refused.path.name for refused in found.refused]
            names["repeated"] += found.repeated
        return " | ".join(f"{kind} {', '.join(given)}" for kind, given in names.items() if given)

    def tray(self) -> list[str]:
        return [page.source for page in self.collection.tray()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "扫描件"
    made.mkdir()
    return made


@pytest.fixture
def writer(folder: Path) -> Iterator[Writer]:
    with Writer(folder) as made:
        yield made


@pytest.fixture
def desk(collection: Collection, folder: Path) -> Desk:
    return Desk(collection, folder)


def test_a_file_written_at_once_is_taken_when_it_has_lain_for_a_second(desk: Desk, writer: Writer) -> None:
    writer.write("scan_1.jpg", sheet(1))
    assert desk.polls(1) == ""
    assert desk.polls(1) == "live scan_1.jpg"
    assert desk.polls(5) == ""
    assert desk.tray() == ["scan_1.jpg"]


def test_a_file_written_in_pieces_is_taken_when_the_last_one_is_there(desk: Desk, writer: Writer) -> None:
    whole = sheet(1)
    for start in range(0, len(whole), 200):
        writer.append("scan.jpg", whole[start : start + 200])
        assert desk.polls(1) == ""
    assert desk.polls(1) == "live scan.jpg"
    (page,) = desk.collection.tray()
    assert desk.collection.blob(page.sha256) == whole


def test_a_writer_that_pauses_is_waited_for(desk: Desk, writer: Writer) -> None:
    whole = sheet(1)
    writer.write("scan.jpg", whole[:400])
    assert desk.polls(20) == ""
    writer.append("scan.jpg", whole[400:])
    assert desk.polls(2) == "live scan.jpg"


def test_an_empty_file_is_waited_for(desk: Desk, writer: Writer) -> None:
    writer.write("scan.jpg", b"")
    assert desk.polls(20) == ""
    writer.write("scan.jpg", sheet(1))
    assert desk.polls(2) == "live scan.jpg"


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "空文件"), (sheet(1)[:400], "已损坏或不完整"), (b"12345", "不是图片")]
)
def test_a_file_that_stays_broken_is_refused_with_its_reason_and_taken_when_it_is_mended(
    desk: Desk, writer: Writer, data: bytes, words: str
) -> None:
    writer.write("scan.jpg", data)
    found = [refused for _ in range(int(GIVEN_UP_S) + 40) for refused in desk.poll().refused]
    assert [refused.path for refused in found] == [desk.folder / "scan.jpg"]
    assert words in found[0].reason
    writer.write("scan.jpg", sheet(1))
    assert desk.polls(2) == "live scan.jpg"


def test_what_waiting_will_not_mend_is_refused_at_once(desk: Desk, writer: Writer) -> None:
    writer.write("photo.heic", b"\0\0\0\x18ftypavif" + bytes(40))
    assert desk.polls(2) == "refused photo.heic"
    assert desk.polls(40) == ""


def test_a_file_with_too_many_bytes_is_refused_unread(
    desk: Desk,
) -> None:
    with (desk.folder / "huge.png").open("wb") as stream:
        stream.truncate(watch_folder.LIMITS.max_bytes + 1)
    assert desk.polls(2) == "refused huge.png"


def test_a_file_that_is_renamed_when_it_is_done_is_taken_once(desk: Desk, writer: Writer) -> None:
    """As rsync and browsers do it."""
    whole = sheet(1)
    writer.write("scan.jpg.part", whole[:300])
    assert desk.polls(3) == ""
    writer.append("scan.jpg.part", whole[300:])
    assert desk.polls(3) == ""
    writer.move("scan.jpg.part", "scan.jpg")
    assert desk.polls(4) == "live scan.jpg"


def test_a_file_rewritten_under_one_name_is_a_new_page_each_time(desk: Desk, writer: Writer) -> None:
    for shade in (1, 2, 3):
        writer.write("scan.jpg", sheet(shade))
        assert desk.polls(3) == "live scan.jpg"
    assert len({page.sha256 for page in desk.collection.tray()}) == 3


def test_the_same_bytes_again_are_the_same_page(desk: Desk, writer: Writer) -> None:
    writer.write("scan.jpg", sheet(1))
    assert desk.polls(2) == "live scan.jpg"
    writer.touch("scan.jpg")
    assert desk.polls(4) == ""
    assert desk.tray() == ["scan.jpg"]


def test_a_file_that_was_taken_and_is_renamed_is_not_taken_again(desk: Desk, writer: Writer) -> None:
    writer.write("scan.jpg", sheet(1))
    assert desk.polls(2) == "live scan.jpg"
    writer.move("scan.jpg", "张三 封面.jpg")
    assert desk.polls(4) == ""
    assert desk.tray() == ["scan.jpg"]


def test_a_copy_is_told_and_not_taken_again(desk: Desk, writer: Writer) -> None:
    writer.write("scan.jpg", sheet(1))
    assert desk.polls(2) == "live scan.jpg"
    writer.write("副本.jpg", sheet(1))
    assert desk.polls(4) == "repeated 副本.jpg"
    assert desk.tray() == ["scan.jpg"]


def test_two_copies_that_come_together_are_one_page(desk: Desk, writer: Writer) -> None:
    for name in ("scan_1.jpg", "scan_2.jpg"):
        writer.write(name, sheet(1))
    assert desk.polls(2) == "live scan_1.jpg | repeated scan_2.jpg"


def test_what_was_taken_in_another_way_is_told(desk: Desk, writer: Writer) -> None:
    place(desk.collection, store_incoming(desk.collection, [Incoming("从文件.jpg", sheet(1))]))
    writer.write("scan.jpg", sheet(1))
    assert desk.polls(2) == "repeated scan.jpg"


def test_a_feeders_files_come_in_their_order(desk: Desk, writer: Writer) -> None:
    for number in (10, 2, 9, 1):
        writer.write(f"scan_{number}.jpg", sheet(number))
    assert desk.polls(3) == "live scan_1.jpg, scan_2.jpg, scan_9.jpg, scan_10.jpg"


def test_a_day_folder_of_the_copier_is_looked_into(desk: Desk, writer: Writer) -> None:
    writer.write("20250302/scan.jpg", sheet(1))
    assert desk.polls(2) == "live scan.jpg"


def test_the_folder_is_left_as_it_was(desk: Desk, writer: Writer) -> None:
    writer.write("scan.jpg", sheet(1))
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in desk.folder.iterdir()}
    desk.polls(5)
    after = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in desk.folder.iterdir()}
    assert before == after


# What lay there before


def test_what_lies_there_goes_where_its_name_says_when_all_of_it_is_read(
    collection: Collection, folder: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one poll reads: 林晓雯's numbers mean something only together."""
    monkeypatch.setattr(watch_folder, "READING_S", 0.0)
    for number in range(1, 5):
        writer.write(f"林晓雯_{number}.jpg", sheet(number))
    writer.write("陈志远 封面.jpg", sheet(8))
    writer.write("scan.jpg", sheet(9))
    desk = Desk(collection, folder)
    assert len(desk.watch.early) == 6
    assert desk.polls(6).startswith("early ")
    assert slots(collection)["林晓雯"] == []
    desk.polls(1)
    assert slots(collection) == {
        "林晓雯": [
            ("cover", "林晓雯_1.jpg"),
            ("remarks", "林晓雯_4.jpg"),
            ("text", "林晓雯_2.jpg"),
            ("text", "林晓雯_3.jpg"),
        ],
        "陈志远": [("cover", "陈志远 封面.jpg")],
    }
    assert desk.tray() == ["scan.jpg"]
    assert NO_AIM not in {page.reason for page in collection.tray()}


def test_from_now_on_leaves_what_lies_there(collection: Collection, folder: Path, writer: Writer) -> None:
    writer.write("alt.jpg", sheet(1))
    desk = Desk(collection, folder)
    desk.watch = watch_folder.pass_over(collection, desk.watch)
    writer.write("neu.jpg", sheet(2))
    assert desk.polls(3) == "live neu.jpg"
    assert Desk(collection, folder).watch.early == frozenset()
    writer.move("alt.jpg", "umbenannt.jpg")
    assert desk.polls(4) == ""
    writer.write("umbenannt.jpg", sheet(3))
    assert desk.polls(3) == "live umbenannt.jpg"


def test_one_early_file_that_is_broken_does_not_hold_up_the_others(
    collection: Collection, folder: Path, writer: Writer
) -> None:
    writer.write("坏.jpg", sheet(1)[:300])
    writer.write("好.jpg", sheet(2))
    desk = Desk(collection, folder)
    desk.polls(14)
    assert desk.tray() == ["好.jpg"]
    writer.write("坏.jpg", sheet(1))
    desk.polls(3)
    assert desk.tray() == ["好.jpg", "坏.jpg"]


# Once, whatever happens


def test_each_is_taken_once_also_after_a_restart(desk: Desk, writer: Writer) -> None:
    writer.write("a.jpg", sheet(1))
    writer.write("photo.heic", b"\0\0\0\x18ftypavif" + bytes(40))
    assert desk.polls(4) == "live a.jpg | refused photo.heic"
    writer.write("b.jpg", sheet(2))
    again = Desk(desk.collection, desk.folder)
    assert {Path(path).name for path in again.watch.early} == {"b.jpg"}
    assert again.polls(4) == "early b.jpg"
    assert again.tray() == ["a.jpg", "b.jpg"]


def test_undoing_does_not_bring_the_file_again(desk: Desk, writer: Writer) -> None:
    writer.write("a.jpg", sheet(1))
    desk.polls(2)
    desk.collection.undo()
    assert desk.tray() == []
    assert desk.polls(4) == ""
    assert Desk(desk.collection, desk.folder).watch.early == frozenset()
    desk.collection.redo()
    assert desk.tray() == ["a.jpg"]


def test_what_could_not_be_placed_comes_again(desk: Desk, writer: Writer) -> None:
    writer.write("a.jpg", sheet(1))
    desk.poll(placing=False)
    arrived = desk.poll(placing=False).live
    assert desk.polls(20) == ""
    desk.watch = put_off(desk.watch, arrived, desk.now)
    assert desk.polls(3) == "live a.jpg"
    assert desk.tray() == ["a.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="names on Windows are always text")
def test_a_name_that_is_no_text_is_taken_and_remembered(desk: Desk) -> None:
    path = os.fsencode(desk.folder) + b"/\xff\xfe.jpg"
    with open(path, "wb") as stream:  # noqa: PTH123 (no path of text)
        stream.write(sheet(1))
    assert desk.polls(2) == "live \ufffd\ufffd.jpg"
    assert Desk(desk.collection, desk.folder).watch.early == frozenset()


_KILLED = """
import os, sys
from pathlib import Path
from certclerk.collection import open_collection
from certclerk.jobs.capture_pages import capture
from certclerk.jobs.watch_folder import poll, resume

def die():
    os.kill(os.getpid(), 9)

file, folder, when = sys.argv[1:]
collection = open_collection(Path(file))
watch = resume(collection, Path(folder))
for now in (1.0, 2.0):
    found = poll(collection, watch, now)
    watch = found.watch
(arrived,) = found.early
if when == "stored":
    die()

def remember(change):
    if when == "placed":
        die()
    change.remember_watched([arrived.file])
    if when == "remembered":
        die()

capture(collection, arrived.pages, None, None, 1, also=remember)
die()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
@pytest.mark.parametrize(
    ("when", "pages"), [("stored", 0), ("placed", 0), ("remembered", 0), ("committed", 1)]
)
def test_a_crash_leaves_the_page_and_the_memory_of_it_or_neither(
    tmp_path: Path, collection: Collection, folder: Path, when: str, pages: int
) -> None:
    (folder / "a.jpg").write_bytes(sheet(1))
    collection.close()
    script = tmp_path / "killed.py"
    script.write_text(_KILLED, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(script), str(collection.path), str(folder), when],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (-9, b"")
    with open_collection(collection.path) as opened:
        assert len(opened.tray()) == pages
        assert [file.outcome for file in opened.watched()] == [WatchedOutcome.TAKEN] * pages
        desk = Desk(opened, folder)
        desk.polls(4)
        assert desk.tray() == ["a.jpg"]


# The folder itself


def test_a_folder_that_vanishes_says_so_and_what_lies_in_it_later_is_early(
    desk: Desk, writer: Writer
) -> None:
    writer.write("a.jpg", sheet(1))
    desk.polls(2)
    writer.remove("")
    with pytest.raises(UserError, match="找不到监视的文件夹“扫描件”"):
        desk.poll()
    writer.write("a.jpg", sheet(1))
    writer.write("b.jpg", sheet(2))
    back = Desk(desk.collection, desk.folder)
    assert back.polls(4) == "early b.jpg"


def test_many_files_are_taken_in_their_order_a_few_at_a_time(
    collection: Collection, folder: Path, request: pytest.FixtureRequest
) -> None:
    """A hundred and fifty; a thousand in the long form."""
    desk, count = Desk(collection, folder), 1000 if request.config.getoption("--long") else 150
    for number in range(count):
        (folder / f"scan_{number}.jpg").write_bytes(sheet(1) + number.to_bytes(2))
    names: list[str] = []
    more = True
    desk.poll(placing=False)
    while more:
        found = desk.poll(placing=False)
        assert len(found.live) <= watch_folder.LIVE_AT_ONCE
        names += [arrived.name for arrived in found.live]
        more = found.more
    assert names == [f"scan_{number}.jpg" for number in range(count)]


def test_a_live_file_goes_where_the_place_is_locked(desk: Desk, writer: Writer) -> None:
    (lin, _chen) = desk.collection.roster().teachers
    writer.write("scan.jpg", sheet(1))
    desk.poll()
    (arrived,) = desk.poll(placing=False).live
    capture(
        desk.collection,
        arrived.pages,
        lin.id,
        Aim(Gap(lin.certificates[0].id, "cover")),
        1,
        also=lambda change: change.remember_watched([arrived.file]),
    )
    assert slots(desk.collection)["林晓雯"] == [("cover", "scan.jpg")]
    assert [file.sha256 for file in desk.collection.watched()] == [arrived.file.sha256]
