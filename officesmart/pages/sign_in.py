"""Signing in (guide 2.2): number and password, or a passkey; *Ricordami* and *Reset Password*."""

from __future__ import annotations

import reflex as rx

from officesmart import remembered
from officesmart.components.door import AtTheDoor, door, field, form, kept, remark
from officesmart.components.shell import bare
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import SIGN_IN, Page, anybody, session_of
from officesmart.theme import icon, link
from pbx.numbers import national

RESET = "/accesso/reset-password"


class SignIn(AtTheDoor):
    """The door: what it says, and where it leads."""

    why: str = ""
    "Why one is here again: 'ended' (by itself), 'late' (a step took too long), 'new' (password)."
    known_number: str = ""
    "The number of whoever this browser remembers."

    @anybody
    async def arrive(self) -> None:
        """The page opens. Whoever is signed in already goes on."""
        asked = self._arrive()
        found = [why for key, why in WHY.items() if key in asked]
        self.why = found[0] if found else ""
        here = desk()
        browser = session_of(self.router.headers.cookie, remembered.COOKIE)
        number = ""
        if browser:
            now = here.now()
            number = await here.database.read(lambda s: remembered.number(s, browser, now))
        self.known_number, self.remembering = national(number), bool(number)
        if await self._who() is not None:
            self.away = self.per


WHY = {"fine": "ended", "scaduto": "late", "nuova": "new"}


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """Why one is here again, the form, and what to do on a shared computer."""
    return door(
        rx.el.h1(t(it="Accedi al tuo centralino", en="Sign in to your switchboard")),
        rx.el.p(
            t(
                it="Messaggi, chiamate e risposte del tuo interno.",
                en="Messages, calls and answers of your extension.",
            ),
            class_name="t2",
        ),
        rx.match(
            SignIn.why,
            (
                "ended",
                remark(
                    "clock",
                    t(
                        it="La sessione è finita: dopo 30 minuti senza attività, oppure perché è "
                        "stata chiusa da un altro browser o da una nuova password.",
                        en="The session has ended: after 30 minutes without activity, or because "
                        "another browser or a new password closed it.",
                    ),
                ),
            ),
            (
                "late",
                remark(
                    "clock",
                    t(
                        it="È passato troppo tempo: accedi di nuovo.",
                        en="Too much time has passed: please sign in again.",
                    ),
                ),
            ),
            (
                "new",
                remark(
                    "circle-check",
                    t(
                        it="La password è cambiata. Ora accedi con quella nuova.",
                        en="The password has changed. Now sign in with the new one.",
                    ),
                    kind="available",
                ),
            ),
            rx.fragment(),
        ),
        _form(),
        rx.el.p(
            t(
                it="Su un computer condiviso lascia vuota la casella e, quando hai finito, scegli "
                "Esci dal menù utente. Dopo 30 minuti senza attività la sessione si chiude da "
                "sola.",
                en="On a shared computer leave the box empty and choose Sign out from the user "
                "menu when you have finished. After 30 minutes without activity the session ends "
                "by itself.",
            ),
            id="shared",
            class_name="hint",
        ),
    )


def _form() -> rx.Component:
    return form(
        "in",
        field(
            "number",
            t(it="Numero di telefono o interno", en="Telephone number or extension"),
            glyph="phone",
            input_mode="tel",
            auto_complete="username webauthn",
            required=True,
            max_length=40,
            auto_focus=True,
            default_value=SignIn.known_number,
            key=f"number-{SignIn.known_number}",
        ),
        field(
            "password",
            t(it="Password", en="Password"),
            glyph="lock",
            secret=True,
            described="in-error",
            auto_complete="current-password",
            required=True,
            max_length=200,
        ),
        kept(next=SignIn.per),
        rx.el.div(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    name="remember",
                    value="1",
                    class_name="cb",
                    default_checked=SignIn.remembering,
                    key=rx.cond(SignIn.remembering, "ticked", "empty"),
                    aria_describedby="shared",
                ),
                t(it="Ricordami su questo computer", en="Remember me on this computer"),
                class_name="row",
            ),
            link("Reset Password", href=RESET, class_name="end as-link"),
            class_name="row wrap",
        ),
        submit=t(it="Accedi", en="Sign in"),
        said={
            "wrong": t(it="Numero o password non corretti.", en="Wrong number or password."),
            "nokey": t(
                it="Nessuna passkey mostrata. Puoi accedere con la password.",
                en="No passkey was shown. You can sign in with the password.",
            ),
            "badkey": t(
                it="Questa passkey non vale per il portale.",
                en="This passkey is not good for the portal.",
            ),
        },
        more=rx.el.button(
            icon("fingerprint", "s"),
            t(it="Accedi con una passkey", en="Sign in with a passkey"),
            type="button",
            class_name="btn lg",
            custom_attrs={"data-passkey": "first"},
        ),
    )


PAGE = Page(
    route=SIGN_IN,
    view=view,
    on_load=SignIn.arrive,
    it="Accesso",
    en="Sign in",
    needs="anybody",
    frame=bare,
)
