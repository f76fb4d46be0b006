"""Real days from the command line and in the window: whom the program speaks to, what it writes where, and for whom."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from certclerk.core.identity import check_character

from ..capture.scanners.escl_server import FakeScanner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, strace and umask are Linux's")

SOURCE = Path(__file__).resolve().parents[2] / "src"
WINDOW_DAY = Path(__file__).with_name("window_day.py")
UNIT = "泉州第一中学"
NAMES = ("欧阳雪晴", "司徒文博")
IDS = tuple(digits + check_character(digits) for digits in ("35990119800101002", "35990119800101006"))
NUMBERS = ("20133599042000001", "20133599042000002")
CLERK = ("慕容静", "22136813")
STRACE = shutil.which("strace")
OF_NETWORK = re.compile(r"AF_INET6?\b")
CONNECTED = re.compile(
    r"connect\(.*?sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )\"([^\"]+)\""
)


@dataclass
class Day:
    """A school computer of its own: home, temporary files, what the clerk had, what the program made."""

    folder: Path
    traces: list[str] = field(default_factory=list)
    said: str = ""

    def __post_init__(self) -> None:
        for name in ("home", "tmp", "had", "made"):
            (self.folder / name).mkdir(mode=0o700)

    def run(self, *command: str | Path, code: int = 0) -> str:
        """With a umask that hides nothing, and under strace where there is one."""
        trace = self.folder / f"trace{len(self.traces)}"
        watched = [STRACE, "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o", trace] if STRACE else []
        done = subprocess.run(
            [*watched, sys.executable, *command],
            env=self.variables(),
            cwd=self.folder / "made",
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            umask=0,
            check=False,
        )
        assert done.returncode == code, done.stderr + done.stdout
        self.traces.append(trace.read_text(errors="replace") if STRACE else "")
        trace.unlink(missing_ok=True)
        return done.stdout

    def variables(self) -> dict[str, str]:
        home = str(self.folder / "home")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
            "HOME": home,
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(SOURCE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }

    def spoken_to(self) -> set[tuple[str, int]]:
        """Addresses and ports that sockets of the network were connected to; any other use of one is an AssertionError."""
        found = set()
        for line in "\n".join(self.traces).splitlines():
            if not OF_NETWORK.search(line) or re.search(r"\b(socket|getsockname|getpeername)\(", line):
                continue
            connected = CONNECTED.search(line)
            assert connected, line
            found.add((connected[2], int(connected[1])))
        return found

    def sockets(self) -> list[str]:
        return [line for trace in self.traces for line in trace.splitlines() if OF_NETWORK.search(line)]


def write_roster(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        ["序号", "姓名", "性别", "身份证号码", "资格种类", "任教学科", "证书号码", "发证机关", "发证日期"]
    )
    for row in zip(NAMES, IDS, NUMBERS, strict=True):
        sheet.append([None, row[0], "女", row[1], "高级中学", "语文", row[2], "泉州市教育局", "2013-07-01"])
    book.save(path)


def write_scans(folder: Path) -> None:
    folder.mkdir()
    for number, slot in enumerate(("封面", "内页", "备注", "内页2")):
        for name in NAMES[: 2 if number < 3 else 1]:
            page = Image.new("RGB", (620, 874), (240, 50 * number, 40 * len(name) + len(slot)))
            page.putpixel((number, 3), (number, ord(name[0]) % 256, 9))
            page.save(folder / f"{name}{slot}.jpg", dpi=(150, 150))


@pytest.fixture(scope="module")
def scanner() -> Iterator[FakeScanner]:
    with FakeScanner() as made:
        yield made


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The verbs, then the window without a scanner."""
    made = Day(tmp_path_factory.mktemp("day"))
    had, out = made.folder / "had", made.folder / "made"
    write_roster(had / "名册.xlsx")
    write_scans(had / "扫描件")
    (had / "监视").mkdir()
    shutil.move(had / "扫描件" / f"{NAMES[0]}内页2.jpg", had / "另一页.jpg")
    collection, verb = out / "采集.certclerk", ("-m", "certclerk")
    filing = ("--unit", UNIT, "--clerk", CLERK[0], "--phone", CLERK[1])
    made.run(*verb, "new", collection, *filing, "--roster", had / "名册.xlsx", "--scans", had / "扫描件")
    made.run(*verb, "list", collection, "--json")
    made.run(*verb, "package", collection, "--out", out / "报送", "--date", "2017-03-12", "--hold-incomplete")
    made.run(*verb, "verify", out / "报送" / f"{UNIT}_2017-03-12")
    made.said = made.run(WINDOW_DAY, collection, had, out)
    return made


needs_strace = pytest.mark.skipif(STRACE is None, reason="strace is not installed")


@needs_strace
def test_no_socket_of_the_network_is_opened(day: Day) -> None:
    assert day.sockets() == []


@needs_strace
def test_a_typed_scanner_is_the_only_one_spoken_to(day: Day, scanner: FakeScanner, tmp_path: Path) -> None:
    other = Day(tmp_path)
    collection = shutil.copy(day.folder / "made" / "采集.certclerk", other.folder / "made")
    other.run(WINDOW_DAY, collection, day.folder / "had", other.folder / "made", scanner.address)
    host, port = scanner.address.removeprefix("http://").split(":")
    assert other.spoken_to() == {(host, int(port.split("/")[0]))}


@needs_strace
def test_a_socket_is_seen(tmp_path: Path) -> None:
    """The two tests above can fail."""
    one = Day(tmp_path)
    one.run("-c", "import socket; socket.socket().connect_ex(('127.0.0.1', 9))")
    assert one.sockets() != [] and one.spoken_to() == {("127.0.0.1", 9)}
    one.run("-c", "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'1', ('127.0.0.1', 9))")
    with pytest.raises(AssertionError, match="sendto"):
        one.spoken_to()


def test_all_that_was_made_is_for_its_owner_alone(day: Day) -> None:
    made = [path for part in ("home", "tmp", "made") for path in (day.folder / part).rglob("*")]
    open_ones = [
        f"{path.relative_to(day.folder)} {path.stat().st_mode & 0o777:o}"
        for path in made
        if path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)
    ]
    names = {path.name for path in made}
    assert {"采集.certclerk", "归档.certclerk", "recent.json", "certclerk.log", "watch.ini"} <= names
    assert open_ones == []


def test_nobody_is_named_outside_the_clerks_own_files(day: Day) -> None:
    personal = [*NAMES, *(name[:2] for name in NAMES), *IDS, *NUMBERS, *CLERK]
    wanted = [text.encode(code) for text in personal for code in ("utf-8", "utf-16-le", "gb18030")]
    wanted += ["".join(f"\\x{ord(sign):x}" for sign in name).encode() for name in NAMES]
    searched, found = 0, []
    for path in (*(day.folder / "home").rglob("*"), *(day.folder / "tmp").rglob("*")):
        # Backups are the collection once more; 归档并清除 takes them along.
        if path.is_file() and "backups" not in path.parts:
            searched += 1
            data = path.read_bytes()
            found += [f"{path.name}: {text!r}" for text in wanted if text in data]
    assert searched >= 4 and found == []
    # The search can find: the collection itself holds them all.
    data = (day.folder / "made" / "采集.certclerk").read_bytes()
    assert all(text.encode() in data for text in (*NAMES, *IDS, *NUMBERS, *CLERK))


def test_a_bug_is_logged_and_copied_without_people(day: Day) -> None:
    log = next((day.folder / "home").rglob("certclerk.log")).read_text(encoding="utf-8")
    for text in (log, day.said):
        assert "ValueError" in text and "window_day.py" in text
        assert not [name for name in (*NAMES, *IDS, "359901") if name in text]


def test_nothing_temporary_is_left(day: Day) -> None:
    assert list((day.folder / "tmp").rglob("*")) == []
