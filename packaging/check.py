"""Runs the whole check: format, lint, types, tests. Arguments go to pytest.

All four run and show what they find; the exit code is the first failure's.
"""

import subprocess
from collections.abc import Sequence
from time import perf_counter

import environment
from environment import CHECKOUT, keep

STEPS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    # On every core; runs of neighbouring tests stay together, for what their module sets up.
    ("pytest", "--numprocesses", "auto", "--dist", "worksteal"),
)


def main(arguments: Sequence[str]) -> int:
    # The tests draw offscreen, whatever display there is.
    python = environment.prepare(screen=False, tests=True)
    variables = environment.program_variables() | {
        "QT_QPA_PLATFORM": "offscreen",
        "RUFF_CACHE_DIR": str(keep(".ruff_cache")),
        "MYPY_CACHE_DIR": str(keep(".mypy_cache")),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(keep(".hypothesis")),
    }
    outcomes = []
    for step in STEPS:
        extra = ("-o", f"cache_dir={keep('.pytest_cache')}", *arguments) if step[0] == "pytest" else ()
        shown = " ".join((*step, *extra))
        print(f"\n== {shown}", flush=True)
        begun = perf_counter()
        code = subprocess.run(
            [python, "-m", *step, *extra], cwd=CHECKOUT, env=variables, check=False
        ).returncode
        outcomes.append((shown, code, perf_counter() - begun))
    print()
    for shown, code, seconds in outcomes:
        print(f"{'ok    ' if code == 0 else 'FAILED'} {shown} ({seconds:.1f} s)")
    return next((code for _, code, _ in outcomes if code != 0), 0)


if __name__ == "__main__":
    environment.run(main)
