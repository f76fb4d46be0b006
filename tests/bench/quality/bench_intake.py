"""What measuring a page adds to taking it in: A4 at 300 dpi in colour, with it and without, in turns.

python tests/bench/quality/bench_intake.py [PAGES]     default: 40
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from certclerk.collection import create_collection
from certclerk.core.records import Filing
from certclerk.imaging import examine, intake
from certclerk.imaging.quality import UNMEASURED
from certclerk.imaging.specimen import Press
from certclerk.jobs import take_pages
from certclerk.system.notices import shipped_notices
from certclerk.system.resources import resource

SIZE, DPI = (2480, 3508), 300
PAGES = 40


def page() -> Image.Image:
    """Two booklet pages on the glass, one of them turned."""
    press = Press(resource("fonts", "certclerk-sans-sc.otf"), DPI)
    glass = Image.new("RGB", SIZE, (229, 230, 228))
    for data, place in ((press.cover(), (30, 30)), (press.remarks(), (30, 1770))):
        with Image.open(io.BytesIO(data)) as picture:
            glass.paste(picture.rotate(90, expand=True), place)
    return glass


def write_scans(folder: Path, count: int) -> list[Path]:
    """As many files, each its own bytes."""
    picture, paths = page(), []
    for number in range(count):
        picture.putpixel((number, 0), (number % 256, 0, 0))
        paths.append(folder / f"{number}.jpg")
        picture.save(paths[-1], "JPEG", quality=90, dpi=(DPI, DPI))
    return paths


@contextmanager
def unmeasured() -> Iterator[None]:
    measure = intake.measure
    intake.measure = lambda _picture, _dpi, **_facts: UNMEASURED
    try:
        yield
    finally:
        intake.measure = measure


def main(count: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_scans(folder, 2 * count)
        times: dict[str, list[tuple[float, float]]] = {"decoded only": [], "taken in": []}
        with create_collection(folder / "a.certclerk", shipped_notices()[0], Filing("泉州第一中学")) as made:

            def take(path: Path) -> None:
                take_pages.store(made, [path])

            def decode(path: Path) -> None:
                examine(path.read_bytes(), path.name)

            for what, act in (("decoded only", decode), ("taken in", take)):
                for measured, bare in zip(paths[::2], paths[1::2], strict=True):
                    started = time.perf_counter()
                    act(measured)
                    between = time.perf_counter()
                    with unmeasured():
                        act(bare)
                    times[what].append((between - started, time.perf_counter() - between))
    print(f"{count} pages of {SIZE[0]} × {SIZE[1]} px; median ms a page")
    ratios: dict[str, float] = {}
    print(f"{'':14}{'measured':>10}{'not':>8}{'ratio':>8}")
    for what, pairs in times.items():
        with_, without = (statistics.median(each) * 1000 for each in zip(*pairs, strict=True))
        ratios[what] = with_ / without
        print(f"{what:14}{with_:10.1f}{without:8.1f}{ratios[what]:8.2f}")
    return (
        "Measuring makes "
        + ", ".join(f"{what} {ratio:.2f} times as long" for what, ratio in ratios.items())
        + "."
    )


if __name__ == "__main__":
    print("\n" + main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
