"""Tables from outside into proposed records: read a workbook, find its head, propose teachers.

``read_isolated`` (a file, in a child process) -> ``best_sheet`` -> ``detect`` -> (the clerk changes the mapping) -> ``propose``.
"""

from certclerk.roster.cells import Cell, CellKind, Merge, Sheet, Workbook, column_letters
from certclerk.roster.counts_layout import counts_at, detect_counts
from certclerk.roster.delimited import read_pasted
from certclerk.roster.isolated import answer_read, read_isolated
from certclerk.roster.joining import propose
from certclerk.roster.layout import DEEPEST_HEAD, ColumnRole, Layout, best_sheet, detect, detect_at
from certclerk.roster.packed import Packed, open_packed
from certclerk.roster.proposal import CellProblem, Proposal, ProposedRow, Status
from certclerk.roster.skips import Skip
from certclerk.roster.values import Problem, Value
from certclerk.roster.workbook import parse_workbook, read_workbook

__all__ = [
    "DEEPEST_HEAD",
    "Cell",
    "CellKind",
    "CellProblem",
    "ColumnRole",
    "Layout",
    "Merge",
    "Packed",
    "Problem",
    "Proposal",
    "ProposedRow",
    "Sheet",
    "Skip",
    "Status",
    "Value",
    "Workbook",
    "answer_read",
    "best_sheet",
    "column_letters",
    "counts_at",
    "detect",
    "detect_at",
    "detect_counts",
    "open_packed",
    "parse_workbook",
    "propose",
    "read_isolated",
    "read_pasted",
    "read_workbook",
]
