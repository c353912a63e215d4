"""Where the mailed link leads: a new password. The link's code stays in the browser's script."""

from __future__ import annotations

import reflex as rx

from officesmart.components.door import (
    AtTheDoor,
    back_to_door,
    door,
    form,
    new_password,
    part,
)
from officesmart.components.shell import bare
from officesmart.i18n import t
from officesmart.page import Page, anybody
from officesmart.pages.sign_in import RESET
from officesmart.resets import PAGE as ROUTE
from officesmart.theme import icon, link


class ChoosePassword(AtTheDoor):
    """Only the language needs to be known."""

    @anybody
    async def arrive(self) -> None:
        """The page opens."""
        self._arrive()


def view() -> rx.Component:
    """The link is looked at; then the form, or why not."""
    return door(
        part(
            "looking",
            rx.el.p(
                icon("loader-circle", "s spin"),
                t(it="Controllo il collegamento…", en="Checking the link…"),
                class_name="row t2",
                role="status",
            ),
            shown=True,
        ),
        part(
            "choose",
            rx.el.h1(t(it="Scegli una nuova password", en="Choose a new password")),
            rx.el.p(
                t(
                    it="Quando la confermi, tutti i browser in cui sei entrato vengono scollegati.",
                    en="When you confirm it, every browser that you are signed in with is signed "
                    "out.",
                ),
                class_name="t2",
            ),
            form(
                "reset",
                *new_password(t(it="Nuova password", en="New password")),
                submit=t(it="Conferma", en="Confirm"),
                said={},
            ),
        ),
        part(
            "gone",
            rx.el.span(icon("link-2-off", "l"), class_name="ring"),
            rx.el.h1(t(it="Il collegamento non vale più", en="The link no longer works")),
            rx.el.p(
                t(
                    it="È scaduto, è già stato usato, oppure ne hai chiesto uno più nuovo.",
                    en="It has expired, has been used already, or you asked for a newer one.",
                ),
                class_name="t2",
            ),
            rx.el.p(
                link(
                    t(it="Chiedi un altro collegamento", en="Ask for another link"),
                    href=RESET,
                    class_name="btn pri lg",
                ),
            ),
            rx.el.p(back_to_door()),
        ),
        part(
            "away",
            rx.el.h1(t(it="Il portale non risponde", en="The portal does not answer")),
            rx.el.p(
                t(
                    it="Riapri il collegamento della mail tra qualche minuto.",
                    en="Open the link in the mail again in a few minutes.",
                ),
                class_name="t2",
            ),
        ),
        rx.el.div(custom_attrs={"data-link": "new"}),
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=ChoosePassword.arrive,
    it="Nuova password",
    en="New password",
    needs="anybody",
    frame=bare,
)
