"""Answering a colleague's call: by code, or by the key of a lamp (INVITE with Replaces)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pbx.calls.leg import Leg
from pbx.calls.switch import Switch
from pbx.routing import pickup as groups
from pbx.routing import plan as steps
from pbx.routing.facts import Arrival
from pbx.routing.office import Office
from pbx.routing.plan import Announce

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)
NOTHING = Announce("announce.nothing_rings", 404, "Not Found")
BUSY = Announce("announce.busy", 486, "Busy Here")


async def pick_up(here: Conversation, step: steps.PickUp) -> None:
    """Take the call that has been ringing longest; whoever dialled the code talks in it then."""
    caller = here.caller
    assert caller is not None
    found = longest_ringing(here.switch, step, by=caller.party.line)
    if found is None:
        await here.refuse(NOTHING)
        return
    await caller.open(beside=found[0].caller)
    if found[0].caller is not None:
        await here.switch.names.introduce(here.office, caller, found[0].caller)
    await _take(here, caller, *found)


async def _take(here: Conversation, caller: Leg, ringing: Conversation, line: str) -> None:
    if caller.gone:
        here.telling.left_early()
    elif ringing.pick_up(caller, instead_of=line):
        log.info("%s %s picks up %s for %s", here.id, caller.party.line, ringing.id, line)
        here.goes_on_elsewhere()
    else:  # somebody was faster by the time it takes to open a stream
        await here.refuse(BUSY, aloud=False)


def longest_ringing(
    switch: Switch, step: steps.PickUp, *, by: str
) -> tuple[Conversation, str] | None:
    """The call to one of these lines that has been ringing longest, and that line.

    Never a call of `by` itself, made or received; a hunt group's only where that is allowed.
    """
    best: tuple[Conversation, str] | None = None
    for call in switch.calls.values():
        lines = call.rings_at()
        if not lines or by in lines or by in (call.story.caller.line, call.facts.from_line):
            continue
        allowed = step.hunted if call.facts.arrival is Arrival.HUNT else step.lines
        mine = sorted(lines & set(allowed))
        if mine and (best is None or _since(call) < _since(best[0])):
            best = call, mine[0]
    return best


def allowed(by: str, line: str, ringing: Conversation, office: Office) -> bool:
    """Whether `by` may answer this very call for `line`, by the key of a lamp."""
    if by == line or by in (ringing.story.caller.line, ringing.facts.from_line):
        return False
    if not groups.may_answer(by, line, office):
        return False
    hunted = ringing.facts.arrival is Arrival.HUNT and not office.pickup_all
    return not hunted or line in groups.mates(by, office)[1]


def lamp_id(call: str) -> str:
    """What the lamps of colleagues name a call by; the dialogs of phones are nobody else's."""
    return f"{call}@lamp"


def of_lamp(switch: Switch, call_id: str, line: str) -> Conversation | None:
    """The call that a lamp's key means, while it rings at that line."""
    call = switch.calls.get(call_id.removesuffix("@lamp")) if call_id.endswith("@lamp") else None
    return call if call is not None and line in call.rings_at() else None


def ringing_leg(switch: Switch, leg: Leg) -> Conversation | None:
    """The call that rings at the phone of this leg."""
    for call in switch.calls.values():
        if call.is_ringing(leg):
            return call
    return None


def _since(call: Conversation) -> float:
    return call.story.rang_at.timestamp() if call.story.rang_at else 0.0
