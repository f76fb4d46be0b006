"""Rows below the head that are no teacher's: blank, totals, notes, the head again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from certclerk.core.names import half_width, without_spaces
from certclerk.roster.cells import Cell, Sheet
from certclerk.roster.heads import bare, compact
from certclerk.roster.layout import Layout
from certclerk.roster.values import Problem, Value


class Skip(StrEnum):
    """Why a row was passed over."""

    BLANK = "blank"
    TOTAL = "total"
    NOTE = "note"
    HEADER = "header"
    DUPLICATE = "duplicate"


_TOTAL = re.compile(
    r"(本页|本表|全校|本校|人数)?(合计|总计|小计|共计|累计|总人数)[:0-9人数名本个项男女共其中,、。.;/]*"
    r"|共[0-9]+[人名本].*"
)
_SIGNER = "填表人|制表人|制表|填报人|审核人|复核人|负责人|经办人|联系人|联系电话|电话|校长|单位负责人"
_FILER = "单位|学校|填报单位|报送单位|盖章|公章|单位盖章|学校盖章|单位公章"
_WHEN = "日期|(填报|填表|制表|报送|打印)(时间|日期)"
_NOTE = re.compile(
    r"(注|备注|说明|填表说明|填报说明|注意事项|提示|温馨提示)[0-9]*[:、.].*|注[0-9]*"
    rf"|({_SIGNER}|{_FILER}|{_WHEN})(签字|签名|签章)?:.*"
)
# Without a colon it may as well be what a person is, so it counts only where no name stands beside it.
_SIGNATURE = re.compile(rf"({_SIGNER}|{_FILER}|{_WHEN})(签字|签名|签章)?")
_PAGE = re.compile(r"第[0-9]+页.*|-?[0-9]+/[0-9]+页?-?")
_BRACKETS = re.compile(r"\([^)]*\)")
_SENTENCE = re.compile(r"[,，。;；:]")
# How much of a cell tells whether it is a total or a note (characters).
_LEAD = 200
# A name this long with a sentence's punctuation in it is no name (characters).
_LONG_NAME = 12
# What a teacher's row has and a note or a total has not.
_PERSONAL = ("id_number", "number", "sex")


@dataclass(frozen=True, slots=True)
class HeadTexts:
    """What stands in and above the head, to know it again further down."""

    columns: tuple[frozenset[str], ...]
    above: frozenset[str]

    def repeated_in(self, cells: Sequence[Cell]) -> bool:
        found = False
        for column, cell in enumerate(cells):
            if cell.blank:
                continue
            text = compact(cell.text)
            below_own_head = column < len(self.columns) and text in self.columns[column]
            if not text or not (below_own_head or text in self.above):
                return False
            found = True
        return found


def head_texts(sheet: Sheet, layout: Layout) -> HeadTexts:
    head = range(layout.header_row - 1, layout.first_data_row - 1) if layout.header_row else range(0)
    return HeadTexts(
        columns=tuple(
            frozenset(compact(sheet.cell(row, role.column).text) for row in head) - {""}
            for role in layout.columns
        ),
        above=frozenset(
            compact(cell.text) for row in range(head.start) for cell in sheet.rows[row] if not cell.blank
        )
        - {""},
    )


def skipped(cells: Sequence[Cell], values: Mapping[str, Value], heads: HeadTexts) -> tuple[Skip, str] | None:
    """Why a row with content is passed over, with a sentence; None for a row to be taken in.

    A row with something understood under identity number, certificate number or sex is never a total or a note.
    """
    written = [cell.text for cell in cells if not cell.blank]
    if heads.repeated_in(cells):
        return Skip.HEADER, "重复的标题或表头"
    if any(_understood(values.get(field)) for field in _PERSONAL):
        return None
    name = values["name"].read if "name" in values else ""
    leads = [_BRACKETS.sub("", without_spaces(half_width(text[:_LEAD]))) for text in (written[0], name)]
    if any(map(_TOTAL.fullmatch, leads)):
        return Skip.TOTAL, "合计行"
    signed = (not name or name == written[0]) and _SIGNATURE.fullmatch(leads[0])
    noted = any(_NOTE.fullmatch(lead) or _PAGE.fullmatch(lead) for lead in leads)
    if signed or noted or not any(map(bare, written)):
        return Skip.NOTE, f"说明行：{written[0].strip()}"
    if len(written) > 1:
        return None
    serial = values["serial"].understood if "serial" in values else ""
    if serial:
        return (
            (Skip.BLANK, "只有序号") if serial.isdecimal() else (Skip.NOTE, f"只有文字：{written[0].strip()}")
        )
    if name and len(name) > _LONG_NAME and _SENTENCE.search(half_width(name)):
        return Skip.NOTE, f"说明行：{name.strip()}"
    return None


def _understood(value: Value | None) -> bool:
    return value is not None and not value.blank and value.problem is not Problem.NOT_UNDERSTOOD
