"""The bureau's own forms: a file read and understood, kept in the collection, filled for every submission."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from certclerk.core.errors import UserError
from certclerk.core.form import UNIT, Form, FormMapping, annex_columns, missing_columns
from certclerk.core.names import safe_file_name
from certclerk.core.notice import Annex, Notice
from certclerk.core.printed_table import PrintedTable
from certclerk.core.submission import Submission
from certclerk.jobs.page_images import Source
from certclerk.output.form import filled_form, form_differences
from certclerk.output.proof import WorkbookReader, workbook_differences
from certclerk.output.workbook import workbook_bytes
from certclerk.roster import (
    Layout,
    Packed,
    Sheet,
    Workbook,
    best_sheet,
    column_letters,
    counts_at,
    detect,
    detect_at,
    detect_counts,
    open_packed,
    read_isolated,
)

__all__ = [
    "Form",
    "FormMapping",
    "Layout",
    "Sheet",
    "Workbook",
    "annex_columns",
    "annex_workbooks",
    "column_letters",
    "filled",
    "kept_layout",
    "kept_workbook",
    "likely_sheet",
    "mapping_of",
    "obstacle",
    "proposed_layout",
    "read_form",
    "shortfall",
    "try_form",
]

# A form is an empty table: what is larger is something else, or made to harm. 10⁶ bytes; cells of one sheet.
MOST_FILE_MB = 10
MOST_UNPACKED_MB = 25
MOST_CELLS = 200_000

_WORKBOOK = "xl/workbook.xml"
# What no spreadsheet program writes, and what makes a small file large in memory.
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = max(map(len, _DECLARATIONS))


def read_form(path: Path) -> tuple[Workbook, bytes]:
    """The sheets of a form, read in a child process whose time and memory are capped, and its bytes.

    Raises UserError with a sentence for each way in which it cannot be used.
    """
    workbook = read_isolated(path)
    data = path.read_bytes()
    if len(data) > MOST_FILE_MB * 1_000_000:
        raise UserError("form_too_big", file=path.name, what=f"{len(data) // 1_000_000} MB")
    if not data.startswith(b"PK"):
        raise UserError("form_not_xlsx", file=path.name)
    packed = open_packed(data, path.name)
    if _WORKBOOK not in packed:
        raise UserError("form_not_xlsx", file=path.name)
    _check_parts(packed)
    for sheet in workbook.sheets:
        if len(sheet.rows) * sheet.width > MOST_CELLS:
            raise UserError("form_too_big", file=path.name, what=f"工作表“{sheet.name}”的单元格太多")
    return workbook, data


def _check_parts(packed: Packed) -> None:
    unpacked = 0
    for part in packed.parts:
        before = b""
        for chunk in packed.chunks(part):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED_MB * 1_000_000:
                raise UserError("form_too_big", file=packed.file, what=f"解压后超过 {MOST_UNPACKED_MB} MB")
            if any(declaration in before + chunk for declaration in _DECLARATIONS):
                raise UserError("form_suspicious", file=packed.file, part=part)
            before = chunk[-_OVERLAP:]


def likely_sheet(workbook: Workbook, annex: Annex, notice: Notice) -> int:
    """The index of the sheet that the table is on."""
    if annex.kind == "roster":
        return best_sheet(workbook, notice)
    found = (
        index for index, sheet in enumerate(workbook.sheets) if detect_counts(sheet, annex, notice).found
    )
    return next(found, 0)


def proposed_layout(sheet: Sheet, annex: Annex, notice: Notice, row: int | None = None) -> Layout:
    """The head and what each column is for; ``row``: the head begins there (from 1; 0: none)."""
    if annex.kind == "counts":
        return detect_counts(sheet, annex, notice) if row is None else counts_at(sheet, row, annex, notice)
    return detect(sheet, notice) if row is None else detect_at(sheet, row, notice)


def mapping_of(sheet: Sheet, layout: Layout, annex: Annex, notice: Notice) -> FormMapping:
    """What is kept of the clerk's choices: fields that the annex has no column for go nowhere."""
    keys = {key for key, _ in annex_columns(annex, notice)}
    columns = tuple((role.column, role.field) for role in layout.columns if role.field in keys)
    return FormMapping(sheet.name, layout.header_row, layout.header_rows, columns)


def obstacle(mapping: FormMapping, annex: Annex) -> str:
    """Why a form cannot be filled with these columns; empty where it can."""
    held = {key for _, key in mapping.columns}
    if not mapping.header_row:
        return "请指出表头在第几行。"
    if annex.kind == "counts" and UNIT not in held:
        return "请给单位所在的那一列选单位。"
    least = {UNIT} if annex.kind == "counts" else set[str]()
    return "" if held - least else "请给每一列选它要填的内容。"


def shortfall(mapping: FormMapping, annex: Annex, notice: Notice) -> str:
    """What the annex has and the form has no column for, in a sentence; empty where there is nothing."""
    missing = missing_columns(mapping, annex, notice)
    return f"表样里没有对应的列，填不进去：{'、'.join(missing)}。" if missing else ""


def kept_workbook(form: Form) -> Workbook:
    """The sheets of a form that is kept, for the clerk to look at its columns again; in a worker."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / safe_file_name(form.file_name)
        path.write_bytes(form.data)
        return read_isolated(path)


def kept_layout(sheet: Sheet, form: Form, annex: Annex, notice: Notice) -> Layout:
    """What the clerk had chosen for the form's ``sheet``."""
    mapping = form.mapping
    fields = dict(mapping.columns)
    found = proposed_layout(sheet, annex, notice, mapping.header_row)
    columns = tuple(replace(role, field=fields.get(role.column), guessed=False) for role in found.columns)
    return Layout(mapping.header_row, mapping.header_rows, columns)


def try_form(form: Form, submission: Submission) -> None:
    """Fills it with ``submission`` and reads it back, so that it does not fail when it matters; in a worker.

    Raises UserError.
    """
    notice = submission.notice
    for annex, table in zip(notice.annexes, submission.annexes, strict=True):
        if annex.file == form.annex and submission.documents:
            filled(form, table, annex, notice, submission.day)


def filled(form: Form, table: PrintedTable, annex: Annex, notice: Notice, day: date) -> bytes:
    """The form with ``table`` in it, read back.

    Raises UserError ``form_unfillable``, ``form_differs``, and what :func:`read_form` says of bytes made to harm:
    a collection may bring its form from anywhere.
    """
    _check_parts(open_packed(form.data, form.file_name))
    data = filled_form(form, table, annex, notice, day)
    differences = form_differences(data, form, table, annex, notice)
    if differences:
        raise UserError("form_differs", file=form.file_name, difference=differences[0])
    return data


def annex_workbooks(source: Source, submission: Submission) -> Callable[[PrintedTable, date], bytes]:
    """How an annex of ``submission`` becomes an .xlsx: in the bureau's form where there is one."""
    forms = {form.annex: form for form in source.forms()}
    notice = submission.notice
    annexes = {
        table.file_stem: annex for table, annex in zip(submission.annexes, notice.annexes, strict=True)
    }

    def workbook(table: PrintedTable, day: date) -> bytes:
        annex = annexes[table.file_stem]
        form = forms.get(annex.file)
        return filled(form, table, annex, notice, day) if form else workbook_bytes(table, day)

    return workbook


def annex_readers(source: Source, submission: Submission) -> WorkbookReader:
    """Where an annex of ``submission`` that stands on the disk does not say what it should, in clauses."""
    forms = {form.annex: form for form in source.forms()}
    notice = submission.notice
    annexes = {
        table.file_stem: annex for table, annex in zip(submission.annexes, notice.annexes, strict=True)
    }

    def differences(table: PrintedTable, data: bytes) -> Iterable[str]:
        annex = annexes[table.file_stem]
        form = forms.get(annex.file)
        if form is None:
            return workbook_differences(table, data)
        return form_differences(data, form, table, annex, notice)

    return differences
