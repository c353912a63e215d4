"""Parking calls and taking them back (behaviour.md s.8).

A parked call is a conversation whose caller hears music on an orbit. Whoever dials the orbit brings
his leg into it; after a while it rings at who parked it, then at the operator, and waits on.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pbx.calls.api import HungUp
from pbx.calls.call import AppCall
from pbx.calls.leg import Leg, forget
from pbx.calls.lot import Place
from pbx.calls.ring import Ring
from pbx.calls.switch import Switch
from pbx.events import kinds
from pbx.events.kinds import End, Party
from pbx.media import speech
from pbx.media.engine import File, Sound
from pbx.routing import plan as steps
from pbx.routing.facts import Arrival
from pbx.routing.plan import Announce

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)
LONGEST = 20 * 60.0  # seconds that a call may be parked
TO_TRANSFER = 8.0  # seconds after the orbit was said in which a phone may send the call itself
SAID = 6.0  # seconds that telling an orbit to who transferred may take
CALL_BACK = 10  # seconds that it rings at who could not be told otherwise
FULL = Announce("announce.park_full", 486, "Busy Here")
TAKEN = Announce("announce.orbit_taken", 486, "Busy Here")
NOTHING = Announce("announce.nothing_parked", 404, "Not Found")
SEVERAL = Announce("announce.several_parked", 484, "Address Incomplete")
BUSY = Announce("announce.busy", 486, "Busy Here")


@dataclass(frozen=True, slots=True)
class ForSender:
    """What who sent a call here by transfer is to be told."""

    words: tuple[Sound, ...]
    shown: Party | None = None
    "Where it is parked, for the display; None: it is not."


def tag(orbit: str, *, language: str) -> str:
    """What a display says of an orbit."""
    return f"Park {orbit}" if language == "en" else f"Parcheggio {orbit}"


# --- parking -----------------------------------------------------------------------------------


async def park(here: Conversation, step: steps.Park) -> None:
    """Park the caller of this conversation, or the call that he keeps on hold."""
    lot = here.switch.lot
    orbit = lot.free(step.orbits, step.by)
    refusal = FULL if len(step.orbits) > 1 else TAKEN
    if step.held:
        await (_park_held(here, step, orbit) if orbit else here.refuse(refusal))
        return
    caller = here.caller
    assert caller is not None
    if not orbit:
        here.for_sender = ForSender((_sound(here, refusal.prompt, step.by),))
        await here.refuse(refusal, aloud=False)
        return
    place = Place(orbit, caller, by=step.by, since=here.switch.now())
    told = lot.put(place)
    try:
        await _wait(here, place, told=told)
    finally:
        lot.leave(place)
        here.switch.bus.publish(kinds.CallUnparked(here.id, here.switch.now(), orbit))


async def _wait(here: Conversation, place: Place, *, told: bool) -> None:
    caller, orbit = place.leg, place.orbit
    await caller.open()
    caller.answer()
    if caller.stream is not None:
        here.switch.media.disconnect(caller.stream)
    shown = Party(orbit, tag(orbit, language=_language(here, place.by)))
    if not told:
        here.for_sender = ForSender(_spoken(here, orbit, place.by), shown)
    here.story.dialled, here.story.callee = orbit, shown
    here.switch.bus.publish(kinds.CallParked(here.id, place.since, orbit, place.by, caller.party))
    here.telling.is_answered("service", shown)
    ends = asyncio.get_running_loop().time() + LONGEST
    while not caller.gone:
        caller.keeper = place
        caller.play_on(File(here.switch.music()))
        left = ends - asyncio.get_running_loop().time()
        if left <= 0:
            await _too_long(here, caller)
            return
        try:
            taker = await place.next(min(here.office.park_recall, left))
        except TimeoutError:
            if left > here.office.park_recall and await _recalled(here, place):
                return
            continue
        if taker is not None:
            await _talk(here, place, taker)
            return
    here.story.end = (
        End(caller.gone) if caller.gone in ("media_lost", "vanished") else End.COMPLETED
    )
    here.story.ended_by = here.story.ended_by or here.telling.who_left()


async def _talk(here: Conversation, place: Place, taker: Leg) -> None:
    """The parked one and who took the call."""
    place.leg.hush()
    line = taker.party.line
    here.story.note(
        "park",
        it=f"{line} ha ripreso la chiamata dal posto {place.orbit}",
        en=f"{line} took the call from orbit {place.orbit}",
    )
    here.story.answered_by, here.story.callee = "person", taker.party
    here.switch.lot.leave(place)
    here.switch.bus.publish(kinds.CallUnparked(here.id, here.switch.now(), place.orbit))
    here.switch.bus.publish(kinds.CallAnswered(here.id, here.switch.now(), taker.party, "person"))
    await here.talking.begin(taker)


async def _too_long(here: Conversation, caller: Leg) -> None:
    caller.hush()
    await hear(caller, _sound(here, "announce.park_over", caller.party.line))
    here.story.end, here.story.ended_by = End.NO_ANSWER, "office"
    caller.end()


# --- coming back -------------------------------------------------------------------------------


async def _recalled(here: Conversation, place: Place) -> bool:
    """Ring at who parked it, then at the operator; True when it is over here."""
    for number in dict.fromkeys((place.by, here.office.park_operator)):
        if not number or place.leg.gone:
            continue
        here.office = await here.switch.office()
        status = await _ring_for(here, place, number)
        if status == 200:
            here.keep_alive(place.leg)
            here.story.end, here.story.ended_by = End.TRANSFERRED, "office"
            return True
        here.story.note(
            "park",
            it=f"Ha squillato a {number} dal posto {place.orbit}; nessuno l'ha presa",
            en=f"It rang at {number} from orbit {place.orbit}; nobody took it",
        )
    return False


async def _ring_for(here: Conversation, place: Place, number: str) -> int:
    from pbx.calls.conversation import Conversation  # the two need each other

    leg, switch = place.leg, here.switch
    facts = replace(
        here.facts,
        dialled=number,
        at=switch.now(),
        arrival=Arrival.RECALL,
        registered=switch.directory.registered(),
        orbit=place.orbit,
        on_behalf=place.by,
    )
    back = Conversation(
        switch, leg, facts, on_over=here.on_over, spawn=here.spawn, return_caller=True
    )
    back.shown = Party(leg.party.number or place.orbit, leg.party.name)
    back.tag = tag(place.orbit, language=_language(here, place.by))
    back.recorded_untaken = False
    place.recall = back
    here.spawn(back)
    try:
        return await asyncio.shield(back.taken)
    finally:
        place.recall = None
        leg.conversation = here


# --- the call that somebody holds --------------------------------------------------------------


async def _park_held(here: Conversation, step: steps.Park, orbit: str) -> None:
    """Say the orbit to who holds a call and dialled the code, and park that call.

    A phone that is in the middle of a transfer sends the call itself, once its person has heard the
    number; for all others the call is parked when the words and a moment are over, or when the
    person hangs up after them. Who takes the call back from hold parks nothing.
    """
    caller = here.caller
    assert caller is not None
    held = _held(here.switch, step.by)
    if held is None:  # taken back in this moment
        await here.refuse(NOTHING)
        return
    lot = here.switch.lot
    lot.promise(orbit, step.by)
    person = here.office.lines.get(step.by)
    call = AppCall(
        here.switch,
        caller,
        call_id=here.id,
        dialled=orbit,
        language=person.language if person else here.office.language,
        on_answer=lambda: here.telling.is_answered("service", Party(orbit, orbit)),
        on_transfer=_nowhere,
    )
    # A transfer to this call dials what it says: this orbit.
    here.facts = replace(here.facts, dialled=orbit)
    heard = False
    await caller.open()
    try:
        await call.answer()
        await call.play(("park.number", *speech.digits(orbit)), stop_on="")
        heard = True
        await call.get_dtmf(1, TO_TRANSFER)
    except HungUp:
        pass
    here.story.end, here.story.ended_by = End.COMPLETED, here.telling.who_left()
    if caller.gone == "ended":  # by the transfer: the call is on its way to the orbit
        return
    if heard and held.held and not held.gone:
        _send(here, held, orbit)
    else:
        lot.forget(orbit)
    caller.end()


def _held(switch: Switch, line: str) -> Leg | None:
    """The leg of this line that holds somebody; the latest of several."""
    mine = [leg for leg in switch.held if leg.held and not leg.gone and leg.party.line == line]
    return mine[-1] if mine else None


def _send(here: Conversation, held: Leg, orbit: str) -> None:
    """Whoever `held` keeps on hold goes to the orbit, as by a transfer."""
    from pbx.calls.conversation import Conversation

    other = held.conversation
    assert isinstance(other, Conversation)
    moving = other.talking.give_up_other(held)
    if moving is None:
        return
    facts = replace(
        here.facts,
        dialled=orbit,
        at=here.switch.now(),
        from_line=moving.party.line,
        caller_number=moving.party.number,
        caller_name=moving.party.name,
        from_trunk=moving.stranger,
        on_behalf=held.party.line,
        holds=False,
    )
    here.spawn(Conversation(here.switch, moving, facts, on_over=here.on_over, spawn=here.spawn))


async def _nowhere(number: str, payer: str, seconds: int) -> bool:
    return False


# --- taking back -------------------------------------------------------------------------------


async def retrieve(here: Conversation, step: steps.Retrieve) -> None:
    """Bring the caller's leg to who is parked."""
    caller, lot = here.caller, here.switch.lot
    assert caller is not None
    if step.orbit:
        place = lot.places.get(step.orbit)
    else:
        mine = lot.parked_by(step.by)
        if len(mine) > 1:
            await here.refuse(SEVERAL)
            return
        place = mine[0] if mine else None
    if place is None:
        await here.refuse(NOTHING)
        return
    await caller.open(beside=place.leg)
    await here.switch.names.introduce(here.office, caller, place.leg)
    if caller.gone:
        here.telling.left_early()
    elif place.take(caller):
        log.info("%s %s takes the call on %s", here.id, caller.party.line, place.orbit)
        here.goes_on_elsewhere()
    else:
        await here.refuse(BUSY, aloud=False)


# --- words -------------------------------------------------------------------------------------


async def tell_sender(here: Conversation, onward: Conversation, by: Leg) -> None:
    """Tell who transferred what became of it, while he still listens; else ring him back.

    Most phones put the call on hold before they transfer it, and hear nothing then.
    """
    told = onward.for_sender
    if told is None:
        return
    if not by.gone and not by.held and by.stream is not None:
        await hear(by, *told.words)
    elif told.shown is not None and by.party.line:
        here.switch.start(_call_back(here.switch, by, told))


async def _call_back(switch: Switch, by: Leg, told: ForSender) -> None:
    """Ring at who has parked a call, once he has hung up: the display has the orbit, and who
    answers hears it."""
    try:
        async with asyncio.timeout(switch.transferor_grace + 1):
            await by.over()
    except TimeoutError:
        return
    assert told.shown is not None
    if told.shown.number not in switch.lot.places:
        return  # taken already
    ring = Ring(switch, None, shown=told.shown, rang=lambda _: None, tried=[])
    rung = await ring.run([steps.Ring((by.party.line,), CALL_BACK)])
    if rung.leg is not None:
        await hear(rung.leg, *told.words)
        rung.leg.end()


async def hear(leg: Leg, *sounds: Sound) -> None:
    """Play to a leg to the end, unless it leaves first or the sound does."""
    if leg.stream is None or leg.gone:
        return
    playing = asyncio.ensure_future(leg.stream.play(sounds))
    gone = asyncio.ensure_future(leg.over())
    await asyncio.wait({playing, gone}, timeout=SAID, return_when=asyncio.FIRST_COMPLETED)
    playing.cancel()
    playing.add_done_callback(forget)
    gone.cancel()


def _language(here: Conversation, line: str) -> str:
    person = here.office.lines.get(line)
    return person.language if person else here.office.language


def _sound(here: Conversation, prompt: str, line: str) -> Sound:
    return File(here.switch.prompt(prompt, _language(here, line)))


def _spoken(here: Conversation, orbit: str, line: str) -> tuple[Sound, ...]:
    ids = ("park.number", *speech.digits(orbit))
    return tuple(_sound(here, name, line) for name in ids)
