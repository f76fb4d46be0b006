"""Grey copies of decoded pictures, small enough to be measured in plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certclerk.imaging.pixels import flattened

if TYPE_CHECKING:
    from PIL.Image import Image

BRIGHTEST_PX = 300


def small_grey(picture: Image, share: float) -> Image:
    """The whole picture in L, its sides that share of what they are (1 at most).

    Each px is the mean of one or a few out of those it covers: to read them all would cost a fifth of what decoding does.
    """
    from PIL.Image import Resampling

    return _grey(_sampled(picture, share)).resize(_scaled(picture, share), Resampling.BOX)


def small_brightest(picture: Image) -> Image | None:
    """The same of each px's brightest colour, at most ``BRIGHTEST_PX`` long; None without colours.

    Red leather on black glass, as dark, is bright in its red.
    """
    if picture.mode != "RGB":
        return None
    from PIL import ImageChops
    from PIL.Image import Resampling

    share = min(1.0, BRIGHTEST_PX / max(picture.size))
    red, green, blue = _sampled(picture, share).split()
    brightest = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    return brightest.resize(_scaled(picture, share), Resampling.BOX)


def _sampled(picture: Image, share: float) -> Image:
    from PIL.Image import Resampling

    step = max(1, int(1 / share))
    return picture.resize(_scaled(picture, 1 / step), Resampling.NEAREST) if step > 1 else picture


def shrunk(grey: Image, share: float) -> Image:
    from PIL.Image import Resampling

    return grey.resize(_scaled(grey, share), Resampling.BOX)


def _scaled(picture: Image, share: float) -> tuple[int, int]:
    return max(1, round(picture.width * share)), max(1, round(picture.height * share))


def _grey(picture: Image) -> Image:
    if picture.mode != "CMYK":
        return flattened(picture).convert("L")
    from PIL import ImageChops

    # Which end is full ink is not known yet; the mean of the inks turns over with it and keeps its contrast.
    cyan, magenta, yellow, black = picture.split()
    inks = ImageChops.add(ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2), 2)
    return ImageChops.invert(inks)
