"""The rows of calls: missed, dialled, received; and what came of each in words."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.days import by_day
from officesmart.components.dialler_state import Dialler
from officesmart.components.menu import item
from officesmart.components.row_menu import (
    more_menu,
    name_menu,
    new_dot,
)
from officesmart.i18n import t
from officesmart.outcomes import FAILED, FORWARDED, GAVE_UP, OUTCOMES
from officesmart.pages._call_tools import call_tools, nothing_found, older_calls
from officesmart.pages._messages_state import Messages
from officesmart.theme import empty, hidden, icon, number_of, text_of


def calls() -> rx.Component:
    """The calls of the shown tab, or what it says while there are none."""
    return rx.fragment(
        call_tools(),
        rx.cond(
            number_of(Messages.call_days) > 0,
            rx.fragment(by_day(Messages.call_days, _call), older_calls()),
            rx.cond(Messages.call_search != "", nothing_found(), _none()),
        ),
    )


def _none() -> rx.Component:
    return rx.match(
        Messages.tab,
        (
            "perse",
            empty(
                "phone-missed",
                t(it="Nessuna chiamata persa", en="No missed calls"),
                t(
                    it="Qui trovi chi ti ha cercato senza trovarti.",
                    en="Here is whoever called you without reaching you.",
                ),
            ),
        ),
        (
            "effettuate",
            empty(
                "phone-outgoing",
                t(it="Nessuna chiamata effettuata", en="No dialled calls"),
                t(
                    it="Le chiamate che fai, dal telefono o dal portale, appaiono qui.",
                    en="Calls you make, from the phone or the portal, appear here.",
                ),
                rx.el.button(
                    icon("phone"),
                    t(it="Chiamata", en="Call"),
                    type="button",
                    class_name="btn",
                    on_click=Dialler.open_dialler,
                ),
            ),
        ),
        (
            "rifiutate",
            empty(
                "phone-off",
                t(it="Nessuna chiamata rifiutata", en="No rejected calls"),
                t(
                    it="Qui finisce chi è nella lista di rifiuto, e chi nasconde il numero se "
                    "non li accetti.",
                    en="Here is whoever is on the rejection list, and whoever hides the number "
                    "if you do not accept those.",
                ),
            ),
        ),
        empty(
            "phone-incoming",
            t(it="Nessuna chiamata ricevuta", en="No received calls"),
            t(
                it="Le chiamate a cui rispondi appaiono qui.",
                en="Calls you answer appear here.",
            ),
        ),
    )


def _call(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            new_dot(row, t(it="Da richiamare", en="To call back")),
            rx.el.span(_outcome_icon(row), class_name="how-icon"),
            rx.el.div(
                rx.el.div(
                    name_menu(row, *_call_menu(row)),
                    rx.cond(row.fresh, hidden(t(it=", da richiamare", en=", to call back"))),
                    class_name="row",
                ),
                rx.el.span(
                    rx.cond(row.detail != "", rx.fragment(row.detail, " · ")),
                    _outcome(row),
                    rx.cond(
                        row.from_web & (Messages.tab == "effettuate"),
                        rx.fragment(
                            t(it=", dal web", en=", from the web"),
                            rx.cond(row.first != "", rx.fragment(": ", row.first)),
                        ),
                        "",
                    ),
                    class_name="small t2 num cut sub",
                ),
                class_name="grow",
            ),
            rx.el.span(row.lasts, class_name="num t2 durr hide-s"),
            rx.el.time(row.at, date_time=row.iso, class_name="t2 at"),
            rx.el.span(
                rx.cond(
                    row.message > 0,
                    rx.el.button(
                        icon("voicemail"),
                        type="button",
                        class_name="ib hide-s",
                        title=t(it="Ascolta il messaggio", en="Play the message"),
                        aria_label=t(it="Ascolta il messaggio di ", en="Play the message from ")
                        + row.name,
                        on_click=Messages.listen(row.message),
                    ),
                ),
                rx.cond(
                    (Messages.tab == "perse") & (row.number != ""),
                    rx.el.button(
                        icon("phone"),
                        type="button",
                        class_name="ib hide-s",
                        title=t(it="Richiama", en="Call back"),
                        aria_label=t(it="Richiama ", en="Call back ") + row.name,
                        on_click=Dialler.call_back(row.number, row.name),
                    ),
                ),
                more_menu(row, *_call_menu(row)),
                class_name="acts",
            ),
            class_name="msg of-call" + rx.cond(row.fresh, " new", ""),
        ),
        rx.cond(
            (Messages.explained == row.id) & (number_of(row.why) > 0),
            rx.el.div(
                rx.el.ol(rx.foreach(row.why, lambda each: rx.el.li(each))),
                class_name="why-call",
                role="status",
            ),
        ),
        key=text_of(row.id),
    )


def _call_menu(row: Any) -> list[rx.Component]:
    return [
        rx.cond(
            number_of(row.why) > 0,
            item(
                "route",
                t(it="Perché è andata così", en="Why it went this way"),
                Messages.explain(row.id),
            ),
        ),
        rx.cond(
            row.message > 0,
            item(
                "voicemail",
                t(it="Ascolta il messaggio", en="Play the message"),
                Messages.listen(row.message),
            ),
        ),
    ]


def _outcome_icon(row: Any) -> rx.Component:
    return rx.match(
        Messages.tab,
        ("perse", rx.cond(row.message > 0, icon("voicemail"), icon("phone-missed"))),
        ("ricevute", icon("phone-incoming")),
        ("rifiutate", icon("phone-off")),
        icon("phone-outgoing"),
    )


def _outcome(row: Any) -> Any:
    gave_up = Messages.tab == "perse"
    return rx.match(
        row.outcome,
        ("forwarded", _words(FORWARDED) + row.onward),
        ("cancelled", rx.cond(gave_up, _words(GAVE_UP), _words(OUTCOMES["cancelled"]))),
        *((word, _words(said)) for word, said in OUTCOMES.items() if word != "cancelled"),
        _words(FAILED),
    )


def _words(said: tuple[str, str]) -> Any:
    return t(it=said[0], en=said[1])
