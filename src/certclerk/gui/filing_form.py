"""The fields of who submits (单位, 经办人, 联系电话) with a word beside each."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.appointment import appointment_of, countdown
from certclerk.core.notice import Appointment, Notice
from certclerk.core.records import Filing
from certclerk.gui import style


class Word(QLabel):
    """What is to be said about a field, under it: a hint in grey or a complaint in red."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWordWrap(True)
        self.hide()

    def hint(self, text: str) -> None:
        self._show(text, "caption")

    def complain(self, text: str) -> None:
        self._show(text, "field-error")

    def _show(self, text: str, role: str) -> None:
        self.setText(text)
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setVisible(bool(text))
        window, layout = self.window(), self.window().layout()
        if isinstance(window, QDialog) and layout is not None:
            # A sentence of two lines makes room for itself.
            layout.activate()
            window.resize(window.width(), max(window.height(), window.heightForWidth(window.width())))


class FilingForm(QFormLayout):
    """``edited``: something was typed. Rows can be added before and after."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        # Beside its field, also where a sentence stands below that.
        self.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.setHorizontalSpacing(style.WIDE)
        self.setVerticalSpacing(style.GAP)
        self._notice: Notice | None = None
        self._own: Appointment | None = None
        self._today = date.today()
        self.unit = QComboBox()
        self.unit.setEditable(True)
        self.unit.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        typed = QLineEdit()
        typed.setPlaceholderText("从列表中选，或直接输入")
        self.unit.setLineEdit(typed)
        self.clerk, self.phone = QLineEdit(), QLineEdit()
        self.unit_word = Word("unitWord")

    def add_rows(self) -> None:
        self.add_field("单位", "unitField", self.unit, self.unit_word)
        self.add_field("经办人", "clerkField", self.clerk)
        self.add_field("联系电话", "phoneField", self.phone)
        self.unit.currentTextChanged.connect(self._on_unit_text_changed)
        for field in (self.clerk, self.phone):
            field.textEdited.connect(self.edited)

    def add_field(self, title: str, name: str, field: QWidget, word: QLabel | None = None) -> None:
        """A row whose label names the field for screen readers too."""
        field.setObjectName(name)
        field.setAccessibleName(title)
        self.add_box(title, field, field, word)

    def add_box(self, title: str, field: QWidget, shown: QWidget, word: QLabel | None = None) -> None:
        """A row that shows ``shown``, in which ``field`` is what the label leads to."""
        label = QLabel(title)
        label.setBuddy(field)
        label.setFixedHeight(style.ROW_HEIGHT)
        if word is None:
            self.addRow(label, shown)
            return
        column = QVBoxLayout()
        column.setSpacing(style.HALF)
        column.addWidget(shown)
        column.addWidget(word)
        self.addRow(label, column)

    def set_notice(self, notice: Notice, today: date, own: Appointment | None = None) -> None:
        """Offers the notice's units and keeps what was typed. ``own``: days that the clerk entered."""
        typed = self.unit.currentText()
        self._notice, self._today, self._own = notice, today, own
        self.unit.blockSignals(True)
        self.unit.clear()
        self.unit.addItems([unit.name for unit in notice.units])
        self.unit.setEditText(typed)
        self.unit.blockSignals(False)
        known = [name for unit in notice.units for name in (unit.name, *unit.aliases)]
        completer = QCompleter(known, self.unit)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.unit.setCompleter(completer)
        self._show_appointment()

    def show_filing(self, filing: Filing) -> None:
        self.unit.setEditText(filing.unit)
        self.clerk.setText(filing.clerk)
        self.phone.setText(filing.phone)

    def filing(self, filled_on: date | None = None) -> Filing:
        """As typed, the unit under the notice's own name for it."""
        unit = self.unit.currentText().strip()
        official = self._notice.official_name(unit) if self._notice else unit
        return Filing(official, self.clerk.text().strip(), self.phone.text().strip(), filled_on)

    def _on_unit_text_changed(self, _text: str) -> None:
        self._show_appointment()
        self.edited.emit()

    def _show_appointment(self) -> None:
        name = self.unit.currentText().strip()
        if not name or self._notice is None:
            self.unit_word.hint("")
            return
        unit = self._notice.unit(name)
        words: list[str] = []
        if unit is None:
            words.append("不在通知的名单里，统计表会为它另加一行。")
        elif unit.name != name:
            words.append(f"统计表中的名称：{unit.name}")
        appointment = appointment_of(self._notice, name, self._own)
        if unit or appointment:
            words.append(f"录入时间：{countdown(appointment, self._today)}")
        if appointment and appointment.remark:
            words.append(appointment.remark)
        self.unit_word.hint("\n".join(words))
