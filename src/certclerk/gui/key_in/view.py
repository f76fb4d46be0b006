"""录入窗口: one certificate at a time, beside the bureau's own program; every key is one step of that work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QProgressBar, QSplitter, QVBoxLayout, QWidget

from certclerk.core.appointment import appointment_of, countdown
from certclerk.core.key_in_summary import summary
from certclerk.core.keying import KeyEntry, KeyField, KeyState, key_entries
from certclerk.core.wording import named
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.key_in.fields import KeyFields
from certclerk.gui.key_in.habits import KeyInHabits
from certclerk.gui.key_in.pages import KeyPages
from certclerk.gui.key_in.printing import preview_sheet, preview_summary
from certclerk.gui.key_in.queue import COLOURS, SIGNS, KeyQueue
from certclerk.gui.reason_dialog import ask_reason
from certclerk.gui.scan.page_canvas import Zoom
from certclerk.gui.session import Session
from certclerk.jobs import counter

SIZE = (1100, 640)
LEAST = (420, 560)
QUEUE_WIDTH = 214
# Wider, and the copy buttons stand too far from what they copy.
FIELDS_WIDTH = 560
# px of the window's width from which the queue, and from which the pages, have room beside the fields.
QUEUE_FROM = 760
PAGES_FROM = 960
QWIDGETSIZE_MAX = (1 << 24) - 1
REASONS = ("系统里已有", "号码对不上", "系统打不开", "需本人到场")


class KeyInView(QWidget):
    """A window of its own that follows the session; ``folder`` is the user's data folder."""

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._session = session
        self._habits = KeyInHabits(folder)
        self._entry: KeyEntry | None = None
        self.setObjectName("keyInView")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        self._unit = QLabel()
        self._unit.setProperty("role", "heading")
        self._place = ElidedLabel("keyInPlace", "录入时间和地点")
        self._bar = QProgressBar()
        self._bar.setObjectName("keyInProgress")
        self._bar.setAccessibleName("已录入")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        self._counts = QLabel()
        self._counts.setObjectName("keyInCounts")
        self._on_top = self._switch("onTopCheck", "窗口置顶", "onTop", False)
        self._wants_pages = self._switch("pagesCheck", "显示扫描页", "pages", True)
        self.queue = KeyQueue()
        self._name = QLabel()
        self._name.setObjectName("keyInName")
        self._name.setProperty("role", "title")
        self._state = QLabel()
        self._state.setObjectName("keyInState")
        self.fields = KeyFields()
        self._said = QLabel()
        self._said.setObjectName("keyInSaid")
        self._said.setProperty("role", "caption")
        self._said.setWordWrap(True)
        self._copy = self._button(
            "复制下一项（空格）", "copyNextButton", self.fields.copy_next, role="primary"
        )
        self._done = self._button("已录入（回车）", "keyDoneButton", self.mark_done)
        self._problem = self._button("有问题…（F2）", "keyProblemButton", self.mark_problem)
        self._clear = self._button("取消标记（Delete）", "keyClearButton", self.clear_mark)
        self.pages = KeyPages(session)
        self._middle = QWidget()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()
        self._refresh()
        if self._habits.geometry is not None:
            self.restoreGeometry(self._habits.geometry)
        if self._on_top.isChecked():
            self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, True)
        self.fields.setFocus()

    @property
    def entry(self) -> KeyEntry | None:
        return self._entry

    def mark_done(self) -> None:
        """已录入, and on to the next certificate."""
        if self._entry is None or not self._writable():
            return
        # The mark may take this one out of the filter, and what follows then stands in its row.
        following = self.queue.following
        if self._session.act(counter.mark_done, [self._entry]) and following is not None:
            self.queue.go_to(following)
        self.fields.setFocus()

    def mark_problem(self) -> None:
        if self._entry is None or not self._writable():
            return
        whose = (
            f"{named(self._entry.teacher.name)} 的{self._entry.certificate.kind}证书没有录成，是什么原因？"
        )
        reason = ask_reason(self, "有问题…", whose, REASONS)
        if reason is not None:
            self._session.act(counter.mark_problem, [self._entry], reason)
        self.fields.setFocus()

    def clear_mark(self) -> None:
        if self._entry is not None and self._entry.keying is not None and self._writable():
            self._session.act(counter.clear_mark, [self._entry])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        act: Callable[[], object] | None
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            act = {
                Qt.Key.Key_Z: self._session.undo,
                Qt.Key.Key_Y: self._session.redo,
                Qt.Key.Key_F: self.queue.search.setFocus,
            }.get(key)
        elif modifiers:
            act = None
        elif event.text().isdecimal():
            act = self._copier(int(event.text()))
        else:
            act = self._keys().get(key) or (self.queue.search.setFocus if event.text() == "/" else None)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._habits.keep_geometry(self.saveGeometry())
        super().closeEvent(event)

    def _keys(self) -> dict[Qt.Key, Callable[[], object]]:
        return {
            Qt.Key.Key_Space: self.fields.copy_next,
            Qt.Key.Key_Return: self.mark_done,
            Qt.Key.Key_Enter: self.mark_done,
            Qt.Key.Key_F2: self.mark_problem,
            Qt.Key.Key_Delete: self.clear_mark,
            Qt.Key.Key_PageDown: lambda: self._step(1),
            Qt.Key.Key_PageUp: lambda: self._step(-1),
            Qt.Key.Key_Plus: lambda: self.pages.canvas.apply(Zoom.IN),
            Qt.Key.Key_Equal: lambda: self.pages.canvas.apply(Zoom.IN),
            Qt.Key.Key_Minus: lambda: self.pages.canvas.apply(Zoom.OUT),
        }

    def _copier(self, digit: int) -> Callable[[], None]:
        return lambda: self.fields.copy((digit + 9) % 10)

    def _switch(self, name: str, text: str, setting: str, default: bool) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(name)
        made.setAccessibleName(text)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setChecked(self._habits.is_on(setting, default))
        made.toggled.connect(lambda on: self._habits.set_on(setting, on))
        return made

    def _button(self, text: str, name: str, act: Callable[[], object], role: str = "") -> QWidget:
        made = button(text, name, role=role)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda _checked=False: act())
        return made

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(style.WIDE)
        top.addWidget(self._unit)
        top.addWidget(self._place, 1)
        top.addWidget(self._wants_pages)
        top.addWidget(self._on_top)
        progress = QHBoxLayout()
        progress.setSpacing(style.WIDE)
        progress.addWidget(self._bar, 1)
        progress.addWidget(self._counts)
        progress.addWidget(self._button("汇总…", "keySummaryButton", self.preview_summary))
        progress.addWidget(self._button("打印录入单…", "keySheetButton", self.preview_sheet))
        heading = QHBoxLayout()
        heading.setSpacing(style.WIDE)
        heading.addWidget(self._button("上一本", "keyPreviousButton", lambda: self._step(-1)))
        heading.addWidget(self._name, 1, Qt.AlignmentFlag.AlignCenter)
        heading.addWidget(self._button("下一本", "keyNextButton", lambda: self._step(1)))
        marks = QHBoxLayout()
        marks.setSpacing(style.HALF)
        for each in (self._copy, self._done, self._problem, self._clear):
            marks.addWidget(each)
        marks.addStretch(1)
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.HALF)
        column.addLayout(heading)
        column.addWidget(self._state, 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.fields)
        column.addWidget(self._said)
        column.addStretch(1)
        column.addLayout(marks)
        self.queue.setFixedWidth(QUEUE_WIDTH)
        self._middle.setMaximumWidth(FIELDS_WIDTH)
        for part in (self.queue, self._middle, self.pages):
            self._split.addWidget(part)
        self._split.setChildrenCollapsible(False)
        for index, stretch in enumerate((0, 1, 2)):
            self._split.setStretchFactor(index, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addLayout(top)
        layout.addLayout(progress)
        layout.addWidget(self._split, 1)

    def _connect(self) -> None:
        self.queue.chosen.connect(self._on_queue_chosen)
        self.queue.left.connect(self.fields.setFocus)
        self.fields.copied.connect(self._on_fields_copied)
        self.fields.copied_all.connect(
            lambda: self._said.setText("这一本已复制完；按回车标为已录入，转到下一本。")
        )
        self._wants_pages.toggled.connect(lambda _on: self._make_room())
        self._on_top.toggled.connect(self._on_top_toggled)
        self._session.changed.connect(lambda _teachers: self._refresh())
        self._session.closing.connect(self.close)

    def _refresh(self) -> None:
        session, notice = self._session, self._session.notice
        filing, contact = session.filing(), notice.contact
        self._unit.setText(filing.unit)
        self.setWindowTitle(f"录入窗口 · {filing.unit}")
        appointment = appointment_of(notice, filing.unit, session.collection.own_appointment())
        where = (contact.address, contact.office, contact.person, contact.phone)
        self._place.set_text(
            "　".join(filter(None, (f"录入时间 {countdown(appointment, session.today())}", *where)))
        )
        entries = key_entries(session.teachers(), notice, session.collection.keyings())
        self.queue.show_entries(entries)
        counts = self.queue.counts()
        self._bar.setRange(0, max(len(entries), 1))
        self._bar.setValue(counts[KeyState.DONE])
        self._counts.setText(summary(entries))

    def _on_queue_chosen(self, entry: KeyEntry | None) -> None:
        former, self._entry = self._entry, entry
        self._show_state(entry)
        self._name.setText(
            f"{entry.teacher.serial}　{named(entry.teacher.name)}" if entry else "没有符合条件的证书"
        )
        if (
            entry is None
            or former is None
            or (entry.certificate.id, entry.fields)
            != (
                former.certificate.id,
                former.fields,
            )
        ):
            self.fields.show_fields(entry.fields if entry else ())
            self._said.clear()
        self.pages.show_entry(entry)
        for each in (self._copy, self._done, self._problem):
            each.setEnabled(entry is not None)
        self._clear.setEnabled(entry is not None and entry.keying is not None)

    def _show_state(self, entry: KeyEntry | None) -> None:
        if entry is None:
            self._state.clear()
            return
        reason = f"：{entry.keying.reason}" if entry.keying and entry.state is KeyState.PROBLEM else ""
        self._state.setText(f"{SIGNS[entry.state]} {entry.state.value}{reason}".strip())
        self._state.setStyleSheet(f"color: {COLOURS.get(entry.state, style.QUIET)}")

    def _on_fields_copied(self, field: KeyField) -> None:
        following = self.fields.upcoming
        after = f"；空格接着复制{following.label}" if following else "；这一本已复制完，按回车标为已录入"
        self._said.setText(f"已复制{field.label} {field.shown}{after}。")

    def _on_top_toggled(self, on: bool) -> None:
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on)
        self.show()

    def _step(self, by: int) -> None:
        if not self.queue.step(by):
            self._said.setText("这是最后一本。" if by > 0 else "这是第一本。")

    def _make_room(self) -> None:
        self.queue.setVisible(self.width() >= QUEUE_FROM)
        beside = self._wants_pages.isChecked() and self.width() >= PAGES_FROM
        self.pages.setVisible(beside)
        self._middle.setMaximumWidth(FIELDS_WIDTH if beside else QWIDGETSIZE_MAX)

    def _writable(self) -> bool:
        if self._session.collection.read_only:
            self._said.setText("采集文件是只读打开的，不能做标记。")
        return not self._session.collection.read_only

    def preview_summary(self) -> None:
        preview_summary(self, self._session)

    def preview_sheet(self) -> None:
        preview_sheet(self, self._session)
