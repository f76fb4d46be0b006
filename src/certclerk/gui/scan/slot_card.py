"""The card of one slot: its name and state, its pages in order, and where things may be dropped."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from certclerk.core.notice import Slot
from certclerk.core.records import Absence, Page
from certclerk.gui import style, texts
from certclerk.gui.icons import icon
from certclerk.gui.mime import carries_pages_or_files, pages_carried, scans_carried
from certclerk.gui.scan.page_thumb import HEIGHT, WIDTH, EmptyPlace, PageThumb, Want
from certclerk.gui.scan.thumbnails import Thumbnails

_BUTTON_HEIGHT = 26


@dataclass(frozen=True, slots=True)
class SlotState:
    """One slot of the current certificate at a glance; ``wanted``: a submission needs it."""

    slot: Slot
    pages: tuple[Page, ...]
    absence: Absence | None
    is_target: bool
    wanted: bool


class SlotCard(QFrame):
    """``stops`` are its thumbnails and empty place, in the order in which the arrows reach them."""

    pages_dropped = Signal(object, str, int)
    files_dropped = Signal(object, str)
    absent_asked = Signal(str)
    presence_asked = Signal(str)

    def __init__(
        self, state: SlotState, thumbnails: Thumbnails, *, editable: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.state = state
        self._drop_at: int | None = None
        self.setObjectName(f"slotCard_{state.slot.id}")
        self.setAccessibleName(f"{state.slot.label}：{_spoken(state)}")
        self.setProperty("role", "card")
        self.setAcceptDrops(editable)
        self.thumbs = tuple(
            PageThumb(page, f"{state.slot.label}第{number}页", thumbnails, self)
            for number, page in enumerate(state.pages, 1)
        )
        self.place = self._empty_place() if editable or not state.pages else None
        self.word_button = self._word_button() if editable else None
        self._lay_out()

    @property
    def stops(self) -> tuple[PageThumb | EmptyPlace, ...]:
        return (*self.thumbs, self.place) if self.place else self.thumbs

    def _empty_place(self) -> EmptyPlace | None:
        state = self.state
        if state.pages and not state.slot.many:
            return None
        want = Want.MISSING if state.wanted else Want.FREE
        if state.pages:
            want = Want.MORE
        elif state.absence:
            want = Want.ABSENT
        place = EmptyPlace(state.slot.id, want, state.slot.label, self)
        place.set_target(state.is_target)
        if state.absence:
            place.set_detail(state.absence.reason)
        return place

    def _word_button(self) -> QPushButton | None:
        """Under an empty place: the clerk's word that there is no such page, or taking it back."""
        slot = self.state.slot
        if self.state.absence:
            button = QPushButton("取消", self)
            button.setObjectName(f"clearAbsentButton_{slot.id}")
            button.setAccessibleName(f"取消“无{slot.label}”")
            button.clicked.connect(lambda: self.presence_asked.emit(slot.id))
        elif not self.state.pages and slot.required and slot.may_be_absent:
            button = QPushButton(texts.MARK_ABSENT, self)
            button.setObjectName(f"absentButton_{slot.id}")
            button.setAccessibleName(f"证书没有{slot.label}，写明原因")
            button.clicked.connect(lambda: self.absent_asked.emit(slot.id))
        else:
            return None
        button.setFixedWidth(WIDTH)
        inner = _BUTTON_HEIGHT - 2
        button.setStyleSheet(f"padding: 0; min-height: {inner}px; max-height: {inner}px;")
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(style.HALF)
        title = QLabel(self.state.slot.label)
        title.setProperty("role", "heading")
        head.addWidget(title)
        head.addStretch(1)
        sign, ink = state_sign(self.state)
        mark = QLabel()
        mark.setPixmap(icon(sign, ink).pixmap(16, 16))
        words = QLabel(state_words(self.state))
        words.setStyleSheet(f"color: {ink};")
        words.setFont(style.scaled(words.font(), 0.9))
        head.addWidget(mark)
        head.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(style.HALF)
        for number, thumb in enumerate(self.thumbs, 1):
            if self.state.slot.many and len(self.thumbs) > 1:
                thumb.set_number(number)
            row.addWidget(thumb)
        if self.place and self.word_button:
            self.place.setFixedHeight(HEIGHT - _BUTTON_HEIGHT - style.HALF)
            column = QVBoxLayout()
            column.setSpacing(style.HALF)
            column.addWidget(self.place)
            column.addWidget(self.word_button)
            row.addLayout(column)
        elif self.place:
            row.addWidget(self.place)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.GAP, 6, style.GAP, style.GAP)
        layout.setSpacing(style.HALF)
        layout.addLayout(head)
        layout.addLayout(row)
        layout.addStretch(1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_pages_or_files(event.mimeData()):
            event.acceptProposedAction()
            self._show_drop(event.position().x())

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()
        self._show_drop(event.position().x())

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._drop_at = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        position = self._position_at(event.position().x())
        self._drop_at = None
        self.update()
        pages = pages_carried(event.mimeData())
        if pages:
            self.pages_dropped.emit(pages, self.state.slot.id, position)
        else:
            self.files_dropped.emit(scans_carried(event.mimeData()), self.state.slot.id)
        event.acceptProposedAction()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._drop_at is None:
            if self.state.is_target:
                self._paint_border(QPainter(self), 2)
            return
        painter = QPainter(self)
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), QColor(style.ACCENT_TINT))
        self._paint_border(painter, 2)
        if self.thumbs and self.state.slot.many:
            after = self._drop_at >= len(self.thumbs)
            beside = self.thumbs[-1 if after else self._drop_at].geometry()
            x = beside.right() + 2 if after else beside.left() - 2
            painter.fillRect(x - 1, beside.top(), 3, beside.height(), QColor(style.ACCENT))

    def _paint_border(self, painter: QPainter, width: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(style.ACCENT), width))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)

    def _show_drop(self, x: float) -> None:
        self._drop_at = self._position_at(x)
        self.update()

    def _position_at(self, x: float) -> int:
        """Before which page (from 0) a thing dropped at ``x`` px goes."""
        return sum(1 for thumb in self.thumbs if thumb.geometry().center().x() < x)


def state_words(state: SlotState) -> str:
    if state.pages:
        return f"{len(state.pages)} 页" if state.slot.many or len(state.pages) > 1 else ""
    if state.absence:
        return "无"
    return "缺" if state.wanted else ""


def _spoken(state: SlotState) -> str:
    if state.pages:
        return f"{len(state.pages)} 页"
    return texts.ABSENT if state.absence else state_words(state) or "空"


def state_sign(state: SlotState) -> tuple[str, str]:
    """The icon that says the slot's state, and its colour."""
    if state.pages:
        return "check", style.GREEN
    if state.absence:
        return "dash", style.GREY
    return "ring", style.AMBER if state.wanted else style.GREY
