"""The frame of every page: bar, navigation, and what stands around the content.

The navigation draws itself from the pages that exist; nothing leads to a page that doesn't.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from officesmart.components.dialler import dialler, opener
from officesmart.components.incoming_call import incoming_calls
from officesmart.components.person_menu import person_menu
from officesmart.components.remarks import banners, remarks
from officesmart.components.role import strip
from officesmart.components.skeleton import waiting
from officesmart.components.unsaved import leaving
from officesmart.i18n import t
from officesmart.page import BEHIND, LANDING, Page, Portal
from officesmart.theme import hidden, icon, link, mark

CONTENT = "contenuto"
ADMINISTRATION = "/admin/"


def count(number: Any, *, alert: bool, words: Any) -> rx.Component:
    """A small number beside a name; nothing when it is 0."""
    return rx.cond(
        number > 0,
        rx.el.span(
            number,
            hidden(" ", words),
            class_name="count alert" if alert else "count",
        ),
    )


def shell(page: Page, pages: Sequence[Page]) -> rx.Component:
    """A page with its frame. Until the server has said who is here, its place is kept."""
    return rx.el.div(
        _skip(),
        strip(always=page.needs == "admin"),
        _bar(page, pages),
        banners(),
        rx.el.main(
            rx.cond(page.entered, page.view(), waiting(page)),
            id=CONTENT,
            tab_index=-1,
        ),
        _bottom(page, pages),
        incoming_calls(),
        dialler(),
        leaving(),
        remarks(),
        custom_attrs=_watched(page),
    )


def _skip() -> rx.Component:
    """The first stop of the keyboard: past everything that is the same on each page."""
    return rx.el.nav(
        rx.el.a(
            t(it="Vai al contenuto", en="Skip to content"),
            href=f"#{CONTENT}",
            class_name="vh",
            custom_attrs={"data-skip": CONTENT},
        ),
        aria_label=t(it="Scorciatoia", en="Shortcut"),
    )


def _watched(page: Page) -> dict[str, Any]:
    """What assets/portal.js looks at."""
    return {
        "data-page": page.route,
        "data-behind": BEHIND,
        "data-lang": rx.cond(Portal.english, "en", "it"),
        "data-title": rx.cond(Portal.new_messages > 0, f"({Portal.new_messages}) ", "")
        + t(it=f"{page.it} · Office Smart", en=f"{page.en} · Office Smart"),
        "data-away": Portal.away,
        "data-ready": rx.cond(Portal.ready, "true", "false"),
        "data-entered": rx.cond(page.entered, "true", "false"),
        "data-role": rx.cond(Portal.viewing, "viewing", rx.cond(Portal.elevated, "admin", "")),
        "data-spoken": rx.cond(Portal.spoken, "true", "false"),
    }


def bare(page: Page, *children: Any) -> rx.Component:
    """A page without the frame: signing in, not found."""
    return rx.el.div(
        banners(),
        *children,
        custom_attrs={
            "data-page": page.route,
            "data-behind": BEHIND,
            "data-lang": rx.cond(Portal.english, "en", "it"),
            "data-title": t(it=f"{page.it} · Office Smart", en=f"{page.en} · Office Smart"),
            "data-away": Portal.away,
            "data-spoken": rx.cond(Portal.spoken, "true", "false"),
        },
    )


def small(page: Page, *children: Any) -> rx.Component:
    """A page of somebody who is signed in, in a small window of its own."""
    return rx.el.div(banners(), *children, incoming_calls(), remarks(), custom_attrs=_watched(page))


def _bar(page: Page, pages: Sequence[Page]) -> rx.Component:
    return rx.el.header(
        rx.cond(Portal.elevated, mark(href=LANDING), mark()),
        rx.el.nav(
            _by_role(
                page,
                [_entry(each, page) for each in _in_nav(pages, "person")],
                [_entry(each, page) for each in _in_nav(pages, "admin")],
            ),
            class_name="nav",
            aria_label=t(it="Principale", en="Main"),
        ),
        rx.el.div(
            opener(rx.el.span(t(it="Chiamata", en="Call")), class_name="btn pri hide-s"),
            person_menu(pages),
            class_name="row end",
        ),
        class_name="bar",
    )


def _in_nav(pages: Sequence[Page], needs: str) -> list[Page]:
    chosen = (page for page in pages if page.nav and page.needs == needs)
    return sorted(chosen, key=lambda page: page.nav)


def _by_role(here: Page, person: list[Any], administrator: list[Any]) -> rx.Component:
    """The user's entries in the user's role, the administration's in the administrator's."""
    if here.needs == "admin":  # it is open in that role only
        return rx.fragment(*administrator)
    return rx.cond(Portal.elevated, rx.fragment(*administrator), rx.fragment(*person))


def _entry(each: Page, here: Page) -> rx.Component:
    inside = [t(it=each.nav_it or each.it, en=each.nav_en or each.en)]
    if each.route == "/messaggi":
        inside.append(_new_count())
    return link(*inside, href=each.route, **_current(each, here))


def _current(each: Page, here: Page) -> dict[str, str]:
    """Whether an entry is of this page, or of the pages that it opens on."""
    if each.route == here.route:
        return {"aria_current": "page"}
    within = here.route.startswith(ADMINISTRATION if each.nav_it else f"{each.route}/")
    return {"aria_current": "true"} if within else {}


def _new_count() -> rx.Component:
    return count(
        Portal.new_messages,
        alert=False,
        words=rx.cond(Portal.new_messages == 1, t(it="nuovo", en="new"), t(it="nuovi", en="new")),
    )


def _bottom(page: Page, pages: Sequence[Page]) -> rx.Component:
    def entries(needs: str) -> list[rx.Component]:
        around = [_bottom_entry(each, page) for each in _in_nav(pages, needs)]
        around.insert(2, opener(rx.el.span(t(it="Chiama", en="Call")), class_name="dials"))
        return around

    return rx.el.nav(
        _by_role(page, entries("person"), entries("admin")),
        class_name="tabbar",
        aria_label=t(it="Principale, telefono", en="Main, phone"),
    )


def _bottom_entry(each: Page, here: Page) -> rx.Component:
    inside: list[Any] = [
        icon(each.icon),
        t(it=each.short_it or each.it, en=each.short_en or each.en),
    ]
    if each.route == "/messaggi":
        inside.append(_new_count())
    return link(*inside, href=each.route, **_current(each, here))
