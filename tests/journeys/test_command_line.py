"""The whole job from the command line, on real files: a workbook and pictures in, a submission out."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from certclerk.app import main
from certclerk.collection import open_collection
from certclerk.printing.fonts import missing_glyphs

ROOT = Path(__file__).resolve().parents[2]
DAY = "2017-03-13"


def listed(capsys: pytest.CaptureFixture[str], path: Path) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["list", str(path), "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def new(tmp_path: Path, sample: Path, *extra: str) -> tuple[int, Path]:
    path = tmp_path / "新.certclerk"
    code = main(
        [
            "new",
            str(path),
            "--unit",
            "泉州市第一中学",
            "--clerk",
            "陈敏",
            "--phone",
            "1",
            *extra,
            "--roster",
            str(sample / "名册.xlsx"),
            "--scans",
            str(sample / "扫描件"),
        ]
    )
    return code, path


def package(collection: Path, out: Path, *extra: str) -> tuple[int, Path]:
    code = main(["package", str(collection), "--out", str(out), "--date", DAY, *extra])
    return code, out / f"泉州第一中学_{DAY}"


def test_new_takes_roster_and_pages(tmp_path: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, path = new(tmp_path, sample)
    assert code == 0
    found = listed(capsys, path)
    assert found["unit"] == "泉州第一中学"
    assert [teacher["name"] for teacher in found["teachers"][:6]] == [
        "林晓雯",
        "林晓雯",
        "陈志远",
        "阿依古丽·买买提",
        "刘䶮",
        "王𠮷安",
    ]
    two = found["teachers"][2]["certificates"]
    assert [[page["slot"] for page in certificate["pages"]] for certificate in two] == [
        ["cover", "text", "remarks"]
    ] * 2
    assert [teacher["serial"] for teacher in found["teachers"] if teacher["scope"] == "out"] == [7]
    assert [
        (entry["code"], entry["serial"]) for entry in found["findings"] if entry["severity"] != "note"
    ] == [("page_missing", 8)]
    assert [page["source"] for page in found["tray"]] == ["IMG_0001.jpg"]


def test_new_never_replaces_a_file(tmp_path: Path, sample: Path) -> None:
    (tmp_path / "新.certclerk").write_bytes(b"mine")
    code, path = new(tmp_path, sample)
    assert code == 2
    assert path.read_bytes() == b"mine"


def test_an_unusable_roster_leaves_nothing(tmp_path: Path, sample: Path) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes((sample / "名册.xlsx").read_bytes()[:2000])
    path = tmp_path / "新.certclerk"
    assert main(["new", str(path), "--unit", "某校", "--roster", str(broken)]) == 2
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["坏.xlsx"]


def test_package_is_refused_while_something_is_missing(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, folder = package(collection, tmp_path / "报送")
    assert code == 1
    assert "第8号 苏雅婷：错误：缺备注页" in capsys.readouterr().err
    assert not folder.parent.exists()


def test_package_holds_the_incomplete_and_changes_nothing_in_the_roster(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = listed(capsys, collection)
    code, folder = package(collection, tmp_path / "报送", "--hold-incomplete")
    told = capsys.readouterr().err
    assert code == 0
    assert "暂缓：第8号 苏雅婷（缺备注页）" in told
    assert "不纳入：第7号 郑国栋" in told
    assert sorted(path.name for path in folder.iterdir()) == [
        "校验清单.json",
        "泉州第一中学.zip",
        "邮件草稿.eml",
        "附件1_泉州第一中学_采集名册.pdf",
        "附件1_泉州第一中学_采集名册.xlsx",
        "附件2_泉州第一中学_采集统计表.pdf",
        "附件2_泉州第一中学_采集统计表.xlsx",
    ]
    with zipfile.ZipFile(folder / "泉州第一中学.zip") as archive:
        assert archive.namelist()[:4] == [
            "泉州第一中学/林晓雯（1）.pdf",
            "泉州第一中学/林晓雯（2）.pdf",
            "泉州第一中学/陈志远.pdf",
            "泉州第一中学/阿依古丽·买买提.pdf",
        ]
        assert len(archive.namelist()) == 7
    assert main(["verify", str(folder)]) == 0
    assert listed(capsys, collection) == before
    with open_collection(collection) as opened:
        (stored,) = opened.submissions()
    assert json.loads(stored.record)["left_out"][-1]["reason"] == "缺备注页"


def test_the_same_day_gives_the_same_archive_and_keeps_the_former_folder(
    tmp_path: Path, collection: Path
) -> None:
    _, folder = package(collection, tmp_path / "报送", "--hold-incomplete")
    first = (folder / "泉州第一中学.zip").read_bytes()
    package(collection, tmp_path / "报送", "--hold-incomplete")
    assert (folder / "泉州第一中学.zip").read_bytes() == first
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, f"{folder.name}_旧1"]


def test_a_supplement_holds_what_has_changed_and_is_refused_without(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "报送"
    assert package(collection, out, "--supplement")[0] == 1
    assert "还没有报送过" in capsys.readouterr().err
    assert package(collection, out, "--hold-incomplete")[0] == 0
    assert package(collection, out, "--supplement")[0] == 1
    assert "没有教师新增或有改动" in capsys.readouterr().err
    with open_collection(collection) as opened, opened.change("改备注") as change:
        change.update_teacher(opened.roster().teachers[4].id, note="更正")
    code, folder = package(collection, out, "--supplement")
    assert code == 0
    told = capsys.readouterr().err
    assert "本次为第1次补报，只含新增或有改动的1名教师" in told
    assert "暂缓：第8号 苏雅婷（缺备注页）" in told
    supplement = folder.with_name(f"{folder.name}（补报1）")
    with zipfile.ZipFile(supplement / "泉州第一中学（补报1）.zip") as archive:
        assert archive.namelist() == ["泉州第一中学（补报1）/刘䶮.pdf"]
    assert main(["verify", str(supplement)]) == 0


def test_small_mails_split_by_whole_teachers(tmp_path: Path, collection: Path) -> None:
    code, folder = package(collection, tmp_path / "报送", "--hold-incomplete", "--mail-limit", "1.8")
    assert code == 0
    archives = sorted(folder.glob("*.zip"))
    drafts = sorted(folder.glob("*.eml"))
    assert len(archives) == len(drafts) > 1
    assert archives[0].name == f"泉州第一中学（第1份，共{len(archives)}份）.zip"
    assert all(draft.stat().st_size <= 1_800_000 for draft in drafts)
    names = [name for archive in archives for name in zipfile.ZipFile(archive).namelist()]
    assert len(names) == len(set(names)) == 7
    assert main(["verify", str(folder)]) == 0


@pytest.mark.parametrize("size", ["clear", "compact"])
def test_smaller_sizes_are_smaller(tmp_path: Path, collection: Path, size: str) -> None:
    _, original = package(collection, tmp_path / "原样", "--hold-incomplete")
    code, folder = package(collection, tmp_path / size, "--hold-incomplete", "--size", size)
    assert code == 0
    archive = "泉州第一中学.zip"
    assert (folder / archive).stat().st_size <= (original / archive).stat().st_size
    assert main(["verify", str(folder)]) == 0


def test_names_outside_gbk_refuse_the_legacy_archive(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, folder = package(collection, tmp_path / "报送", "--hold-incomplete", "--legacy-zip")
    assert code == 1
    assert "䶮" in capsys.readouterr().err
    assert not folder.exists()


def test_verify_tells_a_changed_folder_from_no_submission(tmp_path: Path, collection: Path) -> None:
    _, folder = package(collection, tmp_path / "报送", "--hold-incomplete")
    (folder / "邮件草稿.eml").write_bytes(b"changed")
    assert main(["verify", str(folder)]) == 1
    (folder / "校验清单.json").unlink()
    assert main(["verify", str(folder)]) == 1
    (tmp_path / "空").mkdir()
    assert main(["verify", str(tmp_path / "空")]) == 2
    assert main(["verify", str(tmp_path / "没有")]) == 2
    assert main(["verify", str(collection)]) == 0


def test_verify_names_the_page_whose_bytes_are_damaged(
    collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = listed(capsys, collection)["teachers"][4]["certificates"][0]["pages"][0]
    flip_a_bit_of(collection, page["sha256"])
    assert main(["verify", str(collection)]) == 1
    assert "第5号 刘䶮 的封面" in capsys.readouterr().err
    assert ("page_damaged", 5) in [
        (found["code"], found["serial"]) for found in listed(capsys, collection)["findings"]
    ]


def test_a_collection_open_elsewhere_is_not_packaged(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_collection(collection):
        code, _ = package(collection, tmp_path / "报送", "--hold-incomplete")
        assert code == 2
        assert "正在另一个窗口" in capsys.readouterr().err
        assert len(listed(capsys, collection)["teachers"]) == 9


@pytest.mark.parametrize(
    "arguments",
    [
        ["new"],
        ["new", "x.certclerk"],
        ["list"],
        ["list", "没有.certclerk"],
        ["package", "没有.certclerk", "--out", "x"],
        ["package", "x", "--out", "x", "--size", "huge"],
        ["package", "x", "--out", "x", "--mail-limit", "-3"],
        ["package", "x", "--out", "x", "--date", "2017-13-01"],
        ["sample", "x", "--teachers", "0"],
        ["new", "x.certclerk", "--unit", "某校", "--notice", "没有"],
        ["没有.certclerk", "多余"],
    ],
)
def test_unusable_arguments_are_exit_2_and_a_chinese_sentence(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        code = main(arguments)
    except SystemExit as exit_:
        code = int(str(exit_.code))
    assert code == 2
    assert any("\u4e00" <= char <= "\u9fff" for char in capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


def test_another_notice_brings_its_own_names_and_slots(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "新.certclerk"
    profile = ROOT / "tests" / "data" / "notices" / "invented.toml"
    assert main(["new", str(path), "--unit", "某校", "--notice", str(profile)]) == 0
    assert listed(capsys, path)["unit"] == "某校"


def test_a_broken_notice_names_file_key_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "我的.toml"
    text = (ROOT / "tests" / "data" / "notices" / "invented.toml").read_text(encoding="utf-8")
    profile.write_text(text.replace("limit_mb", "limit"), encoding="utf-8")
    assert main(["new", str(tmp_path / "x.certclerk"), "--unit", "某校", "--notice", str(profile)]) == 2
    told = capsys.readouterr().err
    assert "我的.toml" in told
    assert "mail.limit_mb" in told
    assert "缺少" in told


@pytest.mark.skipif(os.name != "posix", reason="kills a process by signal")
@pytest.mark.parametrize("seed", range(4))
def test_a_killed_new_leaves_nothing_or_a_whole_file(tmp_path: Path, sample: Path, seed: int) -> None:
    path = tmp_path / "新.certclerk"
    command = [sys.executable, "-m", "certclerk", "new", str(path), "--unit", "某校"]
    command += ["--roster", str(sample / "名册.xlsx"), "--scans", str(sample / "扫描件")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=random.Random(seed).uniform(0.2, 1.5))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    if path.exists():
        assert main(["verify", str(path)]) == 0
        path.unlink()
    assert main(["new", str(path), "--unit", "某校", "--roster", str(sample / "名册.xlsx")]) == 0
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_damaged_page_stops_its_teacher_only(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = listed(capsys, collection)["teachers"][4]["certificates"][0]["pages"][0]
    flip_a_bit_of(collection, page["sha256"])
    assert package(collection, tmp_path / "报送")[0] == 1
    assert "第8号 苏雅婷" in capsys.readouterr().err
    code, folder = package(collection, tmp_path / "报送", "--hold-incomplete")
    assert code == 0
    assert "暂缓：第5号 刘䶮（封面（封面.jpg）的图像数据已损坏" in capsys.readouterr().err
    assert "泉州第一中学/刘䶮.pdf" not in zipfile.ZipFile(folder / "泉州第一中学.zip").namelist()


def flip_a_bit_of(collection: Path, sha256: str) -> None:
    data = bytearray(collection.read_bytes())
    with open_collection(collection, read_only=True) as opened:
        data[data.index(opened.blob(sha256)[5000:5060])] ^= 1
    collection.write_bytes(data)


@pytest.mark.parametrize("scans", ["没有", "文件"])
def test_scans_that_are_no_folder_make_nothing(tmp_path: Path, scans: str) -> None:
    (tmp_path / "文件").touch()
    path = tmp_path / "新.certclerk"
    assert main(["new", str(path), "--unit", "某校", "--scans", str(tmp_path / scans)]) == 2
    assert not path.exists()


def test_a_roster_without_a_head_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text("a,b\nc,d\n", encoding="utf-8")
    assert main(["new", str(tmp_path / "新.certclerk"), "--unit", "某校", "--roster", str(roster)]) == 2
    assert "没有找到表头" in capsys.readouterr().err
    assert [entry.name for entry in tmp_path.iterdir()] == ["名册.csv"]


def test_what_was_not_taken_is_told_by_sheet_row_and_serial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "名册.csv"
    rows = [
        "序号,姓名,身份证号码,资格种类,证书号码,发证时间",
        "1,林晓雯,3.59901E+17,高级中学,20133599042000001,2013.7",
        "2,陈志远,359901198001010033,高中物理,20133599041000002,那年夏天",
        "",
        "合计,2,,,,",
    ]
    roster.write_text("\n".join(rows), encoding="utf-8-sig")
    assert main(["new", str(tmp_path / "新.certclerk"), "--unit", "某校", "--roster", str(roster)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].endswith("跳过 2 行（空行 1、合计 1），不能导入 0 行；没有采用的单元格 1 个。")
    assert [line.split("第", 1)[1].partition("：")[0] for line in told[1:5]] == [
        "2行（序号1） 身份证号码",
        "3行（序号2） 资格种类",
        "3行（序号2） 发证时间",
        "5行",
    ]


def test_an_output_that_is_a_file_is_refused(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "报送").write_bytes(b"mine")
    code, _ = package(collection, tmp_path / "报送", "--hold-incomplete")
    assert code == 2
    assert "不是文件夹" in capsys.readouterr().err
    assert (tmp_path / "报送").read_bytes() == b"mine"


def test_a_second_roster_in_the_workbook_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    for title in ("初中部", "高中部"):
        sheet = workbook.create_sheet(title)
        sheet.append(["姓名", "身份证号码", "证书号码"])
        sheet.append(["林晓雯", "359901198001010025", "20133599042000001"])
    workbook.save(tmp_path / "名册.xlsx")
    path = tmp_path / "新.certclerk"
    assert main(["new", str(path), "--unit", "某校", "--roster", str(tmp_path / "名册.xlsx")]) == 1
    assert "工作表“高中部”也像名册，没有读入" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_the_window_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 2
    assert "没有可以显示窗口的屏幕" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="pipes break otherwise elsewhere")
def test_a_reader_that_stops_early_is_no_fault(collection: Path) -> None:
    command = [sys.executable, "-m", "certclerk", "list", str(collection), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_character_that_no_font_has_is_told(
    tmp_path: Path, collection: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The last ideograph of Extension B, 64 strokes: hardly any font draws it.
    rare = "\U0002a6a5"
    if not missing_glyphs([rare]):
        pytest.skip("a font with all of Extension B is installed")
    with open_collection(collection) as opened, opened.change("改姓名") as change:
        change.update_teacher(opened.roster().teachers[0].id, name=f"王{rare}")
    assert package(collection, tmp_path / "报送", "--hold-incomplete")[0] == 0
    assert f"第1号 王{rare}（{rare}）" in capsys.readouterr().err
