"""A conversation goes outside: who is shown there, who is named as having forwarded it, and what
the record and the caller are told of how it went.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pbx.calls.identity import DEFLECTED, Diverted
from pbx.calls.outside import OutsideCall
from pbx.calls.reaching import Reached, Told
from pbx.numbers import national
from pbx.routing.facts import CallFacts
from pbx.routing.features import caller_id
from pbx.routing.limits import NAME as LIMITS
from pbx.routing.plan import Outside

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)
WORDS = {
    "busy": ("era occupato", "was busy"),
    "declined": ("ha rifiutato la chiamata", "declined the call"),
    "no_answer": ("non ha risposto", "did not answer"),
    "no_such_number": ("non è un numero attivo", "is not in service"),
    "barred": ("non ha potuto essere chiamato", "could not be called"),
    "unavailable": ("non era raggiungibile", "could not be reached"),
}
"What became of a number outside that did not take the call, for the record: after it."


async def call_outside(here: Conversation, step: Outside) -> Reached:
    """By the first trunk that carries it; the record says which, and why not the others."""
    caller = here.caller
    assert caller is not None
    await caller.open()
    call = OutsideCall(
        here.switch,
        caller,
        step,
        told=told(here, here.facts),
        office=here.office,
        name=here.telling.callee_party().name,
        diverted=bool(here.facts.diverted_by),
        rang=lambda: here.telling.rings_outside(step.number),
        tried=here.story.tried,
    )
    reached = await call.run()
    note(here, step, reached)
    carried = reached.limit is None and reached.rung.status != 503  # else `note` says why not
    if carried and reached.rung.why in WORDS:
        it, en = WORDS[reached.rung.why]
        number = national(step.number)
        here.story.note("outside", it=f"Il {number} {it}", en=f"{number} {en}")
    log.info("%s outside -> %s by %s", here.id, reached.rung.why, reached.by or "none")
    return reached


def told(here: Conversation, facts: CallFacts, *, who: str = "") -> Told:
    """What a provider is told of this call. who: whose phone it is, for the record."""
    caller = here.caller
    assert caller is not None
    # Who is passed on has no number of ours to be known by: the name at least is his, unless
    # whoever passes him on keeps callers to himself (behaviour.md s.3.3).
    passed_on = bool(facts.diverted_by or facts.on_behalf) and bool(caller.stranger)
    passed_on = passed_on and caller_id.passes(facts, here.office)
    return Told(
        name=(caller.party.name or national(caller.party.number)) if passed_on else "",
        diverted=_diverted(here, facts),
        headers=here.forward_headers(),
        who=who,
    )


async def say_why_not(here: Conversation, reached: Reached) -> None:
    """The announcement that goes with it, unless the provider said it, or nobody is to hear it
    (a transfer that may fail)."""
    if reached.heard or here.return_caller:
        return
    why = reached.rung.why
    if reached.limit is not None:  # a stranger whose call was forwarded is told no more than that
        mine = not here.facts.diverted_by
        await here.say("announce.limit_reached" if mine else "announce.unavailable")
    elif why == "no_such_number":
        await here.say("announce.unknown_number")
    elif why == "barred":
        await here.say("announce.service_unavailable")
    elif why == "unavailable":
        full = any(each.full for each in reached.closed) and not reached.tried
        failed = reached.rung.status == 503
        prompt = "announce.no_outside_line" if failed else "announce.unavailable"
        await here.say("announce.congestion" if full else prompt)


def _diverted(here: Conversation, facts: CallFacts) -> tuple[Diverted, ...]:
    """Who forwarded the call, by numbers that mean something outside."""
    found = []
    for place, by in enumerate(facts.diverted_by):
        person = here.office.lines.get(by)
        number = person.shown if person is not None else by if by.startswith("+") else ""
        cause = facts.causes[place] if place < len(facts.causes) else DEFLECTED
        found.append(Diverted(number, cause))
    return tuple(found)


def note(here: Conversation, step: Outside, reached: Reached, *, feature: str = "outside") -> None:
    """Why by this trunk, or by none, for the record. feature: whose reason it is."""
    number = national(step.number)
    if reached.limit is not None:
        it, en = reached.limit.words()
        here.story.note(LIMITS, it=it, en=en)
        return
    for closed in reached.closed:
        here.story.note(
            feature,
            it=f"La linea esterna «{closed.name}» non era utilizzabile: {closed.why.it}",
            en=f"The outside line “{closed.name}” could not be used: {closed.why.en}",
        )
    for name, status in reached.failed:
        it, en = _why_failed(status)
        here.story.note(
            feature,
            it=f"La linea esterna «{name}» non ha portato la chiamata: {it}",
            en=f"The outside line “{name}” did not carry the call: {en}",
        )
    if reached.by:
        here.story.note(
            feature,
            it=f"Il {number} ha risposto attraverso la linea esterna «{reached.by}»",
            en=f"{number} answered through the outside line “{reached.by}”",
        )
    elif not reached.tried and reached.rung.why != "caller_gone":
        here.story.note(
            feature,
            it=f"Nessuna linea esterna ha potuto chiamare il {number}",
            en=f"No outside line could call {number}",
        )


def _why_failed(status: int) -> tuple[str, str]:
    match status:
        case 408:
            return "il fornitore non ha risposto in tempo", "the provider did not answer in time"
        case 401 | 407:
            return "il fornitore rifiuta la password", "the provider refuses the password"
        case 488 | 606:
            return "nessun codec in comune", "no codec in common"
        case _:
            return f"errore {status} del fornitore", f"error {status} of the provider"
