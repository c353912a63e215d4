"""Telephone numbers as Italians write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx import numbers


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("0612345678", "+390612345678"),
        ("06 1234 5678", "+390612345678"),
        ("(06) 1234-5678", "+390612345678"),
        ("+39 06 12345678", "+390612345678"),
        ("0039 06 12345678", "+390612345678"),
        ("335 123 4567", "+393351234567"),
        ("+39 335/1234567", "+393351234567"),
        ("800 123 456", "+39800123456"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("201", ""),
        ("112", ""),
        ("*86", ""),
        ("", ""),
        ("anonymous", ""),
        ("06-CALL-NOW", ""),
        ("+", ""),
        ("++390612345678", ""),
        ("+3906" + "1" * 40, ""),
        ("٠٦١٢٣٤٥٦٧٨", ""),
    ],
)
def test_to_e164(typed: str, e164: str) -> None:
    assert numbers.to_e164(typed) == e164


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+390612345678", "06 1234 5678"),
        ("+393351234567", "335 123 4567"),
        ("+442079460958", "+44 20 7946 0958"),
        ("201", "201"),
        ("", ""),
        ("Portineria", "Portineria"),
    ],
)
def test_national(e164: str, shown: str) -> None:
    assert numbers.national(e164) == shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("06 1234 5678", "+390612345678", True),
        ("0612345678", "612345678", True),
        ("+390612345678", "+390612345679", False),
        ("+390612345678", "+440612345678", False),
        ("201", "201", True),
        ("201", "1201", False),
        ("", "", False),
        ("anonymous", "anonymous", False),
    ],
)
def test_same_number(one: str, other: str, same: bool) -> None:
    assert numbers.same_number(one, other) is same
    assert numbers.same_number(other, one) is same


@pytest.mark.parametrize(
    ("text", "external"),
    [("+39 06", True), ("12345678", True), ("1234567", False), ("201", False), ("abc", False)],
)
def test_looks_external(text: str, external: bool) -> None:
    assert numbers.looks_external(text) is external


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("20", True),
        ("201", True),
        ("123456", True),
        ("1", False),
        ("1234567", False),
        ("2a", False),
    ],
)
def test_extensions_have_two_to_six_digits(text: str, ok: bool) -> None:
    assert numbers.is_extension(text) is ok


@given(st.text(max_size=60))
def test_whatever_strangers_send_is_answered(text: str) -> None:
    e164 = numbers.to_e164(text)
    assert e164 == "" or (e164.startswith("+") and e164[1:].isdigit() and len(e164) <= 18)
    assert numbers.to_e164(e164) == e164
    assert isinstance(numbers.national(text), str)
    assert isinstance(numbers.looks_external(text), bool)
