"""Forms whose fields are secrets: plain posts that assets/profile.js sends and explains.

What is typed goes to a route and nowhere else (docs/decisions/identity.md). The route answers with
faults by field, with what is shown once, or that it is done; `on_done` is an ordinary handler.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.page import BEHIND
from officesmart.theme import icon


def post_form(
    name: str, action: str, *fields: rx.Component, foot: list[rx.Component], **props: Any
) -> rx.Component:
    """A form that posts to `action`; what is wrong with the whole stands above its buttons."""
    attrs = {"data-post": name, **props.pop("custom_attrs", {})}
    return rx.el.form(
        *fields,
        rx.el.div(
            rx.el.p(
                icon("circle-alert", "s"),
                rx.el.span(
                    custom_attrs={
                        "data-said": "",
                        "data-away": t(
                            it="Il portale non risponde: riprova tra poco.",
                            en="The portal does not answer: try again shortly.",
                        ),
                        "data-unable": t(
                            it="Questo browser non sa usare le passkey.",
                            en="This browser cannot use passkeys.",
                        ),
                        "data-stopped": t(
                            it="Non è arrivata nessuna passkey: riprova quando vuoi.",
                            en="No passkey came: try again whenever you like.",
                        ),
                        "data-twice": t(
                            it="Questo dispositivo ha già una tua passkey.",
                            en="This device has a passkey of yours already.",
                        ),
                    }
                ),
                class_name="note p-dnd",
                hidden=True,
                custom_attrs={"data-whole": ""},
            ),
            role="alert",
        ),
        rx.el.div(*foot, class_name="row wrap form-foot"),
        method="post",
        action=f"{BEHIND}/identity/{action}",
        no_validate=True,
        class_name="stack post-form",
        custom_attrs=attrs,
        **props,
    )


def secret(
    form: str, name: str, label: Any, *, complete: str, hint: Any = None, digits: bool = False
) -> rx.Component:
    """A field for a secret, with an eye to look at it.

    complete: what the browser's own keeper of passwords should think of it.
    """
    control = f"{form}-{name}"
    more = {"input_mode": "numeric"} if digits else {}
    return _field(
        control,
        name,
        label,
        rx.el.div(
            rx.el.input(
                id=control,
                name=name,
                type="password",
                auto_complete=complete,
                max_length=200,
                aria_describedby=f"{control}-hint {control}-fault",
                **more,
            ),
            rx.el.button(
                icon("eye", "s"),
                type="button",
                class_name="ib eye",
                aria_label=t(it="Mostra", en="Show"),
                aria_pressed=False,
                custom_attrs={"data-reveal": control},
            ),
            class_name="in",
        ),
        hint=hint,
    )


def plain(form: str, name: str, label: Any, *, hint: Any = None, **props: Any) -> rx.Component:
    """An ordinary text field of such a form."""
    control = f"{form}-{name}"
    return _field(
        control,
        name,
        label,
        rx.el.input(
            id=control,
            name=name,
            class_name="in",
            aria_describedby=f"{control}-hint {control}-fault",
            **{"type": "text", "auto_complete": "off", **props},
        ),
        hint=hint,
    )


def _field(
    control: str, name: str, label: Any, entry: rx.Component, *, hint: Any = None
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=control),
        entry,
        rx.el.p(hint if hint is not None else "", id=f"{control}-hint", class_name="hint"),
        rx.el.p(
            icon("circle-alert", "xs"),
            rx.el.span(custom_attrs={"data-words": ""}),
            id=f"{control}-fault",
            class_name="err",
            hidden=True,
            custom_attrs={"data-fault-of": name},
        ),
        class_name="field",
    )


def present(form: str, **props: Any) -> rx.Component:
    """The present password, which every change asks for."""
    return secret(
        form,
        "present",
        t(it="Password attuale", en="Present password"),
        complete="current-password",
        **props,
    )


def confirm(words: Any, *, cancel: Any, done: Any, form: str) -> list[rx.Component]:
    """Annulla and the button that sends; and the hidden one that the script clicks when done."""
    return [
        rx.el.button(words, type="submit", class_name="btn pri"),
        rx.el.button(
            t(it="Annulla", en="Cancel"), type="button", class_name="btn quiet", on_click=cancel
        ),
        rx.el.button(
            type="button",
            hidden=True,
            tab_index=-1,
            aria_label=t(it="Fatto", en="Done"),
            on_click=done(form),
            custom_attrs={"data-done": ""},
        ),
    ]
