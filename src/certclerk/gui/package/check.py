"""Second page of the package wizard: what still blocks, what is doubtful, who is not in it and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
)

from certclerk.core.errors import UserError
from certclerk.core.records import Finding, Teacher
from certclerk.core.scope import HOLD_REASONS, Scope
from certclerk.core.submission import LeftOut
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.icons import icon
from certclerk.gui.package.request import PackageRequest
from certclerk.gui.reason_dialog import ask_reason
from certclerk.gui.tasks import Job
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, WRONG, Banner, Step, paragraph
from certclerk.jobs.package import Survey, glyph_caution, still_blocking, survey, unprintable

LINE_HEIGHT = style.ROW_HEIGHT - style.HALF  # px


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to go from: the finding to show, or only the teacher; both None is the filing's own."""

    teacher_id: int | None
    finding: Finding | None = None


class CheckPage(Step):
    """Complete as soon as nobody in the submission has an error and somebody is in it."""

    NAME = "检查"
    HINT = "有错误的教师不能报送：去改正，或这一次暂缓。警告不影响报送，请过目。"

    def __init__(self, request: PackageRequest) -> None:
        super().__init__()
        self._request = request
        self._survey: Survey | None = None
        self._job: Job | None = None
        self._verdict = Banner("checkVerdict")
        self._figures = paragraph("checkFigures")
        self._figures.setProperty("role", "caption")
        self._tabs = QTabWidget()
        self._tabs.setObjectName("checkTabs")
        self._tabs.setAccessibleName("检查结果")
        self._tabs.setDocumentMode(True)
        self._blocking = EntryTree("blockersTree", "必须处理的错误")
        self._doubtful = EntryTree("warningsTree", "警告")
        self._left_out = EntryTree("leftOutTree", "不在本次报送中的教师")
        self._go = button("带我去", "goButton", spoken="到这位教师那里去改正")
        self._hold = button("暂缓…", "holdButton", spoken="这位教师这次暂缓报送")
        self._hold_all = button("全部暂缓…", "holdAllButton", spoken="有错误的教师这次全部暂缓报送")
        self._unhold = button("取消暂缓", "unholdButton", spoken="这位教师仍然报送")
        self._lay_out()
        for tree in (self._blocking, self._doubtful, self._left_out):
            self._tabs.addTab(tree, "")
            tree.currentItemChanged.connect(self._refresh_buttons)
            tree.chosen.connect(self._go_there)
        self._tabs.currentChanged.connect(self._refresh_buttons)
        self._go.clicked.connect(self._go_there)
        self._hold.clicked.connect(self._hold_one)
        self._hold_all.clicked.connect(self._hold_everyone)
        self._unhold.clicked.connect(self._on_unhold_clicked)

    def initializePage(self) -> None:
        """Every page's bytes are read and proven, hence in a worker."""
        self._survey = None
        self._show_checking(True)
        self._verdict.say(PLAIN, "正在检查名册和每一页图像…")
        collection, day = self._request.session.collection, self._request.day
        supplement = self._request.supplement
        self._job = self._request.session.runner.run(
            lambda _job: survey(collection, day, check_bytes=True, supplement=supplement),
            self._on_surveyed,
            self._on_failed,
            owner=self,
        )
        self.completeChanged.emit()

    def cleanupPage(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def isComplete(self) -> bool:
        return self._survey is not None and not self._blockers() and bool(self._included())

    def _on_surveyed(self, found: Survey) -> None:
        if self._job is None or self._job.cancelled:
            return
        self._survey = found
        self._request.planned = found.submission.supplement
        still = {finding.teacher_id for finding in found.blockers}
        self._request.held = {id_: why for id_, why in self._request.held.items() if id_ in still}
        self._show_checking(False)
        self._refresh()
        self._tabs.setCurrentIndex(0 if self._blockers() else 1 if found.warnings else 2)
        self._tree().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, error: UserError) -> None:
        self._verdict.say(WRONG, str(error))

    def _blockers(self) -> tuple[Finding, ...]:
        return still_blocking(self._survey, self._request.held) if self._survey else ()

    def _included(self) -> tuple[int, ...]:
        documents = self._survey.submission.documents if self._survey else ()
        return tuple(
            document.teacher_id for document in documents if document.teacher_id not in self._request.held
        )

    def _everyone_left_out(self) -> tuple[LeftOut, ...]:
        """By the roster, and those held in this submission only, in roster order."""
        teachers = self._request.session.teachers()
        by_id = {left.teacher_id: left for left in (self._survey.submission.left_out if self._survey else ())}
        for teacher in teachers:
            if teacher.id in self._request.held:
                by_id[teacher.id] = LeftOut(
                    teacher.id, teacher.serial, teacher.name, Scope.HOLD, self._request.held[teacher.id]
                )
        return tuple(by_id[teacher.id] for teacher in teachers if teacher.id in by_id)

    # Showing

    def _refresh(self) -> None:
        assert self._survey is not None
        blockers, warnings, left_out = self._blockers(), self._survey.warnings, self._everyone_left_out()
        included = set(self._included())
        warnings = tuple(finding for finding in warnings if finding.teacher_id in included | {None})
        self._fill_groups(self._blocking, blockers)
        self._fill_groups(self._doubtful, warnings)
        self._left_out.clear()
        for left in left_out:
            tone = style.OF_STATE[left.scope.label]
            once = "（仅这一次）" if left.teacher_id in self._request.held else ""
            why = left.reason or "没有写原因"
            line = f"{left.serial}　{named(left.name)}　{left.scope.label}{once}：{why}"
            self._left_out.add(None, line, Entry(left.teacher_id), icon_name=tone.sign, colour=tone.ink)
        for undecided in self._survey.submission.undecided:
            tone = style.OF_STATE[Scope.ASK.label]
            line = (
                f"{undecided.serial}　{named(undecided.name)}　"
                f"{undecided.kind or texts.NO_KIND}证书{Scope.ASK.label}：{undecided.reason}"
            )
            self._left_out.add(None, line, Entry(undecided.teacher_id), icon_name=tone.sign, colour=tone.ink)
        self._left_out.choose_first()
        self._blocking.set_empty("没有必须处理的错误。")
        self._doubtful.set_empty("没有警告。")
        self._left_out.set_empty("名册里的教师都在本次报送中。")
        for index, (title, count) in enumerate(
            (
                ("必须处理", len(_teachers(blockers))),
                ("警告", len(_teachers(warnings))),
                ("不在本次报送中", len(left_out)),
            )
        ):
            self._tabs.setTabText(index, f"{title}（{count}）")
        self._show_verdict(blockers)
        self._refresh_buttons()
        self.completeChanged.emit()

    def _show_verdict(self, blockers: tuple[Finding, ...]) -> None:
        assert self._survey is not None
        ready = len(set(self._included()) - _teachers(blockers))
        wrong = len(_teachers(blockers) - {None})
        if wrong:
            text, tone = f"{wrong} 名教师有错误，改正或暂缓后才能继续。", WRONG
        elif blockers:
            text, tone = "报送信息不完整，请回到上一步填写。", WRONG
        elif not self._included():
            text, tone = "没有可以报送的教师，请先在名册中补全。", WRONG
        else:
            lacking = glyph_caution(self._survey.submission, unprintable(self._survey.submission))
            text, tone = f"可以报送。{lacking}", DOUBTFUL if lacking else RIGHT
        self._verdict.say(tone, text)
        self._figures.setText(
            f"名册共 {len(self._request.session.teachers())} 名教师：可以报送 {ready} 名，有错误 {wrong} 名，"
            f"不在本次报送中 {len(self._everyone_left_out())} 名"
            + (f"，以前报送过、没有改动 {self._survey.unchanged} 名。" if self._request.supplement else "。")
        )

    def _fill_groups(self, tree: EntryTree, findings: Iterable[Finding]) -> None:
        tree.clear()
        groups: dict[int | None, list[Finding]] = {}
        for finding in findings:
            groups.setdefault(finding.teacher_id, []).append(finding)
        for teacher_id, found in groups.items():
            teacher = self._request.session.teacher(teacher_id)
            title = f"{teacher.serial}　{named(teacher.name)}" if teacher else "报送信息"
            top = tree.add(None, title, Entry(teacher_id, found[0]), bold=True)
            for finding in found:
                tone = style.OF_SEVERITY[finding.severity]
                line = _which(teacher, finding) + finding.message
                tree.add(top, line, Entry(teacher_id, finding), icon_name=tone.sign, colour=tone.ink)
        tree.expandAll()
        tree.choose_first()

    def _show_checking(self, checking: bool) -> None:
        for widget in (self._figures, self._tabs, self._go, self._hold, self._unhold, self._hold_all):
            widget.setVisible(not checking)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        for act in (self._go, self._hold, self._unhold):
            buttons.addWidget(act)
        buttons.addStretch(1)
        buttons.addWidget(self._hold_all)
        layout = self.body
        layout.addWidget(self._verdict)
        layout.addWidget(self._figures)
        layout.addWidget(self._tabs, 1)
        layout.addLayout(buttons)

    def _tree(self) -> EntryTree:
        tree = self._tabs.currentWidget()
        assert isinstance(tree, EntryTree)
        return tree

    def _refresh_buttons(self) -> None:
        tree, entry = self._tree(), self._tree().entry()
        teacher_id = entry.teacher_id if entry else None
        self._go.setEnabled(entry is not None)
        self._hold.setVisible(tree is self._blocking)
        self._hold.setEnabled(teacher_id is not None)
        self._hold_all.setVisible(tree is self._blocking)
        self._hold_all.setEnabled(bool(_teachers(self._blockers()) - {None}))
        self._unhold.setVisible(tree is self._left_out)
        self._unhold.setEnabled(teacher_id in self._request.held)

    # Acting

    def _go_there(self) -> None:
        entry = self._tree().entry()
        if entry is None:
            return
        if entry.teacher_id is None:
            self.wizard().back()
            return
        self.wizard().reject()
        session = self._request.session
        if entry.finding is not None:
            session.request_focus(entry.finding)
        else:
            session.select(entry.teacher_id)

    def _hold_one(self) -> None:
        entry = self._blocking.entry()
        teacher = self._request.session.teacher(entry.teacher_id) if entry else None
        if teacher is not None:
            self._ask_and_hold({teacher.id}, f"{named(teacher.name)} 这次暂缓报送。")

    def _hold_everyone(self) -> None:
        teachers = {id_ for id_ in _teachers(self._blockers()) if id_ is not None}
        self._ask_and_hold(teachers, f"有错误的 {len(teachers)} 名教师这次暂缓报送。")

    def _ask_and_hold(self, teacher_ids: set[int], sentence: str) -> None:
        reason = ask_reason(
            self, "暂缓", f"{sentence}只影响这一次，名册不变；原因写进这次报送的记录。", HOLD_REASONS
        )
        if reason is None:
            return
        self._request.held.update(dict.fromkeys(teacher_ids, reason))
        self._refresh()

    def _on_unhold_clicked(self) -> None:
        entry = self._left_out.entry()
        if entry is not None and entry.teacher_id is not None:
            self._request.held.pop(entry.teacher_id, None)
            self._refresh()


class EntryTree(QTreeWidget):
    """Lines in groups, moved through by arrow keys; Enter or a double click is ``chosen``."""

    chosen = Signal()

    def __init__(self, name: str, spoken: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setHeaderHidden(True)
        self.setIndentation(style.WIDE)
        self.setUniformRowHeights(True)
        self.itemDoubleClicked.connect(lambda *_: self.chosen.emit())

    def add(
        self,
        parent: QTreeWidgetItem | None,
        text: str,
        entry: Entry,
        *,
        bold: bool = False,
        icon_name: str = "",
        colour: str = style.INK,
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent if parent is not None else self.invisibleRootItem(), [text])
        item.setToolTip(0, text)
        item.setSizeHint(0, QSize(0, LINE_HEIGHT))
        if bold:
            item.setFont(0, style.scaled(self.font(), 1, bold=True))
        if icon_name:
            item.setIcon(0, icon(icon_name, colour))
        item.setData(0, Qt.ItemDataRole.UserRole, entry)
        return item

    def set_empty(self, text: str) -> None:
        """Shown where there is no line."""
        if self.topLevelItemCount() == 0:
            item = QTreeWidgetItem(self, [text])
            item.setSizeHint(0, QSize(0, LINE_HEIGHT))
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def choose_first(self) -> None:
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)

    def entry(self) -> Entry | None:
        item = self.currentItem()
        entry: Entry | None = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        return entry

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter must not reach the wizard, whose default button would turn the page.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
            return
        super().keyPressEvent(event)


def _which(teacher: Teacher | None, finding: Finding) -> str:
    """Which certificate is meant, where there are several and the message does not say so."""
    if teacher is None or finding.certificate is None or len(teacher.certificates) < 2:
        return ""
    kind = teacher.certificates[finding.certificate].kind or texts.NO_KIND
    return "" if finding.message.startswith(kind) else f"{kind}："


def _teachers(findings: Iterable[Finding]) -> set[int | None]:
    return {finding.teacher_id for finding in findings}
