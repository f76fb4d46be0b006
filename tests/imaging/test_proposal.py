"""Drawn pages laid askew on glass: what is proposed puts them right, and sound scans are left alone."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.imaging.proposal import propose, proposed
from certclerk.imaging.recipe import applied
from certclerk.imaging.specimen import Press
from certclerk.system.resources import resource

GLASS = (60, 62, 66)


@pytest.fixture(scope="module")
def page() -> Image.Image:
    """A remarks page of 14.5 × 20.5 cm at 100 dpi."""
    press = Press(resource("fonts", "certclerk-sans-sc.otf"), 100)
    return Image.open(io.BytesIO(press.remarks())).convert("RGB")


def laid(page: Image.Image, clockwise: float, at: tuple[int, int] = (120, 150)) -> Image.Image:
    """On the glass of an A4 scanner."""
    glass = Image.new("RGB", (827, 1169), GLASS)
    bed = Image.new("L", glass.size, 0)
    sheet = glass.copy()
    sheet.paste(page, at)
    ImageDraw.Draw(bed).rectangle((*at, at[0] + page.width - 1, at[1] + page.height - 1), fill=255)
    middle = (at[0] + page.width / 2, at[1] + page.height / 2)
    turned = sheet.rotate(-clockwise, Image.Resampling.BICUBIC, center=middle, fillcolor=GLASS)
    glass.paste(turned, mask=bed.rotate(-clockwise, Image.Resampling.BICUBIC, center=middle))
    return glass


@pytest.mark.parametrize("askew", [-4.0, -1.4, 0.0, 2.5])
def test_a_page_askew_on_the_glass_is_straightened_and_cut_out(page: Image.Image, askew: float) -> None:
    picture = laid(page, askew)
    recipe = propose(picture, 100)
    assert recipe.straighten == pytest.approx(-askew, abs=0.25)
    assert recipe.corners is None
    out = applied(picture, recipe)
    assert out.size == pytest.approx(page.size, abs=8)
    # Little of the glass is left along any side.
    for strip in ((0, 0, out.width, 4), (0, 0, 4, out.height), (out.width - 4, 0, out.width, out.height)):
        assert out.crop(strip).convert("L").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) > 150


def test_a_page_photographed_at_a_slant_is_spanned() -> None:
    photo = Image.new("RGB", (900, 1200), GLASS)
    quadrangle = ((150, 140), (760, 190), (820, 1050), (90, 1000))
    ImageDraw.Draw(photo).polygon(quadrangle, fill=(236, 232, 220))
    recipe = propose(photo, None)
    assert recipe.corners is not None and recipe.crop is None
    for (x, y), (share_x, share_y) in zip(quadrangle, recipe.corners, strict=True):
        assert (share_x * 900, share_y * 1200) == pytest.approx((x, y), abs=8)


def test_a_scan_of_the_page_alone_is_left_as_it_is(page: Image.Image) -> None:
    assert propose(page, 100) == AS_IT_IS
    assert propose(Image.new("RGB", (600, 800), "white"), None) == AS_IT_IS


def test_it_is_the_same_for_stored_bytes(page: Image.Image) -> None:
    out = io.BytesIO()
    laid(page, 3.0).save(out, "JPEG", quality=90, dpi=(100, 100))
    recipe = proposed(out.getvalue(), "image/jpeg", 0)
    assert recipe.straighten == pytest.approx(-3.0, abs=0.25)
    assert recipe != Recipe(straighten=recipe.straighten)
