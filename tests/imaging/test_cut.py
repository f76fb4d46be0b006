"""Over which sides a part of a page is missing: told where something shows it, and never of a whole page."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw

from certclerk.imaging.quality import measure

Colour = tuple[int, int, int]
Area = tuple[float, float, float, float]

DPI = 100
PAGE_MM, GLASS_MM = (145, 205), (210, 297)
PAPER, LEATHER, RULE, GOLD = (251, 247, 236), (106, 22, 28), (176, 138, 120), (214, 174, 92)
DARK, GREY, WHITE = (40, 40, 42), (229, 230, 228), (251, 248, 239)


def box(*mm: float) -> list[float]:
    return [value * DPI / 25.4 for value in mm]


def px(*mm: float) -> tuple[int, int]:
    across, down = box(*mm)
    return round(across), round(down)


def page(colour: Colour = PAPER, line: Colour = RULE) -> Image.Image:
    """With a frame a centimetre from its edges, and nothing that ends nearer to them."""
    picture = Image.new("RGB", px(*PAGE_MM), colour)
    pen = ImageDraw.Draw(picture)
    pen.rectangle(box(10, 10, 135, 195), outline=line, width=4)
    for row in range(12):
        pen.line(box(25, 35 + 12 * row, 118, 35 + 12 * row), line, 3)
    return picture


def cover() -> Image.Image:
    return page(LEATHER, GOLD)


def laid(picture: Image.Image, ground: Colour, left: float, top: float) -> Image.Image:
    """On A4 glass, its corner at so many mm."""
    glass = Image.new("RGB", px(*GLASS_MM), ground)
    glass.paste(picture, px(left, top))
    return glass


def cropped(picture: Image.Image, *mm: float) -> Image.Image:
    left, top, right, bottom = box(*mm)
    return picture.crop((round(left), round(top), round(right), round(bottom)))


def cut(picture: Image.Image, says: float | None = DPI) -> str | None:
    return measure(picture, DPI, says=says).cut


@pytest.mark.parametrize("says", [DPI, None])
@pytest.mark.parametrize(
    ("left", "top", "sides"),
    [(-9, 40, "l"), (74, 40, "r"), (30, -9, "t"), (30, 101, "b"), (-1, 40, ""), (0, 92, ""), (30, 40, "")],
)
@pytest.mark.parametrize(
    ("what", "ground"),
    [(page, DARK), (page, GREY), (cover, DARK), (cover, WHITE)],
    ids=["paper on black", "paper on grey", "leather on black", "leather on white"],
)
def test_a_page_over_the_end_of_the_glass_is_told(
    what: type[object], ground: Colour, left: float, top: float, sides: str, says: float | None
) -> None:
    assert cut(laid(what(), ground, left, top), says) == sides  # type: ignore[arg-type]


@pytest.mark.parametrize("side", [8, 9, 10, 10.6, 11, 12])
@pytest.mark.parametrize("ground", [DARK, GREY])
def test_a_line_printed_at_the_very_end_is_no_glass(ground: Colour, side: float) -> None:
    assert cut(laid(page(), ground, -side, 40)) == "l"


@pytest.mark.parametrize(("lean", "sides"), [(0, "b"), (12, "")])
def test_a_photograph_at_a_slant_is_shorter_for_that(lean: float, sides: str) -> None:
    """From above, 8 mm are missing; as shape, as little is no sign of it where the sides are not parallel."""
    scene = laid(page(), DARK, 30, 100)
    width, height = scene.size
    quad = (*box(lean, 0), 0, height, width, height, width - box(lean)[0], 0)
    seen = scene.transform(scene.size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
    assert cut(seen, None) == sides


@pytest.mark.parametrize(
    ("area", "sides"),
    [
        ((0, 0, 145, 205), ""),
        ((0, 1, 144, 204), ""),
        ((8, 0, 145, 205), "lr"),
        ((0, 0, 145, 197), "tb"),
        ((0, 0, 120, 205), "r"),
        ((0, 30, 145, 205), "t"),
    ],
)
def test_a_picture_too_small_for_a_page_is_cut(area: Area, sides: str) -> None:
    """Only what is printed over an end can say which of two it is."""
    assert cut(cropped(page(), *area)) == sides


def test_a_resolution_that_is_wrong_is_no_cut() -> None:
    small = page().resize((round(0.85 * page().width), round(0.85 * page().height)))
    assert cut(small) == ""


@pytest.mark.parametrize("what", [page, cover])
@pytest.mark.parametrize(
    ("area", "sides"),
    [
        ((0, 0, 145, 180), "b"),
        ((0, 40, 145, 205), "t"),
        ((20, 0, 145, 205), "l"),
        ((0, 0, 110, 205), "r"),
    ],
)
def test_print_that_runs_over_the_end_is_told_without_resolution(
    what: type[object], area: Area, sides: str
) -> None:
    assert cut(cropped(what(), *area), None) == sides  # type: ignore[arg-type]


@pytest.mark.parametrize(("left", "top", "sides"), [(30, 120, "b"), (95, 40, "r"), (30, 40, ""), (0, 0, "")])
def test_under_a_white_lid_only_print_tells(left: float, top: float, sides: str) -> None:
    assert cut(laid(page(), WHITE, left, top)) == sides


def test_of_a_margin_lost_under_a_white_lid_nothing_is_said() -> None:
    assert cut(laid(page(), WHITE, -6, 40)) == ""


def drawn_over(*shapes: tuple[str, list[float], Colour, int]) -> Image.Image:
    picture = page()
    pen = ImageDraw.Draw(picture)
    for shape, place, colour, width in shapes:
        if shape == "line":
            pen.line(place, colour, width)
        else:
            getattr(pen, shape)(place, colour)
    return picture


@pytest.mark.parametrize("says", [DPI, None])
@pytest.mark.parametrize(
    "shapes",
    [
        [("line", box(40, 60, 60, 206), (90, 90, 90), 1)],
        [("line", box(x, -1, x, 206), (90, 90, 90), 2) for x in (40, 72, 100)],
        [("ellipse", box(40, 185, 58, 225), (206, 160, 136), 0)],
        [("line", box(x, 0, x + 205, 205), (226, 216, 206), 1) for x in range(-200, 145, 4)],
    ],
    ids=["a hair", "streaks from end to end", "a thumb", "a pattern that bleeds"],
)
def test_what_else_lies_over_an_end_is_no_cut(
    shapes: list[tuple[str, list[float], Colour, int]], says: float | None
) -> None:
    assert cut(drawn_over(*shapes), says) == ""


@pytest.mark.parametrize("says", [DPI, None])
def test_a_page_tinted_in_part_is_whole(says: float | None) -> None:
    """A panel that bleeds looks like a page, and what is left of the paper like a lid: but print stands on both."""
    for area in ((0, 0, 145, 25), (0, 102, 145, 205), (8, 8, 137, 197)):
        picture = page()
        tint = Image.new("RGB", picture.size, (255, 255, 255))
        ImageDraw.Draw(tint).rectangle(box(*area), (236, 214, 214))
        picture = Image.composite(
            tint, picture, picture.convert("L").point(lambda value: 255 * (value > 240))
        )
        assert cut(picture, says) == ""


@pytest.mark.parametrize("says", [DPI, None])
@pytest.mark.parametrize("sliver", [5, 15, 27])
def test_a_strip_of_the_next_page_is_no_cut(sliver: float, says: float | None) -> None:
    both = Image.new("RGB", px(290, 205))
    both.paste(page())
    both.paste(page(), px(145, 0))
    assert cut(cropped(both, 0, 0, 145 + sliver, 205), says) == ""


@pytest.mark.parametrize("says", [DPI, None])
def test_a_cover_that_fills_its_picture_is_whole(says: float | None) -> None:
    assert cut(cover(), says) == ""
    assert cut(cover().rotate(0.6, fillcolor=DARK), says) == ""
