"""The real wizard while the disk fails under it: the sentence, nothing half-made, and 重试 from the same page."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton

from certclerk.core.errors import UserError
from certclerk.jobs.verify import verify
from certclerk.system import files

from ..faults.conftest import windows_error
from ..faults.door import Door, files_through
from .test_package_wizard import Driver, driver, filled, own_settings

__all__ = ["driver", "filled", "own_settings"]

# The offscreen platform has no window manager to tell sizes to, and says so.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

FAULTS: dict[str, tuple[str, Callable[[], OSError], str]] = {
    "disk full": ("write", lambda: OSError(errno.ENOSPC, "full"), "disk_full"),
    "full as it is synced": ("fsync", lambda: OSError(errno.ENOSPC, "full"), "disk_full"),
    "USB stick pulled": ("write", lambda: OSError(errno.EIO, "gone"), "device_gone"),
    "folder vanished": ("open", lambda: FileNotFoundError(errno.ENOENT, "vanished"), "path_vanished"),
    "read-only": ("mkdir", lambda: OSError(errno.EROFS, "read-only"), "access_denied"),
    "open in another program": ("rename", lambda: windows_error(32), "file_in_use"),
}


@dataclass
class Broken(Door):
    """What passes as ``what`` fails as long as ``broken``; folders are not exchanged, as on Windows."""

    what: str = ""
    broken: bool = True

    def step(self, what: str, _half: Callable[[], object] = lambda: None) -> None:
        if what == "exchange" or (self.broken and what == self.what):
            raise self.error()


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Broken], None]]:
    """Puts a door before all that is written, until the test ends; nothing waits for what does not pass by itself."""
    with ExitStack() as doors:

        def begin(door: Broken) -> None:
            monkeypatch.setattr(files, "RETRY_WAITS", ())
            doors.enter_context(files_through(door))

        yield begin


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"folder"
        for path in sorted(folder.rglob("*"))
    }


def banner(driver: Driver) -> str:
    return str(driver.find(QFrame, "buildBanner").text())


def build_twice(driver: Driver, out: Path) -> Path:
    """One submission stands; the wizard is at 输出 again, for the same folder."""
    driver.to_done(out)
    driver.press("finishButton")
    (folder,) = out.iterdir()
    return folder


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_told_nothing_is_half_made_and_it_succeeds_from_the_same_page(
    fault: str, driver: Driver, tmp_path: Path, breaking: Callable[[Broken], None]
) -> None:
    what, error, code = FAULTS[fault]
    out = tmp_path / "报送"
    folder = build_twice(driver, out)
    before = tree(out)
    again = Driver(driver.qtbot, driver.session)
    again.to_output()
    again.find(QLineEdit, "outputFolderField").setText(str(out))
    door = Broken(error=error, what=what)
    breaking(door)
    again.press("nextButton")
    again.wait()
    assert again.step == "生成"
    assert banner(again) == str(UserError(code, path=folder))
    assert tree(out) == before
    assert len(driver.session.collection.submissions()) == 1
    assert not again.enabled("nextButton") and again.enabled("backButton")
    assert again.wizard.focusWidget() is again.find(QPushButton, "retryButton")
    again.press("retryButton")
    again.wait()
    assert banner(again) == str(UserError(code, path=folder))
    door.broken = False
    again.press("retryButton")
    again.qtbot.waitUntil(lambda: again.step == "完成")
    assert verify(folder).ok
    assert sorted(path.name for path in out.iterdir()) == [folder.name, f"{folder.name}_旧1"]


def test_a_folder_that_vanishes_in_the_midst_comes_back(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, away = tmp_path / "U盘" / "报送", tmp_path / "拔出后"
    out.mkdir(parents=True)
    opened = files.open_private

    def pull(path: Path) -> Any:
        if out.exists() and not away.exists():
            out.parent.rename(away)
        return opened(path)

    monkeypatch.setattr("certclerk.output.recording.open_private", pull)
    driver.to_output()
    driver.find(QLineEdit, "outputFolderField").setText(str(out))
    driver.press("nextButton")
    driver.wait()
    assert driver.step == "生成"
    assert "U盘" in banner(driver) and "找不到" in banner(driver)
    monkeypatch.undo()
    away.rename(out.parent)
    driver.press("retryButton")
    driver.qtbot.waitUntil(lambda: driver.step == "完成")
    (folder,) = out.iterdir()
    assert verify(folder).ok
