"""*Reset Password* (guide 2.2): ask for a link by mail. The answer never says who exists."""

from __future__ import annotations

import reflex as rx

from officesmart.components.door import AtTheDoor, back_to_door, door, field, form, part
from officesmart.components.shell import bare
from officesmart.i18n import t
from officesmart.page import Page, anybody
from officesmart.pages.sign_in import RESET
from officesmart.theme import icon


class AskReset(AtTheDoor):
    """Only the language needs to be known."""

    @anybody
    async def arrive(self) -> None:
        """The page opens."""
        self._arrive()


def view() -> rx.Component:
    """The number; then what happens next."""
    return door(
        part(
            "ask",
            rx.el.h1(t(it="Reimposta la password", en="Reset the password")),
            rx.el.p(
                t(
                    it="Scrivi il tuo numero: ti mandiamo un collegamento all'indirizzo e-mail di "
                    "sicurezza che hai registrato al primo accesso.",
                    en="Type your number: we send a link to the security e-mail address that you "
                    "gave at your first sign-in.",
                ),
                class_name="t2",
            ),
            form(
                "ask",
                field(
                    "number",
                    t(it="Numero di telefono o interno", en="Telephone number or extension"),
                    glyph="phone",
                    input_mode="tel",
                    auto_complete="username",
                    required=True,
                    max_length=40,
                    auto_focus=True,
                    described="ask-error",
                ),
                submit=t(it="Manda il collegamento", en="Send the link"),
                said={
                    "wait": t(
                        it="Troppe richieste: riprova tra {minutes} min.",
                        en="Too many requests: try again in {minutes} min.",
                    ),
                },
            ),
            rx.el.p(back_to_door()),
            shown=True,
        ),
        part(
            "sent",
            rx.el.span(icon("mail-check", "l"), class_name="ring"),
            rx.el.h1(t(it="Controlla la posta", en="Check your mail")),
            rx.el.p(
                t(
                    it="Se il numero esiste e ha un indirizzo e-mail di sicurezza, arriva tra "
                    "poco un messaggio con il collegamento. Vale 30 minuti e una volta sola.",
                    en="If the number exists and has a security e-mail address, a message with "
                    "the link arrives shortly. It works for 30 minutes, once.",
                ),
                class_name="t2",
            ),
            rx.el.p(
                t(
                    it="Non arriva nulla? Guarda tra la posta indesiderata, oppure chiedi una "
                    "nuova password a chi amministra il centralino.",
                    en="Nothing arrives? Look among the junk mail, or ask whoever administers the "
                    "switchboard for a new password.",
                ),
                class_name="hint",
            ),
            rx.el.p(back_to_door()),
        ),
    )


PAGE = Page(
    route=RESET,
    view=view,
    on_load=AskReset.arrive,
    it="Reset Password",
    en="Reset password",
    needs="anybody",
    frame=bare,
)
