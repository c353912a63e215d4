"""Every prompt id that routing or an application names is one that is spoken.

Read from the sources: a string of a prompt's shape whose first word is a family of prompts. Ids
put together at run time are listed beside their makers.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pbx.apps.greeting import CAUSES, greeting_for
from pbx.apps.listening import DELETED, DONE, MESSAGE
from pbx.apps.voicemail_deposit import OPTIONS
from pbx.apps.voicemail_menu import MAIN
from pbx.media.prompts import PROMPTS
from pbx.routing.plan import Announce

ROOT = Path(__file__).resolve().parents[2]
SHAPE = re.compile(r"(announce|echo|mailbox|message|pause)\.[a-z_]+(\.[a-z_]+)*")


def named() -> dict[str, str]:
    """Prompt id to the file that names it."""
    found = {}
    for folder in ("pbx/apps", "pbx/routing"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and SHAPE.fullmatch(node.value)
                ):
                    found[node.value] = path.name
    return found


NAMED = named()


@pytest.mark.parametrize("prompt", NAMED)
def test_a_named_prompt_is_spoken(prompt):
    assert prompt in PROMPTS, f"{NAMED[prompt]} plays {prompt}, which nobody speaks"


def test_something_is_found_at_all():
    assert {"announce.unknown_number", "echo.intro", "mailbox.ask_pin", "message.from"} <= set(
        NAMED
    )


@pytest.mark.parametrize("cause", CAUSES)
def test_each_greeting_is_spoken(cause):
    assert set(greeting_for(cause, digits=()).words) <= set(PROMPTS)


@pytest.mark.parametrize("menu", [MAIN, MESSAGE, DELETED, OPTIONS], ids=lambda menu: menu.prompt)
def test_a_menus_sentence_names_each_of_its_keys(menu):
    """In both languages: a key that the sentence does not name is a key nobody presses."""
    names = {
        "it": "zero uno due tre quattro cinque sei sette otto nove".split(),
        "en": "zero one two three four five six seven eight nine".split(),
    }
    signs = {"it": {"*": "asterisco", "#": "cancelletto"}, "en": {"*": "star", "#": "hash"}}
    for language, sentence in zip(("it", "en"), PROMPTS[menu.prompt], strict=True):
        words = set(re.findall(r"[a-zà-ù]+", sentence.lower()))
        for key in menu.keys:
            word = signs[language].get(key) or names[language][int(key)]
            assert word in words, f"{menu.prompt} ({language}) does not name {key}"


def test_what_is_said_after_a_deed_belongs_to_a_key():
    assert set(DONE) <= {*MESSAGE.keys.values(), *DELETED.keys.values()}


def test_announcements_end_with_a_status_of_refusal():
    for path in sorted((ROOT / "pbx/routing").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == Announce.__name__:
                status = node.args[1]
                assert isinstance(status, ast.Constant)
                assert 400 <= int(str(status.value)) < 700
