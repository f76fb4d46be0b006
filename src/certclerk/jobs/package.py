"""Making a submission: what stands in its way, the folder itself, and the record of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Finding, Roster, Severity
from certclerk.core.rules import check
from certclerk.core.scope import Scope
from certclerk.core.submission import Submission, blockers, plan
from certclerk.jobs.listing import finding_line
from certclerk.jobs.page_images import ORIGINAL
from certclerk.jobs.prepared_pages import prepared
from certclerk.output.archives import check_documents
from certclerk.output.submission_folder import MB, write_submission
from certclerk.output.submission_folder import Result as Written

# Mails that a sentence names when many are too large.
NAMED = 3
# Of a mail's limit: so much becomes no more than the limit as it is encoded, annexes beside it.
SURELY_ONE_MAIL = 0.5

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """``size`` is ``original`` or a key of imaging's SIZINGS; ``limit_mb`` None takes the notice's.

    ``held``: teachers left out of this submission only, each with the reason. Without ``split`` all documents are in
    one ZIP and there is no mail: it goes to a net drive or onto a stick.
    """

    day: date
    size: str = ORIGINAL
    limit_mb: float | None = None
    legacy_zip: bool = False
    held: Mapping[int, str] = field(default_factory=dict)
    split: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """What a submission on that day would meet. ``submission`` has nobody held besides the roster's own."""

    roster: Roster
    findings: tuple[Finding, ...]
    blockers: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    submission: Submission


@dataclass(frozen=True, slots=True)
class Result:
    """A submission that stands in its folder, read back.

    ``moment`` is the collection's, of which it was made; ``unprintable`` are characters that no font here has.
    """

    submission: Submission
    options: Options
    written: Written
    moment: int
    unprintable: frozenset[str]


def survey(collection: Collection, day: date, *, check_bytes: bool = False) -> Survey:
    """``check_bytes`` reads every page and proves it, which takes a while in a large collection."""
    roster = collection.roster()
    roster = replace(roster, filing=roster.filing.on(day))
    if check_bytes:
        roster = replace(roster, damaged=collection.damaged_blobs())
    findings = check(roster, collection.notice, day)
    submission = plan(roster, collection.notice, day, findings=findings)
    included = {document.teacher_id for document in submission.documents}
    return Survey(
        roster=roster,
        findings=findings,
        blockers=blockers(roster, collection.notice, findings),
        warnings=tuple(
            finding
            for finding in findings
            if finding.severity is Severity.WARNING and finding.teacher_id in included
        ),
        submission=submission,
    )


def holding_incomplete(found: Survey) -> dict[int, str]:
    """Every teacher with an error, with their errors as the reason."""
    held: dict[int, list[str]] = {}
    for finding in found.blockers:
        if finding.teacher_id is not None:
            held.setdefault(finding.teacher_id, []).append(finding.message)
    return {teacher_id: "；".join(messages) for teacher_id, messages in held.items()}


def still_blocking(found: Survey, held: Mapping[int, str]) -> tuple[Finding, ...]:
    return tuple(finding for finding in found.blockers if finding.teacher_id not in held)


def package(
    collection: Collection,
    parent: Path,
    options: Options,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """Writes the submission folder into ``parent``; callable in a worker. ``record`` keeps it afterwards.

    Raises UserError ``not_a_folder``, ``package_blocked`` while a teacher in it has an error,
    ``submitted_page_damaged`` at the first page whose bytes are not what they were, ``nothing_to_submit``
    when nobody is in it, ``package_cancelled``, and the faults of the disk; the target folder is then as it was.
    """
    if parent.exists() and not parent.is_dir():
        raise UserError("not_a_folder", path=parent)
    moment = collection.moment()
    found = survey(collection, options.day)
    if still_blocking(found, options.held):
        raise UserError("package_blocked", count=len(still_blocking(found, options.held)))
    submission = plan(
        found.roster, collection.notice, options.day, held=options.held, findings=found.findings
    )
    check_documents(submission, legacy=options.legacy_zip)
    limit_mb = _limit(collection, options)
    with prepared(
        collection,
        submission,
        options.size,
        exact_from=None if limit_mb is None else round(limit_mb * MB * SURELY_ONE_MAIL),
        progress=progress,
        cancelled=cancelled,
    ) as pages:
        written = write_submission(
            submission,
            parent,
            page_source=pages.image,
            paint_annex=_paint_annex,
            limit_mb=limit_mb,
            sizes=pages.sizes,
            legacy=options.legacy_zip,
            progress=lambda done, total, what: progress(pages.steps + done, pages.steps + total, what),
            cancelled=cancelled,
        )
    return Result(submission, options, written, moment, _unprintable(submission))


def _limit(collection: Collection, options: Options) -> float | None:
    if not options.split:
        return None
    return collection.notice.mail.limit_mb if options.limit_mb is None else options.limit_mb


def record(collection: Collection, result: Result) -> None:
    """Keeps in the collection what was submitted, when, and who was not in it and why."""
    submission = result.submission
    kept = {
        "moment": result.moment,
        "folder": result.written.folder.name,
        "day": submission.day.isoformat(),
        "size": result.options.size,
        "teachers": [document.teacher_id for document in submission.documents],
        "left_out": [
            {"teacher": left.teacher_id, "scope": left.scope, "reason": left.reason}
            for left in submission.left_out
        ],
        "files": {file.name: file.size for file in result.written.files},
    }
    with collection.change("生成报送包") as change:
        change.record_submission(json.dumps(kept, ensure_ascii=False))


def is_outdated(collection: Collection) -> bool | None:
    """Whether something has changed since the last submission was made; None where there was none."""
    last = collection.last_submission()
    if last is None:
        return None
    _made_at, kept = last
    return bool(json.loads(kept)["moment"] != collection.moment())


def _unprintable(submission: Submission) -> frozenset[str]:
    from certclerk.printing.fonts import missing_glyphs

    return missing_glyphs(
        str(value) for table in submission.annexes for row in table.grid.rows for value in row
    )


def _paint_annex(table: PrintedTable) -> bytes:
    from certclerk.printing.tables import pdf_bytes

    return pdf_bytes(table)


def blocker_lines(found: Survey, stopping: Iterable[Finding]) -> Iterator[str]:
    """Each reason, by teacher."""
    names = {teacher.id: teacher.name for teacher in found.roster.teachers}
    for finding in stopping:
        who = (
            f"第{finding.serial}号 {names[finding.teacher_id] or '（无姓名）'}："
            if finding.teacher_id
            else ""
        )
        yield f"{who}{finding_line(finding)}"


def cautions(result: Result) -> Iterator[str]:
    """What the clerk must know before handing this submission in."""
    if result.written.over_limit:
        over = result.written.over_limit
        names = "、".join(draft.name for draft in over[:NAMED]) + (
            f"等 {len(over)} 封" if len(over) > NAMED else ""
        )
        yield f"有邮件超过了上限（{names}）：一名教师的文档单独就超限，请缩小图像或改用其他方式。"
    if result.unprintable:
        characters = "、".join(sorted(result.unprintable))
        yield f"这台电脑没有“{characters}”的字形，附件的 PDF 里显示不出，请在有这些字的电脑上打印 .xlsx。"


def result_lines(result: Result) -> Iterator[str]:
    """What was made, who was left out and why, for reading."""
    written, submission = result.written, result.submission
    yield f"报送包：{written.folder}"
    if written.former:
        yield f"原来的同名文件夹改名为 {written.former.name}"
    yield from (f"  {file.name}  {file.size:,} 字节" for file in written.files)
    yield f"共 {len(submission.documents)} 名教师、{submission.certificate_count} 本证书；{written.documents} 份文档已读回，全部一致。"
    for left in submission.left_out:
        yield f"{left.scope.label}：第{left.serial}号 {left.name or '（无姓名）'}（{left.reason}）"
    for open_ in submission.undecided:
        yield f"{Scope.ASK.label}：第{open_.serial}号 {open_.name} 的{open_.kind}证书（{open_.reason}），没有列入"
    yield from cautions(result)
