"""Outside programs beside ours: what they say comes at once, and they end when they hang or are not wanted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from certclerk.system.process import Ended, ProcessStopped, Stop, follow

SAYS = "import sys, time, os, signal, subprocess\nsay = lambda *words: print(*words, flush=True)\n"


def run(
    script: str,
    said: Callable[[str], None] = lambda _line: None,
    *,
    silence: float = 20,
    cancelled: Callable[[], bool] = lambda: False,
    grace: float = 5,
    last_word: bytes = b"",
) -> Ended:
    return follow(
        [sys.executable, "-c", SAYS + script],
        said,
        silence=silence,
        cancelled=cancelled,
        grace=grace,
        last_word=last_word,
    )


def is_alive(pid: int, seconds: float = 5) -> bool:
    """Whether it still is after a while: one that was killed takes a moment to go."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state == "Z":
            return False
        time.sleep(0.01)
    return True


def test_each_line_comes_when_it_is_said(tmp_path: Path) -> None:
    """The program goes on only after its first line was heard."""
    heard: list[str] = []

    def said(line: str) -> None:
        heard.append(line)
        (tmp_path / "heard").touch()

    script = (
        f"say('䶮')\nwhile not os.path.exists({str(tmp_path / 'heard')!r}): time.sleep(0.01)\n"
        "print('half', end='', flush=True); print(' a line')\nprint('oh', file=sys.stderr)\nsys.exit(3)"
    )
    assert run(script, said) == Ended(3, "oh\n")
    assert heard == ["䶮", "half a line"]


def test_a_crash_tells_its_signal() -> None:
    assert run("os.kill(os.getpid(), signal.SIGSEGV)").code == -11


def test_what_does_not_start_says_why() -> None:
    with pytest.raises(ProcessStopped) as caught:
        follow(["/nowhere/at-all"], lambda _line: None, silence=1)
    assert (caught.value.stop, caught.value.reason) == (Stop.START, "No such file or directory")


def test_silence_ends_it_but_a_sign_of_life_on_either_pipe_does_not() -> None:
    alive = "for _ in range(8): time.sleep(0.1); print('.', end='', file=sys.stderr, flush=True)"
    assert run(alive, silence=0.6).code == 0
    begun = time.monotonic()
    with pytest.raises(ProcessStopped) as caught:
        run("say('one')\ntime.sleep(60)", silence=0.5)
    assert caught.value.stop is Stop.SILENT
    assert time.monotonic() - begun < 10


def test_cancelled_it_may_finish_what_it_is_at() -> None:
    """Asked to end, a scanner's program puts its carriage back and hands over the page that is done."""
    heard: list[str] = []
    script = "signal.signal(signal.SIGTERM, lambda *_: (say('page 2'), sys.exit(0)))\nsay('page 1')\ntime.sleep(60)"
    with pytest.raises(ProcessStopped) as caught:
        run(script, heard.append, cancelled=lambda: bool(heard))
    assert (caught.value.stop, heard) == (Stop.CANCELLED, ["page 1", "page 2"])


def test_what_will_not_end_is_ended_with_all_that_it_started() -> None:
    heard: list[str] = []
    script = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal, time\\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\\nprint(1, flush=True)\\ntime.sleep(60)'],"
        " stdout=subprocess.PIPE)\nchild.stdout.read(1)\nsay(child.pid)\ntime.sleep(60)"
    )
    with pytest.raises(ProcessStopped):
        run(script, heard.append, cancelled=lambda: bool(heard), grace=0.3)
    assert not is_alive(int(heard[0]))


def test_a_grandchild_that_holds_the_pipes_ends_with_its_parent() -> None:
    heard: list[str] = []
    script = "say(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    begun = time.monotonic()
    assert run(script, heard.append).code == 0
    assert time.monotonic() - begun < 10
    assert not is_alive(int(heard[0]))


def test_a_listener_that_fails_leaves_nothing_running() -> None:
    heard: list[str] = []

    def said(line: str) -> None:
        heard.append(line)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        run("say(os.getpid())\ntime.sleep(60)", said)
    assert not is_alive(int(heard[0]))


def test_a_grandchild_that_left_the_group_keeps_nobody_waiting(tmp_path: Path) -> None:
    heard: list[str] = []
    script = (
        "child = subprocess.Popen([sys.executable, '-c', 'import time, os, sys\\n"
        "while not os.path.exists(sys.argv[1]): time.sleep(0.05)', "
        f"{str(tmp_path / 'over')!r}], start_new_session=True)\nsay(child.pid)"
    )
    begun = time.monotonic()
    assert run(script, heard.append).code == 0
    assert time.monotonic() - begun < 10
    (tmp_path / "over").touch()
    assert not is_alive(int(heard[0]))


def test_many_that_are_left_in_the_middle_disturb_none_after_them() -> None:
    """Each is left while its pipes are full of words; the next one's pipes have the same numbers."""

    def fail(_line: str) -> None:
        raise OSError("no more")

    flood = "while True: say('x' * 1000); print('y' * 1000, file=sys.stderr)"
    for _ in range(5):
        with pytest.raises(OSError, match="no more"):
            run(flood, fail)
        heard: list[str] = []
        assert run("say('one')\nsay('two')", heard.append).code == 0
        assert heard == ["one", "two"]


@pytest.mark.parametrize("word", [b"over", b""])
def test_what_hangs_with_everything_said_has_ended(word: bytes) -> None:
    """Without a last word it is one that is silent."""
    script = "say('one')\nprint('all is over', file=sys.stderr, flush=True)\ntime.sleep(60)"
    heard: list[str] = []
    if word:
        assert run(script, heard.append, grace=0.5, last_word=word).lingered
    else:
        with pytest.raises(ProcessStopped) as stopped:
            run(script, heard.append, grace=0.5, silence=1)
        assert stopped.value.stop is Stop.SILENT
    assert heard == ["one"]
