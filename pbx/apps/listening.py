"""Hearing the messages of a mailbox one after the other, and what may be done with each.

New ones first, then saved ones, urgent before the others. A message counts as heard once it was
played to its end or for five seconds (behaviour.md s.4.6), whatever is done with it after.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from pbx.apps.app import Context
from pbx.apps.menu import Menu, choose
from pbx.calls.api import Call
from pbx.events.kinds import MailboxChanged
from pbx.media import speech
from pbx.media.engine import File
from pbx.routing.office import Person
from pbx.store import messages
from pbx.tables import VoiceMessage

log = logging.getLogger(__name__)

HEARD = 5.0
"Seconds of a message after which it counts as heard."
PATIENCE = 3.0
"Seconds that a caller waits for the database before the voice goes on."

MESSAGE = Menu(
    "mailbox.message_menu",
    # Free for what comes: 4 reply or call back, 5 forward, 7 back, 8 pause, 9 forward 5 s.
    {
        "1": "repeat",
        "2": "keep",
        "3": "delete",
        "6": "mark_new",
        "0": "header",
        "#": "next",
        "*": "main",
    },
)
DELETED = Menu(
    "mailbox.deleted_menu",
    {"1": "repeat", "2": "restore", "0": "header", "#": "next", "*": "main"},
)
DONE = {
    "keep": "mailbox.kept",
    "delete": "mailbox.deleted",
    "mark_new": "mailbox.marked_new",
    "restore": "mailbox.restored",
}
"What is said after each deed."


async def hear(call: Call, context: Context, person: Person, *, deleted: bool = False) -> bool:
    """Play the messages that are there now; False when the caller presses nothing any more."""

    def found(session: Session) -> tuple[VoiceMessage, ...]:
        if deleted:
            return messages.listing(session, person.line_id, deleted=True)
        return (
            *messages.to_hear(session, person.line_id, new=True),
            *messages.to_hear(session, person.line_id, new=False),
        )

    every = await context.database.read(found)
    if not every:
        await call.play("mailbox.no_deleted" if deleted else "mailbox.no_messages")
        return True
    for message in every:
        action = await _one(call, context, person, message)
        if action == "main":
            return True
        if not action:
            return False
    await call.play("mailbox.no_more")
    return True


async def _one(call: Call, context: Context, person: Person, message: VoiceMessage) -> str:
    """One message, until the caller goes on; answers with which action, "" when with none."""
    menu = DELETED if message.state == "deleted" else MESSAGE
    action = "first"
    while action in ("first", "repeat", "header"):
        if action != "repeat":
            now = context.clock.now().astimezone(context.zone)
            await call.play(header(message, call.language, now=now))
        if action != "header":
            await _sound(call, context, person, message)
        action = await choose(call, menu)
    if action in DONE:
        await _change(context, person, _deed(action, context, person, message))
        await call.play(DONE[action])
    return action


def header(message: VoiceMessage, language: str, *, now: datetime) -> speech.Ids:
    """Kind, caller, date and time, length.

    now: aware, in the zone in which the time is to be spoken.
    """
    kinds = {"new": "message.new", "heard": "message.saved", "deleted": "message.deleted"}
    number = speech.digits(message.caller_number)
    return (
        kinds.get(message.state, "message.saved"),
        *(("message.urgent",) if message.urgent else ()),
        *(("message.private",) if message.private else ()),
        *(("message.from", *number) if number else ("message.from_withheld",)),
        "pause.short",
        *speech.moment(message.left_at, now, language),
        "pause.short",
        "message.length",
        *speech.duration(message.seconds, language),
    )


async def _sound(call: Call, context: Context, person: Person, message: VoiceMessage) -> None:
    """Play the message itself, and note that it was heard when it was."""
    try:
        path = messages.sound_path(context.data, message)
        there = await asyncio.to_thread(path.is_file)
    except ValueError:
        log.exception("message %s has no sound of ours", message.id)
        there = False
    if not there:
        await call.play("mailbox.sound_missing")
        return
    began = context.ticking()
    to_its_end = False
    try:
        to_its_end = await call.play(File(path)) == ""
    finally:
        # Also when he hangs up after what he wanted to know.
        if to_its_end or context.ticking() - began >= HEARD:
            await _change(context, person, _deed("keep", context, person, message))


def _deed(
    action: str, context: Context, person: Person, message: VoiceMessage
) -> Callable[[Session], bool]:
    """What an action does to the message's row; True when that changed something."""
    assert message.id is not None  # it was read from the database
    line, which, now = person.line_id, message.id, context.clock.now()
    if action == "delete":
        return lambda session: messages.delete(session, line, which, at=now)
    if action == "mark_new":
        return lambda session: messages.mark_new(session, line, which)
    if action == "restore":
        return lambda session: messages.restore(session, line, which)
    return lambda session: messages.mark_heard(session, line, which)


async def _change(context: Context, person: Person, deed: Callable[[Session], bool]) -> None:
    """Do it, and tell lamps and pages; goes on by itself when the database takes too long."""

    async def do() -> None:
        if await context.write(deed):
            context.bus.publish(MailboxChanged(person.extension))

    await asyncio.wait({context.owe(do())}, timeout=PATIENCE)
