"""Profiles on disk: shipped, the clerk's own, and broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.system.notices import find_notice, read_notice, shipped_notices

ROOT = Path(__file__).resolve().parents[2]


def test_the_shipped_ones_are_sound_and_found_by_id() -> None:
    for notice in shipped_notices():
        assert find_notice(notice.id) == notice


def test_the_clerks_own_is_found_by_path(invented: Notice) -> None:
    assert find_notice(str(ROOT / "tests" / "data" / "notices" / "invented.toml")) == invented


def test_a_byte_order_mark_does_no_harm(tmp_path: Path, invented: Notice) -> None:
    path = tmp_path / "我的.toml"
    path.write_text(invented.source, encoding="utf-8-sig")
    assert read_notice(path).id == invented.id


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00", "notice_unreadable"),
        (b"id = ", "notice_unreadable"),
        (b"[" * 5000, "notice_unreadable"),
        (b"x = 1\n" * 200_000, "notice_unreadable"),
        (b"id = 3", "notice_broken"),
    ],
)
def test_what_is_no_profile_names_the_file(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "我的.toml"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_notice(path)
    assert caught.value.code == code
    assert "我的.toml" in str(caught.value)


@pytest.mark.parametrize("name", ["没有", "没有.toml", "../quanzhou-2017-1"])
def test_an_unknown_name_is_said_so(name: str) -> None:
    with pytest.raises(UserError) as caught:
        find_notice(name)
    assert caught.value.code == "notice_not_found"


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_notice(tmp_path)
    assert caught.value.code == "notice_unreadable"
