"""The player of voice messages: a hidden <audio> and our own controls, moved by the browser.

`assets/portal.js` plays, seeks and counts what was heard; the server is only told once, when a
message has been heard (behaviour 4.6), by the hidden button.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.page import BEHIND
from officesmart.theme import icon, text_of


def play_button(row: Any, opened: Any, on_open: Any) -> rx.Component:
    """Left of a message. Opens its player; with the player open, plays and pauses."""
    return rx.el.button(
        icon("play"),
        icon("pause"),
        type="button",
        class_name=rx.cond(opened == row.id, "play on", "play"),
        aria_label=t(it="Ascolta il messaggio di ", en="Play the message from ") + row.name,
        aria_expanded=opened == row.id,
        on_click=on_open,
        custom_attrs={"data-plays": text_of(row.id)},
    )


def player(row: Any, *, heard: Any, close: Any, actions: list[rx.Component]) -> rx.Component:
    """The open player of one message."""
    return rx.el.div(
        rx.el.audio(
            src=f"{BEHIND}/sound/" + text_of(row.id),
            pre_load="auto",
            custom_attrs={"preload": "auto"},
        ),
        _wave(row),
        rx.el.p(
            icon("circle-alert", "s"),
            t(it="Il suono non si carica.", en="The sound does not load."),
            _button("again", t(it="Riprova", en="Try again"), class_name="btn sm"),
            class_name="failed err",
            role="alert",
        ),
        rx.el.div(
            rx.el.span("0:00", class_name="num b", custom_attrs={"data-part": "at"}),
            rx.el.span("/ ", row.total, class_name="num t2"),
            rx.el.span(
                _icon_button("back", "rewind", it="Indietro di 5 secondi", en="Back 5 seconds"),
                _icon_button(
                    "toggle", "play", "pause", it="Riproduci o metti in pausa", en="Play or pause"
                ),
                _icon_button("on", "fast-forward", it="Avanti di 5 secondi", en="On 5 seconds"),
                class_name="row transport",
            ),
            rx.el.button(
                rx.el.span("1×"),
                type="button",
                class_name="btn quiet sm num",
                aria_label=t(it="Velocità", en="Speed"),
                custom_attrs={"data-do": "speed"},
            ),
            rx.el.button(
                icon("volume-2"),
                icon("volume-x"),
                type="button",
                class_name="ib hide-s mute",
                aria_label=t(it="Disattiva l'audio", en="Mute"),
                aria_pressed=False,
                custom_attrs={"data-do": "mute", "data-part": "mute"},
            ),
            rx.el.input(
                type="range",
                min="0",
                max="100",
                default_value="80",
                class_name="vol hide-s",
                aria_label="Volume",
                custom_attrs={"data-part": "volume"},
            ),
            rx.el.span(
                *actions,
                rx.el.button(
                    t(it="Chiudi", en="Close"),
                    type="button",
                    class_name="btn sm",
                    on_click=close,
                    custom_attrs={"data-part": "close"},
                ),
                class_name="end row",
            ),
            class_name="ctl",
        ),
        rx.el.button(
            type="button",
            hidden=True,
            tab_index=-1,
            aria_hidden=True,
            on_click=heard,
            custom_attrs={"data-part": "heard"},
        ),
        class_name="player",
        role="group",
        aria_label=t(it="Lettore della segreteria telefonica", en="Voicemail player"),
        custom_attrs={
            "data-player": text_of(row.id),
            "data-seconds": text_of(row.seconds),
        },
    )


def _wave(row: Any) -> rx.Component:
    def bars(kind: str) -> rx.Component:
        return rx.el.svg(
            rx.el.svg.path(d=row.wave, custom_attrs={"vectorEffect": "non-scaling-stroke"}),
            view_box="0 0 900 48",
            preserve_aspect_ratio="none",
            aria_hidden=True,
            class_name=kind,
        )

    return rx.el.div(
        bars("rest"),
        bars("done"),
        role="slider",
        tab_index=0,
        aria_label=t(it="Posizione nel messaggio", en="Position in the message"),
        aria_valuemin=0,
        aria_valuemax=row.seconds,
        aria_valuenow=0,
        class_name="wave",
        custom_attrs={
            "data-part": "wave",
            "data-words": t(it="{at} secondi di {of}", en="{at} seconds of {of}"),
        },
    )


def _button(does: str, words: Any, **props: Any) -> rx.Component:
    return rx.el.button(words, type="button", custom_attrs={"data-do": does}, **props)


def _icon_button(does: str, *glyphs: str, it: str, en: str) -> rx.Component:
    return rx.el.button(
        *(icon(glyph) for glyph in glyphs),
        type="button",
        class_name="ib",
        aria_label=t(it=it, en=en),
        custom_attrs={"data-do": does},
    )
