"""The tour's stops for a submission of a school with a long name that goes on a USB stick, and what can go wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QDoubleSpinBox, QLineEdit, QPushButton

from certclerk.core.errors import UserError
from certclerk.gui.package.wizard import PackageWizard
from certclerk.gui.workspace import Workspace
from certclerk.jobs import acts
from certclerk.jobs.take_pages import Incoming
from tour_driver import Tour, in_dialog

LONG_UNIT = "泉州经济技术开发区第一实验学校暨福建师范大学泉州附属高级中学东海湾校区"


def long_name(tour: Tour) -> None:
    """The wizard from end to end under a name of 36 characters."""
    acts.set_filing(tour.session.collection, replace(tour.session.filing(), unit=LONG_UNIT))
    tour.act("actionPackage")
    wizard = tour.find(PackageWizard, "packageWizard")
    tour.picture("long-filing")
    tour.press("nextButton")
    tour.picture("long-check")
    hold_all(tour)
    tour.press("nextButton")
    tour.find(QLineEdit, "outputFolderField").setText(str(tour.aside / "报送"))
    limit = tour.find(QDoubleSpinBox, "mailLimitField")
    sizes = tour.find(QComboBox, "sizeChoice")
    sizes.setCurrentIndex(0)
    limit.setValue(0.4)
    tour.picture("long-too-large")
    tour.find(QComboBox, "deliveryChoice").setCurrentIndex(2)
    tour.picture("long-output-usb")
    sizes.showPopup()
    tour.picture("size-choices")
    sizes.hidePopup()
    tour.press("nextButton")
    tour.picture("long-done-usb")
    wrong = tour.aside / "不是扫描件.pdf"
    wrong.write_bytes(b"PK")
    tour.answer = wrong
    tour.find(QPushButton, "sealedCopyButton").menu().actions()[0].trigger()
    tour.picture("sealed-refused")
    tour.find(QDialog, "sealedDialog").reject()
    wizard.accept()
    outdated(tour)
    waiting(tour)
    tour.act("actionUndo")


def hold_all(tour: Tour) -> None:
    def answer() -> None:
        tour.find(QLineEdit, "reasonField").setText("材料不全，后补")
        tour.find(QDialog, "reasonDialog").accept()

    in_dialog("reasonDialog", tour, answer)
    tour.press("holdAllButton")


def outdated(tour: Tour) -> None:
    """A submission that is intact while the collection has gone on."""
    folder = next(path for path in (tour.aside / "报送").iterdir() if path.name.startswith(LONG_UNIT[:8]))
    teacher = tour.session.teachers()[4]
    acts.set_certificate_field(tour.session.collection, teacher.certificates[0].id, "subject", "美术")
    tour.act("actionSubmissions")
    tour.picture("records-usb")
    tour.press("verifyButton")
    tour.picture("verify-outdated")
    tour.find(QDialog, "verifyDialog").reject()
    tour.find(QDialog, "recordsDialog").reject()
    assert folder.is_dir()


def waiting(tour: Tour) -> None:
    """A scan that the disk did not take."""
    flow = tour.window.findChildren(Workspace)[0].capture.flow
    why = str(UserError("disk_full", path=Path("D:/采集/泉州第一中学.certclerk")))
    flow.keep(Incoming("扫描 第1页.jpg", b""), flow.lock(), why)
    tour.picture("waiting")
    tour.find(QPushButton, "giveUpButton").click()
