"""Reading a roster for an import without a window: what was taken, and what beside it was not."""

from __future__ import annotations

from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.jobs.import_roster import best_reading, read
from certclerk.roster import read_pasted

ROWS = (
    "1\t王芳\t350502198001010021\t语文\t20103520122000101\n2\t李娜\t350503198102020049\t\t20113520142000102\n"
)


def test_a_pasted_block_without_a_head_is_read_by_content(quanzhou: Notice) -> None:
    reading = best_reading(read_pasted(ROWS), quanzhou)
    assert [
        (teacher.serial, teacher.name, teacher.id_number, teacher.certificates[0].number)
        for teacher in reading.proposal.teachers
    ] == [
        (1, "王芳", "350502198001010021", "20103520122000101"),
        (2, "李娜", "350503198102020049", "20113520142000102"),
    ]
    assert reading.columns == ("第 D 列",)


def test_columns_that_mean_nothing_are_named(quanzhou: Notice) -> None:
    reading = best_reading(read_pasted("序号\t姓名\t证件号码\t职称\t证书编号\t\n" + ROWS), quanzhou)
    assert reading.columns == ("职称",)


def test_a_table_without_any_sign_of_a_roster_has_no_head(tmp_path: Path, quanzhou: Notice) -> None:
    path = tmp_path / "价目.csv"
    path.write_text("品名,单价\n铅笔,1\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        best_reading(read(path), quanzhou)
    assert caught.value.code == "roster_no_head"
