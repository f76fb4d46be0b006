"""Writes the workbooks beside it: a messy roster as .xlsx, and as LibreOffice saves it as .ods and .xls.

python tests/data/roster/make.py        (needs openpyxl and soffice)
"""

from __future__ import annotations

import datetime
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HERE = Path(__file__).parent
DAY = datetime.date


def idn(first_17: str) -> str:
    """An invented number with its right check character."""
    return first_17 + "10X98765432"[sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True)) % 11]


HEAD = (
    "序号",
    "姓名",
    "性别",
    "身份证号码\n（18位）",
    "资格种类",
    "任教学科",
    "证书编号",
    "发证机关",
    "发证时间\n(年月日)",
    "备注",
)
MONTH = 'yyyy"年"m"月"'
QZ, XM = "泉州市教育局", "厦门市教育局"
# Rows as the clerk typed them; a pair is a value and its number format.
# fmt: off
ROWS: tuple[tuple[object, ...], ...] = (
    (1, "王芳", "女", idn("35050219800101002"), "小学", "语文", "20103520122000101", QZ, "2010.9"),
    (2, "李 娜", "女", idn("35050319810202004"), "高中", "数学", "20113520142000102", QZ, (DAY(2011, 7, 1), MONTH)),
    (3, "张　三", "男", idn("35050419820303005"), "高级中学", "英语", "20123520141000103", QZ, "2012年7月"),
    (None, None, None, None, "初级中学教师资格", "英语", "20093520131000104", QZ, 40057),
    (4, "阿依古丽•买买提", "女", idn("65010119830404002"), "初中", "音乐", "20133520132000105", QZ, "20130715"),
    (5, "王芳", "女", idn("35050219850505006"), "幼儿园教师资格", None, "20143520112000106", QZ, 2014.12, "同名"),
    (6, "刘䶮", "男", "３５０５０２１９８６０６０６００１３", "中职", "机电", "20153520151000107", QZ, "2015-06"),
    (7, "陈\u00a0明", "男", 350502198707070017, "小学", "体育", 20163520121000108, QZ, 2016.1),
    (8, "\U00020bb7田一", "男", idn("35050219880808001"), "高级中学", "物理", "20083520141000109", QZ, "2008.12", "换发"),
    (9, "林小妹", "女", 350502890909002, "小学", "美术", "20123520122000110", XM, ("=DATE(2012,8,1)", MONTH)),
    (10, "郑错", "男", "#N/A", "=1/0", "化学", "20123520141000111", QZ, "二〇一二年"),
    (),
    (11, "'黄撇", "男", "'35050219900101019x", "中职实习指导", "烹饪", "'20143520161000112", QZ, (2010.9, "yyyy-mm-dd"),
     "=A1"),
    (12, "吴二", "男", idn("35050219910202001"), "高中", "历史", "20153520141000113", QZ, "2015/7/1"),
    (13, "吴二", "男", idn("35050219910202001"), "初中", "历史", "20133520131000114", QZ, (DAY(2013, 7, 1), "yyyy-mm-dd")),
    ("合 计", 12),
    ("注：采集起止时间为2009年1月1日以来至今。",),
    ("填表人：赵某", None, None, None, "审核人：", None, None, None, "2017年3月1日"),
)
FORMULAS = ("#N/A", "=1/0", "=DATE(2012,8,1)")
# fmt: on


def write(path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "说明"
    cover["B2"] = "请在“名册”表中填写"
    sheet = book.create_sheet("名册")
    sheet["A2"] = "教师资格证书电子证照采集名册"
    sheet.merge_cells("A2:J2")
    sheet["A3"] = "报送单位：泉州第一中学"
    for row, values in enumerate((HEAD, *ROWS), start=4):
        for column, value in enumerate(values, start=1):
            content, form = value if isinstance(value, tuple) else (value, None)
            cell = sheet.cell(row, column, content)
            if isinstance(content, str) and content not in FORMULAS:
                cell.data_type = "s"
            if form:
                cell.number_format = form
    for column in "ABCD":
        sheet.merge_cells(f"{column}7:{column}8")
    hidden = book.create_sheet("旧表")
    hidden.append(HEAD)
    hidden.append(ROWS[0])
    hidden.sheet_state = "hidden"
    book.save(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "roster.xlsx"
        write(source)
        for kind in ("xlsx", "ods", "xls"):
            command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(HERE), str(source)]
            subprocess.run(command, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
