"""The window's menus from their list in actions, with those whose entries are only known when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from certclerk.gui import actions, recent, texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from certclerk.gui.main_window import MainWindow


def build(window: MainWindow) -> None:
    bar = window.menuBar()
    for title, names in actions.MENUS:
        menu = bar.addMenu(title)
        for name in names:
            if name == actions.LINE:
                menu.addSeparator()
            elif name in _INNER:
                _add_inner(menu, name, window)
            else:
                menu.addAction(window.action(name))


def _add_inner(menu: QMenu, name: str, window: MainWindow) -> None:
    title, fill = _INNER[name]
    inner = menu.addMenu(title)
    inner.setObjectName(name)

    def refill() -> None:
        inner.clear()
        fill(inner, window)

    inner.aboutToShow.connect(refill)


def _fill_recent(menu: QMenu, window: MainWindow) -> None:
    paths = recent.recent(window.folder)
    for path in paths:
        entry = menu.addAction(f"{path.stem}　{path.parent}")
        entry.setEnabled(path.is_file())
        entry.triggered.connect(lambda _checked=False, path=path: window.open_path(path))
    menu.addSeparator()
    clear = menu.addAction(texts.CLEAR_RECENT)
    clear.setObjectName("actionClearRecent")
    clear.setEnabled(bool(paths))
    clear.triggered.connect(window.clear_recent)


def _fill_text_pages(menu: QMenu, window: MainWindow) -> None:
    from certclerk.gui.capture.habits import MOST_TEXT_PAGES

    if window.session is None:
        menu.addAction("先打开一份采集").setEnabled(False)
        return
    habits = window.shown.capture.habits
    for pages in range(1, MOST_TEXT_PAGES + 1):
        entry = menu.addAction(f"每本 {pages} 页")
        entry.setObjectName(f"actionTextPages{pages}")
        entry.setCheckable(True)
        entry.setChecked(pages == habits.now.text_pages)
        entry.triggered.connect(lambda _checked=False, pages=pages: habits.change(text_pages=pages))


_INNER: dict[str, tuple[str, Callable[[QMenu, MainWindow], None]]] = {
    actions.RECENT: ("最近打开", _fill_recent),
    actions.TEXT_PAGES: ("连续扫描内页", _fill_text_pages),
}
