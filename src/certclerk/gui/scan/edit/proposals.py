"""What would do pages good, worked out in a worker when somebody looks at them; and the word about it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.core.records import Original, Page
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.gui.icons import icon
from certclerk.gui.scan.edit.wording import described
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs.pictures import proposal

# While pages stream in, nobody looks at what would do each of them good.
ASK_AFTER_MS = 300


class Proposals(QObject):
    """``arrived`` (an :data:`Original`) when what :meth:`of` was asked for is known. One is made at a time, the one
    asked for last; what was asked for before it and is not begun is forgotten. A proposal is for the untouched
    picture, whatever became of it since.
    """

    arrived = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[Original, Recipe] = {}
        self._job: Job | None = None

    def of(self, page: Page) -> Recipe | None:
        """None while it is not known; then ``arrived`` comes."""
        known = self.known(page)
        if known is None:
            self._ask(page)
        return known

    def known(self, page: Page) -> Recipe | None:
        """The same without working it out."""
        return self._known.get(page.original)

    def dismiss(self, page: Page) -> None:
        """The clerk does not want it, until the collection is opened again."""
        self._keep(page, AS_IT_IS)

    def _ask(self, page: Page) -> None:
        if self._job is not None:
            self._job.cancel()
        collection = self._session.collection
        self._job = self._session.runner.run(
            lambda _job: proposal(collection, page),
            lambda recipe: self._keep(page, recipe),
            # A page that cannot be read says so where it is shown.
            lambda _error: self._keep(page, AS_IT_IS),
            owner=self,
        )

    def _keep(self, page: Page, recipe: Recipe) -> None:
        self._known[page.original] = recipe
        self.arrived.emit(page.original)


class ProposalBar(QFrame):
    """Says what would do the page in the preview good. ``adopted`` (Page, Recipe) and ``all_asked`` are its buttons."""

    adopted = Signal(object, object)
    all_asked = Signal()

    def __init__(self, proposals: Proposals, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("proposalBar")
        self.setAccessibleName("建议")
        self._proposals = proposals
        self._page: Page | None = None
        self._asked: Page | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._ask)
        self._sign = QLabel()
        self._sign.setPixmap(icon("crop", style.ACCENT_DARK).pixmap(18, 18))
        self._words = QLabel()
        self._words.setObjectName("proposalText")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        adopt = button("采用", "adoptButton", spoken="采用建议", role="primary")
        adopt.setToolTip("采用建议（A）")
        every = button("全部采用…", "adoptAllButton", role="quiet")
        every.setToolTip("看一遍所有有建议的页，打勾的一起采用")
        dismiss = button("不用", "dismissButton", spoken="不采用建议", role="quiet")
        adopt.clicked.connect(self.adopt)
        every.clicked.connect(self.all_asked)
        dismiss.clicked.connect(self._on_dismiss_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.GAP, 2, style.HALF, 2)
        row.setSpacing(style.GAP)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        for one in (adopt, every, dismiss):
            row.addWidget(one)
        self.setStyleSheet(
            f"#proposalBar {{ background: {style.ACCENT_TINT}; border-radius: 6px; }}"
            f" #proposalText {{ color: {style.ACCENT_DARK}; }}"
        )
        proposals.arrived.connect(self._on_proposal_arrived)
        self.hide()

    def show_for(self, page: Page | None) -> None:
        """Hidden while there is nothing to propose: for edited pages, and until it is known."""
        self._page = page
        found = self._proposals.known(page) if page is not None and page.recipe == AS_IT_IS else None
        self.setVisible(found not in (None, AS_IT_IS))
        if page is not None and found:
            words = f"建议：{described(found, page.rotation)}"
            self._words.setText(words)
            self._words.setToolTip(words)

    def ask_for(self, page: Page) -> None:
        """Works out what to propose for a page whose picture has come, if the clerk stays with it."""
        self._asked = page
        self._pause.start(ASK_AFTER_MS)

    def _ask(self) -> None:
        page = self._asked
        if page is None or page != self._page or page.recipe != AS_IT_IS:
            return
        if self._proposals.of(page) is not None:
            self.show_for(page)

    def adopt(self) -> None:
        recipe = self._proposals.known(self._page) if self._page is not None else None
        if self._page is not None and recipe not in (None, AS_IT_IS) and self._page.recipe == AS_IT_IS:
            self.adopted.emit(self._page, recipe)

    def _on_proposal_arrived(self, original: Original) -> None:
        if self._page is not None and self._page.original == original:
            self.show_for(self._page)

    def _on_dismiss_clicked(self) -> None:
        if self._page is not None:
            self._proposals.dismiss(self._page)
