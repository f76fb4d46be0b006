"""What a clerk can do about a finding with one press: from its code and its teacher, no widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from certclerk.core import identity
from certclerk.core.certificate_number import parse_number
from certclerk.core.notice import Notice
from certclerk.core.progress import MISSING_PAGE
from certclerk.core.records import Certificate, Finding, Page, Teacher
from certclerk.core.rules import CONFIRMABLE, SCOPE_QUESTIONS
from certclerk.gui import texts


class Remedy(StrEnum):
    FILES = "files"
    ABSENT = "absent"
    SET_KIND = "set-kind"
    SET_SEX = "set-sex"
    SET_ID = "set-id"
    TRASH = "trash"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    HOLD = "hold"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: ``value`` is what a SET remedy sets."""

    remedy: Remedy
    label: str
    value: str = ""

    @property
    def object_name(self) -> str:
        first, *rest = self.remedy.split("-")
        return first + "".join(word.capitalize() for word in rest) + "Button"


_QUESTION = (
    Offer(Remedy.INCLUDE, "纳入"),
    Offer(Remedy.EXCLUDE, "不纳入…"),
    Offer(Remedy.HOLD, "暂缓…"),
)
_CONFIRM = Offer(Remedy.CONFIRM, texts.CONFIRM_FINDING)


def offers(finding: Finding, teacher: Teacher, notice: Notice) -> tuple[Offer, ...]:
    """The buttons of a finding of ``teacher``, the likeliest first."""
    if finding.confirmed:
        asked = finding.code in SCOPE_QUESTIONS
        return (Offer(Remedy.WITHDRAW, "改回待定" if asked else "取消确认"),)
    if finding.code in SCOPE_QUESTIONS:
        return _QUESTION
    find = _FIXES.get(finding.code)
    fixes = find(finding, teacher, notice) if find else ()
    return (*fixes, _CONFIRM) if finding.code in CONFIRMABLE else fixes


def _missing_page(finding: Finding, _teacher: Teacher, notice: Notice) -> tuple[Offer, ...]:
    files = Offer(Remedy.FILES, "从文件…")
    if notice.slot(finding.field).may_be_absent:
        return files, Offer(Remedy.ABSENT, texts.MARK_ABSENT)
    return (files,)


def page_of(finding: Finding, teacher: Teacher) -> Page | None:
    """The page that a finding about pages speaks of; None where pages of one file share its slot."""
    found = [
        page
        for page in teacher.pages()
        if (page.certificate_id, page.slot, page.sha256)
        == (finding.certificate_id, finding.field, finding.value)
    ]
    return found[0] if len(found) == 1 else None


def _bad_page(finding: Finding, teacher: Teacher, _notice: Notice) -> tuple[Offer, ...]:
    return (Offer(Remedy.TRASH, "移到回收站"),) if page_of(finding, teacher) else ()


def _id_of_today(_finding: Finding, teacher: Teacher, _notice: Notice) -> tuple[Offer, ...]:
    number = identity.as_resident(teacher.id_number)
    return (Offer(Remedy.SET_ID, f"改为{number}", number),) if number else ()


def _kind_by_number(finding: Finding, teacher: Teacher, notice: Notice) -> tuple[Offer, ...]:
    """The kind that the number says, where the notice collects it."""
    number = parse_number(_certificate(finding, teacher).number)
    return tuple(
        Offer(Remedy.SET_KIND, f"改为{kind.name}", kind.name)
        for kind in notice.collected_kinds
        if number is not None and kind.digit == number.kind
    )


def _sex_by_id(_finding: Finding, teacher: Teacher, _notice: Notice) -> tuple[Offer, ...]:
    return _set_sex(identity.sex(teacher.id_number), teacher)


def _sex_by_number(finding: Finding, teacher: Teacher, _notice: Notice) -> tuple[Offer, ...]:
    """Only where the identity number does not say the opposite."""
    number = parse_number(_certificate(finding, teacher).number)
    sex = number.sex if number else ""
    return _set_sex(sex, teacher) if identity.sex(teacher.id_number) in ("", sex) else ()


def _set_sex(sex: str, teacher: Teacher) -> tuple[Offer, ...]:
    if not sex or sex == teacher.sex:
        return ()
    return (Offer(Remedy.SET_SEX, f"改为{sex}" if teacher.sex else f"填{sex}", sex),)


def _certificate(finding: Finding, teacher: Teacher) -> Certificate:
    return next(held for held in teacher.certificates if held.id == finding.certificate_id)


_FIXES: dict[str, Callable[[Finding, Teacher, Notice], tuple[Offer, ...]]] = {
    MISSING_PAGE: _missing_page,
    "number_kind": _kind_by_number,
    "kind_missing": _kind_by_number,
    "kind_unknown": _kind_by_number,
    "id_legacy": _id_of_today,
    "sex_missing": _sex_by_id,
    "sex_against_id": _sex_by_id,
    "sex_against_number": _sex_by_number,
    "page_damaged": _bad_page,
    "page_twice": _bad_page,
    "page_rescanned": _bad_page,
    "page_blank": _bad_page,
}
