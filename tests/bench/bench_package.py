"""How long packaging takes beside a plain synced copy of all that it leaves in its folder, and how much memory.

Once as one ZIP, once split into mails with their drafts; with the program's start. Also against img2pdf and zip -0 where
they are on PATH, and how soon it stops when asked to.

python tests/bench/bench_package.py [TEACHERS ...]     default: 100 500, three pages of 1 MB each
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image

from certclerk.collection import create_collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.identity import check_character
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.core.submission_record import Delivery
from certclerk.jobs.package import Options
from certclerk.jobs.package import package as jobs_package
from certclerk.system.notices import shipped_notices

PAGES = ("cover", "text", "remarks")
WIDTH, HEIGHT, DPI = 1160, 1640, 200.0
REPEATS = 3
CANCELS = 20
DAY = date(2032, 3, 1)


@dataclass(frozen=True)
class Run:
    """Seconds of all and of what came before the reading back; ``peak`` in MB."""

    seconds: float
    writing: float
    peak: float
    folder: Path


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
            first = f"359901198001{1 + index // 1000:02}{index % 1000:03}"
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


def copy_synced(sources: Iterable[Path], target: Path) -> float:
    """Seconds for a plain copy of these files into one, each synced as a copying program would."""
    started = time.perf_counter()
    for source in sources:
        with source.open("rb") as reading, target.open("wb") as writing:
            while chunk := reading.read(1 << 20):
                writing.write(chunk)
            writing.flush()
            os.fsync(writing.fileno())
    return time.perf_counter() - started


def package(collection: Path, out: Path, *, split: bool) -> Run:
    command = [sys.executable, __file__, "--child", str(collection), str(out), str(int(split))]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr.decode())
    read_back, peak, folder = json.loads(done.stdout.decode().splitlines()[-1])
    return Run(seconds, seconds - read_back, peak, Path(folder))


def child(collection: str, out: str, split: str) -> None:
    """Packages once and prints the seconds of the read-back, the peak memory in MB and the folder."""
    reading_since: list[float] = []

    def progress(_done: int, _total: int, what: str) -> None:
        if what.startswith("读回") and not reading_since:
            reading_since.append(time.perf_counter())

    with open_collection(Path(collection)) as opened:
        options = Options(DAY, delivery=Delivery.MAIL if split == "1" else Delivery.USB_STICK)
        made = jobs_package(opened, Path(out), options, progress)
        ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([ended - (reading_since or [ended])[0], peak, str(made.written.folder)]))


def others(collection: Path, out: Path) -> float | None:
    """Seconds for a process of img2pdf per teacher and one of zip -0; None where they are not installed."""
    if not (shutil.which("img2pdf") and shutil.which("zip")):
        return None
    out.mkdir()
    with open_collection(collection) as opened:
        for number, teacher in enumerate(opened.roster().teachers):
            for index, page in enumerate(teacher.pages()):
                (out / f"{number:04}_{index}.jpg").write_bytes(opened.blob(page.sha256))
    started = time.perf_counter()
    for first in sorted(out.glob("*_0.jpg")):
        name = first.name.partition("_")[0]
        pages = sorted(out.glob(f"{name}_*.jpg"))
        subprocess.run(["img2pdf", "-o", out / f"{name}.pdf", *pages], check=True)
    subprocess.run(
        ["zip", "-q", "-0", "all.zip", *(path.name for path in out.glob("*.pdf"))], cwd=out, check=True
    )
    return time.perf_counter() - started


def cancel_latency(collection: Path, out: Path, whole: float) -> list[float]:
    """Seconds between asking to stop at a moment spread over the work and nothing being left of it."""
    waits: list[float] = []
    with open_collection(collection) as opened:
        for step in range(1, CANCELS + 1):
            asked: list[float] = []
            due = time.perf_counter() + whole * step / (CANCELS + 1)

            def cancelled(asked: list[float] = asked, due: float = due) -> bool:
                if not asked and time.perf_counter() >= due:
                    asked.append(due)
                return bool(asked)

            with contextlib.suppress(UserError):
                jobs_package(opened, out, Options(DAY), cancelled=cancelled)
            if asked:
                waits.append(time.perf_counter() - asked[0])
            shutil.rmtree(out, ignore_errors=True)
    return waits


def main() -> None:
    notice = shipped_notices()[0]
    print(
        "teachers  what           MB   copy s  package s  ratio  without reading back  ratio  peak MB  load"
    )
    for teachers in [int(count) for count in sys.argv[1:]] or [100, 500]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.certclerk"
            fill(path, notice, teachers)
            for what, split in (("one ZIP", False), ("with drafts", True)) * REPEATS:
                run = package(path, Path(folder) / "out", split=split)
                made = sorted(run.folder.iterdir())
                total = sum(file.stat().st_size for file in made) / 1e6
                copied = copy_synced(made, Path(folder) / "copy")
                shutil.rmtree(run.folder)
                print(
                    f"{teachers:8}  {what:11}  {total:5.0f}  {copied:7.2f}  {run.seconds:9.2f}  {run.seconds / copied:5.2f}"
                    f"  {run.writing:20.2f}  {run.writing / copied:5.2f}  {run.peak:7.0f}  {os.getloadavg()[0]:4.1f}",
                    flush=True,
                )
            waits = cancel_latency(path, Path(folder) / "cancelled", run.seconds)
            print(
                f"cancelled {len(waits)} times: at most {max(waits) * 1000:.0f} ms, median {statistics.median(waits) * 1000:.0f} ms"
            )
            theirs = others(path, Path(folder) / "others")
            if theirs is None:
                print("img2pdf and zip are not both on PATH: not compared")
            else:
                ours = package(path, Path(folder) / "again", split=False)
                print(f"img2pdf per teacher and zip -0: {theirs:.1f} s, ours {ours.seconds:.1f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
