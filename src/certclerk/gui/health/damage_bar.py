"""The bar over the panes of a damaged collection: it is open for reading only, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from certclerk.gui import icons, style
from certclerk.gui.buttons import button
from certclerk.gui.health.rescuing import TITLE, ask_and_rescue, list_losses
from certclerk.gui.session import Session


class DamageBar(QFrame):
    """``open_path`` shows another collection in the window. ``buttons`` has room for further ways out."""

    def __init__(self, session: Session, open_path: Callable[[Path, str], object]) -> None:
        super().__init__()
        losses = session.collection.losses
        self.setObjectName("damageBar")
        self.setStyleSheet(
            f"#damageBar {{ background: {style.RED_TINT}; border-bottom: 1px solid {style.RED}; }}"
        )
        sign = QLabel()
        sign.setPixmap(icons.icon("error", style.RED).pixmap(QSize(style.ICON, style.ICON)))
        sentence = f"这份文件有损坏，已以只读方式打开：能读出的都在这里，有 {len(losses)} 处丢失或要核对。"
        told = QLabel(sentence if losses else "这份文件有损坏，已以只读方式打开：内容都能读出。")
        told.setObjectName("damageText")
        told.setStyleSheet(f"color: {style.RED}; font-weight: 600;")
        self.setAccessibleName(told.text())
        listed = button("查看…", "damageListButton", spoken="查看丢失和要核对的内容")
        listed.setVisible(bool(losses))
        listed.clicked.connect(lambda: list_losses(self, session.collection.path, told.text(), losses))
        saved = button(f"{TITLE}…", "rescueButton", role="primary")
        saved.clicked.connect(lambda: ask_and_rescue(self.window(), session, open_path))
        self.buttons = QHBoxLayout()
        self.buttons.addWidget(listed)
        self.buttons.addWidget(saved)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.HALF, style.WIDE, style.HALF)
        layout.setSpacing(style.GAP)
        layout.addWidget(sign)
        layout.addWidget(told, 1)
        layout.addLayout(self.buttons)
