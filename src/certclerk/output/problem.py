"""What can be wrong with a submission folder, each as a sentence for the clerk."""

from __future__ import annotations

from dataclasses import dataclass

# The one that is no fault of the folder's.
COLLECTION_CHANGED = "collection_changed"
MESSAGES = {
    "manifest_missing": "文件夹里没有校验清单，无法证明其余文件是否原样。请找回原来的报送包，或重新生成。",
    "manifest_damaged": "校验清单“{file}”已损坏或被改动，无法证明其余文件是否原样。请重新生成报送包。",
    "manifest_renamed": "校验清单“{original}”被改名为“{file}”。",
    "file_missing": "缺少“{file}”。",
    "archive_missing": "缺少压缩包“{file}”，其中有{documents}。",
    "file_renamed": "“{original}”被改名为“{file}”，内容没有变。",
    "file_added": "文件夹里多出“{file}”，它不是这次报送的内容。",
    "folder_added": "文件夹里多出文件夹“{file}”，它不是这次报送的内容。",
    "file_exchanged": "“{file}”的内容其实是“{other}”的。",
    "file_unreadable": "“{file}”读不出来（{reason}）。",
    "file_changed": "“{file}”已被改动。",
    "annex_changed": "“{file}”已被改动，或用办公软件重新保存过。",
    "annex_cell": "“{file}”里{difference}。",
    "draft_wrong": "邮件草稿“{file}”里的收件人、正文或附件不是应有的那些。",
    "not_recorded": "校验清单“{file}”不是采集里记录的任何一份，内容也与采集不一致：可能是采集改过，也可能有人改了报送包并重写了清单。",
    COLLECTION_CHANGED: "生成以后采集里有改动：{difference}。",
    "file_not_recorded": "采集里没有与“{file}”完全一致的报送文件：它不是从这份采集报送的，或已被改动。",
    "teacher_missing": "采集里的 {teacher} 应当报送，这份报送包里没有。",
    "teacher_unknown": "报送包里有 {teacher} 的“{entry}”，采集里没有这名要报送的教师。",
    "teacher_document": "{teacher} 的文档与采集不一致，也不是本程序生成的样子。",
    "teacher_pages": "{teacher} 的文档与采集不一致：{what}。",
    "draft_changed": "邮件草稿“{file}”已被改动。",
    "archive_broken": "压缩包“{file}”已损坏，打不开（原来{expected}字节，现在{size}字节）。",
    "archive_changed": "压缩包“{file}”已被改动：里面的文档都原样，但压缩包不是生成时的那一个。",
    "archive_locked_changed": "压缩包“{file}”有密码，已损坏或被改动。输入密码再校验一次，可以看出是哪一份文档。",
    "document_missing": "压缩包“{file}”里缺少{document}。",
    "document_renamed": "压缩包“{file}”里{document}被改名为“{entry}”。",
    "document_added": "压缩包“{file}”里多出“{entry}”，它不是这次报送的文档。",
    "document_copied": "压缩包“{file}”里多出“{entry}”，内容与{document}相同。",
    "document_repeated": "压缩包“{file}”里有{times}个“{entry}”。",
    "document_exchanged": "压缩包“{file}”里{document}的内容其实是{other}的。",
    "document_pages": "压缩包“{file}”里{document}的内容已被改动：{pages}。",
    "document_rewritten": "压缩包“{file}”里{document}已被改动：每一页的图像都原样，但文件不是生成时的那一个。",
    "document_changed": "压缩包“{file}”里{document}的内容已被改动。",
    "document_unreadable": "压缩包“{file}”里{document}已损坏或被换掉，读不出来。",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is a key of :data:`MESSAGES`; ``file`` is the file's name in the folder."""

    code: str
    file: str
    message: str


def problem(code: str, file: str, **facts: object) -> Problem:
    return Problem(code, file, MESSAGES[code].format(file=file, **facts))
