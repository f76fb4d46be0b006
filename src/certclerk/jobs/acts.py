"""What the clerk does to records, one function an act: each is one change and one undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from certclerk.collection import Collection
from certclerk.core import fields
from certclerk.core.progress import Gap, standing
from certclerk.core.records import Filing, Finding, ProposedCertificate, ProposedTeacher
from certclerk.core.scope import Scope
from certclerk.core.signature import row_digest


@dataclass(frozen=True, slots=True)
class Edit:
    """New text for one field; ``certificate_id`` None for a teacher's own fields."""

    teacher_id: int
    certificate_id: int | None
    field: str
    text: str


def set_teacher_field(collection: Collection, teacher_id: int, field: str, text: str) -> None:
    edit_fields(collection, [Edit(teacher_id, None, field, text)])


def set_certificate_field(collection: Collection, certificate_id: int, field: str, text: str) -> None:
    with collection.change(f"改{fields.title(field)}") as change:
        change.update_certificate(certificate_id, **{field: text})


def edit_fields(
    collection: Collection, edits: Sequence[Edit], added: Sequence[ProposedTeacher] = (), verb: str = "改"
) -> None:
    """Many cells at once, as a paste does, and teachers after the last for what it has beyond the table.

    A certificate field of a teacher who has no certificate makes one. ``verb`` is what undoing takes back.
    """
    what = fields.title(edits[0].field) if len(edits) == 1 else f" {len(edits)} 个单元格"
    made: dict[int, int] = {}
    with collection.change(f"粘贴并添加 {len(added)} 位教师" if added else f"{verb}{what}") as change:
        change.add_teachers(added)
        for edit in edits:
            if edit.field in fields.TEACHER_FIELDS:
                change.update_teacher(edit.teacher_id, **{edit.field: edit.text})
                continue
            certificate_id = edit.certificate_id or made.get(edit.teacher_id)
            if certificate_id is None:
                certificate_id = change.add_certificate(edit.teacher_id, ProposedCertificate())
                made[edit.teacher_id] = certificate_id
            change.update_certificate(certificate_id, **{edit.field: edit.text})


def add_teacher(collection: Collection, name: str = "") -> int:
    """A teacher at the end of the roster, with one certificate to fill in."""
    with collection.change("添加教师") as change:
        return change.add_teachers([ProposedTeacher(name=name, certificates=(ProposedCertificate(),))])[0]


def add_certificate(collection: Collection, teacher_id: int) -> int:
    with collection.change("添加证书") as change:
        return change.add_certificate(teacher_id, ProposedCertificate())


def remove_teachers(collection: Collection, teacher_ids: Sequence[int]) -> None:
    with collection.change(f"删除 {len(teacher_ids)} 位教师") as change:
        change.remove_teachers(teacher_ids)


def remove_certificate(collection: Collection, certificate_id: int) -> None:
    with collection.change("删除证书") as change:
        change.remove_certificate(certificate_id)


def reorder(collection: Collection, teacher_ids: Sequence[int]) -> None:
    """Each takes the place that another of them has; the numbers of their rows go with them."""
    with collection.change("调整顺序") as change:
        change.reorder(teacher_ids)


def set_scope(collection: Collection, teacher_ids: Iterable[int], choice: str, reason: str) -> None:
    """``choice``: ``out`` (不在岗…), ``hold`` (暂缓), or empty for what the rule says."""
    label = f"设为{Scope(choice).label}" if choice else "恢复按规则判定"
    with collection.change(label) as change:
        for teacher_id in teacher_ids:
            change.update_teacher(teacher_id, choice=choice, choice_reason=reason)


def decide_certificate(collection: Collection, certificate_id: int, choice: str, reason: str) -> None:
    """The clerk's decision on a 待定 certificate: ``in``, ``out``, or empty to leave it open."""
    label = f"证书设为{Scope(choice).label}" if choice else "证书恢复待定"
    with collection.change(label) as change:
        change.update_certificate(certificate_id, choice=choice, choice_reason=reason)


def give_pages(collection: Collection, page_ids: Sequence[int], teacher_id: int) -> int:
    """Pages to a teacher's gaps: to the gap of the slot they lie in now where there is one, else the first.

    What finds no gap stays where it is, and so does what is the teacher's already. Returns how many pages went.
    """
    roster = collection.roster()
    taker = next(teacher for teacher in roster.teachers if teacher.id == teacher_id)
    lies_in = {page.id: page.slot for teacher in roster.teachers for page in teacher.pages()}
    open_gaps = list(standing(taker, collection.notice, ()).gaps)
    moves: list[tuple[int, Gap]] = []
    own = {page.id for page in taker.pages()}
    for page_id in [page_id for page_id in page_ids if page_id not in own][: len(open_gaps)]:
        gap = next((gap for gap in open_gaps if gap.slot == lies_in.get(page_id)), open_gaps[0])
        open_gaps.remove(gap)
        moves.append((page_id, gap))
    if moves:
        with collection.change(f"移动 {len(moves)} 页") as change:
            for page_id, gap in moves:
                change.place_page(page_id, gap.certificate_id, gap.slot)
    return len(moves)


def to_tray(collection: Collection, page_ids: Iterable[int]) -> None:
    with collection.change("移到待归位") as change:
        for page_id in page_ids:
            change.send_to_tray(page_id, "由经办人移来")


def trash_pages(collection: Collection, page_ids: Iterable[int]) -> None:
    with collection.change("删除页") as change:
        for page_id in page_ids:
            change.trash_page(page_id)


def rotate_page(collection: Collection, page_id: int, degrees: int) -> None:
    with collection.change("旋转") as change:
        change.rotate_page(page_id, degrees)


def mark_absent(collection: Collection, certificate_id: int, slot: str, reason: str) -> None:
    with collection.change(f"无{collection.notice.slot(slot).label}") as change:
        change.set_absent(certificate_id, slot, reason)


def clear_absent(collection: Collection, certificate_id: int, slot: str) -> None:
    with collection.change(f"取消无{collection.notice.slot(slot).label}") as change:
        change.clear_absent(certificate_id, slot)


def confirm(collection: Collection, finding: Finding, reason: str, *, in_note: bool = False) -> None:
    """``in_note``: the reason goes into the roster annex's 备注 too."""
    with collection.change("确认无误") as change:
        change.confirm(finding, reason, in_note=in_note)


def withdraw(collection: Collection, finding: Finding) -> None:
    with collection.change("取消确认") as change:
        change.withdraw_confirmation(finding)


def sign(collection: Collection, teacher_ids: Iterable[int], day: date) -> None:
    """These teachers signed on ``day`` for their rows as they stand now."""
    with collection.change("本人已核对") as change:
        signing = set(teacher_ids)
        for teacher in collection.roster().teachers:
            if teacher.id in signing:
                change.sign(teacher.id, day, row_digest(teacher))


def withdraw_signatures(collection: Collection, teacher_ids: Iterable[int]) -> None:
    with collection.change("取消本人核对") as change:
        for teacher_id in teacher_ids:
            change.withdraw_signature(teacher_id)


def set_filing(collection: Collection, filing: Filing) -> None:
    with collection.change("改报送信息") as change:
        change.set_filing(filing)
