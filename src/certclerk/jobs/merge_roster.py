"""Importing again: a table compared with the roster, and what the clerk took of it done in one change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from certclerk.collection import Collection
from certclerk.collection.changes import Change
from certclerk.core.merging import Act, Entry, Plan, Step, merge_plan
from certclerk.core.notice import Notice
from certclerk.core.records import Teacher
from certclerk.core.scope import Scope
from certclerk.roster import Layout, Proposal

NOT_IN_THE_TABLE = "新名册中没有"


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge: ids of teachers, and how many of everything else.

    ``kept``: not in the table and left as they were; ``left``: steps that the clerk did not take.
    """

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    values: int = 0
    certificates: int = 0
    unchanged: int = 0
    kept: int = 0
    left: int = 0

    @property
    def touched(self) -> tuple[int, ...]:
        """Whom it concerned."""
        return (*self.changed, *self.added, *self.excluded)

    @property
    def headline(self) -> str:
        done = [
            f"{word} {len(ids)} 人"
            for word, ids in (("新增", self.added), ("更新", self.changed), ("设为不纳入", self.excluded))
            if ids
        ]
        return f"已{'、'.join(done)}。" if done else "名册没有改动。"

    @property
    def summary(self) -> str:
        return (
            f"新增 {len(self.added)} 人，更新 {len(self.changed)} 人（改 {self.values} 处，"
            f"新证书 {self.certificates} 本），设为不纳入 {len(self.excluded)} 人；{self.unchanged} 人没有变化，"
            f"{self.kept} 人表里没有、保留原样；没有采用的改动 {self.left} 处。"
        )


def compare(teachers: Sequence[Teacher], proposal: Proposal, layout: Layout, notice: Notice) -> Plan:
    """What importing ``proposal`` would change; only fields that the table has a column for are compared."""
    fields = {role.field for role in layout.columns if role.field}
    return merge_plan(teachers, proposal.teachers, fields, notice)


def merge(collection: Collection, plan: Plan) -> Merged:
    """Takes the wanted steps; one change, one undo, none where nothing is wanted. All doubts are decided."""
    assert not plan.undecided
    taken = [(entry, wanted) for entry in plan.entries if (wanted := _wanted(entry))]
    added: tuple[int, ...] = ()
    if taken:
        new = [entry.proposed for entry, _ in taken if entry.teacher is None and entry.proposed is not None]
        with collection.change(f"合并名册（新增 {len(new)} 人，更新 {len(taken) - len(new)} 人）") as change:
            for entry, wanted in taken:
                if entry.teacher is not None:
                    _take(change, entry.teacher, wanted)
            if new:
                added = change.add_teachers(new)
    acts = [step.act for _, wanted in taken for step in wanted]
    touched = [entry for entry, _ in taken if entry.teacher is not None]
    resting = [entry for entry in plan.entries if not _wanted(entry)]
    return Merged(
        added=added,
        changed=tuple(entry.teacher.id for entry in touched if entry.teacher and entry.proposed is not None),
        excluded=tuple(entry.teacher.id for entry in touched if entry.teacher and entry.proposed is None),
        values=acts.count(Act.EDIT),
        certificates=acts.count(Act.CERTIFICATE),
        unchanged=sum(entry.proposed is not None and entry.teacher is not None for entry in resting),
        kept=sum(entry.proposed is None for entry in resting),
        left=sum(
            not step.wanted for entry in plan.entries for step in entry.steps if step.act is not Act.EXCLUDE
        ),
    )


def _wanted(entry: Entry) -> tuple[Step, ...]:
    return tuple(step for step in entry.steps if step.wanted)


def _take(change: Change, teacher: Teacher, steps: Sequence[Step]) -> None:
    values: dict[int | None, dict[str, str]] = defaultdict(dict)
    for step in steps:
        if step.act is Act.EXCLUDE:
            change.update_teacher(teacher.id, choice=Scope.OUT, choice_reason=NOT_IN_THE_TABLE)
        elif step.certificate is not None:
            change.add_certificate(teacher.id, step.certificate)
        else:
            values[step.certificate_id][step.field] = step.new
    for certificate_id, own in values.items():
        if certificate_id is None:
            change.update_teacher(teacher.id, **own)
        else:
            change.update_certificate(certificate_id, **own)
