"""Rules about one person: name, sex, identity number; and about two of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from certclerk.core import identity
from certclerk.core.fields import title
from certclerk.core.identity import Document
from certclerk.core.names import MIDDLE_DOT, is_han, is_latin, is_private, is_rare
from certclerk.core.records import Finding, Refusal, Teacher, is_refused
from certclerk.core.rules.place import Context, named_others, teacher_finding


def refusal_message(refusal: Refusal) -> str:
    """What was refused and why, in the words of whoever refused it."""
    return f"{title(refusal.field)}没有采用（原为 {refusal.original}）：{refusal.reason}"


def cell_refused(teacher: Teacher, _context: Context) -> Iterator[Finding]:
    for refusal in teacher.refusals:
        message = refusal_message(refusal)
        yield teacher_finding("cell_refused", message, teacher, refusal.field, refusal.original)


def name_missing(teacher: Teacher, _context: Context) -> Iterator[Finding]:
    if not teacher.name and not is_refused(teacher, "name"):
        yield teacher_finding("name_missing", "没有姓名", teacher, "name")


def name_characters(teacher: Teacher, _context: Context) -> Iterator[Finding]:
    name = teacher.name
    strange = [
        char for char in name if not (is_han(char) or char == MIDDLE_DOT or is_latin(char) or char == " ")
    ]
    if name != name.strip(MIDDLE_DOT):
        strange.append(MIDDLE_DOT)
    if strange:
        shown = "、".join(_shown(char) for char in dict.fromkeys(strange))
        yield teacher_finding(
            "name_malformed", f"姓名“{name}”里有不该有的字符：{shown}", teacher, "name", name
        )
    if any(is_latin(char) for char in name):
        yield teacher_finding("name_latin", f"姓名“{name}”里有字母，请核对", teacher, "name", name)
    rare = [char for char in name if is_han(char) and is_rare(char)]
    if rare:
        message = f"姓名里的“{'、'.join(rare)}”是生僻字，旧软件可能显示不出"
        yield teacher_finding("name_rare", message, teacher, "name", name)


def sex_missing(teacher: Teacher, _context: Context) -> Iterator[Finding]:
    if teacher.sex not in ("男", "女") and not is_refused(teacher, "sex"):
        message = f"性别“{teacher.sex}”看不懂" if teacher.sex else "没有性别"
        yield teacher_finding("sex_missing", message, teacher, "sex", teacher.sex)


def id_number(teacher: Teacher, _context: Context) -> Iterator[Finding]:
    number = teacher.id_number
    if not number:
        if not is_refused(teacher, "id_number"):
            yield teacher_finding("id_missing", "没有身份证号码", teacher, "id_number")
        return
    kind = identity.document(number)
    if kind is Document.UNKNOWN:
        message = f"身份证号码 {number} 有 {len(number)} 个字符，不像任何一种证件号码"
        yield teacher_finding("id_malformed", message, teacher, "id_number", number)
        return
    if kind in (Document.RESIDENT, Document.LEGACY) and identity.birth_date(number) is None:
        message = f"身份证号码 {number} 里的出生日期不存在"
        yield teacher_finding("id_birth_date", message, teacher, "id_number", number)
    if kind is Document.RESIDENT and not identity.has_valid_check(number):
        message = f"身份证号码 {number} 的校验位不对，可能有一位录错"
        yield teacher_finding("id_check_digit", message, teacher, "id_number", number)
    if kind is Document.LEGACY:
        yield teacher_finding("id_legacy", f"{number} 是15位旧身份证号码", teacher, "id_number", number)


def sex_against_id(teacher: Teacher, _context: Context) -> Iterator[Finding]:
    expected = identity.sex(teacher.id_number)
    if expected and teacher.sex in ("男", "女") and teacher.sex != expected:
        value = f"{teacher.sex} {teacher.id_number}"
        message = f"性别是{teacher.sex}，身份证号码第17位表示{expected}"
        yield teacher_finding("sex_against_id", message, teacher, "sex", value)


def same_id(teachers: Sequence[Teacher], _context: Context) -> Iterator[Finding]:
    for teacher, others in _alike(teachers, lambda teacher: teacher.id_number):
        message = f"身份证号码 {teacher.id_number} 与{others}相同"
        yield teacher_finding("id_duplicate", message, teacher, "id_number", teacher.id_number)


def same_name(teachers: Sequence[Teacher], _context: Context) -> Iterator[Finding]:
    for teacher, others in _alike(teachers, lambda teacher: teacher.name):
        message = f"与{others}同名，文件名会加上序号"
        yield teacher_finding("name_same", message, teacher, "name", teacher.name)


def _alike(teachers: Sequence[Teacher], key: Callable[[Teacher], str]) -> Iterator[tuple[Teacher, str]]:
    """Each teacher whose ``key`` others have as well, with those others named."""
    holders: dict[str, list[Teacher]] = defaultdict(list)
    for teacher in teachers:
        holders[key(teacher)].append(teacher)
    holders.pop("", None)
    for sharing in holders.values():
        for teacher in sharing if len(sharing) > 1 else ():
            yield teacher, named_others(sharing, teacher)


def _shown(char: str) -> str:
    return f"U+{ord(char):04X}" if is_private(char) or not char.isprintable() else f"“{char}”"


EVERYONE = (cell_refused, name_missing)
UNLESS_OUT = (name_characters, sex_missing, id_number, sex_against_id)
TOGETHER = (same_id, same_name)
