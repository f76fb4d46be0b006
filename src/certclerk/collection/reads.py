"""Records out of the tables: the whole roster in a handful of queries, or one teacher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import apsw

from certclerk.collection.trust import understood
from certclerk.core.recipe import parse_recipe
from certclerk.core.records import (
    Absence,
    Certificate,
    Confirmation,
    Filing,
    Page,
    Place,
    Refusal,
    Teacher,
    Trashed,
)

_PAGE_COLUMNS = (
    "id, sha256, frame, media_type, width, height, dpi, source, added_at, rotation,"
    " place, certificate_id, slot, position, reason, contrast, sharpness, lightest, darkest, cut, likeness, recipe"
)
# Among the columns above.
_PLACE, _RECIPE = 10, 21
_ALL = ""
_ONE = " WHERE teacher_id = ?1"
_ONE_OF_CERTIFICATE = " WHERE certificate_id IN (SELECT id FROM certificate WHERE teacher_id = ?1)"


@contextmanager
def consistent(connection: apsw.Connection) -> Iterator[None]:
    """All reads inside see one state of the file, also within a change."""
    within = connection.in_transaction
    connection.execute("SAVEPOINT reading")
    try:
        yield
    except BaseException:
        # A disk that is gone fails at letting go too: what is told is what failed first, and no transaction stays open.
        with suppress(apsw.Error):
            connection.execute("RELEASE reading" if within else "ROLLBACK")
        raise
    connection.execute("RELEASE reading")


@understood()
def filing(connection: apsw.Connection) -> Filing:
    unit, clerk, phone, filled_on = _row(connection, "SELECT unit, clerk, phone, filled_on FROM filing")
    return Filing(unit, clerk, phone, date.fromisoformat(filled_on) if filled_on else None)


@understood()
def notice_source(connection: apsw.Connection) -> str:
    source: str = _row(connection, "SELECT source FROM notice")[0]
    return source


@understood()
def order(connection: apsw.Connection) -> tuple[int, ...]:
    return tuple(row[0] for row in connection.execute("SELECT id FROM teacher ORDER BY position, id"))


def teachers(connection: apsw.Connection) -> tuple[Teacher, ...]:
    return _teachers(connection, _ALL, _ALL, _ALL, ())


def teacher(connection: apsw.Connection, teacher_id: int) -> Teacher | None:
    found = _teachers(connection, " WHERE id = ?1", _ONE, _ONE_OF_CERTIFICATE, (teacher_id,))
    return found[0] if found else None


def owner(connection: apsw.Connection, certificate_id: int) -> Teacher:
    row = connection.execute("SELECT teacher_id FROM certificate WHERE id = ?", (certificate_id,)).fetchone()
    found = teacher(connection, row[0]) if row else None
    if found is None:
        raise KeyError(certificate_id)
    return found


@understood()
def pages_at(connection: apsw.Connection, place: Place) -> tuple[Page, ...]:
    rows = connection.execute(
        f"SELECT {_PAGE_COLUMNS} FROM page WHERE place = ? ORDER BY position, id", (place,)
    )
    return tuple(_page(row) for row in rows)


@understood()
def trash(connection: apsw.Connection) -> tuple[Trashed, ...]:
    rows = connection.execute(
        f"SELECT from_certificate, from_slot, from_position, trashed_at, {_PAGE_COLUMNS} FROM page"
        " WHERE place = 'trash' ORDER BY trashed_at DESC, id DESC"
    )
    return tuple(
        Trashed(_page(row[4:]), certificate_id, slot, position or 0, at or "")
        for row in rows
        for certificate_id, slot, position, at in (row[:4],)
    )


def trash_count(connection: apsw.Connection) -> int:
    count: int = _row(connection, "SELECT count(*) FROM page WHERE place = 'trash'")[0]
    return count


@understood()
def _teachers(
    connection: apsw.Connection, of_self: str, of_teacher: str, of_certificate: str, bindings: tuple[Any, ...]
) -> tuple[Teacher, ...]:
    def rows(query: str) -> Iterable[Any]:
        return connection.execute(query, bindings)

    pages: dict[int, list[Page]] = defaultdict(list)
    where = of_certificate or " WHERE certificate_id IS NOT NULL"
    for row in rows(f"SELECT {_PAGE_COLUMNS} FROM page{where} ORDER BY slot, position, id"):
        found = _page(row)
        if found.certificate_id is not None:
            pages[found.certificate_id].append(found)
    absences: dict[int, list[Absence]] = defaultdict(list)
    for certificate_id, slot, reason in rows(
        f"SELECT certificate_id, slot, reason FROM absence{of_certificate}"
    ):
        absences[certificate_id].append(Absence(slot, reason))
    refusals: dict[tuple[int, int | None], list[Refusal]] = defaultdict(list)
    for teacher_id, certificate_id, *rest in rows(
        f"SELECT teacher_id, certificate_id, field, original, reason FROM refusal{of_teacher}"
    ):
        refusals[teacher_id, certificate_id].append(Refusal(*rest))
    confirmations: dict[int, list[Confirmation]] = defaultdict(list)
    for teacher_id, *rest in rows(
        f"SELECT teacher_id, code, field, value, reason, certificate_id, in_note FROM confirmation{of_teacher}"
    ):
        rest[-1] = bool(rest[-1])
        confirmations[teacher_id].append(Confirmation(*rest))
    # The columns of these two are the records' first fields, in order; what hangs on them follows.
    certificates: dict[int, list[Certificate]] = defaultdict(list)
    for row in rows(
        "SELECT id, teacher_id, kind, subject, number, authority, issued, choice, choice_reason"
        f" FROM certificate{of_teacher} ORDER BY teacher_id, position, id"
    ):
        key, owner = row[:2]
        parts = absences.get(key, ()), refusals.get((owner, key), ()), pages.get(key, ())
        certificates[owner].append(Certificate(*row, *map(tuple, parts)))
    found_teachers = []
    for row in rows(
        "SELECT id, serial, name, sex, id_number, note, choice, choice_reason, sheet_serial, signed_on,"
        f" signed_row FROM teacher{of_self} ORDER BY position, id"
    ):
        key = row[0]
        lists = certificates.get(key, ()), refusals.get((key, None), ()), confirmations.get(key, ())
        found_teachers.append(Teacher(*row, *map(tuple, lists)))
    return tuple(found_teachers)


def _page(row: tuple[Any, ...]) -> Page:
    values = list(row)
    values[_PLACE] = Place(values[_PLACE])
    values[_RECIPE] = parse_recipe(values[_RECIPE])
    return Page(*values)


def _row(connection: apsw.Connection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    if row is None:
        raise apsw.CorruptError("the collection's own row is missing")
    return tuple(row)
