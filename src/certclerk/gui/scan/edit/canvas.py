"""The desk on which a page is edited: the picture, the frame or the corners over it, moved by mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.gui.scan.edit.draft import FRAME, HANDLES, Draft, Mode
from certclerk.gui.scan.edit.overlay import Overlay, nearest, paint_overlay
from certclerk.gui.scan.edit.picture import EditPicture
from certclerk.gui.scan.edit.scene import Scene
from certclerk.gui.scan.edit.wording import place_of

# Shares of the picture's longer side that an arrow moves a handle.
STEP, FAR_STEP = 0.001, 0.01
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_CURSORS = {
    "左上角": Qt.CursorShape.SizeFDiagCursor,
    "右下角": Qt.CursorShape.SizeFDiagCursor,
    "右上角": Qt.CursorShape.SizeBDiagCursor,
    "左下角": Qt.CursorShape.SizeBDiagCursor,
    "上边": Qt.CursorShape.SizeVerCursor,
    "下边": Qt.CursorShape.SizeVerCursor,
    "左边": Qt.CursorShape.SizeHorCursor,
    "右边": Qt.CursorShape.SizeHorCursor,
}


class EditCanvas(QWidget):
    """``changed`` when the draft's recipe is another. Tab goes from handle to handle, arrows move one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editCanvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 160)
        self._shown: tuple[EditPicture, Draft] | None = None
        self._rotation = 0
        self._mode = Mode.CROP
        self._held = 0
        self._dragged: tuple[str, QPointF] | None = None
        self._untouched = False
        self._aligning = False
        self._proposal = AS_IT_IS
        self._waiting = ""

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def held(self) -> str:
        """The handle that the arrows move."""
        return HANDLES[self._mode][self._held]

    @property
    def scene(self) -> Scene | None:
        """None while no picture is shown."""
        if self._shown is None:
            return None
        return Scene(*self._shown, self._mode, self._rotation, self._untouched, self.size())

    def show_nothing(self, words: str) -> None:
        self._shown = self._dragged = None
        self._waiting = words
        self.update()

    def show_draft(self, picture: EditPicture, draft: Draft, rotation: int) -> None:
        self._shown = picture, draft
        self.set_rotation(rotation)

    def set_rotation(self, degrees: int) -> None:
        self._rotation = degrees
        self._hold(self._held)

    def set_mode(self, mode: Mode) -> None:
        self._mode = mode
        self._hold(0)

    def set_untouched(self, untouched: bool) -> None:
        """Whether the page as it came is shown, to compare."""
        self._untouched = untouched
        self.update()

    def set_aligning(self, aligning: bool) -> None:
        """Whether lines are shown that a straight page must follow."""
        self._aligning = aligning
        self.update()

    def set_proposal(self, recipe: Recipe) -> None:
        self._proposal = recipe
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._dragged = found, event.position()
            if found != FRAME:
                self._hold(HANDLES[self._mode].index(found))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            self._point(self._at(event.position()))
            return
        handle, last = self._dragged
        if self._move(handle, event.position() - last):
            self._dragged = handle, event.position()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._dragged = None
            self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        scene, way = self.scene, _ARROWS.get(Qt.Key(event.key()))
        shift = Qt.KeyboardModifier.ShiftModifier
        others = event.modifiers() & ~(shift | Qt.KeyboardModifier.KeypadModifier)
        if way is None or others or scene is None or self._untouched:
            super().keyPressEvent(event)
            return
        longest = max(scene.ground.width(), scene.ground.height()) * scene.scale
        self._move(self.held, way * longest * (FAR_STEP if event.modifiers() & shift else STEP))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in _ARROWS and not event.isAutoRepeat():
            self._settle()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Through the handles, then on to the next control."""
        wanted = self._held + (1 if forward else -1)
        if self._shown is not None and self.hasFocus() and 0 <= wanted < len(HANDLES[self._mode]):
            self._hold(wanted)
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() is Qt.FocusReason.TabFocusReason:
            self._hold(0)
        elif event.reason() is Qt.FocusReason.BacktabFocusReason:
            self._hold(len(HANDLES[self._mode]) - 1)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        scene = self.scene
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paint_overlay(painter, self.rect(), Overlay(words="" if scene else self._waiting))
        if scene is not None:
            self._paint_picture(painter, scene)
            paint_overlay(painter, self.rect(), self._overlay(scene))
        painter.end()

    def _paint_picture(self, painter: QPainter, scene: Scene) -> None:
        ground, scale = scene.ground, scene.scale * self.devicePixelRatioF()
        size = QSize(max(1, round(ground.width() * scale)), max(1, round(ground.height() * scale)))
        recipe = AS_IT_IS if self._untouched else scene.draft.recipe
        picture = scene.picture.shown(recipe, scene.spanned, size)
        painter.save()
        painter.setTransform(scene.to_screen())
        # What comes in beside the turned picture is white in the document too.
        painter.fillRect(ground, Qt.GlobalColor.white)
        painter.setTransform(scene.straightened())
        painter.drawPixmap(ground, picture, QRectF(picture.rect()))
        painter.restore()

    def _overlay(self, scene: Scene) -> Overlay:
        if self._untouched:
            return Overlay(caption="原图")
        points = scene.handle_points()
        return Overlay(
            frame=points if self._mode is Mode.CORNERS else points[::2],
            handles=points,
            held=self._held if self.hasFocus() else None,
            divided=self._dragged is not None and self._mode is Mode.CROP,
            aligned=scene.to_screen().mapRect(scene.ground) if self._aligning else QRectF(),
            proposed=scene.proposed_frame(self._proposal),
        )

    def _move(self, handle: str, by: QPointF) -> bool:
        """``by`` in px of this widget; whether anything moved."""
        scene = self.scene
        if scene is None:
            return False
        before = scene.draft.recipe
        scene.draft.move(self._mode, handle, *scene.shares_moved(by))
        if scene.draft.recipe == before:
            return False
        self.update()
        self.changed.emit()
        return True

    def _settle(self) -> None:
        if self._shown is not None:
            self._shown[1].settle()
            self.update()

    def _at(self, point: QPointF) -> str | None:
        """The handle there, or the frame; None for neither."""
        scene = self.scene
        if scene is None or self._untouched:
            return None
        points, framed = scene.handle_points(), self._mode is Mode.CROP
        index = nearest(points, point, sides=framed)
        if index is not None:
            return HANDLES[self._mode][index]
        within = QPolygonF(list(points)).containsPoint(point, Qt.FillRule.OddEvenFill)
        return FRAME if framed and within else None

    def _point(self, handle: str | None) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if handle == FRAME:
            shape = Qt.CursorShape.SizeAllCursor
        elif handle is not None and self._mode is Mode.CORNERS:
            shape = Qt.CursorShape.CrossCursor
        elif handle is not None:
            shape = _CURSORS[self._place(HANDLES[self._mode].index(handle))]
        self.setCursor(shape)

    def _hold(self, index: int) -> None:
        self._held = index
        what = "裁切框" if self._mode is Mode.CROP else "四角"
        self.setAccessibleName(f"{what}的{self._place(index)}，用方向键移动")
        self.update()

    def _place(self, index: int) -> str:
        return place_of(index, len(HANDLES[self._mode]), self._rotation)
