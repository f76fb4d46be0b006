"""The steps of a merge as lines: a person, under them what would change or who they may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont

from certclerk.core import fields
from certclerk.core.records import Certificate, ProposedCertificate, ProposedTeacher, Teacher
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.icons import icon
from certclerk.gui.ticked import EXCLUSIVE_ROLE, UNDER_ROLE, Index, Role, TickModel
from certclerk.jobs.roster_preview import Act, Entry, Plan, State, Step

WHO, ROSTER, TABLE, REMARK = range(4)
HEADS = ("教师与改动", "名册里", "表里", "说明")

BLANK = "（空）"
ANOTHER_PERSON = "另一个人"
SAME_PERSON = "同一个人"
TONES = {
    State.DOUBTFUL: style.Tone(style.AMBER, style.AMBER_TINT, "question"),
    State.CHANGED: style.Tone(style.ACCENT, style.ACCENT_TINT, "pencil"),
    State.NEW: style.Tone(style.GREEN, style.GREEN_TINT, "add"),
    State.MISSING: style.Tone(style.GREY, style.GREY_TINT, "dash"),
    State.UNCHANGED: style.Tone(style.GREY, style.GREY_TINT, "check"),
}
# Who is to be looked at first; a doubt stays where it is once it is decided.
_ORDER = {state: place for place, state in enumerate(State)}
# One step that is the person's whole: it is ticked in the person's own line.
_WHOLE = (Act.ADD, Act.EXCLUDE)


@dataclass(frozen=True, slots=True)
class Line:
    """Of a person as a whole, of ``step`` of theirs, or of ``option`` (the last: another person)."""

    entry: int
    step: int | None = None
    option: int | None = None


class MergeModel(TickModel):
    """Lines of those whom the chosen state shows::

      教师与改动             | 名册里       | 表里         | 说明
        张三                 |              |              | ? 是同一个人吗？请选一项
        ( ) 同一个人：3 张三 | 3505…0012    | 无身份证号码 | 姓名相同，没有身份证号码可以核对
        ( ) 另一个人         |              | 无身份证号码 | 作为新教师添加
    [-] 5 李娜               | 3505…0028    |              | 有改动，采用 1/2
        [x] 备注             | （空）       | 返聘         |
        [ ] 任教学科         | 语文         | （空）       | 表里是空的
    [x] 王新                 |              | 男 · 3505…   | + 新增

    ``replanned``: a tick or a decision has made another :attr:`plan`; ``relined`` (row): where the line of a
    decision stands since.
    """

    _lines: list[Line]
    replanned = Signal()
    relined = Signal(int)

    def __init__(self) -> None:
        super().__init__(HEADS)
        self._plan: Plan | None = None
        self._state: State | None = None

    @property
    def plan(self) -> Plan | None:
        return self._plan

    def show(self, plan: Plan | None, state: State | None = None) -> None:
        """``state`` None shows everybody; that of doubts also those that are decided."""
        self.beginResetModel()
        self._plan, self._state = plan, state
        self._lines = list(_lines(plan, state)) if plan else []
        self.endResetModel()

    def line(self, row: int) -> Line:
        return self._lines[row]

    def next_person(self, row: int) -> int:
        """The row of the next person under ``row``, or ``row`` itself behind the last."""
        return next(
            (place for place in range(row + 1, len(self._lines)) if self._is_person(self._lines[place])), row
        )

    def toggle(self, rows: Sequence[int]) -> None:
        """One row: a person's tick takes all their steps or leaves them all."""
        assert self._plan is not None
        (row,) = rows
        line = self._lines[row]
        entry = self._plan.entries[line.entry]
        if line.option is not None:
            self._decide(row)
        elif line.step is not None:
            self._want([(line.entry, line.step)], not entry.steps[line.step].wanted)
        elif entry.steps:
            wanted = not all(step.wanted for step in entry.steps)
            self._want([(line.entry, place) for place in range(len(entry.steps))], wanted)

    def want_group(self, group: str, wanted: bool) -> None:
        assert self._plan is not None
        self._plan = self._plan.want_group(group, wanted)
        self._tell_lines(0, len(self._lines) - 1)

    # What Qt asks

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid() or self._plan is None:
            return None
        line = self._lines[index.row()]
        if role == UNDER_ROLE:
            return not self._is_person(line)
        if role == EXCLUSIVE_ROLE:
            return line.option is not None
        if role == Role.CheckStateRole:
            return self._tick(line) if index.column() == WHO else None
        if role in (Role.DisplayRole, Role.ToolTipRole):
            text = self._text(line, index.column())
            return text or None if role == Role.ToolTipRole else text
        if role == Role.BackgroundRole and self._is_person(line):
            return QColor(style.STRIPE)
        if role == Role.FontRole and self._is_person(line) and index.column() == WHO:
            font = QFont()
            font.setBold(True)
            return font
        if role == Role.ForegroundRole:
            return QColor(self._ink(line, index.column()))
        if role == Role.DecorationRole and index.column() == REMARK and self._is_person(line):
            tone = TONES[self._plan.entries[line.entry].state]
            return icon(tone.sign, tone.ink)
        return None

    # What a line says

    def _is_person(self, line: Line) -> bool:
        return line.step is None and line.option is None

    def _tick(self, line: Line) -> Qt.CheckState | None:
        assert self._plan is not None
        entry = self._plan.entries[line.entry]
        if line.option is not None:
            chosen = entry.decided and (entry.teacher.id if entry.teacher else None) == self._meant(line)
            return Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked
        steps = (entry.steps[line.step],) if line.step is not None else entry.steps
        if not steps:
            return None
        taken = sum(step.wanted for step in steps)
        if taken == len(steps):
            return Qt.CheckState.Checked
        return Qt.CheckState.PartiallyChecked if taken else Qt.CheckState.Unchecked

    def _text(self, line: Line, column: int) -> str:
        assert self._plan is not None
        entry = self._plan.entries[line.entry]
        if line.option is not None:
            return self._option_text(line, entry, column)
        if line.step is not None:
            return _step_text(entry, entry.steps[line.step], column)
        if column == REMARK:
            unnamed = len(self._plan.unnamed_certificates(line.entry))
            kept = f"；另有 {unnamed} 本证书，保留" if unnamed else ""
            return f"{_REMARKS[entry.state](entry)}{kept}"
        return _person_text(entry, column)

    def _option_text(self, line: Line, entry: Entry, column: int) -> str:
        assert self._plan is not None
        options = self._plan.options(line.entry)
        assert line.option is not None
        assert entry.proposed is not None
        asked = described(entry.proposed)
        if line.option == len(options):
            return (ANOTHER_PERSON, "", asked, "作为新教师添加")[column]
        option = options[line.option]
        known = option.teacher
        same = f"{SAME_PERSON}：{known.serial} {named(known.name)}"
        return (same, described(known), asked, option.reason)[column]

    def _ink(self, line: Line, column: int) -> str:
        assert self._plan is not None
        entry = self._plan.entries[line.entry]
        if self._is_person(line):
            return TONES[entry.state].ink if column == REMARK else style.INK
        if line.step is None:
            return style.INK if column == WHO else style.QUIET
        step = entry.steps[line.step]
        if column == REMARK:
            return style.AMBER
        if column == TABLE:
            return style.INK if step.wanted else style.FAINT
        return style.INK if column == WHO else style.QUIET

    # What a tick does

    def _meant(self, line: Line) -> int | None:
        assert self._plan is not None
        assert line.option is not None
        options = self._plan.options(line.entry)
        return options[line.option].teacher.id if line.option < len(options) else None

    def _decide(self, row: int) -> None:
        assert self._plan is not None
        line = self._lines[row]
        self.show(self._plan.decide(line.entry, self._meant(line)), self._state)
        last = len(self._lines) - 1
        self.relined.emit(self._lines.index(line) if line in self._lines else min(row, last))
        self.replanned.emit()

    def _want(self, steps: list[tuple[int, int]], wanted: bool) -> None:
        assert self._plan is not None
        self._plan = self._plan.want(steps, wanted)
        shown = [row for row, line in enumerate(self._lines) if line.entry == steps[0][0]]
        self._tell_lines(shown[0], shown[-1])

    def _tell_lines(self, first: int, last: int) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADS) - 1))
        self.replanned.emit()


def _lines(plan: Plan, state: State | None) -> list[Line]:
    def rank(index: int) -> int:
        entry = plan.entries[index]
        return _ORDER[State.DOUBTFUL if entry.candidates else entry.state]

    lines: list[Line] = []
    for index in sorted(range(len(plan.entries)), key=rank):
        entry = plan.entries[index]
        in_question = bool(entry.candidates)
        if state is not None and entry.state is not state and not (state is State.DOUBTFUL and in_question):
            continue
        lines.append(Line(index))
        if in_question:
            options = range(len(plan.options(index)) + 1)
            lines += [Line(index, option=option) for option in options]
        lines += [Line(index, step=place) for place, step in enumerate(entry.steps) if step.act not in _WHOLE]
    return lines


def _person_text(entry: Entry, column: int) -> str:
    known, proposed = entry.teacher, entry.proposed
    if column == WHO:
        name = named((known or proposed).name)  # type: ignore[union-attr]
        return f"{known.serial} {name}" if known else name
    if column == ROSTER:
        return described(known) if known and not entry.candidates else ""
    return described(proposed) if proposed and not known and not entry.candidates else ""


def _changed_remark(entry: Entry) -> str:
    taken = sum(step.wanted for step in entry.steps)
    return f"{State.CHANGED}，采用 {taken}/{len(entry.steps)}"


def _new_remark(entry: Entry) -> str:
    caution = next((step.caution for step in entry.steps if step.caution), "")
    return f"{State.NEW}；{caution}" if caution else State.NEW.value


def _missing_remark(entry: Entry) -> str:
    if not entry.steps:
        return f"{State.MISSING}，保留原样"
    return f"{State.MISSING}，{'设为不纳入' if entry.steps[0].wanted else '勾选则设为不纳入'}"


_REMARKS: dict[State, Callable[[Entry], str]] = {
    State.DOUBTFUL: lambda _: "是同一个人吗？请选一项",
    State.CHANGED: _changed_remark,
    State.NEW: _new_remark,
    State.MISSING: _missing_remark,
    State.UNCHANGED: lambda _: State.UNCHANGED.value,
}


def _step_text(entry: Entry, step: Step, column: int) -> str:
    if step.certificate is not None:
        return ("新证书", "", certificate_words(step.certificate), step.caution)[column]
    name = fields.title(step.field)
    held = entry.teacher.certificates if entry.teacher else ()
    if step.certificate_id is not None and len(held) > 1:
        kind = next((one.kind for one in held if one.id == step.certificate_id), "")
        name = f"{kind or texts.NO_KIND}：{name}"
    return (name, step.old or BLANK, step.new or BLANK, step.caution)[column]


def described(person: Teacher | ProposedTeacher) -> str:
    """What tells people of one name apart, in a line."""
    held = "、".join(f"{one.kind}{one.subject}" for one in person.certificates if one.kind or one.subject)
    return " ".join(word for word in (person.id_number or "无身份证号码", person.sex, held) if word)


def certificate_words(certificate: Certificate | ProposedCertificate) -> str:
    return " ".join(
        word
        for word in (certificate.kind, certificate.subject, certificate.number, certificate.issued)
        if word
    )
