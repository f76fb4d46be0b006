"""Running numbers to slots: 1 is the cover, the last the remarks, those between are text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from certclerk.core.notice import Slot


def slots_of_numbers(numbers: Iterable[int], slots: Sequence[Slot]) -> dict[int, str]:
    """The slot id of each running number of one certificate; a number left out is not certain.

    Slots before the one that takes many pages are counted from the first number, those after it
    from the last. Where no slot takes many, a number is its slot's place.
    """
    found = sorted(set(numbers))
    if not found or found[0] < 1:
        return {}
    if len(found) == 1:
        return {1: slots[0].id} if found == [1] else {}
    many = next((place for place, slot in enumerate(slots) if slot.many), None)
    if many is None:
        return {number: slots[number - 1].id for number in found if number <= len(slots)}
    # Without a first page, numbers that hardly follow one another are a camera's or a date's.
    missing = found[-1] - len(found)
    if found[0] != 1 and missing >= len(found):
        return {}
    before, after = slots[:many], slots[many + 1 :]
    assigned = {number: before[number - 1].id for number in found if number <= len(before)}
    rest = [number for number in found if number not in assigned and number != 1]
    from_the_end = zip(reversed(rest), reversed(after), strict=False)
    assigned |= {number: slot.id for number, slot in from_the_end}
    return {number: assigned.get(number, slots[many].id) for number in found}
