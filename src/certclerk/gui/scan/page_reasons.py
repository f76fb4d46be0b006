"""Asking why a certificate has no such page: from a slot's card and from a finding alike."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from certclerk.gui import texts
from certclerk.gui.reason_dialog import ask_reason

ABSENCE_REASONS = ("证书没有这一页", "这一页空白，没有内容", "原件这一页缺失")


def ask_absence(parent: QWidget, label: str) -> str | None:
    """The reason why there is no page called ``label``; None when the clerk thought better of it."""
    return ask_reason(
        parent, texts.MARK_ABSENT, f"证书没有{label}？请写明原因，会随采集保存。", ABSENCE_REASONS
    )
