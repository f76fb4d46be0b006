"""Tables on paper, their PDFs read back with poppler."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QGuiApplication, QImage, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from certclerk.core.annexes import Entry, annex_tables
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.printed_table import CellValue, Grid, HeadCell, PrintedTable
from certclerk.core.records import Certificate, Filing, Teacher
from certclerk.printing.application import ensure_application
from certclerk.printing.fonts import BODY, font, missing_glyphs, shipped_family
from certclerk.printing.tables import paint, pdf_bytes, table_pdf
from certclerk.printing.text import wrapped

pytestmark = pytest.mark.usefixtures("qapp")
UNIT = "泉州幼儿高等专业学校附属东海湾实验幼儿园"


def tables(notice: Notice, names: list[str], note: str = "") -> tuple[PrintedTable, ...]:
    entries = []
    for number, name in enumerate(names, start=1):
        certificate = Certificate(
            number,
            number,
            kind=notice.collected_kinds[-1].name,
            subject="语文",
            number=f"2031350000{number:07}",
            authority=notice.authorities[0],
            issued="2031-07-01",
        )
        teacher = Teacher(number, number, name, "女", "350502198501010011", note=note if number == 2 else "")
        entries.append(Entry(number, teacher, (certificate,)))
    return annex_tables(entries, Filing(UNIT, "陈小明", "0595-22138813", date(2032, 3, 1)), notice)


def pages(table: PrintedTable, folder: Path) -> list[str]:
    """The text of each page, without spaces and line ends."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    file = folder / "a.pdf"
    table_pdf(table, file)
    done = subprocess.run(["pdftotext", "-enc", "UTF-8", file, "-"], check=True, capture_output=True)
    return [re.sub(r"\s", "", page) for page in done.stdout.decode().split("\f")[:-1]]


def test_the_first_page_has_label_title_facts_head_and_rows(quanzhou: Notice, tmp_path: Path) -> None:
    (text,) = pages(tables(quanzhou, ["王芳", "李娜"])[0], tmp_path)
    for expected in (
        "附件1",
        "教师资格证书电子证照采集名册",
        f"报送单位（盖章）：{UNIT}",
        "经办人：陈小明",
        "填报时间：2032年3月1日",
        "身份证号码",
        "350502198501010011",
        "20313500000000002",
        "中等职业学校实习指导",
        "注：教师资格证书电子证照采集名册起止时间为2009年1月1日以来至今。",
        "第1页，共1页",
    ):
        assert expected in text


def test_two_hundred_rows_repeat_the_head_and_count_the_pages(quanzhou: Notice, tmp_path: Path) -> None:
    names = [f"教{chr(0x4E00 + number)}" for number in range(200)]
    texts = pages(tables(quanzhou, names)[0], tmp_path)
    assert 8 <= len(texts) <= 20
    for number, text in enumerate(texts, start=1):
        assert f"第{number}页，共{len(texts)}页" in text
        assert "身份证号码" in text
        assert ("附件1" in text) == (number == 1)
        assert ("起止时间" in text) == (number == len(texts))
    assert all(any(name in text for text in texts) for name in names)


def test_the_counts_with_an_appended_unit(quanzhou: Notice, tmp_path: Path) -> None:
    text = "".join(pages(tables(quanzhou, ["王芳"])[1], tmp_path))
    assert "教师资格认定(资格种类)人数" in text
    assert f"18{UNIT}" in text


@pytest.mark.parametrize("length", [30, 300, 3000])
def test_long_text_is_never_cut(length: int, quanzhou: Notice, tmp_path: Path) -> None:
    # 壿 shares its glyph with 墫, and reads back as that.
    note = "".join(chr(0x4E00 + number) for number in range(length)).replace("壿", "")
    texts = pages(tables(quanzhou, ["王芳", "李娜", "张三"], note)[0], tmp_path)
    assert set(note) <= set("".join(texts))
    assert any("20313500000000003" in text for text in texts)


def test_rare_names_print(quanzhou: Notice, tmp_path: Path) -> None:
    # What is beyond 16 bits prints, but Qt gives it no text to copy.
    (text,) = pages(tables(quanzhou, ["阿依古丽·买买提", "龙䶮", "𠮷祥"])[0], tmp_path)
    for name in ("阿依古丽·买买提", "龙䶮", "祥"):
        assert name in text


def test_paper_and_title(quanzhou: Notice, invented: Notice, tmp_path: Path) -> None:
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo is not installed")
    landscape, portrait = tables(quanzhou, ["王芳"])[0], tables(invented, ["王芳"])[1]
    for table, size in ((landscape, "842 x 595"), (portrait, "595 x 842")):
        table_pdf(table, tmp_path / "a.pdf")
        told = subprocess.run(
            ["pdfinfo", tmp_path / "a.pdf"], check=True, capture_output=True
        ).stdout.decode()
        assert size in told
        assert table.title in told


def test_nothing_reaches_into_the_margins(quanzhou: Notice, tmp_path: Path) -> None:
    """Drawn at 50 dpi, the outer 14 mm are white all round, but the table's frame is there beside them."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    table_pdf(tables(quanzhou, ["王芳"] * 30, "很长的备注" * 50)[0], tmp_path / "a.pdf")
    subprocess.run(["pdftoppm", "-r", "50", "-png", tmp_path / "a.pdf", tmp_path / "p"], check=True)
    margin = int(14 / 25.4 * 50)
    for file in sorted(tmp_path.glob("p*.png")):
        picture = QImage(str(file)).convertToFormat(QImage.Format.Format_Grayscale8)
        dark = [
            (x, y)
            for y in range(picture.height())
            for x in range(picture.width())
            if picture.pixelColor(x, y).lightness() < 128
        ]
        assert min(x for x, _ in dark) >= margin
        assert max(x for x, _ in dark) <= picture.width() - margin
        assert min(y for _, y in dark) >= margin
        assert max(y for _, y in dark) <= picture.height() - margin


def test_another_notice(invented: Notice, tmp_path: Path) -> None:
    counts, roster, kept = (pages(table, tmp_path)[0] for table in tables(invented, ["王芳"]))
    assert "附表一" in counts
    assert "持证人证件号等级证号顺序" in roster
    assert "附" not in kept.split("技能等级证书人数")[0]


def small(
    *rows: tuple[CellValue, ...], left: frozenset[int] = frozenset(), least_lines: int = 1
) -> PrintedTable:
    grid = Grid((HeadCell("甲", 0, 0), HeadCell("乙", 0, 1)), 1, (9.0, 9.0), rows, left, least_lines)
    return PrintedTable("", "题", "a", False, (), grid, "")


def test_rows_to_be_signed_are_higher(tmp_path: Path) -> None:
    rows = [("王芳", "")] * 30
    assert len(pages(small(*rows), tmp_path)) == 1
    assert len(pages(small(*rows, least_lines=3), tmp_path)) == 3


def test_a_column_may_stand_at_the_left(tmp_path: Path) -> None:
    def left_edge(table: PrintedTable) -> float:
        (tmp_path / "a.pdf").write_bytes(pdf_bytes(table))
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed")
        done = subprocess.run(
            ["pdftotext", "-bbox", tmp_path / "a.pdf", "-"], check=True, capture_output=True
        )
        found = re.search(r'xMin="([0-9.]+)"[^>]*>李', done.stdout.decode())
        assert found
        return float(found[1])

    assert left_edge(small(("王芳", "李"))) - left_edge(small(("王芳", "李"), left=frozenset({1}))) > 50


def test_a_printer_gets_the_same_pages(quanzhou: Notice, tmp_path: Path) -> None:
    table = tables(quanzhou, [f"教{chr(0x4E00 + number)}" for number in range(100)])[0]
    texts = pages(table, tmp_path)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(600)
    paint(table, printer)
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", tmp_path / "printed.pdf", "-"], check=True, capture_output=True
    )
    printed = [re.sub(r"\s", "", page) for page in done.stdout.decode().split("\f")[:-1]]
    assert len(printed) == len(texts)
    assert [page[-20:] for page in printed] == [page[-20:] for page in texts]


@pytest.mark.qt_log_ignore("QPainter::begin", "QPdf")
def test_a_printer_that_does_not_begin_is_told(tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "gone" / "a.pdf"))
    with pytest.raises(UserError) as caught:
        paint(small(("王芳", "")), printer)
    assert caught.value.code == "printer_refused"


def test_an_empty_table_prints_its_head(quanzhou: Notice, tmp_path: Path) -> None:
    (text,) = pages(tables(quanzhou, [])[0], tmp_path)
    assert "身份证号码" in text


def test_what_cannot_be_written_leaves_the_old_file(quanzhou: Notice, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        table_pdf(tables(quanzhou, ["王芳"])[0], tmp_path / "gone" / "a.pdf")
    assert caught.value.code == "path_vanished"


def test_missing_glyphs_are_named() -> None:
    assert missing_glyphs(["王芳·䶮𠮷 \u3000\n", "A-1（２）"]) == frozenset()
    assert missing_glyphs(["王\ue123", "\U0010fffd"]) == {"\ue123", "\U0010fffd"}


def test_the_shipped_font_stands_behind_every_style() -> None:
    assert font(("没有这种字体",), 10.5).families() == [shipped_family()]
    assert font((shipped_family(),), 10.5).families()[-1] == shipped_family()


def test_lines_are_cut_where_they_may_be(tmp_path: Path) -> None:
    device = QPdfWriter(str(tmp_path / "unused.pdf"))
    device.setResolution(72)
    body = font(BODY, 10.0)
    assert wrapped("", body, 50, device) == ("",)
    assert wrapped("一二三四五六七", body, 31, device) == ("一二三", "四五六", "七")
    assert wrapped("𠮷𠮷𠮷𠮷", body, 21, device) == ("𠮷𠮷", "𠮷𠮷")
    assert wrapped("上\n下", body, 50, device) == ("上", "下")
    assert "".join(wrapped("350502198501010011", body, 40, device)) == "350502198501010011"
    assert wrapped("Maria Lopez", body, 45, device) == ("Maria", "Lopez")


def test_a_running_application_is_used() -> None:
    running = QGuiApplication.instance()
    ensure_application()
    assert QGuiApplication.instance() is running


def test_equal_tables_are_equal_bytes_that_tell_neither_day_nor_program(quanzhou: Notice) -> None:
    first, second = tables(quanzhou, ["王芳", "李娜"])
    assert pdf_bytes(first) == pdf_bytes(first)
    read = PdfReader(io.BytesIO(pdf_bytes(first)))
    assert (read.metadata or {}).get("/Title") == first.title
    assert read.trailer["/Root"]["/Lang"] == "zh-CN"
    for told in (b"Qt ", b"certclerk", b"D:20", b"uuid", b"xmp"):
        assert told not in pdf_bytes(first)
    changed = tables(quanzhou, ["王芳", "李雷"])[0]
    identifiers = {
        str(PdfReader(io.BytesIO(pdf_bytes(each))).trailer["/ID"][0]) for each in (first, second, changed)
    }
    assert len(identifiers) == 3


def test_it_prints_without_a_screen_or_a_window(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from certclerk.core.printed_table import Grid, HeadCell, PrintedTable;"
        "from certclerk.printing.tables import paint, pdf_bytes, table_pdf;"
        "grid = Grid((HeadCell('甲', 0, 0),), 1, (9.0,), (('乙',),));"
        f"table_pdf(PrintedTable('', '题', 'a', False, (), grid, ''), Path({str(tmp_path / 'a.pdf')!r}))"
    )
    source = Path(__file__).parents[2] / "src"
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "QT_QPA_PLATFORM")
    }
    subprocess.run([sys.executable, "-c", script], check=True, env={**environment, "PYTHONPATH": str(source)})
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
