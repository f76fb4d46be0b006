"""Backups damaged on purpose: what comes back is the collection, exactly, or the clerk is told that it is not."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest

from certclerk.core.backup import Reason
from certclerk.core.errors import UserError
from certclerk.jobs import acts, backup

from . import tally
from .backups import add_pages, small_collection

SHORT, LONG = 20, 200
ROW = "backups damaged on purpose"


@dataclass(frozen=True)
class Kept:
    """A data folder with backups, and what each must come back as, by its file's name."""

    folder: Path
    contents: dict[str, str]


def content(path: Path) -> str:
    """The hash of every row of every table, bytes of pages and all, as another reader finds them."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    found = hashlib.sha256(
        repr((connection.pragma("user_version"), connection.pragma("application_id"))).encode()
    )
    masters = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    found.update(repr(masters).encode())
    for kind, name, _ in masters:
        if kind == "table":
            for row in sorted(map(repr, connection.execute(f"SELECT * FROM {name}"))):
                found.update(row.encode())
    connection.close()
    return found.hexdigest()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Four backups of a small collection in which something changed between them."""
    base = tmp_path_factory.mktemp("backups")
    folder = base / "数据"
    folder.mkdir()
    contents = {}
    with small_collection(base / "示例.certclerk") as opened:
        for change in range(4):
            acts.set_teacher_field(opened, opened.order()[change % 3], "note", f"第{change}次")
            add_pages(opened, 2, change)
            (outcome,) = backup.back_up(backup.source_of(opened), folder, Reason.ASKED)
            assert outcome.made and outcome.made.backup
            contents[outcome.made.backup.path.name] = content(opened.path)
    return Kept(folder, contents)


def flip(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def overwrite(path: Path, chance: random.Random) -> None:
    """A sector of zeros, as a dying disk gives."""
    data = bytearray(path.read_bytes())
    start = chance.randrange(0, len(data), 512)
    data[start : start + 512] = bytes(len(data[start : start + 512]))
    path.write_bytes(data)


def truncate(path: Path, chance: random.Random) -> None:
    with path.open("r+b") as stream:
        stream.truncate(chance.randrange(path.stat().st_size))


def delete(path: Path, _chance: random.Random) -> None:
    path.unlink()


def swap_files(path: Path, chance: random.Random) -> None:
    """Two files of a kind exchange their names."""
    others = sorted(other for other in path.parent.glob(f"*{path.suffix}") if other != path)
    other, aside = chance.choice(others), path.with_suffix(".aside")
    path.rename(aside)
    other.rename(path)
    aside.rename(other)


def swap_rows(path: Path, chance: random.Random) -> None:
    """Two pages exchange their bytes, or two teachers their names: the file itself is a sound database."""
    writer = apsw.Connection(str(path))
    table, column = ("page", "data") if path.suffix == ".certpages" else ("teacher", "name")
    rows = writer.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
    (one, first), (other, second) = chance.sample(rows, 2) if len(rows) > 1 else (rows[0], (rows[0][0], b""))
    writer.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (second, one))
    writer.execute(
        f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (first if other != one else b"", other)
    )
    writer.close()


def mislabel(path: Path, _chance: random.Random) -> None:
    """A copy of one backup under the number of another, or a pack that was copied twice."""
    name = path.name.replace("00000", "00001", 1) if path.name.startswith("00000") else f"0{path.name}"
    shutil.copyfile(path, path.with_name(name))


WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    flip,
    overwrite,
    truncate,
    delete,
    swap_files,
    swap_rows,
    mislabel,
)


def test_damaged_on_purpose(kept: Kept, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """What was damaged is tried, and the newest backup, which may need it or not."""
    chance = random.Random(7)
    counts = {"exact": 0, "told": 0}
    wrong: list[str] = []
    for number in range(LONG if pytestconfig.getoption("--long") else SHORT):
        folder = tmp_path / str(number)
        shutil.copytree(kept.folder, folder)
        victims = sorted(path for path in folder.rglob("*") if path.suffix in (".certbackup", ".certpages"))
        way = WAYS[number % len(WAYS)]
        victim = chance.choice(victims)
        way(victim, chance)
        tried = (
            {victim, max(folder.rglob("*.certbackup"))}
            if way is not delete
            else {*folder.rglob("*.certbackup")}
        )
        for path in sorted(path for path in tried if path.suffix == ".certbackup"):
            digest = backup.chosen_backup(path).digest
            expected = next(text for name, text in kept.contents.items() if digest in name)
            restored = tmp_path / f"{number}.certclerk"
            try:
                backup.restore_backup(backup.chosen_backup(path), restored)
            except UserError as error:
                assert not restored.exists()
                if error.code not in ("backup_damaged", "backup_pages_lost"):
                    wrong.append(f"{way.__name__} {victim.name}: {error}")
                counts["told"] += 1
            else:
                if content(restored) != expected:
                    wrong.append(f"{way.__name__} {victim.name}: {path.name} wrongly restored")
                counts["exact"] += 1
                restored.unlink()
        shutil.rmtree(folder)
        tally.add(ROW, tried=1, missed=0, miss="wrongly restored")
    tally.add(ROW, tried=0, missed=len(wrong), miss="wrongly restored")
    assert not wrong, wrong
    # Neither of them may be all that ever happens.
    assert counts["exact"] and counts["told"]


def test_a_wrong_restoration_would_be_seen(kept: Kept, tmp_path: Path) -> None:
    (path, *_) = sorted(kept.folder.rglob("*.certbackup"))
    restored = tmp_path / "恢复.certclerk"
    backup.restore_backup(backup.chosen_backup(path), restored)
    assert content(restored) == kept.contents[path.name]
    writer = apsw.Connection(str(restored))
    writer.execute("UPDATE teacher SET note = note || ' '")
    writer.close()
    assert content(restored) != kept.contents[path.name]
