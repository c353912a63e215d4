"""One's own mailbox by telephone: who one is, what there is, and the menus.

From the own phone the PIN is enough; from any other the mailbox's number comes first, unless the
code dialled named it (*86*201). The argument is that extension, or empty.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlmodel import Session

from pbx import credentials
from pbx.apps.app import App, Context
from pbx.apps.listening import hear
from pbx.apps.menu import KEY_SECONDS, Menu, choose
from pbx.calls.api import Call
from pbx.media import speech
from pbx.routing.office import Person
from pbx.store import messages
from pbx.store.messages import Counts

LOGINS = 3
"Tries a call (behaviour.md s.4.1); what holds across calls is `pins.PinGuard`."
NUMBER_KEYS = 7
PIN_KEYS = 11
"One more than the longest, so that the closing # never stays behind for the next question."

MAIN = Menu(
    "mailbox.main_menu",
    # Free for what comes: 2 record and send, 3 greetings, 4 settings, 5 reminders, 9 call.
    {"1": "listen", "6": "deleted", "0": "help", "*": "exit"},
)


async def run(call: Call, context: Context, argument: str) -> None:
    """Answer, and open the mailbox that the caller means."""
    await call.answer()
    own = (await context.office()).lines.get(call.caller.line)
    await visit(call, context, argument or (own.extension if own and own.has_mailbox else ""))


async def visit(call: Call, context: Context, extension: str) -> None:
    """Let the owner of a mailbox in, and serve him until he has enough.

    extension: the mailbox; empty to ask for it.
    """
    person = await _owner(call, context, extension)
    if person is not None:
        call.language = person.language
        await _serve(call, context, person)
    await call.play("mailbox.goodbye", stop_on="")
    await call.hangup()


async def _owner(call: Call, context: Context, extension: str) -> Person | None:
    """Whose PIN the caller knows; None when he knows none."""
    for _ in range(LOGINS):
        number = extension or await _ask(call, "mailbox.ask_number", NUMBER_KEYS)
        if not number:
            continue
        own_phone = number == call.caller.line
        if context.pins.is_closed(number, own_phone=own_phone, now=context.clock.now()):
            await call.play("mailbox.locked", stop_on="")
            return None
        pin = await _ask(call, "mailbox.ask_pin", PIN_KEYS)
        if not pin:
            continue
        line, kept = await context.database.read(_pin_of(number))
        # An unknown mailbox costs the same time and gets the same words as a wrong PIN.
        right = await asyncio.to_thread(credentials.verify, kept, pin)
        person = (await context.office()).lines.get(number)
        if right and person is not None and person.line_id == line:
            context.pins.right(number, own_phone=own_phone)
            return person
        if line:
            context.pins.wrong(number, own_phone=own_phone, now=context.clock.now())
        await call.play("mailbox.wrong_pin")
    return None


def _pin_of(extension: str) -> Callable[[Session], tuple[int, str]]:
    return lambda session: messages.pin_hash(session, extension)


async def _ask(call: Call, prompt: str, length: int) -> str:
    await call.play(prompt)
    return await call.get_dtmf(length, KEY_SECONDS)


async def _serve(call: Call, context: Context, person: Person) -> None:
    """The main menu, until the caller leaves or presses nothing any more."""
    counts = await context.database.read(lambda session: messages.counts(session, person.line_id))
    await call.play("mailbox.welcome", counts_spoken(counts, call.language))
    staying = True
    while staying:
        match await choose(call, MAIN):
            case "listen":
                staying = await hear(call, context, person)
            case "deleted":
                staying = await hear(call, context, person, deleted=True)
            case "help":
                continue
            case _:
                staying = False


def counts_spoken(counts: Counts, language: str) -> speech.Ids:
    """What there is: "Ha tre nuovi messaggi, di cui un messaggio urgente, e ..."."""
    if not counts.new and not counts.old:
        return ("mailbox.no_messages",)
    new = speech.count(counts.new, "message.new", language) if counts.new else ()
    if counts.urgent_new:
        urgent = speech.count(counts.urgent_new, "message.urgent", language)
        new = (*new, "pause.short", "mailbox.of_which", *urgent, "pause.short")
    saved = speech.count(counts.old, "message.saved", language) if counts.old else ()
    return ("mailbox.you_have", *speech.listed((new, saved)))


APP = App("voicemail_menu", run)
