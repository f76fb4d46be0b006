"""The large preview of one page: the picture on its desk, buttons for zoom and turning, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from certclerk.core.errors import UserError
from certclerk.core.records import Page, Place
from certclerk.gui import style, texts
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.icons import icon
from certclerk.gui.scan.page_canvas import PageCanvas, Zoom, zoom_of
from certclerk.gui.scan.page_figures import figures, shown_size
from certclerk.gui.scan.pictures import Levels, Pictures
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job

# px of the longer side: what fits the desk is asked for first, in one of few sizes; and the most that zooming asks for.
FITTED_PX = (800, 1200, 2000)
MOST_PX = 6000


@dataclass(frozen=True, slots=True)
class _Tool:
    name: str
    icon: str
    label: str
    key: str


_TOOLS = (
    _Tool("zoomOutButton", "zoom-out", "缩小", "Ctrl+−"),
    _Tool("zoomInButton", "zoom-in", "放大", "Ctrl++"),
    _Tool("fitButton", "fit", "适合窗口", "Ctrl+0"),
    _Tool("fullSizeButton", "full-size", "原始像素", "Ctrl+1"),
    _Tool("editButton", "crop", "编辑", "E"),
    _Tool("rotateLeftButton", "rotate-left", "左转 90°", "Shift+R"),
    _Tool("rotateRightButton", "rotate-right", "右转 90°", "R"),
)
_EDITING = ("editButton", "rotateLeftButton", "rotateRightButton")


class PageView(QWidget):
    """``rotated`` (degrees clockwise), ``stepped`` (-1 or 1) and ``edit_asked`` (Page) are what the clerk asks for
    here. ``shown`` (Page or None): what the preview is about now; ``loaded`` (Page): its picture is there.
    """

    rotated = Signal(int)
    stepped = Signal(int)
    edit_asked = Signal(object)
    shown = Signal(object)
    loaded = Signal(object)

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pageView")
        self.setAccessibleName("页面大图")
        self._session = session
        self._thumbnails = thumbnails
        self._pictures = Pictures(session, self)
        self._page: Page | None = None
        self._job: Job | None = None
        self._awaited: Key | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._on_pause_timeout)
        self._asked_px = 0
        self._sharp = False
        self.canvas = PageCanvas(self)
        self._figures = ElidedLabel("pageFigures", "这一页的说明")
        self._zoom = QLabel()
        self._zoom.setObjectName("zoomLabel")
        self._zoom.setAccessibleName("缩放")
        self._zoom.setProperty("role", "caption")
        self._zoom.setMinimumWidth(40)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._buttons = {tool.name: _button(tool) for tool in _TOOLS}
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.canvas)
        self.show_page(None)

    @property
    def page(self) -> Page | None:
        return self._page

    def show_page(self, page: Page | None, empty: str = "还没有页面", *, after_ms: int = 0) -> None:
        """Shows ``page``, or for None an empty desk that says ``empty``.

        ``after_ms``: by its thumbnail at first, and sharp if it is still shown then.
        """
        before, self._page = self._page, page
        for button in self._buttons.values():
            button.setEnabled(page is not None)
        if page is None:
            self._drop_job()
            self._figures.set_text("")
            self.canvas.clear(empty)
            self.shown.emit(None)
            return
        waits = page.place is not Place.SLOT or page.slot is None
        where = texts.TRAY if waits else self._session.notice.slot(page.slot or "").label
        self._figures.set_text(f"{where}：{figures(page)}")
        self._figures.set_colour(style.AMBER if waits else style.QUIET)
        self.canvas.setAccessibleName(f"大图：{page.source}")
        is_same = before is not None and key_of(before) == key_of(page)
        if not is_same or not (self.canvas.has_picture() or self._awaited == key_of(page)):
            self._load(page, after_ms)
        self.shown.emit(page)

    def is_sharp(self) -> bool:
        """Whether the page is shown as finely as its zoom needs, and not by its thumbnail."""
        return self._sharp

    def look_ahead(self, pages: Sequence[Page]) -> None:
        """The pages that the clerk may turn to next."""
        self._pictures.look_ahead(pages, self._fitted_px())

    def set_editable(self, editable: bool) -> None:
        for name in _EDITING:
            self._buttons[name].setVisible(editable)

    def add_below(self, widget: QWidget) -> None:
        """Something about the page, between its picture and its figures."""
        self._column.insertWidget(self._column.indexOf(self._figures), widget)

    def apply_zoom(self, zoom: Zoom) -> None:
        self.canvas.apply(zoom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        zoom = zoom_of(event)
        if zoom:
            self.canvas.apply(zoom)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(2)
        for name in _EDITING:
            tools.addWidget(self._buttons[name])
        tools.addSpacing(style.GAP)
        for name in ("zoomOutButton", "zoomInButton", "fitButton", "fullSizeButton"):
            tools.addWidget(self._buttons[name])
        tools.addWidget(self._zoom)
        tools.addStretch(1)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.HALF)
        self._column.addLayout(tools)
        self._column.addWidget(self.canvas, 1)
        self._column.addWidget(self._figures)

    def _connect(self) -> None:
        acts: dict[str, Callable[[], None]] = {
            "zoomOutButton": lambda: self.canvas.apply(Zoom.OUT),
            "zoomInButton": lambda: self.canvas.apply(Zoom.IN),
            "fitButton": self.canvas.fit,
            "fullSizeButton": lambda: self.canvas.apply(Zoom.FULL),
            "editButton": lambda: self.edit_asked.emit(self._page),
            "rotateLeftButton": lambda: self.rotated.emit(-90),
            "rotateRightButton": lambda: self.rotated.emit(90),
        }
        for name, act in acts.items():
            self._buttons[name].clicked.connect(act)
        self.canvas.stepped.connect(self.stepped)
        self.canvas.zoomed.connect(self._on_canvas_zoomed)
        self._thumbnails.arrived.connect(self._on_thumbnail_arrived)

    def _load(self, page: Page, after_ms: int) -> None:
        most_px = self._fitted_px()
        here = self._pictures.of(page, most_px)
        if here is not None:
            self._drop_job()
            self._asked_px, self._sharp = most_px, True
            self.canvas.show_picture(here, max(shown_size(page)))
            self.loaded.emit(page)
            return
        self._drop_job()
        self.canvas.clear(texts.LOADING)
        self._show_small(page)
        self._awaited, self._asked_px, self._sharp = key_of(page), most_px, False
        if after_ms:
            self._pause.start(after_ms)
        else:
            self._ask(page, most_px)

    def _fitted_px(self) -> int:
        room = self.canvas.size() * self.devicePixelRatioF()
        return next((px for px in FITTED_PX if px >= max(room.width(), room.height())), FITTED_PX[-1])

    def _show_small(self, page: Page) -> None:
        """The thumbnail, enlarged, until the picture is there."""
        small = self._thumbnails.of(page)
        if small is not None:
            self.canvas.show_picture((small.toImage(),), max(shown_size(page)))

    def _ask(self, page: Page, most_px: int, *, keep_place: bool = False) -> None:
        self._drop_job()
        self._awaited = key_of(page)
        self._asked_px, self._sharp = most_px, False

        def take(pictures: Levels) -> None:
            if self._page is None or key_of(self._page) != key_of(page):
                return
            self._awaited, self._sharp = None, True
            if pictures[0].isNull():
                self.canvas.clear(texts.UNSHOWABLE)
            else:
                self.canvas.show_picture(pictures, max(shown_size(page)), keep_place=keep_place)
                self.loaded.emit(page)

        def refuse(error: UserError) -> None:
            if self._page is not None and key_of(self._page) == key_of(page):
                self._awaited = None
                self.canvas.clear(str(error))

        self._job = self._pictures.ask(page, most_px, take, refuse, self)

    def _drop_job(self) -> None:
        self._pause.stop()
        self._awaited = None
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _on_pause_timeout(self) -> None:
        if self._page is not None:
            self._ask(self._page, self._fitted_px())

    def _on_canvas_zoomed(self) -> None:
        shown = self.canvas.has_picture()
        self._zoom.setText(f"{self.canvas.zoom:.0%}" if shown else "")
        if not shown or self._page is None:
            return
        longest = max(shown_size(self._page))
        finer = self._asked_px < min(longest, MOST_PX)
        if finer and not self.canvas.fits and self.canvas.zoom > self._asked_px / longest:
            self._ask(self._page, MOST_PX, keep_place=True)

    def _on_thumbnail_arrived(self, key: Key) -> None:
        if self._page is not None and key == key_of(self._page) and not self.canvas.has_picture():
            self._show_small(self._page)


def _button(tool: _Tool) -> QToolButton:
    button = QToolButton()
    button.setObjectName(tool.name)
    button.setAccessibleName(tool.label)
    button.setToolTip(f"{tool.label}（{tool.key}）")
    button.setIcon(icon(tool.icon))
    button.setProperty("role", "quiet")
    return button
