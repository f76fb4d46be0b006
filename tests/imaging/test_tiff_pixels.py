"""TIFFs as scanners, fax machines and print shops write them: the right pixels on screen and in the document.

What the expected pixels are was seen once with poppler and libtiff's own tools for each row here.
"""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageChops, ImageStat

from certclerk.core.page_image import Encoding
from certclerk.imaging import examine, page_image, render

TIFF = "image/tiff"
SIZE = WIDTH, HEIGHT = 90, 120


def written(samples: bytes, *, order: str = "<", rows: int = HEIGHT, **tags: int | tuple[int, ...]) -> bytes:
    """A TIFF of these samples, in strips of so many rows, each deflated."""
    row = len(samples) // HEIGHT
    strips = [zlib.compress(samples[at : at + row * rows]) for at in range(0, len(samples), row * rows)]
    offsets = [8 + sum(map(len, strips[:index])) for index in range(len(strips))]
    given = {
        256: (WIDTH,),
        257: (HEIGHT,),
        259: (8,),
        273: tuple(offsets),
        278: (rows,),
        279: tuple(map(len, strips)),
        **{int(tag[1:]): value if isinstance(value, tuple) else (value,) for tag, value in tags.items()},
    }
    pixels = b"".join(strips) + b"\0" * (sum(map(len, strips)) % 2)
    start = 8 + len(pixels)
    spill_at = start + 2 + 12 * len(given) + 4
    entries, spill = b"", b""
    for tag, values in sorted(given.items()):
        packed = struct.pack(f"{order}{len(values)}L", *values)
        if len(packed) > 4:
            packed, spill = struct.pack(f"{order}L", spill_at + len(spill)), spill + packed
        entries += struct.pack(f"{order}HHL", tag, 4, len(values)) + packed
    mark = b"II" if order == "<" else b"MM"
    head = mark + struct.pack(f"{order}HL", 42, start)
    return head + pixels + struct.pack(f"{order}H", len(given)) + entries + bytes(4) + spill


def grey() -> Image.Image:
    return Image.linear_gradient("L").resize(SIZE)


def deep(picture: Image.Image, bits: int, order: str = "<") -> bytes:
    """The picture's samples widened to 16 bits, or to 12 packed ones."""
    if bits == 16:
        return b"".join(struct.pack(f"{order}H", value * 257) for value in picture.tobytes())
    wide = [value * 16 + value // 16 for value in picture.tobytes()]
    pairs = zip(wide[::2], wide[1::2], strict=True)
    return b"".join((one << 12 | other).to_bytes(3, "big") for one, other in pairs)


def apart(data: bytes, expected: Image.Image) -> float:
    """Mean grey levels between what the screen shows and what is expected."""
    seen = Image.open(io.BytesIO(render(data, TIFF, 0, 0))).convert("RGB")
    in_document = page_image(data, TIFF, 0, 0)
    found = [seen]
    if in_document.encoding is Encoding.JPEG:
        found.append(Image.open(io.BytesIO(in_document.data)).convert("RGB"))
    want = expected.convert("RGB")
    return max(max(ImageStat.Stat(ImageChops.difference(picture, want)).mean) for picture in found)


@pytest.mark.parametrize("order", ["<", ">"])
def test_sixteen_bits(order):
    data = written(deep(grey(), 16, order), order=order, t258=16, t262=1, t277=1)
    assert examine(data, "x")
    assert apart(data, grey()) < 2


def test_sixteen_bits_where_white_is_zero():
    data = written(deep(ImageChops.invert(grey()), 16), t258=16, t262=0, t277=1, rows=7)
    assert apart(data, grey()) < 2


def test_twelve_bits():
    data = written(deep(grey(), 12), t258=12, t262=1, t277=1)
    assert apart(data, grey()) < 2


def test_sixteen_bits_of_colour_in_strips():
    colour = Image.merge("RGB", (grey(), grey().rotate(180), Image.radial_gradient("L").resize(SIZE)))
    data = written(deep(colour, 16), t258=(16, 16, 16), t262=2, t277=3, rows=16)
    assert apart(data, colour) < 3


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"compression": "tiff_lzw"},
        {"compression": "packbits"},
        {"compression": "tiff_adobe_deflate"},
        {"strip_size": 512},
        {"compression": "jpeg", "quality": 98},
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "P", "RGBA", "LA"])
def test_packings_and_modes(samples, mode, options):
    if options.get("compression") == "jpeg" and mode not in ("RGB", "L", "CMYK"):
        pytest.skip("JPEG packs no such pixels")
    colour = Image.merge("RGB", (grey(), grey().rotate(180), Image.radial_gradient("L").resize(SIZE)))
    picture = colour.quantize(64) if mode == "P" else colour.convert(mode)
    data = samples.save(picture, "TIFF", **options)
    assert examine(data, "x")
    assert apart(data, picture.convert("RGB")) < 4


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt", "tiff_lzw", "packbits", None])
def test_bilevel_pages_keep_every_dot(samples, compression):
    picture = Image.radial_gradient("L").resize(SIZE).convert("1")
    data = samples.save(picture, "TIFF", compression=compression)
    image = page_image(data, TIFF, 0, 0)
    assert (image.encoding, image.bits, zlib.decompress(image.data)) == (Encoding.FLATE, 1, picture.tobytes())


@pytest.mark.parametrize("orientation", range(10))
def test_orientations_also_those_that_do_not_exist(samples, orientation):
    upright = {1: "rg/bw", 2: "gr/wb", 3: "wb/gr", 4: "bw/rg", 5: "rb/gw", 6: "br/wg", 7: "wg/br", 8: "gw/rb"}
    data = samples.save(samples.draw(), "TIFF", tiffinfo={274: orientation})
    assert examine(data, "x")
    assert samples.corners(render(data, TIFF, 0, 0)) == upright.get(orientation, "rg/bw")


@pytest.mark.parametrize(
    ("bits", "tags"),
    [
        (8, {"t339": 2}),
        (16, {"t339": 2}),
        (32, {"t339": 3}),
        (32, {"t339": 1}),
    ],
)
def test_numbers_that_are_no_shades_are_refused(bits, tags, refusal):
    data = written(grey().tobytes() * (bits // 8), t258=bits, t262=1, t277=1, **tags)
    assert refusal(data) in ("image_strange_pixels", "image_damaged")


def test_deep_planes_apart_are_refused(refusal):
    """Pillow takes their halves for pixels."""
    data = written(deep(grey(), 16) * 3, t258=(16, 16, 16), t259=1, t262=2, t277=3, t284=2)
    assert refusal(data) == "image_strange_pixels"


def test_what_libtiff_thinks_of_a_damaged_file_is_not_printed(refusal, capfd):
    whole = written(grey().tobytes(), t258=8, t262=1, t277=1)
    assert refusal(whole[:60] + bytes(40) + whole[100:]) == "image_damaged"
    assert capfd.readouterr().err == ""
