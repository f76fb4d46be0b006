"""Asks for the password of an encrypted file; of one with pages while the worker that takes them in waits for it."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel
from certclerk.gui.filing_form import Word
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.gui.tasks import Job
from certclerk.jobs.passwords import Ask, Password

# How soon a worker notices that its job was stopped while it waited for the clerk.
_PATIENCE_S = 0.1


class PasswordDialog(QDialog):
    """``asked`` says which file it is; ``wrong``: the password given just before did not open it.

    ``among_others``: the clerk may want to try it on the rest of the files.
    """

    def __init__(
        self, parent: QWidget | None, asked: str, wrong: bool, *, among_others: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName("passwordDialog")
        self.setWindowTitle("打开密码")
        self.setMinimumWidth(440)
        sentence = QLabel(asked)
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setWordWrap(True)
        self._field = QLineEdit()
        self._field.setObjectName("passwordField")
        self._field.setAccessibleName("打开密码")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._word = Word("passwordWord")
        self._shown = QCheckBox("显示密码")
        self._shown.setObjectName("showPasswordBox")
        self._shown.toggled.connect(self._on_shown_toggled)
        self._for_rest = QCheckBox("使用同一密码打开其余文件")
        self._for_rest.setObjectName("samePasswordBox")
        buttons, self._accept = accept_or_cancel(self, "打开", "acceptButton", self.accept)
        self._field.textChanged.connect(lambda text: self._accept.setEnabled(bool(text)))
        self._accept.setEnabled(False)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        for part in (sentence, self._field, self._word, self._shown):
            layout.addWidget(part)
        if among_others:
            layout.addWidget(self._for_rest)
        layout.addSpacing(style.GAP)
        layout.addWidget(buttons)
        if wrong:
            self._word.complain("密码不对，请再输入一次。注意大小写和数字键盘。")
        self.adjustSize()
        self._field.setFocus()

    @property
    def password(self) -> Password:
        return Password(self._field.text(), self._for_rest.isChecked())

    def _on_shown_toggled(self, shown: bool) -> None:
        modes = QLineEdit.EchoMode
        self._field.setEchoMode(modes.Normal if shown else modes.Password)


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    name: str
    wrong: bool
    answers: queue.SimpleQueue[Password | None] = field(default_factory=queue.SimpleQueue)


class PasswordDesk(QObject):
    """Carries a worker's question to the window of ``session``. Make it on the window's thread."""

    _asked = Signal(object)
    _withdrawn = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._open: dict[_Question, PasswordDialog] = {}
        self._asked.connect(self._on_asked, Qt.ConnectionType.QueuedConnection)
        self._withdrawn.connect(self._on_withdrawn, Qt.ConnectionType.QueuedConnection)

    def asking_for(self, job: Job) -> Ask:
        """What the job's work calls in its thread; it waits for the clerk as long as the job is not stopped."""

        def ask(name: str, wrong: bool) -> Password | None:
            question = _Question(name, wrong)
            self._asked.emit(question)
            while not job.cancelled:
                try:
                    return question.answers.get(timeout=_PATIENCE_S)
                except queue.Empty:
                    continue
            self._withdrawn.emit(question)
            return None

        return ask

    @Slot(object)
    def _on_asked(self, question: _Question) -> None:
        asked = f"“{question.name}”有打开密码。请输入密码；取消则不收入这个文件，其余照常收入。"
        dialog = PasswordDialog(QApplication.activeWindow(), asked, question.wrong, among_others=True)
        dialog.accepted.connect(lambda: question.answers.put(dialog.password))
        dialog.rejected.connect(lambda: question.answers.put(None))
        dialog.finished.connect(lambda _result: self._open.pop(question))
        self._open[question] = dialog
        show(dialog)

    @Slot(object)
    def _on_withdrawn(self, question: _Question) -> None:
        """Nobody waits for the answer any more: the clerk has stopped the job."""
        if question in self._open:
            self._open[question].reject()


def password_desk(session: Session) -> PasswordDesk:
    """The session's one desk."""
    return session.findChild(PasswordDesk) or PasswordDesk(session)
