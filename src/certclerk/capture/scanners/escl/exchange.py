"""One HTTP question to a scanner and its answer: capped, given up when cancelled, never sent elsewhere.

Redirections are not followed, and no proxy is asked: nothing but the scanner's address is ever connected to.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from certclerk.capture.scanners.escl.address import Address
from certclerk.capture.scanners.scanner import ScannerFailed

CONNECT_S = 5.0
XML_BYTES = 1_000_000
PICTURE_BYTES = 200_000_000
_POLL_S = 0.1
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asking:
    """``silence``: seconds without a byte. ``most``: bytes of the answer. ``received`` gets bytes so far, and in all
    or 0."""

    silence: float
    most: int = XML_BYTES
    cancelled: Callable[[], bool] = lambda: False
    received: Callable[[int, int], None] = lambda _bytes, _total: None


def ask(address: Address, method: str, path: str, asking: Asking, body: bytes | None = None) -> Answer:
    """Raises ScannerFailed: gone, silent, cut short, cancelled or an odd answer."""
    connection = _connection(address)
    try:
        connection.connect()
    except TimeoutError as error:
        raise ScannerFailed("scanner_gone") from error
    except ssl.SSLError as error:
        raise ScannerFailed("scanner_odd_answer", reason="加密连接没有建立") from error
    except OSError as error:
        raise ScannerFailed("scanner_gone") from error
    assert connection.sock is not None
    connection.sock.settimeout(asking.silence)
    headers = {"Connection": "close", "Accept": "*/*"}
    if body is not None:
        headers["Content-Type"] = "text/xml"
    with _interruptible(connection.sock, asking.cancelled):
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = _content(response, asking)
        except TimeoutError as error:
            raise ScannerFailed("scanner_silent", seconds=round(asking.silence)) from error
        except (OSError, http.client.HTTPException) as error:
            if asking.cancelled():
                raise ScannerFailed("scanner_cancelled") from error
            if isinstance(error, http.client.IncompleteRead):
                raise ScannerFailed("scanner_cut_short") from error
            if isinstance(error, http.client.HTTPException) and not isinstance(error, ConnectionError):
                raise ScannerFailed("scanner_odd_answer", reason="不是扫描仪的回答") from error
            raise ScannerFailed("scanner_io", reason="连接中断") from error
        finally:
            connection.close()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


def _connection(address: Address) -> http.client.HTTPConnection:
    if address.scheme == "http":
        return http.client.HTTPConnection(address.host, address.port, timeout=CONNECT_S)
    # A scanner's certificate is its own: it hides the pages from listeners, but proves nobody's identity.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(address.host, address.port, timeout=CONNECT_S, context=context)


def _content(response: http.client.HTTPResponse, asking: Asking) -> bytes:
    total = response.length or 0
    if total > asking.most:
        raise ScannerFailed("scanner_odd_answer", reason="回答过长")
    content = bytearray()
    while chunk := response.read1(_CHUNK):
        content += chunk
        if len(content) > asking.most:
            raise ScannerFailed("scanner_odd_answer", reason="回答过长")
        if asking.cancelled():
            raise ScannerFailed("scanner_cancelled")
        asking.received(len(content), total)
    if len(content) < total:
        raise http.client.IncompleteRead(bytes(content), total - len(content))
    return bytes(content)


@contextmanager
def _interruptible(sock: socket.socket, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Within it whoever waits at the socket is woken up when ``cancelled()``."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_POLL_S):
            if cancelled():
                # It may have been closed in between.
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                return

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()
