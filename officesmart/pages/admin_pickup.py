"""Gruppi di Pick-Up, as administrators keep them: who answers whose calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.administration import ledger_panel
from officesmart.administration import ledger_pieces as pieces
from officesmart.administration import pickup_groups as groups
from officesmart.administration.keeping import Book
from officesmart.administration.ledger import Ledger
from officesmart.administration.ledger_pieces import Column
from officesmart.administration.ledger_table import LONGEST_SEARCH
from officesmart.administration.option import Option
from officesmart.administration.pickup_groups import Candidate, GroupRow, GroupValues
from officesmart.administration.pieces import entry, field, switch
from officesmart.administration.rules import Fault
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import Page, Portal, admin
from officesmart.theme import chip, empty, icon

ROUTE = "/admin/pickup"


@dataclass(frozen=True)
class GroupCard:
    """A group in the panel."""

    name: str = ""
    site: str = ""
    hunt_calls: bool = False


class PickupGroups(Ledger, Portal):
    """The groups, and the one that is open."""

    rows: list[GroupRow] = []
    card: GroupCard = GroupCard()
    people: list[Candidate] = []
    sites: list[Option] = []
    sought: str = ""
    "Which lines are shown to choose from."

    def _book(self) -> Book[Any, Any]:
        return groups.BOOK

    def _read_rows(self, session: Session) -> list[GroupRow]:
        return groups.listed(session)

    def _judge(self, form: Mapping[str, object]) -> tuple[GroupValues, dict[str, Fault]]:
        return groups.judge(form)

    def _card(self, values: GroupValues) -> GroupCard:
        return GroupCard(values.name, values.site, values.hunt_calls)

    def _show(self, values: GroupValues) -> None:
        super()._show(values)
        self.sought = ""

    async def _look_around(self) -> None:
        read = desk().database.read
        chosen = self._base.members if self._base is not None else ()
        self.people = await read(lambda s: groups.candidates(s, chosen))
        self.sites = await read(groups.site_options)

    @admin
    async def open_new(self) -> None:
        """A new one, with nobody in it."""
        self._close()
        self._show(self._fresh())
        self.title, self.opened = "", -1
        await self._look_around()

    @admin
    async def seek(self, text: str) -> None:
        """Cerca una linea: those that do not fit are hidden, and stay chosen."""
        self.sought = text.strip().casefold()[:LONGEST_SEARCH]


def view() -> rx.Component:
    """The table and the panel."""
    return pieces.page(
        PickupGroups,
        ROUTE,
        t(it="Gruppi di Pick-Up", en="Pickup groups"),
        new=t(it="Nuovo gruppo", en="New group"),
        columns=(
            Column("title", t(it="Nome", en="Name"), lambda row: row.title),
            Column("site", t(it="Sede", en="Site"), lambda row: pieces.or_none(row.site)),
            Column("lines", t(it="Linee", en="Lines"), lambda row: _lines(row.lines)),
            Column(
                "members",
                t(it="Chi ne fa parte", en="Members"),
                lambda row: pieces.or_none(row.members, t(it="nessuno", en="nobody")),
                kind="roomy",
            ),
            Column(
                "hunt_calls",
                t(it="Gruppi di ricerca", en="Hunt groups"),
                lambda row: rx.cond(
                    row.hunt_calls, chip(t(it="anche", en="too"), kind="info"), pieces.none()
                ),
                kind="extra",
            ),
        ),
        nothing=empty(
            "phone-incoming",
            t(it="Nessun Gruppo di Pick-Up", en="No pickup groups"),
            t(
                it="Chi è in un gruppo risponde con *8 alla chiamata che squilla a un collega "
                "assente, e con *85 riprende le chiamate che il gruppo ha parcheggiato.",
                en="Members of a group answer with *8 a call that rings at an absent colleague, "
                "and take back with *85 the calls that the group has parked.",
            ),
        ),
        panel=_panel(),
        dialogs=(
            ledger_panel.delete_question(
                PickupGroups,
                t(it="Eliminare il gruppo?", en="Delete the group?"),
                lambda count: t(it=f"Eliminare {count} gruppi?", en=f"Delete {count} groups?"),
                rx.el.p(
                    t(
                        it="Le linee restano; non rispondono più l'una per l'altra.",
                        en="The lines stay; they no longer answer for each other.",
                    ),
                    class_name="t2",
                ),
            ),
        ),
    )


def _lines(count: Any) -> rx.Component:
    return rx.cond(
        count == 1, t(it="1 linea", en="1 line"), t(it=f"{count} linee", en=f"{count} lines")
    )


def _panel() -> rx.Component:
    card, faults = PickupGroups.card, PickupGroups.faults
    return ledger_panel.side_panel(
        PickupGroups,
        t(it="Nuovo Gruppo di Pick-Up", en="New pickup group"),
        field(
            "name",
            t(it="Nome", en="Name"),
            entry("name", card.name, fault=faults["name"]),
            fault=faults["name"],
        ),
        field(
            "site",
            t(it="Sede", en="Site"),
            ledger_panel.picked("site", card.site, PickupGroups.sites, t(it="nessuna", en="none")),
            fault=faults["site"],
        ),
        switch(
            "hunt_calls",
            t(it="Anche chiamate dei gruppi di ricerca", en="Calls of hunt groups too"),
            t(
                it="Con *8 si risponde anche a una chiamata arrivata al collega da un gruppo.",
                en="*8 also answers a call that reached the colleague through a hunt group.",
            ),
            card.hunt_calls,
        ),
        _members(),
    )


def _members() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t(it="Linee del gruppo", en="Lines of the group")),
        rx.el.div(
            icon("search", "s mut"),
            rx.el.input(
                type="search",
                aria_label=t(it="Cerca una linea", en="Search a line"),
                placeholder=t(it="Cerca per interno o nome", en="Search by extension or name"),
                on_change=PickupGroups.seek.debounce(200),
            ),
            class_name="in",
        ),
        rx.el.ul(
            rx.foreach(
                PickupGroups.people,
                lambda each: rx.el.li(
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            name=each.field,
                            default_checked=each.chosen,
                            class_name="cb",
                            custom_attrs={"data-was": rx.cond(each.chosen, "true", "false")},
                        ),
                        rx.el.span(rx.el.b(each.extension, class_name="num"), " ", each.name),
                        rx.cond(each.site != "", rx.el.span(each.site, class_name="small mut")),
                        class_name="row",
                    ),
                    hidden=~(
                        each.name.lower().contains(PickupGroups.sought)
                        | each.extension.contains(PickupGroups.sought)
                    ),
                    key=each.field,
                ),
            ),
            class_name="plain choose",
            tab_index=0,
            aria_label=t(it="Linee", en="Lines"),
        ),
        rx.cond(
            PickupGroups.faults["members"] != "",
            rx.el.p(
                icon("circle-alert", "xs"),
                rx.el.span(PickupGroups.faults["members"]),
                class_name="err",
            ),
        ),
        class_name="field",
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=PickupGroups.enter,
    it="Gruppi di Pick-Up",
    en="Pickup groups",
    icon="users",
    needs="admin",
)
