"""The pages before the portal: one form on paper, the picture of a call beside it.

Their forms are plain posts that assets/door.js sends: what is typed never meets a page's State.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import reflex as rx

from officesmart.i18n import known, t
from officesmart.page import BEHIND, SIGN_IN, Portal, anybody, go_on
from officesmart.theme import icon, link, mark


class AtTheDoor(Portal):
    """What every page of the door shares."""

    per: str = "/"
    "Where to go on to."
    remembering: bool = False
    "*Ricordami* was ticked, or this browser is remembered."

    @anybody
    async def choose(self, language: str) -> None:
        """The other language."""
        self._speak(known(language))

    def _arrive(self) -> dict[str, str]:
        """The page opens; what its address asks for."""
        asked = dict(self.router.url.query_parameters)
        self._speak("en" if "language=en" in self.router.headers.cookie else "it")
        self.per, self.away = go_on(asked.get("per", "/")), ""
        self.remembering = asked.get("ricordami") == "1"
        return asked


def door(*parts: rx.Component, aside: bool = True) -> rx.Component:
    """The frame of such a page."""
    return rx.el.main(
        rx.el.section(
            mark(href=""),
            rx.el.div(*parts, class_name="mid"),
            rx.el.div(_language(), class_name="row foot"),
            class_name="form",
            aria_label=t(it="Accesso", en="Sign-in"),
        ),
        rx.el.aside(_picture() if aside else rx.fragment(), aria_hidden=True),
        class_name="si",
        id="contenuto",
    )


def part(name: str, *children: Any, shown: bool = False) -> rx.Component:
    """One of several faces of a page; the browser shows the one that an answer names."""
    return rx.el.div(
        *children,
        class_name="door-part",
        hidden=not shown,
        custom_attrs={"data-part-of-door": name},
    )


def form(
    kind: str, *children: Any, submit: Any, said: Mapping[str, Any], more: Any = None
) -> rx.Component:
    """A form that is posted to /session/<kind>; said: what it says of each error."""
    return rx.el.form(
        *children,
        rx.el.div(
            rx.el.p(
                icon("circle-alert", "s"),
                rx.el.span(custom_attrs={"data-said": "", **_said(said)}),
                class_name="note p-dnd",
                hidden=True,
                custom_attrs={"data-error": ""},
            ),
            id=f"{kind}-error",
            role="alert",
        ),
        rx.el.button(submit, type="submit", class_name="btn pri lg"),
        *([more] if more is not None else []),
        method="post",
        action=f"{BEHIND}/session/{kind}",
        class_name="stack",
        custom_attrs={"data-session": kind},
    )


def _said(said: Mapping[str, Any]) -> dict[str, Any]:
    usual = {
        "wait": t(
            it="Troppi tentativi sbagliati: riprova tra {minutes} min.",
            en="Too many wrong attempts: try again in {minutes} min.",
        ),
        "away": t(
            it="Il portale non risponde: riprova tra poco.",
            en="The portal does not answer: try again shortly.",
        ),
    }
    return {f"data-{key}": words for key, words in {**usual, **said}.items()}


def field(
    name: str,
    label: Any,
    *,
    glyph: str,
    hint: Any = None,
    described: str = "",
    secret: bool = False,
    **props: Any,
) -> rx.Component:
    """A labelled field with a place for what is wrong with it.

    secret: a password, with the eye that shows it. described: the id of what else describes it.
    """
    ids = " ".join(
        each for each in (described, f"{name}-hint" if hint is not None else "", f"{name}-fault")
        if each
    )  # fmt: skip
    props = {"type": "password" if secret else "text", **props}
    attrs = {**props.pop("custom_attrs", {}), **({"data-password": ""} if secret else {})}
    inside = [
        icon(glyph, "s mut"),
        rx.el.input(id=name, name=name, aria_describedby=ids, custom_attrs=attrs, **props),
    ]
    if secret:
        inside.append(
            rx.el.button(
                icon("eye", "s"),
                type="button",
                class_name="ib eye",
                aria_label=t(it="Mostra la password", en="Show the password"),
                aria_pressed=False,
                custom_attrs={"data-reveal": name},
            )
        )
    hints = [rx.el.p(hint, id=f"{name}-hint", class_name="hint")] if hint is not None else []
    return rx.el.div(
        rx.el.label(label, html_for=name),
        rx.el.div(*inside, class_name="in"),
        *hints,
        rx.el.p(
            id=f"{name}-fault",
            class_name="err",
            hidden=True,
            role="alert",
            custom_attrs={"data-fault": name},
        ),
        class_name="field",
    )


def new_password(label: Any) -> tuple[rx.Component, ...]:
    """The two fields of a new password, and its rules."""
    return (
        field(
            "password",
            label,
            glyph="lock",
            secret=True,
            auto_complete="new-password",
            required=True,
            max_length=200,
            hint=t(
                it="Almeno 10 caratteri, senza il tuo nome o numero, senza sequenze come 1234 o "
                "aaaa. Tre parole a caso vanno bene.",
                en="At least 10 characters, without your name or number, without sequences such "
                "as 1234 or aaaa. Three random words will do.",
            ),
        ),
        field(
            "again",
            t(it="Conferma la nuova password", en="Confirm the new password"),
            glyph="lock",
            secret=True,
            auto_complete="new-password",
            required=True,
            max_length=200,
        ),
    )


def kept(**values: Any) -> rx.Component:
    """Fields that nobody sees: where to go on to, whether to remember."""
    return rx.fragment(
        *(
            rx.el.input(type="hidden", name=name, value=value, read_only=True)
            for name, value in values.items()
        )
    )


def remark(glyph: str, words: Any, kind: str = "info") -> rx.Component:
    """A line in a coloured box."""
    return rx.el.p(icon(glyph), words, class_name=f"note p-{kind}", role="status")


def back_to_door() -> rx.Component:
    """To the sign-in page."""
    return link(t(it="Torna all'accesso", en="Back to sign-in"), href=SIGN_IN, class_name="as-link")


def _language() -> rx.Component:
    def button(language: str, words: str) -> rx.Component:
        return rx.el.button(
            icon("languages", "s"),
            words,
            type="button",
            lang=language,
            class_name="btn quiet sm",
            on_click=AtTheDoor.choose(language),
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
