"""Passwords, supplements, old names and the bureau's form from a shell: each command is a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from certclerk.collection import change_password, open_collection
from certclerk.jobs.forms import Form, mapping_of, proposed_layout, read_form

ROOT = Path(__file__).resolve().parents[2]
DAY = "2017-03-13"
PASSWORD = "泉州 2032！"
HEADS = ("序号", "姓名", "身份证号码", "证书号码")


def ran(*arguments: str | Path, given: bytes = b"", closed: bool = False) -> tuple[int, str, str]:
    """Exit code, standard output and errors; ``closed``: there is no standard input at all."""
    command = [sys.executable, "-m", "certclerk", *map(str, arguments)]
    if closed:
        command = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def line(password: str) -> bytes:
    return f"{password}\n".encode()


def packaged(
    collection: Path, out: Path, *extra: str, given: bytes = b"", closed: bool = False
) -> tuple[int, str, Path]:
    code, told, warned = ran(
        "package",
        collection,
        "--out",
        out,
        "--date",
        DAY,
        "--hold-incomplete",
        *extra,
        given=given,
        closed=closed,
    )
    assert told == ""
    return code, warned, out / f"泉州第一中学_{DAY}"


def test_a_locked_submission_is_proven_with_and_without_its_password(
    tmp_path: Path, collection: Path
) -> None:
    code, warned, folder = packaged(
        collection, tmp_path / "报送", "--zip-password-stdin", given=line(PASSWORD)
    )
    assert code == 0
    assert PASSWORD not in warned
    code, _, warned = ran("verify", folder)
    assert (code, "没有逐份打开" in warned) == (0, True)
    against = ("--collection", collection, folder)
    # A Windows console ends its lines in CR LF and may begin with a mark of the byte order.
    for given in (line(PASSWORD), b"\xef\xbb\xbf" + PASSWORD.encode() + b"\r\n"):
        code, told, warned = ran("verify", "--password-stdin", "--json", *against, given=given)
        document = json.loads(told)
        assert (code, warned, document["ok"], document["documents"]) == (0, "", True, 7)
        assert "是同一份" in "".join(document["notes"])
    code, told, warned = ran("verify", "--password-stdin", "--json", folder, given=line("x"))
    assert (code, told) == (2, "")
    assert "密码不对" in warned


@pytest.mark.parametrize("verb", ["package", "verify"])
@pytest.mark.parametrize("given", ["nothing", "an empty line", "another encoding", "closed"])
def test_a_password_that_cannot_be_read_makes_nothing(
    verb: str, given: str, tmp_path: Path, collection: Path
) -> None:
    if given == "closed" and shutil.which("sh") is None:
        pytest.skip("sh is not installed")
    data = {"an empty line": b"\n", "another encoding": "泉州\n".encode("gbk")}.get(given, b"")
    out = tmp_path / "报送"
    if verb == "package":
        code, warned, _ = packaged(
            collection, out, "--zip-password-stdin", given=data, closed=given == "closed"
        )
    else:
        code, _, warned = ran("verify", "--password-stdin", tmp_path, given=data, closed=given == "closed")
    assert code == 2
    assert warned.startswith("标准输入里") and warned.count("\n") == 1
    assert ("UTF-8" in warned) == (given == "another encoding")
    assert not out.exists()


def test_verify_tells_a_submission_from_what_the_collection_has_become(
    tmp_path: Path, collection: Path
) -> None:
    _, _, folder = packaged(collection, tmp_path / "报送")
    with open_collection(collection) as opened, opened.change("改备注") as change:
        change.update_teacher(opened.roster().teachers[4].id, note="更正")
    code, told, _ = ran("verify", "--json", "--collection", collection, folder)
    (problem,) = json.loads(told)["problems"]
    assert (code, problem["code"]) == (1, "collection_changed")
    assert "备注" in problem["message"]
    (folder / "邮件草稿.eml").write_bytes(b"changed")
    code, told, warned = ran("verify", "--json", "--collection", collection, folder)
    assert (code, warned) == (1, "")
    assert "draft_changed" in [problem["code"] for problem in json.loads(told)["problems"]]


def test_a_locked_supplement(tmp_path: Path, collection: Path) -> None:
    out = tmp_path / "报送"
    assert packaged(collection, out)[0] == 0
    with open_collection(collection) as opened, opened.change("改备注") as change:
        change.update_teacher(opened.roster().teachers[4].id, note="更正")
    code, warned, folder = packaged(
        collection, out, "--supplement", "--zip-password-stdin", given=line(PASSWORD)
    )
    assert code == 0
    assert "本次为第1次补报，只含新增或有改动的1名教师" in warned
    supplement = folder.with_name(f"{folder.name}（补报1）")
    code, told, _ = ran(
        "verify", "--json", "--password-stdin", "--collection", collection, supplement, given=line(PASSWORD)
    )
    assert (code, json.loads(told)["documents"]) == (0, 1)


def test_old_names_where_each_can_be_written(tmp_path: Path, collection: Path) -> None:
    with open_collection(collection) as opened, opened.change("改姓名") as change:
        for teacher, name in zip(opened.roster().teachers[4:6], ("刘岩", "王吉安"), strict=True):
            change.update_teacher(teacher.id, name=name)
    code, _, folder = packaged(collection, tmp_path / "报送", "--legacy-zip")
    assert code == 0
    with zipfile.ZipFile(folder / "泉州第一中学.zip", metadata_encoding="gbk") as archive:
        assert "泉州第一中学/刘岩.pdf" in archive.namelist()
    assert ran("verify", folder)[0] == 0


def test_the_bureaus_form_kept_in_the_collection_is_filled(tmp_path: Path, collection: Path) -> None:
    form = tmp_path / "表样.xlsx"
    book = Workbook()
    book.active.append(HEADS)
    book.save(form)
    workbook, data = read_form(form)
    with open_collection(collection) as opened:
        annex = opened.notice.annexes[0]
        sheet = workbook.sheets[0]
        layout = proposed_layout(sheet, annex, opened.notice)
        opened.keep_form(Form(annex.file, form.name, mapping_of(sheet, layout, annex, opened.notice), data))
        first = opened.roster().teachers[0]
    code, _, folder = packaged(collection, tmp_path / "报送")
    assert code == 0
    rows = list(load_workbook(folder / "附件1_泉州第一中学_采集名册.xlsx").active.values)
    assert rows[0][:4] == HEADS
    assert rows[1][:3] == (1, first.name, first.id_number)
    assert ran("verify", "--collection", collection, folder)[0] == 0


def test_a_collection_with_a_password_on_every_verb(collection: Path, tmp_path: Path) -> None:
    key, zip_key = line(PASSWORD), line("ZIP " + PASSWORD)
    change_password(collection, "", PASSWORD)
    for verb in (("list", "--json"), ("verify", "--json")):
        code, _, warned = ran(*verb, collection)
        assert (code, "有密码" in warned) == (2, True)
        code, _, warned = ran(*verb, "--password-stdin", collection, given=line("falsch"))
        assert (code, "密码不对" in warned) == (2, True)
        code, told, _ = ran(*verb, "--password-stdin", collection, given=key)
        assert code == 0 and json.loads(told)
    _, _, folder = packaged(
        collection, tmp_path / "报送", "--password-stdin", "--zip-password-stdin", given=key + zip_key
    )
    code, told, warned = ran(
        "verify",
        "--json",
        "--password-stdin",
        "--collection-password-stdin",
        "--collection",
        collection,
        folder,
        given=zip_key + key,
    )
    assert code == 0, warned
    assert json.loads(told)["documents"] > 0


def test_a_new_collection_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "新.certclerk"
    new = ("new", path, "--unit", "泉州第一中学", "--password-stdin")
    code, _, warned = ran(*new, given=line("kurz"))
    assert (code, "太短" in warned, path.exists()) == (2, True, False)
    assert ran(*new, given=line(PASSWORD))[0] == 0
    assert ran("list", path)[0] == 2
    assert ran("list", "--password-stdin", path, given=line(PASSWORD))[0] == 0
