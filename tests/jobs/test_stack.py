from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from certclerk.collection import Collection
from certclerk.core import stack
from certclerk.core.errors import UserError
from certclerk.core.stack import Deal
from certclerk.jobs import stack as job
from certclerk.jobs.take_pages import Stored, forget, place, store

from .conftest import picture, slots, write_pages

ONE_OF_EACH = {"cover": 1, "text": 1, "remarks": 1}


def multi_page_tiff(path: Path, pages: int) -> Path:
    drawn = [Image.open(io.BytesIO(picture(10 + 20 * number))) for number in range(pages)]
    drawn[0].save(path, "TIFF", save_all=True, append_images=drawn[1:])
    return path


def multi_page_pdf(path: Path, pages: int) -> Path:
    writer = PdfWriter()
    for number in range(pages):
        one = io.BytesIO()
        Image.open(io.BytesIO(picture(10 + 20 * number))).save(one, "PDF")
        writer.append(PdfReader(one))
    writer.write(path)
    return path


def dealt(
    collection: Collection, stored: Stored, counts: dict[str, int] | None = None, *, skip_filled: bool = True
) -> Deal:
    teachers, notice = collection.roster().teachers, collection.notice
    columns = stack.columns(notice, counts or ONE_OF_EACH)
    rows = stack.rows(teachers, notice, columns, skip_filled=skip_filled)
    return stack.deal(columns, rows, len(stored.pages))


def test_a_folder_in_natural_order_is_one_change_and_one_undo(collection: Collection, tmp_path: Path) -> None:
    names = [f"scan{number}.jpg" for number in (1, 2, 3, 9, 10, 11)]
    write_pages(tmp_path / "叠", *names)
    stored = store(collection, [tmp_path / "叠"])
    assert job.accept(collection, dealt(collection, stored), stored.pages) == job.Accepted(6, 0, 0)
    assert slots(collection) == {
        "林晓雯": [("cover", "scan1.jpg"), ("remarks", "scan3.jpg"), ("text", "scan2.jpg")],
        "陈志远": [("cover", "scan9.jpg"), ("remarks", "scan11.jpg"), ("text", "scan10.jpg")],
    }
    assert collection.undo() == "放入 6 页"
    assert slots(collection) == {"林晓雯": [], "陈志远": []}
    collection.redo()
    assert len(list(collection.roster().teachers[1].pages())) == 3


@pytest.mark.parametrize("make", [multi_page_tiff, multi_page_pdf])
def test_a_file_of_many_pages_is_dealt_frame_by_frame(
    collection: Collection, tmp_path: Path, make: Callable[[Path, int], Path]
) -> None:
    stored = store(collection, [make(tmp_path / "叠.bin", 6)])
    job.accept(collection, dealt(collection, stored), stored.pages)
    frames = {
        (teacher.name, page.slot): page.frame
        for teacher in collection.roster().teachers
        for page in teacher.pages()
    }
    assert frames == {
        ("林晓雯", "cover"): 0, ("林晓雯", "text"): 1, ("林晓雯", "remarks"): 2,
        ("陈志远", "cover"): 3, ("陈志远", "text"): 4, ("陈志远", "remarks"): 5,
    }  # fmt: skip


def test_what_is_shown_is_what_is_placed_and_the_rest_waits_with_a_reason(
    collection: Collection, tmp_path: Path
) -> None:
    write_pages(tmp_path / "叠", *(f"{number}.jpg" for number in range(1, 9)))
    stored = store(collection, [tmp_path / "叠"])
    held = stack.with_gap(stack.without(dealt(collection, stored, {"cover": 1, "text": 2}), 1), 3)
    job.accept(collection, held, stored.pages)
    assert slots(collection) == {
        "林晓雯": [("cover", "1.jpg"), ("text", "3.jpg"), ("text", "4.jpg")],
        "陈志远": [("text", "5.jpg"), ("text", "6.jpg")],
    }
    assert [(page.source, page.reason) for page in collection.tray()] == [
        ("2.jpg", job.PULLED_OUT),
        ("7.jpg", job.BEYOND),
        ("8.jpg", job.BEYOND),
    ]


def test_old_pages_go_to_the_trash_only_where_a_new_one_comes(collection: Collection, tmp_path: Path) -> None:
    write_pages(
        tmp_path / "旧",
        "林晓雯 封面.jpg",
        "林晓雯 文字.jpg",
        "林晓雯 图案.jpg",
        "林晓雯 照片.jpg",
        "陈志远 封面.jpg",
    )
    place(collection, store(collection, [tmp_path / "旧"]))
    write_pages(tmp_path / "新叠", *(f"scan{number}.jpg" for number in (1, 2, 3)))
    stored = store(collection, [tmp_path / "新叠"])
    held = dealt(collection, stored, {"cover": 1, "text": 2}, skip_filled=False)
    assert job.accept(collection, held, stored.pages) == job.Accepted(3, 0, 3)
    assert slots(collection)["林晓雯"] == [
        ("cover", "scan1.jpg"),
        ("text", "scan2.jpg"),
        ("text", "scan3.jpg"),
        ("text", "林晓雯 照片.jpg"),
    ]
    assert slots(collection)["陈志远"] == [("cover", "陈志远 封面.jpg")]
    collection.undo()
    assert len(slots(collection)["林晓雯"]) == 4


def test_pages_that_are_here_or_come_twice_are_marked(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "旧", "林晓雯 封面.jpg", "谁.jpg")
    place(collection, store(collection, [tmp_path / "旧"]))
    again = tmp_path / "叠"
    again.mkdir()
    for number, name in enumerate(("林晓雯 封面.jpg", "谁.jpg", "谁.jpg"), 1):
        (again / f"{number}.jpg").write_bytes((tmp_path / "旧" / name).read_bytes())
    stored = store(collection, [again])
    roster = collection.roster()
    assert job.known_pages(stored.pages, roster, collection.notice) == {
        0: "林晓雯 · 封面",
        1: "待归位",
        2: "待归位",
    }
    assert job.twice(stored.pages) == {2: 1}


def test_a_stack_that_is_let_go_leaves_nothing_but_what_is_used(
    collection: Collection, tmp_path: Path
) -> None:
    write_pages(tmp_path / "旧", "林晓雯 封面.jpg")
    place(collection, store(collection, [tmp_path / "旧"]))
    write_pages(tmp_path / "叠", "a1.jpg", "a22.jpg")
    (tmp_path / "叠" / "b.jpg").write_bytes((tmp_path / "旧" / "林晓雯 封面.jpg").read_bytes())
    before = set(collection.blob_sizes())
    forget(collection, store(collection, [tmp_path / "叠"]).pages)
    assert set(collection.blob_sizes()) == before


def test_letting_go_keeps_what_can_still_be_redone(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "叠", "林晓雯 封面.jpg")
    place(collection, store(collection, [tmp_path / "叠"]))
    collection.undo()
    forget(collection, store(collection, [tmp_path / "叠"]).pages)
    assert collection.redo() == "放入 1 页"
    assert all(found.is_note for found in collection.examine()) and not collection.damaged_blobs()


def test_a_stack_that_is_cancelled_while_it_is_read_leaves_nothing(
    collection: Collection, tmp_path: Path
) -> None:
    write_pages(tmp_path / "叠", "a1.jpg", "a22.jpg", "a333.jpg")
    answers = iter((False, False, True))
    with pytest.raises(UserError, match="已取消"):
        store(collection, [tmp_path / "叠"], cancelled=lambda: next(answers))
    assert collection.blob_sizes() == {}
