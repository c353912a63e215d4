"""What every page shares: who is signed in, what is live, and what a page is made of.

A page is one file under `pages/` that makes a Page. Its handlers are wrapped in a guard of
`guarding`, and the portal's own addresses are in `addresses`; both are handed on from here.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

import reflex as rx
from reflex.config import get_config
from reflex_base.utils.format import format_event_handler

from officesmart import auth, line, ringing
from officesmart.addresses import (
    FORBIDDEN,
    HOME,
    LANDING,
    PROOF,
    SECOND_STEP,
    SIGN_IN,
    WELCOME_PAGE,
    go_on,
    where_to_be_admitted,
)
from officesmart.auth import Person
from officesmart.counts import counts_of
from officesmart.desk import desk
from officesmart.dialling import LONGEST_NUMBER, Dialling
from officesmart.guarding import Handler, admin, admin_task, anybody, mine, my_task
from officesmart.i18n import initials, say
from officesmart.line import CallRow, PhoneRow
from officesmart.live import Tab
from officesmart.naming import People, catch_up
from officesmart.phone import LinkDown
from officesmart.ringing import Colleague, Incoming, Met
from pbx.numbers import national
from pbx.routing.features import click_to_dial
from pbx.store import options

__all__ = [
    "BEHIND",
    "FORBIDDEN",
    "HOME",
    "LANDING",
    "LONGEST_NUMBER",
    "PROOF",
    "SECOND_STEP",
    "SIGN_IN",
    "WELCOME_PAGE",
    "Handler",
    "Page",
    "Portal",
    "Toast",
    "admin",
    "admin_task",
    "anybody",
    "go_on",
    "handler_of",
    "mine",
    "my_task",
    "session_of",
    "where_to_be_admitted",
]
BEHIND = (
    f"http://localhost:{get_config().backend_port}"
    if get_config().backend_port != get_config().frontend_port
    else ""
)
"Where routes are asked for while Vite serves the pages; else where the page itself came from."
TOASTS = 3


@dataclass(frozen=True)
class Toast:
    """A remark at the edge of the page, that goes away by itself."""

    id: str
    kind: str
    "'available', 'danger' or 'info'."
    text: str
    undo: int = 0
    "The message that 'Ripristina' brings back; 0 for none."
    back: str = ""
    "What 'Annulla' does to a service, as 'service:on' or 'service:off'; empty for nothing."


class Portal(Dialling):
    """What is around every page: the person, the line's live picture, counts, the dialler."""

    ready: bool = False
    away: str = ""
    "Where the browser must go; the portal's script watches it."
    me: str = ""
    extension: str = ""
    number: str = ""
    letters: str = ""
    is_admin: bool = False
    "May take the administrator's role."
    elevated: bool = False
    "Is in it."
    viewing: bool = False
    "An administrator sees the portal as this line does, and changes nothing."
    viewer: str = ""
    pbx_up: bool = True
    pbx_why: str = ""
    presence: str = "offline"
    phones: list[PhoneRow] = []
    calls: list[CallRow] = []
    new_messages: int = 0
    missed: int = 0
    ending_soon: bool = False
    "The session ends by itself in less than two minutes."
    ends_ms: int = 0
    "Milliseconds that were left when the server said so; the browser counts on."
    toasts: list[Toast] = []

    incoming: list[Incoming] = []
    "What rings at my phones now."
    incoming_said: str = ""
    "The same in a sentence, when it begins: a screen reader hears it once."
    forwarding: str = ""
    "The incoming call that is being forwarded to a colleague."
    colleagues: list[Colleague] = []
    _met: dict[str, Met] = {}
    _heard: list[str] = []
    "Calls that were said already."
    _put_away: list[str] = []
    _everybody: list[tuple[str, str]] = []
    _forward_text: str = ""

    # -- who ------------------------------------------------------------------------------------

    async def _who(self) -> Person | None:
        """Whoever the browser's session says, by the database, now."""
        here, token = desk(), session_of(self.router.headers.cookie)
        if not token:
            return None
        token = here.live.now_called(self.router.session.client_token, token)
        return await here.database.read(lambda s: auth.person_of(s, token, here.now()))

    def _send_away(self, why: str = "") -> None:
        """Nobody is signed in: keep nothing of anybody, and go to the sign-in page."""
        desk().live.forget(self.router.session.client_token)
        root = self._top()
        language = self._language
        root.reset()
        self._speak(language)
        self.away = f"{SIGN_IN}?{why}" if why else SIGN_IN

    def _only_looks(self) -> None:
        """Said when an administrator, seeing as somebody else, would change something."""
        self._toast(
            "info",
            it="Stai solo guardando: in questa vista non si cambia niente",
            en="You are only looking: nothing can be changed in this view",
        )

    def _top(self) -> rx.State:
        """The top of this tab's states."""
        state: Any = self
        while state.parent_state is not None:
            state = state.parent_state
        root: rx.State = state
        return root

    def _toast(self, kind: str, *, it: str, en: str, undo: int = 0, back: str = "") -> None:
        made = Toast(secrets.token_hex(4), kind, say(self._language, it=it, en=en), undo, back)
        others = [each for each in self.toasts if each.text != made.text or each.undo]
        self.toasts = [*others, made][-TOASTS:]

    # -- looking --------------------------------------------------------------------------------

    async def _enter(self, who: Person, handler: str, *, sees_all: bool = False) -> None:
        """A page opens, or its connection is back: read everything anew and watch."""
        here = desk()
        token = self.router.session.client_token
        here.live.watch(
            Tab(
                token=token,
                session=who.session,
                line=who.extension,
                line_id=who.line_id,
                handler=handler,
                sees_all=sees_all,
            )
        )
        self._speak(who.language)
        self.me, self.extension = who.name, who.extension
        self.number, self.letters = national(who.number), initials(who.name)
        self.is_admin, self.elevated = who.admin, who.elevated
        self.viewing, self.viewer = who.viewed_by > 0, who.viewer
        self.incoming_said = ""  # another page: what was said is not said again
        if self.dial_stage == "ended" or self._alone:
            self.dialler = False  # what is over, or was a page of its own, covers no further one
        self._alone = False
        await self._look(who, ("calls", "messages", "contacts"))
        self.ready, self.away = True, ""

    async def _look(self, who: Person, topics: tuple[str, ...]) -> None:
        """Show what is so now. The board costs nothing; the database is asked when it moved."""
        here = desk()
        why = here.phone.why()
        self.pbx_up = why is None
        self.pbx_why = "" if why is None else say(self._language, it=why.it, en=why.en)
        if {"contacts", "settings"} & set(topics):  # somebody may be called otherwise now
            self._people = People()
            self._only_phone = await here.database.read(
                lambda s: options.read(s, click_to_dial.Options, "click_to_dial", who.line_id).phone
            )
        numbers = line.numbers_in(here.phone.board(), who.extension)
        self._people = await catch_up(here.database, who.line_id, self._people, numbers)
        board, now = here.phone.board(), here.now()
        self._warn(who, now)
        self.presence = line.presence(board, who.extension)
        self.phones = line.phone_rows(board.phones_of(who.extension), now)
        self.calls = line.call_rows(board, who.extension, now, shown=self._people.shown)
        await ringing.show(self, who, topics)
        self._follow_dialled(who.extension)
        if {"messages", "records"} & set(topics):
            counts = await here.database.read(lambda s: counts_of(s, who.line_id, now))
            self.new_messages, self.missed = counts.new_messages, counts.missed

    def _warn(self, who: Person, now: datetime) -> None:
        """Say that the session ends soon, or take that back."""
        self.ending_soon = now - who.seen_at >= auth.WARNING
        left = who.seen_at + auth.IDLE - now
        self.ends_ms = max(0, round(left.total_seconds() * 1000)) if self.ending_soon else 0

    async def _hang_up(self, call: str) -> bool:
        """A call of mine ends; said when it had ended already. Whether it did."""
        assert self._person is not None
        try:
            done = await desk().phone.hang_up(call, line=self._person.extension)
        except LinkDown:
            done = False
        if not done:
            self._toast("info", it="La chiamata è già finita", en="The call is already over")
            await self._look(self._person, ("calls",))
        return done

    async def _sign_out_phone(self, phone: int, *, extension: str = "") -> bool:
        """A phone signs out; with `extension`, only if it is one of that line's. Whether it did."""
        try:
            done = await desk().phone.sign_out_phone(phone, line=extension)
        except LinkDown:
            done = False
        if done:
            self._toast("available", it="Telefono scollegato", en="Phone signed out")
        else:
            self._toast("info", it="Il telefono era già scollegato", en="It was signed out already")
        return done


def session_of(cookie: str, name: str = auth.COOKIE) -> str:
    """The hash of the session in a websocket's cookie header (see cookies.py); '' for none."""
    try:
        morsel = SimpleCookie(cookie).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


def handler_of(handler: Any) -> str:
    """The full name by which an event is sent to this handler."""
    return format_event_handler(handler)


# -- pages --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """One page: where it is, who may see it, and how it stands in the navigation."""

    route: str
    view: Callable[[], rx.Component]
    on_load: Any
    it: str
    en: str
    icon: str = ""
    nav: int = 0
    "Place in the navigation; 0: not there."
    nav_it: str = ""
    nav_en: str = ""
    "In the navigation, where its name would be too narrow for what it opens."
    needs: str = "person"
    "'anybody', 'person' or 'admin'."
    short_it: str = ""
    short_en: str = ""
    "For the bar at the bottom of a phone."
    shape: str = ""
    "What stands in its place until it is there: 'cards', 'form', 'list' or 'table'."
    frame: Callable[..., rx.Component] | None = None
    "Instead of the usual one, for a page that stands alone: called with the page and its view."

    @property
    def entered(self) -> Any:
        """Whether what it shows was read for this visit. A tab's state outlives its documents (a
        link, F5): until the page was entered it is what was so some time ago, and what is done to
        it would be undone by what comes. Once it was (assets/portal.js says so), a connection that
        comes back leaves it standing, with all that somebody is typing."""
        stands = f"(globalThis.officesmartEntered === {json.dumps(self.route)})"
        was: Any = rx.Var(stands, _var_type=bool)
        now: Any = rx.State.is_hydrated
        return Portal.ready & (now | was)
