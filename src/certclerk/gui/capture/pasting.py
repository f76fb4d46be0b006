"""粘贴图片: what lies on the clipboard comes in as if it had been scanned."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from certclerk.gui.capture.flow import CaptureFlow
from certclerk.gui.capture.waiting import Unstored, stored_or_not
from certclerk.gui.mime import PASTED, scans_carried
from certclerk.gui.scan.panel import ScanPanel
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs.take_pages import Stored


def paste(session: Session, flow: CaptureFlow, panel: ScanPanel) -> None:
    """A picture goes into the locked place and on through the flow; copied files go as if they were dropped."""
    # An empty clipboard has no data at all.
    scans = scans_carried(QGuiApplication.clipboard().mimeData() or QMimeData(), PASTED)
    lock = flow.lock()

    def arrive(stored: Stored | Unstored) -> None:
        if isinstance(stored, Unstored):
            flow.keep(stored.incoming, lock, stored.why)
            return
        flow.refuse(stored.refused)
        for one in stored.refused:
            session.failed.emit(one.reason)
        flow.arrive(stored.pages, lock)
        flow.go_on(lock)

    def work(job: Job) -> None:
        for incoming in scans.encoded():
            job.hand_over(stored_or_not(session.collection, incoming))

    if not scans:
        session.message.emit("剪贴板里没有图片。请先在聊天、浏览器或文件夹里复制图片，再粘贴。")
    elif scans.paths or scans.link:
        panel.take_scans(scans)
    else:
        session.take("粘贴", work, arrive, lambda: None)
