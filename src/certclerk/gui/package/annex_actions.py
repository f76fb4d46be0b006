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
from certclerk.gui.progress_dialog import ProgressDialog
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.gui.tasks import Job
from certclerk.jobs.sealed import SIGNATURES, Outcome, add_sealed, record_sealed

SCAN_FILTER = f"扫描件 ({' '.join('*' + suffix for suffix in SIGNATURES)})"

OVER_WITH_SCANS = "第一封邮件加上扫描件后超过了上限，请把扫描件缩小后重新加入，或另发一封。"

Told = Callable[[str], None]
# What a menu offers: its words, what it does.
Entries = Sequence[tuple[str, Callable[[], None]]]


def print_button() -> QPushButton:
    return _menu_button("打印…", "printAnnexesButton", "打印名册和统计表，供盖章")


def print_entries(owner: QWidget, tables: Sequence[PrintedTable], complain: Told) -> Entries:
    """A preview of each annex; without a printer it says where the PDF is."""

    def show(table: PrintedTable) -> None:
        if print_preview.has_printer():
            print_preview.show_preview(owner, table, lambda error: complain(str(error)))
        else:
            complain(str(UserError("print_no_printer")))

    return [(f"打印{table.label or table.title}…", partial(show, table)) for table in tables]


def sealed_button() -> QPushButton:
    return _menu_button("加入盖章扫描件…", "sealedCopyButton", "加入盖章后的扫描件")


def sealed_entries(named_stems: Sequence[tuple[str, str]], choose: Callable[[str], None]) -> Entries:
    """For annexes by name and file; ``choose`` is told the file, without suffix, of the chosen one."""
    return [(f"{name}的扫描件…", partial(choose, stem)) for name, stem in named_stems]


def offer(made: QPushButton, entries: Entries, *, enabled: bool = True) -> None:
    """What the button's menu has from now on; without any it cannot be pressed."""
    menu = made.menu()
    menu.clear()
    for number, (entry, chosen) in enumerate(entries, start=1):
        action = menu.addAction(entry)
        action.setObjectName(f"{made.objectName()}Annex{number}")
        action.triggered.connect(lambda _checked=False, act=chosen: act())
    made.setEnabled(enabled and bool(entries))


def add_scans(
    owner: QWidget,
    session: Session,
    submission_id: int,
    folder: Path,
    stem: str,
    limit_mb: float | None,
    added: Callable[[Outcome], None],
) -> None:
    """Asks for the scans of one annex and puts them into the submission in ``folder``, in a dialog that shows how far
    that is. Cancelled or refused, everything is as before.
    """
    scans = files.choose_files(owner, f"选择“{stem}”盖章后的扫描件", SCAN_FILTER, folder.parent)
    if not scans:
        return

    def take(outcome: Outcome) -> None:
        session.act(record_sealed, submission_id, outcome)
        added(outcome)

    def work(job: Job) -> Outcome:
        return add_sealed(folder, stem, scans, session.notice, limit_mb, job.progress, job.is_cancelled)

    dialog = ProgressDialog(session.runner, "加入盖章扫描件", "sealedDialog", work, owner)
    dialog.made.connect(take)
    show(dialog)
    dialog.start()


def _menu_button(text: str, name: str, spoken: str) -> QPushButton:
    made = button(text, name, spoken=spoken)
    made.setMenu(QMenu(made))
    return made
