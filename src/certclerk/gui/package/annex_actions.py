"""What is done with the annexes of a submission that stands: printed for the seal, and scanned with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from certclerk.core.errors import UserError
from certclerk.core.printed_table import PrintedTable
from certclerk.gui import files, print_preview
from certclerk.gui.buttons import button
from certclerk.gui.session import Session
from certclerk.jobs.sealed import SIGNATURES, Outcome, add_sealed, record_sealed

SCAN_FILTER = f"扫描件 ({' '.join('*' + suffix for suffix in SIGNATURES)})"

Told = Callable[[str], None]


def print_button(owner: QWidget, tables: Sequence[PrintedTable], complain: Told) -> QPushButton:
    """打印, with a preview of each annex; without a printer it says where the PDF is."""

    def show(table: PrintedTable) -> None:
        if print_preview.has_printer():
            print_preview.show_preview(owner, table, lambda error: complain(str(error)))
        else:
            complain(str(UserError("print_no_printer")))

    return _menu_button(
        "打印…",
        "printAnnexesButton",
        "打印名册和统计表，供盖章",
        [(f"打印{table.label or table.title}…", partial(show, table)) for table in tables],
    )


def sealed_button(named_stems: Sequence[tuple[str, str]], choose: Callable[[str], None]) -> QPushButton:
    """加入盖章扫描件, for annexes by name and file; ``choose`` is told the file, without suffix, of the chosen one."""
    return _menu_button(
        "加入盖章扫描件…",
        "sealedCopyButton",
        "加入盖章后的扫描件",
        [(f"{name}的扫描件…", partial(choose, stem)) for name, stem in named_stems],
    )


def add_scans(
    owner: QWidget,
    session: Session,
    submission_id: int,
    folder: Path,
    stem: str,
    limit_mb: float | None,
    added: Callable[[Outcome], None],
    complain: Told,
) -> None:
    """Asks for the scans of one annex and puts them into the submission in ``folder``, which takes a worker.

    Cancelled or refused, everything is as before, and ``complain`` is told why.
    """
    scans = files.choose_files(owner, f"选择“{stem}”盖章后的扫描件", SCAN_FILTER, folder.parent)
    if not scans:
        return

    def take(outcome: Outcome) -> None:
        session.act(record_sealed, submission_id, outcome)
        added(outcome)

    session.runner.run(
        lambda job: add_sealed(folder, stem, scans, session.notice, limit_mb, job.is_cancelled),
        take,
        lambda error: complain(str(error)),
        owner=owner,
    )


def _menu_button(
    text: str, name: str, spoken: str, entries: Sequence[tuple[str, Callable[[], None]]]
) -> QPushButton:
    made = button(text, name, spoken=spoken)
    menu = QMenu(made)
    for number, (entry, chosen) in enumerate(entries, start=1):
        action = menu.addAction(entry)
        action.setObjectName(f"{name}Annex{number}")
        action.triggered.connect(lambda _checked=False, act=chosen: act())
    made.setMenu(menu)
    made.setEnabled(bool(entries))
    return made
