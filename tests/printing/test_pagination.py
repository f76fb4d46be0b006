from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.printing.pagination import Piece, Room, paginate

ROOM = Room(first=25.0, further=45.0, line=10.0, padding=5.0)


@pytest.mark.parametrize(
    ("lines", "foot", "pages"),
    [
        ([], 0, [[]]),
        # 15 a row: one on the first page, three on each further one
        ([1], 0, [["0"]]),
        ([1] * 5, 0, [["0"], ["1", "2", "3"], ["4"]]),
        # a row that does not fit waits for the next page
        ([1, 3], 0, [["0"], ["1"]]),
        ([3], 0, [[], ["0"]]),
        # one higher than a page begins where it stands and goes on
        ([6], 0, [["0:0-2"], ["0:2-6"]]),
        ([1, 9], 0, [["0"], ["1:0-4"], ["1:4-8"], ["1:8-9"]]),
        # the foot needs room below the last row
        ([1], 10, [["0"]]),
        ([1], 11, [["0"], []]),
    ],
)
def test_pages(lines: list[int], foot: float, pages: list[list[str]]) -> None:
    def shown(piece: Piece) -> str:
        whole = (piece.start, piece.end) == (0, lines[piece.row])
        return str(piece.row) if whole else f"{piece.row}:{piece.start}-{piece.end}"

    assert [[shown(piece) for piece in page] for page in paginate(lines, ROOM, foot)] == pages


@given(
    st.lists(st.integers(1, 30)),
    st.floats(0, 60),
    st.floats(20, 60),
    st.floats(0, 50),
)
def test_every_line_stands_once_in_order_and_no_page_overflows(
    lines: list[int], first: float, further: float, foot: float
) -> None:
    room = Room(min(first, further), further, 10.0, 5.0)
    pages = paginate(lines, room, foot)
    seen = [(piece.row, line) for page in pages for piece in page for line in range(piece.start, piece.end)]
    assert seen == [(row, line) for row, count in enumerate(lines) for line in range(count)]
    for number, page in enumerate(pages):
        used = sum(room.height(piece.end - piece.start) for piece in page)
        assert used <= (room.further if number else room.first) + 1e-6


def test_a_page_too_low_for_a_line_still_ends() -> None:
    pages = paginate([2, 1], Room(1.0, 5.0, 10.0, 5.0))
    assert [piece.row for page in pages for piece in page] == [0, 0, 1]
