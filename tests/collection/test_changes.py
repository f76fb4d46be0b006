"""The one door for changes, and the history behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from certclerk.collection import Changed, Collection, open_collection
from certclerk.core.notice import Notice
from certclerk.core.records import (
    Filing,
    Finding,
    Place,
    ProposedCertificate,
    ProposedPage,
    ProposedTeacher,
    Refusal,
    Severity,
)

from .conftest import ZHANG, add_page


def names(collection: Collection) -> list[str]:
    return [teacher.name for teacher in collection.roster().teachers]


def first_id(collection: Collection) -> int:
    return collection.roster().teachers[0].id


def first_certificate_id(collection: Collection) -> int:
    return collection.roster().teachers[0].certificates[0].id


def test_values_are_normalised_on_the_way_in(collection: Collection) -> None:
    with collection.change("改") as change:
        change.update_teacher(
            first_id(collection), name="阿依古丽•买买提", id_number="３５０５02199408230２1x"
        )
        change.update_certificate(first_certificate_id(collection), kind="高中", issued="2013年7月1日")
    teacher = collection.roster().teachers[0]
    assert (teacher.name, teacher.id_number) == ("阿依古丽·买买提", "35050219940823021X")
    assert (teacher.certificates[0].kind, teacher.certificates[0].issued) == ("高级中学", "2013-07-01")


def test_a_block_that_raises_changes_nothing(collection: Collection) -> None:
    before = collection.roster()
    with pytest.raises(RuntimeError), collection.change("改") as change:
        change.update_teacher(first_id(collection), name="王五")
        raise RuntimeError
    assert collection.roster() == before
    assert collection.undo_label == "导入"


def test_unknown_fields_are_a_bug(collection: Collection) -> None:
    with pytest.raises(KeyError), collection.change("改") as change:
        change.update_teacher(first_id(collection), kind="小学")


@pytest.mark.parametrize(
    ("serials", "expected"),
    [
        ((5, 9), [1, 2, 5, 9]),
        ((5, None), [1, 2, 3, 4]),
        ((5, 5), [1, 2, 3, 4]),
        ((2, 7), [1, 2, 3, 4]),
    ],
)
def test_serials_are_the_sheets_where_they_are_all_there_and_free(
    collection: Collection, serials: tuple[int | None, ...], expected: list[int]
) -> None:
    with collection.change("导入") as change:
        change.add_teachers([ProposedTeacher(name=f"甲{serial}", serial=serial) for serial in serials])
    assert [teacher.serial for teacher in collection.roster().teachers] == expected


def test_typing_a_refused_field_clears_the_refusal(collection: Collection) -> None:
    refused = ProposedTeacher(
        name="王五",
        refusals=(Refusal("id_number", "3.5E+17", "digits_lost"),),
        certificates=(ProposedCertificate(refusals=(Refusal("number", "2.0E+16", "digits_lost"),)),),
    )
    with collection.change("导入") as change:
        (teacher_id,) = change.add_teachers([refused])
    teacher = collection.teacher(teacher_id)
    assert teacher is not None
    assert [refusal.field for refusal in teacher.refusals] == ["id_number"]
    assert [refusal.field for refusal in teacher.certificates[0].refusals] == ["number"]
    with collection.change("改") as change:
        change.update_teacher(teacher_id, id_number="810000199408230021")
        change.update_certificate(teacher.certificates[0].id, number="20133599041000009")
    again = collection.teacher(teacher_id)
    assert again is not None
    assert again.refusals == again.certificates[0].refusals == ()


def test_reorder_moves_within_the_places_held(collection: Collection) -> None:
    with collection.change("导入") as change:
        change.add_teachers([ProposedTeacher(name="王五")])
    ids = [teacher.id for teacher in collection.roster().teachers]
    with collection.change("调整顺序") as change:
        change.reorder([ids[2], ids[0]])
    assert names(collection) == ["王五", "李四", "张三"]
    assert [teacher.serial for teacher in collection.roster().teachers] == [3, 2, 1]


def test_pages_move_between_slots_tray_and_trash(collection: Collection) -> None:
    """cover [a]  text []  tray []   →   cover []  text [b, a]   →   tray [a]  trash [b]"""
    a, b = add_page(collection, b"a"), add_page(collection, b"b", slot="text")
    certificate_id = first_certificate_id(collection)
    with collection.change("移动") as change:
        change.place_page(a, certificate_id, "text")
    assert [page.id for page in collection.roster().teachers[0].pages()] == [b, a]
    with collection.change("排序") as change:
        change.place_page(a, certificate_id, "text", 0)
    assert [page.id for page in collection.roster().teachers[0].pages()] == [a, b]
    with collection.change("拿走") as change:
        change.send_to_tray(a, "不是这一位的")
        change.trash_page(b)
    assert [(page.id, page.reason) for page in collection.tray()] == [(a, "不是这一位的")]
    assert [trashed.page.id for trashed in collection.trash()] == [b]
    collection.undo()
    assert [page.id for page in collection.roster().teachers[0].pages()] == [a, b]


def test_rotation_adds_up(collection: Collection) -> None:
    page_id = add_page(collection)
    for expected in (270, 180, 90, 0):
        with collection.change("旋转") as change:
            change.rotate_page(page_id, -90)
        (page,) = collection.roster().teachers[0].pages()
        assert page.rotation == expected


def test_a_page_put_into_a_slot_ends_its_absence(collection: Collection) -> None:
    certificate_id = first_certificate_id(collection)
    with collection.change("无此页") as change:
        change.set_absent(certificate_id, "remarks", "证书没有备注页")
    absence = collection.roster().teachers[0].certificates[0].absence("remarks")
    assert absence is not None
    assert absence.reason == "证书没有备注页"
    add_page(collection, slot="remarks")
    assert collection.roster().teachers[0].certificates[0].absences == ()


def test_removing_a_teacher_keeps_the_pages_in_the_trash_and_undo_brings_all_back(
    collection: Collection,
) -> None:
    add_page(collection)
    before = collection.roster()
    with collection.change("删除") as change:
        change.remove_teachers([before.teachers[0].id])
    assert names(collection) == ["李四"]
    assert [trashed.page.place for trashed in collection.trash()] == [Place.TRASH]
    collection.undo()
    assert collection.roster() == before
    collection.redo()
    assert names(collection) == ["李四"]
    assert all(found.is_note for found in collection.examine())


def test_undo_and_redo_survive_closing(collection: Collection, path: Path) -> None:
    with collection.change("改姓名") as change:
        change.update_teacher(first_id(collection), name="王五")
    collection.close()
    with open_collection(path) as again:
        assert again.undo_label == "改姓名"
        assert again.undo() == "改姓名"
        assert names(again) == ["张三", "李四"]
    with open_collection(path) as again:
        assert again.redo_label == "改姓名"
        assert again.redo() == "改姓名"
        assert again.redo() is None
        assert names(again) == ["王五", "李四"]
        assert (again.undo(), again.undo(), again.undo()) == ("改姓名", "导入", None)


def test_a_new_change_drops_what_could_be_redone(collection: Collection) -> None:
    collection.undo()
    with collection.change("导入别的") as change:
        change.add_teachers([ZHANG])
    assert collection.redo() is None
    assert names(collection) == ["张三"]


def test_a_change_that_changes_nothing_leaves_no_entry(collection: Collection) -> None:
    with collection.change("没有改动") as change:
        change.update_teacher(first_id(collection), name="张三")
    assert collection.undo_label == "导入"


def test_listeners_hear_what_was_touched(collection: Collection) -> None:
    heard: list[Changed] = []
    collection.subscribe(heard.append)
    teacher_id = first_id(collection)
    with collection.change("改") as change:
        change.update_teacher(teacher_id, note="新备注")
    collection.undo()
    add_page(collection)
    with collection.change("报送信息") as change:
        change.set_filing(Filing("某校"))
    with collection.change("删除教师") as change:
        change.remove_teachers([teacher_id])
    collection.undo()
    own = frozenset({teacher_id})
    assert heard == [
        *[Changed(own)] * 3,
        Changed(frozenset()),
        *[Changed(own, rows=True)] * 2,
    ]


def test_a_moved_page_touches_both_owners(collection: Collection) -> None:
    with collection.change("导入") as change:
        change.add_teachers([ZHANG])
    page_id = add_page(collection)
    roster = collection.roster()
    heard: list[Changed] = []
    collection.subscribe(heard.append)
    with collection.change("移动") as change:
        change.place_page(page_id, roster.teachers[2].certificates[0].id, "cover")
    assert heard[0].teachers == {roster.teachers[0].id, roster.teachers[2].id}


def test_a_confirmation_is_kept_and_withdrawn(collection: Collection) -> None:
    teacher_id = first_id(collection)
    finding = Finding("id_legacy", Severity.WARNING, "", teacher_id=teacher_id, field="id_number", value="1")
    with collection.change("确认") as change:
        change.confirm(finding, "证件如此")
    assert [given.reason for given in collection.roster().teachers[0].confirmations] == ["证件如此"]
    with collection.change("取消") as change:
        change.withdraw_confirmation(finding)
    assert collection.roster().teachers[0].confirmations == ()


def test_a_submission_record_is_kept_and_not_undone(collection: Collection) -> None:
    with collection.change("报送") as change:
        change.record_submission("{}")
    assert collection.undo_label == "导入"
    assert [stored.record for stored in collection.submissions()] == ["{}"]


def test_ten_thousand_teachers_undo_as_one(collection: Collection) -> None:
    with collection.change("导入 10000 人") as change:
        change.add_teachers([ProposedTeacher(name="甲", certificates=(ProposedCertificate(),))] * 10_000)
    assert len(collection.roster().teachers) == 10_002
    assert collection.undo() == "导入 10000 人"
    assert len(collection.roster().teachers) == 2


def test_a_profile_with_other_slots_works_alike(tmp_path: Path, invented: Notice) -> None:
    from certclerk.collection import create_collection

    slot = invented.slots[-1].id
    with create_collection(tmp_path / "a.certclerk", invented, Filing("某校")) as collection:
        sha256 = collection.add_blob(b"x", "image/png")
        with collection.change("导入") as change:
            (teacher_id,) = change.add_teachers([ZHANG])
            teacher = collection.teacher(teacher_id)
            assert teacher is not None
            change.add_page(
                ProposedPage(sha256, 0, "image/png", 1, 1, None, "a.png"),
                certificate_id=teacher.certificates[0].id,
                slot=slot,
            )
        assert [page.slot for page in collection.roster().teachers[0].pages()] == [slot]
