"""The command line's grammar and its words."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from certclerk import __version__

VERBS = ("new", "list", "package", "verify", "sample", "backup", "restore", "rescue")
# What the program asks of itself in a child process; in no help, since nobody types it.
CHILD_VERBS = ("_read-table", "_read-pages", "_scan-wia")
SIZES = ("original", "clear", "compact")

# argparse speaks English; these are the sentences of it that a clerk can meet.
_COMPLAINTS = (
    (r"the following arguments are required: (.*)", r"缺少 \1"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"argument (\S+): expected one argument", r"\1 后面要有一个值"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"\1 不能是 \2，可用 \3"),
    (r"argument (\S+): invalid \S+ value: (.*)", r"\1 的值 \2 不对"),
    (r"argument (\S+): (.*)", r"\1：\2"),
)
_HEADINGS = (
    ("usage: ", "用法："),
    ("positional arguments:", "参数："),
    ("options:", "选项："),
    ("show this help message and exit", "显示这些说明"),
    ("show program's version number and exit", "显示版本"),
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for pattern, sentence in _COMPLAINTS:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, sentence, message)
                break
        self.print_usage(sys.stderr)
        self.exit(2, f"参数有误：{message}。请按上面的用法改正后重试。\n")

    def format_help(self) -> str:
        return _translated(super().format_help())

    def format_usage(self) -> str:
        return _translated(super().format_usage())


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed command line; ``verb`` is empty for the window. Exits with 2 on unusable arguments."""
    if arguments and arguments[0] in VERBS:
        return _verbs().parse_args(arguments)
    if len(arguments) in (1, 2) and arguments[0] in CHILD_VERBS:
        return argparse.Namespace(verb=arguments[0], file=Path(*arguments[1:]))
    return _window().parse_args(arguments, argparse.Namespace(verb=""))


def _window() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="certclerk",
        description="教师资格证书电子证照采集。不带参数打开窗口；其他用法：" + "、".join(VERBS),
    )
    parser.add_argument("--version", action="version", version=f"certclerk {__version__}")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="要打开的采集文件")
    return parser


def _verbs() -> argparse.ArgumentParser:
    parser = _Parser(prog="certclerk")
    verbs = parser.add_subparsers(dest="verb", required=True)

    new = verbs.add_parser("new", help="新建采集", description="新建一个采集文件，可同时导入名册和扫描件。")
    new.add_argument("file", type=Path, metavar="FILE", help="新文件，不能已经存在")
    new.add_argument("--unit", required=True, metavar="NAME", help="报送单位")
    new.add_argument("--notice", metavar="ID|PATH", help="通知配置的编号，或 .toml 文件的路径")
    new.add_argument("--clerk", default="", metavar="NAME", help="经办人")
    new.add_argument("--phone", default="", metavar="NUMBER", help="联系电话")
    new.add_argument("--roster", type=Path, metavar="WORKBOOK", help="教师名册（xlsx、xls、xlsb、ods、csv）")
    new.add_argument("--scans", type=Path, metavar="DIR", help="扫描件所在的文件夹")

    _add_password(new, "新文件的密码")

    listing = verbs.add_parser("list", help="列出内容", description="列出教师、证书、页、范围和问题。")
    listing.add_argument("file", type=Path, metavar="FILE", help="采集文件")
    listing.add_argument("--json", action="store_true", help="输出一个 JSON 文档")

    _add_password(listing)

    package = verbs.add_parser("package", help="生成报送包", description="生成可以直接报送的文件夹。")
    package.add_argument("file", type=Path, metavar="FILE", help="采集文件")
    package.add_argument("--out", required=True, type=Path, metavar="DIR", help="放报送包的文件夹")
    package.add_argument("--size", choices=SIZES, default=SIZES[0], help="图像大小，默认 original（原样）")
    package.add_argument("--mail-limit", type=_megabytes, metavar="MB", help="每封邮件的上限，可带小数")
    package.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="填报时间，默认今天")
    package.add_argument("--legacy-zip", action="store_true", help="旧版兼容的 ZIP 文件名")
    package.add_argument("--hold-incomplete", action="store_true", help="材料不全的教师这次暂缓")
    package.add_argument("--supplement", action="store_true", help="补报：只含上次以后新增、有改动的教师")
    _add_password(package)
    package.add_argument(
        "--zip-password-stdin",
        action="store_true",
        help="给压缩包加密码（AES），从标准输入读一行（在采集文件的密码之后）；Windows 自带的资源管理器打不开",
    )

    verify = verbs.add_parser("verify", help="校验", description="校验报送包文件夹或采集文件。")
    verify.add_argument("--collection", type=Path, metavar="FILE", help="并与这个采集文件里的记录对照")
    _add_password(verify, "PATH 的密码：采集文件的，或报送包里压缩包的")
    verify.add_argument(
        "--collection-password-stdin",
        action="store_true",
        help="--collection 那个文件的密码，从标准输入读一行（在 PATH 的密码之后）",
    )
    verify.add_argument("path", type=Path, metavar="PATH", help="报送包文件夹，或采集文件")
    verify.add_argument("--json", action="store_true", help="输出一个 JSON 文档")

    sample = verbs.add_parser("sample", help="做示例", description="做一套示例：名册、样本扫描件和采集文件。")
    sample.add_argument("folder", type=Path, metavar="DIR", help="放示例的文件夹")
    sample.add_argument("--teachers", type=_count, default=12, metavar="N", help="教师人数，默认 12")
    sample.add_argument("--seed", type=int, default=1, metavar="S", help="同一个数做出同样的示例")

    backup = verbs.add_parser(
        "backup", help="备份", description="备份采集文件到本机，和为它选定的第二处位置。"
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="采集文件，在窗口中打开着也可以")

    restore = verbs.add_parser("restore", help="从备份恢复", description="校验备份，恢复为一个新的采集文件。")
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="备份（.certbackup 文件）")
    restore.add_argument("file", type=Path, metavar="FILE", help="新文件，不能已经存在")
    _add_password(backup)
    _add_password(restore, "备份那时采集文件的密码")
    restore.add_argument("--partly", action="store_true", help="有页已损坏时，也恢复其余的内容")

    rescue = verbs.add_parser("rescue", help="抢救", description="把损坏的采集里还能读出的内容写成新文件。")
    rescue.add_argument("file", type=Path, metavar="FILE", help="损坏的采集文件，不会改动")
    rescue.add_argument("new", type=Path, metavar="NEW", help="新文件，不能已经存在")
    _add_password(rescue, "损坏的采集文件的密码，新文件也用它")
    return parser


def _add_password(verb: argparse.ArgumentParser, whose: str = "采集文件的密码") -> None:
    verb.add_argument("--password-stdin", action="store_true", help=f"{whose}，从标准输入读一行")


def _megabytes(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("应大于 0")
    return value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} 不是日期，应如 2017-03-13") from None


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 5000:
        raise argparse.ArgumentTypeError("应在 1 到 5000 之间")
    return value


def _translated(text: str) -> str:
    for english, chinese in _HEADINGS:
        text = text.replace(english, chinese)
    return text
