"""Against a scanner on loopback that speaks eSCL, with its faults, and against what is no scanner at all."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from certclerk.capture import scanners
from certclerk.capture.scanners import escl, sane
from certclerk.capture.scanners.escl import discovery
from certclerk.capture.scanners.escl.address import known, typed
from certclerk.capture.scanners.escl.documents import description, status
from certclerk.capture.scanners.scanner import (
    Area,
    Device,
    Listener,
    Mode,
    Resolutions,
    ScannerFailed,
    Settings,
    Source,
    Via,
)
from certclerk.core.errors import UserError

from .conftest import PATIENCE, Kept, Sane, needs_scanimage
from .escl_server import FakeScanner, capabilities

SMALL = Settings(dpi=75, area=Area(0, 0, 145, 205))
FEEDER = replace(SMALL, source=Source.FEEDER)


def device(scanner: FakeScanner) -> Device:
    return Device(Via.ESCL, scanner.address, model="Certclerk Drawn Scanner")


def failure(scanner: FakeScanner, settings: Settings, kept: Kept, **patience: float) -> UserError:
    with pytest.raises(UserError) as caught:
        scanners.scan(device(scanner), settings, kept.listener(), replace(kept.patience, **patience))
    return caught.value


def bars(data: bytes) -> int:
    """The number that is drawn on a page."""
    picture = Image.open(io.BytesIO(data)).convert("L")
    row = [picture.getpixel((x, picture.height // 5)) < 128 for x in range(picture.width)]
    return sum(now and not before for before, now in zip([False, *row], row, strict=False))


@pytest.mark.parametrize(
    "address", ["127.0.0.1:{port}", "http://127.0.0.1:{port}", "HTTP://127.0.0.1:{port}/eSCL/"]
)
def test_a_typed_address_finds_the_scanner(scanner: FakeScanner, address: str) -> None:
    found = scanners.at_address(address.format(port=scanner.port), PATIENCE)
    assert found == Device(Via.ESCL, scanner.address, model="Certclerk Drawn Scanner")
    assert found.title == "Certclerk Drawn Scanner"


def test_what_it_can_do(scanner: FakeScanner) -> None:
    offers = scanners.capabilities(device(scanner), PATIENCE).offers
    assert [offer.source for offer in offers] == [Source.FLATBED, Source.FEEDER, Source.DUPLEX]
    assert {offer.modes for offer in offers} == {(Mode.COLOUR, Mode.GREY)}
    assert {offer.resolutions for offer in offers} == {Resolutions((75, 100, 200, 300, 600))}
    assert offers[0].largest == pytest.approx((215.9, 297.0), abs=0.1)
    assert offers[1].largest == pytest.approx((215.9, 355.6), abs=0.1)


@pytest.mark.parametrize("mode", [Mode.COLOUR, Mode.GREY])
def test_a_page_from_the_glass_as_it_was_asked_for(scanner: FakeScanner, kept: Kept, mode: Mode) -> None:
    settings = Settings(dpi=300, mode=mode, area=Area(10, 20, 145, 205))
    assert scanners.scan(device(scanner), settings, kept.listener(), kept.patience) == 1
    picture = Image.open(io.BytesIO(kept[0].data))
    assert (picture.size, picture.format) == ((1713, 2421), "JPEG")
    assert picture.mode == ("RGB" if mode is Mode.COLOUR else "L")
    asked = scanner.settings[0]
    assert (asked["XOffset"], asked["YOffset"], asked["InputSource"]) == ("118", "236", "Platen")
    # It is told that nothing more is wanted, so that the next scan is not refused.
    assert scanner.asked[-1].startswith("DELETE ")


@pytest.mark.parametrize(("source", "duplex"), [(Source.FEEDER, "false"), (Source.DUPLEX, "true")])
def test_a_feeder_gives_all_its_pages(scanner: FakeScanner, kept: Kept, source: Source, duplex: str) -> None:
    assert scanners.scan(device(scanner), replace(SMALL, source=source), kept.listener(), kept.patience) == 3
    assert [bars(page.data) for page in kept] == [1, 2, 3]
    assert scanner.settings[0]["Duplex"] == duplex
    assert not any(line.startswith("DELETE") for line in scanner.asked)


def test_the_job_is_asked_for_at_the_scanners_own_address(scanner: FakeScanner, kept: Kept) -> None:
    """Whatever name the scanner gives itself, nothing but the address that was typed is connected to."""
    scanner.host_in_location = "http://scanner.example:9/"
    scanners.scan(device(scanner), SMALL, kept.listener(), kept.patience)
    assert len(kept) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("ScannerAdfJam", "scanner_jammed"),
        ("ScannerAdfMispick", "scanner_jammed"),
        ("ScannerAdfMultipickDetected", "scanner_double_fed"),
        ("ScannerAdfHatchOpen", "scanner_cover_open"),
    ],
)
@pytest.mark.parametrize("ends_with", [404, 409, 410])
def test_pages_before_a_fault_are_kept(
    scanner: FakeScanner, kept: Kept, fault: str, code: str, ends_with: int
) -> None:
    scanner.jam_at, scanner.fault, scanner.ends_with = 3, fault, ends_with
    failed = failure(scanner, FEEDER, kept)
    assert failed.code == code
    assert "此前的 2 页都保留着" in str(failed)
    assert [bars(page.data) for page in kept] == [1, 2]


def test_an_empty_feeder(scanner: FakeScanner, kept: Kept) -> None:
    scanner.loaded = 0
    assert failure(scanner, FEEDER, kept).code == "scanner_empty"


@pytest.mark.parametrize("refusal", [404, 409])
def test_a_scanner_that_refuses_the_job_for_want_of_paper(
    scanner: FakeScanner, kept: Kept, refusal: int
) -> None:
    scanner.loaded, scanner.refuses = 0, refusal
    assert failure(scanner, FEEDER, kept).code == "scanner_empty"


def test_settings_that_it_refuses(scanner: FakeScanner, kept: Kept) -> None:
    scanner.refuses = 409
    assert failure(scanner, SMALL, kept).code == "scanner_settings_refused"


def test_a_feeder_that_it_does_not_have(scanner: FakeScanner, kept: Kept) -> None:
    scanner.capabilities = capabilities(lambda text: text.replace("AdfDuplexInputCaps", "Nothing"))
    failed = failure(scanner, replace(SMALL, source=Source.DUPLEX), kept)
    assert (failed.code, scanner.settings) == ("scanner_settings_refused", [])


def test_a_job_cancelled_at_the_scanner_is_not_taken_for_all_pages(scanner: FakeScanner) -> None:
    kept = Kept()

    def page(scanned: object) -> None:
        kept.append(scanned)  # type: ignore[arg-type]
        for job in scanner.jobs:
            scanner.jobs[job] = "Canceled"

    with pytest.raises(UserError) as caught:
        scanners.scan(device(scanner), FEEDER, Listener(page), PATIENCE)
    assert (caught.value.code, len(kept)) == ("scanner_stopped_itself", 1)


def test_a_busy_scanner_is_waited_for(scanner: FakeScanner, kept: Kept) -> None:
    scanner.busy, scanner.not_ready = 2, 2
    assert scanners.scan(device(scanner), SMALL, kept.listener(), kept.patience) == 1


def test_a_scanner_that_stays_busy_is_given_up(scanner: FakeScanner, kept: Kept) -> None:
    scanner.busy = 1000
    assert failure(scanner, SMALL, kept, busy=0.2).code == "scanner_busy"


def test_a_slow_scanner_is_waited_for_but_not_for_ever(scanner: FakeScanner, kept: Kept) -> None:
    scanner.stall = 0.4
    assert scanners.scan(device(scanner), SMALL, kept.listener(), kept.patience) == 1
    scanner.stall = 30
    failed = failure(scanner, SMALL, kept, silence=0.3)
    assert (failed.code, len(kept)) == ("scanner_silent", 1)


@pytest.mark.parametrize("cut", ["length", "chunk", "close"])
def test_a_page_that_was_cut_off_is_never_delivered(scanner: FakeScanner, kept: Kept, cut: str) -> None:
    scanner.cut = cut
    failed = failure(scanner, FEEDER, kept)
    assert (failed.code, kept) == ("scanner_cut_short", [])
    assert scanner.jobs == {"/eSCL/ScanJobs/1": "Canceled"}


@pytest.mark.parametrize(
    "wrong", [b"", b"<html>please log in</html>", b"%PDF-1.4\n%%EOF", b"\xff\xd8\xff\xe0 no end"]
)
def test_what_is_no_picture_is_never_delivered(scanner: FakeScanner, kept: Kept, wrong: bytes) -> None:
    scanner.wrong = wrong
    assert failure(scanner, SMALL, kept).code in ("scanner_odd_answer", "scanner_cut_short")
    assert kept == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"<html>router</html>", "不是扫描仪的回答"),
        (b"", "不是扫描仪的回答"),
        (b"\xff\xfe\x00", "不是扫描仪的回答"),
        (b"<a>" * 50_000, "不是扫描仪的回答"),
        (b" " * 1_100_000, "回答过长"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><ScannerCapabilities>&a;</ScannerCapabilities>', "含有不该有的声明"),
        (b'<ScannerCapabilities xmlns="x"/>', "没有说明能扫什么"),
        (capabilities(lambda text: text.replace("image/jpeg", "application/pdf")), "它不能给出 JPEG 图片"),
    ],
    ids=["html", "empty", "utf-16", "deep", "huge", "entities", "nothing", "no jpeg"],
)
def test_odd_answers_are_refused(scanner: FakeScanner, said: bytes, reason: str) -> None:
    scanner.capabilities = said
    if not said:
        scanner.capabilities = b"\n"
    with pytest.raises(UserError) as caught:
        scanners.at_address(scanner.address, PATIENCE)
    assert caught.value.code == "scanner_odd_answer"
    assert reason in str(caught.value)


@given(st.binary(max_size=200))
def test_no_bytes_upset_the_readers(data: bytes) -> None:
    for read in (description, status):
        with pytest.raises(ScannerFailed):
            read(data)


def test_capabilities_as_older_and_newer_scanners_write_them() -> None:
    """Modes for all sources in one place; a range of resolutions; a feeder alone; no limits."""
    said = """<?xml version="1.0"?><s:ScannerCapabilities xmlns:s="a" xmlns:p="b"><p:Version>2.0</p:Version>
    <s:SettingProfiles><s:SettingProfile><s:ColorModes><s:ColorMode>RGB24</s:ColorMode></s:ColorModes>
    <s:XResolutionRange><s:Min>75</s:Min><s:Max>600</s:Max><s:Normal>300</s:Normal><s:Step>1</s:Step></s:XResolutionRange>
    </s:SettingProfile></s:SettingProfiles><s:Adf><s:AdfSimplexInputCaps/></s:Adf></s:ScannerCapabilities>"""
    described = description(said.encode())
    (offer,) = described.capabilities.offers
    assert (offer.source, offer.modes, offer.largest) == (Source.FEEDER, (Mode.COLOUR,), None)
    assert offer.resolutions == Resolutions((), 75, 600, 1)
    assert described.version == "2.0"


def test_a_scanner_that_is_switched_off(kept: Kept) -> None:
    with FakeScanner() as scanner:
        pass
    assert failure(scanner, SMALL, kept).code == "scanner_gone"


def test_a_scanner_that_is_switched_off_in_the_middle(scanner: FakeScanner, kept: Kept) -> None:
    scanner.stall = 30
    threading.Thread(target=lambda: scanner.waiting.wait(20) and scanner.close(), daemon=True).start()
    failed = failure(scanner, SMALL, kept)
    assert failed.code in ("scanner_io", "scanner_gone", "scanner_cut_short")


def test_something_that_is_no_web_server(kept: Kept) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            with listening.accept()[0] as caller:
                caller.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(UserError) as caught:
            scanners.at_address(f"http://127.0.0.1:{listening.getsockname()[1]}", PATIENCE)
    assert caught.value.code in ("scanner_odd_answer", "scanner_io")
    assert kept == []


def test_cancelled_while_it_waits_for_the_page(scanner: FakeScanner, kept: Kept) -> None:
    scanner.stall = 30
    begun = time.monotonic()
    with pytest.raises(UserError) as caught:
        patience = replace(PATIENCE, cancelled=scanner.waiting.is_set)
        scanners.scan(device(scanner), SMALL, kept.listener(), patience)
    assert (caught.value.code, kept) == ("scanner_cancelled", [])
    assert time.monotonic() - begun < 10
    assert scanner.jobs == {"/eSCL/ScanJobs/1": "Canceled"}


def test_cancelled_while_the_scanner_is_busy(scanner: FakeScanner, kept: Kept) -> None:
    scanner.busy = 1000
    stop = threading.Timer(0.3, lambda: setattr(kept, "at_most", 0))
    stop.start()
    assert failure(scanner, SMALL, kept).code == "scanner_cancelled"
    stop.join()


def test_cancelled_between_pages_keeps_those_that_came(scanner: FakeScanner) -> None:
    kept = Kept(at_most=2)
    scanner.loaded = 9
    failed = failure(scanner, FEEDER, kept)
    assert (failed.code, [bars(page.data) for page in kept]) == ("scanner_cancelled", [1, 2])
    # The sheet that was on its way goes through; no more follow.
    assert scanner.loaded in (6, 7)


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        (
            " 192.168.1.20 ",
            ["http://192.168.1.20:80/eSCL", "https://192.168.1.20:443/eSCL", "http://192.168.1.20:8080/eSCL"],
        ),
        ("192.168.1.20：8080", ["http://192.168.1.20:8080/eSCL", "https://192.168.1.20:8080/eSCL"]),
        ("192。168。1。20:80", ["http://192.168.1.20:80/eSCL", "https://192.168.1.20:80/eSCL"]),
        ("https://printer.local/", ["https://printer.local:443/eSCL"]),
        ("http://printer.local:631/airscan/eSCL/", ["http://printer.local:631/airscan/eSCL"]),
        ("http://[fe80::1]:80", ["http://[fe80::1]:80/eSCL"]),
    ],
)
def test_what_is_tried_for_what_was_typed(text: str, tried: list[str]) -> None:
    assert [str(address) for address in typed(text)] == tried
    assert known(tried[0]) == typed(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "我的扫描仪",
        "ftp://1.2.3.4",
        "http://",
        "1.2.3.4:99999",
        "http://a b/",
        "http://u@1.2.3.4/",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UserError, match="不像扫描仪的地址"):
        scanners.at_address(text, PATIENCE)


@given(st.text(max_size=12))
def test_no_text_upsets_the_address(text: str) -> None:
    try:
        for address in typed(text):
            assert known(str(address)) == address
    except ScannerFailed as failed:
        assert failed.code == "scanner_address"


@pytest.fixture
def secure_scanner(tmp_path: Path) -> Iterator[FakeScanner]:
    """With a certificate that it made itself, as scanners do."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    subprocess.run(
        f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=scanner -keyout {key} -out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    with FakeScanner((certificate, key)) as running:
        yield running


def test_a_scanner_with_a_certificate_of_its_own(secure_scanner: FakeScanner, kept: Kept) -> None:
    found = scanners.at_address(f"127.0.0.1:{secure_scanner.port}", PATIENCE)
    assert found.name == secure_scanner.address
    assert found.name.startswith("https://")
    assert scanners.scan(found, SMALL, kept.listener(), kept.patience) == 1


@needs_scanimage
@pytest.mark.skipif(shutil.which("airscan-discover") is None, reason="sane-airscan is not installed")
def test_another_program_scans_from_the_same_server(own_sane: Sane, scanner: FakeScanner, kept: Kept) -> None:
    """sane-airscan finds nothing odd in what our server says: it speaks the protocol, not just our idea of it."""
    own_sane.drivers("airscan")
    own_sane.write(
        "airscan.conf",
        f'[devices]\n"Drawn" = {scanner.address}, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n',
    )
    (found,) = sane.devices(PATIENCE)
    assert found.name.startswith("airscan:")
    assert Source.FEEDER in [offer.source for offer in sane.capabilities(found, PATIENCE).offers]
    assert scanners.scan(found, replace(SMALL, area=None), kept.listener(), kept.patience) == 1
    assert scanners.scan(found, replace(FEEDER, area=None), kept.listener(), kept.patience) == 3
    assert [bars(page.data) for page in kept] == [1, 1, 2, 3]
    scanner.jam_at, scanner.loaded = 1, 3
    assert failure_of(found, kept).code == "scanner_jammed"


def failure_of(found: Device, kept: Kept) -> UserError:
    with pytest.raises(UserError) as caught:
        scanners.scan(found, FEEDER, kept.listener(), kept.patience)
    return caught.value


@pytest.fixture
def announced(scanner: FakeScanner) -> Iterator[Callable[[str], None]]:
    """Announces the scanner by DNS-SD on loopback only."""
    zeroconf = pytest.importorskip("zeroconf", reason="python-zeroconf (extra: discovery) is not installed")
    speaker = zeroconf.Zeroconf(interfaces=["127.0.0.1"])

    def announce(service: str) -> None:
        speaker.register_service(
            zeroconf.ServiceInfo(
                f"{service}._tcp.local.",
                f"Drawn.{service}._tcp.local.",
                addresses=[socket.inet_aton("127.0.0.1")],
                port=scanner.port,
                properties={"rs": b"eSCL"},
                server="drawn.local.",
            )
        )

    yield announce
    speaker.close()


@pytest.mark.parametrize(
    ("services", "scheme"), [(["_uscan"], "http"), (["_uscans"], "https"), (["_uscans", "_uscan"], "https")]
)
def test_a_scanner_that_announces_itself_is_found_once(
    scanner: FakeScanner, announced: Callable[[str], None], services: list[str], scheme: str
) -> None:
    for service in services:
        announced(service)
    found = discovery.addresses(PATIENCE, ["127.0.0.1"])
    assert [str(address) for address in found] == [f"{scheme}://127.0.0.1:{scanner.port}/eSCL"]


def test_what_announces_itself_and_does_not_answer_is_left_out(
    scanner: FakeScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        escl, "addresses", lambda _patience: (known("http://127.0.0.1:9/eSCL"), known(scanner.address))
    )
    assert escl.devices(PATIENCE) == (device(scanner),)


def test_without_zeroconf_nobody_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zeroconf", None)
    assert discovery.addresses(PATIENCE) == ()
