"""Mail drafts (.eml): encoded by hand so that an attachment streams from disk and its size is known first.

``X-Unsent`` opens the file for sending in desktop mail programs. Lines end in CRLF, base64 in lines of 76
(RFC 2045); names stand in both forms, since some programs read only RFC 2047 and some only RFC 2231.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.header import Header
from pathlib import Path
from urllib.parse import quote

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

# Longer than any real number of parts, for sizes that must be known before the parts are.
MANY = 9999


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
        return (
            len(_opening(self))
            + sum(
                len(_attachment_opening(attachment.name)) + encoded_size(attachment.size)
                for attachment in self.attachments
            )
            + len(_closing())
        )


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
    longest = Attachment(submission.archive_name(MANY, MANY), 0)
    first = _draft(submission, (longest, *annexes), MANY, MANY)
    further = _draft(submission, (longest,), MANY, MANY)
    return Room(decoded_room(limit - first.size), decoded_room(limit - further.size))


def _draft(submission: Submission, attachments: tuple[Attachment, ...], part: int, parts: int) -> Draft:
    notice, filing = submission.notice, submission.filing
    subject = submission.mail_subject
    listed = "\n".join(f"{number}. {attachment.name}" for number, attachment in enumerate(attachments, 1))
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
        f"To: {_header(draft.to, 'To')}",
        f"Subject: {_header(draft.subject, 'Subject')}",
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
    words = _header(name, "Content-Disposition")
    return _lines(
        f"--{BOUNDARY}",
        f'Content-Type: {media_type}; name="{words}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{words}";',
        f" filename*=UTF-8''{quote(name, safe='')}",
        "",
    )


def _closing() -> bytes:
    return _lines(f"--{BOUNDARY}--")


def _header(text: str, name: str) -> str:
    """``text`` on one line of ASCII, or as RFC 2047 words of at most 75 characters on lines of their own."""
    plain = " ".join(text.split())
    charset = "us-ascii" if plain.isascii() else "utf-8"
    return Header(plain, charset, header_name=name).encode(linesep="\r\n")


def _lines(*lines: str) -> bytes:
    return b"".join(line.encode("ascii") + EOL for line in lines)
