"""How a call made here goes: both legs, each state as the PBX tells it, and its end."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialler_state import Dialler
from officesmart.components.route import point, stop
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import hidden, icon, text_of


def progress() -> rx.Component:
    """The call, from asking for it to its end."""
    over = Portal.dial_stage == "ended"
    return rx.el.div(
        rx.el.div(_said(), role="status", class_name="vh"),
        _whom(),
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
                    custom_attrs={"data-again": ""},
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
                    custom_attrs={"data-hangs": ""},
                ),
                rx.el.p(
                    t(
                        it="«Chiudi» riaggancia. Se chiudi solo la finestra, la chiamata resta "
                        "sul telefono.",
                        en="“Hang up” ends the call. If you only close the window, the call stays "
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
    return rx.cond(Portal.dialled_name != "", Portal.dialled_name, _number())


def _number() -> Any:
    return rx.cond(Portal.dialled_shown != "", Portal.dialled_shown, Portal.dialled)


def _whom() -> rx.Component:
    """Who is called, large; the chip says how it stands."""
    face = rx.cond(Portal.dialled_letters != "", Portal.dialled_letters, icon("phone", "l"))
    return rx.el.div(
        rx.el.span(
            face,
            class_name=rx.match(
                Portal.dial_stage,
                ("ringing", "av xl halo p-ringing"),
                ("talking", "av xl halo p-busy"),
                ("held", "av xl halo p-warning"),
                "av xl",
            ),
            aria_hidden=True,
        ),
        rx.el.p(_other(), class_name="whom"),
        rx.cond(Portal.dialled_company != "", rx.el.p(Portal.dialled_company, class_name="t2")),
        rx.cond(Portal.dialled_name != "", rx.el.p(_number(), class_name="t2 num")),
        rx.match(
            Portal.dial_stage,
            ("ringing", _chip("ringing", "bell-ring", t(it="Sta squillando", en="Ringing"))),
            ("talking", _chip("busy", "phone", t(it="In conversazione", en="In conversation"))),
            ("held", _chip("warning", "pause", t(it="In attesa", en="On hold"))),
            rx.fragment(),
        ),
        class_name="facing",
    )


def _chip(kind: str, glyph: str, words: Any) -> rx.Component:
    return rx.el.span(icon(glyph, "s"), words, " ", timer(), class_name=f"chip big p-{kind}")


def _mine() -> Any:
    """The telephone that rings first, by its name."""
    return rx.cond(
        Portal.dial_first != "", Portal.dial_first, t(it="Il tuo telefono", en="Your phone")
    )


def _where() -> Any:
    """Which of my phones, and its extension; nothing for another telephone."""
    own = t(it="int. ", en="ext. ") + Portal.extension
    return rx.cond(
        Portal.dial_first != "",
        "",
        rx.cond(Portal.my_phone != "", Portal.my_phone + ", " + own + ": ", own + ": "),
    )


def _my_leg() -> rx.Component:
    said = rx.fragment(_where(), t(it="hai risposto", en="you answered"))
    answered = stop(point("check"), _mine(), said, gone=True)
    return rx.match(
        Portal.dial_stage,
        ("asked", stop(point("phone"), _mine(), t(it="lo chiamiamo", en="calling it"))),
        (
            "origin",
            stop(
                point("bell", kind="ringing"),
                rx.cond(
                    Portal.dial_first != "",
                    Portal.dial_first + t(it=" squilla", en=" rings"),
                    t(it="Il tuo telefono squilla", en="Your phone rings"),
                ),
                rx.fragment(
                    _where(),
                    t(it="rispondi, poi chiamiamo ", en="answer, then we call "),
                    _other(),
                ),
            ),
        ),
        (
            "ended",
            rx.cond(
                _never_left(),
                stop(point("phone-off", kind="warning"), _mine(), _mine_ended()),
                rx.cond(Portal.dial_end == "lost", stop(point("phone"), _mine(), ""), answered),
            ),
        ),
        answered,
    )


def _never_left() -> Any:
    """The telephone that rings first was not answered: nobody else was called."""
    return Portal.dial_end.startswith("mine_") | Portal.dial_end.startswith("origin_")


def _mine_ended() -> rx.Component:
    because = rx.match(
        Portal.dial_end,
        ("mine_unavailable", t(it="non è collegato", en="is not connected")),
        ("origin_busy", t(it="è occupato", en="is busy")),
        ("origin_declined", t(it="ha rifiutato la chiamata", en="declined the call")),
        ("origin_forbidden", t(it="numero non consentito", en="number not allowed")),
        ("origin_unknown", t(it="numero inesistente", en="no such number")),
        ("origin_unavailable", t(it="non è raggiungibile", en="cannot be reached")),
        ("origin_failed", t(it="non si riesce a chiamarlo", en="it cannot be called")),
        t(it="non risponde", en="does not answer"),
    )
    return rx.fragment(
        rx.cond(Portal.dial_why != "", Portal.dial_why, because),
        t(it=": nessuno è stato chiamato", en=": nobody was called"),
    )


def _their_leg() -> rx.Component:
    waiting = stop(point("phone"), _other(), "")
    return rx.match(
        Portal.dial_stage,
        ("calling", stop(point("phone"), _other(), t(it="lo chiamiamo", en="calling it"))),
        (
            "ringing",
            stop(
                point("bell", kind="ringing"),
                _other(),
                t(it="squilla: aspetta in linea", en="rings: hold the line"),
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
                _never_left(),
                waiting,
                stop(
                    _end_point(),
                    _other(),
                    rx.cond(Portal.dial_why != "", Portal.dial_why, how_it_ended()),
                ),
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
        ("mine_no_answer", t(it="il tuo telefono non risponde", en="your phone does not answer")),
        (
            "mine_unavailable",
            t(it="il tuo telefono non è collegato", en="your phone is not connected"),
        ),
        ("cancelled", t(it="chiamata annullata", en="call cancelled")),
        (
            "lost",
            t(
                it="interrotta dal riavvio del centralino",
                en="cut off by a restart of the PBX",
            ),
        ),
        t(it="chiamata non riuscita", en="the call failed"),
    )


def how_it_stands() -> Any:
    """A call in progress, in a word or two."""
    return rx.match(
        Portal.dial_stage,
        ("talking", t(it="In linea", en="Talking")),
        ("held", t(it="In attesa", en="On hold")),
        ("ringing", t(it="Squilla", en="Ringing")),
        t(it="Chiamo", en="Calling"),
    )


def with_whom() -> rx.Component:
    """The other side, for a screen reader."""
    return hidden(t(it=", chiamata con ", en=", call with "), _other())


def timer() -> rx.Component:
    """Time running in the browser, from what the server last said."""
    return rx.el.span(
        class_name="num", custom_attrs={"data-age": text_of(Portal.dial_age)}, aria_hidden=True
    )


def _said() -> rx.Component:
    """The state in one sentence, for a screen reader; the timer is not read out."""
    return rx.match(
        Portal.dial_stage,
        ("origin", rx.fragment(_mine(), t(it=" squilla", en=" rings"))),
        ("calling", rx.fragment(t(it="Chiamo ", en="Calling "), _other())),
        ("ringing", rx.fragment(_other(), t(it=" squilla", en=" rings"))),
        ("talking", rx.fragment(t(it="In linea con ", en="Talking to "), _other())),
        ("held", rx.fragment(t(it="In attesa", en="On hold"))),
        ("ended", rx.fragment(t(it="Finita: ", en="Over: "), how_it_ended())),
        rx.fragment(),
    )
