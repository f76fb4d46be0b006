"""What an upgrade keeps of the file as it was: one proven copy for each collection, and no upgrade without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from certclerk.collection import open_collection, upgrading
from certclerk.core.errors import UserError

STORED = Path(__file__).resolve().parents[1] / "data" / "collections"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(upgrading, "user_folder", lambda: tmp_path)
    return tmp_path / upgrading.FOLDER


def bring(tmp_path: Path, version: int) -> Path:
    path = tmp_path / "甲.certclerk"
    path.write_bytes((STORED / f"version-{version}.certclerk").read_bytes())
    return path


@pytest.mark.parametrize("version", [3, 4])
def test_the_former_file_is_kept_once(tmp_path: Path, folder: Path, version: int) -> None:
    for _time in range(2):
        path = bring(tmp_path, version)
        before = path.read_bytes()
        open_collection(path).close()
        (kept,) = folder.iterdir()
        assert kept.stat().st_mode & 0o777 == 0o600
        with open_collection(kept, read_only=True) as former:
            assert former.roster().teachers[0].name == "林晓雯"
        assert kept.read_bytes() == before
    (kept,) = folder.iterdir()
    stood = kept.stat().st_mtime_ns
    open_collection(path).close()
    assert kept.stat().st_mtime_ns == stood


def test_reading_keeps_nothing(tmp_path: Path, folder: Path) -> None:
    open_collection(bring(tmp_path, 4), read_only=True).close()
    assert not folder.exists()


def test_what_cannot_be_kept_is_not_upgraded(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bring(tmp_path, 4)
    before = path.read_bytes()
    monkeypatch.setattr(upgrading, "_digest", str)
    with pytest.raises(UserError) as refused:
        open_collection(path)
    assert refused.value.code == "upgrade_not_kept"
    assert path.read_bytes() == before and folder.is_dir()
