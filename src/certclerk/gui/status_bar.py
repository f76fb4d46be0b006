"""The figures at the foot of the window: people, progress, size and mails, saved, appointment, running jobs."""

from __future__ import annotations

import time
from datetime import date
from typing import Protocol

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from certclerk.collection import Collection
from certclerk.core.amounts import duration_text, size_text
from certclerk.core.appointment import cautions, countdown
from certclerk.core.progress import State
from certclerk.core.records import Roster
from certclerk.core.submission import plan
from certclerk.core.time_left import TimeLeft
from certclerk.gui import texts
from certclerk.gui.buttons import button
from certclerk.gui.package.habits import remembered_size, size_title
from certclerk.gui.records.freshness import Freshness
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs import counter
from certclerk.jobs.weights import Weights

# ms of quiet after a change before the size is worked out again.
ESTIMATE_AFTER_MS = 700
_MIDDLE = Qt.TextElideMode.ElideMiddle
SHOWN = (State.DONE, State.TO_SCAN, State.PROBLEM)


class Stoppable(Protocol):
    def cancel(self) -> None: ...


class StatusBar(QStatusBar):
    """Follows one session; the window makes another for the next.

    ``submission`` is pressed to see what changed, ``appointment`` to see or change the days at the counter.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAccessibleName("状态")
        self.setSizeGripEnabled(False)
        self._session = session
        self._people = _label("peopleLabel", "人数")
        self._ring = QProgressBar()
        self._ring.setObjectName("progressBar")
        self._ring.setAccessibleName("完成进度")
        self._ring.setFixedSize(96, 8)
        self._ring.setTextVisible(False)
        self._percent = _label("percentLabel", "完成百分比")
        self._size = _label("sizeLabel", "预计大小")
        self.freshness = Freshness(session, self)
        self.submission = button(
            "报送包已过期", "submissionMark", spoken="报送包已过期，看看改了什么", role="mark"
        )
        self.submission.hide()
        self._saved = _label("savedLabel", "保存时间")
        self.appointment = button("", "appointmentButton", role="quiet")
        self._work = _WorkStrip()
        self._left = (
            self._people,
            _line(),
            self._ring,
            self._percent,
            _line(),
            self._size,
            self._work,
        )
        for part in self._left:
            self.addWidget(part)
        for shown in (self.submission, self._saved, _line(), self.appointment):
            self.addPermanentWidget(shown)
        self._estimate: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._start_estimate)
        self.freshness.changed.connect(self._on_freshness_changed)
        session.changed.connect(self._on_session_changed)
        session.checked.connect(lambda: session.refreshing.ask(self._show_progress))
        session.working.connect(self._on_session_working)
        session.rested.connect(self._on_session_rested)
        self.refresh_day()
        self._show_progress()
        self._on_session_changed(None)

    def add_source(self, indicator: QWidget) -> None:
        """What tells of a source of pages, first on the right."""
        self.insertPermanentWidget(len(self._left), indicator)

    def changeEvent(self, event: QEvent) -> None:
        """A program left open overnight knows the new day."""
        if event.type() == QEvent.Type.ActivationChange:
            self.refresh_day()
        super().changeEvent(event)

    def refresh_day(self) -> None:
        """The days left, as of today."""
        session = self._session
        appointment, today = counter.appointment(session.collection), session.today()
        words = f"录入时间 {countdown(appointment, today)}"
        self.appointment.setText(words)
        self.appointment.setAccessibleName(words)
        remark = appointment.remark if appointment else ""
        lines = (*cautions(appointment, today), remark, *session.notice.contact.lines())
        self.appointment.setToolTip("\n".join(filter(None, lines)))

    def _show_progress(self) -> None:
        progress = self._session.progress()
        figures = [f"{progress.teachers} 人"]
        asked = (State.ASK,) if progress.counts[State.ASK] else ()
        figures += [f"{state.value} {progress.counts[state]}" for state in (*SHOWN, *asked)]
        self._people.setText(" · ".join(figures))
        aside = [state for state in (State.HOLD, State.OUT) if progress.counts[state]]
        self._people.setToolTip("　".join(f"{state.value} {progress.counts[state]}" for state in aside))
        percent = int(progress.ratio * 100)
        # Told of a value, a bar paints the whole window at once.
        self._ring.setUpdatesEnabled(False)
        self._ring.setValue(percent)
        self._ring.setUpdatesEnabled(True)
        self._percent.setText(f"{percent}%")
        self._timer.start(ESTIMATE_AFTER_MS)

    def _on_session_changed(self, _teacher_ids: frozenset[int] | None) -> None:
        # Pages may be streaming in: they have the workers first, what was weighed until now is kept.
        if self._estimate is not None:
            self._estimate.cancel()
        collection = self._session.collection
        saved = collection.last_saved
        if collection.read_only:
            self._saved.setText("只读")
        else:
            self._saved.setText(f"已保存 {saved:%H:%M}" if saved else "改动随时保存")
        self.refresh_day()

    def _on_freshness_changed(self) -> None:
        self.submission.setVisible(self.freshness.outdated)
        count = len(self.freshness.differences or ())
        self.submission.setToolTip(f"上次生成报送包以后有 {count} 处改动。点一下看看是哪些。")

    def _on_session_working(self, job: Stoppable, done: int, total: int, what: str) -> None:
        """Takes the place of the size and of when was saved: not all of it fits a small screen."""
        self._work.show_work(job, done, total, what)
        self._size.hide()
        self._saved.hide()

    def _on_session_rested(self, job: Stoppable) -> None:
        self._work.forget(job)
        for part in (self._size, self._saved):
            part.setVisible(self._work.isHidden())

    def _start_estimate(self) -> None:
        """At the size that the clerk chose last."""
        if self._estimate is not None:
            self._estimate.cancel()
        session = self._session
        if session.sources.busy:
            self._timer.start(ESTIMATE_AFTER_MS)
            return
        roster, day, chosen = session.roster(), session.today(), remembered_size()

        def show(found: tuple[int, int]) -> None:
            if not job.cancelled:
                self._show_estimate(*found, chosen)

        job = self._estimate = session.runner.run(
            lambda job: _estimated(session.collection, roster, day, chosen, session.weights, job),
            show,
            owner=self,
        )

    def _show_estimate(self, size: int, count: int, chosen: str) -> None:
        self._size.setToolTip(f"图像大小选“{size_title(chosen)}”时全部文档的大小；在生成报送包时可以另选。")
        self._size.setText(f"预计 {size_text(size)} · {count} 封邮件" if size else "预计大小：还没有页")


class _WorkStrip(QFrame):
    """The job that reported last: what it is at, how far, and a button to stop it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("workStrip")
        self._job: Stoppable | None = None
        self._time_left = TimeLeft()
        self._what = _label("workLabel", "正在进行")
        self._bar = QProgressBar()
        self._bar.setObjectName("workBar")
        self._bar.setAccessibleName("进度")
        self._bar.setFixedSize(120, 8)
        self._bar.setTextVisible(False)
        self._stop = QPushButton(texts.CANCEL)
        self._stop.setObjectName("workCancelButton")
        self._stop.setProperty("role", "quiet")
        self._stop.clicked.connect(self._on_stop_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._what, self._bar, self._stop):
            layout.addWidget(part)
        self.hide()

    def show_work(self, job: Stoppable, done: int, total: int, what: str) -> None:
        if job is not self._job:
            self._job, self._time_left = job, TimeLeft()
        seconds = self._time_left.seconds(time.monotonic(), done, total)
        left = "" if seconds is None else f"　还需{duration_text(seconds)}"
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        counted = f" {done}/{total}" if total else ""
        self._what.setText(self.fontMetrics().elidedText(what, _MIDDLE, 180) + counted + left)
        self.show()

    def forget(self, job: Stoppable) -> None:
        if job is self._job:
            self._job = None
            self.hide()

    def _on_stop_clicked(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._what.setText("正在停止…")


def _estimated(
    collection: Collection, roster: Roster, day: date, size: str, weights: Weights, job: Job
) -> tuple[int, int]:
    """Bytes of all documents, and mails."""
    # Imported in the worker: it brings everything that packaging needs.
    from certclerk.jobs.estimate import document_sizes, mails

    submission = plan(roster, collection.notice, day)
    if not any(document.pages for document in submission.documents):
        return 0, 0
    sizes = document_sizes(collection, submission, size, weights=weights, cancelled=job.is_cancelled)
    return sum(sizes), mails(submission, sizes, collection.notice.mail.limit_mb).count


def _label(name: str, spoken: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleName(spoken)
    return label


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setProperty("role", "line")
    return line
