"""What a file is that is no table we read, in words for the clerk."""

from __future__ import annotations

from collections.abc import Collection

from certclerk.roster.marks_ods import CONTENT
from certclerk.roster.packed import Packed

# The streams of before Excel 97 without a compound file around them: versions 2, 3, 4, 5 and 8 of BIFF.
OLD_TABLES = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
# Streams of a compound file in which a password or a rights server keeps the workbook.
LOCKED_STREAMS = frozenset({"EncryptedPackage", "\tDRMContent"})

_SIGNATURES = (
    (b"%PDF-", "PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"II*\0", "图片"),
    (b"MM\0*", "图片"),
    (b"RIFF", "图片或视频"),
    (b"{\\rtf", "Word 文档（RTF）"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"PK\x05\x06", "压缩包"),
    (b"PK\x07\x08", "压缩包"),
    (b"MZ", "程序"),
    (b"SQLite format 3\0", "数据库（或本程序的采集文件）"),
    (b"ID;P", "SYLK 文件"),
    (b"MIME-Version:", "网页（MHT）或邮件"),
)
# What is found near the beginning of marked-up text.
_MARKUP = (("<html", "网页（HTML）"), ("<table", "网页（HTML）"), ("mso-application", "XML 2003 表格"))
_MARKUP_HEAD = 4096
_PARTS = (
    ("word/document.xml", "Word 文档"),
    ("ppt/presentation.xml", "PowerPoint 演示文稿"),
    ("OFD.xml", "OFD 文档"),
    ("Index/Document.iwa", "苹果 Numbers 表格或其他苹果文档"),
)
_STREAMS = (("WordDocument", "Word 文档"), ("PowerPoint Document", "PowerPoint 演示文稿"))


def by_signature(data: bytes) -> str | None:
    return next((what for signature, what in _SIGNATURES if data.startswith(signature)), None)


def by_text(text: str) -> str | None:
    head = text[:_MARKUP_HEAD].lstrip().lower()
    if not head.startswith("<"):
        return None
    return next((what for sign, what in _MARKUP if sign in head), "XML 文件")


def by_part(packed: Packed) -> str | None:
    """None for an .ods, which may still prove to be damaged."""
    what = next((what for part, what in _PARTS if part in packed), None)
    if what is None and CONTENT not in packed:
        return "压缩包"
    mimetype = b"".join(packed.chunks("mimetype")) if "mimetype" in packed else b""
    return "其他类型的 OpenDocument 文档" if mimetype and b"spreadsheet" not in mimetype else what


def by_stream(streams: Collection[str]) -> str:
    return next((what for stream, what in _STREAMS if stream in streams), "其他程序的文件")
