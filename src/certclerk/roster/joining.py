"""Rows of a sheet into proposed teachers.

Rows join into one teacher only with the same identity number and the same name, or where both are blank or
merged below the teacher above. Whatever is less than certain stays apart, where the rules will show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from certclerk.core.fields import CERTIFICATE_FIELDS, title
from certclerk.core.notice import Notice
from certclerk.core.records import ProposedCertificate
from certclerk.roster.cells import Cell, Sheet
from certclerk.roster.drafts import Draft, certificate_of
from certclerk.roster.layout import Layout
from certclerk.roster.proposal import CellProblem, Proposal, ProposedRow, Status
from certclerk.roster.skips import HeadTexts, Skip, head_texts, skipped
from certclerk.roster.values import EMPTY, Problem, Value, value_of

_PERSON = ("name", "id_number")
# A merged cell means all its rows; a certificate's number is never two certificates'.
_FILLED_DOWN = ("kind", "subject", "authority", "issued")
# What most teachers have in common with others, and need not be understood anew in each row.
_REPEATING = frozenset({"sex", *_FILLED_DOWN})
# One of these makes a row without a person a certificate: a lone date or office is a signature.
_CERTIFYING = ("kind", "subject", "number")
_TEXT = attrgetter("text")
_LISTED = (Problem.NOT_UNDERSTOOD, Problem.CONFLICT)


def propose(sheet: Sheet, layout: Layout, notice: Notice) -> Proposal:
    """Every row below the head accepted, refused or passed over, with its reason; changes nothing."""
    joining = _Joining(sheet, layout, notice, head_texts(sheet, layout), _covered(sheet, layout))
    end = len(sheet.rows)
    while end and _empty(sheet.rows[end - 1]):
        end -= 1
    for row in range(layout.first_data_row - 1, end):
        joining.add(row)
    return Proposal(
        sheet=sheet.name,
        rows=tuple(joining.rows),
        teachers=tuple(draft.finished(_whole(draft.serial)) for draft in joining.drafts),
        problems=tuple(joining.problems()),
    )


@dataclass(slots=True)
class _Joining:
    sheet: Sheet
    layout: Layout
    notice: Notice
    heads: HeadTexts
    covered: Mapping[tuple[int, str], int]
    columns: dict[str, int] = field(init=False)
    rows: list[ProposedRow] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    by_key: dict[tuple[str, str], int] = field(default_factory=dict)
    known: dict[tuple[str, Cell], Value] = field(default_factory=dict)
    by_row: dict[int, int] = field(default_factory=dict)
    above: int | None = None

    def __post_init__(self) -> None:
        self.columns = {role.field: role.column for role in self.layout.columns if role.field}

    def add(self, row: int) -> None:
        """Take the row at 0-based ``row``."""
        cells = self.sheet.rows[row]
        if _empty(cells):
            self.above = None
            self.rows.append(self._blank(row))
            return
        values = {name: self._value(row, name) for name in self.columns}
        skip = skipped(cells, values, self.heads)
        if skip is not None:
            # A head repeated on a new page does not part a teacher's rows, anything else does.
            if skip[0] is not Skip.HEADER:
                self.above = None
            self._record(row, values, Status.SKIPPED, skip[1], skip=skip[0])
            return
        begun = {self.covered[row, name] for name in _PERSON if (row, name) in self.covered}
        owners = {self.by_row.get(top) for top in begun}
        owner = owners.pop() if len(owners) == 1 else None
        if _any_written(values, _PERSON) or (begun and owner is None):
            self._add_person(row, values)
        elif owner is not None:
            self._join(row, values, owner)
        else:
            self._add_without_person(row, values)

    def _blank(self, row: int) -> ProposedRow:
        """Sheets may hold tens of thousands of these."""
        values = (EMPTY,) * len(self.layout.columns)
        return ProposedRow(row + 1, "", Status.SKIPPED, "空行", values, Skip.BLANK)

    def _value(self, row: int, name: str) -> Value:
        cell = self.sheet.cell(row, self.columns[name])
        if name not in _REPEATING:
            return value_of(cell, name, self.sheet, self.notice)
        known = self.known.get((name, cell))
        if known is None:
            known = self.known[name, cell] = value_of(cell, name, self.sheet, self.notice)
        return known

    def _add_without_person(self, row: int, values: dict[str, Value]) -> None:
        """Name and identity number are blank: a further certificate of the teacher right above, if any."""
        certifying = _any_written(values, _CERTIFYING)
        if certifying and self.above is not None and self._may_be_of(self.drafts[self.above], values):
            self._doubt_other_serial(values, self.drafts[self.above])
            self._join(row, values, self.above)
        elif certifying or _numbered(values):
            self._start(row, values, EMPTY, EMPTY)
        else:
            self.above = None
            self._record(row, values, Status.REFUSED, "没有姓名、身份证号码和证书，无法成为一名教师")

    def _doubt_other_serial(self, values: dict[str, Value], draft: Draft) -> None:
        """A 序号 of its own may mean that somebody's name and number were forgotten: the clerk is to look."""
        serial = values.get("serial", EMPTY)
        number = _whole(serial.understood)
        if number is not None and number != _whole(draft.serial):
            reason = f"没有姓名和身份证号码，序号却与第{draft.row}行不同；已并入第{draft.row}行的教师，请核对是否漏填"
            values["serial"] = replace(serial, problem=Problem.CONFLICT, reason=reason)

    def _may_be_of(self, draft: Draft, values: Mapping[str, Value]) -> bool:
        """Not with another sex: that is somebody whose name and number were forgotten."""
        sex = values.get("sex", EMPTY).understood
        return not sex or not draft.sex.understood or sex == draft.sex.understood

    def _add_person(self, row: int, values: dict[str, Value]) -> None:
        name, id_number = (self._reaching_down(row, field_id, values) for field_id in _PERSON)
        key = Draft(row, "", name, id_number).key
        if key is not None and key in self.by_key:
            self._join(row, values, self.by_key[key])
        else:
            self._start(row, values, name, id_number)

    def _reaching_down(self, row: int, name: str, values: Mapping[str, Value]) -> Value:
        """The row's own value, or that of the merged cell which reaches down to it."""
        own = values.get(name, EMPTY)
        top = self.covered.get((row, name))
        return self._value(top, name) if own.blank and top is not None else own

    def _start(self, row: int, values: dict[str, Value], name: Value, id_number: Value) -> None:
        draft = Draft(row + 1, values.get("serial", EMPTY).understood, name, id_number)
        self.above = self.by_row[row] = len(self.drafts)
        self.drafts.append(draft)
        if draft.key is not None:
            self.by_key[draft.key] = self.above
        draft.take_sex(values.get("sex", EMPTY))
        draft.take_note(values.get("note", EMPTY))
        if _any_written(values, CERTIFICATE_FIELDS):
            draft.certificates.append((self._certificate(row, values), row + 1))
        self._record(row, values, Status.ACCEPTED, "", teacher=self.above)

    def _join(self, row: int, values: dict[str, Value], index: int) -> None:
        draft = self.drafts[index]
        self.above = self.by_row[row] = index
        had = draft.sex
        if "sex" in values:
            values["sex"] = draft.take_sex(values["sex"])
        added = draft.sex is not had or values.get("sex", EMPTY).problem is Problem.CONFLICT
        added = draft.take_note(values.get("note", EMPTY)) or added
        same: int | None = draft.row
        if _any_written(values, CERTIFICATE_FIELDS):
            certificate = self._certificate(row, values)
            same = draft.row_of(certificate)
            if same is None:
                draft.certificates.append((certificate, row + 1))
                added = True
        if added:
            self._record(row, values, Status.ACCEPTED, f"并入第{draft.row}行的教师", teacher=index)
        else:
            reason = f"与第{same}行重复"
            self._record(row, values, Status.SKIPPED, reason, skip=Skip.DUPLICATE, teacher=index)

    def _certificate(self, row: int, values: Mapping[str, Value]) -> ProposedCertificate:
        filled = {name: self._reaching_down(row, name, values) for name in _FILLED_DOWN}
        return certificate_of({**values, **filled})

    def _record(
        self,
        row: int,
        values: Mapping[str, Value],
        status: Status,
        reason: str,
        *,
        skip: Skip | None = None,
        teacher: int | None = None,
    ) -> None:
        by_column = {self.columns[name]: value for name, value in values.items()}
        self.rows.append(
            ProposedRow(
                number=row + 1,
                serial=values.get("serial", EMPTY).read,
                status=status,
                reason=reason,
                values=tuple(
                    by_column.get(role.column) or _as_read(self.sheet.cell(row, role.column))
                    for role in self.layout.columns
                ),
                skip=skip,
                teacher=teacher,
            )
        )

    def problems(self) -> list[CellProblem]:
        return [
            CellProblem(
                sheet=self.sheet.name,
                row=row.number,
                serial=row.serial,
                column=column,
                title=self.layout.title_of(column) or title(name),
                field=name,
                problem=value.problem,
                reason=value.reason,
            )
            for row in self.rows
            if row.status is Status.ACCEPTED
            for name, column in self.columns.items()
            if (value := row.values[column]).problem is not None
            and (value.refused or value.problem in _LISTED)
        ]


def _any_written(values: Mapping[str, Value], names: Sequence[str]) -> bool:
    return any(not values.get(name, EMPTY).blank for name in names)


def _numbered(values: Mapping[str, Value]) -> bool:
    """Whether the row counts as a teacher by its 序号, and something else in it is understood."""
    return _whole(values.get("serial", EMPTY).understood) is not None and any(
        value.understood and value.problem is not Problem.NOT_UNDERSTOOD
        for name, value in values.items()
        if name != "serial"
    )


def _as_read(cell: Cell) -> Value:
    return EMPTY if cell.blank else Value(cell.text, cell.text)


def _empty(cells: Sequence[Cell]) -> bool:
    return not any(map(_TEXT, cells))


def _covered(sheet: Sheet, layout: Layout) -> dict[tuple[int, str], int]:
    """For each row and field that a merged cell covers from above: the row in which it begins."""
    fields = {role.column: role.field for role in layout.columns if role.field}
    covered: dict[tuple[int, str], int] = {}
    for merge in sheet.merges:
        name = fields.get(merge.left)
        if name is None or merge.top < layout.first_data_row - 1:
            continue
        for row in range(merge.top + 1, min(merge.bottom + 1, len(sheet.rows))):
            covered[(row, name)] = merge.top
    return covered


def _whole(text: str) -> int | None:
    """The 序号 as the sheet has it, None where it is no whole number above 0."""
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 10 else None
