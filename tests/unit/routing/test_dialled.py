"""What was dialled, read as a number outside the office."""

from __future__ import annotations

import pytest

from pbx.routing import targets
from pbx.routing.dialled import emergency, outside
from pbx.routing.targets import Known, fault


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("00612345678", "+390612345678"),  # 0 and Rome, not Australia
        ("0 06 1234 5678", "+390612345678"),
        ("0612345678", "+390612345678"),
        ("03331234567", "+393331234567"),
        ("3331234567", "+393331234567"),
        ("000442079460000", "+442079460000"),
        ("00442079460000", "+442079460000"),
        ("+442079460000", "+442079460000"),
        ("+390612345678", "+390612345678"),
        ("00390612345678", "+390612345678"),
        ("0800123456", "800123456"),
        ("+39800123456", "800123456"),
        ("0199123456", "199123456"),
        ("0892424", "892424"),
        ("0187", "187"),
        ("01240", "1240"),
        ("0116117", "116117"),
        ("048888", "48888"),
        ("0044201234567", "+44201234567"),  # in no table of ours, so the provider's to judge
        ("00199123456", "+390199123456"),
        ("03001234567", "+393001234567"),
        ("187", ""),  # may be an extension
        ("892424", ""),
        ("202", ""),
        ("0", ""),
        ("00", ""),
        ("099", ""),
        ("+", ""),
        ("", ""),
        ("ciao", ""),
        ("0061234567a", ""),
        ("٠٣٣٣١٢٣٤٥٦٧", ""),
        ("9" * 40, ""),
        ("*21", ""),
    ],
)
def test_outside_numbers(dialled: str, number: str) -> None:
    assert outside(dialled) == number


def test_another_digit_or_none_takes_the_line() -> None:
    assert outside("90612345678", "9") == "+390612345678"
    assert outside("9187", "9") == "187"
    assert outside("0612345678", "9") == "+390612345678"
    assert outside("0612345678", "") == "+390612345678"
    assert outside("00442079460000", "") == "+442079460000"


def test_help_is_found_with_every_digit_before_it() -> None:
    numbers = frozenset({"112", "118"})
    assert emergency("112", numbers) == emergency("0112", numbers) == "112"
    assert emergency("9118", numbers, "9") == emergency("0118", numbers, "9") == "118"
    assert emergency("118", numbers, "") == "118"
    assert emergency("1121", numbers) == emergency("00112", numbers) == emergency("", numbers) == ""


KNOWN = Known({"201", "202"}, {"201"}, numbers={"+390255501200"})


@pytest.mark.parametrize(
    ("kind", "target", "words"),
    [
        ("line", "201", ""),
        ("line", "299", "299 non è un interno attivo"),
        ("line", "", "Scegli un interno"),
        ("line", "x" * 10_000, "non è un interno attivo"),
        ("mailbox", "201", ""),
        ("mailbox", "202", "non ha una casella"),
        ("mailbox", "299", "non è un interno attivo"),
        ("service", "echo", ""),
        ("service", "star_code", "Scegli un servizio"),
        ("announcement", "announce.office_closed", ""),
        ("announcement", "mailbox.welcome", "Scegli un annuncio"),
        ("number", "02 5550 1201", ""),
        ("number", "0 333 1234567", ""),
        ("number", "202", "Non è un numero esterno"),
        ("number", "<b>1</b>", "Non è un numero esterno"),
        ("number", "02 5550 1200", "tornerebbe indietro"),
        ("group", "5", "Scegli che cosa"),
        ("", "", "Scegli che cosa"),
    ],
)
def test_targets(kind: str, target: str, words: str) -> None:
    found = fault(kind, target, KNOWN)
    assert (found is None) == (not words)
    if found is not None:
        assert words in found.it
        assert found.en


def test_a_number_is_kept_in_full() -> None:
    assert targets.kept("number", "0 333 123 4567") == "+393331234567"
    assert targets.kept("line", "201") == "201"
    assert {kind.name for kind in targets.KINDS} == {
        *("line", "mailbox", "service", "announcement", "number"),
    }
