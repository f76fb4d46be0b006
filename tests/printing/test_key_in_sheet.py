from __future__ import annotations

import io
from dataclasses import replace

from pypdf import PdfReader

from certclerk.core.key_in_summary import key_in_summary
from certclerk.core.keying import KeyEntry, Keying, key_digest, key_fields
from certclerk.core.records import Certificate, Filing, Teacher
from certclerk.printing.key_in_sheet import key_in_pdf

HELD = Certificate(7, 1, "高级中学", "语文", "20133599042000001", "泉州市教育局", "2013-07")
LIN = Teacher(1, 4, "林晓雯", "女", "359901198001010025", note="补发", certificates=(HELD,))


def entry(serial: int, name: str, keying: Keying | None = None, **values: str) -> KeyEntry:
    certificate = replace(HELD, **values)
    teacher = replace(LIN, serial=serial, name=name, certificates=(certificate,))
    return KeyEntry(teacher, certificate, 1, key_fields(teacher, certificate), keying)


def pages(entries: list[KeyEntry]) -> list[str]:
    pdf = PdfReader(io.BytesIO(key_in_pdf(entries, "泉州第一中学", ["录入时间 3月13日起"])))
    return ["".join(page.extract_text().split()) for page in pdf.pages]


def test_every_field_stands_on_the_sheet() -> None:
    rare = "阿依古丽·买䶮"
    (text,) = pages([entry(4, rare)])
    for word in (
        rare,
        "359901198001010025",
        "20133599042000001",
        "高级中学",
        "语文",
        "补发",
        "录入时间3月13日起",
    ):
        assert word in text
    assert "2013-07（只有年月，没有日）" in text


def test_a_long_address_is_wrapped_to_its_last_figure() -> None:
    facts = ["某市行政服务中心二楼教育局窗口" * 8 + "　22138813"]
    pdf = PdfReader(io.BytesIO(key_in_pdf([entry(4, "林晓雯")], "泉州第一中学", facts)))
    right = float(pdf.pages[0].mediabox.width)
    ends: list[float] = []

    def look(text: str, _current: list[float], matrix: list[float], _font: object, _size: float) -> None:
        if "窗口" in text:
            ends.append(matrix[4] + len(text.strip()) * 12.0)

    pdf.pages[0].extract_text(visitor_text=look)
    text = "".join(pdf.pages[0].extract_text().split())
    assert "22138813" in text and len(ends) > 1
    assert max(ends) < right


def test_a_certificate_is_whole_on_one_page_and_pages_are_counted() -> None:
    many = [entry(serial, f"教师{serial:03}", number=f"2013359904200{serial:04}") for serial in range(1, 19)]
    found = pages(many)
    assert len(found) > 2
    for number, text in enumerate(found, 1):
        assert f"第{number}页，共{len(found)}页" in text
    for serial in range(1, 19):
        (page,) = (text for text in found if f"教师{serial:03}" in text)
        assert f"2013359904200{serial:04}" in page


def test_what_is_ticked_is_ticked_on_paper_with_its_reason() -> None:
    done = Keying("done", "", "2026-03-13T01:00:00+00:00", key_digest(entry(1, "王芳").fields))
    problem = replace(done, state="problem", reason="系统里已有")
    (text,) = pages([entry(1, "王芳", done), entry(2, "李娜", problem)])
    assert "✓" in text and "李娜系统里已有" in text


def test_the_summary_counts_and_gives_reasons() -> None:
    done = Keying("done", "", "2026-03-13T01:00:00+00:00", key_digest(entry(1, "王芳").fields))
    problem = replace(done, state="problem", reason="系统里已有")
    listed = key_in_summary(
        [
            entry(1, "王芳", done),
            entry(2, "李娜", problem),
            entry(3, "张三"),
            entry(1, "王芳", done, subject="数学"),
        ],
        Filing("泉州第一中学"),
    )
    assert listed.summary == "共 4 本：未录入 1 本，已录入 1 本，有问题 1 本，录入后有改动 1 本。"
    assert [row[4] for row in listed.table.grid.rows] == ["已录入", "有问题", "未录入", "录入后有改动"]
    assert listed.table.grid.rows[1][5] == "系统里已有"
