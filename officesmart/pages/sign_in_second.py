"""The second step of signing in, for lines that have one: a code, a passkey, or a recovery code."""

from __future__ import annotations

import reflex as rx

from officesmart.components.door import AtTheDoor, back_to_door, door, field, form, kept
from officesmart.components.shell import bare
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import SECOND_STEP, SIGN_IN, Page, anybody, session_of
from officesmart.theme import icon


class SecondStep(AtTheDoor):
    """What may be shown."""

    has_code: bool = False
    has_key: bool = False
    has_recovery: bool = False
    kind: str = ""
    "What is asked now: 'code', 'key' or 'recovery'."

    @anybody
    async def arrive(self) -> None:
        """The page opens; whose session waits for nothing here goes on, or back."""
        self._arrive()
        here, hashed = desk(), session_of(self.router.headers.cookie)
        means = await here.door.means(hashed, here.now()) if hashed else None
        if means is None:
            signed_in = await self._who() is not None
            self.away = self.per if signed_in else f"{SIGN_IN}?scaduto=1"
            return
        self.has_code, self.has_key = means.totp, means.passkeys > 0
        self.has_recovery = means.recovery_left > 0
        self.kind = "code" if self.has_code else "key"

    @anybody
    async def show(self, kind: str) -> None:
        """Another of the means."""
        self.kind = kind if kind in ("code", "key", "recovery") else self.kind


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """One form, and the ways round it."""
    return door(
        rx.el.h1(t(it="Conferma che sei tu", en="Confirm that it is you")),
        rx.el.p(
            rx.match(
                SecondStep.kind,
                (
                    "code",
                    t(
                        it="Apri l'applicazione di autenticazione e scrivi il codice di 6 cifre.",
                        en="Open your authenticator application and type the 6-digit code.",
                    ),
                ),
                (
                    "recovery",
                    t(
                        it="Scrivi uno dei codici di recupero che hai stampato o salvato. Ogni "
                        "codice vale una volta sola.",
                        en="Type one of the recovery codes that you printed or saved. Each code "
                        "works once.",
                    ),
                ),
                t(
                    it="Usa la passkey di questo computer, del telefono o della chiave.",
                    en="Use the passkey of this computer, of your phone or of your security key.",
                ),
            ),
            class_name="t2",
        ),
        rx.match(
            SecondStep.kind,
            ("code", _code("code")),
            ("recovery", _code("recovery")),
            ("key", _key()),
            rx.fragment(),
        ),
        rx.el.ul(
            rx.cond(
                SecondStep.has_code & (SecondStep.kind != "code"),
                _way("code", t(it="Usa il codice dell'applicazione", en="Use the app's code")),
            ),
            rx.cond(
                SecondStep.has_key & (SecondStep.kind != "key"),
                _way("key", t(it="Usa una passkey", en="Use a passkey")),
            ),
            rx.cond(
                SecondStep.has_recovery & (SecondStep.kind != "recovery"),
                _way("recovery", t(it="Usa un codice di recupero", en="Use a recovery code")),
            ),
            rx.el.li(back_to_door()),
            class_name="ways",
        ),
        rx.el.p(
            t(
                it="Hai perso tutto? Chiedi a chi amministra il centralino.",
                en="Lost everything? Ask whoever administers the switchboard.",
            ),
            class_name="hint",
        ),
    )


def _way(kind: str, words: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.button(words, type="button", class_name="as-link", on_click=SecondStep.show(kind))
    )


def _kept(kind: str) -> rx.Component:
    return kept(kind=kind, next=SecondStep.per, remember=rx.cond(SecondStep.remembering, "1", ""))


SAID = {
    "wrong": t(it="Il codice non è giusto.", en="The code is not right."),
    "nokey": t(it="Nessuna passkey mostrata: riprova.", en="No passkey was shown: try again."),
    "badkey": t(
        it="Questa passkey non vale per il tuo interno.",
        en="This passkey is not good for your extension.",
    ),
}


def _code(kind: str) -> rx.Component:
    typed = kind == "code"
    return form(
        "factor",
        field(
            "code",
            t(it="Codice", en="Code") if typed else t(it="Codice di recupero", en="Recovery code"),
            glyph="key-round",
            described="factor-error",
            auto_complete="one-time-code" if typed else "off",
            input_mode="numeric" if typed else "text",
            auto_capitalize="none",
            spell_check=False,
            required=True,
            max_length=12 if typed else 40,
            auto_focus=True,
            key=kind,
            custom_attrs={"data-code": ""},
        ),
        _kept(kind),
        submit=t(it="Continua", en="Continue"),
        said=SAID,
    )


def _key() -> rx.Component:
    """The only button is the passkey's: there is nothing to type."""
    return rx.el.form(
        _kept("key"),
        rx.el.div(
            rx.el.p(
                icon("circle-alert", "s"),
                rx.el.span(
                    custom_attrs={
                        "data-said": "",
                        **{f"data-{name}": words for name, words in SAID.items()},
                        "data-wait": t(
                            it="Troppi tentativi sbagliati: riprova tra {minutes} min.",
                            en="Too many wrong attempts: try again in {minutes} min.",
                        ),
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
        rx.el.button(
            icon("fingerprint", "s"),
            t(it="Usa la passkey", en="Use the passkey"),
            type="button",
            class_name="btn pri lg",
            auto_focus=True,
            custom_attrs={"data-passkey": "second"},
        ),
        class_name="stack",
    )


PAGE = Page(
    route=SECOND_STEP,
    view=view,
    on_load=SecondStep.arrive,
    it="Verifica",
    en="Verification",
    needs="anybody",
    frame=bare,
)
