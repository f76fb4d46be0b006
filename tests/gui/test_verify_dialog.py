"""The verification of a submission folder as the window tells it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.collection import create_collection, open_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.gui.package.verify_dialog import VerifyDialog
from certclerk.gui.tasks import TaskRunner
from certclerk.jobs.package import Options, package

# The offscreen platform has no window manager to tell sizes to, and says so.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def submission(tmp_path: Path, quanzhou: Notice, scan_file: Callable[..., Path]) -> Path:
    """The submission folder of one teacher."""
    certificate = ProposedCertificate("高级中学", "语文", "20133500542000001", "泉州市教育局", "2013-07-01")
    teacher = ProposedTeacher("王芳", "女", "359901198001010025", certificates=(certificate,))
    with create_collection(
        tmp_path / "甲.certclerk", quanzhou, Filing("泉州第一中学", "王五", "22138813")
    ) as made:
        with made.change("导入") as change:
            (teacher_id,) = change.add_teachers([teacher])
        added = made.teacher(teacher_id)
        assert added is not None
        for slot in quanzhou.slots:
            data = scan_file(f"{slot.label}.jpg").read_bytes()
            page = ProposedPage(made.add_blob(data, "image/jpeg"), 0, "image/jpeg", 60, 84, None, slot.label)
            with made.change("放入页") as change:
                change.add_page(page, certificate_id=added.certificates[0].id, slot=slot.id)
        return package(made, tmp_path / "out", Options(date(2025, 3, 1))).written.folder


@pytest.fixture
def runner() -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.close()


@pytest.fixture
def opened(qtbot: QtBot, runner: TaskRunner) -> Callable[[Path], VerifyDialog]:
    def open_dialog(folder: Path) -> VerifyDialog:
        dialog = VerifyDialog(runner, folder)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not runner.busy)
        return dialog

    return open_dialog


def verdict(dialog: VerifyDialog) -> str:
    return str(dialog.findChild(QFrame, "verifyBanner").text())


def entries(dialog: VerifyDialog) -> list[str]:
    shown = dialog.findChild(QListWidget, "verifyList")
    return [shown.item(index).text() for index in range(shown.count())]


def test_a_sound_folder_passes_with_every_file(opened: Callable[..., VerifyDialog], submission: Path) -> None:
    dialog = opened(submission)
    assert verdict(dialog).startswith("校验通过：1 份文档")
    listed = {line.split("　")[0] for line in entries(dialog)}
    assert listed == {path.name for path in submission.iterdir()} - {"校验清单.json"}


def test_what_is_different_is_named_and_can_be_copied(
    opened: Callable[..., VerifyDialog], submission: Path, qtbot: QtBot
) -> None:
    annex = next(submission.glob("附件1*.xlsx"))
    annex.write_bytes(annex.read_bytes() + b"\0")
    dialog = opened(submission)
    assert verdict(dialog).startswith("校验没有通过")
    assert len(entries(dialog)) == 1
    assert annex.name in entries(dialog)[0]
    qtbot.keyClick(dialog.findChild(QPushButton, "copyReportButton"), Qt.Key.Key_Space)
    copied = QGuiApplication.clipboard().text()
    assert str(submission) in copied
    assert annex.name in copied


def test_what_is_no_submission_is_told_and_another_can_be_chosen(
    opened: Callable[..., VerifyDialog],
    submission: Path,
    tmp_path: Path,
    file_dialogs: Any,
    qtbot: QtBot,
    runner: TaskRunner,
) -> None:
    (tmp_path / "别的").mkdir()
    dialog = opened(tmp_path / "别的")
    assert "不是本程序生成的报送包" in verdict(dialog)
    assert not dialog.findChild(QPushButton, "copyReportButton").isEnabled()
    file_dialogs.answer = (submission,)
    qtbot.keyClick(dialog.findChild(QPushButton, "otherFolderButton"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not runner.busy)
    assert verdict(dialog).startswith("校验通过")


def test_closing_stops_the_reading(qtbot: QtBot, runner: TaskRunner, submission: Path) -> None:
    dialog = VerifyDialog(runner, submission)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: not runner.busy)
    shutil.rmtree(submission)


@pytest.mark.usefixtures("submission")
def test_a_zip_with_a_password_asks_for_it_and_the_collection_is_held_against(
    qtbot: QtBot, runner: TaskRunner, tmp_path: Path
) -> None:
    with open_collection(tmp_path / "甲.certclerk") as collection:
        options = Options(date(2025, 3, 1), password="Quanzhou1")
        folder = package(collection, tmp_path / "有密码", options).written.folder
        dialog = VerifyDialog(runner, folder, collection)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not runner.busy)
        field = dialog.findChild(QLineEdit, "zipPasswordField")
        assert "甲.certclerk" in dialog.findChild(QLabel, "verifyAgainst").text()
        assert any("有密码" in line for line in entries(dialog))
        assert field.isVisible()
        qtbot.keyClicks(field, "Quanzhou1")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not runner.busy)
        assert dialog.isVisible()
        assert verdict(dialog).startswith("校验通过：1 份文档")
        assert any("没有这份报送包的记录" in line for line in entries(dialog))
