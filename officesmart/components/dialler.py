"""The dialler: rings my phone, then the number, and follows the call (guide chapter 11).

A dialog of the browser's own, so that Escape, focus and screen readers work as everywhere.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialler_state import Dialler
from officesmart.components.route import point, stop
from officesmart.i18n import t
from officesmart.page import LONGEST_NUMBER, Portal
from officesmart.theme import icon, note, number_of, text_of

# -- pieces -------------------------------------------------------------------------------------


def dialler() -> rx.Component:
    """The dialog; present on every page, shown when asked for."""
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(t(it="Chiamata", en="Call"), id="dialler-title"),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="ib end",
                aria_label=t(it="Chiudi la finestra", en="Close the window"),
                on_click=Dialler.close_dialler,
                custom_attrs={"data-dismiss": ""},
            ),
        ),
        rx.cond(Portal.dial_stage == "", _compose(), _progress()),
        class_name="dialog dialler",
        aria_labelledby="dialler-title",
        custom_attrs={"data-open": rx.cond(Portal.dialler, "true", "false")},
    )


def number_field(field_id: str) -> rx.Component:
    """Where a number or a name is typed; who may be meant, and what is wrong, under it.

    The browser keeps what is typed: a value that comes back from the server would overwrite the
    keys that were pressed meanwhile.
    """
    return rx.el.div(
        rx.el.label(t(it="Numero o nome", en="Number or name"), html_for=field_id),
        rx.el.div(
            icon("phone", "s mut"),
            rx.el.input(
                id=field_id,
                name="number",
                type="text",
                auto_complete="off",
                max_length=LONGEST_NUMBER,
                placeholder=t(it="201, 02 5550 0000 o un nome", en="201, 02 5550 0000 or a name"),
                role="combobox",
                aria_autocomplete="list",
                aria_expanded=number_of(Dialler.suggested) > 0,
                aria_controls=f"{field_id}-list",
                aria_describedby=f"{field_id}-fault",
                aria_invalid=Portal.dial_fault == "number",
                custom_attrs={"data-suggests": ""},
                default_value=Portal.dialled,
                on_change=Dialler.type_number.debounce(120),
                key=text_of(Dialler.composed),
            ),
            class_name=rx.cond(Portal.dial_fault == "number", "in bad", "in"),
        ),
        rx.el.ul(
            rx.foreach(Dialler.suggested, lambda each: _suggestion(field_id, each)),
            id=f"{field_id}-list",
            role="listbox",
            aria_label=t(it="Suggerimenti", en="Suggestions"),
            class_name="suggests",
            hidden=number_of(Dialler.suggested) == 0,
        ),
        rx.el.div(fault(), id=f"{field_id}-fault", role="alert"),
        class_name="field",
    )


def _suggestion(field_id: str, each: Any) -> rx.Component:
    return rx.el.li(
        rx.match(
            each.kind,
            ("contact", icon("book-user", "s mut")),
            ("code", icon("hash", "s mut")),
            ("recent", icon("history", "s mut")),
            icon("user", "s mut"),
        ),
        rx.el.span(each.name, class_name="grow cut"),
        rx.el.span(each.number, class_name="num t2 nw"),
        id=f"{field_id}-" + text_of(each.place),
        role="option",
        aria_selected=False,
        on_click=Dialler.choose(each.dial, each.name),
        key=each.dial,
    )


def fault() -> rx.Component:
    """Why a number cannot be dialled."""
    return rx.match(
        Portal.dial_fault,
        (
            "number",
            rx.el.p(
                icon("circle-alert", "xs"),
                t(
                    it="Scrivi un numero (cifre, * e #), o scegli un nome dall'elenco.",
                    en="Type a number (digits, * and #), or choose a name from the list.",
                ),
                class_name="err",
            ),
        ),
        (
            "down",
            rx.el.p(
                icon("circle-alert", "xs"),
                t(
                    it="Il centralino non risponde: riprova tra poco.",
                    en="The PBX does not answer: try again shortly.",
                ),
                class_name="err",
            ),
        ),
        rx.fragment(),
    )


def _compose() -> rx.Component:
    return rx.el.form(
        number_field("dial-number"),
        rx.cond(
            number_of(Portal.phones) == 0,
            note(
                t(
                    it="Nessun tuo telefono è collegato: accendine uno, poi componi.",
                    en="None of your phones is connected: switch one on, then dial.",
                ),
                kind="warning",
                glyph="triangle-alert",
            ),
            rx.el.p(
                t(
                    it="Squilla prima il tuo telefono, int. ",
                    en="Your own phone rings first, ext. ",
                ),
                rx.el.span(Portal.extension, class_name="num"),
                t(
                    it=". Quando rispondi, chiamiamo il numero.",
                    en=". When you answer, we call the number.",
                ),
                class_name="small t2",
            ),
        ),
        rx.el.button(
            icon("phone"),
            t(it="Componi", en="Dial"),
            type="submit",
            class_name="btn pri lg wide",
        ),
        on_submit=Dialler.dial_typed,
        class_name="dialog-body stack",
        no_validate=True,
    )


def _progress() -> rx.Component:
    over = Portal.dial_stage == "ended"
    return rx.el.div(
        rx.el.div(_said(), role="status", class_name="vh"),
        rx.el.ol(_my_leg(), _their_leg(), class_name="route v"),
        rx.cond(
            over,
            rx.el.div(
                rx.el.button(
                    icon("rotate-ccw"),
                    t(it="Riprova", en="Try again"),
                    type="button",
                    class_name="btn wide",
                    on_click=Dialler.dial_again,
                ),
                rx.el.button(
                    t(it="Altro numero", en="Another number"),
                    type="button",
                    class_name="btn quiet wide",
                    on_click=Dialler.compose_again,
                ),
                class_name="stack tight",
            ),
            rx.el.div(
                rx.el.button(
                    icon("phone-off"),
                    t(it="Chiudi", en="Hang up"),
                    type="button",
                    class_name="btn danger lg wide",
                    on_click=Dialler.hang_up_dialled,
                ),
                rx.el.p(
                    t(
                        it="«Chiudi» riaggancia. Se chiudi solo questa finestra, la chiamata resta "
                        "sul telefono.",
                        en="“Hang up” ends the call. If you only close this window, the call stays "
                        "on the phone.",
                    ),
                    class_name="hint centre",
                ),
                class_name="stack tight",
            ),
        ),
        class_name="dialog-body stack",
    )


def _other() -> Any:
    return rx.cond(Portal.dialled_name != "", Portal.dialled_name, Portal.dialled)


def _my_leg() -> rx.Component:
    mine_title = t(it="Il tuo telefono", en="Your phone")
    answered = stop(
        point("check"),
        mine_title,
        t(it="hai risposto", en="you answered"),
        gone=True,
    )
    return rx.match(
        Portal.dial_stage,
        ("asked", stop(point("phone"), mine_title, t(it="lo chiamiamo", en="calling it"))),
        (
            "origin",
            stop(
                point("bell", kind="ringing"),
                t(it="Il tuo telefono squilla", en="Your phone rings"),
                t(it="rispondi: poi chiamiamo il numero", en="answer: then we call the number"),
            ),
        ),
        (
            "ended",
            rx.cond(
                Portal.dial_end.startswith("mine_"),
                stop(
                    point("phone-off", kind="warning"),
                    t(it="Il tuo telefono non risponde", en="Your phone did not answer"),
                    t(
                        it="nessuno è stato chiamato",
                        en="nobody was called",
                    ),
                ),
                answered,
            ),
        ),
        answered,
    )


def _their_leg() -> rx.Component:
    number = rx.cond(Portal.dialled_name != "", Portal.dialled, "")
    waiting = stop(point("phone"), _other(), number)
    return rx.match(
        Portal.dial_stage,
        ("calling", stop(point("phone"), _other(), t(it="lo chiamiamo", en="calling it"))),
        (
            "ringing",
            stop(
                point("bell", kind="ringing"),
                _other(),
                rx.fragment(
                    t(it="squilla: aspetta in linea, ", en="rings: hold the line, "), timer()
                ),
            ),
        ),
        (
            "talking",
            stop(
                point("phone", kind="busy"),
                _other(),
                rx.fragment(t(it="in linea da ", en="talking for "), timer()),
            ),
        ),
        (
            "held",
            stop(point("pause", kind="warning"), _other(), t(it="in attesa", en="on hold")),
        ),
        (
            "ended",
            rx.cond(
                Portal.dial_end.startswith("mine_"),
                waiting,
                stop(_end_point(), _other(), how_it_ended()),
            ),
        ),
        waiting,
    )


def _end_point() -> rx.Component:
    return rx.cond(
        Portal.dial_end == "done",
        point("check", kind="available"),
        point("phone-off", kind="warning"),
    )


def how_it_ended() -> Any:
    """The end of a call in words."""
    return rx.match(
        Portal.dial_end,
        ("done", t(it="chiamata finita", en="call ended")),
        ("busy", t(it="è occupato", en="is busy")),
        ("no_answer", t(it="non risponde", en="does not answer")),
        ("declined", t(it="ha rifiutato la chiamata", en="declined the call")),
        ("rejected", t(it="non accetta la chiamata", en="does not accept the call")),
        ("unavailable", t(it="non è raggiungibile", en="cannot be reached")),
        ("unknown", t(it="numero inesistente", en="no such number")),
        ("forbidden", t(it="numero non consentito", en="number not allowed")),
        ("cancelled", t(it="chiamata annullata", en="call cancelled")),
        t(it="chiamata non riuscita", en="the call failed"),
    )


def timer() -> rx.Component:
    """Time running in the browser, from what the server last said."""
    return rx.el.span(
        class_name="num", custom_attrs={"data-age": text_of(Portal.dial_age)}, aria_hidden=True
    )


def _said() -> rx.Component:
    """The state in one sentence, for a screen reader; the timer is not read out."""
    return rx.match(
        Portal.dial_stage,
        ("origin", rx.fragment(t(it="Il tuo telefono squilla", en="Your phone rings"))),
        ("calling", rx.fragment(t(it="Chiamo ", en="Calling "), _other())),
        ("ringing", rx.fragment(_other(), t(it=" squilla", en=" rings"))),
        ("talking", rx.fragment(t(it="In linea con ", en="Talking to "), _other())),
        ("held", rx.fragment(t(it="In attesa", en="On hold"))),
        ("ended", rx.fragment(t(it="Finita: ", en="Over: "), how_it_ended())),
        rx.fragment(),
    )
