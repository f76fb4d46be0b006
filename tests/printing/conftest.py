from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    """Printing needs fonts, not widgets: whatever application is there already will do."""
    return QGuiApplication
