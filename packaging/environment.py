"""The one virtual environment behind start.py and check.py: made from the lock, healed, found again at once.

Standard library only. An older Python must be able to read this file to the point where it is
told so, hence no syntax newer than 3.6 anywhere in it.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - these scripts are run by whatever python3 there is
    sys.stderr.write(
        "certclerk 需要 Python 3.11 或更新的版本，当前是 {0}；请安装后重试。\n"
        "certclerk needs Python 3.11 or newer, this is {0}; please install one and try again.\n".format(
            ".".join(map(str, sys.version_info[:3]))
        )
    )
    sys.exit(2)

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = CHECKOUT / "packaging" / "requirements.lock"
STAMP = "certclerk.stamp"  # in the environment: what it was made from; written when it is whole
GUARD = "certclerk.lock"  # in the environment: held while it is made; tells ours from a stranger's

# What Qt loads -> the Debian package that has it.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Programs of the system that only tests drive -> the Debian package that has it. What scans needs no more.
TESTED_PROGRAMS = {
    "scanimage": "sane-utils",
    "airscan-discover": "sane-airscan",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "openssl": "openssl",
}


class Unusable(Exception):
    """The machine lacks something that we may not or cannot add; ``str()`` is the Chinese sentence."""


def run(main: Callable[[Sequence[str]], int]) -> None:
    """Calls ``main`` with the arguments and ends the process: its code, or 2 after an :class:`Unusable`."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows pipe would be cp936, which cannot say every name.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1:]))
    except Unusable as refusal:
        say(str(refusal))
        sys.exit(2)
    except KeyboardInterrupt:
        say("已中断；再运行一次同样的命令即可继续。")
        sys.exit(130)


def say(sentence: str) -> None:
    """On stderr: stdout belongs to the program, whose ``--json`` is one document."""
    print(sentence, file=sys.stderr, flush=True)


def prepare(screen: bool, tests: bool = False) -> Path:
    """The environment's Python, made first where it is missing, half-made or made from another lock.

    ``screen`` says whether Qt is to draw on an X screen, which takes more system libraries; ``tests``, whether
    programs that tests drive are wanted too, where they may be installed. Raises :class:`Unusable`.
    """
    packages = missing_packages(screen) + (missing_programs() if tests else ())
    ready = [folder for folder in candidates() if is_ready(folder)]
    if not ready and importlib.util.find_spec("ensurepip") is None:
        packages = ("python3-venv", *packages)  # Debian keeps that half of Python there
    if packages:
        install_packages(packages)
    folder = ready[0] if ready else choose_folder()
    if not ready:
        make(folder)
    return python_in(folder)


def program_variables() -> dict[str, str]:
    """The variables under which the environment's Python finds this checkout's ``certclerk``, and no other."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    variables["PYTHONPATH"] = str(CHECKOUT / "src")
    return variables


def hand_over(command: Sequence[str | Path], variables: Mapping[str, str]) -> int:
    """Becomes the command (POSIX), or runs it and gives its exit code (Windows has no exec that waits)."""
    words = [str(word) for word in command]
    if os.name == "posix":
        os.execve(words[0], words, variables)
    with subprocess.Popen(words, env=dict(variables)) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # it got the same Ctrl+C, and decides
                return child.wait()


# Where things are kept


def candidates() -> tuple[Path, Path]:
    return CHECKOUT / ".venv", cache_folder() / ".venv"


def keep(name: str) -> Path:
    """``name`` in the checkout where that can be written, else in the user's cache folder."""
    own = CHECKOUT / name
    return own if is_writable(own if own.exists() else CHECKOUT) else cache_folder() / name


def cache_folder() -> Path:
    """This checkout's folder among the user's caches; not made here."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    key = hashlib.sha256(str(CHECKOUT).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return Path(base) / "certclerk" / key


def is_writable(folder: Path) -> bool:
    """Tried out, because Windows answers ``os.access`` without looking at a folder's rights."""
    probe = folder / f".certclerk-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def choose_folder() -> Path:
    """Where to make the environment: never over a ``.venv`` that somebody else made."""
    folder = keep(".venv")
    if folder.exists() and any(folder.iterdir()) and not (folder / GUARD).exists():
        return cache_folder() / ".venv"
    return folder


# The environment


def python_in(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def fingerprint() -> str:
    """What an environment must have been made from to be used as it is."""
    return f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {sys.implementation.cache_tag} {sys.platform}\n"


def is_ready(folder: Path) -> bool:
    try:
        stamp = (folder / STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp == fingerprint() and python_in(folder).exists()


def make(folder: Path) -> None:
    """Makes the environment anew; interrupted anywhere, it has no stamp and the next start does this again."""
    say(f"正在准备运行环境（只在第一次或更新后需要，要下载约 150 MB）：{folder}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with held(folder / GUARD) as inherited:
            if is_ready(folder):
                return  # made by another start while this one waited
            clear(folder)
            install_locked(folder, inherited)
            aside = folder / f"{STAMP}.new"
            aside.write_text(fingerprint(), encoding="utf-8")
            aside.replace(folder / STAMP)
    except OSError as error:
        raise Unusable(
            f"无法在 {folder} 准备运行环境：{error.strerror or error}。"
            "请关闭正在运行的 certclerk，检查磁盘空间和权限后再运行同样的命令。"
        ) from error


def clear(folder: Path) -> None:
    """The stamp goes first, so that no half-cleared environment is ever taken for a whole one."""
    (folder / STAMP).unlink(missing_ok=True)
    for entry in folder.iterdir():
        if entry.name == GUARD:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def install_locked(folder: Path, inherited: Sequence[int]) -> None:
    """Exactly what is locked: hashes required, nothing resolved, nothing built from source."""
    pip = [str(python_in(folder)), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    steps = (
        ([sys.executable, "-m", "venv", str(folder)], "无法建立 Python 虚拟环境"),
        (
            [*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(LOCK)],
            "无法安装程序所需的组件。请检查网络（访问慢时可用环境变量 PIP_INDEX_URL 指定镜像）",
        ),
    )
    variables = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")
    }
    for command, failure in steps:
        done = subprocess.run(command, env=variables, stdout=sys.stderr, check=False, pass_fds=inherited)
        if done.returncode != 0:
            raise Unusable(f"{failure}，然后再运行同样的命令；详情见上面的输出。")


@contextlib.contextmanager
def held(path: Path) -> Iterator[Sequence[int]]:
    """Holds a file against other starts; gives the descriptors that children must inherit.

    With them a child that outlives a killed start keeps the next one waiting, instead of both
    writing into one folder. Windows locks belong to a process, so nothing is inherited there.
    """
    with path.open("ab") as guard:
        if sys.platform == "win32":
            import msvcrt

            guard.seek(0)
            while True:
                with contextlib.suppress(OSError):  # it gives up after ten seconds
                    msvcrt.locking(guard.fileno(), msvcrt.LK_LOCK, 1)
                    break
            yield ()
        else:
            import fcntl

            fcntl.flock(guard, fcntl.LOCK_EX)
            yield (guard.fileno(),)


# System libraries


def missing_packages(screen: bool, loads: Callable[[str], object] = ctypes.CDLL) -> tuple[str, ...]:
    """The Debian packages whose libraries cannot be loaded; ``loads`` raises OSError for such a one."""
    if not sys.platform.startswith("linux"):
        return ()
    wanted = {**QT_LIBRARIES, **SCREEN_LIBRARIES} if screen else QT_LIBRARIES
    return tuple(package for library, package in wanted.items() if not _loads(library, loads))


def missing_programs() -> tuple[str, ...]:
    """The Debian packages of programs that are missing, where they may be installed; else says what that means."""
    packages = tuple(package for program, package in TESTED_PROGRAMS.items() if shutil.which(program) is None)
    if not packages or not sys.platform.startswith("linux"):
        return ()
    if may_install():
        return packages
    say(f"没有装 {' '.join(packages)}，用到它们的测试会跳过。")
    return ()


def may_install() -> bool:
    return sys.platform != "win32" and shutil.which("apt-get") is not None and os.geteuid() == 0


def _loads(library: str, loads: Callable[[str], object]) -> bool:
    try:
        loads(library)
    except OSError:
        return False
    return True


def install_packages(packages: Iterable[str]) -> None:
    """By apt-get as root, where there is one; otherwise :class:`Unusable` says what to install."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise Unusable(f"系统缺少几个组件，请安装后再运行同样的命令（下面是 Debian 的名称）：\n{names}")
    install = f"apt-get install -y {names}"
    if sys.platform == "win32" or os.geteuid() != 0:
        raise Unusable(
            f"系统缺少几个软件包，请用管理员（root）身份运行下面一行，再运行同样的命令：\n{install}"
        )
    say(f"正在安装系统软件包：{names}")
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Another apt-get may be at work, as on a desktop that updates itself.
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*apt, "update"], env=variables, stdout=sys.stderr, check=False)
    command = [*apt, "install", "-y", "--no-install-recommends", *names.split()]
    if subprocess.run(command, env=variables, stdout=sys.stderr, check=False).returncode != 0:
        raise Unusable(f"系统软件包没有装上，请检查网络，运行下面一行，再运行同样的命令：\n{install}")


# The screen


def can_open_window(variables: Mapping[str, str]) -> bool:
    """Whether there is a display, or Qt was told to draw somewhere that needs none."""
    if not sys.platform.startswith("linux"):
        return True
    displays = variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY")
    return bool(displays) or _platform(variables) not in ("", "xcb", "wayland")


def draws_on_x(variables: Mapping[str, str]) -> bool:
    return bool(variables.get("DISPLAY")) and _platform(variables) in ("", "xcb")


def _platform(variables: Mapping[str, str]) -> str:
    return variables.get("QT_QPA_PLATFORM", "").split(":")[0]
