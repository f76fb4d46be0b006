"""How the window looks: colours, distances, the one style sheet, signs of states. A fixed light scheme."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from certclerk.system.resources import resource

# Distances in px: multiples and halves of 8.
HALF = 4
GAP = 8
WIDE = 16
ROW_HEIGHT = 30
ICON = 20
FONT_POINTS = 10
# Asked for in this order, then the bundled one; each has CJK glyphs drawn for the screen.
UI_FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
)

INK = "#1f2a37"
QUIET = "#566474"
FAINT = "#8a96a3"
LINE = "#d5dce4"
STRONG_LINE = "#aab5c1"
WINDOW = "#eef1f5"
PANEL = "#ffffff"
STRIPE = "#f7f9fb"
HOVER = "#e9eff6"
ACCENT = "#155fb0"
ACCENT_DARK = "#0e4a8c"
ACCENT_TINT = "#dfecfa"
GREEN, GREEN_TINT = "#1a7440", "#dff3e6"
AMBER, AMBER_TINT = "#8f5300", "#fff1d2"
RED, RED_TINT = "#b3261e", "#fde6e4"
GREY, GREY_TINT = "#566474", "#e8ecf0"
# Behind a page's picture, so that white paper has an edge.
DESK = "#5b6672"


@dataclass(frozen=True, slots=True)
class Tone:
    """Ink and ground of a state, and the sign that says the same without colour (an icon's name)."""

    ink: str
    tint: str
    sign: str


# The keys are the values of core.progress.State and core.records.Severity, spelled out (and held to them by a
# test) because importing those takes a fifth of the start-up time.
OF_STATE: dict[str, Tone] = {
    "完成": Tone(GREEN, GREEN_TINT, "check"),
    "待扫": Tone(ACCENT, ACCENT_TINT, "ring"),
    "有问题": Tone(RED, RED_TINT, "error"),
    "不纳入": Tone(GREY, GREY_TINT, "dash"),
    "暂缓": Tone(GREY, GREY_TINT, "pause"),
    "待定": Tone(AMBER, AMBER_TINT, "question"),
}
OF_SEVERITY: dict[str, Tone] = {
    "error": Tone(RED, RED_TINT, "error"),
    "warning": Tone(AMBER, AMBER_TINT, "warning"),
    "note": Tone(GREY, GREY_TINT, "info"),
}


def apply(application: QApplication, bundled_family: str = "") -> None:
    """Our colours and type, whatever the desktop's theme is; the style itself is to be Fusion."""
    application.setPalette(_palette())
    application.setFont(ui_font(bundled_family))
    application.setStyleSheet(style_sheet())


def ui_font(bundled_family: str = "") -> QFont:
    here = set(QFontDatabase.families())
    families = [family for family in UI_FAMILIES if family in here]
    if bundled_family:
        families.append(bundled_family)
    font = QFont()
    if families:
        font.setFamilies(families)
    font.setPointSize(FONT_POINTS)
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


def scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """``font`` in another size, for titles and captions."""
    other = QFont(font)
    other.setPointSizeF(font.pointSizeF() * factor)
    other.setBold(bold)
    return other


def _palette() -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for where, colour in (
        (role.Window, WINDOW),
        (role.WindowText, INK),
        (role.Base, PANEL),
        (role.AlternateBase, STRIPE),
        (role.Text, INK),
        (role.PlaceholderText, FAINT),
        (role.Button, PANEL),
        (role.ButtonText, INK),
        (role.BrightText, RED),
        (role.ToolTipBase, INK),
        (role.ToolTipText, PANEL),
        (role.Highlight, ACCENT),
        (role.HighlightedText, PANEL),
        (role.Link, ACCENT),
        (role.Light, PANEL),
        (role.Midlight, WINDOW),
        (role.Mid, LINE),
        (role.Dark, STRONG_LINE),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(FAINT))
    return palette


# Widgets ask for a look by a dynamic property: role = primary | quiet | danger | title | caption | field-error
# | card, or shade = panel (a white pane).
_SHEET = Template(
    """
QToolTip { background: $INK; color: $PANEL; border: none; padding: 4px 8px; }
QMainWindow, QDialog, QWizard { background: $WINDOW; }
*[shade="panel"] { background: $PANEL; }
QFrame[role="card"] { background: $PANEL; border: 1px solid $LINE; border-radius: 6px; }

QLabel[role="title"] { font-size: 15pt; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="caption"] { color: $QUIET; font-size: 9pt; }
QLabel[role="field-error"] { color: $RED; }
QWidget[role="key-row"][upcoming="true"] { background: $ACCENT_TINT; border-radius: 4px; }
QPushButton[role="copied"] { color: $GREEN; border-color: $GREEN; }
QLabel[role="doubt"] { color: $AMBER; font-weight: 600; }

QPushButton, QToolButton { border: 1px solid $LINE; border-radius: 4px; padding: 4px 12px; background: $PANEL;
  color: $INK; min-height: 20px; }
QToolButton { padding: 4px 8px; }
QPushButton:hover, QToolButton:hover { background: $HOVER; border-color: $STRONG_LINE; }
QPushButton:pressed, QToolButton:pressed { background: $LINE; }
QPushButton:checked, QToolButton:checked { background: $ACCENT_TINT; border-color: $ACCENT; color: $ACCENT_DARK; }
QPushButton:disabled, QToolButton:disabled { color: $FAINT; background: $WINDOW; }
QPushButton:focus, QToolButton:focus { border: 2px solid $ACCENT; padding: 3px 11px; }
QToolButton:focus { padding: 3px 7px; }
QPushButton[role="primary"], QToolButton[role="primary"] { background: $ACCENT; color: $PANEL;
  border-color: $ACCENT; font-weight: 600; }
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { background: $ACCENT_DARK; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled { background: $GREY_TINT;
  border-color: $LINE; color: $FAINT; }
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus { border: 2px solid $INK; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border-color: transparent; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $HOVER; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border: 2px solid $ACCENT; }
QPushButton[role="mark"] { background: transparent; border-color: transparent; color: $AMBER; font-weight: 600;
  padding: 1px 6px; min-height: 16px; }
QPushButton[role="mark"]:hover { background: $AMBER_TINT; }
QPushButton[role="mark"]:focus { border: 2px solid $ACCENT; padding: 0 5px; }
QPushButton[role="danger"] { color: $RED; }
QPushButton[role="choice"] { border-radius: 6px; padding: 0; min-height: 66px; }
QPushButton[role="entry"] { border-color: transparent; padding: 0; min-height: 44px; }
QPushButton[role="entry"]:disabled { background: transparent; }
QPushButton[role="entry"]:hover { background: $HOVER; }
QPushButton[role="entry"]:focus { border: 2px solid $ACCENT; min-height: 42px; }
QLabel[role="gone"] { color: $QUIET; font-style: italic; }
QPushButton[role="choice"]:focus { min-height: 64px; }
QLabel[role="trouble"] { background: $RED_TINT; color: $RED; border: 1px solid $RED; border-radius: 6px;
  padding: 10px 14px; }
QToolButton[role="chip"] { border-radius: 12px; padding: 1px 6px; font-size: 9pt; }
QToolButton[role="chip"]:focus { padding: 0 5px; }
QToolButton[role="chip"]::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox { border: 1px solid $STRONG_LINE; border-radius: 4px;
  padding: 3px 7px; background: $PANEL; selection-background-color: $ACCENT; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 2px solid $ACCENT; padding: 2px 6px; }
QLineEdit:disabled, QComboBox:disabled { background: $WINDOW; color: $FAINT; }
QLineEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $RED; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; padding: 0; background: transparent; }
QComboBox { selection-background-color: $ACCENT_TINT; selection-color: $INK; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$arrow"); width: 12px; height: 12px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  border: none; width: 22px; subcontrol-origin: padding; }
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$raise_arrow"); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$arrow"); width: 10px; height: 10px; }
QLineEdit QToolButton { border: none; padding: 0; background: transparent; min-height: 0; }
QTableView::item { padding: 0 4px; }
QTableView::item:focus { border: 2px solid $ACCENT; padding: 0 2px; }
QTableView QLineEdit, QTableView QComboBox { border-radius: 0; padding: 0 2px; }

QTableView, QListView, QTreeView, QListWidget { border: none; background: $PANEL; outline: none;
  alternate-background-color: $STRIPE; gridline-color: $LINE;
  selection-background-color: $ACCENT_TINT; selection-color: $INK; }
QHeaderView::section { background: $WINDOW; color: $QUIET; border: none; border-bottom: 1px solid $LINE;
  padding: 4px 6px; }
QTableCornerButton::section { background: $WINDOW; border: none; }

QSplitter::handle { background: $WINDOW; }
QSplitter::handle:hover { background: $ACCENT_TINT; }
QToolBar { background: $PANEL; border: none; border-bottom: 1px solid $LINE; padding: 4px 8px; spacing: 4px; }
QToolBar QToolButton { background: transparent; border-color: transparent; }
QToolBar QToolButton:hover { background: $HOVER; }
QToolBar QToolButton:disabled { background: transparent; border-color: transparent; }
QToolBar QToolButton:focus { border: 2px solid $ACCENT; }
QToolBar::separator { background: $LINE; width: 1px; margin: 6px 6px; }
QMenuBar { background: $PANEL; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $ACCENT_TINT; }
QMenu { background: $PANEL; border: 1px solid $STRONG_LINE; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 3px; }
QMenu::item:selected { background: $ACCENT_TINT; color: $INK; }
QMenu::item:disabled { color: $FAINT; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { background: $LINE; height: 1px; margin: 4px 8px; }
QStatusBar { background: $PANEL; border-top: 1px solid $LINE; }
QFrame[role="line"] { color: $LINE; }
QStatusBar QLabel { padding: 0 6px; }
QStatusBar QPushButton[role="quiet"] { padding: 1px 6px; min-height: 16px; }
QStatusBar QPushButton[role="quiet"]:focus { padding: 0 5px; }
QStatusBar::item { border: none; }
QProgressBar { border: none; border-radius: 4px; background: $GREY_TINT; text-align: center; min-height: 8px; }
QProgressBar::chunk { background: $ACCENT; border-radius: 4px; }
QSlider:horizontal { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; background: $STRONG_LINE; border-radius: 2px; }
QSlider::handle:horizontal { width: 16px; height: 16px; margin: -7px 0; border-radius: 9px; background: $PANEL;
  border: 1px solid $QUIET; }
QSlider::handle:horizontal:hover { border-color: $ACCENT; }
QSlider::handle:horizontal:focus { background: $ACCENT; border: 2px solid $ACCENT_DARK; width: 14px; height: 14px; }
QSlider::handle:horizontal:disabled { background: $WINDOW; border-color: $LINE; }
QTabBar::tab { background: transparent; border: none; padding: 6px 12px; color: $QUIET;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $ACCENT_DARK; border-bottom-color: $ACCENT; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: #c3ccd6; border-radius: 4px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $STRONG_LINE; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
"""
)


@cache
def style_sheet() -> str:
    """The one style sheet, with our colours and the paths of the arrows that it cannot draw itself."""
    colours = {name: value for name, value in globals().items() if isinstance(value, str)}
    return _SHEET.substitute(
        colours,
        arrow=resource("icons", "chevron-down.png").as_posix(),
        raise_arrow=resource("icons", "chevron-up.png").as_posix(),
    )


def put_sheet(widget: QWidget, sheet: str) -> None:
    """A widget's own style sheet; Qt works it through the whole widget anew, so only where it is another."""
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)
