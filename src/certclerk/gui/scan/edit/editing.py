"""Everything about a page's looks that the panel offers: the editor, proposals, pages like one, spreads in two."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from certclerk.core.progress import Gap
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.core.records import Page
from certclerk.gui.scan.edit.adopting import AdoptDialog
from certclerk.gui.scan.edit.editor import PageEditor
from certclerk.gui.scan.edit.like_dialog import ask_like
from certclerk.gui.scan.edit.proposals import ProposalBar, Proposals
from certclerk.gui.scan.page_commands import PageAct
from certclerk.gui.scan.page_placing import find_page
from certclerk.gui.scan.page_view import PageView
from certclerk.gui.scan.place_dialog import ask_place
from certclerk.gui.session import Session
from certclerk.gui.showing import hand_back
from certclerk.jobs import edit_pages


class PageEditing(QObject):
    """Works over ``panel``, which holds the preview ``view``. For collections that may be changed."""

    def __init__(self, session: Session, panel: QWidget, view: PageView) -> None:
        super().__init__(panel)
        self._session = session
        self._panel = panel
        self._view = view
        self.proposals = Proposals(session, self)
        self.bar = ProposalBar(self.proposals)
        self.editor = PageEditor(session, self.proposals, panel)
        view.add_below(self.bar)
        if not session.collection.read_only:
            view.shown.connect(self.bar.show_for)
            view.loaded.connect(self.bar.ask_for)
        self.bar.adopted.connect(self._on_bar_adopted)
        self.bar.all_asked.connect(self.adopt_all)
        self.editor.closed.connect(view.setFocus)
        self.editor.more_asked.connect(self._on_editor_more_asked)
        self._acts: dict[PageAct, Callable[[Page], object]] = {
            PageAct.EDIT: self.editor.open,
            PageAct.ADOPT: self._adopt,
            PageAct.SPLIT: self.split,
            PageAct.JOIN: self.join,
        }

    def do(self, act: PageAct, page: Page) -> None:
        self._acts[act](page)

    def split(self, page: Page) -> None:
        gap: Gap | None = None
        if not edit_pages.follows_in_slot(self._session.collection, page):
            to = ask_place(self._panel, self._session, [page], suggested=self._session.current)
            if to is None:
                return
            gap = Gap(to.certificate_id, to.slot or page.slot or "")
        if self._session.did(edit_pages.split_page, page, gap):
            self._session.undoable.emit("已拆成左右两页。")

    def join(self, page: Page) -> None:
        others = edit_pages.twins(page, self._session.teachers())
        if not others:
            self._session.message.emit("这一页没有拆开过。")
        elif self._session.did(edit_pages.join_pages, page, others):
            self._session.undoable.emit("已合回一页，另一半在回收站。")

    def adopt_all(self) -> None:
        dialog = AdoptDialog(self._session, self._panel)
        dialog.exec()
        hand_back(dialog)
        dialog.deleteLater()

    def _adopt(self, page: Page) -> None:
        self.bar.show_for(page)
        self.bar.adopt()

    def _on_bar_adopted(self, page: Page, recipe: Recipe) -> None:
        if self._session.did(edit_pages.set_recipe, page, recipe):
            self._session.undoable.emit("已采用建议。")

    def _on_editor_more_asked(self, page: Page, recipe: Recipe, near: QWidget) -> None:
        menu = QMenu(self._panel)
        menu.setObjectName("editMoreMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        like = menu.addAction("同类页都这样…", lambda: self._spread(page, recipe))
        like.setObjectName("editLikeAction")
        split = menu.addAction("拆成两页", lambda: self._split_edited(page))
        split.setObjectName("editSplitAction")
        menu.popup(near.mapToGlobal(near.rect().bottomLeft()))

    def _spread(self, page: Page, recipe: Recipe) -> None:
        pages = ask_like(self._panel, self._session, page)
        if not pages:
            return
        label = "同类页还原为原图" if recipe == AS_IT_IS else "同类页编辑"
        count = self._session.act(edit_pages.set_recipes, dict.fromkeys((page, *pages), recipe), label)
        self.editor.drop()
        if count:
            self._session.undoable.emit(f"{count} 页都这样了。")

    def _split_edited(self, page: Page) -> None:
        self.editor.finish()
        self.split(find_page(self._session, page.id) or page)
