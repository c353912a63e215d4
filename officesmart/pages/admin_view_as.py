"""Vedi come utente: what it means, before an administrator does it (role.py).

Reached from a line, at /admin/vedi-come?interno=201. The button is a plain post (role_routes.py).
"""

from __future__ import annotations

import reflex as rx
from sqlmodel import Session, select

from officesmart.administration.pieces import administration
from officesmart.components.role import VIEW_AS
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import BEHIND, Page, Portal, admin, handler_of
from officesmart.role import address_of
from officesmart.role_routes import LINES
from officesmart.theme import empty, icon, link
from pbx.tables import Line

LONGEST_EXTENSION = 6


class ViewAs(Portal):
    """Whose portal it would be."""

    wanted: str = ""
    wanted_name: str = ""
    mailed: bool = False
    "Whether there is an address to tell the person at."
    own: bool = False

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(ViewAs.news))
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of the administrator's own line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))

    async def _read(self) -> None:
        assert self._person is not None
        asked = self.router.url.query_parameters.get("interno", "")[:LONGEST_EXTENSION]

        def read(session: Session) -> Line | None:
            return session.exec(select(Line).where(Line.extension == asked)).first()

        found = await desk().database.read(read)
        self.wanted = found.extension if found is not None else ""
        self.wanted_name = found.name if found is not None else ""
        self.mailed = found is not None and bool(address_of(found))
        self.own = found is not None and found.id == self._person.line_id


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """What will be seen and what not, and who is told."""
    return administration(
        LINES,
        rx.el.div(
            rx.el.div(rx.el.h1(t(it="Vedi come utente", en="See as user")), class_name="head"),
            rx.cond(
                (ViewAs.wanted != "") & ~ViewAs.own,
                _question(),
                rx.el.section(
                    empty(
                        "user-x",
                        rx.cond(
                            ViewAs.own,
                            t(it="Questa è la tua linea", en="This is your own line"),
                            t(it="Questo interno non c'è", en="There is no such extension"),
                        ),
                        rx.cond(
                            ViewAs.own,
                            t(
                                it="Per vederla come utente torna al profilo utente.",
                                en="To see it as a user go back to your user profile.",
                            ),
                            t(
                                it="Scegli una linea dall'elenco degli interni.",
                                en="Choose a line from the list of extensions.",
                            ),
                        ),
                        link(
                            t(it="Vai agli interni", en="Go to the extensions"),
                            href=LINES,
                            class_name="btn",
                        ),
                    ),
                    class_name="panel",
                ),
            ),
            class_name="adm-main narrow",
        ),
    )


def _question() -> rx.Component:
    def point(glyph: str, words: rx.Component) -> rx.Component:
        return rx.el.li(icon(glyph), rx.el.span(words))

    return rx.el.section(
        rx.el.h2(
            t(it="Apri il portale come ", en="Open the portal as "),
            ViewAs.wanted_name,
            " (",
            ViewAs.wanted,
            ")",
        ),
        rx.el.ul(
            point(
                "eye",
                t(
                    it="Vedi le sue pagine: linea, telefoni, elenco di messaggi e chiamate.",
                    en="You see their pages: line, phones, the lists of messages and calls.",
                ),
            ),
            point(
                "lock",
                t(
                    it="Non puoi cambiare niente, chiamare, né ascoltare o salvare i messaggi.",
                    en="You cannot change anything, call, or listen to or save messages.",
                ),
            ),
            point(
                "mail",
                rx.cond(
                    ViewAs.mailed,
                    t(
                        it="La persona riceve subito una mail che lo dice, con il tuo nome.",
                        en="The person is told by mail at once, with your name.",
                    ),
                    t(
                        it="La linea non ha un indirizzo e-mail: nessuna mail parte.",
                        en="The line has no e-mail address: no mail is sent.",
                    ),
                ),
            ),
            point(
                "history",
                t(
                    it="L'inizio e la fine restano nel registro modifiche.",
                    en="The beginning and the end stay in the change log.",
                ),
            ),
            class_name="points",
        ),
        rx.el.form(
            rx.el.input(type="hidden", name="line", value=ViewAs.wanted, read_only=True),
            rx.el.div(
                rx.el.p(
                    icon("circle-alert", "s"),
                    rx.el.span(
                        custom_attrs={
                            "data-said": "",
                            "data-gone": t(it="Questa linea non c'è più.", en="This line is gone."),
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
                role="alert",
            ),
            rx.el.div(
                link(
                    t(it="Annulla", en="Cancel"),
                    href=f"{LINES}?interno={ViewAs.wanted}",
                    class_name="btn quiet",
                ),
                rx.el.button(
                    t(it="Vedi come ", en="See as "),
                    ViewAs.wanted_name,
                    type="submit",
                    class_name="btn pri",
                ),
                class_name="row end",
            ),
            method="post",
            action=f"{BEHIND}/session/view",
            class_name="stack",
            custom_attrs={"data-session": "view"},
        ),
        class_name="panel asks stack",
    )


PAGE = Page(
    route=VIEW_AS,
    view=view,
    on_load=ViewAs.enter,
    it="Vedi come utente",
    en="See as user",
    needs="admin",
)
