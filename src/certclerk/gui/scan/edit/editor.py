"""The editor of a page's looks: it lies over the panel while a page is edited, and hands in one recipe at the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from certclerk.core.errors import UserError
from certclerk.core.recipe import AS_IT_IS, Recipe, simplified
from certclerk.core.records import Original, Page
from certclerk.gui import style, texts
from certclerk.gui.scan.edit.canvas import EditCanvas
from certclerk.gui.scan.edit.draft import Draft, Mode
from certclerk.gui.scan.edit.keys import edit_act_of, is_edit_key, straightening_of
from certclerk.gui.scan.edit.picture import EditPicture, load_copy
from certclerk.gui.scan.edit.proposals import Proposals
from certclerk.gui.scan.edit.tools import EditHead, EditTools
from certclerk.gui.scan.page_placing import find_page
from certclerk.gui.session import Session
from certclerk.jobs import acts
from certclerk.jobs.edit_pages import set_recipe


class PageEditor(QWidget):
    """Lies over ``panel``. What was done is kept when the clerk goes elsewhere, as at 完成; only 放弃 drops it.

    ``more_asked`` (Page, Recipe as drafted, the button) is for what concerns other pages too. ``closed`` when the
    panel is there again.
    """

    more_asked = Signal(object, object, object)
    closed = Signal()

    def __init__(self, session: Session, proposals: Proposals, panel: QWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setObjectName("pageEditor")
        self.setAccessibleName("编辑页面")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("shade", "panel")
        self._session = session
        self._proposals = proposals
        self._page: Page | None = None
        self._draft: Draft | None = None
        self._head = EditHead()
        self.canvas = EditCanvas()
        self.tools = EditTools()
        self._lay_out()
        self._acts: dict[str, Callable[[], object]] = {
            "finish": self.finish,
            "drop": self.drop,
            "mode": self._change_mode,
            "back": lambda: self._draw(lambda draft: draft.step(back=True)),
            "forward": lambda: self._draw(lambda draft: draft.step(back=False)),
            "rotateLeft": lambda: self._rotate(-90),
            "rotateRight": lambda: self._rotate(90),
            "adopt": self._adopt,
            "revert": lambda: self._edit(Draft.revert),
            "more": self._ask_more,
        }
        self._connect()
        self.hide()

    @property
    def page(self) -> Page | None:
        """What is being edited; None while the editor is closed."""
        return self._page

    def open(self, page: Page) -> None:
        self.hand_in()
        self._page, self._draft = page, None
        slot = self._session.notice.slot(page.slot).label if page.slot else texts.TRAY
        self._head.title.set_text(f"编辑{slot} · {page.source}")
        self.canvas.show_nothing(texts.LOADING)
        self.tools.setEnabled(False)
        self.tools.show_recipe(page.recipe)
        self.setGeometry(self._panel.rect())
        self.show()
        self.raise_()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        load_copy(self._session, page, partial(self._take, page), partial(self._refuse, page), self)

    def hand_in(self) -> None:
        """Keeps the draft as it is now; the editor stays open."""
        page, draft = self._page, self._draft
        if page is not None and draft is not None and draft.is_changed:
            draft.first = simplified(draft.recipe)
            self._session.act(set_recipe, page, draft.first)

    def finish(self) -> None:
        self.hand_in()
        self.drop()

    def drop(self) -> None:
        """Closes, and forgets what was not handed in."""
        if self._page is None:
            return
        self._page = self._draft = None
        self.canvas.show_nothing("")
        self.hide()
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Keys that the window has other uses for are the editor's while it has the focus."""
        if is_edit_key(event):
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._panel:
            self.setGeometry(self._panel.rect())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act, degrees = edit_act_of(event), straightening_of(event)
        if act is not None:
            self._acts[act]()
        elif degrees is not None:
            self._straighten_by(degrees)
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.tools.compare.setChecked(True)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.tools.compare.setChecked(False)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._settle()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.GAP, style.GAP, style.GAP, style.GAP)
        layout.setSpacing(6)
        layout.addWidget(self._head)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.tools)

    def _connect(self) -> None:
        self._panel.installEventFilter(self)
        session, tools = self._session, self.tools
        session.changed.connect(lambda _teachers: self._on_session_changed())
        session.current_changed.connect(lambda _teacher: self.finish())
        session.handing_in.connect(self.hand_in)
        self._proposals.arrived.connect(self._on_proposal_arrived)
        self._head.finish.clicked.connect(self.finish)
        self._head.drop.clicked.connect(self.drop)
        self.canvas.changed.connect(self._refresh)
        tools.acted.connect(lambda name: self._acts[name]())
        tools.mode_chosen.connect(self._set_mode)
        tools.compared.connect(self.canvas.set_untouched)
        tools.aligning.connect(self.canvas.set_aligning)
        tools.settled.connect(self._settle)
        tools.straightened.connect(lambda degrees: self._draw(lambda draft: draft.straighten(degrees)))
        tools.toned.connect(
            lambda light, hard: self._draw(lambda draft: draft.tone(brightness=light, contrast=hard))
        )

    def _take(self, page: Page, picture: EditPicture) -> None:
        if self._page is None or self._page.id != page.id or self._draft is not None:
            return
        self._draft = Draft(self._page.recipe, picture.size)
        self.tools.setEnabled(True)
        self._set_mode(Mode.CROP)
        self.canvas.show_draft(picture, self._draft, self._page.rotation)
        self.canvas.set_proposal(self._proposals.of(page) or AS_IT_IS)
        self._refresh()

    def _refuse(self, page: Page, error: UserError) -> None:
        if self._page is not None and self._page.id == page.id:
            self.canvas.show_nothing(str(error))

    def _draw(self, change: Callable[[Draft], object]) -> None:
        """One move of many."""
        if self._draft is not None:
            change(self._draft)
            self._refresh()

    def _edit(self, change: Callable[[Draft], object]) -> None:
        """One step by itself."""
        self._draw(change)
        self._settle()

    def _settle(self) -> None:
        self.canvas.set_aligning(False)
        if self._draft is not None:
            self._draft.settle()

    def _straighten_by(self, degrees: float) -> None:
        self.canvas.set_aligning(True)
        self._draw(lambda draft: draft.straighten(draft.recipe.straighten + degrees))

    def _adopt(self) -> None:
        proposal = self._proposal()
        if proposal != AS_IT_IS:
            self._set_mode(Mode.CROP)
            self._edit(lambda draft: draft.put(proposal))

    def _proposal(self) -> Recipe:
        return (self._proposals.of(self._page) if self._page else None) or AS_IT_IS

    def _change_mode(self) -> None:
        self._set_mode(Mode.CORNERS if self.canvas.mode is Mode.CROP else Mode.CROP)

    def _set_mode(self, mode: Mode) -> None:
        self._settle()
        self.canvas.set_mode(mode)
        self.tools.show_mode(mode)

    def _rotate(self, degrees: int) -> None:
        if self._page is not None:
            self._session.act(acts.rotate_page, self._page.id, degrees)

    def _ask_more(self) -> None:
        if self._page is not None and self._draft is not None:
            self._settle()
            self.more_asked.emit(self._page, simplified(self._draft.recipe), self.tools.buttons["more"])

    def _refresh(self) -> None:
        if self._draft is not None:
            self.tools.show_recipe(self._draft.recipe)
            proposal = self._proposal()
            self.tools.buttons["adopt"].setEnabled(proposal not in (AS_IT_IS, self._draft.recipe))
            self.tools.buttons["revert"].setEnabled(self._draft.recipe != AS_IT_IS)
            self.canvas.update()

    def _on_proposal_arrived(self, original: Original) -> None:
        if self._page is not None and self._page.original == original:
            self.canvas.set_proposal(self._proposal())
            self._refresh()

    def _on_session_changed(self) -> None:
        """The page may have been turned, edited by an undo, or taken away."""
        if self._page is None:
            return
        now = find_page(self._session, self._page.id)
        if now is None:
            self.drop()
            return
        before, self._page = self._page, now
        self.canvas.set_rotation(now.rotation)
        if self._draft is not None and now.recipe not in (before.recipe, self._draft.first):
            self.open(now)
