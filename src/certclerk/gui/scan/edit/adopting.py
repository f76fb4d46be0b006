"""All proposals at once: each page before and after, to be ticked and adopted in one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.core.records import Page, Teacher
from certclerk.core.wording import named
from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel
from certclerk.gui.icons import draw
from certclerk.gui.scan.edit.wording import described
from certclerk.gui.scan.thumbnails import paint_thumbnail
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs.edit_pages import set_recipes
from certclerk.jobs.pictures import proposal, thumbnail

# px: before, an arrow, after.
_ONE = QSize(84, 96)
_BETWEEN = 28
_BOTH = QSize(2 * _ONE.width() + _BETWEEN, _ONE.height())

Seen = tuple[Page, str, Recipe, QImage, QImage]


class AdoptDialog(QDialog):
    """Pages come as they are looked at, those of the current teacher first; nothing changes before 采用."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("adoptDialog")
        self.setWindowTitle("全部采用建议")
        self.resize(640, 560)
        self._state = QLabel()
        self._state.setObjectName("adoptState")
        self._state.setWordWrap(True)
        self._list = QListWidget()
        self._list.setObjectName("adoptList")
        self._list.setAccessibleName("有建议的页")
        self._list.setIconSize(_BOTH)
        self._list.setSpacing(2)
        buttons, self._accept = accept_or_cancel(self, "采用", "acceptButton", self._adopt)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._state)
        layout.addWidget(self._list, 1)
        layout.addWidget(buttons)
        self._list.itemChanged.connect(lambda _item: self._count())
        self._total = self._done = 0
        self._job = self._look()
        self.finished.connect(lambda _result: self._job.cancel())
        self._count()

    def _look(self) -> Job:
        collection, wanted = self._session.collection, _untouched_pages(self._session)
        self._total = len(wanted)
        return self._session.runner.run(
            lambda job: _look_at(job, collection, wanted),
            lambda _nothing: self._finish(),
            progress=lambda done, _total, _what: self._say(done),
            handed=self._add,
            owner=self,
        )

    def _add(self, seen: Seen) -> None:
        page, whose, recipe, before, after = seen
        pictures = QIcon()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            # The selected row's would be tinted.
            pictures.addPixmap(_side_by_side(before, after), mode)
        item = QListWidgetItem(pictures, f"{whose}\n{described(recipe, page.rotation)}")
        item.setData(Qt.ItemDataRole.UserRole, (page, recipe))
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        )
        item.setCheckState(Qt.CheckState.Checked)
        item.setToolTip(page.source)
        self._list.addItem(item)
        if self._list.count() == 1:
            self._list.setCurrentRow(0)
            self._list.setFocus()
        self._count()

    def _finish(self) -> None:
        self._say(self._total)

    def _say(self, done: int) -> None:
        self._done = done
        self._count()

    def _count(self) -> None:
        ticked, found = len(self._ticked()), self._list.count()
        self._accept.setText(f"采用 {ticked} 页" if ticked else "采用")
        self._accept.setEnabled(bool(ticked))
        if self._done < self._total:
            self._state.setText(f"正在看没有编辑过的页（{self._done}/{self._total}），有建议的列在下面：")
        elif found:
            self._state.setText(f"{found} 页有建议。去掉不要的勾（空格），其余一起采用，可以撤销。")
        else:
            self._state.setText("没有编辑过的页都不用校正、裁切。")

    def _ticked(self) -> dict[Page, Recipe]:
        items = (self._list.item(row) for row in range(self._list.count()))
        return dict(
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        )

    def _adopt(self) -> None:
        count = self._session.act(set_recipes, self._ticked(), "采用建议")
        if count:
            self._session.undoable.emit(f"{count} 页采用了建议。")
        self.accept()


def _untouched_pages(session: Session) -> tuple[tuple[Page, str], ...]:
    """With whose and which each is."""
    first = session.teacher(session.current)
    teachers: Sequence[Teacher] = ([first] if first else []) + [
        teacher for teacher in session.teachers() if teacher is not first
    ]
    return tuple(
        (page, f"{teacher.serial}　{named(teacher.name)} · {session.notice.slot(page.slot or '').label}")
        for teacher in teachers
        for page in teacher.pages()
        if page.recipe == AS_IT_IS
    )


def _look_at(job: Job, collection: Collection, wanted: Sequence[tuple[Page, str]]) -> None:
    for done, (page, whose) in enumerate(wanted):
        if job.cancelled:
            return
        job.progress(done, len(wanted))
        try:
            recipe = proposal(collection, page)
            if recipe != AS_IT_IS:
                pictures = (
                    QImage.fromData(thumbnail(collection, one))
                    for one in (page, replace(page, recipe=recipe))
                )
                job.hand_over((page, whose, recipe, *pictures))
        except UserError:
            continue  # a damaged page is told where it is shown


def _side_by_side(before: QImage, after: QImage) -> QPixmap:
    both = QPixmap(_BOTH * 2)
    both.fill(Qt.GlobalColor.transparent)
    both.setDevicePixelRatio(2)
    painter = QPainter(both)
    paint_thumbnail(painter, QRect(0, 0, _ONE.width(), _ONE.height()), QPixmap.fromImage(before))
    left = _ONE.width() + _BETWEEN
    paint_thumbnail(painter, QRect(left, 0, _ONE.width(), _ONE.height()), QPixmap.fromImage(after))
    arrow = QRect(_ONE.width() + (_BETWEEN - 16) // 2, (_ONE.height() - 16) // 2, 16, 16)
    draw(painter, "chevron-right", arrow.toRectF(), style.QUIET)
    painter.end()
    return both
