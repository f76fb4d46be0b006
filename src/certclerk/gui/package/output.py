"""Third page of the package wizard: where to, how large, in how many mails."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.amounts import size_text
from certclerk.core.submission import Submission, plan
from certclerk.core.submission_record import Delivery
from certclerk.gui import files, style
from certclerk.gui.buttons import button
from certclerk.gui.package.habits import SIZES, remember, remembered_folder, size_title
from certclerk.gui.package.output_words import (
    beyond_gbk,
    heaviest_words,
    helping_sizes,
    mails_words,
    same_names_words,
    too_large_words,
)
from certclerk.gui.package.password_fields import PasswordFields
from certclerk.gui.package.request import PackageRequest
from certclerk.gui.package.size_meter import SizeMeter
from certclerk.gui.tasks import Job
from certclerk.gui.wizard import DOUBTFUL, Banner, Step, paragraph, set_look
from certclerk.jobs.estimate import document_sizes, mails

LARGEST_LIMIT_MB = 100_000.0
BY_KEY = Qt.TextInteractionFlag.LinksAccessibleByKeyboard


DRIVE_WORDS = "一个压缩包，不限大小，不写邮件草稿；完成后可以复制一份报送说明。"
LEGACY_WORDS = "只在对方用 Windows 7 自带功能解压、文件名显示成乱码时才勾选。"


class OutputPage(Step):
    """The folder is remembered; each size shows its estimate as soon as a worker has it."""

    NAME = "输出"
    HINT = "在选定的位置新建一个文件夹，放入压缩包、附件、邮件草稿和校验清单。"

    def __init__(self, request: PackageRequest) -> None:
        super().__init__()
        self._request = request
        self._job: Job | None = None
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._submission = self._planned()
        self._better = ""
        self._folder = QLineEdit()
        self._folder.setObjectName("outputFolderField")
        self._folder.setAccessibleName("保存到")
        self._choose = button("选择…", "outputFolderButton", spoken="选择保存位置")
        self._folder_note = paragraph("outputFolderNote")
        self._size = QComboBox()
        self._size.setObjectName("sizeChoice")
        self._size.setAccessibleName("图像大小")
        for key, title, _ in SIZES:
            self._size.addItem(title, key)
        self._size.setCurrentIndex(self._size.findData(request.size))
        self._size_note = paragraph("sizeNote")
        self._size_note.setProperty("role", "caption")
        self._heaviest = paragraph("heaviestNote")
        self._heaviest.setProperty("role", "caption")
        self._heaviest.setTextFormat(Qt.TextFormat.RichText)
        self._heaviest.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | BY_KEY)
        self._heaviest.setAccessibleName("最大的文档，可以转到那位教师")
        self._smaller = button("", "smallerButton", spoken="改用更小的图像")
        self._delivery = QComboBox()
        self._delivery.setObjectName("deliveryChoice")
        self._delivery.setAccessibleName("报送方式")
        for each in Delivery:
            self._delivery.addItem(each.label, each)
        self._too_large = Banner("tooLargeBanner")
        self._same_names = paragraph("sameNamesNote")
        self._same_names.setProperty("role", "caption")
        self._limit = QDoubleSpinBox()
        self._limit.setObjectName("mailLimitField")
        self._limit.setAccessibleName("每封邮件上限（MB）")
        self._limit.setRange(0.1, LARGEST_LIMIT_MB)
        self._limit.setDecimals(1)
        self._limit.setSingleStep(5)
        self._limit.setSuffix(" MB")
        self._limit.setValue(request.limit_mb)
        self._limit_label = QLabel("每封上限")
        self._limit_label.setBuddy(self._limit)
        self._mails = paragraph("mailsNote")
        self._mails.setProperty("role", "caption")
        self._meter = SizeMeter()
        self._legacy = QCheckBox("旧版兼容 ZIP")
        self._legacy.setObjectName("legacyZipCheck")
        self._legacy.setAccessibleName("旧版兼容 ZIP")
        self._legacy_note = paragraph("legacyZipNote")
        self._legacy_note.setProperty("role", "caption")
        self._password = PasswordFields()
        self._lay_out()
        self._folder.textChanged.connect(self._on_folder_changed)
        self._choose.clicked.connect(self._on_choose_clicked)
        self._heaviest.linkActivated.connect(self._on_teacher_chosen)
        self._smaller.clicked.connect(self._on_smaller_clicked)
        self._size.currentIndexChanged.connect(self._show_estimates)
        self._delivery.currentIndexChanged.connect(self._show_estimates)
        self._limit.valueChanged.connect(self._show_estimates)
        self._limit.editingFinished.connect(self._weigh_again)

    def initializePage(self) -> None:
        if not self._folder.text():
            self._folder.setText(str(remembered_folder()))
        self._submission = self._planned()
        self._sizes = {}
        self._on_folder_changed()
        told = same_names_words(self._submission)
        self._same_names.setText(told)
        self._same_names.setVisible(bool(told))
        self._offer_legacy()
        self._show_estimates()
        self._weigh(0)

    def _offer_legacy(self) -> None:
        beyond = beyond_gbk(self._submission)
        self._legacy.setEnabled(not beyond)
        if beyond:
            self._legacy.setChecked(False)
        self._legacy_note.setText(f"不能用：旧版编码写不了“{beyond}”。" if beyond else LEGACY_WORDS)

    def cleanupPage(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def isComplete(self) -> bool:
        return bool(self._folder.text().strip())

    def validatePage(self) -> bool:
        folder = self._chosen_folder()
        if not folder.is_absolute() or (folder.exists() and not folder.is_dir()):
            set_look(self._folder, "wrong", True)
            set_look(self._folder_note, "role", "field-error")
            self._folder_note.setText("这不是一个文件夹，请另选。")
            self._folder.setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        if not self._password.accepted():
            return False
        self.cleanupPage()
        request = self._request
        remember(folder, self._size.currentData())
        request.folder = folder
        request.size = self._size.currentData()
        request.limit_mb = self._limit.value()
        request.legacy_zip = self._legacy.isChecked()
        request.password = self._password.password()
        request.delivery = Delivery(self._delivery.currentData())
        return True

    def _lay_out(self) -> None:
        folder = QHBoxLayout()
        folder.setSpacing(style.GAP)
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._choose)
        size_notes = QVBoxLayout()
        size_notes.setSpacing(style.HALF)
        size_notes.addWidget(self._size_note)
        size_notes.addWidget(self._heaviest)
        folder_notes = QVBoxLayout()
        folder_notes.setSpacing(style.HALF)
        folder_notes.addWidget(self._folder_note)
        folder_notes.addWidget(self._same_names)
        delivery = QHBoxLayout()
        delivery.setSpacing(style.GAP)
        delivery.addWidget(self._delivery)
        delivery.addSpacing(style.GAP)
        delivery.addWidget(self._limit_label)
        delivery.addWidget(self._limit)
        delivery.addWidget(self._meter)
        delivery.addStretch(1)
        archive = QHBoxLayout()
        archive.setSpacing(style.WIDE)
        archive.addWidget(self._legacy)
        archive.addWidget(self._legacy_note, 1)
        card = QFrame()
        card.setProperty("role", "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(style.WIDE * 2, style.WIDE, style.WIDE * 2, style.WIDE)
        grid.setHorizontalSpacing(style.WIDE)
        grid.setVerticalSpacing(style.HALF)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget, tuple[QWidget | QLayout, ...]], ...] = (
            ("保存到", self._folder, (folder, folder_notes)),
            ("图像大小", self._size, (self._size, size_notes)),
            ("报送方式", self._delivery, (delivery, self._mails)),
            ("压缩包", self._legacy, (archive,)),
            ("加密", self._password, (self._password, self._password.note)),
        )
        for index, (title, buddy, parts) in enumerate(rows):
            label = QLabel(title)
            label.setBuddy(buddy)
            row = 3 * index
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for below, part in enumerate(parts):
                if isinstance(part, QLayout):
                    grid.addLayout(part, row + below, 1)
                else:
                    grid.addWidget(part, row + below, 1)
            if index + 1 < len(rows):
                grid.setRowMinimumHeight(row + 2, style.WIDE)
        layout = self.body
        too_large = QHBoxLayout()
        too_large.setSpacing(style.GAP)
        too_large.addWidget(self._too_large, 1)
        too_large.addWidget(self._smaller)
        layout.addLayout(too_large)
        layout.addWidget(card)
        layout.addStretch(1)

    def _planned(self) -> Submission:
        session = self._request.session
        return plan(
            session.roster(),
            session.notice,
            self._request.day,
            held=self._request.held,
            supplement=self._request.planned,
        )

    def _chosen_folder(self) -> Path:
        return Path(self._folder.text().strip()).expanduser()

    def _on_choose_clicked(self) -> None:
        chosen = files.choose_folder(self, "报送包保存到", self._chosen_folder())
        if chosen is not None:
            self._folder.setText(str(chosen))

    def _on_folder_changed(self) -> None:
        set_look(self._folder, "wrong", False)
        set_look(self._folder_note, "role", "caption")
        final = self._chosen_folder() / self._submission.folder_name
        there = "（已有的同名文件夹会改名保留）" if final.exists() else ""
        self._folder_note.setText(f"将新建文件夹：{final.name}{there}")
        self.completeChanged.emit()

    # Estimates

    def _weigh_again(self) -> None:
        """Which documents are looked at closely goes by the limit."""
        self.cleanupPage()
        self._weigh(0)

    def _weigh(self, index: int) -> None:
        """One size after the other, the cheapest first."""
        key = SIZES[index][0]
        session, submission, limit = self._request.session, self._submission, self._limit.value()

        def take(sizes: tuple[int, ...]) -> None:
            if submission is not self._submission or job.cancelled:
                return
            self._sizes[key] = sizes
            self._show_estimates()
            if index + 1 < len(SIZES):
                self._weigh(index + 1)

        job = self._job = session.runner.run(
            lambda job: document_sizes(
                session.collection,
                submission,
                key,
                weights=session.weights,
                limit_mb=limit,
                cancelled=job.is_cancelled,
            ),
            take,
            owner=self,
        )

    def _show_estimates(self) -> None:
        submission, mailed = self._submission, Delivery(self._delivery.currentData()).mailed
        needed = {key: mails(submission, sizes, self._limit.value()) for key, sizes in self._sizes.items()}
        for index, (key, title, _) in enumerate(SIZES):
            told = "正在估算…"
            if key in needed:
                mail = f"，{needed[key].count} 封邮件" if mailed else ""
                told = f"约 {size_text(sum(self._sizes[key]))}{mail}"
            self._size.setItemText(index, f"{title}　{told}")
        for widget in (self._limit_label, self._limit, self._meter):
            widget.setVisible(mailed)
        key, _, meaning = SIZES[self._size.currentIndex()]
        sizes = self._sizes.get(key)
        self._size_note.setText(meaning)
        heaviest = heaviest_words(submission, sizes) if sizes else ""
        self._heaviest.setText(heaviest)
        self._heaviest.setVisible(bool(heaviest))
        too_large, helping = "", tuple[str, ...]()
        if not mailed:
            self._mails.setText(DRIVE_WORDS)
        elif sizes is None:
            self._mails.setText("正在估算…")
            self._meter.show_mails(0)
        else:
            self._mails.setText(mails_words(needed[key], len(sizes)))
            self._meter.show_mails(needed[key].fill)
            counts = {size: len(each.too_large) for size, each in needed.items()}
            helping = helping_sizes(key, counts)
            too_large = too_large_words(submission, sizes, needed[key].too_large, helping)
        self._too_large.say(DOUBTFUL, too_large)
        self._too_large.setVisible(bool(too_large))
        self._better = next((size for size in helping if size in needed), "")
        self._smaller.setVisible(bool(self._better))
        if self._better:
            self._smaller.setText(f"改用{size_title(self._better)}")

    def _on_smaller_clicked(self) -> None:
        self._size.setCurrentIndex(self._size.findData(self._better))
        self._size.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_teacher_chosen(self, teacher_id: str) -> None:
        """Out of the wizard, to a teacher whose document is large."""
        self.wizard().reject()
        self._request.session.select(int(teacher_id))
