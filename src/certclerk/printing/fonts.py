"""The fonts that print: those that offices expect where they are installed, and the shipped one for the rest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from certclerk.core.errors import UserError
from certclerk.core.names import is_private
from certclerk.system.resources import resource

SHIPPED_FILE = "certclerk-sans-sc.otf"

# Each style by the families to try, in order; the shipped one stands behind all of them.
TITLE = ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S")
HEADING = ("黑体", "SimHei")
BODY = ("仿宋", "FangSong", "仿宋_GB2312", "FangSong_GB2312")


@cache
def shipped_family() -> str:
    """The family of the shipped font, made known to Qt. Needs an application.

    Raises UserError ``resource_missing``, also where the file is no font.
    """
    number = QFontDatabase.addApplicationFont(str(resource("fonts", SHIPPED_FILE)))
    families = QFontDatabase.applicationFontFamilies(number)
    if not families:
        raise UserError("resource_missing", name=f"fonts/{SHIPPED_FILE}")
    return families[0]


def font(wanted: Iterable[str], points: float) -> QFont:
    """A font of the first installed family, with the shipped one for characters that it lacks."""
    made = QFont()
    made.setFamilies([*filter(QFontDatabase.hasFamily, wanted), shipped_family()])
    made.setPointSizeF(points)
    return made


def missing_glyphs(texts: Iterable[str]) -> frozenset[str]:
    """The characters of ``texts`` that would not print as meant: too new for any font here, or private-use ones.

    A font may have something at a private-use code point, but hardly what its writer saw.
    """
    metrics = QFontMetricsF(font(BODY, 10.5))
    characters = {char for text in texts for char in text if not char.isspace()}
    return frozenset(char for char in characters if is_private(char) or not metrics.inFontUcs4(ord(char)))
