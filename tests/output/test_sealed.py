"""Scans of sealed annexes put into a submission that stands."""

from __future__ import annotations

import email
from email import policy
from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.output import sealed
from certclerk.output.sealed import add_sealed_copies
from certclerk.output.verify import verify_folder

from .conftest import Maker

PATTERN = "{annex}（盖章）"
STEM = "附件1_泉州第一中学_采集名册"
NAME = f"{STEM}（盖章）.pdf"


@pytest.fixture
def folder(maker: Maker) -> Path:
    return maker.write(maker.plan()).folder


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "扫描 0001.PDF"
    path.write_bytes(b"%PDF-1.4 sealed" * 9999)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def mail(folder: Path) -> email.message.EmailMessage:
    draft = sorted(folder.glob("*.eml"))[0]
    return email.message_from_bytes(draft.read_bytes(), policy=policy.default)  # type: ignore[return-value]


def test_it_lies_beside_the_annexes_and_in_the_mail(folder: Path, scan: Path) -> None:
    before, old = contents(folder), mail(folder)
    made = add_sealed_copies(folder, {STEM: [scan]}, PATTERN)
    assert made.added == (NAME,)
    assert (folder / NAME).read_bytes() == scan.read_bytes()
    report = verify_folder(folder)
    assert report.ok and report.documents == 4
    now = mail(folder)
    assert (now["To"], now["Subject"], now["X-Unsent"]) == (old["To"], old["Subject"], "1")
    names = [part.get_filename() for part in now.iter_attachments()]
    assert names == [*(part.get_filename() for part in old.iter_attachments()), NAME]
    assert list(now.iter_attachments())[-1].get_content() == scan.read_bytes()
    listed = [line for line in now.get_body().get_content().splitlines() if NAME in line]
    assert listed[0].startswith(f"6. {NAME}（") and len(listed) == 1
    unchanged = {name: data for name, data in before.items() if name.endswith((".zip", ".xlsx", ".pdf"))}
    assert unchanged.items() <= contents(folder).items()
    assert made.draft is not None
    assert made.draft.size == next(folder.glob("*.eml")).stat().st_size
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_better_scan_takes_the_place_of_the_first(folder: Path, scan: Path) -> None:
    add_sealed_copies(folder, {STEM: [scan]}, PATTERN)
    pages = [scan.with_name(f"{page}.jpg") for page in range(2)]
    for page in pages:
        page.write_bytes(b"\xff\xd8\xff" + page.name.encode())
    made = add_sealed_copies(folder, {STEM: pages}, PATTERN)
    assert made.added == (f"{STEM}（盖章）1.jpg", f"{STEM}（盖章）2.jpg")
    assert not (folder / NAME).exists()
    assert verify_folder(folder).ok
    names = [part.get_filename() for part in mail(folder).iter_attachments()]
    assert names[-2:] == list(made.added) and NAME not in names
    assert (
        "6. " in mail(folder).get_body().get_content() and "8. " not in mail(folder).get_body().get_content()
    )


def test_only_the_first_of_several_mails_carries_it(maker: Maker, scan: Path) -> None:
    folder = maker.write(maker.plan(), limit_mb=0.02).folder
    drafts = {path.name: path.read_bytes() for path in folder.glob("*.eml")}
    add_sealed_copies(folder, {STEM: [scan]}, PATTERN)
    changed = [name for name, data in drafts.items() if (folder / name).read_bytes() != data]
    assert changed == [sorted(drafts)[0]] and len(drafts) > 1
    assert verify_folder(folder).ok


def test_cancelled_the_folder_is_as_it_was(folder: Path, scan: Path) -> None:
    before = contents(folder)
    asked = iter(range(10**6))
    for last in range(12):
        with pytest.raises(UserError) as told:
            add_sealed_copies(
                folder, {STEM: [scan]}, PATTERN, cancelled=lambda last=last: next(asked) % 12 == last
            )  # type: ignore[misc]
        assert told.value.code == "sealed_cancelled"
        assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_progress_only_goes_forward_to_the_end(folder: Path, scan: Path) -> None:
    told: list[tuple[int, int, str]] = []
    add_sealed_copies(folder, {STEM: [scan]}, PATTERN, lambda *step: told.append(step))
    shares = [done for done, _, _ in told]
    assert shares == sorted(shares) and shares[-1] == told[-1][1]
    assert {what.partition(" ")[0] for _, _, what in told} == {"核对", "放入扫描件", "写", "读回"}


def test_a_fault_leaves_the_folder_as_it_was(
    folder: Path, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealed, "sync", full)
    with pytest.raises(UserError) as told:
        add_sealed_copies(folder, {STEM: [scan]}, PATTERN)
    assert told.value.code == "disk_full"
    assert contents(folder) == before


def test_a_folder_that_changed_is_left_alone(folder: Path, scan: Path) -> None:
    (folder / "别的.txt").write_text("x")
    before = contents(folder)
    with pytest.raises(UserError) as told:
        add_sealed_copies(folder, {STEM: [scan]}, PATTERN)
    assert told.value.code == "sealed_folder_changed"
    assert contents(folder) == before
    with pytest.raises(UserError) as told:
        add_sealed_copies(folder.with_name("没有"), {STEM: [scan]}, PATTERN)
    assert told.value.code == "sealed_folder_gone"


def test_edited_it_no_longer_verifies(folder: Path, scan: Path) -> None:
    add_sealed_copies(folder, {STEM: [scan]}, PATTERN)
    with (folder / NAME).open("ab") as stream:
        stream.write(b"x")
    (problem,) = verify_folder(folder).problems
    assert (problem.code, problem.file) == ("file_changed", NAME)
