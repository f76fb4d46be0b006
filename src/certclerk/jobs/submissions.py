"""What was submitted: the records, what they come to together, what has changed since, and the clerk's ticks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from certclerk.collection import Collection, Snapshot, StoredSubmission
from certclerk.core.differences import Difference, Kind, differences, so_far, supplement_since
from certclerk.core.errors import UserError
from certclerk.core.form import Form, form_digests
from certclerk.core.notice import Notice
from certclerk.core.records import Finding, Roster
from certclerk.core.submission import Submission, Supplement, plan
from certclerk.core.submission_json import from_json
from certclerk.core.submission_record import Content, Step, SubmissionRecord, Tick, content_of
from certclerk.core.wording import named

BEFORE_RECORDS = Difference(
    Kind.UNKNOWN, "生成以后有改动；那时的程序版本没有记下内容，说不出是哪些，请重新生成"
)
# Teachers that a sentence names when many are withdrawn.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Submitted:
    """``made_at`` is UTC, ISO 8601."""

    id: int
    made_at: str
    record: SubmissionRecord


@dataclass(frozen=True, slots=True)
class Chain:
    """The last full submission and its supplements, oldest first, and what they have handed in together."""

    members: tuple[Submitted, ...]
    content: Content | None

    @property
    def moment(self) -> int:
        return self.members[-1].record.moment

    @property
    def held(self) -> Mapping[int, str]:
        """Who was held in any of them only, each with the reason."""
        return {key: reason for each in self.members for key, reason in each.record.terms.held.items()}


def submitted(stored: Iterable[StoredSubmission]) -> tuple[Submitted, ...]:
    """In the order given. Raises UserError ``submission_record_damaged``."""
    return tuple(Submitted(each.id, each.made_at, _record(each)) for each in stored)


def _record(stored: StoredSubmission) -> SubmissionRecord:
    try:
        return from_json(stored.record)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise UserError("submission_record_damaged", day=stored.made_at[:10]) from error


def last_chain(newest_first: Sequence[Submitted]) -> Chain | None:
    """None where nothing was submitted."""
    if not newest_first:
        return None
    last = newest_first[0]
    first = last.record.supplement.of if last.record.supplement else last.id
    members = tuple(
        each
        for each in reversed(newest_first)
        if each.id == first or (each.record.supplement is not None and each.record.supplement.of == first)
    )
    return Chain(members, so_far([each.record for each in members]))


def chain_of(source: Collection | Snapshot) -> Chain | None:
    """The last one; None where nothing was submitted."""
    return last_chain(submitted(source.submissions()))


def still_held(chain: Chain, findings: Iterable[Finding]) -> dict[int, str]:
    """Who was held back in the chain only, and still has an error; each with the reason."""
    wrong = {finding.teacher_id for finding in findings if finding.blocking}
    return {key: reason for key, reason in chain.held.items() if key in wrong}


def planned_supplement(chain: Chain | None, full: Submission, filled_on: date | None) -> Supplement:
    """Who of ``full``, the submission as it would be now, is new or different since what the chain handed in.

    Raises UserError ``supplement_of_nothing``, ``supplement_of_unknown`` (an earlier version kept no content),
    ``supplement_unchanged`` and ``supplement_only_withdrawn``.
    """
    if chain is None:
        raise UserError("supplement_of_nothing")
    if chain.content is None:
        raise UserError("supplement_of_unknown")
    found = supplement_since(
        chain.content, content_of(full, filled_on), chain.members[0].id, len(chain.members)
    )
    if not found.teacher_ids and not found.withdrawn:
        raise UserError("supplement_unchanged")
    if not found.teacher_ids:
        names = [named(each.name) for each in found.withdrawn]
        more = f"等{len(names)}人" if len(names) > NAMED else ""
        raise UserError("supplement_only_withdrawn", names="、".join(names[:NAMED]) + more)
    return found


def changes_since(
    chain: Chain, roster: Roster, notice: Notice, findings: Iterable[Finding]
) -> tuple[Difference, ...]:
    """What a submission of ``roster`` would differ in from what was submitted; callable in a worker.

    ``roster`` is not that of ``chain.moment``. Who was held back for an error stays so while there is one.
    """
    if chain.members[-1].record.counts:
        # The people are cleared: there is nothing left that could have changed.
        return ()
    if chain.content is None:
        return (BEFORE_RECORDS,)
    found = tuple(findings)
    held = still_held(chain, found)
    filled_on = roster.filing.filled_on
    day = filled_on or chain.members[-1].record.day
    submission = plan(replace(roster, filing=roster.filing.on(day)), notice, day, held=held, findings=found)
    return differences(chain.content, content_of(submission, filled_on), ordered=len(chain.members) == 1)


def form_changes(chain: Chain, forms: Iterable[Form], notice: Notice) -> tuple[Difference, ...]:
    """Of which annexes the bureau's form came, went or is another since the last submission."""
    then, now = chain.members[-1].record.terms.forms, form_digests(forms)
    words = {
        (False, True): "改用局里的表样",
        (True, False): "不再用局里的表样",
        (True, True): "换了局里的表样",
    }
    return tuple(
        Difference(Kind.FORM, f"{annex.label or annex.title}{words[annex.file in then, annex.file in now]}")
        for annex in notice.annexes
        if then.get(annex.file) != now.get(annex.file)
    )


def tick(collection: Collection, submission_id: int, ticked: Tick) -> None:
    with collection.change(f"报送记录：{ticked.step.label} {ticked.day.isoformat()}") as change:
        change.tick_submission(submission_id, ticked)


def untick(collection: Collection, submission_id: int, step: Step) -> None:
    with collection.change(f"报送记录：取消{step.label}") as change:
        change.untick_submission(submission_id, step)
