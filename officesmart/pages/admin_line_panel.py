"""The panel beside the table of lines: one line's fields, and its other parts behind tabs.

Pieces only: the State (`_lines_*.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import clash_note
from officesmart.administration.pieces import choice, entry, field, switch
from officesmart.administration.rules import MAILBOX_AFTER, RING
from officesmart.administration.sites import NEW_SITE
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.pages.admin_line_access import access
from officesmart.pages.admin_line_phones import phones
from officesmart.pages.admin_line_services import services
from officesmart.theme import icon, note, text_of
from pbx.routing.rights import CLASSES

TABS = (
    ("generale", "Generale", "General"),
    ("servizi", "Servizi", "Services"),
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
                services(lines),
                _part(lines, "telefoni", phones(lines)),
                _part(lines, "accesso", access(lines)),
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


def rights(card: Any) -> rx.Component:
    """Which calls the line may make."""
    return rx.el.fieldset(
        rx.el.legend(t(it="Diritti di chiamata", en="Call rights")),
        rx.el.p(
            t(
                it="Emergenze (112, 113, 115, 118) e numeri gratuiti si chiamano sempre.",
                en="Emergencies (112, 113, 115, 118) and free numbers can always be called.",
            ),
            class_name="hint",
        ),
        *(
            rx.el.label(
                rx.el.input(
                    id=f"f-right_{each.name}",
                    name=f"right_{each.name}",
                    type="checkbox",
                    class_name="cb",
                    default_checked=card.rights.contains(each.name),
                    custom_attrs={
                        "data-was": rx.cond(card.rights.contains(each.name), "true", "false")
                    },
                ),
                t(it=each.it, en=each.en),
                class_name="row",
            )
            for each in CLASSES
        ),
        class_name="stack tight",
    )


def site_choice(lines: Any, name: str, value: Any, **props: Any) -> rx.Component:
    """The sites there are, none, or one to be made."""
    return rx.el.select(
        rx.el.option(t(it="Nessuna", en="None"), value=""),
        rx.foreach(lines.site_names, lambda site: rx.el.option(site, value=site)),
        rx.el.option(t(it="Nuova sede…", en="New site…"), value=NEW_SITE),
        id=f"f-{name}",
        name=name,
        default_value=value,
        aria_describedby=f"e-{name}",
        class_name="in sel",
        custom_attrs={"data-was": value},
        **props,
    )


def _form(lines: Any) -> rx.Component:
    card, faults, is_new = lines.card, lines.faults, lines.opened < 0
    return rx.el.form(
        rx.el.div(
            clash_note(lines.clash, theirs=lines.keep_theirs, mine=lines.keep_mine),
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
                    site_choice(lines, "site", card.site, on_change=lines.choose_form_site),
                    fault=faults["site"],
                ),
                field(
                    "language",
                    t(it="Lingua", en="Language"),
                    choice("language", card.language, (("it", "Italiano"), ("en", "English"))),
                    hint=t(it="Del portale e degli annunci.", en="Of portal and announcements."),
                ),
                class_name="pair",
            ),
            rx.cond(
                lines.new_site,
                field(
                    "new_site",
                    t(it="Nome della nuova sede", en="Name of the new site"),
                    entry("new_site", "", fault=faults["new_site"]),
                    fault=faults["new_site"],
                    hint=t(
                        it="Indirizzo e orari si aggiungono in Sedi.",
                        en="Address and hours are added under Sites.",
                    ),
                ),
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
            rights(card),
            rx.el.fieldset(
                rx.el.legend(t(it="Squillo e segreteria", en="Ringing and voicemail")),
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
        confirm_bar(
            undo=lines.undo,
            is_new=is_new,
            words=t(
                it="Password e PIN si vedono una volta, dopo Conferma.",
                en="Passwords and PIN are shown once, after Confirm.",
            ),
            hidden=lines.tab == "servizi",  # which has one of its own
        ),
        on_submit=lines.save,
        key=text_of(lines.stamp),
        no_validate=True,
        class_name=rx.cond(is_new, "edit-form always", "edit-form"),
        custom_attrs={"data-watch": "", "data-fault": text_of(lines.failed)},
    )
