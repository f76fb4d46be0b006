"""On the last page of the package wizard, where nothing is mailed: what goes on the net drive or the USB stick."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout

from certclerk.core.handing_in import drive_note
from certclerk.core.submission_record import Delivery
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.jobs.package import Result

NOTE_HEIGHT = 150  # px
HOW = {
    Delivery.NET_DRIVE: "把整个文件夹传到网盘，连同下面的说明发给通知指定的部门。",
    Delivery.USB_STICK: "把整个文件夹拷到U盘，交给通知指定的部门；下面的说明可以打印或发给对方。",
}


class DriveCard(QFrame):
    """A note of what is handed in, to be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._heading = QLabel()
        self._heading.setProperty("role", "heading")
        self._how = QLabel()
        self._how.setObjectName("driveHow")
        self._how.setWordWrap(True)
        self._note = QPlainTextEdit()
        self._note.setObjectName("driveNote")
        self._note.setAccessibleName("报送说明")
        self._note.setReadOnly(True)
        self._note.setTabChangesFocus(True)
        self._note.setFixedHeight(NOTE_HEIGHT)
        self._copied = QLabel()
        self._copied.setObjectName("noteCopied")
        self._copied.setProperty("role", "caption")
        copy = button("复制说明", "copyNoteButton")
        copy.clicked.connect(self._on_copy_clicked)
        below = QHBoxLayout()
        below.addWidget(copy)
        below.addWidget(self._copied, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
        layout.setSpacing(style.HALF)
        for part in (self._heading, self._how, self._note):
            layout.addWidget(part)
        layout.addLayout(below)

    def show_result(self, result: Result) -> None:
        """Nothing to see where it is mailed."""
        delivery = result.options.delivery
        self.setVisible(not delivery.mailed)
        if delivery.mailed:
            return
        self._heading.setText(delivery.label)
        self._how.setText(HOW[delivery])
        files = [(file.name, file.size) for file in result.written.files]
        self._note.setPlainText(drive_note(result.submission, result.written.folder.name, files, delivery))
        self._copied.clear()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._note.toPlainText())
        self._copied.setText("已复制说明。")
