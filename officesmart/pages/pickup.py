"""Gruppi di Pick-Up: the groups that my line is in, and how their people stand (guide 8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session, select

from officesmart import line
from officesmart.components.parked import parked_now
from officesmart.components.presence import presence_word
from officesmart.components.row_menu import number_menu
from officesmart.desk import desk
from officesmart.i18n import initials, t
from officesmart.line import ParkedRow
from officesmart.page import Page, Portal, handler_of, mine
from officesmart.theme import dot, empty, icon, number_of, panel, text_of
from pbx.routing import pickup
from pbx.routing.features.park import APP as PARK
from pbx.routing.features.pickup import APP, DIRECTED
from pbx.routing.office import Office
from pbx.tables import PickupGroup

ROUTE = "/servizi/pickup"


@dataclass(frozen=True)
class GroupRow:
    """A group of mine, for the browser."""

    id: int
    name: str
    site: str
    lines: int
    hunt_calls: bool


@dataclass(frozen=True)
class Member:
    """A line of the open group, for the browser."""

    extension: str
    name: str
    letters: str
    presence: str
    mine: bool


class MyPickup(Portal):
    """My groups, and the one that is open."""

    groups: list[GroupRow] = []
    opened: int = 0
    "Id of the group beside the table; 0: none."
    title: str = ""
    site: str = ""
    hunt_calls: bool = False
    members: list[Member] = []
    parked: list[ParkedRow] = []
    "What my groups have parked."
    code: str = ""
    "Such as *8; empty when the office has none."
    directed: str = ""
    park: str = ""
    _office: Office = Office()
    _sites: dict[int, str] = {}

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(MyPickup.news), sees_all=True)
        await self._read()
        if len(self.groups) == 1 and not self.opened:
            self.opened = self.groups[0].id
            self._show()

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: somebody's line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if "settings" in topics:
            await self._read()
        self._show()

    @mine(reads=True)
    async def open(self, group: int) -> None:
        """A group of the table: who is in it."""
        if any(each.id == group for each in self.groups):
            self.opened = group
            self._show()

    @mine(reads=True)
    async def close(self) -> None:
        """Chiudi."""
        self.opened = 0

    async def _read(self) -> None:
        here = desk()

        def read(session: Session) -> tuple[Office, dict[int, str]]:
            rows = session.exec(select(PickupGroup.id, PickupGroup.site)).all()
            return here.offices.read(session), {of or 0: site for of, site in rows}

        self._office, self._sites = await here.database.read(read)
        self._show()

    def _show(self) -> None:
        assert self._person is not None
        office, me = self._office, self._person.extension
        mine_now = {of: each for of, each in office.pickup.items() if me in each.lines}
        self.groups = sorted(
            (
                GroupRow(of, each.name, self._sites.get(of, ""), len(each.lines), each.hunt_calls)
                for of, each in mine_now.items()
            ),
            key=lambda row: row.name.casefold(),
        )
        if self.opened not in mine_now:
            self.opened = 0
        board, now = desk().phone.board(), desk().now()
        codes = {each.app: each.code for each in office.services.values()}
        self.code, self.directed = codes.get(APP, ""), codes.get(DIRECTED, "")
        self.park = codes.get(PARK, "")
        mates = pickup.mates(me, office)[0] | {me}
        self.parked = line.parked_rows(board, now, by=mates, shown=self._people.shown)
        if not self.opened:
            self.members = []
            return
        group = mine_now[self.opened]
        self.title, self.site = group.name, self._sites.get(self.opened, "")
        self.hunt_calls = group.hunt_calls
        people = (office.lines[each] for each in group.lines if each in office.lines)
        self.members = [
            Member(
                person.extension,
                person.name,
                initials(person.name),
                line.presence(board, person.extension),
                person.extension == me,
            )
            for person in sorted(people, key=lambda each: (each.name.casefold(), each.extension))
        ]


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """The table of my groups; the open one beside it, on a phone below it."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1(t(it="Gruppi di Pick-Up", en="Pickup groups")),
            class_name="head",
        ),
        rx.cond(
            number_of(MyPickup.groups) > 0,
            rx.el.div(
                rx.el.div(_table(), _codes(), parked_now(MyPickup.parked), class_name="stack"),
                rx.cond(MyPickup.opened != 0, _group()),
                class_name="pick-grid",
            ),
            rx.el.section(
                empty(
                    "users",
                    t(it="Non sei in nessun Gruppo di Pick-Up", en="You are in no pickup group"),
                    t(
                        it="In un gruppo si risponde alle chiamate che squillano a un collega "
                        "assente. I gruppi li cura chi amministra il centralino: chiedi a lui.",
                        en="In a group people answer calls that ring at an absent colleague. "
                        "Groups are kept by whoever administers the switchboard: ask there.",
                    ),
                ),
                class_name="panel",
            ),
        ),
    )


def _table() -> rx.Component:
    return panel(
        t(it="I tuoi gruppi", en="Your groups"),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(t(it="Gruppo", en="Group"), scope="col"),
                    rx.el.th(t(it="Sede", en="Site"), scope="col"),
                    rx.el.th(t(it="Linee", en="Lines"), scope="col", class_name="r"),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    MyPickup.groups,
                    lambda row: rx.el.tr(
                        rx.el.td(
                            rx.el.button(
                                row.name,
                                type="button",
                                class_name="as-link",
                                aria_expanded=rx.cond(MyPickup.opened == row.id, "true", "false"),
                                on_click=MyPickup.open(row.id),
                            )
                        ),
                        rx.el.td(_site(row.site)),
                        rx.el.td(row.lines, class_name="num r"),
                        key=text_of(row.id),
                    ),
                )
            ),
        ),
    )


def _site(site: Any) -> Any:
    return rx.cond(site != "", site, rx.el.span(t(it="Nessuno", en="None"), class_name="mut"))


def _codes() -> rx.Component:
    """What to dial."""

    def row(code: Any, words: Any) -> rx.Component:
        return rx.el.li(
            rx.el.b(code, class_name="num"), rx.el.span(words, class_name="grow"), class_name="row"
        )

    return panel(
        t(it="Come si risponde", en="How to answer"),
        rx.el.ul(
            rx.cond(
                MyPickup.code != "",
                row(
                    MyPickup.code,
                    t(
                        it="risponde alla chiamata che squilla da più tempo a un collega",
                        en="answers the call that has been ringing longest at a colleague",
                    ),
                ),
            ),
            rx.cond(
                MyPickup.directed != "",
                row(
                    MyPickup.directed + t(it="interno", en="extension"),
                    t(
                        it="risponde alla chiamata che squilla a quell'interno",
                        en="answers the call that rings at that extension",
                    ),
                ),
            ),
            rx.cond(
                MyPickup.park != "",
                row(
                    MyPickup.park,
                    t(
                        it="trasferisci qui una chiamata per parcheggiarla; composto da libero, "
                        "riprende l'unica parcheggiata dal gruppo",
                        en="transfer a call here to park it; dialled while free, it takes back "
                        "the only one parked by the group",
                    ),
                ),
            ),
            class_name="plain pad stack tight",
        ),
    )


def _group() -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(MyPickup.title),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="ib end",
                aria_label=t(it="Chiudi il gruppo", en="Close the group"),
                on_click=MyPickup.close,
            ),
        ),
        rx.el.dl(
            _fact(t(it="Sede", en="Site"), _site(MyPickup.site)),
            _fact(
                t(it="Numero di linee", en="Number of lines"),
                rx.el.span(number_of(MyPickup.members), class_name="num"),
            ),
            _fact(
                t(it="Chiamate dei gruppi di ricerca", en="Calls of hunt groups"),
                rx.cond(
                    MyPickup.hunt_calls,
                    t(it="si possono prendere", en="may be taken"),
                    t(it="no", en="no"),
                ),
            ),
            class_name="pad facts",
        ),
        rx.el.ul(
            rx.foreach(MyPickup.members, _member),
            class_name="people",
            aria_label=t(it="Linee del gruppo", en="Lines of the group"),
        ),
        class_name="panel",
    )


def _fact(name: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="fact")


def _member(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.letters, dot(row.presence), class_name="av", aria_hidden=True),
        rx.el.span(
            rx.el.b(row.name, rx.cond(row.mine, t(it=" (tu)", en=" (you)"), ""), class_name="cut"),
            rx.el.span(presence_word(row.presence), class_name="small t2 cut"),
            class_name="two grow",
        ),
        number_menu(t(it="int. ", en="ext. ") + row.extension, row.extension, row.name),
        key=row.extension,
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=MyPickup.enter,
    it="Gruppi di Pick-Up",
    en="Pickup groups",
    icon="users",
    nav=50,
    short_it="Pick-Up",
    short_en="Pickup",
    shape="list",
)
