"""Expected failures, each a code, its facts and one Chinese sentence for the clerk.

A sentence says what happened, what was kept and what to do. Anything that is not a
:class:`UserError` is a bug and is reported as one.
"""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # notice profiles
    "notice_not_found": "找不到通知配置“{name}”。请从列表中另选一个，或用 --notice 给出 .toml 文件的路径。",
    "notice_unreadable": "无法读取通知配置 {file}：{reason}。请检查文件后重试。",
    "notice_broken": "通知配置 {file} 有误：{key} {reason}。请改正后重试；已有的采集不受影响。",
}


class UserError(Exception):
    """A failure the clerk can understand and act on.

    ``code`` is a key of :data:`SENTENCES`; ``facts`` fill the sentence's braces.
    ``str(error)`` is the whole Chinese sentence.
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(SENTENCES[code].format(**facts))
