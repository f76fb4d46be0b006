"""Edits through the collection's door: what is kept, what one undo takes back, and what is handed in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from certclerk.collection import Collection
from certclerk.core.progress import Gap
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.core.records import Page, Place
from certclerk.core.rules import check
from certclerk.core.submission import plan
from certclerk.jobs import edit_pages, take_pages
from certclerk.jobs.estimate import document_sizes
from certclerk.jobs.package import Options, package
from certclerk.jobs.pictures import picture, thumbnail, untouched
from certclerk.jobs.take_pages import SlotTarget
from certclerk.jobs.verify import verify

DAY = date(2017, 3, 1)
CUT = Recipe(crop=(0.1, 0.1, 0.9, 0.9))
SIZE = (1713, 2421)

Taking = Callable[..., Page]


def spread(red: int = 200) -> Image.Image:
    """Left half red, right half blue, over noise that any encoding has to work at."""
    made = Image.merge("RGB", [Image.effect_noise(SIZE[::-1], 30)] * 3)
    tint = Image.new("RGB", made.size, (20, 20, 200))
    ImageDraw.Draw(tint).rectangle((0, 0, made.width // 2 - 1, made.height), fill=(red, 20, 20))
    return Image.blend(made, tint, 0.6)


@pytest.fixture
def take(collection: Collection, tmp_path: Path) -> Taking:
    """Takes a picture in, at teacher ``index``'s slot."""

    def taking(
        name: str = "展开.jpg",
        slot: str = "text",
        index: int = 0,
        made: Image.Image | None = None,
        **options: object,
    ) -> Page:
        path = tmp_path / name
        (made or spread()).save(path, **{"dpi": (300, 300), "quality": 85, **options})
        certificate = collection.roster().teachers[index].certificates[0]
        stored = take_pages.store(collection, [path])
        assert not stored.refused
        take_pages.place(collection, stored, SlotTarget(certificate.id, slot))
        return pages(collection, index)[-1]

    return taking


def pages(collection: Collection, index: int = 0) -> list[Page]:
    """A teacher's, the newest last."""
    return sorted(collection.roster().teachers[index].pages(), key=lambda page: page.id)


def colour(data: bytes, x: float = 0.5, y: float = 0.5) -> str:
    with Image.open(io.BytesIO(data)) as made:
        middle = made.convert("RGB").resize((9, 9), Image.Resampling.BOX).getpixel((int(9 * x), int(9 * y)))
    assert isinstance(middle, tuple)
    return "red" if middle[0] > middle[2] else "blue"


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as made:
        return made.size


def test_a_recipe_is_kept_and_one_undo_takes_it_back(collection: Collection, take: Taking) -> None:
    page = take()
    edit_pages.set_recipe(collection, page, CUT)
    assert pages(collection) == [replace(page, recipe=CUT)]
    assert collection.undo_label == "裁切"
    collection.undo()
    assert pages(collection)[0] == page


def test_what_changes_nothing_is_no_change(collection: Collection, take: Taking) -> None:
    page = take()
    moment = collection.moment()
    edit_pages.set_recipe(collection, page, Recipe(crop=(0.0, 0.0, 1.0, 1.0)))
    assert collection.moment() == moment


@pytest.mark.parametrize(
    ("after", "label"),
    [
        (Recipe(straighten=1.4, crop=CUT.crop), "校正、裁切"),
        (Recipe(brightness=0.1, contrast=0.2), "调明暗"),
        (Recipe(corners=((0.1, 0), (1, 0), (1, 1), (0, 1))), "拉正四角"),
    ],
)
def test_the_history_says_what_was_done(
    collection: Collection, take: Taking, after: Recipe, label: str
) -> None:
    page = take()
    edit_pages.set_recipe(collection, page, after)
    assert collection.undo_label == label
    edit_pages.set_recipe(collection, pages(collection)[0], AS_IT_IS)
    assert collection.undo_label == "还原为原图"
    assert pages(collection)[0] == page


def test_pages_like_it_are_of_that_slot_size_and_sort(collection: Collection, take: Taking) -> None:
    page = take("1.jpg", made=spread(201))
    same = take("2.jpg", made=spread(202))
    elsewhere = take("3.jpg", index=1, made=spread(203))
    take("4.png", made=spread(204))
    take("5.jpg", slot="cover", made=spread(205))
    take("6.jpg", made=spread(206).resize((900, 600)))
    teachers = collection.roster().teachers
    assert edit_pages.pages_like(page, teachers) == (same, elsewhere)
    assert edit_pages.pages_like(page, teachers[:1]) == (same,)
    count = edit_pages.set_recipes(collection, dict.fromkeys((page, same, elsewhere), CUT))
    assert count == 3 and collection.undo_label == "裁切（3 页）"
    assert [held.recipe for held in pages(collection, 1)] == [CUT]
    collection.undo()
    assert {held.recipe for index in (0, 1) for held in pages(collection, index)} == {AS_IT_IS}


def test_a_spread_becomes_two_pages_in_their_order(collection: Collection, take: Taking) -> None:
    page, later = take(), take("后.jpg", made=spread(150))
    right = edit_pages.split_page(collection, page)
    text = collection.roster().teachers[0].certificates[0].pages_in("text")
    assert [held.id for held in text] == [page.id, right, later.id]
    assert [colour(picture(collection, held)) for held in text[:2]] == ["red", "blue"]
    assert [size_of(picture(collection, held)) for held in text[:2]] == [(1210, 1713)] * 2
    assert not [
        finding
        for finding in check(collection.roster(), collection.notice, DAY)
        if finding.code == "page_twice"
    ]
    assert edit_pages.twins(text[0], collection.roster().teachers) == (text[1],)
    collection.undo()
    assert [held.id for held in pages(collection)] == [page.id, later.id]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_spread_is_split_as_it_is_seen(collection: Collection, take: Taking, rotation: int) -> None:
    """The file lies on its side; the clerk turned it upright first."""
    lying = spread().rotate(rotation, expand=True)
    page = take(made=lying)
    with collection.change("旋转") as change:
        change.rotate_page(page.id, rotation)
    edit_pages.split_page(collection, pages(collection)[0])
    one, other = pages(collection)
    assert (colour(picture(collection, one)), colour(picture(collection, other))) == ("red", "blue")
    assert one.rotation == other.rotation == rotation


def test_the_halves_of_a_cover_go_where_the_clerk_says(collection: Collection, take: Taking) -> None:
    cover, remarks = take(slot="cover"), take("备注.jpg", slot="remarks", made=spread(90))
    assert not edit_pages.follows_in_slot(collection, cover)
    assert cover.certificate_id is not None
    right = edit_pages.split_page(collection, cover, Gap(cover.certificate_id, "remarks"))
    held = {page.slot: page.id for page in pages(collection)}
    assert held == {"cover": cover.id, "remarks": right}
    assert [(page.id, page.reason) for page in collection.tray()] == [(remarks.id, "由备注页换下")]
    collection.undo()
    assert {page.slot: page.id for page in pages(collection)} == {"cover": cover.id, "remarks": remarks.id}
    assert collection.tray() == ()


def test_a_spread_in_the_tray_is_split_there(collection: Collection, take: Taking) -> None:
    page = take()
    with collection.change("移到待归位") as change:
        change.send_to_tray(page.id, "由经办人移来")
    (lying,) = collection.tray()
    assert edit_pages.follows_in_slot(collection, lying)
    edit_pages.split_page(collection, lying)
    assert [held.place for held in collection.tray()] == [Place.TRAY] * 2


def test_two_halves_are_joined_again(collection: Collection, take: Taking) -> None:
    page = take()
    edit_pages.set_recipe(collection, page, Recipe(crop=(0.1, 0.0, 0.9, 1.0), straighten=1.0))
    (cut,) = pages(collection)
    edit_pages.split_page(collection, cut)
    left, right = pages(collection)
    edit_pages.join_pages(collection, left, [right])
    assert pages(collection) == [cut]
    assert [held.page.id for held in collection.trash()] == [right.id]
    collection.undo()
    assert pages(collection) == [left, right]


def test_pictures_and_thumbnails_show_the_edit(collection: Collection, take: Taking) -> None:
    page = take()
    edit_pages.set_recipe(collection, page, Recipe(crop=(0.5, 0.0, 1.0, 1.0)))
    (half,) = pages(collection)
    assert colour(picture(collection, half, 500), 0.2) == "blue"
    assert colour(untouched(collection, half, 500), 0.2) == "red"
    small = thumbnail(collection, half, 192)
    assert colour(small, 0.2) == "blue" and max(size_of(small)) == 192
    # Made from the whole page, of which a larger picture is kept for all parts of it.
    kept = collection.thumbnail(half.sha256, 0, 384)
    assert kept is not None and size_of(kept) == (384, 272)
    assert colour(thumbnail(collection, page, 192), 0.2) == "red"


def test_a_thumbnail_of_a_small_part_is_sharp(collection: Collection, take: Taking) -> None:
    page = take()
    edit_pages.set_recipe(collection, page, Recipe(crop=(0.4, 0.4, 0.5, 0.5)))
    (part,) = pages(collection)
    assert max(size_of(thumbnail(collection, part, 192))) == 192


def test_a_photograph_that_lies_on_its_side_has_the_size_it_is_seen_in(take: Taking) -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    page = take(exif=exif)
    assert (page.width, page.height) == SIZE


# Handing in


@pytest.fixture
def complete(collection: Collection, take: Taking) -> list[Page]:
    """Both teachers with a page in every slot: the first one's edited in three ways, the other's as they came."""
    for index in (0, 1):
        for order, slot in enumerate(collection.notice.slots):
            take(f"{index}{slot.id}.jpg", slot.id, index, spread(60 + 20 * order + 70 * index))
    for page, recipe in zip(
        pages(collection),
        (
            Recipe(crop=(0.0, 0.0, 0.5, 1.0)),
            Recipe(corners=((0.02, 0.02), (0.98, 0.0), (1.0, 1.0), (0.0, 0.97)), straighten=0.7),
            Recipe(contrast=0.2),
        ),
        strict=True,
    ):
        edit_pages.set_recipe(collection, page, recipe)
    with collection.change("旋转") as change:
        change.rotate_page(pages(collection)[0].id, 90)
        change.rotate_page(pages(collection, 1)[0].id, 90)
    return [page for index in (0, 1) for page in pages(collection, index)]


def documents(folder: Path) -> dict[str, bytes]:
    (path,) = folder.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        return {Path(name).stem: archive.read(name) for name in archive.namelist()}


def test_edited_pages_are_handed_in_as_they_are_seen(
    collection: Collection, complete: list[Page], tmp_path: Path
) -> None:
    made = package(collection, tmp_path / "一", Options(DAY))
    assert verify(made.written.folder).ok
    edited, plain = (pypdf.PdfReader(io.BytesIO(data)) for data in documents(made.written.folder).values())
    # In the order of the slots: cover (a half, turned), text (spanned), remarks (toned).
    assert [page.images[0].image.size for page in edited.pages] == [
        size_of(picture(collection, page)) for page in complete[:3]
    ]
    for page, record in zip(plain.pages, complete[3:], strict=True):
        source = collection.blob(record.sha256)
        stream = page["/Resources"]["/XObject"]["/Page"].get_object()._data
        assert stream[stream.index(b"\xff\xda") :] == source[source.index(b"\xff\xda") :]
        assert page.rotation == record.rotation
    # 300 dpi after the cut: half of 2421 px by 1713 px, turned on its side.
    assert [float(side) for side in edited.pages[0].mediabox[2:]] == pytest.approx(
        [1713 / 300 * 72, 1210 / 300 * 72], abs=0.5
    )
    rendered = pypdfium2.PdfDocument(documents(made.written.folder)["林晓雯"])[0].render(scale=1).to_pil()
    assert rendered.convert("RGB").getpixel((rendered.width // 2, rendered.height // 2))[2] < 150


@pytest.mark.usefixtures("complete")
def test_the_same_edits_give_the_same_bytes(collection: Collection, tmp_path: Path) -> None:
    folders = [package(collection, tmp_path / name, Options(DAY)).written.folder for name in ("一", "二")]
    assert documents(folders[0]) == documents(folders[1])


@pytest.mark.usefixtures("complete")
@pytest.mark.parametrize("size", ["original", "compact"])
def test_edited_pages_are_estimated(collection: Collection, tmp_path: Path, size: str) -> None:
    submission = plan(collection.roster(), collection.notice, DAY)
    estimated = document_sizes(collection, submission, size)
    made = package(collection, tmp_path, Options(DAY, size=size))
    sizes = [len(data) for data in documents(made.written.folder).values()]
    assert estimated == pytest.approx(sizes, rel=0.25)
    assert sum(estimated) == pytest.approx(sum(sizes), rel=0.05)
