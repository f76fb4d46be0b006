"""Files that were cut short: refused in words, or read as what the whole one holds; never half of it for the whole.

Text without an end of its own (CSV, what was pasted) is not among them: nobody can tell that it was longer.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from certclerk.capture.scanners.escl.documents import description, status
from certclerk.collection import open_collection
from certclerk.core.backup import Reason
from certclerk.core.key_ticks import read_ticks
from certclerk.core.notice import parse_notice
from certclerk.core.page_forms import BMP, GIF, JPEG, PDF, PNG, TIFF, WEBP
from certclerk.imaging import examine, render
from certclerk.imaging.faults import naming
from certclerk.imaging.frames import LIMITS
from certclerk.imaging.heic import heic_rendition, is_heic_readable
from certclerk.imaging.isolated import Request
from certclerk.imaging.jpeg_2000 import jpeg_2000_rendition
from certclerk.imaging.pdf_drawing import pdf_renditions
from certclerk.jobs import backup
from certclerk.jobs.package import Options, holding_incomplete, package, survey
from certclerk.jobs.sample import make_sample
from certclerk.jobs.verify import verify
from certclerk.output.manifest import read_manifest
from certclerk.output.pictures import page_pictures
from certclerk.output.reading import Wanted, read_entries
from certclerk.roster import best_sheet, detect, parse_workbook, propose

from . import tally
from .fuzz import seeds
from .fuzz.targets import DAY, REFUSALS

SHORT, LONG = 3, 60
ROW, MISSED = "truncated inputs", "taken for whole"
# What a reader says in place of a value, where it does not raise.
REFUSED = None


@dataclass(frozen=True)
class Form:
    """``read`` gives what the bytes hold, :data:`REFUSED`, or raises a refusal."""

    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes], Any]


def pages(media_type: str, data: bytes) -> Any:
    return [
        (frame, render(data, media_type, number, 0, 400)) for number, frame in enumerate(examine(data, "页"))
    ]


def drawn(data: bytes) -> Any:
    with naming("页"):
        return [
            rendition.data for rendition in pdf_renditions(data, Request("页", PDF, LIMITS.max_pixels, 20))
        ]


def rendition(read: Callable[..., Any], data: bytes) -> Any:
    with naming("页"):
        return read(data, LIMITS)


def table(name: str, data: bytes) -> Any:
    workbook = parse_workbook(data, name)
    sheet = workbook.sheets[best_sheet(workbook, seeds.notice())]
    return propose(sheet, detect(sheet, seeds.notice()), seeds.notice())


def notice(data: bytes) -> Any:
    return replace(parse_notice(data.decode("utf-8", "replace"), "通知.toml"), source="")


def archive(data: bytes) -> Any:
    with seeds.scratch() as folder:
        (folder / "一中.zip").write_bytes(data)
        return read_entries(folder / "一中.zip", Wanted(1_000_000, {}))


def collection(data: bytes) -> Any:
    with seeds.scratch() as folder:
        path = folder / "示例.certclerk"
        path.write_bytes(data)
        with open_collection(path, read_only=True) as opened:
            sizes = opened.blob_sizes()
            held = opened.roster(), opened.trash(), [opened.blob(sha256) for sha256 in sizes]
            return held if all(told.is_note for told in opened.examine()) else REFUSED


FORMS: dict[str, Form] = {
    "jpeg": Form(seeds.jpegs, partial(pages, JPEG)),
    "png": Form(seeds.pngs, partial(pages, PNG)),
    "tiff": Form(seeds.tiffs, partial(pages, TIFF)),
    "bmp": Form(partial(seeds.plains, "BMP"), partial(pages, BMP)),
    "gif": Form(partial(seeds.plains, "GIF"), partial(pages, GIF)),
    "webp": Form(partial(seeds.plains, "WEBP"), partial(pages, WEBP)),
    "pdf": Form(seeds.pdfs, partial(pages, PDF)),
    "pdf drawn": Form(seeds.drawn_pdfs, drawn),
    "jpeg 2000": Form(seeds.jpegs_2000, partial(rendition, jpeg_2000_rendition)),
    "xlsx": Form(partial(seeds.workbook, "xlsx"), partial(table, "名册.xlsx")),
    "ods": Form(partial(seeds.workbook, "ods"), partial(table, "名册.ods")),
    "xls": Form(partial(seeds.workbook, "xls"), partial(table, "名册.xls")),
    "notice": Form(seeds.profiles, notice),
    "ticks": Form(seeds.ticks, lambda data: read_ticks(data, "录入进度.json", seeds.IDENTITY)),
    "scanner's capabilities": Form(lambda: [seeds.CAPABILITIES.encode()], description),
    "scanner's status": Form(lambda: [seeds.STATUS.encode()], status),
    "a submission's document": Form(lambda: [seeds.document()], page_pictures),
    "a submission's archive": Form(lambda: [seeds.archive()], archive),
    "a submission's manifest": Form(seeds.manifests, read_manifest),
    "collection": Form(seeds.collections, collection),
}
if is_heic_readable():
    FORMS["heic"] = Form(seeds.heics, partial(rendition, heic_rendition))


def cuts(size: int, wanted: int, chance: random.Random) -> list[int]:
    """Bytes that are left: half of the cuts anywhere, half where the last few bytes are missing."""
    anywhere = [chance.randrange(size) for _ in range(wanted // 2)]
    return [*anywhere, *(size - 1 - number for number in range(wanted - len(anywhere)))]


@pytest.mark.parametrize("name", FORMS)
def test_what_was_cut_short_is_not_taken_for_the_whole(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    form, chance = FORMS[name], random.Random(name)
    wanted = LONG if pytestconfig.getoption("--long") else SHORT
    for number, sound in enumerate(form.seeds()):
        whole = form.read(sound)
        assert whole is not REFUSED
        for size in cuts(len(sound), -(-wanted // len(form.seeds())), chance):
            with tally.trial(ROW, MISSED):
                try:
                    read = form.read(sound[:size])
                except REFUSALS as refusal:
                    read = REFUSED
                    assert str(refusal)
                assert read is REFUSED or read == whole, f"{name} {number}: {size} of {len(sound)} bytes"
                assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    make_sample(folder, teachers=2)
    (path,) = folder.glob("*.certclerk")
    return path


def test_a_submission_with_a_file_cut_short_fails(
    sample: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    with open_collection(sample) as opened:
        held = holding_incomplete(survey(opened, DAY))
        folder = package(opened, tmp_path, Options(DAY, held=held)).written.folder
    assert verify(folder).ok
    chance = random.Random(1)
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        for size in cuts(len(data), LONG // 6 if pytestconfig.getoption("--long") else 2, chance):
            path.write_bytes(data[:size])
            with tally.trial(ROW, MISSED):
                assert not verify(folder).ok, f"{path.name}: {size} of {len(data)} bytes"
        path.write_bytes(data)
    assert verify(folder).ok


def test_a_backup_cut_short_restores_nothing_wrong(
    sample: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Its tables, or one of its packs of pages."""
    with open_collection(sample) as opened:
        source = backup.source_of(opened)
    (tmp_path / "数据").mkdir()
    (outcome,) = backup.back_up(source, tmp_path / "数据", Reason.ASKED)
    assert outcome.made is not None and outcome.made.backup is not None
    made = outcome.made.backup.path
    chance = random.Random(2)
    files = [path for path in made.parent.iterdir() if path.suffix in (".certbackup", ".certpages")]
    assert len(files) > 1
    for path in files:
        data = path.read_bytes()
        for size in cuts(len(data), LONG // 2 if pytestconfig.getoption("--long") else 2, chance):
            path.write_bytes(data[:size])
            target = tmp_path / "恢复.certclerk"
            with tally.trial(ROW, MISSED):
                try:
                    backup.restore_backup(backup.chosen_backup(made), target)
                except REFUSALS:
                    assert not target.exists()
                else:
                    pytest.fail(f"{path.name}: {size} of {len(data)} bytes")
        path.write_bytes(data)
    shutil.rmtree(tmp_path / "数据")
