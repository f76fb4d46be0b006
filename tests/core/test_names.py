"""Names as records hold them, and as file systems can store them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core.names import (
    MOST_NAME_BYTES,
    half_width,
    is_han,
    is_private,
    is_rare,
    natural_key,
    normalise_name,
    safe_file_name,
    single_spaced,
)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("张\u00a0三", "张三"),
        ("\ufeff张三\n", "张三"),
        ("张\u200b三", "张三"),
        ("\u202d张三\u202c", "张三"),
        ("张\u00ad三\x07", "张三"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽\u2022买买提", "阿依古丽·买买提"),
        ("阿依古丽\u30fb买买提", "阿依古丽·买买提"),
        ("阿依古丽\u2027买买提", "阿依古丽·买买提"),
        ("阿依古丽\uff65买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("阿依古丽··买买提", "阿依古丽·买买提"),
        ("\U00020bb7田一", "\U00020bb7田一"),
        ("刘䶮", "刘䶮"),
        ("\ufa0e", "\ufa0e"),
        ("\uf900", "\uf900"),  # a compatibility ideograph is another character under NFC
        ("Mary  Smith", "Mary Smith"),
        ("Ｍａｒｙ Ｓｍｉｔｈ", "Mary Smith"),
        ("J.R. Smith", "J.R. Smith"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("张三1", "张三1"),
        ("张\ue000", "张\ue000"),
        ("", ""),
        ("\u3000", ""),
        ("·", "·"),
    ],
)
def test_normalised(raw: str, name: str) -> None:
    assert normalise_name(raw) == name


@settings(deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once


def test_which_characters_are_han() -> None:
    assert all(is_han(char) for char in "张䶮〇\u3400\ufa0e\U00020bb7\U0002ebf0\U00030000\U00031350")
    assert not any(is_han(char) for char in "A1·。々\ue000ア가\u2f00")


def test_which_characters_old_software_cannot_write() -> None:
    assert is_rare("䶮")
    assert is_rare("\U00020bb7")
    assert not is_rare("张")
    assert not is_rare("·")


def test_private_use() -> None:
    assert is_private("\ue000")
    assert is_private("\U000f0000")
    assert not is_private("张")


def test_half_width() -> None:
    assert half_width("３５０５Ｘ（１）！\u3000张，") == "3505X(1)! 张,"


def test_single_spaced_joins_lines_and_drops_the_unseen() -> None:
    assert single_spaced(" 2010年\n换发\t \u200b调\u200b入\x00 ") == "2010年 换发 调入"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("张三.pdf", "张三.pdf"),
        ("阿依古丽·买买提.pdf", "阿依古丽·买买提.pdf"),
        ('a/b\\c:d*e?f"g<h>i|j.pdf', "a_b_c_d_e_f_g_h_i_j.pdf"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("COM1.pdf", "_COM1.pdf"),
        ("COM\u00b9.pdf", "_COM\u00b9.pdf"),
        ("LPT9", "_LPT9"),
        ("NUL .pdf", "_NUL .pdf"),
        ("CONIN$", "_CONIN$"),
        ("CONRAD.pdf", "CONRAD.pdf"),
        ("COM10.pdf", "COM10.pdf"),
        ("aux .pdf", "_aux .pdf"),
        ("张三. .", "张三"),
        ("张\ue000.pdf", "张\ue000.pdf"),
        ("刘䶮😀.pdf", "刘䶮😀.pdf"),
        ("a\x7fb", "a_b"),
        ("name. . ", "name"),
        ("  name", "name"),
        ("..", "_"),
        ("", "_"),
        ("a\x00b\n", "a_b_"),
        ("Zoe\u0308.pdf", "Zo\u00eb.pdf"),
        ("\uf900.pdf", "\uf900.pdf"),
        ("张三\u202efdp.exe", "张三fdp.exe"),  # would be shown as 张三exe.pdf
        ("\u2066张三\u2069.pdf", "张三.pdf"),
        ("张\u200b三\ufeff.pdf", "张三.pdf"),
        ("张\u0085三\u2028.pdf", "张_三_.pdf"),
        ("C\u200bON.pdf", "_CON.pdf"),
        ("张三.\u200b", "张三"),
        ("\u200b", "_"),
        ("张三.pdf\u00a0\u3000. ", "张三.pdf"),
    ],
)
def test_safe_file_names(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


@pytest.mark.parametrize("end", ["", ".pdf", "（12）.pdf", "（第1份，共3份）.zip"])
@pytest.mark.parametrize("character", ["a", "张", "\U00020bb7"])
def test_a_name_too_long_for_a_folder_keeps_its_end(character: str, end: str) -> None:
    safe = safe_file_name(character * 300 + end)
    assert len(safe.encode()) <= MOST_NAME_BYTES
    assert safe.endswith(f"…{end}") and safe.startswith(character * 20)
    assert safe_file_name(safe) == safe


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_safe_name_stays_itself(name: str) -> None:
    safe = safe_file_name(name)
    assert safe == safe_file_name(safe) != ""
    assert not set(safe) & set('<>:"/\\|?*\x00\n')
    assert safe[-1] not in ". "


def test_two_names_stay_two_when_only_nfc_would_join_them() -> None:
    assert unicodedata.normalize("NFC", "\uf900") == "\u8c48"
    assert safe_file_name("\uf900") != safe_file_name("\u8c48")


def test_numbers_sort_as_numbers() -> None:
    names = ["张三10.jpg", "张三2.jpg", "10 李四.jpg", "9 李四.jpg", "٣.jpg", "9" * 5000]
    assert sorted(names[:4], key=natural_key) == [
        "9 李四.jpg",
        "10 李四.jpg",
        "张三2.jpg",
        "张三10.jpg",
    ]
    assert len(sorted(names, key=natural_key)) == len(names)
