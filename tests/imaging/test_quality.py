"""What intake measures of a page: what moves the figures, and what must not."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from certclerk.imaging import Frame, examine

FONT = Path(__file__).parents[2] / "resources" / "fonts" / "certclerk-sans-sc.otf"
WIDTH_MM, HEIGHT_MM = 145, 205


def page(dpi: int = 150) -> Image.Image:
    """A booklet's page with lines of print, 4 mm high."""
    scale = dpi / 25.4
    picture = Image.new("RGB", (round(WIDTH_MM * scale), round(HEIGHT_MM * scale)), (250, 247, 238))
    pen, letters = ImageDraw.Draw(picture), ImageFont.truetype(str(FONT), round(4 * scale))
    for line in range(12):
        pen.text((25 * scale, (35 + 12 * line) * scale), "教师资格证书样本 0123456789", (40, 36, 42), letters)
    return picture


def blurred(picture: Image.Image, mm: float, dpi: int = 150) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(mm * dpi / 25.4))


def taken(picture: Image.Image, kind: str = "PNG", dpi: int = 150, **options: Any) -> Frame:
    out = io.BytesIO()
    resolution = {"resolution": dpi} if kind == "PDF" else {"dpi": (dpi, dpi)}
    picture.save(out, kind, **resolution, **options)
    (frame,) = examine(out.getvalue(), "x")
    return frame


def figures(picture: Image.Image, kind: str = "PNG", dpi: int = 150, **options: Any) -> tuple[float, float]:
    frame = taken(picture, kind, dpi, **options)
    assert frame.contrast is not None and frame.sharpness is not None
    return frame.contrast, frame.sharpness


def test_a_blank_page_has_no_contrast() -> None:
    for shade in (0, 128, 255):
        assert figures(Image.new("L", page().size, shade))[0] == 0
    assert figures(page())[0] > 0.3


def test_neither_a_band_at_the_edge_nor_uneven_light_is_contrast() -> None:
    blank = Image.new("L", page().size, 250)
    ImageDraw.Draw(blank).rectangle((0, 0, 50, blank.height), 20)
    assert figures(blank)[0] == 0
    light = Image.linear_gradient("L").resize(page().size).point(lambda value: 128 + value / 2)
    assert figures(light)[0] < 0.03


def test_one_word_on_a_page_is_contrast() -> None:
    picture = Image.new("L", page().size, 250)
    ImageDraw.Draw(picture).text((350, 120), "备注", 40, ImageFont.truetype(str(FONT), 30))
    assert figures(picture)[0] > 0.2


def test_blur_takes_sharpness_and_leaves_contrast() -> None:
    contrast, sharpness = figures(page())
    for mm, share in ((0.3, 0.5), (0.6, 0.2)):
        soft = figures(blurred(page(), mm))
        assert soft[1] < share * sharpness
        assert soft[0] > 0.7 * contrast


@pytest.mark.parametrize("radius", [(4, 0), (0, 4)], ids=["across", "down"])
def test_movement_in_one_direction_is_enough(radius: tuple[int, int]) -> None:
    assert figures(page().filter(ImageFilter.BoxBlur(radius)))[1] < 0.3 * figures(page())[1]


def test_little_light_and_pale_print_are_no_blur() -> None:
    sharpness = figures(page())[1]
    dark = page().point(lambda value: value // 5)
    pale = Image.blend(Image.new("RGB", page().size, (250, 247, 238)), page(), 0.2)
    for picture in (dark, pale):
        assert figures(picture)[1] == pytest.approx(sharpness, rel=0.2)


@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_resolution_changes_little(dpi: int) -> None:
    assert figures(page(dpi), dpi=dpi) == pytest.approx(figures(page(150)), rel=0.2)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "PNG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("I;16", "PNG"),
        ("L", "TIFF"),
        ("RGB", "JPEG"),
        ("RGB", "PDF"),
    ],
)
def test_the_form_of_the_file_changes_little(mode: str, kind: str) -> None:
    picture = page()
    if mode == "I;16":
        picture = picture.convert("I").point(lambda value: value * 257)
    assert figures(picture.convert(mode), kind) == pytest.approx(figures(page()), rel=0.2)


def test_inks_are_no_less_sharp_for_being_weighed_alike() -> None:
    contrast, sharpness = figures(page().convert("CMYK"), "TIFF")
    assert contrast > 0.3
    assert sharpness == pytest.approx(figures(page())[1], rel=0.2)


def test_a_bilevel_page_is_sharp() -> None:
    contrast, sharpness = figures(page().convert("1", dither=Image.Dither.NONE), "TIFF", compression="group4")
    assert (contrast, sharpness) > (0.3, 0.4)


def test_a_negative_is_as_sharp_and_full() -> None:
    for mode in ("RGB", "CMYK"):
        picture = page().convert(mode)
        turned = figures(ImageChops.invert(picture), "JPEG")
        assert turned == pytest.approx(figures(picture, "JPEG"), rel=0.1)


def test_without_a_credible_resolution_the_booklet_tells_the_scale() -> None:
    """Too few px for an opened booklet, enough for a page that EXIF says stands upright."""
    lying = page(100).transpose(Image.Transpose.ROTATE_90)
    out = io.BytesIO()
    lying.save(out, "JPEG")
    (frame,) = examine(out.getvalue(), "x")
    assert (frame.dpi, frame.contrast) == (None, None)
    block = Image.Exif()
    block[0x112] = 6
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=block)
    (frame,) = examine(out.getvalue(), "x")
    assert (frame.contrast, frame.sharpness) == pytest.approx(figures(page(100), dpi=100), rel=0.1)


@pytest.mark.parametrize(
    ("size", "dpi"), [((420, 600), 74), ((4000, 40), 300), ((12, 3000), 200)], ids=["coarse", "flat", "thin"]
)
def test_what_cannot_be_measured_has_no_figures(size: tuple[int, int], dpi: int) -> None:
    frame = taken(Image.effect_noise(size, 80), dpi=dpi)
    assert (frame.contrast, frame.sharpness) == (None, None)


def test_every_page_of_a_file_is_measured_for_itself() -> None:
    for kind in ("TIFF", "PDF"):
        out = io.BytesIO()
        further = [blurred(page(), 0.6), Image.new("RGB", page().size, "white")]
        resolution = {"resolution": 150} if kind == "PDF" else {"dpi": (150, 150)}
        page().save(out, kind, save_all=True, append_images=further, **resolution)
        sharp, soft, blank = examine(out.getvalue(), "x")
        assert sharp.sharpness and soft.sharpness and sharp.sharpness > 3 * soft.sharpness
        assert blank.contrast == 0


def test_light_is_told_by_paper_and_print() -> None:
    def light(picture: Image.Image) -> tuple[float, float]:
        frame = taken(picture)
        assert frame.lightest is not None and frame.darkest is not None
        return frame.lightest, frame.darkest

    lightest, darkest = light(page())
    assert lightest > 0.95 and darkest < 0.3
    dim = light(page().point(lambda value: value * 0.3))
    assert dim == pytest.approx((0.3 * lightest, 0.3 * darkest), abs=0.02)
    burnt = light(page().point(lambda value: 255 - (255 - value) * 0.3))
    assert burnt == pytest.approx((1 - 0.3 * (1 - lightest), 1 - 0.3 * (1 - darkest)), abs=0.02)


def test_dust_is_neither_paper_nor_print() -> None:
    dusty = Image.new("L", page().size, 128)
    pen = ImageDraw.Draw(dusty)
    for place in range(10):
        pen.point((200 + 40 * place, 400), 255 * (place % 2))
    frame = taken(dusty)
    assert (frame.lightest, frame.darkest) == pytest.approx((0.5, 0.5), abs=0.02)


def test_of_inks_nobody_knows_which_end_is_light() -> None:
    frame = taken(page().convert("CMYK"), "TIFF")
    assert (frame.lightest, frame.darkest) == (None, None) and frame.contrast


def lying(left: float, top: float, dpi: int = 150) -> Image.Image:
    """The page on dark A4 glass, its corner at so many mm."""
    scale = dpi / 25.4
    glass = Image.new("RGB", (round(210 * scale), round(297 * scale)), (30, 30, 32))
    glass.paste(page(dpi), (round(left * scale), round(top * scale)))
    return glass


@pytest.mark.parametrize(
    ("left", "top", "cut"),
    [
        (20, 30, ""),
        (0, 0, ""),
        (65, 92, ""),
        (-2, 30, ""),
        (-12, 30, "l"),
        (77, 30, "r"),
        (30, -15, "t"),
        (30, 110, "b"),
        (-15, -20, "lt"),
    ],
)
def test_sides_over_which_a_part_is_missing_are_named(left: float, top: float, cut: str) -> None:
    assert taken(lying(left, top)).cut == cut


@pytest.mark.parametrize(("width", "cut"), [(145, ""), (160, ""), (200, "r"), (290, "")])
def test_a_sliver_of_the_other_page_is_no_cut_spread(width: float, cut: str) -> None:
    scale = 150 / 25.4
    spread = Image.new("RGB", (round(290 * scale), page().height))
    for place in (0, 1):
        spread.paste(page(), (place * page().width, 0))
    scene = Image.new("RGB", (round((width + 15) * scale), round(240 * scale)), (30, 30, 32))
    scene.paste(spread, (round(15 * scale), round(17 * scale)))
    assert taken(scene).cut == cut


def test_a_page_scanned_to_its_exact_area_is_not_cut() -> None:
    assert taken(page()).cut == ""
    assert taken(page().rotate(0.7, fillcolor=(30, 30, 32))).cut == ""


def test_cut_sides_are_as_the_file_wants_them_seen() -> None:
    block = Image.Exif()
    for orientation, cut in ((1, "l"), (6, "t"), (3, "r"), (8, "b"), (2, "r")):
        block[0x112] = orientation
        assert taken(lying(-12, 30), "JPEG", exif=block).cut == cut


def test_a_size_is_told_as_the_file_wants_it_seen() -> None:
    block = Image.Exif()
    block[0x112] = 6
    frame = taken(page(), "JPEG", exif=block)
    assert (frame.width, frame.height) == page().size
    assert frame.seen_size == page().size[::-1]
