"""What the package wizard remembers from one submission to the next: where to, and how large. Never a password."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from certclerk.gui import files
from certclerk.system.resources import user_folder

# The names of Options.size, what they are called, what they mean; the one that is proposed.
SIZES = (
    ("original", "原样", "每一页都是扫描时的图像，一个字节也不改。"),
    ("clear", "清晰", "大图缩到 200 dpi，印章和小字与原件一样清楚；一般用这个。"),
    ("compact", "紧凑", "200 dpi、压缩更多，文件最小；邮箱限制很紧时用。"),
)
PROPOSED = "clear"
_FILE = "package.ini"
_FOLDER, _SIZE = "folder", "size"


def remember(folder: Path, size: str) -> None:
    settings = _settings()
    settings.setValue(_FOLDER, str(folder))
    settings.setValue(_SIZE, size)


def forget_folder() -> None:
    _settings().remove(_FOLDER)


def remembered_folder() -> Path:
    kept = _settings().value(_FOLDER)
    return Path(kept) if isinstance(kept, str) and Path(kept).is_dir() else files.documents()


def remembered_size() -> str:
    kept = _settings().value(_SIZE)
    return str(kept) if kept in {key for key, _, _ in SIZES} else PROPOSED


def size_title(size: str) -> str:
    return next(title for key, title, _ in SIZES if key == size)


def _settings() -> QSettings:
    return QSettings(str(user_folder() / _FILE), QSettings.Format.IniFormat)
