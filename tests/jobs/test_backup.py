"""Backing up at each place, finding the backups again, and restoring as the command line and the window do."""

from __future__ import annotations

from pathlib import Path

import pytest

from certclerk.app import main
from certclerk.collection import Collection, create_collection, open_collection
from certclerk.core.backup import Reason
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedPage, ProposedTeacher
from certclerk.jobs import backup
from certclerk.jobs.backup_places import FILE, keep_second_place, second_place


@pytest.fixture
def path(tmp_path: Path, quanzhou: Notice) -> Path:
    """One teacher, and a page in the tray."""
    made = tmp_path / "示例.certclerk"
    with create_collection(made, quanzhou, Filing("泉州第一中学")) as collection:
        sha256 = collection.add_blob(b"page", "image/jpeg")
        with collection.change("导入") as change:
            change.add_teachers([ProposedTeacher(name="张三")])
            change.add_page(ProposedPage(sha256, 0, "image/jpeg", 10, 20, 300.0, "1.jpg"))
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, also for the command line."""
    monkeypatch.setattr("certclerk.system.resources.user_data_path", lambda *_a, **_n: made)
    made = tmp_path / "data"
    made.mkdir()
    return made


def source_of(path: Path) -> backup.Source:
    with open_collection(path, read_only=True) as collection:
        return backup.source_of(collection)


def rename(collection: Collection, name: str) -> None:
    with collection.change("改名") as change:
        change.update_teacher(collection.order()[0], name=name)


def test_each_place_has_its_own_and_one_that_is_gone_keeps_no_other_from_it(
    path: Path, folder: Path, tmp_path: Path
) -> None:
    source = source_of(path)
    stick = tmp_path / "U盘"
    keep_second_place(folder, source.identity, stick)
    here, there = backup.back_up(source, folder, Reason.ASKED)
    assert here.made and here.made.backup and there.error and there.error.code == "backup_place_missing"
    stick.mkdir()
    here, there = backup.back_up(source, folder, Reason.ASKED)
    assert here.made and here.made.backup is None and there.made and there.made.backup
    assert there.made.backup.path.is_relative_to(stick / backup.SECOND_FOLDER)
    both = backup.shelves(folder, source.identity)
    assert [(shelf.second, len(shelf.backups), shelf.file_name) for shelf in both] == [
        (False, 1, "示例.certclerk"),
        (True, 1, "示例.certclerk"),
    ]
    assert backup.shelves(folder) == both
    assert backup.shelves_at(stick) == backup.shelves_at(stick / backup.SECOND_FOLDER) == both[1:]
    assert backup.shelves_at(both[1].folder) == both[1:]


def test_the_second_place_is_kept_per_collection_and_forgotten(folder: Path, tmp_path: Path) -> None:
    keep_second_place(folder, "a", tmp_path / "甲")
    keep_second_place(folder, "b", tmp_path / "乙")
    keep_second_place(folder, "a", None)
    assert second_place(folder, "a") is None and second_place(folder, "b") == tmp_path / "乙"
    (folder / FILE).write_text("[]")
    assert second_place(folder, "b") is None
    (folder / FILE).write_text("{")
    assert second_place(folder, "b") is None


def test_nothing_is_restored_over_a_file_or_into_no_folder(path: Path, folder: Path, tmp_path: Path) -> None:
    (outcome,) = backup.back_up(source_of(path), folder, Reason.ASKED)
    assert outcome.made and outcome.made.backup
    before = path.read_bytes()
    for target, code in ((path, "collection_exists"), (tmp_path / "无" / "1.certclerk", "folder_missing")):
        with pytest.raises(UserError) as caught:
            backup.restore_backup(outcome.made.backup, target)
        assert caught.value.code == code
    assert path.read_bytes() == before


def test_a_restoration_that_is_stopped_leaves_no_file(path: Path, folder: Path, tmp_path: Path) -> None:
    (outcome,) = backup.back_up(source_of(path), folder, Reason.ASKED)
    assert outcome.made and outcome.made.backup

    def stop(done: int, _total: int) -> None:
        if done:
            raise UserError("restore_cancelled")

    before = set(tmp_path.iterdir())
    with pytest.raises(UserError):
        backup.restore_backup(outcome.made.backup, tmp_path / "恢复.certclerk", report=stop)
    assert set(tmp_path.iterdir()) == before


def test_the_command_line_backs_up_what_is_open_in_a_window_and_restores_it(
    path: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_collection(path) as collection:
        rename(collection, "李四")
        assert main(["backup", str(path)]) == 0
    said = capsys.readouterr().err
    (made,) = folder.rglob("*.certbackup")
    assert said == f"已备份并校验：1 名教师，0 本证书，1 页。{made}\n"
    assert main(["backup", str(path)]) == 0
    assert capsys.readouterr().err.startswith("自上次备份以来没有改动")
    restored = tmp_path / "恢复.certclerk"
    assert main(["restore", str(made), str(restored)]) == 0
    assert capsys.readouterr().err == f"已恢复为 {restored}：1 名教师，0 本证书，1 页。\n"
    with open_collection(restored) as again:
        assert again.roster().teachers[0].name == "李四"
        assert again.undo() == "改名"


def test_its_exit_codes(path: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    restored, other = tmp_path / "恢复.certclerk", tmp_path / "别的.txt"
    other.write_text("别的")
    assert main(["backup", str(other)]) == 2
    assert main(["backup", str(restored)]) == 2
    assert main(["backup", str(path)]) == 0
    (made,) = folder.rglob("*.certbackup")
    (pack,) = folder.rglob("*.certpages")
    assert main(["restore", str(other), str(restored)]) == 2
    assert main(["restore", str(tmp_path / made.name), str(restored)]) == 2
    assert main(["restore", str(made), str(path)]) == 2
    whole = pack.read_bytes()
    pack.write_bytes(b"")
    capsys.readouterr()
    assert main(["restore", str(made), str(restored)]) == 1
    assert "--partly" in capsys.readouterr().err and not restored.exists()
    assert main(["restore", str(made), str(restored), "--partly"]) == 1
    assert "待归位或回收站中的 1.jpg 图像数据已损坏" in capsys.readouterr().err
    assert restored.exists()
    pack.write_bytes(whole)
    restored.unlink()
    made.write_bytes(made.read_bytes().replace("张三".encode(), "张四".encode()))
    assert main(["restore", str(made), str(restored)]) == 1
    assert not restored.exists()
    keep_second_place(folder, source_of(path).identity, tmp_path / "没有")
    assert main(["backup", str(path)]) == 1


def test_an_earlier_version_is_backed_up_as_it_is(folder: Path, tmp_path: Path) -> None:
    """No program that only reads it makes it a newer one; what is restored opens as the file itself would."""
    older = sorted((Path(__file__).parents[1] / "data" / "collections").glob("*.certclerk"))
    assert older
    for number, file in enumerate(older):
        (outcome,) = backup.back_up(source_of(file), folder, Reason.ASKED)
        assert outcome.made and outcome.made.backup, outcome.error
        restored = tmp_path / f"{number}.certclerk"
        assert backup.loss_lines(backup.restore_backup(outcome.made.backup, restored)) == []
        with open_collection(restored) as again, open_collection(file, read_only=True) as before:
            assert again.roster() == before.roster()
