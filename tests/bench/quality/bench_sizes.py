"""What JPEG quality costs a certificate's page at 200 dpi, and what it spoils: by this 清晰 and 紧凑 were chosen.

python tests/bench/quality/bench_sizes.py [PAGES]     default: 4 of each sort

Drawn pages (print, seal, photo, embossed seal, leather, ruled lines) are scanned as it were at 300 dpi: with a
sensor's noise, and as the JPEG of quality 90 that scanners write. Each is brought to 200 dpi as the program does it,
encoded and decoded again, and held against the same px before encoding:

- strokes: mean error of brightness on and beside print (3 px), over the same error that scanning the page once more
  makes, the sensor's noise being another: what stays near 1 loses no more than no two scans of one page have in common
- seal: mean error of the two colour differences on and beside the seal's red, over its own colour, in %

The rules: 清晰 is the lowest quality with strokes below 1.2, 紧凑 the lowest below 2.0, as means of the sorts of pages.
Both keep all of the colour: with half of it across and down (4:2:0) a seal loses half as much again and more.
"""

from __future__ import annotations

import io
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean

from PIL import Image, ImageChops, ImageFilter, ImageStat

from certclerk.imaging.pixels import encoded, fitted
from certclerk.imaging.sized import CLEAR_QUALITY, COMPACT_QUALITY
from certclerk.imaging.specimen import Press, SpecimenText
from certclerk.system.resources import resource

SCANNED, KEPT = 300, 200
SCANNER_QUALITY = 90
QUALITIES = range(30, 96, 5)
# Levels of a sensor's noise at 300 dpi, as flatbeds of an office have it.
NOISE = 4.0
CLEAR_BELOW, COMPACT_BELOW = 1.2, 2.0
SORTS = ("cover", "text", "remarks")


@dataclass(frozen=True)
class Sample:
    """A page's px at 200 dpi, what of them is print and seal, and by how much another scan differs in print."""

    sort: str
    once: Image.Image
    strokes: Image.Image
    seal: Image.Image
    noise: float
    redness: float


@dataclass(frozen=True)
class Figures:
    size: int
    strokes: float
    seal: float | None


def samples(count: int) -> Iterator[Sample]:
    press = Press(resource("fonts", "certclerk-sans-sc.otf"), SCANNED)
    for seed in range(count):
        text = SpecimenText(
            f"林{chr(0x4E00 + 97 * seed)}燕", "女", "1984年6月", "汉族", "350599198406010025", "高级中学教师资格",
            "思想政治", f"2013350000{seed:07}", "泉州市教育局", "2013年7月1日",
        )  # fmt: skip
        pages = {
            "cover": press.cover(seed),
            "text": press.text(text, seed),
            "remarks": press.remarks("", seed),
        }
        for sort in SORTS:
            yield sample(sort, pages[sort], seed)


def sample(sort: str, drawn: bytes, seed: int) -> Sample:
    clean = Image.open(io.BytesIO(drawn)).convert("RGB")
    once, again = (scanned(clean, 2 * seed + number) for number in range(2))
    small = fitted(clean, once.height)
    strokes = print_of(small)
    red = ImageChops.subtract(small.getchannel("R"), small.getchannel("G")).point(lambda v: 255 * (v > 60))
    seal = red.filter(ImageFilter.MaxFilter(5)) if sort == "text" else Image.new("L", small.size)
    noise = error(once.convert("L"), again.convert("L"), strokes)
    _, blue, redness = small.convert("YCbCr").split()
    colour = (
        sum(abs(ImageStat.Stat(one, red).mean[0] - 128) for one in (blue, redness)) if seal.getbbox() else 1
    )
    return Sample(sort, once, strokes, seal, noise, colour)


def scanned(page: Image.Image, seed: int) -> Image.Image:
    """The page at 300 dpi with noise, through a scanner's JPEG, at 200 dpi."""
    noise = Image.effect_noise(page.size, NOISE)
    shift = random.Random(seed).randint(1, 999)
    noises = [ImageChops.offset(noise, shift * number) for number in range(3)]
    noisy = ImageChops.add(page, Image.merge("RGB", noises), 1, -128)
    out = io.BytesIO()
    noisy.save(out, "JPEG", quality=SCANNER_QUALITY)
    whole = Image.open(io.BytesIO(out.getvalue()))
    return fitted(whole, round(max(page.size) * KEPT / SCANNED))


def print_core(page: Image.Image) -> Image.Image:
    """The strokes alone: what is far from what lies around it."""
    grey = page.convert("L")
    around = grey.filter(ImageFilter.BoxBlur(12))
    return ImageChops.difference(grey, around).point(lambda value: 255 * (value > 40))


def print_of(page: Image.Image) -> Image.Image:
    return print_core(page).filter(ImageFilter.MaxFilter(7))


def error(one: Image.Image, other: Image.Image, where: Image.Image) -> float:
    return float(ImageStat.Stat(ImageChops.difference(one, other), where).mean[0])


def stroke_error(sample: Sample, other: Image.Image) -> float:
    return error(sample.once.convert("L"), other.convert("L"), sample.strokes) / sample.noise


def seal_error(sample: Sample, other: Image.Image) -> float | None:
    if not sample.seal.getbbox():
        return None
    mine, others = sample.once.convert("YCbCr").split(), other.convert("YCbCr").split()
    lost = sum(error(mine[band], others[band], sample.seal) for band in (1, 2))
    return 100 * lost / sample.redness


def figures(sample: Sample, quality: int, *, subsampled: bool) -> Figures:
    if subsampled:
        out = io.BytesIO()
        sample.once.save(out, "JPEG", quality=quality, subsampling=2)
        data = out.getvalue()
    else:
        data = encoded(sample.once, quality)
    back = Image.open(io.BytesIO(data)).convert("RGB")
    return Figures(len(data), stroke_error(sample, back), seal_error(sample, back))


def strokes(found: list[Figures]) -> float:
    return mean(each.strokes for each in found)


def seals(found: list[Figures]) -> float:
    return mean(each.seal for each in found if each.seal is not None)


def main(count: int) -> str:
    pages = list(samples(count))
    whole = {quality: [figures(page, quality, subsampled=False) for page in pages] for quality in QUALITIES}
    print("quality  kB a page    strokes  seal %    with half the colours: kB    strokes  seal %")
    for quality, found in whole.items():
        halved = [figures(page, quality, subsampled=True) for page in pages]
        print(
            f"{quality:7}  {mean(each.size for each in found) / 1000:9.0f}  {strokes(found):9.2f}  {seals(found):6.2f}"
            f"    {mean(each.size for each in halved) / 1000:25.0f}  {strokes(halved):9.2f}  {seals(halved):6.2f}"
        )
    clear = min(quality for quality, found in whole.items() if strokes(found) < CLEAR_BELOW)
    compact = min(quality for quality, found in whole.items() if strokes(found) < COMPACT_BELOW)
    return (
        f"by the rules: 清晰 {clear}, 紧凑 {compact}; the program has {CLEAR_QUALITY} and {COMPACT_QUALITY}"
    )


if __name__ == "__main__":
    print(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4))
