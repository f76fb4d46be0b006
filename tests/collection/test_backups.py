"""Backups of a collection: what they copy, what they leave, what they prove, and what comes back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from certclerk.collection import Collection, change_password, create_collection, open_collection
from certclerk.collection.backups import Made, backups_in, examine, make_backup, packs, restore
from certclerk.collection.backups import store as store_module
from certclerk.collection.cipher import apply_key, is_encrypted
from certclerk.core.backup import Reason
from certclerk.core.errors import UserError
from certclerk.core.form import Form, FormMapping
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.core.watched import Stamp, WatchedFile, WatchedOutcome
from certclerk.system.lock import acquire

from .conftest import ZHANG, add_page
from .test_store import refused


def quiet(_done: int, _total: int) -> None:
    pass


def back_up(collection: Collection, folder: Path, **named: Any) -> Made:
    return make_backup(
        collection.path, folder, collection.identity(), Reason.ASKED, **{"report": quiet, **named}
    )


def everything(path: Path, password: str = "") -> dict[str, Any]:
    """Every row of every table, and what the tables are, as they lie in the file."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    apply_key(connection, password)
    found: dict[str, Any] = {
        "schema": connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    }
    for pragma in ("user_version", "application_id", "page_size", "auto_vacuum", "journal_mode"):
        found[f"PRAGMA {pragma}"] = connection.pragma(pragma)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        found[str(name)] = sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
    connection.close()
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "数据" / "backups" / "1"


@pytest.fixture
def full(collection: Collection, folder: Path) -> Iterator[Collection]:
    """Something in every corner: pages in all places, small pictures, a rendition, undone changes, a form."""
    folder.parents[1].mkdir()
    page = add_page(collection, b"cover")
    add_page(collection, b"text" * 5000, "text")
    add_page(collection, b"tray", None)
    sha256 = collection.add_blob(b"cover", "image/jpeg", [(0, 192, b"small"), (0, 480, b"larger")])
    collection.add_rendition(sha256, 0, b"drawn", "image/png")
    with collection.change("放入回收站") as change:
        change.trash_page(page, "放错")
    with collection.change("改名") as change:
        change.update_teacher(collection.order()[0], name="王小芳", note="a'b\"\u0000c")
    collection.undo()
    collection.keep_form(Form("附件1", "表样.xlsx", FormMapping("Sheet1", 1, 1, ((0, "name"),)), b"PK\x00"))
    collection.remember_watched([WatchedFile("/扫描/1.jpg", Stamp(5, 6), sha256, WatchedOutcome.TAKEN)])
    yield collection


def test_what_is_restored_is_the_same_row_by_row(full: Collection, folder: Path, tmp_path: Path) -> None:
    made = back_up(full, folder).backup
    assert made and made.facts
    restored = tmp_path / "恢复.certclerk"
    contents = restore(made, restored, report=quiet)
    assert (contents.damaged, contents.facts) == (frozenset(), made.facts)
    full.close()
    assert everything(restored) == everything(full.path)
    with open_collection(restored) as again:
        assert all(told.is_note for told in again.examine()) and again.damaged_blobs() == frozenset()
        assert again.redo() == "改名"
        assert again.roster().teachers[0].name == "王小芳"
        assert again.undo() == "改名" and again.undo() == "放入回收站"


def test_a_table_that_nobody_knows_yet_comes_back(full: Collection, folder: Path, tmp_path: Path) -> None:
    writer = apsw.Connection(str(full.path))
    writer.execute(
        "CREATE TABLE later (a TEXT, b REAL, PRIMARY KEY (b, a)) WITHOUT ROWID;"
        "INSERT INTO later VALUES ('x', 1.5), ('y', -2), ('', 9e99);"
        "CREATE TABLE plain (a, data BLOB); INSERT INTO plain VALUES (NULL, x'00ff'), (1, NULL), (1, NULL);"
        "CREATE INDEX plain_a ON plain (a); CREATE VIEW seen AS SELECT a FROM plain;"
    )
    writer.close()
    made = back_up(full, folder).backup
    assert made
    restore(made, tmp_path / "恢复.certclerk", report=quiet)
    full.close()
    assert everything(tmp_path / "恢复.certclerk") == everything(full.path)


def test_facts_are_those_of_the_collection(full: Collection, folder: Path) -> None:
    back_up(full, folder)
    (found,) = backups_in(folder)
    facts = found.facts
    assert facts
    assert (facts.identity, facts.file_name, facts.reason) == (full.identity(), "示例.certclerk", "asked")
    assert (facts.unit, facts.teachers, facts.certificates, facts.pages) == ("泉州第一中学", 2, 1, 2)
    assert facts.damaged == 0 and facts.size > 20_000
    assert not any(path.stat().st_mode & 0o077 for path in (found.path, folder, folder.parent))


def test_only_what_is_new_is_copied(full: Collection, folder: Path) -> None:
    steps: list[int] = []
    back_up(full, folder, report=lambda done, _total: steps.append(done))
    first = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert max(steps) > 20_000
    add_page(full, b"new" * 7, "text")
    steps.clear()
    back_up(full, folder, report=lambda done, _total: steps.append(done))
    assert max(steps) == 21
    assert {name: (folder / name).stat().st_mtime_ns for name in first} == first
    assert len(backups_in(folder)) == 2


def test_nothing_new_makes_no_backup(full: Collection, folder: Path) -> None:
    back_up(full, folder)
    before = sorted(folder.iterdir())
    assert back_up(full, folder).backup is None
    assert sorted(folder.iterdir()) == before
    full.keep_form(Form("附件2", "表样.xlsx", FormMapping("Sheet1", 1, 1, ((0, "name"),)), b"PK"))
    assert back_up(full, folder).backup is not None


def test_a_last_backup_that_is_damaged_is_made_again(full: Collection, folder: Path) -> None:
    made = back_up(full, folder).backup
    assert made
    made.path.write_bytes(made.path.read_bytes()[:-1] + b"?")
    assert back_up(full, folder).backup is not None


def test_a_page_damaged_in_the_collection_is_told_and_an_earlier_copy_of_it_stays(
    full: Collection, folder: Path, tmp_path: Path
) -> None:
    writer = apsw.Connection(str(full.path))
    writer.execute("UPDATE blob SET data = x'bad0' WHERE data = CAST('tray' AS BLOB)")
    made = back_up(full, folder).backup
    assert made and made.facts and made.facts.damaged == 1
    with refused("backup_pages_lost"):
        restore(made, tmp_path / "1.certclerk", report=quiet)
    writer.execute("UPDATE blob SET data = CAST('tray' AS BLOB) WHERE data = x'bad0'")
    back_up(full, folder)
    writer.execute("UPDATE blob SET data = x'bad0' WHERE data = CAST('tray' AS BLOB)")
    writer.close()
    with full.change("改名") as change:
        change.update_teacher(full.order()[0], name="王大芳")
    healed = back_up(full, folder).backup
    assert healed and healed.facts and healed.facts.damaged == 0
    restore(healed, tmp_path / "2.certclerk", report=quiet)
    with open_collection(tmp_path / "2.certclerk") as again:
        assert again.damaged_blobs() == frozenset()


def test_lost_pages_are_named_and_the_rest_comes_back_only_when_asked(
    full: Collection, folder: Path, tmp_path: Path
) -> None:
    made = back_up(full, folder).backup
    assert made
    (pack,) = folder.glob(f"*{packs.SUFFIX}")
    writer = apsw.Connection(str(pack))
    writer.execute("UPDATE page SET data = x'00' WHERE data IN (CAST('tray' AS BLOB), CAST('small' AS BLOB))")
    writer.close()
    contents = examine(made, report=quiet)
    (tray,) = full.tray()
    assert tray.sha256 in contents.damaged and len(contents.damaged) == 2
    with refused("backup_pages_lost"):
        restore(made, tmp_path / "1.certclerk", report=quiet)
    assert restore(made, tmp_path / "2.certclerk", partly=True, report=quiet).damaged == contents.damaged
    with open_collection(tmp_path / "2.certclerk") as again:
        assert again.damaged_blobs() == {tray.sha256}
        assert {told.code for told in again.examine() if not told.is_note} == {"page_damaged"}
        assert again.roster() == full.roster()
        assert again.thumbnail(full.trash()[0].page.sha256, 0, 192) is None


def test_a_restoration_that_reads_other_bytes_than_it_wrote_is_refused(
    full: Collection, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(full, folder).backup
    assert made
    monkeypatch.setattr(packs.Pages, "read", lambda _pages, _name: b"other")
    with refused("backup_damaged"):
        restore(made, tmp_path / "1.certclerk", report=quiet)


def test_a_disk_that_gives_back_other_bytes_is_told(
    full: Collection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = packs._unfit

    def rotten(path: Path, password: str) -> set[str]:
        writer = apsw.Connection(str(path))
        writer.execute("UPDATE page SET data = 'rotten' WHERE data = CAST('tray' AS BLOB)")
        writer.close()
        return real(path, password)

    monkeypatch.setattr(packs, "_unfit", rotten)
    with refused("backup_unproven"):
        back_up(full, folder)
    assert backups_in(folder) == () and not list(folder.glob(f"*{packs.SUFFIX}"))


def test_tables_that_read_back_differently_are_no_backup(
    full: Collection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store_module._prove

    def rotten(path: Path, *rest: Any) -> None:
        writer = apsw.Connection(str(path))
        writer.execute("UPDATE teacher SET name = '李五' WHERE name = '李四'")
        writer.close()
        real(path, *rest)

    monkeypatch.setattr(store_module, "_prove", rotten)
    with refused("backup_unproven"):
        back_up(full, folder)
    assert backups_in(folder) == ()


def test_another_program_at_it_is_told(full: Collection, folder: Path) -> None:
    folder.mkdir(parents=True)
    lock = acquire(folder / store_module.LOCK)
    assert lock
    with refused("backup_busy"):
        back_up(full, folder)
    lock.release()
    assert back_up(full, folder).backup


def test_a_name_that_was_changed_and_another_file_of_that_name_are_refused(
    full: Collection, folder: Path, tmp_path: Path
) -> None:
    first = back_up(full, folder).backup
    add_page(full, b"new", "text")
    second = back_up(full, folder).backup
    assert first and second
    first.path.write_bytes(second.path.read_bytes())
    with refused("backup_damaged"):
        examine(first, report=quiet)
    assert [found.facts is not None for found in backups_in(folder)] == [True, True]
    assert store_module.named_backup(tmp_path / "000001-x.certbackup") is None
    assert store_module.named_backup(tmp_path / f"000001-20179999T000000Z-{'0' * 32}.certbackup") is None


def test_a_backup_is_no_collection(full: Collection, folder: Path) -> None:
    made = back_up(full, folder).backup
    assert made
    with refused("collection_not_one"):
        open_collection(made.path)


def test_thinned_and_swept_and_nothing_that_is_named_goes(
    full: Collection, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "PACK_SIZE", 60_000)
    gone = full.add_blob(b"gone" * 9000, "image/jpeg")
    for index in range(15):
        add_page(full, b"%d" % index * 500, "text")
        made = back_up(full, folder).backup
        assert made and made.number == index + 1
        if index == 0:
            full.drop(full.claim(b"gone" * 9000))
    assert [backup.number for backup in backups_in(folder)] == list(range(15, 3, -1))
    assert len(list(folder.glob(f"*{packs.SUFFIX}"))) <= packs.SMALL_PACKS + 2
    with packs.Pages(folder, "") as pages:
        assert gone not in pages
    for backup in backups_in(folder):
        assert examine(backup, report=quiet).damaged == frozenset()
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    restore(backups_in(folder)[0], tmp_path / "恢复.certclerk", report=quiet)
    full.close()
    assert everything(tmp_path / "恢复.certclerk") == everything(full.path)


def test_pages_that_rot_while_they_are_written_anew_keep_their_pack(
    full: Collection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "SMALL_PACKS", 0)
    back_up(full, folder)
    (pack,) = folder.glob(f"*{packs.SUFFIX}")
    writer = apsw.Connection(str(pack))
    writer.execute("UPDATE page SET data = x'00' WHERE data = CAST('tray' AS BLOB)")
    writer.close()
    add_page(full, b"new", "text")
    back_up(full, folder)
    assert pack in list(folder.glob(f"*{packs.SUFFIX}"))


def test_cancelled_it_keeps_what_is_whole(full: Collection, folder: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done:
            raise UserError("backup_cancelled")

    with refused("backup_cancelled"):
        back_up(full, folder, report=stop)
    assert list(folder.iterdir()) == []
    assert back_up(full, folder).backup


def test_of_an_open_collection_without_keeping_its_writer_waiting(full: Collection, folder: Path) -> None:
    """Changed while pages are copied: the tables are those of the end, with all their pages."""
    added: list[int] = []

    def work_on(_done: int, _total: int) -> None:
        if len(added) < 3:
            added.append(add_page(full, b"meanwhile %d" % len(added), "text"))

    made = back_up(full, folder, report=work_on).backup
    assert made and made.facts and made.facts.pages == 5
    assert examine(made, report=quiet).damaged == frozenset()


@pytest.fixture
def protected(tmp_path: Path, quanzhou: Notice) -> Iterator[Collection]:
    filing = Filing("泉州第一中学")
    with create_collection(tmp_path / "密.certclerk", quanzhou, filing, password="密码 1") as made:
        with made.change("导入") as change:
            change.add_teachers([ZHANG])
        add_page(made, b"secret" * 100)
        yield made


def test_backups_of_a_protected_collection_are_protected(
    protected: Collection, folder: Path, tmp_path: Path
) -> None:
    folder.parents[1].mkdir()
    made = back_up(protected, folder, password="密码 1").backup
    assert made
    assert all(is_encrypted(path) for path in folder.iterdir())
    assert not any(b"secret" in path.read_bytes() for path in folder.iterdir())
    (locked,) = backups_in(folder)
    assert (locked.facts, locked.locked) == (None, True)
    assert backups_in(folder, "密码 1")[0].facts == made.facts
    for wrong in ("", "密码 2"):
        with refused("backup_locked"):
            examine(made, password=wrong, report=quiet)
    restored = tmp_path / "恢复.certclerk"
    restore(made, restored, password="密码 1", report=quiet)
    assert is_encrypted(restored)
    protected.close()
    assert everything(restored, "密码 1") == everything(protected.path, "密码 1")


def test_backups_of_another_password_go_once_a_new_one_is_proven(full: Collection, folder: Path) -> None:
    assert back_up(full, folder).backup
    before = set(folder.iterdir())
    full.close()
    change_password(full.path, "", "密码 1")
    with open_collection(full.path, password="密码 1") as protected:
        made = back_up(protected, folder, password="密码 1")
    assert (made.locked_out, made.backup and made.backup.number) == (1, 2)
    assert not before & set(folder.iterdir())
    assert all(is_encrypted(path) for path in folder.iterdir())
    assert examine(made.backup, password="密码 1", report=quiet).damaged == frozenset()  # type: ignore[arg-type]


def test_backups_of_a_copy_that_went_its_own_way_stay(full: Collection, folder: Path, tmp_path: Path) -> None:
    """Both copies are backed up to one stick; one of them got a password."""
    full.close()
    other = Path(shutil.copy(full.path, tmp_path / "另一份.certclerk"))
    change_password(other, "", "密码 1")
    for number in range(3):
        with open_collection(full.path) as plain, plain.change("改名") as change:
            change.update_teacher(plain.order()[0], name=f"甲{number}")
        with (
            open_collection(other, password="密码 1") as locked,
            locked.change("改名") as change,
        ):
            change.update_teacher(locked.order()[0], name=f"乙{number}")
        for path, password in ((full.path, ""), (other, "密码 1")):
            with open_collection(path, password=password) as collection:
                assert back_up(collection, folder, password=password).locked_out == 0
    for path, password in ((full.path, ""), (other, "密码 1")):
        mine = [backup for backup in backups_in(folder, password) if backup.facts]
        assert len(mine) == 3
        assert [bool(backup.locked) for backup in backups_in(folder, password)].count(True) == (
            0 if password else 3
        )
        restored = tmp_path / f"恢复{password}.certclerk"
        assert not restore(mine[0], restored, password=password, report=quiet).damaged
        assert everything(restored, password) == everything(path, password)
