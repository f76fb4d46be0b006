"""Second page of the import wizard, over a filled roster: what the table would change, for the clerk to pick."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QWidget, QWizard

from certclerk.core.errors import UserError
from certclerk.core.merging import GROUPS
from certclerk.gui import style
from certclerk.gui.buttons import button, chip, show_count
from certclerk.gui.flow_layout import FlowLayout
from certclerk.gui.importing.merge_model import MergeModel
from certclerk.gui.importing.merge_table import MergeTable
from certclerk.gui.importing.request import ImportRequest
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, WRONG, Banner, Step
from certclerk.jobs.roster_preview import Plan, Proposal, State, compare, merge

# Object name of a chip, and whom it shows.
CHIPS: tuple[tuple[str, State | None], ...] = (
    ("mergeAll", None),
    ("mergeDoubtful", State.DOUBTFUL),
    ("mergeChanged", State.CHANGED),
    ("mergeNew", State.NEW),
    ("mergeMissing", State.MISSING),
    ("mergeUnchanged", State.UNCHANGED),
)


class MergePage(Step):
    """Comparing happens in a worker; 下一步 is 导入 and takes everything ticked in one change."""

    NAME = "核对合并"
    HINT = "打勾的才会写入名册，扫描页、暂缓和确认都不受影响。空格键勾选，回车到下一位。"

    def __init__(self, request: ImportRequest) -> None:
        super().__init__()
        self._request = request
        self._compared: Proposal | None = None
        self._state: State | None = None
        self.setButtonText(QWizard.WizardButton.NextButton, "导入(&I)")
        self._banner = Banner("mergeBanner")
        self._chips = {state: chip(name) for name, state in CHIPS}
        self._chip_group = QButtonGroup(self)
        self._all_same = button("没定的都是同一个人", "allSameButton")
        self._all_other = button("没定的都是另一个人", "allOtherButton")
        self._groups = QWidget()
        self._group_checks = {group: _group_check(group) for group in GROUPS}
        self._model = MergeModel()
        self._table = MergeTable(self._model)
        self._lay_out()
        for state, shown in self._chips.items():
            shown.clicked.connect(lambda _checked=False, state=state: self._show_state(state))
        self._all_same.clicked.connect(lambda: self._decide_alike(True))
        self._all_other.clicked.connect(lambda: self._decide_alike(False))
        for group, check in self._group_checks.items():
            check.clicked.connect(lambda _checked=False, group=group: self._toggle_group(group))
        self._model.replanned.connect(self._on_model_replanned)

    def initializePage(self) -> None:
        """What was ticked stays where the clerk only went back and came again."""
        request = self._request
        proposal, layout = request.proposal, request.layout
        assert proposal is not None
        assert layout is not None
        if proposal is self._compared:
            return
        self._compared, request.plan = proposal, None
        self._show_content(False)
        self._banner.say(PLAIN, "正在与名册比对…")
        teachers, notice = request.session.teachers(), request.session.notice

        def take(plan: Plan) -> None:
            if proposal is self._compared:
                self._show_plan(plan)

        request.session.runner.run(lambda _job: compare(teachers, proposal, layout, notice), take, owner=self)

    def isComplete(self) -> bool:
        return self._request.plan is not None and not self._request.plan.undecided

    def validatePage(self) -> bool:
        plan = self._request.plan
        assert plan is not None
        try:
            merged = merge(self._request.session.collection, plan)
        except UserError as error:
            self._banner.say(WRONG, str(error))
            return False
        self._request.merged = merged
        self._request.imported = merged.touched
        return True

    # Showing

    def _show_plan(self, plan: Plan) -> None:
        self._show_content(True)
        self._take(plan)
        self._show_state(State.DOUBTFUL if plan.undecided else None)
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_state(self, state: State | None) -> None:
        self._state = state
        self._chips[state].setChecked(True)
        self._model.show(self._request.plan, state)
        self._table.scrollToTop()
        if self._model.rowCount():
            self._table.go_to(0)

    def _on_model_replanned(self) -> None:
        assert self._model.plan is not None
        self._take(self._model.plan)

    def _decide_alike(self, same: bool) -> None:
        assert self._request.plan is not None
        self._take(self._request.plan.decide_alike(same))
        self._show_state(self._state)
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, plan: Plan) -> None:
        self._request.plan = plan
        counts = plan.counts()
        for state, shown in self._chips.items():
            show_count(shown, state, len(plan.entries) if state is None else counts[state])
        for offer in (self._all_same, self._all_other):
            offer.setVisible(plan.undecided > 1)
        self._show_groups(plan)
        self._show_banner(plan)
        self.completeChanged.emit()

    def _show_groups(self, plan: Plan) -> None:
        """A tick for each kind of step, which takes or leaves all of them at once."""
        groups = plan.groups()
        for group, check in self._group_checks.items():
            wanted, total = groups.get(group, (0, 0))
            check.setVisible(total > 0)
            check.setText(f"{group} {wanted}/{total}")
            check.setAccessibleName(f"{group}，采用 {wanted} 处，共 {total} 处")
            check.setCheckState(
                Qt.CheckState.Checked
                if wanted == total
                else Qt.CheckState.PartiallyChecked
                if wanted
                else Qt.CheckState.Unchecked
            )
        self._groups.setVisible(bool(groups))

    def _toggle_group(self, group: str) -> None:
        assert self._request.plan is not None
        wanted, total = self._request.plan.groups()[group]
        self._model.want_group(group, wanted < total)

    def _show_banner(self, plan: Plan) -> None:
        counts, taken = plan.counts(), plan.wanted()
        if plan.undecided:
            self._banner.say(
                DOUBTFUL, f"有 {plan.undecided} 位不能确定是不是名册里的人，请逐一选定；全部选定后才能导入。"
            )
        elif taken:
            self._banner.say(PLAIN, f"将采用打勾的 {taken} 处；整批是一步，导入后可以撤销。")
        elif counts[State.UNCHANGED] == len(plan.entries):
            self._banner.say(RIGHT, "表里的内容与名册完全一致，没有需要改的。")
        else:
            self._banner.say(PLAIN, "没有打勾的改动，名册会保持原样。")

    def _show_content(self, shown: bool) -> None:
        for widget in (self._chip_row, self._groups, self._table):
            widget.setVisible(shown)

    def _lay_out(self) -> None:
        self._chip_row = QWidget()
        chips = QHBoxLayout(self._chip_row)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(style.HALF)
        for shown in self._chips.values():
            self._chip_group.addButton(shown)
            chips.addWidget(shown)
        chips.addStretch(1)
        chips.addWidget(self._all_same)
        chips.addWidget(self._all_other)
        self._groups.setAccessibleName("按项目勾选")
        groups = FlowLayout(self._groups, style.WIDE)
        for check in self._group_checks.values():
            groups.addWidget(check)
        layout = self.body
        layout.addWidget(self._banner)
        layout.addWidget(self._chip_row)
        layout.addWidget(self._groups)
        layout.addWidget(self._table, 1)
        layout.addStretch(0)


def _group_check(group: str) -> QCheckBox:
    check = QCheckBox()
    check.setObjectName(f"groupCheck{group}")
    check.setTristate(True)
    return check
