"""Whether what was submitted last still is what a submission would be now; worked out beside the clerk's typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from certclerk.core.differences import Difference
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs.submissions import Chain, chain_of, changes_since, form_changes

T = TypeVar("T")

# ms of quiet after a change before the comparison, which takes some tenths of a second in a large collection.
COMPARE_AFTER_MS = 400


class Freshness(QObject):
    """Follows a session. ``changed``: :attr:`differences` may be others.

    Most changes need no comparison: none where nothing was submitted, and one taken back leads to the very moment
    of which the submission was made.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._chain: Chain | None = None
        self._differences: tuple[Difference, ...] | None = None
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COMPARE_AFTER_MS)
        self._timer.timeout.connect(self._compare)
        session.checked.connect(self._look)
        self._look()

    @property
    def differences(self) -> tuple[Difference, ...] | None:
        """Empty where nothing that went in has changed; None where nothing was submitted, or it is not known yet."""
        return self._differences

    @property
    def outdated(self) -> bool:
        return bool(self._differences)

    @property
    def settled(self) -> bool:
        """Whether :attr:`differences` are those of the collection as it is."""
        return self._job is None and not self._timer.isActive()

    def _look(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._timer.stop()
        collection = self._session.collection
        last = collection.last_submission_id()
        if last is None:
            self._show(None)
        elif self._chain is None or self._chain.members[-1].id != last:
            self._run(lambda _job: chain_of(collection), self._take_chain)
        elif self._chain.moment == collection.moment():
            self._show(self._form_changes())
        else:
            self._timer.start()

    def _take_chain(self, chain: Chain | None) -> None:
        self._chain = chain
        self._look()

    def _compare(self) -> None:
        assert self._chain is not None
        chain, session = self._chain, self._session
        roster, notice, findings = session.roster(), session.notice, session.findings()
        self._run(
            lambda _job: changes_since(chain, roster, notice, findings),
            lambda found: self._show((*self._form_changes(), *found)),
        )

    def _form_changes(self) -> tuple[Difference, ...]:
        assert self._chain is not None
        return form_changes(self._chain, self._session.collection.forms(), self._session.notice)

    def _run(self, work: Callable[[Job], T], done: Callable[[T], None]) -> None:
        def take(found: T) -> None:
            if self._job is job:
                self._job = None
                done(found)

        job = self._job = self._session.runner.run(work, take, owner=self)

    def _show(self, found: tuple[Difference, ...] | None) -> None:
        self._differences = found
        self.changed.emit()
