"""How long packaging takes beside a plain synced copy of the same bytes, and how much memory.

python tests/bench/bench_package.py [TEACHERS ...]     default: 100 500, three pages of 1 MB each
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from certclerk.collection import create_collection
from certclerk.core.identity import check_character
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.system.notices import shipped_notices

PAGES = ("cover", "text", "remarks")
WIDTH, HEIGHT, DPI = 1160, 1640, 200.0
REPEATS = 3


def picture(seed: int) -> bytes:
    """A JPEG of about 1 MB that no other seed gives."""
    noise = Image.frombytes("RGB", (WIDTH, HEIGHT), random.Random(seed).randbytes(WIDTH * HEIGHT * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=65, dpi=(DPI, DPI))
    return out.getvalue()


def fill(path: Path, notice: Notice, teachers: int) -> int:
    """A collection of that many complete teachers; returns the bytes of its pages."""
    total = 0
    kind = notice.collected_kinds[0]
    with create_collection(path, notice, Filing(notice.units[0].name, "陈敏", "22000000")) as collection:
        for index in range(teachers):
            first = f"35990119800101{index:03}"
            year = notice.cutoff.year + 1
            certificate = ProposedCertificate(
                kind.name,
                "语文",
                f"{year}{notice.province}990{kind.digit}{2 - index % 2}{index:06}",
                notice.authorities[0],
                f"{year}-07-01",
            )
            name = "".join(chr(0x4E00 + index * 7 % 5000 + offset) for offset in (1, 40, 900))
            sex = "男" if index % 2 else "女"
            data = [picture(index * len(PAGES) + number) for number in range(len(PAGES))]
            hashes = [collection.add_blob(each, "image/jpeg") for each in data]
            total += sum(map(len, data))
            with collection.change("加教师") as change:
                (teacher_id,) = change.add_teachers(
                    [ProposedTeacher(name, sex, first + check_character(first), certificates=(certificate,))]
                )
                teacher = collection.teacher(teacher_id)
                assert teacher is not None
                for slot, sha256 in zip(PAGES, hashes, strict=True):
                    page = ProposedPage(sha256, 0, "image/jpeg", WIDTH, HEIGHT, DPI, "a.jpg")
                    change.add_page(page, certificate_id=teacher.certificates[0].id, slot=slot)
    return total


def copy_synced(source: Path, target: Path) -> float:
    started = time.perf_counter()
    with source.open("rb") as reading, target.open("wb") as writing:
        while chunk := reading.read(1 << 20):
            writing.write(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    return time.perf_counter() - started


def package(collection: Path, out: Path) -> tuple[float, float]:
    """Seconds, and the child's peak memory in MB."""
    script = (
        "import sys, resource; from certclerk.app import main; code = main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(code)"
    )
    command = [sys.executable, "-c", script, "package", str(collection), "--out", str(out)]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr.decode())
    return seconds, int(done.stdout) / 1024


def main() -> None:
    notice = shipped_notices()[0]
    print("teachers  pages MB   copy s  package s  ratio  peak MB")
    for teachers in [int(count) for count in sys.argv[1:]] or [100, 500]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.certclerk"
            total = fill(path, notice, teachers)
            for repeat in range(REPEATS):
                copied = copy_synced(path, Path(folder) / "copy")
                seconds, peak = package(path, Path(folder) / f"out{repeat}")
                print(
                    f"{teachers:8}  {total / 1e6:8.0f}  {copied:7.2f}  {seconds:9.2f}"
                    f"  {seconds / copied:5.2f}  {peak:7.0f}"
                )


if __name__ == "__main__":
    main()
