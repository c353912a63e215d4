"""Sedi: where the office is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.administration import hours, ledger_panel, sites
from officesmart.administration import ledger_pieces as pieces
from officesmart.administration.audit import Author
from officesmart.administration.keeping import Book
from officesmart.administration.ledger import Ledger
from officesmart.administration.ledger_pieces import Column
from officesmart.administration.option import Option
from officesmart.administration.pieces import entry, field
from officesmart.administration.rules import Fault
from officesmart.administration.sites import SiteRow, SiteValues
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import Page, Portal, admin
from officesmart.theme import empty, link
from pbx.numbers import national

ROUTE = "/admin/sedi"


@dataclass(frozen=True)
class SiteCard:
    """A site in the panel."""

    name: str = ""
    address: str = ""
    number: str = ""
    hours: str = ""


class Sites(Ledger, Portal):
    """The sites, and the one that is open."""

    rows: list[SiteRow] = []
    card: SiteCard = SiteCard()
    lines: int = 0
    "At the open site."
    hours_options: list[Option] = []
    others: list[Option] = []
    "Where the lines of sites to be deleted may go."
    ask_lines: int = 0
    ask_to: str = ""

    def _book(self) -> Book[Any, Any]:
        return sites.BOOK

    def _read_rows(self, session: Session) -> list[SiteRow]:
        return sites.listed(session)

    def _judge(self, form: Mapping[str, object]) -> tuple[SiteValues, dict[str, Fault]]:
        return sites.judge(form)

    def _card(self, values: SiteValues) -> SiteCard:
        return SiteCard(
            values.name,
            values.address,
            national(values.number) if values.number else "",
            str(values.hours_id or ""),
        )

    async def _look_around(self) -> None:
        read = desk().database.read
        self.hours_options = await read(hours.options)
        counts = await read(sites.lines_of)
        self.lines = counts.get(self._base.name, 0) if self.opened > 0 else 0

    async def _asked(self, ids: tuple[int, ...]) -> None:
        every = await desk().database.read(sites.listed)
        self.ask_lines = sum(each.lines for each in every if each.id in ids)
        self.others = [Option(str(each.id), each.title) for each in every if each.id not in ids]
        self.ask_to = ""

    @admin
    async def choose_target(self, to: str) -> None:
        """Where the lines go."""
        self.ask_to = to if any(each.value == to for each in self.others) else ""

    def _remove(self, session: Session, author: Author, ids: tuple[int, ...]) -> tuple[str, ...]:
        return sites.remove(session, author, ids, to=int(self.ask_to or 0))


def view() -> rx.Component:
    """The table and the panel."""
    return pieces.page(
        Sites,
        ROUTE,
        t(it="Sedi", en="Sites"),
        new=t(it="Nuova sede", en="New site"),
        columns=(
            Column("title", t(it="Nome", en="Name"), lambda row: row.title),
            Column(
                "address",
                t(it="Indirizzo", en="Address"),
                lambda row: pieces.or_none(row.address),
                kind="roomy",
            ),
            Column(
                "number",
                t(it="Numero in uscita", en="Number shown"),
                lambda row: pieces.or_none(row.number),
            ),
            Column(
                "hours",
                t(it="Orari", en="Hours"),
                lambda row: pieces.or_none(row.hours),
                kind="extra",
            ),
            Column("lines", t(it="Linee", en="Lines"), lambda row: _lines(row.lines)),
        ),
        nothing=empty(
            "building-2",
            t(it="Nessuna sede", en="No sites"),
            t(
                it="Una sede dice dove lavorano le persone: il suo indirizzo serve ai soccorsi, il "
                "suo numero è quello che mostrano le linee senza numero proprio.",
                en="A site says where people work: emergency services need its address, and its "
                "number is what lines without one of their own show.",
            ),
        ),
        panel=_panel(),
        dialogs=(_question(),),
    )


def _lines(count: Any) -> rx.Component:
    return rx.cond(
        count == 1, t(it="1 linea", en="1 line"), t(it=f"{count} linee", en=f"{count} lines")
    )


def _panel() -> rx.Component:
    card, faults = Sites.card, Sites.faults
    return ledger_panel.side_panel(
        Sites,
        t(it="Nuova sede", en="New site"),
        field(
            "name",
            t(it="Nome", en="Name"),
            entry("name", card.name, fault=faults["name"]),
            fault=faults["name"],
            hint=t(
                it="Se lo cambi, cambia anche sulle sue linee.",
                en="If you change it, it changes on its lines too.",
            ),
        ),
        field(
            "address",
            t(it="Indirizzo", en="Address"),
            entry("address", card.address, fault=faults["address"]),
            fault=faults["address"],
            hint=t(
                it="Via, numero, piano e città: quello che serve a un soccorso per trovarvi.",
                en="Street, number, floor and town: what an emergency service needs to find you.",
            ),
        ),
        field(
            "number",
            t(it="Numero in uscita", en="Number shown outside"),
            entry("number", card.number, fault=faults["number"], kind="tel"),
            fault=faults["number"],
            hint=t(
                it="Lo vede chi riceve una chiamata dalle linee di questa sede che non hanno un "
                "numero proprio.",
                en="People called by this site's lines that have no number of their own see it.",
            ),
        ),
        field(
            "hours_id",
            t(it="Orari di apertura", en="Opening hours"),
            ledger_panel.picked(
                "hours_id", card.hours, Sites.hours_options, t(it="nessuno", en="none")
            ),
            fault=faults["hours_id"],
            hint=link(t(it="Orari e festività", en="Hours and holidays"), href="/admin/orari"),
        ),
        under=rx.el.p(_lines(Sites.lines), class_name="small t2 num"),
    )


def _question() -> rx.Component:
    return ledger_panel.delete_question(
        Sites,
        t(it="Eliminare la sede?", en="Delete the site?"),
        lambda count: t(it=f"Eliminare {count} sedi?", en=f"Delete {count} sites?"),
        rx.cond(
            Sites.ask_lines > 0,
            ledger_panel.goes_to(
                Sites,
                rx.cond(
                    Sites.ask_lines == 1,
                    t(it="1 linea è qui. Dove va?", en="1 line is here. Where does it go?"),
                    t(
                        it=f"{Sites.ask_lines} linee sono qui. Dove vanno?",
                        en=f"{Sites.ask_lines} lines are here. Where do they go?",
                    ),
                ),
                t(it="In nessuna sede", en="To no site"),
            ),
            rx.el.p(
                t(
                    it="Nessuna linea è qui. Non si può annullare.",
                    en="No line is here. This cannot be undone.",
                ),
                class_name="t2",
            ),
        ),
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=Sites.enter,
    it="Sedi",
    en="Sites",
    icon="building-2",
    needs="admin",
)
