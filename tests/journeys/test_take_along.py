"""The page for the counter in a real browser: unlocked, copied from, ticked, killed, and its ticks read back."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.keying import KeyState
from certclerk.jobs import counter, take_along
from certclerk.jobs.sample import make_sample

DAY = date(2026, 3, 2)
PASSWORD = "秘密 Pass1"
WAIT_S = 20
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1366,768",
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A few teachers; sixty in the long form."""
    folder = tmp_path_factory.mktemp("sample")
    make_sample(folder, teachers=60 if request.config.getoption("--long") else 4)
    return next(folder.glob("*.certclerk"))


@pytest.fixture
def collection(sample: Path) -> Iterator[Collection]:
    with open_collection(sample) as opened:
        yield opened
        while opened.undo_label.startswith(("读回", "已录入", "录入")):
            opened.undo()


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


def export(collection: Collection, folder: Path, password: str = "") -> Path:
    return take_along.export(collection, folder, take_along.Options(DAY, password=password)).page


@contextmanager
def browser(profile: Path, downloads: Path) -> Iterator[Any]:
    """Chromium driven by WebDriver, with its own profile, which it keeps."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("no Chromium here: apt-get install chromium chromium-driver")
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = program
    for switch in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    running = Chrome(options=options, service=Service(driver))
    try:
        yield running
    finally:
        running.quit()


class Page:
    """What a clerk does on it."""

    def __init__(self, running: Any) -> None:
        from selenium.webdriver.common.by import By
        from selenium.webdriver.common.keys import Keys
        from selenium.webdriver.support.wait import WebDriverWait

        self.keys = Keys
        self._id = By.ID
        self._running = running
        self._wait = WebDriverWait(running, WAIT_S, poll_frequency=0.05)

    def open(self, path: Path, password: str = "") -> None:
        self._running.get(path.as_uri())
        if password:
            self.unlock(password)
        self.until(lambda: self.shown("app"))

    def unlock(self, password: str) -> None:
        self.until(lambda: self.shown("lock"))
        self.enter("password", password)

    def enter(self, name: str, text: str) -> None:
        """As pasted: the driver does not type every character on every machine."""
        field = self.find(name)
        self._running.execute_script("arguments[0].value = arguments[1]", field, text)
        field.send_keys(self.keys.ENTER)

    def find(self, name: str) -> Any:
        return self._running.find_element(self._id, name)

    def shown(self, name: str) -> bool:
        return bool(self.find(name).is_displayed())

    def text(self, name: str) -> str:
        return str(self.find(name).text)

    def until(self, true: Any) -> None:
        self._wait.until(lambda _running: true())

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self._running).send_keys(*keys).perform()

    def pasted(self) -> str:
        """What another program would get: the clipboard, through a field that is only there for that."""
        field = self._running.execute_script(
            "return document.body.appendChild(document.createElement('textarea'))"
        )
        field.send_keys(self.keys.CONTROL, "v")
        value = str(field.get_attribute("value"))
        self._running.execute_script("arguments[0].remove()", field)
        return value

    def copied(self, key: str, label: str) -> str:
        self.press(key)
        self.until(lambda: self.text("copied").startswith(f"已复制{label}："))
        return self.pasted()


def test_every_field_that_is_copied_equals_the_record(
    collection: Collection, tmp_path: Path, downloads: Path
) -> None:
    path = export(collection, tmp_path)
    with browser(tmp_path / "profile", downloads) as running:
        page = Page(running)
        page.open(path)
        for entry in counter.entries(collection):
            page.until(lambda entry=entry: page.text("name").endswith(entry.teacher.name))  # type: ignore[misc]
            for number, field in enumerate(entry.fields, 1):
                if field.copied:
                    assert page.copied(str(number % 10), field.label) == field.copied
            page.press(page.keys.PAGE_DOWN)
        assert page.text("copied") == "这是最后一本。"
        assert running.execute_script("return performance.getEntriesByType('resource').length") == 0
        assert [line for line in running.get_log("browser") if line["level"] == "SEVERE"] == []


def test_copying_on_one_key_goes_from_field_to_field(
    collection: Collection, tmp_path: Path, downloads: Path
) -> None:
    path = export(collection, tmp_path)
    first = counter.entries(collection)[0]
    with browser(tmp_path / "profile", downloads) as running:
        page = Page(running)
        page.open(path)
        for field in first.fields:
            if field.copied:
                assert page.copied(" ", field.label) == field.copied
        page.press(" ")
        page.until(lambda: "已复制完" in page.text("copied"))


def test_ticks_survive_a_killed_browser_and_come_back(
    collection: Collection, tmp_path: Path, downloads: Path
) -> None:
    path, profile = export(collection, tmp_path, PASSWORD), tmp_path / "profile"
    total = len(counter.entries(collection))
    with browser(profile, downloads) as running:
        page = Page(running)
        page.open(path, PASSWORD)
        page.press(page.keys.ENTER)
        page.until(lambda: "已录入 1" in page.text("counts"))
        page.press(page.keys.F2)
        page.enter("reason", "系统里已有<b>")
        page.until(lambda: "有问题 1" in page.text("counts") and page.text("saved").startswith("已保存"))
        kill_all(profile)
    with browser(profile, downloads) as running:
        page = Page(running)
        page.open(path, PASSWORD)
        assert page.text("counts") == f"共 {total} 本：已录入 1 · 有问题 1 · 未录入 {total - 2}"
        page.find("download").click()
        page.until(lambda: any(downloads.glob("*.json")))
    (state,) = downloads.glob("*.json")
    taken = take_along.take_back(collection, state)
    assert (len(taken.ticks), taken.older, taken.unknown) == (2, 0, 0)
    done, problem, *rest = counter.entries(collection)
    assert done.state is KeyState.DONE
    assert problem.state is KeyState.PROBLEM and problem.keying and problem.keying.reason == "系统里已有<b>"
    assert {entry.state for entry in rest} == {KeyState.OPEN}
    assert take_along.take_back(collection, state).older == 2


def kill_all(profile: Path) -> None:
    """The browser and its helpers at one blow, as a power cut for them: those that were started with ``profile``."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(profile).encode() in command and b"chromedriver" not in command:
                os.kill(int(entry.name), signal.SIGKILL)


def test_a_wrong_password_and_a_cut_off_file_say_so(
    collection: Collection, tmp_path: Path, downloads: Path
) -> None:
    path = export(collection, tmp_path, PASSWORD)
    data = path.read_bytes()
    assert not any(
        teacher.name.encode() in data or teacher.id_number.encode() in data
        for teacher in collection.roster().teachers
    )
    with browser(tmp_path / "profile", downloads) as running:
        page = Page(running)
        running.get(path.as_uri())
        page.unlock("秘密 Pass2")
        page.until(lambda: page.text("lock-word").startswith("密码不对"))
        assert not page.shown("app")
        page.unlock(PASSWORD)
        page.until(lambda: page.shown("app"))
        for kept in (len(data) - 20, len(data) // 2, len(data) // 50):
            cut = tmp_path / "cut.html"
            cut.write_bytes(data[:kept])
            running.get(cut.as_uri())
            page.until(lambda: page.shown("broken"))
            assert "不完整" in page.text("broken")


def test_the_pdfs_come_along_locked_where_the_page_is(collection: Collection, tmp_path: Path) -> None:
    import pyzipper

    plain = export(collection, tmp_path / "plain").parent
    locked = export(collection, tmp_path / "locked", PASSWORD).parent
    names = sorted(path.name for path in (plain / "证书PDF").iterdir())
    assert len(names) == len({entry.teacher.id for entry in counter.entries(collection)})
    assert not (locked / "证书PDF").exists()
    with pyzipper.AESZipFile(locked / "证书PDF（加密）.zip") as archive:
        assert sorted(archive.namelist()) == names
        with pytest.raises(RuntimeError):
            archive.read(names[0])
        archive.setpassword(PASSWORD.encode())
        for name in names:
            assert archive.read(name) == (plain / "证书PDF" / name).read_bytes()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda text: text[: len(text) // 2], "ticks_damaged"),
        (lambda _text: '{"format": "other"}', "ticks_not_ones"),
        (lambda text: text.replace('"collection": "', '"collection": "0'), "ticks_of_another"),
        (lambda text: text.replace('"done"', '"gone"'), "ticks_damaged"),
        (lambda text: text.replace("2026-03-02T", "yesterday"), "ticks_damaged"),
        (lambda _text: "[" * 100_000, "ticks_damaged"),
    ],
)
def test_a_state_file_that_is_none_changes_nothing(
    collection: Collection, tmp_path: Path, spoil: Any, code: str
) -> None:
    entry = counter.entries(collection)[0]
    tick = {
        "certificate": entry.certificate.id,
        "state": "done",
        "reason": "",
        "at": "2026-03-02T01:00:00.000Z",
        "row": "0" * 64,
    }
    state = {
        "format": "certclerk-keying",
        "version": 1,
        "collection": collection.identity(),
        "ticks": [tick],
    }
    file = tmp_path / "录入进度.json"
    file.write_text(spoil(json.dumps(state)), "utf-8")
    with pytest.raises(UserError) as refused:
        take_along.take_back(collection, file)
    assert refused.value.code == code
    assert collection.keyings() == {}
    file.write_text(json.dumps(state), "utf-8")
    assert len(take_along.take_back(collection, file).ticks) == 1
    assert counter.entries(collection)[0].state is KeyState.CHANGED
