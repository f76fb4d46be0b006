"""The one door for changes: every act on a collection's records is a method of :class:`Change`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import apsw

from certclerk.collection import counter, submissions
from certclerk.collection.history import Recording, now
from certclerk.collection.watched import write_watched
from certclerk.core import fields
from certclerk.core.custody import Custody
from certclerk.core.keying import Keying
from certclerk.core.names import single_spaced
from certclerk.core.normalise import normalised
from certclerk.core.notice import Appointment, Notice
from certclerk.core.recipe import Recipe
from certclerk.core.records import (
    Filing,
    Finding,
    Place,
    ProposedCertificate,
    ProposedPage,
    ProposedTeacher,
    Refusal,
)
from certclerk.core.submission_record import Step, Tick
from certclerk.core.watched import WatchedFile

_TEACHER_COLUMNS = fields.PERSON_FIELDS
_CERTIFICATE_COLUMNS = fields.CERTIFICATE_FIELDS
_CHOICE_COLUMNS = ("choice", "choice_reason")
# A page in the tray remembers the slot that it was taken out of last; one in the trash where it lay, to be put back
# there: nothing where that was the tray.
# An id that no page remembers: one that lay at a certificate which is gone is never put back to another's.
_UNUSED_CERTIFICATE = (
    "1 + max(coalesce((SELECT max(id) FROM certificate), 0), coalesce((SELECT max(from_certificate) FROM page"
    " WHERE place IN ('tray', 'trash')), 0))"
)
_OUT_OF_ITS_SLOT = "certificate_id = NULL, slot = NULL, position = 0"
_LEFT = {
    Place.TRAY: "from_certificate = coalesce(certificate_id, from_certificate), from_slot = coalesce(slot, from_slot),"
    " from_position = CASE WHEN slot IS NULL THEN from_position ELSE position END",
    Place.TRASH: "from_certificate = certificate_id, from_slot = slot, from_position = position",
}


def filing_row(filing: Filing, notice: Notice) -> tuple[str, str, str, str | None]:
    """unit, clerk, phone, filled_on as the table keeps them: the unit by its official name, nothing padded."""
    return (
        notice.official_name(filing.unit),
        single_spaced(filing.clerk),
        single_spaced(filing.phone),
        filing.filled_on.isoformat() if filing.filled_on else None,
    )


class Change:
    """A transaction in progress, given by ``collection.change(label)``; it ends with its ``with`` block.

    Field values are normalised on the way in; typing a field again clears its refusal.
    """

    def __init__(self, connection: apsw.Connection, notice: Notice, recording: Recording) -> None:
        self._connection = connection
        self.notice = notice
        self._recording = recording

    def set_filing(self, filing: Filing) -> None:
        self._connection.execute(
            "UPDATE filing SET unit = ?, clerk = ?, phone = ?, filled_on = ?",
            filing_row(filing, self.notice),
        )

    def add_teachers(self, proposed: Iterable[ProposedTeacher]) -> tuple[int, ...]:
        """Appends to the roster; serials are kept where the batch has them all and none is taken."""
        batch = tuple(proposed)
        if not batch:
            return ()
        position, highest = self._one(
            "SELECT coalesce(max(position), 0), coalesce(max(serial), 0) FROM teacher"
        )
        serials = self._free_serials([teacher.serial for teacher in batch], highest)
        return tuple(
            self._add_teacher(teacher, position + offset, serial)
            for offset, (teacher, serial) in enumerate(zip(batch, serials, strict=True), 1)
        )

    def update_teacher(self, teacher_id: int, **values: str) -> None:
        """Sets fields of a teacher by name, or ``choice`` with ``choice_reason``."""
        self._update("teacher", teacher_id, _TEACHER_COLUMNS, values)
        self._connection.executemany(
            "DELETE FROM refusal WHERE teacher_id = ? AND certificate_id IS NULL AND field = ?",
            [(teacher_id, field) for field in values],
        )
        self._recording.teachers.add(teacher_id)

    def remove_teachers(self, teacher_ids: Iterable[int]) -> None:
        """Their certificates go with them; their pages go to the trash."""
        for teacher_id in tuple(teacher_ids):
            self._trash_pages(
                "certificate_id IN (SELECT id FROM certificate WHERE teacher_id = ?)", teacher_id
            )
            self._connection.execute("DELETE FROM teacher WHERE id = ?", (teacher_id,))
            self._recording.teachers.add(teacher_id)
        self._recording.rows = True

    def reorder(self, teacher_ids: Sequence[int]) -> None:
        """Puts these teachers in this order into the places that they hold now."""
        places = sorted(self._one("SELECT position FROM teacher WHERE id = ?", id_)[0] for id_ in teacher_ids)
        self._connection.executemany(
            "UPDATE teacher SET position = ? WHERE id = ?", list(zip(places, teacher_ids, strict=True))
        )
        self._recording.rows = True

    def add_certificate(self, teacher_id: int, proposed: ProposedCertificate) -> int:
        position = self._one(
            "SELECT coalesce(max(position), 0) FROM certificate WHERE teacher_id = ?", teacher_id
        )[0]
        values = [normalised(field, getattr(proposed, field), self.notice) for field in _CERTIFICATE_COLUMNS]
        certificate_id = self._insert(
            "INSERT INTO certificate (id, teacher_id, position, kind, subject, number, authority, issued)"
            f" VALUES ({_UNUSED_CERTIFICATE}, ?, ?, ?, ?, ?, ?, ?)",
            (teacher_id, position + 1, *values),
        )
        self._add_refusals(proposed.refusals, teacher_id, certificate_id)
        self._recording.teachers.add(teacher_id)
        return certificate_id

    def update_certificate(self, certificate_id: int, **values: str) -> None:
        """Sets fields of a certificate by name, or ``choice`` with ``choice_reason``."""
        self._update("certificate", certificate_id, _CERTIFICATE_COLUMNS, values)
        self._connection.executemany(
            "DELETE FROM refusal WHERE certificate_id = ? AND field = ?",
            [(certificate_id, field) for field in values],
        )
        self._touch_owner(certificate_id)

    def order_certificates(self, certificate_ids: Sequence[int]) -> None:
        """All of one teacher's, in the order that they are to have."""
        self._connection.executemany(
            "UPDATE certificate SET position = ? WHERE id = ?", enumerate(certificate_ids, 1)
        )
        for certificate_id in certificate_ids[:1]:
            self._touch_owner(certificate_id)

    def remove_certificate(self, certificate_id: int) -> None:
        """Its pages go to the trash."""
        self._touch_owner(certificate_id)
        self._trash_pages("certificate_id = ?", certificate_id)
        self._connection.execute("DELETE FROM certificate WHERE id = ?", (certificate_id,))

    def set_refusals(self, teacher_id: int, certificate_id: int | None, refusals: Iterable[Refusal]) -> None:
        """What was refused on the way in, of a teacher's own fields or of a certificate's, in place of what was there."""
        self._connection.execute(
            "DELETE FROM refusal WHERE teacher_id = ? AND certificate_id IS ?", (teacher_id, certificate_id)
        )
        self._add_refusals(refusals, teacher_id, certificate_id)
        self._recording.teachers.add(teacher_id)

    def set_absent(self, certificate_id: int, slot: str, reason: str) -> None:
        """The certificate has no such page (无此页), for this reason."""
        self._connection.execute(
            "INSERT INTO absence (certificate_id, slot, reason) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET reason = excluded.reason",
            (certificate_id, slot, reason),
        )
        self._touch_owner(certificate_id)

    def clear_absent(self, certificate_id: int, slot: str) -> None:
        self._connection.execute(
            "DELETE FROM absence WHERE certificate_id = ? AND slot = ?", (certificate_id, slot)
        )
        self._touch_owner(certificate_id)

    def add_page(
        self,
        proposed: ProposedPage,
        *,
        certificate_id: int | None = None,
        slot: str | None = None,
        reason: str = "",
    ) -> int:
        """A new page, whose blob is stored, at the end of a slot, or in the tray with a ``reason``."""
        page_id = self._insert(
            "INSERT INTO page (sha256, frame, media_type, width, height, dpi, source, contrast, sharpness,"
            " lightest, darkest, cut, likeness, recipe, added_at, place, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'tray', ?)",
            (
                proposed.sha256,
                proposed.frame,
                proposed.media_type,
                proposed.width,
                proposed.height,
                proposed.dpi,
                proposed.source,
                proposed.contrast,
                proposed.sharpness,
                proposed.lightest,
                proposed.darkest,
                proposed.cut,
                proposed.likeness,
                proposed.recipe.as_text(),
                now(),
                reason,
            ),
        )
        if certificate_id is not None and slot is not None:
            self.place_page(page_id, certificate_id, slot)
        return page_id

    def place_page(self, page_id: int, certificate_id: int, slot: str, position: int | None = None) -> None:
        """Moves a page to a slot, before its page number ``position`` (from 0; None: the end)."""
        self._touch_page_owner(page_id)
        others = [
            row[0]
            for row in self._connection.execute(
                "SELECT id FROM page WHERE certificate_id = ? AND slot = ? AND id <> ? ORDER BY position, id",
                (certificate_id, slot, page_id),
            )
        ]
        others.insert(len(others) if position is None else position, page_id)
        self._connection.execute(
            "UPDATE page SET place = 'slot', certificate_id = ?, slot = ?, reason = '' WHERE id = ?",
            (certificate_id, slot, page_id),
        )
        self._connection.executemany(
            "UPDATE page SET position = ?1 WHERE id = ?2 AND position <> ?1", list(enumerate(others))
        )
        self._connection.execute(
            "DELETE FROM absence WHERE certificate_id = ? AND slot = ?", (certificate_id, slot)
        )
        self._touch_owner(certificate_id)

    def send_to_tray(self, page_id: int, reason: str) -> None:
        self._take_out(page_id, Place.TRAY, reason)

    def trash_page(self, page_id: int, reason: str = "") -> None:
        self._take_out(page_id, Place.TRASH, reason)

    def rotate_page(self, page_id: int, degrees: int) -> None:
        """Turns a page clockwise by 90, 180 or 270 degrees from how it is shown now."""
        self._connection.execute(
            "UPDATE page SET rotation = (rotation + ?) % 360 WHERE id = ?", (degrees % 360, page_id)
        )
        self._touch_page_owner(page_id)

    def set_recipe(self, page_id: int, recipe: Recipe) -> None:
        self._connection.execute("UPDATE page SET recipe = ? WHERE id = ?", (recipe.as_text(), page_id))
        self._touch_page_owner(page_id)

    def confirm(self, finding: Finding, reason: str, *, in_note: bool = False) -> None:
        """Keeps the clerk's reason why a teacher's finding stands, for as long as its value does."""
        assert finding.teacher_id is not None
        self.withdraw_confirmation(finding)
        self._connection.execute(
            "INSERT INTO confirmation (teacher_id, certificate_id, code, field, value, reason, in_note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                finding.teacher_id,
                finding.certificate_id,
                finding.code,
                finding.field,
                finding.value,
                reason,
                in_note,
            ),
        )

    def withdraw_confirmation(self, finding: Finding) -> None:
        assert finding.teacher_id is not None
        self._connection.execute(
            "DELETE FROM confirmation WHERE teacher_id = ? AND certificate_id IS ? AND code = ? AND field = ?",
            (finding.teacher_id, finding.certificate_id, finding.code, finding.field),
        )
        self._recording.teachers.add(finding.teacher_id)

    def sign(self, teacher_id: int, day: date, row: str) -> None:
        """The teacher signed on ``day`` for the row of this digest (see core.signature)."""
        self._set_signature(teacher_id, day.isoformat(), row)

    def withdraw_signature(self, teacher_id: int) -> None:
        self._set_signature(teacher_id, "", "")

    def _set_signature(self, teacher_id: int, day: str, row: str) -> None:
        self._connection.execute(
            "UPDATE teacher SET signed_on = ?, signed_row = ? WHERE id = ?", (day, row, teacher_id)
        )
        self._recording.teachers.add(teacher_id)

    def set_custody(self, certificate_id: int, custody: Custody) -> None:
        counter.write_custody(self._connection, certificate_id, custody)
        self._touch_owner(certificate_id)

    def set_keying(self, certificate_id: int, keying: Keying | None) -> None:
        """None: not keyed in after all."""
        counter.write_keying(self._connection, certificate_id, keying)
        self._touch_owner(certificate_id)

    def set_appointment(self, appointment: Appointment | None) -> None:
        """Days at the counter in place of the notice's; None: the notice's again."""
        counter.write_appointment(self._connection, appointment)

    def record_submission(self, record: str, made_at: str = "") -> None:
        """Keeps what a submission was, as JSON; not undone. It was made now, unless ``made_at`` says when."""
        submissions.record(self._connection, record, made_at)

    def amend_submission(self, submission_id: int, record: str) -> None:
        """Keeps what became of a submission's files since; not undone."""
        submissions.amend(self._connection, submission_id, record)

    def tick_submission(self, submission_id: int, tick: Tick) -> None:
        submissions.tick(self._connection, submission_id, tick)

    def untick_submission(self, submission_id: int, step: Step) -> None:
        submissions.untick(self._connection, submission_id, step)

    def remember_watched(self, files: Iterable[WatchedFile]) -> None:
        """Keeps that these files are done with, together with the pages they gave; not undone."""
        write_watched(self._connection, files)

    def _free_serials(self, wanted: Sequence[int | None], highest: int) -> list[int]:
        given = [serial for serial in wanted if serial is not None]
        taken = {row[0] for row in self._connection.execute("SELECT serial FROM teacher")}
        if len(given) == len(wanted) == len(set(given)) and taken.isdisjoint(given):
            return given
        return [highest + offset for offset in range(1, len(wanted) + 1)]

    def _add_teacher(self, proposed: ProposedTeacher, position: int, serial: int) -> int:
        values = [normalised(field, getattr(proposed, field), self.notice) for field in _TEACHER_COLUMNS]
        teacher_id = self._insert(
            "INSERT INTO teacher (position, serial, sheet_serial, name, sex, id_number, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (position, serial, proposed.serial, *values),
        )
        self._add_refusals(proposed.refusals, teacher_id, None)
        for certificate in proposed.certificates:
            self.add_certificate(teacher_id, certificate)
        self._recording.teachers.add(teacher_id)
        self._recording.rows = True
        return teacher_id

    def _add_refusals(self, refusals: Iterable[Refusal], teacher_id: int, certificate_id: int | None) -> None:
        self._connection.executemany(
            "INSERT INTO refusal (teacher_id, certificate_id, field, original, reason) VALUES (?, ?, ?, ?, ?)",
            [
                (teacher_id, certificate_id, refused.field, refused.original, refused.reason)
                for refused in refusals
            ],
        )

    def _update(self, table: str, row_id: int, columns: Sequence[str], values: dict[str, str]) -> None:
        for column, value in values.items():
            if column in _CHOICE_COLUMNS:
                kept = value
            elif column in columns:
                kept = normalised(column, value, self.notice)
            else:
                raise KeyError(column)
            self._connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (kept, row_id))

    def _take_out(self, page_id: int, place: Place, reason: str) -> None:
        self._touch_page_owner(page_id)
        self._connection.execute(
            f"UPDATE page SET place = ?, reason = ?, trashed_at = ?, {_LEFT[place]}, {_OUT_OF_ITS_SLOT} WHERE id = ?",
            (place, reason, now(exact=True) if place is Place.TRASH else None, page_id),
        )

    def _trash_pages(self, where: str, owner_id: int) -> None:
        self._connection.execute(
            f"UPDATE page SET place = 'trash', trashed_at = ?, {_LEFT[Place.TRASH]}, {_OUT_OF_ITS_SLOT}"
            f" WHERE {where}",
            (now(exact=True), owner_id),
        )

    def _touch_owner(self, certificate_id: int) -> None:
        self._recording.teachers.add(
            self._one("SELECT teacher_id FROM certificate WHERE id = ?", certificate_id)[0]
        )

    def _touch_page_owner(self, page_id: int) -> None:
        """The tray and the trash belong to nobody: a page from there touches only where it goes."""
        (certificate_id,) = self._one("SELECT certificate_id FROM page WHERE id = ?", page_id)
        if certificate_id is not None:
            self._touch_owner(certificate_id)

    def _insert(self, statement: str, values: tuple[object, ...]) -> int:
        self._connection.execute(statement, values)
        return self._connection.last_insert_rowid()

    def _one(self, query: str, *values: object) -> tuple[int, ...]:
        row = self._connection.execute(query, values).fetchone()
        if row is None:
            raise KeyError(values)
        return tuple(row)
