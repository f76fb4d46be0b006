"""An archive is the collection to the last byte; nothing is cleared without one; afterwards nobody is in what is left."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import apsw
import pytest

from certclerk.collection import Collection, create_collection, lock_path, open_collection
from certclerk.core.custody import Custody
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedPage
from certclerk.core.scope import Scope
from certclerk.core.submission import LeftOut, plan
from certclerk.core.submission_json import as_json
from certclerk.core.submission_record import Step, SubmissionRecord, SubmittedFile, Terms, Tick, content_of
from certclerk.jobs import archiving, submissions
from certclerk.jobs.archiving import DOOMED, Plan
from certclerk.jobs.collections import change_password
from certclerk.jobs.listing import examined
from certclerk.jobs.submissions import submitted

from .conftest import CHEN, FILING, LIN, picture

DAY = date(2017, 3, 10)
WHOLE, RECORDS = Plan(keep_records=False, backups=False), Plan(keep_records=True, backups=False)
# What must not be found anywhere once people are cleared, as it stands in files.
PERSONAL = (
    *(
        text.encode()
        for each in (LIN, CHEN)
        for text in (each.name, each.id_number, each.certificates[0].number)
    ),
    *(text.encode() for text in (FILING.clerk, FILING.phone, "某甲")),
    *(picture(30)[:64], picture(30)[200:260]),
)


def look(_done: int, _total: int, _what: str) -> None:
    """A progress that nobody watches."""


@pytest.fixture(autouse=True)
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "用户"
    monkeypatch.setattr(archiving, "user_folder", lambda: folder)
    return folder


@pytest.fixture
def source(tmp_path: Path, quanzhou: Notice) -> Path:
    """Submitted, returned, submitted again and accepted; closed."""
    path = tmp_path / "学校" / "采集.certclerk"
    path.parent.mkdir()
    with create_collection(path, quanzhou, FILING) as made:
        with made.change("导入") as change:
            change.add_teachers([LIN, CHEN])
        first, second = made.roster().teachers
        for shade, teacher in enumerate((first, second)):
            sha256 = made.add_blob(picture(30 + shade), "image/jpeg", [(0, 64, picture(90))])
            page = ProposedPage(sha256, 0, "image/jpeg", 85, 120, 15.0, f"{teacher.name}.jpg")
            with made.change("放入页") as change:
                change.add_page(page, certificate_id=teacher.certificates[0].id, slot="cover")
        submit(made)
        submissions.tick(made, 1, Tick(Step.RETURNED, DAY, "某甲的封面不清"))
        submit(made)
        submissions.tick(made, 2, Tick(Step.ACCEPTED, DAY))
    return path


def submit(collection: Collection) -> None:
    roster = collection.roster()
    submission = plan(replace(roster, filing=roster.filing.on(DAY)), collection.notice, DAY)
    record = SubmissionRecord(
        moment=collection.moment(),
        day=DAY,
        folder="/home/某甲/泉州第一中学_2017-03-10",
        teachers=2,
        mails=1,
        terms=Terms("original", 30, False, False, {1: "某甲生病"}),
        files=(SubmittedFile("泉州第一中学.zip", 52_000, "0" * 64),),
        left_out=(LeftOut(1, 1, "某甲", Scope.HOLD, "某甲没有交"),),
        content=content_of(submission, None),
    )
    with collection.change("生成报送包") as change:
        change.record_submission(as_json(record))


def archived(source: Path) -> Path:
    target = source.parent.parent / "归档.certclerk"
    archiving.write_archive(source, target, look)
    return target


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_archive_of_an_open_collection_is_one_whole_private_file(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "归档.certclerk"
    with open_collection(source) as collection:
        with collection.change("改名") as change:
            change.update_teacher(1, name="林晓文")
        found = archiving.write_archive(source, target, look)
        expected = collection.roster()
    assert (found.teachers, found.certificates, found.pages) == (2, 2, 2)
    assert found.size == target.stat().st_size and target.stat().st_mode & 0o777 == 0o600
    with open_collection(target, read_only=True) as copy:
        assert copy.roster() == expected and copy.damaged_blobs() == frozenset()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["学校", "归档.certclerk"]


def test_an_archive_replaces_nothing(source: Path, tmp_path: Path) -> None:
    before = everything(tmp_path)
    with pytest.raises(UserError) as refused:
        archiving.write_archive(source, source, look)
    assert refused.value.code == "collection_exists" and everything(tmp_path) == before


@pytest.mark.parametrize("stage", ["写归档", "核对归档", "核对采集"])
def test_an_archive_that_is_stopped_leaves_nothing(source: Path, tmp_path: Path, stage: str) -> None:
    def stop(_done: int, _total: int, what: str) -> None:
        if what == stage:
            raise UserError("archive_cancelled")

    before = everything(tmp_path)
    with pytest.raises(UserError, match="已取消归档"):
        archiving.write_archive(source, tmp_path / "归档.certclerk", stop)
    assert everything(tmp_path) == before


def test_a_collection_with_a_damaged_picture_is_not_archived(source: Path, tmp_path: Path) -> None:
    alter(source, "UPDATE blob SET data = zeroblob(9) WHERE rowid = 1")
    with pytest.raises(UserError) as refused:
        archiving.write_archive(source, tmp_path / "归档.certclerk", look)
    assert refused.value.code == "archive_of_damaged" and not (tmp_path / "归档.certclerk").exists()


def test_the_whole_collection_is_overwritten_and_removed(source: Path) -> None:
    proof = archived(source)
    with source.open("rb") as held:
        size = source.stat().st_size
        cleared = archiving.clear(source, proof, WHOLE, look)
        assert held.read() == bytes(size)
    assert cleared == archiving.Cleared(kept=False, backups=0, left=())
    assert list(source.parent.iterdir()) == []
    with open_collection(proof, read_only=True) as copy:
        assert len(copy.roster().teachers) == 2


def test_what_stays_has_records_and_figures_and_nobody(source: Path) -> None:
    proof = archived(source)
    with open_collection(source, read_only=True) as full:
        days = [each.made_at for each in full.submissions()]
        identity = full.identity()
    with source.open("rb") as held:
        size = source.stat().st_size
        assert archiving.clear(source, proof, RECORDS, look).kept
        assert held.read() == bytes(size)
    assert [path.name for path in source.parent.iterdir()] == [source.name]
    assert source.stat().st_mode & 0o777 == 0o600
    data = source.read_bytes()
    assert [text for text in PERSONAL if text in data] == []
    assert [text for text in PERSONAL if text not in proof.read_bytes()] == []
    with open_collection(source) as kept:
        assert (kept.roster().teachers, kept.filing()) == ((), Filing("泉州第一中学", "", ""))
        assert kept.identity() not in ("", identity) and all(told.is_note for told in kept.examine())
        assert [each.made_at for each in kept.submissions()] == days
        last, first = (each.record for each in submitted(kept.submissions()))
        assert last.counts["高级中学"] == last.counts["初级中学"] == 1
        assert (last.day, last.teachers, last.files[0].sha256) == (DAY, 2, "0" * 64)
        assert last.folder == "泉州第一中学_2017-03-10" and first.left_out[0].scope is Scope.HOLD
        assert kept.submission_ticks() == {1: (Tick(Step.RETURNED, DAY),), 2: (Tick(Step.ACCEPTED, DAY),)}
        chain = submissions.chain_of(kept)
        assert chain is not None
        assert submissions.changes_since(chain, kept.roster(), kept.notice, ()) == ()


def test_a_password_protects_the_archive_and_what_stays(source: Path, tmp_path: Path) -> None:
    password = "口令 correct horse"
    change_password(source, "", password)
    proof = tmp_path / "归档.certclerk"
    archiving.write_archive(source, proof, look, password=password)
    for wrong in ("", "wrong"):
        with pytest.raises(UserError):
            archiving.clear(source, proof, RECORDS, look, password=wrong)
    assert archiving.clear(source, proof, RECORDS, look, password=password).left == ()
    for path, count in ((proof, 2), (source, 0)):
        assert b"SQLite" not in path.read_bytes()
        with open_collection(path, password=password) as opened:
            assert len(opened.roster().teachers) == count and len(opened.submissions()) == 2


def test_backups_go_when_they_are_to(source: Path, user_folder: Path) -> None:
    with open_collection(source, read_only=True) as full:
        own = user_folder / "backups" / full.identity() / "2017"
    other = user_folder / "backups" / "of another" / "tables"
    for file in (own / "tables", own / "blobs", other):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(LIN.name.encode())
    proof = archived(source)
    assert archiving.clear(source, proof, replace(RECORDS, backups=True), look).backups == 2
    assert [path.name for path in user_folder.rglob("*") if path.is_file()] == ["tables"]
    assert other.exists()


def test_backups_stay_where_nobody_asked(source: Path, user_folder: Path) -> None:
    assert archiving.backups_of(source) == ()
    with open_collection(source, read_only=True) as full:
        kept = user_folder / "backups" / full.identity() / "tables"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"1")
    assert archiving.backups_of(source) == (kept,)
    archiving.clear(source, archived(source), WHOLE, look)
    assert kept.exists()


def alter(path: Path, sql: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda _source, proof: proof.unlink(), "path_missing"),
        (lambda _source, proof: alter(proof, "UPDATE teacher SET note = 'x' WHERE id = 2"), "archive_unlike"),
        (lambda _source, proof: alter(proof, "DELETE FROM history WHERE id = 1"), "archive_unlike"),
        (lambda _source, proof: alter(proof, "UPDATE blob SET data = zeroblob(9)"), "archive_unlike"),
        (lambda source, _proof: alter(source, "UPDATE filing SET phone = '1'"), "archive_unlike"),
        (lambda _source, proof: proof.write_bytes(proof.read_bytes()[:-16_384]), "collection_damaged"),
        (lambda _source, proof: proof.write_bytes(b"x" * 40_000), "collection_not_one"),
        (lambda source, proof: (proof.unlink(), proof.hardlink_to(source)), "archive_unlike"),
    ],
)
def test_nothing_is_cleared_without_a_proof(
    source: Path, user_folder: Path, spoil: Callable[[Path, Path], object], code: str
) -> None:
    with open_collection(source, read_only=True) as full:
        backup = user_folder / "backups" / full.identity() / "tables"
    backup.parent.mkdir(parents=True)
    backup.write_bytes(b"1")
    proof = archived(source)
    spoil(source, proof)
    before = everything(source.parent)
    with pytest.raises(UserError) as refused:
        archiving.clear(source, proof, replace(WHOLE, backups=True), look)
    assert refused.value.code == code
    assert everything(source.parent) == before and backup.exists()


def test_nothing_is_cleared_while_somebody_has_it_open(source: Path) -> None:
    proof = archived(source)
    with open_collection(source), pytest.raises(UserError) as refused:
        archiving.clear(source, proof, WHOLE, look)
    assert refused.value.code == "collection_locked"
    reader = apsw.Connection(str(source))
    reader.execute("PRAGMA journal_mode = WAL")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM teacher").fetchall()
    with pytest.raises(UserError) as busy:
        archiving.clear(source, proof, WHOLE, look)
    assert busy.value.code == "collection_busy"
    reader.close()
    assert not lock_path(source).exists()
    archiving.clear(source, proof, WHOLE, look)


def test_a_collection_whose_records_cannot_be_kept_is_put_back(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise UserError("disk_full", path=source)

    proof, before = archived(source), source.read_bytes()
    monkeypatch.setattr(archiving, "new_collection", fail)
    with pytest.raises(UserError, match="磁盘空间不足"):
        archiving.clear(source, proof, RECORDS, look)
    assert everything(source.parent) == {str(source): before}


def test_what_a_killed_clearing_left_is_overwritten_next_time(source: Path) -> None:
    doomed = source.rename(source.with_name(source.name + DOOMED))
    with doomed.open("rb") as held:
        archiving.finish_clearing(source)
        assert held.read().strip(b"\0") == b""
    assert list(source.parent.iterdir()) == []
    archiving.finish_clearing(source)


def test_a_file_under_two_names_loses_only_the_one(source: Path) -> None:
    proof, before = archived(source), source.read_bytes()
    other = source.parent.parent / "另存.certclerk"
    os.link(source, other)
    archiving.clear(source, proof, WHOLE, look)
    assert other.read_bytes() == before and not source.exists()


def test_what_is_unfinished_is_said(collection: Collection) -> None:
    def standing() -> str:
        return "".join(archiving.standing(collection, *examined(collection, DAY)))

    assert "还没有报送过" in standing() and "2 本证书没有录入" in standing()
    submit(collection)
    said = standing()
    assert "没有勾“已收”" in said and "1 名教师报送时暂缓" in said and "已过期" not in said
    with collection.change("改名") as change:
        change.update_teacher(1, name="林晓文")
        change.set_custody(1, Custody("2017-03-01"))
    assert "已过期" in standing() and "1 本证书原件收了还没有归还" in standing()
    submissions.tick(collection, 1, Tick(Step.ACCEPTED, DAY))
    assert "已收" not in standing()
