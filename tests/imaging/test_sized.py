from __future__ import annotations

import io

import pytest
from PIL import Image

from certclerk.core.errors import UserError
from certclerk.imaging import SIZINGS, page_image, sized_image

KIND = "image/jpeg"


@pytest.fixture(scope="module")
def scan(samples) -> bytes:
    """A booklet's page at 600 dpi, 14.5 × 20.5 cm."""
    picture = samples.draw().resize((3425, 4843), Image.Resampling.NEAREST)
    return samples.save(picture, "JPEG", quality=95, dpi=(600, 600))


@pytest.mark.parametrize("sizing", SIZINGS.values(), ids=list(SIZINGS))
@pytest.mark.parametrize(("rotation", "corners"), [(0, "rg/bw"), (90, "br/wg")])
def test_a_large_scan_comes_down_to_the_wanted_resolution_upright(scan, samples, sizing, rotation, corners):
    original = page_image(scan, KIND, 0, rotation)
    sized = sized_image(scan, KIND, 0, rotation, sizing)
    assert len(sized.data) < len(original.data) and sized.rotate == 0
    assert sized.dpi == pytest.approx(sizing.dpi, rel=0.01)
    assert max(sized.width, sized.height) == round(4843 / 600 * sizing.dpi)
    assert samples.corners(sized.data) == corners
    with Image.open(io.BytesIO(sized.data)) as picture:
        assert picture.size == (sized.width, sized.height)


def test_what_is_smaller_already_stays_as_it_is(samples):
    data = samples.save(samples.draw(), "JPEG", quality=30)
    original = page_image(data, KIND, 0, 0)
    assert sized_image(data, KIND, 0, 0, SIZINGS["clear"]) == original


def test_bytes_damaged_since_are_a_sentence(scan):
    with pytest.raises(UserError, match="封面"):
        sized_image(scan[:5000], KIND, 0, 0, SIZINGS["clear"], name="封面")
