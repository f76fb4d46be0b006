"""The slots of a teacher as menu entries, for pages that are to go there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from certclerk.core.progress import Gap
from certclerk.core.records import Teacher
from certclerk.core.wording import named
from certclerk.gui.roster.teacher_form import certificate_title
from certclerk.gui.session import Session


def add_places(menu: QMenu, session: Session, teacher: Teacher, put: Callable[[Gap], None]) -> None:
    """One entry a slot; with several certificates a submenu each. The target slot is the one under the cursor."""
    several = len(teacher.certificates) > 1
    for certificate in teacher.certificates:
        inner = menu.addMenu(f"归到 {certificate_title(certificate)}") if several else menu
        for slot in session.notice.slots:
            gap = Gap(certificate.id, slot.id)
            count = len(certificate.pages_in(slot.id))
            note = f"（已有 {count} 页）" if count else ""
            words = f"{slot.label}{note}" if several else f"归到 {named(teacher.name)} · {slot.label}{note}"
            action = inner.addAction(words, lambda gap=gap: put(gap))
            action.setObjectName(f"placeAction_{certificate.id}_{slot.id}")
            if gap == session.target and inner is menu:
                menu.setActiveAction(action)
