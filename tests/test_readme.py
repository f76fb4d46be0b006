"""The README is held to the code: its table of findings, its commands, its pictures."""

from __future__ import annotations

import re
from pathlib import Path

from certclerk.arguments import VERBS
from certclerk.core.rules import CATALOGUE

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SEVERITIES = {"error": "错误", "warning": "警告", "note": "提示"}


def test_every_finding_has_its_row_and_no_row_is_stale() -> None:
    written = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \| (.*) \|$", README, re.MULTILINE)
    expected = [
        (code, SEVERITIES[entry.severity], entry.cause, entry.remedy, "可确认" if entry.confirmable else "")
        for code, entry in CATALOGUE.items()
    ]
    assert written == expected


def test_every_verb_is_told() -> None:
    assert re.findall(r"^certclerk ([a-z]+)", README, re.MULTILINE) == list(VERBS)


def test_every_picture_and_path_is_there() -> None:
    links = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README)
    paths = re.findall(r"`((?:src|resources|tests|packaging)/[\w./-]+)`", README)
    assert links
    missing = [path for path in (*links, *paths) if not (ROOT / path).exists()]
    assert missing == []
