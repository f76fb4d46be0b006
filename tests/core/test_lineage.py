from __future__ import annotations

import pytest

from certclerk.core.lineage import Generation, Kinship, kinship, shared


def line(ids: str) -> tuple[Generation, ...]:
    return tuple(Generation(each, "2026-11-26T01:00:00+00:00") for each in ids)


@pytest.mark.parametrize(
    ("this", "that", "what", "common"),
    [
        ("", "", Kinship.SAME, ""),
        ("ABC", "ABC", Kinship.SAME, "ABC"),
        ("ABC", "ABCD", Kinship.OLDER, "ABC"),
        ("ABCD", "ABC", Kinship.NEWER, "ABC"),
        ("", "A", Kinship.OLDER, ""),
        ("ABC", "ABE", Kinship.FORKED, "AB"),
        ("ABC", "ABEF", Kinship.FORKED, "AB"),
        ("A", "B", Kinship.FORKED, ""),
    ],
)
def test_kinship(this: str, that: str, what: Kinship, common: str) -> None:
    assert kinship(line(this), line(that)) is what
    assert shared(line(this), line(that)) == line(common)


@pytest.mark.parametrize(
    ("this", "that", "this_lacks", "that_lacks", "what"),
    [
        ("AB", "AB", True, False, Kinship.OLDER),
        ("AB", "AB", False, True, Kinship.NEWER),
        ("AB", "AB", True, True, Kinship.FORKED),
        ("ABC", "AB", True, True, Kinship.FORKED),
        ("ABC", "AB", False, True, Kinship.NEWER),
    ],
)
def test_a_copy_of_the_midst_of_a_generation(
    this: str, that: str, this_lacks: bool, that_lacks: bool, what: Kinship
) -> None:
    assert kinship(line(this), line(that), this_lacks=this_lacks, that_lacks=that_lacks) is what
