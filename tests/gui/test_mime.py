"""What programs offer when something is dragged from them or copied, and what of it is taken."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage, QImageWriter

from certclerk.gui.mime import (
    PASTED,
    Scans,
    carries_pages_or_files,
    carrying_pages,
    carrying_rows,
    scans_carried,
)
from certclerk.imaging import examine
from certclerk.jobs.take_pages import Incoming

DESCRIBED = 'application/x-qt-windows-mime;value="FileGroupDescriptorW"'
CONTENTS = 'application/x-qt-windows-mime;value="FileContents";index={}'
WEB = "https://example.org/%E5%BC%A0%E4%B8%89%20%E5%B0%81%E9%9D%A2.jpg?size=big"


def image(colour: str = "red") -> QImage:
    made = QImage(60, 84, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def encoded(form: str = "PNG") -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(form.encode())).write(image())
    return bytes(buffer.data().data())


def offered(**formats: object) -> QMimeData:
    """``image``, ``text``, ``urls`` and raw formats by name with _ for /."""
    mime = QMimeData()
    for name, value in formats.items():
        match name:
            case "image":
                mime.setImageData(value)
            case "text":
                mime.setText(str(value))
            case "urls":
                mime.setUrls([QUrl(url) for url in value])  # type: ignore[attr-defined]
            case _:
                mime.setData(name.replace("_", "/"), value)  # type: ignore[arg-type]
    return mime


def described(*files: tuple[str, bytes]) -> QMimeData:
    """As Outlook and Chrome on Windows offer files that are on no disk."""
    mime = QMimeData()
    block = struct.pack("<I", len(files))
    for index, (name, data) in enumerate(files):
        block += bytes(72) + name.encode("utf-16-le").ljust(520, b"\0")
        mime.setData(CONTENTS.format(index), data)
    mime.setData(DESCRIBED, block)
    return mime


def test_files_and_folders_come_as_they_are(tmp_path: Path) -> None:
    mime = offered(urls=[(tmp_path / name).as_uri() for name in ("a.jpg", "夹")], image=image())
    assert scans_carried(mime) == Scans(paths=(tmp_path / "a.jpg", tmp_path / "夹"))


def test_a_picture_from_a_chat_program_is_encoded_when_it_is_taken() -> None:
    scans = scans_carried(offered(image=image()), PASTED)
    assert scans.is_one_file
    assert scans.name.startswith("粘贴 20")
    (incoming,) = scans.encoded()
    assert incoming.name == scans.name
    (frame,) = examine(incoming.data, incoming.name)
    assert (frame.media_type, frame.width, frame.height) == ("image/png", 60, 84)


def test_bytes_that_a_browser_hands_over_are_kept_and_named_by_their_address() -> None:
    data = encoded("JPEG")
    scans = scans_carried(offered(urls=[WEB], text=WEB, image_jpeg=data, text_html=b"<img src=''>"))
    assert scans.files == (Incoming("张三 封面.jpg", data),)


def test_without_loss_is_taken_before_jpeg() -> None:
    scans = scans_carried(offered(image_jpeg=encoded("JPEG"), image_png=encoded("PNG"), image=image()))
    (incoming,) = scans.files
    assert incoming.name.endswith(".png")
    assert incoming.data == encoded("PNG")


def test_an_address_alone_is_a_link() -> None:
    mime = offered(urls=[WEB], text=WEB)
    assert scans_carried(mime) == Scans(link=True)
    assert carries_pages_or_files(mime)


@pytest.mark.parametrize("text", ["姓名\t性别\n张三\t女", "张三"])
def test_cells_of_a_spreadsheet_are_no_picture_although_they_come_with_one(text: str) -> None:
    mime = offered(text=text, image=image(), image_png=encoded())
    assert not scans_carried(mime)
    assert not carries_pages_or_files(mime)


def test_a_table_is_the_windows_to_take(tmp_path: Path) -> None:
    mime = offered(urls=[(tmp_path / "名册.xlsx").as_uri()], image=image())
    assert not scans_carried(mime)


@pytest.mark.parametrize("mime", [QMimeData(), carrying_rows(), offered(text="张三")])
def test_nothing_is_nothing(mime: QMimeData) -> None:
    assert not scans_carried(mime)
    assert not carries_pages_or_files(mime)


def test_our_own_pages_are_no_scans() -> None:
    assert carries_pages_or_files(carrying_pages([1]))
    assert not scans_carried(carrying_pages([1]))


def test_files_on_no_disk_come_by_their_names_alone() -> None:
    mime = described(("张三 封面.jpg", b"1"), ("C:\\temp\\..\\b.png", b"2"), ("empty.jpg", b""))
    assert carries_pages_or_files(mime)
    assert scans_carried(mime).files == (Incoming("张三 封面.jpg", b"1"), Incoming("b.png", b"2"))


@given(st.binary(max_size=1300))
def test_a_damaged_description_is_no_crash(block: bytes) -> None:
    mime = QMimeData()
    mime.setData(DESCRIBED, block)
    assert scans_carried(mime).files == ()


def test_whether_one_file_is_carried(tmp_path: Path) -> None:
    assert Scans(paths=(tmp_path / "a.jpg",)).is_one_file
    assert not Scans(paths=(tmp_path,)).is_one_file
    assert not Scans(paths=(tmp_path / "a.jpg", tmp_path / "b.jpg")).is_one_file
    assert not Scans(link=True).is_one_file
