from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.core.column_widths import (
    LANDSCAPE_WIDTH,
    LATIN_WIDTH,
    PADDING,
    PORTRAIT_WIDTH,
    fitted,
    text_width,
)
from certclerk.core.printed_table import Grid, HeadCell

LONG = "2015年因遗失补发，原证书号码不变，见备注页" * 3


def grid(*rows: tuple[str, ...], widths: tuple[float, ...], heads: tuple[HeadCell, ...] = ()) -> Grid:
    plain = tuple(HeadCell("列", 0, column) for column in range(len(widths)))
    return Grid(heads or plain, 1 + bool(heads), widths, rows)


def test_han_is_twice_as_wide() -> None:
    assert text_width("张三") == 4
    assert text_width("ab") == 2 * LATIN_WIDTH
    assert text_width("䶮𠮷") == 4


def test_the_notices_widths_stay_while_the_content_fits() -> None:
    made = grid(("张三", "语文"), widths=(17.0, 12.0))
    assert fitted(made, landscape=True) is made


def test_a_long_column_takes_what_the_others_do_not_need() -> None:
    made = fitted(grid(("张三", "350502198501010011", LONG), widths=(40.0, 60.0, 14.0)), landscape=True)
    name, number, note = made.widths
    assert name == 4 + PADDING
    assert number == pytest.approx(18 * LATIN_WIDTH + PADDING, abs=0.01)
    assert note == pytest.approx(LANDSCAPE_WIDTH - name - number, abs=0.1)


def test_numbers_stay_whole_however_long_the_rest() -> None:
    rows = (("350502198501010011", LONG, LONG, LONG),)
    made = fitted(grid(*rows, widths=(5.0,) * 4), landscape=False)
    assert made.widths[0] == pytest.approx(18 * LATIN_WIDTH + PADDING)
    assert sum(made.widths) == pytest.approx(PORTRAIT_WIDTH, abs=0.5)


def test_columns_under_one_head_keep_one_width() -> None:
    heads = (
        HeadCell("单位", 0, 0, rows=2),
        HeadCell("人数", 0, 1, columns=2),
        HeadCell("小学", 1, 1),
        HeadCell("中等职业学校", 1, 2),
    )
    made = fitted(grid((LONG, "1", "2"), widths=(20.0, 6.0, 6.0), heads=heads), landscape=False)
    assert made.widths[1] == made.widths[2]


@given(
    st.lists(st.tuples(*[st.text("张三ab1－。 ", max_size=60)] * 4), min_size=1, max_size=8),
    st.booleans(),
)
def test_never_wider_than_the_paper_unless_numbers_need_it(
    rows: list[tuple[str, ...]], landscape: bool
) -> None:
    made = fitted(grid(*rows, widths=(20.0,) * 4), landscape=landscape)
    paper = LANDSCAPE_WIDTH if landscape else PORTRAIT_WIDTH
    longest = [
        max(len(word) for row in rows for word in (row[column].split() or [""])) for column in range(4)
    ]
    words = sum(max(6.0, LATIN_WIDTH * length + PADDING) for length in longest)
    assert sum(made.widths) <= max(paper, words) + 0.5
    assert min(made.widths) > 0
