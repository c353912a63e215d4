"""The form of a contact: names, numbers, and the rest behind a heading."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import clash_note, fault_note
from officesmart.components.dialogs import cross, opens
from officesmart.components.unsaved import watched
from officesmart.contacts.card import (
    KINDS,
    LONGEST_NAME,
    LONGEST_NOTES,
    LONGEST_PART,
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_NUMBERS,
    PLACES,
)
from officesmart.i18n import t
from officesmart.pages._contacts_state import ASKS, NEW, Contacts
from officesmart.theme import icon, number_of, text_of

AUTOCOMPLETE = "off"
FORM = "contact-form"
SPARE = 200
"Characters that a field takes beyond the most, so that too long a text is told and not cut."


def contact_form() -> rx.Component:
    """The dialog in which a contact is made or changed."""
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(
                rx.cond(
                    Contacts.edited == NEW,
                    t(it="Nuovo contatto", en="New contact"),
                    t(it="Modifica contatto", en="Edit contact"),
                ),
                id="contact-title",
            ),
            rx.el.button(
                t(it="Continua", en="Continue"), type="submit", form=FORM, class_name="btn pri end"
            ),
            cross(Contacts.put_away, leaves=True),
            class_name="saving",
        ),
        rx.cond(Contacts.edited != 0, _form()),
        class_name="dialog broad",
        aria_labelledby="contact-title",
        custom_attrs=opens(Contacts.edited != 0, asked=ASKS),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            clash_note(Contacts.theirs, theirs=Contacts.keep_theirs, mine=Contacts.keep_mine),
            fault_note(Contacts.faults.get("numbers", "")),
            rx.el.div(
                _text("first_name", t(it="Nome", en="First name")),
                _text("last_name", t(it="Cognome", en="Last name")),
                _text("company", t(it="Azienda", en="Company")),
                _text("role", t(it="Ruolo", en="Role")),
                class_name="two-cols",
            ),
            rx.el.fieldset(
                rx.el.legend(t(it="Numeri telefonici", en="Telephone numbers")),
                rx.foreach(Contacts.numbers, _number),
                rx.cond(
                    number_of(Contacts.numbers) < MOST_NUMBERS,
                    rx.el.button(
                        icon("plus", "s"),
                        t(it="Aggiungi un numero", en="Add a number"),
                        type="button",
                        class_name="btn quiet sm",
                        on_click=Contacts.one_more_number,
                    ),
                ),
                class_name="stack tight",
            ),
            rx.el.div(
                *(
                    _text(
                        f"email-{n}",
                        t(it="E-mail", en="E-mail")
                        if not n
                        else t(it="Altra e-mail", en="Other e-mail"),
                        type="email",
                        most=254,
                    )
                    for n in range(MOST_EMAILS)
                ),
                class_name="two-cols",
            ),
            *(_address(n) for n in range(MOST_ADDRESSES)),
            rx.el.div(
                _text("nickname", t(it="Soprannome", en="Nickname")),
                _text("birthday", t(it="Data di nascita", en="Birthday"), type="date", most=10),
                class_name="two-cols",
            ),
            rx.el.div(
                rx.el.label(t(it="Note", en="Notes"), html_for="contact-notes"),
                rx.el.textarea(
                    id="contact-notes",
                    name="notes",
                    default_value=Contacts.values["notes"],
                    rows=3,
                    max_length=LONGEST_NOTES + SPARE,
                    class_name="in",
                ),
                _fault("notes"),
                class_name="field",
            ),
            class_name="dialog-body stack",
        ),
        rx.el.footer(
            rx.cond(number_of(Contacts.namesakes) > 0, _namesakes()),
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="button",
                class_name="btn",
                on_click=Contacts.put_away,
            ),
        ),
        id=FORM,
        on_submit=Contacts.save,
        no_validate=True,
        key=text_of(Contacts.edited) + "-" + text_of(Contacts.clashes) + "-" + Contacts.theirs,
        custom_attrs=watched(text_of(Contacts.fault_count), every=True),
        class_name="dialog-form",
    )


def _namesakes() -> rx.Component:
    """There is one of this name: is it the same person?"""
    return rx.el.div(
        rx.el.p(
            rx.el.b(
                t(it="Hai già un contatto con questo nome.", en="You have a contact of this name.")
            ),
            t(it=" È la stessa persona?", en=" Is it the same person?"),
        ),
        rx.foreach(
            Contacts.namesakes,
            lambda each: rx.el.button(
                icon("user-check", "s"),
                rx.el.span(
                    t(it=f"Aggiungi a {each.title}", en=f"Add to {each.title}"),
                    rx.cond(each.company != "", rx.el.span(", ", each.company)),
                    rx.cond(each.number != "", rx.el.span(" (", each.number, ")")),
                    class_name="any",
                ),
                type="button",
                class_name="btn pri",
                on_click=Contacts.add_to(each.id),
                key=text_of(each.id),
            ),
        ),
        rx.el.button(
            t(it="Crea comunque", en="Create anyway"),
            type="button",
            class_name="btn",
            on_click=Contacts.create_anyway,
        ),
        class_name="namesakes",
        role="alert",
    )


def _fault(name: str) -> rx.Component:
    said = Contacts.faults.get(name, "")
    return rx.cond(
        said != "",
        rx.el.p(icon("circle-alert", "xs"), said, id=f"{name}-wrong", class_name="err"),
    )


def _text(
    name: str, label: Any, *, type: str = "text", most: int = LONGEST_NAME, value: Any = None
) -> rx.Component:
    wrong = Contacts.faults.get(name, "") != ""
    return rx.el.div(
        rx.el.label(label, html_for=f"contact-{name}"),
        rx.el.div(
            rx.el.input(
                id=f"contact-{name}",
                name=name,
                type=type,
                default_value=Contacts.values[name] if value is None else value,
                max_length=most + SPARE,
                auto_complete=AUTOCOMPLETE,
                aria_invalid=wrong,
                aria_describedby=f"{name}-wrong",
            ),
            class_name=rx.cond(wrong, "in bad", "in"),
        ),
        _fault(name),
        class_name="field",
    )


def _number(row: Any) -> rx.Component:
    place = text_of(row.place)
    wrong = row.fault != ""
    return rx.el.div(
        rx.el.select(
            *(rx.el.option(t(it=it, en=en), value=kind) for kind, (it, en) in KINDS.items()),
            name="kind-" + place,
            default_value=row.kind,
            aria_label=t(it="Tipo del numero ", en="Kind of number ") + text_of(row.place + 1),
            class_name="in sel",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.input(
                    name="number-" + place,
                    type="text",
                    input_mode="tel",
                    default_value=row.number,
                    max_length=80,
                    auto_complete=AUTOCOMPLETE,
                    aria_label=t(it="Numero ", en="Number ") + text_of(row.place + 1),
                    aria_invalid=wrong,
                    aria_describedby="number-wrong-" + place,
                ),
                class_name=rx.cond(wrong, "in bad", "in"),
            ),
            rx.cond(
                wrong,
                rx.el.p(
                    icon("circle-alert", "xs"),
                    row.fault,
                    id="number-wrong-" + place,
                    class_name="err",
                ),
            ),
            class_name="grow",
        ),
        class_name="number-row",
        key=place,
    )


def _address(n: int) -> rx.Component:
    name = f"address-{n}"
    words = (
        t(it="Indirizzo", en="Address") if not n else t(it="Altro indirizzo", en="Other address")
    )
    return rx.el.details(
        rx.el.summary(words),
        rx.el.div(
            rx.el.div(
                rx.el.label(t(it="Tipo", en="Kind"), html_for=f"contact-{name}-kind"),
                rx.el.select(
                    *(
                        rx.el.option(t(it=it, en=en), value=kind)
                        for kind, (it, en) in PLACES.items()
                    ),
                    id=f"contact-{name}-kind",
                    name=f"{name}-kind",
                    default_value=Contacts.values[f"{name}-kind"],
                    class_name="in sel",
                ),
                class_name="field",
            ),
            _text(f"{name}-street", t(it="Via", en="Street"), most=LONGEST_PART),
            _text(f"{name}-zip", t(it="CAP", en="Postal code"), most=LONGEST_PART),
            _text(f"{name}-city", t(it="Città", en="City"), most=LONGEST_PART),
            _text(f"{name}-region", t(it="Provincia", en="Province"), most=LONGEST_PART),
            _text(f"{name}-country", t(it="Paese", en="Country"), most=LONGEST_PART),
            class_name="two-cols",
        ),
        _fault(name),
        open=Contacts.values[f"{name}-street"] + Contacts.values[f"{name}-city"] != "",
    )
