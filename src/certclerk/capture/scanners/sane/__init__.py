"""Scanners through SANE: ``scanimage`` as a child, since a driver may hang, crash or leak.

It writes each page aside (``.part``), gives it its name when it is whole and prints the name
(``--batch-print``); PNM, since that costs the least and its length tells whether it is whole.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from certclerk.capture.scanners.sane.options import Options, arguments, parsed
from certclerk.capture.scanners.sane.pnm import is_whole
from certclerk.capture.scanners.scanner import (
    Capabilities,
    Device,
    Listener,
    Patience,
    ScannedPage,
    ScannerFailed,
    Settings,
    Source,
    Via,
)
from certclerk.system.process import Ended, ProcessStopped, Stop, follow

PROGRAM = "scanimage"
# SANE's words are only its own in this language.
_VARIABLES = {"LC_ALL": "C.UTF-8", "LANGUAGE": ""}

# sane_strstatus() of SANE's frontend, in the order of SANE_Status from 1.
_STATUSES = {
    "Operation not supported": "scanner_settings_refused",
    "Operation was canceled": "scanner_stopped_itself",
    "Device busy": "scanner_busy",
    "Invalid argument": "scanner_settings_refused",
    "End of file reached": "scanner_cut_short",
    "Document feeder jammed": "scanner_jammed",
    "Document feeder out of documents": "scanner_empty",
    "Scanner cover is open": "scanner_cover_open",
    "Error during device I/O": "scanner_io",
    "Out of memory": "scanner_no_memory",
    "Access to resource has been denied": "scanner_no_permission",
}
# Where it cannot even be opened, these say no more than that it is not there.
_NOT_THERE = ("scanner_settings_refused", "scanner_io")
_SENTENCE = re.compile(rf"^scanimage: (.*?)[:( ]+({'|'.join(map(re.escape, _STATUSES))})\)?$", re.MULTILINE)
_LAST_WORD = b"Batch terminated"
_PERCENT = re.compile(rb"Progress: (\d+)")


def devices(patience: Patience) -> tuple[Device, ...]:
    """As ``scanimage`` lists them, cameras included where a driver takes them for scanners."""
    lines: list[str] = []
    ended = _scanimage(["--formatted-device-list", "%d\t%v\t%m%n"], lines.append, patience.listing, patience)
    if ended.code:
        raise _failure(ended)
    split = [line.split("\t") for line in lines if line.count("\t") == 2]
    return tuple(Device(Via.SANE, name, maker, model) for name, maker, model in split)


def capabilities(device: Device, patience: Patience) -> Capabilities:
    options.cache_clear()
    sources = options(device.name, "", patience).sources()
    return Capabilities(
        tuple(options(device.name, word, patience).offer(source) for source, word in sources.items())
    )


@lru_cache(maxsize=16)
def options(name: str, source: str, patience: Patience) -> Options:
    """What can be set once that source (the driver's word; '' its own choice) is; kept, for asking takes seconds."""
    lines: list[str] = []
    chosen = [f"--source={source}"] if source else []
    ended = _scanimage(["-d", name, *chosen, "-A"], lines.append, patience.answer, patience)
    if ended.code:
        raise _failure(ended)
    return parsed("\n".join(lines))


def scan(device: Device, settings: Settings, listener: Listener, patience: Patience) -> None:
    sources = options(device.name, "", patience).sources()
    if settings.source not in sources:
        raise ScannerFailed("scanner_settings_refused", reason=settings.source.label)
    current = options(device.name, sources[settings.source], patience)
    dpi = current.resolutions().nearest(settings.dpi)
    count = 0

    def told(chunk: bytes) -> None:
        if percents := _PERCENT.findall(chunk):
            listener.percent(min(100, int(percents[-1])))

    one = ["--batch-count=1"] if settings.source is Source.FLATBED else []
    with tempfile.TemporaryDirectory(prefix="certclerk-") as folder:

        def deliver(line: str) -> None:
            nonlocal count
            path = Path(line)
            if path.parent != Path(folder):
                # Drivers print what they like.
                return
            data = path.read_bytes()
            path.unlink()
            if not is_whole(data):
                raise ScannerFailed("scanner_cut_short")
            count += 1
            listener.page(ScannedPage(data, dpi))

        ended = _scanimage(
            [
                *("-d", device.name, *arguments(current, settings)),
                *("--format=pnm", f"--batch={folder}/%d.pnm", "--batch-print", "--progress", *one),
            ],
            deliver,
            patience.silence,
            patience,
            told,
        )
    # A driver may hang while it is closed, with everything said.
    if ended.lingered and count and not _statuses(ended):
        return
    if ended.code or ended.lingered or not count:
        failed = _failure(ended)
        # Some versions end so when all that lay in the feeder is scanned.
        if not (count and failed.code == "scanner_empty"):
            options.cache_clear()
            raise failed


def _scanimage(
    words: Sequence[str],
    said: Callable[[str], None],
    silence: float,
    patience: Patience,
    complained: Callable[[bytes], None] = lambda _chunk: None,
) -> Ended:
    try:
        return follow(
            [PROGRAM, *words],
            said,
            silence=silence,
            cancelled=patience.cancelled,
            complained=complained,
            variables=_VARIABLES,
            last_word=_LAST_WORD,
        )
    except ProcessStopped as stopped:
        if stopped.stop is Stop.START:
            raise ScannerFailed(
                "scanner_driver_missing", missing="扫描程序 scanimage（软件包 sane-utils）"
            ) from stopped
        if stopped.stop is Stop.CANCELLED:
            raise ScannerFailed("scanner_cancelled") from stopped
        raise ScannerFailed("scanner_silent", seconds=round(silence)) from stopped


def _statuses(ended: Ended) -> list[tuple[str, str]]:
    """What it was doing, and SANE's words for what it met, in their order."""
    return _SENTENCE.findall(ended.complaints.replace("\r", "\n"))


def _failure(ended: Ended) -> ScannerFailed:
    """What ``scanimage`` ended with, from the last status that it complained of."""
    told = _statuses(ended)
    if not told:
        reason = f"信号 {-ended.code}" if ended.code < 0 else f"代码 {ended.code}"
        return ScannerFailed("scanner_crashed", reason=reason)
    doing, status = told[-1]
    code = _STATUSES[status]
    if doing.startswith("open of device") and code in _NOT_THERE:
        code = "scanner_gone"
    return ScannerFailed(code, reason=status)
