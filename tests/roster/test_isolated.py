"""Files read in a child process: the same workbook, the same refusals, and an end to every hang."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from certclerk.core.errors import UserError
from certclerk.roster import isolated, read_isolated, read_workbook
from certclerk.system.child import program

SOURCE = Path(__file__).parents[2] / "src"


def refused(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        read_isolated(path)
    assert path.name in str(caught.value)
    return caught.value


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_nothing_is_lost_on_the_way(data: Path, form: str) -> None:
    path = data / f"roster.{form}"
    assert read_isolated(path) == read_workbook(path)


def test_text_tables_too(tmp_path: Path) -> None:
    path = tmp_path / "-名册 \U00020bb7.csv"
    path.write_text("姓名,身份证号码\n刘䶮,#N/A\n,\n\U00020bb7田,1\n", encoding="utf-8")
    workbook = read_isolated(path)
    assert workbook == read_workbook(path)
    assert not workbook.sheets[0].typed


def test_refusals_cross(data: Path, tmp_path: Path) -> None:
    for path, code in ((tmp_path / "无.xlsx", "roster_missing"), (tmp_path, "roster_is_folder")):
        assert refused(path).code == code
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes((data / "roster.xlsx").read_bytes()[:3000])
    assert refused(broken).code == "roster_damaged"


def test_what_lies_in_the_working_folder_is_not_run(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "csv.py").write_text("raise SystemExit", encoding="utf-8")
    (tmp_path / "certclerk").mkdir()
    monkeypatch.chdir(tmp_path)
    assert len(read_isolated(data / "roster.xlsx").sheets) == 3


@pytest.mark.skipif(os.name != "posix", reason="FIFOs")
def test_a_file_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "名册.xlsx"
    os.mkfifo(path)
    monkeypatch.setattr(isolated, "LIMITS", replace(isolated.LIMITS, seconds=1))
    assert refused(path).code == "roster_takes_too_long"


@pytest.mark.skipif(os.name != "posix", reason="the cap is tried out with POSIX's limits")
def test_a_small_file_that_fills_the_memory_is_refused(tmp_path: Path) -> None:
    """One long text that 15 000 cells share: 100 KB on the disk, over 1 GB once read."""
    path = tmp_path / "名册.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    stream = io.BytesIO()
    book.save(stream)
    cells = b"<sheetData>" + b'<row><c t="s"><v>0</v></c></row>' * 15_000 + b"</sheetData>"
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"<sheetData>.*</sheetData>", cells, old.read(name)))
        new.writestr("xl/sharedStrings.xml", f"<sst><si><t>{'x' * 60_000}</t></si></sst>")
    assert refused(path).code == "roster_needs_too_much_memory"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ([sys.executable, "-c", "import os; os.abort()"], "roster_breaks_reader"),
        (["./nothing-here"], "roster_reader_not_started"),
    ],
)
def test_a_crash_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], code: str
) -> None:
    monkeypatch.setattr(isolated, "program", lambda *_arguments: command)
    assert refused(tmp_path / "名册.xlsx").code == code


def test_the_child_has_no_window_in_it(data: Path) -> None:
    code = (
        "import sys; from certclerk.app import main; main(sys.argv[1:]);"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'certclerk.gui'))], file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, isolated.VERB, str(data / "roster.xlsx")],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert run.stdout.endswith('{"end":"done"}\n')
    assert run.stderr == "[]\n"


def test_the_verb_is_in_no_help() -> None:
    run = subprocess.run(
        program("--help"),
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert "sample" in run.stdout
    assert isolated.VERB not in run.stdout
