from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from certclerk.core.progress import State
from certclerk.core.records import Severity
from certclerk.gui import icons, style

READABLE = 4.5


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_state_and_severity_has_a_tone_with_its_own_sign() -> None:
    assert set(style.OF_STATE) == {str(state) for state in State}
    assert set(style.OF_SEVERITY) == {str(severity) for severity in Severity}
    for tones in (style.OF_STATE, style.OF_SEVERITY):
        assert len({tone.sign for tone in tones.values()}) == len(tones)


@pytest.mark.parametrize(
    "tone", [*style.OF_STATE.values(), *style.OF_SEVERITY.values()], ids=lambda tone: tone.sign
)
def test_tones_can_be_read_on_their_ground_and_on_white(tone: style.Tone) -> None:
    assert contrast(tone.ink, tone.tint) >= READABLE
    assert contrast(tone.ink, style.PANEL) >= READABLE


@pytest.mark.parametrize("ink", [style.INK, style.QUIET, style.ACCENT, style.ACCENT_DARK])
@pytest.mark.parametrize("ground", [style.PANEL, style.WINDOW, style.STRIPE])
def test_text_can_be_read_on_every_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= READABLE


def test_every_sign_is_an_icon() -> None:
    for tone in (*style.OF_STATE.values(), *style.OF_SEVERITY.values()):
        assert tone.sign in icons.PATHS


@pytest.mark.parametrize("name", icons.PATHS)
def test_every_icon_leaves_ink_and_is_paler_when_disabled(qapp: QApplication, name: str) -> None:
    normal, disabled = (
        icons.icon(name).pixmap(style.ICON, style.ICON, mode).toImage()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert qapp
    assert any(normal.pixelColor(x, y).alpha() for x in range(normal.width()) for y in range(normal.height()))
    assert normal != disabled


def test_the_chosen_entry_of_a_drop_down_list_can_be_read(qtbot: QtBot) -> None:
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["原样", "清晰"])
    box.show()
    box.showPopup()
    view = box.view()
    view.setCurrentIndex(box.model().index(0, 0))
    picture = view.window().grab().toImage().copy(4, 4, 60, 18)
    colours = Counter(
        picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())
    )
    ground = colours.most_common(1)[0][0]
    assert ground != style.PANEL
    assert max(contrast(each, ground) for each in colours) >= READABLE
    box.hidePopup()
