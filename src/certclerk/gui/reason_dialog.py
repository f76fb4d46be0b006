"""Asks the clerk for a reason, offering the usual ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from certclerk.gui import style, texts
from certclerk.gui.buttons import accept_or_cancel, button
from certclerk.gui.showing import hand_back

COLUMNS = 3


class ReasonDialog(QDialog):
    """A sentence, the usual reasons as buttons that fill the field, and the field. ``reason`` holds the answer.

    ``option``, if any, is what the clerk may want besides; ``wanted`` says whether.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str,
        suggestions: Sequence[str] = (),
        option: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName("reasonDialog")
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        asked = QLabel(sentence)
        asked.setWordWrap(True)
        self._field = QLineEdit()
        self._field.setObjectName("reasonField")
        self._field.setAccessibleName(texts.REASON)
        self._field.setPlaceholderText("也可以自己填写")
        self._field.textChanged.connect(self._on_field_text_changed)
        self._option = QCheckBox(option)
        self._option.setObjectName("optionBox")
        buttons, self._accept = accept_or_cancel(self, title.rstrip("…"), "acceptButton", self.accept)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout.setSpacing(style.GAP)
        layout.addWidget(asked)
        layout.addLayout(self._suggestion_grid(suggestions))
        layout.addWidget(self._field)
        if option:
            layout.addWidget(self._option)
        layout.addSpacing(style.GAP)
        layout.addWidget(buttons)
        self._on_field_text_changed("")
        self._field.setFocus()

    @property
    def reason(self) -> str:
        return self._field.text().strip()

    @property
    def wanted(self) -> bool:
        return self._option.isChecked()

    def _suggestion_grid(self, suggestions: Sequence[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(style.HALF)
        for index, suggestion in enumerate(suggestions):
            offered = button(suggestion, f"suggestion{index + 1}")
            offered.clicked.connect(lambda _checked=False, text=suggestion: self._suggest(text))
            grid.addWidget(offered, index // COLUMNS, index % COLUMNS)
        return grid

    def _suggest(self, text: str) -> None:
        self._field.setText(text)
        self._accept.setFocus()

    def _on_field_text_changed(self, _text: str) -> None:
        self._accept.setEnabled(bool(self.reason))


def ask_reason(
    parent: QWidget | None, title: str, sentence: str, suggestions: Sequence[str] = ()
) -> str | None:
    """The reason, never empty; None when the clerk thought better of it."""
    answer = _answer(ReasonDialog(parent, title, sentence, suggestions))
    return answer[0] if answer else None


def ask_reason_and(
    parent: QWidget | None, title: str, sentence: str, suggestions: Sequence[str], option: str
) -> tuple[str, bool] | None:
    """The reason, and whether the clerk wants the ``option`` besides; it is not offered where empty."""
    return _answer(ReasonDialog(parent, title, sentence, suggestions, option))


def _answer(dialog: ReasonDialog) -> tuple[str, bool] | None:
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    answer = dialog.reason, dialog.wanted
    hand_back(dialog)
    dialog.deleteLater()
    return answer if accepted else None
