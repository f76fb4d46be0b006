"""Small sound files of every form that a reader takes, made by our own code and its libraries."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from PIL import Image

from certclerk.collection import Collection, create_collection
from certclerk.core.form import Form, FormMapping
from certclerk.core.key_ticks import FORMAT, VERSION
from certclerk.core.notice import Notice, parse_notice
from certclerk.core.page_image import PageImage
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.output.archive import ArchiveWriter, entry_name
from certclerk.output.document import write_document
from certclerk.output.manifest import DocumentProof, FileProof, LeftOutTeacher, Manifest, manifest_bytes

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "tests" / "data"
IDENTITY = "0" * 32


@cache
def notice() -> Notice:
    path = ROOT / "resources" / "notices" / "quanzhou-2017-1.toml"
    return parse_notice(path.read_text(encoding="utf-8"), path.name)


def picture(mode: str = "RGB") -> Image.Image:
    return Image.radial_gradient("L").resize((48, 64)).convert(mode)


def saved(kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    picture(mode).save(out, kind, **options)
    return out.getvalue()


def jpegs() -> list[bytes]:
    exif = Image.Exif()
    exif[0x112] = 6
    return [
        saved("JPEG", exif=exif, dpi=(300, 300)),
        saved("JPEG", progressive=True, quality=60),
        saved("JPEG", "L"),
        saved("JPEG", "CMYK"),
    ]


def pngs() -> list[bytes]:
    return [saved("PNG", mode) for mode in ("RGB", "L", "1", "P", "RGBA", "I;16")]


def tiffs() -> list[bytes]:
    packings = ("raw", "tiff_lzw", "tiff_deflate", "jpeg", "packbits")
    many = io.BytesIO()
    picture().save(many, "TIFF", save_all=True, append_images=[picture("L"), picture("1")])
    return [
        many.getvalue(),
        *(saved("TIFF", compression=packing) for packing in packings),
        *(saved("TIFF", "1", compression=packing) for packing in ("group3", "group4")),
    ]


def plains(kind: str) -> list[bytes]:
    return [saved(kind, mode) for mode in ("RGB", "L", "P")]


def document() -> bytes:
    stream = io.BytesIO()
    write_document(stream, "王芳", [PageImage(saved("JPEG"), 48, 64, components=3, dpi=72.0)] * 2)
    return stream.getvalue()


def pdfs() -> list[bytes]:
    many = io.BytesIO()
    picture("1").save(many, "PDF", save_all=True, append_images=[picture("L"), picture("CMYK")])
    return [document(), many.getvalue()]


def drawn_pdfs() -> list[bytes]:
    content = b"BT /F1 12 Tf 20 50 Td (certificate) Tj ET 10 10 50 50 re f"
    text = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%%%EOF\n"
    ) % (len(content), content)
    return [text, *pdfs()]


def jpegs_2000() -> list[bytes]:
    return [saved("JPEG2000"), saved("JPEG2000", "L", irreversible=True), saved("JPEG2000", no_jp2=True)]


def heics() -> list[bytes]:
    from pillow_heif import from_pillow

    out = io.BytesIO()
    from_pillow(picture()).save(out, quality=50)
    return [out.getvalue()]


def workbook(form: str) -> list[bytes]:
    return [(DATA / "roster" / f"roster.{form}").read_bytes()]


def tables() -> list[bytes]:
    text = (
        '序号,姓名,性别,身份证号码,证书号码\r\n1,王芳,女,350502198501010011,"2013 35"\r\n2,="李娜",女,,\r\n'
    )
    return [text.encode(encoding) for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]


def profiles() -> list[bytes]:
    return [notice().source.encode(), (DATA / "notices" / "invented.toml").read_bytes()]


def ticks() -> list[bytes]:
    row = {"certificate": 1, "state": "done", "reason": "", "at": "2032-03-01T10:00:00Z", "row": "a" * 64}
    values = {
        "format": FORMAT,
        "version": VERSION,
        "collection": IDENTITY,
        "ticks": [row, {**row, "certificate": 2, "state": "problem", "reason": "打不开"}],
    }
    return [json.dumps(values).encode()]


def archive() -> bytes:
    stream = io.BytesIO()
    writer = ArchiveWriter(stream, notice().issued)
    data = document()
    writer.add(entry_name("一中/王芳.pdf", legacy=False), [data], zlib.crc32(data))
    writer.finish()
    return stream.getvalue()


def manifest() -> Manifest:
    data, packed = document(), archive()
    return Manifest(
        name="校验清单.json",
        program="0.1.0",
        notice=notice().id,
        unit="一中",
        day="2032-03-01",
        picture_size="original",
        certificates=1,
        files=(FileProof("一中.zip", "archive", len(packed), hashlib.sha256(packed).hexdigest()),),
        documents=(
            DocumentProof(
                "一中.zip", "一中/王芳.pdf", 1, "王芳", (), len(data), hashlib.sha256(data).hexdigest()
            ),
        ),
        left_out=(LeftOutTeacher(2, "李娜", "hold", "缺封面"),),
    )


def manifests() -> list[bytes]:
    return [manifest_bytes(manifest())]


CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03">
<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Test</pwg:MakeAndModel>
<scan:Platen><scan:PlatenInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>3508</scan:MaxHeight>
<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DiscreteResolution><scan:XResolution>300</scan:XResolution><scan:YResolution>300</scan:YResolution></scan:DiscreteResolution>
</scan:SettingProfile></scan:SettingProfiles></scan:PlatenInputCaps></scan:Platen></scan:ScannerCapabilities>"""
STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03">
<pwg:Version>2.63</pwg:Version><pwg:State>Idle</pwg:State><scan:AdfState>ScannerAdfLoaded</scan:AdfState>
<scan:Jobs><scan:JobInfo><pwg:JobUri>http://10.0.0.2/eSCL/ScanJobs/1</pwg:JobUri><pwg:JobState>Aborted</pwg:JobState></scan:JobInfo></scan:Jobs>
</scan:ScannerStatus>"""


def form_workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "登记表"
    sheet.append(["教师资格证书登记表"])
    sheet.append(["序号", "姓名", "性别", "身份证号码"])
    sheet.append([1, "", "", "", "=LEN(B3)"])
    sheet.append(["合计", "=COUNTA(B3:B3)"])
    sheet.merge_cells("A1:D1")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def form(data: bytes) -> Form:
    columns = ((0, "serial"), (1, "name"), (2, "sex"), (3, "id_number"))
    return Form(notice().annexes[0].file, "登记表.xlsx", FormMapping("登记表", 2, 1, columns), data)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a file that its reader wants on a disk; in memory where the system has such a place."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


def fill(collection: Collection) -> None:
    """Something in every table that a clerk's work fills."""
    jpeg = jpegs()[0]
    held = ProposedCertificate("高级中学", "语文", "20133599041000001", "泉州市教育局", "2013-07")
    with collection.change("导入") as change:
        change.add_teachers(
            [ProposedTeacher("张三", "男", certificates=(held,)), ProposedTeacher(name="李四", sex="女")]
        )
    page = ProposedPage(collection.add_blob(jpeg, "image/jpeg"), 0, "image/jpeg", 64, 48, 300.0, "a.jpg")
    (certificate,) = collection.roster().teachers[0].certificates
    with collection.change("加页") as change:
        change.add_page(page, certificate_id=certificate.id, slot="cover")
        trashed = change.add_page(page, certificate_id=certificate.id, slot="text")
        change.add_page(page, certificate_id=None, slot=None, reason="没有姓名")
    with collection.change("删除一页") as change:
        change.trash_page(trashed)
    with collection.change("无此页") as change:
        change.set_absent(certificate.id, "remarks", "本来没有")
    collection.keep_form(form(form_workbook()))


@cache
def collection() -> bytes:
    with scratch() as folder:
        path = folder / "示例.certclerk"
        with create_collection(path, notice(), Filing("泉州市第一中学", "陈敏", "22000000")) as made:
            fill(made)
        return path.read_bytes()


def collections() -> list[bytes]:
    return [collection(), (DATA / "collections" / "version-1.certclerk").read_bytes()]
