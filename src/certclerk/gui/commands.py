"""What each action of the window does, by its name; those of a collection are enabled only while one is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from certclerk.gui import window_dialogs
from certclerk.gui.showing import show

if TYPE_CHECKING:
    from certclerk.gui.backup.schedule import BackupSchedule
    from certclerk.gui.main_window import MainWindow


def _scan(window: MainWindow) -> None:
    """Where it is seen: the full table hides where the page goes."""
    window.action("actionWideRoster").setChecked(False)
    window.shown.capture.scan()


def _go_to_findings(window: MainWindow) -> None:
    window.action("actionFindings").setChecked(True)
    window.shown.go_to(window.shown.findings)


def _switch_watching(window: MainWindow) -> None:
    from certclerk.gui.capture.watch_choosing import switch

    switch(window, window.shown.capture.watching)


def _paste_pages(window: MainWindow) -> None:
    from certclerk.gui.capture.pasting import paste

    paste(window.opened, window.shown.capture.flow, window.shown.scan)


def _receive(window: MainWindow) -> None:
    from certclerk.gui.custody.acts import chosen, receive

    receive(window.opened, chosen(window.opened, window.shown.roster, window.shown.scan))


def _give_back(window: MainWindow) -> None:
    from certclerk.gui.custody.acts import chosen, give_back

    give_back(window.opened, chosen(window.opened, window.shown.roster, window.shown.scan))


def _ask_custody_days(window: MainWindow) -> None:
    from certclerk.gui.custody.acts import ask_days, chosen

    ask_days(window.opened, window, chosen(window.opened, window.shown.roster, window.shown.scan))


def _protect(window: MainWindow) -> None:
    from certclerk.gui.protecting import protect

    protect(window)


def _import_roster(window: MainWindow) -> None:
    from certclerk.gui.importing.start import choose_table

    choose_table(window, window.opened, window.folder)


def _paste_roster(window: MainWindow) -> None:
    from certclerk.gui.importing.start import paste_table

    paste_table(window, window.opened, window.folder)


def _show_lists(window: MainWindow, kind: str) -> None:
    """``kind`` is a value of jobs.roster_lists.ListKind."""
    from certclerk.gui.lists.dialog import ListsDialog
    from certclerk.jobs.roster_lists import ListKind

    show(ListsDialog(window.opened, ListKind(kind), window))


def _next_missing(window: MainWindow) -> None:
    if not window.opened.select_next_gap():
        window.message_bar.say("没有缺页的教师了。")


def _show_backups(window: MainWindow, schedule: BackupSchedule | None) -> None:
    from certclerk.gui.backup.dialog import BackupsDialog

    dialog = BackupsDialog(window.folder, schedule, window)
    dialog.open_wanted.connect(window.open_path)
    show(dialog)


def _compare_copies(window: MainWindow) -> None:
    from certclerk.gui.copies.start import choose

    choose(window)


def _archive(window: MainWindow) -> None:
    from certclerk.gui.archiving.dialog import ArchiveDialog

    dialog = ArchiveDialog(window.opened, window.folder, window)
    dialog.letting_go.connect(window.close_collection)
    dialog.reopening.connect(window.open_path)
    show(dialog)


COMMANDS: dict[str, Callable[[MainWindow], object]] = {
    "actionNew": lambda window: window.new_collection(),
    "actionOpen": lambda window: window.choose_collection(),
    "actionImportRoster": _import_roster,
    "actionPasteRoster": _paste_roster,
    "actionScan": _scan,
    "actionPastePages": _paste_pages,
    "actionWatchFolder": _switch_watching,
    "actionFromFiles": lambda window: window.shown.scan.choose_files(),
    "actionStack": lambda window: window_dialogs.show_stack(window, window.opened),
    "actionScanner": lambda window: window.shown.capture.choose_scanner(),
    "actionTakeBack": lambda window: window.shown.capture.take_back(),
    "actionRetake": lambda window: window.shown.capture.retake(),
    "actionInsertPage": lambda window: window.shown.capture.insert(),
    "actionAbsent": lambda window: window.shown.capture.mark_absent(),
    "actionFiling": lambda window: window.edit_filing(),
    "actionPackage": lambda window: window_dialogs.show_package(window, window.opened),
    "actionSubmissions": lambda window: window_dialogs.show_records(window, window.opened),
    "actionPassword": _protect,
    "actionVerify": lambda window: window.verify(),
    "actionBackups": lambda window: _show_backups(window, window.backups),
    "actionRestore": lambda window: _show_backups(window, None),
    "actionCompareCopies": _compare_copies,
    "actionArchive": _archive,
    "actionHealthCheck": lambda window: window_dialogs.show_health(window, window.opened, window.open_path),
    "actionClose": lambda window: window.close_collection(),
    "actionQuit": lambda window: window.close(),
    "actionUndo": lambda window: window.opened.undo(),
    "actionRedo": lambda window: window.opened.redo(),
    "actionAddTeacher": lambda window: window.shown.roster.add_teacher(),
    "actionAddCertificate": lambda window: window.shown.roster.add_certificate(),
    "actionMoveUp": lambda window: window.shown.roster.move_selected(-1),
    "actionMoveDown": lambda window: window.shown.roster.move_selected(1),
    "actionExclude": lambda window: window.shown.roster.exclude(),
    "actionHold": lambda window: window.shown.roster.hold(),
    "actionReadmit": lambda window: window.shown.roster.readmit(),
    "actionSign": lambda window: window.shown.roster.sign(),
    "actionUnsign": lambda window: window.shown.roster.unsign(),
    "actionRemoveTeacher": lambda window: window.shown.roster.remove_selected(),
    "actionExportRoster": lambda window: _show_lists(window, "roster"),
    "actionRosterTemplate": lambda window: _show_lists(window, "template"),
    "actionAudit": lambda window: _show_lists(window, "audit"),
    "actionChase": lambda window: _show_lists(window, "chase"),
    "actionSignatures": lambda window: _show_lists(window, "signatures"),
    "actionReceive": _receive,
    "actionGiveBack": _give_back,
    "actionCustodyDays": _ask_custody_days,
    "actionReceipts": lambda window: _show_lists(window, "custody"),
    "actionKeyIn": lambda window: window_dialogs.show_key_in(window, window.opened, window.folder),
    "actionKeyInSheet": lambda window: window_dialogs.show_key_in_sheet(window, window.opened),
    "actionKeyInSummary": lambda window: _show_lists(window, "keying"),
    "actionTakeAlong": lambda window: window_dialogs.show_take_along(window, window.opened),
    "actionTakeBackTicks": lambda window: window_dialogs.take_ticks_back(window, window.opened),
    "actionAppointment": lambda window: window_dialogs.show_appointment(window, window.opened),
    "actionFind": lambda window: window.shown.roster.start_search(),
    "actionFindNext": lambda window: window.shown.roster.find_next(1),
    "actionFindPrevious": lambda window: window.shown.roster.find_next(-1),
    "actionColumns": lambda window: window.shown.roster.choose_columns(),
    "actionTrash": lambda window: window_dialogs.show_trash(window, window.opened),
    "actionNextMissing": _next_missing,
    "actionGoRoster": lambda window: window.shown.go_to(window.shown.roster),
    "actionGoScan": lambda window: window.shown.go_to(window.shown.scan),
    "actionGoFindings": _go_to_findings,
    "actionKeys": window_dialogs.show_keys,
    "actionCodes": window_dialogs.show_codes,
    "actionAbout": window_dialogs.show_about,
}
