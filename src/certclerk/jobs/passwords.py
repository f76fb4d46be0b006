"""Passwords of encrypted files that are taken in: asked for when they are needed, kept in memory for one job at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from certclerk.core.errors import UserError

T = TypeVar("T")

NEEDED, WRONG = "pdf_encrypted", "pdf_wrong_password"


@dataclass(frozen=True, slots=True)
class Password:
    """``for_rest``: to be tried on the files that follow before the clerk is asked again."""

    text: str
    for_rest: bool = False

    def __repr__(self) -> str:
        # What is logged of a failure names values.
        return "Password(…)"


# Called with a file's name, and whether the password given just before was wrong; None leaves that file out.
Ask = Callable[[str, bool], Password | None]


def ask_nobody(_name: str, _wrong: bool) -> None:
    """For those who have nobody to ask: encrypted files are refused, with a sentence that says what to do."""


class Passwords:
    """Those of one job."""

    def __init__(self, ask: Ask = ask_nobody) -> None:
        self._ask = ask
        self._kept: str | None = None

    def opening(self, name: str, work: Callable[[str | None], T]) -> T:
        """``work(password)``: without one, then with the kept one, then with what is asked for until it is right.

        Raises what ``work`` raises; UserError ``pdf_encrypted`` when there is no answer.
        """
        try:
            return work(None)
        except UserError as error:
            if error.code != NEEDED:
                raise
            refused = error
        kept = Password(self._kept, True) if self._kept is not None else None
        wrong = False
        while answer := kept or self._ask(name, wrong):
            try:
                done = work(answer.text)
            except UserError as error:
                if error.code != WRONG:
                    raise
                # That a kept password does not fit is nobody's mistake.
                wrong, kept = kept is None, None
                continue
            self._kept = answer.text if answer.for_rest else None
            return done
        raise refused
