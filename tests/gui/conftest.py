"""A small collection, made through the doors the program uses, and the session of a window on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import apsw
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, create_collection
from certclerk.core.identity import check_character
from certclerk.core.notice import Notice
from certclerk.core.records import (
    Filing,
    Page,
    ProposedCertificate,
    ProposedPage,
    ProposedTeacher,
)
from certclerk.core.submission import plan
from certclerk.core.submission_json import as_json
from certclerk.core.submission_record import SubmissionRecord, SubmittedFile, Terms, content_of
from certclerk.gui import files, style
from certclerk.gui.main_window import MainWindow
from certclerk.gui.scan.page_placing import find_page
from certclerk.gui.session import Session
from certclerk.imaging import examine


def pytest_configure(config: pytest.Config) -> None:
    """The offscreen platform has no window manager and no keyboard to grab, and says so."""
    for said in ("propagateSizeHints", r"raise\(\)", "grabbing the keyboard"):
        config.addinivalue_line("qt_log_ignore", said)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """With its start page, of a clerk of whom nothing is remembered."""
    folder = tmp_path / "user"
    folder.mkdir()
    made = MainWindow(folder)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def damage(path: Path, table: str = "teacher") -> None:
    """Zeros over the first page of a table."""
    with closing(apsw.Connection(str(path))) as connection:
        root = int(str(connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).get))
        size = int(connection.pragma("page_size"))
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))


NAMES = ("王芳", "李娜", "张三", "阿依古丽·买买提", "䶮一鸣", "陈明")
SUBJECTS = ("语文", "数学", "英语", "音乐", "物理", "化学")


def id_number(index: int, sex: str) -> str:
    """An invented number with a right check character."""
    digits = f"3505021985{index % 12 + 1:02}15{index // 5 % 100:02}{1 if sex == '男' else 2}"
    return digits + check_character(digits)


def proposed_teacher(index: int, *, certificates: int = 1) -> ProposedTeacher:
    """Teacher ``index`` (from 0): everything right, so that nothing but pages is missing."""
    sex = "男" if index % 2 else "女"
    kinds = (("高级中学", "4"), ("初级中学", "3"))
    return ProposedTeacher(
        name=NAMES[index % len(NAMES)] + ("" if index < len(NAMES) else str(index)),
        sex=sex,
        id_number=id_number(index, sex),
        serial=index + 1,
        certificates=tuple(
            ProposedCertificate(
                kind=kind,
                subject=SUBJECTS[index % len(SUBJECTS)],
                number=f"201335005{digit}{1 if sex == '男' else 2}{index:06}",
                authority="泉州市教育局",
                issued="2013-07-01",
            )
            for kind, digit in kinds[:certificates]
        ),
    )


@pytest.fixture(autouse=True)
def looks(qapp: QApplication) -> None:
    """Every test sees the program's own style."""
    if qapp.styleSheet() != style.style_sheet():
        style.apply(qapp)


@pytest.fixture
def collection(tmp_path: Path, quanzhou: Notice) -> Iterator[Collection]:
    """Six teachers: 1 王芳 has all her pages, 3 张三 has two certificates, nobody else has a page."""
    with create_collection(
        tmp_path / "泉州第一中学.certclerk", quanzhou, Filing("泉州第一中学", "王五", "22138813")
    ) as made:
        with made.change("导入名册") as change:
            change.add_teachers(proposed_teacher(i, certificates=2 if i == 2 else 1) for i in range(6))
        complete(made, made.roster().teachers[0].id)
        yield made


def complete(collection: Collection, teacher_id: int) -> None:
    """One page in every slot of every certificate."""
    teacher = collection.teacher(teacher_id)
    assert teacher is not None
    with collection.change("放入页") as change:
        for certificate in teacher.certificates:
            for slot in collection.notice.slots:
                change.add_page(
                    stored_page(collection, f"{teacher.name}{slot.label}{certificate.id}"),
                    certificate_id=certificate.id,
                    slot=slot.id,
                )


def stored_page(collection: Collection, source: str) -> ProposedPage:
    """A page whose stored bytes are no picture: enough where nobody looks at it."""
    sha256 = collection.add_blob(source.encode(), "image/jpeg")
    return ProposedPage(sha256, 0, "image/jpeg", 1713, 2421, 300.0, f"{source}.jpg")


@pytest.fixture
def session(collection: Collection) -> Iterator[Session]:
    made = Session(collection)
    yield made
    made.refreshing.close()
    made.sources.close()
    made.runner.close()


@dataclass
class Asked:
    """What file dialogs were opened, and what the clerk answers: set ``answer`` before."""

    answer: tuple[Path, ...] = ()
    questions: tuple[files.Question, ...] = ()


@pytest.fixture
def file_dialogs(monkeypatch: pytest.MonkeyPatch) -> Asked:
    asked = Asked()

    def answer(_parent: object, question: files.Question) -> tuple[Path, ...]:
        asked.questions += (question,)
        return asked.answer

    monkeypatch.setattr(files, "ask", answer)
    return asked


# Real pictures, for those who look at them


@pytest.fixture
def scan_file(tmp_path: Path) -> Callable[..., Path]:
    """Draws a small JPEG: ``scan_file("封面.jpg", colour="red", size=(60, 84))``, each name its own bytes."""

    def draw(name: str, colour: str = "white", size: tuple[int, int] = (60, 84)) -> Path:
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        image.setText("Comment", name)
        assert image.save(str(path), "JPEG", 90)
        return path

    return draw


@pytest.fixture
def put_page(session: Session, scan_file: Callable[..., Path]) -> Callable[..., Page]:
    """A drawn page in a slot, or for no certificate in the tray; returns it as it lies there."""

    def put(
        name: str, certificate_id: int | None = None, slot: str = "", colour: str = "white", **drawn: Any
    ) -> Page:
        data = scan_file(name, colour, **drawn).read_bytes()
        frame = examine(data, name)[0]
        sha256 = session.collection.add_blob(data, frame.media_type)
        proposed = ProposedPage(sha256, 0, frame.media_type, frame.width, frame.height, frame.dpi, name)
        with session.collection.change("放入页") as change:
            page_id = change.add_page(
                proposed, certificate_id=certificate_id, slot=slot or None, reason="名册中没有文件名里的姓名"
            )
        found = find_page(session, page_id)
        assert found is not None
        return found

    return put


@pytest.fixture
def add_teachers(collection: Collection) -> Callable[[int], None]:
    """That many more, each right but for the pages."""

    def add(count: int) -> None:
        first = len(collection.roster().teachers)
        with collection.change("导入名册") as change:
            change.add_teachers(map(proposed_teacher, range(first, first + count)))

    return add


@pytest.fixture
def submit() -> Callable[..., None]:
    """Records a submission of everybody who is in, as packaging does, without its files."""
    return _submit


def _submit(collection: Collection, **values: Any) -> None:
    roster, day = collection.roster(), date(2017, 3, 10)
    submission = plan(replace(roster, filing=roster.filing.on(day)), collection.notice, day)
    record = SubmissionRecord(
        moment=collection.moment(),
        day=day,
        folder="",
        teachers=len(submission.documents),
        mails=1,
        terms=Terms("original", 30, False, False, {}),
        files=(
            SubmittedFile("泉州第一中学.zip", 52_000_000, "0" * 64),
            SubmittedFile("校验清单.json", 4_000, "1" * 64),
        ),
        left_out=submission.left_out,
        content=content_of(submission, roster.filing.filled_on),
    )
    with collection.change("生成报送包") as change:
        change.record_submission(as_json(replace(record, **values)))
