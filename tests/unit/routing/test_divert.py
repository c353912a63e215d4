"""What may be done with a call while it rings, and where it goes then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pbx.routing.divert import LONGEST, NotDone, Onward, may, onward
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.office import DirectNumber, Office, Person
from pbx.routing.plan import Forward, Mailbox

CALL = CallFacts("201", datetime(2026, 11, 23, 9, tzinfo=UTC), from_line="204")


def office(**changes: bool) -> Office:
    lines = {
        line: Person(int(line), line, name, has_mailbox=changes.get(f"box{line}", True))
        for line, name in {
            "201": "Anna", "202": "Bruno", "203": "Carla", "204": "Dario", "205": "Elsa",
            "206": "Fabio", "207": "Gina",
        }.items()
    }  # fmt: skip
    lines["207"] = replace(lines["207"], active=False)
    direct = DirectNumber("+390255501200", "line", "203", label="Vendite")
    return Office(1, lines, {"+390255501202": "202"}, direct_numbers={direct.number: direct})


def sent(to: str, call: CallFacts = CALL, **more: bool) -> Onward | NotDone:
    return onward("201", to, call, office(), **more)


def test_who_is_called_may_do_all() -> None:
    assert may("201", "201", CALL, office()) == ["decline", "mailbox", "colleague"]


def test_who_rings_along_may_only_keep_his_phones_quiet() -> None:
    assert may("202", "201", CALL, office()) == ["decline"]
    hunted = replace(CALL, arrival=Arrival.HUNT)
    assert may("201", "201", hunted, office()) == ["decline"]


def test_a_mailbox_there_must_be() -> None:
    without = office(box201=False)
    assert may("201", "201", CALL, without) == ["decline", "colleague"]
    assert isinstance(onward("201", "mailbox", CALL, without), NotDone)
    for call in (replace(CALL, orbit="801", arrival=Arrival.RECALL),):
        assert "mailbox" not in may("201", "201", call, office())
    assert "mailbox" not in may("201", "201", CALL, office(), back=True)


def test_a_call_forwarded_here_goes_to_the_mailbox_of_who_was_called() -> None:
    """As when nobody answers (RFC 4458)."""
    call = replace(CALL, diverted_by=("203",), causes=(302,))
    found = onward("201", "mailbox", call, office())
    assert isinstance(found, Onward) and found.step == Mailbox("203", "unanswered")
    own = onward("201", "mailbox", CALL, office())
    assert isinstance(own, Onward) and own.step == Mailbox("201", "unanswered")


@pytest.mark.parametrize("to", ["202", "+390255501202", "0255501202", "0 02 5550 1202"])
def test_a_colleague_by_extension_or_number(to: str) -> None:
    found = sent(to)
    if isinstance(found, NotDone):  # written as nobody dials it: refused, never guessed
        assert " " in to
        return
    assert isinstance(found.step, Forward)
    call = found.step.call
    assert (call.dialled, call.diverted_by, call.causes) == ("202", ("201",), (480,))
    assert call.arrival is Arrival.DIRECT and not call.granted
    assert found.it == "Chiamata inoltrata a Bruno"
    assert "201 Anna l'ha inoltrata all'interno 202 (Bruno)" in found.because_it


def test_what_comes_back_from_parking_is_decided_as_a_call_and_stays_one_of_the_orbit() -> None:
    call = replace(CALL, orbit="801", arrival=Arrival.RECALL, on_behalf="201")
    found = sent("202", call)
    assert isinstance(found, Onward) and isinstance(found.step, Forward)
    assert (found.step.call.orbit, found.step.call.arrival) == ("801", Arrival.DIRECT)


@pytest.mark.parametrize(
    "to",
    [
        "", "299", "207", "112", "118", "0335550147", "+393355501470", "*86", "*21*202#", "801",
        "mailbox ", "MAILBOX", "202\r\nVia: x", "202; DROP TABLE line", "<b>202</b>", "２０２",
        "\u202e202", "202🙂", "2" * (LONGEST + 1), "9" * 10000,
    ],
)  # fmt: skip
def test_nothing_else_can_be_reached(to: str) -> None:
    assert isinstance(sent(to), NotDone)


def test_no_circles_and_at_most_five() -> None:
    for to, said in (("201", "linea stessa"), ("204", "È Dario che chiama")):
        found = sent(to)
        assert isinstance(found, NotDone) and said in found.it
    back = sent("203", replace(CALL, diverted_by=("203",), causes=(302,)))
    assert isinstance(back, NotDone) and "tornerebbe indietro" in back.it
    five = replace(CALL, diverted_by=("202", "203", "205", "206", "207"), causes=(302,) * 5)
    assert may("201", "201", five, office()) == ["decline", "mailbox"]
    assert isinstance(sent("202", five), NotDone)
