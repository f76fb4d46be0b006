"""Importing a roster: a table read, its proposal added to the collection in one change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.roster import Proposal, Skip, Workbook, best_sheet, detect, propose, read_workbook


def read(path: Path) -> Workbook:
    """The workbook's sheets. Raises UserError with a sentence for each way in which it can be unusable."""
    return read_workbook(path)


@dataclass(frozen=True, slots=True)
class Reading:
    """The most likely sheet as its head is understood, and what beside it was not read.

    ``columns`` are titles that mean nothing here, ``sheets`` visible ones that look like a roster too.
    """

    proposal: Proposal
    columns: tuple[str, ...]
    sheets: tuple[str, ...]


def best_reading(workbook: Workbook, notice: Notice) -> Reading:
    """What an import would add. Raises UserError ``roster_no_head`` where no sheet has a head."""
    sheet = workbook.sheets[best_sheet(workbook, notice)]
    layout = detect(sheet, notice)
    if not layout.found:
        raise UserError("roster_no_head")
    return Reading(
        proposal=propose(sheet, layout, notice),
        columns=tuple(role.title for role in layout.columns if role.title and not role.field),
        sheets=tuple(
            other.name
            for other in workbook.sheets
            if other is not sheet and not other.hidden and detect(other, notice).found
        ),
    )


def add_proposal(collection: Collection, proposal: Proposal) -> tuple[int, ...]:
    """Adds the proposed teachers at the end of the roster; one change, one undo. Returns their ids."""
    with collection.change(f"导入名册（{len(proposal.teachers)} 人）") as change:
        return change.add_teachers(proposal.teachers)


def summary(proposal: Proposal) -> str:
    """The totals, which add up: read = accepted + skipped + refused."""
    blank = sum(row.skip is Skip.BLANK for row in proposal.skipped)
    of_them_blank = f"（其中空行 {blank} 行）" if blank else ""
    return (
        f"工作表“{proposal.sheet}”共 {proposal.read} 行：导入 {len(proposal.accepted)} 行"
        f"（{len(proposal.teachers)} 名教师），跳过 {len(proposal.skipped)} 行{of_them_blank}，"
        f"不能导入 {len(proposal.refused)} 行；没有采用的单元格 {len(proposal.refused_cells)} 个。"
    )


def complaints(proposal: Proposal) -> Iterator[str]:
    """Every cell refused or not understood, every row refused or skipped but the blank ones.

    Each by sheet, row, 序号 and reason, from top to bottom.
    """
    told = [
        (row.number, 0, f"{_place(proposal.sheet, row.number, row.serial)}：{row.status.label}，{row.reason}")
        for row in (*proposal.refused, *proposal.skipped)
        if row.skip is not Skip.BLANK
    ]
    told += [
        (
            cell.row,
            cell.column,
            f"{_place(cell.sheet, cell.row, cell.serial)} {cell.title}："
            f"{'没有采用，' if cell.problem.refused else ''}{cell.reason}",
        )
        for cell in proposal.problems
    ]
    yield from (line for *_, line in sorted(told))


def _place(sheet: str, row: int, serial: str) -> str:
    return f"工作表“{sheet}”第{row}行" + (f"（序号{serial}）" if serial.isdecimal() else "")
