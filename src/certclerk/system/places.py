"""What kind of place a file lies in: only on a disk of this computer's own do all of a database's promises hold.

On network shares two computers see one file without seeing one another's locks; a sync folder's program copies the file
while it is being written, and carries an older one over it; a stick is pulled out.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePath, PurePosixPath


class Kind(Enum):
    LOCAL = auto()
    REMOVABLE = auto()
    NETWORK = auto()
    SYNC = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """``name``: the service of a sync folder, in its own words; empty elsewhere."""

    kind: Kind
    name: str = ""

    @property
    def shared(self) -> bool:
        """Whether another computer may have a file there open at the same time."""
        return self.kind in (Kind.NETWORK, Kind.SYNC)


@dataclass(frozen=True, slots=True)
class Service:
    """How a sync folder is known: its root's name (compared in lower case, also before a space as in ``OneDrive - X``),
    a file or folder in the root, an environment variable that names the root.
    """

    name: str
    folders: tuple[str, ...]
    markers: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()


SERVICES = (
    Service("OneDrive", ("onedrive",), (), ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")),
    Service("坚果云", ("nutstore", "我的坚果云", "坚果云"), (".nutstore",)),
    Service(
        "百度网盘",
        ("baidunetdisk", "baidusyncdisk", "baidunetdiskworkspace", "百度网盘", "百度网盘同步空间"),
    ),
    Service("腾讯微云", ("weiyun", "腾讯微云", "微云", "微云同步助手")),
    Service("WPS云盘", ("wpsdrive", "wps云盘", "wps cloud files")),
    Service("阿里云盘", ("阿里云盘", "adrive", "阿里云盘同步")),
    Service("iCloud", ("iclouddrive", "icloud", "mobile documents", "com~apple~clouddocs")),
    Service("Dropbox", ("dropbox",), (".dropbox", ".dropbox.cache")),
    Service("Nextcloud", ("nextcloud", "owncloud"), (".nextcloudsync.log", ".owncloudsync.log")),
    Service("Seafile", ("seafile", "seadrive")),
    Service("Syncthing", (), (".stfolder",)),
)
_BY_FOLDER = {folder: service for service in SERVICES for folder in service.folders}

# Types in /proc/self/mountinfo; those of FUSE after their "fuse.".
_NETWORK_TYPES = frozenset(
    (
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre", "davfs", "coda",
        "gfs2", "ocfs2", "vboxsf", "prl_fs",
        "sshfs", "davfs2", "rclone", "gvfsd-fuse", "kio-fuse", "s3fs", "vmhgfs-fuse", "curlftpfs", "smbnetfs",
    )
)  # fmt: skip
# GetDriveTypeW: DRIVE_REMOVABLE, DRIVE_REMOTE.
_DRIVES = {2: Kind.REMOVABLE, 4: Kind.NETWORK}


@dataclass(frozen=True, slots=True)
class Mount:
    """``device`` is ``major:minor``."""

    device: str
    point: str
    type: str


def place_of(path: Path) -> Place:
    """Of a file that need not exist yet. What cannot be found out counts as a local disk."""
    try:
        whole = path.resolve()
    except OSError:
        whole = path.absolute()
    service = sync_service(whole, os.environ, os.path.lexists)
    if service:
        return Place(Kind.SYNC, service)
    if sys.platform == "win32":
        return Place(kind_on_windows(str(whole), _drive_type))
    try:
        mountinfo = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return Place(Kind.LOCAL)
    return Place(kind_on_linux(str(whole), mountinfo, _is_removable))


def sync_service(path: PurePath, environment: Mapping[str, str], exists: Callable[[str], bool]) -> str:
    """The name of the service in whose folder ``path`` lies, or the empty string."""
    folders = path.parents
    roots = {
        _plain(environment[variable]): service.name
        for service in SERVICES
        for variable in service.variables
        if environment.get(variable)
    }
    for folder in folders:
        name = folder.name.casefold()
        known = _BY_FOLDER.get(name) or _BY_FOLDER.get(re.split(r" -|[ (（]", name, maxsplit=1)[0])
        if known:
            return known.name
        if _plain(str(folder)) in roots:
            return roots[_plain(str(folder))]
    for service in SERVICES:
        for marker in service.markers:
            # The home folder holds the settings of such programs under the same names.
            if any(
                exists(str(folder / marker))
                for folder in folders
                if _plain(str(folder)) != _home(environment)
            ):
                return service.name
    return ""


def kind_on_linux(path: str, mountinfo: str, is_removable: Callable[[str], bool]) -> Kind:
    """``path`` is absolute, without symbolic links; ``is_removable`` is asked about a device ``major:minor``."""
    mount = _mount_of(path, mountinfo)
    # What the computer itself runs from is its own, whatever it is made of.
    if mount is None or mount.point == "/":
        return Kind.LOCAL
    if mount.type.removeprefix("fuse.") in _NETWORK_TYPES:
        return Kind.NETWORK
    return Kind.REMOVABLE if is_removable(mount.device) else Kind.LOCAL


def kind_on_windows(path: str, drive_type: Callable[[str], int]) -> Kind:
    """``drive_type`` is GetDriveTypeW of a root such as ``C:\\``."""
    if path.startswith("\\\\?\\") and not path.startswith("\\\\?\\UNC\\"):
        path = path[4:]
    if path.startswith(("\\\\", "//")):
        return Kind.NETWORK
    return _DRIVES.get(drive_type(path[:2] + "\\"), Kind.LOCAL)


def _mount_of(path: str, mountinfo: str) -> Mount | None:
    """The deepest mount that ``path`` is in; of several on one point the last, which covers the others.

    The fields are those of proc(5): ID, parent, major:minor, root, mount point, options, optional fields, ``-``, type.
    """
    found = None
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < 6 or not after:
            continue
        mount = Mount(fields[2], _unescaped(fields[4]), after.split(" ")[0])
        inside = PurePosixPath(path).is_relative_to(mount.point)
        if inside and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), text)


def _plain(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").casefold()


def _home(environment: Mapping[str, str]) -> str:
    return _plain(environment.get("HOME") or environment.get("USERPROFILE") or "")


def _is_removable(device: str) -> bool:
    """By the kernel's word, or for what hangs on USB: a hard disk in a case says that it is not."""
    block = Path("/sys/dev/block") / device
    try:
        where = block.resolve(strict=True)
    except OSError:
        return False
    if "/usb" in str(where):
        return True
    for disk in (where, where.parent):
        try:
            return (disk / "removable").read_text(encoding="ascii").strip() == "1"
        except OSError:
            continue
    return False


def _drive_type(root: str) -> int:
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(root))  # type: ignore[attr-defined, unused-ignore]
