"""Passa al profilo amministratore (guide 2.4): prove who you are, and take the role on.

The form is a plain post (role_routes.py): the password never meets the page's state, and the answer
changes the session's cookie.
"""

from __future__ import annotations

import reflex as rx

from officesmart import role
from officesmart.components.proof import proof
from officesmart.components.shell import bare
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.identity import factors
from officesmart.page import BEHIND, FORBIDDEN, HOME, LANDING, PROOF, Page, Portal, go_on, mine
from officesmart.theme import icon, link, mark


class TakeRole(Portal):
    """Who asks, and what is still to be proved."""

    per: str = LANDING
    "Where to go on to."
    fresh: bool = False
    "The last proof is recent: nothing is asked."
    asks_code: bool = False
    "A second step is asked: a code of the application, or one on paper."
    asks_key: bool = False
    "A passkey may stand for all of it."

    @mine(acts=False, reads=True)
    async def arrive(self) -> None:
        """The page opens. Who may not take the role, or has it, goes on."""
        assert self._person is not None
        who, here = self._person, desk()
        asked = go_on(self.router.url.query_parameters.get("per", HOME))
        self._speak(who.language)
        self.me, self.extension, self.away = who.name, who.extension, ""
        self.per = LANDING if asked == HOME else asked
        self.fresh = role.is_fresh(who, here.now())
        means = await here.database.read(lambda s: factors(s, who.line_id))
        self.asks_code, self.asks_key = means.any, means.passkeys > 0
        self.ready = True
        if who.viewed_by:
            self.away = HOME
        elif not who.admin:
            self.away = FORBIDDEN
        elif who.elevated:
            self.away = self.per


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """One question, and the way back."""
    return rx.el.main(
        rx.el.div(
            mark(href=""),
            rx.el.section(
                rx.el.span(icon("shield-check", "l"), class_name="ring"),
                rx.el.h1(
                    t(it="Passa al profilo amministratore", en="Go to the administrator profile")
                ),
                rx.el.p(
                    rx.cond(
                        TakeRole.fresh,
                        t(
                            it="Le pagine dell'amministrazione si aprono solo in questo profilo. "
                            "Quello che cambi finisce nel registro, con il tuo nome.",
                            en="The pages of the administration open only in this profile. What "
                            "you change goes into the log, with your name.",
                        ),
                        t(
                            it="Hai dimostrato chi sei più di 15 minuti fa: prima di andare "
                            "avanti, scrivi di nuovo la password.",
                            en="You proved who you are more than 15 minutes ago: before going on, "
                            "type your password again.",
                        ),
                    )
                ),
                rx.el.form(
                    rx.cond(
                        TakeRole.fresh, rx.fragment(), proof(TakeRole.extension, TakeRole.asks_code)
                    ),
                    rx.el.input(type="hidden", name="next", value=TakeRole.per, read_only=True),
                    rx.el.div(
                        rx.el.button(
                            t(it="Passa al profilo amministratore", en="Go to that profile"),
                            type="submit",
                            class_name="btn pri",
                        ),
                        rx.cond(
                            ~TakeRole.fresh & TakeRole.asks_key,
                            rx.el.button(
                                icon("fingerprint", "s"),
                                t(it="Usa la passkey", en="Use the passkey"),
                                type="button",
                                class_name="btn",
                                custom_attrs={"data-passkey": "role"},
                            ),
                        ),
                        link(
                            t(it="Resta nel profilo utente", en="Stay in my user profile"),
                            href=HOME,
                            class_name="btn quiet",
                        ),
                        class_name="stack tight",
                    ),
                    method="post",
                    action=f"{BEHIND}/session/role",
                    class_name="stack",
                    custom_attrs={"data-session": "role"},
                ),
                class_name="empty panel proof",
            ),
            class_name="refusal",
        ),
        id="contenuto",
    )


PAGE = Page(
    route=PROOF,
    view=view,
    on_load=TakeRole.arrive,
    it="Passa al profilo amministratore",
    en="Administrator profile",
    frame=bare,
)
