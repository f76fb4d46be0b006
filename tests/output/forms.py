"""Forms as bureaus hand them out, drawn with openpyxl."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from certclerk.core.form import Form, FormMapping

THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
ROSTER_HEADS = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "身份证件号码",
    "资格种类",
    "任教学科",
    "证书编号",
    "发证日期",
    "备注",
)
ROSTER_MAPPING = FormMapping(
    "登记表",
    4,
    1,
    (
        (0, "serial"),
        (1, "name"),
        (2, "sex"),
        (4, "id_number"),
        (5, "kind"),
        (6, "subject"),
        (7, "number"),
        (8, "issued"),
        (9, "note"),
    ),
)
COUNTS_MAPPING = FormMapping(
    "统计",
    3,
    2,
    ((0, "serial"), (1, "unit"), (2, "幼儿园"), (3, "小学"), (4, "初级中学"), (5, "高级中学")),
)


def roster_form(rows: int = 3, *, example: bool = True) -> Form:
    """
    1 教师资格证书登记表（A1:J1）
    2 填报单位（盖章）：      | 填表人： 联系电话：
    4 序号 姓名 …           row 5 an example, the rest empty and framed, the last column =LEN(name)
    . 合计 =COUNTA(B5:B7)
    . 注：… （merged）     校长签字：      填表日期：   年  月  日
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "登记表"
    sheet["A1"] = "教师资格证书登记表"
    sheet["A1"].font = Font(name="黑体", size=20, bold=True, color="FF0000")
    sheet.merge_cells("A1:K1")
    sheet["A2"] = "填报单位（盖章）："
    sheet.merge_cells("A2:E2")
    sheet["F2"] = "填 表 人：____  联系电话：________"
    sheet["H3"] = "单位代码"
    for column, head in enumerate((*ROSTER_HEADS, "字数"), start=1):
        cell = sheet.cell(4, column, head)
        cell.border, cell.fill = BOX, PatternFill("solid", fgColor="DDEEFF")
    for row in range(5, 5 + rows):
        for column in range(1, 12):
            cell = sheet.cell(row, column)
            cell.border, cell.font = BOX, Font(name="楷体", size=9, italic=row == 5)
            cell.alignment = Alignment(horizontal="center")
        sheet.cell(row, 11, f"=LEN(B{row})")
        sheet.cell(row, 1, row - 4)
        sheet.row_dimensions[row].height = 21
    if example:
        for column, text in enumerate(
            ("例", "李某", "男", "汉族", "35…", "小学", "语文", "2013…", "2013-07"), start=1
        ):
            sheet.cell(5, column, text)
    end = 5 + rows
    sheet.cell(end, 1, "合计")
    sheet.cell(end, 2, f"=COUNTA(B5:B{end - 1})")
    sheet.cell(end, 3, f"=B{end}*2")
    sheet.row_dimensions[end].height = 33
    sheet.cell(end + 1, 1, "注：一人多证分行填写。")
    sheet.merge_cells(start_row=end + 1, end_row=end + 1, start_column=1, end_column=11)
    sheet.cell(end + 2, 1, "校长签字：")
    sheet.cell(end + 2, 7, "填表日期：    年   月   日")
    sheet.print_title_rows = "1:4"
    sheet.print_area = f"A1:K{end + 2}"
    sheet.page_setup.orientation = "landscape"
    for letter in "BEFGHIJ":
        sheet.column_dimensions[letter].width = 24
    if not rows:
        return _form("附件1_{unit}_采集名册", "登记表.xlsx", ROSTER_MAPPING, book)
    choice = DataValidation("list", formula1='"男,女"')
    choice.add(f"C5:C{end - 1}")
    sheet.add_data_validation(choice)
    sheet.conditional_formatting.add(
        f"A5:A{end - 1}",
        CellIsRule(operator="greaterThan", formula=["99"], fill=PatternFill("solid", bgColor="FF0000")),
    )
    other = book.create_sheet("说明")
    other["A1"] = f"=登记表!B{end}+SUM(登记表!A5:A{end - 1})"
    other["A2"] = "请勿改动"
    return _form("附件1_{unit}_采集名册", "登记表.xlsx", ROSTER_MAPPING, book)


def counts_form(*units: str, blanks: int = 0) -> Form:
    """
    1 统计表
    2 填报单位 |         | 经办人 |
    3 序号 | 学校(单位) | 教师资格种类（C3:F3）
    4                   幼儿园 小学 初级中学 高级中学 | 合计（G3:G4）
    5 units, framed rows, then 合计
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "统计"
    sheet["A1"] = "统计表"
    sheet["A2"], sheet["C2"] = "填报单位", "经办人"
    for where, text in (
        ("A3:A4", "序号"),
        ("B3:B4", "学校(单位)"),
        ("C3:F3", "教师资格种类"),
        ("G3:G4", "合计"),
    ):
        sheet[where.split(":")[0]] = text
        sheet.merge_cells(where)
    for column, kind in enumerate(("幼儿园", "小学", "初级中学", "高级中学"), start=3):
        sheet.cell(4, column, kind)
    for row in range(5, 5 + len(units) + blanks):
        for column in range(1, 8):
            sheet.cell(row, column).border = BOX
        sheet.cell(row, 7, f"=SUM(C{row}:F{row})")
    for row, unit in enumerate(units, start=5):
        sheet.cell(row, 1, row - 4)
        sheet.cell(row, 2, unit)
    end = 5 + len(units) + blanks
    sheet.cell(end, 2, "合 计")
    sheet.cell(end, 7, f"=SUM(G5:G{end - 1})")
    return _form("附件2_{unit}_采集统计表", "统计表.xlsx", COUNTS_MAPPING, book)


def _form(annex: str, file_name: str, mapping: FormMapping, book: Workbook) -> Form:
    stream = io.BytesIO()
    book.save(stream)
    return Form(annex, file_name, mapping, stream.getvalue())
