"""A submission is of one state, whatever is done meanwhile; what is kept of it; and 补报."""

from __future__ import annotations

import queue
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
from openpyxl import load_workbook

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.identity import check_character
from certclerk.core.records import Filing, ProposedPage, ProposedTeacher
from certclerk.core.submission_json import from_json
from certclerk.core.submission_record import SubmissionRecord
from certclerk.jobs import acts
from certclerk.jobs.package import Options, Result, package, record, survey
from certclerk.jobs.submissions import chain_of, changes_since
from certclerk.output.verify import verify_folder

from .conftest import LIN, picture

DAY = date(2017, 3, 13)


def person(name: str, index: int) -> ProposedTeacher:
    """With everything right but pages."""
    digits = f"35990119800101{index:02}2"
    certificate = replace(LIN.certificates[0], number=f"201335990420001{index:02}")
    return replace(LIN, name=name, id_number=digits + check_character(digits), certificates=(certificate,))


def stored(collection: Collection, shade: int) -> ProposedPage:
    sha256 = collection.add_blob(picture(shade), "image/jpeg")
    return ProposedPage(sha256, 0, "image/jpeg", 85, 120, 15, f"{shade}.jpg")


def complete(collection: Collection) -> None:
    """A page of its own in every slot that has none."""
    with collection.change("放入页") as change:
        for teacher in collection.roster().teachers:
            for certificate in teacher.certificates:
                for index, slot in enumerate(collection.notice.slots):
                    if not certificate.pages_in(slot.id):
                        page = stored(collection, (certificate.id * 3 + index) % 250)
                        change.add_page(page, certificate_id=certificate.id, slot=slot.id)


def add(collection: Collection, *proposed: ProposedTeacher) -> None:
    with collection.change("添加") as change:
        change.add_teachers(proposed)
    complete(collection)


@pytest.fixture
def ready(collection: Collection) -> Collection:
    """Six teachers who can all be submitted."""
    add(collection, *(person(name, index) for index, name in enumerate(("王芳", "李娜", "张三", "陈明"), 1)))
    assert not survey(collection, DAY).blockers
    return collection


def submit(collection: Collection, out: Path, **options: object) -> Result:
    made = package(collection, out, Options(DAY, **options))  # type: ignore[arg-type]
    record(collection, made)
    return made


def last(collection: Collection) -> SubmissionRecord:
    return from_json(collection.submissions()[0].record)


def differences(collection: Collection) -> list[str]:
    chain = chain_of(collection)
    assert chain is not None
    found = survey(collection, DAY)
    roster = collection.roster()
    return [str(each) for each in changes_since(chain, roster, collection.notice, found.findings)]


def teacher_id(collection: Collection, name: str) -> int:
    return next(teacher.id for teacher in collection.roster().teachers if teacher.name == name)


# One consistent state


def meddling(collection: Collection) -> Iterator[Callable[[], object]]:
    """What a clerk may do while a submission is made, one step after the other, without end."""
    frames = {page.sha256 for teacher in collection.roster().teachers for page in teacher.pages()}

    def pages() -> list[int]:
        return [page.id for teacher in collection.roster().teachers for page in teacher.pages()]

    def teachers() -> list[int]:
        return [teacher.id for teacher in collection.roster().teachers]

    def empty() -> None:
        collection.empty_trash()
        sweeping = threading.Thread(target=collection.sweep)
        sweeping.start()
        sweeping.join()

    yield lambda: acts.set_teacher_field(collection, teachers()[0], "name", "改了名")
    yield lambda: acts.set_filing(collection, Filing("泉州第三中学", "别人", "1"))
    yield lambda: [collection.add_rendition(sha256, 0, picture(251), "image/jpeg") for sha256 in frames]
    yield lambda: acts.trash_pages(collection, pages()[-2:])
    yield collection.undo
    yield collection.redo
    yield empty
    yield lambda: acts.rotate_page(collection, pages()[0], 90)
    yield lambda: acts.remove_teachers(collection, teachers()[-1:])
    yield empty
    yield lambda: acts.set_scope(collection, teachers()[:1], "out", "退休")
    yield lambda: acts.trash_pages(collection, pages())
    yield empty
    yield from cycle(
        (
            lambda: acts.add_teacher(collection, "新来的"),
            lambda: acts.reorder(collection, list(reversed(teachers()))),
            collection.undo,
        )
    )


def package_while(collection: Collection, out: Path, options: Options) -> tuple[Result, int]:
    """The submission made in a worker; at each of its steps this thread does something, and it waits for that.

    Returns it and the number of things that were done.
    """
    steps: queue.Queue[threading.Event | None] = queue.Queue()
    results: list[Result | BaseException] = []

    def wait_a_step(*_told: object) -> bool:
        done = threading.Event()
        steps.put(done)
        done.wait()
        return False

    def work() -> None:
        try:
            results.append(package(collection, out, options, wait_a_step, wait_a_step))
        except BaseException as error:
            results.append(error)
        finally:
            steps.put(None)

    acts_of_clerk = meddling(collection)
    worker = threading.Thread(target=work)
    worker.start()
    count = 0
    while (step := steps.get()) is not None:
        next(acts_of_clerk)()
        count += 1
        step.set()
    worker.join()
    (result,) = results
    if isinstance(result, BaseException):
        raise result
    return result, count


def test_what_is_done_meanwhile_neither_leaks_in_nor_breaks_it(ready: Collection, tmp_path: Path) -> None:
    for sha256 in {page.sha256 for page in ready.roster().teachers[1].pages()}:
        ready.add_rendition(sha256, 0, picture(200), "image/jpeg")
    twin_path = Path(shutil.copy(ready.path, tmp_path / "双胞胎.certclerk"))
    for part in ("-wal", "-shm"):
        shutil.copy(f"{ready.path}{part}", f"{twin_path}{part}")
    with open_collection(twin_path) as twin:
        calm = package(twin, tmp_path / "静", Options(DAY))
    made, done = package_while(ready, tmp_path / "动", Options(DAY))
    assert done > 20
    assert not ready.roster().teachers[0].certificates[0].pages
    same = [file.name for file in calm.written.files if Path(file.name).suffix in (".zip", ".xlsx")]
    assert len(same) == 3
    for name in same:
        assert (made.written.folder / name).read_bytes() == (calm.written.folder / name).read_bytes(), name
    kept = from_json(made.record)
    assert kept.content == from_json(calm.record).content
    assert verify_folder(made.written.folder).ok


def test_only_the_edits_made_before_it_began_are_in_it(ready: Collection, tmp_path: Path) -> None:
    acts.set_teacher_field(ready, teacher_id(ready, "王芳"), "note", "先改的")
    made, _ = package_while(ready, tmp_path / "out", Options(DAY))
    sheet = load_workbook(next(made.written.folder.glob("附件1*.xlsx"))).active
    told = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert "先改的" in told
    assert not told & {"改了名", "新来的", "别人"}


def test_a_snapshot_ends_with_its_block(ready: Collection) -> None:
    with ready.snapshot() as state:
        acts.add_teacher(ready, "后来")
        assert len(state.roster().teachers) == 6
        assert state.moment() != ready.moment()
    with ready.snapshot() as state:
        assert len(state.roster().teachers) == 7
        assert state.moment() == ready.moment()


# What is kept


def test_the_record_says_what_went_in(ready: Collection, tmp_path: Path) -> None:
    acts.set_scope(ready, [teacher_id(ready, "李娜")], "out", "退休")
    held = teacher_id(ready, "陈明")
    made = submit(ready, tmp_path / "out", held={held: "材料不全"})
    kept = last(ready)
    assert (kept.teachers, kept.mails, kept.day) == (4, 1, DAY)
    assert Path(kept.folder) == made.written.folder
    assert {file.name: file.size for file in kept.files} == {
        path.name: path.stat().st_size for path in made.written.folder.iterdir()
    }
    assert [(left.name, left.scope.label, left.reason) for left in kept.left_out] == [
        ("李娜", "不纳入", "退休"),
        ("陈明", "暂缓", "材料不全"),
    ]
    assert kept.terms.held == {held: "材料不全"}
    assert kept.content is not None
    first = kept.content.teachers[0]
    values = dict(zip(kept.content.columns, first.certificates[0].values, strict=True))
    assert values["number"] == "20133599042000001"
    assert [page.slot for page in first.certificates[0].pages] == ["封面", "内页", "备注页"]
    with zipfile.ZipFile(made.written.folder / "泉州第一中学.zip") as archive:
        import hashlib

        inside = archive.read(f"泉州第一中学/{first.file_name}")
        assert hashlib.sha256(inside).hexdigest() == first.sha256


def test_a_record_comes_back_as_it_was_written(ready: Collection, tmp_path: Path) -> None:
    made = submit(ready, tmp_path / "out")
    kept = from_json(made.record)
    from certclerk.core.submission_json import as_json

    assert from_json(as_json(kept)) == kept
    assert as_json(kept) == made.record == ready.submissions()[0].record


# 已过期


def test_only_what_went_in_outdates_it(ready: Collection, tmp_path: Path) -> None:
    acts.set_scope(ready, [teacher_id(ready, "李娜")], "out", "退休")
    submit(ready, tmp_path / "out", held={teacher_id(ready, "陈明"): "再核对"})
    with ready.change("待归位") as change:
        change.add_page(stored(ready, 99), reason="没有姓名")
    acts.add_teacher(ready, "还没有证书的")
    acts.set_teacher_field(ready, teacher_id(ready, "李娜"), "note", "改了也不相干")
    assert differences(ready) == ["陈明：原先暂缓（再核对），现在纳入"]


def test_what_changed_is_told(ready: Collection, tmp_path: Path) -> None:
    submit(ready, tmp_path / "out")
    assert differences(ready) == []
    by_name = {teacher.name: teacher for teacher in ready.roster().teachers}
    certificate = by_name["王芳"].certificates[0]
    acts.set_certificate_field(ready, certificate.id, "subject", "数学")
    acts.rotate_page(ready, certificate.pages_in("cover")[0].id, 90)
    with ready.change("换页") as change:
        change.trash_page(certificate.pages_in("remarks")[0].id)
        change.add_page(stored(ready, 240), certificate_id=certificate.id, slot="remarks")
        change.add_page(stored(ready, 241), certificate_id=certificate.id, slot="text")
    acts.set_scope(ready, [by_name["李娜"].id], "hold", "原件不在")
    acts.remove_teachers(ready, [by_name["张三"].id])
    acts.set_filing(ready, Filing("泉州第一中学", "林敏", "22000000"))
    add(ready, person("新来的", 9))
    assert differences(ready) == [
        "经办人 陈敏 → 林敏",
        "王芳：任教学科 语文 → 数学",
        "王芳：封面的图像重新处理过（旋转、裁切或明暗）",
        "王芳：内页增加了1页",
        "王芳：备注页换了1页",
        "李娜：现在暂缓（原件不在）",
        "张三：已不在名册中",
        "新来的：新增",
    ]


def test_a_moved_teacher_and_moved_pages_are_told(ready: Collection, tmp_path: Path) -> None:
    certificate = ready.roster().teachers[0].certificates[0]
    with ready.change("加页") as change:
        second = change.add_page(stored(ready, 201), certificate_id=certificate.id, slot="text")
    submit(ready, tmp_path / "out")
    with ready.change("换次序") as change:
        change.place_page(second, certificate.id, "text", 0)
    acts.reorder(ready, list(reversed(ready.order())))
    assert differences(ready) == ["名册次序改了，附件里的序号随之改变", "林晓雯：内页的次序改了"]


# 补报


def supplement(collection: Collection, out: Path) -> Result:
    return submit(collection, out, supplement=True)


def test_a_supplement_holds_the_new_and_the_changed_only(ready: Collection, tmp_path: Path) -> None:
    """
    张三 submitted, changed; 陈明 submitted, now 退休; 李娜 submitted, as she was
    张三 (another), 赵云: new
    """
    submit(ready, tmp_path / "out")
    changed = teacher_id(ready, "张三")
    acts.set_teacher_field(ready, changed, "note", "更正")
    acts.set_scope(ready, [teacher_id(ready, "陈明")], "out", "退休")
    add(ready, person("张三", 7), person("赵云", 8))
    made = supplement(ready, tmp_path / "out")
    folder = made.written.folder
    assert folder.name == "泉州第一中学_2017-03-13（补报1）"
    assert sorted(path.name for path in folder.iterdir()) == [
        "校验清单（补报1）.json",
        "泉州第一中学（补报1）.zip",
        "邮件草稿（补报1）.eml",
        "附件1_泉州第一中学_采集名册（补报1）.pdf",
        "附件1_泉州第一中学_采集名册（补报1）.xlsx",
        "附件2_泉州第一中学_采集统计表（补报1）.pdf",
        "附件2_泉州第一中学_采集统计表（补报1）.xlsx",
    ]
    with zipfile.ZipFile(folder / "泉州第一中学（补报1）.zip") as archive:
        assert archive.namelist() == [
            "泉州第一中学（补报1）/张三（补报1-1）.pdf",
            "泉州第一中学（补报1）/张三（补报1-2）.pdf",
            "泉州第一中学（补报1）/赵云.pdf",
        ]
    roster, counts = made.submission.annexes
    assert roster.title == "教师资格证书电子证照采集名册（补报1）"
    assert [row[:2] for row in roster.grid.rows] == [(1, "张三"), (2, "张三"), (3, "赵云")]
    assert "只统计本次补报" in counts.foot
    assert 3 in counts.grid.rows[0]
    (draft,) = made.written.drafts
    assert draft.subject == "泉州第一中学教师资格证书电子证照采集材料（补报1）"
    assert "第1次补报，只含新增或有改动的3名教师" in draft.body
    assert "撤回：陈明（退休）。" in draft.body
    assert verify_folder(folder).ok
    assert differences(ready) == []


def test_a_later_supplement_is_against_all_that_was_submitted(ready: Collection, tmp_path: Path) -> None:
    submit(ready, tmp_path / "out")
    acts.set_teacher_field(ready, teacher_id(ready, "张三"), "note", "一改")
    first = supplement(ready, tmp_path / "out")
    assert [document.name for document in first.submission.documents] == ["张三"]
    with pytest.raises(UserError) as refused:
        supplement(ready, tmp_path / "out")
    assert refused.value.code == "supplement_unchanged"
    acts.set_teacher_field(ready, teacher_id(ready, "李娜"), "note", "二改")
    second = supplement(ready, tmp_path / "out")
    assert [document.name for document in second.submission.documents] == ["李娜"]
    assert second.written.folder.name.endswith("（补报2）")
    of = last(ready).supplement
    assert of is not None
    assert (of.of, of.number) == (ready.submissions()[-1].id, 2)
    assert differences(ready) == []
    assert not submit(ready, tmp_path / "out").submission.supplement


def test_who_was_held_for_an_error_is_in_a_supplement_once_it_is_mended(
    ready: Collection, tmp_path: Path
) -> None:
    late = ready.roster().teachers[1]
    page = late.certificates[0].pages_in("cover")[0]
    acts.trash_pages(ready, [page.id])
    submit(ready, tmp_path / "out", held={late.id: "缺封面"})
    assert differences(ready) == []
    acts.set_teacher_field(ready, teacher_id(ready, "张三"), "note", "更正")
    first = supplement(ready, tmp_path / "out")
    assert [document.name for document in first.submission.documents] == ["张三"]
    assert [(left.name, left.reason) for left in last(ready).left_out] == [(late.name, "缺封面")]
    complete(ready)
    assert differences(ready) == [f"{late.name}：原先暂缓（缺封面），现在纳入"]
    second = supplement(ready, tmp_path / "out")
    assert [document.name for document in second.submission.documents] == [late.name]


def test_a_supplement_is_refused_with_a_sentence(ready: Collection, tmp_path: Path) -> None:
    def code() -> str:
        with pytest.raises(UserError) as refused:
            supplement(ready, tmp_path / "out")
        return refused.value.code

    assert code() == "supplement_of_nothing"
    with ready.change("旧") as change:
        change.record_submission(
            '{"moment": 1, "folder": "旧", "day": "2017-03-01", "size": "original", "teachers": [1],'
            ' "left_out": [{"teacher": 2, "scope": "out", "reason": "退休"}], "files": {"一.zip": 5, "信.eml": 7}}'
        )
    assert code() == "supplement_of_unknown"
    assert (last(ready).teachers, last(ready).mails, last(ready).bytes) == (1, 1, 12)
    assert len(differences(ready)) == 1
    submit(ready, tmp_path / "out")
    assert code() == "supplement_unchanged"
    acts.set_scope(ready, [teacher_id(ready, "陈明")], "out", "退休")
    assert code() == "supplement_only_withdrawn"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["泉州第一中学_2017-03-13"]
