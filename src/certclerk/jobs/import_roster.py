"""Importing a roster: a table read, its proposal added to the collection in one change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.roster import (
    Proposal,
    Skip,
    Status,
    Workbook,
    best_sheet,
    column_letters,
    detect,
    propose,
    read_isolated,
)

_SKIPS = {
    Skip.BLANK: "空行",
    Skip.TOTAL: "合计",
    Skip.NOTE: "说明",
    Skip.HEADER: "重复的表头",
    Skip.DUPLICATE: "重复的行",
}


def read(path: Path) -> Workbook:
    """The file's sheets, read in a child process whose time and memory are capped.

    Raises UserError with a sentence for each way in which the file can be unusable.
    """
    return read_isolated(path)


@dataclass(frozen=True, slots=True)
class Reading:
    """The most likely sheet as its head is understood, and what beside it was not read.

    ``columns`` are titles that mean nothing here (letters where there is none), ``sheets`` visible ones that
    look like a roster too.
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
    below = range(layout.first_data_row - 1, len(sheet.rows))
    return Reading(
        proposal=propose(sheet, layout, notice),
        columns=tuple(
            role.title or f"第 {column_letters(role.column)} 列"
            for role in layout.columns
            if not role.field and (role.title or any(sheet.cell(row, role.column).text for row in below))
        ),
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
    if not proposal.read:
        return f"工作表“{proposal.sheet}”里还没有填写教师，没有导入。请填好、保存后再导入。"
    return (
        f"工作表“{proposal.sheet}”共 {proposal.read} 行：导入 {len(proposal.accepted)} 行"
        f"（{len(proposal.teachers)} 名教师），跳过 {len(proposal.skipped)} 行{skip_reasons(proposal)}，"
        f"不能导入 {len(proposal.refused)} 行；没有采用的单元格 {len(proposal.refused_cells)} 个。"
    )


def skip_counts(proposal: Proposal) -> tuple[tuple[str, int], ...]:
    """Why rows were passed over and how many for each reason; together all of them."""
    counts = Counter(row.skip for row in proposal.skipped)
    return tuple((word, counts[skip]) for skip, word in _SKIPS.items() if counts[skip])


def skip_reasons(proposal: Proposal) -> str:
    """The same in brackets, nothing where no row was passed over."""
    reasons = "、".join(f"{word} {count}" for word, count in skip_counts(proposal))
    return f"（{reasons}）" if reasons else ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A row that was not taken in, or its cell in ``column`` that was not taken as it stood.

    ``row`` as the spreadsheet program counts, ``serial`` its 序号 or empty, ``title`` the column's.
    """

    row: int
    serial: str
    reason: str
    column: int | None = None
    title: str = ""
    refused: bool = False

    @property
    def text(self) -> str:
        """For a list beside the table."""
        number = f"（序号 {self.serial}）" if self.serial else ""
        return f"第 {self.row} 行{number}{f'　{self.title}' if self.title else ''}：{self.reason}"


def remarks(proposal: Proposal) -> tuple[Remark, ...]:
    """Every row refused or skipped but the blank ones, every cell refused or in doubt, from top to bottom."""
    rows = [
        Remark(row.number, _number(row.serial), f"{row.status.label}，{row.reason}")
        for row in proposal.rows
        if row.status is not Status.ACCEPTED and row.skip is not Skip.BLANK
    ]
    cells = [
        Remark(cell.row, _number(cell.serial), cell.reason, cell.column, cell.title, cell.problem.refused)
        for cell in proposal.problems
    ]
    return tuple(
        sorted(
            [*rows, *cells], key=lambda remark: (remark.row, -1 if remark.column is None else remark.column)
        )
    )


def complaints(proposal: Proposal) -> Iterator[str]:
    """The remarks as lines that stand alone: by sheet, row, 序号 and reason."""
    for remark in remarks(proposal):
        number = f"（序号{remark.serial}）" if remark.serial else ""
        title = f" {remark.title}" if remark.title else ""
        refused = "没有采用，" if remark.refused else ""
        yield f"工作表“{proposal.sheet}”第{remark.row}行{number}{title}：{refused}{remark.reason}"


def _number(serial: str) -> str:
    """What stands under 序号 in a total or a note is not a number."""
    return serial if serial.isdecimal() else ""
