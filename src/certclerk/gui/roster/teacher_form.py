"""基本信息: every field of the current teacher and certificate, saved as soon as a field is left."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from certclerk.core import fields
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Severity, Teacher
from certclerk.gui import style, texts
from certclerk.gui.roster.field_cell import FieldCell
from certclerk.gui.roster.readings import choices, reading
from certclerk.gui.session import Session
from certclerk.jobs.acts import Edit, edit_fields

# Field id -> the object name of its input; their order is the form's.
INPUT_NAMES = {
    "name": "nameField",
    "sex": "sexField",
    "id_number": "idNumberField",
    "note": "noteField",
    "kind": "kindField",
    "subject": "subjectField",
    "number": "numberField",
    "authority": "authorityField",
    "issued": "issuedField",
}
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class TeacherForm(QScrollArea):
    """Shows what :meth:`show_record` gave it last; findings and changes are the session's."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teacherForm")
        self.setAccessibleName("基本信息")
        self._session = session
        self._teacher: Teacher | None = None
        self._certificate: Certificate | None = None
        self.cells = {field: self._cell(field, session.notice) for field in INPUT_NAMES}
        self._certificate_title = QLabel("证书")
        self._lay_out()
        session.handing_in.connect(self.commit)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(248)
        self.show_record(None, None)

    def show_record(self, teacher: Teacher | None, certificate: Certificate | None) -> None:
        """What was typed for another teacher or certificate is entered there first."""
        other_teacher = _id(teacher) != _id(self._teacher)
        other_certificate = other_teacher or _id(certificate) != _id(self._certificate)
        if other_certificate:
            self.commit()
        self._teacher, self._certificate = teacher, certificate
        for field, cell in self.cells.items():
            of_teacher = fields.BY_ID[field].level == fields.TEACHER
            record = teacher if of_teacher else certificate
            changed = other_teacher if of_teacher else other_certificate
            cell.show_value(getattr(record, field) if record is not None else "", force=changed)
            cell.setEnabled(teacher is not None and not self._session.collection.read_only)
        self._certificate_title.setText(f"证书 · {certificate_title(certificate)}" if certificate else "证书")
        self.show_findings()

    def show_findings(self) -> None:
        """Puts each finding of this teacher, or of this certificate, under its field."""
        found = self._session.findings_of(_id(self._teacher)) if self._teacher else ()
        here = [finding for finding in found if finding.certificate_id in (None, _id(self._certificate))]
        for field, cell in self.cells.items():
            at_field = [finding for finding in here if finding.field == field]
            cell.show_findings(sorted(at_field, key=lambda finding: _RANK[finding.severity]))

    def focus_field(self, field: str) -> bool:
        """Takes the clerk to a field; False where the form has none of that id."""
        cell = self.cells.get(field)
        if cell is None:
            return False
        cell.focus()
        self.ensureWidgetVisible(cell)
        return True

    def commit(self) -> None:
        """Enters whatever was typed and not yet entered."""
        for cell in self.cells.values():
            cell.commit()

    def _cell(self, field: str, notice: Notice) -> FieldCell:
        offered = choices(field, notice)
        cell = FieldCell(
            INPUT_NAMES[field],
            fields.title(field),
            ("", *offered) if field in ("sex", "kind") else offered or None,
            free=field in ("authority", "kind"),
            understand=lambda text: reading(field, text, notice),
        )
        cell.entered.connect(lambda text: self._enter(field, text))
        return cell

    def _enter(self, field: str, text: str) -> None:
        teacher, certificate = self._teacher, self._certificate
        whole = fields.BY_ID[field].level == fields.TEACHER
        certificate_id = None if whole or certificate is None else certificate.id
        if teacher is None or self._kept(teacher.id, certificate_id) is None:
            return
        self._session.act(edit_fields, [Edit(teacher.id, certificate_id, field, text)])
        record = self._kept(teacher.id, certificate_id)
        if record is not None and hasattr(record, field) and _id(self._teacher) == teacher.id:
            # What the record keeps may differ from what was typed.
            self.cells[field].show_value(getattr(record, field), force=True)

    def _kept(self, teacher_id: int, certificate_id: int | None) -> Teacher | Certificate | None:
        """The record as it is now; None when it is gone."""
        teacher = self._session.teacher(teacher_id)
        if teacher is None or certificate_id is None:
            return teacher
        return next((held for held in teacher.certificates if held.id == certificate_id), None)

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty("shade", "panel")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(style.GAP, style.HALF, style.GAP, style.HALF)
        layout.setSpacing(style.HALF)
        teacher_title = QLabel("教师")
        for title in (teacher_title, self._certificate_title):
            title.setProperty("role", "heading")
        layout.addWidget(teacher_title)
        for field, cell in self.cells.items():
            if field == fields.CERTIFICATE_FIELDS[0]:
                layout.addSpacing(style.HALF)
                layout.addWidget(self._certificate_title)
            layout.addWidget(cell)
        layout.addStretch(1)
        self.setWidget(body)


def certificate_title(certificate: Certificate) -> str:
    """Kind and year, as the tabs show it."""
    return f"{certificate.kind or texts.NO_KIND} {certificate.issued[:4]}".strip()


def _id(record: Teacher | Certificate | None) -> int | None:
    return None if record is None else record.id
