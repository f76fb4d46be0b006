"""What the clerk sees of a table before it becomes part of the roster: everything the import wizard works with."""

from __future__ import annotations

from certclerk.core.merging import Act, Entry, Plan, State, Step
from certclerk.jobs.import_roster import (
    Remark,
    add_proposal,
    complaints,
    read,
    remarks,
    skip_counts,
    skip_reasons,
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


def totals(proposal: Proposal) -> str:
    """The rows as a sum that adds up, and what became of them."""
    return (
        f"共 {proposal.read} 行 = 导入 {len(proposal.accepted)} + 跳过 {len(proposal.skipped)}"
        f"{skip_reasons(proposal)} + 不能导入 {len(proposal.refused)}；"
        f"{len(proposal.teachers)} 名教师，{len(proposal.refused_cells)} 个单元格没有采用。"
    )
