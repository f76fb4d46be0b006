"""移动页到…: which pages, to whom (found by name, pinyin or number), into which slot, and what happens there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.placing import Effect
from certclerk.core.progress import Gap, gaps
from certclerk.core.records import Certificate, Page, Teacher
from certclerk.core.submission import ordered_pages
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.buttons import accept_or_cancel
from certclerk.gui.roster.search import folded, matches
from certclerk.gui.roster.teacher_form import certificate_title
from certclerk.gui.scan.page_commands import MOVE_TITLE
from certclerk.gui.scan.page_placing import prospect, put_alike, put_pages
from certclerk.gui.scan.page_row import PageRow
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.gui.showing import hand_back

_ALIKE = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """``slot`` empty: each page into the slot of its own name."""

    certificate_id: int
    slot: str
    page_ids: tuple[int, ...]


class PlaceDialog(QDialog):
    """``destination`` is what the clerk wants, None while nobody with a certificate is chosen.

    ``suggested`` is the id of the teacher who is chosen first.
    """

    def __init__(
        self, session: Session, pages: Sequence[Page], suggested: int | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._pages = tuple(pages)
        thumbnails = Thumbnails(session, self)
        self.setObjectName("placeDialog")
        self.setWindowTitle(MOVE_TITLE)
        self.resize(640, 520)
        self._moving = PageRow(session.notice, thumbnails, "movingPages", "要移动的页")
        self._there = PageRow(session.notice, thumbnails, "pagesThere", "那里现在的页")
        self._search = QLineEdit()
        self._search.setObjectName("teacherSearch")
        self._search.setAccessibleName("查找教师")
        self._search.setPlaceholderText("姓名、拼音、序号或号码")
        self._search.setClearButtonEnabled(True)
        self._teachers = QListWidget()
        self._teachers.setObjectName("teacherChoice")
        self._teachers.setAccessibleName("教师")
        self._teachers.setSpacing(2)
        self._certificate = _choice("certificateChoice", "证书")
        self._slot = _choice("slotChoice", "页")
        self._effect = QLabel()
        self._buttons, self._accept = accept_or_cancel(self, "移动", "acceptButton", self.accept)
        self._lay_out()
        self._connect()
        self._moving.show_pages(self._pages, ticks=True)
        self._fill("", suggested)
        self._search.setFocus()

    @property
    def destination(self) -> Destination | None:
        certificate_id, slot = self._certificate.currentData(), self._slot.currentData()
        moving = tuple(page.id for page in self._moving.ticked())
        if certificate_id is None or slot is None or not moving:
            return None
        return Destination(certificate_id, slot, moving)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go through the teachers while the clerk is still typing."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._search.hasFocus():
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            row = self._teachers.currentRow() + step
            self._teachers.setCurrentRow(min(max(row, 0), self._teachers.count() - 1))
        else:
            super().keyPressEvent(event)

    # Inner workings

    def _fill(self, text: str, chosen: int | None) -> None:
        query = folded(text)
        self._teachers.clear()
        for teacher in self._session.teachers():
            if matches(teacher, query):
                item = QListWidgetItem(f"{teacher.serial}　{named(teacher.name)}　{_kinds(teacher)}")
                item.setData(Qt.ItemDataRole.UserRole, teacher.id)
                self._teachers.addItem(item)
                if teacher.id == chosen:
                    self._teachers.setCurrentItem(item)
        if self._teachers.currentRow() < 0:
            self._teachers.setCurrentRow(0)
        self._show_certificates()

    def _chosen_id(self) -> int | None:
        item = self._teachers.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _chosen_certificate(self) -> Certificate | None:
        teacher = self._session.teacher(self._chosen_id())
        held = teacher.certificates if teacher else ()
        return next((one for one in held if one.id == self._certificate.currentData()), None)

    def _pages_there(self) -> tuple[Page, ...]:
        certificate, slot = self._chosen_certificate(), self._slot.currentData()
        if certificate is None or slot is None:
            return ()
        return (
            ordered_pages(certificate, self._session.notice) if slot == _ALIKE else certificate.pages_in(slot)
        )

    def _show_certificates(self) -> None:
        teacher = self._session.teacher(self._chosen_id())
        self._certificate.clear()
        wanted = _first_gap(teacher, self._session)
        for certificate in teacher.certificates if teacher else ():
            self._certificate.addItem(certificate_title(certificate), certificate.id)
            if wanted and certificate.id == wanted.certificate_id:
                self._certificate.setCurrentIndex(self._certificate.count() - 1)
        self._show_slots()

    def _show_slots(self) -> None:
        teacher = self._session.teacher(self._chosen_id())
        wanted = _first_gap(teacher, self._session, self._certificate.currentData())
        certificate = self._chosen_certificate()
        self._slot.clear()
        if certificate is not None and len(self._pages) > 1 and all(page.slot for page in self._pages):
            self._slot.addItem("各归原来的页位（封面到封面…）", _ALIKE)
            wanted = None
        for slot in self._session.notice.slots if certificate else ():
            count = len(certificate.pages_in(slot.id)) if certificate else 0
            self._slot.addItem(f"{slot.label}（已有 {count} 页）" if count else slot.label, slot.id)
            if wanted and slot.id == wanted.slot:
                self._slot.setCurrentIndex(self._slot.count() - 1)
        self._show_effect()

    def _show_effect(self) -> None:
        """What lies there, and what becomes of it."""
        there = self._pages_there()
        self._there.show_pages(there)
        self._there.setVisible(bool(there))
        to, pages = self.destination, self._moving.ticked()
        words, possible = self._words(to, pages)
        self._effect.setText(words)
        self._effect.setStyleSheet(f"color: {style.INK if possible else style.RED}")
        self._accept.setEnabled(possible)
        self._accept.setText(f"移动 {len(pages)} 页" if len(pages) > 1 else "移动")

    def _words(self, to: Destination | None, pages: Sequence[Page]) -> tuple[str, bool]:
        if to is None:
            return ("没有选中要移动的页。" if not pages else "没有可以移到的证书。"), False
        if to.slot == _ALIKE:
            if any(page.certificate_id == to.certificate_id for page in pages):
                return "这些页已经在这本证书里。", False
            one = {slot.id for slot in self._session.notice.slots if not slot.many}
            held = {page.slot for page in self._pages_there()} & {page.slot for page in pages} & one
            labels = "、".join(slot.label for slot in self._session.notice.slots if slot.id in held)
            return (f"那里已有的{labels}会换到这边来。" if held else "放到同名的页位。"), True
        found = prospect(self._session, pages, Gap(to.certificate_id, to.slot))
        count = len(found.there)
        return {
            Effect.ADD: (f"已有 {count} 页，放在它们后面。" if count else "那里空着，放进去。", True),
            Effect.SWAP: ("那里已有一页，与它交换位置。", True),
            Effect.TAKE_OVER: ("那里已有一页，它会到待归位。", True),
            Effect.TOO_MANY: ("那里只能放一页，请一次移动一页。", False),
            Effect.NOTHING: ("这一页已经在那里了。", False),
        }[found.effect]

    def _lay_out(self) -> None:
        self._effect.setObjectName("placeEffect")
        self._effect.setWordWrap(True)
        form = QFormLayout()
        form.setHorizontalSpacing(style.GAP)
        form.addRow("证书", self._certificate)
        form.addRow("页位", self._slot)
        left = QVBoxLayout()
        left.setSpacing(style.GAP)
        left.addWidget(self._search)
        left.addWidget(self._teachers, 1)
        right = QVBoxLayout()
        right.setSpacing(style.GAP)
        right.addWidget(_caption("要移动的页"))
        right.addWidget(self._moving)
        right.addLayout(form)
        right.addWidget(self._effect)
        right.addWidget(self._there)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(style.WIDE)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.WIDE)
        layout.addLayout(both, 1)
        layout.addWidget(self._buttons)

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda text: self._fill(text, self._chosen_id()))
        self._teachers.currentItemChanged.connect(lambda _now, _before: self._show_certificates())
        self._teachers.itemDoubleClicked.connect(lambda _item: self._accept.click())
        self._certificate.currentIndexChanged.connect(lambda _index: self._show_slots())
        self._slot.currentIndexChanged.connect(lambda _index: self._show_effect())
        self._moving.ticked_changed.connect(self._show_effect)


def ask_place(
    parent: QWidget, session: Session, pages: Sequence[Page], suggested: int | None = None
) -> Destination | None:
    """Where ``pages`` are to go, the teacher ``suggested`` (an id) chosen first; None when cancelled."""
    dialog = PlaceDialog(session, pages, suggested, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    destination = dialog.destination
    hand_back(dialog)
    dialog.deleteLater()
    return destination if accepted else None


def move_elsewhere(
    parent: QWidget, session: Session, pages: Sequence[Page], suggested: int | None = None
) -> None:
    """Asks where ``pages`` are to go and puts them there."""
    to = ask_place(parent, session, pages, suggested) if pages else None
    if to is None:
        return
    if to.slot == _ALIKE:
        put_alike(session, to.page_ids, to.certificate_id)
    else:
        put_pages(session, to.page_ids, Gap(to.certificate_id, to.slot))


def _first_gap(teacher: Teacher | None, session: Session, certificate_id: int | None = None) -> Gap | None:
    for certificate in teacher.certificates if teacher else ():
        if certificate_id in (None, certificate.id):
            missing = gaps(certificate, session.notice)
            if missing:
                return missing[0]
    return None


def _kinds(teacher: Teacher) -> str:
    return "、".join(certificate.kind or texts.NO_KIND for certificate in teacher.certificates)


def _choice(name: str, spoken: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    return box


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label
