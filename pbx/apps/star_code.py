"""A star code that sets or asks for something: it is done, and said aloud, and that was the call.

The argument is `deed number seconds`, as features/service_code.py has judged it.
"""

from __future__ import annotations

import logging

from sqlalchemy.exc import SQLAlchemyError

from pbx.apps.app import App, Context
from pbx.calls.api import Call, Words
from pbx.media import speech
from pbx.numbers import is_extension, national
from pbx.store import services
from pbx.store.services import State

log = logging.getLogger(__name__)

PATIENCE = 5.0
"Seconds that a caller waits for the database."


async def run(call: Call, context: Context, argument: str) -> None:
    """Do it for the line that calls; pages that show it hear of the new settings."""
    deed, number, seconds = (*argument.split(" "), "", "")[:3]
    await call.answer()
    person = (await context.office()).lines.get(call.caller.line)
    if person is None:  # deleted in this very moment
        await _end(call, "announce.service_unavailable")
        return
    line = person.line_id
    try:
        state = await context.database.run(
            lambda session: services.do(
                session, line, deed, number=number, seconds=int(seconds or 0)
            ),
            limit=PATIENCE,
        )
    except (SQLAlchemyError, TimeoutError) as error:
        log.warning("%s %s was not done: %r", call.id, deed, error)
        await _end(call, "announce.service_unavailable")
        return
    # The next look at the office sees it, and tells everybody that it moved.
    await context.office()
    await _end(call, *spoken(state, call.language))


def spoken(state: State, language: str) -> tuple[Words, ...]:
    """How a service stands: "Inoltro se occupato, attivo, verso l'interno, 2, 0, 2"."""
    if state.feature == "hide_id":
        return ("star.number_hidden" if state.on else "star.number_shown",)
    said: list[Words] = [f"star.{state.feature}", "star.on" if state.on else "star.off"]
    if not state.on:
        return tuple(said)
    if state.number:
        inside = is_extension(state.number)
        said += ["pause.short", "star.to_extension" if inside else "star.to_number"]
        said += speech.digits(state.number if inside else national(state.number))
    if state.seconds:
        said += ["pause.short", "star.after", *speech.duration(state.seconds, language)]
    return tuple(said)


async def _end(call: Call, *words: Words) -> None:
    await call.play(*words, stop_on="")
    await call.hangup()


APP = App("star_code", run)
