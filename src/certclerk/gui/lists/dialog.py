"""名册与清单: what comes out of the roster, each list with its preview and the same ways out of the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.roster_list import RosterList
from certclerk.core.signature import Signature
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.desktop import open_with_desktop
from certclerk.gui.icons import icon
from certclerk.gui.lists.model import ListModel
from certclerk.gui.lists.pages import PAGES, Page
from certclerk.gui.lists.signing_bar import SigningBar
from certclerk.gui.lists.table import ListTable
from certclerk.gui.print_preview import show_preview
from certclerk.gui.session import Session
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, WRONG, Banner, fitting, set_look
from certclerk.jobs import acts, roster_lists
from certclerk.jobs.export_roster import Export, export
from certclerk.jobs.roster_lists import ListKind, Source, roster_list

CHOICE_WIDTH = 148
CHOICE_HEIGHT = 36
TEXT_HEIGHT = 132
WAITING = "正在检查名册，请稍候…"
WORKBOOK_FILTER = "Excel 表格 (*.xlsx)"


class ListsDialog(QDialog):
    """Opens on ``kind``; the others are one key away. It follows the collection while it is open."""

    def __init__(self, session: Session, kind: ListKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._listed: RosterList | None = None
        self._export: Export | None = None
        self._saved: Path | None = None
        self.setObjectName("listsDialog")
        self.setWindowTitle("名册与清单")
        self.resize(fitting(self))
        self._choice = QListWidget()
        self._choice.setObjectName("listChoice")
        self._choice.setAccessibleName("清单")
        self._choice.setFixedWidth(CHOICE_WIDTH)
        for page in PAGES:
            item = QListWidgetItem(icon(page.icon), page.name, self._choice)
            item.setSizeHint(QSize(0, CHOICE_HEIGHT))
        self._title = QLabel()
        self._title.setObjectName("listTitle")
        self._title.setProperty("role", "title")
        self._hint = QLabel()
        self._hint.setObjectName("listHint")
        self._hint.setProperty("role", "caption")
        self._hint.setWordWrap(True)
        self._banner = Banner("listBanner")
        self._signing = SigningBar(session.today())
        self._model = ListModel(self)
        self._table = ListTable(self._model)
        self._empty = QLabel()
        self._empty.setObjectName("listEmpty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("shade", "panel")
        self._shown = QStackedWidget()
        self._shown.addWidget(self._table)
        self._shown.addWidget(self._empty)
        self._text_title = QLabel()
        self._text_title.setProperty("role", "caption")
        self._text = QPlainTextEdit()
        self._offered = ""
        self._text.setObjectName("listText")
        self._text.setAccessibleName("要复制的文字")
        self._text.setFixedHeight(TEXT_HEIGHT)
        self._print = button("打印…", "printButton")
        self._pdf = button(texts.SAVE_PDF, "savePdfButton")
        self._workbook = button("存为表格…", "saveWorkbookButton", spoken="存为 Excel 表格")
        self._copy = button("复制文字", "copyTextButton")
        self._open = button("打开文件", "openFileButton", spoken="打开刚才保存的文件")
        self._close = button(texts.CLOSE, "closeButton")
        self._lay_out()
        self._connect()
        self._choice.setCurrentRow([page.kind for page in PAGES].index(kind))

    @property
    def page(self) -> Page:
        return PAGES[max(0, self._choice.currentRow())]

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        for each in (self._print, self._pdf, self._workbook, self._copy):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(self._open)
        buttons.addWidget(self._close)
        right = QVBoxLayout()
        right.setSpacing(style.GAP)
        for widget in (self._title, self._hint, self._banner, self._signing):
            right.addWidget(widget)
        right.addWidget(self._shown, 1)
        right.addWidget(self._text_title)
        right.addWidget(self._text)
        right.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.WIDE)
        layout.addWidget(self._choice)
        layout.addLayout(right, 1)

    def _connect(self) -> None:
        self._choice.currentRowChanged.connect(self._on_choice_changed)
        self._session.changed.connect(self._on_session_changed)
        self._session.checked.connect(self._on_session_checked)
        self._session.failed.connect(self._on_session_failed)
        self._table.tick_wanted.connect(self._on_table_tick_wanted)
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._refresh_signing())
        self._signing.open_only_changed.connect(lambda _only: self._show_list())
        self._signing.signed.connect(lambda: self._sign(self._chosen(Signature.NONE, Signature.LAPSED)))
        self._signing.withdrawn.connect(lambda: self._withdraw(self._chosen(*_SIGNED)))
        self._print.clicked.connect(self._on_print_clicked)
        self._pdf.clicked.connect(lambda: self._save(".pdf", texts.PDF_FILTER))
        self._workbook.clicked.connect(lambda: self._save(".xlsx", WORKBOOK_FILTER))
        self._copy.clicked.connect(self._on_copy_clicked)
        self._open.clicked.connect(self._on_open_clicked)
        self._close.clicked.connect(self.accept)

    # What is shown

    def _on_choice_changed(self, _row: int) -> None:
        self._title.setText(self.page.name)
        self._hint.setText(self.page.hint)
        for each in (self._print, self._pdf, self._workbook, self._copy):
            set_look(each, "role", "primary" if each.objectName() == self.page.first else "")
        self._signing.setVisible(self.page.kind is ListKind.SIGNATURES)
        self._saved = None
        self._show_list()

    def _on_session_changed(self, _teachers: object) -> None:
        """A tick does not wait for the findings, which it needs not."""
        if self.page.kind in _TICKED:
            self._show_list()

    def _on_session_checked(self) -> None:
        if self.page.kind not in _TICKED:
            self._show_list()

    def _on_session_failed(self, sentence: str) -> None:
        """The window says it too, but lies behind."""
        self._banner.say(WRONG, sentence)

    def _source(self) -> Source:
        session = self._session
        return Source(
            session.roster(),
            session.notice,
            session.findings(),
            session.today(),
            self._signing.open_only,
            session.custody.known,
            session.collection.keyings(),
        )

    def _show_list(self) -> None:
        source, kind = self._source(), self.page.kind
        listed = roster_list(kind, source)
        signing = kind is ListKind.SIGNATURES
        signers = {teacher.id: teacher for teacher in source.roster.teachers} if signing else None
        self._listed, self._export = listed, None
        self._model.show_list(listed, signers)
        waiting = kind is ListKind.CHASE and not self._session.settled
        filled = bool(listed.table.grid.rows) and not waiting
        self._empty.setText(WAITING if waiting else self.page.empty)
        self._shown.setCurrentWidget(self._table if filled else self._empty)
        for each in (self._print, self._pdf, self._workbook, self._copy):
            each.setEnabled(filled)
        self._copy.setVisible(bool(listed.text))
        words = listed.text.splitlines() if self.page.told and filled else []
        self._show_text("要复制的文字（可以先修改）", words)
        self._open.setVisible(self._saved is not None)
        self._refresh_signing()
        if waiting:
            self._banner.say(PLAIN, WAITING)
        elif kind is ListKind.ROSTER and filled:
            self._prove(listed, source)
        else:
            self._tell(listed, PLAIN)

    def _show_text(self, title: str, lines: Sequence[str]) -> None:
        """Below the table, to be read and copied; hidden without lines."""
        self._text_title.setText(title)
        text = "\n".join(lines)
        # What the clerk has changed in it stays for as long as the list is the same.
        if text != self._offered or not text:
            self._text.setPlainText(text)
            self._offered = text
        for widget in (self._text_title, self._text):
            widget.setVisible(bool(lines))
        if lines:
            self._copy.show()

    def _tell(self, listed: RosterList, tone: style.Tone, proof: str = "") -> None:
        """The sentence about the list and what became of it, in doubt where it cannot be printed whole."""
        lacking = roster_lists.unprintable(listed.table)
        if lacking:
            tone = DOUBTFUL
            proof += f"这台电脑没有“{lacking}”的字形，打印不出，请存为表格，在有这些字的电脑上打印。"
        self._banner.say(tone, f"{listed.summary}{proof}")

    def _prove(self, listed: RosterList, source: Source) -> None:
        """Reads the export back before it is offered: what would be lost is told first."""
        self._workbook.setEnabled(False)
        self._tell(listed, PLAIN, "正在读回核对…")
        self._session.runner.run(
            lambda _job: export(source.roster, source.notice, source.day),
            lambda made: self._on_proven(listed, made),
            owner=self,
        )

    def _on_proven(self, listed: RosterList, made: Export) -> None:
        if listed is not self._listed:
            return
        self._export = made
        self._workbook.setEnabled(True)
        if made.too_long:
            self._tell(listed, DOUBTFUL, "可以存，但太长，不能整个再导入；再导入前请分成几个表格。")
        elif made.losses:
            count = len(made.losses)
            proof = f"再导入时有 {count} 位教师会与现在不同，见下面；可以改好再存，也可以照存。"
            self._tell(listed, DOUBTFUL, proof)
            self._show_text("再导入时会不同的地方", made.losses)
        else:
            self._tell(listed, RIGHT, "已读回核对，再导入时一项不少。")

    # Signatures

    def _chosen(self, *wanted: Signature) -> list[int]:
        rows = self._table.selectionModel().selectedRows()
        owners = dict.fromkeys(self._model.owner(index.row()) for index in rows)
        return [owner for owner in owners if owner is not None and self._model.signature_of(owner) in wanted]

    def _refresh_signing(self) -> None:
        writable = not self._session.collection.read_only
        self._signing.set_usable(
            sign=writable and bool(self._chosen(Signature.NONE, Signature.LAPSED)),
            withdraw=writable and bool(self._chosen(*_SIGNED)),
        )

    def _on_table_tick_wanted(self, row: int) -> None:
        owner = self._model.owner(row)
        if owner is None or self._session.collection.read_only:
            return
        if self._model.signature_of(owner) is Signature.HELD:
            self._withdraw([owner])
        else:
            self._sign([owner])

    def _sign(self, teacher_ids: list[int]) -> None:
        self._session.act(acts.sign, teacher_ids, self._signing.day)

    def _withdraw(self, teacher_ids: list[int]) -> None:
        self._session.act(acts.withdraw_signatures, teacher_ids)

    # Ways out

    def _on_print_clicked(self) -> None:
        assert self._listed is not None
        show_preview(self, self._listed.table, lambda error: self._banner.say(WRONG, str(error)))

    def _save(self, suffix: str, filter: str) -> None:
        assert self._listed is not None
        listed, kind, source = self._listed, self.page.kind, self._source()
        folder = self._session.collection.path.parent
        path = files.choose_save(
            self, f"保存{self.page.name}", filter, folder / f"{listed.table.file_stem}{suffix}"
        )
        if path is None:
            return
        path = files.suffixed(path, suffix)
        made = self._export

        def data() -> bytes:
            if suffix == ".pdf":
                return roster_lists.pdf(listed.table)
            return made.workbook if made else roster_lists.workbook(kind, listed, source)

        self._run(path, data)

    def _run(self, path: Path, data: Callable[[], bytes]) -> None:
        self._banner.say(PLAIN, f"正在保存 {path.name} …")
        self._session.runner.run(
            lambda _job: roster_lists.save(data(), path),
            lambda _nothing: self._on_saved(path),
            lambda error: self._banner.say(WRONG, str(error)),
            owner=self,
        )

    def _on_saved(self, path: Path) -> None:
        self._saved = path
        self._banner.say(RIGHT, f"已存为 {path}")
        self._open.show()

    def _on_copy_clicked(self) -> None:
        assert self._listed is not None
        QGuiApplication.clipboard().setText(self._text.toPlainText() or self._listed.text)
        self._banner.say(RIGHT, "文字已复制，可以粘贴到工作群或邮件里。")

    def _on_open_clicked(self) -> None:
        if self._saved is not None:
            open_with_desktop(self._saved)


_TICKED = frozenset({ListKind.SIGNATURES, ListKind.KEYING})
_SIGNED = (Signature.HELD, Signature.LAPSED)
