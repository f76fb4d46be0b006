"""The record of a submission as the JSON that a collection keeps; that of the first version is still read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from certclerk.core.records import Filing
from certclerk.core.scope import Scope
from certclerk.core.submission import LeftOut, Supplement, Undecided, Withdrawn
from certclerk.core.submission_record import (
    Content,
    Delivery,
    SubmissionRecord,
    SubmittedCertificate,
    SubmittedFile,
    SubmittedPage,
    SubmittedTeacher,
    Terms,
)

VERSION = 2

Json = dict[str, Any]


def as_json(record: SubmissionRecord) -> str:
    """A large submission has some ten thousand pages: each is a short list."""
    terms = asdict(record.terms)
    values = {
        "version": VERSION,
        "moment": record.moment,
        "day": record.day.isoformat(),
        "folder": record.folder,
        "teachers": record.teachers,
        "mails": record.mails,
        "terms": terms | {"held": {str(key): reason for key, reason in record.terms.held.items()}},
        "files": [asdict(file) for file in record.files],
        "left_out": [asdict(left) for left in record.left_out],
        "undecided": [asdict(each) for each in record.undecided],
        "supplement": _plain_supplement(record.supplement) if record.supplement else None,
        "content": _plain_content(record.content) if record.content else None,
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> SubmissionRecord:
    """Raises KeyError, TypeError or ValueError where it is no record."""
    values = json.loads(text)
    if "version" not in values:
        return _first_version(values)
    left_out = _left_out(values["left_out"])
    return SubmissionRecord(
        moment=values["moment"],
        day=date.fromisoformat(values["day"]),
        folder=values["folder"],
        teachers=values["teachers"],
        mails=values["mails"],
        terms=_terms(values["terms"]),
        files=tuple(SubmittedFile(**file) for file in values["files"]),
        left_out=left_out,
        undecided=tuple(Undecided(**each) for each in values["undecided"]),
        supplement=_supplement(values["supplement"]) if values["supplement"] else None,
        content=_content(values["content"], left_out) if values["content"] else None,
    )


def _terms(values: Json) -> Terms:
    """Before net drives and USB sticks were told apart, only that nothing was mailed was kept."""
    unsaid = Delivery.MAIL if values["limit_mb"] is not None else Delivery.NET_DRIVE
    read = {
        "held": {int(key): reason for key, reason in values["held"].items()},
        "delivery": Delivery(values.get("delivery", unsaid)),
    }
    return Terms(**values | read)


def _first_version(values: Json) -> SubmissionRecord:
    """Ids of the teachers, names and sizes of the files, and a folder's name without its place."""
    return SubmissionRecord(
        moment=values["moment"],
        day=date.fromisoformat(values["day"]),
        folder=values["folder"],
        teachers=len(values["teachers"]),
        mails=sum(name.endswith(".eml") for name in values["files"]),
        terms=Terms(values["size"], None, False, False, {}),
        files=tuple(SubmittedFile(name, size, "") for name, size in values["files"].items()),
        left_out=tuple(
            LeftOut(left["teacher"], 0, "", Scope(left["scope"]), left["reason"])
            for left in values["left_out"]
        ),
    )


def _left_out(rows: Iterable[Json]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(**row | {"scope": Scope(row["scope"])}) for row in rows)


def _plain_supplement(supplement: Supplement) -> Json:
    return {
        "of": supplement.of,
        "number": supplement.number,
        "teachers": sorted(supplement.teacher_ids),
        "withdrawn": [asdict(each) for each in supplement.withdrawn],
        "moved": sorted(supplement.moved.items()),
    }


def _supplement(values: Json) -> Supplement:
    withdrawn = tuple(Withdrawn(**each) for each in values["withdrawn"])
    moved = dict(values["moved"])
    return Supplement(values["of"], values["number"], frozenset(values["teachers"]), withdrawn, moved)


def _plain_content(content: Content) -> Json:
    filled_on = content.filing.filled_on
    return {
        "notice": content.notice,
        "filing": asdict(content.filing) | {"filled_on": filled_on.isoformat() if filled_on else None},
        "columns": content.columns,
        "teachers": [
            {
                "id": teacher.teacher_id,
                "name": teacher.name,
                "serial": teacher.serial,
                "file": teacher.file_name,
                "sha256": teacher.sha256,
                "certificates": [
                    {
                        "id": certificate.id,
                        "kind": certificate.kind,
                        "values": certificate.values,
                        "pages": [
                            [page.sha256, page.frame, page.rotation, page.recipe, page.slot]
                            for page in certificate.pages
                        ],
                    }
                    for certificate in teacher.certificates
                ],
            }
            for teacher in content.teachers
        ],
    }


def _content(values: Json, left_out: tuple[LeftOut, ...]) -> Content:
    filing = values["filing"]
    filled_on = date.fromisoformat(filing["filled_on"]) if filing["filled_on"] else None
    return Content(
        notice=values["notice"],
        filing=Filing(**filing | {"filled_on": filled_on}),
        columns=tuple(values["columns"]),
        teachers=tuple(_teacher(teacher) for teacher in values["teachers"]),
        left_out=left_out,
    )


def _teacher(values: Mapping[str, Any]) -> SubmittedTeacher:
    certificates = tuple(
        SubmittedCertificate(
            certificate["id"],
            certificate["kind"],
            tuple(certificate["values"]),
            tuple(SubmittedPage(*page) for page in certificate["pages"]),
        )
        for certificate in values["certificates"]
    )
    return SubmittedTeacher(
        values["id"], values["name"], certificates, values["serial"], values["file"], values["sha256"]
    )
