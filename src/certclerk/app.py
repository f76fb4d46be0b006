"""The command line: reads the arguments, runs one job, says what happened.

Exit codes: 0 done; 1 something was refused or failed to verify; 2 unusable input or arguments.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING

from certclerk.arguments import parse
from certclerk.core.errors import UserError

if TYPE_CHECKING:
    from certclerk.collection import Collection

DONE, REFUSED, UNUSABLE = 0, 1, 2

# One of these says where a window can be drawn.
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

# Failures of the place that is written to, or of what is to be written: the arguments were fine.
_REFUSALS = frozenset(
    {
        "backup_busy",
        "backup_damaged",
        "backup_pages_lost",
        "backup_unproven",
        "blob_damaged",
        "collection_damaged",
        "collection_disk_full",
        "collection_io",
        "device_gone",
        "disk_full",
        "file_failed",
        "file_in_use",
        "file_too_large",
        "no_space",
        "name_not_gbk",
        "nothing_to_submit",
        "supplement_of_nothing",
        "supplement_of_unknown",
        "supplement_only_withdrawn",
        "supplement_unchanged",
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program and returns its exit code."""
    _speak_utf8()
    # Whatever this process and its children make, by whatever library, is for its owner alone.
    os.umask(0o077)
    parsed = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        return _VERBS[parsed.verb](parsed)
    except UserError as error:
        _say(str(error))
        return REFUSED if error.code in _REFUSALS else UNUSABLE
    except BrokenPipeError:
        # Whoever read our output has seen enough, as `head` does; nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except KeyboardInterrupt:
        _say("已取消，没有留下半成品。")
        return REFUSED


def _open_window(parsed: argparse.Namespace) -> int:
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
        # Qt would abort the process without a word that a clerk understands.
        raise UserError("no_screen")
    from certclerk.gui.run import run

    return run(parsed.file)


def _new(parsed: argparse.Namespace) -> int:
    from certclerk.core.records import Filing
    from certclerk.jobs import import_roster, take_pages
    from certclerk.jobs.collections import LEAST_PASSWORD, default_notice, find_notice, new_collection

    notice = find_notice(parsed.notice) if parsed.notice else default_notice()
    filing = Filing(parsed.unit, parsed.clerk, parsed.phone)
    if parsed.scans and not parsed.scans.is_dir():
        raise UserError("folder_missing", folder=parsed.scans)
    exit_code = DONE
    password = _password(parsed)
    if password and len(password) < LEAST_PASSWORD:
        raise UserError("password_too_short", least=LEAST_PASSWORD)
    with new_collection(parsed.file, notice, filing, password=password) as collection:
        if parsed.roster:
            reading = import_roster.best_reading(import_roster.read(parsed.roster), notice)
            proposal = reading.proposal
            import_roster.add_proposal(collection, proposal)
            _say(import_roster.summary(proposal))
            if reading.columns:
                _say(f"没有导入的列：{'、'.join(reading.columns)}。")
            for name in reading.sheets:
                _say(f"工作表“{name}”也像名册，没有读入。请在窗口中再导入这个工作表。")
                exit_code = REFUSED
            for line in import_roster.complaints(proposal):
                _say(line)
                exit_code = REFUSED
        if parsed.scans:
            stored = take_pages.store(collection, [parsed.scans])
            outcome = take_pages.place(collection, stored)
            _say(take_pages.summary(outcome))
            for waiting in outcome.tray:
                _say(f"待归位：{waiting.source}（{waiting.reason}）")
            for refused in outcome.refused:
                _say(f"{refused.path}：{refused.reason}")
                exit_code = REFUSED
    _say(f"已建立 {parsed.file}。")
    return exit_code


def _list(parsed: argparse.Namespace) -> int:
    from certclerk.collection import open_collection
    from certclerk.jobs import listing

    password = _password(parsed)
    with open_collection(parsed.file, read_only=True, password=password) as collection:
        roster, findings = listing.examined(collection, date.today())
        if parsed.json:
            _print_json(listing.document(roster, collection.notice, findings))
        else:
            print("\n".join(listing.lines(roster, collection.notice, findings)))
    return DONE


def _package(parsed: argparse.Namespace) -> int:
    from certclerk.collection import open_collection

    password = _password(parsed)
    zip_password = _read_password() if parsed.zip_password_stdin else ""
    with open_collection(parsed.file, password=password) as collection:
        try:
            return _package_once(collection, parsed, zip_password, check_bytes=False)
        except UserError as error:
            if error.code != "submitted_page_damaged":
                raise
        # Only now is it worth reading every page to know who else has a damaged one.
        return _package_once(collection, parsed, zip_password, check_bytes=True)


def _package_once(
    collection: Collection, parsed: argparse.Namespace, zip_password: str, *, check_bytes: bool
) -> int:
    from certclerk.jobs import package

    day = parsed.date or date.today()
    survey = package.survey(collection, day, check_bytes=check_bytes, supplement=parsed.supplement)
    held = package.holding_incomplete(survey) if parsed.hold_incomplete else {}
    stopping = package.still_blocking(survey, held)
    if stopping:
        for line in package.blocker_lines(survey, stopping):
            _say(line)
        _say("有以上问题，没有生成报送包。请改正后重试，或加 --hold-incomplete 让有问题的教师这次暂缓。")
        return REFUSED
    options = package.Options(
        day,
        parsed.size,
        parsed.mail_limit,
        parsed.legacy_zip,
        held,
        password=zip_password,
        supplement=parsed.supplement,
    )
    result = package.package(collection, parsed.out, options)
    package.record(collection, result)
    for line in package.result_lines(result):
        _say(line)
    return DONE


def _verify(parsed: argparse.Namespace) -> int:
    from certclerk.collection import open_collection
    from certclerk.jobs import verify

    password = _password(parsed)
    with ExitStack() as opened:
        collection = None
        if parsed.collection:
            key = _read_password() if parsed.collection_password_stdin else ""
            collection = opened.enter_context(
                open_collection(parsed.collection, read_only=True, password=key)
            )
        report = verify.verify(parsed.path, password=password, collection=collection)
    if parsed.json:
        _print_json(verify.document(report))
    else:
        for line in verify.lines(report):
            _say(line)
    return DONE if report.ok else REFUSED


def _sample(parsed: argparse.Namespace) -> int:
    from certclerk.jobs.sample import make_sample

    made = make_sample(parsed.folder, teachers=parsed.teachers, seed=parsed.seed)
    _say(f"示例已做好：{made}")
    return DONE


def _backup(parsed: argparse.Namespace) -> int:
    from certclerk.collection import open_collection
    from certclerk.core.backup import Reason
    from certclerk.jobs import backup
    from certclerk.system.resources import user_folder

    password = _password(parsed)
    with open_collection(parsed.file, read_only=True, password=password) as collection:
        outcomes = backup.back_up(backup.source_of(collection), user_folder(), Reason.ASKED)
    for outcome in outcomes:
        _say(backup.outcome_line(outcome))
    return DONE if all(outcome.error is None for outcome in outcomes) else REFUSED


def _restore(parsed: argparse.Namespace) -> int:
    from certclerk.jobs import backup

    password = _password(parsed)
    chosen = backup.chosen_backup(parsed.backup)
    contents = backup.restore_backup(chosen, parsed.file, password, partly=parsed.partly)
    lost = backup.loss_lines(contents)
    for line in lost:
        _say(line)
    _say(f"已恢复为 {parsed.file}：{backup.counts_text(contents.facts)}。")
    return REFUSED if lost else DONE


def _rescue(parsed: argparse.Namespace) -> int:
    from certclerk.jobs import rescue

    rescued = rescue.rescue(parsed.file, parsed.new, password=_password(parsed))
    for line in rescue.lines(rescued):
        _say(line)
    return REFUSED if rescued.losses else DONE


def _read_table(parsed: argparse.Namespace) -> int:
    from certclerk.roster import answer_read

    return answer_read(parsed.file)


def _read_pages(_parsed: argparse.Namespace) -> int:
    from certclerk.imaging import answer_read_pages

    return answer_read_pages()


def _scan_wia(parsed: argparse.Namespace) -> int:
    from certclerk.capture.scanners.wia.child import answer

    return answer(parsed.file)


_VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "": _open_window,
    "new": _new,
    "list": _list,
    "package": _package,
    "verify": _verify,
    "sample": _sample,
    "backup": _backup,
    "restore": _restore,
    "rescue": _rescue,
    "_read-table": _read_table,
    "_read-pages": _read_pages,
    "_scan-wia": _scan_wia,
}


def _password(parsed: argparse.Namespace) -> str:
    """Of what the verb works on; empty where none is announced."""
    return _read_password() if parsed.password_stdin else ""


def _read_password() -> str:
    """One line of standard input, in UTF-8 whatever the console's own code page is.

    Raises UserError ``password_empty``, or ``password_not_utf8``: characters guessed here would lock a ZIP for good.
    """
    # A program started without standard input has none.
    line = sys.stdin.buffer.readline() if sys.stdin else b""
    try:
        password = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise UserError("password_not_utf8") from None
    if not password:
        raise UserError("password_empty")
    return password


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _print_json(document: object) -> None:
    import json

    print(json.dumps(document, ensure_ascii=False, indent=2))


def _speak_utf8() -> None:
    """Pipes and consoles get UTF-8: a Chinese Windows' own code page cannot say every name."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
