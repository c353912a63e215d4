"""The panel beside the table of lines: one line's fields, its phones' accounts, its credentials.

Pieces only: the State is in admin_lines.py, which hands itself in.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import choice, dialog, entry, field, leaving, switch
from officesmart.administration.rules import LONGEST_LABEL, MAILBOX_AFTER, RING
from officesmart.i18n import t
from officesmart.theme import icon, note, number_of, text_of

NAMES = {
    "extension": ("interno", "extension"),
    "name": ("nome", "name"),
    "email": ("e-mail", "e-mail"),
    "number": ("numero", "number"),
    "site": ("sede", "site"),
    "role": ("ruolo", "role"),
    "language": ("lingua", "language"),
    "active": ("linea attiva", "active line"),
    "mailbox": ("casella vocale", "mailbox"),
    "ring_seconds": ("durata dello squillo", "ringing time"),
    "mailbox_seconds": ("secondi prima della segreteria", "seconds before voicemail"),
}
"The fields as sentences and the change log call them."
TABS = (
    ("generale", "Generale", "General"),
    ("telefoni", "Telefoni", "Phones"),
    ("accesso", "Accesso", "Access"),
)


def panel(lines: Any) -> rx.Component:
    """One line, or a new one."""
    is_new = lines.opened < 0
    return rx.el.aside(
        rx.el.header(
            rx.el.div(
                rx.el.h2(
                    rx.cond(is_new, t(it="Nuova linea", en="New line"), lines.title),
                    id="panel-title",
                    tab_index=-1,
                    custom_attrs={"data-title": ""},
                ),
                rx.cond(
                    ~is_new,
                    rx.el.p(
                        t(it="interno ", en="extension "),
                        lines.card.extension,
                        class_name="small t2 num",
                    ),
                ),
                class_name="grow two",
            ),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="ib",
                aria_label=t(it="Chiudi il pannello", en="Close the panel"),
                on_click=lines.close,
                custom_attrs={"data-close": "", "data-leaves": ""},
            ),
            class_name="row",
        ),
        rx.cond(~is_new, _tabs(lines)),
        _form(lines),
        rx.cond(
            ~is_new,
            rx.fragment(
                _part(lines, "telefoni", _phones(lines)),
                _part(lines, "accesso", _access(lines)),
            ),
        ),
        class_name="edit",
        aria_labelledby="panel-title",
        custom_attrs={"data-panel": text_of(lines.opened)},
    )


def _tabs(lines: Any) -> rx.Component:
    return rx.el.div(
        *(
            rx.el.button(
                t(it=it, en=en),
                type="button",
                role="tab",
                id=f"tab-{name}",
                aria_selected=lines.tab == name,
                aria_controls=f"part-{name}",
                tab_index=rx.cond(lines.tab == name, 0, -1),
                on_click=lines.show(name),
            )
            for name, it, en in TABS
        ),
        role="tablist",
        aria_label=t(it="Parti della linea", en="Parts of the line"),
        class_name="tabs",
    )


def _part(lines: Any, name: str, *children: Any) -> rx.Component:
    return rx.el.div(
        *children,
        role="tabpanel",
        id=f"part-{name}",
        aria_labelledby=f"tab-{name}",
        hidden=lines.tab != name,
        class_name="edit-body stack",
    )


# -- the fields ---------------------------------------------------------------------------------


def _form(lines: Any) -> rx.Component:
    card, faults, is_new = lines.card, lines.faults, lines.opened < 0
    return rx.el.form(
        rx.el.div(
            rx.cond(
                lines.clash != "",
                note(
                    rx.el.p(rx.el.b(lines.clash)),
                    rx.el.p(
                        t(
                            it="Le tue modifiche non sono salvate: scegli quali restano.",
                            en="Your changes are not saved: choose which ones stay.",
                        )
                    ),
                    rx.el.span(
                        rx.el.button(
                            t(it="Tieni le sue", en="Keep theirs"),
                            type="button",
                            class_name="btn sm",
                            on_click=lines.keep_theirs,
                        ),
                        rx.el.button(
                            t(it="Tieni le mie", en="Keep mine"),
                            type="button",
                            class_name="btn pri sm",
                            on_click=lines.keep_mine,
                        ),
                        class_name="row wrap",
                    ),
                    kind="warning",
                    glyph="triangle-alert",
                    role="alert",
                ),
            ),
            rx.cond(
                faults[""] != "",
                note(faults[""], kind="dnd", glyph="circle-alert", role="alert"),
            ),
            field(
                "name",
                t(it="Nome", en="Name"),
                entry("name", card.name, fault=faults["name"]),
                fault=faults["name"],
                hint=t(it="Lo vede chi riceve le sue chiamate.", en="Whoever it calls sees it."),
            ),
            rx.el.div(
                field(
                    "extension",
                    t(it="Interno", en="Extension"),
                    entry(
                        "extension", card.extension, fault=faults["extension"], input_mode="numeric"
                    ),
                    fault=faults["extension"],
                    hint=t(it="Da 2 a 6 cifre.", en="2 to 6 digits."),
                ),
                field(
                    "number",
                    t(it="Numero", en="Number"),
                    entry("number", card.number, fault=faults["number"], kind="tel"),
                    fault=faults["number"],
                    hint=t(it="Facoltativo, 02 5550 1201.", en="Optional, 02 5550 1201."),
                ),
                class_name="pair",
            ),
            field(
                "email",
                "E-mail",
                entry("email", card.email, fault=faults["email"], input_mode="email"),
                fault=faults["email"],
                hint=t(it="Facoltativa.", en="Optional."),
            ),
            rx.el.div(
                field(
                    "site",
                    t(it="Sede", en="Site"),
                    rx.fragment(
                        entry("site", card.site, fault=faults["site"], list="site-names"),
                        rx.el.datalist(
                            rx.foreach(lines.site_names, lambda site: rx.el.option(value=site)),
                            id="site-names",
                        ),
                    ),
                    fault=faults["site"],
                    hint=t(it="Scegli o scrivine una nuova.", en="Choose, or type a new one."),
                ),
                field(
                    "language",
                    t(it="Lingua", en="Language"),
                    choice("language", card.language, (("it", "Italiano"), ("en", "English"))),
                    hint=t(it="Del portale e degli annunci.", en="Of portal and announcements."),
                ),
                class_name="pair",
            ),
            field(
                "role",
                t(it="Ruolo", en="Role"),
                choice(
                    "role",
                    card.role,
                    (
                        ("user", t(it="Utente", en="User")),
                        ("admin", t(it="Amministratore", en="Administrator")),
                    ),
                ),
                fault=faults["role"],
                hint=t(
                    it="Un amministratore vede e cambia tutte le linee.",
                    en="An administrator sees and changes every line.",
                ),
            ),
            rx.el.fieldset(
                rx.el.legend(t(it="Servizi", en="Services")),
                switch(
                    "mailbox",
                    t(it="Casella vocale", en="Mailbox"),
                    t(
                        it="Se nessuno risponde, chi chiama lascia un messaggio.",
                        en="If nobody answers, callers leave a message.",
                    ),
                    card.mailbox,
                ),
                rx.el.div(
                    field(
                        "mailbox_seconds",
                        t(it="Segreteria dopo (s)", en="Voicemail after (s)"),
                        entry(
                            "mailbox_seconds",
                            card.mailbox_seconds,
                            fault=faults["mailbox_seconds"],
                            input_mode="numeric",
                        ),
                        fault=faults["mailbox_seconds"],
                        hint=t(
                            it=f"Da {MAILBOX_AFTER[0]} a {MAILBOX_AFTER[1]}; 0: subito.",
                            en=f"{MAILBOX_AFTER[0]} to {MAILBOX_AFTER[1]}; 0: at once.",
                        ),
                    ),
                    field(
                        "ring_seconds",
                        t(it="Squillo al massimo (s)", en="Rings at most (s)"),
                        entry(
                            "ring_seconds",
                            card.ring_seconds,
                            fault=faults["ring_seconds"],
                            input_mode="numeric",
                        ),
                        fault=faults["ring_seconds"],
                        hint=t(it=f"Da {RING[0]} a {RING[1]}.", en=f"{RING[0]} to {RING[1]}."),
                    ),
                    class_name="pair",
                ),
            ),
            switch(
                "active",
                t(it="Linea attiva", en="Active line"),
                t(
                    it="Se sospesa, i suoi telefoni si scollegano e chi chiama sente un avviso.",
                    en="When suspended, its phones are signed out and callers hear a notice.",
                ),
                card.active,
                fault=faults["active"],
            ),
            role=rx.cond(is_new, "group", "tabpanel"),
            id="part-generale",
            aria_labelledby=rx.cond(is_new, "panel-title", "tab-generale"),
            hidden=(lines.tab != "generale") & ~is_new,
            class_name="edit-body stack",
        ),
        rx.el.div(
            rx.el.p(
                rx.cond(
                    is_new,
                    rx.el.span(
                        t(
                            it="Password e PIN si vedono una volta, dopo Conferma.",
                            en="Passwords and PIN are shown once, after Confirm.",
                        ),
                        class_name="small",
                    ),
                    rx.el.b(
                        custom_attrs={
                            "data-count": "",
                            "data-one": t(it="1 modifica non salvata", en="1 change not saved"),
                            "data-many": t(
                                it="{n} modifiche non salvate", en="{n} changes not saved"
                            ),
                        },
                    ),
                ),
                role="status",
            ),
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="reset",
                class_name="btn quiet",
                on_click=lines.undo,
            ),
            rx.el.button(t(it="Conferma", en="Confirm"), type="submit", class_name="btn pri"),
            class_name="confirm",
        ),
        on_submit=lines.save,
        key=text_of(lines.stamp),
        no_validate=True,
        class_name=rx.cond(is_new, "edit-form always", "edit-form"),
        custom_attrs={"data-watch": "", "data-fault": text_of(lines.failed)},
    )


# -- phones -------------------------------------------------------------------------------------


def _phones(lines: Any) -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.h3(t(it="Collegati adesso", en="Registered now")),
            rx.cond(
                number_of(lines.line_phones) > 0,
                rx.el.ul(
                    rx.foreach(lines.line_phones, lambda phone: _phone(lines, phone)),
                    class_name="plain",
                ),
                rx.el.p(
                    t(
                        it="Nessuno. Un telefono appare qui appena si registra con uno degli "
                        "account qui sotto.",
                        en="None. A phone appears here as soon as it registers with one of the "
                        "accounts below.",
                    ),
                    class_name="t2",
                ),
            ),
            aria_live="polite",
        ),
        rx.el.section(
            rx.el.h3(t(it="Account SIP", en="SIP accounts")),
            rx.el.ul(
                rx.foreach(lines.sip_accounts, lambda account: _account(lines, account)),
                class_name="plain",
            ),
            rx.el.form(
                field(
                    "label",
                    t(it="Nuovo account per", en="New account for"),
                    rx.el.div(
                        rx.el.input(
                            id="f-label",
                            name="label",
                            placeholder=t(it="Cellulare", en="Mobile"),
                            auto_complete="off",
                            max_length=LONGEST_LABEL + 1,
                            class_name="in grow",
                            aria_describedby="e-label",
                        ),
                        rx.el.button(
                            icon("plus", "s"),
                            t(it="Aggiungi", en="Add"),
                            type="submit",
                            class_name="btn",
                        ),
                        class_name="row",
                    ),
                    fault=lines.faults["label"],
                    hint=t(
                        it="Utente e password si vedono una volta.",
                        en="User and password are shown once.",
                    ),
                ),
                on_submit=lines.add_account,
                reset_on_submit=True,
            ),
        ),
    )


def _phone(lines: Any, phone: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("phone"), class_name="ico"),
        rx.el.span(
            rx.el.b(
                rx.cond(phone.name != "", phone.name, t(it="Telefono SIP", en="SIP phone")),
                class_name="cut",
            ),
            rx.el.span(phone.source, " ", phone.transport, class_name="small t2 num cut"),
            rx.el.span(
                rx.cond(phone.user != "", rx.fragment(phone.user, " "), ""),
                rx.cond(phone.seen != "", t(it=f"visto {phone.seen}", en=f"seen {phone.seen}"), ""),
                class_name="small mut cut",
            ),
            class_name="two grow",
        ),
        rx.el.button(
            icon("unplug", "s"),
            type="button",
            class_name="ib",
            title=t(it="Scollega", en="Sign out"),
            aria_label=t(it="Scollega ", en="Sign out ") + phone.name,
            on_click=lines.sign_out(phone.id),
        ),
        key=text_of(phone.id),
    )


def _account(lines: Any, account: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(account.user, class_name="num grow cut"),
            rx.el.button(
                icon("key-round", "s"),
                type="button",
                class_name="ib",
                title=t(it="Nuova password", en="New password"),
                aria_label=t(it="Nuova password per ", en="New password for ") + account.user,
                on_click=lines.new_sip(account.id),
            ),
            rx.el.button(
                icon("trash-2", "s"),
                type="button",
                class_name="ib danger",
                title=t(it="Rimuovi", en="Remove"),
                aria_label=t(it="Rimuovi l'account ", en="Remove account ") + account.user,
                on_click=lines.ask_account(account.id),
            ),
            class_name="row",
        ),
        rx.el.div(
            rx.el.input(
                default_value=account.label,
                placeholder=t(it="Nome, per esempio Scrivania", en="Name, such as Desk"),
                aria_label=t(it="Nome dell'account ", en="Name of account ") + account.user,
                auto_complete="off",
                max_length=LONGEST_LABEL,
                class_name="in",
                on_blur=lambda value: lines.label(account.id, value),
            ),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="sw",
                    checked=account.direct_audio,
                    on_change=lambda on: lines.direct_audio(account.id, on),
                ),
                rx.el.span(t(it="Audio diretto", en="Direct audio"), class_name="small nw"),
                title=t(
                    it="La voce va da telefono a telefono quando nulla la richiede qui",
                    en="Sound goes from phone to phone when nothing needs it here",
                ),
                class_name="row",
            ),
            class_name="row wrap account-set",
        ),
        key=text_of(account.id),
        class_name="account",
    )


# -- access -------------------------------------------------------------------------------------


def _access(lines: Any) -> rx.Component:
    def deed(title: Any, words: Any, does: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                rx.el.b(title), rx.el.span(words, class_name="small t2"), class_name="two grow"
            ),
            rx.el.button(
                t(it="Nuova", en="New"),
                type="button",
                class_name="btn sm",
                aria_label=title,
                on_click=does,
            ),
        )

    return rx.fragment(
        rx.el.ul(
            deed(
                t(it="Nuova password del portale", en="New portal password"),
                t(
                    it="La vecchia smette di valere e i browser della linea escono.",
                    en="The old one stops working and the line's browsers are signed out.",
                ),
                lines.new_portal,
            ),
            deed(
                t(it="Nuovo PIN della casella", en="New mailbox PIN"),
                t(
                    it="Per ascoltare i messaggi da un altro telefono.",
                    en="To listen to messages from another phone.",
                ),
                lines.new_pin,
            ),
            class_name="plain",
        ),
        rx.el.hr(class_name="rule"),
        rx.el.button(
            icon("trash-2", "s"),
            t(it="Elimina la linea…", en="Delete the line…"),
            type="button",
            class_name="btn dtext",
            on_click=lines.ask_delete(lines.opened),
        ),
    )


# -- questions ----------------------------------------------------------------------------------


def dialogs(lines: Any) -> rx.Component:
    """Every window that this page may open."""
    cancel = rx.el.button(
        t(it="Annulla", en="Cancel"),
        type="button",
        class_name="btn",
        on_click=lines.cancel,
        custom_attrs={"data-dismiss": ""},
    )
    return rx.fragment(
        _delete(lines, cancel),
        dialog(
            "ask-account",
            t(it="Rimuovere l'account?", en="Remove the account?"),
            rx.el.p(
                t(
                    it=f"I telefoni che entrano come {lines.ask_user} si scollegano subito.",
                    en=f"Phones that sign in as {lines.ask_user} are signed out at once.",
                ),
                class_name="t2",
            ),
            is_open=lines.asking == "account",
            footer=(cancel, _danger(t(it="Rimuovi", en="Remove"), lines.remove_account)),
            role="alertdialog",
        ),
        _site(lines, cancel),
        _credentials(lines),
        leaving(),
    )


def _danger(words: Any, does: Any) -> rx.Component:
    return rx.el.button(
        icon("trash-2", "s"), words, type="button", class_name="btn danger", on_click=does
    )


def _delete(lines: Any, cancel: rx.Component) -> rx.Component:
    count = number_of(lines.ask_names) + lines.ask_more
    return dialog(
        "ask-delete",
        rx.cond(
            count == 1,
            t(it="Eliminare la linea?", en="Delete the line?"),
            t(it=f"Eliminare {count} linee?", en=f"Delete {count} lines?"),
        ),
        rx.el.ul(
            rx.foreach(lines.ask_names, lambda name: rx.el.li(name, key=name)),
            rx.cond(
                lines.ask_more > 0,
                rx.el.li(t(it=f"e altre {lines.ask_more}", en=f"and {lines.ask_more} more")),
            ),
            class_name="names",
        ),
        rx.el.p(
            t(
                it="Spariscono anche le caselle vocali, gli account SIP "
                f"({lines.ask_accounts}) e i messaggi vocali ({lines.ask_messages}). I telefoni "
                "si scollegano. La cronologia delle chiamate resta. Non si può annullare.",
                en="The mailboxes go too, with the SIP accounts "
                f"({lines.ask_accounts}) and the voice messages ({lines.ask_messages}). Phones "
                "are signed out. The call history stays. This cannot be undone.",
            ),
            class_name="t2",
        ),
        is_open=lines.asking == "delete",
        footer=(cancel, _danger(t(it="Elimina", en="Delete"), lines.delete)),
        role="alertdialog",
    )


def _site(lines: Any, cancel: rx.Component) -> rx.Component:
    return dialog(
        "ask-site",
        t(it="In quale sede?", en="To which site?"),
        rx.el.form(
            field(
                "bulk_site",
                t(it="Sede delle linee selezionate", en="Site of the selected lines"),
                rx.fragment(
                    rx.el.input(
                        id="f-bulk_site",
                        name="bulk_site",
                        list="bulk-site-names",
                        auto_complete="off",
                        aria_describedby="e-bulk_site",
                        class_name="in",
                    ),
                    rx.el.datalist(
                        rx.foreach(lines.site_names, lambda site: rx.el.option(value=site)),
                        id="bulk-site-names",
                    ),
                ),
                fault=lines.faults["site"],
                hint=t(
                    it="Scegli o scrivine una nuova; vuota: nessuna sede.",
                    en="Choose, or type a new one; empty: no site.",
                ),
            ),
            on_submit=lines.move,
            id="bulk-site",
        ),
        is_open=lines.asking == "site",
        footer=(
            cancel,
            rx.el.button(
                t(it="Conferma", en="Confirm"),
                type="submit",
                class_name="btn pri",
                form="bulk-site",
            ),
        ),
    )


def _credentials(lines: Any) -> rx.Component:
    return dialog(
        "shown",
        t(it="Credenziali nuove", en="New credentials"),
        rx.el.p(
            rx.el.b(lines.shown_of),
            " ",
            t(
                it="Si vedono solo adesso: copiale e consegnale di persona.",
                en="They are shown only now: copy them and hand them over in person.",
            ),
            class_name="t2",
        ),
        rx.el.dl(
            rx.foreach(
                lines.shown,
                lambda each: rx.el.div(
                    rx.el.dt(
                        rx.match(
                            each.kind,
                            ("portal", t(it="Password del portale", en="Portal password")),
                            ("pin", t(it="PIN della casella", en="Mailbox PIN")),
                            t(it="Password SIP", en="SIP password"),
                        ),
                        rx.el.span(
                            t(it="utente ", en="user "), each.user, class_name="small mut num"
                        ),
                        class_name="two",
                    ),
                    rx.el.dd(
                        rx.el.code(each.value),
                        rx.el.button(
                            icon("copy", "s"),
                            rx.el.span(t(it="Copia", en="Copy")),
                            type="button",
                            class_name="btn sm",
                            custom_attrs={
                                "data-copy": each.value,
                                "data-said": t(it="Copiato", en="Copied"),
                            },
                        ),
                    ),
                    key=each.kind,
                    class_name="credential",
                ),
            ),
        ),
        rx.el.p(
            role="status",
            class_name="small",
            custom_attrs={"data-copy-said": ""},
            on_unmount=lines.forget_shown,
        ),
        is_open=number_of(lines.shown) > 0,
        footer=(
            rx.el.button(
                t(it="Ho finito", en="Done"),
                type="button",
                class_name="btn pri",
                on_click=lines.forget_shown,
                custom_attrs={"data-dismiss": ""},
            ),
        ),
    )
