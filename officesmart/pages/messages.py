"""Messaggi e Chiamate (guide chapter 5): six tabs, and beside them how full the mailbox is."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialogs import danger, question
from officesmart.components.shell import count
from officesmart.i18n import t
from officesmart.lists import NEARLY
from officesmart.page import Page, Portal
from officesmart.pages._call_rows import calls
from officesmart.pages._message_rows import messages
from officesmart.pages._messages_state import ALL, Messages
from officesmart.theme import hidden, icon, note, number_of, panel


def view() -> rx.Component:
    """The lists, and beside them how full the mailbox is."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1(t(it="Messaggi e Chiamate", en="Messages and Calls")),
            rx.cond(
                (Messages.tab == "eliminati") & (number_of(Messages.message_days) > 0),
                rx.el.button(
                    icon("trash-2"),
                    t(it="Elimina tutti definitivamente", en="Delete all for good"),
                    type="button",
                    class_name="btn dtext end",
                    on_click=Messages.doom(ALL),
                ),
            ),
            class_name="head",
        ),
        rx.el.div(
            rx.el.section(
                _tabs(),
                rx.el.div(
                    rx.cond(
                        (Messages.tab == "messaggi") | (Messages.tab == "eliminati"),
                        messages(),
                        calls(),
                    ),
                    role="tabpanel",
                    id="elenco",
                    aria_labelledby=f"scheda-{Messages.tab}",
                    class_name="list",
                ),
                class_name="panel",
                custom_attrs={"data-tab": Messages.tab},
            ),
            rx.el.aside(
                _mailbox(), class_name="stack", aria_label=t(it="La tua casella", en="Your mailbox")
            ),
            class_name="mg",
        ),
        _question(),
    )


def _tabs() -> rx.Component:
    def tab(name: str, words: Any, *number: rx.Component) -> rx.Component:
        return rx.el.button(
            words,
            *number,
            type="button",
            role="tab",
            id=f"scheda-{name}",
            aria_selected=Messages.tab == name,
            aria_controls="elenco",
            tab_index=rx.cond(Messages.tab == name, 0, -1),
            on_click=Messages.show(name),
        )

    calls = hidden(t(it="Chiamate ", en="Calls "))
    return rx.el.div(
        tab(
            "perse",
            t(it="Chiamate Perse", en="Missed Calls"),
            count(Portal.missed, alert=True, words=t(it="da richiamare", en="to call back")),
        ),
        tab("effettuate", rx.el.span(calls, t(it="Effettuate", en="Dialled"))),
        tab("ricevute", rx.el.span(calls, t(it="Ricevute", en="Received"))),
        tab("rifiutate", rx.el.span(calls, t(it="Rifiutate", en="Rejected"))),
        tab(
            "messaggi",
            t(it="Messaggi", en="Messages"),
            count(
                Portal.new_messages,
                alert=False,
                words=rx.cond(
                    Portal.new_messages == 1, t(it="nuovo", en="new"), t(it="nuovi", en="new")
                ),
            ),
        ),
        tab(
            "eliminati",
            rx.el.span(
                rx.el.span(t(it="Messaggi ", en=""), class_name="hide-s"),
                t(it="Eliminati", en="Deleted"),
            ),
        ),
        role="tablist",
        aria_label=t(it="Elenchi", en="Lists"),
        class_name="tabs",
    )


def _mailbox() -> rx.Component:
    def meter(name: Any, used: Any, most: Any, share: Any) -> rx.Component:
        return rx.el.div(
            rx.el.div(
                rx.el.span(name),
                rx.el.span(used, t(it=" di ", en=" of "), most, class_name="end num t2"),
                class_name="row small",
            ),
            rx.el.div(
                rx.el.i(style={"width": f"{share}%"}),
                class_name=rx.cond(share >= NEARLY, "meter p-warning", "meter"),
                aria_hidden=True,
            ),
        )

    return rx.cond(
        Messages.most > 0,
        panel(
            t(it="La tua casella", en="Your mailbox"),
            rx.el.div(
                meter(
                    t(it="Messaggi", en="Messages"),
                    Messages.used,
                    Messages.most,
                    Messages.used_share,
                ),
                meter(
                    t(it="Minuti registrati", en="Minutes recorded"),
                    Messages.minutes,
                    Messages.most_minutes,
                    Messages.minute_share,
                ),
                rx.cond(
                    (Messages.used_share >= NEARLY) | (Messages.minute_share >= NEARLY),
                    note(
                        t(
                            it="Quasi piena: contano anche i messaggi eliminati. ",
                            en="Nearly full: deleted messages count too. ",
                        ),
                        rx.cond(
                            Messages.tab != "eliminati",
                            rx.el.button(
                                t(it="Guarda gli eliminati", en="See the deleted ones"),
                                type="button",
                                class_name="as-link",
                                on_click=Messages.show("eliminati"),
                            ),
                        ),
                        kind="warning",
                        glyph="triangle-alert",
                    ),
                    rx.el.p(
                        t(
                            it="Contano anche i messaggi eliminati.",
                            en="Deleted messages count too.",
                        ),
                        class_name="hint",
                    ),
                ),
                class_name="pad stack tight",
            ),
        ),
    )


def _question() -> rx.Component:
    every = Messages.doomed == ALL
    return question(
        "question",
        rx.cond(
            every,
            t(it="Eliminare tutti definitivamente?", en="Delete all for good?"),
            t(it="Eliminare definitivamente?", en="Delete for good?"),
        ),
        rx.el.p(
            rx.cond(
                every,
                t(
                    it="Tutti i messaggi eliminati spariscono, con il loro suono. Non si può "
                    "annullare.",
                    en="All deleted messages disappear, with their sound. This cannot be undone.",
                ),
                t(
                    it="Il messaggio sparisce, con il suo suono. Non si può annullare.",
                    en="The message disappears, with its sound. This cannot be undone.",
                ),
            ),
            class_name="t2",
        ),
        is_open=Messages.doomed != 0,
        does=danger(t(it="Elimina definitivamente", en="Delete for good"), Messages.purge),
        spares=Messages.spare,
    )


PAGE = Page(
    route="/messaggi",
    view=view,
    on_load=Messages.enter,
    it="Messaggi e Chiamate",
    en="Messages and Calls",
    short_it="Messaggi",
    short_en="Messages",
    icon="voicemail",
    nav=20,
    shape="list",
)
