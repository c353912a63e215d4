"""Pieces that every page of the administration is made of: its navigation, fields and dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import icon, link

WHOLE: dict[str, Any] = {"custom_attrs": {"reloadDocument": True}}
"""For a link to a file: the browser fetches it, not the portal's own navigation. Give such a link
no aria_label: Reflex writes that into this very dictionary, and every link would have it."""
ROOMS = (
    ("/admin/interni", "phone", "Interni", "Lines"),
    ("/admin/sedi", "building-2", "Sedi", "Sites"),
    ("/admin/numeri", "phone-incoming", "Numeri", "Numbers"),
    ("/admin/orari", "clock", "Orari e festività", "Hours and holidays"),
    ("/admin/codici-brevi", "hash", "Codici brevi", "Short codes"),
    ("/admin/pickup", "users", "Gruppi di Pick-Up", "Pickup groups"),
    ("/admin/trunk", "cable", "Linee esterne", "Trunks"),
    ("/admin/uscita", "phone-outgoing", "Chiamate esterne", "Outside calls"),
    ("/admin/codici-servizi", "asterisk", "Codici dei servizi", "Star codes"),
    ("/admin/impostazioni", "settings", "Impostazioni", "Settings"),
    ("/admin/importa", "arrow-down-up", "Importa e copie", "Import and backup"),
    ("/admin/posta", "mail", "Posta", "Mail"),
    ("/admin/registro", "history", "Registro modifiche", "Change log"),
    ("/centralino", "activity", "Centralino", "Switchboard"),
)
"Route, icon and name of each; only pages that work."
GROUPS = {
    "/admin/interni": ("Persone", "People"),
    "/admin/numeri": ("Chiamate", "Calls"),
    "/admin/impostazioni": ("Ufficio", "Office"),
    "/admin/registro": ("Controllo", "Monitoring"),
}
"The heading above the first room of each group."


def administration(here: str, *content: Any, **props: Any) -> rx.Component:
    """A page of the administration: its navigation beside (on narrow screens above) the content."""
    return rx.el.div(
        rx.el.nav(
            *(piece for room in ROOMS for piece in _room(here, *room)),
            class_name="adm-nav",
            aria_label=t(it="Amministrazione", en="Administration"),
        ),
        *content,
        **{"class_name": "adm", **props},
    )


def _room(here: str, route: str, glyph: str, it: str, en: str) -> list[rx.Component]:
    """A link of the navigation, under the heading of its group when it is the first there."""
    heading = GROUPS.get(route)
    return [
        *([rx.el.p(t(it=heading[0], en=heading[1]), class_name="adm-group")] if heading else []),
        link(
            icon(glyph),
            rx.el.span(t(it=it, en=en)),
            href=route,
            **({"aria_current": "page"} if route == here else {}),
        ),
    ]


def room_of(route: str) -> str:
    """The room that a page of the administration belongs to; '' for none."""
    return next((room for room, *_ in ROOMS if f"{route}/".startswith(f"{room}/")), "")


def field(
    name: str,
    label: Any,
    control: rx.Component,
    *,
    fault: Any = "",
    hint: Any = None,
) -> rx.Component:
    """A control with its label above, and what is wrong (or good to know) below."""
    return rx.el.div(
        rx.el.label(label, html_for=f"f-{name}"),
        control,
        rx.cond(
            fault != "",
            rx.el.p(
                icon("circle-alert", "xs"),
                rx.el.span(fault),
                id=f"e-{name}",
                class_name="err",
            ),
            rx.el.p(hint, id=f"e-{name}", class_name="hint") if hint is not None else rx.fragment(),
        ),
        class_name="field",
    )


def entry(name: str, value: Any, *, fault: Any, kind: str = "text", **props: Any) -> rx.Component:
    """A text field of a watched form; the browser knows what was in it."""
    attrs = {"data-was": value, **props.pop("custom_attrs", {})}
    return rx.el.input(
        id=f"f-{name}",
        name=name,
        type=kind,
        default_value=value,
        auto_complete="off",
        aria_invalid=rx.cond(fault != "", "true", "false"),
        aria_describedby=f"e-{name}",
        class_name=rx.cond(fault != "", "in bad", "in"),
        custom_attrs=attrs,
        **props,
    )


def choice(name: str, value: Any, options: Sequence[tuple[str, Any]], **props: Any) -> rx.Component:
    """One of a few, in a watched form."""
    return rx.el.select(
        *(rx.el.option(words, value=key) for key, words in options),
        id=f"f-{name}",
        name=name,
        default_value=value,
        aria_describedby=f"e-{name}",
        class_name="in sel",
        custom_attrs={"data-was": value},
        **props,
    )


def switch(
    name: str, label: Any, hint: Any, value: Any, *, fault: Any = None, **props: Any
) -> rx.Component:
    """On or off, in a watched form."""
    return rx.el.div(
        rx.el.label(
            rx.el.span(
                rx.el.b(label),
                rx.el.span(hint, class_name="hint", id=f"e-{name}"),
                class_name="grow two",
            ),
            rx.el.input(
                id=f"f-{name}",
                name=name,
                type="checkbox",
                default_checked=value,
                class_name="sw",
                aria_describedby=f"e-{name}",
                custom_attrs={"data-was": rx.cond(value, "true", "false")},
                **props,
            ),
            class_name="row",
        ),
        rx.cond(
            fault != "", rx.el.p(icon("circle-alert", "xs"), rx.el.span(fault), class_name="err")
        )
        if fault is not None
        else rx.fragment(),
        class_name="switch",
    )


def pager(first: Any, last: Any, total: Any, back: Any, on: Any) -> rx.Component:
    """Which rows are shown of how many, and the way to the others."""
    return rx.el.div(
        rx.el.span(
            rx.cond(
                total > 0,
                t(it=f"{first}–{last} di {total}", en=f"{first}–{last} of {total}"),
                t(it="nessuna riga", en="no rows"),
            ),
            class_name="small t2 num",
            role="status",
        ),
        rx.el.button(
            icon("chevron-left"),
            type="button",
            class_name="ib",
            aria_label=t(it="Pagina precedente", en="Previous page"),
            disabled=first <= 1,
            on_click=back,
        ),
        rx.el.button(
            icon("chevron-right"),
            type="button",
            class_name="ib",
            aria_label=t(it="Pagina successiva", en="Next page"),
            disabled=last >= total,
            on_click=on,
        ),
        class_name="pager",
    )
