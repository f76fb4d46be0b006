"""Where the page lies on glass, under a lid or on a desk; nothing is said where nothing can be seen."""

from __future__ import annotations

import math
import random

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from certclerk.imaging.outline import outline

Ground = Image.Image | tuple[int, int, int]

DPI = 100
SCALE = DPI / 25.4
PAGE_MM, GLASS_MM = (145, 205), (210, 297)
PAPER, LEATHER = (251, 247, 236), (106, 22, 28)
DARK, LID, WHITE = (40, 40, 42), (229, 230, 228), (250, 246, 236)


def px(across: float, down: float) -> tuple[int, int]:
    return round(across * SCALE), round(down * SCALE)


def box(*mm: float) -> list[float]:
    return [value * SCALE for value in mm]


def page(colour: tuple[int, int, int] = PAPER) -> Image.Image:
    """With a frame and lines printed on it."""
    picture = Image.new("RGB", px(*PAGE_MM), colour)
    pen = ImageDraw.Draw(picture)
    pen.rectangle(box(10, 10, 135, 195), outline=(150, 110, 90), width=4)
    for line in range(12):
        pen.line(box(25, 35 + 12 * line, 118, 35 + 12 * line), (40, 36, 42), 5)
    return picture


def desk() -> Image.Image:
    chance, picture = random.Random(3), Image.new("RGB", px(*GLASS_MM), (140, 100, 70))
    pen = ImageDraw.Draw(picture)
    for _ in range(150):
        y, shade = chance.random() * picture.height, chance.randint(-18, 18)
        slant = chance.uniform(-30, 30)
        pen.line(
            (0, y, picture.width, y + slant), (140 + shade, 100 + shade, 70 + shade), chance.randint(1, 8)
        )
    return picture.filter(ImageFilter.GaussianBlur(2))


def laid(
    laid_page: Image.Image,
    ground: Image.Image | tuple[int, int, int],
    left: float,
    top: float,
    turn: float = 0,
) -> Image.Image:
    """On A4 glass, ``turn`` degrees clockwise, in its own soft shadow, with a sensor's grain."""
    glass = ground if isinstance(ground, Image.Image) else Image.new("RGB", px(*GLASS_MM), ground)
    turned = laid_page.convert("RGBA").rotate(-turn, Image.Resampling.BICUBIC, expand=True)
    mask = Image.new("L", glass.size)
    mask.paste(turned.getchannel("A"), px(left, top))
    shadow = ImageChops.offset(mask.filter(ImageFilter.GaussianBlur(3)), 4, 4).point(lambda value: value // 4)
    scene = glass.copy()
    scene.paste((0, 0, 0), mask=shadow)
    scene.paste(turned, px(left, top), turned)
    grain = Image.effect_noise(scene.size, 4)
    return ImageChops.add(scene, Image.merge("RGB", (grain, grain, grain)), 1, -128)


def expected(left: float, top: float, turn: float) -> list[tuple[float, float]]:
    """The page's corners in mm."""
    (width, height), angle = PAGE_MM, math.radians(turn)
    shift = (left + max(0.0, height * math.sin(angle)), top + max(0.0, -width * math.sin(angle)))
    return [
        (
            shift[0] + x * math.cos(angle) - y * math.sin(angle),
            shift[1] + x * math.sin(angle) + y * math.cos(angle),
        )
        for x, y in ((0, 0), (width, 0), (width, height), (0, height))
    ]


@pytest.mark.parametrize("turn", [0, 0.7, -3, 9])
@pytest.mark.parametrize(
    ("ground", "dpi"),
    # A lid this pale is certain by the page's measures only.
    [("dark", DPI), ("dark", None), ("desk", DPI), ("desk", None), ("lid", DPI)],
)
def test_the_page_is_found_to_a_millimetre_or_so(ground: str, turn: float, dpi: int | None) -> None:
    grounds: dict[str, Ground] = {"dark": DARK, "lid": LID, "desk": desk()}
    found = outline(laid(page(), grounds[ground], 12, 25, turn), dpi)
    assert found is not None and found.clear and not found.touching
    assert found.skew == pytest.approx(turn, abs=0.15)
    for (x, y), (right_x, right_y) in zip(found.corners, expected(12, 25, turn), strict=True):
        assert x * GLASS_MM[0] == pytest.approx(right_x, abs=1.5)
        assert y * GLASS_MM[1] == pytest.approx(right_y, abs=1.5)


def test_a_leather_cover_is_found_on_a_white_lid() -> None:
    found = outline(laid(page(LEATHER), WHITE, 12, 25, 2), DPI)
    assert found is not None and found.clear and found.skew == pytest.approx(2, abs=0.15)


@pytest.mark.parametrize(
    ("left", "top", "sides"), [(-25, 40, "l"), (90, 40, "r"), (20, -30, "t"), (20, 130, "b"), (0, 0, "lt")]
)
@pytest.mark.parametrize("turn", [0, 1])
def test_sides_where_the_page_reaches_the_end_are_named(
    left: float, top: float, sides: str, turn: float
) -> None:
    found = outline(laid(page(), DARK, left, top, turn), DPI)
    assert found is not None and found.clear
    assert found.touching == set(sides)


@pytest.mark.parametrize("dpi", [DPI, None])
@pytest.mark.parametrize("colour", [PAPER, LEATHER], ids=["paper", "leather"])
def test_a_page_that_fills_its_picture_has_no_outline(colour: tuple[int, int, int], dpi: int | None) -> None:
    assert outline(page(colour), dpi) is None


def test_a_panel_printed_on_a_page_is_not_taken_for_the_page() -> None:
    tinted = Image.new("RGB", px(*PAGE_MM), PAPER)
    ImageDraw.Draw(tinted).rectangle(box(10, 10, 135, 195), fill=(236, 214, 214))
    for dpi in (DPI, None):
        found = outline(tinted, dpi)
        assert found is None or not found.clear


def test_white_paper_under_a_white_lid_cannot_be_told() -> None:
    found = outline(laid(page(), WHITE, 12, 25, 0), DPI)
    assert found is None or not found.clear


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16", "RGBA"])
def test_the_form_of_the_pixels_does_not_matter(mode: str) -> None:
    scene = laid(page(), DARK, 12, 25, 2)
    if mode == "I;16":
        scene = scene.convert("L").convert("I").point(lambda value: value * 257)
    found = outline(scene.convert(mode), DPI)
    assert found is not None and found.clear and found.skew == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("size", [(1, 1), (30, 3000), (41, 41)])
def test_what_is_no_page_has_no_outline(size: tuple[int, int]) -> None:
    assert outline(Image.effect_noise(size, 80)) is None


@pytest.mark.parametrize("corner", [(40, 40), (260, 40), (40, 260), (260, 260)])
def test_half_a_square_has_no_outline(corner: tuple[int, int]) -> None:
    """Two of its edges are one and the same line."""
    scene = Image.new("L", (300, 300), 250)
    others = [(40, 260), (260, 40)] if corner[0] == corner[1] else [(40, 40), (260, 260)]
    ImageDraw.Draw(scene).polygon([corner, *others], fill=20)
    found = outline(scene)
    assert found is None or not found.clear
