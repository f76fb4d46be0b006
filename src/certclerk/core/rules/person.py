"""Rules about one person: name, sex, identity number; and about two of them at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from certclerk.core import identity
from certclerk.core.fields import title
from certclerk.core.identity import SEXES, Document
from certclerk.core.names import MIDDLE_DOT, is_han, is_latin, is_private, is_rare
from certclerk.core.records import Finding, Refusal, Teacher, is_refused
from certclerk.core.rules.place import Context, TeacherCase, Together, named_others, teacher_case


def refusal_message(refusal: Refusal) -> str:
    """What was refused and why, in the words of whoever refused it."""
    return f"{title(refusal.field)}没有采用（原为 {refusal.original}）：{refusal.reason}"


def cell_refused(case: TeacherCase) -> Iterator[Finding]:
    for refusal in case.teacher.refusals:
        yield case.finding("cell_refused", refusal_message(refusal), refusal.field, refusal.original)


def name_missing(case: TeacherCase) -> Iterator[Finding]:
    if not case.teacher.name and not is_refused(case.teacher, "name"):
        yield case.finding("name_missing", "没有姓名", "name")


def name_malformed(case: TeacherCase) -> Iterator[Finding]:
    name = "" if case.plain_name else case.teacher.name
    strange = [
        char for char in name if not (is_han(char) or char == MIDDLE_DOT or is_latin(char) or char == " ")
    ]
    if name != name.strip(MIDDLE_DOT):
        strange.append(MIDDLE_DOT)
    if strange:
        shown = "、".join(_shown(char) for char in dict.fromkeys(strange))
        yield case.finding("name_malformed", f"姓名“{name}”里有不该有的字符：{shown}", "name", name)


def name_latin(case: TeacherCase) -> Iterator[Finding]:
    name = "" if case.plain_name else case.teacher.name
    if any(is_latin(char) for char in name):
        yield case.finding("name_latin", f"姓名“{name}”里有字母，请核对", "name", name)


def name_rare(case: TeacherCase) -> Iterator[Finding]:
    name = "" if case.plain_name else case.teacher.name
    rare = [char for char in name if is_han(char) and is_rare(char)]
    if rare:
        message = f"姓名里的“{'、'.join(rare)}”是生僻字，旧软件可能显示不出"
        yield case.finding("name_rare", message, "name", name)


def sex_missing(case: TeacherCase) -> Iterator[Finding]:
    sex = case.teacher.sex
    if sex not in SEXES and not is_refused(case.teacher, "sex"):
        yield case.finding("sex_missing", f"性别“{sex}”看不懂" if sex else "没有性别", "sex", sex)


def id_missing(case: TeacherCase) -> Iterator[Finding]:
    if not case.teacher.id_number and not is_refused(case.teacher, "id_number"):
        yield case.finding("id_missing", "没有身份证号码", "id_number")


def id_malformed(case: TeacherCase) -> Iterator[Finding]:
    number = case.teacher.id_number
    if number and case.document is Document.UNKNOWN:
        message = f"身份证号码 {number} 有 {len(number)} 个字符，不像任何一种证件号码"
        yield case.finding("id_malformed", message, "id_number", number)


def id_birth_date(case: TeacherCase) -> Iterator[Finding]:
    number = case.teacher.id_number
    if case.document in (Document.RESIDENT, Document.LEGACY) and identity.birth_date(number) is None:
        yield case.finding("id_birth_date", f"身份证号码 {number} 里的出生日期不存在", "id_number", number)


def id_check_digit(case: TeacherCase) -> Iterator[Finding]:
    number = case.teacher.id_number
    if case.document is Document.RESIDENT and number[17] != identity.check_character(number[:17]):
        message = f"身份证号码 {number} 的校验位不对，可能有一位录错"
        yield case.finding("id_check_digit", message, "id_number", number)


def id_legacy(case: TeacherCase) -> Iterator[Finding]:
    number = case.teacher.id_number
    if case.document is Document.LEGACY:
        yield case.finding("id_legacy", f"{number} 是15位旧身份证号码", "id_number", number)


def sex_against_id(case: TeacherCase) -> Iterator[Finding]:
    sex, number = case.teacher.sex, case.teacher.id_number
    expected = identity.sex(number)
    if expected and sex in SEXES and sex != expected:
        message = f"性别是{sex}，身份证号码第17位表示{expected}"
        yield case.finding("sex_against_id", message, "sex", f"{sex} {number}")


def id_duplicate(number: Hashable, sharing: Sequence[Teacher], _context: Context) -> Iterator[Finding]:
    for teacher in sharing:
        message = f"身份证号码 {number} 与{named_others(sharing, teacher)}相同"
        yield teacher_case(teacher).finding("id_duplicate", message, "id_number", teacher.id_number)


def name_same(_name: Hashable, sharing: Sequence[Teacher], _context: Context) -> Iterator[Finding]:
    for teacher in sharing:
        message = f"与{named_others(sharing, teacher)}同名，文件名会加上序号"
        yield teacher_case(teacher).finding("name_same", message, "name", teacher.name)


def _shown(char: str) -> str:
    return f"U+{ord(char):04X}" if is_private(char) or not char.isprintable() else f"“{char}”"


EVERYONE = (cell_refused, name_missing)
UNLESS_OUT = (
    name_malformed,
    name_latin,
    name_rare,
    sex_missing,
    id_missing,
    id_malformed,
    id_birth_date,
    id_check_digit,
    id_legacy,
    sex_against_id,
)
TOGETHER = (
    Together(lambda teacher: (teacher.id_number,) if teacher.id_number else (), id_duplicate),
    Together(lambda teacher: (teacher.name,) if teacher.name else (), name_same),
)
