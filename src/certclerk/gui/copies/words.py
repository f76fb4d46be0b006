"""What is said of two copies: which is newer, how their teachers stand to each other, and what taking over does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from certclerk.core.differences import EMPTY
from certclerk.core.fields import PERSON_FIELDS, title
from certclerk.core.lineage import Kinship
from certclerk.core.two_copies import Comparison, Difference, Pair, Standing
from certclerk.core.wording import named
from certclerk.gui import style
from certclerk.gui.importing.merge_model import certificate_words
from certclerk.gui.scan.page_figures import moment_text
from certclerk.jobs.two_copies import Taken

HERE, THERE = "这一份", "另一份"

HEADINGS = {
    # Equal copies have no heading of their own: one of these was made in the midst of an opening.
    Kinship.SAME: "两份出自同一次打开，其中一份早一些。",
    Kinship.OLDER: "另一份较新：它是从这一份接着改下去的。",
    Kinship.NEWER: "这一份较新：它是从另一份接着改下去的。",
    Kinship.FORKED: "两份分开改过，各有对方没有的改动。",
}
ALL_SAME = "两份的教师和扫描页都相同。"
NEWER_ELSEWHERE = "另一份较新，不过没有可取的教师和扫描页。"
HINT = "打勾的改为另一份的样子，没有打勾的不动；空格键打勾。"
ALL_HERE = "另一份里的教师和扫描页，这一份都有了。"
READ_ONLY = "这一份是以只读方式打开的：可以对照，不能取得。"
# The standings that are shown, in the order in which they are.
STATES = {
    Standing.DIFFERENT: "两份不同",
    Standing.DOUBTFUL: "可能不是同一位",
    Standing.ONLY_THERE: "只在另一份",
    Standing.ONLY_HERE: "只在这一份",
}
TONES = {
    Standing.DIFFERENT: style.Tone(style.ACCENT, style.ACCENT_TINT, "pencil"),
    Standing.ONLY_THERE: style.Tone(style.GREEN, style.GREEN_TINT, "add"),
    Standing.DOUBTFUL: style.Tone(style.AMBER, style.AMBER_TINT, "question"),
    Standing.ONLY_HERE: style.Tone(style.GREY, style.GREY_TINT, "dash"),
}
# The ways to settle a doubt, by whether the person there is taken in as somebody else.
WAYS = {False: "同一位，用另一份的", True: "另一位，加入名册"}
OUTCOMES = {False: "这一份的改为另一份的样子", True: "两位都在名册里，这一份的不动"}
TRAY_TONE = style.Tone(style.ACCENT, style.ACCENT_TINT, "pages")


def heading(comparison: Comparison) -> str:
    """Which copy is newer or, where that is of no account any more, that nothing is left to take."""
    same = all(pair.standing is Standing.SAME for pair in comparison.pairs) and not comparison.tray
    if same and comparison.kinship is not Kinship.OLDER:
        return ALL_SAME
    if not nothing_to_take(comparison):
        return HEADINGS[comparison.kinship]
    return NEWER_ELSEWHERE if comparison.kinship is Kinship.OLDER else ALL_HERE


def who(pair: Pair) -> str:
    """Number and name, as the copy has them that the row is about."""
    teacher = pair.here or pair.there
    assert teacher is not None
    return f"{teacher.serial} {named(teacher.name)}"


def what(pair: Pair) -> str:
    """What differs, in a line."""
    if pair.standing is Standing.ONLY_HERE:
        return "保留"
    if pair.standing is Standing.ONLY_THERE:
        return "这一份的名册里没有"
    return "、".join(each.what for each in pair.differences)


def sides(pair: Pair) -> tuple[Difference, ...]:
    """What differs, each with what is here and there; of who is in one copy only, all there is."""
    if pair.here is not None and pair.there is not None:
        return tuple(
            replace(each, here=each.here or EMPTY, there=each.there or EMPTY) for each in pair.differences
        )
    teacher = pair.here or pair.there
    assert teacher is not None
    told = [(title(field), str(getattr(teacher, field))) for field in PERSON_FIELDS]
    told += [("证书", certificate_words(one)) for one in teacher.certificates]
    return tuple(
        Difference(label, value, "") if pair.here else Difference(label, "", value)
        for label, value in told
        if value
    )


def counted(comparison: Comparison) -> str:
    """How many of each standing, those that are the same last."""
    counts = Counter(pair.standing for pair in comparison.pairs)
    shown = [f"{word} {counts[standing]} 位" for standing, word in STATES.items() if counts[standing]]
    same = f"{counts[Standing.SAME]} 位两份相同"
    if not counts[Standing.SAME]:
        return f"{'，'.join(shown)}。" if shown else ""
    return f"{'，'.join(shown)}；另有 {same}。" if shown else f"{same}。"


def nothing_to_take(comparison: Comparison) -> bool:
    """Whether all teachers and pages of the other copy are in this one too."""
    settled = (Standing.SAME, Standing.ONLY_HERE)
    return not comparison.tray and all(pair.standing in settled for pair in comparison.pairs)


def amount(teachers: int, pages: int) -> str:
    """As it follows a verb; empty for nothing."""
    words = (f" {teachers} 位教师" if teachers else "", f"待归位的 {pages} 页" if pages else "")
    return "和".join(filter(None, words))


def effect(kept: Sequence[tuple[Pair, bool]], pages: int) -> str:
    """What taking over does. ``kept``: the pairs chosen, and whether as somebody else."""
    added = sum(pair.here is None or as_own for pair, as_own in kept)
    changed = len(kept) - added
    said = []
    if changed:
        said.append("所选教师的信息和扫描页改为另一份的样子")
        said.append("这一份里被替换的页放进回收站")
    if added:
        said.append(f"{added} 位教师连同扫描页加入名册")
    if pages:
        said.append(f"另一份待归位的 {pages} 页放进这一份的待归位")
    said.append("可以用“撤销”一次退回")
    return f"{'；'.join(said)}。另一份不会改动。"


def spoken(parts: Iterable[str]) -> str:
    """A line as a screen reader says it."""
    return "，".join(filter(None, parts))


def changed(moment: str) -> str:
    """When a copy was changed last; ``moment`` is ISO 8601, empty for never."""
    return f"最后改动 {moment_text(moment)}" if moment else "没有改动过"


def done(taken: Taken) -> str:
    """What was taken over."""
    told = (
        f"已取得 {taken.teachers} 位教师" if taken.teachers else "",
        f"放入 {taken.pages} 页" if taken.pages else "",
        f"没有取得 {len(taken.refused)} 处" if taken.refused else "",
    )
    return "，".join(filter(None, told)) + "。"
