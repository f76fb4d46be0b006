"""Booklets on the desk, ticks of the key-in, and the days at the counter that the clerk was told."""

from __future__ import annotations

from datetime import date

import apsw

from certclerk.collection.trust import understood
from certclerk.core.custody import NEVER, Custody
from certclerk.core.keying import Keying
from certclerk.core.notice import Appointment


@understood()
def read_custody(connection: apsw.Connection) -> dict[int, Custody]:
    """By certificate id."""
    rows = connection.execute("SELECT certificate_id, received_on, returned_on FROM custody")
    return {row[0]: Custody(*row[1:]) for row in rows}


def write_custody(connection: apsw.Connection, certificate_id: int, custody: Custody) -> None:
    if custody == NEVER:
        connection.execute("DELETE FROM custody WHERE certificate_id = ?", (certificate_id,))
        return
    connection.execute(
        "INSERT INTO custody (certificate_id, received_on, returned_on) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET received_on = excluded.received_on, returned_on = excluded.returned_on",
        (certificate_id, custody.received_on, custody.returned_on),
    )


@understood()
def read_keyings(connection: apsw.Connection) -> dict[int, Keying]:
    """By certificate id."""
    rows = connection.execute("SELECT certificate_id, state, reason, at, row FROM keying")
    return {row[0]: Keying(*row[1:]) for row in rows}


def write_keying(connection: apsw.Connection, certificate_id: int, keying: Keying | None) -> None:
    connection.execute("DELETE FROM keying WHERE certificate_id = ?", (certificate_id,))
    if keying is not None:
        connection.execute(
            "INSERT INTO keying (certificate_id, state, reason, at, row) VALUES (?, ?, ?, ?, ?)",
            (certificate_id, keying.state, keying.reason, keying.at, keying.row),
        )


@understood()
def read_appointment(connection: apsw.Connection) -> Appointment | None:
    """The days that the clerk entered in place of the notice's, if any."""
    row = connection.execute("SELECT first_day, last_day, remark FROM appointment").fetchone()
    return Appointment(date.fromisoformat(row[0]), date.fromisoformat(row[1]), "", row[2]) if row else None


def write_appointment(connection: apsw.Connection, appointment: Appointment | None) -> None:
    connection.execute("DELETE FROM appointment")
    if appointment is not None and appointment.start and appointment.end:
        connection.execute(
            "INSERT INTO appointment (id, first_day, last_day, remark) VALUES (1, ?, ?, ?)",
            (appointment.start.isoformat(), appointment.end.isoformat(), appointment.remark),
        )


@understood()
def read_identity(connection: apsw.Connection) -> str:
    row = connection.execute("SELECT collection FROM identity").fetchone()
    return str(row[0]) if row else ""
