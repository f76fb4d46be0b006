"""The bureau's own forms, one for an annex at most. Not part of the history: nobody undoes a form by accident."""

from __future__ import annotations

import apsw

from certclerk.collection.trust import understood
from certclerk.core.form import Form, FormMapping


@understood()
def read_forms(connection: apsw.Connection) -> tuple[Form, ...]:
    rows = connection.execute("SELECT annex, file_name, mapping, data FROM form ORDER BY annex")
    return tuple(
        Form(str(annex), str(file_name), FormMapping.from_json(str(mapping)), bytes(data))
        for annex, file_name, mapping, data in rows
    )


def write_form(connection: apsw.Connection, form: Form) -> None:
    """In place of the one that the annex had."""
    connection.execute(
        "INSERT OR REPLACE INTO form (annex, file_name, mapping, data) VALUES (?, ?, ?, ?)",
        (form.annex, form.file_name, form.mapping.to_json(), form.data),
    )


def delete_form(connection: apsw.Connection, annex: str) -> None:
    connection.execute("DELETE FROM form WHERE annex = ?", (annex,))
