"""What is larger, deeper or more than anything a clerk has is refused in words, before it takes the computer's memory or time."""

from __future__ import annotations

import io
import json
import os
import signal
import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from openpyxl import Workbook
from PIL import Image

from certclerk.collection import open_collection
from certclerk.core.errors import UserError
from certclerk.core.key_ticks import MOST_TICKS, read_ticks
from certclerk.core.notice import LONGEST, parse_notice
from certclerk.core.page_forms import BMP, PNG
from certclerk.core.printed_table import PrintedTable
from certclerk.core.recipe import parse_recipe
from certclerk.core.submission import plan
from certclerk.imaging import page_image, render
from certclerk.jobs.forms import filled
from certclerk.jobs.pictures import picture, thumbnail
from certclerk.jobs.submissions import submitted
from certclerk.jobs.take_along import LARGEST_STATE, take_back
from certclerk.output.manifest import LeftOutTeacher, manifest_bytes, read_manifest
from certclerk.output.reading import ROOM, Wanted, read_entries
from certclerk.output.verify import LARGEST_MANIFEST, MOST_MANIFESTS, verify_folder

from .fuzz import seeds
from .fuzz.targets import DAY

NUMBER = "9" * 5_000
DEEP = 100_000


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert caught.value.code in codes
    assert str(caught.value)


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Whatever takes longer is ended, where the system can do that."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail(f"takes more than {seconds} s"))
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# Archives and manifests of a submission


def zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("一中/王芳.pdf", data)
    return out.getvalue()


def read(data: bytes, folder: Path) -> object:
    (folder / "一中.zip").write_bytes(data)
    return read_entries(folder / "一中.zip", Wanted(10**9, {}))


def test_an_archive_that_says_it_unpacks_to_more_than_any_submission(tmp_path: Path) -> None:
    sound = zipped(b"page")
    assert read(sound, tmp_path) is not None
    directory = bytearray(sound)
    at = directory.find(b"PK\x01\x02") + 24
    struct.pack_into("<I", directory, at, ROOM + 4 * len(sound))
    assert read(bytes(directory), tmp_path) is None


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_entry_packed_as_no_program_packs_submissions(tmp_path: Path, method: int) -> None:
    assert read(zipped(b"page"), tmp_path)[0].sha256  # type: ignore[index]
    assert not read(zipped(b"page", method), tmp_path)[0].sha256  # type: ignore[index]


def submission(folder: Path, manifest: bytes) -> Path:
    (folder / "一中.zip").write_bytes(seeds.archive())
    (folder / "校验清单.json").write_bytes(manifest)
    return folder


def test_a_manifest_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    sound = seeds.manifest()
    large = manifest_bytes(
        replace(sound, left_out=(LeftOutTeacher(2, "李娜", "hold", "x" * LARGEST_MANIFEST),))
    )
    assert read_manifest(large) is not None
    assert [each.code for each in verify_folder(submission(tmp_path, large)).problems] == ["manifest_damaged"]


def test_not_every_one_of_many_files_is_taken_for_a_manifest(tmp_path: Path) -> None:
    submission(tmp_path, manifest_bytes(seeds.manifest()))
    for number in range(MOST_MANIFESTS):
        (tmp_path / f"{number:03}.json").write_bytes(b"{}")
    assert [each.code for each in verify_folder(tmp_path).problems] == ["manifest_damaged"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    submission(tmp_path, manifest_bytes(seeds.manifest()))
    (tmp_path / "一中.zip").unlink()
    os.mkfifo(tmp_path / "一中.zip")
    os.mkfifo(tmp_path / "a.json")
    with within(20):
        codes = {each.code for each in verify_folder(tmp_path).problems}
    assert "file_unreadable" in codes


@pytest.mark.parametrize("value", [NUMBER, "[" * DEEP, "{" * 3], ids=["number", "deep", "cut"])
def test_a_manifest_of_odd_values(value: str) -> None:
    assert read_manifest(f'{{"format": "certclerk-submission", "version": {value}}}'.encode()) is None


# Forms


def table() -> PrintedTable:
    from certclerk.core.records import Filing, Roster

    return plan(Roster(Filing(seeds.notice().units[0].name, "陈敏", "1"), ()), seeds.notice(), DAY).annexes[0]


def test_a_form_with_a_cell_at_the_end_of_the_world() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "登记表"
    for column, head in enumerate(("序号", "姓名", "性别", "身份证号码"), 1):
        sheet.cell(2, column, head)
    sheet.cell(1_000_000, 10, "x")
    out = io.BytesIO()
    book.save(out)
    with within(60), refused("form_unfillable"):
        filled(seeds.form(out.getvalue()), table(), seeds.notice().annexes[0], seeds.notice(), DAY)


# Collections: each by one value that the program never writes


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "示例.certclerk"
    made.write_bytes(seeds.collection())
    return made


def put(path: Path, statement: str, *values: object) -> None:
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
        connection.execute(statement, values)
        assert connection.changes()


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("UPDATE teacher SET note = ?", "长" * 1_400_000),
        ("UPDATE notice SET source = ?", "x" * 4_000_001),
        ("UPDATE page SET width = ?", 10**9),
        ("UPDATE page SET frame = ?", 10**7),
        ("UPDATE page SET dpi = ?", 1e300),
        ("UPDATE page SET recipe = ?", '{"crop": [0, 0, 1e9, 1e9]}'),
        ("UPDATE page SET recipe = ?", f'{{"straighten": {NUMBER}}}'),
        ("UPDATE page SET recipe = ?", "[" * DEEP),
        ("UPDATE teacher SET serial = ?", 2**63 - 1),
        ("UPDATE custody SET received_on = ?", "9" * 5_000),
        ("UPDATE filing SET filled_on = ?", "0000-01-01"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_value_beyond_its_bounds(path: Path, statement: str, value: object, read_only: bool) -> None:
    if "custody" in statement:
        put(
            path, "INSERT INTO custody (certificate_id, received_on) SELECT id, '2017-03-01' FROM certificate"
        )
    put(path, statement, value)
    with (
        refused("collection_damaged"),
        open_collection(path, read_only=read_only) as opened,
    ):
        opened.roster()
        opened.custody()


def test_a_value_larger_than_any_file_of_pages(path: Path, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--long"):
        pytest.skip("only with --long: a file of 251 MB")
    put(path, "UPDATE blob SET data = zeroblob(251000000)")
    with open_collection(path) as opened, refused("collection_damaged", "blob_damaged"):
        opened.blob(next(iter(opened.blob_sizes())))


@pytest.mark.parametrize(
    "record", ["[" * DEEP, f'{{"moment": {NUMBER}}}', "{}", '{"version": 1, "files": [[]]}', "\ufffd"]
)
def test_a_record_that_is_none(path: Path, record: str) -> None:
    put(path, "INSERT INTO submission (made_at, record) VALUES ('2017-03-01T00:00:00+00:00', ?)", record)
    with open_collection(path) as opened, refused("submission_record_damaged"):
        submitted(opened.submissions())


@pytest.mark.parametrize("changeset", [b"T\x7f\xff\xff\xff", b"\xff" * 100, b"T" + b"\x00" * 50], ids=str)
def test_a_change_that_is_none(path: Path, changeset: bytes) -> None:
    put(path, "UPDATE history SET changeset = ? WHERE state = 'done'", changeset)
    with open_collection(path) as opened:
        before = opened.roster()
        with refused("collection_damaged"):
            opened.undo()
        assert opened.roster() == before


def enormous(form: str) -> bytes:
    """A sound small picture whose head says that it has 20,000 px a side."""
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, form)
    data = bytearray(out.getvalue())
    if form == "PNG":
        import zlib

        struct.pack_into(">II", data, 16, 20_000, 20_000)
        struct.pack_into(">I", data, 29, zlib.crc32(bytes(data[12:29])))
    else:
        struct.pack_into("<ii", data, 18, 20_000, 20_000)
    return bytes(data)


@pytest.mark.parametrize(("form", "media_type"), [("PNG", PNG), ("BMP", BMP)])
def test_a_stored_page_of_more_px_than_any_page(path: Path, form: str, media_type: str) -> None:
    data = enormous(form)
    for show in (
        lambda: render(data, media_type, 0, 0, 64),
        lambda: page_image(data, media_type, 0, 90),
    ):
        with refused("page_damaged"):
            show()
    with open_collection(path) as opened:
        sha256 = opened.add_blob(data, media_type)
    put(path, "UPDATE page SET sha256 = ?, media_type = ?", sha256, media_type)
    with open_collection(path) as opened, refused("page_damaged"):
        picture(opened, opened.roster().tray[0], 64)


def test_a_kept_small_picture_that_is_none_is_made_anew(path: Path) -> None:
    with open_collection(path) as opened:
        (page,) = opened.roster().tray
        opened.store_thumbnail(page.sha256, page.frame, 192, enormous("PNG"))
        assert thumbnail(opened, page, 192).startswith(b"\xff\xd8")


# What comes as text


@pytest.mark.parametrize(
    "text",
    [
        seeds.notice().source + "#" * LONGEST,
        f"a = {NUMBER}",
        "a = " + "[" * DEEP,
        "a" + ".a" * DEEP + " = 1",
        "\ufeff" * 3,
    ],
    ids=["long", "number", "deep", "dotted", "marks"],
)
def test_a_notice_that_is_none(text: str) -> None:
    with refused("notice_unreadable"):
        parse_notice(text, "通知.toml")


def state(**changed: object) -> bytes:
    values = json.loads(seeds.ticks()[0])
    return json.dumps({**values, **changed}).encode()


@pytest.mark.parametrize(
    "data",
    [
        state(ticks=[{}] * (MOST_TICKS + 1)),
        state().replace(b'"certificate": 1', f'"certificate": {NUMBER}'.encode()),
        state().replace(b'"certificate": 1', b'"certificate": 1e400'),
        state(ticks="[" * DEEP).replace(b'"[', b"[").replace(b'["', b"["),
    ],
    ids=["many", "number", "infinite", "deep"],
)
def test_ticks_that_are_none(data: bytes) -> None:
    with refused("ticks_damaged"):
        read_ticks(data, "录入进度.json", seeds.IDENTITY)


def test_so_many_sound_ticks_are_no_clerks() -> None:
    row = json.loads(seeds.ticks()[0])["ticks"][0]
    assert read_ticks(state(ticks=[row]), "录入进度.json", seeds.IDENTITY)
    with refused("ticks_damaged"):
        read_ticks(state(ticks=[row] * (MOST_TICKS + 1)), "录入进度.json", seeds.IDENTITY)


def test_a_state_file_that_is_too_large_is_not_read(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "录入进度.json"
    with open_collection(path) as opened:
        sound = state(collection=opened.identity(), ticks=[])
        file.write_bytes(sound)
        take_back(opened, file)
        file.write_bytes(sound + b" " * LARGEST_STATE)
        with refused("ticks_not_ones"):
            take_back(opened, file)


@pytest.mark.parametrize(
    "text",
    ['{"crop": [0, 0, 4, 1]}', '{"straighten": 91}', '{"corners": [[0, 0]]}', '{"contrast": -1.1}', "[]"],
)
def test_a_recipe_that_reaches_further_than_any_edit(text: str) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError)):
        parse_recipe(text)


def test_a_locked_entry_that_is_cut_off(tmp_path: Path) -> None:
    """ZIP's own cipher begins with twelve bytes, which here are not all there: the entry stands at the file's end."""
    name, locked = b"a", 1
    head = struct.pack("<2s2s5H3L2H", b"PK", b"\x03\x04", 20, locked, 0, 0, 0, 0, 20, 8, 1, 0) + name
    entry = head + b"too few"
    listed = struct.pack(
        "<2s2s6H3L5H2L", b"PK", b"\x01\x02", 20, 20, locked, 0, 0, 0, 0, 20, 8, 1, 0, 0, 0, 0, 0, 0
    )
    listed = listed[:42] + struct.pack("<L", len(listed) + len(name) + 22) + name
    end = struct.pack("<2s2s4H2LH", b"PK", b"\x05\x06", 0, 0, 1, 1, len(listed), 0, len(entry))
    (tmp_path / "一中.zip").write_bytes(listed + end + entry)
    readings = read_entries(tmp_path / "一中.zip", Wanted(10**9, {}, password="x"))
    assert readings is not None and not readings[0].sha256
