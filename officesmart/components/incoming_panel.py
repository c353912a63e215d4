"""Chiamate in entrata: what rings, and where calls go when nobody answers or can (guide 3.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from officesmart.call_manager.incoming import MODES
from officesmart.components.confirming import bar
from officesmart.components.helping import about, help_button
from officesmart.components.incoming_handlers import Incoming
from officesmart.components.ring_plan import ring_plan
from officesmart.components.unsaved import watched
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import icon, note, panel, text_of

Pick = Callable[[str, Any], Any]
"Opens the list of numbers for a purpose; then what is chosen there now."


def incoming_panel(pick: Pick, **badges: rx.Component) -> rx.Component:
    """The middle of the call manager. pick: see Pick.

    badges: what warns of `everything` (the forward of all), `plan`, `no_answer` and `busy`.
    """
    nothing = rx.fragment()
    return rx.el.form(
        panel(
            t(it="Chiamate in entrata", en="Incoming calls"),
            _mode(),
            rx.match(
                Incoming.mode,
                ("own", _own()),
                ("forward", _forward(pick, badges.get("everything", nothing))),
                rx.fragment(),
            ),
            rx.cond(Incoming.plan != "own", ring_plan(pick("plan", ""))),
            rx.el.hr(class_name="rule"),
            _no_answer(pick, badges.get("no_answer", nothing)),
            rx.el.hr(class_name="rule"),
            _busy(pick, badges.get("busy", nothing)),
            rx.cond(Incoming.has_mailbox, rx.fragment(rx.el.hr(class_name="rule"), _mailbox())),
            bar(shown=(Incoming.draft != "") & ~Incoming.only_status),
            aside=rx.el.div(badges.get("plan", nothing), _help(), class_name="row end"),
            custom_attrs={
                "data-settled": text_of(Incoming.settled),
                "data-inert": rx.cond(Incoming.mode == "forward", "true", "false"),
            },
            class_name="incoming",
        ),
        on_submit=Incoming.confirm,
        custom_attrs=watched(text_of(Incoming.failed)),
    )


def _mode() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            t(it="Le chiamate in ingresso saranno per", en="Incoming calls are for"),
            html_for="mode",
            class_name="t2",
        ),
        rx.el.div(
            rx.el.select(
                *(rx.el.option(t(it=it, en=en), value=value) for value, (it, en) in MODES.items()),
                id="mode",
                name="mode",
                value=Incoming.mode,
                on_change=Incoming.choose_mode,
                class_name="in sel",
            ),
            class_name="picks",
        ),
        class_name="pad line1",
        custom_attrs={"data-setting": "ring_plan forward_all"},
    )


def _own() -> rx.Component:
    """One's own number, as the guide shows it."""
    return rx.el.div(
        rx.el.span(icon("phone"), class_name="ico"),
        rx.el.span(
            rx.el.b(rx.cond(Portal.number != "", Portal.number, Portal.extension)),
            rx.el.span(
                t(it="squillano i tuoi telefoni, interno ", en="your phones ring, extension "),
                Portal.extension,
                class_name="small t2",
            ),
            class_name="two grow num",
        ),
        class_name="ownbox",
    )


def _forward(pick: Pick, badge: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            t(it="Tutte le chiamate vanno a ", en="All calls go to "),
            _number(
                Incoming.forward_to,
                pick("forward", Incoming.picked["forward"]),
                t(it="Numero a cui inoltrare tutto", en="Number that everything is forwarded to"),
            ),
            badge,
            class_name="row wrap",
        ),
        _fault("forward_number"),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=Incoming.notify,
                on_change=Incoming.tell_me,
                class_name="cb",
            ),
            t(
                it="Ricevi una notifica quando una chiamata viene inoltrata (un breve squillo)",
                en="Be told when a call is forwarded (one short ring)",
            ),
            class_name="row",
        ),
        note(
            t(
                it="Il Gestore delle chiamate non gestisce più le chiamate: squillo in sequenza, "
                "inoltro su occupato e senza risposta non hanno effetto.",
                en="The call manager handles calls no longer: ringing in order and the forwards "
                "when busy and on no answer have no effect.",
            ),
            role="status",
        ),
        class_name="pad stack tight",
    )


def _no_answer(pick: Pick, badge: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.input(
            type="checkbox",
            id="no-answer",
            name="no-answer",
            checked=Incoming.no_answer,
            on_change=Incoming.forward_unanswered,
            class_name="sw",
        ),
        rx.el.label(
            rx.el.b(t(it="Se non rispondo", en="If I do not answer")), html_for="no-answer"
        ),
        rx.el.div(
            rx.el.span(
                t(it="dopo ", en="after "),
                _seconds(
                    "no_answer_seconds",
                    Incoming.no_answer_text,
                    Incoming.type_no_answer,
                    t(it="Secondi prima dell'inoltro", en="Seconds before the forward"),
                ),
                t(it=" s va a ", en=" s to "),
                _number(
                    Incoming.no_answer_to,
                    pick("no_answer", Incoming.picked["no_answer"]),
                    t(it="Numero se non rispondo", en="Number if I do not answer"),
                ),
                badge,
                class_name="row wrap",
            ),
            _fault("no_answer_seconds", remedy=True),
            _fault("no_answer_number"),
            _remarks("no_answer_seconds"),
            class_name="stack tight",
        ),
        class_name=rx.cond(Incoming.no_answer, "fw", "fw off"),
        custom_attrs={"data-setting": "forward_no_answer"},
    )


def _busy(pick: Pick, badge: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.input(
            type="checkbox",
            id="busy",
            name="busy",
            checked=Incoming.busy,
            on_change=Incoming.forward_busy,
            class_name="sw",
        ),
        rx.el.label(
            rx.el.b(t(it="Se la linea è occupata", en="If the line is busy")), html_for="busy"
        ),
        rx.el.div(
            rx.el.span(
                t(it="va a ", en="to "),
                _number(
                    Incoming.busy_to,
                    pick("busy", Incoming.picked["busy"]),
                    t(it="Numero se la linea è occupata", en="Number if the line is busy"),
                ),
                badge,
                class_name="row wrap",
            ),
            _fault("busy_number"),
            class_name="stack tight",
        ),
        class_name=rx.cond(Incoming.busy, "fw", "fw off"),
        custom_attrs={"data-setting": "forward_busy"},
    )


def _mailbox() -> rx.Component:
    return rx.el.div(
        icon("voicemail", "mut"),
        rx.el.label(rx.el.b(t(it="Segreteria", en="Voicemail")), html_for="mailbox_seconds"),
        rx.el.div(
            rx.el.span(
                t(it="risponde dopo ", en="answers after "),
                _seconds(
                    "mailbox_seconds",
                    Incoming.mailbox_text,
                    Incoming.type_mailbox,
                    t(it="Secondi prima della segreteria", en="Seconds before voicemail"),
                ),
                " s",
                class_name="row wrap",
            ),
            _fault("mailbox_seconds"),
            _remarks("mailbox_seconds"),
            class_name="stack tight",
        ),
        class_name="fw",
        custom_attrs={"data-setting": "mailbox"},
    )


def _number(shown: Any, pick: Any, name: Any) -> rx.Component:
    written = rx.cond(shown != "", shown, t(it="scegli il numero", en="choose the number"))
    return rx.el.button(
        written,
        type="button",
        class_name="textlink num",
        on_click=pick,
        aria_label=name + ": " + written,
    )


def _seconds(name: str, value: Any, typed: Any, label: Any) -> rx.Component:
    return rx.fragment(
        rx.el.input(
            id=name,
            name=name,
            key=f"{name}-{Incoming.stamp}",
            default_value=value,
            on_change=typed,
            input_mode="numeric",
            auto_complete="off",
            max_length=8,
            aria_label=label,
            aria_invalid=Incoming.faults[name] != "",
            aria_describedby=f"e-{name}",
            class_name=rx.cond(Incoming.faults[name] != "", "in num bad", "in num"),
        ),
        rx.cond(
            Incoming.before[name] != "",
            rx.el.span(
                rx.el.i(class_name="chgd", aria_hidden=True),
                " ",
                Incoming.before[name],
                class_name="small t2 num",
            ),
        ),
    )


def _fault(name: str, *, remedy: bool = False) -> rx.Component:
    """What is wrong with a field, and the click that mends it."""
    offer = (
        rx.cond(
            Incoming.remedy != "",
            rx.el.button(
                Incoming.remedy, type="button", class_name="btn sm", on_click=Incoming.lengthen
            ),
        )
        if remedy
        else rx.fragment()
    )
    return rx.el.div(
        rx.cond(
            Incoming.faults[name] != "",
            rx.el.div(
                rx.el.p(icon("circle-alert", "xs"), Incoming.faults[name], class_name="err"),
                offer,
                class_name="row wrap",
            ),
        ),
        id=f"e-{name}",
        role="alert",
    )


def _remarks(on: str) -> rx.Component:
    return rx.foreach(
        Incoming.remarks,
        lambda each: rx.cond(
            each.on == on,
            rx.el.div(
                rx.el.p(icon("triangle-alert", "xs"), each.words, class_name="warns"),
                rx.cond(
                    each.remedy != "",
                    rx.el.button(
                        each.remedy,
                        type="button",
                        class_name="btn sm",
                        on_click=Incoming.heed(each.index, each.words),
                    ),
                ),
                class_name="row wrap",
                role="status",
            ),
        ),
    )


def _help() -> rx.Component:
    """The popup of guide 3.2.1."""
    return help_button(
        t(it="Aiuto sulle chiamate in entrata", en="Help on incoming calls"),
        about(
            "In ordine.",
            "In order.",
            "Trascina i secondi in testa a una colonna, o usa le frecce, per allungare un "
            "periodo fino a 60 s. Un clic su una barra accende o spegne il telefono in "
            "quel periodo. Fino a 6 periodi e 10 telefoni.",
            "Drag the seconds at the head of a column, or use the arrow keys, to make a "
            "period up to 60 s. A click on a bar switches the phone on or off in that "
            "period. Up to 6 periods and 10 phones.",
        ),
        about(
            "Insieme.",
            "Together.",
            "Tutti i telefoni squillano subito, finché uno risponde.",
            "All phones ring at once until one answers.",
        ),
        about(
            "Premi 1.",
            "Press 1.",
            "Chi risponde da un numero esterno preme 1: così la segreteria del cellulare "
            "non prende la chiamata.",
            "Whoever answers at an outside number presses 1, so that the mobile's own "
            "voicemail does not take the call.",
        ),
        about(
            "Se non rispondo.",
            "If I do not answer.",
            "Il valore deve essere più lungo dello squillo in sequenza.",
            "The value must be longer than ringing in order takes.",
        ),
    )
