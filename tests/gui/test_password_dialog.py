"""The password of an encrypted file, asked for over the window while a worker waits."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton

from certclerk.gui.password_dialog import PasswordDialog
from certclerk.gui.scan.page_intake import take_in
from certclerk.gui.session import Session


def encrypted_page(path: Path, shade: int, password: str) -> Path:
    plain = io.BytesIO()
    Image.new("RGB", (85, 120), (shade, 60, 90)).save(plain, "PDF", resolution=15)
    writer = PdfWriter(clone_from=PdfReader(plain))
    writer.encrypt(password, algorithm="RC4-128")
    with path.open("wb") as file:
        writer.write(file)
    return path


def the_dialog() -> PasswordDialog | None:
    shown = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, PasswordDialog))
    return next((dialog for dialog in shown if dialog.isVisible()), None)


def answer(qtbot, password: str, *, for_rest: bool = False, asked_before: PasswordDialog | None = None):
    """Types into the dialog that comes up, by the keyboard; returns it."""
    qtbot.waitUntil(lambda: the_dialog() not in (None, asked_before), timeout=20_000)
    dialog = the_dialog()
    field = dialog.findChild(QLineEdit, "passwordField")
    qtbot.keyClicks(field, password)
    if for_rest:
        box = dialog.findChild(QCheckBox, "samePasswordBox")
        qtbot.keyClick(box, Qt.Key.Key_Space)
        assert box.isChecked()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    return dialog


def test_a_wrong_password_is_told_and_the_right_one_opens_the_rest(qtbot, session: Session, tmp_path: Path):
    paths = [encrypted_page(tmp_path / f"{index}.pdf", index, "geheim") for index in (1, 2)]
    take_in(session, paths)
    first = answer(qtbot, "falsch")
    assert "1.pdf" in " ".join(label.text() for label in first.findChildren(QLabel))
    assert first.findChild(QLabel, "passwordWord").isHidden()
    second = answer(qtbot, "geheim", for_rest=True, asked_before=first)
    assert "不对" in second.findChild(QLabel, "passwordWord").text()
    qtbot.waitUntil(lambda: len(session.tray()) == 2, timeout=20_000)
    assert the_dialog() is None


def test_cancelling_leaves_out_that_file(qtbot, session: Session, tmp_path: Path):
    paths = [encrypted_page(tmp_path / f"{index}.pdf", index, "geheim") for index in (1, 2)]
    take_in(session, paths)
    qtbot.waitUntil(lambda: the_dialog() is not None, timeout=20_000)
    first = the_dialog()
    with qtbot.waitSignal(session.reported, timeout=40_000) as reported:
        qtbot.keyClick(first, Qt.Key.Key_Escape)
        answer(qtbot, "geheim", asked_before=first)
    assert [page.source for page in session.tray()] == ["2.pdf"]
    assert "1.pdf" in reported.args[1][0]


def test_the_window_can_close_while_a_worker_waits(qtbot, session: Session, tmp_path: Path):
    take_in(session, [encrypted_page(tmp_path / "1.pdf", 1, "geheim")])
    qtbot.waitUntil(lambda: the_dialog() is not None, timeout=20_000)
    session.runner.close()
    assert session.tray() == ()
    the_dialog().reject()


def test_it_goes_when_the_clerk_stops_the_job(qtbot, session: Session, tmp_path: Path):
    with qtbot.waitSignal(session.working) as working:
        take_in(session, [encrypted_page(tmp_path / "1.pdf", 1, "geheim")])
    qtbot.waitUntil(lambda: the_dialog() is not None, timeout=20_000)
    working.args[0].cancel()
    qtbot.waitUntil(lambda: the_dialog() is None)
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert session.tray() == () and session.collection.trash() == ()


@pytest.mark.parametrize("wrong", [False, True])
def test_nothing_is_to_be_guessed_in_it(qtbot, wrong: bool):
    dialog = PasswordDialog(None, "“林晓雯_封面.pdf”有打开密码。", wrong, among_others=True)
    qtbot.addWidget(dialog)
    dialog.show()
    field = dialog.findChild(QLineEdit, "passwordField")
    accept = dialog.findChild(QPushButton, "acceptButton")
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert not accept.isEnabled()
    field.setText("x")
    assert accept.isEnabled()
    dialog.findChild(QCheckBox, "showPasswordBox").setChecked(True)
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    for named in (*dialog.findChildren(QLineEdit), *dialog.findChildren(QPushButton)):
        assert named.objectName() and named.accessibleName()
