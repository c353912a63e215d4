"""A call that rings at my phones, shown on every page: who it is, and what can be done from here.

It lies above the page, takes no focus and traps none: a landmark of its own that Ctrl+Alt+R reaches
(assets/incoming_call.js, which also keeps it clear of an open dialog). It cannot be answered in the
browser, and says where it can.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.calls import who
from officesmart.components.combobox import combobox
from officesmart.components.incoming_call_state import IncomingCall
from officesmart.components.presence import presence_word
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import dot, hidden, icon, link, number_of, text_of

SHORTCUT = "Ctrl+Alt+R"
FIELD = "forward-colleague"


def incoming_calls() -> rx.Component:
    """Every call that rings at my phones, in the order they came."""
    return rx.fragment(
        rx.el.div(
            Portal.incoming_said, role="alert", class_name="vh", custom_attrs={"data-rings": ""}
        ),
        rx.el.div(
            rx.el.section(
                rx.foreach(Portal.incoming, _call),
                hidden(
                    t(
                        it=f"{SHORTCUT} porta qui da ogni punto della pagina.",
                        en=f"{SHORTCUT} leads here from anywhere on the page.",
                    ),
                    id="incoming-keys",
                ),
                aria_label=t(it="Chiamata in arrivo", en="Incoming call"),
                aria_describedby="incoming-keys",
                tab_index=-1,
                hidden=number_of(Portal.incoming) == 0,
                class_name="calling-in",
                custom_attrs={"data-incoming": "", "aria-keyshortcuts": "Control+Alt+R"},
            ),
            custom_attrs={"data-incoming-home": ""},
        ),
    )


def _call(call: Any) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.span(
                rx.cond(call.initials != "", call.initials, icon("user")),
                class_name="av l halo p-ringing",
                aria_hidden=True,
            ),
            rx.el.div(
                _way(call),
                rx.el.h2(who(call.name)),
                _known_as(call),
                class_name="grow",
            ),
            rx.el.button(
                icon("x", "s"),
                type="button",
                class_name="ib",
                aria_label=t(it="Nascondi, continua a squillare", en="Hide, it rings on"),
                title=t(it="Nascondi, continua a squillare", en="Hide, it rings on"),
                on_click=IncomingCall.put_away(call.id),
            ),
            class_name="incoming-who",
        ),
        _card(call),
        rx.cond(
            Portal.viewing,
            rx.el.p(
                t(
                    it="Stai solo guardando: la chiamata è di chi ha questa linea.",
                    en="You are only looking: the call is for whoever has this line.",
                ),
                class_name="hint",
            ),
            rx.fragment(_actions(call), rx.cond(Portal.forwarding == call.id, _forward(call))),
        ),
        key=call.id,
        class_name="incoming-call",
    )


def _way(call: Any) -> rx.Component:
    """What brought it here, and for how long it has been ringing."""
    return rx.el.p(
        t(it="Chiamata in arrivo", en="Incoming call"),
        rx.cond(call.through != "", ", " + call.through, ""),
        ", ",
        rx.el.span(
            class_name="num nw", custom_attrs={"data-age": text_of(call.age)}, aria_hidden=True
        ),
        class_name="incoming-way",
    )


def _known_as(call: Any) -> rx.Component:
    """Company, role and number, as far as there are any."""
    return rx.el.p(
        rx.cond(call.company != "", rx.el.span(call.company)),
        rx.cond(call.role != "", rx.el.span(call.role)),
        rx.cond(call.number != "", rx.el.span(call.number, class_name="num nw")),
        class_name="incoming-facts",
    )


def _card(call: Any) -> rx.Component:
    """What is known of who calls, and where more of it is."""
    return rx.el.div(
        rx.cond(call.notes != "", rx.el.p(call.notes, class_name="incoming-notes")),
        rx.el.p(
            rx.cond(
                call.last != "",
                rx.el.span(
                    icon("history", "xs"), t(it="Ultima volta: ", en="Last time: "), call.last
                ),
            ),
            rx.cond(
                call.contact > 0,
                link(
                    t(it="Apri il contatto", en="Open the contact"),
                    href="/contatti?contatto=" + text_of(call.contact),
                ),
            ),
            rx.cond(
                call.can_add & ~Portal.viewing,
                link(
                    t(it="Aggiungi ai contatti", en="Add to contacts"),
                    href="/contatti?nuovo=" + call.dial.replace("+", "%2B"),
                ),
            ),
            class_name="incoming-more",
        ),
        class_name="incoming-card",
    )


def _actions(call: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            icon("phone", "s"),
            t(it="Rispondi dal telefono", en="Answer on your phone"),
            class_name="incoming-answer",
        ),
        rx.el.div(
            rx.cond(
                call.mailbox,
                rx.el.button(
                    icon("voicemail"),
                    t(it="In segreteria", en="To voicemail"),
                    type="button",
                    class_name="btn",
                    on_click=IncomingCall.to_mailbox(call.id),
                ),
            ),
            rx.el.button(
                icon("phone-off"),
                rx.cond(
                    call.own,
                    t(it="Rifiuta", en="Decline"),
                    t(it="Rifiuta sui miei telefoni", en="Decline on my phones"),
                ),
                type="button",
                class_name="btn dtext",
                on_click=IncomingCall.decline(call.id),
            ),
            rx.cond(
                call.forward,
                rx.el.button(
                    icon("phone-forwarded"),
                    t(it="Inoltra a un collega", en="Forward to a colleague"),
                    type="button",
                    class_name="btn",
                    aria_expanded=Portal.forwarding == call.id,
                    on_click=IncomingCall.open_forward(call.id),
                ),
            ),
            class_name="incoming-do",
        ),
    )


def _forward(call: Any) -> rx.Component:
    """Who to forward to: typing filters, Enter confirms."""
    return rx.el.form(
        *combobox(
            FIELD,
            t(it="A quale collega", en="To which colleague"),
            found=Portal.colleagues,
            option=_colleague,
            list_name=t(it="Colleghi", en="Colleagues"),
            fault=rx.cond(
                IncomingCall.forward_fault != "",
                rx.el.p(icon("circle-alert", "xs"), IncomingCall.forward_fault, class_name="err"),
            ),
            wrong=IncomingCall.forward_fault != "",
            attrs={"data-forward": ""},
            name="colleague",
            max_length=80,
            placeholder=t(it="Nome o interno", en="Name or extension"),
            on_change=IncomingCall.search_colleague.debounce(120),
            key=text_of(IncomingCall.forward_opened),
        ),
        rx.el.p(
            rx.cond(
                (number_of(Portal.colleagues) == 0) & (IncomingCall.forward_fault == ""),
                t(it="Nessun collega trovato", en="No colleague found"),
                "",
            ),
            role="status",
            class_name="hint",
        ),
        rx.el.div(
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="button",
                class_name="btn quiet sm",
                on_click=IncomingCall.close_forward,
                custom_attrs={"data-forward-close": ""},
            ),
            rx.el.button(t(it="Inoltra", en="Forward"), type="submit", class_name="btn pri sm"),
            class_name="row end",
        ),
        on_submit=IncomingCall.forward_typed,
        key=call.id,
        class_name="incoming-forward field",
    )


def _colleague(each: Any) -> tuple[list[rx.Component], dict[str, Any]]:
    shown = [
        rx.el.span(each.initials, dot(each.presence), class_name="av", aria_hidden=True),
        rx.el.span(each.name, class_name="grow cut"),
        rx.el.span(each.extension, class_name="num t2"),
        rx.el.span(presence_word(each.presence), class_name="small t2 nw"),
    ]
    return shown, {"on_click": IncomingCall.forward_to(each.extension), "key": each.extension}
