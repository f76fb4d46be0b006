"""The long form: ``python tests/faults/fuzz/run.py --seconds N [TARGET …]`` fuzzes each reader for N seconds.

Needs atheris (the extra ``fuzz``). Prints inputs tried and crashes for each target, writes what crashed into
``--out`` and exits 1 where anything did.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[3]
# Of one input: seconds after which it hangs, and MB of 10⁶ bytes above which it is a bomb.
HANGS_S = 30
MEMORY_MB = 2_000
LONGEST = 1_000_000
_EXECUTED = re.compile(rb"stat::number_of_executed_units:\s+(\d+)")


def main() -> int:
    options = _options()
    out = options.out or Path(tempfile.mkdtemp(prefix="certclerk-fuzz-"))
    if options.inside:
        return _fuzz(options.targets[0], options.seconds, out)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from tests.faults.fuzz.targets import TARGETS

    crashes = 0
    for name in options.targets or TARGETS:
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        arguments = ["--inside", "--seconds", str(options.seconds), "--out", str(folder), name]
        with tempfile.TemporaryDirectory(prefix="certclerk-corpus-") as aside:
            ran = subprocess.run(
                [sys.executable, __file__, *arguments],
                stderr=subprocess.PIPE,
                env={**os.environ, "TMPDIR": aside},
                check=False,
            )
        executed = _EXECUTED.search(ran.stderr)
        found = sorted(file.name for file in folder.iterdir() if file.suffix != ".txt")
        if executed is None or ran.returncode:
            (folder / "end.txt").write_bytes(ran.stderr[-20_000:])
        crashes += len(found) + (executed is None)
        print(
            f"{name:12} {int(executed[1]) if executed else 0:>10} inputs  {len(found)} crashes",
            *found,
            flush=True,
        )
    print(f"{crashes} crashes; {out}")
    return 1 if crashes else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--out", type=Path, help="where what crashed is kept")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*")
    return parser.parse_args()


def _fuzz(name: str, seconds: int, out: Path) -> int:
    """Never returns: libFuzzer ends the process."""
    import atheris

    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    with atheris.instrument_imports(include=["certclerk", "pypdf", "PIL", "zipfile", "tomllib", "openpyxl"]):
        from tests.faults.fuzz.targets import TARGETS, outcome
    target = TARGETS[name]
    corpus = Path(tempfile.mkdtemp())
    for number, seed in enumerate(target.seeds()):
        (corpus / str(number)).write_bytes(seed)
    known: set[str] = set()

    def one(data: bytes) -> None:
        try:
            outcome(target, data)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}"
            if kind in known:
                return
            known.add(kind)
            (out / kind).write_bytes(data)
            (out / f"{kind}.txt").write_text(traceback.format_exc(), encoding="utf-8", errors="replace")

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        if not data or random.random() < 0.4:
            return atheris.Mutate(data, most)
        return target.mutate(data, random)[:most]

    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-timeout={HANGS_S}",
            f"-rss_limit_mb={MEMORY_MB}",
            f"-max_len={LONGEST}",
            "-len_control=0",
            "-print_final_stats=1",
            f"-artifact_prefix={out}/",
            f"-seed={int(hashlib.sha256(name.encode()).hexdigest()[:6], 16)}",
            str(corpus),
        ],
        one,
        custom_mutator=mutate,
    )
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
