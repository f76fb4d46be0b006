"""A folder whose manifest was rewritten to fit: only the collection tells."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.jobs.package import Options, package, record
from certclerk.jobs.verify import lines, verify
from certclerk.output.manifest import Manifest, manifest_bytes, read_manifest
from certclerk.output.verify import verify_folder

from .test_package import ready

DAY = date(2025, 3, 1)
__all__ = ["ready"]

Made = tuple[Collection, Path]


@pytest.fixture
def made(ready: Collection, tmp_path: Path) -> Made:
    result = package(ready, tmp_path / "out", Options(DAY))
    record(ready, result)
    return ready, result.written.folder


def told(made: Made) -> list[str]:
    return [problem.message for problem in verify(made[1], collection=made[0]).problems]


def forged(folder: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> None:
    """The documents of the ZIP changed, and the manifest written anew so that all of it fits."""
    (file,) = folder.glob("*.zip")
    with zipfile.ZipFile(file) as archive:
        entries = change({name: archive.read(name) for name in archive.namelist()})
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    reseal(folder, {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in entries.items()})
    assert verify_folder(folder).ok


def reseal(folder: Path, entries: dict[str, tuple[int, str]]) -> None:
    path = folder / "校验清单.json"
    manifest = read_manifest(path.read_bytes())
    assert isinstance(manifest, Manifest)
    files = []
    for file in manifest.files:
        data = (folder / file.name).read_bytes()
        files.append(replace(file, size=len(data), sha256=hashlib.sha256(data).hexdigest()))
    documents = [
        replace(each, size=entries[each.entry][0], sha256=entries[each.entry][1]) if entries else each
        for each in manifest.documents
    ]
    path.write_bytes(manifest_bytes(replace(manifest, files=tuple(files), documents=tuple(documents))))


def test_what_was_made_is_recognised(made: Made) -> None:
    report = verify(made[1], collection=made[0])
    assert report.ok
    assert "报送记录" in report.notes[0]


def test_documents_swapped_between_two_teachers_are_named(made: Made) -> None:
    forged(made[1], lambda entries: dict(zip(entries, reversed(list(entries.values())), strict=True)))
    messages = told(made)
    assert "可能" in messages[0]
    assert messages[1].startswith("林晓雯 的文档与采集不一致：第1页是陈明的第1页，")
    assert any(message.startswith("陈明 的文档与采集不一致：第1页是林晓雯的") for message in messages)


def test_a_cell_that_was_edited_is_named(made: Made) -> None:
    (file,) = made[1].glob("附件1*.xlsx")
    book = load_workbook(file)
    cell = next(cell for row in book.active for cell in row if cell.value == "李娜")
    cell.value = "李那"
    book.save(file)
    reseal(made[1], {})
    assert any("（李娜）的“姓名”是“李那”，应为“李娜”" in message for message in told(made))


def test_what_changed_in_the_collection_since_is_told(made: Made) -> None:
    with made[0].change("改姓名") as change:
        change.update_teacher(made[0].roster().teachers[0].id, name="王方")
    report = verify(made[1], collection=made[0])
    assert any("生成以后采集里有改动" in each.message and "王方" in each.message for each in report.problems)
    assert report.outdated
    assert list(lines(report))[-1].startswith("与生成时一致；采集之后有改动")


def test_what_is_damaged_as_well_is_not_merely_outdated(made: Made) -> None:
    with made[0].change("改姓名") as change:
        change.update_teacher(made[0].roster().teachers[0].id, name="王方")
    next(made[1].glob("附件1*.pdf")).unlink()
    report = verify(made[1], collection=made[0])
    assert not report.outdated
    assert list(lines(report))[-1].startswith("校验没有通过")


def test_a_folder_without_a_record_is_held_against_the_records_of_now(
    ready: Collection, tmp_path: Path
) -> None:
    folder = package(ready, tmp_path / "out", Options(DAY)).written.folder
    report = verify(folder, collection=ready)
    assert (report.ok, "没有这份报送包的记录" in report.notes[0]) == (True, True)


def test_a_single_file_needs_its_folder_or_the_collection(made: Made) -> None:
    (file,) = made[1].glob("*.zip")
    with pytest.raises(UserError) as caught:
        verify(file)
    assert caught.value.code == "only_a_part"
    assert verify(file, collection=made[0]).ok
    file.write_bytes(file.read_bytes()[:-1])
    assert [each.code for each in verify(file, collection=made[0]).problems] == ["file_not_recorded"]
