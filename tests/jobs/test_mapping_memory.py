"""A mapping the clerk chose comes back for the same heads, and for no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certclerk.core.notice import Notice
from certclerk.jobs.mapping_memory import FILE, MOST, recalled, remember
from certclerk.roster import Layout, Sheet, detect, detect_at, parse_workbook

TABLE = "姓名,民族,籍贯\n张三,汉,泉州\n"


def sheet(text: str = TABLE) -> Sheet:
    return parse_workbook(text.encode(), "名册.csv").sheets[0]


def fields(layout: Layout | None) -> list[str | None] | None:
    return [role.field for role in layout.columns] if layout else None


def recall(folder: Path, text: str, notice: Notice) -> list[str | None] | None:
    return fields(recalled(folder, sheet(text), detect(sheet(text), notice), notice))


@pytest.fixture
def automatic(quanzhou: Notice) -> Layout:
    return detect(sheet(), quanzhou)


def test_a_chosen_mapping_comes_back_for_the_same_heads(
    tmp_path: Path, quanzhou: Notice, automatic: Layout
) -> None:
    assert recall(tmp_path, TABLE, quanzhou) is None
    remember(tmp_path, automatic.with_mapping(1, "note"), automatic)
    assert recall(tmp_path, TABLE, quanzhou) == ["name", "note", None]
    assert recall(tmp_path, TABLE.replace("张三", "李娜"), quanzhou) == ["name", "note", None]
    assert recall(tmp_path, TABLE.replace("籍贯", "住址"), quanzhou) is None


def test_heads_are_found_in_whichever_row_they_stand(tmp_path: Path, quanzhou: Notice) -> None:
    """Where no head was found by itself, the row that the clerk pointed out is known again."""
    table = "某某,民族\n张三,汉\n"
    chosen = detect_at(sheet(table), 1, quanzhou).with_mapping(0, "name")
    remember(tmp_path, chosen, detect(sheet(table), quanzhou))
    again = sheet("教师情况,\n,\n" + table)
    found = recalled(tmp_path, again, detect(again, quanzhou), quanzhou)
    assert found is not None
    assert (found.header_row, fields(found)) == (3, ["name", None])


def test_how_far_a_sheet_reaches_to_the_right_makes_no_difference(
    tmp_path: Path, quanzhou: Notice, automatic: Layout
) -> None:
    remember(tmp_path, automatic.with_mapping(1, "note"), automatic)
    assert recall(tmp_path, TABLE.replace("泉州", "泉州,,别处"), quanzhou) == [
        "name",
        "note",
        None,
        None,
        None,
    ]


def test_heads_in_two_rows_are_known_again(tmp_path: Path, quanzhou: Notice) -> None:
    table = "某某,教师资格证书,,出身\n,种类,编号,\n张三,小学,20133599021000001,工\n"
    chosen = detect_at(sheet(table), 1, quanzhou).with_mapping(0, "name").with_mapping(3, "note")
    assert (chosen.header_rows, chosen.columns[2].title) == (2, "教师资格证书编号")
    remember(tmp_path, chosen, detect(sheet(table), quanzhou))
    assert recall(tmp_path, "情况表,,,\n" + table, quanzhou) == ["name", "kind", "number", "note"]


def test_the_automatic_mapping_is_not_kept_and_ends_a_kept_one(
    tmp_path: Path, quanzhou: Notice, automatic: Layout
) -> None:
    remember(tmp_path, automatic, automatic)
    assert not (tmp_path / FILE).exists()
    remember(tmp_path, automatic.with_mapping(1, "note"), automatic)
    remember(tmp_path, automatic, automatic)
    assert recall(tmp_path, TABLE, quanzhou) is None


def test_only_the_newest_are_kept(tmp_path: Path, quanzhou: Notice) -> None:
    for number in range(MOST + 1):
        layout = detect(sheet(TABLE.replace("籍贯", f"列{number}")), quanzhou)
        remember(tmp_path, layout.with_mapping(1, "note"), layout)
    stored = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    assert len(stored) == MOST
    assert recall(tmp_path, TABLE.replace("籍贯", "列0"), quanzhou) is None
    assert recall(tmp_path, TABLE.replace("籍贯", f"列{MOST}"), quanzhou) == ["name", "note", None]


HEADS = '"heads": ["姓名", "民族", "籍贯"]'


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "{}",
        "[1]",
        f"[{{{HEADS}}}]",
        f'[{{{HEADS}, "fields": ["name"]}}]',
        f'[{{{HEADS}, "fields": ["name", "name", null]}}]',
        f'[{{{HEADS}, "fields": ["name", "shoes", null]}}]',
        f'[{{{HEADS}, "fields": ["name", 3, null]}}]',
        f'[{{{HEADS}, "fields": ["name", {{}}, null]}}]',
    ],
)
def test_a_damaged_file_is_passed_over(
    tmp_path: Path, quanzhou: Notice, automatic: Layout, damage: str
) -> None:
    (tmp_path / FILE).write_text(damage, encoding="utf-8")
    assert recall(tmp_path, TABLE, quanzhou) is None
    remember(tmp_path, automatic.with_mapping(1, "note"), automatic)
    assert recall(tmp_path, TABLE, quanzhou) == ["name", "note", None]


def test_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, quanzhou: Notice, automatic: Layout
) -> None:
    remember(tmp_path / "nowhere", automatic.with_mapping(1, "note"), automatic)
    assert recall(tmp_path / "nowhere", TABLE, quanzhou) is None
