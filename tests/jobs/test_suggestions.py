from __future__ import annotations

from pathlib import Path

import pytest

from certclerk.collection import Collection
from certclerk.core.records import ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.jobs import acts, take_pages
from certclerk.jobs.suggestions import Suggestion, accept, hint, suggestions, without_hint

from .conftest import LIN, slots, write_pages


def waiting(
    collection: Collection, source: str, reason: str = "由经办人移来", frame: int = 0, data: str = ""
) -> int:
    sha256 = collection.add_blob((data or source).encode(), "image/jpeg")
    with collection.change("放入") as change:
        return change.add_page(ProposedPage(sha256, frame, "image/jpeg", 9, 9, None, source), reason=reason)


def found(collection: Collection) -> dict[str, str]:
    """By source: ``第1号 林晓雯 · 封面：文件名写明``, a star where it is certain."""
    roster = collection.roster()
    made = suggestions(roster.tray, roster.teachers, collection.notice)
    sources = {page.id: page.source for page in roster.tray}
    return {sources[key]: f"{one.place}：{one.why}{'*' if one.certain else ''}" for key, one in made.items()}


@pytest.mark.parametrize(
    ("source", "suggested"),
    [
        ("林晓雯 封面.jpg", "第1号 林晓雯 · 封面：文件名写明*"),
        ("林晓雯 备注.jpg", "第1号 林晓雯 · 备注页：文件名写明*"),
        ("林晓雯.jpg", "第1号 林晓雯 · 封面：文件名里有“林晓雯”"),
        ("旧的 林晓雯 备注页.jpg", "第1号 林晓雯 · 备注页：文件名里有“林晓雯”"),
        ("旧的 林晓雯 内页.jpg", "第1号 林晓雯 · 内页：文件名里有“林晓雯”"),
        ("IMG_0001.jpg", None),
        ("林晓雯 陈志远.jpg", None),
    ],
)
def test_the_name_speaks_for_a_teacher(collection: Collection, source: str, suggested: str | None) -> None:
    waiting(collection, source)
    assert found(collection).get(source) == suggested


def test_the_folder_of_which_the_reason_tells_speaks_too(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "扫描", "陈志远/IMG_7788.jpg", "谁知道/IMG_9900.jpg")
    take_pages.place(collection, take_pages.store(collection, [tmp_path / "扫描"]))
    assert found(collection) == {"IMG_7788.jpg": "第2号 陈志远 · 封面：文件夹名里有“陈志远”"}
    (told,) = [page.reason for page in collection.tray() if page.source == "IMG_7788.jpg"]
    assert "可能" in told and "可能" not in without_hint(told)


def test_a_hint_holds_only_while_number_and_name_are_one_persons(collection: Collection) -> None:
    chen = collection.roster().teachers[1]
    waiting(collection, "IMG_1.jpg", "没有序号" + hint(chen))
    assert len(found(collection)) == 1
    acts.set_teacher_field(collection, chen.id, "name", "陈志")
    assert found(collection) == {}


def test_several_pages_of_one_teacher_are_offered_the_gaps_in_order(collection: Collection) -> None:
    for number in range(4):
        waiting(collection, f"旧 陈志远 扫{number}.jpg")
    waiting(collection, "陈志远 封面.jpg")
    assert [suggested.split("：")[0] for suggested in found(collection).values()] == [
        "第2号 陈志远 · 内页",
        "第2号 陈志远 · 备注页",
        "第2号 陈志远",
        "第2号 陈志远",
        "第2号 陈志远 · 封面",
    ]


def test_no_slot_is_offered_that_has_its_page(collection: Collection) -> None:
    waiting(collection, "林晓雯 封面.jpg")
    roster = collection.roster()
    accept(collection, suggestions(roster.tray, roster.teachers, collection.notice).values())
    waiting(collection, "林晓雯 封面.jpg", data="rescan")
    assert found(collection)["林晓雯 封面.jpg"] == "第1号 林晓雯：文件名里有“林晓雯”"


def test_of_two_certificates_the_kind_in_the_name_decides(collection: Collection) -> None:
    with collection.change("添加") as change:
        change.add_certificate(
            collection.order()[0],
            ProposedCertificate("小学", "语文", "20133599022000001", "泉州市教育局", "2013-07-01"),
        )
    waiting(collection, "旧 林晓雯 小学 备注页.jpg")
    roster = collection.roster()
    (made,) = suggestions(roster.tray, roster.teachers, collection.notice).values()
    assert made.gap is not None
    assert made.gap.certificate_id == roster.teachers[0].certificates[1].id


def test_namesakes_are_not_guessed_at(collection: Collection) -> None:
    with collection.change("添加") as change:
        change.add_teachers([ProposedTeacher(LIN.name)])
    waiting(collection, "旧 林晓雯 备注页.jpg")
    assert found(collection) == {}


def test_pages_of_one_file_are_not_all_its_cover(collection: Collection) -> None:
    for frame in range(2):
        waiting(collection, "林晓雯 封面.pdf", frame=frame, data="one file")
    roster = collection.roster()
    made = suggestions(roster.tray, roster.teachers, collection.notice).values()
    assert [one.place for one in made] == ["第1号 林晓雯 · 封面", "第1号 林晓雯"]
    assert not any(one.certain for one in made)


def test_all_are_accepted_in_one_undo_and_one_says_where(collection: Collection) -> None:
    for name in ("林晓雯 封面.jpg", "旧 陈志远 扫.jpg"):
        waiting(collection, name)
    roster = collection.roster()
    made = list(suggestions(roster.tray, roster.teachers, collection.notice).values())
    homeless = Suggestion(0, 1, None, False, "", "")
    assert accept(collection, [*made, homeless]) == 2
    assert slots(collection) == {
        "林晓雯": [("cover", "林晓雯 封面.jpg")],
        "陈志远": [("cover", "旧 陈志远 扫.jpg")],
    }
    assert collection.undo() == "采用建议，归位 2 页"
    accept(collection, made[:1])
    assert collection.undo_label == "移动到 第1号 林晓雯 · 封面"
    assert accept(collection, []) == 0
