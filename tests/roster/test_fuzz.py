"""Whatever the bytes, a workbook or a sentence comes out, and every row of it is accounted for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.roster import Workbook, best_sheet, detect, parse_workbook, propose, read_pasted
from certclerk.roster.wire import documents, workbook_of

steadily = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FLIPS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), max_size=6)


@pytest.fixture(autouse=True)
def _short_panics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUST_BACKTRACE", "0")


def outcome(data: bytes, name: str, notice: Notice) -> Workbook | UserError:
    try:
        workbook = parse_workbook(data, name)
    except UserError as error:
        assert name in str(error)
        return error
    understood(workbook, notice)
    assert workbook_of(documents(workbook)) == workbook
    return workbook


def understood(workbook: Workbook, notice: Notice) -> None:
    sheet = workbook.sheets[best_sheet(workbook, notice)]
    proposal = propose(sheet, detect(sheet, notice), notice)
    assert proposal.read == len(proposal.accepted) + len(proposal.refused) + len(proposal.skipped)


def flipped(data: bytes, flips: list[tuple[float, int]], kept: float = 1) -> bytes:
    changed = bytearray(data[: round(len(data) * kept)])
    for place, mask in flips:
        if changed:
            changed[int(place * len(changed))] ^= mask
    return bytes(changed)


@steadily
@given(st.binary(max_size=400))
def test_any_bytes_called_csv(notice: Notice, data: bytes) -> None:
    outcome(data, "名册.csv", notice)


@steadily
@given(
    st.lists(
        st.lists(
            st.text(alphabet="王芳姓名身份证号,;\t\"'\r\n0123456789X年月.-合计注： ", max_size=8), max_size=6
        )
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_any_text_called_csv(notice: Notice, rows: list[list[str]], encoding: str) -> None:
    outcome(
        ("姓名,身份证号码,备注\r\n" + "\r\n".join(map(",".join, rows))).encode(encoding), "名册.csv", notice
    )


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
@steadily
@given(FLIPS, st.sampled_from([1, 1, 1, 0.3, 0.7, 0.9, 0.99]))
def test_damaged_files(
    data: Path, notice: Notice, form: str, flips: list[tuple[float, int]], kept: float
) -> None:
    outcome(flipped((data / f"roster.{form}").read_bytes(), flips, kept), f"名册.{form}", notice)


@steadily
@given(FLIPS, st.integers(0, 3))
def test_damage_inside_a_binary_workbook(
    notice: Notice, xlsb_of: Callable, drawn: type, formatted: type, flips: list[tuple[float, int]], part: int
) -> None:
    rows = [
        ["姓名", "发证时间"],
        ["王芳", formatted(40422, 0)],
        ["rich:李娜", formatted(40422.5, 0)],
        ["#N/A", 1.5],
    ]
    names = ("xl/workbook.bin", "xl/styles.bin", "xl/sharedStrings.bin", "xl/worksheets/sheet1.bin")
    whole = xlsb_of(drawn("名册", rows, merges=[(1, 0, 2, 0)]), formats=["yyyy-mm"])
    outcome(damaged_inside(whole, names[part], flips), "名册.xlsb", notice)


@steadily
@given(st.text(max_size=60), st.sampled_from(["utf-16-le", "utf-16-be", "utf-8", "gb18030"]))
def test_any_text_in_any_encoding(notice: Notice, text: str, encoding: str) -> None:
    outcome(text.encode(encoding, "replace"), "名册.csv", notice)


@steadily
@given(st.text(max_size=200))
def test_any_block_pasted(notice: Notice, text: str) -> None:
    try:
        workbook = read_pasted(text)
    except UserError:
        return
    understood(workbook, notice)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
@steadily
@given(FLIPS, st.floats(0, 1, exclude_max=True))
def test_damage_inside_the_wrapping(
    data: Path, notice: Notice, form: str, flips: list[tuple[float, int]], part: float
) -> None:
    whole = (data / f"roster.{form}").read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xml")]
    outcome(damaged_inside(whole, names[int(part * len(names))], flips), f"名册.{form}", notice)


def damaged_inside(whole: bytes, victim: str, flips: list[tuple[float, int]]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as archive,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as damaged,
    ):
        for name in archive.namelist():
            content = archive.read(name)
            damaged.writestr(name, flipped(content, flips) if name == victim else content)
    return stream.getvalue()
