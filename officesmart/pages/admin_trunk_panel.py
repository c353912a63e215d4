"""The panel in which a trunk is set up. The State is in admin_trunks.py, which hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import (
    clash_note,
    fault_note,
    mover,
    panel_head,
)
from officesmart.administration.pieces import choice, entry, field, switch
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import icon, text_of

CODEC_WORDS = {
    "PCMA": t(it="voce telefonica, Europa", en="telephone voice, Europe"),
    "PCMU": t(it="voce telefonica, America", en="telephone voice, America"),
    "G722": t(it="voce ad alta definizione", en="high definition voice"),
}


def panel(trunks: Any) -> rx.Component:
    """One trunk, or a new one."""
    is_new = trunks.opened < 0
    return rx.el.aside(
        panel_head(
            rx.cond(is_new, t(it="Nuova linea esterna", en="New trunk"), trunks.title),
            rx.fragment(),
            trunks.close,
        ),
        _form(trunks, is_new),
        class_name="edit",
        aria_labelledby="panel-title",
        custom_attrs={"data-panel": text_of(trunks.opened)},
    )


def _form(trunks: Any, is_new: Any) -> rx.Component:
    card, faults, by_address = trunks.card, trunks.faults, trunks.by_address

    def line(name: str, label: Any, *, hint: Any = None, **props: Any) -> rx.Component:
        value = getattr(card, name)
        control = entry(name, value, fault=faults[name], **props)
        return field(name, label, control, fault=faults[name], hint=hint)

    return rx.el.form(
        rx.el.div(
            clash_note(trunks.clash, theirs=trunks.keep_theirs, mine=trunks.keep_mine),
            fault_note(faults[""]),
            line("name", t(it="Nome", en="Name"), hint=t(it="Come la chiami tu.", en="Your own.")),
            field(
                "kind",
                t(it="Il fornitore ci riconosce", en="The provider knows us"),
                choice(
                    "kind",
                    card.kind,
                    (
                        ("sign_in", t(it="da utente e password", en="by user and password")),
                        ("address", t(it="dall'indirizzo", en="by our address")),
                    ),
                    on_change=trunks.choose_kind,
                ),
                hint=rx.cond(
                    by_address,
                    t(
                        it="Non ci registriamo; le sue chiamate arrivano dagli indirizzi sotto.",
                        en="We do not register; its calls come from the addresses below.",
                    ),
                    t(
                        it="Ci registriamo presso il suo server.",
                        en="We register at its server.",
                    ),
                ),
            ),
            rx.el.fieldset(
                rx.el.legend("Server"),
                line(
                    "host",
                    "Server",
                    hint=t(it="Per esempio sip.fornitore.it.", en="Such as sip.provider.com."),
                    spell_check=False,
                ),
                rx.el.div(
                    line("port", t(it="Porta", en="Port"), input_mode="numeric"),
                    field(
                        "transport",
                        t(it="Trasporto", en="Transport"),
                        choice("transport", card.transport, (("udp", "UDP"), ("tcp", "TCP"))),
                    ),
                    class_name="pair",
                ),
                line(
                    "proxy",
                    t(it="Proxy in uscita", en="Outbound proxy"),
                    hint=t(it="Solo se il fornitore lo chiede.", en="Only if the provider asks."),
                    spell_check=False,
                ),
            ),
            rx.el.fieldset(
                rx.el.legend(t(it="Accesso", en="Access")),
                line("username", t(it="Utente", en="User"), spell_check=False),
                _password(trunks),
                rx.el.div(
                    line(
                        "auth_username",
                        t(it="Utente di autenticazione", en="Authentication user"),
                        hint=t(it="Se è diverso.", en="If different."),
                        spell_check=False,
                    ),
                    line(
                        "expires",
                        t(it="Registrazione (s)", en="Registration (s)"),
                        input_mode="numeric",
                        hint=t(it="Da 60 a 86400.", en="60 to 86400."),
                    ),
                    class_name="pair",
                ),
                hidden=by_address,
            ),
            _sources(trunks),
            rx.el.fieldset(
                rx.el.legend(t(it="Numeri", en="Numbers")),
                line(
                    "main_number",
                    t(it="Numero principale", en="Main number"),
                    kind="tel",
                    hint=t(
                        it="Si mostra quando la linea non ha un numero suo.",
                        en="Shown when a line has no number of its own.",
                    ),
                ),
                field(
                    "number_format",
                    t(it="Come si scrivono i numeri", en="How numbers are written"),
                    choice(
                        "number_format",
                        card.number_format,
                        (
                            ("e164", "+390255501200"),
                            ("plain", "390255501200"),
                            ("national", "0255501200"),
                        ),
                    ),
                ),
                field(
                    "caller_id",
                    t(it="Identificativo del chiamante", en="Caller identity"),
                    choice(
                        "caller_id",
                        card.caller_id,
                        (
                            ("pai", "P-Asserted-Identity"),
                            ("ppi", "P-Preferred-Identity"),
                            ("rpid", "Remote-Party-ID"),
                            ("from", t(it="solo From", en="From only")),
                        ),
                    ),
                    hint=t(
                        it="Quasi tutti usano P-Asserted-Identity.",
                        en="Nearly all use P-Asserted-Identity.",
                    ),
                ),
                field(
                    "diversion",
                    t(it="Chiamate deviate", en="Forwarded calls"),
                    choice(
                        "diversion",
                        card.diversion,
                        (
                            ("diversion", "Diversion"),
                            ("history", "History-Info"),
                            ("both", t(it="tutti e due", en="both")),
                            ("none", t(it="non dirlo", en="do not tell")),
                        ),
                    ),
                    hint=t(
                        it="Come si dice al fornitore chi ha deviato la chiamata.",
                        en="How the provider is told who forwarded the call.",
                    ),
                ),
            ),
            _codecs(trunks),
            rx.el.fieldset(
                rx.el.legend(t(it="Uso", en="Use")),
                line(
                    "capacity",
                    t(it="Chiamate insieme", en="Calls at once"),
                    input_mode="numeric",
                    hint=t(it="0: senza limite.", en="0: no limit."),
                ),
                switch(
                    "enabled",
                    t(it="Accesa", en="On"),
                    t(
                        it="Spenta, non fa e non riceve chiamate.",
                        en="When off, it makes and takes no calls.",
                    ),
                    card.enabled,
                ),
            ),
            rx.cond(
                ~is_new,
                rx.el.button(
                    icon("trash-2", "s"),
                    t(it="Elimina la linea esterna…", en="Delete the trunk…"),
                    type="button",
                    class_name="btn quiet dtext",
                    on_click=trunks.ask_delete,
                ),
            ),
            class_name="edit-body stack",
            role="group",
            aria_labelledby="panel-title",
        ),
        confirm_bar(
            undo=trunks.undo,
            is_new=is_new,
            words=t(it="Si collega dopo Conferma.", en="It connects after Confirm."),
        ),
        on_submit=trunks.save,
        key=text_of(trunks.stamp),
        no_validate=True,
        class_name=rx.cond(is_new, "edit-form always", "edit-form"),
        custom_attrs={"data-watch": "", "data-fault": text_of(trunks.failed)},
    )


def _password(trunks: Any) -> rx.Component:
    """A new password may be typed; the present one is never shown."""
    fault = trunks.faults["password"]
    return rx.cond(
        trunks.enrolled & ~trunks.changing,
        rx.el.div(
            rx.el.span("Password", class_name="lbl"),
            rx.el.div(
                rx.el.span(
                    t(it="impostata, non si può rileggere", en="set, it cannot be read again"),
                    class_name="small t2 grow",
                ),
                rx.el.button(
                    t(it="Cambia", en="Change"),
                    type="button",
                    class_name="btn sm",
                    aria_label=t(it="Cambia la password", en="Change the password"),
                    on_click=trunks.change_password,
                ),
                class_name="row",
            ),
            class_name="field",
        ),
        field(
            "password",
            rx.cond(
                trunks.enrolled,
                t(it="Nuova password", en="New password"),
                "Password",
            ),
            entry(
                "password",
                "",
                fault=fault,
                kind="password",
                spell_check=False,
                auto_focus=trunks.changing,
            ),
            fault=fault,
            hint=t(
                it="Si conserva cifrata e non si mostra più.",
                en="Kept encrypted and never shown again.",
            ),
        ),
    )


def _sources(trunks: Any) -> rx.Component:
    fault = trunks.faults["sources"]
    return field(
        "sources",
        t(it="Indirizzi ammessi", en="Allowed addresses"),
        rx.el.textarea(
            id="f-sources",
            name="sources",
            default_value=trunks.card.sources,
            rows="2",
            auto_complete="off",
            spell_check=False,
            aria_invalid=rx.cond(fault != "", "true", "false"),
            aria_describedby="e-sources",
            class_name=rx.cond(fault != "", "in bad", "in"),
            custom_attrs={"data-was": trunks.card.sources},
        ),
        fault=fault,
        hint=rx.cond(
            trunks.by_address,
            t(
                it="Solo da qui si accettano le sue chiamate: uno per riga, anche reti "
                "(192.0.2.0/28).",
                en="Its calls are taken only from here: one a line, networks too (192.0.2.0/28).",
            ),
            t(
                it="Facoltativi: altri indirizzi da cui il fornitore chiama.",
                en="Optional: other addresses the provider calls from.",
            ),
        ),
    )


def _codecs(trunks: Any) -> rx.Component:
    fault = trunks.faults["codecs"]
    return rx.el.fieldset(
        rx.el.legend(t(it="Codec, nell'ordine preferito", en="Codecs, in order of liking")),
        rx.el.ol(
            rx.foreach(trunks.codecs, lambda row: _codec(trunks, row)), class_name="plain codecs"
        ),
        rx.el.input(
            type="hidden",
            name="codecs",
            value=trunks.codec_words,
            custom_attrs={"data-was": trunks.card.codecs},
        ),
        rx.cond(
            fault != "",
            rx.el.p(icon("circle-alert", "xs"), rx.el.span(fault), class_name="err", role="alert"),
        ),
    )


def _codec(trunks: Any, row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="cb",
                checked=row.on,
                on_change=trunks.use_codec(row.name),
            ),
            rx.el.span(
                rx.el.b(row.name),
                rx.el.span(rx.match(row.name, *CODEC_WORDS.items(), ""), class_name="small t2"),
                class_name="two",
            ),
            class_name="row grow",
        ),
        mover(
            "arrow-up",
            t(it="Preferisci di più ", en="Like more ") + row.name,
            trunks.move_codec(row.name, -1),
            name="up-" + row.name,
            ended=trunks.codecs[0].name == row.name,
        ),
        mover(
            "arrow-down",
            t(it="Preferisci di meno ", en="Like less ") + row.name,
            trunks.move_codec(row.name, 1),
            name="down-" + row.name,
            ended=trunks.codecs[-1].name == row.name,
        ),
        key=row.name,
    )
