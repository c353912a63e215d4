"""Menus by telephone keys, as data: which key does what, and the sentence that says so.

A menu is a table, so that a second profile of keys is a second table with its own sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pbx.calls.api import Call, Words

KEY_SECONDS = 5.0
"How long a caller may think after the sentence (behaviour.md s.4.3)."
ROUNDS = 3
"How often a menu is said to somebody who presses nothing, or nothing sensible."


@dataclass(frozen=True, slots=True)
class Menu:
    """Keys and what they mean."""

    prompt: str
    "The prompt id of the sentence that names the keys."
    keys: Mapping[str, str]
    "Key to the name of its action."


async def choose(call: Call, menu: Menu, *first: Words, rounds: int = ROUNDS) -> str:
    """Say `first` once, then the menu, until a key of it is pressed; answers its action.

    "" when nothing sensible came in so many rounds. A key pressed at any time cuts the sentence
    short; one pressed before it was even said skips it.
    """
    said = list(first)
    for _ in range(rounds):
        await call.play(*said, menu.prompt)
        key = await call.get_dtmf(1, KEY_SECONDS)
        if action := menu.keys.get(key, ""):
            return action
        said = ["mailbox.bad_key"] if key else []
    return ""


async def drained(call: Call, wanted: str) -> str:
    """The first of the waiting keys that is `wanted`, the others thrown away; "" for none."""
    while key := await call.get_dtmf(1, 0.0):
        if key in wanted:
            return key
    return ""
