"""What the clerk is told of the place of a collection: a bar over the panes, and a question where another computer has it."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from certclerk.core.errors import UserError
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.jobs.places import caution

if TYPE_CHECKING:
    from certclerk.gui.main_window import MainWindow

FILE = "places.ini"


class PlaceBar(QFrame):
    """Shown while the place of ``path`` gives cause, until the clerk says not to for this file; ``folder`` remembers."""

    def __init__(self, path: Path, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("placeBar")
        self.setAccessibleName("采集文件的位置")
        self._settings = QSettings(str(folder / FILE), QSettings.Format.IniFormat)
        # Paths may hold names of people and schools.
        self._key = hashlib.sha256(str(path.absolute()).encode("utf-8", "surrogatepass")).hexdigest()
        said = caution(path)
        self._text = QLabel(said)
        self._text.setObjectName("placeText")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        dismiss = button("知道了，不再提示", "dismissPlaceButton")
        dismiss.clicked.connect(self._on_dismiss_clicked)
        self.setStyleSheet(
            f"#placeBar {{ background: {style.AMBER_TINT}; }} #placeText {{ color: {style.INK}; }}"
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.HALF, style.WIDE, style.HALF)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._text, 1)
        layout.addWidget(dismiss)
        self.setVisible(bool(said) and not self._settings.value(self._key))

    def _on_dismiss_clicked(self) -> None:
        self._settings.setValue(self._key, 1)
        self.hide()


def ask_where_held(window: MainWindow, path: Path, password: str, error: UserError) -> bool:
    """Offers to open what another computer is said to have open; False where that is not the trouble."""
    if error.code != "collection_locked_elsewhere":
        return False
    from certclerk.gui.choice_dialog import ChoiceDialog, Way
    from certclerk.gui.showing import show

    dialog = ChoiceDialog(
        window,
        "heldElsewhereDialog",
        "打开采集",
        str(error),
        "那台电脑若还开着它，两边的改动会互相覆盖，文件可能损坏。",
        (Way("openAnyway", "仍要打开", "danger"),),
    )
    dialog.accepted.connect(partial(window.open_path, path, password, taking_over=True))
    show(dialog)
    return True
