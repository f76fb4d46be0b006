"""Where contrast and sharpness part good pages from blank and blurred ones, on drawn pages with known defects.

python tests/bench/quality/bench_thresholds.py [DPI ...]     default: 100 200 300, three minutes

Prints the range of both figures for every defect, then hits and false alarms by threshold. What is good
and what is blurred was decided by looking at the text page's identity number, 3 mm high: up to 0.15 mm of
blur nobody sees, at 0.3 it is soft but can be read, from 0.4 on digits are taken for one another.
What was seen of a defect and not decided counts for neither side; so do all findings on it.
"""

from __future__ import annotations

import io
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from certclerk.core.rules.page_quality import LEAST_CONTRAST, LEAST_SHARPNESS
from certclerk.imaging.quality import Quality, measure
from certclerk.imaging.specimen import Press, SpecimenText
from certclerk.imaging.specimen_ornaments import LABEL, PAPER, security_paper
from certclerk.imaging.specimen_sheet import Sheet, at_size
from certclerk.system.resources import resource

FONT = resource("fonts", "certclerk-sans-sc.otf")
RESOLUTIONS = (100, 200, 300)
A4_MM = (210, 297)
GLASS = (229, 230, 228)
TEXT = SpecimenText(
    name="阿依古丽·买买提",
    sex="女",
    born="1985年7月",
    ethnicity="维吾尔族",
    id_number="359901198507010029",
    kind="中等职业学校实习指导",
    subject="数控技术应用",
    number="20133599062000123",
    authority="泉州市教育局",
    issued="2013年7月1日",
)


class Truth(StrEnum):
    GOOD = "good"
    SOFT = "soft"
    BLURRED = "blurred"
    BLANK = "blank"
    OPEN = "open"


@dataclass(frozen=True)
class Defect:
    """``spoil`` takes the page and its px per mm; of a blank page, only the size is used."""

    name: str
    truth: Truth
    spoil: Callable[[Image.Image, float], Image.Image]


def blur(mm: float, page: Image.Image, scale: float) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(mm * scale))


def motion(across: float, down: float, page: Image.Image, scale: float) -> Image.Image:
    """Moved so many mm at an even speed while the light was on."""
    reach = [max(0.0, (mm * scale - 1) / 2) for mm in (across, down)]
    return page.filter(ImageFilter.BoxBlur(reach))


def faint(share: float, page: Image.Image, _scale: float) -> Image.Image:
    return Image.blend(Image.new("RGB", page.size, PAPER), page, share)


def dark(share: float, page: Image.Image, _scale: float) -> Image.Image:
    return page.point(lambda value: value * share)


def grain(sigma: float, page: Image.Image, _scale: float) -> Image.Image:
    """The same with each run: even noise with that standard deviation."""
    level = [128 + (level - 127.5) / 127.5 * sigma * 3**0.5 for level in range(256)]
    even = random.Random(2).randbytes(page.width * page.height)
    noise = Image.frombytes("L", page.size, even).point(level)
    return ImageChops.add(page, Image.merge("RGB", (noise, noise, noise)), 1, -128)


def packed(quality: int, page: Image.Image, _scale: float) -> Image.Image:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=quality)
    return opened(out.getvalue())


def sheet(colour: tuple[int, int, int], page: Image.Image, _scale: float) -> Image.Image:
    return Image.new("RGB", page.size, colour)


def lit(page: Image.Image, _scale: float) -> Image.Image:
    """From full light to half of it."""
    light = Image.linear_gradient("L").resize(page.size).point(lambda value: 128 + value / 2)
    return ImageChops.multiply(page, Image.merge("RGB", (light, light, light)))


def dusty(page: Image.Image, scale: float) -> Image.Image:
    dirty, chance = page.copy(), random.Random(1)
    pen = ImageDraw.Draw(dirty)
    for _ in range(30):
        x, y, size = chance.random() * page.width, chance.random() * page.height, chance.uniform(0.05, 0.3)
        pen.ellipse((x, y, x + size * scale, y + size * scale), (90, 90, 90))
    hair = (page.width * 0.3, page.height * 0.4, page.width * 0.6, page.height * 0.45)
    pen.line(hair, (120, 120, 120), max(1, round(0.1 * scale)))
    return dirty


def shaded(page: Image.Image, scale: float) -> Image.Image:
    """A black band within the margin, as a lid that does not close leaves it."""
    banded = page.copy()
    ImageDraw.Draw(banded).rectangle((0, 0, 8 * scale, page.height), (20, 20, 20))
    return banded


def then(*steps: Callable[[Image.Image, float], Image.Image]) -> Callable[[Image.Image, float], Image.Image]:
    def spoil(page: Image.Image, scale: float) -> Image.Image:
        for step in steps:
            page = step(page, scale)
        return page

    return spoil


PAPER_SHEET = partial(sheet, PAPER)
DEFECTS = (
    Defect("none", Truth.GOOD, lambda page, _scale: page),
    Defect("blur 0.05 mm", Truth.GOOD, partial(blur, 0.05)),
    Defect("blur 0.10 mm", Truth.GOOD, partial(blur, 0.1)),
    Defect("blur 0.15 mm", Truth.GOOD, partial(blur, 0.15)),
    Defect("blur 0.20 mm", Truth.OPEN, partial(blur, 0.2)),
    Defect("blur 0.30 mm", Truth.SOFT, partial(blur, 0.3)),
    Defect("blur 0.40 mm", Truth.BLURRED, partial(blur, 0.4)),
    Defect("blur 0.50 mm", Truth.BLURRED, partial(blur, 0.5)),
    Defect("blur 0.80 mm", Truth.BLURRED, partial(blur, 0.8)),
    Defect("blur 1.50 mm", Truth.BLURRED, partial(blur, 1.5)),
    Defect("moved 0.3 mm across", Truth.GOOD, partial(motion, 0.3, 0)),
    Defect("moved 0.3 mm down", Truth.GOOD, partial(motion, 0, 0.3)),
    Defect("moved 0.5 mm across", Truth.OPEN, partial(motion, 0.5, 0)),
    Defect("moved 0.5 mm down", Truth.OPEN, partial(motion, 0, 0.5)),
    Defect("moved 1.0 mm across", Truth.SOFT, partial(motion, 1, 0)),
    Defect("moved 1.0 mm down", Truth.SOFT, partial(motion, 0, 1)),
    Defect("moved 1.5 mm across", Truth.BLURRED, partial(motion, 1.5, 0)),
    Defect("moved 1.5 mm down", Truth.BLURRED, partial(motion, 0, 1.5)),
    Defect("moved 2.5 mm across", Truth.BLURRED, partial(motion, 2.5, 0)),
    Defect("moved 2.5 mm down", Truth.BLURRED, partial(motion, 0, 2.5)),
    Defect("JPEG quality 30", Truth.GOOD, partial(packed, 30)),
    Defect("JPEG quality 10", Truth.GOOD, partial(packed, 10)),
    Defect("grain 10", Truth.GOOD, partial(grain, 10)),
    Defect("grain 25", Truth.GOOD, partial(grain, 25)),
    Defect("half the light", Truth.GOOD, partial(dark, 0.5)),
    Defect("a fifth of the light, grain 5", Truth.GOOD, then(partial(dark, 0.2), partial(grain, 5))),
    Defect("unevenly lit", Truth.GOOD, lit),
    Defect("faint, 20 %", Truth.GOOD, partial(faint, 0.2)),
    Defect("faint, 8 %", Truth.OPEN, partial(faint, 0.08)),
    Defect("dust and a hair", Truth.GOOD, dusty),
    Defect("blur 0.5 mm, half the light", Truth.BLURRED, then(partial(blur, 0.5), partial(dark, 0.5))),
    Defect("blur 0.5 mm, faint, 20 %", Truth.BLURRED, then(partial(blur, 0.5), partial(faint, 0.2))),
    Defect("blur 0.5 mm, JPEG quality 30", Truth.BLURRED, then(partial(blur, 0.5), partial(packed, 30))),
    Defect("blur 0.5 mm, dust and a hair", Truth.BLURRED, then(partial(blur, 0.5), dusty)),
    Defect("blur 0.5 mm, grain 5", Truth.BLURRED, then(partial(blur, 0.5), partial(grain, 5))),
    Defect("blur 0.5 mm, grain 10", Truth.BLURRED, then(partial(blur, 0.5), partial(grain, 10))),
    Defect("blur 0.5 mm, grain 25", Truth.BLURRED, then(partial(blur, 0.5), partial(grain, 25))),
    Defect("blank paper", Truth.BLANK, PAPER_SHEET),
    Defect("blank white", Truth.BLANK, partial(sheet, (255, 255, 255))),
    Defect("blank grey lid", Truth.BLANK, partial(sheet, (150, 150, 150))),
    Defect("blank black", Truth.BLANK, partial(sheet, (8, 8, 8))),
    Defect("blank paper, grain 5", Truth.BLANK, then(PAPER_SHEET, partial(grain, 5))),
    Defect(
        "blank grey lid, grain 10", Truth.BLANK, then(partial(sheet, (150, 150, 150)), partial(grain, 10))
    ),
    Defect(
        "blank paper, JPEG quality 10", Truth.BLANK, then(PAPER_SHEET, partial(grain, 5), partial(packed, 10))
    ),
    Defect("blank paper, dust and a hair", Truth.BLANK, then(PAPER_SHEET, dusty)),
    Defect("blank paper, unevenly lit", Truth.BLANK, then(PAPER_SHEET, lit)),
    Defect("blank paper, a band at the edge", Truth.BLANK, then(PAPER_SHEET, shaded)),
    Defect("blank paper, the back shows, 4 %", Truth.BLANK, partial(faint, 0.04)),
)


def opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def titled(dpi: int, size: float, *, waves: bool) -> Image.Image:
    """A page for remarks as it is printed, without the specimens' mark across it."""
    page = Sheet.blank(FONT, dpi, PAPER)
    if waves:
        security_paper(page)
    page.centred("备　　注", 24, size, LABEL, spread=1.2)
    return at_size(page).rotate(0.5, Image.Resampling.BILINEAR, fillcolor=GLASS)


def pages(dpi: int) -> Iterator[tuple[str, Image.Image]]:
    press = Press(FONT, dpi)
    cover, text, remarks = (
        opened(data) for data in (press.cover(3), press.text(TEXT, 4), press.remarks(seed=5))
    )
    yield "cover", cover
    yield "text", text
    yield "remarks, none", remarks
    yield "remarks", opened(press.remarks("2015年9月遗失补发，原证书作废。", 6))
    yield "a word on waves", titled(dpi, 8, waves=True)
    yield "a word", titled(dpi, 5, waves=False)
    spread = Image.new("RGB", (2 * text.width, text.height))
    spread.paste(text)
    spread.paste(remarks, (text.width, 0))
    yield "spread", spread
    glass = Image.new("RGB", (round(A4_MM[0] / 25.4 * dpi), round(A4_MM[1] / 25.4 * dpi)), GLASS)
    glass.paste(text, (round(4 / 25.4 * dpi), round(5 / 25.4 * dpi)))
    yield "text on A4 glass", glass


def measured(resolutions: Sequence[int]) -> dict[Defect, list[Quality]]:
    found: dict[Defect, list[Quality]] = defaultdict(list)
    for dpi in resolutions:
        for name, page in pages(dpi):
            print(f"{dpi} dpi, {name}", file=sys.stderr)
            for defect in DEFECTS:
                quality = measure(defect.spoil(page, dpi / 25.4), dpi)
                assert quality.contrast is not None
                found[defect].append(quality)
    return found


def print_ranges(found: dict[Defect, list[Quality]]) -> None:
    print(f"{'defect':35}{'':9}  contrast       sharpness")
    for defect, qualities in found.items():
        contrasts = sorted(quality.contrast for quality in qualities)
        sharpnesses = sorted(quality.sharpness for quality in qualities)
        print(
            f"{defect.name:35}{defect.truth:9}  {contrasts[0]:.3f} – {contrasts[-1]:.3f}"
            f"  {sharpnesses[0]:.3f} – {sharpnesses[-1]:.3f}"
        )


def print_table(
    found: dict[Defect, list[Quality]],
    figure: Callable[[Quality], float],
    thresholds: tuple[float, ...],
    chosen: float,
    hits: tuple[Truth, ...],
    alarms: tuple[Truth, ...],
) -> None:
    """The share of each of ``hits`` and ``alarms`` below each threshold; ``chosen`` is marked."""
    by_truth: dict[Truth, list[float]] = defaultdict(list)
    for defect, qualities in found.items():
        by_truth[defect.truth] += map(figure, qualities)
    titles = [f"hits, {truth}" for truth in hits] + [f"alarms, {truth}" for truth in alarms]
    print("\nthreshold" + "".join(f"{title:>18}" for title in titles))
    for threshold in thresholds:
        shares = []
        for truth in (*hits, *alarms):
            below = sum(value < threshold for value in by_truth[truth])
            shares.append(f"{below:>9} of {len(by_truth[truth]):<5}")
        print(f"{threshold:<9.3f}" + "".join(shares) + ("  chosen" if threshold == chosen else ""))


def summary(found: dict[Defect, list[Quality]]) -> str:
    """What the chosen thresholds tell, in a sentence."""

    def told(truth: Truth, blank: bool) -> str:
        every = [one for defect, several in found.items() if defect.truth == truth for one in several]
        hits = sum(
            one.contrast < LEAST_CONTRAST
            if blank
            else one.sharpness < LEAST_SHARPNESS and one.contrast >= LEAST_CONTRAST
            for one in every
        )
        return f"{hits} of {len(every)}"

    return (
        f"Called blank: {told(Truth.BLANK, True)} blank pages, {told(Truth.GOOD, True)} good ones. "
        f"Called blurred: {told(Truth.BLURRED, False)} that cannot be read, {told(Truth.SOFT, False)} soft ones, "
        f"{told(Truth.GOOD, False)} good ones."
    )


def main(resolutions: Sequence[int]) -> str:
    found = measured(resolutions)
    print_ranges(found)
    visible = (Truth.GOOD, Truth.SOFT, Truth.BLURRED)
    print_table(
        found,
        lambda quality: quality.contrast,
        (0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.15),
        LEAST_CONTRAST,
        (Truth.BLANK,),
        visible,
    )
    print_table(
        found,
        lambda quality: quality.sharpness,
        (0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.25, 0.3),
        LEAST_SHARPNESS,
        (Truth.BLURRED, Truth.SOFT),
        (Truth.GOOD,),
    )
    return summary(found)


if __name__ == "__main__":
    print("\n" + main([int(dpi) for dpi in sys.argv[1:]] or RESOLUTIONS))
