"""Resources are found in every shape the program is shipped in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.system import resources

CHECKOUT = Path(__file__).resolve().parents[2]


def found_from(place: Path) -> str:
    """What a program whose package lies in ``place`` takes for its font folder."""
    run = subprocess.run(
        [sys.executable, "-c", "from certclerk.system.resources import resource; print(resource('fonts'))"],
        env={**os.environ, "PYTHONPATH": str(place), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return run.stdout.strip()


def copy_package(place: Path) -> None:
    for folder in ("core", "system"):
        shutil.copytree(CHECKOUT / "src" / "certclerk" / folder, place / "certclerk" / folder)
    shutil.copy(CHECKOUT / "src" / "certclerk" / "__init__.py", place / "certclerk")


def test_source_tree() -> None:
    assert resources.resource("fonts") == CHECKOUT / "resources" / "fonts"


def test_wheel_and_frozen_build_have_them_inside_the_package(tmp_path: Path) -> None:
    copy_package(tmp_path)
    (tmp_path / "certclerk" / "resources" / "fonts").mkdir(parents=True)
    assert found_from(tmp_path) == str(tmp_path / "certclerk" / "resources" / "fonts")


def test_source_tree_elsewhere(tmp_path: Path) -> None:
    copy_package(tmp_path / "src")
    (tmp_path / "resources" / "fonts").mkdir(parents=True)
    assert found_from(tmp_path / "src") == str(tmp_path / "resources" / "fonts")


@pytest.mark.parametrize(
    "parts",
    [("fonts", "certclerk-sans-sc.otf"), ("fonts", "OFL.txt"), ("icons", "certclerk.svg"), ("notices",)],
)
def test_shipped(parts: tuple[str, ...]) -> None:
    assert resources.resource(*parts).exists()


def test_a_damaged_installation_is_named() -> None:
    with pytest.raises(UserError, match="fonts/no-such-font") as raised:
        resources.resource("fonts", "no-such-font.otf")
    assert raised.value.code == "resource_missing"


@pytest.mark.skipif(sys.platform != "linux", reason="the folder's place is each system's own")
def test_user_folder_is_made_where_the_system_wants_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert resources.user_folder() == tmp_path / "data" / "certclerk"
    assert resources.user_folder().is_dir()
    # One that an earlier version made is closed to others.
    (tmp_path / "data" / "certclerk").chmod(0o755)
    assert resources.user_folder().stat().st_mode & 0o777 == 0o700
