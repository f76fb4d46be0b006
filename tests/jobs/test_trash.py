from __future__ import annotations

from collections.abc import Sequence

from certclerk.collection import Collection
from certclerk.core.records import ProposedPage, Trashed
from certclerk.jobs import acts, trash
from certclerk.jobs.trash import Returned, Taken

from .conftest import slots


def add(collection: Collection, name: str, slot: str | None, teacher: int = 0) -> int:
    proposed = ProposedPage(
        collection.add_blob(name.encode(), "image/jpeg"), 0, "image/jpeg", 9, 9, None, name
    )
    held = collection.roster().teachers[teacher].certificates[0].id
    with collection.change("放入") as change:
        return change.add_page(proposed, certificate_id=held if slot else None, slot=slot)


def found(collection: Collection, *names: str) -> Sequence[Trashed]:
    by_name = {item.page.source: item for item in collection.trash()}
    return [by_name[name] for name in names]


def tray(collection: Collection) -> list[tuple[str, str]]:
    return [(page.source, page.reason) for page in collection.tray()]


def test_a_page_goes_back_to_its_place_among_the_others(collection: Collection) -> None:
    pages = [add(collection, name, "text") for name in "abc"]
    acts.trash_pages(collection, pages[:2])
    assert trash.put_back(collection, found(collection, "b", "a"), Taken.SWAP) == Returned(2, 0, 0)
    assert [name for _slot, name in slots(collection)["林晓雯"]] == ["a", "b", "c"]
    assert collection.undo() == "放回 2 页"
    assert [name for _slot, name in slots(collection)["林晓雯"]] == ["c"]


def test_the_change_says_where(collection: Collection) -> None:
    acts.trash_pages(collection, [add(collection, "a", "cover")])
    trash.put_back(collection, found(collection, "a"), Taken.TRAY)
    assert collection.undo_label == "放回 林晓雯 · 封面"


def test_where_another_page_lies_by_now_it_is_swapped_or_waits(collection: Collection) -> None:
    acts.trash_pages(collection, [add(collection, "old", "cover")])
    add(collection, "new", "cover")
    (old,) = found(collection, "old")
    home = trash.home(old, collection.roster(), collection.notice)
    assert home is not None and [page.source for page in home.there] == ["new"]
    assert trash.put_back(collection, [old], Taken.TRAY) == Returned(0, 1, 0)
    assert slots(collection)["林晓雯"] == [("cover", "new")]
    assert tray(collection) == [("old", trash.PUT_BACK)]
    collection.undo()
    assert trash.put_back(collection, [old], Taken.SWAP) == Returned(1, 0, 1)
    assert slots(collection)["林晓雯"] == [("cover", "old")]
    assert [(item.page.source, item.page.reason) for item in collection.trash()] == [
        ("new", "由放回的页换下")
    ]


def test_of_two_that_lay_in_one_slot_the_first_gets_it(collection: Collection) -> None:
    for name in ("first", "second"):
        acts.trash_pages(collection, [add(collection, name, "cover")])
    items = collection.trash()
    assert [item.page.source for item in items] == ["second", "first"]
    assert trash.put_back(collection, items, Taken.SWAP) == Returned(1, 1, 0)
    assert slots(collection)["林晓雯"] == [("cover", "second")]


def test_from_the_tray_it_goes_back_to_the_tray(collection: Collection) -> None:
    acts.trash_pages(collection, [add(collection, "a", None)])
    (item,) = collection.trash()
    assert trash.where(item, collection.roster(), collection.notice) == "待归位"
    assert trash.put_back(collection, [item], Taken.SWAP) == Returned(0, 1, 0)
    assert tray(collection) == [("a", trash.PUT_BACK)]


def test_without_its_certificate_it_waits_in_the_tray(collection: Collection) -> None:
    add(collection, "a", "cover")
    acts.remove_certificate(collection, collection.roster().teachers[0].certificates[0].id)
    (item,) = collection.trash()
    assert trash.where(item, collection.roster(), collection.notice) == "证书已删除"
    trash.put_back(collection, [item], Taken.SWAP)
    assert tray(collection) == [("a", trash.PUT_BACK)]


def test_pages_go_to_the_tray_in_one_undo(collection: Collection) -> None:
    pages = [add(collection, name, "text") for name in "ab"]
    acts.trash_pages(collection, pages)
    trash.to_tray(collection, pages)
    assert len(collection.tray()) == 2
    assert collection.undo() == "从回收站移到待归位 2 页"
