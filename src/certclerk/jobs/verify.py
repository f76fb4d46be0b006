"""Proving what lies on the disk: a submission folder against its manifest, a collection against its hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from certclerk.collection import Collection, Damage, open_collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Roster, Trashed
from certclerk.core.time_left import Progress, in_stages
from certclerk.jobs.compare import compared, known_file
from certclerk.output.problem import Problem
from certclerk.output.verify import Report as Report
from certclerk.output.verify import verify_folder
from certclerk.system.files import explaining

# The kinds of file that a submission is made of.
PARTS = frozenset({".zip", ".pdf", ".xlsx", ".eml", ".json"})


def verify(
    path: Path,
    progress: Progress = lambda _done, _total, _what: None,
    *,
    password: str = "",
    collection: Collection | None = None,
    check: Callable[[], None] = lambda: None,
) -> Report:
    """A folder is taken for a submission, a file for a collection; with ``collection`` for a file it submitted.

    ``password`` is the file's, or that of the folder's ZIPs; ``check`` is called all the while and may raise to stop. Raises UserError where ``path`` is neither (``path_missing``,
    ``not_a_submission``, ``collection_not_one``…), is only a part of a submission (``only_a_part``), or cannot be
    read.
    """
    if not path.exists():
        raise UserError("path_missing", path=path)
    if path.is_dir():
        reading, comparing = in_stages(progress, (1.0, 1.0 if collection else 0.0))
        report = verify_folder(path, password=password, progress=reading, check=check)
        return compared(collection, path, report, password, comparing) if collection else report
    if collection is not None:
        with explaining(path):
            return known_file(collection, path)
    if path.suffix.lower() in PARTS:
        raise UserError("only_a_part", file=path.name)
    try:
        with open_collection(path, read_only=True, password=password) as opened:
            return _report(path, opened.examine((progress, check)))
    except UserError as error:
        if error.code != "collection_damaged":
            raise
        return Report((Problem(error.code, path.name, str(error)),))


def examined(collection: Collection, progress: Progress, check: Callable[[], None]) -> Report:
    """The same of a collection that is open; call it in a worker. ``check`` may raise to stop."""
    return _report(collection.path, collection.examine((progress, check)))


def _report(path: Path, found: tuple[Damage, ...]) -> Report:
    return Report(
        tuple(Problem(damage.code, path.name, damage.message) for damage in found if not damage.is_note),
        notes=tuple(damage.message for damage in found if damage.is_note),
    )


def document(report: Report) -> dict[str, Any]:
    """The JSON form of a report."""
    return {
        "ok": report.ok,
        "documents": report.documents,
        "problems": [asdict(problem) for problem in report.problems],
        "notes": list(report.notes),
    }


def lines(report: Report) -> Iterator[str]:
    """What was found, for reading."""
    yield from (problem.message for problem in report.problems)
    yield from report.notes
    if report.outdated:
        yield f"与生成时一致；采集之后有改动（{len(report.problems)} 处），报送包已过期。"
    elif not report.ok:
        yield f"校验没有通过：有 {len(report.problems)} 处不一致。"
    elif report.documents:
        yield f"校验通过：{report.documents} 份文档和所有附件都与生成时一致。"
    elif report.manifest is not None:
        yield "校验通过：所有文件都与生成时一致；压缩包有密码，里面的文档没有逐份打开。"
    elif report.notes:
        yield "校验通过。"
    else:
        yield "校验通过：采集文件完好。"


def page_problems(
    file_name: str, damaged: frozenset[str], roster: Roster, trash: Iterable[Trashed], notice: Notice
) -> Iterator[Problem]:
    """Of the pages whose files' hashes are among the ``damaged``."""
    for teacher in roster.teachers:
        for page in teacher.pages():
            if page.sha256 in damaged and page.slot:
                label = notice.slot(page.slot).label
                message = f"第{teacher.serial}号 {teacher.name} 的{label}（{page.source}）图像数据已损坏，请重新扫描。"
                yield Problem("page_damaged", file_name, message)
    for page in (*roster.tray, *(trashed.page for trashed in trash)):
        if page.sha256 in damaged:
            yield Problem("page_damaged", file_name, f"待归位或回收站中的 {page.source} 图像数据已损坏。")
