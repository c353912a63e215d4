"""Home: my line, live. Its phones, the call in progress, what waits to be heard and called back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart import mail
from officesmart.auth import Person
from officesmart.call_manager.fixes import Warned, warned
from officesmart.components.availability import availability
from officesmart.components.conflict import conflict_badge
from officesmart.components.home_panels import (
    dial_panel,
    now_panel,
    phones_panel,
    to_hear,
)
from officesmart.components.incoming_handlers import Incoming
from officesmart.components.incoming_panel import incoming_panel
from officesmart.components.latest_calls import latest_calls
from officesmart.components.number_picker import number_picker
from officesmart.components.number_picker_state import NumberPicker
from officesmart.components.own_settings import own_settings
from officesmart.components.parked import parked_now
from officesmart.components.quiet import expected
from officesmart.components.services import Services, services_panel
from officesmart.components.trial import trial, trial_button
from officesmart.desk import desk
from officesmart.expected import Path, standing
from officesmart.i18n import t
from officesmart.identity import factors
from officesmart.line import ParkedRow, parked_rows
from officesmart.lists import CallDay, Reader, call_days
from officesmart.naming import people_of
from officesmart.page import Page, Portal, handler_of, mine
from pbx.routing import pickup
from pbx.routing.conflicts import conflicts
from pbx.routing.explain import with_settings
from pbx.routing.office import Office
from pbx.store import history
from pbx.tables import Line

LATEST = 6  # calls, below what goes on now


class Home(Portal):
    """My line, live."""

    latest: list[CallDay] = []
    path: Path = Path()
    "What would happen if somebody called now."
    edited: Path = Path()
    "The same with the edits that nobody has saved; empty without any."
    warned: dict[str, Warned] = {}
    "What gets in each other's way, by service."
    parked: list[ParkedRow] = []
    email: str = ""
    notice: bool = True
    "A mail for each new voice message."
    two_step: bool = False

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Home.news))
        await self._read(self._person)
        await self._see_parked(self._person)
        await self._settings(self._person, opened=True)
        await self._expect(self._person)

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of this line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"records", "messages", "contacts", "settings", "language"} & set(topics):
            await self._read(self._person)
        if {"calls", "settings", "contacts"} & set(topics):
            await self._see_parked(self._person)
        if {"settings", "language"} & set(topics):
            await self._settings(self._person)
        if {"calls", "phones", "settings", "draft", "link", "language", "session"} & set(topics):
            moved = not {"settings", "link", "language", "session"}.isdisjoint(topics)
            await self._expect(self._person, moved=moved)

    async def _settings(self, who: Person, *, opened: bool = False) -> None:
        """The call manager's panels look at what is saved."""
        await (await self.get_state(Incoming))._look_saved(who, opened=opened)
        await (await self.get_state(Services))._look_saved(who)

    async def _see_parked(self, who: Person) -> None:
        """What I and my pickup groups have parked."""
        here = desk()
        board = here.phone.board()
        if not board.parked:
            self.parked = []
            return
        office = await here.database.read(here.offices.read)
        mates = pickup.mates(who.extension, office)[0] | {who.extension}
        self.parked = parked_rows(board, here.now(), by=mates, shown=self._people.shown)

    async def _read(self, who: Person) -> None:
        """The latest calls of every kind."""
        here = desk()
        reader = Reader(self._language, here.zone, here.now())

        def read(session: Session) -> list[CallDay]:
            kinds = (history.missed, history.received, history.dialled)
            found = [
                (way, call)
                for way, kind in zip(("missed", "in", "out"), kinds, strict=True)
                for call in kind(session, who.line_id, limit=LATEST)
            ]
            found.sort(key=lambda each: each[1].at, reverse=True)
            ways = {call.id: way for way, call in found}
            latest = [call for _, call in found[:LATEST]]
            people = people_of(session, who.line_id, (n for call in latest for n in call.numbers))
            return call_days(latest, replace(reader, people=people), ways=ways)

        self.latest = await here.database.read(read)

    async def _expect(self, who: Person, *, moved: bool = True) -> None:
        """What would happen to a call; moved: a setting may have, not only phones or the draft."""
        here, language = desk(), self._language
        board = here.phone.board()
        now = standing(board, here.now())
        drafted = (await self.get_state(Incoming))._draft_options()
        office = None if moved else here.offices.last
        if office is None:
            office = await here.database.read(here.offices.read)

        def path(of: Office) -> Path:
            return here.offices.path(
                of,
                who.extension,
                phones=len(board.phones_of(who.extension)),
                registered=now.registered,
                at=now.at,
                language=language,
                in_call=now.in_call,
                busy=now.busy,
            )

        self.path = path(office)
        self.edited = path(with_settings(office, who.extension, drafted)) if drafted else Path()
        if moved:
            self.warned = warned(conflicts(who.extension, office), language)
            await self._own_settings(who)

    async def _own_settings(self, who: Person) -> None:
        """What the cards at the foot of the page say."""

        def read(session: Session) -> tuple[str, bool, bool]:
            line = session.get(Line, who.line_id)
            return (
                line.email if line is not None else "",
                mail.wants_notice(session, who.line_id),
                factors(session, who.line_id).any,
            )

        self.email, self.notice, self.two_step = await desk().database.read(read)

    @mine
    async def choose_number(self, purpose: str, number: str, name: str) -> None:
        """A number was picked in the list of forwarding numbers."""
        assert self._person is not None
        await (await self.get_state(Incoming))._take_number(purpose, number, name)

    @mine
    async def tell_by_mail(self, wanted: bool) -> None:
        """A mail for each new voice message, or none."""
        assert self._person is not None
        line_id, here = self._person.line_id, desk()
        await here.database.run(lambda s: mail.set_notice(s, line_id, enabled=wanted))
        self.notice = wanted
        if wanted:
            self._toast(
                "available",
                it="Riceverai una mail per ogni nuovo messaggio",
                en="You will get a mail for each new message",
            )
        else:
            self._toast(
                "available",
                it="Nessuna mail per i nuovi messaggi",
                en="No mail for new messages",
            )
        here.live.owe([self._person.extension], "settings")

    @mine
    async def sign_out_phone(self, phone: int) -> None:
        """Scollega: a phone of mine signs out."""
        assert self._person is not None
        await self._sign_out_phone(phone, extension=self._person.extension)


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """The answer first; then who I am, what happens to calls, the services: three columns on a
    desk. On a phone one: status, answer, incoming calls, services, the rest, settings."""
    return rx.fragment(
        rx.el.h1(t(it="Stato del telefono", en="Phone status"), class_name="vh"),
        rx.el.div(
            rx.el.div(
                expected(Home.path, Home.edited, trial_button()),
                class_name="ans",
            ),
            rx.el.div(
                availability(
                    conflict_badge(
                        Home.warned,
                        "do_not_disturb",
                        about=t(it="Non Disturbare", en="Do not disturb"),
                    )
                ),
                to_hear(),
                class_name="stack lft",
            ),
            rx.el.div(
                incoming_panel(
                    NumberPicker.open,
                    no_answer=conflict_badge(
                        Home.warned,
                        "forward_no_answer",
                        about=t(it="Se non rispondo", en="If I do not answer"),
                        choose=_choose_other,
                    ),
                    busy=conflict_badge(
                        Home.warned,
                        "forward_busy",
                        about=t(it="Se la linea è occupata", en="If the line is busy"),
                        choose=_choose_other,
                    ),
                    everything=conflict_badge(
                        Home.warned,
                        "forward_all",
                        about=t(it="Inoltra ad un altro telefono", en="Forward to another phone"),
                        choose=_choose_other,
                    ),
                    plan=conflict_badge(
                        Home.warned,
                        "ring_plan",
                        about=t(it="Squillo in sequenza", en="Ringing in order"),
                    ),
                ),
                now_panel(),
                parked_now(Home.parked),
                latest_calls(Home.latest),
                class_name="stack mid",
            ),
            rx.el.div(
                services_panel(Home.warned),
                dial_panel(),
                phones_panel(Home.sign_out_phone),
                class_name="stack rgt",
            ),
            class_name="hg",
        ),
        number_picker(on_choose=[Home.choose_number, Services.choose_number]),
        trial(Home.edited.sentence != ""),
        own_settings(Home.email, Home.notice, Home.two_step, set_notice=Home.tell_by_mail),
    )


def _choose_other(feature: Any) -> Any:
    """Another number for a forward that its conflict names."""
    purpose = rx.match(feature, ("forward_all", "forward"), ("forward_busy", "busy"), "no_answer")
    return NumberPicker.open(purpose, "")


PAGE = Page(
    route="/",
    view=view,
    on_load=Home.enter,
    it="Home",
    en="Home",
    icon="house",
    nav=10,
    shape="cards",
)
