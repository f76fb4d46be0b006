"""Pictures of every screen and dialog: ``python3 packaging/tour.py FOLDER``.

The real program is driven over a sample of its own, once for each screen size, and writes a PNG of
each picture of :mod:`tour_stops`. It needs no display, and draws the windows of one as they would stand there.
Exit code 1: something did not fit its screen, or a stop of the tour could not be reached.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import environment

STOPS = Path(__file__).resolve().parent / "tour_stops.py"


@dataclass(frozen=True)
class Screen:
    """``width`` and ``height`` are px of the glass; ``scale`` is the system's enlargement."""

    name: str
    width: int
    height: int
    scale: float


SCREENS = (Screen("1366x768", 1366, 768, 1.0), Screen("1920x1080-150", 1920, 1080, 1.5))


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        raise environment.Unusable("用法：python3 packaging/tour.py 存放图片的文件夹")
    folder = Path(arguments[0]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    python = environment.prepare(screen=False)
    codes = [tour(python, folder, screen) for screen in SCREENS]
    return max(codes)


def tour(python: Path, folder: Path, screen: Screen) -> int:
    """One pass in a process of its own, because Qt takes its scale once. Returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="certclerk-tour-") as aside:
        variables = {
            **environment.program_variables(),
            **quiet_variables(Path(aside)),
            **screen_variables(screen, Path(aside)),
        }
        command = [str(python), str(STOPS), str(folder), screen.name, aside]
        return subprocess.run(command, env=variables, cwd=aside, check=False).returncode


def screen_variables(screen: Screen, aside: Path) -> Mapping[str, str]:
    """Has Qt, started in ``aside``, draw on a screen of that size and scale that is nowhere to be seen."""
    glass = {"name": screen.name, "x": 0, "y": 0, "width": screen.width, "height": screen.height}
    file = aside / "screen.json"
    file.write_text(json.dumps({"screens": [{**glass, "logicalDpi": 96, "dpr": 1}]}), encoding="utf-8")
    return {
        # Without its folder: a drive's colon would end the argument.
        "QT_QPA_PLATFORM": f"offscreen:configfile={file.name}",
        "QT_SCALE_FACTOR": str(screen.scale),
    }


def quiet_variables(aside: Path) -> Mapping[str, str]:
    """Keeps the tour out of the user's own folders."""
    folders = ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA")
    (aside / "home").mkdir(exist_ok=True)
    return {name: str(aside / "home") for name in folders}


if __name__ == "__main__":
    environment.run(main)
