"""Opening, closing and guarding a collection's file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest

from certclerk.collection import Collection, create_collection, open_collection, unfinished_path
from certclerk.collection.schema import VERSION
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedPage

ROOT = Path(__file__).resolve().parents[2]


def refused(code: str) -> pytest.RaisesExc[UserError]:
    return pytest.RaisesExc(UserError, check=lambda error: error.code == code)


def test_one_file_holds_everything_after_closing(collection: Collection, path: Path) -> None:
    sha256 = collection.add_blob(b"picture", "image/jpeg")
    collection.close()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    with open_collection(path, read_only=True) as again:
        assert [teacher.name for teacher in again.roster().teachers] == ["张三", "李四"]
        assert again.blob(sha256) == b"picture"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("泉州市第一中学", "泉州第一中学"),
        (" 泉州一中\u3000", "泉州第一中学"),
        ("泉州 第一 中学", "泉州第一中学"),
        (" 某校（东区） ", "某校（东区）"),
    ],
)
def test_the_unit_gets_its_official_name(collection: Collection, written: str, kept: str) -> None:
    with collection.change("改") as change:
        change.set_filing(Filing(written, " 陈敏 ", "1"))
    assert (collection.filing().unit, collection.filing().clerk) == (kept, "陈敏")


def test_the_profile_travels_in_the_file(path: Path, invented: Notice) -> None:
    create_collection(path, invented, Filing("某校")).close()
    with open_collection(path) as collection:
        assert collection.notice == invented


def test_creating_never_replaces(path: Path, quanzhou: Notice) -> None:
    path.write_bytes(b"something else")
    with refused("collection_exists"):
        create_collection(path, quanzhou, Filing("某校"))
    assert path.read_bytes() == b"something else"


def test_a_second_opener_is_refused_until_the_first_closes(collection: Collection, path: Path) -> None:
    with refused("collection_locked"):
        open_collection(path)
    with open_collection(path, read_only=True) as reader:
        assert len(reader.roster().teachers) == 2
    collection.close()
    open_collection(path).close()


def test_another_process_is_refused_and_a_dead_one_lets_go(collection: Collection, path: Path) -> None:
    collection.close()
    script = (
        "import sys, os; from pathlib import Path; from certclerk.collection import open_collection;"
        f"open_collection(Path({str(path)!r})); print('open', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"open"
        with refused("collection_locked"):
            open_collection(path)
        holder.kill()
    open_collection(path).close()


def test_missing_foreign_newer_and_damaged_files_are_refused(path: Path, collection: Collection) -> None:
    collection.close()
    with refused("collection_missing"):
        open_collection(path.with_name("没有.certclerk"))
    other = path.with_name("其他.certclerk")
    other.write_text("just text, long enough to be read as a page of a database" * 100, encoding="utf-8")
    with refused("collection_not_one"):
        open_collection(other)
    other.unlink()
    apsw.Connection(str(other)).execute("CREATE TABLE t (a)")
    with refused("collection_not_one"):
        open_collection(other)
    apsw.Connection(str(path)).execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with refused("collection_newer"):
        open_collection(path)
    assert path.read_bytes() == before


def test_a_read_only_collection_refuses_changes(collection: Collection, path: Path) -> None:
    collection.close()
    with open_collection(path, read_only=True) as reader:
        with refused("collection_open_read_only"), reader.change("改"):
            pass
        with refused("collection_open_read_only"):
            reader.add_blob(b"x", "image/jpeg")
        with refused("collection_open_read_only"):
            reader.undo()


def test_every_commit_is_synced(collection: Collection) -> None:
    assert collection._connection.pragma("synchronous") == 2
    assert collection._connection.pragma("foreign_keys") == 1
    assert collection._connection.pragma("journal_mode") == "wal"


def test_blobs_are_stored_once_and_from_any_thread(collection: Collection) -> None:
    kept: list[str] = []
    thread = threading.Thread(target=lambda: kept.append(collection.add_blob(b"same", "image/jpeg")))
    thread.start()
    thread.join()
    assert kept == [collection.add_blob(b"same", "image/jpeg")] == [hashlib.sha256(b"same").hexdigest()]
    assert collection.blob(kept[0]) == b"same"


def test_a_changed_blob_is_noticed(collection: Collection) -> None:
    sha256 = collection.add_blob(b"honest", "image/jpeg")
    with collection.change("加页") as change:
        change.add_page(ProposedPage(sha256, 0, "image/jpeg", 1, 1, None, "a.jpg"))
    assert collection.damaged_blobs() == frozenset()
    collection._connection.execute("UPDATE blob SET data = ? WHERE sha256 = ?", (b"forged", sha256))
    assert collection.damaged_blobs() == {sha256}
    with refused("blob_damaged"):
        collection.blob(sha256)


def test_thumbnails_are_kept(collection: Collection) -> None:
    sha256 = collection.add_blob(b"picture", "image/jpeg")
    assert collection.thumbnail(sha256, 0, 96) is None
    collection.store_thumbnail(sha256, 0, 96, b"small")
    assert collection.thumbnail(sha256, 0, 96) == b"small"


def test_a_page_needs_its_bytes(collection: Collection) -> None:
    with pytest.raises(apsw.ConstraintError), collection.change("加页") as change:
        change.add_page(ProposedPage("0" * 64, 0, "image/jpeg", 1, 1, None, "a.jpg"))
    assert collection.tray() == ()


def test_sound_files_have_no_integrity_problems(collection: Collection) -> None:
    assert all(found.is_note for found in collection.examine())


STORED = Path(__file__).parents[1] / "data" / "collections"


@pytest.fixture(params=sorted(path.name for path in STORED.iterdir()))
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The stored file of each schema version: an invented teacher with a page, and a history."""
    copy = tmp_path / str(request.param)
    copy.write_bytes((STORED / copy.name).read_bytes())
    return copy


def test_there_is_a_stored_file_of_every_version() -> None:
    versions = [f"version-{version}.certclerk" for version in range(1, VERSION + 1)]
    assert sorted(path.name for path in STORED.iterdir()) == sorted(versions)


def test_a_released_file_opens_and_migrates(released: Path) -> None:
    with open_collection(released) as collection:
        (teacher,) = collection.roster().teachers
        assert teacher.name == "林晓雯"
        (page,) = teacher.pages()
        assert collection.blob(page.sha256) == b"stored page"
        assert collection.undo() == "加页"
        assert list(collection.roster().teachers[0].pages()) == []


def test_each_collection_has_an_identity_that_its_copies_share(
    collection: Collection, released: Path
) -> None:
    own = collection.identity()
    assert len(own) == 32
    with open_collection(collection.path, read_only=True) as reader:
        assert reader.identity() == own
    with open_collection(released) as other:
        assert len(other.identity()) == 32 and other.identity() != own


def test_the_history_of_a_released_file_goes_back_and_forth(released: Path) -> None:
    with open_collection(released) as collection:
        newest = collection.roster()
        labels = []
        while label := collection.undo():
            labels.append(label)
        assert len(labels) > 1
        assert collection.roster().teachers == ()
        while collection.redo():
            pass
        assert collection.roster() == newest


def test_a_released_file_is_read_without_being_written(released: Path) -> None:
    before = released.read_bytes()
    with open_collection(released, read_only=True) as collection:
        (teacher,) = collection.roster().teachers
        later = released.name != "version-1.certclerk"
        assert (teacher.name, bool(teacher.signed_on)) == ("林晓雯", later)
        assert [given.in_note for given in teacher.confirmations] == [True] * later
        (page,) = teacher.pages()
        assert page.contrast == (0.5 if later else None)
        edited = released.name >= "version-3.certclerk"
        assert (page.cut, page.recipe.straighten) == (("l", 1.5) if edited else (None, 0.0))
        assert collection.picture(page).data == (b"stored picture" if edited else b"stored page")
    assert released.read_bytes() == before


def test_a_damaged_rendition_is_no_page(collection: Collection) -> None:
    """The original may be sound: what is shown and handed in is the rendition."""
    sha256 = collection.add_blob(b"a document", "application/pdf")
    collection.add_rendition(sha256, 0, b"its picture", "image/png")
    with collection.change("加页") as change:
        change.add_page(ProposedPage(sha256, 0, "application/pdf", 10, 10, None, "a.pdf"))
    (page,) = collection.tray()
    assert collection.picture(page).data == b"its picture"
    collection._connection.execute("UPDATE rendition SET data = ?", (b"its pictura",))
    assert collection.damaged_blobs() == {sha256}
    with pytest.raises(UserError) as refused:
        collection.picture(page)
    assert refused.value.code == "blob_damaged"


def test_whoever_was_killed_in_naming_it_leaves_one_name(collection: Collection, path: Path) -> None:
    collection.close()
    former, other = unfinished_path(path), path.with_name(f".{path.stem}二.certclerk.new")
    former.hardlink_to(path)
    other.write_bytes(b"another's")
    open_collection(path, read_only=True).close()
    assert former.exists()
    open_collection(path).close()
    assert not former.exists() and other.exists()
    former.write_bytes(b"of one that is being made")
    open_collection(path).close()
    assert former.exists()
