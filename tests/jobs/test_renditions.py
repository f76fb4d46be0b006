"""Files that need a child or a password: kept byte for byte, with what is shown of them beside; all or nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.imaging import page_image
from certclerk.jobs import take_pages
from certclerk.jobs.passwords import Password
from certclerk.jobs.pictures import picture, thumbnail

from .conftest import picture as jpeg


def pages_pdf(*shades: int) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("RGB", (85, 120), (shade, 60, 90)) for shade in shades]
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=15)
    return out.getvalue()


def drawn_pdf(pages: int, broken: bool = False) -> bytes:
    """Pages with a square on each; ``broken``: the last one holds a picture that nobody can decode."""
    writer = PdfWriter()
    for _ in range(pages):
        made = writer.add_blank_page(240, 300)
        stream = StreamObject()
        stream._data = b"1 0 0 rg 0 0 100 100 re f"
        made[NameObject("/Contents")] = writer._add_object(stream)
    if broken:
        bad = PdfReader(io.BytesIO(pages_pdf(1).replace(b"/DCTDecode", b"/JPXDecode")))
        writer.add_page(bad.pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def keep(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


class Clerk:
    """Answers in turn, and remembers what was asked."""

    def __init__(self, *answers: Password | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, name: str, wrong: bool) -> Password | None:
        self.asked.append((name, wrong))
        return self.answers.pop(0)


def test_a_drawn_page_is_shown_and_packed_and_its_file_kept(collection: Collection, tmp_path: Path) -> None:
    data = drawn_pdf(1)
    scans = keep(tmp_path / "扫描", {"林晓雯_封面.pdf": data})
    outcome = take_pages.place(collection, take_pages.store(collection, [scans]))
    assert outcome.placed == 1
    (page,) = collection.roster().teachers[0].pages()
    assert collection.blob(page.sha256) == data
    assert (page.media_type, page.width, page.height) == ("application/pdf", 1000, 1250)
    assert collection.picture(page).media_type == "image/png"
    for seen in (picture(collection, page), thumbnail(collection, page, 200)):
        with Image.open(io.BytesIO(seen)) as shown:
            red, green, _ = shown.convert("RGB").getpixel((shown.width // 5, shown.height * 9 // 10))
            assert red > 240 and green < 20


def test_pages_of_a_file_come_all_or_none(collection: Collection, tmp_path: Path) -> None:
    scans = keep(tmp_path / "扫描", {"林晓雯.pdf": drawn_pdf(3, broken=True)})
    stored = take_pages.store(collection, [scans])
    assert stored.pages == ()
    assert "第4页" in stored.refused[0].reason
    assert collection.blob_sizes() == {}


def test_stopping_within_a_file_leaves_nothing_of_it(collection: Collection, tmp_path: Path) -> None:
    scans = keep(tmp_path / "扫描", {"林晓雯.pdf": drawn_pdf(5)})
    asked = iter([False, False, False, True])
    with pytest.raises(UserError) as caught:
        take_pages.store(collection, [scans], cancelled=lambda: next(asked))
    assert caught.value.code == "intake_cancelled"
    assert collection.blob_sizes() == {}


def test_stopping_at_a_file_that_was_taken_before_keeps_what_redo_needs(
    collection: Collection, tmp_path: Path
) -> None:
    scans = keep(tmp_path / "扫描", {"林晓雯_封面.pdf": drawn_pdf(1)})
    take_pages.place(collection, take_pages.store(collection, [scans]))
    collection.undo()
    asked = iter([False, True])
    with pytest.raises(UserError):
        take_pages.store(collection, [scans], cancelled=lambda: next(asked))
    collection.redo()
    (page,) = collection.roster().teachers[0].pages()
    assert picture(collection, page)


def test_a_password_is_asked_for_once_for_all_files(collection: Collection, tmp_path: Path) -> None:
    files = {f"林晓雯_{index}.pdf": encrypted(pages_pdf(index), "geheim") for index in (1, 2, 3)}
    clerk = Clerk(Password("falsch", for_rest=True), Password("geheim", for_rest=True))
    stored = take_pages.store(collection, [keep(tmp_path / "扫描", files)], ask=clerk)
    assert clerk.asked == [("林晓雯_1.pdf", False), ("林晓雯_1.pdf", True)]
    assert len(stored.pages) == 3 and stored.refused == ()
    take_pages.place(collection, stored)
    page = next(iter(collection.roster().teachers[0].pages()))
    assert b"/Encrypt" in collection.blob(page.sha256)
    assert b"/Encrypt" not in collection.picture(page).data


def test_a_password_for_one_file_is_not_tried_on_the_next(collection: Collection, tmp_path: Path) -> None:
    files = {"a.pdf": encrypted(pages_pdf(1), "eins"), "b.pdf": encrypted(pages_pdf(2), "zwei")}
    clerk = Clerk(Password("eins"), Password("zwei"))
    stored = take_pages.store(collection, [keep(tmp_path / "扫描", files)], ask=clerk)
    assert clerk.asked == [("a.pdf", False), ("b.pdf", False)]
    assert len(stored.pages) == 2


def test_a_kept_password_that_does_not_fit_is_nobodys_mistake(collection: Collection, tmp_path: Path) -> None:
    files = {"a.pdf": encrypted(pages_pdf(1), "eins"), "b.pdf": encrypted(pages_pdf(2), "zwei")}
    clerk = Clerk(Password("eins", for_rest=True), Password("zwei"))
    take_pages.store(collection, [keep(tmp_path / "扫描", files)], ask=clerk)
    assert clerk.asked == [("a.pdf", False), ("b.pdf", False)]


def test_cancelling_leaves_out_that_file_only(collection: Collection, tmp_path: Path) -> None:
    files = {
        "a.pdf": encrypted(pages_pdf(1), "eins"),
        "b.pdf": encrypted(pages_pdf(2), "zwei"),
        "c.jpg": jpeg(3),
    }
    stored = take_pages.store(collection, [keep(tmp_path / "扫描", files)], ask=Clerk(None, Password("zwei")))
    assert [page.arrival.name for page in stored.pages] == ["b.pdf", "c.jpg"]
    assert [refused.path.name for refused in stored.refused] == ["a.pdf"]


def test_with_nobody_to_ask_the_sentence_says_what_to_do(collection: Collection, tmp_path: Path) -> None:
    stored = take_pages.store(
        collection, [keep(tmp_path / "扫描", {"a.pdf": encrypted(pages_pdf(1), "eins")})]
    )
    assert "请在窗口中加入并输入密码" in stored.refused[0].reason


def test_a_password_is_in_no_ones_log() -> None:
    assert "geheim" not in repr(Password("geheim", for_rest=True))


def test_documents_take_the_decrypted_picture(collection: Collection, tmp_path: Path) -> None:
    """Byte for byte the JPEG that lay in the encrypted file."""
    plain = pages_pdf(9)
    stream = (
        next(iter(PdfReader(io.BytesIO(plain)).pages[0]["/Resources"]["/XObject"].values()))
        .get_object()
        ._data
    )
    files = {"林晓雯_封面.pdf": encrypted(plain, "x")}
    stored = take_pages.store(collection, [keep(tmp_path / "扫描", files)], ask=Clerk(Password("x")))
    take_pages.place(collection, stored)
    (page,) = collection.roster().teachers[0].pages()
    read = collection.picture(page)
    image = page_image(read.data, read.media_type, read.frame, page.rotation)
    assert image.data == stream
