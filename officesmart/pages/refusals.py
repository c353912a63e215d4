"""Pages that say no: nothing at this address, or not for this person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from officesmart.components.shell import bare
from officesmart.i18n import t
from officesmart.page import FORBIDDEN, Page, Portal, anybody
from officesmart.theme import icon, link, mark


class Refusal(Portal):
    """Only the language needs to be known."""

    @anybody
    async def arrive(self) -> None:
        """The page opens."""
        self._speak("en" if "language=en" in self.router.headers.cookie else "it")
        self.away = ""


def _says(glyph: str, title: Any, words: Any) -> Callable[[], rx.Component]:
    def view() -> rx.Component:
        return rx.el.main(
            rx.el.div(
                mark(href=""),
                rx.el.section(
                    rx.el.span(icon(glyph, "l"), class_name="ring"),
                    rx.el.h1(title),
                    rx.el.p(words),
                    link(
                        t(it="Torna alla Home", en="Back to Home"), href="/", class_name="btn pri"
                    ),
                    class_name="empty panel",
                ),
                class_name="refusal",
            ),
            id="contenuto",
        )

    return view


NOT_FOUND = Page(
    route="404",
    view=_says(
        "map-pin-off",
        t(it="Questa pagina non c'è", en="There is no such page"),
        t(
            it="L'indirizzo è sbagliato, o la pagina è stata spostata.",
            en="The address is wrong, or the page has moved.",
        ),
    ),
    on_load=Refusal.arrive,
    it="Pagina non trovata",
    en="Page not found",
    needs="anybody",
    frame=bare,
)
PAGE = Page(
    route=FORBIDDEN,
    view=_says(
        "shield-x",
        t(it="Pagina riservata", en="Restricted page"),
        t(
            it="È per chi amministra il centralino. Se ti serve, chiedi a chi lo gestisce.",
            en="It is for whoever administers the PBX. If you need it, ask them.",
        ),
    ),
    on_load=Refusal.arrive,
    it="Pagina riservata",
    en="Restricted page",
    needs="anybody",
    frame=bare,
)
