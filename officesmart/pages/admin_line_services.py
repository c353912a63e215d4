"""In a line's panel: its services as they are now, what a call meets then, the numbers it has.

Pieces only; the State (`_lines_services.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import clash_note
from officesmart.administration.line_services import SECONDS
from officesmart.administration.pieces import entry, field
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import hidden, icon, link, note, number_of, text_of

FORWARDS = (
    (
        "forward_all",
        t(it="Inoltra tutte le chiamate", en="Forward all calls"),
        t(
            it="La linea non squilla e la segreteria non risponde.",
            en="The line does not ring and voicemail does not answer.",
        ),
    ),
    (
        "forward_busy",
        t(it="Inoltra su occupato", en="Forward when busy"),
        t(
            it="Anche con Non disturbare, che vale come occupato.",
            en="Also with do not disturb, which counts as busy.",
        ),
    ),
    (
        "forward_no_answer",
        t(it="Inoltra se nessuno risponde", en="Forward when nobody answers"),
        t(
            it="Prima della segreteria, se aspetta di meno.",
            en="Before voicemail, when it waits less.",
        ),
    ),
    (
        "forward_unavailable",
        t(it="Inoltra se non disponibile", en="Forward when not reachable"),
        t(
            it="Quando nessun telefono della linea è collegato.",
            en="When no phone of the line is registered.",
        ),
    ),
)


def services(lines: Any) -> rx.Component:
    """The form of the services; its Conferma below the panel."""
    here = lines.tab == "servizi"
    return rx.el.form(
        rx.el.div(
            _expected(lines),
            _troubles(lines),
            _switch(
                lines,
                "do_not_disturb",
                t(it="Non disturbare", en="Do not disturb"),
                t(
                    it="I telefoni non squillano e la linea vale come occupata.",
                    en="The phones do not ring and the line counts as busy.",
                ),
            ),
            *(_forward(lines, *each) for each in FORWARDS),
            rx.el.fieldset(
                rx.el.legend(t(it="Chiamate verso l'esterno", en="Calls outside")),
                _switch(
                    lines,
                    "hide_id",
                    t(it="Nascondi il numero", en="Hide the number"),
                    t(
                        it="A ogni chiamata; in ufficio e per le emergenze si vede sempre.",
                        en="On every call; in the office and for emergencies it is always seen.",
                    ),
                ),
            ),
            rx.el.fieldset(
                rx.el.legend(t(it="Casella vocale", en="Voicemail")),
                field(
                    "transfer_number",
                    t(it="Numero di trasferimento chiamata", en="Call transfer number"),
                    entry(
                        "transfer_number",
                        lines.services.transfer_number,
                        fault=lines.services_faults["transfer_number"],
                        on_change=lines.touch_services.debounce(300),
                        kind="tel",
                    ),
                    fault=lines.services_faults["transfer_number"],
                    hint=t(
                        it="Chi è nella casella lo raggiunge premendo 0. Vuoto: 0 non fa niente. "
                        "Una chiamata esterna è a carico di questa linea.",
                        en="Whoever is in the mailbox reaches it by pressing 0. Empty: 0 does "
                        "nothing. An outside call is charged to this line.",
                    ),
                ),
            ),
            _numbers(lines),
            role="tabpanel",
            id="part-servizi",
            aria_labelledby="tab-servizi",
            hidden=~here,
            class_name="edit-body stack",
        ),
        confirm_bar(undo=lines.undo_services, hidden=~here),
        on_submit=lines.save_services,
        key="services" + text_of(lines.services_stamp),
        no_validate=True,
        class_name="edit-form",
        custom_attrs={"data-watch": "", "data-fault": text_of(lines.services_failed)},
    )


def _expected(lines: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t(it="Se la chiamano adesso", en="If it is called now")),
        rx.el.p(lines.now_sentence, role="status", class_name="b"),
        rx.cond(
            number_of(lines.now_because) > 0,
            rx.el.ul(
                rx.foreach(
                    lines.now_because,
                    lambda why: rx.el.li(icon("info", "s"), rx.el.span(why), key=why),
                ),
                class_name="because small t2",
            ),
        ),
    )


def _troubles(lines: Any) -> rx.Component:
    return rx.fragment(
        clash_note(
            lines.services_clash, theirs=lines.keep_their_services, mine=lines.keep_my_services
        ),
        rx.cond(
            lines.services_moved,
            note(
                t(
                    it="Intanto sono cambiati, da un telefono o da un'altra pagina: Annulla mostra "
                    "come sono adesso.",
                    en="They have changed meanwhile, by a phone or on another page: Cancel shows "
                    "them as they are now.",
                ),
                kind="info",
                glyph="info",
            ),
        ),
        rx.cond(
            lines.services_faults[""] != "",
            note(lines.services_faults[""], kind="dnd", glyph="circle-alert", role="alert"),
        ),
    )


def _switch(lines: Any, name: str, label: Any, hint: Any) -> rx.Component:
    value = getattr(lines.services, name)
    return rx.el.div(
        rx.el.label(
            rx.el.span(
                rx.el.b(label),
                rx.el.span(hint, class_name="hint", id=f"e-{name}"),
                class_name="grow two",
            ),
            rx.el.input(
                id=f"f-{name}",
                name=name,
                type="checkbox",
                default_checked=value,
                class_name="sw",
                aria_describedby=f"e-{name}",
                custom_attrs={"data-was": rx.cond(value, "true", "false")},
                on_change=lines.touch_services,
            ),
            class_name="row",
        ),
        class_name="switch",
    )


def _forward(lines: Any, name: str, label: Any, hint: Any) -> rx.Component:
    number, seconds = f"{name}_number", f"{name}_seconds"
    faults = lines.services_faults

    def typed(of: str, words: Any, said: Any = None, **props: Any) -> rx.Component:
        return field(
            of,
            rx.fragment(words, hidden(": ", label)),
            entry(
                of,
                getattr(lines.services, of),
                fault=faults[of],
                on_change=lines.touch_services.debounce(300),
                **props,
            ),
            fault=faults[of],
            hint=said,
        )

    to = typed(
        number,
        t(it="A quale numero", en="To which number"),
        t(
            it="Un interno, o come si compone: 0 02 5550 1201.",
            en="An extension, or as it is dialled: 0 02 5550 1201.",
        )
        if name == "forward_all"
        else None,
        kind="tel",
    )
    if name == "forward_no_answer":
        to = rx.el.div(
            to,
            typed(
                seconds,
                t(it="Dopo (s)", en="After (s)"),
                t(it=f"Da {SECONDS[0]} a {SECONDS[1]}.", en=f"{SECONDS[0]} to {SECONDS[1]}."),
                input_mode="numeric",
            ),
            class_name="pair",
        )
    return rx.el.fieldset(
        rx.el.legend(label, class_name="vh"), _switch(lines, name, label, hint), to
    )


def _numbers(lines: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t(it="Numeri che la raggiungono", en="Numbers that reach it")),
        rx.cond(
            number_of(lines.reached_by) > 0,
            rx.el.ul(
                rx.foreach(
                    lines.reached_by,
                    lambda each: rx.el.li(
                        rx.el.span(each.number, class_name="num b"),
                        rx.cond(
                            each.label != "", rx.el.span(each.label, class_name="t2 cut"), None
                        ),
                        rx.cond(
                            each.closed,
                            rx.el.span(
                                t(it="solo a ufficio chiuso", en="only while closed"),
                                class_name="small t2",
                            ),
                        ),
                        class_name="row wrap",
                        key=each.number,
                    ),
                ),
                class_name="names",
            ),
            rx.el.p(
                t(
                    it="Nessuno: da fuori ci si arriva solo tramite altri. Dagliene uno in "
                    "Generale o in Numeri.",
                    en="None: people outside reach it only through others. Give it one under "
                    "General or in Numbers.",
                ),
                class_name="small t2",
            ),
        ),
        link(
            icon("phone-incoming", "s"),
            t(it="Apri in Numeri", en="Open in Numbers"),
            href=lines.numbers_link,
            class_name="btn sm",
            custom_attrs={"data-leaves": ""},
        ),
    )
