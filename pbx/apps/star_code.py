"""A star code that sets or asks for something: it is done, and said aloud, and that was the call.

The argument is `deed number seconds place`, as features/service_code.py has judged it. *69 is the
one that goes on: it says who called last, and calls him.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection

from sqlalchemy.exc import SQLAlchemyError

from pbx.apps.app import App, Context
from pbx.calls.api import Call, Words
from pbx.media import speech
from pbx.numbers import is_extension, national
from pbx.store import last_caller, services
from pbx.store.services import State

log = logging.getLogger(__name__)

LAST_CALLER = ("return_call.now", "reject_last.on")
"What is done with whoever called last: perhaps a moment ago."
PATIENCE = 5.0
"Seconds that a caller waits for the database."


async def run(call: Call, context: Context, argument: str) -> None:
    """Do it for the line that calls; pages that show it hear of the new settings."""
    wish = services.wished(argument)
    await call.answer()
    office = await context.office()
    person = office.lines.get(call.caller.line)
    if person is None:  # deleted in this very moment
        await _end(call, "announce.service_unavailable")
        return
    line, now = person.line_id, context.clock.now()
    if wish.deed in LAST_CALLER:
        await _till_known(context)
    if wish.deed == "return_call.now":
        await _return(call, context, line)
        return
    try:
        state = await context.database.run(
            lambda session: services.do(
                session,
                line,
                wish.deed,
                number=wish.number,
                seconds=wish.seconds,
                place=wish.place,
                code=services.code_in(call.dialled, office),
                at=now,
            ),
            limit=PATIENCE,
        )
    except (SQLAlchemyError, TimeoutError) as error:
        log.warning("%s %s was not done: %r", call.id, wish.deed, error)
        await _end(call, "announce.service_unavailable")
        return
    # The next look at the office sees it, and tells everybody that it moved.
    await context.office()
    await _end(call, *spoken(state, call.language, office.short_codes))


async def _till_known(context: Context) -> None:
    """The call that was over just now counts too."""
    try:
        async with asyncio.timeout(PATIENCE):
            await context.calls_kept()
    except TimeoutError:  # then what is known must do; the database will say it is stuck itself
        log.warning("records of calls wait for the database")


async def _return(call: Call, context: Context, line: int) -> None:
    """Say who called last, and call him; the line's rights are asked as for any number."""
    try:
        last = await context.database.run(
            lambda session: last_caller.of(session, line), limit=PATIENCE
        )
    except (SQLAlchemyError, TimeoutError) as error:
        log.warning("%s the last caller was not found: %r", call.id, error)
        await _end(call, "announce.service_unavailable")
        return
    if last is None or not last.number:
        await _end(call, "star.last_call.none" if last is None else "star.last_call.withheld")
        return
    await call.play("star.last_call.came", *_from(last.number), stop_on="")
    await call.transfer(last.number)
    await _end(call, "star.last_call.failed")  # nobody took it, and the caller is back


def spoken(state: State, language: str, short_codes: Collection[str] = ()) -> tuple[Words, ...]:
    """How a service stands: "Inoltro se occupato attivato, verso l'interno, 2, 0, 2"."""
    if state.feature == "hide_id":
        return ("star.number_hidden" if state.on else "star.number_shown",)
    if state.feature == "reject_last":
        return _rejected(state)
    inside = is_extension(state.number) and state.number not in short_codes
    to = "to_extension" if inside else "to_number"
    whom = speech.digits(state.number if inside else national(state.number))
    if state.feature == "speed_dial":
        said: tuple[Words, ...] = ("star.speed_dial", *speech.number(int(state.place), language))
        if state.on:
            return (*said, "pause.short", f"star.speed_dial.{to}", *whom)
        return (*said, f"star.speed_dial.{'was_empty' if state.note else 'cleared'}")
    how = ("is_" if state.asked else "") + ("on" if state.on else "off")
    said = (f"star.{state.feature}.{how}",)
    if not state.on:
        return said
    if state.number:
        said = (*said, "pause.short", f"star.{to}", *whom)
    if state.seconds:
        said = (*said, "pause.short", "star.after", *speech.duration(state.seconds, language))
    return (*said, "pause.short", "star.list_empty") if state.note == "empty" else said


def _rejected(state: State) -> tuple[Words, ...]:
    if state.note == "withheld":
        return ("star.last_call.withheld", "star.reject_last.withheld")
    if state.note == "full":
        return ("star.list_full",)
    if state.note in ("nobody", "none"):
        return ("star.last_call.none" if state.note == "nobody" else "star.reject_last.none",)
    said: tuple[Words, ...] = (
        "star.reject_last.on" if state.on else "star.reject_last.off",
        *_from(state.number),
    )
    if state.note == "emptied":
        return (*said, "pause.short", "star.selective_reject.off")
    return said


def _from(number: str) -> tuple[Words, ...]:
    if is_extension(number):
        return ("message.from_extension", *speech.digits(number))
    return ("message.from", *speech.digits(national(number)))


async def _end(call: Call, *words: Words) -> None:
    await call.play(*words, stop_on="")
    await call.hangup()


APP = App("star_code", run)
