"""Every journey runs in a whole application, so that their order does not matter: a print-only one stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from certclerk.app import main


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    return qapp


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample; tests copy what they change."""
    folder = tmp_path_factory.mktemp("sample")
    assert main(["sample", str(folder), "--teachers", "9"]) == 0
    return folder


@pytest.fixture
def collection(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(next(sample.glob("*.certclerk")), tmp_path))
