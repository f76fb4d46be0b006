"""Making a submission: what stands in its way, the folder itself, and the record of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.form import form_digests
from certclerk.core.notice import Notice
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Finding, Roster, Severity
from certclerk.core.rules import check
from certclerk.core.scope import Scope
from certclerk.core.submission import Submission, blockers, plan
from certclerk.core.submission_json import as_json
from certclerk.core.submission_record import Delivery, SubmissionRecord, SubmittedFile, Terms, content_of
from certclerk.core.time_left import Progress, in_stages
from certclerk.jobs.forms import annex_readers, annex_workbooks
from certclerk.jobs.listing import finding_line
from certclerk.jobs.page_images import ORIGINAL, Source, passes_untouched
from certclerk.jobs.prepared_pages import prepared
from certclerk.jobs.submissions import chain_of, planned_supplement, still_held
from certclerk.output.archives import check_documents
from certclerk.output.submission_folder import MB, write_submission
from certclerk.output.submission_folder import Result as Written
from certclerk.system.files import explaining

# Mails that a sentence names when many are too large.
NAMED = 3
# Of a mail's limit: so much becomes no more than the limit as it is encoded, annexes beside it.
SURELY_ONE_MAIL = 0.5

# About how long it takes, against each other, to encode a page, to take one as it is, and to write, draft and read back one.
ENCODE_WEIGHT, TAKE_WEIGHT, WRITE_WEIGHT, MAIL_WEIGHT = 20.0, 0.2, 1.6, 2.0


@dataclass(frozen=True, slots=True)
class Options:
    """``size`` is ``original`` or a key of imaging's SIZINGS; ``limit_mb`` None takes the notice's.

    ``held``: teachers left out of this submission only, each with the reason. ``password`` locks the ZIPs; what is not
    mailed by its ``delivery`` has one ZIP and no drafts. ``supplement``: only who is new or different
    since what was submitted so far (补报).
    """

    day: date
    size: str = ORIGINAL
    limit_mb: float | None = None
    legacy_zip: bool = False
    held: Mapping[int, str] = field(default_factory=dict)
    password: str = ""
    delivery: Delivery = Delivery.MAIL
    supplement: bool = False

    def mail_limit(self, notice: Notice) -> float | None:
        """MB of the largest mail as sent; None where nothing is mailed."""
        if not self.delivery.mailed:
            return None
        return notice.mail.limit_mb if self.limit_mb is None else self.limit_mb


@dataclass(frozen=True, slots=True)
class Survey:
    """What a submission on that day would meet. ``submission`` has nobody held besides the roster's own and, in a
    supplement, ``held``: who was before and still has an error. ``filled_on`` is the day that the clerk chose for
    the head, if any; ``unchanged`` were submitted before.
    """

    roster: Roster
    filled_on: date | None
    findings: tuple[Finding, ...]
    blockers: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    submission: Submission
    held: Mapping[int, str]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Result:
    """A submission that stands in its folder, read back.

    ``record`` is what the collection is to keep of it (JSON); ``unprintable`` are characters that no font here has.
    """

    submission: Submission
    options: Options
    written: Written
    record: str
    unprintable: frozenset[str]


def survey(source: Source, day: date, *, check_bytes: bool = False, supplement: bool = False) -> Survey:
    """``check_bytes`` reads every page and proves it, which takes a while in a large collection.

    Raises, for a ``supplement``, what :func:`planned_supplement` does.
    """
    roster, notice = source.roster(), source.notice
    filled_on = roster.filing.filled_on
    roster = replace(roster, filing=roster.filing.on(day))
    if check_bytes:
        roster = replace(roster, damaged=source.damaged_blobs())
    findings = check(roster, notice, day)
    chain = chain_of(source) if supplement else None
    held = still_held(chain, findings) if chain else {}
    full = submission = plan(roster, notice, day, held=held, findings=findings)
    if supplement:
        added = planned_supplement(chain, full, filled_on)
        submission = plan(roster, notice, day, held=held, findings=findings, supplement=added)
    included = {document.teacher_id for document in submission.documents}
    return Survey(
        roster=roster,
        filled_on=filled_on,
        findings=findings,
        blockers=tuple(
            finding
            for finding in blockers(roster, notice, findings)
            if finding.teacher_id is None or finding.teacher_id in included
        ),
        warnings=tuple(
            finding
            for finding in findings
            if finding.severity is Severity.WARNING and finding.teacher_id in included
        ),
        submission=submission,
        held=held,
        unchanged=len(full.documents) - len(submission.documents),
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

    All of it is of the state in which the collection is now, whatever the clerk changes until it is done. Raises UserError ``not_a_folder``, ``package_blocked`` while a teacher in it has an error,
    ``submitted_page_damaged`` at the first page whose bytes are not what they were, ``nothing_to_submit``
    when nobody is in it, ``package_cancelled``, and the faults of the disk; the target folder is then as it was.
    """
    with explaining(parent):
        if parent.exists() and not parent.is_dir():
            raise UserError("not_a_folder", path=parent)
    with collection.snapshot() as state:
        found = survey(state, options.day, supplement=options.supplement)
        if still_blocking(found, options.held):
            raise UserError("package_blocked", count=len(still_blocking(found, options.held)))
        held = {**found.held, **options.held}
        submission = plan(
            found.roster,
            state.notice,
            options.day,
            held=held,
            findings=found.findings,
            supplement=found.submission.supplement,
        )
        check_documents(submission, legacy=options.legacy_zip)
        limit_mb = options.mail_limit(state.notice)
        preparing, writing = in_stages(progress, _weights(submission, options.size, limit_mb))
        with prepared(
            state,
            submission,
            options.size,
            exact_from=None if limit_mb is None else round(limit_mb * MB * SURELY_ONE_MAIL),
            progress=preparing,
            cancelled=cancelled,
        ) as pages:
            written = write_submission(
                submission,
                parent,
                page_source=pages.image,
                paint_annex=_paint_annex,
                make_workbook=annex_workbooks(state, submission),
                read_workbook=annex_readers(state, submission),
                limit_mb=limit_mb,
                sizes=pages.sizes,
                legacy=options.legacy_zip,
                password=options.password,
                picture_size=options.size,
                progress=writing,
                cancelled=cancelled,
            )
        kept = _record(
            submission,
            replace(options, held=held),
            written,
            state.moment(),
            found.filled_on,
            form_digests(state.forms()),
        )
    return Result(submission, options, written, as_json(kept), unprintable(submission))


def _weights(submission: Submission, size: str, limit_mb: float | None) -> tuple[float, float]:
    """Of making the pages ready and of all that follows."""
    passed = [passes_untouched(page, size) for page in submission.pages()]
    ready = sum(TAKE_WEIGHT if each else ENCODE_WEIGHT for each in passed)
    return ready, len(passed) * (WRITE_WEIGHT + (0 if limit_mb is None else MAIL_WEIGHT))


def record(collection: Collection, result: Result) -> None:
    """Keeps in the collection what was submitted, when, and who was not in it and why."""
    with collection.change("生成报送包") as change:
        change.record_submission(result.record)


def _record(
    submission: Submission,
    options: Options,
    written: Written,
    moment: int,
    filled_on: date | None,
    forms: Mapping[str, str],
) -> SubmissionRecord:
    proofs = {proof.entry: proof.sha256 for proof in written.proofs}
    sha256 = {
        document.file_name: proofs[submission.entry_path(document)] for document in submission.documents
    }
    return SubmissionRecord(
        moment=moment,
        day=submission.day,
        folder=str(written.folder.absolute()),
        teachers=len(submission.documents),
        mails=len(written.drafts),
        terms=Terms(
            size=options.size,
            limit_mb=options.mail_limit(submission.notice),
            legacy_zip=options.legacy_zip,
            locked=bool(options.password),
            held=options.held,
            forms=forms,
            delivery=options.delivery,
        ),
        files=tuple(SubmittedFile(file.name, file.size, file.sha256) for file in written.files),
        left_out=submission.left_out,
        undecided=submission.undecided,
        supplement=submission.supplement,
        content=content_of(submission, filled_on, sha256),
    )


def unprintable(submission: Submission) -> frozenset[str]:
    """The characters of the annexes that no font here has."""
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
        yield glyph_caution(result.submission, result.unprintable)


def glyph_caution(submission: Submission, lacking: frozenset[str]) -> str:
    """Whose names the fonts of this computer cannot print, and by which characters; empty where all is well."""
    if not lacking:
        return ""
    people = [
        f"第{document.serial}号 {document.name}（{'、'.join(found)}）"
        for document in submission.documents
        if (found := sorted(lacking & set(document.name)))
    ]
    beside = lacking.difference(*(document.name for document in submission.documents))
    parts = people[:NAMED] + ([f"等 {len(people)} 人"] if len(people) > NAMED else [])
    parts += ["其他内容里的" + "、".join(sorted(beside))] if beside else []
    return f"这台电脑没有这些字的字形，附件的 PDF 里印不出：{'，'.join(parts)}。请在有这些字的电脑上打印附件的 .xlsx。"


def result_lines(result: Result) -> Iterator[str]:
    """What was made, who was left out and why, for reading."""
    written, submission = result.written, result.submission
    yield f"报送包：{written.folder}"
    if written.former:
        yield f"原来的同名文件夹改名为 {written.former.name}"
    yield from (f"  {file.name}  {file.size:,} 字节" for file in written.files)
    if submission.supplement:
        yield submission.mail_note
    yield f"共 {len(submission.documents)} 名教师、{submission.certificate_count} 本证书；{written.documents} 份文档已读回，全部一致。"
    for left in submission.left_out:
        yield f"{left.scope.label}：第{left.serial}号 {left.name or '（无姓名）'}（{left.reason}）"
    for open_ in submission.undecided:
        yield f"{Scope.ASK.label}：第{open_.serial}号 {open_.name} 的{open_.kind}证书（{open_.reason}），没有列入"
    yield from cautions(result)
