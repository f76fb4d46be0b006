"""Children that answer, refuse, hang, flood and die: each is told apart, and nothing of them stays."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certclerk.core.errors import UserError
from certclerk.system.child import ChildBroken, ChildFailed, Failure, Limits, Packet, asked, program, streamed

LIMITS = Limits(seconds=20, memory_mb=300, answer_mb=1)
WORK = """
import os, sys, subprocess
from certclerk.core.errors import UserError
from certclerk.system.child import Limits, answer
def work():
{body}
sys.exit(answer(work, Limits({seconds}, {memory}, 1)))
"""

posix = pytest.mark.skipif(os.name != "posix", reason="resource limits and FIFOs")


def child(body: str, *arguments: str, seconds: float = 20) -> list[str]:
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    script = WORK.format(body=indented, seconds=seconds, memory=LIMITS.memory_mb)
    return [sys.executable, "-c", script, *arguments]


def failure(command: list[str], limits: Limits = LIMITS) -> Failure:
    with pytest.raises(ChildFailed) as caught:
        list(asked(command, limits))
    return caught.value.failure


def test_documents_cross_in_order() -> None:
    body = r"yield {'名': ['刘䶮', '\U00020bb7', '\udc80', None, 1.5]}; yield []; yield 'ends\nhere'"
    assert list(asked(child(body), LIMITS)) == [
        {"名": ["刘䶮", "\U00020bb7", "\udc80", None, 1.5]},
        [],
        "ends\nhere",
    ]


def test_a_user_error_crosses_unchanged() -> None:
    body = "yield 1\nraise UserError('roster_too_big', file='名册.xlsx', size=120, most=100)"
    with pytest.raises(UserError) as caught:
        asked(child(body), LIMITS)
    same = UserError("roster_too_big", file="名册.xlsx", size=120, most=100)
    assert (caught.value.code, caught.value.facts, str(caught.value)) == (same.code, same.facts, str(same))


def test_what_is_printed_is_no_part_of_the_answer() -> None:
    body = "print('stray', flush=True); os.system('echo stray'); yield 1"
    assert list(asked(child(body), LIMITS)) == [1]


def test_a_hang_is_ended() -> None:
    body = "import threading; yield 1; threading.Event().wait()"
    assert failure(child(body), Limits(0.5, 300, 1)) is Failure.TIME


@posix
def test_what_the_child_started_ends_with_it(tmp_path: Path) -> None:
    """Its own child holds a pipe open that only ends when it does; so does a hanging child's."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    start = (
        "held = os.open(sys.argv[1], os.O_WRONLY)\n"
        "subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'], pass_fds=[held])\n"
        "yield 1\n"
    )
    for body, seconds in ((start, 20), (start + "import signal; signal.pause()", 2)):
        reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        try:
            if seconds < 20:
                assert failure(child(body, str(fifo)), Limits(seconds, 300, 1)) is Failure.TIME
            else:
                assert list(asked(child(body, str(fifo)), LIMITS)) == [1]
            os.set_blocking(reading, True)
            assert os.read(reading, 1) == b""
        finally:
            os.close(reading)


@posix
def test_memory_is_capped() -> None:
    assert failure(child("yield len(bytearray(400_000_000))")) is Failure.MEMORY


@posix
def test_the_child_caps_itself() -> None:
    """So that it comes to an end, and to rest, even where nobody is left to end it."""
    body = "import resource\nyield [resource.getrlimit(r)[0] for r in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)]"
    assert list(asked(child(body), LIMITS)) == [[300_000_000, 21, 0]]


def test_an_abort_for_want_of_memory_is_told_from_a_crash() -> None:
    words = r"os.write(2, b'memory allocation of 8 bytes failed\n')"
    assert failure(child(f"yield 1\n{words}\nos.abort()")) is Failure.MEMORY
    assert failure(child("yield 1\nos.abort()")) is Failure.CRASH
    assert failure(child("yield 1\nos._exit(0)")) is Failure.CRASH
    assert failure([sys.executable, "-c", "pass"]) is Failure.CRASH


def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed) as caught:
        asked([str(tmp_path / "none")], LIMITS)
    assert caught.value.failure is Failure.START
    assert caught.value.reason


def test_a_flood_is_dammed() -> None:
    assert failure(child("while True: yield 'x' * 1000")) is Failure.MEMORY


def test_a_bug_comes_with_its_traceback() -> None:
    for command in (child("yield 1 / 0"), [sys.executable, "-c", "1 / 0"]):
        with pytest.raises(ChildBroken, match="ZeroDivisionError"):
            asked(command, LIMITS)


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program("_verb", "a b") == [sys.executable, "-P", "-m", "certclerk", "_verb", "a b"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program("_verb", "a b") == [sys.executable, "_verb", "a b"]


def streaming(body: str, given: bytes = b"", limits: Limits = LIMITS) -> Iterator[Any]:
    script = child(body)
    script[2] = script[2].replace("answer(work, Limits(", "answer(work, at_once=True, limits=Limits(")
    return streamed(script, limits, given)


def test_a_stream_hands_over_what_is_there_while_the_child_goes_on() -> None:
    """It would never end: the first documents come all the same, and closing ends it."""
    documents = streaming("yield sys.stdin.read()\nwhile True: yield 2", b"1" * 300_000)
    assert next(documents) == "1" * 300_000
    assert [next(documents) for _ in range(3)] == [2, 2, 2]
    documents.close()


def test_bytes_cross_a_stream_as_they_are() -> None:
    packet = "from certclerk.system.child import Packet"
    documents = streaming(
        f"{packet}\nyield Packet({{'page': 1}}, bytes(range(256)) * 2000)\nyield 2\nyield Packet(3, b'')"
    )
    assert list(documents) == [Packet({"page": 1}, bytes(range(256)) * 2000), 2, Packet(3, b"")]


def test_a_stream_that_ends_within_bytes_is_broken() -> None:
    announced = 'import json; print(json.dumps({"packed": 500, "document": 1}), flush=True); print("few")'
    with pytest.raises(ChildFailed) as caught:
        next(streamed([sys.executable, "-c", announced], LIMITS, b""))
    assert caught.value.failure is Failure.CRASH


def test_a_stream_tells_a_refusal_after_its_documents() -> None:
    documents = streaming("yield 1\nraise UserError('image_empty', name='x')")
    assert next(documents) == 1
    with pytest.raises(UserError, match="空文件"):
        next(documents)


@pytest.mark.parametrize(
    ("body", "limits", "failed"),
    [
        ("yield 1; import threading; threading.Event().wait()", Limits(1.5, 300, 1), Failure.TIME),
        ("yield 1; yield 'x' * 3_000_000", LIMITS, Failure.MEMORY),
        (
            "from certclerk.system.child import Packet; yield 1; yield Packet(2, bytes(3_000_000))",
            LIMITS,
            Failure.MEMORY,
        ),
        ("yield 1; os.abort()", LIMITS, Failure.CRASH),
        ("yield 1; held = bytes(10**10)", LIMITS, Failure.MEMORY),
    ],
)
def test_a_stream_breaks_off_as_a_whole_answer_does(body: str, limits: Limits, failed: Failure) -> None:
    if failed is Failure.MEMORY and "held" in body and os.name != "posix":
        pytest.skip("resource limits")
    documents = streaming(body, b"", limits)
    assert next(documents) == 1
    with pytest.raises(ChildFailed) as caught:
        next(documents)
    assert caught.value.failure is failed


def test_a_child_that_dies_before_it_reads_is_told_from_one_that_answers() -> None:
    with pytest.raises(ChildFailed):
        next(streamed([sys.executable, "-c", "pass"], LIMITS, b"x" * 5_000_000))
