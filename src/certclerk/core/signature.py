"""A teacher's own word that a row is right: signed on paper, ticked by the clerk, lapsing with the row."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from certclerk.core.fields import CERTIFICATE_FIELDS, TEACHER_FIELDS
from certclerk.core.records import Teacher


class Signature(StrEnum):
    """``LAPSED``: signed, but the row was changed afterwards."""

    NONE = "未核对"
    HELD = "已核对"
    LAPSED = "核对后有改动"


# Neither is the teacher's to confirm.
_NOT_SIGNED_FOR = ("serial", "note")


def signature(teacher: Teacher) -> Signature:
    if not teacher.signed_on:
        return Signature.NONE
    return Signature.HELD if teacher.signed_row == row_digest(teacher) else Signature.LAPSED


def row_digest(teacher: Teacher) -> str:
    """Another for every other value of the row: SHA-256 in hex of what the sheet shows the teacher."""
    own = [getattr(teacher, field) for field in TEACHER_FIELDS if field not in _NOT_SIGNED_FOR]
    held = [
        getattr(certificate, field) for certificate in teacher.certificates for field in CERTIFICATE_FIELDS
    ]
    return hashlib.sha256("\x1f".join([*own, *held]).encode()).hexdigest()
