"""The check of a collection names everything that is wrong with it, each in the clerk's words."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from certclerk.collection import Collection, Damage, open_collection
from certclerk.collection.tables import LABELS, tables
from certclerk.core.records import ProposedTeacher

from .conftest import add_page

PAGE = 16_384
# Where the head of an SQLite file counts its free pages.
FREE_PAGES = 36
# What is done to the file, and what the check says of it then: the code, and words of its sentence.
CASES = {
    "a picture with other bytes": (
        "UPDATE blob SET data = zeroblob(length(data))",
        ("page_damaged", "第1号 张三 的封面（a.jpg）：图像数据已损坏，请重新扫描"),
    ),
    "a picture that is gone": (
        "DELETE FROM blob WHERE sha256 IN (SELECT sha256 FROM page WHERE place = 'slot')",
        ("page_damaged", "第1号 张三 的封面（a.jpg）：图像数据已损坏，请重新扫描"),
    ),
    "a picture of no page": (
        "INSERT INTO blob SELECT replace(sha256, substr(sha256, 1, 8), '00000000'), media_type, added_at, data FROM blob",
        ("page_damaged", "没有哪一页用到的图像，数据已损坏"),
    ),
    "a picture in the tray": (
        "UPDATE page SET place = 'tray', certificate_id = NULL, slot = NULL, position = 0, reason = 'x';"
        "UPDATE blob SET data = x'00'",
        ("page_damaged", "待归位中的一页（a.jpg）：图像数据已损坏。"),
    ),
    "a readable copy with other bytes": (
        "INSERT INTO rendition SELECT sha256, frame, 'image/jpeg', sha256, x'00' FROM page",
        ("page_damaged", "第1号 张三 的封面（a.jpg）：图像数据已损坏，请重新扫描"),
    ),
    "a certificate of nobody": (
        "DELETE FROM teacher WHERE name = '张三'",
        ("structure_damaged", "证书：1 条所属的教师不见了"),
    ),
    "a value that is none": (
        "UPDATE page SET recipe = 'x'",
        ("value_damaged", "第1号 张三 的封面（a.jpg）：图像的修整的内容读不懂"),
    ),
    "a record that another program changed": (
        "UPDATE teacher SET name = '王某' WHERE name = '张三'",
        ("record_differs", "第1号 王某：姓名是“王某”，改动的历史里是“张三”，请核对"),
    ),
    "a record that another program deleted": (
        "DELETE FROM teacher WHERE name = '李四'",
        ("record_differs", "第2号 李四：记录不见了，改动的历史里还有"),
    ),
}


@pytest.fixture
def closed(collection: Collection, path: Path) -> Path:
    add_page(collection)
    collection.close()
    return path


def told(path: Path) -> tuple[Damage, ...]:
    with open_collection(path, read_only=True) as collection:
        return tuple(found for found in collection.examine() if not found.is_note)


def test_of_a_sound_one_nothing_is_said(closed: Path) -> None:
    assert told(closed) == ()


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_named(closed: Path, case: str) -> None:
    harm, (code, words) = CASES[case]
    with closing(apsw.Connection(str(closed))) as connection:
        connection.execute(harm)
    found = [(damage.code, damage.message) for damage in told(closed)]
    assert [message for kind, message in found if kind == code and words in message], found


def test_a_page_of_a_slot_that_the_notice_has_not(collection: Collection, path: Path) -> None:
    """Come in while it is open: with it no file opens."""
    add_page(collection)
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("UPDATE page SET slot = 'x'")
    messages = [found.message for found in collection.examine() if found.code == "value_damaged"]
    assert messages == ["第1号 张三 的x（a.jpg）：通知里没有这个页位。"]


def test_pages_that_the_file_counts_wrongly(closed: Path) -> None:
    with closed.open("r+b") as file:
        file.seek(FREE_PAGES)
        file.write((5).to_bytes(4, "big"))
    (found,) = told(closed)
    assert found.code == "structure_damaged" and "采集文件的结构有损坏" in found.message


def test_a_part_that_cannot_be_read(closed: Path) -> None:
    """An index that only pictures are found by; the check goes on past it."""
    with closing(apsw.Connection(str(closed))) as connection:
        root = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'blob' AND type = 'index'"
        ).get
        connection.execute("UPDATE page SET recipe = 'x'")
    with closed.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(bytes(PAGE))
    found = told(closed)
    assert [damage for damage in found if "采集文件有一部分读不出来" in damage.message]
    assert [damage for damage in found if damage.code == "value_damaged"]


def test_a_record_that_came_back(collection: Collection, path: Path) -> None:
    key = collection.order()[1]
    with collection.change("删") as change:
        change.remove_teachers([key])
    collection.close()
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(
            "INSERT INTO teacher (id, position, serial, name, sex, id_number, note) VALUES (?, 9, 9, '李四', '', '', '')",
            (key,),
        )
    assert [found.message for found in told(path)] == ["第9号 李四：改动的历史里已经删除，文件里却还在。"]


def test_a_picture_of_no_page_is_worth_a_note(collection: Collection) -> None:
    collection.add_blob(b"nobody's", "image/jpeg")
    (note,) = collection.examine()
    assert note.is_note and "有 1 份图像没有哪一页用到" in note.message


def test_more_than_anybody_reads_is_said_in_one_sentence(collection: Collection, path: Path) -> None:
    with collection.change("导入") as change:
        change.add_teachers(ProposedTeacher(name="甲") for _ in range(300))
    collection.close()
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("UPDATE teacher SET note = '别的'")
    found = told(path)
    assert len(found) == 201 and found[-1].message == "还有更多的记录与改动的历史不符。"


def test_every_table_has_a_name_for_the_clerk() -> None:
    assert set(tables()) <= set(LABELS)
