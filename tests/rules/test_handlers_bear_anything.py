"""Whatever somebody types, or a forged message holds, no handler of a page fails by it.

The handlers are found, as in test_authorisation.py. Each is called as an administrator with every
text that people and attackers type into every field that any form has, and then with values of the
wrong type. A handler may refuse; it may not raise, and it may not show the text as markup.
"""

from __future__ import annotations

import asyncio
import inspect
import re
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from reflex.istate.data import HeaderData
from reflex.state import State

from officesmart import auth, failing
from officesmart.desk import Desk
from officesmart.page import FORBIDDEN, PROOF, SIGN_IN
from pbx.link import Diverted, Placed
from tests.rules.test_authorisation import (
    GUARDED,
    TOKEN,
    Deaf,
    Tab,
    here,
    made,
    needs,
    sign_in,
)

__all__ = ["here", "made"]  # fixtures

PAGES = Path(__file__).parents[2] / "officesmart"
TYPED = (
    "",
    " ",
    "x" * 10_000,
    "📠🇮🇹👩‍💻",
    "\u202eرقم الهاتف\u202c",
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE line; --",
    "\x00\ud800",
    "0" * 40,
    "-1",
)
FORGED: tuple[Any, ...] = (None, -1, 10**30, 1.5, float("nan"), [], {}, [{}], True, "x")
"""A forged message may hold any JSON value in any place."""


def field_names() -> tuple[str, ...]:
    """Every word that may be the name of a form's field, read from the sources."""
    found: set[str] = set()
    for folder in ("pages", "administration", "components", "identity"):
        for path in (PAGES / folder).rglob("*.py"):
            found |= set(re.findall(r'"([a-z][a-z_0-9]{1,30})"', path.read_text()))
    return tuple(sorted(found))


FIELDS = field_names()


def call(state: type[Any], name: str, value: Any, here: Desk, *, forged: bool) -> Any:
    """The tab's state after a handler was called with this value in every place."""
    root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    tab: Any = root.get_substate(state.get_full_name().split("."))
    root.rx_router_headers = HeaderData(cookie=f"{auth.COOKIE}={auth.hash_of(TOKEN)}")
    handler = state.event_handlers[name]
    fn = handler.fn
    hints = get_type_hints(fn)
    arguments: list[Any] = []
    for parameter in list(inspect.signature(fn).parameters)[1:]:
        kind = str(hints.get(parameter, str))
        if forged:
            arguments.append(value)
        elif "dict" in kind:
            arguments.append(dict.fromkeys(FIELDS, value))
        elif "list" in kind:
            arguments.append([value])
        elif "bool" in kind:
            arguments.append(True)
        elif "int" in kind or "float" in kind:
            arguments.append(10**9)
        else:
            arguments.append(value)

    async def run() -> None:
        await fn(Tab(tab) if handler.is_background else tab, *arguments)

    asyncio.run(run())
    return tab


class Willing(Deaf):
    """A link that does as it is told."""

    async def call(self, *_: Any, **__: Any) -> Placed:
        return Placed("web1")

    async def divert(self, *_: Any, **__: Any) -> Diverted:
        return Diverted(False, "La chiamata è già finita", "The call is already over")


@pytest.fixture
def link() -> Willing:
    return Willing()


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What the guard had to catch."""
    caught: list[BaseException] = []
    known = failing.failed

    def note(error: Exception, *, doing: str) -> failing.Said:
        caught.append(error)
        return known(error, doing=doing)

    monkeypatch.setattr(failing, "failed", note)
    return caught


def test_there_are_fields_to_type_into() -> None:
    assert len(FIELDS) > 100 and "extension" in FIELDS
    assert len(TELLING) > 20


def enter(here: Desk, state: type[Any], name: str) -> None:
    """An administrator, in the role that the handler needs."""
    sign_in(here, "203", role="admin" if needs(state, name) == "admin" else "")


def takes_something(state: type[Any], name: str) -> bool:
    return len(inspect.signature(state.event_handlers[name].fn).parameters) > 1


TELLING = [each for each in GUARDED if takes_something(*each.values)]


@pytest.mark.parametrize(("state", "name"), TELLING)
def test_whatever_is_typed(
    here: Desk, failures: list[BaseException], state: type[Any], name: str
) -> None:
    enter(here, state, name)
    for typed in TYPED:
        tab = call(state, name, typed, here, forged=False)
        assert not tab.away.startswith((SIGN_IN, FORBIDDEN, PROOF))
    assert failures == []


@pytest.mark.parametrize(("state", "name"), TELLING)
def test_whatever_is_forged(
    here: Desk, failures: list[BaseException], state: type[Any], name: str
) -> None:
    enter(here, state, name)
    for value in FORGED:
        call(state, name, value, here, forged=True)
    assert failures == []
