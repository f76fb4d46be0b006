"""The note that goes with a net drive or a USB stick, and how old records are read."""

from __future__ import annotations

import json
from datetime import date

import pytest

from certclerk.core.handing_in import drive_note
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Filing, Roster, Teacher
from certclerk.core.submission import plan
from certclerk.core.submission_json import as_json, from_json
from certclerk.core.submission_record import Delivery, SubmissionRecord, Terms

RECORD = SubmissionRecord(1, date(2032, 3, 1), "", 0, 0, Terms("clear", None, False, False, {}), (), ())


@pytest.mark.parametrize("delivery", [Delivery.NET_DRIVE, Delivery.USB_STICK])
def test_it_says_who_hands_in_what(quanzhou: Notice, delivery: Delivery) -> None:
    certificate = Certificate(
        1, 1, quanzhou.collected_kinds[0].name, "语文", "1", quanzhou.authorities[0], "2031-07-01"
    )
    roster = Roster(
        Filing("泉州第一中学", "陈小明", "22138813"), (Teacher(1, 1, "王芳", certificates=(certificate,)),)
    )
    submission = plan(roster, quanzhou, date(2032, 3, 1))
    note = drive_note(
        submission, "泉州第一中学_2032-03-01", [("a.zip", 52_000_000), ("b.pdf", 4_000)], delivery
    )
    assert note.startswith("泉州第一中学教师资格证书电子证照采集材料\n报送单位：泉州第一中学　经办人：陈小明")
    assert "填报时间：2032年3月1日　教师 1 名，证书 1 本" in note
    assert f"{delivery.label}中的文件夹“泉州第一中学_2032-03-01”，共 2 个文件、52.0 MB：" in note
    assert "1. a.zip（52.0 MB）\n2. b.pdf（4.0 KB）" in note
    assert ("提取码" in note) == (delivery is Delivery.NET_DRIVE)


@pytest.mark.parametrize("delivery", Delivery)
def test_the_choice_is_kept(delivery: Delivery) -> None:
    record = SubmissionRecord(
        1, date(2032, 3, 1), "", 0, 0, Terms("clear", 30, False, False, {}, delivery=delivery), (), ()
    )
    assert from_json(as_json(record)).terms.delivery is delivery


@pytest.mark.parametrize(("limit", "read"), [(30, Delivery.MAIL), (None, Delivery.NET_DRIVE)])
def test_an_older_record_is_read_by_whether_it_was_mailed(limit: float | None, read: Delivery) -> None:
    values = json.loads(as_json(RECORD))
    del values["terms"]["delivery"]
    values["terms"]["limit_mb"] = limit
    assert from_json(json.dumps(values)).terms.delivery is read
