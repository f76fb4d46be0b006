"""随身录入包: what is keyed in at the counter on a USB stick, for a computer that is not the school's, and back."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.appointment import countdown
from certclerk.core.booklet import page_dpi
from certclerk.core.errors import UserError
from certclerk.core.key_ticks import Taken, news, read_ticks
from certclerk.core.keying import KeyEntry, key_digest
from certclerk.core.names import is_han, safe_file_name
from certclerk.core.notice import Notice
from certclerk.core.page_forms import JPEG
from certclerk.core.recipe import edited_size
from certclerk.core.records import Page
from certclerk.core.submission import document_name, ordered_pages
from certclerk.imaging import page_image, render
from certclerk.jobs import counter
from certclerk.output.archive import ArchiveWriter, entry_name
from certclerk.output.document import write_document
from certclerk.output.encrypted import add_locked, locked_name
from certclerk.output.take_along import Picture, TakenAlong, TakenEntry, write_take_along
from certclerk.system.files import (
    ensured_folder,
    explaining,
    folder_aside,
    open_private,
    replace_folder,
    require_space,
    sync,
)

MB = 10**6
LIMIT_MB = 60.0
PAGE_FILE = "随身录入.html"
PDF_FOLDER = "证书PDF"
PDF_ARCHIVE = "证书PDF（加密）.zip"
GUIDE_FILE = "使用说明.txt"
LARGEST_STATE = 16 * MB

# dpi on paper and JPEG quality, the best first; below the last a seal's words cannot be read any more.
LOOKS = ((200, 75), (150, 70), (130, 65), (110, 60), (100, 55), (85, 50), (72, 45))
# Pages really made, to learn what all of them will take; and the room kept for what they do not tell.
SAMPLES = 12
MARGIN = 1.08
# Base64, and the elements around each picture; bytes of a record, of a PDF besides its pictures, of the page itself.
BASE64 = 4 / 3
RECORD_BYTES = 3_000
DOCUMENT_BYTES = 2_000
BASE_BYTES = 60_000

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """``limit_mb`` of 10⁶ bytes is for the whole folder; a ``password`` locks the page and the ``pdfs``."""

    day: date
    limit_mb: float = LIMIT_MB
    password: str = ""
    pdfs: bool = True


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an export would hold; ``dpi`` of its pictures, 0 where no look keeps it within the limit."""

    certificates: int
    pictures: int
    size: int
    dpi: int


@dataclass(frozen=True, slots=True)
class Exported:
    """``former`` is where an earlier folder of that name went; ``size`` in bytes."""

    folder: Path
    page: Path
    certificates: int
    size: int
    dpi: int
    former: Path | None


def outlook(
    collection: Collection, options: Options, cancelled: Callable[[], bool] = lambda: False
) -> Outlook:
    """How large an export will be, in the best look that stays within the limit; makes some of its pictures."""
    entries = counter.entries(collection)
    pages = _pages(entries, collection.notice)
    for dpi, quality in LOOKS:
        size = _expected(collection, entries, pages, options, (dpi, quality), cancelled)
        if size <= options.limit_mb * MB:
            return Outlook(len(entries), len(pages), size, dpi)
    return Outlook(len(entries), len(pages), size, 0)


def export(
    collection: Collection,
    parent: Path,
    options: Options,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Exported:
    """Writes the folder into ``parent``; callable in a worker.

    Raises UserError ``take_along_empty``, ``take_along_too_large``, ``take_along_cancelled``, ``page_damaged`` and
    the faults of the disk; what stood in ``parent`` is then as it was.
    """
    entries = counter.entries(collection)
    if not entries:
        raise UserError("take_along_empty")
    pages = _pages(entries, collection.notice)
    final = parent / safe_file_name(f"随身录入_{_unit(collection)}_{options.day.isoformat()}")
    for look in LOOKS:
        expected = _expected(collection, entries, pages, options, look, cancelled)
        if expected > options.limit_mb * MB:
            continue
        with ensured_folder(parent), folder_aside(final) as aside:
            require_space(parent, expected)
            with explaining(final):
                _write(collection, aside, entries, options, look, progress, cancelled)
                size = sum(file.stat().st_size for file in aside.rglob("*") if file.is_file())
            if size > options.limit_mb * MB:
                continue
            _stop_if(cancelled)
            former = replace_folder(aside, final)
        return Exported(final, final / PAGE_FILE, len(entries), size, look[0], former)
    raise UserError("take_along_too_large", most=f"{options.limit_mb:g}")


def take_back(collection: Collection, path: Path) -> Taken:
    """Takes the ticks of a state file over, in one change; of each certificate the later word stands.

    Raises UserError ``ticks_damaged``, ``ticks_not_ones``, ``ticks_of_another`` and the faults of the disk.
    """
    with explaining(path):
        if path.stat().st_size > LARGEST_STATE:
            raise UserError("ticks_not_ones", file=path.name)
        data = path.read_bytes()
    ticks = read_ticks(data, path.name, collection.identity())
    certificates = [each.id for teacher in collection.roster().teachers for each in teacher.certificates]
    taken = news(ticks, collection.keyings(), certificates)
    if taken.ticks:
        with collection.change(f"读回录入进度 {len(taken.ticks)} 本") as change:
            for tick in taken.ticks:
                change.set_keying(tick.certificate_id, tick.keying())
    return taken


def _unit(collection: Collection) -> str:
    return collection.notice.official_name(collection.filing().unit)


def _pages(entries: Iterable[KeyEntry], notice: Notice) -> tuple[Page, ...]:
    return tuple(page for entry in entries for page in ordered_pages(entry.certificate, notice))


def _expected(
    collection: Collection,
    entries: Sequence[KeyEntry],
    pages: Sequence[Page],
    options: Options,
    look: tuple[int, int],
    cancelled: Callable[[], bool],
) -> int:
    """Bytes of the whole folder."""
    seen, made = 0.0, 0
    for page in pages[:: max(1, len(pages) // SAMPLES)][:SAMPLES]:
        _stop_if(cancelled)
        # A damaged page is told when it is to be written.
        with suppress(UserError):
            made += len(_picture(collection, page, look))
            seen += _area(page, look)
    pictures = sum(_area(page, look) for page in pages) * made / seen if seen else 0
    size = pictures * BASE64 + RECORD_BYTES * len(entries) + BASE_BYTES
    if options.pdfs:
        size += pictures + DOCUMENT_BYTES * len({entry.teacher.id for entry in entries})
    return round(size * MARGIN)


def _area(page: Page, look: tuple[int, int]) -> float:
    """Px that the page has in that look."""
    width, height = edited_size(page.width, page.height, page.recipe)
    return width * height * _share(page, look) ** 2


def _share(page: Page, look: tuple[int, int]) -> float:
    return min(1.0, look[0] / page_dpi(page))


def _picture(collection: Collection, page: Page, look: tuple[int, int]) -> bytes:
    read = collection.picture(page)
    most_px = round(max(edited_size(page.width, page.height, page.recipe)) * _share(page, look))
    return render(
        read.data,
        read.media_type,
        read.frame,
        page.rotation,
        most_px,
        recipe=page.recipe,
        quality=look[1],
        name=page.source,
    )


def _write(
    collection: Collection,
    folder: Path,
    entries: Sequence[KeyEntry],
    options: Options,
    look: tuple[int, int],
    progress: Progress,
    cancelled: Callable[[], bool],
) -> None:
    total = len(_pages(entries, collection.notice))
    # No more than the limit holds; the PDFs show the same pictures.
    made: dict[int, bytes] = {}

    def picture(page: Page, name: str) -> bytes:
        _stop_if(cancelled)
        progress(len(made), total, name)
        made[page.id] = _picture(collection, page, look)
        return made[page.id]

    with open_private(folder / PAGE_FILE) as stream:
        write_take_along(stream, _taken(collection, entries, options, picture), options.password)
        sync(stream)
    with open_private(folder / GUIDE_FILE) as stream:
        stream.write(_guide(options).encode("utf-8-sig"))
        sync(stream)
    if options.pdfs:
        _write_documents(_documents(collection.notice, entries, made, look), folder, options)


def _taken(
    collection: Collection,
    entries: Sequence[KeyEntry],
    options: Options,
    picture: Callable[[Page, str], bytes],
) -> TakenAlong:
    notice, contact = collection.notice, collection.notice.contact
    appointment = counter.appointment(collection)
    unit = _unit(collection)
    return TakenAlong(
        collection=collection.identity(),
        unit=unit,
        when=f"录入时间 {countdown(appointment, options.day)}" if appointment else "",
        place="　".join(filter(None, (contact.address, contact.office, contact.person, contact.phone))),
        state_file=safe_file_name(f"录入进度_{unit}.json"),
        entries=tuple(_taken_entry(entry, notice, picture) for entry in entries),
    )


def _taken_entry(entry: KeyEntry, notice: Notice, picture: Callable[[Page, str], bytes]) -> TakenEntry:
    teacher, certificate = entry.teacher, entry.certificate
    labels = {slot.id: slot.label for slot in notice.slots}
    return TakenEntry(
        entry=entry,
        title=f"{teacher.serial} {teacher.name}",
        short=certificate.kind,
        find=_found_by(teacher.name, teacher.id_number, certificate.number),
        row=key_digest(entry.fields),
        pictures=tuple(
            Picture(labels[page.slot or ""], partial(picture, page, teacher.name))
            for page in ordered_pages(certificate, notice)
        ),
    )


def _found_by(name: str, *numbers: str) -> str:
    from pypinyin import Style, lazy_pinyin

    han = "".join(filter(is_han, name))
    spelled = ("".join(lazy_pinyin(han, style=style)) for style in (Style.NORMAL, Style.FIRST_LETTER))
    return " ".join((name, *spelled, *numbers)).lower()


def _documents(
    notice: Notice, entries: Sequence[KeyEntry], made: Mapping[int, bytes], look: tuple[int, int]
) -> Iterator[tuple[str, bytes]]:
    """The file names of the teachers' PDFs, and what they hold."""
    names = Counter(_file_key(entry.teacher.name) for entry in entries if entry.number == 1)
    for teacher, own in groupby(entries, key=attrgetter("teacher")):
        images = [
            replace(
                page_image(made[page.id], JPEG, 0, 0, name=page.source),
                dpi=page_dpi(page) * _share(page, look),
            )
            for page in _pages(own, notice)
        ]
        stream = io.BytesIO()
        write_document(stream, teacher.name, images)
        yield (
            document_name(teacher.name, teacher.serial, notice, same=names[_file_key(teacher.name)] > 1),
            stream.getvalue(),
        )


def _write_documents(documents: Iterable[tuple[str, bytes]], folder: Path, options: Options) -> None:
    """Beside a locked page they are locked too, in one ZIP under the same password."""
    if options.password:
        with open_private(folder / PDF_ARCHIVE) as stream:
            archive = ArchiveWriter(stream, options.day)
            for name, data in documents:
                add_locked(archive, locked_name(entry_name(name, legacy=False)), (data,), options.password)
            archive.finish()
            sync(stream)
        return
    (folder / PDF_FOLDER).mkdir(mode=0o700)
    for name, data in documents:
        with open_private(folder / PDF_FOLDER / name) as stream:
            stream.write(data)
            sync(stream)


def _file_key(name: str) -> str:
    return safe_file_name(name).casefold()


def _guide(options: Options) -> str:
    locked = (
        f"打开时要输入密码；“{PDF_ARCHIVE}”用同一个密码，要用 7-Zip、WinRAR 或 Bandizip 解开。\n"
        "密码没有存在任何地方，忘记了只能重新导出。\n"
        "密码保护的是U盘丢失时文件里的内容；不能防止解锁后有人看屏幕、拍照，也不能防止那台电脑上的病毒。"
        if options.password
        else "这个文件夹没有密码，里面有身份证号码和证书图像：请随身保管，不要拷给别人，用完删除。"
    )
    return (
        f"1. 双击“{PAGE_FILE}”，用浏览器打开；不需要联网。\n"
        "2. 数字键复制对应的一项，空格复制下一项，回车标为已录入并转到下一本。\n"
        "3. 标记保存在那台电脑的浏览器里；离开前请点“下载进度文件”，拷回U盘。\n"
        "4. 回到学校，在菜单“录入”里点“读回录入进度…”，选这个文件。\n"
        f"{locked}\n"
    )


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise UserError("take_along_cancelled")
