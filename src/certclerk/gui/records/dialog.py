"""报送记录: every submission, newest first, what it was, what has changed since, and how far it has got."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.amounts import size_text
from certclerk.core.recorded_annexes import recorded_annexes
from certclerk.core.submission_record import Step, Tick
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.desktop import open_with_desktop
from certclerk.gui.icons import icon
from certclerk.gui.package.annex_actions import (
    OVER_WITH_SCANS,
    add_scans,
    offer,
    print_button,
    print_entries,
    sealed_button,
    sealed_entries,
)
from certclerk.gui.package.verify_dialog import VerifyDialog
from certclerk.gui.records.details import CHANGES, FILES, Details
from certclerk.gui.records.freshness import Freshness
from certclerk.gui.records.ticks import TicksCard, tick_words
from certclerk.gui.scan.page_figures import moment_text
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.gui.wizard import paragraph
from certclerk.jobs import submissions
from certclerk.jobs.sealed import Outcome, annex_stems
from certclerk.jobs.submissions import Chain, Submitted, last_chain, submitted

SIZE = (1080, 600)
TABLE_HEIGHT = 190  # px: five submissions and the head
TICKS_WIDTH = 300
HEADS = ("生成时间", "报送", "填报时间", "教师", "报送方式", "大小", "状态", "办理进度")
AMOUNTS = (3, 5)
STATE = 6


class RecordsDialog(QDialog):
    """Follows the collection while it is open. ``supplement_wanted``: the clerk asks for a 补报 and it has closed."""

    supplement_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recordsDialog")
        self.setWindowTitle("报送记录")
        self.resize(*SIZE)
        self._session = session
        self._submitted: tuple[Submitted, ...] = ()
        self._items: list[QTreeWidgetItem] = []
        self._chain: Chain | None = None
        self.freshness = Freshness(session, self)
        self._head = QLabel()
        self.table = QTreeWidget()
        self.details = Details(session)
        self.ticks = TicksCard(session.today())
        self._open = button("打开文件夹", "openFolderButton")
        self._print, self._sealed = print_button(), sealed_button()
        self._verify = button("校验…", "verifyButton", spoken="校验报送包，并与采集对照")
        self._word = paragraph("recordWord")
        self._supplement = button(
            "补报…", "supplementButton", spoken="补报新增和有改动的教师", role="primary"
        )
        self._close = button(texts.CLOSE, "closeButton")
        self._lay_out()
        self._connect()
        self._say("")
        self._show_all()
        self._load()
        self.table.setFocus()

    def current(self) -> Submitted | None:
        item = self.table.currentItem()
        return self._submitted[self._items.index(item)] if item in self._items else None

    # Showing

    def _load(self, said: str = "") -> None:
        """``said`` stands below when all of it is shown."""
        collection = self._session.collection

        def take(found: tuple[Submitted, ...]) -> None:
            kept = self.current()
            self._submitted, self._chain = found, last_chain(found)
            self._show_all()
            for item, each in zip(self._items, found, strict=True):
                if kept is not None and each.id == kept.id:
                    self.table.setCurrentItem(item)
            self._say(said)

        self._session.runner.run(lambda _job: submitted(collection.submissions()), take, owner=self)

    def _show_all(self) -> None:
        there = bool(self._submitted)
        for part in (self.table, self.details, self.ticks):
            part.setVisible(there)
        known = self._session.collection.last_submission_id() is None or there
        nothing = "还没有报送过。生成报送包以后，每一次都记在这里：报了谁、哪些文件、办理到哪一步。"
        several = f"报送过 {len(self._submitted)} 次。办成一步勾一步；内容改了会标出“已过期”。"
        self._head.setText((several if there else nothing) if known else texts.LOADING)
        self._items.clear()
        self.table.clear()
        ticks = self._session.collection.submission_ticks()
        for each in self._submitted:
            record = each.record
            kind = f"补报{record.supplement.number}" if record.supplement else "全部"
            day, delivery = record.day, record.terms.delivery
            texts_ = (
                moment_text(each.made_at),
                kind,
                f"{day.year}年{day.month}月{day.day}日",
                f"{record.teachers} 人",
                delivery.label + (f" {record.mails} 封" if delivery.mailed else ""),
                size_text(record.bytes),
                "",
                tick_words(ticks.get(each.id, ())),
            )
            item = QTreeWidgetItem(self.table, list(texts_))
            item.setSizeHint(len(HEADS) - 1, QSize(0, style.ROW_HEIGHT))
            for column in AMOUNTS:
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._items.append(item)
        if there:
            self.table.setCurrentItem(self._items[0])
        self._show_states()
        self._show_current()

    def _show_states(self) -> None:
        for item, each in zip(self._items, self._submitted, strict=True):
            text, tone = self._state(each)
            item.setText(STATE, text)
            item.setForeground(STATE, QColor(tone.ink))
            item.setIcon(STATE, icon(tone.sign, tone.ink))
            spoken = f"{item.text(0)} {item.text(1)}，{item.text(3)}，{text}"
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _state(self, each: Submitted) -> tuple[str, style.Tone]:
        plain = style.OF_SEVERITY["note"]
        members = [member.id for member in self._chain.members] if self._chain else []
        if each.id not in members:
            return "已由后来的代替", plain
        if each.id != members[-1]:
            return "后有补报", plain
        found = self.freshness.differences
        if found is None:
            return "正在比较…", plain
        if found:
            return f"已过期（{len(found)} 处改动）", style.OF_SEVERITY["warning"]
        return "与现在一致", style.OF_STATE["完成"]

    def _show_current(self) -> None:
        current = self.current()
        # Records of an earlier version hold its name alone, which is no place.
        folder = self._folder(current) if current else Path()
        there = folder.is_absolute() and folder.is_dir()
        self._open.setEnabled(there)
        self._verify.setEnabled(there)
        newest = current is not None and current is self._submitted[0]
        writable = not self._session.collection.read_only
        self._supplement.setEnabled(newest and writable and self.freshness.outdated)
        if current is None:
            for each in (self._print, self._sealed):
                each.setEnabled(False)
            return
        self._offer_annexes(current, enabled=there and writable)
        self.details.show_record(current)
        self._show_changes()
        self.details.setCurrentIndex(CHANGES if newest and self.freshness.outdated else FILES)
        self.ticks.show_ticks(self._session.collection.submission_ticks().get(current.id, ()))
        self.ticks.setEnabled(writable)

    def _show_changes(self) -> None:
        current = self.current()
        newest = current is not None and current is self._submitted[0]
        found = self.freshness.differences if newest else ()
        if not newest:
            instead = "只比较最近一次报送。"
        else:
            instead = "正在比较…" if found is None else "生成以后，报送的内容没有改动。"
        self.details.show_changes(found, instead)

    # Acting

    def _folder(self, submitted: Submitted) -> Path:
        return Path(submitted.record.folder)

    def _on_current_changed(self) -> None:
        self._say("")
        self._show_current()

    def _on_open_clicked(self) -> None:
        current = self.current()
        if current is not None:
            open_with_desktop(self._folder(current))

    def _offer_annexes(self, current: Submitted, *, enabled: bool) -> None:
        """``enabled``: its folder can take scans."""
        session, record = self._session, current.record
        folder, stems = self._folder(current), annex_stems(file.name for file in record.files)
        tables = recorded_annexes(record, session.notice)
        pdfs = [path for stem in stems if (path := folder / f"{stem}.pdf").is_file()]
        # What is not kept can still be printed by the program that opens its PDF.
        opening = [(f"打开 {path.name}", partial(open_with_desktop, path)) for path in pdfs]
        offer(self._print, print_entries(self, tables, self._say) if tables else opening)
        named = [(stem, stem) for stem in stems]
        offer(self._sealed, sealed_entries(named, self._on_sealed_chosen), enabled=enabled)

    def _say(self, words: str) -> None:
        self._word.setText(words)
        self._word.setVisible(bool(words))

    def _on_sealed_chosen(self, stem: str) -> None:
        current = self.current()
        if current is not None:
            limit = current.record.terms.limit_mb
            add_scans(
                self, self._session, current.id, self._folder(current), stem, limit, self._on_sealed_added
            )

    def _on_sealed_added(self, outcome: Outcome) -> None:
        over = OVER_WITH_SCANS if outcome.over else ""
        self._load(f"已加入盖章扫描件（{'、'.join(outcome.added)}），报送包已读回，全部一致。{over}")

    def _on_verify_clicked(self) -> None:
        current = self.current()
        if current is not None:
            session = self._session
            show(VerifyDialog(session.runner, self._folder(current), session.collection, self))

    def _on_supplement_clicked(self) -> None:
        self.accept()
        self.supplement_wanted.emit()

    def _on_teacher_chosen(self, teacher_id: int) -> None:
        self.accept()
        self._session.select(teacher_id)

    def _on_ticked(self, tick: Tick) -> None:
        current = self.current()
        if current is not None:
            self._session.act(submissions.tick, current.id, tick)

    def _on_unticked(self, step: Step) -> None:
        current = self.current()
        if current is not None:
            self._session.act(submissions.untick, current.id, step)

    def _on_session_changed(self, _teachers: frozenset[int] | None) -> None:
        last = self._session.collection.last_submission_id()
        if last != (self._submitted[0].id if self._submitted else None):
            self._load()
            return
        ticks = self._session.collection.submission_ticks()
        for item, each in zip(self._items, self._submitted, strict=True):
            item.setText(len(HEADS) - 1, tick_words(ticks.get(each.id, ())))
        current = self.current()
        if current is not None:
            self.ticks.show_ticks(ticks.get(current.id, ()))

    def _on_freshness_changed(self) -> None:
        self._show_states()
        self._show_current()

    def _lay_out(self) -> None:
        self._head.setObjectName("recordsHead")
        self._head.setProperty("role", "caption")
        self._head.setWordWrap(True)
        self.table.setObjectName("recordsTable")
        self.table.setAccessibleName("报送记录，新的在前")
        self.table.setHeaderLabels(HEADS)
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setAllColumnsShowFocus(True)
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(True)
        for column in AMOUNTS:
            self.table.headerItem().setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        self.ticks.setFixedWidth(TICKS_WIDTH)
        below = QHBoxLayout()
        below.setSpacing(style.WIDE)
        below.addWidget(self.details, 1)
        below.addWidget(self.ticks)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        for made in (self._open, self._print, self._sealed, self._verify):
            buttons.addWidget(made)
        buttons.addStretch(1)
        buttons.addWidget(self._supplement)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._head)
        layout.addWidget(self.table)
        layout.addLayout(below, 1)
        layout.addWidget(self._word)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self._session.changed.connect(self._on_session_changed)
        self.freshness.changed.connect(self._on_freshness_changed)
        self.table.currentItemChanged.connect(self._on_current_changed)
        self.details.chosen.connect(self._on_teacher_chosen)
        self.ticks.ticked.connect(self._on_ticked)
        self.ticks.unticked.connect(self._on_unticked)
        self._open.clicked.connect(self._on_open_clicked)
        self._verify.clicked.connect(self._on_verify_clicked)
        self._supplement.clicked.connect(self._on_supplement_clicked)
        self._close.clicked.connect(self.accept)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self._session.undo)
