"""A sample to try everything on: a roster workbook, drawn specimen pages, and the collection made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from certclerk.core.dates import chinese
from certclerk.core.fields import FIELDS
from certclerk.core.names import safe_file_name
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.imaging.specimen import Press, SpecimenText
from certclerk.jobs import import_roster, take_pages
from certclerk.jobs.collections import SUFFIX, default_notice, new_collection
from certclerk.jobs.sample_people import SampleCertificate, SamplePerson, invent
from certclerk.system.files import ensured_folder, explaining
from certclerk.system.resources import resource

ROSTER_FILE = "名册.xlsx"
SCANS_FOLDER = "扫描件"
STRAY_FILE = "IMG_0001.jpg"
CLERK, PHONE = "陈敏", "22000000"

Progress = Callable[[int, int, str], None]


def make_sample(
    folder: Path,
    *,
    teachers: int = 12,
    seed: int = 1,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Makes the sample in ``folder`` and returns the collection's path; equal seeds draw equal pages.

    Raises UserError ``collection_exists`` where one stands already, ``intake_cancelled``, and the faults
    of the disk.
    """
    notice = default_notice()
    unit = notice.units[0].name
    people = invent(notice, teachers, seed)
    path = folder / f"{safe_file_name(unit)}{SUFFIX}"
    with ensured_folder(folder), new_collection(path, notice, Filing(unit, CLERK, PHONE)) as collection:
        with explaining(folder):
            _write_roster(folder / ROSTER_FILE, people, notice)
            _draw_scans(folder / SCANS_FOLDER, people, notice, seed, progress)
        reading = import_roster.best_reading(import_roster.read(folder / ROSTER_FILE), notice)
        import_roster.add_proposal(collection, reading.proposal)
        stored = take_pages.store(collection, [folder / SCANS_FOLDER], progress, cancelled)
        take_pages.place(collection, stored)
    return path


def _write_roster(path: Path, people: Sequence[SamplePerson], notice: Notice) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    heads = [field.title for field in FIELDS]
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "教师名册"
    sheet.append([f"{notice.units[0].name}教师资格证书登记表（样本，人员均为虚构）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(heads)
    for serial, person in enumerate(people, 1):
        for held in person.certificates:
            sheet.append(
                [
                    serial,
                    person.name,
                    person.sex,
                    person.id_number,
                    held.kind,
                    held.subject,
                    held.number,
                    notice.authorities[0],
                    chinese(held.issued),
                    "",
                ]
            )
    for column, width in zip("ABCDEFGHIJ", (6, 18, 6, 22, 14, 10, 21, 16, 16, 12), strict=True):
        sheet.column_dimensions[column].width = width
    workbook.save(path)


def _draw_scans(
    folder: Path, people: Sequence[SamplePerson], notice: Notice, seed: int, progress: Progress
) -> None:
    """A folder a teacher, pages named by slot; and one picture that says nothing, for the tray."""
    press = Press(resource("fonts", "certclerk-sans-sc.otf"))
    folder.mkdir(exist_ok=True)
    for index, person in enumerate(people, 1):
        progress(index, len(people), person.name)
        own = folder / f"{index:02} {person.name}"
        own.mkdir(exist_ok=True)
        for held in person.certificates:
            prefix = f"{held.kind} " if len(person.certificates) > 1 else ""
            for name, data in _pages(person, held, notice, press, seed * 1000 + index):
                (own / f"{prefix}{name}.jpg").write_bytes(data)
    (folder / STRAY_FILE).write_bytes(press.cover(seed))


def _pages(
    person: SamplePerson, held: SampleCertificate, notice: Notice, press: Press, seed: int
) -> Iterator[tuple[str, bytes]]:
    """The first slot shows the cover, the last the remarks, those between the text page."""
    text = SpecimenText(
        name=person.name,
        sex=person.sex,
        born=f"{person.born.year}年{person.born.month}月",
        ethnicity="汉族",
        id_number=person.id_number,
        kind=held.kind,
        subject=held.subject,
        number=held.number,
        authority=notice.authorities[0],
        issued=chinese(held.issued),
    )
    for place, slot in enumerate(notice.slots):
        if slot.id in held.missing:
            continue
        # Each certificate its own drawing: two equal pictures at two places are a finding.
        own_seed = seed * 100 + int(held.number[-2:]) % 10 * 10 + place
        if place == 0:
            yield slot.label, press.cover(own_seed)
        elif place == len(notice.slots) - 1:
            yield slot.label, press.remarks(seed=own_seed)
        else:
            yield slot.label, press.text(text, own_seed)
