"""Where the booklet of the certificate in the scan panel is."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton

from certclerk.core.custody import Custody, Stand
from certclerk.gui import style

# Ink and ground.
LOOKS = {
    Stand.OWED: (style.AMBER, style.AMBER_TINT),
    Stand.HERE: (style.ACCENT_DARK, style.ACCENT_TINT),
    Stand.RETURNED: (style.GREY, style.GREY_TINT),
}


class CustodyBadge(QToolButton):
    """Pressed to change the days."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("custodyBadge")

    def show_custody(self, custody: Custody | None) -> None:
        """None hides it."""
        self.setVisible(custody is not None)
        if custody is None:
            return
        ink, ground = LOOKS[custody.stand]
        self.setText(str(custody))
        self.setAccessibleName(f"收证登记：{custody}")
        self.setToolTip("证书原件：收证按 F7，还证按 Shift+F7，点一下改日期")
        style.put_sheet(
            self,
            f"QToolButton {{ color: {ink}; background: {ground}; border-color: transparent; padding: 1px 8px; }}"
            f"QToolButton:hover {{ border-color: {ink}; }}"
            f"QToolButton:focus {{ border: 2px solid {style.ACCENT}; padding: 0 7px; }}",
        )
