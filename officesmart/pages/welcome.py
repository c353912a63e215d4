"""The first sign-in (guide 10.3.3): a password and a security e-mail of one's own, then Home."""

from __future__ import annotations

import reflex as rx

from officesmart import auth
from officesmart.components.door import (
    AtTheDoor,
    door,
    field,
    form,
    kept,
    new_password,
)
from officesmart.components.shell import bare
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import SIGN_IN, WELCOME_PAGE, Page, anybody, session_of


class Welcome(AtTheDoor):
    """What the form begins with."""

    email: str = ""

    @anybody
    async def arrive(self) -> None:
        """The page opens; whose session waits for nothing here goes on, or back."""
        self._arrive()
        here, hashed = desk(), session_of(self.router.headers.cookie)
        now = here.now()
        half = await here.database.read(lambda s: auth.halfway_of(s, hashed, now))
        if half is None or half.waits_for != auth.WELCOME:
            signed_in = await self._who() is not None
            self.away = self.per if signed_in else f"{SIGN_IN}?scaduto=1"
            self.email = ""
            return
        self.email = half.email
        self._speak(half.language)


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """Two things to choose, and why."""
    return door(
        rx.el.h1(t(it="Benvenuto in Office Smart", en="Welcome to Office Smart")),
        rx.el.p(
            t(
                it="È il tuo primo accesso. Scegli una password che conosci solo tu e l'indirizzo "
                "e-mail a cui mandarti il collegamento se la dimentichi.",
                en="This is your first sign-in. Choose a password that only you know, and the "
                "e-mail address for the link in case you forget it.",
            ),
            class_name="t2",
        ),
        form(
            "welcome",
            *new_password(t(it="La tua nuova password", en="Your new password")),
            field(
                "email",
                t(it="E-mail di sicurezza", en="Security e-mail"),
                glyph="mail",
                type="email",
                auto_complete="email",
                required=True,
                max_length=254,
                default_value=Welcome.email,
                key=f"email-{Welcome.email}",
                described="welcome-error",
                hint=t(
                    it="Qui arrivano anche gli avvisi quando la password o il PIN cambiano.",
                    en="Notices when your password or PIN change go here too.",
                ),
            ),
            kept(
                next=Welcome.per,
                remember=rx.cond(Welcome.remembering, "1", ""),
            ),
            submit=t(it="Conferma e continua", en="Confirm and continue"),
            said={},
        ),
        rx.el.p(
            rx.el.button(
                t(it="Esci senza finire", en="Sign out without finishing"),
                type="button",
                class_name="as-link",
                custom_attrs={"data-sign-out": ""},
            )
        ),
    )


PAGE = Page(
    route=WELCOME_PAGE,
    view=view,
    on_load=Welcome.arrive,
    it="Primo accesso",
    en="First sign-in",
    needs="anybody",
    frame=bare,
)
