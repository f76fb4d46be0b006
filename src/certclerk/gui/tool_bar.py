"""The tool bar over an open collection."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QToolBar, QWidget

from certclerk.gui import actions, style


def make_tool_bar(made: Mapping[str, QAction]) -> QToolBar:
    """Of the window's actions, in the order of ``actions.TOOL_BAR``; its buttons take the focus by Tab."""
    bar = QToolBar("工具栏")
    bar.setObjectName("toolBar")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.setIconSize(QSize(style.ICON, style.ICON))
    for name in actions.TOOL_BAR:
        if name == actions.LINE:
            bar.addSeparator()
        elif name == actions.STRETCH:
            space = QWidget()
            space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            bar.addWidget(space)
        else:
            bar.addAction(made[name])
            button = bar.widgetForAction(made[name])
            button.setAccessibleName(made[name].iconText())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("role", "primary" if name == "actionPackage" else "")
    return bar
