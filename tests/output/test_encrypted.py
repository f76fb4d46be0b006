"""A ZIP under a password, opened by other programs, proven with its password and without."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import pyzipper

from certclerk.core.errors import UserError
from certclerk.output.verify import verify_folder

from .conftest import Maker

PASSWORD = "泉州 2032！"


@pytest.fixture(params=[False, True], ids=["utf-8", "legacy"])
def folder(request: pytest.FixtureRequest, maker: Maker) -> Path:
    return maker.write(maker.plan(), legacy=request.param, password=PASSWORD).folder


def the_zip(folder: Path) -> Path:
    (found,) = folder.glob("*.zip")
    return found


def test_it_is_proven_with_its_password_and_as_a_whole_without(folder: Path) -> None:
    opened, closed = verify_folder(folder, password=PASSWORD), verify_folder(folder)
    assert (opened.ok, opened.documents, opened.notes) == (True, 4, ())
    assert (closed.ok, closed.documents) == (True, 0)
    assert "有密码" in closed.notes[0]


def test_another_password_is_told_as_one(folder: Path) -> None:
    with pytest.raises(UserError) as caught:
        verify_folder(folder, password="x")
    assert caught.value.code == "zip_wrong_password"


def test_a_flipped_bit_is_noticed_either_way_and_named_with_the_password(folder: Path) -> None:
    file = the_zip(folder)
    with zipfile.ZipFile(file) as archive:
        last = archive.infolist()[-1]
    data = bytearray(file.read_bytes())
    data[last.header_offset + 300] ^= 4
    file.write_bytes(data)
    assert [each.code for each in verify_folder(folder).problems] == ["archive_locked_changed"]
    assert [each.code for each in verify_folder(folder, password=PASSWORD).problems] == [
        "document_unreadable"
    ]


def test_pythons_zipfile_cannot_open_it_and_pyzipper_can(folder: Path) -> None:
    with zipfile.ZipFile(the_zip(folder)) as archive, pytest.raises((RuntimeError, NotImplementedError)):
        archive.read(archive.namelist()[0], PASSWORD.encode())
    with pyzipper.AESZipFile(the_zip(folder)) as archive:
        archive.setpassword(PASSWORD.encode())
        assert archive.read(archive.namelist()[0]).startswith(b"%PDF")


OPENERS = {
    "7z": ("7z", "x", "-bd", "-y", "-p{password}", "-o{out}", "{zip}"),
    "bsdtar": ("bsdtar", "-x", "--passphrase", "{password}", "-f", "{zip}", "-C", "{out}"),
}


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("password", ["Quanzhou-1", PASSWORD], ids=["ascii", "chinese"])
def test_other_programs_open_it_with_its_password_only(
    opener: str, legacy: bool, password: str, maker: Maker, tmp_path: Path
) -> None:
    if shutil.which(opener) is None:
        pytest.skip(f"{opener} is not installed")
    submission = maker.plan()
    plain = maker.write(submission).folder
    with zipfile.ZipFile(the_zip(plain)) as archive:
        documents = {name: archive.read(name) for name in archive.namelist()}
    locked = the_zip(maker.write(submission, legacy=legacy, password=password).folder)

    def opened(word: str) -> tuple[bool, dict[str, bytes]]:
        out = tmp_path / word
        out.mkdir()
        command = [part.format(password=word, out=out, zip=locked) for part in OPENERS[opener]]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        files = [path for path in out.rglob("*") if path.is_file()]
        return done.returncode == 0, {path.relative_to(out).as_posix(): path.read_bytes() for path in files}

    assert opened(password) == (True, documents)
    worked, found = opened("another")
    assert not worked and not set(found.values()) & set(documents.values())


def test_mails_stay_within_their_limit(maker: Maker) -> None:
    made = maker.write(maker.plan(), limit_mb=0.05, password=PASSWORD)
    assert len(made.drafts) > 1
    assert not made.over_limit
    assert verify_folder(made.folder, password=PASSWORD).documents == 4
