"""A disk of its own, in a file: it fills up, its power goes, it comes back read-only. Only in the long form, and as root."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from certclerk.collection import open_collection
from certclerk.core.errors import UserError
from certclerk.jobs.verify import verify

from . import tally
from .stages import STAGES, Desk, copy_for, fingerprint, make_folder, recorded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's loop devices")

fcntl = pytest.importorskip("fcntl", reason="locks of POSIX")
MB = 10**6
DISK_MB = 80
ROOMS = (0, 4096, 20_000, 70_000, 300_000)
FULL = {"collection_disk_full", "collection_io", "collection_cannot_open", "disk_full", "no_space"}
GONE = {"collection_io", "collection_cannot_open", "device_gone", "watch_folder_gone"}
MISHANDLED = "mishandled"
# ext4: from now on nothing reaches the disk any more, nor does what its own journal still holds.
_SHUT_DOWN, _WITHOUT_THE_JOURNAL = 0x8004587D, 2
_FORMATS = {"ext4": (["mkfs.ext4", "-q", "-m", "0"], "loop"), "vfat": (["mkfs.vfat"], "loop,utf8")}


class Disk:
    def __init__(self, folder: Path, kind: str) -> None:
        self._image = folder / "disk.img"
        self.root = folder / "mounted"
        self.root.mkdir()
        make, self._options = _FORMATS[kind]
        with self._image.open("wb") as stream:
            stream.truncate(DISK_MB * MB)
        if (
            shutil.which(make[0]) is None
            or subprocess.run([*make, self._image], capture_output=True).returncode
        ):
            pytest.skip(f"{make[0]} is missing")
        if not self.mount():
            pytest.skip(f"{kind} cannot be mounted here")

    def mount(self, *options: str) -> bool:
        chosen = ",".join((self._options, *options))
        return not subprocess.run(
            ["mount", "-o", chosen, self._image, self.root], capture_output=True
        ).returncode

    def unmount(self) -> None:
        subprocess.run(["umount", self.root], check=True)

    def fill(self, room: int) -> None:
        """Leaves that many bytes, as near as the file system can."""
        filler = os.open(self.root / "filler", os.O_WRONLY | os.O_CREAT)
        try:
            free = os.statvfs(self.root)
            os.posix_fallocate(filler, 0, max(1, free.f_bfree * free.f_frsize - room))
        except OSError:
            os.posix_fallocate(filler, 0, 1)
        os.fsync(filler)
        os.close(filler)

    def empty(self) -> None:
        (self.root / "filler").unlink()

    def cut_power(self) -> None:
        descriptor = os.open(self.root, os.O_RDONLY)
        fcntl.ioctl(descriptor, _SHUT_DOWN, struct.pack("I", _WITHOUT_THE_JOURNAL))
        os.close(descriptor)


@pytest.fixture(params=_FORMATS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if not request.config.getoption("--long"):
        pytest.skip("only with --long")
    if os.geteuid():
        pytest.skip("only root may mount")
    made = Disk(tmp_path, request.param)
    yield made
    # A test that failed may still have something open there.
    subprocess.run(["umount", "--lazy", made.root], capture_output=True)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "desk"
    make_folder(folder)
    return folder


STEPWISE = [name for name, stage in STAGES.items() if not stage.makes and not stage.version]


@pytest.mark.parametrize("name", STEPWISE)
def test_a_disk_that_fills_up(name: str, disk: Disk, template: Path, tmp_path: Path) -> None:
    stage = STAGES[name]
    states = recorded(stage, template, tmp_path / "whole")
    desk = copy_for(stage, template, disk.root / "desk")
    refused = 0
    with open_collection(desk.path) as collection:
        desk.open = collection
        for index, step in enumerate(stage.steps):
            for room in ROOMS:
                shown = _shown(desk)
                disk.fill(room)
                try:
                    with tally.trial("faults: a real disk fills up", MISHANDLED):
                        try:
                            step(desk)
                        except UserError as error:
                            refused += 1
                            assert error.code in FULL, error.code
                            assert fingerprint(collection) == states[index]
                            assert _shown(desk) == shown
                        else:
                            assert fingerprint(collection) == states[index + 1]
                            break
                finally:
                    disk.empty()
            else:
                step(desk)
                assert fingerprint(collection) == states[index + 1]
        assert all(told.is_note for told in collection.examine())
        assert not collection.damaged_blobs()
    assert refused
    assert all(verify(folder).ok for folder in _shown(desk) if list(folder.glob("*.json")))


@pytest.mark.parametrize("name", STEPWISE)
def test_the_power_goes(name: str, disk: Disk, template: Path, tmp_path: Path) -> None:
    """Without a word, before each step and after the last: what was acknowledged is there when the power is back."""
    stage = STAGES[name]
    states = recorded(stage, template, tmp_path / "whole")
    for done in range(len(stage.steps) + 1):
        desk = copy_for(stage, template, disk.root / f"desk {done}")
        os.sync()
        collection = open_collection(desk.path)
        desk.open = collection
        for step in stage.steps[:done]:
            step(desk)
        shown = _shown(desk)
        try:
            disk.cut_power()
        except OSError:
            pytest.skip("only ext4 can be cut off like that")
        with tally.trial("faults: the power of a real disk goes", MISHANDLED):
            for step in stage.steps[done : done + 1]:
                with pytest.raises(UserError) as caught:
                    step(desk)
                assert caught.value.code in GONE, caught.value.code
            collection.close()
            disk.unmount()
            assert disk.mount()
            with open_collection(desk.path) as again:
                assert fingerprint(again) == states[done]
                assert all(told.is_note for told in again.examine())
                assert not again.damaged_blobs()
            assert shown == _shown(desk)
            assert all(verify(folder).ok for folder in shown if list(folder.glob("*.json")))


def test_a_disk_that_is_read_only(disk: Disk, template: Path) -> None:
    stage = STAGES["edit"]
    desk = copy_for(stage, template, disk.root / "desk")
    with open_collection(desk.path) as collection:
        before = fingerprint(collection)
    disk.unmount()
    assert disk.mount("ro")
    with tally.trial("faults: a read-only disk", MISHANDLED):
        with pytest.raises(UserError) as caught:
            open_collection(desk.path)
        assert caught.value.code == "folder_not_writable"
        with open_collection(desk.path, read_only=True) as collection:
            assert fingerprint(collection) == before


def _shown(desk: Desk) -> list[Path]:
    return sorted(path for path in desk.out.iterdir() if not path.name.startswith("."))
