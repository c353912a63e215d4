"""Centralino: what an administrator sees live, and the test of the line.

Who is registered from where, calls in progress, media workers, troubles. The test rings the office
with a real phone (pbx/probe/) that signs in with an account made for it and removed after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from sqlalchemy import select
from sqlmodel import Session, col

from officesmart import line, lockouts, mail, patience
from officesmart.administration.audit import Author
from officesmart.administration.pieces import administration
from officesmart.auth import Person
from officesmart.components.line_test import line_test
from officesmart.components.locked import LockRow, lock_rows, locked_now
from officesmart.components.parked import parked_now
from officesmart.components.switchboard import calls_now, phones_now
from officesmart.desk import desk
from officesmart.i18n import say, t, when
from officesmart.line import BothSides, ParkedRow, PhoneRow
from officesmart.line_test import STEPS, StepRow, settled, try_line, with_step
from officesmart.page import Page, Portal, admin, admin_task, handler_of
from officesmart.phone import LinkDown
from officesmart.theme import dot, icon, number_of, panel, text_of
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
    parked: list[ParkedRow] = []
    workers: list[WorkerRow] = []
    troubles: list[TroubleRow] = []
    locked: list[LockRow] = []
    "Who may not try a password for a while."
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
        await self._sign_out_phone(phone)

    @admin
    async def unlock(self, extension: str, address: str) -> None:
        """Sblocca: a line from everywhere, else what was tried from one address."""
        assert self._person is not None
        author = Author(self._person.extension, self._person.name, desk().now())
        only = "" if extension else address
        done = await desk().database.run(
            lambda s: lockouts.unlock(s, author, extension=extension[:6], address=only[:45])
        )
        if done:
            self._toast("available", it="Accesso sbloccato", en="Sign-in unlocked")
        else:
            self._toast("info", it="Era già sbloccato", en="It was unlocked already")
        await self._read(self._person)

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
        self.parked = line.parked_rows(board, now)
        self.workers = [
            WorkerRow(each.worker, each.pid, each.alive)
            for each in sorted(board.workers.values(), key=lambda each: each.worker)
        ]
        lost_mail = await here.database.read(lambda session: mail.trouble(session, now))
        shut = await here.database.read(lambda session: patience.locked(session, now))
        self.locked = lock_rows(shut, now)
        self.troubles = [
            TroubleRow(
                each.kind,
                say(self._language, it=each.it, en=each.en),
                when(self._language, each.at, now, here.zone),
            )
            for each in (*([lost_mail] if lost_mail else []), *reversed(board.troubles))
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
    return administration(
        "/centralino",
        rx.el.div(
            rx.el.div(rx.el.h1(t(it="Centralino", en="Switchboard")), class_name="head"),
            rx.cond(number_of(Centralino.troubles) > 0, _troubles()),
            rx.el.div(
                rx.el.div(
                    calls_now(Centralino.all_calls, end=Centralino.end_call),
                    parked_now(Centralino.parked),
                    phones_now(
                        Centralino.all_phones, Centralino.names, sign_out=Centralino.sign_out
                    ),
                    class_name="stack",
                ),
                rx.el.aside(
                    locked_now(Centralino.locked, unlock=Centralino.unlock),
                    line_test(
                        Centralino.steps,
                        verdict=Centralino.verdict,
                        testing=Centralino.testing,
                        start=Centralino.test_line,
                    ),
                    _workers(),
                    class_name="stack",
                ),
                class_name="mg wide compact",
            ),
            class_name="adm-main compact",
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


PAGE = Page(
    route="/centralino",
    view=view,
    on_load=Centralino.enter,
    it="Centralino",
    en="Switchboard",
    icon="activity",
    nav=90,
    needs="admin",
    shape="list",
)
