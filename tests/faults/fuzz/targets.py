"""Every reader of bytes from outside, as a function that must come to a result or to one of its own refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

import apsw

from certclerk.capture.scanners.escl.documents import description, status
from certclerk.capture.scanners.scanner import ScannerFailed
from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.key_ticks import read_ticks
from certclerk.core.notice import parse_notice
from certclerk.core.page_forms import BMP, GIF, JPEG, PDF, PNG, TIFF, WEBP
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Filing, Roster
from certclerk.core.submission import plan
from certclerk.imaging import examine, page_image, render
from certclerk.imaging.faults import naming
from certclerk.imaging.frames import LIMITS
from certclerk.imaging.heic import heic_rendition, is_heic_readable
from certclerk.imaging.isolated import Request
from certclerk.imaging.jpeg_2000 import jpeg_2000_rendition
from certclerk.imaging.pdf import Unreadable, page_pictures
from certclerk.imaging.pdf_drawing import pdf_renditions
from certclerk.jobs import counter, listing
from certclerk.jobs.forms import filled
from certclerk.jobs.pictures import picture, thumbnail
from certclerk.jobs.submissions import submitted
from certclerk.jobs.verify import verify
from certclerk.output.manifest import read_manifest
from certclerk.output.pictures import page_pictures as pictures_of_ours
from certclerk.output.reading import Wanted, read_entries
from certclerk.output.verify import verify_folder
from certclerk.roster import best_sheet, detect, parse_workbook, propose, read_pasted

from . import seeds
from .mutations import ANY_BYTES, EDGES, WORDS, Mutation, any_of, odd_text, within_json, within_zip

DAY = date(2032, 3, 1)
# What a reader may answer instead of a result.
REFUSALS = (UserError, ScannerFailed)


@dataclass(frozen=True)
class Target:
    """``seeds`` makes sound bytes; ``mutate`` makes them hostile; ``read`` is the reader."""

    name: str
    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes], object]
    mutate: Mutation = ANY_BYTES


def outcome(target: Target, data: bytes) -> Exception | None:
    """The refusal, None where the bytes were read. Whatever else the reader raises passes: that is the fault."""
    try:
        target.read(data)
    except REFUSALS as refused:
        assert str(refused)
        return refused
    return None


# ---- pages ---------------------------------------------------------------------------------------


def _take(media_type: str, data: bytes) -> None:
    """As a stored page is shown and put out, which must not depend on how it came in; then as it comes in."""
    with suppress(UserError):
        _show(media_type, data)
    examine(data, "页")


def _show(media_type: str, data: bytes) -> None:
    with suppress(UserError):
        page_image(data, media_type, 0, 90)
    render(data, media_type, 0, 0, 64)


def _pages_of_pdf(data: bytes) -> None:
    with suppress(UserError):
        _show(PDF, data)
    with naming("页"), suppress(Unreadable):
        for _ in page_pictures(data, LIMITS):
            pass


def _drawn(data: bytes) -> None:
    with naming("页"):
        for _ in pdf_renditions(data, Request("页", PDF, LIMITS.max_pixels, 20)):
            pass


def _jpeg_2000(data: bytes) -> None:
    with naming("页"):
        jpeg_2000_rendition(data, LIMITS)


def _heic(data: bytes) -> None:
    with naming("页"):
        heic_rendition(data, LIMITS)


# ---- tables --------------------------------------------------------------------------------------


def _table(name: str, data: bytes) -> None:
    workbook = parse_workbook(data, name)
    sheet = workbook.sheets[best_sheet(workbook, seeds.notice())]
    propose(sheet, detect(sheet, seeds.notice()), seeds.notice())


def _pasted(data: bytes) -> None:
    read_pasted(data.decode("utf-8", "replace"))


def _annex() -> PrintedTable:
    filing = Filing(seeds.notice().units[0].name, "陈敏", "22000000")
    return plan(Roster(filing, ()), seeds.notice(), DAY).annexes[0]


def _form(data: bytes) -> None:
    filled(seeds.form(data), _annex(), seeds.notice().annexes[0], seeds.notice(), DAY)


# ---- text ----------------------------------------------------------------------------------------


def _notice(data: bytes) -> None:
    parse_notice(data.decode("utf-8", "replace"), "通知.toml")


def _ticks(data: bytes) -> None:
    read_ticks(data, "录入进度.json", seeds.IDENTITY)


# ---- submissions ---------------------------------------------------------------------------------


def _archive(data: bytes) -> None:
    with seeds.scratch() as folder:
        (folder / "一中.zip").write_bytes(data)
        for password in ("", "x"):
            read_entries(folder / "一中.zip", Wanted(1_000_000, {}, password=password))


def _folder(data: bytes) -> None:
    """The manifest as it lies in a folder."""
    with seeds.scratch() as folder:
        (folder / "校验清单.json").write_bytes(data)
        (folder / "一中.zip").write_bytes(seeds.archive())
        verify_folder(folder)
    read_manifest(data)


def _sealed_again(data: bytes, random: Random) -> bytes:
    """A manifest that is not what it was, under a digest that fits: a forger's."""
    from certclerk.output import manifest

    changed = within_json(data, random)
    with suppress(ValueError, TypeError, RecursionError, UnicodeError, AttributeError):
        values = json.loads(changed)
        values.pop("digest", None)
        return manifest._sealed(values)
    return changed


# ---- collections ---------------------------------------------------------------------------------


def _collection(data: bytes) -> None:
    with seeds.scratch() as folder:
        path = folder / "示例.certclerk"
        path.write_bytes(data)
        refused = None
        for read_only in (True, False):
            try:
                with open_collection(path, read_only=read_only) as opened:
                    for look in (*LOOKS, *(() if read_only else CHANGES)):
                        with suppress(UserError):
                            look(opened)
            except UserError as error:
                refused = error
        with suppress(UserError):
            verify(path)
        _none_left(folder, path)
        if refused:
            raise refused


def _none_left(folder: Path, path: Path) -> None:
    """Nothing but the file itself and what SQLite and the lock keep beside it."""
    strange = [file for file in folder.iterdir() if path.name not in file.name]
    assert not strange, strange


def _list(opened: Collection) -> None:
    roster, findings = listing.examined(opened, DAY)
    listing.document(roster, opened.notice, findings)
    list(listing.lines(roster, opened.notice, findings))


def _pictures(opened: Collection) -> None:
    roster = opened.roster()
    for page in (*roster.tray, *(page for teacher in roster.teachers for page in teacher.pages())):
        with suppress(UserError):
            thumbnail(opened, page)
        with suppress(UserError):
            picture(opened, page, 64)


def _plan(opened: Collection) -> None:
    roster, findings = listing.examined(opened, DAY)
    plan(roster, opened.notice, DAY, held={}, findings=findings)


LOOKS: tuple[Callable[[Collection], object], ...] = (
    _list,
    _plan,
    _pictures,
    Collection.trash,
    Collection.watched,
    Collection.forms,
    lambda opened: submitted(opened.submissions()),
    Collection.submission_ticks,
    lambda opened: [str(custody) for custody in opened.custody().values()],
    counter.entries,
    counter.appointment,
    Collection.identity,
    Collection.emptying_outlook,
    lambda opened: (opened.undo_label, opened.redo_label, opened.undo_end),
)
CHANGES: tuple[Callable[[Collection], object], ...] = (
    Collection.undo,
    Collection.undo,
    Collection.redo,
    Collection.undo,
    Collection.empty_trash,
    Collection.sweep,
)

HOSTILE_SQL = (
    "ALTER TABLE {table} RENAME TO moved; CREATE VIEW {table} AS SELECT * FROM moved",
    "CREATE TRIGGER act AFTER INSERT ON {table} BEGIN DELETE FROM teacher; END",
    "ALTER TABLE {table} ADD COLUMN more GENERATED ALWAYS AS (zeroblob(100000000))",
    "DROP TABLE {table}",
    "DELETE FROM {table}",
    "CREATE INDEX more ON {table} (abs(-9223372036854775808))",
)


def odd_values(data: bytes, random: Random) -> bytes:
    """A sound database that holds what the program never writes."""
    with seeds.scratch() as folder:
        path = folder / "x"
        path.write_bytes(data)
        connection = apsw.Connection(str(path))
        with suppress(apsw.Error, UnicodeDecodeError):
            connection.execute(
                "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE"
            )
            tables = [
                str(row[0])
                for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            ]
            for _ in range(random.choice((1, 1, 2, 4)) if tables else 0):
                table = random.choice(tables)
                if random.random() < 0.15:
                    connection.execute(random.choice(HOSTILE_SQL).format(table=table))
                    continue
                columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]
                column = random.choice(columns or ["none"])
                with suppress(apsw.Error, UnicodeDecodeError):
                    connection.execute(
                        f"UPDATE {table} SET {column} = ?", (_odd(connection, table, column, random),)
                    )
        connection.close()
        return path.read_bytes()


def _odd(connection: apsw.Connection, table: str, column: str, random: Random) -> object:
    held = connection.execute(f"SELECT {column} FROM {table} LIMIT 1").get
    if isinstance(held, bytes) and held and random.random() < 0.8:
        return ANY_BYTES(held, random)
    if isinstance(held, str) and held.startswith(("{", "[")) and random.random() < 0.8:
        return within_json(held.encode(), random).decode()
    odd = random.choice(
        (*WORDS, *EDGES, b"\xff\0", 2**62, -(2**63), "{}", "[]", "null", "{", '{"crop": 1}', "x" * 64)
    )
    if (
        isinstance(odd, (list, dict))
        or (isinstance(odd, int) and not -(2**63) <= odd < 2**63)
        or odd == "\ud800"
    ):
        return str(odd).encode("utf-8", "replace")
    return odd


def _targets() -> Iterator[Target]:
    for name, media_type, made in (
        ("jpeg", JPEG, seeds.jpegs),
        ("png", PNG, seeds.pngs),
        ("tiff", TIFF, seeds.tiffs),
        ("bmp", BMP, partial(seeds.plains, "BMP")),
        ("gif", GIF, partial(seeds.plains, "GIF")),
        ("webp", WEBP, partial(seeds.plains, "WEBP")),
    ):
        yield Target(name, made, partial(_take, media_type))
    yield Target("pdf", seeds.pdfs, _pages_of_pdf)
    yield Target("pdf-drawn", seeds.drawn_pdfs, _drawn)
    yield Target("pdf-ours", lambda: [seeds.document()], pictures_of_ours)
    yield Target("jpeg2000", seeds.jpegs_2000, _jpeg_2000)
    if is_heic_readable():
        yield Target("heic", seeds.heics, _heic)
    for form in ("xlsx", "ods"):
        yield Target(
            form,
            partial(seeds.workbook, form),
            partial(_table, f"名册.{form}"),
            any_of(ANY_BYTES, within_zip, within_zip),
        )
    yield Target("xls", partial(seeds.workbook, "xls"), partial(_table, "名册.xls"))
    yield Target("csv", seeds.tables, partial(_table, "名册.csv"), any_of(ANY_BYTES, odd_text))
    yield Target("pasted", seeds.tables, _pasted, any_of(ANY_BYTES, odd_text))
    yield Target("form", lambda: [seeds.form_workbook()], _form, any_of(ANY_BYTES, within_zip, within_zip))
    yield Target("notice", seeds.profiles, _notice, any_of(ANY_BYTES, odd_text, odd_text))
    yield Target("ticks", seeds.ticks, _ticks, any_of(ANY_BYTES, within_json, within_json))
    yield Target("escl-able", lambda: [seeds.CAPABILITIES.encode()], description, any_of(ANY_BYTES, odd_text))
    yield Target("escl-status", lambda: [seeds.STATUS.encode()], status, any_of(ANY_BYTES, odd_text))
    yield Target("archive", lambda: [seeds.archive()], _archive, any_of(ANY_BYTES, within_zip))
    yield Target("manifest", seeds.manifests, _folder, any_of(ANY_BYTES, _sealed_again, _sealed_again))
    yield Target("certclerk", seeds.collections, _collection, any_of(ANY_BYTES, odd_values, odd_values))


TARGETS = {target.name: target for target in _targets()}
