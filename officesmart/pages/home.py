"""Home: my line, live. Its phones, the call in progress, what waits to be heard and called back."""

from __future__ import annotations

from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart import mail
from officesmart.auth import Person
from officesmart.components.calls import call_card
from officesmart.components.dialler import Dialler, fault
from officesmart.components.latest_calls import latest_calls
from officesmart.components.own_settings import own_settings
from officesmart.components.quiet import expected, nothing_now
from officesmart.components.shell import count, presence_word
from officesmart.desk import desk
from officesmart.expected import Path, Stop, path_of
from officesmart.i18n import t
from officesmart.identity import factors
from officesmart.lists import CallDay, Reader, call_days
from officesmart.page import LONGEST_NUMBER, Page, Portal, handler_of, mine
from officesmart.theme import dot, icon, link, number_of, panel, text_of
from pbx.store import records
from pbx.tables import Line

LATEST = 6  # calls, below what goes on now


class Home(Portal):
    """My line, live."""

    latest: list[CallDay] = []
    sentence: str = ""
    "What would happen if somebody called now."
    stops: list[Stop] = []
    because: list[str] = []
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
        await self._expect(self._person)

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of this line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"records", "messages", "language"} & set(topics):
            await self._read(self._person)
        if {"phones", "settings", "link", "language", "session"} & set(topics):
            await self._expect(self._person)

    async def _read(self, who: Person) -> None:
        """The latest calls of every kind."""
        here = desk()
        reader = Reader(self._language, here.zone, here.now())

        def read(session: Session) -> list[CallDay]:
            kinds = (records.missed, records.received, records.dialled)
            found = [
                (way, call)
                for way, kind in zip(("missed", "in", "out"), kinds, strict=True)
                for call in kind(session, who.line_id, limit=LATEST)
            ]
            found.sort(key=lambda each: each[1].at, reverse=True)
            ways = {call.id: way for way, call in found}
            return call_days([call for _, call in found[:LATEST]], reader, ways=ways)

        self.latest = await here.database.read(read)

    async def _expect(self, who: Person) -> None:
        """What would happen to a call, and the person's own settings."""
        here, language = desk(), self._language
        board = here.phone.board()
        registered = frozenset(phone.line for phone in board.phones.values())

        def read(session: Session) -> tuple[Path, str, bool, bool]:
            line = session.get(Line, who.line_id)
            path = path_of(
                here.offices.read(session),
                who.extension,
                phones=len(board.phones_of(who.extension)),
                registered=registered,
                at=here.now(),
                language=language,
            )
            return (
                path,
                line.email if line is not None else "",
                mail.wants_notice(session, who.line_id),
                factors(session, who.line_id).any,
            )

        path, self.email, self.notice, self.two_step = await here.database.read(read)
        self.sentence, self.stops = path.sentence, list(path.stops)
        self.because = list(path.because)

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
    """Three columns on a desk, one on a phone; what is happening comes first."""
    return rx.fragment(
        rx.el.h1(t(it="Home", en="Home"), class_name="vh"),
        rx.el.div(
            rx.el.div(_line(), _waiting(), class_name="stack lft"),
            rx.el.div(
                expected(Home.sentence, Home.stops, Home.because),
                _now(),
                latest_calls(Home.latest),
                class_name="stack mid",
            ),
            rx.el.div(_dial(), _phones(), class_name="stack rgt"),
            class_name="hg",
        ),
        own_settings(Home.email, Home.notice, Home.two_step, set_notice=Home.tell_by_mail),
    )


def _line() -> rx.Component:
    def fact(name: Any, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(name), rx.el.dd(value, class_name="num"), class_name="fact")

    return panel(
        t(it="La tua linea", en="Your line"),
        rx.el.div(
            rx.el.div(
                rx.match(
                    Portal.presence,
                    ("ringing", rx.el.span(icon("bell-ring"), class_name="disc")),
                    ("dnd", rx.el.span(icon("bell-off"), class_name="disc")),
                    ("offline", rx.el.span(icon("phone-off"), class_name="disc")),
                    rx.el.span(icon("phone"), class_name="disc"),
                ),
                rx.el.span(
                    rx.el.b(presence_word(Portal.presence, upper=True)),
                    rx.el.span(
                        rx.match(
                            Portal.presence,
                            ("available", t(it="alle chiamate", en="for calls")),
                            ("ringing", t(it="qualcuno ti chiama", en="somebody calls you")),
                            (
                                "busy",
                                t(it="con una chiamata in corso", en="with a call in progress"),
                            ),
                            ("dnd", t(it="i tuoi telefoni tacciono", en="your phones stay silent")),
                            t(it="nessun telefono collegato", en="no phone is connected"),
                        ),
                        class_name="small t2",
                    ),
                    class_name="two",
                ),
                class_name=f"standing p-{Portal.presence}",
                role="status",
            ),
            rx.el.dl(
                rx.cond(
                    Portal.number != "",
                    fact(t(it="Numero", en="Number"), Portal.number),
                ),
                fact(t(it="Interno", en="Extension"), Portal.extension),
                fact(
                    t(it="Telefoni", en="Phones"),
                    rx.cond(
                        number_of(Portal.phones) == 0,
                        t(it="nessuno", en="none"),
                        rx.cond(
                            number_of(Portal.phones) == 1,
                            t(it="1 collegato", en="1 connected"),
                            t(
                                it=f"{number_of(Portal.phones)} collegati",
                                en=f"{number_of(Portal.phones)} connected",
                            ),
                        ),
                    ),
                ),
                class_name="facts",
            ),
            class_name="pad",
        ),
    )


def _waiting() -> rx.Component:
    def row(glyph: str, words: Any, href: str, number: rx.Component) -> rx.Component:
        return rx.el.li(
            link(icon(glyph), rx.el.span(words, class_name="grow"), number, href=href),
        )

    return panel(
        t(it="Da sentire e richiamare", en="To hear and call back"),
        rx.el.ul(
            row(
                "voicemail",
                t(it="Messaggi nuovi", en="New messages"),
                "/messaggi?scheda=messaggi",
                rx.cond(
                    Portal.new_messages > 0,
                    count(Portal.new_messages, alert=False, words=""),
                    rx.el.span("0", class_name="num mut"),
                ),
            ),
            row(
                "phone-missed",
                t(it="Chiamate perse", en="Missed calls"),
                "/messaggi?scheda=perse",
                rx.cond(
                    Portal.missed > 0,
                    count(
                        Portal.missed, alert=True, words=t(it="da richiamare", en="to call back")
                    ),
                    rx.el.span("0", class_name="num mut"),
                ),
            ),
            class_name="todo",
        ),
        rx.el.p(
            t(
                it="Perse nelle ultime 24 ore e non ancora richiamate.",
                en="Missed in the last 24 hours and not called back yet.",
            ),
            class_name="hint pad",
        ),
    )


def _now() -> rx.Component:
    return panel(
        t(it="Adesso", en="Now"),
        rx.cond(
            number_of(Portal.calls) > 0,
            rx.el.ul(
                rx.foreach(Portal.calls, lambda call: call_card(call, Dialler.hang_up(call.id))),
                class_name="calls",
            ),
            nothing_now(),
        ),
        aria_live="polite",
    )


def _dial() -> rx.Component:
    return panel(
        t(it="Chiama", en="Call"),
        rx.el.form(
            rx.el.div(
                rx.el.label(
                    t(it="Numero o interno", en="Number or extension"), html_for="home-number"
                ),
                rx.el.div(
                    rx.el.div(
                        icon("phone", "s mut"),
                        rx.el.input(
                            id="home-number",
                            name="number",
                            type="tel",
                            auto_complete="off",
                            max_length=LONGEST_NUMBER,
                            required=True,
                        ),
                        class_name="in",
                    ),
                    rx.el.button(t(it="Componi", en="Dial"), type="submit", class_name="btn pri"),
                    class_name="row",
                ),
                rx.el.p(
                    t(
                        it="Squilla il tuo telefono; quando rispondi, chiamiamo il numero.",
                        en="Your phone rings; when you answer, we call the number.",
                    ),
                    class_name="hint",
                ),
                rx.cond(~Portal.dialler, rx.el.div(fault(), role="alert")),
                class_name="field",
            ),
            on_submit=Dialler.dial_form,
            reset_on_submit=True,
            class_name="pad",
        ),
    )


def _phones() -> rx.Component:
    return panel(
        t(it="I tuoi telefoni", en="Your phones"),
        rx.cond(
            number_of(Portal.phones) > 0,
            rx.el.ul(rx.foreach(Portal.phones, _phone), class_name="rows"),
            rx.el.div(
                rx.el.p(
                    t(
                        it="Nessuno è collegato. Un telefono appare qui appena si registra con "
                        "l'utente e la password SIP della tua linea.",
                        en="None is connected. A phone appears here as soon as it registers with "
                        "the SIP user and password of your line.",
                    ),
                    class_name="t2",
                ),
                class_name="pad",
            ),
        ),
    )


def _phone(phone: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("phone"), class_name="ico"),
        rx.el.span(
            rx.el.b(
                rx.cond(phone.name != "", phone.name, t(it="Telefono SIP", en="SIP phone")),
                class_name="cut",
            ),
            rx.el.span(phone.source, class_name="small t2 num cut", title=phone.transport),
            class_name="two grow",
        ),
        dot("available"),
        rx.el.span(t(it="collegato", en="connected"), class_name="small t2 hide-s"),
        rx.el.button(
            icon("unplug", "s"),
            type="button",
            class_name="ib",
            title=t(it="Scollega", en="Sign out"),
            aria_label=t(it="Scollega ", en="Sign out ") + phone.name,
            on_click=Home.sign_out_phone(phone.id),
        ),
        key=text_of(phone.id),
    )


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
