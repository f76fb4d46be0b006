"""Asking which pages like one are to be edited as it is; it says how many there are."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QRadioButton, QVBoxLayout, QWidget

from certclerk.core.records import Page, Teacher
from certclerk.core.wording import named
from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel
from certclerk.gui.session import Session
from certclerk.gui.showing import hand_back
from certclerk.jobs.edit_pages import pages_like


class LikeDialog(QDialog):
    """``chosen`` are the other pages. Those of one teacher are proposed where there are any."""

    def __init__(self, session: Session, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("likeDialog")
        self.setWindowTitle("同类页都这样")
        self.setMinimumWidth(400)
        slot = session.notice.slot(page.slot).label if page.slot else "待归位的页"
        words = QLabel(f"同类页：同是{slot}，像素和文件格式也相同。各页原来的编辑由这一页的代替，可以撤销。")
        words.setWordWrap(True)
        owner = _owner(session.teachers(), page)
        own = pages_like(page, [owner]) if owner else ()
        everyone = pages_like(page, session.teachers())
        self._choices = (
            (QRadioButton(f"{named(owner.name) if owner else '这位教师'}的 {len(own)} 页"), own),
            (QRadioButton(f"所有教师的 {len(everyone)} 页"), everyone),
        )
        buttons, accept = accept_or_cancel(self, "都这样", "acceptButton", self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout.setSpacing(style.GAP)
        layout.addWidget(words)
        for name, (choice, pages) in zip(("ownChoice", "everyoneChoice"), self._choices, strict=True):
            choice.setObjectName(name)
            choice.setAccessibleName(choice.text())
            choice.setEnabled(bool(pages))
            layout.addWidget(choice)
        layout.addSpacing(style.GAP)
        layout.addWidget(buttons)
        first = next((choice for choice, pages in self._choices if pages), None)
        accept.setEnabled(first is not None)
        if first is None:
            words.setText("没有别的同类页（同一页位、像素和文件格式都相同的页）。")
        else:
            first.setChecked(True)
            first.setFocus()

    @property
    def chosen(self) -> tuple[Page, ...]:
        return next((pages for choice, pages in self._choices if choice.isChecked()), ())


def ask_like(parent: QWidget, session: Session, page: Page) -> tuple[Page, ...]:
    """The other pages that are to look the same; none when cancelled."""
    dialog = LikeDialog(session, page, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    chosen = dialog.chosen
    hand_back(dialog)
    dialog.deleteLater()
    return chosen if accepted else ()


def _owner(teachers: tuple[Teacher, ...], page: Page) -> Teacher | None:
    return next((one for one in teachers if any(held.id == page.id for held in one.pages())), None)
