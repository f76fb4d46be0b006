"""扫描仪: which scanner the pages come from, and how it scans. Everything that asks a driver is a worker's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.errors import UserError
from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel, button
from certclerk.gui.capture.scanner_settings import ScannerSettings
from certclerk.gui.filing_form import Word
from certclerk.gui.showing import hand_back
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.jobs import scan_pages, scanner_memory
from certclerk.jobs.scan_pages import PRESETS, Area, Capabilities, Device, Listing, Settings, Via
from certclerk.jobs.scanner_memory import ScannerChoice

T = TypeVar("T")

SEARCHING = "正在查找扫描仪…"
ASKING = "正在询问这台扫描仪能扫什么…"
NOBODY = (
    "没有找到扫描仪。请检查它是否开机、连线是否插好，再按“重新查找”；网络上的扫描仪可以直接输入它的地址。"
    "一体机也可以把扫描件存到文件夹，用“监视文件夹”收入。"
)
UNPROVEN = "连接是加密的，但证书由扫描仪自己签发，不能核实对方身份。请确认地址是自己学校的扫描仪。"
_ROW_HEIGHT = 44
_ROWS = 3


class ScannerDialog(QDialog):
    """``choice`` is what stands there when it is accepted; by then it is remembered in ``folder``."""

    def __init__(self, runner: TaskRunner, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scannerDialog")
        self.setWindowTitle("扫描仪")
        self.setMinimumWidth(560)
        self._runner, self._folder = runner, folder
        self._known = {held.device: held.settings for held in scanner_memory.remembered(folder)}
        self._asked: Device | None = None
        self._jobs: list[Job] = []
        self._list = _scanner_list()
        self._word = Word("scannerWord")
        self._refresh = button("重新查找", "refreshButton")
        self._address = QLineEdit()
        self._address.setObjectName("addressField")
        self._address.setAccessibleName("网络扫描仪的地址")
        self._address.setPlaceholderText("网络扫描仪的地址，如 192.168.1.20")
        self._add = button("按地址添加", "addressButton")
        self._settings = ScannerSettings()
        buttons, self._accept = accept_or_cancel(self, "用这台扫描仪", "acceptButton", self.accept)

        top = QHBoxLayout()
        heading = QLabel("扫描仪")
        heading.setProperty("role", "heading")
        heading.setBuddy(self._list)
        top.addWidget(heading, 1)
        top.addWidget(self._refresh)
        address = QHBoxLayout()
        address.setSpacing(style.GAP)
        address.addWidget(self._address, 1)
        address.addWidget(self._add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addLayout(top)
        layout.addWidget(self._list)
        layout.addWidget(self._word)
        layout.addLayout(address)
        layout.addSpacing(style.GAP)
        layout.addWidget(self._settings)
        layout.addStretch(1)
        layout.addSpacing(style.GAP)
        layout.addWidget(buttons)

        self._refresh.clicked.connect(self._search)
        self._add.clicked.connect(self._on_add_clicked)
        self._address.returnPressed.connect(self._add.click)
        self._address.textChanged.connect(lambda text: self._add.setEnabled(bool(text.strip())))
        self._list.currentItemChanged.connect(lambda _now, _before: self._ask_current())
        self._list.itemDoubleClicked.connect(lambda _item: self._accept.click())
        self._add.setEnabled(False)
        self._show_able(False)
        self._fill(tuple(self._known))
        self._search()
        self._list.setFocus()

    @property
    def choice(self) -> ScannerChoice | None:
        device = self._current()
        if device is None or not self._accept.isEnabled():
            return None
        return ScannerChoice(device, self._settings.settings())

    def accept(self) -> None:
        if self._address.hasFocus() and self._address.text().strip():
            # Enter in the address means the address, which has heard it by itself.
            return
        if (choice := self.choice) is not None:
            scanner_memory.remember(self._folder, choice)
            super().accept()

    def done(self, result: int) -> None:
        for job in self._jobs:
            job.cancel()
        super().done(result)

    # The list

    def _search(self) -> None:
        self._refresh.setEnabled(False)
        if self._current() is None:
            self._word.hint(SEARCHING)
        self._start(
            lambda job: scan_pages.devices(self._folder, job.is_cancelled),
            self._on_listed,
            self._on_search_ended,
        )

    def _on_listed(self, listing: Listing) -> None:
        self._fill(tuple(dict.fromkeys((*self._known, *listing.devices))))
        if listing.faults:
            self._word.complain("\n".join(listing.faults))
        elif self._list.count() == 0:
            self._word.hint(NOBODY)

    def _on_search_ended(self) -> None:
        self._refresh.setEnabled(True)

    def _fill(self, devices: tuple[Device, ...]) -> None:
        """Those that are there stay as they are: one may be chosen, or be being asked."""
        held = [self._list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self._list.count())]
        for device in devices:
            if device not in held:
                item = QListWidgetItem(f"{device.title}\n{device.via.label}　{device.name}")
                item.setData(Qt.ItemDataRole.UserRole, device)
                item.setSizeHint(QSize(0, _ROW_HEIGHT))
                self._list.addItem(item)
        if self._list.currentRow() < 0 and self._list.count():
            self._list.setCurrentRow(0)

    def _current(self) -> Device | None:
        item = self._list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    # An address

    def _on_add_clicked(self) -> None:
        text = self._address.text().strip()
        self._add.setEnabled(False)
        self._word.hint(f"正在连接 {text}…")
        self._start(
            lambda job: scan_pages.at_address(text, job.is_cancelled),
            self._on_found,
            lambda: self._add.setEnabled(bool(self._address.text().strip())),
        )

    def _on_found(self, device: Device) -> None:
        self._address.clear()
        self._fill((device,))
        for row in range(self._list.count()):
            if self._list.item(row).data(Qt.ItemDataRole.UserRole) == device:
                self._list.setCurrentRow(row)
        self._list.setFocus()

    # What the chosen one can do

    def _ask_current(self) -> None:
        device = self._current()
        self._show_able(False)
        if device is None:
            return
        self._asked = device
        self._word.hint(ASKING)
        self._start(
            lambda job: scan_pages.capabilities(device, job.is_cancelled), partial(self._on_answered, device)
        )

    def _on_answered(self, device: Device, can: Capabilities) -> None:
        if device != self._asked:
            return
        self._settings.show_settings(can, self._known.get(device) or _first_settings(can))
        self._show_able(True)
        unproven = device.via is Via.ESCL and device.name.startswith("https:")
        self._word.hint(UNPROVEN if unproven else "")

    def _show_able(self, able: bool) -> None:
        self._settings.setEnabled(able)
        self._accept.setEnabled(able)

    def _start(
        self,
        work: Callable[[Job], T],
        done: Callable[[T], object],
        ended: Callable[[], None] | None = None,
    ) -> None:
        self._jobs.append(self._runner.run(work, done, self._on_failed, ended=ended, owner=self))

    def _on_failed(self, error: UserError) -> None:
        self._word.complain(str(error))


def choose_scanner(parent: QWidget | None, runner: TaskRunner, folder: Path) -> ScannerChoice | None:
    """The scanner and how to scan with it; remembered in ``folder``. None when the clerk thought better of it."""
    dialog = ScannerDialog(runner, folder, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    choice = scanner_memory.remembered_choice(folder) if accepted else None
    hand_back(dialog)
    dialog.deleteLater()
    return choice


def _first_settings(can: Capabilities) -> Settings:
    """300 dpi in colour, of an opened booklet."""
    offer = can.offers[0]
    area: Area | None = None
    if offer.largest is not None:
        area = scan_pages.laid(PRESETS[0].width, PRESETS[0].height, offer.largest)
    return Settings(source=offer.source, area=area)


def _scanner_list() -> QListWidget:
    made = QListWidget()
    made.setObjectName("scannerList")
    made.setAccessibleName("扫描仪")
    made.setSpacing(1)
    made.setMinimumHeight(_ROWS * (_ROW_HEIGHT + 4))
    return made
