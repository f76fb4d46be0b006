from __future__ import annotations

import os
import sys

import pytest

from certclerk.capture.files import gather


@pytest.fixture
def scans(tmp_path):
    """A folder of scans as it comes from a clerk's stick."""
    for name in (
        "07 张三/1.jpg",
        "07 张三/10.jpg",
        "07 张三/2.jpg",
        "07 张三/Thumbs.db",
        "王芳_封面.JPG",
        "王芳_内页.jpg",
        "名册.xlsx",
        "~$名册.xlsx",
        "说明.txt",
        "readme.MD",
        "scan.log",
        "desktop.ini",
        ".DS_Store",
        "._王芳_封面.JPG",
        "__MACOSX/._x.jpg",
        ".git/config",
        "空/",
    ):
        path = tmp_path / "扫描" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        else:
            path.write_bytes(b"x")
    return tmp_path / "扫描"


def shown(gathered) -> list[str]:
    return ["/".join((*file.parts, file.name)) for file in gathered.files]


def test_files_come_in_natural_order_with_the_folders_above_them(scans):
    assert shown(gather([scans])) == [
        "扫描/07 张三/1.jpg",
        "扫描/07 张三/2.jpg",
        "扫描/07 张三/10.jpg",
        "扫描/名册.xlsx",
        "扫描/王芳_内页.jpg",
        "扫描/王芳_封面.JPG",
    ]
    assert all(file.path.read_bytes() == b"x" for file in gather([scans]).files)


def test_droppings_are_passed_over_and_counted(scans):
    gathered = gather([scans])
    assert {path.name for path in gathered.droppings} == {
        "Thumbs.db",
        "~$名册.xlsx",
        "说明.txt",
        "readme.MD",
        "scan.log",
        "desktop.ini",
        ".DS_Store",
        "._王芳_封面.JPG",
        "__MACOSX",
        ".git",
    }
    assert not gathered.unreadable


def test_a_file_alone_has_no_folders_and_a_dropped_folder_is_one(scans):
    assert shown(gather([scans / "王芳_封面.JPG"])) == ["王芳_封面.JPG"]
    assert shown(gather([scans / "07 张三"]))[0] == "07 张三/1.jpg"


def test_a_folder_that_the_clerk_named_is_meant_whatever_its_name(tmp_path):
    (tmp_path / ".扫描").mkdir()
    (tmp_path / ".扫描" / "王芳_1.jpg").write_bytes(b"x")
    assert shown(gather([tmp_path / ".扫描"])) == [".扫描/王芳_1.jpg"]


def test_the_current_folder_has_a_name(scans, monkeypatch):
    monkeypatch.chdir(scans / "07 张三")
    from pathlib import Path

    assert shown(gather([Path()]))[0] == "07 张三/1.jpg"
    assert shown(gather([Path("..")]))[0] == "扫描/07 张三/1.jpg"


def test_a_file_and_its_folder_give_the_file_once(scans):
    gathered = gather([scans / "07 张三" / "2.jpg", scans / "07 张三", scans / "07 张三"])
    assert sorted(shown(gathered)) == ["07 张三/1.jpg", "07 张三/10.jpg", "2.jpg"]


def test_what_is_not_there_is_reported(tmp_path):
    gathered = gather([tmp_path / "没有.jpg"])
    assert [(one.name, one.reason) for one in gathered.unreadable] == [("没有.jpg", "文件不存在")]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")
def test_links_that_lead_back_and_pipes(scans):
    (scans / "07 张三" / "上面").symlink_to(scans, target_is_directory=True)
    (scans / "自己").symlink_to(scans / "自己")
    (scans / "王芳_备注.jpg").symlink_to(scans / "王芳_内页.jpg")
    os.mkfifo(scans / "管道")
    gathered = gather([scans])
    assert len(gathered.files) == 7
    assert {(one.name, one.reason) for one in gathered.unreadable} == {
        ("管道", "不是普通文件"),
        ("自己", "文件不存在"),
    }


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom the system refuses something"
)
def test_a_closed_folder_is_reported(scans):
    (scans / "07 张三").chmod(0)
    try:
        (unreadable,) = gather([scans]).unreadable
    finally:
        (scans / "07 张三").chmod(0o755)
    assert (unreadable.name, unreadable.reason) == ("07 张三", "没有读取的权限")


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name can be any bytes")
def test_a_name_that_is_no_utf8_can_be_stored(tmp_path):
    raw = os.path.join(os.fsencode(tmp_path), "王芳.jpg".encode("gb18030"))  # noqa: PTH118
    with open(raw, "wb") as file:  # noqa: PTH123
        file.write(b"x")
    (file,) = gather([tmp_path]).files
    file.name.encode("utf-8")
    assert file.path.read_bytes() == b"x"
