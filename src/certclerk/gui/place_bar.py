"""What the clerk is told of the place of a collection, in a bar over the panes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.jobs.places import caution

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
