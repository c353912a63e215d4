"""Dettagli personali and Dispositivi on the profile page. Pieces only."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.style import color_mode, set_color_mode  # the choice itself, 'system' included

from officesmart.components import dialogs
from officesmart.components.around import Around
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.pages._profile_state import BrowserCard, PhoneCard, Profile
from officesmart.theme import chip, empty, icon, number_of, panel, text_of

# -- Dettagli personali (guide 10.1) ------------------------------------------------------------


def details() -> rx.Component:
    """Who the line is; what only the administrator changes, and what is one's own choice."""
    nothing = t(it="nessuna", en="none")
    return panel(
        t(it="Dettagli personali", en="Personal details"),
        rx.el.div(
            rx.el.dl(
                _fact(t(it="Nome", en="Name"), Portal.me),
                _fact(t(it="Interno", en="Extension"), Portal.extension),
                _fact(
                    t(it="Numero", en="Number"),
                    rx.cond(Portal.number != "", Portal.number, t(it="nessuno", en="none")),
                ),
                rx.cond(Profile.site != "", _fact(t(it="Sede", en="Site"), Profile.site)),
                _fact(
                    t(it="Ruolo", en="Role"),
                    rx.cond(
                        Portal.is_admin,
                        t(it="Amministratore", en="Administrator"),
                        t(it="Utente", en="User"),
                    ),
                ),
                _fact(
                    t(it="E-mail per i messaggi", en="E-mail for messages"),
                    rx.cond(Profile.post != "", Profile.post, nothing),
                ),
                class_name="facts",
            ),
            rx.el.p(
                t(
                    it="Se qualcosa non è giusto, lo cambia il tuo amministratore.",
                    en="If something is wrong, your administrator can change it.",
                ),
                class_name="hint",
            ),
            _choices(
                t(it="Lingua", en="Language"),
                *(
                    _choice(
                        words,
                        pressed=Portal.english == english,
                        on_click=Around.choose_language(language),
                        lang=language,
                        custom_attrs={"data-language": language},
                    )
                    for language, words, english in (
                        ("it", "Italiano", False),
                        ("en", "English", True),
                    )
                ),
            ),
            _choices(
                t(it="Aspetto", en="Appearance"),
                _choice(
                    t(it="Automatico", en="Automatic"),
                    pressed=color_mode == "system",
                    on_click=set_color_mode("system"),
                ),
                _choice(
                    t(it="Chiaro", en="Light"),
                    pressed=color_mode == "light",
                    on_click=set_color_mode("light"),
                ),
                _choice(
                    t(it="Scuro", en="Dark"),
                    pressed=color_mode == "dark",
                    on_click=set_color_mode("dark"),
                ),
                hint=t(
                    it="La lingua ti segue ovunque; l'aspetto resta in questo browser.",
                    en="The language follows you; the appearance stays in this browser.",
                ),
            ),
            class_name="pad stack",
        ),
        id="dettagli",
    )


def _fact(name: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value, class_name="num"), class_name="fact")


def _choices(label: Any, *buttons: rx.Component, hint: Any = None) -> rx.Component:
    return rx.el.div(
        rx.el.span(label, class_name="label", aria_hidden=True),
        rx.el.div(*buttons, class_name="seg", role="group", aria_label=label),
        rx.el.p(hint, class_name="hint") if hint is not None else rx.fragment(),
        class_name="field",
    )


def _choice(words: Any, *, pressed: Any, **props: Any) -> rx.Component:
    return rx.el.button(
        words,
        type="button",
        class_name="btn",
        aria_pressed=rx.cond(pressed, "true", "false"),
        **props,
    )


# -- Dispositivi --------------------------------------------------------------------------------


def device_panel() -> rx.Component:
    """Phones registered now, browsers signed in, browsers remembered."""
    return panel(
        t(it="Dispositivi", en="Devices"),
        _part(
            t(it="Telefoni collegati", en="Phones connected"),
            rx.cond(
                number_of(Profile.phones_here) > 0,
                rx.el.ul(rx.foreach(Profile.phones_here, _phone), class_name="rows"),
                empty(
                    "phone-off",
                    t(it="Nessun telefono collegato", en="No phone connected"),
                    t(
                        it="Quando un telefono si collega con le tue credenziali compare qui. "
                        "Le credenziali le dà l'amministratore.",
                        en="A phone that signs in with your credentials appears here. "
                        "The administrator gives you the credentials.",
                    ),
                ),
            ),
        ),
        _part(
            t(it="Browser in uso", en="Browsers in use"),
            rx.el.ul(rx.foreach(Profile.browsers, _browser), class_name="rows"),
            aside=rx.el.button(
                icon("log-out", "s"),
                t(it="Esci ovunque", en="Sign out everywhere"),
                type="button",
                class_name="btn sm dtext end",
                on_click=Profile.ask_everywhere,
                aria_haspopup="dialog",
            ),
        ),
        rx.cond(
            number_of(Profile.remembered) > 0,
            _part(
                t(it="Browser ricordati", en="Remembered browsers"),
                rx.el.ul(rx.foreach(Profile.remembered, _remembered), class_name="rows"),
                hint=t(
                    it="Trovano il numero già scritto e non chiedono il secondo passaggio.",
                    en="They have the number filled in and ask for no second step.",
                ),
            ),
        ),
        id="dispositivi",
    )


def _part(
    title: Any, content: rx.Component, *, aside: Any = None, hint: Any = None
) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h3(title),
            *([aside] if aside is not None else []),
            class_name="row part-head",
        ),
        *([rx.el.p(hint, class_name="hint part-hint")] if hint is not None else []),
        content,
        class_name="part",
    )


def _phone(card: PhoneCard) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.match(
                card.glyph,
                *((glyph, icon(glyph)) for glyph in _GLYPHS),
                icon("phone"),
            ),
            class_name="ico",
        ),
        rx.el.div(
            rx.el.b(rx.cond(card.name != "", card.name, card.kind)),
            rx.el.span(
                rx.cond(card.name != "", rx.fragment(card.kind, " · "), ""),
                rx.cond(
                    card.account != "",
                    rx.fragment(t(it="account ", en="account "), card.account, " · "),
                    "",
                ),
                t(it="visto ", en="seen "),
                card.seen,
                class_name="small t2",
            ),
            rx.el.span(
                card.source, " · ", card.transport, " · ", card.agent, class_name="small t3 agent"
            ),
            class_name="grow two",
        ),
        rx.el.button(
            t(it="Scollega", en="Sign out"),
            rx.el.span(" ", card.name, class_name="vh"),
            type="button",
            class_name="btn sm",
            on_click=Profile.sign_out_phone(card.id),
        ),
        key=text_of(card.id),
    )


_GLYPHS = ("phone", "speaker", "smartphone", "monitor", "router", "door-closed")


def _browser(card: BrowserCard) -> rx.Component:
    return rx.el.li(
        _screen(card),
        rx.el.div(
            rx.el.span(
                rx.el.b(card.name),
                rx.cond(
                    card.here,
                    chip(t(it="questo browser", en="this browser"), kind="available"),
                ),
                class_name="row wrap tight",
            ),
            rx.el.span(
                rx.cond(
                    card.here,
                    rx.fragment(t(it="entrato ", en="signed in "), card.since),
                    rx.fragment(
                        t(it="usato ", en="used "), card.seen,
                        t(it=", entrato ", en=", signed in "), card.since,
                    ),
                ),
                class_name="small t2",
            ),
            rx.cond(card.address != "", rx.el.span(card.address, class_name="small t3 num")),
            class_name="grow two",
        ),
        rx.cond(
            card.here,
            rx.el.button(
                t(it="Esci", en="Sign out"),
                type="button",
                class_name="btn sm",
                custom_attrs={"data-sign-out": ""},
            ),
            rx.el.button(
                t(it="Scollega", en="Sign out"),
                rx.el.span(" ", card.name, class_name="vh"),
                type="button",
                class_name="btn sm",
                on_click=Profile.sign_out_browser(card.id),
            ),
        ),
        key=text_of(card.id),
    )  # fmt: skip


def _remembered(card: BrowserCard) -> rx.Component:
    return rx.el.li(
        _screen(card),
        rx.el.div(
            rx.el.b(card.name),
            rx.el.span(
                t(it="usato ", en="used "),
                card.seen,
                rx.cond(card.address != "", rx.fragment(" · ", card.address), ""),
                class_name="small t2",
            ),
            class_name="grow two",
        ),
        rx.el.button(
            t(it="Dimentica", en="Forget"),
            rx.el.span(" ", card.name, class_name="vh"),
            type="button",
            class_name="btn sm",
            on_click=Profile.forget_browser(card.id),
        ),
        key=text_of(card.id),
    )


def _screen(card: BrowserCard) -> rx.Component:
    return rx.el.span(rx.cond(card.pocket, icon("smartphone"), icon("monitor")), class_name="ico")


def question() -> rx.Component:
    """Esci ovunque: are you sure?"""
    return dialogs.question(
        "everywhere",
        t(it="Uscire da tutti i browser?", en="Sign out of every browser?"),
        rx.el.p(
            t(
                it="Anche da questo: dovrai accedere di nuovo. I browser ricordati vengono "
                "dimenticati. I telefoni restano collegati.",
                en="Of this one too: you will have to sign in again. Remembered browsers are "
                "forgotten. Phones stay connected.",
            ),
            class_name="t2",
        ),
        is_open=Profile.asks_everywhere,
        does=dialogs.danger(
            t(it="Esci ovunque", en="Sign out everywhere"), Profile.everywhere, glyph=""
        ),
        spares=Profile.spare,
    )
