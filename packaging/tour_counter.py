"""The tour's stops after the submission: its record, the days at the counter, booklets on the desk, the key-in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from certclerk.gui.key_in.view import KeyInView
from certclerk.jobs import acts, counter
from tour_driver import Tour

CHANGED = 4  # a teacher of the sample whose pages are complete


def after_submission(tour: Tour) -> None:
    records(tour)
    custody(tour)
    appointment(tour)
    key_in(tour)


def records(tour: Tour) -> None:
    """What was submitted, and that a record has changed since."""
    teacher = tour.session.teachers()[CHANGED]
    acts.set_certificate_field(tour.session.collection, teacher.certificates[0].id, "subject", "美术")
    tour.act("actionSubmissions")
    tour.picture("records")
    tour.find(QDialog, "recordsDialog").reject()
    tour.picture("outdated")
    tour.act("actionUndo")


def custody(tour: Tour) -> None:
    tour.session.select(tour.session.teachers()[0].id)
    tour.act("actionReceive")
    tour.picture("custody")
    tour.act("actionReceipts")
    tour.picture("custody-sheet")
    tour.find(QDialog, "listsDialog").reject()


def appointment(tour: Tour) -> None:
    tour.act("actionAppointment")
    tour.picture("appointment")
    tour.find(QDialog, "appointmentDialog").reject()


def key_in(tour: Tour) -> None:
    collection = tour.session.collection
    entries = counter.entries(collection)
    counter.mark_done(collection, entries[:5])
    counter.mark_problem(collection, entries[5:6], "系统里已有")
    tour.act("actionKeyIn")
    view = tour.find(KeyInView, "keyInView")
    view.queue.step(6)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    tour.settle()
    tour.picture("key-in")
    view.resize(640, 640)
    tour.picture("key-in-narrow")
    view.close()
    tour.act("actionTakeAlong")
    tour.picture("take-along")
    tour.find(QDialog, "takeAlongDialog").reject()


def form(tour: Tour) -> None:
    """The bureau's own form, from the wizard's first page."""
    tour.press("formsButton")
    tour.picture("form")
    tour.find(QDialog, "formDialog").reject()
