"""Mail drafts (.eml): encoded by hand so that an attachment streams from disk and its size is known first.

A draft has no Date, Message-ID or From: the program that sends it writes its own. ``X-Unsent: 1`` opens it for
sending in Outlook (not in its oldest and newest forms) and in Thunderbird (whose own test of it is
``browser_xUnsent.js`` in comm-central); anywhere else it is read, and its parts are saved from there.

Lines end in CRLF, base64 in lines of 76 (RFC 2045). The name of an attachment stands in both forms:

- as words of RFC 2047 in ``name`` and ``filename``, for Outlook and webmail that know nothing else
  (MimeKit's FAQ, "Why do attachments with unicode or long filenames appear as ATT0####.dat in Outlook?");
- whole in ``filename*`` of RFC 2231, which Thunderbird prefers to every other form
  (``nsMIMEHeaderParamImpl.cpp`` in mozilla-central). Not cut into ``filename*0*`` while a line can hold it:
  QQ's mail calls an attachment so named "tcmime.….bin" (jstedfast/MailKit #277).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.header import Header
from pathlib import Path
from urllib.parse import quote

from certclerk.core.amounts import size_text
from certclerk.core.splitting import Room
from certclerk.core.submission import Submission

EOL = b"\r\n"
LINE_BYTES = 57  # become 76 characters
LINE_CHARACTERS = 76
# Whole lines; larger blocks fall out of the processor's cache.
BLOCK_BYTES = LINE_BYTES * 1024
PIECE_BYTES = 16 * BLOCK_BYTES

# No base64 line holds "_" or "=" before its end, so nothing attached can look like it.
BOUNDARY = "=_certclerk_part"
MEDIA_TYPES = {
    ".zip": "application/zip",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
UNKNOWN_MEDIA_TYPE = "application/octet-stream"

# RFC 5322: what a line may hold at most, without its end; and what one of words does, with ``";`` after them.
LONGEST_LINE = 998
WORDS_LINE = 74
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_ESCAPED = re.compile(r"%[0-9A-F]{2}|[^%]")

# Longer than any real number of parts, and told at more length than any real size, for what must be known first.
MANY = 9999
LONGEST_SIZE = 9999 * 10**9


@dataclass(frozen=True, slots=True)
class Attachment:
    """``size`` in bytes before encoding."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail; ``part`` counts from 1 to ``parts``. The clerk may copy ``to``, ``subject`` and ``body``."""

    name: str
    part: int
    parts: int
    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...]

    @property
    def size(self) -> int:
        """Bytes of the whole mail as sent."""
        return _size_besides(self, ()) + sum(encoded_size(attachment.size) for attachment in self.attachments)


def encoded_size(size: int) -> int:
    """Bytes that ``size`` bytes take as base64 with line ends."""
    characters = (size + 2) // 3 * 4
    return characters + len(EOL) * -(-characters // LINE_CHARACTERS)


def decoded_room(room: int) -> int:
    """The most bytes whose base64 with line ends is no longer than ``room`` bytes."""
    lines, rest = divmod(max(room, 0), LINE_CHARACTERS + len(EOL))
    return lines * LINE_BYTES + max(rest - len(EOL), 0) // 4 * 3


def drafts(
    submission: Submission, archives: Sequence[Attachment], annexes: Sequence[Attachment]
) -> tuple[Draft, ...]:
    """One mail for each archive, in order, the annexes in the first."""
    return tuple(
        _draft(submission, (archive, *annexes) if part == 1 else (archive,), part, len(archives))
        for part, archive in enumerate(archives, start=1)
    )


def archive_room(submission: Submission, annexes: Sequence[Attachment], limit: int) -> Room:
    """Bytes of archive that fit in the mails of ``limit`` bytes as sent."""
    longest = Attachment(submission.archive_name(MANY, MANY), LONGEST_SIZE)
    first = _draft(submission, (longest, *annexes), MANY, MANY)
    further = _draft(submission, (longest,), MANY, MANY)
    return Room(
        decoded_room(limit - _size_besides(first, annexes)),
        decoded_room(limit - _size_besides(further, ())),
    )


def _size_besides(draft: Draft, counted: Sequence[Attachment]) -> int:
    """Bytes of all of ``draft`` but the data of its attachments, of which only ``counted`` are."""
    openings = sum(len(_attachment_opening(attachment.name)) for attachment in draft.attachments)
    data = sum(encoded_size(attachment.size) for attachment in counted)
    return len(_opening(draft)) + openings + data + len(_closing())


def _draft(submission: Submission, attachments: tuple[Attachment, ...], part: int, parts: int) -> Draft:
    notice, filing = submission.notice, submission.filing
    subject = submission.mail_subject
    listed = "\n".join(
        f"{number}. {attachment.name}（{size_text(attachment.size)}）"
        for number, attachment in enumerate(attachments, 1)
    )
    if parts > 1:
        subject += f"（第{part}封，共{parts}封）"
        listed += f"\n（材料分{parts}封邮件发送，这是第{part}封。）"
    if submission.mail_note:
        listed += f"\n\n{submission.mail_note}"
    return Draft(
        name=submission.draft_name(part, parts),
        part=part,
        parts=parts,
        to=notice.mail.to,
        subject=subject,
        body=notice.mail.body.format(
            unit=filing.unit,
            clerk=filing.clerk,
            phone=filing.phone,
            teachers=len(submission.documents),
            certificates=submission.certificate_count,
            attachments=listed,
        ).strip()
        + "\n",
        attachments=attachments,
    )


def mail_pieces(draft: Draft, folder: Path) -> Iterator[bytes]:
    """The whole mail in order; attachments are read from ``folder`` a piece at a time.

    Raises OSError where one cannot be read.
    """
    yield _opening(draft)
    for attachment in draft.attachments:
        yield _attachment_opening(attachment.name)
        with (folder / attachment.name).open("rb") as stream:
            while data := stream.read(PIECE_BYTES):
                view = memoryview(data)
                for at in range(0, len(data), BLOCK_BYTES):
                    yield encoded(view[at : at + BLOCK_BYTES])
    yield _closing()


def encoded(block: bytes | memoryview) -> bytes:
    """``block`` in base64, in lines of 76 that each end in CRLF."""
    # Three times as fast as binascii, and much of a large submission is this.
    from pybase64 import encodebytes

    return encodebytes(block).replace(b"\n", EOL)


def _opening(draft: Draft) -> bytes:
    return _lines(
        *([f"To: {_words(draft.to, 'To')}"] if draft.to else ()),
        f"Subject: {_words(draft.subject, 'Subject')}",
        "X-Unsent: 1",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"',
        "",
        f"--{BOUNDARY}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
    ) + encoded(draft.body.replace("\n", "\r\n").encode())


def _attachment_opening(name: str) -> bytes:
    media_type = MEDIA_TYPES.get(Path(name).suffix.lower(), UNKNOWN_MEDIA_TYPE)
    return _lines(
        f"--{BOUNDARY}",
        f"Content-Type: {media_type};",
        f' name="{_words(name, "name")}"',
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment;",
        f' filename="{_words(name, "filename")}";',
        *_extended(name),
        "",
    )


def _extended(name: str) -> Iterator[str]:
    """``filename*`` of RFC 2231, in several lines only where no single one may be so long."""
    value = "UTF-8''" + quote(_one_line(name), safe="")
    whole = f" filename*={value}"
    if len(whole) <= LONGEST_LINE:
        yield whole
        return
    room = LONGEST_LINE - len(" filename*00*=;")
    pieces = [""]
    for piece in _ESCAPED.findall(value):
        if len(pieces[-1]) + len(piece) > room:
            pieces.append("")
        pieces[-1] += piece
    for number, piece in enumerate(pieces):
        yield f" filename*{number}*={piece}" + (";" if number + 1 < len(pieces) else "")


def _closing() -> bytes:
    return _lines(f"--{BOUNDARY}--")


def _words(text: str, name: str) -> str:
    """``text`` on one line of ASCII, or as RFC 2047 words of at most 75 characters on lines of their own."""
    plain = _one_line(text)
    charset = "us-ascii" if plain.isascii() else "utf-8"
    return Header(plain, charset, maxlinelen=WORDS_LINE, header_name=name).encode(linesep="\r\n")


def _one_line(text: str) -> str:
    """No line ends or other control characters: what stands in a header cannot begin another one."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _lines(*lines: str) -> bytes:
    return b"".join(line.encode("ascii") + EOL for line in lines)
