"""What the output page says of a submission: who weighs most, who fits no mail, whose names need care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from certclerk.core.amounts import size_text
from certclerk.core.names import is_rare
from certclerk.core.submission import Document, Submission
from certclerk.gui.package.habits import SIZES, size_title
from certclerk.jobs.estimate import Mails

# Teachers that a line names.
NAMED = 5
MANY_MAILS = 3


def mails_words(mails: Mails, documents: int) -> str:
    parts = "按教师分成几个完整的压缩包，每封邮件一个" if mails.count > 1 else "一个压缩包"
    advice = "邮件太多时可以缩小图像，或改用网盘、U盘。" if mails.count >= MANY_MAILS else ""
    return f"{documents} 份文档，约需 {mails.count} 封邮件（{parts}）。{advice}"


def heaviest_words(submission: Submission, sizes: Sequence[int]) -> str:
    """The largest documents, where there are several to tell apart; each is a link whose target is the teacher's id."""
    if len(sizes) < 2:
        return ""
    largest = sorted(range(len(sizes)), key=lambda index: (-sizes[index], index))[:NAMED]
    told = "、".join(
        f'<a href="{submission.documents[index].teacher_id}">{escape(_known(submission.documents[index]))}</a> '
        f"{size_text(sizes[index])}"
        for index in largest
    )
    return f"最大的 {len(largest)} 份（点姓名去看）：{told}"


def helping_sizes(chosen: str, too_large: Mapping[str, int]) -> tuple[str, ...]:
    """The smaller sizes than ``chosen`` at which fewer documents are too large for a mail, as far as it is known: by
    size, how many are. Those that are known come first, the best of them before the others.
    """
    keys = [key for key, _, _ in SIZES]
    most = too_large[chosen]
    helping = [key for key in keys[keys.index(chosen) + 1 :] if too_large.get(key, 0) < most]
    return tuple(sorted(helping, key=lambda key: too_large.get(key, most)))


def too_large_words(
    submission: Submission, sizes: Sequence[int], too_large: Sequence[int], helping: Iterable[str]
) -> str:
    """Before anything is made: which teachers' documents, by number, no mail can take, and what to press."""
    if not too_large:
        return ""
    told = [f"{_known(submission.documents[each])}（{size_text(sizes[each])}）" for each in too_large[:NAMED]]
    more = f" 等 {len(too_large)} 名教师" if len(too_large) > NAMED else ""
    smaller = [f"“{size_title(key)}”" for key, _, _ in SIZES if key in set(helping)]
    smaller_words = f"图像大小改选{'或'.join(smaller)}，或" if smaller else ""
    return (
        f"{'、'.join(told)}{more}的文档单独就超过每封邮件的上限，邮箱会拒收。"
        f"请把{smaller_words}报送方式改为网盘、U盘；也可以先在名册中暂缓。"
    )


def same_names_words(submission: Submission) -> str:
    """What the files of teachers are called whose name alone does not tell them apart."""
    files = [document.file_name for document in submission.told_apart()]
    return f"同名教师的文件名加上附件1的序号：{_several(files)}" if files else ""


def beyond_gbk(submission: Submission) -> str:
    """The names that an old ZIP cannot hold, empty where it can hold them all."""
    names = (submission.filing.unit, *(document.name for document in submission.documents))
    return _several([name for name in dict.fromkeys(names) if any(map(is_rare, name))])


def _several(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _known(document: Document) -> str:
    """As the file is called: two of one name are told apart."""
    return document.file_name.rpartition(".")[0]
