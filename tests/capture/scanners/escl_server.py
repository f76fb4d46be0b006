"""An eSCL scanner on loopback, made of http.server: it draws its pages and has whatever fault a test wants.

It keeps to the protocol closely enough for sane-airscan, which is no work of ours, to scan from it.
"""

from __future__ import annotations

import io
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from xml.etree import ElementTree

from PIL import Image, ImageDraw

NAMESPACES = (
    'xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" '
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"'
)
INPUT = """
<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions>
<scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles>
"""
CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities {namespaces}>
<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Certclerk Drawn Scanner</pwg:MakeAndModel>
<pwg:SerialNumber>1</pwg:SerialNumber><scan:UUID>b21bd2f6-5a5c-4a5e-9a5a-000000000001</scan:UUID>
<scan:Platen><scan:PlatenInputCaps>{platen}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{adf}</scan:AdfSimplexInputCaps>
<scan:AdfDuplexInputCaps>{adf}</scan:AdfDuplexInputCaps><scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf>
</scan:ScannerCapabilities>"""
STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus {namespaces}><pwg:Version>2.63</pwg:Version><pwg:State>{state}</pwg:State>
<scan:AdfState>{adf}</scan:AdfState><scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>"""
JOB = """<scan:JobInfo><pwg:JobUri>{uri}</pwg:JobUri><pwg:JobUuid>1</pwg:JobUuid><scan:Age>1</scan:Age>
<pwg:JobState>{state}</pwg:JobState></scan:JobInfo>"""


def drawn(number: int, width: int, height: int, mode: str, dpi: int) -> bytes:
    """A page with its number on it in bars, as JPEG."""
    picture = Image.new(mode, (width, height), "white")
    pen = ImageDraw.Draw(picture)
    for bar in range(number):
        left = (2 * bar + 1) * width // 40
        pen.rectangle((left, height // 10, left + width // 45, height // 3), fill="black")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, dpi=(dpi, dpi))
    return out.getvalue()


class FakeScanner:
    """Runs while its block does. What tests may change:

    ``loaded``: sheets in the feeder. ``jam_at``: the sheet (from 1) at which ``fault`` happens. ``busy``: how many
    times 503 is said to a new job. ``not_ready``: how many times to a document that is asked for. ``stall``:
    seconds before a document comes. ``cut``: only half of a document comes. ``wrong``: what comes instead of one.
    ``capabilities``: what is said instead of the scanner's own. ``ends_with``: how the end of the documents is said.
    """

    def __init__(self, certificate: tuple[str, str] | None = None) -> None:
        self.loaded = 3
        self.jam_at = 0
        self.fault = "ScannerAdfJam"
        self.busy = self.not_ready = 0
        self.stall = 0.0
        self.cut = ""
        self.wrong: bytes | None = None
        self.capabilities: bytes | None = None
        self.refuses = 0
        self.ends_with = 404
        self.host_in_location = ""
        self.jobs: dict[str, str] = {}
        self.settings: list[dict[str, str]] = []
        self.asked: list[str] = []
        self.waiting = threading.Event()
        self.closing = threading.Event()
        self._given = 0
        self._adf = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/eSCL"

    def __enter__(self) -> FakeScanner:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """As if it was switched off."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def adf(self) -> str:
        return self._adf or ("ScannerAdfLoaded" if self.loaded else "ScannerAdfEmpty")

    def start(self, settings: dict[str, str]) -> str:
        self.settings.append(settings)
        self._given, self._adf = 0, ""
        path = f"/eSCL/ScanJobs/{len(self.jobs) + 1}"
        self.jobs[path] = "Processing"
        return path

    def document(self, job: str) -> bytes | None:
        """The next page; None when there is none, or it jammed."""
        settings = self.settings[-1]
        feeder = settings["InputSource"] == "Feeder"
        if self.jobs.get(job) != "Processing":
            return None
        if feeder and self._given + 1 == self.jam_at:
            self._adf = self.fault
            self.jobs[job] = "Aborted"
            return None
        if not self.loaded if feeder else self._given:
            self.jobs[job] = "Completed"
            return None
        self.loaded -= feeder
        self._given += 1
        dpi = int(settings["XResolution"])
        width, height = (int(settings[side]) * dpi // 300 for side in ("Width", "Height"))
        return drawn(self._given, width, height, "RGB" if settings["ColorMode"] == "RGB24" else "L", dpi)


def _handler(scanner: FakeScanner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_words: Any) -> None:
            scanner.asked.append(f"{self.command} {self.path}")

        def do_GET(self) -> None:
            if self.path.endswith("/ScannerCapabilities"):
                self.answer(200, scanner.capabilities or capabilities())
            elif self.path.endswith("/ScannerStatus"):
                jobs = "".join(JOB.format(uri=uri, state=state) for uri, state in scanner.jobs.items())
                state = "Processing" if scanner.busy else "Idle"
                said = STATUS.format(namespaces=NAMESPACES, state=state, adf=scanner.adf, jobs=jobs)
                self.answer(200, said.encode())
            elif self.path.endswith("/NextDocument"):
                self.give(self.path.removesuffix("/NextDocument"))
            else:
                self.answer(404, b"<html>nothing here</html>")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if scanner.busy:
                scanner.busy -= 1
                self.answer(503, b"", ("Retry-After", "0"))
                return
            if scanner.refuses:
                self.answer(scanner.refuses, b"")
                return
            settings = {
                element.tag.rpartition("}")[2]: (element.text or "")
                for element in ElementTree.fromstring(body).iter()
            }
            location = scanner.host_in_location + scanner.start(settings)
            self.answer(201, b"", ("Location", location))

        def do_DELETE(self) -> None:
            scanner.jobs[self.path] = "Canceled"
            self.answer(200, b"")

        def give(self, job: str) -> None:
            scanner.waiting.set()
            if scanner.not_ready:
                scanner.not_ready -= 1
                self.answer(503, b"")
                return
            if scanner.stall and scanner.closing.wait(scanner.stall):
                return
            page = scanner.document(job)
            if page is None:
                self.answer(scanner.ends_with, b"")
                return
            page = page if scanner.wrong is None else scanner.wrong
            if scanner.cut == "length":
                self.send(200, [("Content-Type", "image/jpeg"), ("Content-Length", str(len(page)))])
                self.wfile.write(page[: len(page) // 2])
                self.close_connection = True
            elif scanner.cut == "chunk":
                self.send(200, [("Content-Type", "image/jpeg"), ("Transfer-Encoding", "chunked")])
                self.wfile.write(b"%x\r\n" % len(page) + page[: len(page) // 2])
                self.close_connection = True
            elif scanner.cut == "close":
                self.send(200, [("Content-Type", "image/jpeg"), ("Connection", "close")])
                self.wfile.write(page[: len(page) // 2])
                self.close_connection = True
            else:
                # As real ones do: they do not know the length before they have scanned.
                self.send(200, [("Content-Type", "image/jpeg"), ("Transfer-Encoding", "chunked")])
                for start in range(0, len(page), 8192):
                    part = page[start : start + 8192]
                    self.wfile.write(b"%x\r\n" % len(part) + part + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")

        def answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
            self.send(status, [("Content-Type", "text/xml"), ("Content-Length", str(len(body))), *headers])
            self.wfile.write(body)

        def send(self, status: int, headers: list[tuple[str, str]]) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()

    return Handler


def capabilities(change: Callable[[str], str] = lambda text: text) -> bytes:
    resolutions = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
        f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in (75, 100, 200, 300, 600)
    )
    return change(
        CAPABILITIES.format(
            namespaces=NAMESPACES,
            platen=INPUT.format(height=3508, resolutions=resolutions),
            adf=INPUT.format(height=4200, resolutions=resolutions),
        )
    ).encode()
