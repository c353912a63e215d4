"""Disponibilità: whether my phones ring at all (guide 3.1), and how my line stands now."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.confirming import bar
from officesmart.components.incoming_handlers import Incoming
from officesmart.components.menu import menu
from officesmart.components.presence import presence_word
from officesmart.components.unsaved import watched
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import hidden, icon, note, number_of, panel, text_of


def availability(*badges: rx.Component) -> rx.Component:
    """The switcher at the upper left. badges: what warns of it, beside the title.

    When nothing but the status was edited, the bar is here.
    """
    return rx.el.form(
        panel(
            t(it="Disponibilità", en="Availability"),
            rx.el.div(
                _switcher(),
                _busy_note(),
                _facts(),
                class_name="pad",
            ),
            bar(shown=Incoming.only_status),
            aside=rx.fragment(*badges) if badges else None,
            custom_attrs={"data-settled": text_of(Incoming.settled)},
        ),
        on_submit=Incoming.confirm,
        custom_attrs=watched() | {"data-setting": "do_not_disturb"},
        class_name="availability",
    )


def _switcher() -> rx.Component:
    def choice(value: str, glyph: str, it: tuple[str, str], en: tuple[str, str]) -> rx.Component:
        mine = Incoming.quiet if value == "dnd" else ~Incoming.quiet
        return rx.dropdown_menu.item(
            rx.el.span(icon(glyph), class_name=f"disc p-{value}"),
            rx.el.span(
                rx.el.b(t(it=it[0], en=en[0])),
                rx.el.span(t(it=it[1], en=en[1]), class_name="small t2"),
                class_name="two",
            ),
            rx.cond(mine, rx.fragment(icon("check"), hidden(t(it="stato di ora", en="now")))),
            on_select=Incoming.choose_status(value),
        )

    return menu(
        rx.el.button(
            hidden(t(it="Cambia stato: ", en="Change status: ")),
            rx.el.span(
                rx.cond(Incoming.quiet, icon("bell-off", "l"), icon("phone", "l")),
                class_name="disc",
            ),
            rx.el.span(
                rx.el.b(
                    rx.cond(
                        Incoming.quiet,
                        t(it="Non Disturbare", en="Do not disturb"),
                        t(it="Disponibile", en="Available"),
                    ),
                    rx.cond(
                        Incoming.before["do_not_disturb"] != "",
                        rx.el.i(class_name="chgd", aria_hidden=True),
                    ),
                ),
                rx.el.small(
                    rx.cond(
                        Incoming.quiet,
                        rx.cond(
                            Incoming.busy & (Incoming.busy_to != ""),
                            t(
                                it=f"le chiamate vanno a {Incoming.busy_to}",
                                en=f"calls go to {Incoming.busy_to}",
                            ),
                            rx.cond(
                                Incoming.has_mailbox,
                                t(
                                    it="le chiamate vanno in segreteria",
                                    en="calls go to voicemail",
                                ),
                                t(it="chi chiama sente occupato", en="callers hear busy"),
                            ),
                        ),
                        t(it="alle chiamate", en="for calls"),
                    )
                ),
                class_name="grow",
            ),
            icon("chevron-down"),
            type="button",
            class_name=rx.cond(Incoming.quiet, "status p-dnd", "status p-available"),
        ),
        choice(
            "available",
            "phone",
            ("Disponibile", "alle chiamate"),
            ("Available", "for calls"),
        ),
        choice(
            "dnd",
            "bell-off",
            ("Non Disturbare", "i telefoni non squillano"),
            ("Do not disturb", "no phone rings"),
        ),
        align="start",
        kind="statuses",
    )


def _busy_note() -> rx.Component:
    """Guide 3.1: with the forward on busy, calls do not go to voicemail. One button ends that."""
    return rx.cond(
        Incoming.quiet & Incoming.busy & (Incoming.busy_to != "") & (Incoming.mode != "forward"),
        note(
            rx.el.p(
                rx.cond(
                    Incoming.has_mailbox,
                    t(
                        it=f"Le chiamate vanno a {Incoming.busy_to}, non in segreteria: "
                        "l'inoltro su occupato è attivo.",
                        en=f"Calls go to {Incoming.busy_to}, not to voicemail: "
                        "the forward when busy is on.",
                    ),
                    t(
                        it=f"Le chiamate vanno a {Incoming.busy_to}: "
                        "l'inoltro su occupato è attivo.",
                        en=f"Calls go to {Incoming.busy_to}: the forward when busy is on.",
                    ),
                )
            ),
            rx.el.button(
                t(it="Spegni l'inoltro su occupato", en="Switch off the forward when busy"),
                type="button",
                class_name="btn sm",
                on_click=Incoming.forward_busy(False),
            ),
            kind="warning",
            glyph="triangle-alert",
            role="status",
        ),
    )


def _facts() -> rx.Component:
    def fact(name: Any, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(name), rx.el.dd(value, class_name="num"), class_name="fact")

    return rx.el.dl(
        rx.cond(Portal.number != "", fact(t(it="Numero", en="Number"), Portal.number)),
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
        fact(
            t(it="Adesso", en="Now"),
            rx.el.span(
                presence_word(Portal.presence), role="status", class_name=f"p-{Portal.presence} now"
            ),
        ),
        class_name="facts",
    )
