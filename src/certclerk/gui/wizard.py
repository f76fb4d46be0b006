"""What both wizards share: named buttons in Chinese, the list of steps, a size that fits every screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from certclerk.gui import style
from certclerk.gui.icons import icon

# px: beside it a Windows title bar and task bar fit on the smallest screen, 1280 × 720.
LARGEST = QSize(1180, 600)
STEPS_WIDTH = 148
CARD_WIDTH = 760
FEW_PAGES = 2

# Each of QWizard's own buttons: its object name, what it shows, what a screen reader says.
_BUTTONS = (
    (QWizard.WizardButton.BackButton, "backButton", "上一步(&B)", "上一步"),
    (QWizard.WizardButton.NextButton, "nextButton", "下一步(&N)", "下一步"),
    (QWizard.WizardButton.FinishButton, "finishButton", "完成(&F)", "完成"),
    (QWizard.WizardButton.CancelButton, "cancelButton", "取消", "取消"),
)


RIGHT = style.OF_STATE["完成"]
WRONG = style.OF_SEVERITY["error"]
DOUBTFUL = style.OF_SEVERITY["warning"]
PLAIN = style.Tone(style.INK, style.PANEL, "info")


class Wizard(QWizard):
    """A modal QWizard of ``pages`` in their order, with the list of them at the left where there are many."""

    def __init__(self, parent: QWidget | None, name: str, title: str, pages: Sequence[Step]) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setOption(QWizard.WizardOption.NoBackButtonOnLastPage)
        self.setOption(QWizard.WizardOption.NoCancelButtonOnLastPage)
        for which, object_name, text, spoken in _BUTTONS:
            self.setButtonText(which, text)
            button = self.button(which)
            button.setObjectName(object_name)
            button.setAccessibleName(spoken)
            if object_name in ("nextButton", "finishButton"):
                set_look(button, "role", "primary")
        for page in pages:
            self.addPage(page)
        if len(pages) > FEW_PAGES:
            # Kept here too: QWizard takes no ownership that Python knows of.
            self._steps = _Steps([page.NAME for page in pages])
            self.setSideWidget(self._steps)
            self.currentIdChanged.connect(self._steps.show_current)
        self.resize(fitting(self))

    def set_back_enabled(self, enabled: bool) -> None:
        """Until the page next says that its completeness changed."""
        self.button(QWizard.WizardButton.BackButton).setEnabled(enabled)


def fitting(dialog: QWidget) -> QSize:
    """The size of a large dialog on the screen where it is."""
    return LARGEST.boundedTo(dialog.screen().availableGeometry().size() - QSize(40, 80))


class _Steps(QFrame):
    """The steps from top to bottom: those done ticked, the current one marked."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("wizardSteps")
        self.setAccessibleName("步骤")
        self.setFixedWidth(STEPS_WIDTH)
        self._titles = tuple(titles)
        self._labels = tuple(QLabel(self) for _ in titles)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.GAP, style.GAP, style.WIDE)
        layout.setSpacing(style.WIDE)
        for label in self._labels:
            layout.addWidget(label)
        layout.addStretch(1)
        self.show_current(0)

    def show_current(self, current: int) -> None:
        for index, (label, title) in enumerate(zip(self._labels, self._titles, strict=True)):
            done, here = index < current, index == current
            label.setText(f"{'✓' if done else index + 1}  {title}")
            set_look(label, "role", "heading" if here else "caption")


class Banner(QFrame):
    """One sentence with a sign, on the ground of its tone."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._sign = QLabel()
        self._text = paragraph(f"{name}Text")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)

    def say(self, tone: style.Tone, text: str) -> None:
        self._sign.setPixmap(icon(tone.sign, tone.ink).pixmap(style.ICON, style.ICON))
        self._text.setText(text)
        self._text.setStyleSheet(f"color: {tone.ink}; font-weight: 600;")
        self.setStyleSheet(f"#{self.objectName()} {{ background: {tone.tint}; border-radius: 6px; }}")
        self.setAccessibleName(text)
        self.show()

    def text(self) -> str:
        return self._text.text()


class Step(QWizardPage):
    """A page that says its ``NAME`` and ``HINT`` itself, in line with what stands below; ``body`` takes that."""

    NAME = ""
    HINT = ""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.NAME)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(style.GAP, 0, style.GAP, 0)
        self.body.setSpacing(style.GAP)
        for name, text, role in (("pageTitle", self.NAME, "title"), ("pageHint", self.HINT, "caption")):
            if text:
                label = QLabel(text)
                label.setObjectName(name)
                label.setProperty("role", role)
                self.body.addWidget(label)


def paragraph(name: str, text: str = "") -> QLabel:
    """A wrapping label whose text can be selected and copied."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Sets a dynamic property that the style sheet goes by, and repaints where it is another."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
