"""The administrator's role on every page: the strip that says one is in it, and the way back.

Also the strip over the portal as somebody else sees it. Both are plain posts (role_routes.py).
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.unsaved import LEAVES
from officesmart.i18n import t
from officesmart.page import BEHIND, Portal
from officesmart.theme import icon

VIEW_AS = "/admin/vedi-come"
"Where an administrator goes from a line, with ?interno=, to see the portal as it does."


def strip(*, always: bool) -> rx.Component:
    """Who one is just now, when it is not simply oneself.

    always: on a page of the administration, that opens in this role only: nothing moves when the
    server has said who is here.
    """
    administrator = _strip(
        "shield-check",
        rx.fragment(
            rx.el.span(
                t(it="Profilo amministratore", en="Administrator profile"), class_name="hide-s"
            ),
            rx.el.span(t(it="Amministratore", en="Administrator"), class_name="only-s"),
        ),
        t(it=" · ogni modifica è nel registro", en=" · every change is logged"),
        back(
            "/session/role/end",
            t(it="Torna al profilo utente", en="Back to my user profile"),
            class_name="way-back",
        ),
    )
    if always:
        return administrator
    return rx.cond(
        Portal.viewing,
        _strip(
            "eye",
            rx.fragment(t(it="Vedi come ", en="Seeing as "), Portal.me),
            t(
                it=" · sola lettura, i messaggi non si ascoltano",
                en=" · reading only, messages cannot be listened to",
            ),
            back(
                "/session/view/end",
                t(it="Esci dalla vista", en="Leave this view"),
                class_name="way-back",
            ),
            kind="viewing",
        ),
        rx.cond(Portal.elevated, administrator),
    )


def _strip(
    glyph: str, title: Any, words: Any, way_back: rx.Component, *, kind: str = ""
) -> rx.Component:
    return rx.el.section(
        rx.el.p(
            icon(glyph, "s"),
            rx.el.span(
                rx.el.b(title),
                rx.el.span(words, class_name="hide-s"),
            ),
        ),
        way_back,
        class_name=f"role-strip {kind}".strip(),
        aria_label=t(it="Ruolo", en="Role"),
    )


def back(action: str, words: Any, **props: Any) -> rx.Component:
    """A button that posts and goes where the answer says."""
    return rx.el.form(
        rx.el.button(words, type="submit", custom_attrs=LEAVES, **props),
        method="post",
        action=f"{BEHIND}{action}",
        custom_attrs={"data-session": "role"},
    )
