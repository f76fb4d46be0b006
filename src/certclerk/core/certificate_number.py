"""The 17 digits of a certificate number (证书号码).

Year of recognition (4), province (2), authority (3), kind (1), sex (1), serial (6); no check digit.
The sex digit is reliable from 2009 on (1 male, 2 female); before, sources disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LENGTH = 17
SEX_DIGIT_SINCE = 2009
SEX_DIGITS = {"1": "男", "2": "女"}

_SHAPE = re.compile(rf"[0-9]{{{LENGTH}}}")


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    year: int
    province: str
    authority: str
    kind: str
    sex_digit: str
    serial: str

    @property
    def sex(self) -> str:
        """男 or 女, empty where the digit says nothing reliable."""
        return SEX_DIGITS.get(self.sex_digit, "") if self.year >= SEX_DIGIT_SINCE else ""


def parse_number(text: str) -> CertificateNumber | None:
    """The parts of a 17-digit number; None for anything else."""
    if not _SHAPE.fullmatch(text):
        return None
    return CertificateNumber(int(text[:4]), text[4:6], text[6:9], text[9], text[10], text[11:])
