"""The middle of the window: one teacher's certificates, their slots and pages, one page large."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from certclerk.core.custody import Custody
from certclerk.core.progress import Gap, Standing
from certclerk.core.records import Certificate, Finding, Page, Place, Teacher
from certclerk.core.scope import OUT_REASONS, Scope, submitted_certificates
from certclerk.gui import style, texts
from certclerk.gui.capture.banner import TargetBanner
from certclerk.gui.mime import Scans, carries_pages_or_files, pages_carried, scans_carried
from certclerk.gui.reason_dialog import ask_reason
from certclerk.gui.roster.certificate_tabs import CertificateTabs
from certclerk.gui.roster.teacher_form import TeacherForm
from certclerk.gui.scan.edit.editing import PageEditing
from certclerk.gui.scan.heading import ScopeBar, TeacherHeading
from certclerk.gui.scan.page_acts import PageActs
from certclerk.gui.scan.page_canvas import zoom_of
from certclerk.gui.scan.page_choosing import choose_pages, target_of
from certclerk.gui.scan.page_commands import page_act_of
from certclerk.gui.scan.page_intake import take_scans
from certclerk.gui.scan.page_placing import find_page, put_pages
from certclerk.gui.scan.page_reasons import ask_absence
from certclerk.gui.scan.page_view import PageView
from certclerk.gui.scan.slot_strip import SlotStrip
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.jobs import acts

# A page that comes is shown by its thumbnail until no other has come for so long: its picture takes a worker as long as
# taking in half a page.
COME_AFTER_MS = 250


class ScanPanel(QWidget):
    """Follows the session's current teacher and target. Files dropped on it go by their names, to this teacher."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scanPanel")
        self.setAccessibleName("扫描")
        self._session = session
        self._editable = not session.collection.read_only
        self._certificate_id: int | None = None
        self._shown: Page | None = None
        self._seen: object = None
        self._target: Gap | None = None
        self._known: tuple[int | None, frozenset[int]] = (None, frozenset())
        self.thumbnails = thumbnails = Thumbnails(session, self)
        self.heading = TeacherHeading()
        self.banner = TargetBanner(thumbnails)
        self.tabs = CertificateTabs(editable=self._editable)
        self.scope_bar = ScopeBar()
        self.strip = SlotStrip(session.notice, thumbnails)
        self.view = PageView(session, thumbnails)
        self.form = TeacherForm(session)
        self.page_acts = PageActs(session, self)
        self.editing = PageEditing(session, self, self.view)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(self._editable)
        self.view.set_editable(self._editable)
        self.banner.set_editable(self._editable)
        self._take_teacher()

    # What the window asks for

    @property
    def certificate_ids(self) -> tuple[int, ...]:
        """The one whose slots are shown, if there is one."""
        return () if self._certificate_id is None else (self._certificate_id,)

    def choose_files(self) -> None:
        """从文件…: for the target, else for the current teacher, else by the files' names."""
        choose_pages(self, self._session, self._session.target)

    def take_scans(self, scans: Scans) -> None:
        """What was dropped or pasted with no place named: one picture goes where the banner says."""
        take_scans(self._session, scans, target_of(self._session, scans, self._session.target))

    def show_page(self, page: Page) -> None:
        """A page large, wherever it lies; the tray calls it too."""
        self._shown = page
        self.strip.mark_shown(page.id)
        self.view.show_page(page)

    def set_form_open(self, is_open: bool) -> None:
        self.heading.form_button.setChecked(is_open)
        self.form.setVisible(is_open)
        if not is_open:
            self.form.commit()

    def focus_finding(self, finding: Finding) -> None:
        """The page, slot or field of a finding of the current teacher."""
        if finding.certificate_id is not None:
            self._show_certificate(finding.certificate_id)
        of_page = (finding.field, finding.value)
        page = next((page for page in self.strip.pages() if (page.slot, page.sha256) == of_page), None)
        if page is not None:
            self.show_page(page)
            self.strip.focus_page(page.id)
        elif any(slot.id == finding.field for slot in self._session.notice.slots):
            self.strip.focus_slot(finding.field)
        elif finding.teacher_id is not None:
            self.set_form_open(True)
            self.form.focus_field(finding.field)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        zoom, act, page = zoom_of(event), page_act_of(event), self.view.page
        if zoom is not None:
            self.view.apply_zoom(zoom)
        elif act is not None and page is not None and self.view.isAncestorOf(self.focusWidget() or self):
            self.page_acts.do(act, page)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_pages_or_files(event.mimeData()) and not pages_carried(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_scans(scans_carried(event.mimeData()))
        event.acceptProposedAction()

    # Following the session

    def _teacher(self) -> Teacher | None:
        return self._session.teacher(self._session.current)

    def _certificate(self) -> Certificate | None:
        teacher = self._teacher()
        held = teacher.certificates if teacher else ()
        return next((one for one in held if one.id == self._certificate_id), None)

    def _follow(self) -> None:
        """The session as it is now: another teacher, pages that have come, another target, or other records."""
        teacher, target = self._teacher(), self._session.target
        target_is_new, self._target = target != self._target, target
        known = _pages_of(teacher)
        if known[0] != self._known[0]:
            self._take_teacher()
            return
        come = known[1] - self._known[1]
        self._known = known
        if come:
            self._shown = find_page(self._session, max(come))
        held = [one.id for one in teacher.certificates] if teacher else []
        if target_is_new and target is not None and target.certificate_id in held:
            self._certificate_id = target.certificate_id
        elif self._certificate_id not in held:
            self._certificate_id = held[0] if held else None
        self._show(after_ms=COME_AFTER_MS if come else 0)

    def _take_teacher(self) -> None:
        """Another teacher: the certificate with the next gap, and its first page, or the first page there is."""
        teacher, target = self._teacher(), self._session.target
        held = teacher.certificates if teacher else ()
        wanted = target.certificate_id if target else None
        chosen = next((one for one in held if one.id == wanted), held[0] if held else None)
        self._certificate_id = chosen.id if chosen else None
        self._known = _pages_of(teacher)
        self._shown = None
        self._show()

    def _show(self, *, after_ms: int = 0) -> None:
        """Everything from the records as they are now, where they are others than before."""
        session, teacher, certificate = self._session, self._teacher(), self._certificate()
        standing = session.standing(teacher.id) if teacher else None
        seen = (teacher, self._certificate_id, standing, session.aim, self._custody())
        if seen != self._seen:
            self._seen = seen
            self._show_records(teacher, certificate, standing)
        self._show_shown(certificate, after_ms)

    def _custody(self) -> Custody | None:
        """Where the shown booklet is; None where nobody wants to know."""
        register, shown = self._session.custody, self._certificate_id
        return register.of(shown) if register.used and shown is not None else None

    def _show_records(
        self, teacher: Teacher | None, certificate: Certificate | None, standing: Standing | None
    ) -> None:
        session = self._session
        self.heading.show_teacher(teacher, standing)
        for part in (self.tabs, self.scope_bar):
            part.setVisible(teacher is not None)
        expected = standing is not None and standing.scope.scope is Scope.IN
        self.banner.setVisible(expected or session.target is not None)
        self.strip.setVisible(certificate is not None)
        self.form.setVisible(teacher is not None and self.heading.form_button.isChecked())
        if teacher is not None and standing is not None:
            self.banner.show_target(teacher, session.aim, session.notice)
            self.tabs.show_certificates(teacher, self._certificate_id, session.notice)
            self.tabs.badge.show_custody(self._custody())
            self.scope_bar.show_scope(teacher, certificate, session.notice, editable=self._editable)
        if certificate is not None:
            submitted = submitted_certificates(teacher, session.notice) if teacher else ()
            counts = certificate in submitted
            self.strip.show_certificate(certificate, session.target, counts=counts, editable=self._editable)
        self.form.show_record(teacher, certificate)

    def _show_shown(self, certificate: Certificate | None, after_ms: int) -> None:
        """The page in the preview as it is now; when it is gone to elsewhere, the first of the certificate."""
        before = self._shown
        page = find_page(self._session, before.id) if before else None
        if before and page and not self._belongs(page, before):
            page = None
        if page is None and certificate is not None:
            page = next(iter(self.strip.pages()), None)
        self._shown = page
        self.strip.mark_shown(page.id if page else None)
        self.view.show_page(page, self._empty_words(), after_ms=after_ms)
        self.view.look_ahead([other for other in self.strip.pages() if other != page])

    def _belongs(self, page: Page, before: Page) -> bool:
        """Under the name that stands above: the current teacher's, or one of the tray that was shown from there."""
        if page.place is Place.TRAY:
            return before.place is Place.TRAY
        teacher = self._teacher()
        return teacher is not None and any(held.id == page.certificate_id for held in teacher.certificates)

    def _empty_words(self) -> str:
        if not self._session.teachers():
            return "名册还是空的。请先导入名册，或添加教师。"
        if self._teacher() is None:
            return "请在左边的名册中选一位教师。"
        if self._session.target is not None:
            return "还没有页面。把扫描件拖到这里，或按“从文件…”。"
        return "没有页面。"

    def _show_certificate(self, certificate_id: int) -> None:
        if certificate_id == self._certificate_id:
            return
        self._certificate_id = certificate_id
        self._show()
        first = next(iter(self.strip.pages()), None)
        self._shown = first
        self.strip.mark_shown(first.id if first else None)
        self.view.show_page(first, self._empty_words())

    # Acting

    def _on_strip_menu_asked(self, page: Page, where: QPoint) -> None:
        if self._editable:
            self.page_acts.menu(self, page).popup(where)

    def _on_strip_target_chosen(self, slot: str) -> None:
        if self._certificate_id is not None:
            self._session.set_target(self._certificate_id, slot)

    def _on_strip_absent_asked(self, slot: str) -> None:
        reason = ask_absence(self, self._session.notice.slot(slot).label)
        if reason and self._certificate_id is not None:
            self._session.act(acts.mark_absent, self._certificate_id, slot, reason)

    def _on_strip_presence_asked(self, slot: str) -> None:
        if self._certificate_id is not None:
            self._session.act(acts.clear_absent, self._certificate_id, slot)

    def _on_strip_pages_dropped(self, page_ids: tuple[int, ...], slot: str, position: int) -> None:
        if self._certificate_id is not None:
            put_pages(self._session, page_ids, Gap(self._certificate_id, slot), position)

    def _on_strip_files_dropped(self, scans: Scans, slot: str) -> None:
        if self._certificate_id is not None:
            gap = Gap(self._certificate_id, slot)
            take_scans(self._session, scans, target_of(self._session, scans, gap))

    def _on_banner_pages_dropped(self, page_ids: tuple[int, ...]) -> None:
        if self._session.target is not None:
            put_pages(self._session, page_ids, self._session.target)

    def _on_banner_next_asked(self) -> None:
        if not self._session.select_next_gap():
            self._session.message.emit("没有缺页的教师了。")

    def _on_view_stepped(self, step: int) -> None:
        pages = self.strip.pages()
        shown = self._shown.id if self._shown else None
        here = next((index for index, page in enumerate(pages) if page.id == shown), None)
        if pages:
            index = 0 if here is None else min(max(here + step, 0), len(pages) - 1)
            self.show_page(pages[index])

    def _on_view_rotated(self, degrees: int) -> None:
        if self.view.page is not None:
            self.page_acts.rotate(self.view.page, degrees)

    def _on_tabs_certificate_chosen(self, certificate_id: int) -> None:
        self._show_certificate(certificate_id)

    def _on_tabs_add_asked(self) -> None:
        teacher = self._teacher()
        if teacher is None:
            return
        certificate_id = self._session.act(acts.add_certificate, teacher.id)
        if certificate_id is not None:
            self._show_certificate(certificate_id)
            self.set_form_open(True)
            self.form.focus_field("kind")

    def _on_tabs_remove_asked(self, certificate_id: int) -> None:
        if self._session.did(acts.remove_certificate, certificate_id):
            self._session.undoable.emit(texts.CERTIFICATE_REMOVED)

    def _decide(self, choice: str, reason: str) -> None:
        if self._certificate_id is not None:
            self._session.act(acts.decide_certificate, self._certificate_id, choice, reason)

    def _on_scope_bar_exclude_asked(self) -> None:
        reason = ask_reason(self, "不纳入…", "这本证书为什么不纳入？", OUT_REASONS)
        if reason:
            self._decide(Scope.OUT.value, reason)

    def _on_scope_bar_readmit_asked(self) -> None:
        teacher = self._teacher()
        if teacher is not None:
            self._session.act(acts.set_scope, [teacher.id], "", "")

    # Inner workings

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("viewAndForm")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(style.GAP)
        split.addWidget(self.view)
        split.addWidget(self.form)
        split.setStretchFactor(0, 1)
        split.setSizes([380, 264])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.GAP, style.HALF, style.GAP, style.GAP)
        layout.setSpacing(6)
        for part in (self.heading, self.banner, self.tabs, self.scope_bar, self.strip):
            layout.addWidget(part)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        session = self._session
        for told in (session.current_changed, session.changed, session.target_changed, session.checked):
            told.connect(lambda *_told: session.refreshing.ask(self._follow))
        session.focus_requested.connect(self.focus_finding)
        self.heading.form_button.toggled.connect(self.set_form_open)
        self.banner.files_asked.connect(self.choose_files)
        self.banner.next_asked.connect(self._on_banner_next_asked)
        self.banner.pages_dropped.connect(self._on_banner_pages_dropped)
        self.banner.files_dropped.connect(self.take_scans)
        self.tabs.certificate_chosen.connect(self._on_tabs_certificate_chosen)
        self.tabs.add_asked.connect(self._on_tabs_add_asked)
        self.tabs.remove_asked.connect(self._on_tabs_remove_asked)
        self.scope_bar.include_asked.connect(lambda: self._decide(Scope.IN.value, ""))
        self.scope_bar.exclude_asked.connect(self._on_scope_bar_exclude_asked)
        self.scope_bar.reopen_asked.connect(lambda: self._decide("", ""))
        self.scope_bar.readmit_asked.connect(self._on_scope_bar_readmit_asked)
        self.strip.page_focused.connect(self.show_page)
        self.strip.page_commanded.connect(self.page_acts.do)
        self.strip.menu_asked.connect(self._on_strip_menu_asked)
        self.strip.target_chosen.connect(self._on_strip_target_chosen)
        self.strip.absent_asked.connect(self._on_strip_absent_asked)
        self.strip.presence_asked.connect(self._on_strip_presence_asked)
        self.strip.pages_dropped.connect(self._on_strip_pages_dropped)
        self.strip.files_dropped.connect(self._on_strip_files_dropped)
        self.page_acts.edit_asked.connect(self.editing.do)
        self.view.edit_asked.connect(self.editing.editor.open)
        self.view.rotated.connect(self._on_view_rotated)
        self.view.stepped.connect(self._on_view_stepped)


def _pages_of(teacher: Teacher | None) -> tuple[int | None, frozenset[int]]:
    """Who it is, and which pages there are: new ones are shown as they come."""
    return (
        (None, frozenset())
        if teacher is None
        else (teacher.id, frozenset(page.id for page in teacher.pages()))
    )
