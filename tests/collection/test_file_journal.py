"""A change that was broken off is taken back from the journal beside the file, as SQLite itself would."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import apsw
import pytest

from certclerk.collection.file_journal import before
from certclerk.collection.file_pages import FilePages

PAGE = 4096


def break_off(folder: Path, seed: int) -> Path:
    """File and journal as a kill leaves them in the midst of a change, made by SQLite: pages changed, added, given up."""
    chance = random.Random(seed)
    path = folder / "offen.db"
    connection = apsw.Connection(str(path))
    connection.execute(f"PRAGMA page_size = {PAGE}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA cache_size = 8")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, data)")
    rows = [(key, chance.randbytes(chance.randrange(9_000))) for key in range(60)]
    connection.executemany("INSERT INTO row VALUES (?, ?)", rows)
    connection.execute("BEGIN")
    for _ in range(40):
        key = chance.randrange(80)
        wanted = (
            "INSERT OR REPLACE INTO row VALUES (?1, randomblob(5000))",
            "UPDATE row SET data = zeroblob(length(data)) WHERE id = ?1",
            "DELETE FROM row WHERE id = ?1",
        )
        connection.execute(chance.choice(wanted), (key,))
    left = folder / "liegen geblieben.db"
    for end in ("", "-journal"):
        shutil.copy(f"{path}{end}", f"{left}{end}")
    connection.close()
    return left


def taken_back(path: Path) -> bytes:
    """By SQLite."""
    copy = path.with_name("zurück.db")
    for end in ("", "-journal"):
        shutil.copy(f"{path}{end}", f"{copy}{end}")
    connection = apsw.Connection(str(copy))
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    connection.close()
    return copy.read_bytes()


@pytest.mark.parametrize("seed", range(12))
def test_every_page_is_what_sqlite_makes_of_it(tmp_path: Path, seed: int) -> None:
    path = break_off(tmp_path, seed)
    wanted = taken_back(path)
    assert path.read_bytes() != wanted
    with FilePages(path) as pages:
        assert not pages.lacks
        assert b"".join(map(pages.page, range(1, pages.count + 1))) == wanted


def test_without_its_head_the_file_is_read_in_the_journals_page_size(tmp_path: Path) -> None:
    path = break_off(tmp_path, 1)
    wanted = taken_back(path)
    with path.open("r+b") as file:
        file.write(bytes(PAGE))
    with FilePages(path) as pages:
        assert pages.has_header
        assert b"".join(map(pages.page, range(1, pages.count + 1))) == wanted


@pytest.mark.parametrize("harm", ["cut", "flipped"])
def test_a_damaged_journal_is_said_to_lack_pages(tmp_path: Path, harm: str) -> None:
    path = break_off(tmp_path, 1)
    journal = Path(f"{path}-journal")
    data = bytearray(journal.read_bytes())
    if harm == "cut":
        del data[-PAGE:]
    else:
        # A byte that is summed.
        data[512 + 4 + PAGE - 200] ^= 1
    journal.write_bytes(data)
    with FilePages(path) as pages:
        assert pages.lacks == {"-journal"}


def test_one_whose_head_is_gone_takes_nothing_back(tmp_path: Path) -> None:
    path = break_off(tmp_path, 1)
    journal = Path(f"{path}-journal").read_bytes()
    assert before(journal) is not None
    for none in (b"", bytes(28) + journal[28:], journal[:20], bytes(512)):
        assert before(none) is None
    Path(f"{path}-journal").write_bytes(bytes(28) + journal[28:])
    with FilePages(path) as pages:
        assert b"".join(map(pages.page, range(1, pages.count + 1))) == path.read_bytes()


def test_one_of_pages_of_another_size_is_not_this_files(tmp_path: Path) -> None:
    path = break_off(tmp_path, 1)
    journal = bytearray(Path(f"{path}-journal").read_bytes())
    journal[24:28] = (8192).to_bytes(4, "big")
    Path(f"{path}-journal").write_bytes(journal)
    with FilePages(path) as pages:
        assert not pages.lacks
        assert pages.page(1) == path.read_bytes()[:PAGE]
