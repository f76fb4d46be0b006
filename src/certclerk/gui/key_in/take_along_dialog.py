"""随身录入包: what it will hold and how large it will be, before it is written onto a stick."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.amounts import size_text
from certclerk.core.errors import UserError
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.desktop import open_with_desktop
from certclerk.gui.package.password_fields import password_field
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.gui.wizard import PLAIN, RIGHT, WRONG, Banner, set_look
from certclerk.jobs.take_along import LIMIT_MB, Exported, Options, Outlook, export, outlook

WIDTH = 620
# ms of quiet after another wish before the size is worked out again.
WEIGH_AFTER_MS = 300
LARGEST_LIMIT_MB = 4_000.0
PURPOSE = (
    "一个网页，拷在U盘上带到窗口：任何近几年的浏览器都能打开，不用安装、不用联网，内容和标记与录入窗口相同。"
)
WITHOUT = "没有密码：里面有身份证号码和证书图像，请随身保管，不要拷给别人，用完删除。"
WITH = (
    "密码保护U盘丢失时里面的内容；不能防止解锁后有人看屏幕、拍照，也不能防止那台电脑上的病毒。"
    "密码没有存在任何地方，忘记了只能重新导出。PDF 在同一密码的压缩包里，Windows 自带的资源管理器打不开它。"
)
DIFFERENT = "两次输入的密码不一样。"


class TakeAlongDialog(QDialog):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._weighing: Job | None = None
        self._job: Job | None = None
        self._exported: Exported | None = None
        self.setObjectName("takeAlongDialog")
        self.setWindowTitle("随身录入包")
        self.setMinimumWidth(WIDTH)
        purpose = QLabel(PURPOSE)
        purpose.setWordWrap(True)
        self._banner = Banner("takeAlongBanner")
        self._folder = QLineEdit(str(files.documents()))
        self._folder.setObjectName("takeAlongFolderField")
        self._folder.setAccessibleName("保存到")
        self._choose = button("选择…", "takeAlongFolderButton", spoken="选择U盘或文件夹")
        self._limit = QDoubleSpinBox()
        self._limit.setObjectName("takeAlongLimitField")
        self._limit.setAccessibleName("大小上限（MB）")
        self._limit.setRange(1.0, LARGEST_LIMIT_MB)
        self._limit.setDecimals(0)
        self._limit.setSingleStep(10)
        self._limit.setSuffix(" MB")
        self._limit.setValue(LIMIT_MB)
        self._pdfs = QCheckBox("附带每位教师的 PDF")
        self._pdfs.setObjectName("takeAlongPdfsCheck")
        self._pdfs.setAccessibleName("附带每位教师的 PDF")
        self._pdfs.setChecked(True)
        self._password = password_field("takeAlongPasswordField", "密码", "密码（可不设）")
        self._again = password_field("takeAlongPasswordAgainField", "再输一次密码", "再输一次")
        self._meaning = QLabel(WITHOUT)
        self._meaning.setObjectName("takeAlongMeaning")
        self._meaning.setWordWrap(True)
        self._meaning.setProperty("role", "caption")
        self._size = QLabel()
        self._size.setObjectName("takeAlongSize")
        self._size.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setObjectName("takeAlongProgress")
        self._bar.setAccessibleName("导出进度")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        self._open = button("打开文件夹", "takeAlongOpenButton")
        self._export = button("导出", "takeAlongExportButton", role="primary")
        self._close = button(texts.CLOSE, "closeButton")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WEIGH_AFTER_MS)
        self._lay_out(purpose)
        self._connect()
        self._show_state()
        self._timer.start()

    def done(self, result: int) -> None:
        for job in (self._weighing, self._job):
            if job is not None:
                job.cancel()
        super().done(result)

    def _lay_out(self, purpose: QLabel) -> None:
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._choose)
        passwords = QHBoxLayout()
        passwords.addWidget(self._password)
        passwords.addWidget(self._again)
        form = QFormLayout()
        form.setHorizontalSpacing(style.WIDE)
        form.setVerticalSpacing(style.GAP)
        form.addRow("保存到", folder)
        form.addRow("大小上限", self._limit)
        form.addRow("", self._size)
        form.addRow("密码", passwords)
        form.addRow("", self._meaning)
        form.addRow("", self._pdfs)
        buttons = QHBoxLayout()
        buttons.addWidget(self._open)
        buttons.addStretch(1)
        buttons.addWidget(self._export)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        for widget in (purpose, self._banner):
            layout.addWidget(widget)
        layout.addLayout(form)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)
        self._banner.hide()

    def _connect(self) -> None:
        self._choose.clicked.connect(self._on_choose_clicked)
        self._limit.valueChanged.connect(lambda _value: self._timer.start())
        self._pdfs.toggled.connect(lambda _on: self._timer.start())
        for field in (self._password, self._again):
            field.textChanged.connect(self._on_password_text_changed)
        self._timer.timeout.connect(self._weigh)
        self._export.clicked.connect(self._on_export_clicked)
        self._open.clicked.connect(self._on_open_clicked)
        self._close.clicked.connect(self._on_close_clicked)

    def _options(self) -> Options:
        return Options(
            self._session.today(), self._limit.value(), self._password.text(), self._pdfs.isChecked()
        )

    def _weigh(self) -> None:
        if self._weighing is not None:
            self._weighing.cancel()
        collection, options = self._session.collection, self._options()
        self._size.setText("正在估算大小…")
        self._weighing = self._session.runner.run(
            lambda job: outlook(collection, options, job.is_cancelled),
            self._show_outlook,
            lambda error: self._size.setText(str(error)),
            owner=self,
        )

    def _show_outlook(self, found: Outlook) -> None:
        if not found.certificates:
            told = "没有需要录入的证书。"
        elif not found.dpi:
            told = f"{found.certificates} 本证书、{found.pictures} 页，图像缩到最小也要 {size_text(found.size)}，请调大上限。"
        else:
            told = f"{found.certificates} 本证书、{found.pictures} 页，约 {size_text(found.size)}；图像缩到 {found.dpi} dpi。"
        self._size.setText(told)
        self._export.setEnabled(bool(found.certificates and found.dpi) and self._job is None)

    def _show_state(self) -> None:
        running = self._job is not None
        self._bar.setVisible(running)
        self._open.setVisible(self._exported is not None and not running)
        self._export.setEnabled(not running)
        self._close.setText(texts.CANCEL if running else texts.CLOSE)

    def _on_password_text_changed(self) -> None:
        self._meaning.setText(WITH if self._password.text() else WITHOUT)
        set_look(self._meaning, "role", "caption")
        self._timer.start()

    def _on_choose_clicked(self) -> None:
        chosen = files.choose_folder(self, "随身录入包保存到", Path(self._folder.text()))
        if chosen is not None:
            self._folder.setText(str(chosen))

    def _on_export_clicked(self) -> None:
        if self._password.text() != self._again.text():
            self._meaning.setText(DIFFERENT)
            set_look(self._meaning, "role", "field-error")
            self._again.setFocus()
            return
        collection, options = self._session.collection, self._options()
        folder = Path(self._folder.text().strip()).expanduser()
        self._exported = None
        self._banner.say(PLAIN, "正在导出…")
        self._bar.setRange(0, 0)
        self._job = self._session.runner.run(
            lambda job: export(collection, folder, options, job.progress, job.is_cancelled),
            self._on_exported,
            self._on_failed,
            progress=self._on_progressed,
            ended=self._on_ended,
            owner=self,
        )
        self._show_state()

    def _on_progressed(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._banner.say(PLAIN, f"正在导出 {what}（{done}/{total}）…")

    def _on_exported(self, exported: Exported) -> None:
        self._exported = exported
        former = f"原来的同名文件夹改名为 {exported.former.name}。" if exported.former else ""
        self._banner.say(
            RIGHT,
            f"已导出 {exported.certificates} 本证书，{size_text(exported.size)}：{exported.folder.name}。{former}"
            "回来后用“读回录入进度”取回标记。",
        )

    def _on_failed(self, error: UserError) -> None:
        self._banner.say(WRONG, str(error))

    def _on_ended(self) -> None:
        """A job that was stopped tells of nothing else."""
        if self._job is not None and self._job.cancelled and self._exported is None:
            self._banner.say(PLAIN, str(UserError("take_along_cancelled")))
        self._job = None
        self._show_state()

    def _on_open_clicked(self) -> None:
        if self._exported is not None:
            open_with_desktop(self._exported.folder)

    def _on_close_clicked(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._banner.say(PLAIN, "正在取消…")
        else:
            self.reject()
