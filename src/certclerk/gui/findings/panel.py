"""检查: what is wrong with the current teacher, with buttons that put it right; then everyone's, to go to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.notice import Notice
from certclerk.core.progress import Gap
from certclerk.core.records import Finding, Severity, Teacher
from certclerk.core.rules import SCOPE_QUESTIONS
from certclerk.core.scope import HOLD_REASONS, OUT_REASONS, Scope
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.findings.list import FINDING_ROLE, FindingDelegate, FindingList
from certclerk.gui.findings.remedies import Offer, Remedy, offers, page_of
from certclerk.gui.findings.row import FindingRow
from certclerk.gui.icons import icon
from certclerk.gui.reason_dialog import ask_reason, ask_reason_and
from certclerk.gui.scan.page_choosing import choose_pages
from certclerk.gui.scan.page_reasons import ask_absence
from certclerk.gui.session import Session
from certclerk.jobs import acts

CONFIRM_REASONS = ("证书上就是这样", "已与原件核对", "已与本人核对")

# Nobody reads everyone's while pages stream in, and the view measures each of its rows anew.
ALL_WITHIN_MS = 500


class FindingsPanel(QWidget):
    """Going to a finding is ``session.request_focus``; everything else is done here."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingsPanel")
        self.setAccessibleName("检查")
        self.setProperty("shade", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._own: tuple[Finding, ...] | None = None
        self._own_teacher: Teacher | None = None
        self._unfolded = False
        self._acts: dict[Remedy, Callable[[Finding, Offer], None]] = {
            Remedy.FILES: self._ask_files,
            Remedy.ABSENT: self._mark_absent,
            Remedy.SET_KIND: self._set_kind,
            Remedy.SET_SEX: partial(self._set_teacher_field, "sex"),
            Remedy.SET_ID: partial(self._set_teacher_field, "id_number"),
            Remedy.TRASH: self._trash,
            Remedy.INCLUDE: self._include,
            Remedy.EXCLUDE: self._exclude,
            Remedy.HOLD: self._hold,
            Remedy.CONFIRM: self._confirm,
            Remedy.WITHDRAW: self._withdraw,
        }
        self._counts = QLabel()
        self._counts.setObjectName("findingCounts")
        self._own_title = _heading("ownFindingsTitle")
        self._own_rows = QWidget()
        self._own_rows.setProperty("shade", "panel")
        self._own_layout = QVBoxLayout(self._own_rows)
        self._own_layout.setContentsMargins(0, 0, 0, 0)
        self._own_layout.setSpacing(0)
        self._own_layout.addStretch(1)
        self._own_parts: tuple[QWidget, ...] = ()
        self._own_area = QScrollArea()
        self._own_area.setWidget(self._own_rows)
        self._fold_own = QToolButton(self._own_rows)
        self._fold_own.hide()
        self._all_title = _heading("allFindingsTitle")
        self._model = FindingList(self)
        self.list = _List()
        self._none = QLabel()
        self._lay_out()
        self.list.setModel(self._model)
        self.list.clicked.connect(self._on_list_clicked)
        self.list.entered_at.connect(self._on_list_clicked)
        self._fold_own.toggled.connect(lambda _open: self._show_own(force=True))
        session.checked.connect(self._ask)
        # Findings of what has gone go at once, even where a large roster is still being checked.
        # After the check, where that follows at once: then everything is shown already.
        session.changed.connect(lambda _teachers: session.refreshing.line_up(self._show_own))
        session.current_changed.connect(lambda _teacher: session.refreshing.ask(self._show_own))
        self._ask()

    def _ask(self) -> None:
        refreshing = self._session.refreshing
        refreshing.ask(self._show_own)
        refreshing.ask(self._show_all, within_ms=ALL_WITHIN_MS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_own()

    # Showing

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(style.GAP, style.GAP, style.GAP, style.HALF)
        title = QLabel("检查")
        title.setProperty("role", "title")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._counts)
        self._own_area.setObjectName("ownFindings")
        self._own_area.setAccessibleName("本人的问题")
        self._own_area.setWidgetResizable(True)
        self._own_area.setFrameShape(QFrame.Shape.NoFrame)
        self._own_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._own_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fold_own.setObjectName("ownConfirmedButton")
        self._fold_own.setCheckable(True)
        self._fold_own.setProperty("role", "quiet")
        self._fold_own.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.list.setObjectName("findingsList")
        self.list.setAccessibleName("全部问题")
        self.list.setItemDelegate(FindingDelegate(self.list))
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setProperty("role", "caption")
        self._none.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._own_title)
        layout.addWidget(self._own_area)
        layout.addWidget(self._all_title)
        layout.addWidget(self._none, 1)
        layout.addWidget(self.list, 1)

    def _show_counts(self, errors: int, warnings: int) -> None:
        self._counts.setText(
            f"<span style='color:{style.RED if errors else style.QUIET}'>{errors} 错</span>"
            f"&nbsp;&nbsp;<span style='color:{style.AMBER if warnings else style.QUIET}'>{warnings} 警告</span>"
        )
        self._counts.setAccessibleName(f"{errors} 个错误，{warnings} 个警告")

    def _show_own(self, *, force: bool = False) -> None:
        teacher = self._session.teacher(self._session.current)
        own = self._session.findings_of(teacher.id) if teacher else ()
        self._own_title.setText(f"本人 · {named(teacher.name)}" if teacher else f"本人 · {texts.NO_TEACHER}")
        if own == self._own and teacher == self._own_teacher and not force:
            return
        self._own, self._own_teacher = own, teacher
        focused = self._focused_code()
        still = [finding for finding in own if not finding.confirmed]
        confirmed = [finding for finding in own if finding.confirmed]
        parts: list[QWidget] = [self._row(finding, teacher) for finding in still] if teacher else []
        if not still:
            parts.append(_calm("没有问题" if teacher else "在名册中选一位教师", good=teacher is not None))
        self._fold_own.setVisible(bool(confirmed))
        if teacher is not None and confirmed:
            open_ = self._fold_own.isChecked()
            self._fold_own.setText(f"已确认 {len(confirmed)}")
            self._fold_own.setAccessibleName(f"已确认 {len(confirmed)} 个，{'收起' if open_ else '展开'}")
            self._fold_own.setIcon(icon("chevron-down" if open_ else "chevron-right", style.QUIET))
            parts.append(self._fold_own)
            parts += [self._row(finding, teacher) for finding in confirmed] if open_ else []
        self._put_own(parts)
        self._fit_own()
        self._focus_code(focused)

    def _put_own(self, parts: Sequence[QWidget]) -> None:
        """In this order; what is there already stays, since while pages stream in most of it does."""
        for part in self._own_parts:
            if part not in parts:
                self._own_layout.removeWidget(part)
                if part is not self._fold_own:
                    part.hide()
                    part.setObjectName("")
                    part.deleteLater()
        for index, part in enumerate(parts):
            if self._own_layout.indexOf(part) != index:
                self._own_layout.insertWidget(index, part)
                part.show()
        self._own_parts = tuple(parts)

    def _fit_own(self) -> None:
        """As high as its rows, half of the panel at most."""
        width = self._own_area.viewport().width()
        layout = self._own_rows.layout()
        needed = self._own_rows.sizeHint().height()
        if layout is not None and layout.hasHeightForWidth():
            needed = layout.totalHeightForWidth(width)
        self._own_area.setFixedHeight(min(needed, max(120, self.height() // 2)))

    def _show_all(self) -> None:
        still: list[Finding] = []
        confirmed: list[Finding] = []
        ranked: dict[Severity, list[Finding]] = {severity: [] for severity in Severity}
        for finding in self._session.findings():
            (confirmed if finding.confirmed else ranked[finding.severity]).append(finding)
        for found in ranked.values():
            still += found
        rows: list[Finding | None] = [*still]
        fold = f"{'▾' if self._unfolded else '▸'} 已确认 {len(confirmed)}"
        if confirmed:
            rows += (None, *confirmed) if self._unfolded else (None,)
        self._model.show_findings(rows, lambda finding: self._place(finding) if finding else fold)
        self._show_counts(len(ranked[Severity.ERROR]), len(ranked[Severity.WARNING]))
        self._all_title.setText(f"全部 {len(still)}" if still else "全部")
        self._none.setText("没有问题" if self._session.teachers() else "名册还是空的")
        self._none.setVisible(not rows)
        self.list.setVisible(bool(rows))

    def _row(self, finding: Finding, teacher: Teacher) -> FindingRow:
        """The row that is there already, or a new one."""
        editable = not self._session.collection.read_only
        found = tuple(offers(finding, teacher, self._session.notice)) if editable else ()
        which = _which_certificate(finding, teacher)
        for part in self._own_parts:
            if isinstance(part, FindingRow) and part.says == (finding, which, found):
                return part
        row = FindingRow(finding, which, found)
        row.activated.connect(self._session.request_focus)
        row.chosen.connect(self._on_row_chosen)
        return row

    def _place(self, finding: Finding) -> str:
        teacher = self._session.teacher(finding.teacher_id)
        if teacher is None:
            return "报送信息"
        which = _which_certificate(finding, teacher)
        return f"{teacher.serial}  {named(teacher.name)}{f' · {which}' if which else ''}"

    def _focused_code(self) -> str:
        focused: QWidget | None = self.focusWidget()
        while focused is not None and not isinstance(focused, FindingRow):
            focused = focused.parentWidget()
        return focused.finding.code if focused is not None and self.isAncestorOf(focused) else ""

    def _focus_code(self, code: str) -> None:
        """After a finding went, the clerk stands at the next one, not nowhere."""
        rows = [part for part in self._own_parts if isinstance(part, FindingRow)]
        if code and rows:
            same = next((row for row in rows if row.finding.code == code), rows[0])
            same.setFocus(Qt.FocusReason.OtherFocusReason)

    # Acting

    def _on_list_clicked(self, index: QModelIndex) -> None:
        finding = index.data(FINDING_ROLE)
        if finding is None:
            self._unfolded = not self._unfolded
            self._show_all()
        else:
            self._session.request_focus(finding)

    def _on_row_chosen(self, finding: Finding, offer: Offer) -> None:
        self._acts[offer.remedy](finding, offer)

    def _ask_files(self, finding: Finding, _offer: Offer) -> None:
        assert finding.certificate_id is not None
        choose_pages(self, self._session, Gap(finding.certificate_id, finding.field))

    def _mark_absent(self, finding: Finding, _offer: Offer) -> None:
        assert finding.certificate_id is not None
        reason = ask_absence(self, self._session.notice.slot(finding.field).label)
        if reason:
            self._session.act(acts.mark_absent, finding.certificate_id, finding.field, reason)

    def _set_kind(self, finding: Finding, offer: Offer) -> None:
        assert finding.certificate_id is not None
        self._session.act(acts.set_certificate_field, finding.certificate_id, "kind", offer.value)

    def _set_teacher_field(self, field: str, finding: Finding, offer: Offer) -> None:
        assert finding.teacher_id is not None
        self._session.act(acts.set_teacher_field, finding.teacher_id, field, offer.value)

    def _trash(self, finding: Finding, _offer: Offer) -> None:
        teacher = self._session.teacher(finding.teacher_id)
        page = page_of(finding, teacher) if teacher else None
        if page is not None and self._session.did(acts.trash_pages, [page.id]):
            self._session.undoable.emit(f"“{page.source}”已移到回收站。")

    def _include(self, finding: Finding, _offer: Offer) -> None:
        assert finding.certificate_id is not None
        self._session.act(acts.decide_certificate, finding.certificate_id, Scope.IN.value, "")

    def _exclude(self, finding: Finding, _offer: Offer) -> None:
        assert finding.certificate_id is not None
        reason = ask_reason(self, "不纳入…", f"{finding.message}。这本证书为什么不纳入？", OUT_REASONS)
        if reason:
            self._session.act(acts.decide_certificate, finding.certificate_id, Scope.OUT.value, reason)

    def _hold(self, finding: Finding, _offer: Offer) -> None:
        assert finding.teacher_id is not None
        reason = ask_reason(self, "暂缓…", "这位教师为什么暂缓报送？", HOLD_REASONS)
        if reason:
            self._session.act(acts.set_scope, [finding.teacher_id], Scope.HOLD.value, reason)

    def _confirm(self, finding: Finding, _offer: Offer) -> None:
        asked = f"{finding.message}。为什么确认无误？"
        option = _note_option(self._session.notice)
        answer = ask_reason_and(self, texts.CONFIRM_FINDING, asked, CONFIRM_REASONS, option)
        if answer:
            reason, in_note = answer
            self._session.act(acts.confirm, finding, reason, in_note=in_note)

    def _withdraw(self, finding: Finding, _offer: Offer) -> None:
        if finding.code in SCOPE_QUESTIONS and finding.certificate_id is not None:
            self._session.act(acts.decide_certificate, finding.certificate_id, "", "")
        else:
            self._session.act(acts.withdraw, finding)


class _List(QListView):
    """``entered_at`` (index) by Enter or Space; arrows only move, so that the list can be read by keyboard."""

    entered_at = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setMinimumHeight(96)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self.entered_at.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Rows are as high as their sentences, which break elsewhere now.
        self.scheduleDelayedItemsLayout()


def _note_option(notice: Notice) -> str:
    """What puts a confirmation into the roster annex; empty where the notice has no such column."""
    columns = ((annex, column) for annex in notice.annexes for column in annex.columns)
    return next(
        (
            f"写入{annex.label or annex.title}的“{column.title}”栏"
            for annex, column in columns
            if column.field == "note"
        ),
        "",
    )


def _which_certificate(finding: Finding, teacher: Teacher) -> str:
    """The certificate's kind where the teacher has several."""
    if finding.certificate_id is None or len(teacher.certificates) < 2:
        return ""
    held = next((held for held in teacher.certificates if held.id == finding.certificate_id), None)
    return (held.kind or texts.NO_KIND) if held else ""


def _heading(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("role", "heading")
    label.setStyleSheet(f"background: {style.WINDOW}; padding: 4px 8px;")
    return label


def _calm(text: str, *, good: bool) -> QWidget:
    """What stands where there is nothing to say."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(style.GAP, style.GAP, style.GAP, style.GAP)
    if good:
        sign = QLabel()
        sign.setPixmap(icon("check", style.GREEN).pixmap(16, 16))
        row.addWidget(sign)
    label = QLabel(text)
    label.setStyleSheet(f"color: {style.GREEN if good else style.QUIET};")
    row.addWidget(label, 1)
    return box
