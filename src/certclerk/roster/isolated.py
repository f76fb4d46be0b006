"""A table file read in a child process: whatever the file does to its reader, the program goes on."""

from __future__ import annotations

import gc
from pathlib import Path

from certclerk.core.errors import UserError
from certclerk.roster.cells import Workbook
from certclerk.roster.wire import documents, workbook_of
from certclerk.roster.workbook import read_workbook
from certclerk.system.child import ChildFailed, Failure, Limits, answer, asked, program

# The hidden verb of the command line that answers.
VERB = "_read-table"
LIMITS = Limits(seconds=10, memory_mb=480, answer_mb=60)

_SENTENCES = {
    Failure.START: "roster_reader_not_started",
    Failure.TIME: "roster_takes_too_long",
    Failure.MEMORY: "roster_needs_too_much_memory",
    Failure.CRASH: "roster_breaks_reader",
}


def read_isolated(path: Path) -> Workbook:
    """As :func:`read_workbook`, within ``LIMITS``. Raises UserError, for breaking them too."""
    try:
        return workbook_of(asked(program(VERB, str(path)), LIMITS))
    except ChildFailed as failed:
        facts = {"file": path.name, "reason": failed.reason, "seconds": LIMITS.seconds}
        raise UserError(_SENTENCES[failed.failure], **facts) from failed


def answer_read(path: Path) -> int:
    """The child's part; returns its exit code."""
    # It soon ends and makes nothing that goes in circles; looking for such would take a third of its time.
    gc.disable()
    return answer(lambda: documents(read_workbook(path)), LIMITS)
