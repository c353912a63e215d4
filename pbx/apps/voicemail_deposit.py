"""Leaving a message: greeting, beep, recording, and what the caller may still change.

Hanging up is how people end a message, so it sends it at any moment after the recording began.
What was recorded is on the disk with its note before anything else happens to it: a process that
dies in the middle finds it again (`store.messages.recover`).

The argument is "EXTENSION" or "EXTENSION CAUSE", the cause as in `routing.plan.Mailbox`.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from pbx.apps import voicemail_menu
from pbx.apps.app import App, Context
from pbx.apps.greeting import greeting_for
from pbx.apps.menu import ROUNDS, Menu, choose, drained
from pbx.calls.api import Call, HungUp
from pbx.events.kinds import VoicemailLeft
from pbx.media import speech
from pbx.media.engine import File, Recorded, Tone
from pbx.routing.office import Person
from pbx.store import messages, spool
from pbx.store.services import transfer_number
from pbx.store.spool import Deposit

log = logging.getLogger(__name__)

LONGEST = 180.0
"Seconds; the longest message."
SHORTEST = messages.SHORTEST
SILENCE = 10.0
"Seconds after which we think that nobody speaks any more."
TRIES = 3
"How often somebody may begin to speak before we give up on him."
READING = 2.0
"Seconds that the question whether the mailbox is full may take; unanswered, it is not."
PATIENCE = 3.0
"""Seconds for which a caller waits to hear that his message is in the mailbox. The message is safe
on the disk before; a database that somebody holds locked is no reason to keep a caller waiting."""
GONE_PATIENCE = 10.0
"""Seconds for which the record of a call whose caller has left waits to hear the same: it is to say
that there is a message."""

STOP = "#"
SKIP, OWNER, PERSON = "1", "*", "0"
"Keys during the greeting. 0 reaches the line's transfer number, if it has one."
TRANSFER = 25
"Seconds for which that number rings; then the caller is back at the greeting (behaviour.md s.3.1)."

OPTIONS = Menu(
    "mailbox.deposit_options",
    {
        "1": "send",
        "2": "listen",
        "3": "again",
        "4": "urgent",
        "5": "private",
        "*": "cancel",
    },
)
WITH_PERSON = Menu("mailbox.deposit_options", {**OPTIONS.keys, PERSON: "person"})
"The same for a line with a transfer number; the greeting has said what 0 does."


async def run(call: Call, context: Context, argument: str) -> None:
    """Greet, record, keep."""
    extension, _, cause = argument.partition(" ")
    office = await context.office()
    person = office.lines.get(extension)
    await call.answer()
    if person is None or not person.active or not person.has_mailbox:
        await _say_and_leave(call, "mailbox.none")
        return
    call.language = person.language
    room = await _room(context, person)
    if room.full:
        await _say_and_leave(call, "mailbox.full")
        return
    onward = transfer_number(office, extension)
    while True:
        key = await _greet(call, extension, cause or "direct", onward=bool(onward))
        if key == OWNER:
            await voicemail_menu.visit(call, context, extension)
            return
        if key == PERSON:
            await call.transfer(onward, payer=extension, seconds=TRANSFER)
            continue
        if not await _deposit(call, context, person, room, onward):
            return


async def _deposit(
    call: Call, context: Context, person: Person, room: messages.Room, onward: str
) -> bool:
    """Take a message. True when the caller pressed 0 and nobody was there: he is greeted anew."""
    deposit = Deposit(
        call_id=call.id,
        line_id=person.line_id,
        extension=person.extension,
        left_at=context.clock.now(),
        caller_number=call.caller.number,
        caller_name=call.caller.name,
    )
    return await _take(call, context, deposit, longest=min(LONGEST, room.seconds), onward=onward)


async def _room(context: Context, person: Person) -> messages.Room:
    """What the mailbox still takes; a database that does not answer costs nobody his message."""
    try:
        return await context.database.read(
            lambda session: messages.room(session, person.line_id), limit=READING
        )
    except (TimeoutError, SQLAlchemyError) as error:
        log.warning("%s taken to have room: %r", person.extension, error)
        return messages.Room(messages=1, seconds=LONGEST)


async def _greet(call: Call, extension: str, cause: str, *, onward: bool) -> str:
    """Play the greeting; the key that cut it short, of those that mean something.

    onward: 0 leads somewhere, and the caller is told so; else it does nothing.
    """
    greeting = greeting_for(cause, digits=speech.digits(extension))
    keys = SKIP + OWNER + (PERSON if onward else "")
    more = ("mailbox.press_zero",) if onward else ()
    await call.play(*greeting.words, *more, stop_on=keys)
    return await drained(call, keys)


async def _onward(
    call: Call, context: Context, deposit: Deposit, recorded: Recorded, to: str
) -> None:
    """0 after some words: whoever reaches a person leaves them as his message, as by hanging up;
    who comes back says them again."""
    worth = recorded.seconds >= SHORTEST
    if not worth:
        await _drop(context, deposit)
    try:
        await call.transfer(to, payer=deposit.extension, seconds=TRANSFER)
    except HungUp:
        if worth:
            await _send(context, deposit, recorded, patience=GONE_PATIENCE)
        raise
    if worth:
        await _drop(context, deposit)


async def _take(
    call: Call, context: Context, deposit: Deposit, *, longest: float, onward: str
) -> bool:
    """Record until there is a message that the caller wants sent, or none.

    onward: where 0 leads; empty for nowhere. True when it did and the caller came back.
    """
    short = 0
    while True:
        deposit = replace(deposit, left_at=context.clock.now(), urgent=False, private=False)
        try:
            stop = STOP + (PERSON if onward else "")
            recorded = await _record(call, context, deposit, longest=longest, stop=stop)
        except OSError as error:
            await _tell_failure(call, context, str(error), kept=False)
            return False
        if recorded.ended == "failed":
            kept = recorded.seconds >= SHORTEST and await _send(context, deposit, recorded)
            if not kept:
                await _drop(context, deposit)
            await _tell_failure(call, context, recorded.error, kept=kept)
            return False
        for trouble in ("disk_full", "recording"):
            context.trouble_over(trouble)
        if onward and recorded.digit == PERSON:
            await _onward(call, context, deposit, recorded, onward)
            return True
        if recorded.seconds < SHORTEST:
            await _drop(context, deposit)
            short += 1
            if recorded.ended == "hung_up":
                return False
            if short >= TRIES:
                await _say_and_leave(call, "mailbox.too_short")
                return False
            await call.play("mailbox.too_short", "mailbox.try_again", stop_on=SKIP)
            continue
        if recorded.ended == "hung_up":
            await _send(context, deposit, recorded, patience=GONE_PATIENCE)
            return False
        menu = WITH_PERSON if onward else OPTIONS
        wish, deposit = await _wish(call, context, deposit, recorded, menu)
        if wish == "again":
            continue
        if wish == "person":
            await _onward(call, context, deposit, recorded, onward)
            return True
        if wish == "cancel":
            await _drop(context, deposit)
            await _say_and_leave(call, "mailbox.cancelled")
            return False
        sent = await _send(context, deposit, recorded)
        await _say_and_leave(call, "mailbox.sent" if sent else "mailbox.not_kept")
        return False


async def _record(
    call: Call, context: Context, deposit: Deposit, *, longest: float, stop: str
) -> Recorded:
    """The beep and the recording. Raises OSError when not even its note can be written."""
    path = await asyncio.to_thread(spool.begin, context.data, deposit)
    try:
        await call.play(Tone("beep"), stop_on="")
        recorded = await call.record(path, seconds=longest, stop=stop, silence=SILENCE)
    except HungUp:
        # Gone before the first sound, or the media worker died in the middle of it.
        await asyncio.wait({context.owe(_salvage(context, deposit))}, timeout=GONE_PATIENCE)
        raise
    if recorded.ended in ("digit", "stopped"):
        await drained(call, recorded.digit or STOP)
    else:
        call.forget_digits()
    return recorded


async def _wish(
    call: Call, context: Context, deposit: Deposit, recorded: Recorded, menu: Menu
) -> tuple[str, Deposit]:
    """What the caller wants done with his message: "send", "again", "cancel" or "person"; and its
    marks.

    Hanging up sends, and raises HungUp once the message is kept. A caller who fell silent is not
    asked three times.
    """
    rounds = 1 if recorded.ended == "silence" else ROUNDS
    try:
        while True:
            wish = await choose(call, menu, rounds=rounds)
            if wish == "listen":
                await call.play(File(recorded.path))
            elif wish == "urgent":
                deposit = await _note_again(context, replace(deposit, urgent=not deposit.urgent))
                await call.play("mailbox.urgent_on" if deposit.urgent else "mailbox.urgent_off")
            elif wish == "private":
                deposit = await _note_again(context, replace(deposit, private=not deposit.private))
                await call.play("mailbox.private_on" if deposit.private else "mailbox.private_off")
            else:
                return wish or "send", deposit
    except HungUp:
        await _send(context, deposit, recorded, patience=GONE_PATIENCE)
        raise


async def _note_again(context: Context, deposit: Deposit) -> Deposit:
    """Have the mark survive a power cut too; if it cannot, it is still in our hands."""
    try:
        await asyncio.to_thread(spool.begin, context.data, deposit)
    except OSError as error:
        log.warning("%s its note stays as it was: %s", deposit.call_id, error)
    return deposit


async def _send(
    context: Context, deposit: Deposit, recorded: Recorded, *, patience: float = PATIENCE
) -> bool:
    """Have the message kept; False when we know that it could not be.

    Goes on by itself when the database takes longer than a caller should wait, or the call ends.
    """
    peaks = ",".join(map(str, recorded.peaks))
    keeping = context.owe(_keep(context, deposit, seconds=recorded.seconds, peaks=peaks))
    done, _ = await asyncio.wait({keeping}, timeout=patience)
    return not done or keeping.exception() is None


async def _keep(context: Context, deposit: Deposit, *, seconds: float, peaks: str) -> None:
    def keep(session: Session) -> int:
        return messages.keep_message(session, context.data, deposit, seconds=seconds, peaks=peaks)

    message = await context.write(keep)
    if message:
        context.bus.publish(
            VoicemailLeft(deposit.extension, message, deposit.left_at, deposit.call_id)
        )


async def _salvage(context: Context, deposit: Deposit) -> None:
    """Keep what is on the disk of a recording that nobody could end properly."""
    sound = spool.sound_of(context.data, deposit.call_id)
    if not await asyncio.to_thread(sound.exists):
        await _drop(context, deposit)
    elif context.mend is not None:
        seconds = await asyncio.to_thread(context.mend, sound)
        await _keep(context, deposit, seconds=seconds, peaks="")


async def _drop(context: Context, deposit: Deposit) -> None:
    await asyncio.to_thread(spool.discard, context.data, deposit.call_id)


async def _tell_failure(call: Call, context: Context, error: str, *, kept: bool) -> None:
    """Say on the phone and to the administrator that a recording failed."""
    full = "disk_full" in error or "No space" in error
    if full:
        context.trouble(
            "disk_full",
            it="Il disco è pieno: i messaggi vocali non possono essere registrati",
            en="The disk is full: voice messages cannot be recorded",
        )
    else:
        context.trouble(
            "recording",
            it=f"Una registrazione non è riuscita: {error}",
            en=f"A recording failed: {error}",
        )
    log.warning("%s recording failed: %s", call.id, error)
    await _say_and_leave(
        call, "mailbox.record_failed", "mailbox.part_kept" if kept else "mailbox.not_kept"
    )


async def _say_and_leave(call: Call, *prompts: str) -> None:
    await call.play(*prompts, "mailbox.goodbye", stop_on="")
    await call.hangup()


APP = App("voicemail_deposit", run)
