"""What is told of pages, and how often wrongly: the five experiments one after another, and what they come to.

python tests/bench/quality/bench_quality.py [thresholds | light | cuts | rescans | intake ...]     default: all, twelve minutes
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import bench_cuts
import bench_intake
import bench_light
import bench_rescans
import bench_thresholds
from bench_thresholds import RESOLUTIONS

EXPERIMENTS: dict[str, Callable[[], str]] = {
    "thresholds": lambda: bench_thresholds.main(RESOLUTIONS),
    "light": lambda: bench_light.main(RESOLUTIONS),
    "cuts": lambda: bench_cuts.main(bench_cuts.PUBLISHED),
    "rescans": lambda: bench_rescans.main(bench_rescans.HOLDERS),
    "intake": lambda: bench_intake.main(bench_intake.PAGES),
}


def main(names: list[str]) -> None:
    summaries = []
    for name in names:
        print(f"\n== {name}")
        summaries.append(EXPERIMENTS[name]())
    print("\n" + "\n".join(summaries))


if __name__ == "__main__":
    main(sys.argv[1:] or list(EXPERIMENTS))
