"""Panels of Home beside the call manager: what waits, calls now, dialling, my phones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from officesmart.components.calls import call_card
from officesmart.components.dialler import fault
from officesmart.components.dialler_state import Dialler
from officesmart.components.quiet import nothing_now
from officesmart.components.shell import count
from officesmart.i18n import t
from officesmart.page import LONGEST_NUMBER, Portal
from officesmart.theme import dot, icon, link, number_of, panel, text_of


def to_hear() -> rx.Component:
    """New messages and missed calls, with the way there."""

    def row(glyph: str, words: Any, href: str, number: rx.Component) -> rx.Component:
        return rx.el.li(
            link(icon(glyph), rx.el.span(words, class_name="grow"), number, href=href),
        )

    return panel(
        t(it="Da sentire e richiamare", en="To hear and call back"),
        rx.el.ul(
            row(
                "voicemail",
                t(it="Messaggi nuovi", en="New messages"),
                "/messaggi?scheda=messaggi",
                rx.cond(
                    Portal.new_messages > 0,
                    count(Portal.new_messages, alert=False, words=""),
                    rx.el.span("0", class_name="num mut"),
                ),
            ),
            row(
                "phone-missed",
                t(it="Chiamate perse", en="Missed calls"),
                "/messaggi?scheda=perse",
                rx.cond(
                    Portal.missed > 0,
                    count(
                        Portal.missed, alert=True, words=t(it="da richiamare", en="to call back")
                    ),
                    rx.el.span("0", class_name="num mut"),
                ),
            ),
            class_name="todo",
        ),
        rx.el.p(
            t(
                it="Perse nelle ultime 24 ore e non ancora richiamate.",
                en="Missed in the last 24 hours and not called back yet.",
            ),
            class_name="hint pad",
        ),
    )


def now_panel() -> rx.Component:
    """The calls that go on."""
    return panel(
        t(it="Adesso", en="Now"),
        rx.cond(
            number_of(Portal.calls) > 0,
            rx.el.ul(
                rx.foreach(Portal.calls, lambda call: call_card(call, Dialler.hang_up(call.id))),
                class_name="calls",
            ),
            nothing_now(),
        ),
        aria_live="polite",
    )


def dial_panel() -> rx.Component:
    """A number to call at once."""
    return panel(
        t(it="Chiama", en="Call"),
        rx.el.form(
            rx.el.div(
                rx.el.label(
                    t(it="Numero o interno", en="Number or extension"), html_for="home-number"
                ),
                rx.el.div(
                    rx.el.div(
                        icon("phone", "s mut"),
                        rx.el.input(
                            id="home-number",
                            name="number",
                            type="tel",
                            auto_complete="off",
                            max_length=LONGEST_NUMBER,
                            required=True,
                        ),
                        class_name="in",
                    ),
                    rx.el.button(t(it="Componi", en="Dial"), type="submit", class_name="btn pri"),
                    class_name="row",
                ),
                rx.el.p(
                    t(
                        it="Squilla il tuo telefono; quando rispondi, chiamiamo il numero.",
                        en="Your phone rings; when you answer, we call the number.",
                    ),
                    class_name="hint",
                ),
                rx.cond(~Portal.dialler, rx.el.div(fault(), role="alert")),
                class_name="field",
            ),
            on_submit=Dialler.dial_form,
            reset_on_submit=True,
            class_name="pad",
        ),
    )


def phones_panel(sign_out: Callable[..., Any]) -> rx.Component:
    """The phones that are registered; sign_out: called with the phone to sign out."""
    return panel(
        t(it="I tuoi telefoni", en="Your phones"),
        rx.cond(
            number_of(Portal.phones) > 0,
            rx.el.ul(
                rx.foreach(Portal.phones, lambda phone: _phone(phone, sign_out)), class_name="rows"
            ),
            rx.el.div(
                rx.el.p(
                    t(
                        it="Nessuno è collegato. Un telefono appare qui appena si registra con "
                        "l'utente e la password SIP della tua linea.",
                        en="None is connected. A phone appears here as soon as it registers with "
                        "the SIP user and password of your line.",
                    ),
                    class_name="t2",
                ),
                class_name="pad",
            ),
        ),
    )


def _phone(phone: Any, sign_out: Callable[..., Any]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("phone"), class_name="ico"),
        rx.el.span(
            rx.el.b(
                rx.cond(phone.name != "", phone.name, t(it="Telefono SIP", en="SIP phone")),
                class_name="cut",
            ),
            rx.el.span(phone.source, class_name="small t2 num cut", title=phone.transport),
            class_name="two grow",
        ),
        dot("available"),
        rx.el.span(t(it="collegato", en="connected"), class_name="small t2 hide-s"),
        rx.el.button(
            icon("unplug", "s"),
            type="button",
            class_name="ib",
            title=t(it="Scollega", en="Sign out"),
            aria_label=t(it="Scollega ", en="Sign out ") + phone.name,
            on_click=sign_out(phone.id),
        ),
        key=text_of(phone.id),
    )
