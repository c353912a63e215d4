"""What the log keeps as a machine's word is read as a person's."""

from __future__ import annotations

import pytest

from officesmart.administration import trunk_rules
from officesmart.administration.audit_words import CHOICES, shown


@pytest.mark.parametrize(
    ("name", "value", "it", "en"),
    [
        ("number_format", "e164", "come +390255501200", "like +390255501200"),
        ("caller_id", "pai", "P-Asserted-Identity", "P-Asserted-Identity"),
        ("diversion", "none", "non dirlo", "do not tell"),
        ("first", "2026-11-22", "domenica 22 novembre 2026", "Sunday 22 November 2026"),
        ("last", "2027-01-06", "mercoledì 6 gennaio 2027", "Wednesday 6 January 2027"),
        ("last", "", "", ""),
        ("last", "no day", "no day", "no day"),
        ("name", "Ferie", "Ferie", "Ferie"),
    ],
)
def test_a_value_in_words(name: str, value: str, it: str, en: str) -> None:
    assert (shown("it", name, value), shown("en", name, value)) == (it, en)


def test_every_choice_of_a_trunk_has_words() -> None:
    ways = (*trunk_rules.NUMBER_FORMATS, *trunk_rules.CALLER_IDS, *trunk_rules.DIVERSIONS)
    assert {way for way in ways if way not in CHOICES} == set()
