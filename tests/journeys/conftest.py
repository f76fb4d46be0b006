"""A sample to work on, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from certclerk.app import main


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample; tests copy what they change."""
    folder = tmp_path_factory.mktemp("sample")
    assert main(["sample", str(folder), "--teachers", "9"]) == 0
    return folder


@pytest.fixture
def collection(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(next(sample.glob("*.certclerk")), tmp_path))
