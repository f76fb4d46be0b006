"""Grey copies of decoded pictures, small enough to be measured in plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certclerk.imaging.pixels import flattened

if TYPE_CHECKING:
    from PIL.Image import Image

# Px out of which each px of a small copy is the mean, of those in its row: to read them all would cost a
# fifth of what decoding does.
_SAMPLES = 4


def grey(picture: Image) -> Image:
    """The picture in L; of inks their mean, light where there is little."""
    if picture.mode != "CMYK":
        return flattened(picture).convert("L")
    from PIL import ImageChops

    # Which end is full ink is not known yet; the mean of the inks turns over with it and keeps its contrast.
    cyan, magenta, yellow, black = picture.split()
    return ImageChops.add(ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2), 2)


def small_grey(picture: Image, most_px: int) -> Image:
    """The whole picture in L with no side above ``most_px``; each px the mean of a few out of those it covers."""
    from PIL.Image import Resampling

    share = min(1.0, most_px / max(picture.size))
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    sampled = tuple(min(whole, _SAMPLES * part) for whole, part in zip(picture.size, size, strict=True))
    return grey(picture.resize(sampled, Resampling.NEAREST)).resize(size, Resampling.BOX)
