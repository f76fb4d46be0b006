"""Whatever was done, undoing it brings every table back to the byte, and redoing it does it again."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.collection import Change, Collection, create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import (
    Filing,
    Finding,
    Page,
    ProposedCertificate,
    ProposedPage,
    ProposedTeacher,
    Refusal,
    Roster,
    Severity,
    Teacher,
)

TEXTS = ("", "张三", "359901198001010025", "高中", "2013.7", "=1+1", "𠮷", "'0123")
SLOTS = ("cover", "text", "remarks")
Step = Callable[[Change, Roster, random.Random], None]


def _add(change: Change, _roster: Roster, chance: random.Random) -> None:
    refusal = Refusal("number", "3.7E+17", "末位已丢失")
    held = ProposedCertificate("高中", chance.choice(TEXTS), "", refusals=(refusal,))
    new = ProposedTeacher(name=chance.choice(TEXTS), certificates=(held,) * chance.randrange(3))
    change.add_teachers([new] * chance.randrange(1, 4))


def _edit(change: Change, roster: Roster, chance: random.Random) -> None:
    field = chance.choice(("name", "sex", "id_number", "note"))
    change.update_teacher(_teacher(roster, chance).id, **{field: chance.choice(TEXTS)})


def _decide(change: Change, roster: Roster, chance: random.Random) -> None:
    change.update_teacher(_teacher(roster, chance).id, choice="out", choice_reason="退休")


def _edit_certificate(change: Change, roster: Roster, chance: random.Random) -> None:
    for held in _teacher(roster, chance).certificates[:1]:
        field = chance.choice(("kind", "subject", "number", "issued"))
        change.update_certificate(held.id, **{field: chance.choice(TEXTS)})


def _remove(change: Change, roster: Roster, chance: random.Random) -> None:
    change.remove_teachers([_teacher(roster, chance).id])


def _certificate(change: Change, roster: Roster, chance: random.Random) -> None:
    teacher = _teacher(roster, chance)
    if len(teacher.certificates) > 1:
        change.remove_certificate(teacher.certificates[0].id)
    else:
        change.add_certificate(teacher.id, ProposedCertificate("高中"))


def _reorder(change: Change, roster: Roster, chance: random.Random) -> None:
    ids = [teacher.id for teacher in roster.teachers]
    change.reorder(chance.sample(ids, len(ids)))


def _confirm(change: Change, roster: Roster, chance: random.Random) -> None:
    teacher = _teacher(roster, chance)
    finding = Finding("name_latin", Severity.WARNING, "", teacher_id=teacher.id, field="name", value="x")
    change.confirm(finding, "护照如此", in_note=chance.random() < 0.5)


def _sign(change: Change, roster: Roster, chance: random.Random) -> None:
    change.sign(_teacher(roster, chance).id, date(2017, 3, 1), "digest")


def _absent(change: Change, roster: Roster, chance: random.Random) -> None:
    for held in _teacher(roster, chance).certificates:
        change.set_absent(held.id, "remarks", chance.choice(("确无此页", "旧式证书")))


def _place(change: Change, roster: Roster, chance: random.Random) -> None:
    holders = [held for teacher in roster.teachers for held in teacher.certificates]
    pages = _pages(roster)
    if holders and pages:
        change.place_page(
            chance.choice(pages).id, chance.choice(holders).id, chance.choice(SLOTS), chance.choice((None, 0))
        )


def _put_away(change: Change, roster: Roster, chance: random.Random) -> None:
    for page in _pages(roster)[:1]:
        chance.choice((change.trash_page, change.send_to_tray))(page.id, "放错")


def _rotate(change: Change, roster: Roster, chance: random.Random) -> None:
    for page in _pages(roster)[:1]:
        change.rotate_page(page.id, chance.choice((90, 180)))


def _refile(change: Change, _roster: Roster, chance: random.Random) -> None:
    change.set_filing(Filing(chance.choice(TEXTS), chance.choice(TEXTS)))


STEPS: tuple[Step, ...] = (
    _add,
    _edit,
    _decide,
    _edit_certificate,
    _remove,
    _certificate,
    _reorder,
    _confirm,
    _sign,
    _absent,
    _place,
    _put_away,
    _rotate,
    _refile,
)


def _teacher(roster: Roster, chance: random.Random) -> Teacher:
    return chance.choice(roster.teachers)


def _pages(roster: Roster) -> list[Page]:
    return [*roster.tray, *(page for teacher in roster.teachers for page in teacher.pages())]


def tables(path: Path) -> dict[str, list[str]]:
    """Every row of every table but the history and what is not undone, quoted as SQL with its rowid."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        names = [
            str(row[0])
            for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        ]
        found = {}
        for name in names:
            columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({name})")]
            quoted = " || ',' || ".join(f"quote({column})" for column in columns)
            found[name] = [
                str(row[0]) for row in connection.execute(f"SELECT {quoted} FROM {name} ORDER BY 1")
            ]
        return {name: rows for name, rows in found.items() if name not in ("history", "sqlite_sequence")}
    finally:
        connection.close()


def _act(collection: Collection, step: Step, chance: random.Random) -> None:
    roster = collection.roster()
    if roster.teachers or step in (_add, _refile):
        with collection.change(step.__name__) as change:
            step(change, roster, chance)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=25), st.integers(0, 2**32))
def test_undo_brings_every_table_back_and_redo_does_it_again(
    quanzhou: Notice, steps: list[Step], seed: int
) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "c.certclerk"
        with create_collection(path, quanzhou, Filing("某校")) as collection:
            page = ProposedPage(collection.add_blob(b"1", "image/jpeg"), 0, "image/jpeg", 9, 9, None, "a.jpg")
            with collection.change("开始") as change:
                change.add_teachers([ProposedTeacher("张三", certificates=(ProposedCertificate(),))] * 2)
                change.add_page(page)
                change.add_page(page)
            states = {collection.moment(): tables(path)}
            for step in steps:
                _act(collection, step, chance)
                states[collection.moment()] = tables(path)
            last = collection.moment()
            for _ in range(len(states) - 1):
                collection.undo()
                assert tables(path) == states[collection.moment()]
            assert collection.undo_label == "开始"
            while collection.redo():
                assert tables(path) == states[collection.moment()]
            assert collection.moment() == last
            assert all(found.is_note for found in collection.examine())
