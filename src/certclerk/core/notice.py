"""A notice profile: what one bureau's notice asks, parsed from TOML into frozen values.

Everything that differs from notice to notice is here; nothing of any notice is in code.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from certclerk.core import fields
from certclerk.core.errors import UserError
from certclerk.core.names import single_spaced, without_spaces
from certclerk.core.toml_table import TomlTable

T = TypeVar("T")

# Characters, and bytes of a file: a profile is a page or two of text; anything larger is something else.
LONGEST = 1_000_000
# Full stops in a line: for a key of so many parts tomllib takes memory by the square of their number.
MOST_STOPS = 100
TOO_DEEP = "嵌套过深"
HEAD_FIELDS = ("unit", "clerk", "phone", "filled_on")
# Of a profile that says nothing of scans with the seal.
SEALED_PATTERN = "{annex}（盖章）"
ANNEX_KINDS = ("roster", "counts")


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    digit: str
    synonyms: tuple[str, ...]
    collected: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """``words`` are what file names call it, in groups: pages of an earlier group come first."""

    id: str
    label: str
    words: tuple[tuple[str, ...], ...]
    many: bool
    required: bool
    may_be_absent: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """The unit's days at the counter, or what the notice says instead of days (另行安排)."""

    start: date | None
    end: date | None
    arranged: str
    remark: str

    def __str__(self) -> str:
        if self.start is None or self.end is None:
            return self.arranged
        first = f"{self.start.month}月{self.start.day}日"
        if self.start == self.end:
            return first
        same_month = self.start.month == self.end.month
        last = f"{self.end.day}日" if same_month else f"{self.end.month}月{self.end.day}日"
        return f"{first}–{last}"


@dataclass(frozen=True, slots=True)
class Unit:
    """``row`` is its place in the counts annex, None where that annex does not list it."""

    name: str
    aliases: tuple[str, ...]
    row: int | None
    appointment: Appointment | None


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters of the workbook's default font."""

    title: str
    field: str
    width: float


@dataclass(frozen=True, slots=True)
class HeadField:
    label: str
    field: str


@dataclass(frozen=True, slots=True)
class Annex:
    kind: str
    label: str
    title: str
    file: str
    landscape: bool
    foot: str
    columns: tuple[Column, ...] = ()
    serial_title: str = ""
    unit_title: str = ""
    counts_title: str = ""


# What a profile says that does not name supplements.
SUPPLEMENT = "{name}（补报{number}）"
DOCUMENT_SUPPLEMENT = "{name}（补报{number}-{serial}）.pdf"
MAIL_SUPPLEMENT = "本次为第{number}次补报，只含新增或有改动的{teachers}名教师；以前报送的其余教师不变。"
MAIL_WITHDRAWN = "撤回：{teachers}。"


@dataclass(frozen=True, slots=True)
class NamePatterns:
    """``supplement`` says of any name that it is of a 补报; ``document_supplement`` is for same names in one."""

    folder: str
    zip: str
    zip_part: str
    document: str
    document_same_name: str
    draft: str
    draft_part: str
    manifest: str
    sealed: str
    supplement: str
    document_supplement: str

    def supplemented(self, name: str, number: int) -> str:
        """``name`` for the 补报 of that number; as it is for 0, a full submission."""
        return self.supplement.format(name=name, number=number) if number else name


@dataclass(frozen=True, slots=True)
class Mail:
    """``to`` is empty where nothing goes by mail by itself; ``limit_mb`` is the largest encoded mail in MB of 10⁶
    bytes; ``supplement`` and ``withdrawn`` are what the mail of a 补报 says besides.
    """

    to: str
    limit_mb: float
    subject: str
    body: str
    supplement: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class Contact:
    person: str
    phone: str
    office: str
    address: str

    def lines(self) -> tuple[str, ...]:
        """Where to go and whom to ask, a line each, of what is known."""
        who = f"{self.person} {self.phone}".strip()
        return tuple(line for line in (self.address, self.office, who) if line)


@dataclass(frozen=True, slots=True)
class Notice:
    """``source`` is the profile's own text: a collection keeps it, so that it means the same anywhere."""

    id: str
    number: str
    title: str
    short_title: str
    issuer: str
    issued: date
    deadline: date | None
    cutoff: date
    authorities: tuple[str, ...]
    province: str
    kinds: tuple[Kind, ...]
    slots: tuple[Slot, ...]
    units: tuple[Unit, ...]
    head: tuple[HeadField, ...]
    annexes: tuple[Annex, ...]
    names: NamePatterns
    mail: Mail
    contact: Contact
    source: str

    @property
    def collected_kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in self.kinds if kind.collected)

    def kind(self, name: str) -> Kind | None:
        """The kind of that very name; synonyms are resolved when a value comes in."""
        for kind in self.kinds:
            if kind.name == name:
                return kind
        return None

    def slot(self, slot_id: str) -> Slot:
        return next(slot for slot in self.slots if slot.id == slot_id)

    def has_authority(self, name: str) -> bool:
        """Whether certificates of that authority are the notice's, however it is spaced."""
        return name in self.authorities or without_spaces(name) in map(without_spaces, self.authorities)

    def unit(self, name: str) -> Unit | None:
        """The listed unit of that name or alias, however it is spaced."""
        bare = without_spaces(name)
        return next(
            (unit for unit in self.units if bare in map(without_spaces, (unit.name, *unit.aliases))), None
        )

    def official_name(self, name: str) -> str:
        """The unit's name as the counts annex has it, or as given, single-spaced, where it is not listed."""
        unit = self.unit(name)
        return unit.name if unit else single_spaced(name)


def parse_notice(text: str, origin: str) -> Notice:
    """The notice of a TOML text; ``origin`` names the file in errors.

    Raises UserError ``notice_unreadable`` (not TOML, too long or too deep) or ``notice_broken`` (file, key, reason).
    """
    if len(text) > LONGEST:
        raise UserError("notice_unreadable", file=origin, reason="文件过大，不是通知配置")
    if any(line.count(".") > MOST_STOPS for line in text.split("\n")):
        raise UserError("notice_unreadable", file=origin, reason=TOO_DEEP)
    try:
        root = tomllib.loads(text)
    except ValueError as error:
        # Not only TOMLDecodeError: of a number of 5,000 digits Python itself complains.
        raise UserError("notice_unreadable", file=origin, reason=f"不是有效的 TOML（{error}）") from error
    except RecursionError as error:
        raise UserError("notice_unreadable", file=origin, reason=TOO_DEEP) from error
    table = TomlTable(root, origin, "")
    scope, annexes = table.table("scope"), table.table("annexes")
    names, mail, contact = table.table("names"), table.table("mail"), table.table("contact")
    notice = Notice(
        id=table.text("id"),
        number=table.text("number"),
        title=table.text("title"),
        short_title=table.text("short_title"),
        issuer=table.text("issuer"),
        issued=table.day("issued"),
        deadline=table.day_or_none("deadline"),
        cutoff=scope.day("cutoff"),
        authorities=scope.texts("authorities", least=1),
        province=scope.text("province", ""),
        kinds=table.rows("kinds", _kind, unique="name"),
        slots=table.rows("slots", _slot, unique="id"),
        units=table.rows("units", _unit, unique="name", least=0),
        head=annexes.rows("head", _head_field, unique="field"),
        annexes=annexes.rows("list", _annex, unique="file", least=0),
        names=NamePatterns(
            folder=names.file_pattern("folder", "unit", "date"),
            zip=names.file_pattern("zip", "unit"),
            zip_part=names.file_pattern("zip_part", "unit", "part", "parts", needs="part"),
            document=names.file_pattern("document", "name", "serial", needs="name"),
            document_same_name=names.file_pattern("document_same_name", "name", "serial", needs="serial"),
            draft=names.file_pattern("draft", "unit"),
            draft_part=names.file_pattern("draft_part", "unit", "part", "parts", needs="part"),
            manifest=names.file_pattern("manifest", "unit"),
            sealed=names.file_pattern("sealed", "annex", needs="annex", default=SEALED_PATTERN),
            supplement=names.file_pattern("supplement", "name", "number", needs="number", default=SUPPLEMENT),
            document_supplement=names.file_pattern(
                "document_supplement",
                "name",
                "serial",
                "number",
                needs="serial",
                default=DOCUMENT_SUPPLEMENT,
            ),
        ),
        mail=Mail(
            to=_address(mail),
            limit_mb=mail.number("limit_mb", most=10_000),
            subject=mail.pattern("subject", "unit"),
            body=mail.pattern(
                "body", "unit", "clerk", "phone", "teachers", "certificates", "attachments", lines=True
            ),
            supplement=mail.pattern("supplement", "number", "teachers", default=MAIL_SUPPLEMENT),
            withdrawn=mail.pattern("withdrawn", "teachers", needs="teachers", default=MAIL_WITHDRAWN),
        ),
        contact=Contact(*(contact.text(key, "") for key in ("person", "phone", "office", "address"))),
        source=text,
    )
    table.finish()
    if not notice.collected_kinds:
        table.fail("kinds", "没有一种要采集（collected 全为 false）")
    if sum(slot.many for slot in notice.slots) > 1:
        table.fail("slots", "只能有一个 many = true")
    table.once("kinds", ((kind.name, kind.digit) for kind in notice.kinds if kind.digit))
    table.once("kinds", ((kind.name, word) for kind in notice.kinds for word in (kind.name, *kind.synonyms)))
    table.once(
        "slots", ((slot.label, word) for slot in notice.slots for group in slot.words for word in group)
    )
    table.once("units", ((unit.name, unit.row) for unit in notice.units if unit.row))
    table.once("units", ((unit.name, word) for unit in notice.units for word in (unit.name, *unit.aliases)))
    return notice


def _kind(table: TomlTable) -> Kind:
    digit = table.text("digit", "")
    if not re.fullmatch(r"[0-9]?", digit):
        table.fail("digit", "应为一位数字")
    return Kind(table.text("name"), digit, table.texts("synonyms"), table.flag("collected", True))


def _address(mail: TomlTable) -> str:
    address = mail.text("to", "")
    if address and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", address):
        mail.fail("to", "不是一个邮箱地址")
    return address


def _slot(table: TomlTable) -> Slot:
    words = table.get("words", list, [])
    if not all(
        isinstance(group, list) and all(isinstance(word, str) and word for word in group) for group in words
    ):
        table.fail("words", '应为词组的列表，如 [["封面"]]')
    return Slot(
        id=table.text("id"),
        label=table.text("label"),
        words=tuple(tuple(group) for group in words),
        many=table.flag("many", False),
        required=table.flag("required", True),
        may_be_absent=table.flag("may_be_absent", False),
    )


def _unit(table: TomlTable) -> Unit:
    row = table.get("row", int, None)
    if row is not None and row < 1:
        table.fail("row", "应为 1 或更大的整数")
    appointment = _appointment(table.table("appointment")) if "appointment" in table.values else None
    return Unit(table.text("name"), table.texts("aliases"), row, appointment)


def _appointment(table: TomlTable) -> Appointment:
    start, end = table.day_or_none("start"), table.day_or_none("end")
    arranged = table.text("arranged", "")
    if arranged and (start or end):
        table.fail("arranged", "不能与 start、end 同时出现")
    if not arranged and not (start and end):
        table.fail("start", "要有 start 和 end，或有 arranged")
    if start and end and start > end:
        table.fail("end", "早于 start")
    return Appointment(start, end, arranged, table.text("remark", ""))


def _head_field(table: TomlTable) -> HeadField:
    return HeadField(table.text("label"), table.choice("field", HEAD_FIELDS))


def _column(table: TomlTable) -> Column:
    field = table.choice("field", tuple(fields.BY_ID))
    return Column(table.text("title"), field, table.number("width", default=12, most=100))


def _annex(table: TomlTable) -> Annex:
    kind = table.choice("kind", ANNEX_KINDS)
    counts = kind == "counts"
    return Annex(
        kind=kind,
        label=table.text("label", ""),
        title=table.text("title"),
        file=table.file_pattern("file", "unit"),
        landscape=table.flag("landscape", False),
        foot=table.text("foot", ""),
        columns=() if counts else table.rows("columns", _column, unique="title"),
        serial_title=table.text("serial_title") if counts else "",
        unit_title=table.text("unit_title") if counts else "",
        counts_title=table.text("counts_title") if counts else "",
    )
