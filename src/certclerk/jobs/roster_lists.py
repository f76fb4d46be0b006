"""What comes out of the roster besides a submission: each list made, printed and saved in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.core.audit import audit
from certclerk.core.chase import chase
from certclerk.core.custody import Custody, custody_sheet
from certclerk.core.key_in_summary import key_in_summary
from certclerk.core.keying import Keying, key_entries
from certclerk.core.notice import Notice
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Filing, Finding, Roster
from certclerk.core.roster_list import RosterList
from certclerk.core.roster_sheet import guide_list, whole_roster
from certclerk.core.signature_sheet import signature_sheet
from certclerk.jobs.export_roster import export, template
from certclerk.output.workbook import workbook_bytes
from certclerk.system.files import write_aside

if TYPE_CHECKING:
    from certclerk.printing.tables import Device


class ListKind(StrEnum):
    ROSTER = "roster"
    TEMPLATE = "template"
    AUDIT = "audit"
    CHASE = "chase"
    SIGNATURES = "signatures"
    CUSTODY = "custody"
    KEYING = "keying"


@dataclass(frozen=True, slots=True)
class Source:
    """What lists are made of, as it stands on ``day``. ``open_only``: only those who have yet to sign. ``custody``
    and ``keyings`` by certificate id.
    """

    roster: Roster
    notice: Notice
    findings: tuple[Finding, ...]
    day: date
    open_only: bool = False
    custody: Mapping[int, Custody] = field(default_factory=dict)
    keyings: Mapping[int, Keying] = field(default_factory=dict)

    @property
    def filing(self) -> Filing:
        filing = self.roster.filing
        return Filing(self.notice.official_name(filing.unit), filing.clerk, filing.phone, self.day)


def roster_list(kind: ListKind, source: Source) -> RosterList:
    return _LISTS[kind](source)


def workbook(kind: ListKind, listed: RosterList, source: Source) -> bytes:
    """As an .xlsx: the roster and its template to go on typing in, the others as they are printed."""
    if kind is ListKind.ROSTER:
        return export(source.roster, source.notice, source.day).workbook
    if kind is ListKind.TEMPLATE:
        return template(source.notice, source.day)
    return workbook_bytes(listed.table, source.day)


def pdf(table: PrintedTable) -> bytes:
    from certclerk.printing.tables import pdf_bytes

    return pdf_bytes(table)


def paint(table: PrintedTable, device: Device) -> None:
    """On a printer or into its preview. Raises UserError ``printer_refused``."""
    from certclerk.printing.tables import paint as paint_table

    paint_table(table, device)


def unprintable(table: PrintedTable) -> str:
    """The characters that no font of this computer has, one after another."""
    from certclerk.printing.fonts import missing_glyphs

    return "、".join(sorted(missing_glyphs(str(value) for row in table.grid.rows for value in row)))


def save(data: bytes, path: Path) -> None:
    """Raises UserError, what ``path`` held being still there."""
    with write_aside(path) as stream:
        stream.write(data)


_LISTS: dict[ListKind, Callable[[Source], RosterList]] = {
    ListKind.ROSTER: lambda source: whole_roster(source.roster.teachers, source.filing),
    ListKind.TEMPLATE: lambda source: guide_list(source.filing, source.notice),
    ListKind.AUDIT: lambda source: audit(source.roster.teachers, source.filing, source.notice),
    ListKind.CHASE: lambda source: chase(
        source.roster.teachers, source.findings, source.filing, source.notice
    ),
    ListKind.SIGNATURES: lambda source: signature_sheet(
        source.roster.teachers, source.filing, source.notice, open_only=source.open_only
    ),
    ListKind.CUSTODY: lambda source: custody_sheet(
        source.roster.teachers, source.custody, source.filing, source.notice
    ),
    ListKind.KEYING: lambda source: key_in_summary(
        key_entries(source.roster.teachers, source.notice, source.keyings), source.filing
    ),
}
