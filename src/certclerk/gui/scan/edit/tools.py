"""The buttons and sliders beside the editing desk; what they say is the draft's, what they ask for is told."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.recipe import MOST_STRAIGHTENING, Recipe
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.icons import icon
from certclerk.gui.scan.edit.draft import Mode

_TENTHS = 10
_PERCENT = 100


class EditHead(QWidget):
    """What is being edited, and the two ways out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("editTitle", "正在编辑的页")
        self.drop = button("放弃", "dropEditButton")
        self.drop.setToolTip("这次的编辑都不要（Esc）")
        self.finish = button("完成", "finishEditButton", role="primary")
        self.finish.setToolTip("保存这一页的编辑（Enter）")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.GAP)
        row.addWidget(self.title, 1)
        row.addWidget(self.drop)
        row.addWidget(self.finish)


class EditTools(QWidget):
    """``acted`` (a name of :data:`BUTTONS`), ``mode_chosen`` (Mode), ``straightened`` (degrees), ``toned``
    (brightness, contrast), ``compared`` (bool), ``aligning`` (bool: the straightening is being dragged), ``settled``.
    """

    acted = Signal(str)
    mode_chosen = Signal(object)
    straightened = Signal(float)
    toned = Signal(float, float)
    compared = Signal(bool)
    aligning = Signal(bool)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.modes = {
            Mode.CROP: _tool("cropModeButton", "裁切", "拖动方框，框外的不要（C）", "crop", checkable=True),
            Mode.CORNERS: _tool(
                "cornersModeButton",
                "四角",
                "拉正斜着拍的页：把四个角放到页的四角（C）",
                "corners",
                checkable=True,
            ),
        }
        self.compare = _tool("compareButton", "原图", "对比：看没有编辑过的原图（按住空格）", checkable=True)
        self.buttons = {name: _tool(f"{name}Button", *words) for name, words in BUTTONS.items()}
        self.angle = QDoubleSpinBox()
        self.angle.setObjectName("straightenField")
        self.angle.setAccessibleName("校正角度，顺时针为正")
        self.angle.setToolTip("Ctrl+← 和 Ctrl+→ 每次 0.1°，加 Shift 每次 1°")
        self.angle.setRange(-MOST_STRAIGHTENING, MOST_STRAIGHTENING)
        self.angle.setSingleStep(1 / _TENTHS)
        self.angle.setDecimals(1)
        self.angle.setSuffix("°")
        self.turn = _slider("straightenSlider", "校正", round(MOST_STRAIGHTENING * _TENTHS))
        self.brightness = _slider("brightnessSlider", "亮度", _PERCENT)
        self.contrast = _slider("contrastSlider", "对比度", _PERCENT)
        self._lay_out()
        self._connect()

    def show_recipe(self, recipe: Recipe) -> None:
        """Without telling anybody."""
        for control, value in (
            (self.turn, round(recipe.straighten * _TENTHS)),
            (self.brightness, round(recipe.brightness * _PERCENT)),
            (self.contrast, round(recipe.contrast * _PERCENT)),
        ):
            with QSignalBlocker(control):
                control.setValue(value)
        with QSignalBlocker(self.angle):
            self.angle.setValue(recipe.straighten)

    def show_mode(self, mode: Mode) -> None:
        for each, chosen in self.modes.items():
            chosen.setChecked(each is mode)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2)
        for one in self.modes.values():
            row.addWidget(one)
        row.addSpacing(style.GAP)
        for name in ("rotateLeft", "rotateRight"):
            row.addWidget(self.buttons[name])
        row.addStretch(1)
        for name in ("adopt", "revert", "more"):
            row.addWidget(self.buttons[name])
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.GAP)
        grid.setVerticalSpacing(2)
        grid.addWidget(_label("校正", self.turn), 0, 0)
        grid.addWidget(self.turn, 0, 1, 1, 2)
        grid.addWidget(self.angle, 0, 3)
        grid.addWidget(_label("亮度", self.brightness), 1, 0)
        grid.addWidget(self.brightness, 1, 1)
        tones = QHBoxLayout()
        tones.setSpacing(style.GAP)
        tones.addWidget(_label("对比度", self.contrast))
        tones.addWidget(self.contrast, 1)
        grid.addLayout(tones, 1, 2)
        grid.addWidget(self.compare, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addLayout(row)
        layout.addLayout(grid)

    def _connect(self) -> None:
        for name, one in self.buttons.items():
            one.clicked.connect(lambda _checked=False, name=name: self.acted.emit(name))
        for mode, one in self.modes.items():
            one.clicked.connect(lambda _checked=False, mode=mode: self.mode_chosen.emit(mode))
        self.compare.toggled.connect(self.compared)
        self.turn.valueChanged.connect(lambda tenths: self.straightened.emit(tenths / _TENTHS))
        self.angle.valueChanged.connect(self.straightened)
        self.turn.sliderPressed.connect(lambda: self.aligning.emit(True))
        self.turn.sliderReleased.connect(lambda: self.aligning.emit(False))
        self.angle.editingFinished.connect(self.settled)
        for slider in (self.brightness, self.contrast):
            slider.valueChanged.connect(
                lambda _value: self.toned.emit(
                    self.brightness.value() / _PERCENT, self.contrast.value() / _PERCENT
                )
            )
        for slider in (self.turn, self.brightness, self.contrast):
            slider.sliderReleased.connect(self.settled)


# Name: label, what it does, icon. Those without a label show the icon alone.
BUTTONS: dict[str, tuple[str, str, str]] = {
    "rotateLeft": ("", "左转 90°（Shift+R）", "rotate-left"),
    "rotateRight": ("", "右转 90°（R）", "rotate-right"),
    "adopt": ("采用建议", "照虚线框校正和裁切（A）", ""),
    "revert": ("还原为原图", "去掉这一页的所有编辑", ""),
    "more": ("更多…", "同类页都这样、拆成两页", ""),
}


def _tool(name: str, text: str, tip: str, sign: str = "", *, checkable: bool = False) -> QToolButton:
    made = QToolButton()
    made.setObjectName(name)
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(text.rstrip("…") or tip.partition("（")[0])
    made.setCheckable(checkable)
    if sign:
        made.setIcon(icon(sign))
        if text:
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return made


def _slider(name: str, spoken: str, most: int) -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setObjectName(name)
    made.setAccessibleName(spoken)
    made.setRange(-most, most)
    made.setMinimumWidth(90)
    return made


def _label(text: str, of: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(of)
    label.setProperty("role", "caption")
    return label
