from __future__ import annotations

import json

import pytest

from certclerk.core.errors import UserError
from certclerk.output.manifest import (
    DocumentProof,
    FileProof,
    LeftOutTeacher,
    Manifest,
    _sealed,
    manifest_bytes,
    read_manifest,
)

MANIFEST = Manifest(
    name="校验清单.json",
    program="certclerk 9",
    notice="某〔2031〕1号",
    unit="某校",
    day="2032-03-01",
    picture_size="clear",
    certificates=2,
    files=(FileProof("某校.zip", "archive", 12, "ab" * 32),),
    documents=(DocumentProof("某校.zip", "某校/张三.pdf", 1, "张三", ("ef" * 32,) * 3, 9, "cd" * 32),),
    left_out=(LeftOutTeacher(4, "李娜", "hold", "缺备注页"),),
)


def test_it_comes_back() -> None:
    assert read_manifest(manifest_bytes(MANIFEST)) == MANIFEST


def test_it_is_readable_json_with_the_hash_of_the_rest_last() -> None:
    values = json.loads(manifest_bytes(MANIFEST))
    assert values["documents"][0]["teacher"] == "张三"
    assert list(values)[-1] == "digest"


def test_any_flipped_bit_is_noticed() -> None:
    data = manifest_bytes(MANIFEST)
    for bit in range(8 * len(data)):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        assert read_manifest(bytes(damaged)) is None, bit


WHOLE = manifest_bytes(MANIFEST)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        WHOLE[:-1],
        WHOLE[: len(WHOLE) // 2],
        WHOLE + b"\n",
        WHOLE.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.replace("张三".encode(), "李四".encode()),
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"files": 3}',
        b'{"name": "a", "files": ["b"]}',
        bytes(range(256)),
    ],
)
def test_other_damage_is_noticed(damaged: bytes) -> None:
    assert read_manifest(damaged) is None


def resealed(**changed: object) -> bytes:
    """The manifest with other values and a digest that fits them, as anyone can make it."""
    values = {**json.loads(WHOLE), **changed}
    del values["digest"]
    return _sealed(values)


def test_the_first_version_is_still_read() -> None:
    values = json.loads(WHOLE)
    documents = [{**row, "pages": 3} for row in values["documents"]]
    del values["picture_size"], values["digest"]
    first = read_manifest(_sealed({**values, "version": 1, "documents": documents}))
    assert first is not None
    assert (first.picture_size, first.documents[0].pages) == ("", ())
    assert first.files == MANIFEST.files


def test_a_later_version_is_told_as_one() -> None:
    with pytest.raises(UserError) as caught:
        read_manifest(resealed(version=3, program="certclerk 10"))
    assert caught.value.code == "manifest_newer"
    assert "certclerk 10" in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "other"},
        {"documents": [{"size": "x"}]},
        {"files": [{"name": "a", "kind": "archive", "size": "12", "sha256": "ab"}]},
        {"certificates": None},
        {"left_out": 3},
        {"documents": {}, "files": [[]]},
    ],
)
def test_what_is_no_manifest_is_none_with_a_digest_that_fits_either(changed: dict[str, object]) -> None:
    assert read_manifest(resealed(**changed)) is None
