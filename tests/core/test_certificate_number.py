"""The parts of a 17-digit certificate number."""

from __future__ import annotations

import pytest

from certclerk.core.certificate_number import CertificateNumber, parse_number


def test_parts() -> None:
    assert parse_number("20133520141000123") == CertificateNumber(
        year=2013, province="35", authority="201", kind="4", sex_digit="1", serial="000123"
    )


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("20133520141000123", "男"),
        ("20133520142000123", "女"),
        ("20133520140000123", ""),
        ("20093520141000123", "男"),
        ("20083520141000123", ""),
        ("20083520142000123", ""),
    ],
)
def test_the_sex_digit_says_something_only_since_2009(text: str, sex: str) -> None:
    parts = parse_number(text)
    assert parts is not None
    assert parts.sex == sex


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2013352014100012",
        "201335201410001234",
        "2013352014100012X",
        "2013352014100012３",
        "2.0133520141E+16",
        " 20133520141000123",
        "20133520141000123\n",
    ],
)
def test_anything_else_has_no_parts(text: str) -> None:
    assert parse_number(text) is None
