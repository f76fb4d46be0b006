"""Who differs between two copies as lines, with a tick on whoever is to be taken over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor

from certclerk.core.records import Page
from certclerk.core.two_copies import Comparison, Pair, Standing
from certclerk.gui import style
from certclerk.gui.copies import words
from certclerk.gui.icons import icon
from certclerk.gui.ticked import EXCLUSIVE_ROLE, UNDER_ROLE, Index, Role, TickModel
from certclerk.jobs.two_copies import Choice

WHO, STATE, WHAT = range(3)
HEADS = ("教师", "状态", "不同之处")


@dataclass(frozen=True, slots=True)
class Line:
    """Of a pair as a whole or, with ``as_own``, of one way to settle who it is; without a pair, of the other's tray."""

    pair: Pair | None
    as_own: bool | None = None


class CopiesModel(TickModel):
    """Those who are not the same in both copies, nobody ticked at first::

      教师                         | 状态             | 不同之处
    [ ] 3 张三                     | ✎ 两份不同       | 备注、封面
        5 李娜                     | ? 可能不是同一位 | 身份证号码
        ( ) 同一位，用另一份的     |                  | 这一份的改为另一份的样子
        ( ) 另一位，加入名册       |                  | 两位都在名册里，这一份的不动
    [x] 8 陈明                     | + 只在另一份     | 这一份的名册里没有
    [ ] 另一份待归位的 2 页        | 只在另一份       | 这一份里没有这些页
        9 王新                     | - 只在这一份     | 保留

    ``ticked``: something else is ticked now.
    """

    _lines: list[Line]
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__(HEADS)
        self._tray: tuple[Page, ...] = ()
        # By pair, whether it is to come in as somebody else.
        self._chosen: dict[Pair, bool] = {}
        self._takes_tray = False
        self._writable = True

    def show(self, comparison: Comparison, *, writable: bool) -> None:
        """What was ticked stays so where it is as it was."""
        self.beginResetModel()
        pairs = [pair for standing in words.STATES for pair in comparison.pairs if pair.standing is standing]
        self._takes_tray = self._takes_tray and comparison.tray == self._tray
        self._tray, self._writable = comparison.tray, writable
        self._chosen = {pair: self._chosen[pair] for pair in pairs if pair in self._chosen}
        self._lines = list(_lines(pairs, tray=bool(comparison.tray), ways=writable))
        self.endResetModel()
        self.ticked.emit()

    def line(self, row: int) -> Line | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, line: Line | None) -> int:
        """The first row where that line stands no more."""
        return self._lines.index(line) if line in self._lines else 0

    def choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(pair, as_own) for pair, as_own in self._chosen.items())

    def tray(self) -> tuple[Page, ...]:
        """The pages of the other's tray that are to be taken."""
        return self._tray if self._takes_tray else ()

    @property
    def waiting(self) -> tuple[Page, ...]:
        """The pages of the other's tray that can be taken."""
        return self._tray

    def count(self, standing: Standing) -> int:
        return sum(line.pair is not None and line.pair.standing is standing for line in self._lines)

    def toggle(self, rows: Sequence[int]) -> None:
        """Ticks them all, or none where all of them are ticked. A doubt is only settled by a row on its own."""
        meant = [self._lines[row] for row in rows]
        lines = [
            line
            for line in meant
            if self._tick(line) is not None and (line.as_own is None or len(meant) == 1)
        ]
        wanted = not all(self._tick(line) == Qt.CheckState.Checked for line in lines)
        for line in lines:
            self._set(line, wanted)
        self._tell()

    def tick_all(self, standing: Standing) -> None:
        for line in self._lines:
            if line.pair is not None and line.pair.standing is standing:
                self._set(line, True)
        self._tell()

    def untick_all(self) -> None:
        self._chosen.clear()
        self._takes_tray = False
        self._tell()

    # What Qt asks

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], index.column()
        if role in (UNDER_ROLE, EXCLUSIVE_ROLE):
            return line.as_own is not None
        if role == Role.CheckStateRole:
            return self._tick(line) if column == WHO else None
        if role in (Role.DisplayRole, Role.ToolTipRole):
            return self._texts(line)[column]
        if role == Role.AccessibleTextRole:
            return words.spoken(self._texts(line)) if column == WHO else self._texts(line)[column]
        if role == Role.ForegroundRole:
            return QColor(
                _tone(line).ink if column == STATE else style.QUIET if column == WHAT else style.INK
            )
        if role == Role.DecorationRole and column == STATE and line.as_own is None:
            tone = _tone(line)
            return icon(tone.sign, tone.ink)
        return None

    def _texts(self, line: Line) -> tuple[str, str, str]:
        if line.pair is None:
            return f"另一份待归位的 {len(self._tray)} 页", "只在另一份", "这一份里没有这些页"
        if line.as_own is not None:
            return words.WAYS[line.as_own], "", words.OUTCOMES[line.as_own]
        return words.who(line.pair), words.STATES[line.pair.standing], words.what(line.pair)

    # Ticks

    def _tick(self, line: Line) -> Qt.CheckState | None:
        """None where there is nothing to tick: who is only here stays, and a doubt is settled by its ways."""
        if not self._writable:
            return None
        if line.pair is None:
            return _state(self._takes_tray)
        if line.as_own is not None:
            return _state(self._chosen.get(line.pair) is line.as_own)
        if line.pair.standing in (Standing.ONLY_HERE, Standing.DOUBTFUL):
            return None
        return _state(line.pair in self._chosen)

    def _set(self, line: Line, wanted: bool) -> None:
        if line.pair is None:
            self._takes_tray = wanted
        elif wanted:
            self._chosen[line.pair] = bool(line.as_own)
        else:
            self._chosen.pop(line.pair, None)

    def _tell(self) -> None:
        if self._lines:
            self.dataChanged.emit(self.index(0, WHO), self.index(len(self._lines) - 1, WHO))
        self.ticked.emit()


def _lines(pairs: Iterable[Pair], *, tray: bool, ways: bool) -> Iterable[Line]:
    """``ways``: a doubt can be settled. Who is only here, of whom nothing can be taken, stands last."""
    stay = []
    for pair in pairs:
        if pair.standing is Standing.ONLY_HERE:
            stay.append(Line(pair))
            continue
        yield Line(pair)
        if ways and pair.standing is Standing.DOUBTFUL:
            yield from (Line(pair, as_own) for as_own in words.WAYS)
    if tray:
        yield Line(None)
    yield from stay


def _tone(line: Line) -> style.Tone:
    return words.TONES[line.pair.standing] if line.pair is not None else words.TRAY_TONE


def _state(ticked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
