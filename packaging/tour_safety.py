"""The tour's stops for what may happen to a collection file: held elsewhere, damaged, given a password, cleared."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import apsw
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPlainTextEdit

from certclerk.collection import change_password, open_collection
from certclerk.gui import siblings
from certclerk.system.resources import user_folder
from tour_driver import Tour

PASSWORD = "样本密码 1"


def safety(tour: Tour) -> None:
    shown = tour.session.collection.path
    held(tour, copied(tour, "在别处打开着"))
    damaged(tour, copied(tour, "有损坏"))
    protected(tour, copied(tour, "有密码"))
    cleared(tour, copied(tour, "报送完了"))
    tour.window.open_path(shown)


def copied(tour: Tour, name: str) -> Path:
    """A school's file that nothing is known of on this computer."""
    tour.window.close_collection()
    sample = next(tour.aside.glob("sample/*.certclerk"))
    folder = tour.aside / name
    folder.mkdir()
    (user_folder() / siblings.FILE).unlink(missing_ok=True)
    return Path(shutil.copy(sample, folder))


def held(tour: Tour, path: Path) -> None:
    with open_collection(path):
        tour.window.open_path(path)
        tour.picture("held-elsewhere")
        tour.press("openReadOnly")
        tour.picture("read-only")


def damaged(tour: Tour, path: Path) -> None:
    """A page of zeros among the teachers."""
    with closing(apsw.Connection(str(path))) as connection:
        root = int(str(connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'teacher'").get))
        size = int(connection.pragma("page_size"))
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
    tour.window.open_path(path)
    tour.picture("damaged")
    tour.press("damageListButton")
    tour.picture("damage-list")
    tour.find(QPlainTextEdit, "lines").window().close()
    tour.act("actionHealthCheck")
    tour.picture("health-check-failed")
    tour.find(QDialog, "healthDialog").reject()
    tour.answer = path.with_name("抢救.certclerk")
    tour.press("rescueButton")
    tour.picture("rescued")
    tour.press("openRescuedButton")
    tour.act("actionHealthCheck")
    tour.picture("health-check")
    tour.find(QDialog, "healthDialog").reject()


def protected(tour: Tour, path: Path) -> None:
    tour.window.open_path(path)
    tour.act("actionPassword")
    tour.picture("password-set")
    dialog = tour.find(QDialog, "protectDialog")
    for field in dialog.findChildren(QLineEdit):
        field.setText(PASSWORD)
    tour.find(QCheckBox, "notedBox").setChecked(True)
    tour.picture("password-typed")
    dialog.reject()
    tour.window.close_collection()
    # The start page looks into the file for the days at the counter.
    tour.settle()
    change_password(path, "", PASSWORD)
    tour.window.open_path(path)
    tour.picture("password-asked")
    tour.find(QDialog, "passwordDialog").reject()


def cleared(tour: Tour, path: Path) -> None:
    tour.window.open_path(path)
    tour.act("actionArchive")
    tour.picture("archive")
    tour.answer = path.with_name("归档.certclerk")
    tour.press("writeArchiveButton")
    tour.picture("archive-written")
    tour.find(QLineEdit, "clearWordField").setText("清除")
    tour.picture("archive-clear")
    tour.press("clearButton")
    tour.picture("archive-cleared")
    for dialog in tour.window.findChildren(QDialog, "archiveDialog"):
        dialog.reject()
