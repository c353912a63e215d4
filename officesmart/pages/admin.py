"""Centralino: what an administrator sees live, and the test of the line.

Who is registered from where, calls in progress, media workers, troubles. The test rings the office
with a real phone (pbx/probe.py) that signs in with an account made for it and removed after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlalchemy import select
from sqlmodel import Session, col

from officesmart import line
from officesmart.auth import Person
from officesmart.components.calls import who
from officesmart.desk import desk
from officesmart.i18n import say, t, when
from officesmart.line import BothSides, PhoneRow
from officesmart.line_test import STEPS, StepRow, settled, try_line, with_step
from officesmart.page import Page, Portal, admin, admin_task, handler_of
from officesmart.phone import LinkDown
from officesmart.theme import dot, empty, icon, number_of, panel, text_of
from pbx.tables import Line


@dataclass(frozen=True)
class WorkerRow:
    """A media worker, for the browser."""

    worker: int
    pid: int
    alive: bool


@dataclass(frozen=True)
class TroubleRow:
    """Something to look after, for the browser."""

    kind: str
    text: str
    at: str


class Centralino(Portal):
    """The office, live."""

    all_phones: list[PhoneRow] = []
    names: dict[str, str] = {}
    all_calls: list[BothSides] = []
    workers: list[WorkerRow] = []
    troubles: list[TroubleRow] = []
    steps: list[StepRow] = []
    testing: bool = False
    verdict: str = ""
    "'', 'passed' or 'failed'."

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Centralino.news), sees_all=True)
        await self._read(self._person)

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        await self._read(self._person)

    @admin
    async def end_call(self, call: str) -> None:
        """Chiudi: end anybody's call."""
        try:
            done = await desk().phone.hang_up(call)
        except LinkDown:
            done = False
        if not done:
            self._toast("info", it="La chiamata è già finita", en="The call is already over")

    @admin
    async def sign_out(self, phone: int) -> None:
        """Scollega: anybody's phone signs out."""
        try:
            done = await desk().phone.sign_out_phone(phone)
        except LinkDown:
            done = False
        if done:
            self._toast("available", it="Telefono scollegato", en="Phone signed out")
        else:
            self._toast("info", it="Il telefono era già scollegato", en="It was signed out already")

    @admin_task
    async def test_line(self, who: Person) -> None:
        """Prova la linea: a phone of ours calls the echo; each step shows as it happens."""
        async with self:
            if self.testing:
                return
            self.testing, self.verdict = True, ""
            self.steps = [
                StepRow(name, "running" if name == STEPS[0] else "waiting", "", "")
                for name in STEPS
            ]
            language = self._language
        try:
            async for step in try_line(desk(), who):
                async with self:
                    self.steps = with_step(self.steps, step, language)
        finally:
            async with self:
                self.testing = False
                self.steps = [settled(each) for each in self.steps]
                failed = any(each.state != "passed" for each in self.steps)
                self.verdict = "failed" if failed else "passed"

    async def _read(self, person: Person) -> None:
        here = desk()
        board, now = here.phone.board(), here.now()
        self.all_phones = line.phone_rows(board.phones, now)
        self.all_calls = line.all_calls(board, now)
        self.workers = [
            WorkerRow(each.worker, each.pid, each.alive)
            for each in sorted(board.workers.values(), key=lambda each: each.worker)
        ]
        self.troubles = [
            TroubleRow(
                each.kind,
                say(self._language, it=each.it, en=each.en),
                when(self._language, each.at, now, here.zone),
            )
            for each in reversed(board.troubles)
        ]
        missing = {phone.line for phone in self.all_phones} - set(self.names)
        if missing:
            self.names = {**self.names, **await here.database.read(lambda s: _names(s, missing))}


def _names(session: Session, extensions: set[str]) -> dict[str, str]:
    found = session.execute(
        select(col(Line.extension), col(Line.name)).where(col(Line.extension).in_(extensions))
    )
    return {extension: name for extension, name in found}


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """Troubles first, then what goes on, and the test beside it."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1(t(it="Centralino", en="Switchboard")),
            rx.el.span(
                icon("shield-check"), t(it="amministratore", en="administrator"), class_name="chip"
            ),
            class_name="head",
        ),
        rx.cond(number_of(Centralino.troubles) > 0, _troubles()),
        rx.el.div(
            rx.el.div(_calls(), _phones(), class_name="stack"),
            rx.el.aside(_test(), _workers(), class_name="stack"),
            class_name="mg wide compact",
        ),
    )


def _troubles() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t(it="Da guardare", en="To look after"), class_name="vh"),
        rx.el.ul(
            rx.foreach(
                Centralino.troubles,
                lambda trouble: rx.el.li(
                    icon("triangle-alert"),
                    rx.el.span(
                        trouble.text,
                        rx.el.span(trouble.at, class_name="small t2"),
                        class_name="two",
                    ),
                    key=trouble.kind,
                    class_name="note p-warning",
                ),
            ),
            class_name="stack tight",
        ),
        role="status",
        class_name="troubles",
    )


def _heading(*words: Any) -> rx.Component:
    return rx.el.th(*words, scope="col")


def _calls() -> rx.Component:
    return panel(
        t(it="Chiamate in corso", en="Calls in progress"),
        rx.cond(
            number_of(Centralino.all_calls) > 0,
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        _heading(t(it="Chi chiama", en="From")),
                        _heading(t(it="Chi è chiamato", en="To")),
                        _heading(t(it="Stato", en="State")),
                        _heading(t(it="Da", en="For")),
                        _heading(rx.el.span(t(it="Azioni", en="Actions"), class_name="vh")),
                    )
                ),
                rx.el.tbody(rx.foreach(Centralino.all_calls, _call)),
                class_name="calls-now",
            ),
            rx.el.p(
                t(
                    it="Nessuno sta telefonando. Le chiamate appaiono qui mentre avvengono.",
                    en="Nobody is on the phone. Calls appear here as they happen.",
                ),
                class_name="pad t2",
            ),
        ),
        aside=_total(number_of(Centralino.all_calls)),
    )


def _total(number: Any) -> rx.Component:
    return rx.cond(number > 0, rx.el.span(number, class_name="count"))


def _party(name: Any, number: Any) -> rx.Component:
    return rx.el.td(
        rx.el.b(who(name)), rx.cond(number != "", rx.el.small(number, class_name="num"))
    )


def _call(call: Any) -> rx.Component:
    return rx.el.tr(
        _party(call.caller, call.caller_number),
        _party(call.callee, call.callee_number),
        rx.el.td(
            rx.match(
                call.state,
                ("ringing", _state("ringing", "bell", t(it="squilla", en="ringing"))),
                ("trying", _state("ringing", "phone-call", t(it="in partenza", en="starting"))),
                ("held", _state("warning", "pause", t(it="in attesa", en="on hold"))),
                rx.match(
                    call.by,
                    ("mailbox", _state("info", "voicemail", t(it="segreteria", en="voicemail"))),
                    ("service", _state("info", "bot", t(it="servizio", en="service"))),
                    _state("busy", "phone", t(it="in linea", en="talking")),
                ),
            )
        ),
        rx.el.td(
            rx.el.span(class_name="num", custom_attrs={"data-age": text_of(call.age)}),
        ),
        rx.el.td(
            rx.el.button(
                icon("phone-off", "s"),
                type="button",
                class_name="ib danger",
                title=t(it="Chiudi la chiamata", en="End the call"),
                aria_label=t(it="Chiudi la chiamata di ", en="End the call of ") + call.caller,
                on_click=Centralino.end_call(call.id),
            ),
            class_name="r",
        ),
        key=call.id,
    )


def _state(kind: str, glyph: str, words: Any) -> rx.Component:
    return rx.el.span(icon(glyph), words, class_name=f"chip p-{kind}")


def _phones() -> rx.Component:
    return panel(
        t(it="Telefoni collegati", en="Registered phones"),
        rx.cond(
            number_of(Centralino.all_phones) > 0,
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        _heading(t(it="Interno", en="Extension")),
                        _heading(t(it="Nome", en="Name")),
                        _heading(t(it="Telefono", en="Phone")),
                        _heading(t(it="Da dove", en="From where")),
                        _heading(t(it="Collegato da", en="For")),
                        _heading(rx.el.span(t(it="Azioni", en="Actions"), class_name="vh")),
                    )
                ),
                rx.el.tbody(rx.foreach(Centralino.all_phones, _phone)),
                class_name="phones",
            ),
            empty(
                "phone-off",
                t(it="Nessun telefono collegato", en="No phone is registered"),
                t(
                    it="Un telefono appare qui appena si registra con l'utente e la password SIP "
                    "di una linea.",
                    en="A phone appears here as soon as it registers with the SIP user and "
                    "password of a line.",
                ),
            ),
        ),
        aside=_total(number_of(Centralino.all_phones)),
    )


def _phone(phone: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.b(phone.line, class_name="num")),
        rx.el.td(
            rx.el.span(dot("available"), Centralino.names[phone.line], class_name="row"),
        ),
        rx.el.td(rx.cond(phone.name != "", phone.name, "—")),
        rx.el.td(phone.source, rx.el.small(phone.transport), class_name="num"),
        rx.el.td(
            rx.el.span(class_name="num", custom_attrs={"data-age": text_of(phone.age)}),
        ),
        rx.el.td(
            rx.el.button(
                icon("unplug", "s"),
                type="button",
                class_name="ib",
                title=t(it="Scollega", en="Sign out"),
                aria_label=t(it="Scollega il telefono di ", en="Sign out the phone of ")
                + phone.line,
                on_click=Centralino.sign_out(phone.id),
            ),
            class_name="r",
        ),
        key=text_of(phone.id),
    )


def _workers() -> rx.Component:
    return panel(
        t(it="Processi audio", en="Media workers"),
        rx.cond(
            number_of(Centralino.workers) > 0,
            rx.el.ul(
                rx.foreach(
                    Centralino.workers,
                    lambda each: rx.el.li(
                        rx.cond(each.alive, dot("available"), dot("offline")),
                        rx.el.span(
                            t(it="Processo ", en="Worker "), each.worker + 1, class_name="grow"
                        ),
                        rx.cond(
                            each.alive,
                            rx.el.span("pid ", each.pid, class_name="num t2 small"),
                            rx.el.span(t(it="fermo", en="stopped"), class_name="small chip p-dnd"),
                        ),
                        key=text_of(each.worker),
                    ),
                ),
                class_name="rows",
            ),
            rx.el.p(
                t(
                    it="Nessun processo audio: le chiamate non avrebbero suono.",
                    en="No media worker: calls would have no sound.",
                ),
                class_name="pad t2",
            ),
        ),
    )


STEP_WORDS = {
    "register": dict(it="Si registra", en="Registers"),
    "call": dict(it="Chiama l'eco", en="Calls the echo"),
    "hear": dict(it="Sente il proprio tono", en="Hears its own tone"),
    "keys": dict(it="Preme i tasti", en="Presses keys"),
    "hangup": dict(it="Chiude", en="Hangs up"),
    "deregister": dict(it="Si scollega", en="Signs out"),
    "start": dict(it="Parte", en="Starts"),
    "end": dict(it="Finisce", en="Ends"),
}


def _test() -> rx.Component:
    return panel(
        t(it="Prova la linea", en="Test the line"),
        rx.el.div(
            rx.el.p(
                t(
                    it="Un telefono di prova si registra, chiama l'eco, sente il proprio tono e "
                    "preme dei tasti, come farebbe un telefono vero.",
                    en="A test phone registers, calls the echo, hears its own tone and presses "
                    "keys, as a real phone would.",
                ),
                class_name="t2",
            ),
            rx.cond(
                number_of(Centralino.steps) > 0,
                rx.el.ol(
                    rx.foreach(Centralino.steps, _step), class_name="route v", aria_live="polite"
                ),
            ),
            rx.match(
                Centralino.verdict,
                (
                    "passed",
                    rx.el.p(
                        icon("circle-check"),
                        t(it="La linea funziona.", en="The line works."),
                        class_name="note p-available",
                        role="status",
                    ),
                ),
                (
                    "failed",
                    rx.el.p(
                        icon("circle-x"),
                        t(
                            it="La linea non funziona: guarda il passo segnato in rosso.",
                            en="The line does not work: see the step marked in red.",
                        ),
                        class_name="note p-dnd",
                        role="status",
                    ),
                ),
                rx.fragment(),
            ),
            rx.el.button(
                rx.cond(Centralino.testing, icon("loader", "spin"), icon("activity")),
                rx.cond(
                    Centralino.testing,
                    t(it="Prova in corso", en="Testing"),
                    t(it="Prova adesso", en="Test now"),
                ),
                type="button",
                class_name="btn wide",
                disabled=Centralino.testing | ~Portal.pbx_up,
                on_click=Centralino.test_line,
            ),
            class_name="pad stack",
        ),
    )


def _step(step: Any) -> rx.Component:
    title = rx.match(
        step.name, *((name, t(**words)) for name, words in STEP_WORDS.items()), step.name
    )
    return rx.el.li(
        rx.match(
            step.state,
            ("passed", rx.el.span(icon("check"), class_name="pt")),
            ("failed", rx.el.span(icon("x"), class_name="pt fill p-dnd")),
            ("running", rx.el.span(icon("loader", "spin"), class_name="pt")),
            rx.el.span(icon("minus"), class_name="pt"),
        ),
        rx.el.b(title),
        rx.cond(
            step.text != "",
            rx.el.span(
                step.text, " ", rx.el.span(step.time, class_name="num mut"), class_name="small"
            ),
        ),
        key=step.name,
        class_name=rx.match(step.state, ("passed", "stop go"), ("skipped", "stop skip"), "stop"),
    )


PAGE = Page(
    route="/centralino",
    view=view,
    on_load=Centralino.enter,
    it="Centralino",
    en="Switchboard",
    icon="activity",
    nav=90,
    needs="admin",
)
