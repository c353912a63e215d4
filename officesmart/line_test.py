"""The test of the line: a phone of ours calls the echo, and each step becomes a row for the page.

It signs in with an account made for it and removed after it: nobody's password is asked for.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator
from dataclasses import dataclass

from officesmart.auth import Person
from officesmart.desk import Desk
from officesmart.guest_phone import sign_off, sign_up
from officesmart.i18n import say
from officesmart.phone import LinkDown
from pbx.probe import Step, probe

SECONDS = 25
STEPS = ("register", "call", "hear", "keys", "hangup", "deregister")


@dataclass(frozen=True)
class StepRow:
    """A step of the test, for the browser."""

    name: str
    state: str
    "'waiting', 'running', 'passed', 'failed' or 'skipped'."
    text: str
    time: str


async def try_line(here: Desk, who: Person) -> AsyncIterator[Step]:
    """The steps of one test, with an account that lives as long as it."""
    config = here.config
    guest = await here.database.run(functools.partial(sign_up, extension=who.extension))
    try:
        await here.phone.settings_changed()
        async for step in probe(
            host=config.sip_host or "127.0.0.1",
            port=config.sip_port,
            username=guest.username,
            password=guest.password,
            target=guest.echo,
            timeout=SECONDS,
        ):
            yield step
    except LinkDown:
        yield Step(
            "register",
            False,
            "Il centralino non gira in questo processo.",
            "The PBX is not running in this process.",
            0.0,
        )
    finally:
        await asyncio.shield(here.database.run(functools.partial(sign_off, guest=guest)))
        if here.phone.running():
            await here.phone.settings_changed()


def with_step(steps: list[StepRow], seen: Step, language: str) -> list[StepRow]:
    """The steps with one more that is over, and the next one running."""
    words = say(language, it=seen.it, en=seen.en)
    time = f"{seen.seconds:.1f}\N{NO-BREAK SPACE}s".replace(".", say(language, it=",", en="."))
    done = StepRow(seen.name, "passed" if seen.ok else "failed", words, time)
    if all(each.name != seen.name for each in steps):
        return [*steps, done]
    after = [done if each.name == seen.name else each for each in steps]
    follows = next((each.name for each in after if each.state == "waiting"), "")
    # After a failure only the tidying up runs, and which part of it cannot be known beforehand.
    if not seen.ok:
        return after
    return [
        StepRow(each.name, "running", "", "") if each.name == follows else each for each in after
    ]


def settled(step: StepRow) -> StepRow:
    """A step once the test is over: what never ran was skipped."""
    if step.state in ("passed", "failed"):
        return step
    return StepRow(step.name, "skipped", "", "")
