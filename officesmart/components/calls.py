"""A call in progress as a card: who, how far it is, for how long, and the button that ends it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.row_menu import maybe_menu
from officesmart.i18n import t
from officesmart.theme import icon, text_of


def call_card(call: Any, end: Any) -> rx.Component:
    """One call of mine. `call` is a line.CallRow, `end` the event that hangs it up."""
    return rx.el.li(
        rx.el.span(
            rx.cond(call.initials != "", call.initials, icon("user")),
            class_name=rx.match(
                call.state,
                ("ringing", "av l halo p-ringing"),
                ("trying", "av l halo p-ringing"),
                ("held", "av l halo p-warning"),
                "av l halo p-busy",
            ),
            aria_hidden=True,
        ),
        rx.el.span(
            rx.el.b(
                rx.cond(
                    call.number != "",
                    who(call.other),
                    maybe_menu(who(call.other), call.dial, call.other, "cut"),
                ),
                class_name="cut who-now",
            ),
            rx.cond(call.company != "", rx.el.span(call.company, class_name="small t2 cut")),
            rx.cond(
                call.number != "",
                maybe_menu(call.number, call.dial, call.other, "small cut"),
            ),
            _how(call),
            class_name="two grow",
        ),
        rx.el.button(
            icon("phone-off"),
            rx.cond(
                (call.state == "ringing") & ~call.outward,
                t(it="Rifiuta", en="Decline"),
                t(it="Chiudi", en="Hang up"),
            ),
            type="button",
            class_name="btn danger",
            on_click=end,
        ),
        key=call.id,
        class_name="call",
    )


def who(name: Any) -> Any:
    """A side of a call; who withheld the number is named so."""
    return rx.cond(name != "", name, t(it="Anonimo", en="Withheld"))


def _how(call: Any) -> rx.Component:
    return rx.el.span(
        rx.match(
            call.state,
            (
                "ringing",
                rx.fragment(
                    icon("bell-ring", "xs"),
                    rx.cond(
                        call.outward,
                        t(it="Squilla da", en="Ringing for"),
                        t(it="Ti chiama da", en="Calling you for"),
                    ),
                ),
            ),
            ("trying", rx.fragment(icon("phone-call", "xs"), t(it="Chiamo da", en="Calling for"))),
            (
                "held",
                rx.fragment(
                    icon("pause", "xs"),
                    rx.cond(
                        call.held_here,
                        t(
                            it="L'hai messa in attesa; in linea da",
                            en="You put it on hold; talking for",
                        ),
                        t(
                            it="Ti ha messo in attesa; in linea da",
                            en="You are on hold; talking for",
                        ),
                    ),
                ),
            ),
            rx.fragment(
                icon("phone", "xs"),
                rx.match(
                    call.by,
                    ("mailbox", t(it="Segreteria, da", en="Voicemail, for")),
                    ("service", t(it="Servizio, da", en="Service, for")),
                    t(it="In linea da", en="Talking for"),
                ),
            ),
        ),
        rx.el.span(
            class_name="num", custom_attrs={"data-age": text_of(call.age)}, aria_hidden=True
        ),
        class_name=rx.match(
            call.state,
            ("ringing", "how p-ringing"),
            ("trying", "how p-ringing"),
            ("held", "how p-warning"),
            "how p-busy",
        ),
    )
