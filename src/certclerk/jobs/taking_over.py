"""A teacher of one copy made like the same one of another, within a change: nobody else's pages are touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date

from certclerk.collection import Change
from certclerk.core.custody import NEVER
from certclerk.core.fields import CERTIFICATE_FIELDS, PERSON_FIELDS
from certclerk.core.records import (
    Certificate,
    Confirmation,
    Finding,
    Original,
    Page,
    ProposedCertificate,
    ProposedPage,
    ProposedTeacher,
    Severity,
    Teacher,
)
from certclerk.core.two_copies import Side, pair_certificates

NOT_THERE = "另一份没有这一页"
FROM_TRAY = "取自另一份的待归位"


class Taking:
    """Within one change. ``added`` counts the pages that were not here."""

    def __init__(self, change: Change, there: Side, tray: Iterable[Page]) -> None:
        self._change, self._there = change, there
        self._tray: dict[Original, Page] = {page.original: page for page in tray}
        self.added = 0

    def teacher(self, mine: Teacher | None, theirs: Teacher) -> int:
        """Makes ``mine`` like ``theirs``, or adds ``theirs``; returns the id."""
        change = self._change
        values = {name: getattr(theirs, name) for name in PERSON_FIELDS}
        if mine is None:
            (teacher_id,) = change.add_teachers([ProposedTeacher(serial=theirs.serial)])
        else:
            teacher_id = mine.id
        change.update_teacher(teacher_id, **values, choice=theirs.choice, choice_reason=theirs.choice_reason)
        change.set_refusals(teacher_id, None, theirs.refusals)
        certificates = self._certificates(teacher_id, mine, theirs)
        self._pages(mine, theirs, certificates)
        for certificate in mine.certificates if mine else ():
            if certificate.id not in certificates.values():
                change.remove_certificate(certificate.id)
        # A signature is for a row with its certificates in their order.
        change.order_certificates([certificates[certificate.id] for certificate in theirs.certificates])
        for certificate in theirs.certificates:
            self._rest(mine, certificate, certificates[certificate.id])
        self._confirmations(teacher_id, mine, theirs, certificates)
        if theirs.signed_on:
            change.sign(teacher_id, date.fromisoformat(theirs.signed_on), theirs.signed_row)
        else:
            change.withdraw_signature(teacher_id)
        return teacher_id

    def loose_page(self, page: Page) -> None:
        """Into the tray."""
        page_id = self._change.add_page(proposed_of(page), reason=page.reason or FROM_TRAY)
        self._turn(page_id, 0, page.rotation)
        self.added += 1

    def _certificates(self, teacher_id: int, mine: Teacher | None, theirs: Teacher) -> dict[int, int]:
        """The other's certificate ids to those here; what is new here is added."""
        found: dict[int, int] = {}
        for certificate, other in pair_certificates(mine.certificates if mine else (), theirs.certificates):
            found[other.id] = (
                self._change.add_certificate(teacher_id, ProposedCertificate())
                if certificate is None
                else certificate.id
            )
            values = {name: getattr(other, name) for name in CERTIFICATE_FIELDS}
            self._change.update_certificate(
                found[other.id], **values, choice=other.choice, choice_reason=other.choice_reason
            )
            self._change.set_refusals(teacher_id, found[other.id], other.refusals)
        return found

    def _pages(self, mine: Teacher | None, theirs: Teacher, certificates: Mapping[int, int]) -> None:
        """The same pages in the same places. What lies at its place already stays; else the teacher's own page of that
        picture is moved there, or one from the tray, or a new one made. What is left over goes to the trash.
        """
        own = list(mine.pages()) if mine else []
        wanted = [
            (certificates[certificate.id], page)
            for certificate in theirs.certificates
            for page in certificate.pages
        ]
        used: dict[int, Page] = {}
        for place, (certificate_id, page) in enumerate(wanted):
            at_its_place = (page.original, certificate_id, page.slot)
            same = next(
                (one for one in own if (one.original, one.certificate_id, one.slot) == at_its_place), None
            )
            if same is not None:
                used[place] = same
                own.remove(same)
        filled: Counter[tuple[int, str]] = Counter()
        for place, (certificate_id, page) in enumerate(wanted):
            assert page.slot is not None
            found = used.get(place) or next((one for one in own if one.original == page.original), None)
            if found in own:
                own.remove(found)
            found = found or self._tray.pop(page.original, None)
            self._place(found, page, certificate_id, page.slot, filled[certificate_id, page.slot])
            filled[certificate_id, page.slot] += 1
        for page in own:
            self._change.trash_page(page.id, NOT_THERE)

    def _place(self, found: Page | None, page: Page, certificate_id: int, slot: str, position: int) -> None:
        if found is None:
            self.added += 1
            page_id = self._change.add_page(proposed_of(page))
        else:
            page_id = found.id
            if found.recipe != page.recipe:
                self._change.set_recipe(page_id, page.recipe)
        self._turn(page_id, found.rotation if found else 0, page.rotation)
        self._change.place_page(page_id, certificate_id, slot, position)

    def _turn(self, page_id: int, now: int, wanted: int) -> None:
        if now != wanted:
            self._change.rotate_page(page_id, (wanted - now) % 360)

    def _rest(self, mine: Teacher | None, theirs: Certificate, certificate_id: int) -> None:
        """What is said of a certificate besides its fields, once its pages lie there."""
        change, there = self._change, self._there
        said = {absence.slot for absence in theirs.absences}
        former = next((one for one in (mine.certificates if mine else ()) if one.id == certificate_id), None)
        for absence in former.absences if former else ():
            if absence.slot not in said:
                change.clear_absent(certificate_id, absence.slot)
        for absence in theirs.absences:
            change.set_absent(certificate_id, absence.slot, absence.reason)
        change.set_custody(certificate_id, there.custody.get(theirs.id, NEVER))
        change.set_keying(certificate_id, there.keyings.get(theirs.id))

    def _confirmations(
        self, teacher_id: int, mine: Teacher | None, theirs: Teacher, certificates: Mapping[int, int]
    ) -> None:
        for confirmed in mine.confirmations if mine else ():
            self._change.withdraw_confirmation(_finding(teacher_id, confirmed, confirmed.certificate_id))
        for confirmed in theirs.confirmations:
            at = confirmed.certificate_id
            if at is None or at in certificates:
                finding = _finding(teacher_id, confirmed, None if at is None else certificates[at])
                self._change.confirm(finding, confirmed.reason, in_note=confirmed.in_note)


def _finding(teacher_id: int, confirmed: Confirmation, certificate_id: int | None) -> Finding:
    return Finding(
        code=confirmed.code,
        severity=Severity.WARNING,
        message="",
        teacher_id=teacher_id,
        certificate_id=certificate_id,
        field=confirmed.field,
        value=confirmed.value,
    )


_PAGE_FIELDS = tuple(each.name for each in fields(ProposedPage))


def proposed_of(page: Page) -> ProposedPage:
    """The same picture with the same measures and recipe, as a page to add."""
    return ProposedPage(**{name: getattr(page, name) for name in _PAGE_FIELDS})
