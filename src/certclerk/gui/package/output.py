"""Third page of the package wizard: where to, how large, in how many mails."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt
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
    QWidget,
)

from certclerk.core.submission import Submission, plan
from certclerk.gui import files, style
from certclerk.gui.amounts import size_text
from certclerk.gui.buttons import button
from certclerk.gui.package.request import PackageRequest
from certclerk.gui.package.size_meter import SizeMeter
from certclerk.gui.tasks import Job
from certclerk.gui.wizard import CARD_WIDTH, Step, paragraph, set_look
from certclerk.jobs.estimate import document_sizes, mails
from certclerk.system.resources import user_folder

# The names of Options.size, what they are called, what they mean.
SIZES = (
    ("original", "原样", "每一页都是扫描时的图像，一个字节也不改。"),
    ("clear", "清晰", "大图缩到 200 dpi，印章和小字看得清楚。"),
    ("compact", "紧凑", "200 dpi、压缩更多，文件最小；邮箱限制很紧时用。"),
)
SETTINGS = "package.ini"
FOLDER_SETTING = "folder"
MANY_MAILS = 3
LARGEST_LIMIT_MB = 100_000.0


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
        self._size_note = paragraph("sizeNote")
        self._size_note.setProperty("role", "caption")
        self._limit = QDoubleSpinBox()
        self._limit.setObjectName("mailLimitField")
        self._limit.setAccessibleName("每封邮件上限（MB）")
        self._limit.setRange(0.1, LARGEST_LIMIT_MB)
        self._limit.setDecimals(1)
        self._limit.setSingleStep(5)
        self._limit.setSuffix(" MB")
        self._limit.setValue(request.limit_mb)
        self._mails = paragraph("mailsNote")
        self._meter = SizeMeter()
        self._legacy = QCheckBox("旧版兼容 ZIP")
        self._legacy.setObjectName("legacyZipCheck")
        self._legacy.setAccessibleName("旧版兼容 ZIP")
        self._lay_out()
        self._folder.textChanged.connect(self._on_folder_changed)
        self._choose.clicked.connect(self._on_choose_clicked)
        self._size.currentIndexChanged.connect(self._show_estimates)
        self._limit.valueChanged.connect(self._show_estimates)

    def initializePage(self) -> None:
        if not self._folder.text():
            self._folder.setText(str(_remembered_folder()))
        self._submission = self._planned()
        self._sizes = {}
        self._on_folder_changed()
        self._show_estimates()
        self._weigh(0)

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
        self.cleanupPage()
        _settings().setValue(FOLDER_SETTING, str(folder))
        request = self._request
        request.folder = folder
        request.size = self._size.currentData()
        request.limit_mb = self._limit.value()
        request.legacy_zip = self._legacy.isChecked()
        return True

    def _lay_out(self) -> None:
        folder = QHBoxLayout()
        folder.setSpacing(style.GAP)
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._choose)
        limit = QHBoxLayout()
        limit.setSpacing(style.WIDE)
        limit.addWidget(self._limit)
        limit.addWidget(self._mails, 1)
        meaning = paragraph(
            "legacyZipNote",
            "只在对方用 Windows 7 自带功能解压、文件名显示成乱码时才勾选；姓名里有生僻字（GBK 以外）时不能用。",
        )
        meaning.setProperty("role", "caption")
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(CARD_WIDTH)
        grid = QGridLayout(card)
        grid.setContentsMargins(*[style.WIDE * 2] * 4)
        grid.setHorizontalSpacing(style.WIDE)
        grid.setVerticalSpacing(style.HALF)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget, QWidget | QLayout, QWidget], ...] = (
            ("保存到", self._folder, folder, self._folder_note),
            ("图像大小", self._size, self._size, self._size_note),
            ("每封邮件上限", self._limit, limit, self._meter),
            ("压缩包", self._legacy, self._legacy, meaning),
        )
        for index, (title, buddy, content, note) in enumerate(rows):
            label = QLabel(title)
            label.setBuddy(buddy)
            row = 3 * index
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if isinstance(content, QLayout):
                grid.addLayout(content, row, 1)
            else:
                grid.addWidget(content, row, 1)
            grid.addWidget(note, row + 1, 1)
            if index + 1 < len(rows):
                grid.setRowMinimumHeight(row + 2, style.WIDE)
        layout = self.body
        layout.addWidget(card)
        layout.addStretch(1)

    def _planned(self) -> Submission:
        session = self._request.session
        return plan(session.roster(), session.notice, self._request.day, held=self._request.held)

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

    def _weigh(self, index: int) -> None:
        """One size after the other, the cheapest first."""
        key = SIZES[index][0]
        session, submission = self._request.session, self._submission

        def take(sizes: tuple[int, ...]) -> None:
            if submission is not self._submission:
                return
            self._sizes[key] = sizes
            self._show_estimates()
            if index + 1 < len(SIZES) and self._job is not None and not self._job.cancelled:
                self._weigh(index + 1)

        self._job = session.runner.run(
            lambda job: document_sizes(session.collection, submission, key, cancelled=job.is_cancelled),
            take,
            owner=self,
        )

    def _show_estimates(self) -> None:
        for index, (key, title, _) in enumerate(SIZES):
            sizes = self._sizes.get(key)
            told = "正在估算…"
            if sizes is not None:
                needed = mails(self._submission, sizes, self._limit.value())
                told = f"约 {size_text(sum(sizes))}，{needed.count} 封邮件"
            self._size.setItemText(index, f"{title}　{told}")
        key, _, meaning = SIZES[self._size.currentIndex()]
        self._size_note.setText(meaning)
        if key not in self._sizes:
            self._mails.setText("正在估算…")
            self._meter.show_mails(0)
            return
        sizes = self._sizes[key]
        needed = mails(self._submission, sizes, self._limit.value())
        parts = "按教师分成几个完整的压缩包，每封邮件一个" if needed.count > 1 else "一个压缩包"
        other = "邮件太多时可以缩小图像；改用网盘或U盘报送时，把上限调大就不再分份。"
        advice = other if needed.count >= MANY_MAILS else ""
        self._mails.setText(f"{len(sizes)} 份文档，约需 {needed.count} 封邮件（{parts}）。{advice}")
        self._meter.show_mails(needed.fill)


def _remembered_folder() -> Path:
    kept = _settings().value(FOLDER_SETTING)
    return Path(kept) if isinstance(kept, str) and Path(kept).is_dir() else files.documents()


def _settings() -> QSettings:
    return QSettings(str(user_folder() / SETTINGS), QSettings.Format.IniFormat)
