"""What was just written against what it was made of: the annexes' cells, and what each draft really carries."""

from __future__ import annotations

import binascii
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import BinaryIO, TypeAlias

from certclerk.core.annex_check import annex_differences
from certclerk.core.printed_table import PrintedTable
from certclerk.core.submission import Submission
from certclerk.output.mail import BOUNDARY, EOL, LINE_BYTES, LINE_CHARACTERS, Draft, encoded_size
from certclerk.output.problem import Problem, problem

# Lines of an attachment that are decoded at either end of it, of an annex all: the whole of an archive would take
# longer than all the rest, and the draft's own hash has shown it to be as it was written.
LINES_READ = 16 * 1024
# Bytes within which the headers of a draft or of one of its parts end.
LONGEST_HEADERS = 1 << 16

HeaderParser: TypeAlias = "BytesHeaderParser[EmailMessage]"
WorkbookReader = Callable[[PrintedTable, bytes], Iterable[str]]


def workbook_differences(table: PrintedTable, data: bytes) -> Iterator[str]:
    """Clauses on where the workbook ``data`` says other than ``table``; only for one of our own making."""
    # Not what wrote it; and it reads a large one in a twentieth of the time.
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    return annex_differences(table, [[_text(value) for value in row] for row in rows])


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def annex_problems(folder: Path, submission: Submission, differences: WorkbookReader) -> Iterator[Problem]:
    """Where the annexes' workbooks do not say what the records do."""
    for table in submission.annexes:
        file = folder / f"{table.file_stem}.xlsx"
        for difference in differences(table, file.read_bytes()):
            yield problem("annex_cell", file.name, difference=difference)


def draft_problems(folder: Path, mails: Sequence[Draft]) -> Iterator[Problem]:
    """Where a draft, read as a mail program reads it, does not carry the files of ``folder`` that it should."""
    for draft in mails:
        with (folder / draft.name).open("rb") as stream:
            if not _carries(stream, draft, folder):
                yield problem("draft_wrong", draft.name)


def _carries(stream: BinaryIO, draft: Draft, folder: Path) -> bool:
    parser: HeaderParser = BytesHeaderParser(policy=policy.default)
    head = parser.parsebytes(_headers(stream))
    if (head["Subject"], str(head["To"] or "")) != (draft.subject, draft.to):
        return False
    body, _ = _part(stream, parser)
    if body is not None:
        return False
    text = _decoded(stream)
    if text.decode().replace("\r\n", "\n") != draft.body:
        return False
    for attachment in draft.attachments:
        name, start = _part(stream, parser)
        if name != attachment.name or not _same(stream, start, folder / name):
            return False
        stream.seek(start + encoded_size((folder / name).stat().st_size))
    return stream.read() == f"--{BOUNDARY}--".encode() + EOL


def _headers(stream: BinaryIO) -> bytes:
    """Up to the empty line that ends them."""
    lines = []
    while (line := stream.readline(LONGEST_HEADERS)) not in (b"", EOL):
        lines.append(line)
    return b"".join(lines)


def _part(stream: BinaryIO, parser: HeaderParser) -> tuple[str | None, int]:
    """The name of the next part, None for the text, and where its data begins."""
    if stream.readline(LONGEST_HEADERS) != f"--{BOUNDARY}".encode() + EOL:
        return "", stream.tell()
    part = parser.parsebytes(_headers(stream))
    return part.get_filename(), stream.tell()


def _decoded(stream: BinaryIO) -> bytes:
    """The data of a short part; the stream stands at the boundary after it."""
    lines = []
    at = stream.tell()
    while not (line := stream.readline(LONGEST_HEADERS)).startswith(b"--") and line:
        lines.append(line)
        at = stream.tell()
    stream.seek(at)
    return binascii.a2b_base64(b"".join(lines))


def _same(stream: BinaryIO, start: int, file: Path) -> bool:
    """Whether the lines at either end of the data that begins at ``start`` are those of ``file``."""
    size = file.stat().st_size
    rows = -(-size // LINE_BYTES)
    line = LINE_CHARACTERS + len(EOL)
    with file.open("rb") as source:
        for first, last in ((0, min(LINES_READ, rows)), (max(rows - LINES_READ, 0), rows)):
            stream.seek(start + first * line)
            written = stream.read(min((last - first) * line, encoded_size(size) - first * line))
            source.seek(first * LINE_BYTES)
            if binascii.a2b_base64(written) != source.read((last - first) * LINE_BYTES):
                return False
    return True
