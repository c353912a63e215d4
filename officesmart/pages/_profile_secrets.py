"""Password, PIN and security e-mail as cards of *Sicurezza* (guide 10.3.1 to 10.3.4)."""

from __future__ import annotations

import reflex as rx

from officesmart.components.posts import confirm, plain, post_form, present, secret
from officesmart.i18n import t
from officesmart.identity.secrets import CODE_DIGITS, CODE_GOOD, KEPT
from officesmart.pages._profile_cards import CONFIRM, card, foot, pencil, when_open
from officesmart.pages._profile_state import Profile
from officesmart.theme import icon, note
from pbx.credentials import PASSWORD_LEAST, PIN_DIGITS

_HOURS = int(CODE_GOOD.total_seconds() // 3600)


def password_card() -> rx.Component:
    form = "password"
    return card(
        "lock",
        "Password",
        rx.cond(
            Profile.changed_at != "",
            rx.fragment(t(it="Cambiata ", en="Changed "), Profile.changed_at),
            t(it="Quella con cui accedi al portale", en="The one you sign in to the portal with"),
        ),
        when_open(
            form,
            post_form(
                form,
                "password",
                present(form),
                secret(
                    form,
                    "new",
                    t(it="Nuova password", en="New password"),
                    complete="new-password",
                    hint=t(
                        it=f"Almeno {PASSWORD_LEAST} caratteri. Senza il tuo nome, numero o "
                        "interno, senza sequenze come 1234 o aaaa, e non tra le più usate.",
                        en=f"At least {PASSWORD_LEAST} characters. Without your name, number or "
                        "extension, without sequences like 1234 or aaaa, and not a common one.",
                    ),
                ),
                secret(
                    form,
                    "again",
                    t(it="Conferma la nuova password", en="Confirm the new password"),
                    complete="new-password",
                ),
                foot=foot(form, CONFIRM),
            ),
            rx.el.p(
                t(
                    it="Gli altri browser in cui sei entrato verranno chiusi.",
                    en="The other browsers you are signed in with will be signed out.",
                ),
                class_name="hint",
            ),
        ),
        button=pencil(form, t(it="Modifica password", en="Change password")),
    )


def mailbox_card() -> rx.Component:
    def form_by(form: str, by: str, first: rx.Component, *more: rx.Component) -> rx.Component:
        return when_open(
            form,
            post_form(
                form,
                "pin",
                rx.el.input(type="hidden", name="by", value=by, read_only=True),
                first,
                *more,
                secret(
                    form,
                    "new",
                    t(it="Nuovo PIN", en="New PIN"),
                    complete="off",
                    digits=True,
                    hint=t(
                        it=f"Da {PIN_DIGITS[0]} a {PIN_DIGITS[1]} cifre. Non il tuo numero, una "
                        f"sequenza, una data o uno degli ultimi {KEPT['pin']}.",
                        en=f"{PIN_DIGITS[0]} to {PIN_DIGITS[1]} digits. Not your number, a "
                        f"sequence, a date or one of the last {KEPT['pin']}.",
                    ),
                ),
                secret(
                    form,
                    "again",
                    t(it="Confermare il nuovo PIN", en="Confirm the new PIN"),
                    complete="off",
                    digits=True,
                ),
                foot=foot(form, CONFIRM),
            ),
        )

    forgotten = rx.el.p(
        rx.el.button(
            t(it="Non ricordi il PIN? Usa la password", en="Forgot the PIN? Use the password"),
            type="button",
            class_name="as-link small",
            on_click=Profile.open("mailbox:password"),
        )
    )
    present_pin = secret(
        "mailbox", "present", t(it="PIN attuale", en="Present PIN"), complete="off", digits=True
    )
    words = t(it="Modifica PIN della Casella Vocale", en="Change mailbox PIN")
    return card(
        "voicemail",
        t(it="PIN della Casella Vocale", en="Mailbox PIN"),
        rx.cond(
            ~Profile.box,
            t(it="Non hai una casella vocale", en="You have no mailbox"),
            rx.cond(
                ~Profile.box_locked,
                t(
                    it="Ancora nessuno: scegline uno per ascoltare i messaggi da altri telefoni",
                    en="None yet: choose one to hear your messages from other phones",
                ),
                rx.cond(
                    Profile.box_changed_at != "",
                    rx.fragment(t(it="Cambiato ", en="Changed "), Profile.box_changed_at),
                    t(
                        it="Apre la tua casella da un altro telefono",
                        en="Opens your mailbox from another phone",
                    ),
                ),
            ),
        ),
        form_by("mailbox", "pin", present_pin, forgotten),
        form_by("mailbox:password", "password", present("mailbox:password")),
        button=rx.cond(
            Profile.box,
            rx.cond(
                Profile.box_locked, pencil("mailbox", words), pencil("mailbox:password", words)
            ),
            rx.fragment(),
        ),
    )


def email_card() -> rx.Component:
    form, code = "email", "email-code"
    return card(
        "mail",
        t(it="E-mail di sicurezza", en="Security e-mail"),
        rx.fragment(
            rx.cond(
                Profile.safe_post != "",
                rx.el.span(Profile.safe_post, class_name="strong any"),
                t(it="Nessuna: senza non puoi reimpostare la password da solo",
                  en="None: without it you cannot reset your password yourself"),
            ),
        ),
        when_open(
            form,
            rx.el.p(
                t(
                    it="Qui arrivano gli avvisi quando cambiano password, PIN o questo indirizzo, "
                    "e il collegamento per una nuova password.",
                    en="Notices of changes to password, PIN or this address go there, and the link "
                    "for a new password.",
                ),
                class_name="small t2",
            ),
            rx.cond(
                ~Profile.mail_works,
                note(
                    t(
                        it="La posta dell'ufficio non è ancora impostata: il codice parte quando "
                        "l'amministratore la imposta.",
                        en="The office's mail is not set up yet: the code leaves when the "
                        "administrator has done it.",
                    ),
                    kind="warning",
                    glyph="triangle-alert",
                ),
            ),
            post_form(
                form,
                "email",
                present(form),
                plain(
                    form,
                    "address",
                    t(it="Indirizzo e-mail", en="E-mail address"),
                    type="email",
                    auto_complete="email",
                    max_length=254,
                    hint=t(
                        it="Ti mandiamo un codice: l'indirizzo vale da quando lo scrivi qui.",
                        en="We send a code there: the address counts once you type it here.",
                    ),
                ),
                foot=foot(form, CONFIRM),
            ),
        ),
        rx.cond(
            (Profile.waiting_post != "") & (Profile.opened != form),
            rx.el.div(
                note(
                    t(it="Abbiamo mandato un codice a ", en="We sent a code to "),
                    rx.el.b(Profile.waiting_post, class_name="any"),
                    t(it=f": vale {_HOURS}\u00a0ore.", en=f": it is good for {_HOURS} hours."),
                    kind="info",
                    glyph="mail",
                ),
                post_form(
                    code,
                    "email/code",
                    plain(
                        code,
                        "code",
                        t(it="Codice", en="Code"),
                        input_mode="numeric",
                        auto_complete="one-time-code",
                        max_length=40,
                        hint=t(
                            it=f"Le {CODE_DIGITS} cifre che trovi nella mail.",
                            en=f"The {CODE_DIGITS} digits in the mail.",
                        ),
                    ),
                    foot=[
                        *confirm(CONFIRM, cancel=Profile.drop_waiting, done=Profile.settled,
                                 form=code),
                    ],
                ),
                class_name="card-form",
            ),
        ),
        button=pencil(form, t(it="Modifica E-mail", en="Change e-mail")),
    )  # fmt: skip


def services_card() -> rx.Component:
    return card(
        "hash",
        t(it="PIN dei Servizi di Chiamata", en="Call services PIN"),
        t(
            it="Serve a convalidare le modifiche ad alcuni servizi telefonici. N.B. Al momento la "
            "funzionalità è stata disabilitata.",
            en="It confirms changes to some call services. N.B. At the moment this function is "
            "disabled.",
        ),
        button=rx.el.button(
            icon("pencil"),
            type="button",
            class_name="ib",
            disabled=True,
            aria_label=t(it="Modifica PIN dei Servizi", en="Change services PIN"),
        ),
    )
