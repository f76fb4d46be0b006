"""The tour's two screens, as Qt sees them, and what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import environment
import tour

SEEN = """
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
size = application.primaryScreen().size()
print(size.width(), size.height(), application.primaryScreen().devicePixelRatio())
"""


@pytest.mark.parametrize(
    ("screen", "seen"), [(tour.SCREENS[0], "1366 768 1.0"), (tour.SCREENS[1], "1280 720 1.5")]
)
def test_windows_stand_on_the_screen_that_is_asked_for(
    screen: tour.Screen, seen: str, tmp_path: Path
) -> None:
    variables = {**os.environ, **tour.screen_variables(screen, tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SEEN],
        env=variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == seen


def test_it_asks_for_a_folder() -> None:
    with pytest.raises(environment.Unusable, match="存放图片的文件夹"):
        tour.main([])


def test_it_stays_out_of_the_users_folders(tmp_path: Path) -> None:
    places = set(tour.quiet_variables(tmp_path).values())
    assert all(Path(place).is_relative_to(tmp_path) for place in places)
