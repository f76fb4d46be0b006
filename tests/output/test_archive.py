from __future__ import annotations

import io
import os
import random
import shutil
import struct
import subprocess
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.output.archive import (
    EMPTY_COST,
    ArchiveWriter,
    Entry,
    central_header,
    end_records,
    entry_cost,
    entry_name,
    local_header,
)
from certclerk.output.reading import Wanted, read_entries

DAY = date(2032, 3, 1)
NAMES = (
    "泉州第一中学/张三.pdf",
    "泉州第一中学/阿依古丽·买买提.pdf",
    "泉州第一中学/李娜（12）.pdf",
    "plain/a.pdf",
)
RARE = "泉州第一中学/䶮𠮷.pdf"


def archive(names: tuple[str, ...], *, legacy: bool = False) -> bytes:
    stream = io.BytesIO()
    writer = ArchiveWriter(stream, DAY)
    for name in names:
        writer.add(entry_name(name, legacy=legacy), [content(name)], zlib.crc32(content(name)))
    writer.finish()
    return stream.getvalue()


def content(name: str) -> bytes:
    return f"%PDF {name}".encode() * 20


def tool(*command: str | Path) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize(
    "command",
    [
        ("unzip", "-q", "{zip}", "-d", "{out}"),
        ("7z", "x", "-bd", "-y", "-o{out}", "{zip}"),
        ("bsdtar", "-x", "-f", "{zip}", "-C", "{out}"),
        ("unar", "-q", "-D", "-o", "{out}", "{zip}"),
    ],
    ids=lambda command: command[0],
)
def test_names_and_contents_are_right_in_other_programs(
    command: tuple[str, ...], legacy: bool, tmp_path: Path
) -> None:
    names = NAMES if legacy else (*NAMES, RARE)
    file, out = tmp_path / "a.zip", tmp_path / "out"
    out.mkdir()
    file.write_bytes(archive(names, legacy=legacy))
    tool(*(word.format(zip=file, out=out) for word in command))
    assert files_in(out) == {name: content(name) for name in names}


def test_python_reads_it() -> None:
    with zipfile.ZipFile(io.BytesIO(archive((*NAMES, RARE)))) as opened:
        assert opened.namelist() == [*NAMES, RARE]
        assert opened.testzip() is None
        assert {info.date_time for info in opened.infolist()} == {(2032, 3, 1, 0, 0, 0)}
        assert {info.compress_type for info in opened.infolist()} == {zipfile.ZIP_STORED}


def test_every_name_beyond_ascii_bears_the_utf8_flag() -> None:
    with zipfile.ZipFile(io.BytesIO(archive(NAMES))) as opened:
        assert [bool(info.flag_bits & 0x800) for info in opened.infolist()] == [True, True, True, False]


def test_a_legacy_name_is_gbk_with_utf8_beside_it() -> None:
    with zipfile.ZipFile(io.BytesIO(archive(NAMES, legacy=True)), metadata_encoding="gbk") as opened:
        assert opened.namelist() == list(NAMES)
        assert not any(info.flag_bits & 0x800 for info in opened.infolist())
        field, size, version, _crc = struct.unpack_from("<HHBL", opened.infolist()[0].extra)
        assert (field, version) == (0x7075, 1)
        assert opened.infolist()[0].extra[9 : 4 + size].decode() == NAMES[0]


@pytest.mark.parametrize("legacy", [False, True])
def test_we_read_our_own_names(legacy: bool, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(archive(NAMES, legacy=legacy))
    assert [entry.name for entry in read_entries(file, Wanted(10**6, {})) or ()] == list(NAMES)


def test_a_name_of_another_program_without_a_flag_is_taken_for_gb18030(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as opened:
        opened.writestr("xx.pdf", b"a")
    file.write_bytes(file.read_bytes().replace(b"xx.pdf", "张".encode("gb18030") + b".pdf"))
    assert [entry.name for entry in read_entries(file, Wanted(10**6, {})) or ()] == ["张.pdf"]


def test_a_name_beyond_gbk_is_refused_by_legacy() -> None:
    with pytest.raises(UserError) as caught:
        entry_name(RARE, legacy=True)
    assert caught.value.code == "name_not_gbk"
    assert "䶮" in str(caught.value)


def test_equal_entries_give_equal_bytes() -> None:
    assert archive(NAMES) == archive(NAMES)


@pytest.mark.parametrize("legacy", [False, True])
def test_the_size_is_known_beforehand(legacy: bool) -> None:
    costs = [entry_cost(entry_name(name, legacy=legacy), len(content(name))) for name in NAMES]
    assert len(archive(NAMES, legacy=legacy)) == sum(costs) + EMPTY_COST


def test_beyond_four_gigabytes(tmp_path: Path) -> None:
    """A hole of 5 GB stands between two entries; other programs find the second one all the same."""
    file, far = tmp_path / "big.zip", 5 * 2**30
    first, second = (
        Entry(
            entry_name(name, legacy=False),
            zlib.crc32(content(name)),
            len(content(name)),
            offset,
            len(content(name)),
        )
        for name, offset in ((NAMES[0], 0), (NAMES[1], far))
    )
    with file.open("wb") as stream:
        for entry, name in ((first, NAMES[0]), (second, NAMES[1])):
            stream.seek(entry.offset)
            stream.write(local_header(entry, DAY) + content(name))
        start = stream.tell()
        directory = central_header(first, DAY) + central_header(second, DAY)
        stream.write(directory + end_records(2, len(directory), start))
    with zipfile.ZipFile(file) as opened:
        assert opened.namelist() == list(NAMES[:2])
        assert opened.read(NAMES[1]) == content(NAMES[1])
    assert NAMES[1] in tool("bsdtar", "-t", "-f", file)
    assert "No errors" in tool("unzip", "-tq", file)


def test_more_entries_than_sixteen_bits_count() -> None:
    entry = Entry(entry_name("a", legacy=False), 0, 0, 0, 0)
    local, directory = local_header(entry, DAY), central_header(entry, DAY) * 65536
    data = local + directory + end_records(65536, len(directory), len(local))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert len(opened.namelist()) == 65536


def test_a_flipped_bit_never_breaks_the_reader(tmp_path: Path) -> None:
    file, data = tmp_path / "a.zip", archive(NAMES[:2])
    for bit in random.Random(1).sample(range(8 * len(data)), 600):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        file.write_bytes(damaged)
        read_entries(file, Wanted(10**6, {}))
