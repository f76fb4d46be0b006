from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from certclerk.core.fields import FIELDS
from certclerk.core.notice import Notice
from certclerk.core.roster_sheet import choices, guide
from certclerk.output.roster_workbook import GUIDE_SHEET, ROSTER_SHEET, SPARE_ROWS, roster_workbook

from .conftest import DAY

ROW = ("1", "林晓雯", "女", "359901198001010025", "高级中学", "=语文", "20133599042000001", "泉州市教育局", "2013-07", "_x0041_")  # fmt: skip


def made(notice: Notice, *rows: tuple[str, ...]) -> bytes:
    return roster_workbook(rows, choices(notice), guide(notice), DAY)


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def offers(book: Workbook) -> dict[str, tuple[str, list[str]]]:
    """By where they stand: the drop-down's range as written, and what it offers."""
    found = {}
    for offer in book[ROSTER_SHEET].data_validations.dataValidation:
        assert offer.type == "list"
        name, _, cells = offer.formula1.replace("'", "").replace("$", "").partition("!")
        found[str(offer.sqref)] = (name, [cell.value for (cell,) in book[name][cells]])
    return found


def test_heads_and_text_columns(quanzhou: Notice) -> None:
    sheet = opened(made(quanzhou))[ROSTER_SHEET]
    assert [cell.value for cell in sheet[1]] == [field.title for field in FIELDS]
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCDEFGHIJ"} == {"@"}
    assert sheet.freeze_panes == "C2"
    assert sheet.max_row == 1


def test_cells_are_text_whatever_they_begin_with(quanzhou: Notice) -> None:
    sheet = opened(made(quanzhou, ROW))[ROSTER_SHEET]
    assert [(cell.data_type, cell.number_format) for cell in sheet[2]] == [("s", "@")] * len(ROW)
    assert sheet["F2"].value == "=语文"


def test_drop_downs_for_sex_kind_and_authority(quanzhou: Notice) -> None:
    last = 1 + SPARE_ROWS
    assert offers(opened(made(quanzhou))) == {
        f"C2:C{last}": (GUIDE_SHEET, ["男", "女"]),
        f"E2:E{last}": (GUIDE_SHEET, [kind.name for kind in quanzhou.kinds]),
        f"H2:H{last}": (GUIDE_SHEET, list(quanzhou.authorities)),
    }
    assert f"C2:C{last + 1}" in offers(opened(made(quanzhou, ROW)))


def test_the_guide_speaks_of_every_column(invented: Notice) -> None:
    lines = [str(cell.value) for cell in opened(made(invented))[GUIDE_SHEET]["A"]]
    for field in FIELDS:
        assert any(line.startswith(f"{field.title}：") for line in lines)
    assert any(f"{invented.cutoff.year}年" in line for line in lines)


def test_equal_bytes_for_equal_rows(quanzhou: Notice) -> None:
    assert made(quanzhou, ROW) == made(quanzhou, ROW) != made(quanzhou)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_keeps_drop_downs_and_text(quanzhou: Notice, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "名册.xlsx").write_bytes(made(quanzhou, ROW))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(tmp_path), str(tmp_path / "in" / "名册.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / "名册.xlsx") as packed:
        assert packed.testzip() is None
    book = load_workbook(tmp_path / "名册.xlsx")
    assert {offered[0] for offered in offers(book).values()} == {GUIDE_SHEET}
    assert sorted(len(offered[1]) for offered in offers(book).values()) == sorted(
        map(len, choices(quanzhou).values())
    )
    sheet = book[ROSTER_SHEET]
    assert tuple(cell.value for cell in sheet[2])[:9] == ROW[:9]
    assert {cell.number_format for cell in sheet[2]} == {"@"}
