"""How far two scans of one page are apart, and how far the pages of different holders are, printed on one form.

python tests/bench/quality/bench_rescans.py [HOLDERS]     default: 40, two minutes

Every holder's page has a drawn photo of its own, its own particulars, and seals and entries not quite in the same
place; forms, marks and most words are the same. Each is scanned once as a clerk does it, and again in each of the
ways below. Prints how far the pairs are apart (cells that are surely dark on one and surely not on the other), then
hits and false alarms by threshold: hits among scans of one page, alarms among all pairs of different holders' pages.
"""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from bench_thresholds import dark, grain, opened
from PIL import Image

from certclerk.core.records import Page
from certclerk.core.rules import rescans
from certclerk.core.rules.rescans import MOST_APART, Cells, fingerprint
from certclerk.imaging import examine
from certclerk.imaging.specimen import Press, SpecimenText
from certclerk.jobs.sample_people import SamplePerson, invent
from certclerk.system.notices import shipped_notices
from certclerk.system.resources import resource

DPI = 200
HOLDERS = 40
GLASS, LID, DESK = (40, 40, 42), (229, 230, 228), (140, 100, 70)
A4_MM, DESK_MM = (210, 297), (220, 290)


@dataclass(frozen=True)
class Scan:
    """``scanned`` takes a page at ``DPI`` and gives the bytes of its file; ``rotation`` is what the clerk then does."""

    name: str
    scanned: Callable[[Image.Image, random.Random], bytes]
    rotation: int = 0


def px(mm: float) -> int:
    return round(mm / 25.4 * DPI)


def askew(page: Image.Image, chance: random.Random, degrees: float = 1.2) -> Image.Image:
    """Laid anew into an area of its own size: turned, and up to 1.5 mm aside."""
    aside = (px(chance.uniform(-1.5, 1.5)), px(chance.uniform(-1.5, 1.5)))
    return page.rotate(
        chance.uniform(-degrees, degrees), Image.Resampling.BICUBIC, translate=aside, fillcolor=LID
    )


def laid(
    page: Image.Image,
    chance: random.Random,
    ground: tuple[int, int, int],
    size: tuple[int, int],
    degrees: float,
) -> Image.Image:
    scene = Image.new("RGB", (px(size[0]), px(size[1])), ground)
    turned = page.convert("RGBA").rotate(
        chance.uniform(-degrees, degrees), Image.Resampling.BICUBIC, expand=True
    )
    room = (scene.width - turned.width, scene.height - turned.height)
    scene.paste(turned, (chance.randint(0, max(0, room[0])), chance.randint(0, max(0, room[1]))), turned)
    return scene


def file_of(picture: Image.Image, dpi: int | None = DPI, quality: int = 85) -> bytes:
    if dpi not in (None, DPI):
        size = (round(picture.width * dpi / DPI), round(picture.height * dpi / DPI))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


FIRST = Scan("first", lambda page, chance: file_of(askew(page, chance, 0.7)))
AGAIN = (
    Scan("laid anew", lambda page, chance: file_of(askew(page, chance))),
    Scan("at 150 dpi", lambda page, chance: file_of(askew(page, chance), 150)),
    Scan("at 300 dpi", lambda page, chance: file_of(askew(page, chance), 300)),
    Scan("JPEG quality 30", lambda page, chance: file_of(askew(page, chance), quality=30)),
    Scan("grey", lambda page, chance: file_of(askew(page, chance).convert("L"))),
    Scan("darker, grain 6", lambda page, chance: file_of(grain(6, dark(0.75, askew(page, chance), 1), 1))),
    Scan("upside down", lambda page, chance: file_of(askew(page, chance).rotate(180)), 180),
    Scan("on its side", lambda page, chance: file_of(askew(page, chance).rotate(90, expand=True)), 90),
    Scan("on A4 glass", lambda page, chance: file_of(laid(page, chance, LID, A4_MM, 3))),
    Scan("on dark glass", lambda page, chance: file_of(laid(page, chance, GLASS, A4_MM, 6))),
    Scan("photographed, no dpi", lambda page, chance: file_of(laid(page, chance, DESK, DESK_MM, 6), None)),
)


def page_of(press: Press, person: SamplePerson, seed: int) -> Image.Image:
    held, born = person.certificates[0], person.id_number[6:12]
    text = SpecimenText(
        name=person.name,
        sex=person.sex,
        born=f"{born[:4]}年{int(born[4:])}月",
        ethnicity="汉族",
        id_number=person.id_number,
        kind=held.kind,
        subject=held.subject,
        number=held.number,
        authority="泉州市教育局",
        issued=held.issued.isoformat(),
    )
    return opened(press.text(text, seed))


def cells(data: bytes, rotation: int) -> Cells | None:
    """As the collection would have them."""
    (frame,) = examine(data, "scan")
    size = frame.seen_size
    page = Page(1, "", 0, frame.media_type, *size, frame.dpi, "", "", rotation, likeness=frame.likeness)
    return fingerprint(page)


def apart(one: Cells | None, other: Cells | None) -> int:
    """More than anything where a page had no fingerprint."""
    return rescans.apart(one, other) if one and other else sys.maxsize


def share(distances: list[int], threshold: int) -> Iterator[int]:
    yield sum(distance <= threshold for distance in distances)
    yield len(distances)


def shown(distances: list[int]) -> str:
    ordered = ["none" if each == sys.maxsize else str(each) for each in sorted(distances)]
    return "".join(f"{ordered[round(part * (len(ordered) - 1))]:>7}" for part in (0, 0.5, 0.9, 1))


def main(holders: int) -> str:
    press, notice = Press(resource("fonts", "certclerk-sans-sc.otf"), DPI), shipped_notices()[0]
    firsts: list[Cells | None] = []
    by_scan: dict[Scan, list[int]] = {scan: [] for scan in AGAIN}
    for seed, person in enumerate(invent(notice, holders, seed=7), 1):
        print(f"holder {seed}", file=sys.stderr)
        page, chance = page_of(press, person, seed), random.Random(seed)
        first = cells(FIRST.scanned(page, chance), FIRST.rotation)
        firsts.append(first)
        for scan in AGAIN:
            by_scan[scan].append(apart(first, cells(scan.scanned(page, chance), scan.rotation)))
    others = [apart(one, other) for one, other in combinations(firsts, 2)]
    print(f"{'apart':25}{'least':>7}{'half':>7}{'90 %':>7}{'most':>7}")
    for scan, distances in by_scan.items():
        print(f"{scan.name:25}{shown(distances)}")
    print(f"{'other holders':25}{shown(others)}")
    together = [distance for distances in by_scan.values() for distance in distances]
    print("\nthreshold            hits   false alarms")
    for threshold in (3, 5, 7, 9, 11, 13, 16, 20, 25):
        hits, alarms = ("{:>5} of {:<5}".format(*share(each, threshold)) for each in (together, others))
        print(f"{threshold:<14}{hits}   {alarms}" + ("  chosen" if threshold == MOST_APART else ""))
    hits, alarms = ("{} of {}".format(*share(each, MOST_APART)) for each in (together, others))
    return f"Called second scans: {hits} that are, {alarms} pairs of different holders' pages."


if __name__ == "__main__":
    print("\n" + main(int(sys.argv[1]) if len(sys.argv) > 1 else HOLDERS))
