"""Sicurezza on the profile page (guide 10.3): its cards in order, and what happened lately."""

from __future__ import annotations

import reflex as rx

from officesmart.i18n import t
from officesmart.pages._profile_secrets import (
    email_card,
    mailbox_card,
    password_card,
    services_card,
)
from officesmart.pages._profile_state import DeedCard, Profile
from officesmart.pages._profile_steps import paper_card, passkeys_card, two_step_card
from officesmart.theme import empty, icon, number_of, panel


def safety() -> rx.Component:
    """Everything about how one signs in."""
    return panel(
        t(it="Sicurezza", en="Security"),
        rx.el.ul(
            password_card(),
            mailbox_card(),
            email_card(),
            services_card(),
            two_step_card(),
            rx.cond(Profile.two_step | (number_of(Profile.keys) > 0), paper_card()),
            passkeys_card(),
            class_name="cards",
        ),
        id="sicurezza",
    )


def history() -> rx.Component:
    """The latest that happened to how one signs in."""
    return panel(
        t(it="Attività recenti", en="Recent activity"),
        rx.cond(
            number_of(Profile.deeds) > 0,
            rx.el.ul(rx.foreach(Profile.deeds, _happened), class_name="rows deeds"),
            empty(
                "history",
                t(it="Ancora niente", en="Nothing yet"),
                t(
                    it="Qui compare ogni cambio di password, PIN, e-mail e passaggi di accesso.",
                    en="Every change of password, PIN, e-mail and sign-in steps appears here.",
                ),
            ),
        ),
        id="attivita",
    )


def _happened(card: DeedCard) -> rx.Component:
    glyphs = (
        *("key-round", "mail", "shield-check", "shield-off", "file-key", "fingerprint"),
        *("unplug", "log-out", "plus", "trash-2"),
    )
    return rx.el.li(
        rx.el.span(
            rx.match(card.glyph, *((glyph, icon(glyph)) for glyph in glyphs), icon("pencil")),
            class_name="ico",
        ),
        rx.el.div(
            rx.el.b(card.what),
            rx.el.span(
                rx.el.time(card.at, date_time=card.iso),
                rx.cond(
                    card.who != "",
                    rx.fragment(t(it=", da ", en=", by "), card.who),
                    "",
                ),
                rx.cond(
                    card.address != "",
                    rx.fragment(t(it=", da ", en=", from "), card.address),
                    "",
                ),
                class_name="small t2",
            ),
            class_name="grow two",
        ),
    )
