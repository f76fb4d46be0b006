"""What more than one panel says. A panel's own words stand in the panel."""

from __future__ import annotations

from certclerk.core.page_forms import PAGE_SUFFIXES

PROGRAM = "教师资格证书电子证照采集"

ALL = "全部"
TRAY = "待归位"
TRASH = "回收站"
NO_KIND = "（未填种类）"
NO_TEACHER = "未选教师"

UNDO = "撤销"
REDO = "重做"
CANCEL = "取消"
CLOSE = "关闭"
RETRY = "重试"
CONFIRM_FINDING = "确认无误…"
ABSENT = "无此页"
MARK_ABSENT = "无此页…"
REASON = "原因"
CERTIFICATE_REMOVED = "已删除证书，它的页在回收站。"
CLEAR_RECENT = "清空列表"
LOADING = "正在载入…"
UNSHOWABLE = "这一页的图像不能显示。"

PAGE_FILTER = f"扫描页 ({' '.join(f'*{suffix}' for suffix in PAGE_SUFFIXES)});;所有文件 (*)"
# What a roster's table can be called; a file of any name is read for what it is.
TABLE_SUFFIXES = (".xlsx", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")
ROSTER_FILTER = f"名册 ({' '.join(f'*{suffix}' for suffix in TABLE_SUFFIXES)});;所有文件 (*)"
COLLECTION_FILTER = "采集文件 (*.certclerk)"
NOTICE_FILTER = "通知配置 (*.toml)"
SAVE_PDF = "存为 PDF…"
PDF_FILTER = "PDF 文件 (*.pdf)"
TEXT_FILTER = "文本文件 (*.txt)"
