from __future__ import annotations

import io

import pytest
from PIL import Image

from certclerk.core.errors import UserError
from certclerk.imaging import render

# Red | green over blue | white, as each EXIF orientation shows it.
ORIENTED = {
    1: "rg/bw",
    2: "gr/wb",
    3: "wb/gr",
    4: "bw/rg",
    5: "rb/gw",
    6: "br/wg",
    7: "wg/br",
    8: "gw/rb",
}


@pytest.mark.parametrize(("orientation", "corners"), ORIENTED.items())
@pytest.mark.parametrize("max_px", [None, 30])
def test_the_files_own_orientation_is_applied(samples, orientation, corners, max_px):
    exif = samples.exif(orientation)
    for kind, media_type in (("JPEG", "image/jpeg"), ("PNG", "image/png")):
        data = samples.save(samples.draw(), kind, exif=exif)
        assert samples.corners(render(data, media_type, 0, 0, max_px)) == corners
    tiff = samples.save(samples.draw(), "TIFF", tiffinfo={274: orientation})
    assert samples.corners(render(tiff, "image/tiff", 0, 0, max_px)) == corners


@pytest.mark.parametrize(
    ("rotation", "corners"), [(0, "br/wg"), (90, "wb/gr"), (180, "gw/rb"), (270, "rg/bw"), (450, "wb/gr")]
)
def test_the_clerks_rotation_comes_after_it_clockwise(samples, rotation, corners):
    data = samples.save(samples.draw(), "JPEG", exif=samples.exif(6))
    assert samples.corners(render(data, "image/jpeg", 0, rotation, 60)) == corners


@pytest.mark.parametrize("max_px", [1, 7, 30, 100, 5000])
def test_no_side_is_longer_than_asked_and_nothing_is_enlarged(files, max_px):
    for name, kind in (
        ("baseline.jpg", "image/jpeg"),
        ("colour.png", "image/png"),
        ("fax.tif", "image/tiff"),
    ):
        with Image.open(io.BytesIO(render(files[name], kind, 0, 90, max_px))) as picture:
            longest = min(max_px, 120)
            assert max(picture.size) == longest
            assert min(picture.size) == max(1, round(longest * 80 / 120))


def test_a_thumbnail_shows_what_the_picture_shows(samples):
    """The cheap decoding of a large JPEG leaves the colours where they are."""
    large = samples.draw().resize((1600, 2400), Image.Resampling.NEAREST)
    small = render(samples.save(large, "JPEG"), "image/jpeg", 0, 0, 60)
    assert samples.corners(small) == "rg/bw"


def test_inks_are_shown_as_colours(files, samples):
    assert samples.corners(render(files["cmyk.jpg"], "image/jpeg", 0, 0)) == "rg/bw"
    adobe = files["cmyk.jpg"].index(b"\xff\xee")
    without = files["cmyk.jpg"][:adobe] + files["cmyk.jpg"][adobe + 16 :]
    assert samples.corners(render(without, "image/jpeg", 0, 0)) == "kk/kk"


def test_an_upright_jpeg_is_shown_as_it_is(files):
    assert render(files["grey.jpg"], "image/jpeg", 0, 0) == files["grey.jpg"]


def test_each_page_of_a_file_is_its_own(files):
    for name, kind in (("pages.tif", "image/tiff"), ("pages.pdf", "application/pdf")):
        first, second = (Image.open(io.BytesIO(render(files[name], kind, frame, 0))) for frame in (0, 1))
        with first, second:
            assert (first.mode, second.mode) == ("RGB", "L")


def test_a_page_that_is_not_there_is_a_sentence(files):
    for name, kind in (("pages.tif", "image/tiff"), ("pages.pdf", "application/pdf")):
        with pytest.raises(UserError, match="内页"):
            render(files[name], kind, 7, 0, name="内页")
