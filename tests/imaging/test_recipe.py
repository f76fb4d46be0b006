"""Recipes on drawn pictures: what becomes of corners, sizes, angles and tones, at every scale."""

from __future__ import annotations

import io
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from certclerk.core.recipe import AS_IT_IS, Recipe, edited_size
from certclerk.imaging import SIZINGS, page_image, render, sized_image
from certclerk.imaging.recipe import applied

KIND = "image/jpeg"
EVERYTHING = Recipe(
    corners=((0.05, 0.1), (0.95, 0.05), (0.9, 0.95), (0.1, 0.9)),
    straighten=2.0,
    crop=(0.1, 0.05, 0.95, 0.9),
    brightness=0.1,
    contrast=0.1,
)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def scene(width: int, height: int) -> Image.Image:
    """Smooth colours, so that two scales of it can be compared px by px."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    round_ = Image.radial_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, round_))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean levels between two pictures, their outermost px left out."""
    size = (100, 140)
    apart = ImageChops.difference(one.convert("RGB").resize(size), other.convert("RGB").resize(size))
    return max(ImageStat.Stat(apart.crop((2, 2, 98, 138))).mean)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_without_a_recipe_nothing_is_encoded_anew(samples, rotation, form, media_type):
    data = samples.save(samples.draw(), form)
    plain, turned = page_image(data, media_type, 0, 0), page_image(data, media_type, 0, rotation)
    assert turned.data == plain.data and turned.rotate == rotation
    if form == "JPEG":
        # From the start of the scan to the end: the source's own bytes.
        assert turned.data[turned.data.index(b"\xff\xda") :] == data[data.index(b"\xff\xda") :]


def test_a_crop_leaves_each_px_as_it_is(samples):
    picture = samples.draw()
    cut = applied(picture, Recipe(crop=(0.25, 0.25, 0.75, 1.0)))
    assert cut.size == (40, 90)
    assert cut.tobytes() == picture.crop((20, 30, 60, 120)).tobytes()


def test_a_page_with_a_recipe_is_one_jpeg_of_its_size_and_keeps_its_dpi(samples):
    data = samples.save(samples.draw().resize((800, 1200)), "JPEG", dpi=(150, 150))
    page = page_image(data, KIND, 0, 90, recipe=Recipe(crop=(0, 0, 0.5, 0.5)))
    assert (page.width, page.height, page.rotate, page.dpi) == (600, 400, 0, 150)
    assert opened(page.data).size == (600, 400)
    assert opened(page.data).getpixel((300, 200))[0] > 240


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_recipe_comes_after_the_files_own_orientation_and_before_the_clerks_turning(samples, orientation):
    """The upper left quarter as the file shows it, whatever the turning afterwards."""
    data = samples.save(samples.draw(), "JPEG", exif=samples.exif(orientation), quality=95, subsampling=0)
    shown = opened(render(data, KIND, 0, 0)).convert("RGB")
    for rotation in (0, 90, 180, 270):
        quarter = opened(render(data, KIND, 0, rotation, recipe=Recipe(crop=(0, 0, 0.5, 0.5)))).convert("RGB")
        middle = quarter.getpixel((quarter.width // 2, quarter.height // 2))
        assert middle == pytest.approx(shown.getpixel((shown.width // 4, shown.height // 4)), abs=6)
        size = (shown.width // 2, shown.height // 2)
        assert quarter.size == (size[::-1] if rotation % 180 else size)


def test_straightening_turns_clockwise_about_the_middle_and_keeps_the_size():
    picture = Image.new("L", (400, 400), 255)
    ImageDraw.Draw(picture).rectangle((300, 190, 340, 210), fill=0)
    turned = applied(picture, Recipe(straighten=10.0))
    assert turned.size == picture.size
    left, top, right, bottom = ImageChops.invert(turned).point(lambda level: 255 * (level > 127)).getbbox()
    middle = ((left + right) / 2 - 200, (top + bottom) / 2 - 200)
    assert math.degrees(math.atan2(middle[1], middle[0])) == pytest.approx(10, abs=0.3)
    assert math.hypot(*middle) == pytest.approx(120, abs=1)


def test_a_page_laid_askew_comes_out_straight_and_what_comes_in_is_white():
    page = Image.new("L", (600, 800), 90)
    ImageDraw.Draw(page).rectangle((150, 200, 450, 600), fill=250)
    askew = page.rotate(-3, Image.Resampling.BICUBIC, fillcolor=90)  # 3 degrees clockwise
    straight = applied(askew, Recipe(straighten=-3.0))
    assert difference(straight.crop((100, 100, 500, 700)), page.crop((100, 100, 500, 700))) < 3
    assert straight.getpixel((0, 0)) == 255


def test_a_crop_may_reach_what_straightening_pushed_out():
    corner = Image.new("L", (400, 400), 128)
    ImageDraw.Draw(corner).rectangle((0, 0, 20, 20), fill=0)
    turned = applied(corner, Recipe(straighten=10.0))
    wider = applied(corner, Recipe(straighten=10.0, crop=(-0.1, -0.1, 1.1, 1.1)))
    assert wider.size == (480, 480)
    black = [sum(picture.histogram()[:40]) for picture in (turned, wider)]
    assert black[0] < 0.8 * black[1] and black[1] == pytest.approx(21 * 21, rel=0.1)


def test_four_corners_become_the_pictures():
    """A page photographed at a slant: its colours stand in their quarters again, at the size it spans."""
    quadrangle = [(100, 80), (620, 140), (560, 800), (60, 860)]
    photo = Image.new("RGB", (700, 900), (40, 40, 40))
    pen = ImageDraw.Draw(photo)
    pen.polygon(quadrangle, fill=(200, 200, 200))
    for point, colour in zip(
        quadrangle, ((255, 0, 0), (0, 255, 0), (255, 255, 255), (0, 0, 255)), strict=True
    ):
        towards = [(point[0] + 0.15 * (340 - point[0])), (point[1] + 0.15 * (470 - point[1]))]
        pen.ellipse((towards[0] - 30, towards[1] - 30, towards[0] + 30, towards[1] + 30), fill=colour)
    corners = tuple((x / 700, y / 900) for x, y in quadrangle)
    page = applied(photo, Recipe(corners=corners))
    longest = (math.dist(*quadrangle[:2]), math.dist(quadrangle[0], quadrangle[3]))
    assert page.size == (round(longest[0]), round(longest[1]))
    assert (40, 40, 40) not in [
        page.getpixel((x, y)) for x in (3, page.width - 4) for y in (3, page.height - 4)
    ]
    across, down = page.size
    found = [
        page.getpixel((round(share[0] * across), round(share[1] * down)))
        for share in ((0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92))
    ]
    assert found == [(255, 0, 0), (0, 255, 0), (255, 255, 255), (0, 0, 255)]


def test_brightness_and_contrast():
    grey = Image.new("L", (4, 4), 128)
    ramp = Image.linear_gradient("L")
    assert applied(grey, Recipe(brightness=0.5)).getpixel((0, 0)) == 192
    assert applied(grey, Recipe(contrast=0.5)).getpixel((0, 0)) == pytest.approx(128, abs=1)
    more, less = applied(ramp, Recipe(contrast=0.5)), applied(ramp, Recipe(contrast=-0.5))
    assert ImageStat.Stat(more).stddev[0] > ImageStat.Stat(ramp).stddev[0] > ImageStat.Stat(less).stddev[0]


@pytest.mark.parametrize("max_px", [7, 60, 192, 1000])
def test_no_side_is_longer_than_asked(samples, max_px):
    data = samples.save(scene(800, 1200), "JPEG")
    size = opened(render(data, KIND, 0, 90, max_px, recipe=EVERYTHING)).size
    whole = edited_size(800, 1200, EVERYTHING)
    assert max(size) == min(max_px, max(whole))


def test_a_sized_page_is_edited_too_at_the_wanted_resolution(samples):
    data = samples.save(scene(1713, 2421), "JPEG", dpi=(300, 300), quality=95)
    recipe = Recipe(crop=(0, 0, 1, 0.5), straighten=1.0)
    original = page_image(data, KIND, 0, 90, recipe=recipe)
    small = sized_image(data, KIND, 0, 90, SIZINGS["compact"], recipe=recipe)
    assert len(small.data) < len(original.data)
    assert small.dpi == pytest.approx(200, rel=0.01)
    assert (small.width, small.height) == (round(1210 / 1.5), round(1713 / 1.5))
    assert (
        difference(opened(small.data).rotate(90, expand=True), opened(original.data).rotate(90, expand=True))
        < 3
    )


def test_a_bilevel_tiff_and_a_palette_can_be_edited(samples):
    for picture, form, media_type in (
        (samples.draw().convert("1"), "TIFF", "image/tiff"),
        (samples.draw().convert("P"), "PNG", "image/png"),
    ):
        page = page_image(samples.save(picture, form), media_type, 0, 0, recipe=Recipe(straighten=1.0))
        assert opened(page.data).size == (page.width, page.height) == (80, 120)


_ANYWHERE = st.floats(0.0, 0.25)
_RECIPES = st.builds(
    lambda a, b, c, d, e, f, g, h, corners, turn, box: Recipe(
        corners=((a, b), (1 - c, d), (1 - e, 1 - f), (g, 1 - h)) if corners else None,
        straighten=turn,
        crop=box,
    ),
    *[_ANYWHERE] * 8,
    st.booleans(),
    st.floats(-10, 10),
    st.none() | st.tuples(_ANYWHERE, _ANYWHERE, st.floats(0.7, 1.0), st.floats(0.7, 1.0)),
)


@given(_RECIPES)
@settings(max_examples=25, deadline=None)
def test_a_recipe_is_the_same_at_every_scale(recipe):
    large = scene(600, 840)
    small = large.resize((300, 420), Image.Resampling.BOX)
    ours, theirs = applied(large, recipe), applied(small, recipe)
    assert ours.size == edited_size(600, 840, recipe)
    assert ours.width == pytest.approx(2 * theirs.width, abs=2)
    blurred = ours.filter(ImageFilter.GaussianBlur(2)), theirs.filter(ImageFilter.GaussianBlur(1))
    assert difference(*blurred) < 6


@given(_RECIPES, st.sampled_from([0, 90, 180, 270]))
@settings(max_examples=15, deadline=None)
def test_turning_comes_last(recipe, rotation):
    """render(recipe, rotation) is render(recipe) turned: the recipe never sees the rotation."""
    out = io.BytesIO()
    scene(300, 420).save(out, "JPEG", quality=95)
    turned = opened(render(out.getvalue(), KIND, 0, rotation, recipe=recipe))
    straight = opened(render(out.getvalue(), KIND, 0, 0, recipe=recipe))
    back = turned.rotate(rotation, expand=True)
    if recipe != AS_IT_IS:
        assert back.size == straight.size
        assert difference(back, straight) < 4
