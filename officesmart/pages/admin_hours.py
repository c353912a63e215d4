"""Orari: when the office is open, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.administration import hours, ledger_panel
from officesmart.administration import ledger_pieces as pieces
from officesmart.administration.audit import Author
from officesmart.administration.hours import DAY, HoursRow, HoursValues
from officesmart.administration.keeping import Book
from officesmart.administration.ledger import Ledger
from officesmart.administration.ledger_pieces import Column
from officesmart.administration.option import Option
from officesmart.administration.pieces import entry, field
from officesmart.administration.rules import Fault
from officesmart.desk import desk
from officesmart.i18n import DAYS, t
from officesmart.page import Page, Portal, admin
from officesmart.theme import chip, empty, icon, note, number_of

ROUTE = "/admin/orari"
CLOSINGS = "/admin/orari/chiusure"
USUAL = "09:00–13:00, 14:00–18:00"
PARTS = (
    (ROUTE, t(it="Orari", en="Opening hours")),
    (CLOSINGS, t(it="Festività e chiusure", en="Holidays and closing days")),
)


@dataclass(frozen=True)
class HoursCard:
    """Opening hours in the panel."""

    name: str = ""
    day0: str = ""
    day1: str = ""
    day2: str = ""
    day3: str = ""
    day4: str = ""
    day5: str = ""
    day6: str = ""


class Hours(Ledger, Portal):
    """The opening hours, and those that are open beside."""

    rows: list[HoursRow] = []
    card: HoursCard = HoursCard()
    is_open: bool = False
    then: str = ""
    "When that changes."
    users: list[str] = []
    "Who uses the open one."
    others: list[Option] = []
    "What who uses hours to be deleted may have instead."
    ask_users: str = ""
    ask_to: str = ""

    def _book(self) -> Book[Any, Any]:
        return hours.BOOK

    def _read_rows(self, session: Session) -> list[HoursRow]:
        here = desk()
        return hours.listed(session, self._language, here.now().astimezone(here.zone))

    def _judge(self, form: Mapping[str, object]) -> tuple[HoursValues, dict[str, Fault]]:
        return hours.judge(form)

    def _fresh(self) -> HoursValues:
        return HoursValues(**dict.fromkeys(DAY[:5], USUAL))

    def _card(self, values: HoursValues) -> HoursCard:
        return HoursCard(**asdict(values))

    async def _look_around(self) -> None:
        if self.opened <= 0:
            return
        of = self.opened
        used = await desk().database.read(hours.users)
        self.users = used.get(of, [])
        every = await desk().database.read(self._read_rows)
        for row in every:
            if row.id == of:
                self.is_open, self.then = row.open, row.now

    async def _asked(self, ids: tuple[int, ...]) -> None:
        read = desk().database.read
        used, every = await read(hours.users), await read(hours.options)
        self.ask_users = ", ".join(name for of in ids for name in used.get(of, ()))
        self.others = [each for each in every if int(each.value) not in ids]
        self.ask_to = ""

    @admin
    async def choose_target(self, to: str) -> None:
        """What who uses them has from now on."""
        self.ask_to = to if any(each.value == to for each in self.others) else ""

    def _remove(self, session: Session, author: Author, ids: tuple[int, ...]) -> tuple[str, ...]:
        return hours.remove(session, author, ids, to=int(self.ask_to or 0))


def view() -> rx.Component:
    """The table and the panel."""
    return pieces.page(
        Hours,
        ROUTE,
        t(it="Orari e festività", en="Hours and holidays"),
        parts=PARTS,
        here=ROUTE,
        new=t(it="Nuovo orario", en="New opening hours"),
        columns=(
            Column("title", t(it="Nome", en="Name"), lambda row: row.title),
            Column("open", t(it="Adesso", en="Now"), _now, kind="roomy"),
            Column(
                "week",
                t(it="Settimana", en="Week"),
                lambda row: row.week,
                sorts=False,
                kind="roomy",
            ),
            Column(
                "users",
                t(it="Usato da", en="Used by"),
                lambda row: pieces.or_none(row.users),
                kind="extra",
            ),
        ),
        nothing=empty(
            "clock",
            t(it="Nessun orario", en="No opening hours"),
            t(
                it="Con un orario un numero dell'ufficio risponde in un modo quando siete aperti "
                "e in un altro quando siete chiusi.",
                en="With opening hours a number of the office answers in one way while you are "
                "open and in another while you are closed.",
            ),
        ),
        panel=_panel(),
        dialogs=(_question(),),
    )


def _now(row: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(
            row.open,
            chip(t(it="Aperto", en="Open"), kind="available", glyph="door-open"),
            chip(t(it="Chiuso", en="Closed"), kind="offline", glyph="door-closed"),
        ),
        rx.el.span(row.now, class_name="small cut"),
        class_name="row",
    )


def _panel() -> rx.Component:
    card, faults = Hours.card, Hours.faults
    return ledger_panel.side_panel(
        Hours,
        t(it="Nuovo orario", en="New opening hours"),
        field(
            "name",
            t(it="Nome", en="Name"),
            entry("name", card.name, fault=faults["name"]),
            fault=faults["name"],
            hint=t(it="Per esempio «Ufficio» o «Portineria».", en="Such as “Office” or “Porter”."),
        ),
        rx.el.fieldset(
            rx.el.legend(t(it="Settimana", en="Week")),
            rx.el.p(
                t(
                    it="Scrivi da che ora a che ora, anche più volte al giorno: 9-13, 14:30-18. "
                    "Vuoto: chiuso. Dopo mezzanotte continua nel giorno seguente.",
                    en="Write from when to when, several times a day if need be: 9-13, 14:30-18. "
                    "Empty: closed. After midnight go on in the next day.",
                ),
                class_name="small t2",
                id="e-week",
            ),
            *(_day(place, name) for place, name in enumerate(DAY)),
            class_name="week",
        ),
        under=rx.el.p(
            rx.cond(
                Hours.is_open,
                t(it="aperto adesso", en="open now"),
                t(it="chiuso adesso", en="closed now"),
            ),
            rx.cond(Hours.then != "", ", ", ""),
            Hours.then,
            class_name="small t2",
        ),
        after=(
            rx.el.section(
                rx.el.h3(t(it="Usato da", en="Used by")),
                rx.cond(
                    number_of(Hours.users) > 0,
                    rx.el.ul(
                        rx.foreach(Hours.users, lambda name: rx.el.li(name)), class_name="names"
                    ),
                    rx.el.p(
                        t(
                            it="Nessuno, per ora: sceglilo in una sede o in un numero.",
                            en="Nobody so far: choose it at a site or a number.",
                        ),
                        class_name="small t2",
                    ),
                ),
            ),
        ),
    )


def _day(place: int, name: str) -> rx.Component:
    fault = Hours.faults[name]
    it, en = DAYS["it"][place], DAYS["en"][place]
    copies = (
        t(it=f"Copia {it} nei giorni da lunedì a venerdì", en=f"Copy {en} to Monday to Friday")
        if place < 5
        else t(it=f"Copia {it} in sabato e domenica", en=f"Copy {en} to Saturday and Sunday")
    )
    return rx.el.div(
        rx.el.label(t(it=it.capitalize(), en=en), html_for=f"f-{name}"),
        entry(
            name,
            getattr(Hours.card, name),
            fault=fault,
            placeholder=t(it="chiuso", en="closed"),
            custom_attrs={"data-day": str(place)},
        ),
        rx.el.button(
            icon("copy", "s"),
            type="button",
            class_name="ib",
            aria_label=copies,
            title=copies,
            custom_attrs={"data-copy-day": ""},
        ),
        rx.el.span(class_name="strip", aria_hidden=True),
        rx.cond(
            fault != "",
            rx.el.p(
                icon("circle-alert", "xs"), rx.el.span(fault), id=f"e-{name}", class_name="err"
            ),
        ),
        class_name="field",
    )


def _question() -> rx.Component:
    return ledger_panel.delete_question(
        Hours,
        t(it="Eliminare l'orario?", en="Delete the opening hours?"),
        lambda count: t(it=f"Eliminare {count} orari?", en=f"Delete {count} opening hours?"),
        rx.cond(
            Hours.ask_users != "",
            rx.fragment(
                note(
                    rx.el.p(t(it="Lo usano: ", en="Used by: "), rx.el.b(Hours.ask_users)),
                    kind="warning",
                    glyph="triangle-alert",
                ),
                ledger_panel.goes_to(
                    Hours,
                    t(it="Da adesso usano", en="From now on they use"),
                    t(it="nessun orario: sempre aperti", en="no hours: always open"),
                ),
            ),
            rx.el.p(
                t(
                    it="Nessuno lo usa. Spariscono anche le sue chiusure.",
                    en="Nobody uses it. Its closing days go too.",
                ),
                class_name="t2",
            ),
        ),
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=Hours.enter,
    it="Orari e festività",
    en="Hours and holidays",
    icon="clock",
    needs="admin",
)
