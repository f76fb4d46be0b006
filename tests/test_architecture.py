"""The layers, held by reading every import of the source; and the table of errors, held to its uses."""

from __future__ import annotations

import ast
import os
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from certclerk.core.errors import SENTENCES

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCE = CHECKOUT / "src"
LINES_AT_MOST = 400

PARTS = ("collection", "roster", "imaging", "capture", "output", "printing")
# Layer -> what it may import of the program, each with all that lies under it.
MAY_IMPORT = {
    "core": ("core",),
    "system": ("system", "core"),
    **{part: (part, "core", "system") for part in PARTS},
    "jobs": ("jobs", "core", "system", *PARTS),
    "gui": ("gui", "core", "jobs", "collection", "system.resources"),
    "arguments": ("arguments", "core"),  # the command line's grammar, beside the app that acts on it
}
# The only places that wire parts together.
COMPOSITION_ROOT = ("__main__", "app")
MAY_IMPORT_QT = ("gui", "printing", "app")


def modules(source: Path) -> Iterator[tuple[str, Path]]:
    """Dotted name within the package ('core.scope', 'core' for its __init__) and file."""
    package = source / "certclerk"
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


def imports(module: str, file: Path) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of everything imported anywhere in the file, functions included."""
    inside = ["certclerk", *module.split(".")] if module else ["certclerk"]
    if file.name != "__init__.py":
        inside.pop()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = inside[: len(inside) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def is_within(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in allowed)


def wrong_imports(source: Path) -> list[str]:
    found = []
    for module, file in modules(source):
        layer = module.split(".")[0]
        if layer and layer not in MAY_IMPORT and layer not in COMPOSITION_ROOT:
            found.append(f"{module or file.name}: belongs to no layer")
            continue
        for line, name in imports(module, file):
            reason = why_wrong(layer, name)
            if reason:
                found.append(f"{file.relative_to(source).as_posix()}:{line}: {reason}")
    return found


def why_wrong(layer: str, name: str) -> str:
    """The reason why a module of that layer ('' is the package itself) may not import ``name``; '' if it may."""
    top, _, rest = name.partition(".")
    if top == "certclerk":
        # `from certclerk import __version__` is nobody's part.
        if layer in COMPOSITION_ROOT or rest == "__version__" or is_within(rest, MAY_IMPORT.get(layer, ())):
            return ""
        return f"{layer or 'the package itself'} may not import {name}"
    if top in ("PySide6", "shiboken6") and layer not in MAY_IMPORT_QT:
        return f"{layer or 'the package itself'} may not import Qt"
    if layer == "core" and top not in sys.stdlib_module_names:
        return f"core may not import {top}: it is not in the standard library"
    return ""


def test_imports_point_downwards() -> None:
    assert wrong_imports(SOURCE) == []


@pytest.mark.parametrize(
    ("module", "line", "wrong"),
    [
        ("core/scope.py", "from certclerk.core import notice", False),
        ("core/scope.py", "from . import notice", False),
        ("core/rules/person.py", "from ..notice import Notice", False),
        ("core/scope.py", "import PIL", True),
        ("core/scope.py", "from certclerk.system import files", True),
        ("core/scope.py", "from ..system import files", True),
        ("core/scope.py", "def later():\n    import certclerk.jobs", True),
        ("core/rules/person.py", "from ... import system", True),
        ("system/files.py", "from certclerk.core.errors import UserError", False),
        ("system/files.py", "from certclerk.collection import create", True),
        ("output/pdf.py", "from certclerk.system import files", False),
        ("output/pdf.py", "from certclerk import imaging", True),
        ("output/pdf.py", "from certclerk.imaging.frames import Frame", True),
        ("output/pdf.py", "from PySide6.QtGui import QImage", True),
        ("printing/paint.py", "from PySide6.QtGui import QPainter", False),
        ("jobs/package.py", "from certclerk.output import pdf", False),
        ("jobs/package.py", "from certclerk import gui", True),
        ("jobs/package.py", "from certclerk import __version__", False),
        ("gui/window.py", "from certclerk import jobs", False),
        ("gui/window.py", "from certclerk.collection import Collection", False),
        ("gui/window.py", "from certclerk.system.resources import resource", False),
        ("gui/window.py", "from certclerk.system.files import write_aside", True),
        ("gui/window.py", "from certclerk.output import pdf", True),
        ("gui/window.py", "from certclerk import app", True),
        ("__init__.py", "from certclerk.core import scope", True),
        ("app.py", "from PySide6.QtWidgets import QApplication\nfrom certclerk.gui import window", False),
        ("__main__.py", "from certclerk.app import main", False),
        ("__main__.py", "import PySide6", True),
        ("arguments.py", "from certclerk import __version__", False),
        ("arguments.py", "from certclerk.jobs import sample", True),
        ("helpers.py", "", True),
        ("common/text.py", "", True),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, module: str, line: str, wrong: bool) -> None:
    file = tmp_path / "certclerk" / module
    file.parent.mkdir(parents=True)
    file.write_text(f"{line}\n", encoding="utf-8")
    assert bool(wrong_imports(tmp_path)) is wrong


def long_files(folders: tuple[Path, ...]) -> list[str]:
    found = []
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            lines = len(file.read_text(encoding="utf-8").splitlines())
            if lines > LINES_AT_MOST:
                found.append(f"{file.name}: {lines} lines, past {LINES_AT_MOST} it is two things")
    return found


def test_no_module_is_two_things() -> None:
    assert long_files((SOURCE, CHECKOUT / "packaging")) == []


def test_a_long_module_is_found(tmp_path: Path) -> None:
    (tmp_path / "just.py").write_text("x = 1\n" * LINES_AT_MOST, encoding="utf-8")
    assert long_files((tmp_path,)) == []
    (tmp_path / "over.py").write_text("x = 1\n" * (LINES_AT_MOST + 1), encoding="utf-8")
    assert len(long_files((tmp_path,))) == 1


def wrong_raises(source: Path, sentences: dict[str, str]) -> list[str]:
    """``UserError("code", fact=…)`` without such a code, or without a fact its sentence has braces for."""
    found = []
    for _, file in modules(source):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called != "UserError":
                continue
            code = node.args[0].value
            if code not in sentences:
                found.append(f"{file.name}:{node.lineno}: no sentence for {code}")
                continue
            given = {keyword.arg for keyword in node.keywords}
            missing = facts_of(sentences[code]) - given
            if missing and None not in given:  # None stands for **facts, which only a run can see into
                found.append(f"{file.name}:{node.lineno}: {code} lacks {', '.join(sorted(missing))}")
    return found


def facts_of(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def unused_codes(source: Path, sentences: dict[str, str]) -> list[str]:
    """Codes that no part ever names. What the composition root says of a code only counts where it raises it."""
    used = set()
    for module, file in modules(source):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Constant) and module not in ("core.errors", *COMPOSITION_ROOT)
            raised = isinstance(node, ast.Call) and ast.unparse(node.func) == "UserError" and node.args
            text = node if named else node.args[0] if raised else None
            if isinstance(text, ast.Constant):
                used.add(text.value)
    return sorted(set(sentences) - used)


def test_the_window_starts_without_what_it_does_not_need_yet() -> None:
    """Each of these would cost every start 20 to 100 ms; functions that need one import it."""
    probe = (
        "import importlib, pkgutil, sys, certclerk.app, certclerk.gui\n"
        "for module in pkgutil.walk_packages(certclerk.gui.__path__, 'certclerk.gui.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(*sorted({'openpyxl', 'pypdf', 'python_calamine', 'pypinyin'} & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.stdout.strip(), run.stderr) == ("", "")


def test_every_error_has_its_sentence_and_facts() -> None:
    assert wrong_raises(SOURCE, SENTENCES) == []


def test_every_sentence_is_used() -> None:
    assert unused_codes(SOURCE, SENTENCES) == []


def test_a_wrong_or_unused_code_is_found(tmp_path: Path) -> None:
    package = tmp_path / "certclerk"
    package.mkdir()
    sentences = {"gone": "{file} 不见了。", "broken": "{file} 坏了：{reason}。", "never": "从未发生。"}
    sentences["no_screen"] = "没有屏幕。"
    (package / "jobs.py").write_text(
        'UserError("gone", file=1)\n'
        'errors.UserError("broken", **facts)\n'
        'UserError("broken", file=1)\n'
        'UserError("unheard_of")\n',
        encoding="utf-8",
    )
    (package / "app.py").write_text(
        'REFUSALS = {"gone", "never"}\nraise UserError("no_screen")\n', encoding="utf-8"
    )
    assert wrong_raises(tmp_path, sentences) == [
        "jobs.py:3: broken lacks reason",
        "jobs.py:4: no sentence for unheard_of",
    ]
    assert unused_codes(tmp_path, sentences) == ["never"]
