"""Starts certclerk from a checkout: ``python3 packaging/start.py [arguments]``.

Makes what is missing first (see environment.py); arguments and exit code are the program's own.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import environment

NO_SCREEN = (
    "没有可用的屏幕，打不开窗口。可以用虚拟屏幕（apt-get install -y xvfb xauth）：\n"
    "xvfb-run -a python3 packaging/start.py\n"
    "也可以不用窗口，先生成示例，再由采集文件生成报送包：\n"
    "python3 packaging/start.py sample 文件夹\n"
    "python3 packaging/start.py package 采集文件 --out 文件夹"
)


def main(arguments: Sequence[str]) -> int:
    if opens_window(arguments) and not environment.can_open_window(os.environ):
        raise environment.Unusable(NO_SCREEN)
    python = environment.prepare(screen=environment.draws_on_x(os.environ))
    return environment.hand_over([python, "-m", "certclerk", *arguments], environment.program_variables())


def opens_window(arguments: Sequence[str]) -> bool:
    """Nothing, or a collection's file: anything else is a verb or an option, which the program judges."""
    return not arguments or arguments[0].endswith(".certclerk") or Path(arguments[0]).is_file()


if __name__ == "__main__":
    environment.run(main)
