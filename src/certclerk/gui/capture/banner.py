"""Large and plain over the pages: where the next one goes, and what has just come."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from certclerk.core.flow import Aim, holder
from certclerk.core.notice import Notice
from certclerk.core.records import Page, Teacher
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.icons import icon
from certclerk.gui.mime import carries_pages_or_files, pages_carried, scans_carried
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of, paint_thumbnail

_HINT = "按 F5 扫描，或把扫描件拖到这里"
_REPLACING = "收到后替换这一页，原来的在回收站"
_INSERTING = "收到后插在这一页前面"
# px: as high as the two lines beside it.
_LAST_SIZE = QSize(36, 42)


class TargetBanner(QFrame):
    """Whatever is dropped here goes to the locked place.

    ``scan_asked``, ``stop_asked``, ``files_asked``, ``next_asked`` and ``release_asked`` are its buttons;
    ``last_asked`` (page id): the clerk wants to see the page that came last. ``pages_dropped`` (ids),
    ``files_dropped`` (Scans).
    """

    scan_asked = Signal()
    stop_asked = Signal()
    files_asked = Signal()
    next_asked = Signal()
    release_asked = Signal()
    last_asked = Signal(int)
    pages_dropped = Signal(object)
    files_dropped = Signal(object)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("targetBanner")
        self._busy = False
        self._hint = _HINT
        self._doing = ""
        self._said = ("", style.INK)
        self._sign = QLabel()
        self._words = ElidedLabel("targetText", "下一页的位置", scale=1.35, bold=True)
        self._note = ElidedLabel("arrivalText", "刚收到的页")
        self._last_button = LastPage(thumbnails)
        self._last_button.clicked.connect(lambda: self.last_asked.emit(self._last_button.page_id))
        self._scan = button("扫描 F5", "scanButton", spoken="扫描下一页", role="primary")
        self._scan.clicked.connect(self.scan_asked)
        self._stop = button("停止", "stopScanButton", spoken="停止扫描")
        self._stop.clicked.connect(self.stop_asked)
        self._release = button(texts.CANCEL, "releaseTargetButton", spoken="取消，回到下一个缺页")
        self._release.clicked.connect(self.release_asked)
        self._files = QToolButton()
        self._files.setObjectName("filesButton")
        self._files.setAccessibleName("从文件")
        self._files.setToolTip("选择扫描页的文件，放到这里（Ctrl+D）")
        self._files.setIcon(icon("pages"))
        self._files.clicked.connect(self.files_asked)
        self._next = button("下一位", "nextGapButton")
        self._next.setToolTip("到下一位缺页的教师（Ctrl+↓）")
        self._next.clicked.connect(self.next_asked)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self._words)
        lines.addWidget(self._note)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.GAP + style.HALF, 6, style.GAP, 6)
        row.setSpacing(style.GAP)
        row.addWidget(self._sign)
        row.addLayout(lines, 1)
        for part in (self._last_button, self._release, self._files, self._scan, self._stop, self._next):
            row.addWidget(part)
        self._last_button.hide()
        self._stop.hide()
        self.say("")

    def text(self) -> str:
        return self._words.text()

    def show_target(self, teacher: Teacher, aim: Aim | None, notice: Notice) -> None:
        beside = aim is not None and aim.beside is not None
        self._files.setVisible(aim is not None)
        self._scan.setVisible(aim is not None and not self._busy)
        self._release.setVisible(beside)
        self._next.setVisible(aim is None)
        self.setAcceptDrops(aim is not None)
        if aim is not None:
            words, sign = target_words(teacher, aim, notice), ("down", style.ACCENT_DARK)
            self._paint(style.ACCENT_TINT, style.ACCENT_DARK)
        else:
            words, sign = f"{named(teacher.name)}的页已齐", ("check", style.GREEN)
            self._paint(style.GREEN_TINT, style.GREEN)
        self._sign.setPixmap(icon(*sign).pixmap(style.ICON, style.ICON))
        self._words.set_text(words)
        self._hint = _hint(aim)
        self._show_note()

    def show_busy(self, busy: bool, words: str = "") -> None:
        """While a scanner is at work; ``words`` say how far it is. What has come is said again when it has ended."""
        self._busy, self._doing = busy, words
        self._stop.setVisible(busy)
        self._scan.setVisible(not busy and not self._files.isHidden())
        self._show_note()

    def say(self, words: str, *, doubtful: bool = False) -> None:
        """In the second line: what has just come; empty for what can be done."""
        self._said = (words, style.AMBER if doubtful else style.INK)
        self._show_note()

    def _show_note(self) -> None:
        """What is being done comes first; how a page beside another is taken comes before what came last."""
        words, colour = (self._doing, style.INK) if self._busy else self._said
        if not words or (self._hint != _HINT and not self._busy):
            words, colour = self._hint, style.QUIET
        self._note.set_text(words)
        self._note.set_colour(colour)

    def show_last(self, page: Page | None, where: str) -> None:
        """The page that came last, small; pressed, it is shown large at its place ``where``."""
        self._last_button.setVisible(page is not None)
        self._last_button.setToolTip(f"刚收到：{where}。点击查看")
        self._last_button.setAccessibleName(f"查看刚收到的页：{where}")
        if page is not None:
            self._last_button.show_page(page)

    def set_editable(self, editable: bool) -> None:
        for part in (self._files, self._scan):
            part.setEnabled(editable)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_pages_or_files(event.mimeData()):
            event.acceptProposedAction()
            self._paint(style.PANEL, style.ACCENT_DARK)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._paint(style.ACCENT_TINT, style.ACCENT_DARK)

    def dropEvent(self, event: QDropEvent) -> None:
        self._paint(style.ACCENT_TINT, style.ACCENT_DARK)
        pages = pages_carried(event.mimeData())
        if pages:
            self.pages_dropped.emit(pages)
        else:
            self.files_dropped.emit(scans_carried(event.mimeData()))
        event.acceptProposedAction()

    def _paint(self, ground: str, ink: str) -> None:
        style.put_sheet(self, f"#targetBanner {{ background: {ground}; border-radius: 6px; }}")
        self._words.set_colour(ink)


class LastPage(QAbstractButton):
    """The page that came last, small."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lastPageButton")
        self.setFixedSize(_LAST_SIZE)
        self._thumbnails = thumbnails
        self._page: Page | None = None
        thumbnails.arrived.connect(self._on_thumbnails_arrived)

    @property
    def page_id(self) -> int:
        assert self._page is not None
        return self._page.id

    def show_page(self, page: Page) -> None:
        self._page = page
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._page is None:
            return
        painter = QPainter(self)
        pixmap, broken = self._thumbnails.of(self._page), self._thumbnails.is_broken(self._page)
        paint_thumbnail(painter, self.rect().adjusted(1, 1, -1, -1), pixmap, broken=broken)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _on_thumbnails_arrived(self, key: Key) -> None:
        if self._page is not None and key == key_of(self._page):
            self.update()


def _hint(aim: Aim | None) -> str:
    if aim is None or aim.beside is None:
        return _HINT
    return _REPLACING if aim.replaces is not None else _INSERTING


def target_words(teacher: Teacher, aim: Aim, notice: Notice) -> str:
    """``下一页：张三 · 高级中学 · 内页``, or whose place among the slot's pages it takes."""
    held = holder(teacher, aim.gap)
    kind = f" · {held.kind or texts.NO_KIND}" if held and len(teacher.certificates) > 1 else ""
    place = f"{named(teacher.name)}{kind} · {notice.slot(aim.gap.slot).label}"
    there = [page.id for page in held.pages_in(aim.gap.slot)] if held else []
    number = there.index(aim.beside) + 1 if aim.beside in there else 0
    if number == 0:
        return f"下一页：{place}"
    nth = f"第{number}页" if len(there) > 1 else ""
    return f"重扫：{place}{nth}" if aim.replaces is not None else f"插入：{place}{nth}之前"
