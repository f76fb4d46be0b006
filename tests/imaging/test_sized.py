from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from certclerk.core.errors import UserError
from certclerk.core.recipe import AS_IT_IS, Recipe
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


PICTURES = {
    "noise": lambda size, levels: Image.effect_noise(size, levels),
    "coloured noise": lambda size, levels: Image.merge(
        "RGB", [Image.effect_noise(size, levels) for _ in range(3)]
    ),
    "flat": lambda size, levels: Image.new("RGB", size, (levels, 90, 200)),
    "gradient": lambda size, levels: Image.linear_gradient("L").resize(size).point(lambda v: v ^ levels),
    "print": lambda size, levels: Image.effect_noise(size, 9 + levels).point(lambda v: 255 * (v > 118)),
    "bilevel": lambda size, levels: Image.effect_noise(size, 9 + levels).convert("1"),
}
FORMS = {"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff", "BMP": "image/bmp"}
CUT = Recipe(crop=(0.1, 0.1, 0.9, 0.8))


@settings(deadline=None, max_examples=120)
@given(
    st.sampled_from(list(PICTURES)),
    st.tuples(st.integers(30, 700), st.integers(30, 700)),
    st.integers(0, 120),
    st.sampled_from(list(FORMS)),
    st.integers(5, 95),
    st.sampled_from([None, 72, 150, 300, 600]),
    st.sampled_from([0, 90]),
    st.sampled_from([AS_IT_IS, CUT, Recipe(straighten=1.5)]),
)
def test_compact_is_never_larger_than_clear_nor_clear_than_the_original(
    content, size, levels, form, quality, dpi, rotation, recipe
):
    picture, out = PICTURES[content](size, levels), io.BytesIO()
    if form == "JPEG" and picture.mode == "1":
        picture = picture.convert("L")
    picture.save(
        out, form, **({"quality": quality} if form == "JPEG" else {}), **({"dpi": (dpi, dpi)} if dpi else {})
    )
    frame = out.getvalue(), FORMS[form], 0, rotation
    original = len(page_image(*frame, recipe=recipe).data)
    clear, compact = (
        len(sized_image(*frame, SIZINGS[name], recipe=recipe).data) for name in ("clear", "compact")
    )
    assert compact <= clear <= original


def test_bytes_damaged_since_are_a_sentence(scan):
    with pytest.raises(UserError, match="封面"):
        sized_image(scan[:5000], KIND, 0, 0, SIZINGS["clear"], name="封面")
