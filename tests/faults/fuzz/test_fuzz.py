"""Whatever the bytes, each reader comes to a result or to a refusal in words: a few tries of what ``run.py`` does for hours."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .. import tally
from .targets import TARGETS, outcome

SHORT, LONG = 12, 1_000


# What a library says of hostile bytes is no fault of ours.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TARGETS)
def test_hostile_bytes_are_read_or_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    """And neither a file nor a process is left of it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = children()
    target = TARGETS[name]
    sound = target.seeds()

    long = pytestconfig.getoption("--long")

    # The short form tries the same each time, so that it fails where something was changed.
    @settings(max_examples=LONG if long else SHORT, deadline=None, database=None, derandomize=not long)
    @given(st.integers(0, len(sound) - 1), st.integers(0, 2**32))
    def fuzzed(seed: int, number: int) -> None:
        outcome(target, target.mutate(sound[seed], random.Random(number)))

    fuzzed()
    tally.add("fuzzed inputs", tried=LONG if long else SHORT, missed=0, miss="crashes")
    assert not list(tmp_path.iterdir())
    assert children() <= before


def children() -> set[str]:
    """Processes of this one; none where the system does not tell."""
    listed = Path("/proc/self/task").glob("*/children")
    return {child for file in listed for child in file.read_text().split()}


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_made_hostile_is_sound_at_first(name: str) -> None:
    for sound in TARGETS[name].seeds():
        assert outcome(TARGETS[name], sound) is None
