"""What has arrived, look after look; the clock is the test's own.

A folder is drawn as ``scan_1.jpg:9@100``: name, bytes, time of the last change.
"""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.capture.watching import (
    GIVEN_UP_S,
    HELD_S,
    MOST_FILES,
    SETTLED_SLOWLY_S,
    TRIED_AGAIN_S,
    Watch,
    finished,
    in_order,
    is_hopeless,
    look,
    read_whole,
    settled,
    stored,
    tried,
    untried,
)
from certclerk.core.errors import UserError
from certclerk.core.watched import Stamp, WatchedFile, WatchedOutcome

FOLDER = Path("扫描件")
EMPTY = Watch(FOLDER, {})


def drawn(text: str) -> dict[str, Stamp]:
    found = {}
    for piece in text.split():
        name, _, stamp = piece.rpartition(":")
        size, _, at = stamp.partition("@")
        found[name] = Stamp(int(size), int(at or 0))
    return found


def looked(*looks: tuple[float, str], watch: Watch = EMPTY) -> list[tuple[str, ...]]:
    """What each look at the time found arrived; whatever arrives is taken at once."""
    found = []
    for now, text in looks:
        files = drawn(text)
        watch, arrived = settled(watch, files, now)
        watch = finished(watch, [taken(path, files[path]) for path in arrived])
        found.append(arrived)
    return found


def taken(path: str, stamp: Stamp) -> WatchedFile:
    return WatchedFile(path, stamp, "0" * 64, WatchedOutcome.TAKEN)


def test_a_file_has_arrived_once_it_stayed_the_same_for_a_second() -> None:
    assert looked((0, "a.jpg:5"), (0.9, "a.jpg:5"), (1.0, "a.jpg:5"), (2, "a.jpg:5")) == [
        (), (), ("a.jpg",), (),
    ]  # fmt: skip


def test_a_file_that_grows_has_not_arrived() -> None:
    looks = ((0, "a.jpg:5"), (1, "a.jpg:6"), (2, "a.jpg:7"), (3, "a.jpg:7"))
    assert looked(*looks) == [(), (), (), ("a.jpg",)]


def test_nor_has_one_whose_time_changes() -> None:
    assert looked((0, "a.jpg:5@1"), (1, "a.jpg:5@2"), (2, "a.jpg:5@2")) == [(), (), ("a.jpg",)]


@pytest.mark.parametrize("name", ["a.pdf", "a.TIF", "a.tiff"])
def test_a_file_that_a_feeder_adds_pages_to_is_given_longer(name: str) -> None:
    looks = [(now, f"{name}:5") for now in (0, 1, 2, SETTLED_SLOWLY_S)]
    assert looked(*looks) == [(), (), (), (name,)]


def test_a_file_rewritten_under_its_name_arrives_again() -> None:
    looks = [(0, "a.jpg:5@1"), (1, "a.jpg:5@1"), (2, "a.jpg:5@9"), (3, "a.jpg:5@9"), (4, "a.jpg:5@9")]
    assert looked(*looks) == [(), ("a.jpg",), (), ("a.jpg",), ()]


def test_a_file_that_went_and_came_begins_anew() -> None:
    assert looked((0, "a.jpg:5"), (1, ""), (2, "a.jpg:5"), (3, "a.jpg:5")) == [(), (), (), ("a.jpg",)]


def test_what_is_known_never_arrives() -> None:
    known = {"a.jpg": taken("a.jpg", Stamp(5, 1))}
    looks = [(0, "a.jpg:5@1 b.jpg:5@1"), (1, "a.jpg:5@1 b.jpg:5@1")]
    assert looked(*looks, watch=Watch(FOLDER, known)) == [(), ("b.jpg",)]


def test_a_feeders_files_come_in_the_order_of_their_numbers() -> None:
    files = "scan_10.jpg:5@1 scan_9.jpg:5@3 scan_2.jpg:5@2"
    assert looked((0, files), (1, files))[1] == ("scan_2.jpg", "scan_9.jpg", "scan_10.jpg")


def test_files_whose_names_say_nothing_come_in_the_order_of_their_time() -> None:
    files = "fe3a.jpg:5@2 07bc.jpg:5@3 c1.jpg:5@1"
    assert looked((0, files), (1, files))[1] == ("c1.jpg", "fe3a.jpg", "07bc.jpg")


def test_nothing_overtakes_a_file_that_is_still_being_written() -> None:
    """The first sheet is large and comes over a slow network."""
    growing = [(now, f"scan_1.jpg:{now} scan_2.jpg:5") for now in range(3)]
    done = [(now, "scan_1.jpg:99 scan_2.jpg:5") for now in (3, 4)]
    assert looked(*growing, *done) == [(), (), (), (), ("scan_1.jpg", "scan_2.jpg")]


def test_but_not_for_ever() -> None:
    growing = [(now, f"scan_1.jpg:{now} scan_2.jpg:5") for now in range(int(HELD_S) + 1)]
    assert looked(*growing)[-2:] == [(), ("scan_2.jpg",)]


def test_a_later_file_does_not_hold_up_an_earlier_one() -> None:
    growing = [(now, f"scan_1.jpg:5 scan_2.jpg:{now}") for now in range(2)]
    assert looked(*growing) == [(), ("scan_1.jpg",)]


def tries(until: float) -> list[float]:
    """The times at which a file that never can be read is tried, looked at every second."""
    watch, files, found = EMPTY, drawn("a.jpg:5"), []
    for now in range(int(until) + 1):
        watch, arrived = settled(watch, files, now)
        for path in arrived:
            found.append(float(now))
            watch = tried(watch, path, now)
    return found


def test_a_file_that_cannot_be_read_yet_is_tried_less_and_less_often() -> None:
    at = tries(GIVEN_UP_S)
    apart = [after - before for before, after in pairwise(at)]
    assert at[0] == 1
    assert apart[: len(TRIED_AGAIN_S)] == list(TRIED_AGAIN_S)
    assert set(apart[len(TRIED_AGAIN_S) :]) == {TRIED_AGAIN_S[-1]}


def test_it_is_given_up_when_it_stayed_the_same_for_minutes() -> None:
    watch, _ = settled(EMPTY, drawn("a.jpg:5"), 0)
    assert not is_hopeless(watch, "a.jpg", GIVEN_UP_S - 1)
    assert is_hopeless(watch, "a.jpg", GIVEN_UP_S)
    watch, _ = settled(watch, drawn("a.jpg:6"), GIVEN_UP_S)
    assert not is_hopeless(watch, "a.jpg", GIVEN_UP_S + 1)


def test_a_change_makes_it_worth_a_try_at_once() -> None:
    watch, _ = settled(EMPTY, drawn("a.jpg:5"), 0)
    for now in (1.0, 3.0, 7.0):
        watch = tried(watch, "a.jpg", now)
    watch, _ = settled(watch, drawn("a.jpg:6"), 8)
    assert settled(watch, drawn("a.jpg:6"), 9)[1] == ("a.jpg",)


def test_what_waits_to_be_placed_is_not_read_again_and_holds_nothing_up() -> None:
    files = drawn("scan_1.jpg:5 scan_2.jpg:5")
    watch, _ = settled(EMPTY, files, 0)
    watch, arrived = settled(watch, files, 1)
    watch = stored(watch, arrived[0])
    assert settled(watch, files, 2)[1] == ("scan_2.jpg",)
    assert settled(tried(watch, "scan_1.jpg", 2), files, 4)[1] == ("scan_1.jpg", "scan_2.jpg")


def test_early_files_are_untried_until_their_turn() -> None:
    files = drawn("a.jpg:5 b.jpg:5 c.jpg:5")
    watch, _ = settled(Watch(FOLDER, {}, early=frozenset({"a.jpg", "b.jpg", "gone.jpg"})), files, 0)
    assert untried(watch) == {"a.jpg", "b.jpg"}
    assert untried(tried(stored(watch, "a.jpg"), "b.jpg", 1)) == set()
    assert untried(finished(watch, [taken("a.jpg", files["a.jpg"])])) == {"b.jpg"}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=12))
def test_whatever_a_writer_does_each_state_arrives_once_and_only_after_a_second(
    steps: list[tuple[int, int]],
) -> None:
    """Law: a file arrives only in a state that two looks a second apart have seen, and each state once in a row."""
    watch, now, seen, last = EMPTY, 0.0, {}, None
    for pause, size in steps:
        now += pause / 2
        files = {"a.jpg": Stamp(size, 0)}
        if last != size:
            seen[size] = now
        last = size
        watch, arrived = settled(watch, files, now)
        known = watch.known.get("a.jpg")
        if arrived:
            assert now - seen[size] >= 1
            assert known is None or known.stamp != files["a.jpg"]
            watch = finished(watch, [taken("a.jpg", files["a.jpg"])])


@given(st.lists(st.integers(0, 10**6), unique=True, max_size=20))
def test_numbers_decide_whatever_the_times_are(numbers: list[int]) -> None:
    files = {f"页{number}.jpg": Stamp(1, -number) for number in numbers}
    assert in_order(files) == [f"页{number}.jpg" for number in sorted(numbers)]


# Looking at real folders


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")


def seen(folder: Path) -> set[str]:
    return {Path(path).relative_to(folder).as_posix() for path in look(folder)}


def test_only_files_with_a_pages_name_are_seen(tmp_path: Path) -> None:
    pages = {"a.jpg", "B.JPEG", "页 1.png", "c.tif", "d.pdf", "e.heic", "无.jpg"}
    write(tmp_path, *pages)
    write(
        tmp_path, "a.jpg.tmp", "b.part", "c.jpg.crdownload", "~$d.jpg", ".~lock.e.jpg#", ".f.jpg", "Thumbs.db",
        "._a.jpg", "名册.xlsx", "采集.certclerk", "采集.certclerk-wal", "g.txt",
    )  # fmt: skip
    assert seen(tmp_path) == pages


def test_the_folders_that_a_copier_makes_for_users_and_days_are_looked_into(tmp_path: Path) -> None:
    write(
        tmp_path,
        "王主任/20250301/a.jpg",
        "20250302/b.jpg",
        "a/b/c/too deep.jpg",
        ".hidden/c.jpg",
        "__MACOSX/d.jpg",
    )
    assert seen(tmp_path) == {"王主任/20250301/a.jpg", "20250302/b.jpg"}


def test_a_stamp_is_what_the_file_has(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg")
    os.utime(tmp_path / "a.jpg", ns=(0, 1_700_000_000_000_000_000))
    assert look(tmp_path) == {str(tmp_path / "a.jpg"): Stamp(5, 1_700_000_000_000_000_000)}


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_links_to_folders_and_what_is_no_file_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "real", "a.jpg")
    folder = tmp_path / "watched"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to(tmp_path / "real")
    (folder / "dangling.jpg").symlink_to(tmp_path / "nothing")
    (folder / "linked.jpg").symlink_to(tmp_path / "real" / "a.jpg")
    os.mkfifo(folder / "pipe.jpg")
    assert seen(folder) == {"linked.jpg"}


@pytest.mark.parametrize("gone", ["removed", "a file"])
def test_a_folder_that_is_not_there_says_so(tmp_path: Path, gone: str) -> None:
    folder = tmp_path / "U盘"
    if gone == "a file":
        folder.write_bytes(b"")
    with pytest.raises(UserError, match="找不到监视的文件夹“U盘”") as raised:
        look(folder)
    assert raised.value.code == "watch_folder_gone"


def test_a_folder_within_that_vanishes_or_is_closed_to_us_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.jpg", "day/b.jpg")
    real = os.scandir

    def scandir(path: str | int) -> object:
        if str(path).endswith("day"):
            (tmp_path / "day" / "b.jpg").unlink()
            (tmp_path / "day").rmdir()
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert seen(tmp_path) == {"a.jpg"}


def test_a_whole_disk_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certclerk.capture.watching.MOST_FILES", 3)
    write(tmp_path, *(f"{index}.jpg" for index in range(3)))
    assert len(look(tmp_path)) == 3
    write(tmp_path, "3.jpg")
    with pytest.raises(UserError, match="超过3个") as raised:
        look(tmp_path)
    assert raised.value.code == "watch_folder_too_big"
    assert MOST_FILES == 20_000


def test_a_file_is_read_and_left_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg")
    before = (tmp_path / "a.jpg").stat()
    assert read_whole(str(tmp_path / "a.jpg"), 5) == b"12345"
    after = (tmp_path / "a.jpg").stat()
    assert (before.st_mtime_ns, before.st_size, before.st_mode) == (
        after.st_mtime_ns,
        after.st_size,
        after.st_mode,
    )


@pytest.mark.parametrize(("size", "words"), [(4, "正在写入"), (6, "正在写入")])
def test_a_file_that_has_grown_since_it_was_seen_is_not_taken(tmp_path: Path, size: int, words: str) -> None:
    write(tmp_path, "a.jpg")
    with pytest.raises(UserError, match=words):
        read_whole(str(tmp_path / "a.jpg"), size)


def test_a_file_that_somebody_holds_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does it: a sharing violation."""
    write(tmp_path, "a.jpg")

    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "另一个程序正在使用此文件")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError, match="另一个程序正在使用此文件") as raised:
        read_whole(str(tmp_path / "a.jpg"), 5)
    assert raised.value.code == "image_unreadable"
