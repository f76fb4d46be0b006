"""Drawn pages of certificates that never were: what the sample collection is made of.

Every page says 样本 across and at its foot. Nothing here resembles a real certificate closely enough to
be taken for one: there is no state emblem, and the seal says that it is a specimen's.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.imaging.specimen_ornaments import (
    FOOT,
    GOLD,
    LABEL,
    LEATHER,
    PAPER,
    RULE,
    book,
    emboss,
    leather,
    photo,
    security_paper,
    stamp,
)
from certclerk.imaging.specimen_sheet import (
    HEIGHT_MM,
    WIDTH_MM,
    Colour,
    Sheet,
    at_size,
    page_size,
    typeface,
)

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITY = 82
# How far a clerk lays a booklet askew, and what the lamp makes of white.
_SKEW_DEGREES = 0.7
_TINT = (2, 4, 9)
_ASIDE_MM = 0.8
_INK: Colour = (38, 36, 40)
_GLASS: Colour = (229, 230, 228)
_MARK: Colour = (150, 60, 60)
_MARK_STRENGTH = 54
_MARK_ON_COVER: Colour = (238, 206, 130)
_MARK_STRENGTH_ON_COVER = 96


@dataclass(frozen=True, slots=True)
class SpecimenText:
    """What stands on the text page, as it is to be printed."""

    name: str
    sex: str
    born: str
    ethnicity: str
    id_number: str
    kind: str
    subject: str
    number: str
    authority: str
    issued: str


@dataclass(frozen=True, slots=True)
class _Column:
    """Entries one above the other: values start at ``left`` mm, lines end at ``end`` mm."""

    labels: tuple[str, ...]
    left: float
    end: float
    top: float
    step: float

    def place(self, index: int) -> tuple[float, float, float]:
        """Left, base line and end of an entry's value."""
        return self.left, self.top + index * self.step, self.end


_BESIDE_PHOTO = _Column(("姓　　名", "性　　别", "出生年月", "民　　族"), 50, 93, 40, 12)
_BELOW = _Column(
    ("身份证号码", "资格种类", "任教学科", "证书号码", "认定机构", "发证时间"), 50, 129, 95, 13.2
)


class Press:
    """Draws pages of 14.5 × 20.5 cm at ``dpi`` as JPEGs; the same ``seed`` gives the same bytes.

    What all pages of a sort have in common is drawn once. ``font`` must hold the names' characters.
    """

    def __init__(self, font: Path, dpi: int = 200) -> None:
        self._font = font
        self._dpi = dpi

    def cover(self, seed: int = 0) -> bytes:
        return self._scanned(self._cover_form, seed, _MARK_ON_COVER, _MARK_STRENGTH_ON_COVER)

    def text(self, text: SpecimenText, seed: int = 0) -> bytes:
        """The page with the person's particulars, photo and seal."""
        sheet = Sheet.of(self._text_form.copy(), self._font)
        # A photo is glued in by hand, and a form does not lie in the printer twice alike.
        chance = random.Random(seed)
        askew = chance.uniform(-_ASIDE_MM, _ASIDE_MM), chance.uniform(-_ASIDE_MM, _ASIDE_MM)
        photo(sheet, 98 + chance.uniform(-1, 1), 32 + chance.uniform(-1, 1), 30, 41, seed)
        emboss(sheet, 101, 70, 9)
        beside_photo = (text.name, text.sex, text.born, text.ethnicity)
        below = (text.id_number, text.kind, text.subject, text.number, text.authority, text.issued)
        for place, value in enumerate(beside_photo):
            _fill_in(sheet, value, *_BESIDE_PHOTO.place(place), askew)
        for place, value in enumerate(below):
            _fill_in(sheet, value, *_BELOW.place(place), askew)
        stamp(sheet, text.authority, 104 + chance.uniform(-2, 2), 158 + chance.uniform(-2, 2), 19, seed)
        return self._scanned(sheet.picture, seed, _MARK, _MARK_STRENGTH)

    def remarks(self, remark: str = "", seed: int = 0) -> bytes:
        """The ruled page for remarks; without ``remark`` it says that it is blank."""
        sheet = Sheet.of(self._remarks_form.copy(), self._font)
        rest, top = remark or "（此页以下空白）", 39.5
        while rest:
            count = sheet.fitting(rest, 5, WIDTH_MM - 44)
            sheet.write(22, top, rest[:count], 5, _INK, anchor="lm")
            rest, top = rest[count:], top + 12
        return self._scanned(sheet.picture, seed, _MARK, _MARK_STRENGTH)

    @cached_property
    def _cover_form(self) -> Image:
        sheet = Sheet.blank(self._font, self._dpi, LEATHER)
        leather(sheet)
        for inset, width in ((9, 0.9), (11, 0.3)):
            sheet.frame(inset, inset, WIDTH_MM - inset, HEIGHT_MM - inset, GOLD, width, corner=3)
        book(sheet, WIDTH_MM / 2, 58)
        sheet.centred("教师资格证书", 100, 14.5, GOLD, spread=2.2, weight=0.25)
        sheet.line(44, 113, 101, 113, GOLD, 0.35)
        sheet.centred("TEACHER QUALIFICATION", 119, 3.6, GOLD, spread=0.7)
        sheet.centred(FOOT, HEIGHT_MM - 20, 4, GOLD, spread=0.4)
        return at_size(sheet)

    @cached_property
    def _text_form(self) -> Image:
        sheet = Sheet.blank(self._font, self._dpi, PAPER)
        security_paper(sheet)
        sheet.centred("教师资格证书", 21, 7.6, LABEL, spread=1.6, weight=0.12)
        for column in (_BESIDE_PHOTO, _BELOW):
            for place, label in enumerate(column.labels):
                left, y, end = column.place(place)
                sheet.write(left - 5, y, label, 4.4, LABEL, anchor="rs")
                sheet.line(left - 2, y + 1.8, end, y + 1.8, RULE, 0.25)
        return at_size(sheet)

    @cached_property
    def _remarks_form(self) -> Image:
        sheet = Sheet.blank(self._font, self._dpi, PAPER)
        security_paper(sheet)
        sheet.centred("备　　注", 24, 8, LABEL, spread=1.2, weight=0.12)
        for line in range(11):
            sheet.line(20, 44 + 12 * line, WIDTH_MM - 20, 44 + 12 * line, RULE, 0.3)
        return at_size(sheet)

    @cached_property
    def _mark_mask(self) -> Image:
        """样本, large and slanting over the whole page, as a mask."""
        from PIL import Image, ImageDraw

        scale = self._dpi / 25.4
        mask = Image.new("L", page_size(self._dpi), 0)
        letters = typeface(self._font, round(42 * scale))
        middle = (WIDTH_MM / 2 * scale, HEIGHT_MM / 2 * scale)
        ImageDraw.Draw(mask).text(middle, "样 本", 255, letters, anchor="mm")
        return mask.rotate(36, Image.Resampling.BICUBIC)

    def _scanned(self, page: Image, seed: int, mark: Colour, strength: int) -> bytes:
        """The page marked as a specimen, then as a scanner sees it: a little askew, a little tinted."""
        from PIL import Image, ImageChops

        marked = page.copy()
        marked.paste(mark, mask=self._mark_mask.point(lambda value: value * strength / 255))
        chance = random.Random(seed)
        askew = marked.rotate(
            chance.uniform(-_SKEW_DEGREES, _SKEW_DEGREES), Image.Resampling.BILINEAR, fillcolor=_GLASS
        )
        tint = tuple(chance.randint(0, most) for most in _TINT)
        out = io.BytesIO()
        tinted = ImageChops.subtract(askew, Image.new("RGB", askew.size, tint))
        tinted.save(out, "JPEG", quality=_QUALITY, dpi=(self._dpi, self._dpi))
        return out.getvalue()


def _fill_in(sheet: Sheet, value: str, left: float, y: float, end: float, askew: tuple[float, float]) -> None:
    """A value on its line or ``askew`` by so many mm, in smaller type where it is long."""
    size = 5.0
    while size > 2.5 and sheet.typeface(size).getlength(value) > (end - left) * sheet.scale:
        size -= 0.25
    sheet.write(left + askew[0], y + askew[1], value, size, _INK, anchor="ls")
