"""A damaged collection rescued: everything that can be read is there again, and the list says what is not."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import apsw
import pytest

from certclerk.app import main
from certclerk.collection import change_password, open_collection
from certclerk.core.errors import UserError
from certclerk.jobs.rescue import FOUND_REASON, open_what_is_left, rescue
from certclerk.jobs.sample import make_sample
from certclerk.jobs.verify import verify

PAGE = 16_384


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    make_sample(folder, teachers=3)
    (made,) = folder.glob("*.certclerk")
    return made


@pytest.fixture
def path(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample, tmp_path))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return tmp_path / "新.certclerk"


def everything(path: Path) -> dict[str, list[Any]]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    held = {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
    connection.close()
    held.pop("thumbnail")
    return held


def wreck(path: Path, query: str) -> None:
    """What no door of the program does, done to the file."""
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(query)
    connection.close()


def zero_root(path: Path, table: str) -> None:
    connection = apsw.Connection(str(path))
    root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).get
    connection.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(bytes(PAGE))


def test_a_sound_collection_comes_out_equal_history_and_all(path: Path, new: Path) -> None:
    before = everything(path)
    made = rescue(path, new)
    assert made.losses == ()
    assert everything(new) == before
    with open_collection(new) as collection:
        assert collection.undo_label


def test_changes_that_a_crash_left_in_the_log_are_rescued(path: Path, new: Path) -> None:
    with open_collection(path) as collection, collection.snapshot():
        first = collection.roster().teachers[0]
        with collection.change("改姓名") as change:
            change.update_teacher(first.id, name="欧阳新名")
        made = rescue(path, new, is_held=True)
    assert made.losses == ()
    with open_collection(new) as collection:
        assert collection.roster().teachers[0].name == "欧阳新名"


def test_records_whose_page_is_gone_come_back_from_the_history(path: Path, new: Path) -> None:
    before = everything(path)
    zero_root(path, "teacher")
    with pytest.raises(UserError) as caught:
        open_collection(path)
    assert caught.value.code == "collection_damaged"
    told = [loss.message for loss in rescue(path, new).losses]
    assert everything(new)["teacher"] == before["teacher"]
    assert sum("按改动的历史补回" in message for message in told) == 3


def test_without_history_certificates_keep_their_pages_at_a_teacher_held_back(path: Path, new: Path) -> None:
    wreck(path, "DELETE FROM history")
    zero_root(path, "teacher")
    made = rescue(path, new)
    with open_collection(new) as collection:
        teachers = collection.roster().teachers
        assert [teacher.choice for teacher in teachers] == ["hold"] * 3
        assert sum(len(list(teacher.pages())) for teacher in teachers) > 0
    assert any("教师的记录已丢失" in loss.message for loss in made.losses)


def test_a_file_without_head_and_schema_is_read_all_the_same(path: Path, new: Path) -> None:
    before = everything(path)
    with path.open("r+b") as file:
        file.write(bytes(PAGE))
    with open_what_is_left(path) as left:
        assert left.is_damaged and left.read_only
        assert len(left.roster().teachers) == 3
        page = next(left.roster().teachers[0].pages())
        assert left.picture(page).data
    rescue(path, new)
    after = everything(new)
    assert {name for name in before if before[name] != after[name]} == {"history"}


def test_a_page_that_no_record_names_goes_to_the_tray(path: Path, new: Path) -> None:
    wreck(path, "DELETE FROM history")
    wreck(path, "DELETE FROM page")
    made = rescue(path, new)
    with open_collection(new) as collection:
        tray = collection.tray()
    assert made.found == len(tray) > 0
    assert {page.reason for page in tray} == {FOUND_REASON}
    assert verify(new).ok


def test_a_value_that_no_reader_takes_costs_only_itself(path: Path, new: Path) -> None:
    wreck(path, "DELETE FROM history")
    wreck(path, "UPDATE page SET recipe = '{' WHERE id = 1")
    assert [problem.code for problem in verify(path).problems] == ["value_damaged"]
    made = rescue(path, new)
    assert made.pages == len(everything(path)["page"])
    assert any("图像的修整" in loss.message for loss in made.losses)
    assert verify(new).ok


def test_a_record_that_was_changed_behind_the_history_is_doubted(path: Path, new: Path) -> None:
    wreck(path, "UPDATE teacher SET name = '张王' WHERE id = 1")
    told = [problem.message for problem in verify(path).problems]
    assert len(told) == 1 and "张王" in told[0]
    assert any("张王" in loss.message for loss in rescue(path, new).losses)


def test_what_is_open_for_writing_and_what_exists_is_refused(path: Path, new: Path) -> None:
    with open_collection(path), pytest.raises(UserError) as caught:
        rescue(path, new)
    assert caught.value.code == "collection_locked"
    new.write_bytes(b"mine")
    with pytest.raises(UserError) as caught:
        rescue(path, new)
    assert caught.value.code == "collection_exists"
    assert new.read_bytes() == b"mine"


def test_cancelled_it_leaves_nothing(path: Path, new: Path) -> None:
    def stop() -> None:
        raise UserError("rescue_cancelled")

    with pytest.raises(UserError):
        rescue(path, new, check=stop)
    assert not new.exists()


def test_the_command_line_tells_what_was_lost(
    path: Path, new: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rescue", str(path), str(new)]) == 0
    assert "没有丢失任何内容" in capsys.readouterr().err
    new.unlink()
    wreck(path, "UPDATE blob SET data = zeroblob(length(data)) WHERE rowid = 1")
    assert main(["rescue", str(path), str(new)]) == 1
    assert "请重新扫描" in capsys.readouterr().err
    assert main(["rescue", str(path), str(new)]) == 2


def test_one_with_a_password_is_rescued_with_it(
    path: Path, new: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change_password(path, "", "样本密码 1")
    data = bytearray(path.read_bytes())
    data[40_000] ^= 1
    path.write_bytes(data)
    assert main(["rescue", str(path), str(new)]) == 2
    assert "有密码" in capsys.readouterr().err
    typed = io.TextIOWrapper(io.BytesIO("样本密码 1\n".encode()))
    monkeypatch.setattr("sys.stdin", typed)
    assert main(["rescue", str(path), str(new), "--password-stdin"]) == 1
    assert "已抢救到" in capsys.readouterr().err
    open_collection(new, password="样本密码 1").close()


def test_an_unused_file_is_a_note_not_a_problem(path: Path) -> None:
    with open_collection(path) as collection:
        collection.add_blob(b"left over", "image/jpeg")
    report = verify(path)
    assert report.ok and len(report.notes) == 1
