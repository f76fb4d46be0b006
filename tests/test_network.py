"""No module but those that speak to a typed scanner can open a connection, and nothing but local files is opened."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .test_architecture import SOURCE, imports, is_within, modules

MAY_CONNECT = ("capture.scanners.escl",)
CONNECTING = (
    "PySide6.QtNetwork", "PySide6.QtWebEngineCore", "PySide6.QtWebSockets", "asyncio", "ftplib", "http", "imaplib",
    "multiprocessing.connection", "poplib", "requests", "smtplib", "socket", "socketserver", "ssl", "urllib.request",
    "urllib3", "webbrowser", "xmlrpc", "zeroconf",
)  # fmt: skip


def connecting_imports(source: Path) -> list[str]:
    return [
        f"{module}:{line}: {name}"
        for module, file in modules(source)
        for line, name in imports(module, file)
        if is_within(name, CONNECTING) and not is_within(module, MAY_CONNECT)
    ]


def opened_elsewhere(source: Path) -> list[str]:
    """Calls of openUrl on anything but ``QUrl.fromLocalFile(…)``, and labels that open links themselves."""
    found = []
    for module, file in modules(source):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = (
                node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            )
            elsewhere = called == "openUrl" and not ast.unparse(node.args[0]).startswith(
                "QUrl.fromLocalFile("
            )
            if elsewhere or called == "setOpenExternalLinks":
                found.append(f"{module}:{node.lineno}")
    return found


def test_only_the_scanners_of_the_network_can_connect() -> None:
    assert connecting_imports(SOURCE) == []


def test_only_local_files_are_opened() -> None:
    assert opened_elsewhere(SOURCE) == []


@pytest.mark.parametrize(
    ("module", "line", "wrong"),
    [
        ("jobs/verify.py", "import socket", True),
        ("jobs/verify.py", "def later():\n    from urllib import request", True),
        ("output/mail.py", "from urllib.parse import quote", False),
        ("gui/run.py", "from PySide6.QtNetwork import QNetworkAccessManager", True),
        ("capture/scanners/sane.py", "import http.client", True),
        ("capture/scanners/escl/exchange.py", "import http.client", False),
        ("gui/help.py", "QDesktopServices.openUrl(QUrl('https://example.org'))", True),
        ("gui/help.py", "label.setOpenExternalLinks(True)", True),
        ("gui/help.py", "QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))", False),
    ],
)
def test_a_way_out_is_found(tmp_path: Path, module: str, line: str, wrong: bool) -> None:
    file = tmp_path / "certclerk" / module
    file.parent.mkdir(parents=True)
    file.write_text(f"{line}\n", encoding="utf-8")
    assert bool(connecting_imports(tmp_path) + opened_elsewhere(tmp_path)) is wrong
