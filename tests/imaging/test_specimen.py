from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from pathlib import Path

from PIL import Image, ImageFont

from certclerk.imaging import examine
from certclerk.imaging.specimen import Press, SpecimenText

FONT = Path(__file__).parents[2] / "resources" / "fonts" / "certclerk-sans-sc.otf"
TEXT = SpecimenText(
    name="阿依古丽·买买提",
    sex="女",
    born="1985年07月",
    ethnicity="维吾尔族",
    id_number="359901198507010029",
    kind="中等职业学校实习指导",
    subject="数控技术应用与机械制造工艺及设备维护",
    number="20133599062000123",
    authority="泉州市教育局",
    issued="2013年07月01日",
)


PRESS = Press(FONT, dpi=75)
cover, text, remarks = PRESS.cover, PRESS.text, PRESS.remarks


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def share(picture: Image.Image, wanted) -> float:
    """The share of the picture's pixels for which ``wanted(r, g, b)``."""
    small = picture.resize((145, 205), Image.Resampling.NEAREST)
    pixels = [small.getpixel((x, y)) for x in range(145) for y in range(205)]
    return sum(wanted(*pixel) for pixel in pixels) / len(pixels)


def test_each_page_is_a_booklets_page_in_size_and_resolution():
    for data in (cover(), text(TEXT), remarks("补发")):
        (frame,) = examine(data, "x.jpg")
        assert (frame.width, frame.height, frame.dpi) == (428, 605, 75.0)


def test_the_same_seed_gives_the_same_bytes_and_another_a_little_less():
    again = Press(FONT, dpi=75)
    for draw, once_more in ((cover, again.cover), (partial(text, TEXT), partial(again.text, TEXT))):
        assert draw(seed=1) == once_more(seed=1)
        assert draw(seed=1) != once_more(seed=2)
    assert remarks(seed=1) == again.remarks(seed=1) != remarks(seed=2)


def test_the_cover_is_dark_red_with_gold():
    picture = opened(cover())
    assert share(picture, lambda r, g, b: r > 2 * g and g < 60 and b < 60) > 0.6
    assert share(picture, lambda r, g, b: r > 150 and g > 110 and b < 140) > 0.02


def test_the_text_page_bears_a_red_seal_and_a_photo():
    page = opened(text(TEXT))
    seal = page.crop((round(85 / 145 * 428), round(139 / 205 * 605), 365, 530))
    assert share(seal, lambda r, g, b: r > 150 and g < 120 and b < 120) > 0.05
    photo = page.crop((290, 95, 383, 120))
    assert share(photo, lambda r, g, b: b > g > r) > 0.4


def test_what_is_written_shows():
    for field in TEXT.__slots__:
        assert text(TEXT) != text(replace(TEXT, **{field: "其他"})), field
    assert remarks("2015年9月补发") != remarks()


def test_rare_characters_are_drawn_and_not_boxes():
    font = ImageFont.truetype(str(FONT), 40)
    box = bytes(font.getmask("\U0010fffd"))
    for char in "䶮𠮷·":
        assert bytes(font.getmask(char)) != box


def test_all_pages_say_that_they_are_specimens():
    """Without the mark across it, the middle of the remarks page would be paper and a few rules."""
    middle = opened(remarks()).crop((120, 250, 310, 360))
    marked = share(middle, lambda r, g, b: r > 200 and 20 < r - b < 80 and r - g > 12)
    assert marked > 0.1
