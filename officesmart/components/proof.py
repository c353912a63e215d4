"""The fields with which somebody who is signed in proves again who they are.

For a form that portal.js posts (`data-session`): what is typed goes to the server only.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import icon


def proof(extension: Any, asks_code: Any) -> rx.Component:
    """The password, with `asks_code` a code too, and what was wrong with them.

    `extension` tells password keepers whose they are.
    """
    return rx.el.div(
        rx.el.input(
            type="text",
            name="username",
            value=extension,
            auto_complete="username",
            read_only=True,
            hidden=True,
        ),
        rx.el.div(
            rx.el.label(t(it="Password", en="Password"), html_for="proof-password"),
            rx.el.div(
                icon("lock", "s mut"),
                rx.el.input(
                    id="proof-password",
                    name="password",
                    type="password",
                    auto_complete="current-password",
                    required=True,
                    max_length=200,
                    auto_focus=True,
                    aria_describedby="proof-error",
                    custom_attrs={"data-password": ""},
                ),
                rx.el.button(
                    icon("eye", "s"),
                    type="button",
                    class_name="ib eye",
                    aria_label=t(it="Mostra la password", en="Show the password"),
                    aria_pressed=False,
                    custom_attrs={"data-reveal": "proof-password"},
                ),
                class_name="in",
            ),
            class_name="field",
        ),
        rx.cond(
            asks_code,
            rx.el.div(
                rx.el.label(t(it="Codice", en="Code"), html_for="proof-code"),
                rx.el.div(
                    icon("key-round", "s mut"),
                    rx.el.input(
                        id="proof-code",
                        name="code",
                        type="text",
                        auto_complete="one-time-code",
                        auto_capitalize="none",
                        spell_check=False,
                        required=True,
                        max_length=40,
                        aria_describedby="proof-code-hint proof-error",
                    ),
                    class_name="in",
                ),
                rx.el.p(
                    t(
                        it="Quello di 6 cifre dell'applicazione, o un codice di recupero.",
                        en="The 6 digits of your application, or a recovery code.",
                    ),
                    id="proof-code-hint",
                    class_name="hint",
                ),
                class_name="field",
            ),
        ),
        rx.el.div(
            rx.el.p(
                icon("circle-alert", "s"),
                rx.el.span(
                    custom_attrs={
                        "data-said": "",
                        "data-wrong": rx.cond(
                            asks_code,
                            t(
                                it="La password o il codice non sono giusti.",
                                en="The password or the code is not right.",
                            ),
                            t(it="La password non è giusta.", en="That is not your password."),
                        ),
                        "data-nokey": t(
                            it="Nessuna passkey mostrata: riprova.",
                            en="No passkey was shown: try again.",
                        ),
                        "data-badkey": t(
                            it="Questa passkey non vale per il tuo interno.",
                            en="This passkey is not good for your extension.",
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
            id="proof-error",
            role="alert",
        ),
        class_name="stack",
    )
