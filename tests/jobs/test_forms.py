"""Forms from files: what is refused and why, and what a kept one makes of a submission."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from certclerk.collection import create_collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.core.submission import plan
from certclerk.jobs import forms
from certclerk.jobs.forms import (
    Form,
    annex_workbooks,
    likely_sheet,
    mapping_of,
    obstacle,
    proposed_layout,
    read_form,
    try_form,
)

DAY = date(2032, 3, 1)
HEADS = ("序号", "姓名", "身份证号码", "证书号码")


def form_file(path: Path) -> Path:
    book = Workbook()
    book.active.append(HEADS)
    book.save(path)
    return path


def repacked(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same file with one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def refused(path: Path) -> str:
    with pytest.raises(UserError) as told:
        read_form(path)
    return told.value.code


def test_a_form_is_read(tmp_path: Path, quanzhou: Notice) -> None:
    path = form_file(tmp_path / "表样.xlsx")
    workbook, data = read_form(path)
    annex = quanzhou.annexes[0]
    sheet = workbook.sheets[likely_sheet(workbook, annex, quanzhou)]
    mapping = mapping_of(sheet, proposed_layout(sheet, annex, quanzhou), annex, quanzhou)
    assert mapping.columns == ((0, "serial"), (1, "name"), (2, "id_number"), (3, "number"))
    assert (mapping.first_row, obstacle(mapping, annex), data) == (2, "", path.read_bytes())


def test_other_tables_are_refused_with_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "表样.csv"
    text.write_text("序号,姓名\n", encoding="utf-8")
    assert refused(text) == "form_not_xlsx"
    data = Path(__file__).parents[1] / "data" / "roster" / "roster.xls"
    old = tmp_path / "表样.xls"
    old.write_bytes(data.read_bytes())
    assert refused(old) == "form_not_xlsx"


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    path = repacked(form_file(tmp_path / "表样.xlsx"), "xl/theme/theme1.xml", lambda data: bomb + data)
    assert refused(path) == "form_suspicious"


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_UNPACKED_MB", 1)
    path = repacked(form_file(tmp_path / "表样.xlsx"), "xl/media/a.bin", lambda _: bytes(1_100_000))
    assert refused(path) == "form_too_big"


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_CELLS", 3)
    assert refused(form_file(tmp_path / "表样.xlsx")) == "form_too_big"


def test_a_kept_form_is_what_goes_out(tmp_path: Path, quanzhou: Notice) -> None:
    path = form_file(tmp_path / "表样.xlsx")
    workbook, data = read_form(path)
    annex = quanzhou.annexes[0]
    layout = proposed_layout(workbook.sheets[0], annex, quanzhou)
    form = Form(annex.file, path.name, mapping_of(workbook.sheets[0], layout, annex, quanzhou), data)
    with create_collection(
        tmp_path / "x.certclerk", quanzhou, Filing("泉州第一中学", "王五", "22138813")
    ) as kept:
        kept.keep_form(form)
        assert kept.forms() == (form,)
        submission = plan(kept.roster(), quanzhou, DAY)
        try_form(form, submission)
        make = annex_workbooks(kept, submission)
        sheets = [load_workbook(io.BytesIO(make(table, DAY))).active for table in submission.annexes]
        assert [cell.value for cell in sheets[0][1]] == list(HEADS)
        assert sheets[1]["A1"].value == "附件2"
        kept.drop_form(annex.file)
        assert kept.forms() == ()
