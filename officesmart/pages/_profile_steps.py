"""The second step as cards of *Sicurezza*: app codes, codes on paper, passkeys."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.posts import confirm, plain, post_form, present
from officesmart.i18n import t
from officesmart.identity.recovery import CODES
from officesmart.pages._profile_cards import card, foot, opener, when_open
from officesmart.pages._profile_state import KeyCard, Profile
from officesmart.theme import chip, hidden, icon, number_of, text_of

ON, OFF = t(it="Attivo", en="On"), t(it="Non attivo", en="Off")


def two_step_card() -> rx.Component:
    return card(
        "shield-check",
        t(it="Accesso in due passaggi", en="Two-step sign-in"),
        rx.cond(
            Profile.two_step,
            rx.fragment(
                t(
                    it="Dopo la password un codice dell'app. Attivato ",
                    en="After the password a code of the app. Switched on ",
                ),
                Profile.two_step_since,
            ),
            t(
                it="Dopo la password, un codice che cambia ogni 30 secondi su un'app del telefono",
                en="After the password, a code that changes every 30 seconds in an app",
            ),
        ),
        _totp_on(),
        _totp_off(),
        state=rx.cond(
            Profile.two_step,
            chip(ON, kind="available", glyph="check"),
            rx.cond(
                number_of(Profile.keys) > 0,
                chip(t(it="Con le passkey", en="By passkeys"), kind="available", glyph="check"),
                chip(OFF),
            ),
        ),
        button=rx.cond(
            Profile.two_step,
            opener("totp-off", t(it="Disattiva", en="Switch off")),
            opener("totp", t(it="Attiva", en="Switch on")),
        ),
    )  # fmt: skip


def _totp_on() -> rx.Component:
    """Two stages: the password brings picture and seed, a first code of it switches it on."""
    form = "totp"
    return when_open(
        form,
        rx.el.div(
            post_form(
                form,
                "totp",
                present(form),
                foot=confirm(
                    t(it="Continua", en="Continue"),
                    cancel=Profile.close,
                    done=Profile.settled,
                    form=form,
                ),
            ),
            custom_attrs={"data-stage": "first"},
        ),
        rx.el.div(
            rx.el.ol(
                rx.el.li(
                    t(
                        it="Apri un'app di autenticazione (per esempio Aegis, Google Authenticator "
                        "o Microsoft Authenticator) e inquadra:",
                        en="Open an authenticator app (such as Aegis, Google Authenticator or "
                        "Microsoft Authenticator) and scan:",
                    ),
                    rx.el.img(
                        alt=t(it="Codice QR per l'app", en="QR code for the app"),
                        width=200,
                        height=200,
                        class_name="qr",
                        custom_attrs={"data-picture": ""},
                    ),
                    rx.el.p(
                        t(it="Non puoi inquadrarlo? Scrivi ", en="Cannot scan it? Type "),
                        rx.el.code(class_name="seed", custom_attrs={"data-seed": ""}),
                        class_name="small t2",
                    ),
                ),
                rx.el.li(
                    t(it="Scrivi il codice che l'app mostra:", en="Type the code the app shows:")
                ),
                class_name="steps",
            ),
            post_form(
                "totp-code",
                "totp/on",
                plain(
                    "totp-code",
                    "code",
                    t(it="Codice di 6 cifre", en="6-digit code"),
                    input_mode="numeric",
                    auto_complete="one-time-code",
                    max_length=20,
                ),
                foot=confirm(
                    t(it="Attiva", en="Switch on"),
                    cancel=Profile.close,
                    done=Profile.settled,
                    form=form,
                ),
            ),
            hidden=True,
            custom_attrs={"data-stage": "second"},
        ),
    )


def _totp_off() -> rx.Component:
    form = "totp-off"
    return when_open(
        form,
        post_form(
            form,
            "totp/off",
            present(form),
            plain(
                form,
                "code",
                t(it="Codice", en="Code"),
                auto_complete="one-time-code",
                max_length=100,
                hint=t(
                    it="Quello dell'app, o un codice di recupero.",
                    en="The app's, or a recovery code.",
                ),
            ),
            foot=foot(form, t(it="Disattiva", en="Switch off")),
        ),
        rx.el.p(
            t(
                it="Se hai perso l'app e i codici, chiedi al tuo amministratore.",
                en="If you lost both the app and the codes, ask your administrator.",
            ),
            class_name="hint",
        ),
    )


def paper_card() -> rx.Component:
    form = "paper"
    return card(
        "file-key",
        t(it="Codici di recupero", en="Recovery codes"),
        rx.cond(
            Profile.paper_left == 0,
            t(
                it="Non ne hai più: creane di nuovi prima di perdere il telefono",
                en="You have none left: make new ones before you lose the phone",
            ),
            t(
                it=f"{Profile.paper_left} su {CODES} da usare, se perdi il telefono",
                en=f"{Profile.paper_left} of {CODES} left, for when you lose the phone",
            ),
        ),
        when_open(
            form,
            post_form(
                form,
                "recovery",
                rx.el.p(
                    t(
                        it="I codici di prima non varranno più.",
                        en="The codes before will be void.",
                    ),
                    class_name="small t2",
                ),
                present(form),
                foot=foot(form, t(it="Crea nuovi codici", en="Make new codes")),
            ),
        ),
        state=rx.cond(
            Profile.paper_left < 3,
            chip(t(it="Quasi finiti", en="Nearly gone"), kind="warning", glyph="triangle-alert"),
        ),
        button=opener(form, t(it="Creane di nuovi", en="Make new ones")),
    )


def passkeys_card() -> rx.Component:
    form = "passkey"
    return card(
        "fingerprint",
        "Passkey",
        rx.cond(
            Profile.no_keys != "",
            Profile.no_keys,
            t(
                it="Confermi che sei tu con impronta, volto o PIN del dispositivo",
                en="Prove it is you with fingerprint, face or PIN of the device",
            ),
        ),
        rx.cond(
            number_of(Profile.keys) > 0,
            rx.el.ul(rx.foreach(Profile.keys, _key), class_name="rows keys"),
        ),
        when_open(
            form,
            post_form(
                form,
                "passkey",
                present(form),
                plain(
                    form,
                    "name",
                    t(it="Nome", en="Name"),
                    max_length=60,
                    hint=t(
                        it="Per riconoscerla, ad esempio «Portatile» o «Chiave blu».",
                        en="To recognise it, such as “Laptop” or “Blue key”.",
                    ),
                ),
                foot=foot(form, t(it="Aggiungi passkey", en="Add passkey")),
                custom_attrs={"data-makes-passkey": ""},
            ),
        ),
        button=rx.cond(
            Profile.no_keys == "",
            opener(form, t(it="Aggiungi", en="Add")),
            rx.fragment(),
        ),
    )


def _key(key: KeyCard) -> rx.Component:
    form = "passkey-off:" + text_of(key.id)
    return rx.el.li(
        rx.el.div(
            rx.el.span(icon("key-round"), class_name="ico"),
            rx.el.div(
                rx.el.b(key.name, class_name="any"),
                rx.el.span(
                    t(it="aggiunta ", en="added "),
                    key.made,
                    rx.cond(
                        key.used != "",
                        rx.fragment(t(it=", usata ", en=", used "), key.used),
                        t(it=", mai usata", en=", never used"),
                    ),
                    class_name="small t2",
                ),
                class_name="grow two",
            ),
            rx.el.button(
                t(it="Togli", en="Remove"),
                hidden(" ", key.name),
                type="button",
                class_name="btn sm",
                aria_expanded=rx.cond(Profile.opened == form, "true", "false"),
                on_click=Profile.open(form),
                custom_attrs={"data-opens": form},
            ),
            class_name="card-head",
        ),
        when_open(
            form,
            post_form(
                "passkey-off",
                "passkey/remove",
                rx.el.input(type="hidden", name="passkey", value=text_of(key.id), read_only=True),
                present("passkey-off"),
                foot=foot("passkey-off", t(it="Togli la passkey", en="Remove the passkey")),
            ),
        ),
        key=text_of(key.id),
    )


# -- shown once ---------------------------------------------------------------------------------


def codes_dialog() -> rx.Component:
    """The recovery codes, once. The script writes them in, and wipes them when it closes."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(t(it="I tuoi codici di recupero", en="Your recovery codes"), id="codes-title"),
            rx.el.p(
                t(
                    it="Ognuno vale una volta, al posto del secondo passaggio. Non li rivedrai: "
                    "stampali o salvali dove il telefono non serve.",
                    en="Each works once, instead of the second step. You will not see them again: "
                    "print them or keep them where no phone is needed.",
                ),
                class_name="t2",
            ),
            rx.el.p(
                t(it="Office Smart, interno ", en="Office Smart, extension "),
                Profile.extension,
                class_name="only-print",
            ),
            rx.el.ol(
                class_name="codes",
                aria_label=t(it="Codici di recupero", en="Recovery codes"),
                custom_attrs={"data-codes": ""},
            ),
            rx.el.div(
                _deed("copy", "copy", t(it="Copia", en="Copy")),
                _deed("print", "printer", t(it="Stampa", en="Print")),
                _deed("save", "download", t(it="Scarica", en="Download")),
                class_name="row wrap no-print",
            ),
            rx.el.p(
                role="status",
                class_name="small t2 no-print",
                custom_attrs={
                    "data-codes-said": "",
                    "data-copied": t(it="Copiati.", en="Copied."),
                    "data-refused": t(
                        it="Il browser non lascia copiare: stampali o scaricali.",
                        en="The browser does not let us copy: print or download them.",
                    ),
                },
            ),
            class_name="dialog-body stack tight",
        ),
        rx.el.footer(
            rx.el.button(
                t(it="Li ho messi al sicuro", en="I have put them away"),
                type="button",
                class_name="btn pri",
                custom_attrs={"data-codes-close": ""},
            ),
            class_name="no-print",
        ),
        class_name="dialog codes-dialog",
        aria_labelledby="codes-title",
        custom_attrs={
            "data-once": "",
            "data-file": t(it="codici-di-recupero.txt", en="recovery-codes.txt"),
            "data-heading": t(
                it="Office Smart, codici di recupero dell'interno ",
                en="Office Smart, recovery codes of extension ",
            )
            + Profile.extension,
        },
    )


def _deed(name: str, glyph: str, words: Any) -> rx.Component:
    return rx.el.button(
        icon(glyph, "s"),
        words,
        type="button",
        class_name="btn sm",
        custom_attrs={"data-codes-do": name},
    )
