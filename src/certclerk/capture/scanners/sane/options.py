"""A SANE driver's options, as ``scanimage -A`` prints them, and what they mean to us.

Drivers name their sources and modes freely; the tables below know their words by what they contain, from the
option lists of the drivers in sane-backends and of the makers' own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from certclerk.capture.scanners.areas import clipped
from certclerk.capture.scanners.scanner import Mode, Offer, Resolutions, Settings, Source

T = TypeVar("T")

# `    --resolution 75|150|300dpi [75]`, `    -x 0..215.9mm (in steps of 0.1) [215.9]`, `    --duplex[=(yes|no)] [no]`
_OPTION = re.compile(
    r"^ {4}--?(?P<name>[A-Za-z][\w-]*)(?:\[=\((?P<switch>[^)]*)\)\])?(?: (?P<values>.*?))? \[(?P<now>(?:[^\[\]]|\[[^\]]*\])*)\]"
    r"(?: \[(?P<flag>[a-z-]+)\])?$"
)
_RANGE = re.compile(
    r"^(?P<low>-?[\d.]+)\.\.(?P<high>-?[\d.]+)(?P<unit>[a-z%]*)(?: \(in steps of (?P<step>[\d.]+)\))?$"
)
_CANNOT_SET = ("inactive", "read-only")

# The first pattern that a driver's word contains says what it is; None: not for paper, or not for us.
_SOURCES: tuple[tuple[str, Source | None], ...] = (
    (r"transparen|negative|positive|slide|film|tpu|card|back\b|rear", None),
    (r"duplex|both|dual", Source.DUPLEX),
    (r"adf|feeder|sheet", Source.FEEDER),
    (r"flat|platen|normal|glass|^fb$", Source.FLATBED),
)
_MODES: tuple[tuple[str, Mode | None], ...] = (
    (r"48|infrared|raw|halftone|diffusion|dither", None),
    (r"colou?r|24 ?bit|rgb", Mode.COLOUR),
    (r"gr[ae]y", Mode.GREY),
    (r"line ?art|black|binary|mono|b&w|b/w", Mode.LINEART),
)
# Drivers that do not put it among the sources: option -> the value for both sides.
_BOTH_SIDES = (("adf-mode", "Duplex"), ("duplex", "yes"))


@dataclass(frozen=True, slots=True)
class Choice:
    """What an option can be set to: ``words``, or numbers up to ``highest`` in ``unit``."""

    words: tuple[str, ...] = ()
    lowest: float = 0
    highest: float = 0
    step: float = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """The options that can be set now, by name without dashes."""

    choices: Mapping[str, Choice] = field(default_factory=dict)

    def words(self, name: str) -> tuple[str, ...]:
        return self.choices.get(name, Choice()).words

    def sources(self) -> dict[Source, str]:
        """Source -> the driver's word; a driver without sources has a flatbed, named ''."""
        known = _known(self.words("source"), _SOURCES)
        if not known:
            return {Source.FLATBED: ""}
        if Source.FEEDER in known and self.both_sides():
            known.setdefault(Source.DUPLEX, known[Source.FEEDER])
        return {source: known[source] for source in Source if source in known}

    def modes(self) -> dict[Mode, str]:
        known = _known(self.words("mode"), _MODES)
        return {mode: known[mode] for mode in Mode if mode in known}

    def both_sides(self) -> tuple[str, str] | None:
        """The option and value that make a feeder scan both sides, where that is no source of its own."""
        return next((pair for pair in _BOTH_SIDES if pair[1] in self.words(pair[0])), None)

    def largest(self) -> tuple[float, float] | None:
        across, down = self.choices.get("x", Choice()), self.choices.get("y", Choice())
        if across.unit != "mm" or down.unit != "mm" or across.highest <= 0 or down.highest <= 0:
            return None
        return across.highest, down.highest

    def resolutions(self) -> Resolutions:
        choice = self.choices.get("resolution", Choice())
        listed = tuple(sorted({int(float(word)) for word in choice.words if _is_number(word)}))
        return Resolutions(listed, int(choice.lowest), int(choice.highest), max(1, int(choice.step)))

    def offer(self, source: Source) -> Offer:
        return Offer(source, tuple(self.modes()) or (Mode.COLOUR,), self.resolutions(), self.largest())


def parsed(text: str) -> Options:
    """Of ``scanimage -A``; what it cannot read is left out."""
    choices = {}
    for line in text.splitlines():
        option = _OPTION.match(line)
        if option and option["now"] not in _CANNOT_SET and option["flag"] not in _CANNOT_SET:
            choices[option["name"]] = _choice(option["switch"] or option["values"] or "")
    return Options(choices)


def arguments(options: Options, settings: Settings) -> list[str]:
    """What makes ``scanimage`` scan with ``settings``; the options are those that hold once the source is set.

    The order counts: a driver checks each against those before it.
    """
    wanted: list[tuple[str, str]] = []
    if word := options.sources().get(settings.source):
        wanted.append(("--source", word))
    if sides := options.both_sides():
        other = next((word for word in options.words(sides[0]) if word != sides[1]), "")
        wanted.append((f"--{sides[0]}", sides[1] if settings.source is Source.DUPLEX else other))
    if word := options.modes().get(settings.mode):
        wanted.append(("--mode", word))
    if "8" in options.words("depth") and settings.mode is not Mode.LINEART:
        wanted.append(("--depth", "8"))
    if "resolution" in options.choices:
        wanted.append(("--resolution", str(options.resolutions().nearest(settings.dpi))))
    largest = options.largest()
    area = clipped(settings.area, largest)
    left, top, width, height = (
        (area.x, area.y, area.width, area.height) if area else (0, 0, *(largest or (0, 0)))
    )
    if largest is not None:
        # A feeder centres the paper by its own size.
        for name, value in (("page-width", left + width), ("page-height", top + height)):
            if name in options.choices:
                wanted.append((f"--{name}", f"{value:g}"))
        wanted += [("-l", f"{left:g}"), ("-t", f"{top:g}"), ("-x", f"{width:g}"), ("-y", f"{height:g}")]
    return [
        part
        for name, value in wanted
        for part in ([f"{name}={value}"] if name.startswith("--") else [name, value])
    ]


def _choice(values: str) -> Choice:
    numbers = _RANGE.match(values)
    if numbers:
        low, high, step = float(numbers["low"]), float(numbers["high"]), float(numbers["step"] or 0)
        return Choice(lowest=low, highest=high, step=step, unit=numbers["unit"])
    listed = re.fullmatch(r"(.*?[\d.])(dpi|mm|pel|bit|us|%)", values)
    return Choice(words=tuple((listed[1] if listed else values).split("|")))


def _known(words: tuple[str, ...], table: tuple[tuple[str, T | None], ...]) -> dict[T, str]:
    found: dict[T, str] = {}
    for word in words:
        meant = next((meaning for pattern, meaning in table if re.search(pattern, word, re.IGNORECASE)), None)
        if meant is not None:
            found.setdefault(meant, word)
    return found


def _is_number(word: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", word) is not None
