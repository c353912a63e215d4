"""How the portal looks: the style sheets in their order, and the few pieces every page is made of.

All colours, sizes and durations are in `assets/tokens.css`; no other file names one.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink  # type: ignore[import-untyped]

STYLESHEETS = [
    "/tokens.css",
    "/components.css",
    "/radix-bridge.css",
    "/portal.css",
    "/door.css",
    "/administration.css",
    "/profile.css",
    "/outside.css",
    "/call_manager.css",
    "/contacts.css",
    "/dialler.css",
    "/services.css",
    "/pickup.css",
    "/explain.css",
    "/incoming_call.css",
]
MARK = "M6.5 19.5h4.2a3 3 0 0 0 3-3v-5a3 3 0 0 1 3-3h4.8"


def icon(name: str, size: str = "", **props: Any) -> rx.Component:
    """A line drawing; never the only carrier of a meaning, so hidden from screen readers."""
    props.setdefault("aria_hidden", True)
    kind = props.pop("class_name", f"i {size}".strip())
    return rx.icon(name, class_name=kind, **props)


def mark(*, href: str = "/") -> rx.Component:
    """The sign of Office Smart; a link home, or (href empty) just the sign."""
    sign = rx.el.svg(
        rx.el.svg.rect(width=28, height=28, rx=7, fill="currentColor"),
        rx.el.svg.path(
            d=MARK,
            fill="none",
            stroke="var(--on-accent)",
            stroke_width="2.2",
            stroke_linecap="round",
        ),
        rx.el.svg.circle(cx="6.8", cy="19.5", r="2.3", fill="var(--on-accent)"),
        rx.el.svg.circle(cx="21.2", cy="8.5", r="2.3", fill="var(--on-accent)"),
        view_box="0 0 28 28",
        aria_hidden=True,
    )
    words = rx.el.span("Office Smart")
    if not href:
        return rx.el.div(sign, words, class_name="mark")
    return link(sign, words, href=href, class_name="mark")


def link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link inside the portal: the page changes without loading everything again."""
    return ReactRouterLink.create(*children, to=href, **props)


def hidden(*words: Any, **props: Any) -> rx.Component:
    """Words for screen readers only."""
    return rx.el.span(*words, class_name="vh", **props)


def dot(presence: Any, **props: Any) -> rx.Component:
    """A presence: colour and glyph; the word stands beside it, visible or not."""
    return rx.el.span(
        rx.match(
            presence,
            ("available", icon("check")),
            ("busy", icon("phone")),
            ("ringing", icon("bell")),
            ("dnd", icon("minus")),
            ("warning", icon("triangle-alert")),
            icon("x"),
        ),
        class_name="dot p-" + presence if isinstance(presence, str) else f"dot p-{presence}",
        **props,
    )


def chip(*words: Any, kind: str = "", glyph: str = "") -> rx.Component:
    """A small label; `kind` is a presence or 'info'."""
    inside = ([icon(glyph)] if glyph else []) + list(words)
    return rx.el.span(*inside, class_name=f"chip p-{kind}" if kind else "chip")


def note(*words: Any, kind: str = "info", glyph: str = "info", **props: Any) -> rx.Component:
    """A remark in a coloured box."""
    return rx.el.div(
        icon(glyph), rx.el.div(*words, class_name="grow"), class_name=f"note p-{kind}", **props
    )


def empty(glyph: str, title: Any, words: Any, *next_step: rx.Component) -> rx.Component:
    """What a list shows when it has nothing: what is missing, when it fills, one next step."""
    return rx.el.div(
        rx.el.span(icon(glyph, "l"), class_name="ring"),
        rx.el.h2(title, class_name="empty-title"),
        rx.el.p(words),
        *next_step,
        class_name="empty",
    )


def panel(title: Any, *children: Any, aside: Any = None, **props: Any) -> rx.Component:
    """A white sheet with a title."""
    head = [rx.el.h2(title)] + ([aside] if aside is not None else [])
    props["class_name"] = f"panel {props.get('class_name', '')}".strip()
    return rx.el.section(rx.el.header(*head), *children, **props)


def number_of(items: Any) -> Any:
    """How many there are, for the browser to count."""
    return items.length()


def text_of(value: Any) -> Any:
    """A number as the text that an attribute takes."""
    return value.to_string()
