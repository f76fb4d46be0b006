"""What stands in a slot's card: the thumbnail of a page, or a place where one is wanted."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from certclerk.core.recipe import AS_IT_IS
from certclerk.core.records import Page
from certclerk.gui import style
from certclerk.gui.icons import draw
from certclerk.gui.scan.edit.wording import described
from certclerk.gui.scan.page_commands import page_act_of
from certclerk.gui.scan.thumbnails import Thumbnails, paint_thumbnail

# px: a portrait A4 page fills it, and five stand side by side in the narrowest panel.
WIDTH, HEIGHT = 84, 96
_RADIUS = 4.0
_SIGN = 22


class PageThumb(QAbstractButton):
    """A page of a slot. ``focused`` when the clerk comes to it, ``carried`` when a drag begins,
    ``commanded`` (a :class:`PageAct`) by its keys."""

    focused = Signal(object)
    carried = Signal(object)
    commanded = Signal(str, object)

    def __init__(
        self, page: Page, spoken: str, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.page = page
        self._thumbnails = thumbnails
        self._shown = False
        self._number = ""
        self._pressed_at: QPoint | None = None
        self.setObjectName(f"pageThumb{page.id}")
        self.setAccessibleName(f"{spoken}：{page.source}{'，已编辑' if page.recipe != AS_IT_IS else ''}")
        edits = described(page.recipe, page.rotation)
        self._edited = bool(edits)
        self.setToolTip(f"{page.source}\n已编辑：{edits}" if edits else page.source)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(WIDTH, HEIGHT)
        self.clicked.connect(lambda: self.focused.emit(self.page))

    def set_number(self, number: int) -> None:
        self._number = str(number)
        self.update()

    def set_shown(self, shown: bool) -> None:
        """Whether it is the page in the preview."""
        self._shown = shown
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Reached by Tab it is shown large as by the arrows: the keys mean the page that is seen."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.focused.emit(self.page)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._pressed_at = None
            self.setDown(False)
            self.carried.emit(self.page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = page_act_of(event)
        if act is not None:
            self.commanded.emit(act, self.page)
        elif event.key() in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shown or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.ACCENT_TINT if self._shown else style.HOVER))
            painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        box = self.rect().adjusted(5, 5, -5, -5)
        broken = self._thumbnails.is_broken(self.page)
        paint_thumbnail(painter, box, self._thumbnails.of(self.page), broken=broken)
        if self._number:
            self._paint_number(painter)
        if self._edited:
            self._paint_edited(painter)
        if self._shown or self.hasFocus():
            _paint_frame(painter, self, style.ACCENT, 2.5 if self.hasFocus() else 1.2)
        painter.end()

    def _paint_number(self, painter: QPainter) -> None:
        badge = QRect(self.width() - 21, self.height() - 21, 17, 17)
        painter.setPen(QPen(QColor(style.PANEL), 1))
        painter.setBrush(QColor(style.QUIET))
        painter.drawEllipse(badge)
        painter.setFont(style.scaled(self.font(), 0.8))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._number)

    def _paint_edited(self, painter: QPainter) -> None:
        badge = QRectF(self.width() - 22, 4, 18, 18)
        painter.setPen(QPen(QColor(style.PANEL), 1))
        painter.setBrush(QColor(style.ACCENT))
        painter.drawEllipse(badge)
        draw(painter, "crop", badge.adjusted(3.5, 3.5, -3.5, -3.5), style.PANEL)


class Want(Enum):
    """What an empty place says."""

    MISSING = auto()
    FREE = auto()
    MORE = auto()
    ABSENT = auto()


_WORDS = {
    Want.MISSING: "待扫",
    Want.FREE: "空",
    Want.MORE: "再加一页",
    Want.ABSENT: "无此页",
}


class EmptyPlace(QAbstractButton):
    """Room for a page; clicked, the next page goes here."""

    def __init__(self, slot: str, want: Want, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slot = slot
        self._want = want
        self._is_target = False
        self._spoken = spoken
        self._detail = ""
        self.setObjectName(f"emptyPlace_{slot}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(WIDTH, HEIGHT)
        self._tell()

    @property
    def is_target(self) -> bool:
        return self._is_target

    def set_target(self, is_target: bool) -> None:
        self._is_target = is_target
        self._tell()
        self.update()

    def set_detail(self, text: str) -> None:
        """The reason why there is no such page."""
        self._detail = text
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground = self._colours()
        pen = QPen(QColor(ink), 1.5 if self._is_target else 1)
        if self._want is not Want.ABSENT or self._is_target:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), _RADIUS, _RADIUS)
        self._paint_words(painter, ink)
        if self.hasFocus():
            _paint_frame(painter, self, style.ACCENT, 2.5)
        painter.end()

    def _paint_words(self, painter: QPainter, ink: str) -> None:
        words = "下一页\n到这里" if self._is_target else _WORDS[self._want]
        if self._detail and not self._is_target:
            words = self._detail
        painter.setFont(style.scaled(self.font(), 0.95, bold=self._is_target))
        painter.setPen(QColor(ink))
        area = self.rect().adjusted(6, 6, -6, -6)
        sign = {Want.ABSENT: "dash", Want.MORE: "add", Want.FREE: "add"}.get(self._want, "ring")
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        lines = painter.boundingRect(area, wrapped, words)
        if lines.height() + _SIGN > area.height():
            painter.drawText(area, wrapped, words)
            return
        top = area.top() + (area.height() - lines.height() - _SIGN) / 2
        mark = QRectF(area.center().x() - _SIGN / 2 + 0.5, top, _SIGN, _SIGN)
        draw(painter, "down" if self._is_target else sign, mark, ink)
        text = QRect(area.left(), round(mark.bottom()), area.width(), lines.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def _colours(self) -> tuple[str, str]:
        if self._is_target:
            return style.ACCENT_DARK, style.ACCENT_TINT
        if self._want is Want.MISSING:
            return style.AMBER, style.HOVER if self.underMouse() else style.PANEL
        return style.QUIET, style.HOVER if self.underMouse() else style.STRIPE

    def _tell(self) -> None:
        state = "下一页到这里" if self._is_target else _WORDS[self._want]
        reason = f"，{self._detail}" if self._detail else ""
        self.setAccessibleName(f"{self._spoken}：{state}{reason}")
        self.setToolTip(self._detail or ("" if self._is_target else "点一下：下一页放到这里"))


_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def _paint_frame(painter: QPainter, widget: QWidget, colour: str, width: float) -> None:
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(half, half, -half, -half), _RADIUS, _RADIUS)
