"""Pages of PDFs that are more than a picture, and pages of encrypted PDFs: made by a child, in a real process."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from certclerk.core.errors import UserError
from certclerk.imaging import Limits, examine, page_image, render

RGB_JPEG = {"/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
A4 = (595.28, 841.89)


@pytest.fixture
def jpeg(samples) -> bytes:
    return samples.save(samples.draw(), "JPEG", quality=95, subsampling=0)


def joined(*files: bytes) -> bytes:
    writer = PdfWriter()
    for data in files:
        writer.append(io.BytesIO(data))
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page(size: tuple[float, float], content: bytes) -> PdfWriter:
    writer = PdfWriter()
    made = writer.add_blank_page(*size)
    stream = StreamObject()
    stream._data = content
    made[NameObject("/Contents")] = writer._add_object(stream)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    made[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    return writer


def taken(data: bytes, **options):
    made = []
    frames = examine(data, "张三.pdf", rendered=made.append, **options)
    return frames, {one.frame: one for one in made}


def shown(made) -> Image.Image:
    return Image.open(io.BytesIO(render(made.data, made.media_type, 0, 0))).convert("RGB")


def test_a_page_of_print_is_drawn_at_300_dpi_without_loss():
    content = b"BT /F1 40 Tf 72 700 Td (Certificate) Tj ET 1 0 0 RG 4 w 100 100 200 200 re S"
    (frame,), made = taken(written(page(A4, content)))
    assert (frame.media_type, frame.frame, frame.width, frame.height) == (PDF, 0, 2481, 3508)
    assert frame.dpi == pytest.approx(300, abs=0.5)
    assert made[0].media_type == PNG
    picture = shown(made[0])
    # In px: the red square's left edge, its middle, and the first letter's stem.
    assert picture.getpixel((417, 2700))[0] > 200 > 90 > picture.getpixel((417, 2700))[1]
    assert picture.getpixel((800, 2700)) == (255, 255, 255)
    assert picture.crop((300, 400, 1400, 620)).convert("L").getextrema()[0] < 60
    image = page_image(made[0].data, PNG, 0, 0)
    assert image.png_rows and image.dpi == pytest.approx(300, abs=0.5)


def test_a_scan_with_print_over_it_becomes_a_jpeg(samples):
    noise = Image.effect_noise((1600, 2400), 60).convert("RGB")
    scan = samples.save(noise, "JPEG", quality=90)
    entries = RGB_JPEG | {"/Width": 1600, "/Height": 2400}
    content = "q {placed} cm /Im0 Do Q 1 0 0 rg 0 0 40 60 re f"
    data = samples.pdf(scan, entries, placed="200 0 0 200 0 0", content=content)
    (frame,), made = taken(data)
    assert made[0].media_type == JPEG
    assert b"\x01\x11\x00\x02\x11\x01\x03\x11\x01" in made[0].data
    assert (frame.width, frame.height) == Image.open(io.BytesIO(made[0].data)).size


def test_pictures_stay_as_they_are_among_drawn_pages(samples, jpeg):
    picture = samples.pdf(jpeg, RGB_JPEG)
    drawn = samples.pdf(jpeg, RGB_JPEG, content="q {placed} cm /Im0 Do Q 0 0 9 9 re f")
    data = joined(picture, drawn, picture, drawn)
    frames, made = taken(data)
    assert [frame.frame for frame in frames] == [0, 1, 2, 3]
    assert sorted(made) == [1, 3]
    assert page_image(data, PDF, 2, 0).data == jpeg
    assert {frame.media_type for frame in frames} == {PDF}


CONTENTS = [
    "BT /F1 12 Tf (visible) Tj ET q {placed} cm /Im0 Do Q",
    "0 0 20 20 re f q {placed} cm /Im0 Do Q",
    "q {placed} cm /Im0 Do Q q 20 0 0 20 0 0 cm /Im0 Do Q",
    "q {placed} cm /Im1 Do Q",
    "q {placed} cm Q",
    "",
    "q -80 0 0 120 80 0 cm /Im0 Do Q",
    "q 80 0 60 120 0 0 cm /Im0 Do Q",
    "q 0 0 0 0 0 0 cm /Im0 Do Q",
    "q {placed} cm /Im0 Do Q" + " " * 2_000_000,
    "q 3 0 0 3 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID a EI Q",
]


def test_whatever_is_more_than_an_upright_picture_is_drawn(samples, jpeg):
    data = joined(*(samples.pdf(jpeg, RGB_JPEG, content=content) for content in CONTENTS))
    frames, made = taken(data)
    assert [frame.frame for frame in frames] == sorted(made) == list(range(len(CONTENTS)))
    mirrored = shown(made[CONTENTS.index("q -80 0 0 120 80 0 cm /Im0 Do Q")])
    scale = mirrored.width / 200
    # The picture stands in the lower left corner of 200 × 200 points.
    corner = [mirrored.getpixel((int(x * scale), int(y * scale))) for x, y in ((20, 100), (60, 100))]
    assert [max(range(3), key=pixel.__getitem__) for pixel in corner] == [1, 0]


def test_pictures_that_need_more_than_their_samples_are_drawn(samples, jpeg):
    variants = (
        {"/Decode": [0.0, 0.5] * 3},
        {
            "/ColorSpace": [
                "/Separation",
                "/Spot",
                "/DeviceGray",
                {"/FunctionType": 2, "/Domain": [0, 1], "/N": 1},
            ]
        }
        | {"/Filter": "/FlateDecode"},
    )
    streams = (jpeg, zlib.compress(samples.draw().convert("L").tobytes()))
    data = joined(
        *(samples.pdf(stream, RGB_JPEG | more) for stream, more in zip(streams, variants, strict=True))
    )
    _, made = taken(data)
    assert sorted(made) == [0, 1]


@pytest.mark.parametrize("entries", [{"/Filter": "/JPXDecode"}, {"/Filter": "/JBIG2Decode"}])
def test_a_picture_that_would_be_left_out_of_the_drawing_refuses_the_file(samples, jpeg, entries, refusal):
    """PDFium draws an empty page then, and says nothing."""
    assert refusal(samples.pdf(jpeg, RGB_JPEG | entries)) == "image_damaged"


def test_a_stamp_over_the_page_is_drawn(samples, jpeg):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(samples.pdf(jpeg, RGB_JPEG))))
    look = StreamObject()
    look._data = b"1 0 1 rg 0 0 50 50 re f"
    look.update(
        {
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(map(FloatObject, (0, 0, 50, 50))),
        }
    )
    stamp = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Stamp"),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (100, 100, 150, 150))),
            NameObject("/F"): NumberObject(4),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(look)}),
        }
    )
    writer.add_annotation(0, stamp)
    _, made = taken(written(writer))
    picture = shown(made[0])
    red, green, blue = picture.getpixel((picture.width * 125 // 200, picture.height * 75 // 200))
    assert min(red, blue) > 250 and green < 5


def test_a_filled_in_form_is_drawn():
    writer = page(A4, b"")
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("name"),
            NameObject("/V"): TextStringObject("HHHHHH"),
            NameObject("/DA"): TextStringObject("/F1 40 Tf 0 g"),
            NameObject("/F"): NumberObject(4),
            NameObject("/Rect"): ArrayObject(map(FloatObject, (100, 700, 400, 760))),
        }
    )
    reference = writer._add_object(field)
    sheet = writer.pages[0]
    sheet[NameObject("/Annots")] = ArrayObject([reference])
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject(
        {
            NameObject("/Fields"): ArrayObject([reference]),
            NameObject("/DR"): sheet["/Resources"],
            NameObject("/DA"): TextStringObject("/F1 40 Tf 0 g"),
        }
    )
    _, made = taken(written(writer))
    box = shown(made[0]).crop((417, 342, 1667, 592)).convert("L")
    assert sum(box.histogram()[:100]) > 5_000


@pytest.mark.parametrize(
    ("size", "longest", "dpi"),
    [
        # A telephone's page of a point for every px, and one of the size of a stamp.
        ((3024.0, 4032.0), 5315, None),
        ((14_400.0, 14_400.0), 5315, None),
        ((30.0, 40.0), 2421, None),
        ((240.0, 300.0), 1250, 300),
    ],
)
def test_a_page_that_is_no_size_of_paper_is_drawn_at_one(size, longest, dpi):
    (frame,), _ = taken(written(page(size, b"0 0 9 9 re f")))
    assert max(frame.width, frame.height) == pytest.approx(longest, abs=2)
    assert frame.dpi == (dpi and pytest.approx(dpi, abs=0.5))


def test_turned_pages_are_drawn_upright():
    writer = page(A4, b"1 0 0 rg 0 742 100 100 re f")
    writer.pages[0].rotate(90)
    (frame,), made = taken(written(writer))
    assert frame.width > frame.height
    picture = shown(made[0])
    red, green, blue = picture.getpixel((picture.width - 100, 100))
    assert red > 250 and max(green, blue) < 5


def test_a_structure_that_one_reader_does_not_follow_is_left_to_the_other(samples, jpeg):
    """A page tree whose count is no number: pypdf gives up, PDFium walks the tree."""
    data = samples.pdf(jpeg, RGB_JPEG)
    broken = data.replace(b"/Count 1", b"/Count /")
    assert broken != data
    frames, _ = taken(broken)
    assert len(frames) == 1


def test_caps(samples, jpeg):
    drawn = samples.pdf(jpeg, RGB_JPEG, content="q {placed} cm /Im0 Do Q 0 0 9 9 re f")

    def code(data: bytes, limits: Limits, password: str | None = None) -> str:
        with pytest.raises(UserError) as caught:
            examine(data, "x", limits=limits, password=password)
        return caught.value.code

    assert code(drawn, Limits(max_pixels=1_000_000)) == "image_too_many_pixels"
    assert code(joined(drawn, drawn), Limits(max_total_pixels=6_000_000)) == "image_too_many_frames"
    many = encrypted(joined(*[samples.pdf(jpeg, RGB_JPEG)] * 3), "x")
    assert code(many, Limits(max_frames=2), "x") == "image_too_many_frames"


@pytest.mark.parametrize("raised", [UserError("collection_disk_full", file="x"), LookupError("a bug")])
def test_what_the_keeper_raises_ends_the_work_and_is_not_the_files_fault(samples, jpeg, raised):
    def keep(_made):
        raise raised

    drawn = samples.pdf(jpeg, RGB_JPEG, content="q {placed} cm /Im0 Do Q 0 0 9 9 re f")
    with pytest.raises(type(raised)) as caught:
        examine(joined(*[drawn] * 3), "x", rendered=keep)
    assert caught.value is raised


def encrypted(data: bytes, user: str, algorithm: str = "RC4-128") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user, owner_password="owner", algorithm=algorithm)
    return written(writer)


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128"])
@pytest.mark.parametrize("rotate", [0, 90])
def test_pictures_of_an_encrypted_file_keep_their_bytes(samples, jpeg, algorithm, rotate):
    plain = samples.pdf(jpeg, RGB_JPEG, placed="320 0 0 480 0 0", rotate=rotate)
    data = encrypted(plain, "geheim", algorithm)
    (frame,), made = taken(data, password="geheim")
    assert made[0].media_type == PDF
    assert page_image(made[0].data, PDF, 0, 90) == page_image(plain, PDF, 0, 90)
    assert page_image(made[0].data, PDF, 0, 0).data == jpeg
    assert frame == examine(plain, "x")[0]


def test_other_pages_of_an_encrypted_file_are_drawn(samples, jpeg):
    plain = joined(
        samples.pdf(jpeg, RGB_JPEG),
        samples.pdf(jpeg, RGB_JPEG, content="q {placed} cm /Im0 Do Q 0 0 9 9 re f"),
    )
    _, made = taken(encrypted(plain, "geheim"), password="geheim")
    _, drawn = taken(plain)
    assert [made[0].media_type, made[1].media_type] == [PDF, drawn[1].media_type]
    assert ImageChops.difference(shown(made[1]), shown(drawn[1])).getbbox() is None


def test_passwords_are_asked_for_and_checked(samples, jpeg):
    data = encrypted(samples.pdf(jpeg, RGB_JPEG), "geheim")
    codes = []
    for password in (None, "", "Geheim"):
        with pytest.raises(UserError) as caught:
            examine(data, "x", password=password)
        codes.append(caught.value.code)
    assert codes == ["pdf_encrypted", "pdf_wrong_password", "pdf_wrong_password"]
    assert examine(data, "x", password="geheim")
    assert examine(data, "x", password="owner")


def test_a_file_that_is_only_protected_against_changes_opens_without_a_password(samples, jpeg):
    (_,), made = taken(encrypted(samples.pdf(jpeg, RGB_JPEG), ""))
    assert page_image(made[0].data, PDF, 0, 0).data == jpeg


def test_a_password_stands_nowhere_but_in_memory(samples, jpeg, monkeypatch, tmp_path):
    """Neither on the child's command line nor in a temporary file."""
    from certclerk.system import child

    started, real = [], child.subprocess.Popen

    def popen(command, **options):
        started.append(command)
        return real(command, **options)

    monkeypatch.setattr(child.subprocess, "Popen", popen)
    monkeypatch.setattr(child.tempfile, "tempdir", str(tmp_path))
    kept = []
    examine(
        encrypted(samples.pdf(jpeg, RGB_JPEG), "geheim"),
        "x",
        password="geheim",
        rendered=lambda _made: kept.extend(tmp_path.iterdir()),
    )
    assert started and "geheim" not in " ".join(map(str, started))
    assert kept == []
