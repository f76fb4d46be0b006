"""A sheet of paper to draw specimens on, measured in mm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.core.booklet import BOOKLET_HEIGHT, BOOKLET_WIDTH, POINTS_PER_CM

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH_MM, HEIGHT_MM = (round(points / POINTS_PER_CM * 10) for points in (BOOKLET_WIDTH, BOOKLET_HEIGHT))
# Forms are drawn larger and scaled down, because Pillow draws lines without smoothing.
OVERSAMPLING = 2

Colour = tuple[int, int, int]


def page_size(dpi: int) -> tuple[int, int]:
    return round(WIDTH_MM / 25.4 * dpi), round(HEIGHT_MM / 25.4 * dpi)


@lru_cache(maxsize=64)
def typeface(path: Path, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(path), size)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page being drawn; all places and sizes are in mm, ``scale`` is px for each."""

    picture: Image
    pen: ImageDraw
    scale: float
    font: Path

    @staticmethod
    def blank(font: Path, dpi: int, colour: Colour) -> Sheet:
        """A sheet to draw a form on, larger by ``OVERSAMPLING`` until :func:`at_size`."""
        from PIL import Image

        width, height = page_size(dpi)
        picture = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING), colour)
        return Sheet.of(picture, font)

    @staticmethod
    def of(picture: Image, font: Path) -> Sheet:
        """A sheet of a picture that is a whole page at any scale."""
        from PIL import ImageDraw

        return Sheet(picture, ImageDraw.Draw(picture), picture.width / WIDTH_MM, font)

    def px(self, *millimetres: float) -> tuple[float, ...]:
        return tuple(value * self.scale for value in millimetres)

    def width(self, millimetres: float) -> int:
        return max(1, round(millimetres * self.scale))

    def typeface(self, size: float) -> FreeTypeFont:
        return typeface(self.font, self.width(size))

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Colour, width: float) -> None:
        self.pen.line(self.px(x1, y1, x2, y2), colour, self.width(width))

    def frame(
        self, x1: float, y1: float, x2: float, y2: float, colour: Colour, width: float, corner: float = 0
    ) -> None:
        box = self.px(x1, y1, x2, y2)
        self.pen.rounded_rectangle(box, corner * self.scale, outline=colour, width=self.width(width))

    def write(
        self, x: float, y: float, text: str, size: float, colour: Colour, anchor: str, weight: float = 0
    ) -> None:
        place = (x * self.scale, y * self.scale)
        stroke = weight * self.scale
        self.pen.text(place, text, colour, self.typeface(size), anchor=anchor, stroke_width=stroke)

    def centred(
        self, text: str, y: float, size: float, colour: Colour, spread: float, weight: float = 0
    ) -> None:
        """``spread`` is added between characters, as titles are set; ``weight`` thickens strokes."""
        letters = self.typeface(size)
        widths = [letters.getlength(char) / self.scale for char in text]
        x = (WIDTH_MM - sum(widths) - spread * (len(text) - 1)) / 2
        for char, width in zip(text, widths, strict=True):
            self.write(x, y, char, size, colour, "lm", weight)
            x += width + spread

    def fitting(self, text: str, size: float, width: float) -> int:
        """How many characters of ``text`` go into ``width``; at least one."""
        letters = self.typeface(size)
        fitting = (
            count
            for count in range(len(text), 1, -1)
            if letters.getlength(text[:count]) <= width * self.scale
        )
        return next(fitting, 1)


def at_size(sheet: Sheet) -> Image:
    return sheet.picture.reduce(OVERSAMPLING)
