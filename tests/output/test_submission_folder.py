from __future__ import annotations

import errno
import io
import json
import os
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.page_image import PageImage
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Page
from certclerk.core.scope import Scope
from certclerk.core.submission import LeftOut, Submission
from certclerk.core.time_left import WHOLE
from certclerk.output.submission_folder import Result, write_submission
from certclerk.output.verify import verify_folder

from .conftest import DAY, Maker, draw, paint, sizes, source

FILES = {
    "泉州第一中学.zip",
    "附件1_泉州第一中学_采集名册.xlsx",
    "附件1_泉州第一中学_采集名册.pdf",
    "附件2_泉州第一中学_采集统计表.xlsx",
    "附件2_泉州第一中学_采集统计表.pdf",
    "邮件草稿.eml",
    "校验清单.json",
}


def documents(result: Result) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for file in sorted(result.folder.glob("*.zip")):
        with zipfile.ZipFile(file) as archive:
            found.update({name: archive.read(name) for name in archive.namelist()})
    return found


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_folder_holds_what_the_notice_asks(maker: Maker) -> None:
    result = maker.write(maker.plan())
    assert result.folder == maker.parent / "泉州第一中学_2032-03-01"
    assert {path.name for path in result.folder.iterdir()} == FILES
    assert {file.name: file.size for file in result.files} == {
        path.name: path.stat().st_size for path in result.folder.iterdir()
    }
    assert set(documents(result)) == {
        f"泉州第一中学/{name}.pdf" for name in ("王芳", "李娜", "张三", "阿依古丽·买买提")
    }
    assert result.documents == 4
    assert result.former is None
    assert [draft.name for draft in result.drafts] == ["邮件草稿.eml"]


def test_pages_are_in_order_and_their_bytes_untouched(maker: Maker) -> None:
    data = documents(maker.write(maker.plan()))["泉州第一中学/李娜.pdf"]
    pages = PdfReader(io.BytesIO(data)).pages
    streams = [page["/Resources"]["/XObject"]["/Page"]._data for page in pages]
    assert streams == [draw(f"02{position:02}").data for position in range(3)]


def test_what_was_written_verifies(maker: Maker) -> None:
    report = verify_folder(maker.write(maker.plan()).folder)
    assert report.problems == ()
    assert report.ok
    assert report.documents == 4


def test_the_manifest_lists_files_documents_and_who_is_not_in_it(maker: Maker) -> None:
    held = LeftOut(3, 3, "张三", Scope.HOLD, "缺备注页")
    folder = maker.write(replace(maker.plan(("王芳", "李娜")), left_out=(held,))).folder
    manifest = json.loads((folder / "校验清单.json").read_text(encoding="utf-8"))
    assert {file["name"] for file in manifest["files"]} == FILES - {"校验清单.json"}
    assert [(each["entry"], each["teacher"], len(each["pages"])) for each in manifest["documents"]] == [
        ("泉州第一中学/王芳.pdf", "王芳", 3),
        ("泉州第一中学/李娜.pdf", "李娜", 3),
    ]
    assert manifest["left_out"] == [{"serial": 3, "teacher": "张三", "scope": "hold", "reason": "缺备注页"}]
    assert manifest["day"] == "2032-03-01"


def test_two_builds_are_the_same_bytes(maker: Maker) -> None:
    submission = maker.plan()
    first, second = tree(maker.write(submission).folder), tree(maker.write(submission).folder)
    assert first == second


@pytest.mark.parametrize("legacy", [False, True])
def test_a_limit_splits_between_teachers(legacy: bool, maker: Maker) -> None:
    submission = maker.plan([f"教师{chr(0x4E00 + number)}" for number in range(9)])
    limit = 0.06
    result = maker.write(submission, limit_mb=limit, legacy=legacy)
    archives = sorted(path.name for path in result.folder.glob("*.zip"))
    count = len(archives)
    assert count > 1
    assert archives == [f"泉州第一中学（第{part}份，共{count}份）.zip" for part in range(1, count + 1)]
    assert {path.name for path in result.folder.glob("*.eml")} == {
        f"邮件草稿（第{part}封，共{count}封）.eml" for part in range(1, count + 1)
    }
    assert all(path.stat().st_size <= limit * 10**6 for path in result.folder.glob("*.eml"))
    assert result.over_limit == ()
    assert verify_folder(result.folder).documents == 9
    assert len(documents(result)) == 9


@pytest.mark.parametrize("profile", ["quanzhou", "invented"])
def test_names_of_any_length_and_kind_are_written_and_read_back(
    profile: str, made_for: Callable[[Notice], Maker], request: pytest.FixtureRequest
) -> None:
    maker = made_for(request.getfixturevalue(profile))
    names = (
        "阿依古丽·买买提" * 40,
        "阿依古丽·买买提" * 41,
        "aux .",
        "张三\u202efdp",
        "刘䶮😀",
        "Zoe\u0308",
        "ZO\u00cb",
    )
    made = maker.write(maker.plan(names=names, unit="泉州市附属实验小学" * 40), limit_mb=0.06)
    assert len(made.drafts) > 1
    assert made.documents == len(names)
    assert verify_folder(made.folder).ok


def test_one_teacher_too_large_for_a_mail_stands_alone_and_is_told(maker: Maker) -> None:
    result = maker.write(maker.plan(("王芳", "李娜")), limit_mb=0.001)
    assert len(list(result.folder.glob("*.zip"))) == 2
    assert result.over_limit == result.drafts


def test_without_a_mail_limit_there_is_one_archive_and_no_draft(maker: Maker) -> None:
    result = maker.write(maker.plan(), limit_mb=None)
    assert result.drafts == ()
    assert {path.name for path in result.folder.iterdir()} == FILES - {"邮件草稿.eml"}
    assert verify_folder(result.folder).ok


def test_an_earlier_folder_is_kept_beside(maker: Maker) -> None:
    folder = maker.write(maker.plan(("王芳",))).folder
    earlier = tree(folder)
    second = maker.write(maker.plan(("王芳", "李娜")))
    third = maker.write(maker.plan(("李娜",)))
    assert second.former == maker.parent / "泉州第一中学_2032-03-01_旧1"
    assert third.former == maker.parent / "泉州第一中学_2032-03-01_旧2"
    assert tree(second.former) == earlier
    assert third.folder == folder


def test_it_is_for_the_owner_alone(maker: Maker) -> None:
    if os.name != "posix":
        pytest.skip("modes are POSIX's")
    folder = maker.write(maker.plan()).folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def broken_source(page: Page) -> PageImage:
    if page.sha256.startswith("03"):
        raise UserError("blob_damaged", file="某.certclerk")
    return source(page)


def full_disk(page: Page) -> PageImage:
    if page.sha256.startswith("03"):
        raise OSError(errno.ENOSPC, "No space left on device")
    return source(page)


def failing_painter(table: PrintedTable) -> bytes:
    raise UserError("file_failed", path=table.file_stem, reason=table.title)


def attempt(maker: Maker, submission: Submission, **options: object) -> UserError:
    settings = {
        "page_source": source,
        "paint_annex": paint,
        "limit_mb": 30.0,
        "sizes": sizes(submission),
        **options,
    }
    with pytest.raises(UserError) as caught:
        write_submission(submission, maker.parent, **settings)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"page_source": broken_source}, "blob_damaged"),
        ({"page_source": full_disk}, "disk_full"),
        ({"paint_annex": failing_painter}, "file_failed"),
        ({"cancelled": lambda: True}, "package_cancelled"),
        ({"sizes": [10**18] * 4}, "no_space"),
    ],
)
@pytest.mark.parametrize("existing", [False, True])
def test_a_failure_leaves_everything_as_it_was(
    options: dict[str, object], code: str, existing: bool, maker: Maker
) -> None:
    if existing:
        maker.write(maker.plan(("王芳",)))
    before = tree(maker.parent)
    assert attempt(maker, maker.plan(), **options).code == code
    assert tree(maker.parent) == before
    assert maker.parent.exists() == existing


def test_cancelling_works_at_every_step(maker: Maker) -> None:
    steps = {what for _, _, what in follow(maker, [])}
    assert len(steps) == 16
    shutil.rmtree(maker.parent)
    for last in range(len(steps)):
        told: list[tuple[int, int, str]] = []
        with pytest.raises(UserError) as caught:
            follow(
                maker, told, cancelled=lambda told=told, last=last: len({what for _, _, what in told}) > last
            )
        assert caught.value.code == "package_cancelled"
        assert not maker.parent.exists()


def follow(
    maker: Maker, told: list[tuple[int, int, str]], cancelled: Callable[[], bool] = lambda: False
) -> list[tuple[int, int, str]]:
    """Writes the usual submission and returns what it said about its progress."""
    submission = maker.plan()
    write_submission(
        submission,
        maker.parent,
        page_source=source,
        paint_annex=paint,
        limit_mb=30,
        sizes=sizes(submission),
        progress=lambda *step: told.append(step),
        cancelled=cancelled,
    )
    return told


def test_progress_names_the_teacher_and_only_goes_forward(maker: Maker) -> None:
    told = follow(maker, [])
    assert [what for _, _, what in told[4:8]] == [
        "生成 王芳",
        "生成 李娜",
        "生成 张三",
        "生成 阿依古丽·买买提",
    ]
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert {total for _, total, _ in told} == {WHOLE}
    assert told[-1][0] == WHOLE


def test_what_is_on_the_disk_is_compared_with_what_was_written(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil_then_verify(folder: Path, **options: object):  # type: ignore[no-untyped-def]
        file = next(folder.glob("*.zip"))
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        return verify_folder(folder, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("certclerk.output.submission_folder.verify_folder", spoil_then_verify)
    error = attempt(maker, maker.plan())
    assert error.code == "read_back_failed"
    assert "泉州第一中学.zip" in str(error)
    assert not maker.parent.exists()


def test_what_a_killed_run_left_is_swept(maker: Maker) -> None:
    result = maker.write(maker.plan())
    abandoned = [path for path in maker.parent.iterdir() if path != result.folder]
    assert abandoned == []

    def killed(_page: Page) -> PageImage:
        (left,) = (path for path in maker.parent.iterdir() if path != result.folder)
        shutil.copytree(left, left.with_name(left.name.replace(".未完成", "x.未完成")))
        raise UserError("package_cancelled")

    attempt(maker, maker.plan(("王芳",), pages=1), page_source=killed)
    assert len(list(maker.parent.iterdir())) == 2
    maker.write(maker.plan())
    assert sorted(path.name for path in maker.parent.iterdir()) == [
        "泉州第一中学_2032-03-01",
        "泉州第一中学_2032-03-01_旧1",
    ]


def test_nothing_to_submit(maker: Maker) -> None:
    assert attempt(maker, maker.plan(())).code == "nothing_to_submit"
    assert not maker.parent.exists()


def test_a_teacher_without_a_page(maker: Maker) -> None:
    error = attempt(maker, maker.plan(("王芳",), pages=0))
    assert error.code == "document_empty"
    assert "王芳" in str(error)


def test_a_name_beyond_gbk_is_refused_before_anything_is_written(maker: Maker) -> None:
    def untouched(page: Page) -> PageImage:
        raise AssertionError(page)

    submission = maker.plan(("王芳", "龙䶮", "𠮷祥"), unit="䶮镇小学")
    error = attempt(maker, submission, legacy=True, page_source=untouched)
    assert error.code == "name_not_gbk"
    for name in ("䶮镇小学（䶮）", "龙䶮.pdf（䶮）", "𠮷祥.pdf（𠮷）"):
        assert name in str(error)
    assert "王芳" not in str(error)
    assert not maker.parent.exists()


def test_teachers_of_one_name_are_told_apart(maker: Maker) -> None:
    result = maker.write(maker.plan(("张三", "李娜", "张三")))
    assert set(documents(result)) == {
        f"泉州第一中学/{name}.pdf" for name in ("张三（1）", "李娜", "张三（3）")
    }


def test_another_notice_names_everything_in_its_way(
    invented: Notice, made_for: Callable[[Notice], Maker]
) -> None:
    maker = made_for(invented)
    result = maker.write(maker.plan(("王芳", "张三"), unit="东洲中心校"))
    unit = "海门县东洲学校"
    assert result.folder.name == f"报送 {DAY.isoformat()} {unit}"
    assert {path.name for path in result.folder.iterdir()} == {
        f"{unit}影像.zip",
        *(f"附表一 {unit} 人数.{suffix}" for suffix in ("xlsx", "pdf")),
        *(f"附表二 {unit} 清单.{suffix}" for suffix in ("xlsx", "pdf")),
        *(f"留存 {unit}.{suffix}" for suffix in ("xlsx", "pdf")),
        "给县局的信.eml",
        "清单与校验.json",
    }
    assert set(documents(result)) == {f"{unit}/1_王芳.pdf", f"{unit}/2_张三.pdf"}
    assert verify_folder(result.folder).ok


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_documents_are_clean_for_qpdf(maker: Maker, tmp_path: Path) -> None:
    for number, data in enumerate(documents(maker.write(maker.plan())).values()):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(data)
        checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
