"""Signing in (guide 2.2). The form is a plain post: the password never meets the page's state."""

from __future__ import annotations

import reflex as rx

from officesmart.components.shell import bare
from officesmart.i18n import known, t
from officesmart.page import BEHIND, SIGN_IN, Page, Portal, anybody, go_on
from officesmart.theme import icon, mark


class SignIn(Portal):
    """The door: what it says, and where it leads."""

    per: str = "/"
    "Where to go on to."
    ended: bool = False
    "The last session ended by itself."

    @anybody
    async def arrive(self) -> None:
        """The page opens. Whoever is signed in already goes on."""
        asked = self.router.url.query_parameters
        self._speak("en" if "language=en" in self.router.headers.cookie else "it")
        self.per, self.ended = go_on(asked.get("per", "/")), "fine" in asked
        self.away = ""
        if await self._who() is not None:
            self.away = self.per

    @anybody
    async def choose(self, language: str) -> None:
        """The other language."""
        self._speak(known(language))


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """The form on paper, the picture of a call beside it."""
    return rx.el.main(
        rx.el.section(
            mark(href=""),
            rx.el.div(
                rx.el.h1(
                    t(it="Accedi al tuo centralino", en="Sign in to your switchboard"), id="title"
                ),
                rx.el.p(
                    t(
                        it="Messaggi, chiamate e risposte del tuo interno.",
                        en="Messages, calls and answers of your extension.",
                    ),
                    class_name="t2",
                ),
                rx.cond(
                    SignIn.ended,
                    rx.el.p(
                        icon("clock"),
                        t(
                            it="La sessione si è chiusa dopo 30 minuti senza attività.",
                            en="The session ended after 30 minutes without activity.",
                        ),
                        class_name="note p-info",
                        role="status",
                    ),
                ),
                _form(),
                rx.el.p(
                    t(
                        it="Su un computer condiviso, quando hai finito scegli Esci dal menù "
                        "utente. Dopo 30 minuti senza attività la sessione si chiude da sola.",
                        en="On a shared computer choose Sign out from the user menu when you have "
                        "finished. After 30 minutes without activity the session ends by itself.",
                    ),
                    class_name="hint",
                ),
                class_name="mid",
            ),
            rx.el.div(_language(), class_name="row foot"),
            class_name="form",
            aria_labelledby="title",
        ),
        rx.el.aside(_picture(), aria_hidden=True),
        class_name="si",
        id="contenuto",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.label(
                t(it="Numero di telefono o interno", en="Telephone number or extension"),
                html_for="number",
            ),
            rx.el.div(
                icon("phone", "s mut"),
                rx.el.input(
                    id="number",
                    name="number",
                    type="text",
                    input_mode="tel",
                    auto_complete="username",
                    required=True,
                    max_length=40,
                    auto_focus=True,
                ),
                class_name="in",
            ),
            class_name="field",
        ),
        rx.el.div(
            rx.el.label(t(it="Password", en="Password"), html_for="password"),
            rx.el.div(
                icon("lock", "s mut"),
                rx.el.input(
                    id="password",
                    name="password",
                    type="password",
                    auto_complete="current-password",
                    required=True,
                    max_length=200,
                    aria_describedby="sign-in-error",
                    custom_attrs={"data-password": ""},
                ),
                rx.el.button(
                    icon("eye", "s"),
                    type="button",
                    class_name="ib eye",
                    aria_label=t(it="Mostra la password", en="Show the password"),
                    aria_pressed=False,
                    custom_attrs={"data-reveal": "password"},
                ),
                class_name="in",
            ),
            class_name="field",
        ),
        rx.el.input(type="hidden", name="next", value=SignIn.per, read_only=True),
        rx.el.div(
            rx.el.p(
                icon("circle-alert", "s"),
                rx.el.span(
                    custom_attrs={
                        "data-said": "",
                        "data-wrong": t(
                            it="Numero o password non corretti.",
                            en="Wrong number or password.",
                        ),
                        "data-wait": t(
                            it="Troppi tentativi sbagliati: riprova tra {minutes} min.",
                            en="Too many wrong attempts: try again in {minutes} min.",
                        ),
                        "data-away": t(
                            it="Il portale non risponde: riprova tra poco.",
                            en="The portal does not answer: try again shortly.",
                        ),
                    }
                ),
                class_name="note p-dnd",
                hidden=True,
                custom_attrs={"data-error": ""},
            ),
            id="sign-in-error",
            role="alert",
        ),
        rx.el.button(t(it="Accedi", en="Sign in"), type="submit", class_name="btn pri lg"),
        method="post",
        action=f"{BEHIND}/session/in",
        class_name="stack",
        custom_attrs={"data-session": "in"},
    )


def _language() -> rx.Component:
    def button(language: str, words: str) -> rx.Component:
        return rx.el.button(
            icon("languages", "s"),
            words,
            type="button",
            lang=language,
            class_name="btn quiet sm",
            on_click=SignIn.choose(language),
            custom_attrs={"data-language": language},
        )

    return rx.cond(Portal.english, button("it", "Italiano"), button("en", "English"))


def _picture() -> rx.Component:
    def stop(glyph: str, when: object, words: object, kind: str = "go") -> rx.Component:
        return rx.el.div(
            rx.el.span(icon(glyph), class_name="pt"),
            rx.el.span(when, class_name="when"),
            rx.el.b(words),
            class_name=f"stop {kind}".strip(),
        )

    return rx.el.div(
        stop(
            "phone-incoming",
            "09:41:07",
            t(it="Un cliente chiama l'ufficio", en="A customer calls the office"),
        ),
        stop(
            "bell-ring",
            t(it="dopo 2 s", en="after 2 s"),
            t(it="Squilla la tua scrivania", en="Your desk phone rings"),
        ),
        stop(
            "voicemail",
            t(it="dopo 30 s", en="after 30 s"),
            t(it="Risponde la segreteria", en="Voicemail answers"),
        ),
        stop(
            "check",
            t(it="subito", en="at once"),
            t(it="Il messaggio è qui", en="The message is here"),
            kind="",
        ),
        class_name="route v art",
    )


PAGE = Page(
    route=SIGN_IN,
    view=view,
    on_load=SignIn.arrive,
    it="Accesso",
    en="Sign in",
    needs="anybody",
    frame=bare,
)
