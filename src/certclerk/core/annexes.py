"""The notice's annexes as tables to print."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from certclerk.core.column_widths import fitted
from certclerk.core.counts import teachers_per_kind
from certclerk.core.dates import chinese
from certclerk.core.names import file_name_part, safe_file_name
from certclerk.core.notice import Annex, Notice
from certclerk.core.printed_table import CellValue, Grid, HeadCell, PrintedTable
from certclerk.core.records import Certificate, Filing, Finding, Teacher
from certclerk.core.rules.catalogue import CATALOGUE

# Widths, in characters of the default font, of the counts annex; its kinds share one width.
SERIAL_WIDTH = 6.0
UNIT_WIDTH = 32.0
KIND_WIDTH = 10.0

# What each kind of annex says of itself in a 补报.
SUPPLEMENT_FOOT = {
    "roster": "本表只列本次补报的教师，序号自1起编。",
    "counts": "本表只统计本次补报的教师，不含以前报送的人数。",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A teacher of a submission with their 序号 in it and the certificates it holds.

    ``noted`` are the findings whose confirmation the clerk wants in 备注.
    """

    serial: int
    teacher: Teacher
    certificates: tuple[Certificate, ...]
    noted: tuple[Finding, ...] = ()


Rows = tuple[tuple[CellValue, ...], ...]


def annex_tables(
    entries: Sequence[Entry], filing: Filing, notice: Notice, supplement: int = 0
) -> tuple[PrintedTable, ...]:
    """The notice's annexes in its order. ``filing.unit`` is the official name; ``supplement`` the number of a 补报."""
    return tables_of(
        lambda annex: _roster_rows(annex, entries),
        teachers_per_kind((entry.certificates for entry in entries), notice),
        filing,
        notice,
        supplement,
    )


def tables_of(
    roster_rows: Callable[[Annex], Rows],
    counts: Mapping[str, int],
    filing: Filing,
    notice: Notice,
    supplement: int,
) -> tuple[PrintedTable, ...]:
    """The same of what is known already: the rows of a roster annex, and how many teachers there are of each kind."""
    head = facts(filing, notice)
    return tuple(
        PrintedTable(
            label=annex.label,
            title=notice.names.supplemented(annex.title, supplement),
            file_stem=safe_file_name(
                notice.names.supplemented(annex.file.format(unit=file_name_part(filing.unit)), supplement)
            ),
            landscape=annex.landscape,
            head=head,
            grid=fitted(
                _roster_grid(annex, roster_rows(annex))
                if annex.kind == "roster"
                else _counts_grid(annex, counts, filing.unit, notice),
                landscape=annex.landscape,
            ),
            foot=" ".join(filter(None, (annex.foot, SUPPLEMENT_FOOT[annex.kind] if supplement else ""))),
        )
        for annex in notice.annexes
    )


def facts(filing: Filing, notice: Notice) -> tuple[tuple[str, str], ...]:
    """Who files and when, under the notice's labels."""
    values = {
        "unit": filing.unit,
        "clerk": filing.clerk,
        "phone": filing.phone,
        "filled_on": chinese(filing.filled_on) if filing.filled_on else "",
    }
    return tuple((field.label, values[field.field]) for field in notice.head)


def _roster_rows(annex: Annex, entries: Sequence[Entry]) -> Rows:
    return tuple(
        tuple(_cell(column.field, entry, certificate) for column in annex.columns)
        for entry in entries
        for certificate in entry.certificates
    )


def _roster_grid(annex: Annex, rows: Rows) -> Grid:
    return Grid(
        columns=tuple(HeadCell(column.title, 0, index) for index, column in enumerate(annex.columns)),
        head_rows=1,
        widths=tuple(column.width for column in annex.columns),
        rows=rows,
    )


def _cell(field: str, entry: Entry, certificate: Certificate) -> CellValue:
    if field == "serial":
        return entry.serial
    if field == "note":
        return "；".join(filter(None, (entry.teacher.note, *_confirmed(entry, certificate))))
    owner = entry.teacher if hasattr(entry.teacher, field) else certificate
    value: str = getattr(owner, field)
    return value


def _confirmed(entry: Entry, certificate: Certificate) -> Iterator[str]:
    """What the clerk confirmed of the teacher or of this certificate, each with the reason."""
    for finding in entry.noted:
        if finding.certificate_id in (None, certificate.id):
            yield f"{CATALOGUE[finding.code].cause}（{finding.confirmed}）"


def _counts_grid(annex: Annex, counts: Mapping[str, int], unit: str, notice: Notice) -> Grid:
    kinds = notice.collected_kinds
    names = [name for _, name in sorted((listed.row, listed.name) for listed in notice.units if listed.row)]
    if unit not in names:
        names.append(unit)
    own = tuple(counts[kind.name] for kind in kinds)
    empty = ("",) * len(kinds)
    return Grid(
        columns=(
            HeadCell(annex.serial_title, 0, 0, rows=2),
            HeadCell(annex.unit_title, 0, 1, rows=2),
            HeadCell(annex.counts_title, 0, 2, columns=len(kinds)),
            *(HeadCell(kind.name, 1, 2 + index) for index, kind in enumerate(kinds)),
        ),
        head_rows=2,
        widths=(SERIAL_WIDTH, UNIT_WIDTH, *(KIND_WIDTH for _ in kinds)),
        rows=tuple((number, name, *(own if name == unit else empty)) for number, name in enumerate(names, 1)),
    )
