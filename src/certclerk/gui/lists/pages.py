"""The lists that come out of the roster, as the clerk chooses among them."""

from __future__ import annotations

from dataclasses import dataclass

from certclerk.jobs.roster_lists import ListKind


@dataclass(frozen=True, slots=True)
class Page:
    """``hint`` says what the list is for, ``empty`` what stands in its place where it has no row.

    ``first`` is the object name of the button that most clerks come for. ``told``: its text is shown below the table,
    to be changed and copied.
    """

    kind: ListKind
    name: str
    icon: str
    hint: str
    empty: str
    first: str
    told: bool = False


PAGES = (
    Page(
        ListKind.ROSTER,
        "导出名册",
        "table",
        "存为表格后可以在 Excel 或 WPS 中继续填写，再导入。扫描页、确认和纳入决定不在表里，仍留在采集文件中。",
        "名册里还没有教师。",
        "saveWorkbookButton",
    ),
    Page(
        ListKind.TEMPLATE,
        "空白模板",
        "new",
        "发给年级组或教师填写的空表：号码列已设为文本，性别、种类、机构有下拉列表，并附填写说明。",
        "",
        "saveWorkbookButton",
    ),
    Page(
        ListKind.AUDIT,
        "摸底审核表",
        "verify",
        "全校教师逐一审核的结果：纳入、待定、暂缓、不纳入各多少人、什么原因、哪些人。",
        "名册里还没有教师。",
        "printButton",
    ),
    Page(
        ListKind.CHASE,
        "催交名单",
        "warning",
        "谁还缺什么。文字里没有身份证号码，可以先改几个字，再复制到工作群。",
        "没有需要催交的教师。",
        "copyTextButton",
        told=True,
    ),
    Page(
        ListKind.SIGNATURES,
        "本人核对表",
        "pencil",
        "打印后请教师逐项核对、签名，再在这里打勾。表里有身份证号码，请当面传阅、收回，不要发到群里。",
        "没有需要核对的教师。",
        "printButton",
    ),
    Page(
        ListKind.CUSTODY,
        "收还证签收表",
        "pencil",
        "证书原件交来、领回时请本人签名；收证按 F7，还证按 Shift+F7。下面的文字催还没交的人，没有号码，可以发到群里。",
        "没有需要收的证书。",
        "printButton",
        told=True,
    ),
    Page(
        ListKind.KEYING,
        "录入汇总",
        "table",
        "在审批系统里录了多少本，哪些没有录成、为什么。标记在录入窗口（F9）里做。",
        "没有需要录入的证书。",
        "printButton",
    ),
)
