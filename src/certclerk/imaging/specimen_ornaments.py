"""What adorns a specimen: leather, waves, photo and seals. No state emblem is among it."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from certclerk.imaging.specimen_sheet import HEIGHT_MM, OVERSAMPLING, WIDTH_MM, Colour, Sheet, typeface

if TYPE_CHECKING:
    from PIL.Image import Image

LEATHER: Colour = (106, 22, 28)
GOLD: Colour = (214, 174, 92)
PAPER: Colour = (251, 247, 236)
LABEL: Colour = (126, 44, 40)
RULE: Colour = (196, 168, 150)
FOOT = "样本 · 虚构人员 · 仅供软件演示"
_LEATHER_DARK: Colour = (88, 15, 21)
_SEAL: Colour = (206, 30, 34)
_BACKGROUNDS: tuple[Colour, ...] = ((150, 178, 206), (188, 64, 62), (236, 238, 240), (84, 132, 190))
_SKINS: tuple[Colour, ...] = ((104, 116, 136), (128, 128, 132), (150, 140, 138), (172, 158, 150))
_HAIR: tuple[Colour, ...] = ((30, 30, 34), (52, 46, 44), (84, 80, 84), (140, 140, 144))
_COATS: tuple[Colour, ...] = ((66, 78, 100), (34, 38, 50), (116, 44, 52), (204, 200, 194), (70, 96, 74))
_SHIRTS: tuple[Colour, ...] = ((222, 228, 236), (148, 38, 40), (238, 238, 232), (58, 62, 80))
_WAVES: tuple[Colour, Colour] = ((236, 222, 214), (222, 232, 222))


def leather(sheet: Sheet) -> None:
    """A grain: noise, softened and faint."""
    from PIL import Image, ImageFilter

    small = Image.new("L", (sheet.picture.width // 4, sheet.picture.height // 4))
    small.putdata(random.Random(1).choices(range(256), k=small.width * small.height))
    grain = small.filter(ImageFilter.GaussianBlur(1.2)).resize(sheet.picture.size)
    dark = Image.new("RGB", sheet.picture.size, _LEATHER_DARK)
    sheet.picture.paste(dark, mask=grain)


def book(sheet: Sheet, x: float, y: float) -> None:
    """An open book under a rising sun, in gold."""
    for inner, outer, angle in ((11, 17 if place % 2 else 20, 200 + 140 / 14 * place) for place in range(15)):
        across, down = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        sheet.line(x + inner * across, y + inner * down, x + outer * across, y + outer * down, GOLD, 0.7)
    sheet.pen.pieslice(sheet.px(x - 8.5, y - 8.5, x + 8.5, y + 8.5), 180, 360, fill=GOLD)
    for side in (-1, 1):
        for sink in (0, 2.2, 4.4):
            curve = [
                (x + side * 24 * t, y + 4 + sink - 4.5 * math.sin(math.pi * t * 0.9) * (1 - 0.25 * t))
                for t in (step / 24 for step in range(25))
            ]
            points = [place for point in curve for place in sheet.px(*point)]
            sheet.pen.line(points, GOLD, sheet.width(0.9 if sink == 0 else 0.5), joint="curve")
        edge = sheet.px(x + side * 24, curve[-1][1] - 4.4, x + side * 24, curve[-1][1])
        sheet.pen.line(edge, GOLD, sheet.width(0.9))
    sheet.line(x, y + 4, x, y + 8.4, GOLD, 0.9)


def security_paper(sheet: Sheet) -> None:
    """Fine waves inside a double frame, and what this is at the foot."""
    for colour, phase in zip(_WAVES, (0.0, math.pi), strict=True):
        for row in range(-2, HEIGHT_MM // 3 + 2):
            points = [
                value * sheet.scale
                for x in range(0, WIDTH_MM + 1, 2)
                for value in (x, 3 * row + 3.4 * math.sin(x / 11 + phase) + 1.2 * math.sin(x / 4.1 + row / 3))
            ]
            sheet.pen.line(points, colour, sheet.width(0.18), joint="curve")
    for inset, width in ((10, 0.8), (11.6, 0.25)):
        sheet.frame(inset, inset, WIDTH_MM - inset, HEIGHT_MM - inset, RULE, width)
    sheet.centred(FOOT, HEIGHT_MM - 15.5, 3.4, LABEL, spread=0.2)


def photo(sheet: Sheet, x: float, y: float, width: float, height: float, seed: int) -> None:
    """A head and shoulders without a face, another for each ``seed``."""
    from PIL import Image, ImageDraw

    chance = random.Random(seed)
    picture = Image.new("RGB", (sheet.width(width), sheet.width(height)), chance.choice(_BACKGROUNDS))
    pen = ImageDraw.Draw(picture)
    scale = sheet.scale
    middle, top = width / 2 + chance.uniform(-1.5, 1.5), chance.uniform(6, 9.5)
    wide, long = chance.uniform(5.6, 7.2), chance.uniform(15, 19)
    skin = chance.choice(_SKINS)
    hair, coat, shirt = chance.choice(_HAIR), chance.choice(_COATS), chance.choice(_SHIRTS)
    shoulders, locks = chance.uniform(11.5, 14.5), chance.choice((0, 0, 5, 11, 17))
    parting, collar = chance.uniform(-4, 4), chance.uniform(35, 41)
    # From near or from afar, and with a waistcoat: without faces, people must differ in more than a face.
    zoom, rise = chance.uniform(0.82, 1.12), chance.uniform(-1.5, 1.5)
    waist, waistcoat = chance.choice((2.5, 4, 6)), chance.choice(_COATS)

    def placed(points: Sequence[float]) -> list[float]:
        centres = (width / 2, height / 2)
        return [
            ((value - centres[axis % 2]) * zoom + centres[axis % 2] + rise * (axis % 2)) * scale
            for axis, value in enumerate(points)
        ]

    shapes: tuple[tuple[tuple[float, ...], Colour], ...] = (
        ((middle - shoulders, 28.5, middle + shoulders, 90), coat),
        ((middle - waist, 34, middle + waist, 90), waistcoat),
        ((middle - wide - 1.4, top - 2, middle + wide + 1.4, top + 0.55 * long + locks), hair),
        ((middle - 3.4, 18, middle + 3.4, 33.5), skin),
        ((middle - wide, top, middle + wide, top + long), skin),
        ((middle - wide - 0.6 + parting, top - 2.2, middle + wide + 0.6 + parting / 2, top + 5), hair),
    )
    for box, colour in shapes:
        pen.ellipse(placed(box), fill=colour)
    open_collar = (middle - 4.4, 29.6, middle, collar, middle + 4.4, 29.6, middle, 34)
    pen.polygon(placed(open_collar), fill=shirt)
    sheet.picture.paste(picture, (round(x * scale), round(y * scale)))
    sheet.frame(x, y, x + width, y + height, (168, 160, 150), 0.3)


def emboss(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """A seal pressed into paper and photo: light on one side of each line, shade on the other."""
    from PIL import Image, ImageDraw

    for shift, shade in ((0.22, 0), (-0.22, 255)):
        mask = Image.new("L", sheet.picture.size, 0)
        pen = ImageDraw.Draw(mask)
        for size in (radius, radius - 1.4):
            box = sheet.px(x - size + shift, y - size + shift, x + size + shift, y + size + shift)
            pen.ellipse(box, outline=70, width=sheet.width(0.4))
        pen.polygon(sheet.px(*_star(x + shift, y + shift, radius * 0.45)), fill=60)
        sheet.picture.paste((shade, shade, shade), mask=mask)


def stamp(sheet: Sheet, authority: str, x: float, y: float, radius: float, seed: int) -> None:
    """A round red seal: the authority's name around a star; what it covers shows through."""
    from PIL import Image

    reach = radius + 2
    mask = _seal_mask(sheet, f"{authority}（样本）", radius, reach).reduce(OVERSAMPLING)
    mask = mask.rotate(random.Random(seed).uniform(-9, 9), Image.Resampling.BICUBIC)
    left, top = (round((place - reach) * sheet.scale) for place in (x, y))
    box = (left, top, left + mask.width, top + mask.height)
    sheet.picture.paste(_SEAL, box, mask.point(lambda value: value * 0.82))


def _seal_mask(sheet: Sheet, around: str, radius: float, reach: float) -> Image:
    """Larger by ``OVERSAMPLING`` than the sheet: ring, star, and letters on an arc open below."""
    from PIL import Image, ImageDraw

    scale = sheet.scale * OVERSAMPLING
    centre = OVERSAMPLING * round(reach * sheet.scale)
    mask = Image.new("L", (2 * centre, 2 * centre), 0)
    pen = ImageDraw.Draw(mask)
    low, high = centre - radius * scale, centre + radius * scale
    pen.ellipse((low, low, high, high), outline=235, width=round(1.1 * scale))
    pen.polygon([centre + value * scale for value in _star(0, 0, radius * 0.32)], fill=235)
    size = min(4.6, 2 * math.pi * radius * 0.8 * 0.7 / len(around))
    step = 250 / max(len(around) - 1, 12)
    letters = typeface(sheet.font, round(size * scale))
    from_centre = (radius - size * 0.78 - 0.9) * scale
    for place, char in enumerate(around):
        angle = (place - (len(around) - 1) / 2) * step
        glyph = Image.new("L", (round(size * 1.6 * scale),) * 2, 0)
        middle = glyph.width / 2
        ImageDraw.Draw(glyph).text(
            (middle, middle), char, 235, letters, anchor="mm", stroke_width=0.1 * scale
        )
        turned = glyph.rotate(-angle, Image.Resampling.BICUBIC)
        across, down = math.sin(math.radians(angle)), -math.cos(math.radians(angle))
        corner = (round(centre + across * from_centre - middle), round(centre + down * from_centre - middle))
        mask.paste(turned, corner, turned)
    return mask


def _star(x: float, y: float, radius: float) -> list[float]:
    points: list[float] = []
    for corner in range(10):
        length = radius if corner % 2 == 0 else radius * 0.382
        angle = math.radians(36 * corner - 90)
        points += (x + length * math.cos(angle), y + length * math.sin(angle))
    return points
