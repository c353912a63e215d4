"""Impostazioni di chiamata (guide 4.1): the panels Generale and Inoltro di Chiamata."""

from __future__ import annotations

import reflex as rx

from officesmart.administration.form_pieces import clash_note
from officesmart.administration.pieces import switch
from officesmart.components.telephone_links import telephone_links
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.page import Page
from officesmart.pages._call_settings_state import CallSettingsPage
from officesmart.theme import icon, note, text_of

ROUTE = "/impostazioni/chiamate"


def view() -> rx.Component:
    """The guide's two panels, and Conferma for both."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1(t(it="Impostazioni di chiamata", en="Call settings")), class_name="head"
        ),
        _form(),
        class_name="stack",
    )


def _form() -> rx.Component:
    page = CallSettingsPage
    return rx.el.form(
        clash_note(page.clash, theirs=page.keep_theirs, mine=page.keep_mine),
        rx.cond(
            page.moved,
            note(
                t(
                    it="Intanto sono cambiate, da un telefono o da un'altra pagina: Annulla "
                    "mostra come sono adesso.",
                    en="They have changed meanwhile, by a phone or on another page: Cancel "
                    "shows them as they are now.",
                ),
                kind="info",
                glyph="info",
            ),
        ),
        rx.el.div(
            rx.el.section(
                rx.el.header(rx.el.h2(t(it="Generale", en="General"))),
                rx.el.div(_transfer(), *_general(), class_name="pad stack sheet"),
                class_name="panel",
            ),
            rx.el.section(
                rx.el.header(rx.el.h2(t(it="Inoltro di Chiamata", en="Call forwarding"))),
                rx.el.div(*_codes(), class_name="pad stack sheet"),
                class_name="panel",
            ),
            rx.el.section(
                rx.el.header(rx.el.h2(t(it="Chiamate dal portale", en="Calls from the portal"))),
                rx.el.div(*_portal(), class_name="pad stack sheet"),
                class_name="panel",
                id="dal-portale",
            ),
            class_name="two-panels",
        ),
        confirm_bar(undo=page.undo),
        on_submit=page.save,
        key="calls" + text_of(page.stamp),
        no_validate=True,
        class_name="edit-form-flat edit-form",
        custom_attrs={"data-watch": ""},
    )


def _transfer() -> rx.Component:
    page = CallSettingsPage
    return rx.el.div(
        rx.el.h3(t(it="Numero di trasferimento chiamata", en="Call transfer number")),
        rx.cond(
            page.transfer_number != "",
            rx.fragment(
                rx.el.p(
                    rx.el.span(page.transfer_number, class_name="num b"),
                    " ",
                    rx.el.span(page.transfer_name, class_name="t2"),
                ),
                rx.el.p(
                    t(
                        it="Chi è nella tua casella vocale lo raggiunge premendo 0, durante il "
                        "saluto, la registrazione e il menu. Se dopo 25 secondi nessuno risponde "
                        "torna al saluto. Una chiamata esterna è a tuo carico.",
                        en="Whoever is in your mailbox reaches it by pressing 0, during the "
                        "greeting, the recording and the menu. When nobody answers in 25 seconds "
                        "they are back at the greeting. An outside call is charged to you.",
                    ),
                    class_name="hint",
                ),
                rx.cond(
                    page.transfer_why != "",
                    note(page.transfer_why, kind="warning", glyph="triangle-alert"),
                ),
            ),
            rx.el.p(
                t(
                    it="Nessuno: premere 0 nella tua casella vocale non ha effetto.",
                    en="None: pressing 0 in your mailbox does nothing.",
                ),
                class_name="t2",
            ),
        ),
        rx.el.p(
            icon("lock", "xs"),
            rx.el.span(
                t(
                    it="Lo imposta l'amministratore del tuo centralino.",
                    en="It is set by the administrator of your PBX.",
                )
            ),
            class_name="hint row",
        ),
        class_name="stack tight",
    )


def _general() -> tuple[rx.Component, ...]:
    values = CallSettingsPage.values
    return (
        switch(
            "hide",
            t(
                it="Nascondi identificativo di chiamata quando effettui la chiamata",
                en="Hide your caller ID when you call",
            ),
            t(
                it="A ogni chiamata esterna. I codici prima del numero valgono per una chiamata "
                "sola, anche al contrario. Colleghi ed emergenze lo vedono sempre.",
                en="On every outside call. Codes before the number hold for one call, the other "
                "way round too. Colleagues and emergency services always see it.",
            ),
            values["hide"],
            on_change=CallSettingsPage.touch,
        ),
        switch(
            "passes_caller",
            t(
                it="Mostra identificativo di chiamata per chiamate in entrata",
                en="Show caller ID for incoming calls",
            ),
            t(
                it="Chi riceve una chiamata che inoltri o trasferisci fuori vede chi sta "
                "chiamando: il numero, o almeno il nome se il fornitore non lo permette. "
                "Spento, vede solo il tuo numero.",
                en="Whoever takes a call that you forward or transfer outside sees who is calling: "
                "the number, or at least the name where the provider does not allow it. When off, "
                "they see only your number.",
            ),
            values["passes_caller"],
            on_change=CallSettingsPage.touch,
        ),
        switch(
            "shows_caller",
            t(it="Mostra chi chiama sui tuoi telefoni", en="Show who calls on your phones"),
            t(
                it="Spento, i telefoni squillano senza numero né nome.",
                en="When off, phones ring without number or name.",
            ),
            values["shows_caller"],
            on_change=CallSettingsPage.touch,
        ),
    )


def _codes() -> tuple[rx.Component, ...]:
    values = CallSettingsPage.values

    def one(name: str, it: str, en: str) -> rx.Component:
        return switch(
            name,
            t(it=it, en=en),
            t(it="Richiedi un numero di destinazione.", en="Ask for a destination number."),
            values[name],
            on_change=CallSettingsPage.touch,
        )

    return (
        rx.el.p(
            t(
                it="Vale quando attivi l'inoltro con i codici dal tuo telefono, non da qui. Se non "
                "richiedi il numero, il codice da solo riprende l'ultimo configurato.",
                en="Holds when you switch a forward on by codes on your phone, not from here. When "
                "no number is asked for, the code alone takes the last one that was set.",
            ),
            class_name="t2",
        ),
        one("needs_all", "Inoltro immediato", "Immediate forward"),
        one("needs_busy", "Inoltro in caso di linea occupata", "Forward when the line is busy"),
        one("needs_no_answer", "Inoltro di chiamata per mancata risposta", "Forward on no answer"),
    )


def _portal() -> tuple[rx.Component, ...]:
    page = CallSettingsPage
    return (
        rx.el.div(
            rx.el.label(t(it="Quale telefono squilla", en="Which phone rings"), html_for="f-phone"),
            rx.el.select(
                rx.foreach(page.choices, lambda each: rx.el.option(each.name, value=each.key)),
                id="f-phone",
                name="phone",
                default_value=page.phone,
                class_name="in sel",
                aria_describedby="e-phone",
                on_change=lambda _: page.touch(),
                custom_attrs={"data-was": page.phone},
            ),
            rx.el.p(
                t(
                    it="Quando chiami da qui. Se quel telefono non è collegato, la chiamata non "
                    "parte.",
                    en="When you call from here. If that phone is not connected, no call is made.",
                ),
                id="e-phone",
                class_name="hint",
            ),
            class_name="field",
        ),
        switch(
            "answers",
            t(it="Il mio telefono risponde da solo", en="My phone answers by itself"),
            t(
                it="In viva voce, appena premi Componi. Vale per i telefoni che lo permettono, e "
                "mai mentre sei già in una chiamata.",
                en="On its loudspeaker, as soon as you press Dial. Holds for phones that allow it, "
                "and never while you are in a call.",
            ),
            page.values["answers"],
            on_change=page.touch,
        ),
        telephone_links(),
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=CallSettingsPage.enter,
    it="Impostazioni di chiamata",
    en="Call settings",
    shape="form",
)
