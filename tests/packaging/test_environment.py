"""The two commands, run for real in a checkout of their own with an empty lock and a stand-in program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import environment

CHECKOUT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "prefix": sys.prefix, "path": os.environ["PYTHONPATH"]}))
sys.exit(7)
"""


def make_checkout(folder: Path) -> Path:
    """A checkout with our scripts, nothing in its lock, and a program that tells how it was started."""
    (folder / "packaging").mkdir(parents=True)
    for name in ("environment.py", "start.py", "check.py"):
        shutil.copy(CHECKOUT / "packaging" / name, folder / "packaging")
    (folder / "packaging" / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    package = folder / "src" / "certclerk"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    return folder


def run_script(
    checkout: Path, *arguments: str, script: str = "start.py", **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "packaging" / script), *arguments],
        env=screenless() | {"XDG_CACHE_HOME": str(checkout.parent / "cache")} | variables,
        cwd=checkout.parent,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def screenless() -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in hidden}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A checkout after its first start."""
    checkout = make_checkout(tmp_path_factory.mktemp("a folder") / "泉州 第一")
    return checkout, run_script(checkout, "list", "某 校.certclerk", "--json")


def test_first_start_makes_the_environment_and_hands_over(
    started: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    checkout, run = started
    assert run.returncode == 7, run.stderr
    assert "正在准备运行环境" in run.stderr
    # stdout is the program's alone
    assert run.stdout.startswith('{"arguments": ["list", "\\u67d0 \\u6821.certclerk", "--json"], "prefix": ')
    assert run.stdout.count("\n") == 1
    assert (checkout / ".venv" / "certclerk.stamp").is_file()


def test_second_start_makes_nothing(started: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    checkout, first = started
    stamped = (checkout / ".venv" / "certclerk.stamp").stat().st_mtime_ns
    run = run_script(checkout, "list", "某 校.certclerk", "--json")
    assert (run.returncode, run.stdout, run.stderr) == (7, first.stdout, "")
    assert (checkout / ".venv" / "certclerk.stamp").stat().st_mtime_ns == stamped


def test_a_start_that_failed_half_way_is_healed_by_the_next(tmp_path: Path) -> None:
    """A lock without hashes is refused after the environment was begun: no stamp, so all is made again."""
    checkout = make_checkout(tmp_path / "checkout")
    lock = checkout / "packaging" / "requirements.lock"
    lock.write_text("platformdirs==4.14.7\n", encoding="utf-8")
    run = run_script(checkout, "list")
    assert run.returncode == 2
    assert run.stderr.endswith("然后再运行同样的命令；详情见上面的输出。\n")
    assert not (checkout / ".venv" / "certclerk.stamp").exists()
    rubbish = checkout / ".venv" / "lib" / "rubbish"
    rubbish.touch()

    lock.write_text("# nothing\n", encoding="utf-8")
    assert run_script(checkout, "list").returncode == 7
    assert not rubbish.exists()
    assert (checkout / ".venv" / "certclerk.stamp").is_file()


@pytest.mark.parametrize(
    ("inside", "ours"),
    [((), True), (("certclerk.lock", "lib"), True), (("pyvenv.cfg",), False)],
    ids=["empty", "half-made", "a stranger's"],
)
def test_only_our_own_environment_is_made_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, inside: tuple[str, ...], ours: bool
) -> None:
    monkeypatch.setattr(environment, "CHECKOUT", tmp_path)
    own = tmp_path / ".venv"
    own.mkdir()
    for name in inside:
        (own / name).touch()
    assert environment.choose_folder() == (own if ours else environment.cache_folder() / ".venv")


def test_another_lock_needs_another_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("one\n", encoding="utf-8")
    monkeypatch.setattr(environment, "LOCK", lock)
    python = environment.python_in(tmp_path / "venv")
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / "venv" / "certclerk.stamp").write_text(environment.fingerprint(), encoding="utf-8")
    assert environment.is_ready(tmp_path / "venv")
    lock.write_text("two\n", encoding="utf-8")
    assert not environment.is_ready(tmp_path / "venv")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a screen")
@pytest.mark.parametrize("arguments", [(), ("某校.certclerk",)])
def test_without_a_screen_the_window_is_refused_before_anything_is_made(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    checkout = make_checkout(tmp_path / "checkout")
    run = run_script(checkout, *arguments)
    assert run.returncode == 2
    assert run.stdout == ""
    assert "xvfb-run -a python3 packaging/start.py" in run.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a screen")
@pytest.mark.parametrize(
    ("variables", "window", "on_x"),
    [
        ({}, False, False),
        ({"DISPLAY": ""}, False, False),
        ({"DISPLAY": ":0"}, True, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True, False),
        ({"QT_QPA_PLATFORM": "offscreen"}, True, False),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, True, False),
        ({"QT_QPA_PLATFORM": "xcb"}, False, False),
        ({"QT_QPA_PLATFORM": "vnc:size=1366x768"}, True, False),
    ],
)
def test_screen(variables: Mapping[str, str], window: bool, on_x: bool) -> None:
    assert environment.can_open_window(variables) is window
    assert environment.draws_on_x(variables) is on_x


def lacking(*libraries: str) -> Callable[[str], object]:
    def load(library: str) -> object:
        if library in libraries:
            raise OSError(f"{library}: cannot open shared object file")
        return object()

    return load


@pytest.mark.skipif(sys.platform != "linux", reason="only there Qt takes libraries from the system")
def test_only_what_is_missing_is_asked_for() -> None:
    gone = lacking("libEGL.so.1", "libxcb-cursor.so.0")
    assert environment.missing_packages(False, loads=gone) == ("libegl1",)
    assert environment.missing_packages(True, loads=gone) == ("libegl1", "libxcb-cursor0")
    assert environment.missing_packages(True, loads=lacking()) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="apt-get")
def test_an_ordinary_user_gets_the_exact_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(environment.shutil, "which", lambda _: "/usr/bin/apt-get")
    with pytest.raises(environment.Unusable) as refusal:
        environment.install_packages(("python3-venv", "libgl1"))
    assert str(refusal.value).splitlines()[-1] == "apt-get install -y python3-venv libgl1"


@pytest.mark.skipif(sys.platform != "linux", reason="apt-get")
@pytest.mark.parametrize(("user", "wanted"), [(0, ("sane-utils",)), (1000, ())])
def test_programs_for_tests_are_installed_where_that_is_allowed_and_missed_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], user: int, wanted: tuple[str, ...]
) -> None:
    monkeypatch.setattr(environment.os, "geteuid", lambda: user)
    monkeypatch.setattr(
        environment.shutil, "which", lambda name: None if name == "scanimage" else f"/usr/bin/{name}"
    )
    assert environment.missing_programs() == wanted
    assert ("没有装 sane-utils" in capsys.readouterr().err) is (user != 0)


@pytest.mark.parametrize("script", ["start.py", "check.py"])
def test_an_old_python_is_told_in_two_languages(script: str) -> None:
    pretence = (
        "import runpy, sys; sys.version_info = (3, 9, 2); sys.path.insert(0, sys.argv[1]);"
        "runpy.run_path(sys.argv[1] + '/' + sys.argv[2], run_name='__main__')"
    )
    run = subprocess.run(
        [sys.executable, "-c", pretence, str(CHECKOUT / "packaging"), script],
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 2
    assert "需要 Python 3.11" in run.stderr
    assert "needs Python 3.11" in run.stderr
    assert "3.9.2" in run.stderr


@pytest.mark.parametrize(
    ("failing", "code", "marks"),
    [("", 0, ["ok", "ok", "ok", "ok"]), ("mypy pytest", 5, ["ok", "ok", "FAILED", "FAILED"])],
)
def test_check_runs_all_and_reports_the_first_failure(
    started: tuple[Path, subprocess.CompletedProcess[str]],
    tmp_path: Path,
    failing: str,
    code: int,
    marks: list[str],
) -> None:
    """With stand-ins for the four tools: each says its name, the failing ones exit with 5."""
    checkout = shutil.copytree(started[0], tmp_path / "checkout", symlinks=True)
    for tool in ("ruff", "mypy", "pytest"):
        (checkout / "src" / f"{tool}.py").write_text(
            f"import os, sys\nprint('ran {tool}', *sys.argv[1:], os.environ['QT_QPA_PLATFORM'])\n"
            f"sys.exit(5 if {tool!r} in {failing.split()!r} else 0)\n",
            encoding="utf-8",
        )
    run = run_script(checkout, "-k", "some", script="check.py", QT_QPA_PLATFORM="xcb")
    assert run.returncode == code, run.stderr
    ran = [line for line in run.stdout.splitlines() if line.startswith("ran ")]
    assert [line.split()[1] for line in ran] == ["ruff", "ruff", "mypy", "pytest"]
    assert ran[-1].endswith("-k some offscreen")
    assert [line.split()[0] for line in run.stdout.splitlines()[-4:]] == marks
