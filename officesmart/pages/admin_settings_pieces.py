"""The office's settings as a sheet, and the music on hold beside it. The State is in
admin_settings.py, which hands itself in.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import clash_note, fault_note
from officesmart.administration.hold_music import MOST_BYTES
from officesmart.administration.music_files import ADDRESS
from officesmart.administration.pieces import (
    administration,
    choice,
    entry,
    field,
    switch,
)
from officesmart.components.dialogs import question
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import icon, note, panel, text_of

SOUNDS = ".wav,.mp3,.opus,.ogg,.m4a,audio/wav,audio/mpeg,audio/ogg,audio/mp4"


def view(settings: Any) -> rx.Component:
    """Settings, and what somebody on hold hears."""
    return administration(
        "/admin/impostazioni",
        rx.el.div(
            rx.el.div(rx.el.h1(t(it="Impostazioni", en="Settings")), class_name="head"),
            rx.el.div(
                _sheet(settings),
                rx.el.aside(_music(settings), _config(settings), class_name="stack"),
                class_name="mg wide compact",
            ),
            class_name="adm-main compact",
        ),
        question(
            "ask-mailboxes",
            t(it="Applicare a tutte le caselle?", en="Apply to every mailbox?"),
            rx.el.p(
                rx.cond(
                    settings.others == 1,
                    t(it="1 casella ha", en="1 mailbox has"),
                    rx.fragment(settings.others, t(it=" caselle hanno", en=" mailboxes have")),
                ),
                t(
                    it=" uno spazio diverso e prende quello dell'ufficio. I messaggi che ci sono "
                    "restano tutti.",
                    en=" other room and takes the office's. All messages stay.",
                ),
                class_name="t2",
            ),
            is_open=settings.asking == "mailboxes",
            does=rx.el.button(
                t(it="Applica a tutte", en="Apply to all"),
                type="button",
                class_name="btn pri",
                on_click=settings.apply_to_all,
            ),
            spares=settings.cancel,
        ),
    )


def _sheet(settings: Any) -> rx.Component:
    card, faults = settings.card, settings.faults

    def line(name: str, label: Any, *, hint: Any = None, **props: Any) -> rx.Component:
        control = entry(name, getattr(card, name), fault=faults[name], **props)
        return field(name, label, control, fault=faults[name], hint=hint)

    return rx.el.form(
        rx.el.div(
            clash_note(settings.clash, theirs=settings.keep_theirs, mine=settings.keep_mine),
            fault_note(faults[""]),
            _group(
                t(it="Ufficio", en="Office"),
                line(
                    "office_name",
                    t(it="Nome dell'ufficio", en="Name of the office"),
                    hint=t(
                        it="Si legge nelle mail, sui fogli di benvenuto e nell'app installata. "
                        "Vuoto: Office Smart.",
                        en="It is read in mails, on welcome sheets and in the installed app. "
                        "Empty: Office Smart.",
                    ),
                ),
            ),
            _group(
                t(it="Chiamate", en="Calls"),
                field(
                    "services_order",
                    t(
                        it="Se una linea ha sia l'inoltro di tutte sia Non disturbare",
                        en="When a line both forwards all calls and has do not disturb",
                    ),
                    choice(
                        "services_order",
                        card.services_order,
                        (
                            (
                                "forward_first",
                                t(it="vale l'inoltro", en="the forward holds"),
                            ),
                            (
                                "dnd_first",
                                t(it="vale Non disturbare", en="do not disturb holds"),
                            ),
                        ),
                    ),
                    hint=t(
                        it="Vale l'inoltro: chi chiama arriva all'altro numero. Vale Non "
                        "disturbare: chi chiama trova occupato o la segreteria.",
                        en="The forward: callers reach the other number. Do not disturb: callers "
                        "find the line busy or reach voicemail.",
                    ),
                ),
                line(
                    "park_range",
                    t(it="Numeri di parcheggio", en="Park numbers"),
                    hint=t(
                        it="Restano riservati: nessun interno o codice li può prendere. Vuoto: "
                        "nessuno.",
                        en="Kept free: no extension or code may take them. Empty: none.",
                    ),
                ),
                line(
                    "park_seconds",
                    t(it="Secondi di parcheggio", en="Seconds of parking"),
                    hint=t(
                        it="Poi la chiamata squilla a chi l'ha parcheggiata, per 30 secondi.",
                        en="Then the call rings at who parked it, for 30 seconds.",
                    ),
                    input_mode="numeric",
                ),
                line(
                    "park_operator",
                    t(it="Se non risponde, squilla a", en="If unanswered, it rings at"),
                    hint=t(
                        it="Un interno, per esempio il centralino. Vuoto: torna in parcheggio, al "
                        "massimo per 20 minuti in tutto.",
                        en="An extension, such as the operator's. Empty: it is parked again, for "
                        "20 minutes in all at most.",
                    ),
                    kind="tel",
                ),
                switch(
                    "pickup_all",
                    t(it="Rispondere per chiunque", en="Answering for anybody"),
                    t(
                        it="Con ** e l'interno risponde ogni linea, non solo chi è nello stesso "
                        "Gruppo di Pick-Up.",
                        en="With ** and the extension every line may answer, not only those of "
                        "the same pickup group.",
                    ),
                    card.pickup_all,
                ),
            ),
            _group(
                t(it="Caselle vocali", en="Mailboxes"),
                rx.el.div(
                    line("max_messages", t(it="Messaggi", en="Messages"), input_mode="numeric"),
                    line(
                        "max_minutes",
                        t(it="Minuti in tutto", en="Minutes in all"),
                        input_mode="numeric",
                    ),
                    class_name="pair",
                ),
                rx.el.p(
                    t(
                        it="Valgono per le caselle nuove. Contano anche i messaggi eliminati.",
                        en="For new mailboxes. Deleted messages count too.",
                    ),
                    class_name="hint",
                ),
                rx.cond(
                    settings.others > 0,
                    rx.el.div(
                        rx.el.span(
                            rx.cond(
                                settings.others == 1,
                                t(it="1 casella ha", en="1 mailbox has"),
                                rx.fragment(
                                    settings.others,
                                    t(it=" caselle hanno", en=" mailboxes have"),
                                ),
                            ),
                            t(it=" uno spazio diverso.", en=" other room."),
                            class_name="small t2 grow num",
                        ),
                        rx.el.button(
                            t(it="Applica a tutte…", en="Apply to all…"),
                            type="button",
                            class_name="btn sm",
                            on_click=settings.ask_mailboxes,
                        ),
                        class_name="row wrap",
                    ),
                ),
            ),
            _group(
                t(it="Quanto si conserva", en="How long things are kept"),
                rx.el.div(
                    line(
                        "history_months",
                        t(it="Elenco delle chiamate (mesi)", en="Call history (months)"),
                        input_mode="numeric",
                        hint=t(it="Da 1 a 120.", en="1 to 120."),
                    ),
                    line(
                        "deleted_days",
                        t(it="Messaggi eliminati (giorni)", en="Deleted messages (days)"),
                        input_mode="numeric",
                        hint=t(it="Da 1 a 365.", en="1 to 365."),
                    ),
                    class_name="pair",
                ),
                rx.el.p(
                    t(
                        it="Ciò che è più vecchio si elimina ogni notte, per sempre.",
                        en="What is older is removed every night, for good.",
                    ),
                    class_name="hint",
                ),
            ),
            _group(
                t(it="Portale", en="Portal"),
                line(
                    "portal_address",
                    t(it="Indirizzo del portale", en="Address of the portal"),
                    spell_check=False,
                    input_mode="url",
                    hint=t(
                        it="https://telefono.azienda.it: serve ai collegamenti nelle mail, per "
                        "esempio per una nuova password.",
                        en="https://phone.company.com: for links in mails, such as one for a new "
                        "password.",
                    ),
                ),
            ),
            class_name="pad stack sheet",
        ),
        confirm_bar(undo=settings.undo),
        on_submit=settings.save,
        key=text_of(settings.stamp),
        no_validate=True,
        class_name="panel edit-form-flat edit-form",
        custom_attrs={"data-watch": "", "data-fault": text_of(settings.failed)},
    )


def _group(title: Any, *content: rx.Component) -> rx.Component:
    return rx.el.fieldset(rx.el.legend(title), *content)


def _music(settings: Any) -> rx.Component:
    return panel(
        t(it="Musica d'attesa", en="Music on hold"),
        rx.el.div(
            rx.el.p(
                rx.el.b(
                    rx.cond(
                        settings.music_name != "",
                        settings.music_name,
                        t(it="La nostra", en="Ours"),
                    ),
                    class_name="cut",
                ),
                rx.el.span(" · ", settings.music_length, class_name="t2 num"),
            ),
            rx.el.audio(
                src=f"{ADDRESS}?v=" + text_of(settings.music_stamp),
                controls=True,
                preload="none",
                aria_label=t(it="Ascolta la musica d'attesa", en="Hear the music on hold"),
                class_name="wide",
                key=text_of(settings.music_stamp),
            ),
            rx.cond(
                settings.music_fault != "",
                note(settings.music_fault, kind="dnd", glyph="circle-alert", role="alert"),
            ),
            rx.cond(
                settings.converting,
                rx.el.p(
                    icon("loader", "spin"),
                    t(it="Preparo il file per il telefono", en="Preparing the file for telephones"),
                    class_name="row t2",
                    role="status",
                ),
            ),
            _upload(settings),
            rx.cond(
                settings.music_name != "",
                rx.el.button(
                    t(it="Torna alla nostra", en="Back to ours"),
                    type="button",
                    class_name="btn quiet",
                    on_click=settings.music_ours,
                ),
            ),
            rx.el.p(
                t(
                    it="WAV, MP3, Opus o M4A, al massimo 20 MB e 10 minuti. Il livello si regola "
                    "da sé. Usa musica di cui hai i diritti.",
                    en="WAV, MP3, Opus or M4A, at most 20 MB and 10 minutes. The level is set by "
                    "itself. Use music that you have the rights for.",
                ),
                class_name="hint",
            ),
            class_name="pad stack tight",
        ),
    )


def _upload(settings: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            icon("upload", "s"),
            t(it="Carica una musica", en="Upload music"),
            rx.el.input(
                type="file",
                id="up-music",
                accept=SOUNDS,
                class_name="vh",
                disabled=settings.converting,
                custom_attrs={"data-upload": ADDRESS, "data-most": str(MOST_BYTES)},
            ),
            class_name="btn file",
        ),
        rx.el.span(
            icon("loader", "spin"), t(it="Invio in corso", en="Sending"), class_name="row sending"
        ),
        rx.el.p(
            class_name="err",
            role="alert",
            hidden=True,
            custom_attrs={
                "data-upload-said": "",
                "data-large": t(it="Il file supera 20 MB", en="The file is over 20 MB"),
                "data-empty": t(it="Il file è vuoto", en="The file is empty"),
                "data-away": t(
                    it="Il file non è arrivato: riprova", en="The file did not arrive: try again"
                ),
            },
        ),
        rx.el.button(
            type="button",
            hidden=True,
            on_click=settings.music_sent,
            custom_attrs={"data-uploaded": ""},
        ),
        class_name="row wrap upload",
        custom_attrs={"data-uploading": "false"},
    )


def _config(settings: Any) -> rx.Component:
    return panel(
        t(it="Dal server", en="From the server"),
        rx.el.dl(
            _fact(
                t(it="Lingua predefinita", en="Default language"),
                rx.cond(settings.default_language == "en", "English", "Italiano"),
            ),
            _fact(t(it="Fuso orario", en="Time zone"), settings.zone),
            class_name="pad facts",
        ),
        rx.el.p(
            t(
                it="Li cambia chi gestisce il server, con OFFICESMART_LANGUAGE e "
                "OFFICESMART_TIMEZONE.",
                en="Whoever runs the server changes them, with OFFICESMART_LANGUAGE and "
                "OFFICESMART_TIMEZONE.",
            ),
            class_name="pad hint",
        ),
    )


def _fact(name: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="fact")
