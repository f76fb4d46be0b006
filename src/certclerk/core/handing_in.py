"""What goes with a submission that is not mailed: a short note of what is handed in."""

from __future__ import annotations

from collections.abc import Sequence

from certclerk.core.amounts import size_text
from certclerk.core.dates import chinese
from certclerk.core.submission import Submission
from certclerk.core.submission_record import Delivery

# What the clerk fills in, or asks of who receives it.
_LAST = {
    Delivery.NET_DRIVE: "下载链接：　　　　　　　提取码：　　　　",
    Delivery.USB_STICK: "U盘请在拷出后归还。",
}


def drive_note(
    submission: Submission, folder: str, files: Sequence[tuple[str, int]], delivery: Delivery
) -> str:
    """``files`` are names and sizes in bytes of all that is in ``folder``, by its name."""
    filing = submission.filing
    whole = size_text(sum(size for _, size in files))
    lines = (
        submission.mail_subject,
        f"报送单位：{filing.unit}　经办人：{filing.clerk}　联系电话：{filing.phone}",
        f"填报时间：{chinese(submission.day)}　教师 {len(submission.documents)} 名，"
        f"证书 {submission.certificate_count} 本",
        submission.mail_note,
        f"{delivery.label}中的文件夹“{folder}”，共 {len(files)} 个文件、{whole}：",
        *(f"{number}. {name}（{size_text(size)}）" for number, (name, size) in enumerate(files, 1)),
        "文件夹里的校验清单可以用来核对文件是否完整。",
        _LAST.get(delivery, ""),
    )
    return "\n".join(filter(None, lines)) + "\n"
