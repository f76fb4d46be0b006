"""A teacher in the making: rows join into one, nothing that they say is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from certclerk.core.fields import CERTIFICATE_FIELDS
from certclerk.core.records import ProposedCertificate, ProposedTeacher, Refusal
from certclerk.roster.values import EMPTY, Problem, Value


@dataclass(slots=True)
class Draft:
    """``row`` and the rows of ``certificates`` count as the spreadsheet program does."""

    row: int
    serial: str
    name: Value
    id_number: Value
    sex: Value = EMPTY
    notes: list[Value] = field(default_factory=list)
    certificates: list[tuple[ProposedCertificate, int]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str] | None:
        """What another row must share to be the same person: identity number and name, both known."""
        known = self.id_number.understood and self.name.understood
        return (self.id_number.understood, self.name.understood) if known else None

    def take_sex(self, value: Value) -> Value:
        """The value as the preview shows it: the first one known stays, another is a conflict."""
        if not self.sex.understood and not value.blank:
            if value.understood or self.sex.blank:
                self.sex = value
            return value
        if value.understood and value.understood != self.sex.understood:
            reason = f"与同一教师第{self.row}行的“{self.sex.understood}”不一致，保留第{self.row}行的；请核对"
            return replace(value, problem=Problem.CONFLICT, reason=reason)
        return value

    def take_note(self, value: Value) -> bool:
        """Whether it says something new."""
        if value.blank or value.understood in (note.understood for note in self.notes):
            return False
        self.notes.append(value)
        return True

    def row_of(self, certificate: ProposedCertificate) -> int | None:
        """Where the very same certificate stands already. One with a refused cell equals none: what it
        said is not known."""
        if certificate.refusals:
            return None
        return next((row for known, row in self.certificates if known == certificate), None)

    def finished(self, serial: int | None) -> ProposedTeacher:
        notes = [note.understood for note in self.notes if note.understood]
        fields = {"name": self.name, "sex": self.sex, "id_number": self.id_number}
        refused_note = next((note for note in self.notes if note.refused), EMPTY)
        refusals = (value.refusal(name) for name, value in {**fields, "note": refused_note}.items())
        return ProposedTeacher(
            name=self.name.understood,
            sex=self.sex.understood,
            id_number=self.id_number.understood,
            note="；".join(notes),
            serial=serial,
            certificates=tuple(certificate for certificate, _ in self.certificates),
            refusals=tuple(refusal for refusal in refusals if refusal is not None),
        )


def certificate_of(values: Mapping[str, Value]) -> ProposedCertificate:
    read = {name: values.get(name, EMPTY) for name in CERTIFICATE_FIELDS}
    refusals: list[Refusal] = []
    for name, value in read.items():
        refusal = value.refusal(name)
        if refusal is not None:
            refusals.append(refusal)
    return ProposedCertificate(
        **{name: value.understood for name, value in read.items()}, refusals=tuple(refusals)
    )
