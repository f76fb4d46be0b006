from __future__ import annotations

import base64
import email
import email.policy
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import collapse_rfc2231_value
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis.strategies import characters, text

from certclerk.core.notice import Notice
from certclerk.core.submission import Submission
from certclerk.output import mail
from certclerk.output.mail import (
    BLOCK_BYTES,
    PIECE_BYTES,
    Attachment,
    Draft,
    archive_room,
    decoded_room,
    drafts,
    encoded,
    encoded_size,
    mail_pieces,
)

from .conftest import Maker

ANNEXES = {"附件1_某校_采集名册.xlsx": b"PK annex", "附件1_某校_采集名册.pdf": b"%PDF annex"}


def write(folder: Path, files: dict[str, bytes]) -> list[Attachment]:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [Attachment(name, len(data)) for name, data in files.items()]


def mails(folder: Path, submission: Submission, archives: Sequence[bytes]) -> tuple[Draft, ...]:
    count = len(archives)
    files = {submission.archive_name(part, count): data for part, data in enumerate(archives, start=1)}
    return drafts(submission, write(folder, files), write(folder, ANNEXES))


def parse(draft: Draft, folder: Path) -> EmailMessage:
    message = email.message_from_bytes(b"".join(mail_pieces(draft, folder)), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def attached(message: EmailMessage) -> dict[str, bytes]:
    return {part.get_filename() or "": part.get_content() for part in message.iter_attachments()}


def test_everything_comes_back_as_it_was(maker: Maker, tmp_path: Path) -> None:
    submission = maker.plan()
    data = os.urandom(2 * PIECE_BYTES + 5)
    (draft,) = mails(tmp_path, submission, [data])
    message = parse(draft, tmp_path)
    assert attached(message) == {submission.archive_name(1, 1): data, **ANNEXES}
    assert message["To"] == "cjwt686996@163.com"
    assert message["Subject"] == draft.subject == "泉州第一中学教师资格证书电子证照采集材料"
    assert message["X-Unsent"] == "1"
    body = message.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == draft.body


def test_the_body_tells_what_is_sent(maker: Maker, tmp_path: Path) -> None:
    (draft,) = mails(tmp_path, maker.plan(), [b"zip"])
    assert "共4名教师、4本证书" in draft.body
    assert (
        "1. 泉州第一中学.zip（3 字节）\n2. 附件1_某校_采集名册.xlsx（8 字节）\n3. 附件1_某校_采集名册.pdf（10 字节）"
        in draft.body
    )
    assert "经办人：陈小明\n联系电话：22138813" in draft.body


def test_each_archive_has_its_mail_and_the_annexes_are_in_the_first(maker: Maker, tmp_path: Path) -> None:
    first, second, third = mails(tmp_path, maker.plan(), [b"1", b"22", b"333"])
    assert [draft.name for draft in (first, second)] == [
        "邮件草稿（第1封，共3封）.eml",
        "邮件草稿（第2封，共3封）.eml",
    ]
    assert list(attached(parse(first, tmp_path)).values()) == [b"1", *ANNEXES.values()]
    assert attached(parse(third, tmp_path)) == {"泉州第一中学（第3份，共3份）.zip": b"333"}
    assert second.subject.endswith("（第2封，共3封）")
    assert "这是第2封" in second.body


def test_names_stand_in_both_forms(maker: Maker, tmp_path: Path) -> None:
    (draft,) = mails(tmp_path, maker.plan(), [b"zip"])
    raw = b"".join(mail_pieces(draft, tmp_path)).decode("ascii")
    assert "filename*=UTF-8''%E6%B3%89%E5%B7%9E%E7%AC%AC%E4%B8%80%E4%B8%AD%E5%AD%A6.zip" in raw
    for parameter in ("filename", "name"):
        words = re.search(rf'^ {parameter}="(=\?utf-8\?b\?[^"]*)"', raw, re.MULTILINE)
        assert words is not None
        assert str(make_header(decode_header(words[1]))) == "泉州第一中学.zip"


def test_lines_are_short_and_end_in_crlf(
    made_for: Callable[[Notice], Maker], quanzhou: Notice, tmp_path: Path
) -> None:
    submission = made_for(quanzhou).plan(unit="泉州幼儿高等专业学校附属东海湾实验幼儿园")
    (draft,) = mails(tmp_path, submission, [os.urandom(BLOCK_BYTES + 100)])
    raw = b"".join(mail_pieces(draft, tmp_path))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) < 998
    # A workbook's type alone takes 80, and has no place to be cut.
    assert max(len(line) for line in lines if b"filename*" not in line and b"spreadsheetml" not in line) <= 78
    # RFC 2047: words end where a character does, each of at most 75.
    for word in re.findall(rb"=\?utf-8\?b\?[^?]*\?=", raw):
        assert len(word) <= 75
        decode_header(word.decode("ascii"))[0][0].decode()


def test_a_draft_leaves_to_its_sender_what_is_not_known_yet(maker: Maker, tmp_path: Path) -> None:
    (draft,) = mails(tmp_path, maker.plan(), [b"zip"])
    message = parse(draft, tmp_path)
    assert message.keys() == ["To", "Subject", "X-Unsent", "MIME-Version", "Content-Type"]
    assert not message.defects
    assert [part.defects for part in message.walk()] == [[]] * 5


@pytest.mark.parametrize("policy", [email.policy.default, email.policy.compat32, email.policy.SMTP])
def test_either_manner_of_reading_finds_every_name(
    policy: email.policy.Policy, maker: Maker, tmp_path: Path
) -> None:
    (draft,) = mails(tmp_path, maker.plan(), [os.urandom(BLOCK_BYTES + 1)])
    message = email.message_from_bytes(b"".join(mail_pieces(draft, tmp_path)), policy=policy)
    told = [part.get_filename() for part in message.walk() if part.get_filename()]
    # Read the old way, the first form found is handed on as it stands.
    names = [str(make_header(decode_header(name))) for name in told]
    assert names == [attachment.name for attachment in draft.attachments]
    sizes = [len(part.get_payload(decode=True)) for part in message.walk() if part.get_filename()]
    assert sizes == [attachment.size for attachment in draft.attachments]


@pytest.mark.parametrize("length", [1, 40, 104, 105, 106, 107, 240, 700])
def test_a_long_name_is_cut_only_where_no_line_can_hold_it(length: int) -> None:
    name = ("泉州市𠮷小学" * length)[:length] + ".zip"
    opening = mail._attachment_opening(name)
    assert max(map(len, opening.split(b"\r\n"))) <= 998
    assert (b" filename*=" in opening) == (len(f" filename*=UTF-8''{quote(name)}") <= 998)
    part = email.message_from_bytes(opening.split(b"\r\n", 1)[1])
    words, extended = (
        value for key, value in part.get_params(header="content-disposition") if key == "filename"
    )
    assert str(make_header(decode_header(words))) == collapse_rfc2231_value(extended) == name


@given(text(characters(codec="utf-8"), max_size=80))
def test_nothing_in_a_subject_or_name_begins_another_header(words: str) -> None:
    hostile = f"{words}\r\nBcc: someone@example.com\n\n--x"
    draft = Draft("邮件草稿.eml", 1, 1, "a@b.example", hostile, hostile, (Attachment(hostile, 0),))
    message = email.message_from_bytes(mail._opening(draft) + mail._closing())
    assert message.keys() == ["To", "Subject", "X-Unsent", "MIME-Version", "Content-Type"]
    part = email.message_from_bytes(mail._attachment_opening(hostile).split(b"\r\n", 1)[1])
    assert part.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]


def test_a_notice_may_leave_the_recipient_to_the_clerk(
    quanzhou: Notice, made_for: Callable[[Notice], Maker], tmp_path: Path
) -> None:
    nobody = replace(quanzhou, mail=replace(quanzhou.mail, to=""))
    (draft,) = mails(tmp_path, made_for(nobody).plan(), [b"zip"])
    message = parse(draft, tmp_path)
    assert message["To"] is None
    assert message["Subject"] == draft.subject


@pytest.mark.parametrize("size", [0, 1, 2, 3, 56, 57, 58, 114, 10_000, BLOCK_BYTES, BLOCK_BYTES + 1])
def test_encoding_is_base64_in_lines(size: int) -> None:
    data = os.urandom(size)
    done = encoded(data)
    assert done == base64.encodebytes(data).replace(b"\n", b"\r\n")
    assert len(done) == encoded_size(size)


@pytest.mark.parametrize("room", [-5, 0, 5, 6, 77, 78, 79, 80, 83, 84, 1000, 10**6, 30 * 10**6])
def test_room_is_used_up_but_not_exceeded(room: int) -> None:
    size = decoded_room(room)
    assert encoded_size(size) <= max(room, 0)
    assert encoded_size(size + 1) > room


def test_a_draft_knows_its_size(maker: Maker, tmp_path: Path) -> None:
    for draft in mails(tmp_path, maker.plan(), [b"1" * 100_000, b"2"]):
        assert draft.size == len(b"".join(mail_pieces(draft, tmp_path)))


@pytest.mark.parametrize("policy", [email.policy.default, email.policy.compat32])
def test_a_long_list_of_attachments(policy: email.policy.Policy, maker: Maker, tmp_path: Path) -> None:
    """Sealed copies of many pages are attached each: sizes around a line's and a block's end."""
    sizes = (0, 1, 56, 57, 58, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1)
    sealed = {
        f"附件1_泉州第一中学_𠮷䶮（盖章）第{page}页.pdf": os.urandom(sizes[page % 8]) for page in range(80)
    }
    submission = maker.plan()
    archives = write(tmp_path, {submission.archive_name(1, 1): b"zip"})
    (draft,) = drafts(submission, archives, write(tmp_path, sealed))
    raw = b"".join(mail_pieces(draft, tmp_path))
    assert draft.size == len(raw)
    message = email.message_from_bytes(raw, policy=policy)
    assert message["X-Unsent"] == "1"
    found = {
        str(make_header(decode_header(part.get_filename()))): part.get_payload(decode=True)
        for part in message.walk()
        if part.get_filename()
    }
    assert found == {submission.archive_name(1, 1): b"zip", **sealed}
    assert all(f"{number}. {name}（" in draft.body for number, name in enumerate(sealed, 2))


@pytest.mark.parametrize("limit", [5000, 12_345, 200_000])
def test_an_archive_of_the_given_room_makes_a_mail_within_the_limit(
    limit: int, maker: Maker, tmp_path: Path
) -> None:
    submission = maker.plan()
    annexes = write(tmp_path, ANNEXES)
    room = archive_room(submission, annexes, limit)
    sizes = [
        draft.size for draft in mails(tmp_path, submission, [b"1" * room.first, *[b"2" * room.further] * 11])
    ]
    assert max(sizes) <= limit
    assert min(sizes) > limit - 300


def test_equal_drafts_are_equal_bytes(maker: Maker, tmp_path: Path) -> None:
    (draft,) = mails(tmp_path, maker.plan(), [b"zip"])
    assert list(mail_pieces(draft, tmp_path)) == list(mail_pieces(draft, tmp_path))


def test_another_notice_words_it_in_its_way(
    invented: Notice, made_for: Callable[[Notice], Maker], tmp_path: Path
) -> None:
    first, second = mails(tmp_path, made_for(invented).plan(), [b"1", b"2"])
    assert (first.name, second.name) == ("给县局的信-1.eml", "给县局的信-2.eml")
    assert parse(first, tmp_path)["To"] == "lingdao@haimen.example"
    assert second.body.startswith("县局：\n海门县临江学校影像见附件。\n1. 海门县临江学校影像-2-2.zip")
