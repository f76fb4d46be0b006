"""At the foot of the window: which folder is watched, what it gave, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from certclerk.gui import style, window_dialogs
from certclerk.gui.capture.watch_choosing import choose
from certclerk.gui.capture.watching import FolderWatch, WatchState
from certclerk.gui.icons import icon

# px for the folder's name.
NAME_WIDTH = 84
_ICON = QSize(16, 16)


class WatchIndicator(QToolButton):
    """Hidden while nothing is watched. Pressed, it offers what can be done about it."""

    def __init__(self, watching: FolderWatch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watchIndicator")
        self.setProperty("role", "quiet")
        self.setIconSize(_ICON)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._watching = watching
        self._wordings: tuple[str, ...] = ("",)
        self.clicked.connect(self._on_clicked)
        watching.changed.connect(self._show)
        self._show()

    def sizeHint(self) -> QSize:
        return self._size_with(self._wordings[0])

    def minimumSizeHint(self) -> QSize:
        return self._size_with(self._wordings[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside a running job on a small screen there is room for a word only."""
        super().resizeEvent(event)
        self._fit()

    def menu_now(self) -> QMenu:
        watching = self._watching
        menu = QMenu(self)
        menu.setObjectName("watchMenu")
        if watching.refused:
            menu.addAction(f"没有收入的文件（{len(watching.refused)}）…", self._show_refused)
        locked = len(watching.locked())
        if locked:
            menu.addAction(f"输入密码，收入加密的文件（{locked}）…", watching.take_locked)
        if watching.refused:
            menu.addSeparator()
        menu.addAction("换一个文件夹…", lambda: choose(self.window(), watching))
        menu.addAction("停止监视", watching.stop)
        return menu

    def _show(self) -> None:
        watching = self._watching
        folder = watching.folder
        self.setVisible(watching.is_on and folder is not None)
        if folder is None:
            return
        troubled = watching.state is WatchState.TROUBLED
        doubtful = troubled or bool(watching.refused)
        name = folder.name or str(folder)
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, NAME_WIDTH)
        figures = _figures(watching)
        self._wordings = (f"监视：{short} {figures}", f"监视 {figures}", "监视")
        self.updateGeometry()
        self._fit()
        self.setIcon(icon("warning", style.AMBER) if doubtful else icon("folder", style.GREEN))
        self.setStyleSheet(f"color: {style.AMBER}; font-weight: 600;" if troubled else "")
        self.setAccessibleName(f"监视文件夹“{name}”：{figures}")
        self.setToolTip("\n".join(line for line in (str(folder), figures, watching.trouble) if line))

    def _size_with(self, words: str) -> QSize:
        metrics, size = self.fontMetrics(), super().sizeHint()
        spare = metrics.horizontalAdvance(words) - metrics.horizontalAdvance(self.text())
        return QSize(size.width() + spare, size.height())

    def _fit(self) -> None:
        fitting = (words for words in self._wordings if self._size_with(words).width() <= self.width())
        self.setText(next(fitting, self._wordings[-1]))

    def _on_clicked(self) -> None:
        menu = self.menu_now()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _show_refused(self) -> None:
        reasons = [one.reason for one in self._watching.refused]
        window_dialogs.show_refused(self.window(), f"{len(reasons)} 个文件没有收入，其余的都收了。", reasons)


def _figures(watching: FolderWatch) -> str:
    if watching.state is WatchState.TROUBLED:
        return "不能读取"
    if watching.early_to_come and watching.state is WatchState.ON:
        return f"还要收 {watching.early_to_come}"
    refused = f" · {len(watching.refused)} 个没收" if watching.refused else ""
    return f"已收 {watching.taken}{refused}"
