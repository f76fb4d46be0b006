"""Every action of the window with its keys; menus and tool bar as lists; one place that enables and disables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from certclerk.gui import style, texts


class When(Enum):
    """What an action needs."""

    ALWAYS = auto()
    OPEN = auto()
    WRITABLE = auto()
    TEACHER = auto()
    UNDOABLE = auto()
    REDOABLE = auto()


@dataclass(frozen=True, slots=True)
class Spec:
    """``short`` is what the tool bar says where the menu says more; ``tip`` adds to the text."""

    name: str
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    when: When = When.OPEN
    short: str = ""
    tip: str = ""
    checkable: bool = False


SPECS: tuple[Spec, ...] = (
    Spec("actionNew", "新建采集…", "new", ("Ctrl+N",), When.ALWAYS),
    Spec("actionOpen", "打开采集…", "folder", ("Ctrl+O",), When.ALWAYS),
    Spec("actionImportRoster", "导入名册…", "import", ("Ctrl+I",), When.WRITABLE, "导入名册"),
    Spec(
        "actionPasteRoster",
        "从剪贴板导入名册…",
        "",
        ("Ctrl+Shift+V",),
        When.WRITABLE,
        "",
        "先在表格程序里选中名册，连同表头一起复制",
    ),
    Spec(
        "actionFromFiles",
        "从文件取页…",
        "pages",
        ("Ctrl+D",),
        When.WRITABLE,
        "从文件",
        "也可以把文件直接拖到页位或教师上",
    ),
    Spec(
        "actionPastePages",
        "粘贴图片",
        "",
        ("Ctrl+V",),
        When.WRITABLE,
        "",
        "聊天、浏览器里复制的图片，或复制的图片文件",
    ),
    Spec(
        "actionWatchFolder",
        "监视文件夹…",
        "watch",
        ("Ctrl+M",),
        When.WRITABLE,
        "监视文件夹",
        "扫描仪存进来的文件自动收入",
        checkable=True,
    ),
    Spec(
        "actionStack",
        "成叠扫描件…",
        "pages",
        ("Ctrl+Shift+D",),
        When.WRITABLE,
        "成叠",
        "按名册次序扫好的一叠，一次分给各位教师",
    ),
    Spec(
        "actionScan",
        "扫描下一页",
        "scan",
        ("F5",),
        When.WRITABLE,
        "扫描",
        "到横幅写明的位置，然后转到下一个缺页",
    ),
    Spec("actionTakeBack", "收回上一页", "", ("Backspace",), When.WRITABLE, "", "刚收到的一页放进回收站"),
    Spec("actionRetake", "重扫这一页", "", ("Shift+F5",), When.TEACHER, "", "新的一页替换它，原来的在回收站"),
    Spec("actionInsertPage", "在这一页前插入", "", ("Ctrl+F5",), When.TEACHER),
    Spec(
        "actionAbsent",
        texts.MARK_ABSENT,
        "dash",
        ("F6",),
        When.TEACHER,
        "",
        "证书没有横幅写明的这一页，写明原因",
    ),
    Spec("actionScanner", "扫描仪…", "", (), When.WRITABLE, "", "选一台扫描仪，设定分辨率、颜色和幅面"),
    Spec("actionAdvance", "页齐后转到下一位", checkable=True),
    Spec("actionFiling", "报送信息…", "pencil"),
    Spec("actionPackage", "生成报送包…", "package", ("Ctrl+P",), When.WRITABLE, "生成报送包"),
    Spec("actionSubmissions", "报送记录…", "package", tip="报过什么、办到哪一步、以后改了什么"),
    Spec("actionPassword", "采集文件密码…", when=When.WRITABLE),
    Spec("actionVerify", "校验报送包…", "verify", (), When.ALWAYS),
    Spec("actionBackups", "备份…", tip="有哪些备份，立即备份，备份到U盘"),
    Spec("actionRestore", "从备份恢复…", "", (), When.ALWAYS, "", "采集文件丢了、坏了，或要找回以前的样子"),
    Spec(
        "actionCompareCopies",
        "与另一份比较…",
        "",
        (),
        When.OPEN,
        "",
        "U盘、另一台电脑上的同一份采集：逐位对照，取回那边的改动",
    ),
    Spec(
        "actionArchive",
        "归档并清除…",
        "",
        (),
        When.WRITABLE,
        "",
        "报送完成以后：先写一份校验过的归档，再从这台电脑上清除个人信息",
    ),
    Spec("actionHealthCheck", "检查采集文件…", "", (), When.OPEN, "", "每一页的图像和每一条记录都核对一遍"),
    Spec("actionClose", "关闭采集", "", ("Ctrl+W",)),
    Spec("actionQuit", "退出", "", ("Ctrl+Q",), When.ALWAYS, "", "改动都已保存，随时可以退出"),
    Spec("actionUndo", texts.UNDO, "undo", ("Ctrl+Z",), When.UNDOABLE),
    Spec("actionRedo", texts.REDO, "redo", ("Ctrl+Y", "Ctrl+Shift+Z"), When.REDOABLE),
    Spec("actionAddTeacher", "添加教师", "add-person", ("Ctrl+T",), When.WRITABLE),
    Spec("actionAddCertificate", "添加证书", "add", (), When.TEACHER),
    Spec("actionMoveUp", "上移", "up", ("Alt+Up",), When.TEACHER),
    Spec("actionMoveDown", "下移", "down", ("Alt+Down",), When.TEACHER),
    Spec("actionExclude", "设为不纳入…", "dash", (), When.TEACHER),
    Spec("actionHold", "暂缓…", "pause", (), When.TEACHER),
    Spec("actionReadmit", "恢复纳入", "", (), When.TEACHER),
    Spec("actionSign", "本人已核对", "", (), When.TEACHER),
    Spec("actionUnsign", "取消本人核对", "", (), When.TEACHER),
    Spec("actionRemoveTeacher", "删除教师", "trash", ("Ctrl+Del",), When.TEACHER),
    Spec("actionExportRoster", "导出名册…", "table", tip="存为表格，再导入时一项不少"),
    Spec("actionRosterTemplate", "空白模板…", "new", tip="发给教师填写的空表"),
    Spec("actionAudit", "摸底审核表…", "verify"),
    Spec("actionChase", "催交名单…", "warning", tip="谁还缺什么"),
    Spec("actionSignatures", "本人核对表…", "pencil", tip="打印、签名、打勾"),
    Spec("actionReceive", "收证", "", ("F7",), When.TEACHER, "", "所选证书的原件今天交来了"),
    Spec("actionGiveBack", "还证", "", ("Shift+F7",), When.TEACHER, "", "所选证书的原件今天还给本人"),
    Spec("actionCustodyDays", "收还证日期…", "", (), When.TEACHER),
    Spec("actionReceipts", "收还证签收表…", "pencil", tip="谁的证书收了、还了，打印签名"),
    Spec("actionKeyIn", "录入窗口", "table", ("F9",), When.OPEN, "", "逐项复制到审批系统，录一本勾一本"),
    Spec("actionKeyInSheet", "打印录入单…", tip="每本证书一格，大字，录一本勾一本"),
    Spec("actionKeyInSummary", "录入汇总…", tip="录了多少，哪些没有录成、为什么"),
    Spec("actionTakeAlong", "随身录入包…", tip="窗口的电脑不是学校的：拷到U盘，用浏览器打开"),
    Spec("actionTakeBackTicks", "读回录入进度…", "", (), When.WRITABLE, "", "把窗口电脑上的标记取回来"),
    Spec("actionAppointment", "录入时间…", tip="哪几天到窗口录入，地址和电话，加入日历"),
    Spec("actionTrash", f"{texts.TRASH}…", "trash", tip="删除和替换下来的页，可以放回原处"),
    Spec("actionFind", "查找教师", "search", ("Ctrl+F",)),
    Spec("actionFindNext", "查找下一个", "", ("F3",)),
    Spec("actionFindPrevious", "查找上一个", "", ("Shift+F3",)),
    Spec("actionNextMissing", "下一位缺页的教师", "next", ("Ctrl+Down",), When.OPEN, "下一位"),
    Spec("actionWideRoster", "完整名册表", "table", ("F4",), checkable=True),
    Spec("actionColumns", "选择名册的列…", ""),
    Spec("actionFindings", "检查栏", "warning", ("F8",), When.OPEN, "检查", checkable=True),
    Spec("actionGoRoster", "转到名册", "", ("Ctrl+1",)),
    Spec("actionGoScan", "转到扫描页", "", ("Ctrl+2",)),
    Spec("actionGoFindings", "转到检查", "", ("Ctrl+3",)),
    Spec("actionKeys", "快捷键", "", ("F1",), When.ALWAYS),
    Spec("actionCodes", "问题一览", "", (), When.ALWAYS),
    Spec("actionAbout", "关于", "info", (), When.ALWAYS),
)

LINE = ""
RECENT = "menuRecent"
TEXT_PAGES = "menuTextPages"
MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "文件(&F)",
        (
            "actionNew", "actionOpen", RECENT, LINE,
            "actionImportRoster", "actionPasteRoster", "actionFromFiles", "actionStack", LINE,
            "actionFiling", "actionPackage", "actionSubmissions", "actionVerify", LINE,
            "actionBackups", "actionRestore", "actionCompareCopies", LINE,
            "actionHealthCheck", "actionPassword", "actionArchive", LINE,
            "actionClose", "actionQuit",
        ),
    ),
    (
        "编辑(&E)",
        (
            "actionUndo", "actionRedo", LINE,
            "actionAddTeacher", "actionAddCertificate", "actionMoveUp", "actionMoveDown", LINE,
            "actionExclude", "actionHold", "actionReadmit", LINE,
            "actionSign", "actionUnsign", LINE,
            "actionRemoveTeacher", "actionTrash", LINE,
            "actionFind", "actionFindNext", "actionFindPrevious",
        ),
    ),
    (
        "扫描(&S)",
        (
            "actionScan", "actionTakeBack", "actionRetake", "actionInsertPage", "actionAbsent", LINE,
            "actionWatchFolder", "actionPastePages", LINE,
            "actionNextMissing", "actionAdvance", TEXT_PAGES, LINE,
            "actionScanner",
        ),
    ),
    (
        "名册(&R)",
        (
            "actionExportRoster", "actionRosterTemplate", LINE,
            "actionAudit", "actionChase", "actionSignatures", LINE,
            "actionReceive", "actionGiveBack", "actionCustodyDays", "actionReceipts",
        ),
    ),
    (
        "录入(&K)",
        (
            "actionKeyIn", "actionKeyInSheet", "actionKeyInSummary", LINE,
            "actionTakeAlong", "actionTakeBackTicks", LINE,
            "actionAppointment",
        ),
    ),
    (
        "查看(&V)",
        (
            "actionWideRoster", "actionColumns", "actionFindings", LINE,
            "actionGoRoster", "actionGoScan", "actionGoFindings",
        ),
    ),
    ("帮助(&H)", ("actionKeys", "actionCodes", LINE, "actionAbout")),
)  # fmt: skip
STRETCH = "stretch"
TOOL_BAR = (
    "actionImportRoster", "actionAddTeacher", LINE,
    "actionScan", "actionFromFiles", "actionWatchFolder", "actionNextMissing", LINE,
    "actionUndo", "actionRedo", LINE,
    "actionFindings", "actionKeyIn", STRETCH,
    "actionPackage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides which actions can be used and what they say. The labels are empty where there is nothing to
    take back; ``undo_end`` is then what ended the history, if anything did. ``trash`` counts the pages in it.
    """

    open: bool = False
    writable: bool = False
    teacher: bool = False
    undo: str = ""
    redo: str = ""
    undo_end: str = ""
    trash: int = 0


def make_actions(parent: QObject) -> dict[str, QAction]:
    """All of them by object name, their shortcuts alive in the whole window of ``parent``."""
    return {spec.name: _make(spec, parent) for spec in SPECS}


def add_icons(actions: Mapping[str, QAction]) -> None:
    """Painting them takes a tenth of the start-up, so the window asks for them once it is on the screen."""
    from certclerk.gui import icons

    for spec in SPECS:
        if spec.icon:
            ink = style.PANEL if spec.name == "actionPackage" else style.INK
            actions[spec.name].setIcon(icons.icon(spec.icon, ink))
            actions[spec.name].setIconVisibleInMenu(ink == style.INK)


def refresh(actions: Mapping[str, QAction], now: Situation) -> None:
    """Enables what can be used now, and lets 撤销 and 重做 say what they would do."""
    usable = {
        When.ALWAYS: True,
        When.OPEN: now.open,
        When.WRITABLE: now.writable,
        When.TEACHER: now.writable and now.teacher,
        When.UNDOABLE: now.writable and bool(now.undo),
        When.REDOABLE: now.writable and bool(now.redo),
    }
    for spec in SPECS:
        actions[spec.name].setEnabled(usable[spec.when])
    for name, word, label in (("actionUndo", texts.UNDO, now.undo), ("actionRedo", texts.REDO, now.redo)):
        text = f"{word}：{label}" if label else word
        actions[name].setText(text)
        actions[name].setToolTip(f"{text}（{_keys(actions[name])}）")
    if now.undo_end:
        actions["actionUndo"].setToolTip(f"{now.undo_end}，此前的改动不能再撤销")
    actions["actionTrash"].setText(f"{texts.TRASH}（{now.trash} 页）…" if now.trash else f"{texts.TRASH}…")


def key_lines() -> list[str]:
    """Every shortcut and what it does, for reading."""
    return [
        f"{' 或 '.join(_readable(key) for key in spec.keys)}\t{spec.text.rstrip('…')}"
        for spec in SPECS
        if spec.keys
    ]


def _make(spec: Spec, parent: QObject) -> QAction:
    action = QAction(spec.text, parent)
    action.setObjectName(spec.name)
    action.setIconText(spec.short or spec.text.rstrip("…"))
    action.setShortcuts([QKeySequence(key) for key in spec.keys])
    action.setCheckable(spec.checkable)
    words = spec.text.rstrip("…") + (f"：{spec.tip}" if spec.tip else "")
    action.setToolTip(f"{words}（{_keys(action)}）" if spec.keys else words)
    return action


def _keys(action: QAction) -> str:
    return _readable(action.shortcut().toString())


def _readable(key: str) -> str:
    for word, sign in (("Down", "↓"), ("Up", "↑"), ("Del", "Delete")):
        key = key.replace(word, sign)
    return key
