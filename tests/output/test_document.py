from __future__ import annotations

import io
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from certclerk.core.booklet import BOOKLET_HEIGHT, BOOKLET_WIDTH, printed_size
from certclerk.core.page_image import Encoding, PageImage
from certclerk.output.document import most_bytes, write_document

CM = 72 / 2.54


def picture(width: int = 60, height: int = 85, mode: str = "RGB") -> Image.Image:
    grey = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (grey, ImageChops.invert(grey), grey)).convert(mode)


def jpeg(mode: str = "RGB", width: int = 60, height: int = 85) -> bytes:
    stream = io.BytesIO()
    picture(width, height, mode).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def pdf(*images: PageImage, title: str = "张三") -> bytes:
    stream = io.BytesIO()
    assert write_document(stream, title, images) == len(images)
    return stream.getvalue()


PAGES = {
    "colour": PageImage(jpeg(), 60, 85, dpi=10),
    "grey": PageImage(jpeg("L"), 60, 85, components=1, dpi=10),
    "ink": PageImage(jpeg("CMYK"), 60, 85, components=4, dpi=10, inverted=True),
    "turned": PageImage(jpeg(), 60, 85, dpi=10, rotate=90),
    "bilevel": PageImage(
        zlib.compress(bytes([0b10101010] * 8 * 85)),
        64,
        85,
        components=1,
        dpi=10,
        encoding=Encoding.FLATE,
        bits=1,
    ),
    "png rows": PageImage(
        zlib.compress(b"".join(b"\0" + bytes([200, 30, 30]) * 60 for _ in range(85))),
        60,
        85,
        dpi=10,
        encoding=Encoding.FLATE,
        png_rows=True,
    ),
}


def test_jpeg_bytes_go_in_as_they_are() -> None:
    data = jpeg()
    written = pdf(PageImage(data, 60, 85, dpi=10))
    assert data in written
    (page,) = PdfReader(io.BytesIO(written)).pages
    image = page["/Resources"]["/XObject"]["/Page"]
    assert image["/Filter"] == "/DCTDecode"
    assert image._data == data


def test_pages_keep_their_order() -> None:
    written = pdf(*PAGES.values())
    widths = [
        page["/Resources"]["/XObject"]["/Page"]["/Width"] for page in PdfReader(io.BytesIO(written)).pages
    ]
    assert widths == [60, 60, 60, 60, 64, 60]


@pytest.mark.parametrize(
    ("image", "centimetres"),
    [
        (PageImage(b"", 1713, 2421, dpi=300), (14.5, 20.5)),
        (PageImage(b"", 2480, 3508, dpi=300), (21.0, 29.7)),
        (PageImage(b"", 1713, 2421, dpi=300, rotate=90), (14.5, 20.5)),
        # no dpi, or one that would make a page of a metre, or of a stamp's size: the booklet
        (PageImage(b"", 1450, 2050), (14.5, 20.5)),
        (PageImage(b"", 1450, 2050, dpi=0.0), (14.5, 20.5)),
        (PageImage(b"", 2900, 4100, dpi=72), (14.5, 20.5)),
        (PageImage(b"", 145, 205, dpi=300), (14.5, 20.5)),
        (PageImage(b"", 2900, 2050), (29.0, 20.5)),
        (PageImage(b"", 2050, 2900, rotate=270), (20.5, 29.0)),
        (PageImage(b"", 1000, 2050), (10.0, 20.5)),
        (PageImage(b"", 4000, 100), (29.0, 0.725)),
    ],
)
def test_page_size(image: PageImage, centimetres: tuple[float, float]) -> None:
    width, height = printed_size(image.width, image.height, image.dpi, image.rotate)
    assert (width / CM, height / CM) == pytest.approx(centimetres, abs=0.01)


def test_an_unknown_size_fits_the_booklet() -> None:
    width, height = printed_size(3000, 4000, None)
    assert width == pytest.approx(BOOKLET_WIDTH)
    assert height < BOOKLET_HEIGHT
    assert width / height == pytest.approx(3 / 4)


def test_rotation_is_left_to_the_viewer() -> None:
    (page,) = PdfReader(io.BytesIO(pdf(PAGES["turned"]))).pages
    assert page.rotation == 90
    assert page.mediabox.width < page.mediabox.height


def test_the_title_is_the_name_and_nothing_else_is_told() -> None:
    reader = PdfReader(io.BytesIO(pdf(PAGES["colour"], title="阿依古丽·𠮷䶮")))
    assert dict(reader.metadata or {}) == {"/Title": "阿依古丽·𠮷䶮"}
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    written = pdf(PAGES["colour"])
    assert not [word for word in (b"Producer", b"Creator", b"CreationDate", b"Metadata") if word in written]


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo is not installed")
def test_poppler_reads_title_sizes_and_nothing_of_a_program(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(PageImage(jpeg(), 1713, 2421, dpi=300), PAGES["turned"], title="阿依古丽·𠮷䶮"))
    command = ["pdfinfo", "-enc", "UTF-8", "-l", "2", file]
    told = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    facts = {line.partition(":")[0]: line.partition(":")[2].strip() for line in told.splitlines()}
    assert facts["Title"] == "阿依古丽·𠮷䶮"
    assert not {"Producer", "Creator", "CreationDate", "ModDate"} & set(facts)
    assert facts["Page    1 size"].startswith("411.12 x 581.04 pts")  # 145.0 × 205.0 mm
    assert facts["Page    2 rot"] == "90"


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.lists(
        st.builds(
            PageImage,
            st.binary(max_size=99),
            st.integers(1, 10**6),
            st.integers(1, 10**6),
            st.sampled_from([1, 3, 4]),
            st.none() | st.floats(1, 9_999),
            st.sampled_from([0, 90, 180, 270]),
            st.booleans(),
            st.booleans(),
            st.sampled_from(Encoding),
            st.sampled_from([1, 8]),
            st.booleans(),
        ),
        max_size=12,
    ),
)
def test_a_document_is_never_larger_than_foretold_and_not_much_smaller(
    title: str, images: list[PageImage]
) -> None:
    size = len(pdf(*images, title=title))
    foretold = most_bytes(title, (len(image.data) for image in images))
    assert size <= foretold <= size + 400 * (len(images) + 1)


def test_equal_input_gives_equal_bytes_and_other_input_another_identifier() -> None:
    first, again, other = pdf(*PAGES.values()), pdf(*PAGES.values()), pdf(PAGES["grey"])
    assert first == again
    identifiers = [PdfReader(io.BytesIO(data)).trailer["/ID"][0] for data in (first, other)]
    assert identifiers[0] != identifiers[1]


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("name", PAGES)
def test_qpdf_finds_nothing_wrong(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(PAGES[name], PAGES["colour"]))
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "WARNING" not in checked.stdout + checked.stderr


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
@pytest.mark.parametrize(
    ("name", "corner", "colour"),
    [
        ("colour", "top", (0, 255, 0)),
        ("grey", "top", (150, 150, 150)),
        ("ink", "top", (0, 165, 80)),
        ("turned", "right", (0, 255, 0)),
        ("png rows", "top", (200, 30, 30)),
    ],
)
def test_it_looks_like_the_picture(
    name: str, corner: str, colour: tuple[int, int, int], tmp_path: Path
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(PAGES[name]))
    subprocess.run(["pdftoppm", "-r", "20", "-png", file, tmp_path / "a"], check=True)
    with Image.open(next(tmp_path.glob("a*.png"))) as shown:
        seen = shown.convert("RGB")
    spot = (seen.width // 2, 3) if corner == "top" else (seen.width - 4, seen.height // 2)
    got = seen.getpixel(spot)
    assert isinstance(got, tuple)
    assert all(abs(one - other) < 40 for one, other in zip(got, colour, strict=True)), got


def test_a_mirrored_picture_is_swapped_by_the_page() -> None:
    """red | blue in the file, blue | red on the page; as poppler paints it"""
    tool = shutil.which("pdftoppm")
    if tool is None:
        pytest.skip("pdftoppm is not installed")
    picture = Image.new("RGB", (100, 140), "red")
    picture.paste((0, 0, 255), (50, 0, 100, 140))
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=95, subsampling=0)
    stream = io.BytesIO()
    write_document(stream, "a", [PageImage(data.getvalue(), 100, 140, mirrored=True)])
    painted = subprocess.run(
        [tool, "-r", "20", "-png", "-"], input=stream.getvalue(), capture_output=True, check=True
    )
    with Image.open(io.BytesIO(painted.stdout)) as page:
        middle = page.height // 2
        left, right = page.getpixel((5, middle)), page.getpixel((page.width - 5, middle))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert (left[2] > 200, right[0] > 200) == (True, True)
