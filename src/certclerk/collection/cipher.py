"""The password of a collection file: SQLite3 Multiple Ciphers' AEGIS-256, page by page.

Of the ciphers at hand it is the one that proves each page as it reads it and is the fastest of those on processors with
AES instructions; the key is made of the password by Argon2id. Journals are encrypted too. Bytes 16 to 23 of such a file
stay readable (SQLite file format, section 1.3), which is how it is told from rubbish.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote, urlencode

import apsw

CIPHER = "aegis"

_PLAIN = b"SQLite format 3\0"
_HEAD = 92  # bytes
# Of every SQLite file: the shares of a page that a cell may take, in bytes 21 to 23.
_SHARES = bytes((64, 32, 32))
# Zeros in a file that is not encrypted, whatever has become of the bytes before them.
_RESERVED = slice(72, 92)


def is_encrypted(path: Path) -> bool:
    """Whether the file looks like a collection with a password. Raises OSError."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    is_plain = head.startswith(_PLAIN) or head[_RESERVED] == bytes(20)
    return head[21:24] == _SHARES and not is_plain


def lacks_first_page(path: Path) -> bool:
    """Whether such a file is shorter than its first page, which its password is proven by. Raises OSError."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return path.stat().st_size < int.from_bytes(head[16:18], "big")


def apply_key(connection: apsw.Connection, password: str) -> None:
    """To be called before anything else is done with the connection; an empty password does nothing."""
    if password:
        connection.execute(f"PRAGMA cipher = '{CIPHER}'")
        connection.execute(f"PRAGMA key = {apsw.format_sql_value(composed(password))}")


def address(path: Path, password: str) -> str:
    """The file for a statement that names one, with its key; an empty password is none."""
    key = {"cipher": CIPHER, "key": composed(password)} if password else {"key": ""}
    return f"{path.absolute().as_uri()}?{urlencode(key, quote_via=quote)}"


def composed(password: str) -> str:
    """One password, however its characters were put together by what it was typed with."""
    return unicodedata.normalize("NFC", password)
