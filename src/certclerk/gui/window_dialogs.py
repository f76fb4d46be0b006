"""The window's own small dialogs: keys, codes, about, reports. Each is imported when it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from certclerk.gui import texts
from certclerk.gui.showing import show

if TYPE_CHECKING:
    from pathlib import Path

    from certclerk.gui.session import Session


def show_keys(parent: QWidget) -> None:
    from certclerk.gui.actions import key_lines

    _list(parent, "keysDialog", "快捷键", "用键盘也能完成全部工作：", (*key_lines(), *OTHER_KEYS))


def show_codes(parent: QWidget) -> None:
    from certclerk.gui.findings.codes_dialog import CodesDialog

    show(CodesDialog(parent))


def show_about(parent: QWidget) -> None:
    from PySide6.QtCore import qVersion

    from certclerk import __version__

    lines = (
        f"版本 {__version__}（Qt {qVersion()}）",
        "",
        "本程序在本机处理全部资料；除了所选的网络扫描仪，不连接网络。",
        "采集文件含有个人信息，请妥善保管，不要放到公用的电脑上。",
        "",
        "本程序按 MIT 许可证发布；内置字体取自思源黑体（Noto Sans CJK SC），按 SIL OFL 1.1 许可证使用。",
    )
    _list(parent, "aboutDialog", "关于", texts.PROGRAM, lines)


def show_stack(parent: QWidget, session: Session) -> None:
    from certclerk.gui.stack.dialog import StackDialog

    show(StackDialog(session, parent))


def show_trash(parent: QWidget, session: Session) -> None:
    from certclerk.gui.trash_dialog import TrashDialog

    show(TrashDialog(session, parent))


def show_package(parent: QWidget, session: Session, *, supplement: bool = False) -> None:
    from certclerk.gui.package.wizard import PackageWizard

    show(PackageWizard(session, parent, supplement=supplement))


def show_health(parent: QWidget, session: Session, open_path: Callable[[Path, str], object]) -> None:
    from certclerk.gui.health.dialog import HealthDialog

    show(HealthDialog(session, open_path, parent))


def show_records(parent: QWidget, session: Session) -> None:
    from certclerk.gui.records.dialog import RecordsDialog

    dialog = RecordsDialog(session, parent)
    dialog.supplement_wanted.connect(lambda: show_package(parent, session, supplement=True))
    show(dialog)


def show_appointment(parent: QWidget, session: Session) -> None:
    from certclerk.gui.appointment.dialog import AppointmentDialog

    show(AppointmentDialog(session, parent))


def show_key_in(parent: QWidget, session: Session, folder: Path) -> None:
    """One such window of a collection: it is raised where it is open already."""
    from certclerk.gui.key_in.view import KeyInView

    view = parent.findChild(KeyInView, "keyInView") or KeyInView(session, folder, parent)
    view.show()
    view.raise_()
    view.activateWindow()


def show_key_in_sheet(parent: QWidget, session: Session) -> None:
    from certclerk.gui.key_in.printing import preview_sheet

    preview_sheet(parent, session)


def show_take_along(parent: QWidget, session: Session) -> None:
    from certclerk.gui.key_in.take_along_dialog import TakeAlongDialog

    show(TakeAlongDialog(session, parent))


def take_ticks_back(parent: QWidget, session: Session) -> None:
    from certclerk.gui.key_in import taking_back

    taking_back.take_ticks_back(parent, session)


def show_refused(parent: QWidget, headline: str, lines: Iterable[str]) -> None:
    _list(parent, "refusedDialog", "没有收入的文件", headline, lines)


OTHER_KEYS = (
    "",
    "直接输入、F2 或双击\t名册：修改格子",
    "Enter、Shift+Enter\t名册：下一行、上一行",
    "Tab、Shift+Tab\t完整名册表：下一格、上一格，行尾转到下一行",
    "Alt+↓\t名册：填写时列出可选的内容",
    "Ctrl+C、Ctrl+X、Ctrl+V\t完整名册表：复制、剪切、粘贴一块格子",
    "Ctrl+D\t完整名册表：把上面一格填到所选格子",
    "Ctrl+Enter\t完整名册表：填写时填满所选格子",
    "Delete\t完整名册表：清空所选格子",
    "Shift+空格\t完整名册表：选中整行",
    "拖动序号\t名册：调整教师的次序",
    "Esc\t离开完整名册表",
    "Enter\t待归位：采用建议，或选择页位；回收站：放回原处",
    "F2 或 M\t待归位：移动页到…",
    "Insert、Delete\t成叠扫描件：空一格；抽出一页，或去掉空格",
    "空格\t本人核对表：给当前教师打勾，或去掉",
    "空格\t与另一份比较：给所选的教师打勾，或去掉",
    "1–9、0\t录入窗口：复制那一项",
    "空格\t录入窗口：复制下一项",
    "Enter\t录入窗口：标为已录入，转到下一本",
    "F2、Delete\t录入窗口：有问题…；取消标记",
    "PageDown、PageUp\t录入窗口：下一本、上一本",
    "/、F3\t录入窗口：查找；显示扫描页，或收起",
)


def _list(parent: QWidget, name: str, title: str, headline: str, lines: Iterable[str]) -> None:
    from certclerk.gui.list_dialog import ListDialog

    show(ListDialog(parent, name, title, headline, lines))
