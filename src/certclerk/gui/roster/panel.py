"""The roster: whom the clerk works through. Search, chips, the table, and what can be done to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from certclerk.core.records import Finding
from certclerk.core.scope import OUT_REASONS
from certclerk.core.submission import ordered_pages
from certclerk.core.wording import named
from certclerk.gui import icons, style, texts
from certclerk.gui.mime import Scans
from certclerk.gui.roster import commands
from certclerk.gui.roster.delegates import RosterDelegate
from certclerk.gui.roster.empty import RosterEmpty
from certclerk.gui.roster.filter import RosterFilter
from certclerk.gui.roster.keys import KeyAct
from certclerk.gui.roster.model import RosterModel
from certclerk.gui.roster.rows import Wish
from certclerk.gui.roster.search import Finder, folded
from certclerk.gui.roster.table import RosterTable
from certclerk.gui.scan.page_commands import MOVE_TITLE
from certclerk.gui.scan.page_intake import take_scans
from certclerk.gui.scan.place_dialog import move_elsewhere
from certclerk.gui.session import Session
from certclerk.jobs import acts
from certclerk.jobs.take_pages import TeacherTarget


class RosterPanel(QWidget):
    """``wide_wanted`` (bool): the full table asks for the whole window, or gives it back."""

    wide_wanted = Signal(bool)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rosterPanel")
        self.setProperty("shade", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._model = RosterModel(session, self)
        delegate = RosterDelegate(session, self)
        self.table = RosterTable(self._model, delegate, sum(slot.required for slot in session.notice.slots))
        delegate.edited.connect(lambda edit: session.act(acts.edit_fields, [edit]))
        delegate.filled.connect(lambda text: commands.fill(session, self.table, text))
        self.search = QLineEdit()
        self.filter = RosterFilter()
        self._narrowing = False
        self._found = QLabel()
        self._empty = RosterEmpty(self.table)
        self._build()
        self._connect()
        self.table.set_wide(False)
        self._on_session_checked()
        self._show_current(session.current)

    @property
    def wide(self) -> bool:
        return self._model.wide

    def _build(self) -> None:
        self.search.setObjectName("rosterSearch")
        self.search.setAccessibleName("查找教师")
        self.search.setPlaceholderText("查找：姓名、拼音、号码")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search", style.QUIET), QLineEdit.ActionPosition.LeadingPosition)
        self._wide_button = QToolButton()
        self._wide_button.setObjectName("wideButton")
        self._wide_button.setAccessibleName("完整名册表")
        self._wide_button.setCheckable(True)
        self._wide_button.setIcon(icons.icon("table"))
        self._wide_button.setText("返回扫描")
        self._wide_button.setToolTip("完整名册表：在格子里填写所有项目（F4）")
        self._found.setObjectName("searchFound")
        self._found.setAccessibleName("查找结果")
        self._found.hide()
        top = QHBoxLayout()
        top.setSpacing(style.HALF)
        top.addWidget(self.search, 1)
        top.addWidget(self._found)
        top.addWidget(self._wide_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.GAP, 0, 0)
        layout.setSpacing(style.GAP)
        head = QVBoxLayout()
        head.setContentsMargins(style.GAP, 0, style.GAP, 0)
        head.setSpacing(style.GAP)
        head.addLayout(top)
        head.addWidget(self.filter)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        self.setTabOrder(self.search, self.filter)
        self.setTabOrder(self.filter, self.table)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_wish_changed)
        self.search.installEventFilter(self)
        self.filter.chosen.connect(self._on_wish_changed)
        self._wide_button.clicked.connect(self.set_wide)
        self.table.selectionModel().currentRowChanged.connect(self._on_table_current_row_changed)
        self.table.key_acted.connect(self._on_table_key_acted)
        self.table.rows_dropped.connect(self._on_table_rows_dropped)
        self.table.drag_refused.connect(lambda: self._session.message.emit(commands.SORTED))
        self.table.head_menu_wanted.connect(self._on_table_head_menu_wanted)
        self._empty.all_wanted.connect(self._on_empty_all_wanted)
        self.table.pages_dropped.connect(self._on_table_pages_dropped)
        self.table.files_dropped.connect(self._on_table_files_dropped)
        self.table.menu_wanted.connect(lambda point: self.context_menu().popup(point))
        self._model.modelReset.connect(lambda: self._show_current(self._session.current))
        self._session.current_changed.connect(self._on_session_current_changed)
        self._session.checked.connect(self._on_session_checked)
        self._session.focus_requested.connect(self._on_session_focus_requested)
        self._session.handing_in.connect(self.table.finish_typing)

    # Acts: the window's actions call these too

    def set_wide(self, wide: bool) -> None:
        """All fields in cells over the whole window, or the short list."""
        if wide == self.wide:
            return
        self.table.finish_typing()
        self.table.set_wide(wide)
        self._wide_button.setChecked(wide)
        looks = Qt.ToolButtonStyle
        self._wide_button.setToolButtonStyle(
            looks.ToolButtonTextBesideIcon if wide else looks.ToolButtonIconOnly
        )
        self.wide_wanted.emit(wide)
        self.table.setFocus()

    def start_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def selected_teachers(self) -> list[int]:
        """From top to bottom; where none is selected, the current one."""
        chosen = list(dict.fromkeys(row.teacher_id for row in self.table.selected_rows()))
        if not chosen and self._session.current is not None:
            return [self._session.current]
        return chosen

    def add_teacher(self) -> None:
        """A new last teacher, ready for the name to be typed."""
        self.search.clear()
        added = self._session.act(acts.add_teacher)
        if added is not None:
            self._session.select(added)
            self._edit_name(added)

    def add_certificate(self) -> None:
        if self._session.current is not None:
            self._session.act(acts.add_certificate, self._session.current)

    def remove_selected(self) -> None:
        commands.remove(self._session, self.selected_teachers())

    def remove_certificate(self) -> None:
        """That of the current row of the full table."""
        row = self._model.row(self.table.currentIndex())
        if row.certificate_id is not None and self._session.did(acts.remove_certificate, row.certificate_id):
            self._session.undoable.emit(texts.CERTIFICATE_REMOVED)

    def move_selected(self, down: int) -> None:
        """Up (-1) or down (1) past the neighbour shown there, as one block."""
        commands.step(self._session, self.table, self.selected_teachers(), down)

    def exclude(self) -> None:
        commands.exclude(self._session, self, self.selected_teachers())

    def hold(self) -> None:
        commands.hold(self._session, self, self.selected_teachers())

    def readmit(self) -> None:
        commands.readmit(self._session, self.selected_teachers())

    def sign(self) -> None:
        commands.sign(self._session, self.selected_teachers())

    def unsign(self) -> None:
        commands.unsign(self._session, self.selected_teachers())

    def find_next(self, step: int) -> None:
        """The next (1) or former (-1) of those found, round the end; where nobody is looked for, asks for whom."""
        hits = self._model.teacher_ids()
        if not self.search.text():
            self.start_search()
        elif hits:
            here = hits.index(self._session.current) if self._session.current in hits else None
            place = (here + step) % len(hits) if here is not None else min(step, 0)
            self._session.select(hits[place])
            self._show_current(self._session.current)

    def column_menu(self) -> QMenu:
        """Which columns the full table shows; it goes with its closing."""
        menu = QMenu(self)
        menu.setObjectName("columnMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        self.table.columns.fill_menu(menu)
        return menu

    def choose_columns(self) -> None:
        """Under the heads of the full table."""
        self.set_wide(True)
        head = self.table.horizontalHeader()
        self.column_menu().popup(head.mapToGlobal(head.rect().bottomLeft()))

    def _edit_name(self, teacher_id: int) -> None:
        index = self._model.index(self._model.place_of(teacher_id), self._model.column_of("name"))
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.setFocus()
            self.table.edit(index)

    # What the table asks for

    def _on_table_key_acted(self, act: KeyAct) -> None:
        if act is KeyAct.LEAVE:
            self.set_wide(False)
        else:
            commands.do(self._session, self.table, act)

    def _on_table_head_menu_wanted(self, point: QPoint) -> None:
        if self.wide:
            self.column_menu().popup(point)

    def _on_table_rows_dropped(self, gap: int) -> None:
        commands.move(self._session, self.table, self.selected_teachers(), gap)

    def _on_table_pages_dropped(self, page_ids: Sequence[int], teacher_id: int) -> None:
        teacher = self._session.teacher(teacher_id)
        if teacher is None:
            return
        moved = self._session.act(acts.give_pages, page_ids, teacher_id)
        name = named(teacher.name)
        if moved:
            left = len(page_ids) - moved
            rest = f"，{left} 页没有空位，留在原处" if left else ""
            self._session.undoable.emit(f"已把 {moved} 页移给{name}{rest}。")
        elif moved == 0:
            self._session.message.emit(f"{name}没有缺页，没有移动。请拖到要放的页位上。")

    def _on_table_files_dropped(self, scans: Scans, teacher_id: int) -> None:
        self._session.select(teacher_id)
        take_scans(self._session, scans, TeacherTarget(teacher_id))

    def context_menu(self) -> QMenu:
        """What can be done to the selected teachers; it goes with its closing."""
        entry, session = commands.entry, self._session
        chosen = self.selected_teachers()
        teachers = [teacher for teacher in map(session.teacher, chosen) if teacher]
        menu = QMenu(self)
        menu.setObjectName("rosterMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        if len(chosen) > 1:
            entry(menu, f"选中的 {len(chosen)} 位教师：", lambda: None).setEnabled(False)
        out = menu.addMenu("设为不纳入")
        out.setObjectName("excludeMenu")
        for reason in OUT_REASONS:
            entry(out, reason, partial(commands.exclude, session, self, chosen, reason))
        out.addSeparator()
        entry(out, "其他原因…", self.exclude)
        entry(menu, "暂缓…", self.hold)
        entry(menu, "恢复纳入", self.readmit).setEnabled(any(teacher.choice for teacher in teachers))
        menu.addSeparator()
        entry(menu, "本人已核对", self.sign, "menuSign")
        signed = any(teacher.signed_on for teacher in teachers)
        entry(menu, "取消本人核对", self.unsign, "menuUnsign").setEnabled(signed)
        menu.addSeparator()
        held = [certificate for teacher in teachers for certificate in teacher.certificates]
        pages = [page for certificate in held for page in ordered_pages(certificate, session.notice)]
        moving = entry(menu, MOVE_TITLE, lambda: move_elsewhere(self, session, pages), "menuMovePages")
        moving.setEnabled(len(chosen) == 1 and bool(pages))
        entry(menu, "添加证书", self.add_certificate).setEnabled(len(chosen) == 1)
        if self.wide:
            row = self._model.row(self.table.currentIndex())
            entry(menu, "删除这本证书", self.remove_certificate).setEnabled(row.certificate_id is not None)
        for text, down in (("上移", -1), ("下移", 1)):
            moving = entry(menu, text, partial(self.move_selected, down))
            moving.setEnabled(self._model.can_be_reordered)
        menu.addSeparator()
        entry(menu, "删除教师", self.remove_selected)
        if session.collection.read_only:
            for line in menu.actions():
                line.setEnabled(False)
        return menu

    # Following the clerk and the session

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.FocusIn:
            # Names are spelled while the clerk is still thinking of what to type.
            teachers = self._session.teachers()
            self._session.runner.run(lambda _job: Finder.prepare(teachers), lambda _none: None)
        elif watched is self.search and event.type() == QEvent.Type.KeyPress:
            return self._on_search_key_pressed(event)  # type: ignore[arg-type]
        return False

    def _on_search_key_pressed(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            shown = self._model.teacher_ids()
            if shown and self._session.current not in shown:
                self._session.select(shown[0])
            self.table.setFocus()
            return True
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        return False

    def _on_wish_changed(self) -> None:
        self.table.finish_typing()
        # Qt moves to a neighbour of a row that goes; the clerk moves nowhere by looking for somebody.
        self._narrowing = True
        self._model.set_wish(Wish(self.filter.state, folded(self.search.text())))
        self._show_current(self._session.current)
        self._narrowing = False
        self._show_found()

    def _on_session_checked(self) -> None:
        session = self._session
        self.filter.show_counts(session.progress(), session.custody.counts(session.teachers()))
        self._show_found()

    def _on_empty_all_wanted(self) -> None:
        self.search.clear()
        self.filter.choose(None)
        self.table.setFocus()

    def _show_found(self) -> None:
        """How many are found and which of them is current; where nobody is, why and what to do."""
        empty, query = self._model.rowCount() == 0, self.search.text().strip()
        self._found.setVisible(bool(query))
        if query:
            hits = self._model.teacher_ids()
            current = self._session.current
            place = f"第 {hits.index(current) + 1} 个，" if current in hits else ""
            self._found.setText(f"{place}共 {len(hits)} 个" if hits else "没有找到")
            self._found.setProperty("role", "caption" if hits else "doubt")
            self._found.style().polish(self._found)
        self._empty.say(query, self.filter.state is not None, anybody=bool(self._session.teachers()))
        self._empty.setVisible(empty)

    def _on_table_current_row_changed(self, index: QModelIndex, _former: QModelIndex) -> None:
        if index.isValid() and not self._narrowing:
            self._session.select(self._model.row(index).teacher_id)

    def _on_session_current_changed(self, teacher_id: int | None) -> None:
        self._show_current(teacher_id)
        if self.search.text():
            self._show_found()

    def _show_current(self, teacher_id: int | None) -> None:
        """Selects the teacher's row, unless a row of that teacher is current already."""
        here, place = self.table.currentIndex(), self._model.place_of(teacher_id)
        if here.isValid() and self._model.row(here).teacher_id == teacher_id:
            return
        if place < 0:
            self.table.selectionModel().clear()
            return
        column = here.column() if here.isValid() else self._model.column_of("name")
        index = self._model.index(place, column)
        flags = QItemSelectionModel.SelectionFlag
        rows = flags.NoUpdate if self.wide else flags.Rows
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | rows)
        self.table.scrollTo(index)

    def _on_session_focus_requested(self, finding: Finding) -> None:
        """In the full table a finding's cell becomes current; else the scan panel shows its field."""
        column = self._model.column_of(finding.field)
        if column < 0:
            self.set_wide(False)
        if not self.wide or finding.teacher_id is None:
            return
        for place in range(max(0, self._model.place_of(finding.teacher_id)), self._model.rowCount()):
            row = self._model.row(self._model.index(place, 0))
            if row.teacher_id != finding.teacher_id:
                break
            if finding.certificate_id in (None, row.certificate_id):
                self.table.setCurrentIndex(self._model.index(place, column))
                self.table.setFocus()
                break
