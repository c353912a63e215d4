"""One rule for names, whatever they name: what can be seen, and what holds its signs together."""

from __future__ import annotations

import pytest

from officesmart.administration.rules import label_fault
from officesmart.administration.trunk_rules import judge as judge_trunk
from officesmart.administration.typed import Typed
from officesmart.contacts.card import Card
from officesmart.contacts.card import judge as judge_card
from officesmart.csv_rows import parse
from pbx.printable import printable

CODER, LETTER = "\U0001f469\u200d\U0001f4bb", "\u0646\u0627\u0645\u200c\u0647"
SEEN = ("Giulia", f"{CODER} Giulia", LETTER, "اسم", "🦆")
UNSEEN = ("a\u202eb", "a\nb", "a\x00b", "\u200d", "\u200c \u200d", "a\u200bb", "\ud800")


@pytest.mark.parametrize("name", SEEN)
def test_what_can_be_seen_names_everything(name: str) -> None:
    assert printable(name)
    typed = Typed({"name": name})
    assert (typed.text("name", most=80), typed.faults) == (name, {})
    assert label_fault(name) is None
    assert "name" not in judge_trunk({"name": name})[1]
    assert judge_card(Card(name)).card.first_name == name
    (row,), faults = parse(f"extension,name\n204,{name}\n".encode())
    assert (row.enrolment.name, faults) == (name, [])


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_sees_names_nothing(name: str) -> None:
    assert not printable(name)
    assert label_fault(name) is not None
