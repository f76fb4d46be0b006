"""What one submission was: what has changed since, its files, and who was not in it and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTabWidget

from certclerk.core.amounts import size_text
from certclerk.core.differences import Difference
from certclerk.core.scope import Scope
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.icons import icon
from certclerk.gui.session import Session
from certclerk.jobs.submissions import Submitted

LINE_HEIGHT = style.ROW_HEIGHT - style.HALF  # px
CHANGES, FILES, LEFT_OUT = range(3)


class Details(QTabWidget):
    """``chosen`` (teacher id): the clerk wants to see whom a line is about."""

    chosen = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("recordTabs")
        self.setAccessibleName("这次报送的内容")
        self.setDocumentMode(True)
        self._changes = _lines("changesList", "以后的改动")
        self._files = _lines("recordFiles", "报送包里的文件")
        self._left_out = _lines("recordLeftOut", "没有报送的教师")
        for made in (self._changes, self._files, self._left_out):
            self.addTab(made, "")
            made.itemActivated.connect(self._on_item_activated)

    def show_record(self, submitted: Submitted) -> None:
        record = submitted.record
        _fill(
            self._files,
            [
                (
                    f"{file.name}　{size_text(file.size)}",
                    file.sha256 and f"SHA-256 {file.sha256}",
                    "",
                    style.INK,
                    None,
                )
                for file in record.files
            ],
            "没有记下文件。",
        )
        entries = []
        for left in record.left_out:
            tone = style.OF_STATE[left.scope.label]
            teacher = self._session.teacher(left.teacher_id)
            name = left.name or (teacher.name if teacher else "")
            line = f"{named(name)}　{left.scope.label}：{left.reason or '没有写原因'}"
            entries.append((line, "", tone.sign, tone.ink, left.teacher_id))
        for undecided in record.undecided:
            tone = style.OF_STATE[Scope.ASK.label]
            kind = undecided.kind or texts.NO_KIND
            line = f"{named(undecided.name)}　{kind}证书{Scope.ASK.label}：{undecided.reason}"
            entries.append((line, "", tone.sign, tone.ink, undecided.teacher_id))
        _fill(self._left_out, entries, "名册里的教师都报送了。")
        self.setTabText(FILES, f"文件（{len(record.files)}）")
        self.setTabText(LEFT_OUT, f"没有报送（{len(record.left_out)}）")

    def show_changes(self, found: Sequence[Difference] | None, instead: str) -> None:
        """``instead`` is what stands there where there is none."""
        tone = style.OF_SEVERITY["warning"]
        _fill(
            self._changes,
            [(str(each), "", tone.sign, style.INK, each.teacher_id) for each in found or ()],
            instead,
        )
        self.setTabText(CHANGES, f"以后的改动（{len(found)}）" if found else "以后的改动")

    def _on_item_activated(self, item: QListWidgetItem) -> None:
        teacher_id = item.data(Qt.ItemDataRole.UserRole)
        if teacher_id is not None and self._session.teacher(teacher_id) is not None:
            self.chosen.emit(teacher_id)


# What a line says, its tip, the name of its sign, its ink, whom it is about.
Line = tuple[str, str, str, str, int | None]


def _lines(name: str, spoken: str) -> QListWidget:
    made = QListWidget()
    made.setObjectName(name)
    made.setAccessibleName(spoken)
    made.setWordWrap(True)
    made.setTabKeyNavigation(False)
    return made


def _fill(shown: QListWidget, lines: Sequence[Line], instead: str) -> None:
    kept = shown.currentRow()
    shown.clear()
    for text, tip, sign, ink, teacher_id in lines:
        item = QListWidgetItem(text, shown)
        item.setToolTip(tip or text)
        item.setSizeHint(QSize(0, LINE_HEIGHT))
        if sign:
            item.setIcon(icon(sign, style.AMBER if ink == style.INK else ink))
        item.setData(Qt.ItemDataRole.UserRole, teacher_id)
    if not lines:
        item = QListWidgetItem(instead, shown)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    elif kept >= 0 or shown.count():
        shown.setCurrentRow(min(max(kept, 0), shown.count() - 1))
