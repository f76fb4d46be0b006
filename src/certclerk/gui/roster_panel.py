"""The roster: whom the clerk works through. Search, chips, the table, and what can be done to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from certclerk.core.records import Finding
from certclerk.core.scope import OUT_REASONS
from certclerk.gui import icons, style, texts
from certclerk.gui.page_intake import take_in
from certclerk.gui.reason_dialog import ask_reason
from certclerk.gui.roster_delegates import RosterDelegate
from certclerk.gui.roster_filter import RosterFilter
from certclerk.gui.roster_model import RosterModel
from certclerk.gui.roster_paste import block, pasted
from certclerk.gui.roster_rows import Wish
from certclerk.gui.roster_search import folded
from certclerk.gui.roster_table import RosterTable
from certclerk.gui.session import Session
from certclerk.jobs import acts
from certclerk.jobs.take_pages import TeacherTarget

HOLD_REASONS = ("等补页", "等核对信息", "证书在外地", "证书遗失待补办")


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
        self.table = RosterTable(self._model)
        delegate = RosterDelegate(session, self.table)
        delegate.edited.connect(lambda edit: session.act(acts.edit_fields, [edit]))
        self.table.setItemDelegate(delegate)
        self.search = QLineEdit()
        self.filter = RosterFilter()
        self._empty = QLabel()
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
        self._empty.setObjectName("rosterEmpty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "caption")
        self._empty.setParent(self.table.viewport())
        top = QHBoxLayout()
        top.setSpacing(style.HALF)
        top.addWidget(self.search, 1)
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
        self.table.clear_wanted.connect(self._on_table_clear_wanted)
        self.table.paste_wanted.connect(self._on_table_paste_wanted)
        self.table.leave_wanted.connect(lambda: self.set_wide(False))
        self.table.pages_dropped.connect(self._on_table_pages_dropped)
        self.table.files_dropped.connect(self._on_table_files_dropped)
        self.table.menu_wanted.connect(lambda point: self.context_menu().popup(point))
        self.table.viewport().installEventFilter(self)
        self._model.modelReset.connect(lambda: self._show_current(self._session.current))
        self._session.current_changed.connect(self._show_current)
        self._session.checked.connect(self._on_session_checked)
        self._session.focus_requested.connect(self._on_session_focus_requested)

    # Acts: the window's actions call these too

    def set_wide(self, wide: bool) -> None:
        """All fields in cells over the whole window, or the short list."""
        if wide == self.wide:
            return
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
        """Without asking: the message that follows has 撤销 on it."""
        chosen = self.selected_teachers()
        if not chosen:
            return
        names = [texts.named(teacher.name) for teacher in map(self._session.teacher, chosen) if teacher]
        self._session.act(acts.remove_teachers, chosen)
        if self._session.teacher(chosen[0]) is None:
            who = names[0] if len(names) == 1 else f"{names[0]}等 {len(names)} 位教师"
            self._session.undoable.emit(f"已删除{who}，其页在回收站。")

    def remove_certificate(self) -> None:
        """That of the current row of the full table."""
        row = self._model.row(self.table.currentIndex())
        if row.certificate_id is not None:
            self._session.act(acts.remove_certificate, row.certificate_id)
            self._session.undoable.emit("已删除一本证书，其页在回收站。")

    def move_selected(self, step: int) -> None:
        """Up (-1) or down (1) past the neighbour shown there, as one block."""
        shown, chosen = list(self._model.teacher_ids()), self.selected_teachers()
        places = [shown.index(teacher_id) for teacher_id in chosen if teacher_id in shown]
        if not places:
            return
        if self._model.sorted_by_clerk:
            self._session.message.emit("现在按列排序显示。请再点列标题恢复名册顺序，然后调整。")
            return
        first, last = places[0], places[-1]
        neighbour = first - 1 if step < 0 else last + 1
        if not 0 <= neighbour < len(shown):
            return
        others = [shown[place] for place in range(first, last + 1) if place not in set(places)]
        moved, past = [shown[place] for place in places], shown[neighbour]
        order = [*moved, past, *others] if step < 0 else [*others, past, *moved]
        self._session.act(acts.reorder, order)
        self.table.scrollTo(self.table.currentIndex())

    def exclude(self, reason: str = "") -> None:
        """设为不纳入; without a reason the clerk is asked for it."""
        self._set_scope("out", "设为不纳入", "为什么不纳入", reason, OUT_REASONS)

    def hold(self) -> None:
        self._set_scope("hold", "暂缓", "为什么暂缓", "", HOLD_REASONS)

    def readmit(self) -> None:
        """Back to what the notice's rule says."""
        chosen = self.selected_teachers()
        if chosen:
            self._session.act(acts.set_scope, chosen, "", "")

    def _set_scope(
        self, choice: str, title: str, question: str, reason: str, suggestions: Sequence[str]
    ) -> None:
        chosen = self.selected_teachers()
        if not chosen:
            return
        first = self._session.teacher(chosen[0])
        name = texts.named(first.name if first else "")
        who = name if len(chosen) == 1 else f"{name}等 {len(chosen)} 位教师"
        given = reason or ask_reason(
            self, title, f"{who}{question}？资料和页都保留，随时可以恢复。", suggestions
        )
        if given:
            self._session.act(acts.set_scope, chosen, choice, given)

    def _edit_name(self, teacher_id: int) -> None:
        index = self._model.index(self._model.place_of(teacher_id), self._model.column_of("name"))
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.setFocus()
            self.table.edit(index)

    # What the table asks for

    def _on_table_clear_wanted(self) -> None:
        edits = [
            edit
            for index in self.table.selectedIndexes()
            if index.data() and (edit := self._model.edit_of(index, "")) is not None
        ]
        if edits:
            self._session.act(acts.edit_fields, edits)

    def _on_table_paste_wanted(self, text: str) -> None:
        index = self.table.currentIndex()
        top, left = (index.row(), index.column()) if index.isValid() else (self._model.rowCount(), 1)
        found = pasted(block(text), self._model, top, left)
        if found.added and self._model.sorted_by_clerk:
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        if found.edits or found.added:
            self._session.act(acts.edit_fields, found.edits, found.added)
            added = f"，添加 {len(found.added)} 位教师" if found.added else ""
            skipped = f"；{found.skipped} 格落在不能填写的列，没有采用" if found.skipped else ""
            self._session.undoable.emit(f"已粘贴 {len(found.edits)} 格{added}{skipped}。")
        elif found.skipped:
            self._session.message.emit("粘贴的内容落在不能填写的列，没有改动。")

    def _on_table_pages_dropped(self, page_ids: Sequence[int], teacher_id: int) -> None:
        teacher = self._session.teacher(teacher_id)
        if teacher is None:
            return
        moved = self._session.act(acts.give_pages, page_ids, teacher_id)
        name = texts.named(teacher.name)
        if moved:
            left = len(page_ids) - moved
            rest = f"，{left} 页没有空位，留在原处" if left else ""
            self._session.undoable.emit(f"已把 {moved} 页移给{name}{rest}。")
        elif moved == 0:
            self._session.message.emit(f"{name}没有缺页，没有移动。请拖到要放的页位上。")

    def _on_table_files_dropped(self, paths: Sequence[Path], teacher_id: int) -> None:
        self._session.select(teacher_id)
        take_in(self._session, paths, TeacherTarget(teacher_id))

    def context_menu(self) -> QMenu:
        """What can be done to the selected teachers; it goes with its closing."""
        menu = QMenu(self)
        menu.setObjectName("rosterMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        out = menu.addMenu("设为不纳入")
        out.setObjectName("excludeMenu")
        for reason in OUT_REASONS:
            _entry(out, reason, lambda reason=reason: self.exclude(reason))
        out.addSeparator()
        _entry(out, "其他原因…", self.exclude)
        _entry(menu, "暂缓…", self.hold)
        decided = [teacher for teacher in map(self._session.teacher, self.selected_teachers()) if teacher]
        _entry(menu, "恢复纳入", self.readmit).setEnabled(any(teacher.choice for teacher in decided))
        menu.addSeparator()
        _entry(menu, "添加证书", self.add_certificate)
        if self.wide:
            row = self._model.row(self.table.currentIndex())
            _entry(menu, "删除这本证书", self.remove_certificate).setEnabled(row.certificate_id is not None)
        _entry(menu, "上移", lambda: self.move_selected(-1))
        _entry(menu, "下移", lambda: self.move_selected(1))
        menu.addSeparator()
        _entry(menu, "删除教师", self.remove_selected)
        if self._session.collection.read_only:
            for entry in menu.actions():
                entry.setEnabled(False)
        return menu

    # Following the clerk and the session

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress:
            return self._on_search_key_pressed(event)  # type: ignore[arg-type]
        if event.type() == QEvent.Type.Resize:
            self._place_empty()
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
        self._model.set_wish(Wish(self.filter.state, folded(self.search.text())))
        self._show_current(self._session.current)
        self._show_emptiness()

    def _on_session_checked(self) -> None:
        self.filter.show_counts(self._session.progress())
        self._show_emptiness()

    def _on_table_current_row_changed(self, index: QModelIndex, _former: QModelIndex) -> None:
        if index.isValid():
            self._session.select(self._model.row(index).teacher_id)

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

    def _show_emptiness(self) -> None:
        """Says why the table is empty, and what to do."""
        empty = self._model.rowCount() == 0
        if empty and not self._session.teachers():
            self._empty.setText(
                "名册还是空的。\n\n请用上方的“导入名册”选择学校的名册表，\n或用“添加教师”逐个填写。"
            )
        elif empty:
            self._empty.setText("没有符合条件的教师。")
        self._empty.setVisible(empty)
        self._place_empty()

    def _place_empty(self) -> None:
        self._empty.setGeometry(self.table.viewport().rect().adjusted(style.WIDE, 0, -style.WIDE, 0))


def _entry(menu: QMenu, text: str, act: object) -> QAction:
    entry = menu.addAction(text)
    entry.triggered.connect(lambda _checked=False: act())  # type: ignore[operator]
    return entry
