"""Scans of one page have the fingerprint in common; pages of others on the same form have not."""

from __future__ import annotations

import io
import sys
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from certclerk.core.records import Page
from certclerk.core.rules import rescans
from certclerk.core.rules.rescans import MOST_APART, fingerprint
from certclerk.imaging import examine
from certclerk.imaging.specimen import Press, SpecimenText

FONT = Path(__file__).parents[2] / "resources" / "fonts" / "certclerk-sans-sc.otf"
DPI = 150
LID, GLASS, DESK = (229, 230, 228), (40, 40, 42), (140, 100, 70)


@cache
def press() -> Press:
    return Press(FONT, DPI)


@cache
def page(name: str, seed: int) -> Image.Image:
    """What stands on it differs by the name and two digits; photo and places by the seed."""
    text = SpecimenText(
        name=name,
        sex="女",
        born="1985年7月",
        ethnicity="汉族",
        id_number=f"3599011985070100{seed:02}",
        kind="高级中学",
        subject="语文",
        number=f"201335990420000{seed:02}",
        authority="泉州市教育局",
        issued="2013年7月1日",
    )
    with Image.open(io.BytesIO(press().text(text, seed))) as picture:
        return picture.convert("RGB")


def laid(picture: Image.Image, degrees: float = 0, ground: tuple[int, int, int] | None = None) -> Image.Image:
    """Into an area of its own size, 1 mm aside; or upon A4 glass."""
    if ground is None:
        aside = (DPI // 25, -DPI // 25)
        return picture.rotate(degrees, Image.Resampling.BICUBIC, translate=aside, fillcolor=LID)
    scene = Image.new("RGB", (round(210 / 25.4 * DPI), round(297 / 25.4 * DPI)), ground)
    turned = picture.convert("RGBA").rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    scene.paste(turned, (DPI, DPI // 2), turned)
    return scene


def apart(
    one: Image.Image, other: Image.Image, dpi: int | None = DPI, rotation: int = 0, quality: int = 90
) -> int:
    pages = []
    for picture, resolution, turn in ((one, DPI, 0), (other, dpi, rotation)):
        out = io.BytesIO()
        picture.save(
            out, "JPEG", quality=quality, **({"dpi": (resolution, resolution)} if resolution else {})
        )
        (frame,) = examine(out.getvalue(), "x")
        whole = Page(1, "", 0, "", *frame.seen_size, frame.dpi, "", "", turn, likeness=frame.likeness)
        pages.append(fingerprint(whole))
    if None in pages:
        return sys.maxsize
    first, second = pages
    assert first and second
    return rescans.apart(first, second)


def shrunk(picture: Image.Image, dpi: int) -> Image.Image:
    return picture.resize((picture.width * dpi // DPI, picture.height * dpi // DPI), Image.Resampling.BICUBIC)


def test_a_second_scan_is_like_the_first() -> None:
    first = page("林晓雯", 1)
    assert apart(first, laid(first, 1.2)) <= MOST_APART
    assert apart(first, laid(first, -0.8).convert("L")) <= MOST_APART
    assert apart(first, laid(first).point(lambda value: value * 0.7), quality=30) <= MOST_APART
    assert apart(first, shrunk(laid(first, 0.5), 100), 100) <= MOST_APART
    assert apart(first, shrunk(laid(first, -0.5), 300), 300) <= MOST_APART


@pytest.mark.parametrize("ground", [LID, GLASS, DESK], ids=["lid", "glass", "desk"])
def test_it_may_lie_anywhere(ground: tuple[int, int, int]) -> None:
    first = page("林晓雯", 1)
    assert apart(first, laid(first, 4, ground)) <= MOST_APART


def test_a_photograph_says_no_resolution() -> None:
    first = page("林晓雯", 1)
    assert apart(first, laid(first, 3, DESK), None) <= MOST_APART


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_it_may_be_scanned_any_way_round_if_the_clerk_turns_it(degrees: int) -> None:
    """Pillow turns anticlockwise, the clerk clockwise."""
    first = page("林晓雯", 1)
    turned = laid(first, 0.6).rotate(degrees, expand=True)
    assert apart(first, turned, rotation=degrees) <= MOST_APART
    if degrees == 180:
        assert apart(first, turned) > 2 * MOST_APART


@pytest.mark.parametrize("seed", [2, 3, 4, 5, 6])
def test_the_same_form_of_somebody_else_is_not_like_it(seed: int) -> None:
    assert apart(page("林晓雯", 1), page("陈志远", seed)) > MOST_APART


def test_what_bears_no_lines_has_no_fingerprint() -> None:
    out = io.BytesIO()
    Image.new("L", (900, 1200), 250).save(out, "PNG", dpi=(DPI, DPI))
    (frame,) = examine(out.getvalue(), "x")
    assert frame.likeness is None and frame.contrast == 0
