"""What scanning costs beside ``scanimage`` itself: A4, 300 dpi, colour, from SANE's test driver.

python tests/bench/bench_scan.py [PAGES]

The driver pretends and takes no time of its own, so that what is measured is the program's work: `scanimage` to a
file on the disk, the program to the picture's bytes, and to the JPEG that is taken in.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from certclerk.capture import scanners
from certclerk.capture.scanners.scanner import Area, Device, Listener, Settings, Via
from certclerk.jobs import scan_pages

DEVICE = Device(Via.SANE, "test:0", "Noname", "frontend-tester")
A4 = Settings(dpi=300, area=Area(0, 0, 210, 297))
_CONF = """number_of_devices 1
mode Color
depth 8
test-picture "Color pattern"
resolution_min 1.0
resolution_max 1200.0
resolution_quant 1.0
resolution 300.0
geometry_min 0.0
geometry_max 300.0
geometry_quant 1.0
tl_x 0.0
tl_y 0.0
br_x 210.0
br_y 297.0
"""


@contextmanager
def pretended_scanner() -> Iterator[None]:
    """SANE's test driver alone, with a glass that A4 fits on."""
    before = os.environ.get("SANE_CONFIG_DIR")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "dll.conf").write_text("test\n", encoding="utf-8")
        Path(folder, "test.conf").write_text(_CONF, encoding="utf-8")
        os.environ["SANE_CONFIG_DIR"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["SANE_CONFIG_DIR"]
            else:
                os.environ["SANE_CONFIG_DIR"] = before


def scanimage_to_file(path: Path) -> int:
    """One page as `scanimage` alone gives it; its bytes."""
    area = ("-l", "0", "-t", "0", "-x", "210", "-y", "297")
    asked = ("-d", DEVICE.name, "--mode=Color", "--resolution=300", *area, "--format=pnm", "-o", str(path))
    subprocess.run(["scanimage", *asked], check=True, stderr=subprocess.DEVNULL)
    return path.stat().st_size


def through_the_program() -> int:
    sizes: list[int] = []
    scanners.scan(DEVICE, A4, Listener(lambda page: sizes.append(len(page.data))))
    return sum(sizes)


def to_a_file_for_intake() -> int:
    sizes: list[int] = []
    scan_pages.scan(DEVICE, A4, lambda file: sizes.append(len(file.data)))
    return sum(sizes)


def measured(what: str, work: Callable[[], int], pages: int) -> None:
    work()  # the options are asked for once
    times = []
    for _ in range(pages):
        begun = time.perf_counter()
        size = work()
        times.append(time.perf_counter() - begun)
    times.sort()
    print(f"{what:28} {times[len(times) // 2] * 1000:7.0f} ms  {size / 1e6:6.1f} MB")


def main(pages: int) -> None:
    with pretended_scanner(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.pnm")
        measured("scanimage to a file", lambda: scanimage_to_file(path), pages)
        measured("the program, raw", through_the_program, pages)
        measured("the program, as JPEG", to_a_file_for_intake, pages)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
