"""Starting the window: font, translation, error boundary, main window; then Qt's event loop."""

from __future__ import annotations

import gc
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from certclerk.gui import style
from certclerk.gui.error_boundary import ErrorBoundary
from certclerk.gui.garbage import keep_collection_here
from certclerk.gui.main_window import MainWindow
from certclerk.system.resources import resource, user_folder

# Every call into Qt lets go of the interpreter; with Python's 5 ms a window that is being filled waits that long for a
# busy worker dozens of times over.
SWITCH_S = 0.0005
FONT = ("fonts", "certclerk-sans-sc.otf")


def run(argv_path: Path | None) -> int:
    """Opens the window, with the collection at ``argv_path`` if one is given. Returns the exit code."""
    application = make_application()
    folder = _own_folder()
    boundary = ErrorBoundary(folder, _show_error)
    boundary.install()
    window = MainWindow(folder)
    boundary.sentence.connect(window.tell_failure)
    if argv_path is not None:
        window.open_path(argv_path)
    window.show()
    return application.exec()


def make_application() -> QApplication:
    """The one application, looking and speaking as every window of the program does."""
    # As an argument, because setStyle() returns the style, and wrapping that takes a tenth of the start-up.
    application = QApplication([sys.argv[0], "-style", "Fusion"])
    prepare(application)
    # What the program itself is made of need not be looked through each time: that halves the pause with 2,000 teachers.
    gc.freeze()
    return application


def prepare(application: QApplication) -> None:
    """Looks, name and language, and the one thread on which widgets may be destroyed."""
    keep_collection_here(application)
    sys.setswitchinterval(SWITCH_S)
    application.setApplicationName("certclerk")
    application.setDesktopFileName("certclerk")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(application)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(resource(*FONT))))
    style.apply(application, families[0] if families else "")


def _own_folder() -> Path:
    """The user's data folder; where there can be none, one that is forgotten: the work itself lies elsewhere."""
    try:
        return user_folder()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="certclerk-"))


def _show_error(details: str) -> None:
    from certclerk.gui.error_dialog import show_error

    show_error(details)
