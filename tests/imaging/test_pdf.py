"""Pages of PDFs; that they look as poppler shows them was seen once for every row here."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter

from certclerk.core.errors import UserError
from certclerk.core.page_image import Encoding
from certclerk.imaging import examine, page_image, render
from certclerk.imaging.png import packed_rows, parse_png

RGB_JPEG = {"/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
FLATE = {"/Filter": "/FlateDecode"}
PDF = "application/pdf"


@pytest.fixture
def jpeg(samples) -> bytes:
    return samples.save(samples.draw(), "JPEG", quality=95, subsampling=0)


def png_rows(picture: Image.Image, samples) -> bytes:
    data = samples.save(picture, "PNG")
    return packed_rows(data, parse_png(data))


PLACINGS = {
    "80 0 0 120 0 0": 0,
    "0 -80 120 0 0 80": 90,
    "-80 0 0 -120 80 120": 180,
    "0 80 -120 0 120 0": 270,
    # set straight by the scanner
    "79.99 1 -1.5 119.99 0 0": 0,
}
TURNED = {0: "rg/bw", 90: "br/wg", 180: "wb/gr", 270: "gw/rb"}


@pytest.mark.parametrize(("placed", "degrees"), PLACINGS.items())
@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_a_pages_jpeg_comes_out_as_it_is_with_the_pages_turning(samples, jpeg, placed, degrees, rotate):
    data = samples.pdf(jpeg, RGB_JPEG, placed=placed, rotate=rotate)
    image = page_image(data, PDF, 0, 0)
    assert image.data == jpeg
    assert image.rotate == (degrees + rotate) % 360
    assert image.dpi is None
    assert samples.corners(render(data, PDF, 0, 0)) == TURNED[image.rotate]
    assert page_image(data, PDF, 0, 90).rotate == (image.rotate + 90) % 360


@pytest.mark.parametrize("placed", ["320 0 0 480 0 0", "0 320 -480 0 480 0"])
def test_resolution_is_that_of_the_picture_on_the_page(samples, jpeg, placed):
    """120 px along 480 pt (17 cm); what the picture itself claims counts for nothing there."""
    data = samples.pdf(jpeg, RGB_JPEG, placed=placed)
    assert examine(data, "x.pdf")[0].dpi == 18.0
    assert page_image(data, PDF, 0, 0).dpi == 18.0


def test_a_pages_jpeg_loses_its_exif_and_is_not_turned_by_it(samples):
    inner = samples.save(samples.draw(), "JPEG", exif=samples.exif(6))
    image = page_image(samples.pdf(inner, RGB_JPEG), PDF, 0, 0)
    assert image.rotate == 0
    assert b"Exif" in inner and b"Exif" not in image.data


def test_a_jpeg_packed_once_more_comes_out(samples, jpeg):
    entries = {"/ColorSpace": "/DeviceRGB", "/Filter": ["/FlateDecode", "/DCTDecode"]}
    assert page_image(samples.pdf(zlib.compress(jpeg), entries), PDF, 0, 0).data == jpeg


@pytest.mark.parametrize(
    ("decode", "inverted", "corners"), [([1, 0] * 4, True, "rg/bw"), (None, False, "kk/kk")]
)
def test_inks_follow_the_page_and_not_the_jpeg(samples, decode, inverted, corners):
    inner = samples.save(samples.draw().convert("CMYK"), "JPEG")
    entries = {"/ColorSpace": "/DeviceCMYK", "/Filter": "/DCTDecode"} | (
        {"/Decode": decode} if decode else {}
    )
    data = samples.pdf(inner, entries)
    image = page_image(data, PDF, 0, 0)
    assert (image.data, image.inverted, image.components) == (inner, inverted, 4)
    assert samples.corners(render(data, PDF, 0, 0)) == corners


def packings(samples):
    """Stream, entries and corners of pictures that are no JPEG."""
    colour = samples.draw()
    grey, inks, indexed = colour.convert("L"), colour.convert("CMYK"), colour.quantize(4)
    palette = ["/Indexed", "/DeviceRGB", 3, bytes(indexed.getpalette()[:12])]
    bilevel = colour.getchannel("R").convert("1", dither=Image.Dither.NONE)
    fax = samples.save(bilevel, "TIFF", compression="group4")
    with Image.open(io.BytesIO(fax)) as tiff:
        start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    predictor = {"/Predictor": 15, "/Columns": 80, "/Colors": 3, "/BitsPerComponent": 8}
    fax_parameters = {"/K": -1, "/Columns": 80, "/Rows": 120}
    fax_entries = {"/ColorSpace": "/DeviceGray", "/BitsPerComponent": 1, "/Filter": "/CCITTFaxDecode"}
    return {
        "bare": (colour.tobytes(), {"/ColorSpace": "/DeviceRGB"}, "rg/bw"),
        "flate": (zlib.compress(colour.tobytes()), FLATE | {"/ColorSpace": "/DeviceRGB"}, "rg/bw"),
        "png rows": (
            png_rows(colour, samples),
            FLATE | {"/ColorSpace": "/DeviceRGB", "/DecodeParms": predictor},
            "rg/bw",
        ),
        "grey, inverted": (
            zlib.compress(grey.tobytes()),
            FLATE | {"/ColorSpace": "/DeviceGray", "/Decode": [1, 0]},
            "wk/wk",
        ),
        "inks": (zlib.compress(inks.tobytes()), FLATE | {"/ColorSpace": "/DeviceCMYK"}, "rg/bw"),
        "palette": (zlib.compress(indexed.tobytes()), FLATE | {"/ColorSpace": palette}, "rg/bw"),
        "one bit": (
            zlib.compress(bilevel.tobytes()),
            FLATE | {"/ColorSpace": "/DeviceGray", "/BitsPerComponent": 1},
            "wk/kw",
        ),
        # Pillow writes 1 for white runs, a PDF reads them as black unless told so.
        "fax": (fax[start : start + length], fax_entries | {"/DecodeParms": fax_parameters}, "kw/wk"),
        "fax, black is 1": (
            fax[start : start + length],
            fax_entries | {"/DecodeParms": fax_parameters | {"/BlackIs1": True}},
            "wk/kw",
        ),
    }


@pytest.mark.parametrize(
    "name",
    ["bare", "flate", "png rows", "grey, inverted", "inks", "palette", "one bit", "fax", "fax, black is 1"],
)
def test_other_packings(samples, name):
    stream, entries, corners = packings(samples)[name]
    data = samples.pdf(stream, entries)
    (frame,) = examine(data, "x.pdf")
    assert (frame.media_type, frame.width, frame.height) == (PDF, 80, 120)
    assert samples.corners(render(data, PDF, 0, 0)) == corners
    assert page_image(data, PDF, 0, 0).data


def test_png_rows_pass_through_a_pdf(samples):
    stream, entries, _ = packings(samples)["png rows"]
    image = page_image(samples.pdf(stream, entries), PDF, 0, 0)
    assert (image.encoding, image.png_rows, image.data) == (Encoding.FLATE, True, stream)


def test_text_that_recognition_hid_under_the_scan_is_no_hindrance(samples, jpeg):
    content = "BT 3 Tr /F1 12 Tf (hidden) Tj ET q {placed} cm /Im0 Do Q"
    assert page_image(samples.pdf(jpeg, RGB_JPEG, content=content), PDF, 0, 0).data == jpeg


def test_a_pdf_whose_last_part_broke_off_is_refused(samples, jpeg, refusal):
    """A page was appended and lost on the way: what stood before it must not pass for the whole."""
    data = samples.pdf(jpeg, RGB_JPEG)
    appended = b"9 0 obj << /Length 90000 >> stream\n" + jpeg * 3
    assert refusal(data + appended) == "image_damaged"
    assert refusal(data[: data.rindex(b"startxref")]) == "image_damaged"


def test_a_stored_pdf_that_cannot_be_followed_is_refused(samples, jpeg):
    """No intake lets one in, but a collection may come from anywhere."""
    data = samples.pdf(jpeg, RGB_JPEG)
    table = data.rindex(b"xref", 0, data.rindex(b"startxref"))
    with pytest.raises(UserError) as caught:
        page_image(data[: table + 5] + b"\x14" + data[table + 6 :], PDF, 0, 0)
    assert caught.value.code == "page_damaged"


def test_a_pdf_without_pages_is_refused(refusal):
    out = io.BytesIO()
    PdfWriter().write(out)
    assert refusal(out.getvalue()) == "image_damaged"


def test_oddities_of_a_file_are_not_printed(samples, jpeg, tmp_path):
    data = samples.pdf(jpeg, RGB_JPEG)
    odd = tmp_path / "odd.pdf"
    odd.write_bytes(b"\n" * 7 + data)
    code = "import pathlib, sys; from certclerk.imaging import examine; examine(pathlib.Path(sys.argv[1]).read_bytes(), 'x')"
    source = str(Path(__file__).parents[2] / "src")
    run = [sys.executable, "-c", code, str(odd)]
    done = subprocess.run(run, env={**os.environ, "PYTHONPATH": source}, capture_output=True, check=True)
    assert done.stderr == b""


def test_the_page_that_is_at_fault_is_named(samples, jpeg):
    writer = PdfWriter()
    for stream in (jpeg, jpeg[:-200]):
        writer.append(io.BytesIO(samples.pdf(stream, RGB_JPEG)))
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(UserError, match="第2页数据在中途结束"):
        examine(out.getvalue(), "两页.pdf")
    with pytest.raises(UserError, match="第1页数据在中途结束"):
        examine(samples.pdf(jpeg[:-200], RGB_JPEG), "断.pdf")


def test_nothing_of_a_file_is_kept_until_cycles_are_collected(samples):
    """A worker never collects them, and a day's PDFs are many."""
    assert not gc.isenabled()
    data = samples.save(Image.effect_noise((600, 800), 60), "PDF", quality=95)
    examine(data, "x.pdf")
    tracemalloc.start()
    try:
        for _ in range(4):
            examine(bytes(bytearray(data)), "x.pdf")
        assert tracemalloc.get_traced_memory()[0] < len(data)
    finally:
        tracemalloc.stop()
