"""Hundreds of invented teachers in a workbook, with everything that goes wrong in schools put at known places.

Each hazard is flagged as the table of findings says, no clean cell is, and no value is changed unseen.
``pytest --long tests/journeys/test_hazards.py`` does it with 10,000.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet

from certclerk.collection import Collection, create_collection
from certclerk.core.fields import CERTIFICATE_FIELDS, FIELDS, title
from certclerk.core.identity import check_character
from certclerk.core.notice import Notice
from certclerk.core.progress import MISSING_PAGE
from certclerk.core.records import Certificate, Filing, Teacher
from certclerk.core.rules import check
from certclerk.core.scope import Scope, teacher_scope
from certclerk.jobs.import_roster import add_proposal, best_reading, read
from certclerk.roster import Proposal, Status

TODAY = date(2017, 3, 1)
KINDS = {"初级中学": "3", "高级中学": "4"}
Cells = dict[str, object]


@dataclass
class Row:
    """A teacher's line: ``cells`` to be written, ``findings`` (code, field) and ``values`` to be found."""

    cells: Cells
    hazard: str = ""
    findings: set[tuple[str, str]] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    below: list[Cells] = field(default_factory=list)
    scope: Scope = Scope.IN

    def expect(self, code: str, at: str) -> None:
        self.findings.add((code, at))

    def put(self, at: str, cell: object, value: str | None = None) -> None:
        """Writes ``cell``, which is to arrive as ``value``; as it is where None."""
        self.cells[at] = cell
        self.values[at] = str(cell) if value is None else value


def clean(index: int) -> Row:
    """A teacher with whom nothing is wrong and nothing shared."""
    male = index % 2
    born = date(1962, 1, 1) + timedelta(days=index % 12_000)
    first_17 = f"359901{born:%Y%m%d}{(index // 12_000) * 2 + male:03}"
    issued = date(2009, 1, 1) + timedelta(days=index * 7 % 2900)
    kind = ("初级中学", "高级中学")[index // 2 % 2]
    cells: Cells = {
        "serial": index,
        "name": "林陈黄郑吴许蔡王"[index % 8]
        + chr(0x5E00 + index // 8 % 1250)
        + chr(0x660E + index // 10_000),
        "sex": "男" if male else "女",
        "id_number": first_17 + check_character(first_17),
        "kind": kind,
        "subject": "语文",
        "number": f"{issued.year}35990{KINDS[kind]}{'1' if male else '2'}{index:06}",
        "authority": "泉州市教育局",
        "issued": issued.isoformat(),
        "note": "",
    }
    return Row(cells, values={key: str(value) for key, value in cells.items() if key != "serial"})


def with_id(row: Row, first_17: str) -> None:
    row.put("id_number", first_17 + check_character(first_17))


Hazard = Callable[[Row, random.Random], None]


def refused(at: str) -> Hazard:
    """The number is typed as one, and the spreadsheet program keeps 15 digits of it."""

    def put(row: Row, _chance: random.Random) -> None:
        digits = str(row.cells[at])[:17]
        row.put(at, int(digits[:15]) * 10 ** (len(str(row.cells[at])) - 15), "")
        row.expect("cell_refused", at)

    return put


def blank(at: str, code: str, scope: Scope = Scope.IN) -> Hazard:
    def put(row: Row, _chance: random.Random) -> None:
        row.put(at, "")
        row.expect(code, at)
        row.scope = scope

    return put


def wrong(at: str, cell: object, *codes: str, value: str | None = None) -> Hazard:
    def put(row: Row, _chance: random.Random) -> None:
        row.put(at, cell, value)
        for code in codes:
            row.expect(code, at)

    return put


def cut(at: str, length: int, code: str) -> Hazard:
    def put(row: Row, _chance: random.Random) -> None:
        row.put(at, str(row.cells[at])[:length])
        row.expect(code, at)

    return put


def respelt(at: str, spell: Callable[[str], str]) -> Hazard:
    """Written otherwise, meant the same: nothing is found, and the preview shows what it became."""

    def put(row: Row, _chance: random.Random) -> None:
        row.cells[at] = spell(str(row.cells[at]))

    return put


def named(name: str, value: str, *codes: str) -> Hazard:
    """``*`` stands for the row's own name, so that nobody shares it."""

    def put(row: Row, _chance: random.Random) -> None:
        own = str(row.cells["name"])
        row.put("name", name.replace("*", own), value.replace("*", own))
        for code in codes:
            row.expect(code, "name")

    return put


def month_only(row: Row, _chance: random.Random) -> None:
    day = str(row.cells["issued"])
    row.put("issued", f"{day[:4]}.{int(day[5:7]) % 9 + 1}")
    row.values["issued"] = f"{day[:4]}-{int(day[5:7]) % 9 + 1:02}"
    row.expect("issued_month", "issued")


def as_serial_day(row: Row, _chance: random.Random) -> None:
    row.cells["issued"] = (date.fromisoformat(str(row.cells["issued"])) - date(1899, 12, 30)).days


def as_date_cell(row: Row, _chance: random.Random) -> None:
    row.cells["issued"] = datetime.fromisoformat(str(row.cells["issued"]))


def id_check_digit(row: Row, _chance: random.Random) -> None:
    number = str(row.cells["id_number"])
    row.put("id_number", number[:17] + ("1" if number[17] != "1" else "2"))
    row.expect("id_check_digit", "id_number")


def id_birth_date(row: Row, _chance: random.Random) -> None:
    number = str(row.cells["id_number"])
    with_id(row, f"{number[:10]}{int(number[10:12]) + 20}{number[12:17]}")
    row.expect("id_birth_date", "id_number")


def id_legacy(row: Row, _chance: random.Random) -> None:
    number = str(row.cells["id_number"])
    row.put("id_number", number[:6] + number[8:17])
    row.expect("id_legacy", "id_number")


def other_sex(row: Row, _chance: random.Random) -> None:
    row.put("sex", "女" if row.cells["sex"] == "男" else "男")
    row.expect("sex_against_id", "sex")
    row.expect("sex_against_number", "number")


def number_part(start: int, digits: str, code: str) -> Hazard:
    def put(row: Row, _chance: random.Random) -> None:
        number = str(row.cells["number"])
        row.put("number", number[:start] + digits + number[start + len(digits) :])
        row.expect(code, "number")

    return put


def number_year(row: Row, _chance: random.Random) -> None:
    number, day = str(row.cells["number"]), str(row.cells["issued"])
    row.put("issued", f"2012{day[4:7]}-01")
    row.put("number", f"2013{number[4:]}")
    row.expect("number_year", "number")


def reissue(row: Row, _chance: random.Random) -> None:
    row.put("number", f"2007{str(row.cells['number'])[4:]}")
    row.expect("reissue", "number")
    row.scope = Scope.ASK


def before_the_cutoff(row: Row, _chance: random.Random) -> None:
    row.put("issued", "2005-07-01")
    row.put("number", f"2005{str(row.cells['number'])[4:]}")
    row.scope = Scope.OUT


def other_authority(row: Row, _chance: random.Random) -> None:
    row.put("authority", "福州市教育局")
    row.scope = Scope.OUT


def not_collected(row: Row, _chance: random.Random) -> None:
    row.put("kind", "高等学校")
    row.scope = Scope.OUT


def second_certificate(row: Row, _chance: random.Random) -> None:
    """On a row of its own, below, with name and number left blank."""
    other = "初级中学" if row.cells["kind"] == "高级中学" else "高级中学"
    number = str(row.cells["number"])
    row.below.append(
        {
            "kind": other,
            "subject": "数学",
            "number": f"{number[:9]}{KINDS[other]}{number[10]}9{number[12:]}",
            "authority": "泉州市教育局",
            "issued": row.cells["issued"],
        }
    )


def same_kind_twice(row: Row, chance: random.Random) -> None:
    second_certificate(row, chance)
    below = row.below[0]
    below["kind"] = row.cells["kind"]
    number = str(below["number"])
    below["number"] = f"{number[:9]}{KINDS[str(row.cells['kind'])]}{number[10:]}"
    row.expect("same_kind_twice", "kind")


def formula_like(row: Row, _chance: random.Random) -> None:
    row.put("note", "=1+1")


FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789X"}
DATE_FORMS = ("{0}年{1}月{2}日", "{0}.{1}.{2}", "{0}/{1}/{2}", "{0}{1:02}{2:02}", "{0}-{1}-{2}")


def dated(form: str) -> Hazard:
    return respelt("issued", lambda day: form.format(*map(int, day.split("-"))))


HAZARDS: dict[str, Hazard] = {
    "clean": lambda _row, _chance: None,
    "id lost its last digits": refused("id_number"),
    "number lost its last digits": refused("number"),
    "no name": blank("name", "name_missing"),
    "no sex": blank("sex", "sex_missing"),
    "sex not understood": wrong("sex", "未知", "sex_missing"),
    "no id": blank("id_number", "id_missing"),
    "id of 17": cut("id_number", 17, "id_malformed"),
    "id check digit": id_check_digit,
    "id birth date": id_birth_date,
    "id of 15": id_legacy,
    "no kind": blank("kind", "kind_missing"),
    "kind unknown": wrong("kind", "特级中学", "kind_unknown"),
    "no number": blank("number", "number_missing"),
    "number of 16": cut("number", 16, "number_malformed"),
    "no subject": blank("subject", "subject_missing"),
    "no authority": blank("authority", "authority_missing", Scope.ASK),
    "no issue date": blank("issued", "issued_missing", Scope.ASK),
    "issue date unreadable": wrong("issued", "去年夏天", "issued_unreadable"),
    "month only": month_only,
    "other sex": other_sex,
    "number's year": number_year,
    "number's province": number_part(4, "44", "number_province"),
    "number's authority": number_part(6, "123", "number_authority"),
    "number's kind": number_part(9, "1", "number_kind"),
    "reissue": reissue,
    "before the cut-off": before_the_cutoff,
    "other authority": other_authority,
    "kind not collected": not_collected,
    "second certificate": second_certificate,
    "same kind twice": same_kind_twice,
    "digit in the name": named("*2", "*2", "name_malformed"),
    "bracket in the name": named("*（借调）", "*(借调)", "name_malformed"),
    "private use in the name": named("*\ue001", "*\ue001", "name_malformed"),
    "letters in the name": named("*Lily", "*Lily", "name_latin"),
    "rare in the name": named("*䶮", "*䶮", "name_rare"),
    "beyond the BMP in the name": named("*𠮷", "*𠮷", "name_rare"),
    "dot in the name": named("阿依古丽•*", "阿依古丽·*"),
    "katakana dot in the name": named("古丽・*", "古丽·*"),
    "full stop in the name": named("买买提.*", "买买提·*"),
    "space in the name": respelt("name", " ".join),
    "wide space in the name": respelt("name", "\u3000".join),
    "no-break space in the name": respelt("name", "\u00a0".join),
    "full-width id": respelt("id_number", lambda number: number.translate(FULL_WIDTH)),
    "small x": respelt("id_number", str.lower),
    "spaces in the id": respelt("id_number", lambda number: f"{number[:6]} {number[6:14]} {number[14:]}"),
    "apostrophe before the number": respelt("number", "'{}".format),
    "kind by another word": respelt("kind", lambda kind: {"初级中学": "初中", "高级中学": "高中"}[kind]),
    "kind in full": respelt("kind", "{}教师资格".format),
    "date as a day count": as_serial_day,
    "date as a date": as_date_cell,
    "formula-like note": formula_like,
    **{f"date as {form}": dated(form) for form in DATE_FORMS},
}
# What takes two: both get the same value in the field, and both are told.
SHARED = {"id_number": "id_duplicate", "number": "number_duplicate", "name": "name_same"}


def rows(count: int, chance: random.Random) -> list[Row]:
    """Every hazard in turn, each on teachers it does not share; then pairs who share; clean ones between."""
    made = []
    names = list(HAZARDS)
    for index in range(1, count + 1):
        row = clean(index)
        row.hazard = names[index // 2 % len(names)] if index % 2 else "clean"
        HAZARDS[row.hazard](row, chance)
        made.append(row)
    for at, code in SHARED.items():
        # Of one sex, one kind and one year, so that nothing but the shared value is amiss.
        one, other = clean(count + 4), clean(count + 8)
        for row in (one, other):
            row.put("issued", "2013-07-01")
            row.put("kind", "高级中学")
            row.put("number", f"20133599042{count:05}{4 if row is one else 8}")
            row.cells["serial"] = len(made) + 1
            row.hazard = f"shared {at}"
            row.expect(code, at)
            made.append(row)
        other.put(at, one.cells[at])
        count += 100
    return made


TITLES = {each.id: each.title for each in FIELDS} | {"id_number": "公民身份号码", "issued": "发证日期"}


def as_text(sheet: Worksheet, content: object) -> object:
    """What openpyxl would take for a formula stays text."""
    if not isinstance(content, str) or not content:
        return content or None
    cell = WriteOnlyCell(sheet, content)
    cell.data_type = "s"
    return cell


def write(made: list[Row], path: Path) -> None:
    """A title over merged cells, a remark, the head; blank rows, a total and a note as schools leave them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["某某学校教师资格证书登记表"])
    sheet.merge_cells("A1:J1")
    sheet.append([])
    sheet.append([TITLES[each.id] for each in FIELDS])
    for place, row in enumerate(made):
        for cells in (row.cells, *row.below):
            sheet.append([as_text(sheet, cells.get(each.id)) for each in FIELDS])
        if place % 50 == 49:
            sheet.append([])
    sheet.append(["合计", len(made)])
    sheet.append(["注：以上信息由本人填写"])
    book.save(path)


@pytest.fixture
def hazards(request: pytest.FixtureRequest) -> list[Row]:
    count = 10_000 if request.config.getoption("--long") else 4 * len(HAZARDS)
    return rows(count, random.Random(5))


@pytest.fixture
def imported(
    hazards: list[Row], tmp_path: Path, quanzhou: Notice
) -> Iterator[tuple[Collection, Proposal, list[Row]]]:
    path = tmp_path / "名册.xlsx"
    write(hazards, path)
    proposal = best_reading(read(path), quanzhou).proposal
    with create_collection(tmp_path / "c.certclerk", quanzhou, Filing("泉州第一中学", "陈敏", "1")) as made:
        add_proposal(made, proposal)
        yield made, proposal, hazards


def values(teacher: Teacher, certificate: Certificate) -> dict[str, str]:
    return {
        each.id: getattr(certificate if each.id in CERTIFICATE_FIELDS else teacher, each.id)
        for each in FIELDS
        if each.id != "serial"
    }


def test_every_hazard_is_flagged_and_nothing_else(
    imported: tuple[Collection, Proposal, list[Row]], quanzhou: Notice
) -> None:
    collection, proposal, made = imported
    assert proposal.read == len(proposal.accepted) + len(proposal.refused) + len(proposal.skipped)
    assert not proposal.refused
    roster = collection.roster()
    assert [teacher.serial for teacher in roster.teachers] == [row.cells["serial"] for row in made]
    found: dict[int, set[tuple[str, str]]] = {teacher.id: set() for teacher in roster.teachers}
    for finding in check(roster, quanzhou, TODAY):
        assert finding.teacher_id is not None
        if finding.code != MISSING_PAGE:
            found[finding.teacher_id].add((finding.code, finding.field))
    for teacher, row in zip(roster.teachers, made, strict=True):
        assert found[teacher.id] == row.findings, (row.hazard, row.cells)
        assert teacher_scope(teacher, quanzhou).scope is row.scope, (row.hazard, row.cells)
        assert len(teacher.certificates) == 1 + len(row.below), row.hazard
        got = values(teacher, teacher.certificates[0])
        assert got == row.values, row.hazard


def test_no_value_is_changed_that_the_preview_does_not_show(
    imported: tuple[Collection, Proposal, list[Row]],
) -> None:
    collection, proposal, _ = imported
    assert all(
        value.problem is not None
        for row in proposal.rows
        if row.status is Status.ACCEPTED
        for value in row.values
        if value.understood != value.read
    )
    proposed = [
        {each: getattr(held, each) for each in CERTIFICATE_FIELDS}
        for teacher in proposal.teachers
        for held in teacher.certificates
    ]
    kept = [
        {each: getattr(held, each) for each in CERTIFICATE_FIELDS}
        for teacher in collection.roster().teachers
        for held in teacher.certificates
    ]
    assert kept == proposed


def test_every_field_has_a_hazard() -> None:
    touched = {
        title(at)
        for at, _ in ((at, code) for row in rows(400, random.Random(5)) for code, at in row.findings)
    }
    assert touched >= {title(each) for each in ("name", "sex", "id_number", *CERTIFICATE_FIELDS)}
