"""Notice profiles on disk: those shipped, and the clerk's own."""

from __future__ import annotations

from pathlib import Path

from certclerk.core.errors import UserError
from certclerk.core.notice import LONGEST, Notice, parse_notice
from certclerk.system.resources import resource, user_folder


def read_notice(path: Path) -> Notice:
    """The profile in a TOML file. Raises UserError ``notice_unreadable`` or ``notice_broken``."""
    try:
        with path.open("rb") as stream:
            # Not its size on the disk, which a device has none of.
            data = stream.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise UserError("notice_unreadable", file=path.name, reason="文件过大，不是通知配置")
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UserError("notice_unreadable", file=path.name, reason="不是 UTF-8 文字") from error
    except FileNotFoundError as error:
        raise UserError("notice_not_found", name=path) from error
    except OSError as error:
        raise UserError("notice_unreadable", file=path.name, reason=error.strerror or str(error)) from error
    return parse_notice(text, path.name)


def shipped_notices() -> tuple[Notice, ...]:
    return tuple(read_notice(path) for path in sorted(resource("notices").glob("*.toml")))


def find_notice(name: str) -> Notice:
    """By the id of a shipped one or of one in the user's folder, else by path.

    Raises UserError ``notice_not_found`` and what :func:`read_notice` raises.
    """
    for folder in (resource("notices"), user_folder() / "notices"):
        path = folder / f"{name}.toml"
        if "/" not in name and "\\" not in name and path.is_file():
            return read_notice(path)
    return read_notice(Path(name))
