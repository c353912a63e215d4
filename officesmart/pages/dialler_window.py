"""The dialler as a window of its own, which telephone links open too (guide 11).

`?numero=` fills the field with a number or a `tel:` link of whatever page. It never places a call:
that takes a press of *Componi* here.
"""

from __future__ import annotations

import reflex as rx
from sqlmodel import Session

from officesmart.components.dialler import WINDOW, Dialler, calling
from officesmart.components.shell import small
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import LONGEST_NUMBER, Page, Portal, handler_of, mine
from pbx.routing import written
from pbx.routing.typed import read_typed

ASKS = "numero"


class DiallerWindow(Dialler):
    """What the window was opened for."""

    _asked: str = ""
    "The number of the address that stands in the field, or stood there."

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The window opens, or its connection is back."""
        assert self._person is not None
        asked = self.router.url.query_parameters.get(ASKS, "")[: written.LONGEST]
        await self._enter(self._person, handler_of(DiallerWindow.news))
        free = self.dial_stage in ("", "ended")
        if free and asked and (asked != self._asked or self.dial_stage or not self.dialled):
            self._begin(await self._told(asked))
        elif self.dial_stage == "ended":
            self._begin()
        self._asked, self.dialler, self._alone = asked, True, True

    async def _told(self, asked: str) -> str:
        """The number of a link as people write it; what cannot be read stays as it came.

        A code stays a link's, which *Componi* refuses and says why: any page may have linked here.
        """
        assert self._person is not None
        here, extension = desk(), self._person.extension

        def read(session: Session) -> str:
            found = read_typed(asked, here.offices.read(session), extension=extension)
            if found.kind == "code":
                return f"tel:{asked}"
            return found.shown if found.wrong is None and found.shown else asked

        return (await here.database.read(read))[:LONGEST_NUMBER]

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: the call moved, or a phone came or went."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))


def alone(page: Page, view: rx.Component) -> rx.Component:
    """The frame of a small window."""
    return small(page, rx.el.div(_head(), rx.el.main(view), class_name="alone dialler"))


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.h1(t(it="Chiamata", en="Call")),
        rx.cond(
            Portal.ready,
            rx.el.span(
                rx.cond(
                    Portal.dial_stage == "",
                    Portal.me,
                    rx.cond(
                        Portal.dial_first != "",
                        t(it="da ", en="from ") + Portal.dial_first,
                        t(it="dal tuo numero ", en="from your number ")
                        + rx.cond(Portal.number != "", Portal.number, Portal.extension),
                    ),
                ),
                class_name="t2 num cut",
            ),
        ),
    )


def view() -> rx.Component:
    """The same pieces as in the dialog."""
    return rx.cond(Portal.ready, calling())


PAGE = Page(
    route=WINDOW,
    view=view,
    on_load=DiallerWindow.enter,
    it="Chiamata",
    en="Call",
    shape="form",
    frame=alone,
)
