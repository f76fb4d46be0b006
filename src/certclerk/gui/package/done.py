"""Last page of the package wizard: what was made, and what is to be done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLayout,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.amounts import size_text
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.gui.desktop import open_with_desktop
from certclerk.gui.icons import icon
from certclerk.gui.package.annex_actions import (
    OVER_WITH_SCANS,
    add_scans,
    offer,
    print_button,
    print_entries,
    sealed_button,
    sealed_entries,
)
from certclerk.gui.package.appointment_card import AppointmentCard
from certclerk.gui.package.handing_in import DriveCard
from certclerk.gui.package.request import PackageRequest
from certclerk.gui.wizard import DOUBTFUL, RIGHT, Banner, Step, paragraph
from certclerk.jobs.package import Result, cautions
from certclerk.jobs.sealed import Outcome

RIGHT_WIDTH = 400


class DonePage(Step):
    """Every file with its size, the mails to copy from, the appointment."""

    NAME = "完成"

    def __init__(self, request: PackageRequest) -> None:
        super().__init__()
        self._request = request
        self._banner = Banner("doneBanner")
        self._warning = Banner("doneWarning")
        self._files = QTableWidget(0, 2)
        self._folder = paragraph("folderPath")
        self._folder.setProperty("role", "caption")
        self._open_folder = button("打开文件夹", "openFolderButton")
        self._open_folder.setIcon(icon("folder"))
        self._open_folder.clicked.connect(self._on_open_folder_clicked)
        self._open_draft = button("用邮件程序打开草稿", "openDraftButton")
        self._open_draft.clicked.connect(self._on_open_draft_clicked)
        self._mail = QComboBox()
        self._mail.setObjectName("mailChoice")
        self._mail.setAccessibleName("第几封邮件")
        self._mail.currentIndexChanged.connect(self._show_mail)
        self._to = paragraph("mailTo")
        self._subject = paragraph("mailSubject")
        self._attachments = paragraph("mailAttachments")
        self._copy_to = button("复制收件人", "copyToButton")
        self._copied = QLabel()
        self._copied.setObjectName("copiedNote")
        self._copied.setProperty("role", "caption")
        self._print, self._sealed = print_button(), sealed_button()
        self._annex_buttons = QHBoxLayout()
        self._annex_buttons.setSpacing(style.GAP)
        self._annex_buttons.addWidget(self._print)
        self._annex_buttons.addWidget(self._sealed)
        self._annex_buttons.addStretch(1)
        self._next = paragraph("nextSteps")
        self._appointment = AppointmentCard(request.session)
        self._mail_box = self._mail_card()
        self._drive_box = DriveCard()
        self._drive_box.setFixedWidth(RIGHT_WIDTH)
        self._lay_out()

    def initializePage(self) -> None:
        result = self._made().written
        self._banner.say(RIGHT, f"报送包已生成：{result.documents} 份文档已读回，全部一致。")
        self._warn()
        self._folder.setText(str(result.folder))
        self._folder.setToolTip(
            f"原来的同名文件夹改名为 {result.former.name} 保留。" if result.former else str(result.folder)
        )
        self._show_files()
        self._offer_annexes()
        self._mail.clear()
        self._mail.addItems([f"第 {draft.part} 封，共 {draft.parts} 封" for draft in result.drafts])
        self._mail.setVisible(len(result.drafts) > 1)
        self._mail_box.setVisible(bool(result.drafts))
        self._drive_box.show_result(self._made())
        self._next.setText(self._next_steps())
        self._appointment.refresh()
        self._open_folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _warn(self, more: str = "") -> None:
        """What is to be known before it is handed in, and ``more``."""
        told = "\n".join(filter(None, (*cautions(self._made()), more)))
        self._warning.say(DOUBTFUL, told)
        self._warning.setVisible(bool(told))

    def _show_files(self) -> None:
        result = self._made().written
        self._files.setRowCount(len(result.files))
        for row, file in enumerate(result.files):
            name, size = QTableWidgetItem(file.name), QTableWidgetItem(size_text(file.size))
            name.setToolTip(file.name)
            size.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._files.setItem(row, 0, name)
            self._files.setItem(row, 1, size)

    def _offer_annexes(self) -> None:
        """Those that this submission has."""
        tables = self._made().submission.annexes
        named = [(table.label or table.title, table.file_stem) for table in tables]
        offer(self._print, print_entries(self, tables, self._warn))
        writable = not self._request.session.collection.read_only
        offer(self._sealed, sealed_entries(named, self._on_sealed_chosen), enabled=writable)

    def _on_sealed_chosen(self, stem: str) -> None:
        session, made = self._request.session, self._made()
        submission_id = session.collection.last_submission_id()
        if submission_id is None:
            return
        limit = made.options.mail_limit(session.notice)
        folder = made.written.folder
        self._warn()
        add_scans(self, session, submission_id, folder, stem, limit, self._on_sealed_added)

    def _on_sealed_added(self, outcome: Outcome) -> None:
        made = self._made()
        drafts = made.written.drafts
        if outcome.draft is not None:
            drafts = (outcome.draft, *drafts[1:])
        written = replace(made.written, files=outcome.files, drafts=drafts)
        self._request.result = replace(made, written=written)
        self._banner.say(RIGHT, f"已加入盖章扫描件（{'、'.join(outcome.added)}），报送包已读回，全部一致。")
        self._warn(OVER_WITH_SCANS if outcome.over else "")
        self._show_files()
        self._show_mail()
        self._drive_box.show_result(self._made())

    def _lay_out(self) -> None:
        self._files.setObjectName("filesTable")
        self._files.setAccessibleName("报送包里的文件")
        for column, (title, side) in enumerate(
            (("文件", Qt.AlignmentFlag.AlignLeft), ("大小", Qt.AlignmentFlag.AlignRight))
        ):
            head = QTableWidgetItem(title)
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self._files.setHorizontalHeaderItem(column, head)
        self._files.verticalHeader().hide()
        self._files.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._files.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._files.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._files.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._files.setShowGrid(False)
        # What a file is stands at its end.
        self._files.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._files.setWordWrap(False)
        self._files.horizontalHeader().setHighlightSections(False)
        self._files.verticalHeader().setDefaultSectionSize(style.ROW_HEIGHT)
        self._files.setTabKeyNavigation(False)
        left = QVBoxLayout()
        left.setSpacing(style.GAP)
        left.addWidget(self._files, 1)
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._open_folder)
        left.addLayout(folder)
        left.addWidget(self._appointment)
        cards = QWidget()
        right = QVBoxLayout(cards)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(style.GAP)
        right.addWidget(self._mail_box)
        right.addWidget(self._drive_box)
        right.addWidget(_card("名册和统计表", self._annex_buttons))
        right.addWidget(_card("接下来", self._next))
        right.addStretch(1)
        # On a low screen, with a warning above, the cards are higher than their room.
        scrolled = QScrollArea()
        scrolled.setObjectName("doneCards")
        scrolled.setAccessibleName("接下来要做的")
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setFixedWidth(RIGHT_WIDTH + scrolled.verticalScrollBar().sizeHint().width())
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(cards)
        columns = QHBoxLayout()
        columns.setSpacing(style.WIDE)
        columns.addLayout(left, 1)
        columns.addWidget(scrolled)
        layout = self.body
        layout.addWidget(self._banner)
        layout.addWidget(self._warning)
        layout.addLayout(columns, 1)

    def _mail_card(self) -> QFrame:
        copies = QHBoxLayout()
        copies.setSpacing(style.GAP)
        subject, body = button("复制主题", "copySubjectButton"), button("复制正文", "copyBodyButton")
        for copy, copied in (
            (self._copy_to, lambda: self._made().written.drafts[self._part()].to),
            (subject, lambda: self._made().written.drafts[self._part()].subject),
            (body, lambda: self._made().written.drafts[self._part()].body),
        ):
            copy.clicked.connect(self._copier(copy.text(), copied))
            copies.addWidget(copy)
        copies.addStretch(1)
        facts = QGridLayout()
        facts.setHorizontalSpacing(style.GAP)
        facts.setVerticalSpacing(style.HALF)
        facts.setColumnStretch(1, 1)
        for row, (title, value) in enumerate(
            (("收件人", self._to), ("主题", self._subject), ("附件", self._attachments))
        ):
            label = QLabel(title)
            label.setProperty("role", "caption")
            facts.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(value, row, 1)
        return _card(
            "邮件",
            self._mail,
            facts,
            self._open_draft,
            copies,
            self._copied,
        )

    def _made(self) -> Result:
        assert self._request.result is not None
        return self._request.result

    def _part(self) -> int:
        return max(0, self._mail.currentIndex())

    def _show_mail(self) -> None:
        if self._mail.currentIndex() < 0:
            return
        draft = self._made().written.drafts[self._part()]
        self._to.setText(draft.to or "通知没有写收件人，请在邮件程序里填写")
        self._copy_to.setEnabled(bool(draft.to))
        self._subject.setText(draft.subject)
        names = [attachment.name for attachment in draft.attachments]
        more = f" 等 {len(names)} 个文件" if len(names) > 1 else ""
        self._attachments.setText(f"{names[0]}{more}，发送时约 {size_text(draft.size)}")
        self._attachments.setToolTip("\n".join(names))
        self._copied.hide()

    def _copier(self, text: str, read: Callable[[], str]) -> Callable[[], None]:
        def copy() -> None:
            QGuiApplication.clipboard().setText(read())
            self._copied.setText(f"已{text}，可以粘贴到网页邮箱。")
            self._copied.show()

        return copy

    def _next_steps(self) -> str:
        notice = self._request.session.notice
        labels = "和".join(annex.label or annex.title for annex in notice.annexes)
        steps = [f"打印{labels}，在“报送单位”处盖章；盖章后的扫描件可以加入报送包。"] if labels else []
        if self._made().written.drafts:
            steps.append("发送邮件：邮件程序可以直接打开草稿；网页邮箱请复制收件人、主题、正文，再添加附件。")
        else:
            label = self._made().options.delivery.label
            steps.append(f"把整个文件夹用{label}交上去，做法和说明见“{label}”一栏；这次没有邮件。")
        steps.append("按录入时间到窗口录入，见左边。")
        return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))

    def _on_open_folder_clicked(self) -> None:
        open_with_desktop(self._made().written.folder)

    def _on_open_draft_clicked(self) -> None:
        open_with_desktop(self._made().written.folder / self._made().written.drafts[self._part()].name)


def _card(title: str, *contents: QWidget | QLayout) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    card.setFixedWidth(RIGHT_WIDTH)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
    layout.setSpacing(style.HALF)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    layout.addWidget(heading)
    for content in contents:
        if isinstance(content, QLayout):
            layout.addLayout(content)
        else:
            layout.addWidget(content)
    return card
