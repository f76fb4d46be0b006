"""Where everything lies on the editing desk: from shares of the page to px of the screen and back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPolygonF, QTransform

from certclerk.core.recipe import AS_IT_IS, WHOLE, Box, Corners, Recipe
from certclerk.gui.scan.edit.draft import Draft, Mode
from certclerk.gui.scan.edit.picture import EditPicture

# px around the picture, so that handles at its rim can be taken hold of.
MARGIN = 26


@dataclass(frozen=True, slots=True)
class Scene:
    """``room``: px of the desk. ``rotation``: the clerk's turning, clockwise degrees. ``untouched``: the page as it
    came is shown, to compare.

    The ``ground`` is the space that the handles lie in, before the turning: px of the screen copy, of the whole
    picture while corners are set, of what they span while the frame is.
    """

    picture: EditPicture
    draft: Draft
    mode: Mode
    rotation: int
    untouched: bool
    room: QSize

    @property
    def spanned(self) -> Corners | None:
        return self.draft.recipe.corners if self.mode is Mode.CROP and not self.untouched else None

    @property
    def turn(self) -> float:
        """Degrees by which the picture is straightened as it is shown now."""
        return self.draft.recipe.straighten if self.mode is Mode.CROP and not self.untouched else 0.0

    @property
    def ground(self) -> QRectF:
        return QRectF(QPointF(), self.picture.ground(self.spanned))

    def to_screen(self) -> QTransform:
        """From the ground to px of the desk."""
        ground, scale = self.ground, self.scale
        screen = QTransform()
        screen.translate(self.room.width() / 2, self.room.height() / 2)
        screen.rotate(self.rotation)
        screen.scale(scale, scale)
        screen.translate(-ground.width() / 2, -ground.height() / 2)
        return screen

    @property
    def scale(self) -> float:
        """Px of the desk per px of the ground."""
        size = self.ground.size()
        if self.rotation % 180:
            size = size.transposed()
        across, down = self.room.width() - 2 * MARGIN, self.room.height() - 2 * MARGIN
        return max(min(across / size.width(), down / size.height()), 0.01)

    def straightened(self) -> QTransform:
        """From the picture, which is turned over its ground, to px of the desk."""
        return _about(self.ground.center(), self.turn) * self.to_screen()

    def handle_points(self) -> tuple[QPointF, ...]:
        """Of the mode's handles, clockwise, px of the desk."""
        shares = self.draft.corners if self.mode is Mode.CORNERS else _around(self.draft.box)
        screen = self.to_screen()
        return tuple(map(screen.map, self._points(shares)))

    def shares_moved(self, by: QPointF) -> tuple[float, float]:
        """A way on the desk as shares of the ground's width and height."""
        back, _ = self.to_screen().inverted()
        way = back.map(by) - back.map(QPointF())
        return way.x() / self.ground.width(), way.y() / self.ground.height()

    def proposed_frame(self, proposal: Recipe) -> QPolygonF:
        """What ``proposal`` would leave; empty where there is nothing proposed, where it is done already, and over a
        spanned picture, where it has no place.
        """
        if proposal in (AS_IT_IS, self.draft.recipe) or self.spanned is not None or self.untouched:
            return QPolygonF()
        corners = proposal.corners or _around(proposal.crop or WHOLE)[::2]
        turned = _about(self.ground.center(), self.turn - proposal.straighten)
        return (turned * self.to_screen()).map(QPolygonF(self._points(corners)))

    def _points(self, shares: tuple[tuple[float, float], ...]) -> list[QPointF]:
        ground = self.ground
        return [QPointF(x * ground.width(), y * ground.height()) for x, y in shares]


def _around(box: Box) -> tuple[tuple[float, float], ...]:
    """A frame's corners and the middles of its sides, clockwise from the upper left."""
    left, top, right, bottom = box
    across, down = (left + right) / 2, (top + bottom) / 2
    return (
        (left, top), (across, top), (right, top), (right, down),
        (right, bottom), (across, bottom), (left, bottom), (left, down),
    )  # fmt: skip


def _about(middle: QPointF, degrees: float) -> QTransform:
    """Turning clockwise about a point."""
    turn = QTransform()
    turn.translate(middle.x(), middle.y())
    turn.rotate(degrees)
    turn.translate(-middle.x(), -middle.y())
    return turn
