"""The head of the scan panel: whose certificate this is, and whether it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from certclerk.core import identity
from certclerk.core.notice import Notice
from certclerk.core.progress import Standing
from certclerk.core.records import Certificate, Teacher
from certclerk.core.scope import Scope, certificate_scope
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.icons import icon


class TeacherHeading(QWidget):
    """Serial, name, and what tells namesakes apart; ``form_button`` folds the form out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = QLabel()
        self._name.setObjectName("teacherName")
        self._name.setProperty("role", "title")
        self._about = ElidedLabel("teacherAbout", "教师", align=Qt.AlignmentFlag.AlignLeft)
        self._state = QLabel()
        self._state.setObjectName("teacherState")
        self.form_button = QToolButton()
        self.form_button.setObjectName("formButton")
        self.form_button.setText("基本信息")
        self.form_button.setAccessibleName("基本信息，展开或收起")
        self.form_button.setToolTip("展开或收起可修改的基本信息")
        self.form_button.setCheckable(True)
        self.form_button.setIcon(icon("pencil"))
        self.form_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.GAP)
        row.addWidget(self._name)
        row.addWidget(self._about, 1)
        row.addWidget(self._state)
        row.addWidget(self.form_button)

    def show_teacher(self, teacher: Teacher | None, standing: Standing | None) -> None:
        self.form_button.setEnabled(teacher is not None)
        self._state.setVisible(teacher is not None)
        if teacher is None or standing is None:
            self._name.setText(texts.NO_TEACHER)
            self._about.set_text("")
            return
        self._name.setText(f"{teacher.serial}　{named(teacher.name)}")
        self._about.set_text(about(teacher))
        tone = style.OF_STATE[standing.state]
        self._state.setText(standing.state.value)
        style.put_sheet(
            self._state, f"color: {tone.ink}; background: {tone.tint}; border-radius: 4px; padding: 2px 8px;"
        )
        self._state.setToolTip(standing.scope.reason)


class ScopeBar(QFrame):
    """Why the teacher or this certificate does not count, or the question whether it does.

    ``include_asked``, ``exclude_asked``, ``reopen_asked`` are about the certificate; ``readmit_asked``
    about the teacher.
    """

    include_asked = Signal()
    exclude_asked = Signal()
    reopen_asked = Signal()
    readmit_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scopeBar")
        self._sign = QLabel()
        self._words = QLabel()
        self._words.setObjectName("scopeText")
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._buttons = {
            "include": _button("includeButton", "纳入", self.include_asked.emit),
            "exclude": _button("excludeButton", "不纳入…", self.exclude_asked.emit),
            "reopen": _button("reopenButton", "改回待定", self.reopen_asked.emit),
            "readmit": _button("readmitButton", "恢复", self.readmit_asked.emit),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(style.GAP, style.HALF, style.GAP, style.HALF)
        row.setSpacing(style.GAP)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        for button in self._buttons.values():
            row.addWidget(button)

    def show_scope(
        self, teacher: Teacher, certificate: Certificate | None, notice: Notice, *, editable: bool
    ) -> None:
        """Hidden where there is nothing to say: both count without a question."""
        words, offered, scope = _scope_words(teacher, certificate, notice)
        self.setVisible(bool(words))
        self._words.setText(words)
        for name, button in self._buttons.items():
            button.setVisible(editable and name in offered)
        asked = scope is Scope.ASK
        ink, ground = (style.AMBER, style.AMBER_TINT) if asked else (style.GREY, style.GREY_TINT)
        self._sign.setPixmap(icon(_SIGNS[scope], ink).pixmap(style.ICON, style.ICON))
        style.put_sheet(
            self,
            f"#scopeBar {{ background: {ground}; border-radius: 6px; }} #scopeText {{ color: {style.INK}; }}",
        )


_SIGNS = {Scope.IN: "check", Scope.OUT: "dash", Scope.HOLD: "pause", Scope.ASK: "question"}


def _scope_words(
    teacher: Teacher, certificate: Certificate | None, notice: Notice
) -> tuple[str, tuple[str, ...], Scope]:
    """The sentence, the buttons beside it, and what it is about."""
    if teacher.choice:
        scope = Scope(teacher.choice)
        return f"本人已设为{scope.label}：{teacher.choice_reason}", ("readmit",), scope
    if certificate is None:
        return "还没有登记证书。添加证书后才能放入扫描页。", (), Scope.OUT
    by_rule = certificate_scope(replace(certificate, choice=""), notice)
    if by_rule.scope is Scope.ASK and certificate.choice:
        scope = Scope(certificate.choice)
        reason = f"：{certificate.choice_reason}" if certificate.choice_reason else ""
        return f"这本证书已决定{scope.label}{reason}", ("reopen",), scope
    if by_rule.scope is Scope.ASK:
        return f"这本证书待定：{by_rule.reason}", ("include", "exclude"), Scope.ASK
    if by_rule.scope is Scope.OUT:
        return f"这本证书不纳入：{by_rule.reason}", (), Scope.OUT
    return "", (), Scope.IN


def about(teacher: Teacher) -> str:
    """Sex, masked number and kinds, in one line."""
    kinds = "、".join(dict.fromkeys(held.kind or texts.NO_KIND for held in teacher.certificates))
    parts = (teacher.sex, identity.masked(teacher.id_number), kinds)
    return " · ".join(part for part in parts if part)


def _button(name: str, text: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text.rstrip("…"))
    button.clicked.connect(act)
    return button
