"""A call asked for on a page: first the line's own phones ring (behaviour.md s.13; guide 11).

It is the line's own wish, so nothing that it has set for other people's calls acts on it: no
forward, no do-not-disturb, no mailbox, no ring plan. `calls/origin.py` makes the call.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.feature import options_for as _options_for
from pbx.routing.office import Office
from pbx.routing.plan import Plan, Reject, Ring

STAGE = Stage.ORIGIN
NAME = "click_to_dial"
SECONDS = 30
"How long the telephone rings from which a call is made (behaviour.md s.13)."
ANSWERS = "answer"
"`plan.Ring.alert` of phones that are asked to answer by themselves."
ASKED = ("Chiamata chiesta dal portale: ", "A call asked for on the portal: ")
"How the reason begins that says which telephone rings first."
OWN_PHONES = ("squillano prima i tuoi telefoni", "first your own phones ring")
"How it goes on when no other telephone was chosen."


class Options(FeatureOptions):
    """How one's own phones ring for a call that was asked for on a page."""

    auto_answer: bool = False
    "They are asked to answer by themselves, on their loudspeaker."
    phone: str = Field(default="", max_length=300)
    """The only one that rings, by what stays its own when it signs in anew (`board.Phone.key`);
    empty: all of them."""


def options(line: str, office: Office) -> Options:
    """What this line has set."""
    return _options_for(Options, "click_to_dial", office, line=line)


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Ring them."""
    line = call.from_line
    if call.arrival is not Arrival.SERVICE or not line or call.dialled != line:
        return plan
    person = office.lines.get(line)
    if person is None or not person.active:
        gone = replace(plan.then(Reject(480, "Temporarily Unavailable")), settled=True)
        return gone.noting(
            "click_to_dial",
            it=f"L'interno {line} non è attivo: da qui non si può chiamare",
            en=f"Extension {line} is not active: no call can be made from it",
        )
    # Who talks already is not to be cut off by a phone that answers the next call by itself.
    answers = options(line, office).auto_answer and line not in call.in_call
    ring = Ring((line,), SECONDS, alert=ANSWERS if answers else "")
    rings = replace(plan.then(ring), to_line=line, settled=True)
    return rings.noting(
        "click_to_dial",
        it=f"{ASKED[0]}squillano prima i telefoni dell'interno {line}",
        en=f"{ASKED[1]}first the phones of extension {line} ring",
    )
