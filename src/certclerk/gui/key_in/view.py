"""录入窗口: one certificate at a time, beside the bureau's own program; every key is one step of that work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from certclerk.core.keying import KeyEntry, key_entries
from certclerk.core.wording import named
from certclerk.gui import style
from certclerk.gui.key_in.habits import KeyInHabits
from certclerk.gui.key_in.heading import KeyHeading
from certclerk.gui.key_in.pages import KeyPages
from certclerk.gui.key_in.printing import preview_sheet, show_summary
from certclerk.gui.key_in.queue import KeyQueue
from certclerk.gui.key_in.record import KeyRecord
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
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
REASONS = ("系统里已有", "号码对不上", "系统打不开", "需本人到场")


class KeyInView(QWidget):
    """A window of its own that follows the session; ``folder`` is the user's data folder."""

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._session = session
        self._habits = KeyInHabits(folder)
        self._entry: KeyEntry | None = None
        # What stands in the place of the fields because it has no room beside them.
        self._instead: QWidget | None = None
        self.setObjectName("keyInView")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        self._heading = KeyHeading(self._habits)
        self.queue = KeyQueue()
        self.record = KeyRecord()
        self.fields = self.record.fields
        self.pages = KeyPages(session)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()
        self._refresh()
        if self._habits.geometry is not None:
            self.restoreGeometry(self._habits.geometry)
        if self._heading.on_top.isChecked():
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
        self._take_keys()

    def mark_problem(self) -> None:
        if self._entry is None or not self._writable():
            return
        whose = (
            f"{named(self._entry.teacher.name)} 的{self._entry.certificate.kind}证书没有录成，是什么原因？"
        )
        reason = ask_reason(self, "有问题…", whose, REASONS)
        if reason is not None:
            self._session.act(counter.mark_problem, [self._entry], reason)
        self._take_keys()

    def clear_mark(self) -> None:
        if self._entry is not None and self._entry.keying is not None and self._writable():
            self._session.act(counter.clear_mark, [self._entry])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        act: Callable[[], object] | None
        # Enter in the list that hides the fields chooses, it does not tick what is not seen.
        if self._instead and (key == Qt.Key.Key_Escape or (self._instead is self.queue and key in ENTER)):
            act = self._show_instead
        elif modifiers == Qt.KeyboardModifier.ControlModifier:
            act = {
                Qt.Key.Key_Z: self._session.undo,
                Qt.Key.Key_Y: self._session.redo,
                Qt.Key.Key_F: self._search,
            }.get(key)
        elif modifiers:
            act = None
        elif event.text().isdecimal():
            act = partial(self.fields.copy, (int(event.text()) + 9) % 10)
        else:
            act = self._keys().get(key) or (self._search if event.text() == "/" else None)
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
            Qt.Key.Key_F3: self._turn_pages,
            Qt.Key.Key_Delete: self.clear_mark,
            Qt.Key.Key_PageDown: lambda: self._step(1),
            Qt.Key.Key_PageUp: lambda: self._step(-1),
            Qt.Key.Key_Plus: lambda: self.pages.canvas.apply(Zoom.IN),
            Qt.Key.Key_Equal: lambda: self.pages.canvas.apply(Zoom.IN),
            Qt.Key.Key_Minus: lambda: self.pages.canvas.apply(Zoom.OUT),
        }

    def _lay_out(self) -> None:
        for part in (self.queue, self.record, self.pages):
            self._split.addWidget(part)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(style.WIDE)
        for index, stretch in enumerate((0, 1, 2)):
            self._split.setStretchFactor(index, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._heading)
        layout.addWidget(self._split, 1)

    def _connect(self) -> None:
        heading, record = self._heading, self.record
        self.queue.chosen.connect(self._on_queue_chosen)
        self.queue.left.connect(self._take_keys)
        self.queue.picked.connect(self._show_instead)
        record.done.connect(self.mark_done)
        record.problem.connect(self.mark_problem)
        record.cleared.connect(self.clear_mark)
        record.stepped.connect(self._step)
        heading.wants_pages.toggled.connect(lambda _on: self._make_room())
        heading.on_top.toggled.connect(self._on_top_toggled)
        heading.list_chip.clicked.connect(lambda on: self._search() if on else self._show_instead())
        heading.pages_chip.clicked.connect(lambda on: self._show_instead(self.pages if on else None))
        heading.summary.clicked.connect(lambda _checked=False: show_summary(self, self._session))
        heading.sheet.clicked.connect(lambda _checked=False: preview_sheet(self, self._session))
        self._session.changed.connect(self._on_session_changed)
        self._session.closing.connect(self.close)

    def _on_session_changed(self, _teachers: frozenset[int] | None) -> None:
        """A method, not a function made here: it goes with the window."""
        self._refresh()

    def _refresh(self) -> None:
        session = self._session
        self.setWindowTitle(f"录入窗口 · {session.filing().unit}")
        entries = key_entries(session.teachers(), session.notice, session.collection.keyings())
        self._heading.show_filing(session)
        self._heading.show_counts(entries)
        self.queue.show_entries(entries)

    def _on_queue_chosen(self, entry: KeyEntry | None) -> None:
        self._entry = entry
        self.record.show_entry(entry)
        self.pages.show_entry(entry)

    def _on_top_toggled(self, on: bool) -> None:
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on)
        self.show()

    def _step(self, by: int) -> None:
        if not self.queue.step(by):
            self.record.say("这是最后一本。" if by > 0 else "这是第一本。")

    def _search(self) -> None:
        self._show_instead(self.queue)
        self.queue.search.setFocus()

    def _turn_pages(self) -> None:
        if self._beside(self.pages):
            self._heading.wants_pages.toggle()
        else:
            self._show_instead(None if self._instead is self.pages else self.pages)

    def _show_instead(self, pane: QWidget | None = None) -> None:
        self._instead = pane
        self._make_room()
        self._take_keys()

    def _take_keys(self) -> None:
        (self if self._instead else self.fields).setFocus()

    def _beside(self, pane: QWidget) -> bool:
        """Whether there is room for it beside the fields."""
        return self.width() >= (QUEUE_FROM if pane is self.queue else PAGES_FROM)

    def _make_room(self) -> None:
        if self._instead is not None and self._beside(self._instead):
            self._instead = None
        listed, paged = self._beside(self.queue), self._beside(self.pages)
        pages_beside = paged and self._heading.wants_pages.isChecked()
        moved = (self.queue.parent() is self._split, self.pages.parent() is self._split) != (listed, paged)
        for place, pane, room, shown in (
            (0, self.queue, listed, listed),
            (2, self.pages, paged, pages_beside),
        ):
            if not room:
                self.record.hold(pane)
            elif pane.parent() is not self._split:
                self._split.insertWidget(place, pane)
            pane.setVisible(shown or pane is self._instead)
        self.fields.setVisible(self._instead is None)
        self.queue.setMaximumWidth(QUEUE_WIDTH if listed else QWIDGETSIZE_MAX)
        self.record.setMaximumWidth(FIELDS_WIDTH if pages_beside else QWIDGETSIZE_MAX)
        self._heading.show_room(for_list=listed, for_pages=paged)
        self._heading.list_chip.setChecked(self._instead is self.queue)
        self._heading.pages_chip.setChecked(self._instead is self.pages)
        if moved:
            # Neither the widths nor the focus outlive a pane's going elsewhere.
            rest = max(self.width() - QUEUE_WIDTH - FIELDS_WIDTH, 0)
            self._split.setSizes([*[QUEUE_WIDTH] * listed, FIELDS_WIDTH, *[rest] * paged])
            self._take_keys()

    def _writable(self) -> bool:
        if self._session.collection.read_only:
            self.record.say("采集文件是只读打开的，不能做标记。")
        return not self._session.collection.read_only
