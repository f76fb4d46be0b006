"""What kind of place a path is: by texts of the kernel, by names and marks of sync folders, and on real mounts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from certclerk.system.places import Kind, Place, kind_on_linux, kind_on_windows, place_of, sync_service

MOUNTS = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 27 8:17 / /media/chen/KINGSTON\04032G rw,nosuid shared:30 master:2 - vfat /dev/sdb1 rw,uid=1000
41 27 8:33 / /media/chen/disk rw - exfat /dev/sdc1 rw
42 27 0:50 / /mnt/school rw,relatime - nfs4 files:/export rw,vers=4.2
43 27 0:51 / /mnt/office rw,relatime - cifs //files/office rw,vers=3.0
44 27 0:52 / /home/chen/remote rw,nosuid - fuse.sshfs chen@files: rw
45 27 0:53 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
46 27 0:54 / /mnt/host rw - 9p host rw,trans=virtio
47 42 254:1 / /mnt/school/own rw - ext4 /dev/vdb rw
48 27 0:55 / /mnt/covered rw - nfs files:/a rw
49 48 254:2 / /mnt/covered rw - ext4 /dev/vdc rw
50 27 0:56 / /home/chen/usb rw - fuseblk /dev/sdb2 rw
a line that no kernel writes
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/chen/a.certclerk", Kind.LOCAL),
        ("/media/chen/KINGSTON 32G/采集/a.certclerk", Kind.REMOVABLE),
        ("/media/chen/KINGSTON 32", Kind.LOCAL),
        ("/media/chen/disk/a.certclerk", Kind.LOCAL),
        ("/mnt/school/a.certclerk", Kind.NETWORK),
        ("/mnt/school2/a.certclerk", Kind.LOCAL),
        ("/mnt/office/a.certclerk", Kind.NETWORK),
        ("/home/chen/remote/a.certclerk", Kind.NETWORK),
        ("/run/user/1000/gvfs/smb-share:server=files/a.certclerk", Kind.NETWORK),
        ("/mnt/host/a.certclerk", Kind.NETWORK),
        ("/mnt/school/own/a.certclerk", Kind.LOCAL),
        ("/mnt/covered/a.certclerk", Kind.LOCAL),
    ],
)
def test_the_deepest_mount_decides(path: str, kind: Kind) -> None:
    assert kind_on_linux(path, MOUNTS, lambda device: device == "8:17") is kind


def test_what_the_computer_runs_from_is_its_own() -> None:
    assert kind_on_linux("/home/a", "27 1 0:9 / / rw - 9p root rw", lambda _device: True) is Kind.LOCAL


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (r"C:\Users\chen\a.certclerk", Kind.LOCAL),
        (r"E:\a.certclerk", Kind.REMOVABLE),
        (r"Z:\采集\a.certclerk", Kind.NETWORK),
        (r"\\files\office\a.certclerk", Kind.NETWORK),
        (r"\\?\UNC\files\office\a.certclerk", Kind.NETWORK),
        (r"\\?\C:\a.certclerk", Kind.LOCAL),
    ],
)
def test_windows_knows_its_drives(path: str, kind: Kind) -> None:
    drives = {"C:\\": 3, "E:\\": 2, "Z:\\": 4}
    assert kind_on_windows(path, lambda root: drives[root]) is kind


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (r"C:\Users\chen\OneDrive\文档\a.certclerk", "OneDrive"),
        (r"C:\Users\chen\OneDrive - 泉州第一中学\a.certclerk", "OneDrive"),
        (r"D:\云\a.certclerk", "OneDrive"),
        (r"C:\Users\chen\Nutstore\1\我的坚果云\a.certclerk", "坚果云"),
        (r"D:\BaiduSyncdisk\a.certclerk", "百度网盘"),
        (r"D:\百度网盘\a.certclerk", "百度网盘"),
        (r"D:\BaiduNetdiskDownload\a.certclerk", ""),
        (r"C:\Users\chen\iCloudDrive\a.certclerk", "iCloud"),
        (r"C:\Users\chen\Dropbox (学校)\a.certclerk", "Dropbox"),
        (r"D:\微云\a.certclerk", "腾讯微云"),
        (r"D:\WPSDrive\1\WPS云盘\a.certclerk", "WPS云盘"),
        (r"C:\Users\chen\Documents\a.certclerk", ""),
        # The file's own name says nothing about where it lies.
        (r"C:\Users\chen\Documents\OneDrive", ""),
    ],
)
def test_sync_folders_are_known_by_name_and_variable(path: str, service: str) -> None:
    variables = {"OneDriveCommercial": "D:\\云\\", "OneDrive": ""}
    assert sync_service(PureWindowsPath(path), variables, lambda _path: False) == service


def test_sync_folders_are_known_by_what_lies_in_them() -> None:
    there = {"/home/chen/doc/.stfolder", "/home/chen/box/.dropbox", "/home/chen/.dropbox"}
    environment = {"HOME": "/home/chen"}

    def service(path: str) -> str:
        return sync_service(PurePosixPath(path), environment, there.__contains__)

    assert service("/home/chen/doc/学校/a.certclerk") == "Syncthing"
    assert service("/home/chen/box/a.certclerk") == "Dropbox"
    assert service("/home/chen/a.certclerk") == ""


def test_a_real_path_in_a_sync_folder_also_through_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "Nutstore"
    folder.mkdir()
    link = tmp_path / "采集"
    link.symlink_to(folder)
    assert place_of(link / "a.certclerk") == Place(Kind.SYNC, "坚果云")
    assert place_of(link / "a.certclerk").shared
    assert place_of(tmp_path / "a.certclerk") == Place(Kind.LOCAL)


@pytest.mark.skipif(os.name != "posix" or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts")
def test_a_real_mount_is_found(tmp_path: Path) -> None:
    point = tmp_path / "盘 1"
    point.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(point)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this place lets nobody mount")
    try:
        text = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
        device = point.stat().st_dev
        asked: list[str] = []
        kind_on_linux(str(point / "a.certclerk"), text, lambda name: bool(asked.append(name)))
        assert asked == [f"{os.major(device)}:{os.minor(device)}"]
        assert place_of(point / "a.certclerk") == Place(Kind.LOCAL)
    finally:
        subprocess.run(["umount", str(point)], check=True)
