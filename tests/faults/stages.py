"""What a clerk does, stage by stage, through the program's own jobs: each step is one that may be acknowledged."""

from __future__ import annotations

import csv
import io
import random
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from certclerk.collection import Collection, open_collection
from certclerk.core.dates import chinese
from certclerk.core.fields import FIELDS
from certclerk.core.recipe import Recipe
from certclerk.core.records import Filing, Page, Teacher
from certclerk.core.two_copies import Standing
from certclerk.jobs import (
    acts,
    counter,
    edit_pages,
    import_roster,
    merge_roster,
    page_moves,
    take_pages,
    trash,
    two_copies,
)
from certclerk.jobs.collections import default_notice, new_collection
from certclerk.jobs.sample_people import SamplePerson, invent
from certclerk.roster import best_sheet, detect, propose
from certclerk.roster.delimited import read_pasted

DAY = date(2032, 3, 1)
COLLECTION = "采集.certclerk"
OLDER = Path(__file__).resolve().parents[1] / "data" / "collections"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.+]+")


@dataclass
class Desk:
    """A folder with a collection in it, what is to be taken in beside it, and ``报送`` to write to."""

    folder: Path
    open: Collection | None = None

    @property
    def path(self) -> Path:
        return self.folder / COLLECTION

    @property
    def out(self) -> Path:
        return self.folder / "报送"

    @property
    def scans(self) -> Path:
        return self.folder / "扫描件"

    @property
    def watched(self) -> Path:
        return self.folder / "监视"

    @property
    def other(self) -> Path:
        return self.folder / "U盘" / COLLECTION

    @property
    def roster_file(self) -> Path:
        return self.folder / "名册.csv"

    @property
    def collection(self) -> Collection:
        assert self.open is not None
        return self.open

    @property
    def teachers(self) -> tuple[Teacher, ...]:
        return self.collection.roster().teachers

    @property
    def pages(self) -> list[Page]:
        return [page for teacher in self.teachers for page in teacher.pages()]


Step = Callable[[Desk], object]


@dataclass(frozen=True)
class Stage:
    """``steps`` follow one another in one sitting; where ``makes``, there is no collection before it.

    ``files``: it writes more than the collection, and Qt paints some of it.
    """

    steps: tuple[Step, ...]
    makes: bool = False
    files: bool = False
    version: int | None = None


def fingerprint(collection: Collection) -> str:
    """Equal for equal records, pages, history and memory, whenever they were made."""
    seen = (
        collection.roster(),
        collection.trash(),
        collection.undo_label,
        collection.redo_label,
        len(collection.submissions()),
        sorted((file.sha256, file.outcome) for file in collection.watched()),
        collection.keyings(),
        collection.custody(),
        collection.own_appointment(),
    )
    return _MOMENT.sub("", repr(seen))


def scan(seed: int) -> bytes:
    """A picture of noise that no other seed gives, larger than some pages of the database."""
    from PIL import Image

    out = io.BytesIO()
    noise = random.Random(seed).randbytes(120 * 170 * 3)
    Image.frombytes("RGB", (120, 170), noise).save(out, "JPEG", quality=80, dpi=(20, 20))
    return out.getvalue()


def people(first: int, last: int) -> Sequence[SamplePerson]:
    return invent(default_notice(), last, 1)[first:last]


def table(persons: Sequence[SamplePerson], note: str = "") -> str:
    """Their roster as it lies on the clipboard."""
    lines = ["\t".join(field.title for field in FIELDS)]
    for serial, person in enumerate(persons, 1):
        for held in person.certificates:
            cells = (str(serial), person.name, person.sex, person.id_number, held.kind, held.subject)
            authority = default_notice().authorities[0]
            lines.append("\t".join((*cells, held.number, authority, chinese(held.issued), note)))
    return "\n".join(lines)


def add_people(collection: Collection, text: str) -> None:
    reading = import_roster.best_reading(read_pasted(text), collection.notice)
    import_roster.add_proposal(collection, reading.proposal)


def merge_people(collection: Collection, text: str) -> None:
    workbook = read_pasted(text)
    sheet = workbook.sheets[best_sheet(workbook, collection.notice)]
    layout = detect(sheet, collection.notice)
    proposal = propose(sheet, layout, collection.notice)
    plan = merge_roster.compare(collection.roster().teachers, proposal, layout, collection.notice)
    merge_roster.merge(collection, plan.decide_alike(True))


def make_folder(folder: Path) -> None:
    """A collection of three teachers with all their pages, one in the tray; more to take in beside it, and a copy that
    was edited elsewhere.
    """
    desk = Desk(folder)
    notice = default_notice()
    persons = people(2, 5)
    desk.out.mkdir(parents=True)
    desk.scans.mkdir()
    desk.watched.mkdir()
    with desk.roster_file.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(line.split("\t") for line in table(people(2, 6)).splitlines())
    for seed in (601, 602):
        (desk.watched / f"IMG_{seed}.jpg").write_bytes(scan(seed))
    for index, person in enumerate(people(2, 6)):
        (desk.scans / f"{person.name} 封面.jpg").write_bytes(scan(500 + index))
    with new_collection(desk.path, notice, Filing(notice.units[0].name, "陈敏", "22000000")) as collection:
        add_people(collection, table(persons))
        incoming, seed = [take_pages.Incoming("IMG_0001.jpg", scan(1))], 1
        for person in persons:
            for held in person.certificates:
                prefix = f"{held.kind} " if len(person.certificates) > 1 else ""
                for slot in notice.slots:
                    seed += 1
                    name = f"{person.name} {prefix}{slot.label}.jpg"
                    incoming.append(take_pages.Incoming(name, scan(seed)))
        take_pages.place(collection, take_pages.store_incoming(collection, incoming))
        with collection.change("改报送信息") as change:
            change.set_filing(collection.filing())
    desk.other.parent.mkdir()
    shutil.copyfile(desk.path, desk.other)
    with open_collection(desk.other) as other:
        work_elsewhere(Desk(desk.other.parent, other))


def work_elsewhere(desk: Desk) -> None:
    """Each teacher other than before, somebody new, and a page that nobody knows."""
    for number, teacher in enumerate(desk.teachers):
        acts.set_teacher_field(desk.collection, teacher.id, "note", f"在家改的{number}")
        _take_scan(620 + number, number)(desk)
    acts.rotate_page(desk.collection, desk.pages[0].id, 90)
    acts.trash_pages(desk.collection, [desk.pages[1].id])
    add_people(desk.collection, table(people(8, 9)))
    stored = take_pages.store_incoming(desk.collection, [take_pages.Incoming("IMG_9.jpg", scan(630))])
    take_pages.place(desk.collection, stored)


def copy_for(stage: Stage, template: Path, folder: Path) -> Desk:
    shutil.copytree(template, folder)
    desk = Desk(folder)
    if stage.makes:
        desk.path.unlink()
    if stage.version:
        shutil.copyfile(OLDER / f"version-{stage.version}.certclerk", desk.path)
    return desk


def _take_folder(desk: Desk) -> None:
    take_pages.place(desk.collection, take_pages.store(desk.collection, [desk.scans]))


def _take_scan(seed: int, whose: int = 1) -> Step:
    """A page from the scanner for the slot that is aimed at."""

    def take(desk: Desk) -> None:
        stored = take_pages.store_incoming(
            desk.collection, [take_pages.Incoming(f"扫描{seed}.jpg", scan(seed))]
        )
        certificate = desk.teachers[whose].certificates[0]
        target = take_pages.SlotTarget(certificate.id, desk.collection.notice.slots[0].id)
        take_pages.place(desk.collection, stored, target)

    return take


def _take_watched(desk: Desk) -> None:
    from certclerk.jobs import watch_folder

    watch = watch_folder.resume(desk.collection, desk.watched)
    now, arrived = 1000.0, []
    while watch_folder.early_to_come(watch):
        now += 5
        found = watch_folder.poll(desk.collection, watch, now)
        watch = found.watch
        arrived += found.early
        if found.done:
            desk.collection.remember_watched(found.done)
    watch_folder.place_early(desk.collection, arrived)


def _forget_scan(desk: Desk) -> None:
    """Stored, and not placed after all."""
    stored = take_pages.store_incoming(desk.collection, [take_pages.Incoming("不要.jpg", scan(700))])
    take_pages.forget(desk.collection, stored.pages)


def _take_over(count: int) -> Step:
    """So many of those who differ in the other copy, and what lies in its tray."""

    def take(desk: Desk) -> None:
        with two_copies.open_other(desk.collection, desk.other) as other:
            found = two_copies.compare_copies(desk.collection, other)
            pairs = [pair for pair in found.pairs if pair.there and pair.standing is not Standing.SAME]
            choices = [two_copies.Choice(pair) for pair in pairs[:count]]
            prepared = two_copies.prepare(desk.collection, other, choices, found.tray)
            two_copies.take_over(desk.collection, prepared)

    return take


def _package(desk: Desk) -> None:
    from certclerk.jobs import package

    survey = package.survey(desk.collection, DAY)
    options = package.Options(DAY, held=package.holding_incomplete(survey))
    package.record(desk.collection, package.package(desk.collection, desk.out, options))


def _take_along(desk: Desk) -> None:
    from certclerk.jobs import take_along

    take_along.export(desk.collection, desk.out, take_along.Options(DAY))


def _new(desk: Desk) -> None:
    from certclerk.app import main

    arguments = (
        "new",
        desk.path,
        "--unit",
        "泉州第一中学",
        "--roster",
        desk.roster_file,
        "--scans",
        desk.scans,
    )
    assert main([str(argument) for argument in arguments]) == 0


def _note(text: str) -> Step:
    return lambda desk: acts.set_teacher_field(desk.collection, desk.teachers[0].id, "note", text)


def _undo(desk: Desk) -> None:
    assert desk.collection.undo()


def _redo(desk: Desk) -> None:
    assert desk.collection.redo()


def _trash(index: int) -> Step:
    return lambda desk: acts.trash_pages(desk.collection, [page.id for page in desk.pages[index : index + 2]])


def _empty(desk: Desk) -> None:
    desk.collection.empty_trash()


def _sweep(desk: Desk) -> None:
    desk.collection.sweep()


STAGES: dict[str, Stage] = {
    "edit": Stage(
        (
            _note("一"),
            lambda desk: acts.edit_fields(
                desk.collection, [acts.Edit(each.id, None, "note", "二" * 400) for each in desk.teachers]
            ),
            lambda desk: acts.add_teacher(desk.collection, "新来的"),
            lambda desk: acts.add_certificate(desk.collection, desk.teachers[-1].id),
            lambda desk: acts.reorder(desk.collection, [each.id for each in reversed(desk.teachers)]),
            lambda desk: acts.set_scope(desk.collection, [desk.teachers[0].id], "hold", "等证书"),
            lambda desk: counter.receive(desk.collection, [desk.teachers[1].certificates[0].id], DAY),
            lambda desk: acts.remove_teachers(desk.collection, [desk.teachers[0].id]),
            lambda desk: acts.set_filing(desk.collection, Filing("泉州第一中学", "林敏", "22000001")),
        )
    ),
    "import": Stage(
        (
            lambda desk: add_people(desk.collection, table(people(5, 14))),
            lambda desk: merge_people(desk.collection, table(people(2, 18), "核对过")),
            _undo,
        )
    ),
    "new": Stage((_new,), makes=True),
    "intake": Stage((_take_folder, _take_scan(611), _take_watched, _forget_scan, _take_scan(612))),
    "edit of a page": Stage(
        (
            lambda desk: acts.rotate_page(desk.collection, desk.pages[0].id, 90),
            lambda desk: edit_pages.set_recipes(
                desk.collection, {page: Recipe(straighten=1.5) for page in desk.pages}
            ),
            lambda desk: edit_pages.split_page(desk.collection, desk.pages[1]),
            lambda desk: acts.to_tray(desk.collection, [desk.pages[0].id]),
            lambda desk: page_moves.swap_pages(desk.collection, desk.pages[0], desk.pages[-1]),
            lambda desk: acts.give_pages(
                desk.collection, [desk.collection.tray()[0].id], desk.teachers[0].id
            ),
            lambda desk: edit_pages.join_pages(desk.collection, desk.pages[1], desk.pages[2:3]),
        )
    ),
    "undo": Stage(
        (_note("一"), _undo, _redo, _undo, _note("二"), _trash(0), _undo, _undo, _redo, _redo, _note("三"))
    ),
    "trash": Stage(
        (
            _trash(0),
            lambda desk: trash.put_back(desk.collection, desk.collection.trash()[:1], trash.Taken.TRAY),
            _empty,
            _sweep,
            _trash(2),
            _trash(2),
            _empty,
            _sweep,
        )
    ),
    "taking over": Stage((_take_over(1), _take_over(9), _undo, _take_over(2))),
    "packaging": Stage((_package, _note("改过"), _package), files=True),
    "take-along": Stage((_take_along, _take_along), files=True),
    **{f"migration from {number}": Stage((_note("新"),), version=number) for number in (1, 2, 3)},
}

# Not as it should be: the killer must find that out.
WRONG = {
    "two changes in one step": Stage(
        tuple(lambda desk: [_note(text)(desk) for text in "一二三四五六"] for _ in range(2))
    )
}

# Short enough to be watched call by call.
WATCHED = {"a change and a submission": Stage((_note("一"), _package), files=True)}


def recorded(stage: Stage, template: Path, folder: Path) -> list[str]:
    """The fingerprints after opening and after each step, nothing failing."""
    desk = copy_for(stage, template, folder)
    if stage.makes:
        for step in stage.steps:
            step(desk)
        with open_collection(desk.path) as collection:
            return [fingerprint(collection)]
    with open_collection(desk.path) as collection:
        desk.open = collection
        states = [fingerprint(collection)]
        for step in stage.steps:
            step(desk)
            states.append(fingerprint(collection))
    return states
