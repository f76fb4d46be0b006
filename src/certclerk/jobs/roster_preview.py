"""What the clerk sees of a table before it becomes part of the roster: everything the import wizard works with."""

from __future__ import annotations

from collections import Counter

from certclerk.core.merging import Act, Entry, Plan, State, Step
from certclerk.jobs.import_roster import (
    Remark,
    add_proposal,
    complaints,
    read,
    remarks,
    summary,
)
from certclerk.jobs.mapping_memory import recalled, remember
from certclerk.jobs.merge_roster import Merged, compare, merge
from certclerk.roster import (
    Layout,
    Problem,
    Proposal,
    ProposedRow,
    Sheet,
    Skip,
    Status,
    Value,
    Workbook,
    best_sheet,
    column_letters,
    detect,
    detect_at,
    propose,
    read_pasted,
)

__all__ = [
    "Act",
    "Entry",
    "Layout",
    "Merged",
    "Plan",
    "Problem",
    "Proposal",
    "ProposedRow",
    "Remark",
    "Sheet",
    "Skip",
    "State",
    "Status",
    "Step",
    "Value",
    "Workbook",
    "add_proposal",
    "best_sheet",
    "column_letters",
    "compare",
    "complaints",
    "detect",
    "detect_at",
    "merge",
    "propose",
    "read",
    "read_pasted",
    "recalled",
    "remarks",
    "remember",
    "skip_counts",
    "summary",
    "totals",
]

_SKIPS = {
    Skip.BLANK: "空行",
    Skip.TOTAL: "合计",
    Skip.NOTE: "说明",
    Skip.HEADER: "重复的表头",
    Skip.DUPLICATE: "重复的行",
}


def skip_counts(proposal: Proposal) -> tuple[tuple[str, int], ...]:
    """Why rows were passed over and how many for each reason; together all of them."""
    counts = Counter(row.skip for row in proposal.skipped)
    return tuple((word, counts[skip]) for skip, word in _SKIPS.items() if counts[skip])


def totals(proposal: Proposal) -> str:
    """The rows as a sum that adds up, and what became of them."""
    reasons = "、".join(f"{word} {count}" for word, count in skip_counts(proposal))
    return (
        f"共 {proposal.read} 行 = 导入 {len(proposal.accepted)} + 跳过 {len(proposal.skipped)}"
        f"{f'（{reasons}）' if reasons else ''} + 不能导入 {len(proposal.refused)}；"
        f"{len(proposal.teachers)} 名教师，{len(proposal.refused_cells)} 个单元格没有采用。"
    )
