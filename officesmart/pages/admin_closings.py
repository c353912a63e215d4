"""Festività e chiusure: the days on which the office is closed, whatever the week says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.administration import closings, hours, ledger_panel, public_holidays
from officesmart.administration import ledger_pieces as pieces
from officesmart.administration.closings import ClosingRow, ClosingValues
from officesmart.administration.keeping import Book
from officesmart.administration.ledger import Ledger
from officesmart.administration.ledger_pieces import Column
from officesmart.administration.option import Option
from officesmart.administration.pieces import entry, field, switch
from officesmart.administration.public_holidays import COUNTRIES, Holiday
from officesmart.administration.rules import Fault
from officesmart.components.dialogs import cancel, dialog
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import Page, Portal, admin
from officesmart.pages.admin_hours import CLOSINGS, PARTS
from officesmart.theme import chip, empty, icon, number_of, text_of

ROOM = "/admin/orari"


@dataclass(frozen=True)
class ClosingCard:
    """A closing day in the panel."""

    name: str = ""
    first: str = ""
    last: str = ""
    yearly: bool = False
    hours: str = ""


@dataclass(frozen=True)
class Offered:
    """A public holiday that may be taken over, for the browser."""

    place: int
    name: str
    when: str
    chosen: bool
    there: bool


class Closings(Ledger, Portal):
    """The closing days, the open one, and a country's holidays to choose from."""

    rows: list[ClosingRow] = []
    card: ClosingCard = ClosingCard()
    hours_options: list[Option] = []

    importing: bool = False
    country: str = "IT"
    place: str = ""
    place_options: list[Option] = []
    offered: list[Offered] = []
    chosen: int = 0
    _offered: list[Holiday] = []

    def _book(self) -> Book[Any, Any]:
        return closings.BOOK

    def _read_rows(self, session: Session) -> list[ClosingRow]:
        return closings.listed(session, self._language, self._today())

    def _judge(self, form: Mapping[str, object]) -> tuple[ClosingValues, dict[str, Fault]]:
        return closings.judge(form)

    def _card(self, values: ClosingValues) -> ClosingCard:
        return ClosingCard(
            values.name,
            values.first.isoformat() if values.first else "",
            values.last.isoformat() if values.last and values.last != values.first else "",
            values.yearly,
            str(values.hours_id or ""),
        )

    async def _look_around(self) -> None:
        self.hours_options = await desk().database.read(hours.options)

    def _today(self) -> Any:
        here = desk()
        return here.now().astimezone(here.zone).date()

    # -- a country's holidays -------------------------------------------------------------------

    @admin
    async def ask_import(self) -> None:
        """Importa le festività."""
        self.importing = True
        await self._offer()

    @admin
    async def end_import(self) -> None:
        """Annulla."""
        self.importing, self.offered, self._offered = False, [], []

    @admin
    async def choose_country(self, country: str) -> None:
        """Whose holidays."""
        if country in COUNTRIES:
            self.country, self.place = country, ""
            await self._offer()

    @admin
    async def choose_place(self, place: str) -> None:
        """Also those of a province or region: in Italy, its patron saint."""
        self.place = place if any(each.value == place for each in self.place_options) else ""
        await self._offer()

    @admin
    async def choose_holiday(self, place: int, on: bool) -> None:
        """Take this one over, or not."""
        self.offered = [
            replace(each, chosen=on) if each.place == place and not each.there else each
            for each in self.offered
        ]
        self.chosen = sum(each.chosen for each in self.offered)

    @admin
    async def take_over(self) -> None:
        """Aggiungi: the chosen ones."""
        author, known = self._author(), self._offered
        chosen = [known[each.place] for each in self.offered if each.chosen]
        self.importing, self.offered, self._offered = False, [], []
        made = await desk().database.run(lambda s: public_holidays.take_over(s, author, chosen))
        it, en = self._book().noun.counted(made, "aggiunt", "added")
        self._toast("available", it=it, en=en)
        await self._changed()

    async def _offer(self) -> None:
        country, place, language = self.country, self.place, self._language
        year = self._today().year
        self.place_options = await asyncio.to_thread(public_holidays.places, country)
        found = await asyncio.to_thread(public_holidays.of, country, place, language, year)
        there = await desk().database.read(public_holidays.there)
        today = self._today()
        self._offered = [each for each in found if each.yearly or each.day >= today]
        self.offered = [
            Offered(
                number,
                each.name,
                closings.words(language, each.day, each.day, each.yearly),
                chosen=not public_holidays.is_there(there, each),
                there=public_holidays.is_there(there, each),
            )
            for number, each in enumerate(self._offered)
        ]
        self.chosen = sum(each.chosen for each in self.offered)


def view() -> rx.Component:
    """The table and the panel."""
    add = rx.el.button(
        icon("calendar-plus", "s"),
        t(it="Importa le festività", en="Import public holidays"),
        type="button",
        class_name="btn",
        aria_haspopup="dialog",
        on_click=Closings.ask_import,
    )
    return pieces.page(
        Closings,
        ROOM,
        t(it="Orari e festività", en="Hours and holidays"),
        parts=PARTS,
        here=CLOSINGS,
        new=t(it="Nuova chiusura", en="New closing day"),
        acts=(add,),
        columns=(
            Column("title", t(it="Motivo", en="Reason"), lambda row: row.title),
            Column("first", t(it="Quando", en="When"), _when, kind="roomy"),
            Column(
                "hours",
                t(it="Vale per", en="Concerns"),
                lambda row: rx.cond(
                    row.hours != "", row.hours, t(it="tutti gli orari", en="all opening hours")
                ),
            ),
        ),
        nothing=empty(
            "calendar-off",
            t(it="Nessuna chiusura", en="No closing days"),
            t(
                it="Nei giorni di chiusura l'ufficio è chiuso anche se l'orario dice aperto. "
                "Comincia dalle festività nazionali e aggiungi il patrono e le ferie.",
                en="On closing days the office is closed even if its hours say open. Begin with "
                "the public holidays, then add your own.",
            ),
            rx.el.button(
                t(it="Importa le festività", en="Import public holidays"),
                type="button",
                class_name="btn",
                on_click=Closings.ask_import,
            ),
        ),
        panel=_panel(),
        dialogs=(
            ledger_panel.delete_question(
                Closings,
                t(it="Eliminare la chiusura?", en="Delete the closing day?"),
                lambda count: t(
                    it=f"Eliminare {count} chiusure?", en=f"Delete {count} closing days?"
                ),
                rx.el.p(
                    t(
                        it="In quei giorni torna a valere l'orario della settimana.",
                        en="On those days the hours of the week count again.",
                    ),
                    class_name="t2",
                ),
            ),
            _holidays(),
        ),
    )


def _when(row: Any) -> rx.Component:
    return rx.el.span(
        rx.el.span(row.when, class_name="cut"),
        rx.cond(row.past, chip(t(it="passata", en="past"), kind="offline")),
        class_name="row",
    )


def _panel() -> rx.Component:
    card, faults = Closings.card, Closings.faults
    return ledger_panel.side_panel(
        Closings,
        t(it="Nuova chiusura", en="New closing day"),
        field(
            "name",
            t(it="Motivo", en="Reason"),
            entry("name", card.name, fault=faults["name"]),
            fault=faults["name"],
            hint=t(it="Per esempio «Ferie estive».", en="Such as “Summer break”."),
        ),
        rx.el.div(
            field(
                "first",
                t(it="Primo giorno", en="First day"),
                entry("first", card.first, fault=faults["first"], kind="date"),
                fault=faults["first"],
            ),
            field(
                "last",
                t(it="Ultimo giorno", en="Last day"),
                entry("last", card.last, fault=faults["last"], kind="date"),
                fault=faults["last"],
                hint=t(it="Vuoto: un giorno solo.", en="Empty: one day only."),
            ),
            class_name="pair",
        ),
        switch(
            "yearly",
            t(it="Ogni anno", en="Every year"),
            t(it="Negli stessi giorni di tutti gli anni.", en="On the same days of every year."),
            card.yearly,
        ),
        field(
            "hours_id",
            t(it="Vale per", en="Concerns"),
            ledger_panel.picked(
                "hours_id",
                card.hours,
                Closings.hours_options,
                t(it="tutti gli orari", en="all opening hours"),
            ),
            fault=faults["hours_id"],
        ),
    )


def _holidays() -> rx.Component:
    return dialog(
        "holidays",
        t(it="Importare le festività", en="Import public holidays"),
        rx.el.div(
            rx.el.div(
                rx.el.label(t(it="Paese", en="Country"), html_for="f-country"),
                rx.el.select(
                    *(
                        rx.el.option(t(it=it, en=en), value=code)
                        for code, (it, en) in COUNTRIES.items()
                    ),
                    id="f-country",
                    value=Closings.country,
                    on_change=Closings.choose_country,
                    class_name="in sel",
                ),
                class_name="field",
            ),
            rx.cond(
                number_of(Closings.place_options) > 0,
                rx.el.div(
                    rx.el.label(
                        rx.cond(
                            Closings.country == "IT",
                            t(it="Patrono di", en="Patron saint of"),
                            t(it="Regione", en="Region"),
                        ),
                        html_for="f-place",
                    ),
                    rx.el.select(
                        rx.el.option(t(it="nessuna scelta", en="none chosen"), value=""),
                        rx.foreach(
                            Closings.place_options,
                            lambda each: rx.el.option(each.words, value=each.value),
                        ),
                        id="f-place",
                        value=Closings.place,
                        on_change=Closings.choose_place,
                        class_name="in sel",
                    ),
                    class_name="field",
                ),
            ),
            class_name="two-up",
        ),
        rx.el.ul(
            rx.foreach(
                Closings.offered,
                lambda each: rx.el.li(
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            class_name="cb",
                            checked=each.chosen,
                            disabled=each.there,
                            on_change=Closings.choose_holiday(each.place),
                        ),
                        rx.el.span(
                            rx.el.b(each.name),
                            rx.el.span(each.when, class_name="small t2"),
                            class_name="two grow",
                        ),
                        class_name="row grow",
                    ),
                    rx.cond(each.there, chip(t(it="c'è già", en="there already"), kind="offline")),
                    key=text_of(each.place),
                ),
            ),
            class_name="plain tried",
            tab_index=0,
            aria_label=t(it="Festività", en="Public holidays"),
        ),
        is_open=Closings.importing,
        footer=(
            cancel(Closings.end_import),
            rx.el.button(
                rx.cond(
                    Closings.chosen == 1,
                    t(it="Aggiungi 1 giorno", en="Add 1 day"),
                    t(it=f"Aggiungi {Closings.chosen} giorni", en=f"Add {Closings.chosen} days"),
                ),
                type="button",
                class_name="btn pri",
                disabled=Closings.chosen == 0,
                on_click=Closings.take_over,
            ),
        ),
    )


PAGE = Page(
    route=CLOSINGS,
    view=view,
    on_load=Closings.enter,
    it="Festività e chiusure",
    en="Holidays and closing days",
    icon="calendar-off",
    needs="admin",
)
