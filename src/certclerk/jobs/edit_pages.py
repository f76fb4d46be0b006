"""What the clerk does to the looks of pages: recipes set and taken back, a spread made two pages, each in one undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from certclerk.collection import Collection
from certclerk.core.flow import pages_at
from certclerk.core.progress import Gap
from certclerk.core.recipe import AS_IT_IS, WHOLE, Recipe, halves, simplified
from certclerk.core.records import Page, Place, ProposedPage, Teacher

# What an edit is called in the history, by the field that it changes.
_LABELS = {
    "corners": "拉正四角",
    "straighten": "校正",
    "crop": "裁切",
    "brightness": "调明暗",
    "contrast": "调明暗",
}


def set_recipe(collection: Collection, page: Page, recipe: Recipe) -> None:
    """Nothing is changed where the page looks the same afterwards."""
    set_recipes(collection, {page: recipe})


def set_recipes(collection: Collection, recipes: Mapping[Page, Recipe], label: str = "") -> int:
    """In one change; ``label`` where it is not what was done to them. Returns how many pages look different."""
    fresh = {page: simplified(recipe) for page, recipe in recipes.items()}
    fresh = {page: recipe for page, recipe in fresh.items() if recipe != page.recipe}
    if not fresh:
        return 0
    what = label or edit_label(*next((page.recipe, recipe) for page, recipe in fresh.items()))
    with collection.change(what if len(fresh) == 1 else f"{what}（{len(fresh)} 页）") as change:
        for page, recipe in fresh.items():
            change.set_recipe(page.id, recipe)
    return len(fresh)


def edit_label(before: Recipe, after: Recipe) -> str:
    """What makes the one of the other, as the history says it."""
    if after == AS_IT_IS:
        return "还原为原图"
    changed = (label for field, label in _LABELS.items() if getattr(before, field) != getattr(after, field))
    return "、".join(dict.fromkeys(changed))


def pages_like(page: Page, teachers: Iterable[Teacher]) -> tuple[Page, ...]:
    """The other pages of that slot that came in the same way: as many px, the same sort of file."""
    return tuple(
        other
        for teacher in teachers
        for other in teacher.pages()
        if other.id != page.id and _sort(other) == _sort(page)
    )


def twins(page: Page, teachers: Iterable[Teacher]) -> tuple[Page, ...]:
    """The other parts that the same picture was cut into at the same teacher."""
    for teacher in teachers:
        pages = tuple(teacher.pages())
        if any(other.id == page.id for other in pages):
            return tuple(
                other
                for other in pages
                if other.id != page.id
                and other.original == page.original
                and other.recipe.crop != page.recipe.crop
            )
    return ()


def split_page(collection: Collection, page: Page, gap: Gap | None = None) -> int:
    """A spread becomes two pages over the same original: its left half stays in place, its right half follows it.

    ``gap``: where the right half goes instead; a page that lies in that slot of one page goes to the tray. Of a page
    that lies in no slot, both lie in the tray. Returns the right half's id.
    """
    left, right = halves(page.recipe, page.rotation)
    with collection.change("拆成两页") as change:
        change.set_recipe(page.id, simplified(left))
        half = change.add_page(_proposed(page, simplified(right)), reason=f"由{page.source}拆出的右半页")
        if page.rotation:
            change.rotate_page(half, page.rotation)
        if gap is not None:
            slot = collection.notice.slot(gap.slot)
            for other in () if slot.many else pages_at(collection.roster().teachers, gap):
                change.send_to_tray(other.id, f"由{slot.label}换下")
            change.place_page(half, gap.certificate_id, gap.slot)
        elif page.certificate_id is not None and page.slot is not None:
            change.place_page(half, page.certificate_id, page.slot, page.position + 1)
    return half


def join_pages(collection: Collection, page: Page, others: Iterable[Page]) -> None:
    """Everything at ``page`` that it and the ``others`` were cut to; these go to the trash."""
    others = tuple(others)
    boxes = [one.recipe.crop or WHOLE for one in (page, *others)]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    whole = replace(page.recipe, crop=(min(lefts), min(tops), max(rights), max(bottoms)))
    with collection.change("合回一页") as change:
        change.set_recipe(page.id, simplified(whole))
        for other in others:
            change.trash_page(other.id, f"合回{page.source}")


def follows_in_slot(collection: Collection, page: Page) -> bool:
    """Whether the right half of a spread has its place behind the left one, or the clerk must say where it goes."""
    return page.place is not Place.SLOT or collection.notice.slot(page.slot or "").many


def _sort(page: Page) -> tuple[str | None, int, int, str]:
    return page.slot, page.width, page.height, page.media_type


def _proposed(page: Page, recipe: Recipe) -> ProposedPage:
    """The page's original once more."""
    return ProposedPage(
        page.sha256,
        page.frame,
        page.media_type,
        page.width,
        page.height,
        page.dpi,
        page.source,
        page.contrast,
        page.sharpness,
        page.lightest,
        page.darkest,
        page.cut,
        page.likeness,
        recipe,
    )
