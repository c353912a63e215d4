"""Every handler refuses who may not use it: a browser can call any of them by name.

The handlers are found, not listed: one that is added is held to the same rule without a change
here. What a stranger or the wrong role calls must send him away, tell the PBX nothing and write
nothing.
"""

from __future__ import annotations

import asyncio
import inspect
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from reflex.istate.data import HeaderData
from reflex.state import State
from sqlalchemy import event

import officesmart.officesmart  # noqa: F401 - finds every page
from officesmart import auth, migrate
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.i18n import Words
from officesmart.page import FORBIDDEN, HOME, PROOF, SIGN_IN
from officesmart.phone import Phone
from pbx.config import Config
from pbx.events.board import Board
from pbx.store.session import Database
from pbx.tables import Line

TOKEN = "a token"
MOMENT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
REFLEX_OWN = {"setvar"}
SAMPLES = {int: 1, str: "1", bool: True, float: 1.0}


def states(of: type[Any] = Words) -> Iterator[type[Any]]:
    """Every state of the portal."""
    yield of
    for each in sorted(of.get_substates(), key=lambda state: state.__name__):
        yield from states(each)


def handlers() -> list[Any]:
    """(state, name, needs) of every handler that is ours."""
    return [
        pytest.param(state, name, id=f"{state.__name__}.{name}")
        for state in states()
        for name in state.event_handlers
        if name not in REFLEX_OWN
    ]


def needs(state: type[Any], name: str) -> str:
    return str(getattr(state.event_handlers[name].fn, "needs", "undeclared"))


ALL = handlers()
GUARDED = [each for each in ALL if needs(*each.values) in ("person", "admin")]
ADMIN = [each for each in ALL if needs(*each.values) == "admin"]


class Deaf:
    """A link that notes every command."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def running(self) -> bool:
        return True

    def board(self) -> Board:
        return Board()

    def __getattr__(self, name: str) -> Any:
        async def command(*_: Any, **__: Any) -> bool:
            self.told.append(name)
            return False

        return command


class Tab:
    """A state as a background handler sees it: entered before it is touched."""

    def __init__(self, state: Any) -> None:
        object.__setattr__(self, "state", state)

    async def __aenter__(self) -> Tab:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.state, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.state, name, value)


@pytest.fixture
def link() -> Deaf:
    return Deaf()


class Frozen:
    """A clock that stands: a session that is looked at a thousand times is never idle."""

    zone = ZoneInfo("Europe/Rome")

    def now(self) -> datetime:
        return MOMENT


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a person and an administrator, to copy."""
    config = Config(data=tmp_path_factory.mktemp("made"))
    database = Database(config.url, config.data)
    migrate.upgrade(database)
    with database.session() as session:
        for extension, role in (("201", "user"), ("203", "admin")):
            session.add(
                Line(
                    extension=extension,
                    name=extension,
                    role=role,
                    welcomed_at=MOMENT,
                    created_at=MOMENT,
                )
            )
    database.close()
    return config.data / "officesmart.db"


@pytest.fixture
def here(tmp_path: Path, made: Path, link: Deaf) -> Iterator[Desk]:
    shutil.copy(made, tmp_path)
    phone = Phone()
    phone.use(link)
    yield open_desk(Config(data=tmp_path), clock=Frozen(), with_phone=phone)
    close_desk()


@dataclass
class Standing:
    """An office that stands open for many refusals, for as long as none of them changes it."""

    desk: Desk
    writes: int = 0

    def __post_init__(self) -> None:
        event.listen(self.desk.database._writing, "before_commit", self._note)

    def _note(self, *_: Any) -> None:
        self.writes += 1


@pytest.fixture(scope="module")
def standing() -> Iterator[list[Standing]]:
    """The open office, if one is open: opening a database costs ten times what a refusal does."""
    kept: list[Standing] = []
    yield kept
    close_desk()


@pytest.fixture
def refusing(
    standing: list[Standing], made: Path, tmp_path_factory: pytest.TempPathFactory, link: Deaf
) -> Iterator[Desk]:
    """An office in which everybody of VISITORS has signed in; opened anew after any change."""
    if not standing:
        folder = tmp_path_factory.mktemp("standing")
        shutil.copy(made, folder)
        desk = open_desk(Config(data=folder), clock=Frozen(), with_phone=Phone())
        for token, (extension, role, seeing) in VISITORS.items():
            sign_in(desk, extension, role=role, seeing=seeing, token=token)
        standing.append(Standing(desk))
    office = standing[0]
    office.desk.phone.use(link)
    yield office.desk
    if office.writes or office.desk.live.tabs():
        close_desk()
        standing.clear()


VISITORS = {
    TOKEN: ("203", "", ""),
    "Giulia's": ("201", "admin", ""),
    "Sara's, who sees as Giulia": ("203", "admin", "201"),
}
"""Whose cookie is what: extension, role, seen as. The wrong role is the most that 201 can claim."""


def cookie_of(token: str) -> str:
    return f"{auth.COOKIE}={auth.hash_of(token)}"


def sign_in(
    here: Desk, extension: str, *, role: str = "", seeing: str = "", token: str = TOKEN
) -> str:
    """The cookie of somebody who signed in; in the administrator's role, seeing as another line."""
    with here.database.session() as session:
        line = auth.line_of(session, extension)
        assert line is not None
        auth.open_session(
            session,
            line,
            token,
            browser=auth.Browser("192.0.2.1"),
            old_token="",
            now=here.now(),
        )
        row = auth.session_row(session, auth.hash_of(token))
        assert row is not None
        row.admin_since = here.now() if role else None
        if seeing:
            shown = auth.line_of(session, seeing)
            assert shown is not None
            row.views_line_id = shown.id
    return cookie_of(token)


def call(state: type[Any], name: str, cookie: str, here: Desk) -> tuple[Any, int]:
    """The tab's state after the handler was called by name, and how often it wrote."""
    root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
    tab: Any = root.get_substate(state.get_full_name().split("."))
    root.rx_router_headers = HeaderData(cookie=cookie)
    fn = state.event_handlers[name].fn
    hints = get_type_hints(fn)
    arguments = [
        SAMPLES.get(hints.get(parameter, str), [] if "list" in str(hints.get(parameter)) else {})
        for parameter in list(inspect.signature(fn).parameters)[1:]
    ]
    written = 0

    def note(*_: Any) -> None:
        nonlocal written
        written += 1

    event.listen(here.database._writing, "before_commit", note)
    try:
        asyncio.run(fn(Tab(tab), *arguments))
    finally:
        event.remove(here.database._writing, "before_commit", note)
    return tab, written


def test_there_is_something_to_hold_to_the_rule() -> None:
    assert len(GUARDED) > 30 and len(ADMIN) >= 5


@pytest.mark.parametrize(("state", "name"), ALL)
def test_each_handler_says_whom_it_is_for(state: type[Any], name: str) -> None:
    assert needs(state, name) in ("anybody", "person", "admin")


def test_only_the_door_and_the_refusals_are_for_anybody() -> None:
    open_to_all = {each.id for each in ALL if needs(*each.values) == "anybody"}
    door = ("SignIn", "SecondStep", "AskReset", "ChoosePassword", "Welcome", "Refusal")
    assert open_to_all == {f"{state}.arrive" for state in door} | {
        "AtTheDoor.choose",
        "SecondStep.show",
    }


@pytest.mark.parametrize(("state", "name"), GUARDED)
def test_a_stranger_is_sent_to_the_door(
    refusing: Desk, link: Deaf, state: type[Any], name: str
) -> None:
    for cookie in ("", f"{auth.COOKIE}=forged", f"{auth.COOKIE}={TOKEN}"):
        tab, written = call(state, name, cookie, refusing)
        assert tab.away.startswith(SIGN_IN), cookie
        assert (link.told, written) == ([], 0), cookie
        assert not tab.ready and not tab.me and not refusing.live.tabs(), cookie


@pytest.mark.parametrize(("state", "name"), ADMIN)
def test_the_wrong_role_is_refused(refusing: Desk, link: Deaf, state: type[Any], name: str) -> None:
    tab, written = call(state, name, cookie_of("Giulia's"), refusing)
    assert tab.away == FORBIDDEN
    assert (link.told, written) == ([], 0)
    assert not refusing.live.tabs()


@pytest.mark.parametrize(("state", "name"), ADMIN)
def test_an_administrator_takes_the_role_first(
    refusing: Desk, link: Deaf, state: type[Any], name: str
) -> None:
    tab, written = call(state, name, cookie_of(TOKEN), refusing)
    assert tab.away.startswith(PROOF)
    assert (link.told, written) == ([], 0)
    assert not refusing.live.tabs()


@pytest.mark.parametrize(("state", "name"), GUARDED)
def test_who_sees_as_somebody_else_changes_nothing(
    refusing: Desk, link: Deaf, state: type[Any], name: str
) -> None:
    """Whatever a handler declares: nothing is written, no phone is told."""
    seeing = cookie_of("Sara's, who sees as Giulia")
    tab, written = call(state, name, seeing, refusing)
    assert (link.told, written) == ([], 0)
    if needs(state, name) == "admin":
        assert tab.away == HOME
    elif not state.event_handlers[name].fn.reads:
        assert [toast.kind for toast in tab.toasts] == ["info"]
    else:
        assert not tab.toasts, "it says that it only reads, and tried to change something"


@pytest.mark.parametrize("state", list(states()), ids=lambda state: state.__name__)
def test_no_var_can_be_set_from_a_browser(state: type[Any]) -> None:
    ours = {name for name in state.event_handlers if name not in State.event_handlers}
    assert not {name for name in ours if name.startswith("set_")}


@pytest.mark.parametrize("state", list(states()), ids=lambda state: state.__name__)
def test_what_is_public_holds_no_secret(state: type[Any]) -> None:
    words = ("password", "token", "hash", "pin", "ha1", "secret", "person")
    assert not {var for var in state.base_vars if any(word in var for word in words)}
