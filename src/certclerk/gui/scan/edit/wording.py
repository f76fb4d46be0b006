"""A recipe in words, sides and corners named as the page is shown."""

from __future__ import annotations

from certclerk.core.recipe import WHOLE, Recipe, is_toned

# Clockwise from the left: turning the page by 90 degrees moves each to the next one's place.
_SIDES = ("左", "上", "右", "下")
# Clockwise from the upper left corner.
_PLACES = ("左上角", "上边", "右上角", "右边", "右下角", "下边", "左下角", "左边")


def described(recipe: Recipe, rotation: int) -> str:
    """What was done, as 校正 1.4°、裁去四边; empty for a page as it came."""
    parts = ["拉正四角"] if recipe.corners else []
    if recipe.straighten:
        parts.append(f"校正 {abs(recipe.straighten):.1f}°")
    if recipe.crop:
        parts.append(_cut(recipe.crop, rotation))
    if is_toned(recipe):
        parts.append("调明暗")
    return "、".join(parts)


def place_of(index: int, count: int, rotation: int) -> str:
    """Where handle ``index`` of ``count`` (8, or the 4 corners), counted clockwise from the upper left of the
    page as it came, is to be seen.
    """
    steps = len(_PLACES) // count
    return _PLACES[(index * steps + 2 * (rotation // 90)) % len(_PLACES)]


def _cut(crop: tuple[float, float, float, float], rotation: int) -> str:
    turn = rotation // 90
    cut = {
        _SIDES[(index + turn) % 4]
        for index, (kept, rim) in enumerate(zip(crop, WHOLE, strict=True))
        if abs(kept - rim) > 1e-4
    }
    if len(cut) == len(_SIDES):
        return "裁去四边"
    return f"裁去{'、'.join(side for side in _SIDES if side in cut)}边"
