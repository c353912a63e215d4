"""What each letter says, in both languages. Pure: values in, a Letter out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from officesmart.i18n import day, duration, known, say
from officesmart.mailing.envelope import words
from officesmart.mailing.look import Letter
from pbx.numbers import national

CHANGES: Mapping[str, tuple[str, str]] = {
    "password": (
        "La password del portale è stata cambiata.",
        "The portal password was changed.",
    ),
    "mailbox_pin": (
        "Il PIN della segreteria è stato cambiato.",
        "The voicemail PIN was changed.",
    ),
    "services_pin": (
        "Il PIN dei servizi è stato cambiato.",
        "The services PIN was changed.",
    ),
    "security_email": (
        "L'indirizzo e-mail di sicurezza è stato cambiato.",
        "The security e-mail address was changed.",
    ),
    "two_factor_on": (
        "L'accesso in due passaggi è stato attivato.",
        "Two-step sign-in was switched on.",
    ),
    "two_factor_off": (
        "L'accesso in due passaggi è stato disattivato.",
        "Two-step sign-in was switched off.",
    ),
    "recovery_codes": (
        "Sono stati creati nuovi codici di recupero.",
        "New recovery codes were made.",
    ),
    "passkey_added": ("È stata aggiunta una passkey.", "A passkey was added."),
    "passkey_removed": ("È stata tolta una passkey.", "A passkey was removed."),
    "signed_out_everywhere": (
        "Tutte le sessioni del portale sono state chiuse.",
        "All portal sessions were ended.",
    ),
    "browser_copied": (
        "Un browser ricordato è stato usato da due parti: potrebbe essere stato copiato. "
        "Non è più ricordato.",
        "A remembered browser was used from two sides: it may have been copied. "
        "It is no longer remembered.",
    ),
    "viewed_as": (
        "Un amministratore ha guardato il portale al posto tuo.",
        "An administrator looked at the portal as you.",
    ),
}
"What a notice of security can be about: Italian, English."


def moment(language: str, at: datetime, zone: ZoneInfo) -> str:
    """'sabato 21 novembre 2026, 09:41': a letter may be read on another day."""
    local = at.astimezone(zone)
    return f"{day(known(language), local)} {local.year}, {local:%H:%M}"


def voicemail(
    language: str,
    *,
    caller_name: str,
    caller_number: str,
    left_at: str,
    seconds: float,
    urgent: bool = False,
    code: str = "",
) -> Letter:
    """A new message lies in the mailbox. code: what a phone dials to hear it."""
    number, name = national(words(caller_number, most=40)), words(caller_name, most=80)
    withheld = say(language, it="numero riservato", en="a withheld number")
    who = name or number or withheld
    subject = say(language, it=f"Nuovo messaggio da {who}", en=f"New message from {who}")
    if urgent:
        subject = say(language, it=f"Messaggio urgente da {who}", en=f"Urgent message from {who}")
    shown = f"{name} ({number})" if name and number else who
    listen = say(
        language,
        it="Lo ascolti nel portale, in Messaggi e Chiamate",
        en="Listen to it in the portal, under Messages and calls",
    )
    if code:
        listen += say(language, it=f", o dal telefono con {code}", en=f", or by dialling {code}")
    return Letter(
        subject=subject,
        title=say(language, it="Hai un nuovo messaggio", en="You have a new message"),
        says=(
            (say(language, it="È segnato come urgente.", en="It is marked urgent."),)
            if urgent
            else ()
        ),
        facts=(
            (say(language, it="Da", en="From"), shown),
            (say(language, it="Quando", en="When"), left_at),
            (say(language, it="Durata", en="Length"), duration(language, seconds)),
        ),
        ends=(listen + ".",),
    )


def password_reset(language: str, *, name: str, link: str, minutes: int) -> Letter:
    """The link that sets a new password. Raises ValueError for one that is no web address."""
    split = urlsplit(link)
    if split.scheme not in ("http", "https") or not split.netloc or link != words(link, most=2000):
        raise ValueError("the link is no web address")
    return Letter(
        subject=say(language, it="Nuova password per il portale", en="A new portal password"),
        title=say(language, it="Scegli una nuova password", en="Choose a new password"),
        says=(
            say(
                language,
                it=f"Qualcuno ha chiesto una nuova password per {words(name, most=80)}.",
                en=f"Somebody asked for a new password for {words(name, most=80)}.",
            ),
        ),
        button=say(language, it="Scegli la password", en="Choose the password"),
        link=link,
        ends=(
            say(
                language,
                it=f"Il collegamento vale {minutes} minuti e una volta sola.",
                en=f"The link works for {minutes} minutes, once.",
            ),
            say(
                language,
                it="Se non l'hai chiesto tu, non fare nulla: la password resta quella di prima.",
                en="If it was not you, do nothing: the password stays as it was.",
            ),
        ),
    )


def email_code(language: str, *, name: str, code: str, hours: int) -> Letter:
    """The code that proves that a new security address is its owner's."""
    return Letter(
        subject=say(language, it="Conferma il tuo indirizzo", en="Confirm your address"),
        title=say(
            language,
            it="Conferma la nuova e-mail di sicurezza",
            en="Confirm the new security e-mail",
        ),
        says=(
            say(
                language,
                it=f"Con questo codice {words(name, most=80)} conferma che questo indirizzo "
                "è suo. Va scritto nel portale, in Il mio profilo, Sicurezza.",
                en=f"With this code {words(name, most=80)} confirms that this address is "
                "theirs. It is typed in the portal, under My profile, Security.",
            ),
        ),
        facts=(
            (
                say(language, it="Codice", en="Code"),
                " ".join(words(code)[at : at + 4] for at in range(0, len(words(code)), 4)),
            ),
        ),
        ends=(
            say(
                language,
                it=f"Il codice vale {hours} ore e una volta sola.",
                en=f"The code works for {hours} hours, once.",
            ),
            say(
                language,
                it="Se non l'hai chiesto tu, non fare nulla: questo indirizzo non sarà usato.",
                en="If it was not you, do nothing: this address will not be used.",
            ),
        ),
    )


def welcome(
    language: str,
    *,
    name: str,
    extension: str,
    number: str = "",
    link: str = "",
    code: str = "",
) -> Letter:
    """How somebody signs in for the first time. link: the portal's address, if the office has set
    it; code: what a phone dials for the mailbox. The password is handed over, never mailed."""
    facts = [(say(language, it="Interno", en="Extension"), words(extension))]
    if number:
        facts.append((say(language, it="Numero", en="Number"), words(number, most=40)))
    if code:
        facts.append((say(language, it="Segreteria", en="Voicemail"), words(code)))
    return Letter(
        subject=say(language, it="Il tuo telefono in ufficio", en="Your office telephone"),
        title=say(
            language,
            it=f"Benvenuto, {words(name, most=80)}",
            en=f"Welcome, {words(name, most=80)}",
        ),
        says=(
            say(
                language,
                it="Nel portale del telefono trovi chiamate, messaggi e impostazioni della tua "
                "linea. Entra con il tuo interno e la password che ti consegna l'amministratore.",
                en="In the telephone portal you find your line's calls, messages and settings. "
                "Sign in with your extension and the password that your administrator hands you.",
            ),
        ),
        facts=tuple(facts),
        button=say(language, it="Apri il portale", en="Open the portal") if link else "",
        link=link,
        ends=(
            say(
                language,
                it="Al primo accesso scegli una password tua e un'e-mail di sicurezza.",
                en="The first time, you choose a password of your own and a security e-mail.",
            ),
        ),
    )


def security_notice(
    language: str, *, name: str, what: str, at: str, address: str = "", by: str = ""
) -> Letter:
    """Something about how this person signs in changed. Raises KeyError for an unknown `what`."""
    it, en = CHANGES[what]
    facts = [
        (say(language, it="Chi", en="Who"), words(name, most=80)),
        (say(language, it="Quando", en="When"), at),
    ]
    if by:
        facts.append((say(language, it="Da parte di", en="By"), words(by, most=80)))
    if address:
        facts.append((say(language, it="Dall'indirizzo", en="From address"), words(address)))
    return Letter(
        subject=say(language, it="Avviso di sicurezza", en="Security notice"),
        title=say(language, it=it, en=en),
        says=(),
        facts=tuple(facts),
        ends=(
            say(
                language,
                it="Se non ne sai nulla, avvisa subito il tuo amministratore.",
                en="If you know nothing of it, tell your administrator at once.",
            ),
        ),
    )


def limit_met(language: str, *, line: str, what: str, at: str, link: str = "") -> Letter:
    """A limit against toll fraud did its work. line: whose, with its name; '' for the office's."""
    who = words(line, most=90) or say(language, it="l'ufficio", en="the office")
    return Letter(
        subject=say(
            language,
            it=f"Limite di chiamate esterne raggiunto: {who}",
            en=f"Limit of outside calls reached: {who}",
        ),
        title=say(
            language,
            it="Un limite contro le frodi ha fermato delle chiamate",
            en="A limit against fraud has stopped calls",
        ),
        says=(f"{words(what, most=400)}.",),
        facts=(
            (say(language, it="Chi", en="Who"), who),
            (say(language, it="Quando", en="When"), at),
        ),
        button=say(language, it="Apri il portale", en="Open the portal") if link else "",
        link=link,
        ends=(
            say(
                language,
                it="Se le chiamate sono vere, alza il limite in Chiamate esterne, Protezione "
                "dalle frodi, o dalle un limite suo.",
                en="If the calls are real, raise the limit under Outside calls, Fraud protection, "
                "or give the line one of its own.",
            ),
            say(
                language,
                it="Se non le riconosci, qualcuno usa la linea: spegni gli inoltri nel suo "
                "pannello, in Linee, e genera nuove password per i suoi telefoni.",
                en="If you do not know them, somebody uses the line: switch its forwards off in "
                "its panel, under Lines, and make new passwords for its phones.",
            ),
            say(
                language,
                it="Per un'ora non arrivano altre mail su questa linea.",
                en="No further mail about this line comes for an hour.",
            ),
        ),
    )


def trunk_moved(
    language: str, *, name: str, up: bool, why: str, at: str, since: str = "", link: str = ""
) -> Letter:
    """An outside line does not work, or works again. since: when it went down."""
    shown = words(name, most=80)
    if up:
        facts = [(say(language, it="Di nuovo dalle", en="Again since"), at)]
        if since:
            facts.insert(0, (say(language, it="Non andava dalle", en="Down since"), since))
        return Letter(
            subject=say(
                language,
                it=f"La linea esterna «{shown}» funziona di nuovo",
                en=f"Trunk “{shown}” works again",
            ),
            title=say(
                language,
                it=f"La linea esterna «{shown}» funziona di nuovo",
                en=f"Trunk “{shown}” works again",
            ),
            says=(say(language, it="Non c'è nulla da fare.", en="There is nothing to do."),),
            facts=tuple(facts),
        )
    facts = [(say(language, it="Dalle", en="Since"), at)]
    if why:
        facts.append((say(language, it="Perché", en="Why"), words(why, most=300)))
    return Letter(
        subject=say(
            language,
            it=f"La linea esterna «{shown}» non va",
            en=f"Trunk “{shown}” is down",
        ),
        title=say(
            language,
            it=f"La linea esterna «{shown}» non va",
            en=f"Trunk “{shown}” is down",
        ),
        says=(
            say(
                language,
                it="Le chiamate passano dalle altre linee esterne, se ce ne sono. Quelle in "
                "arrivo su questa non arrivano. Il centralino continua a provare.",
                en="Calls go by the other trunks, if there are any. Those coming in by this one "
                "do not arrive. The PBX keeps trying.",
            ),
        ),
        facts=tuple(facts),
        button=say(language, it="Apri il portale", en="Open the portal") if link else "",
        link=link,
        ends=(
            say(
                language,
                it="Guarda in Linee esterne; se dura, chiama il fornitore. Una mail dirà quando "
                "funziona di nuovo.",
                en="Look under Trunks; if it lasts, call the provider. A mail will say when it "
                "works again.",
            ),
        ),
    )


def trial(language: str, *, by: str, at: str, host: str) -> Letter:
    """What an administrator sends to see whether mail works."""
    return Letter(
        subject=say(language, it="Prova di Office Smart", en="Office Smart test"),
        title=say(language, it="La posta dell'ufficio funziona", en="The office's mail works"),
        says=(
            say(
                language,
                it="Se leggi questo messaggio, Office Smart può mandare posta a questo indirizzo.",
                en="If you can read this, Office Smart can send mail to this address.",
            ),
        ),
        facts=(
            (say(language, it="Chiesto da", en="Asked for by"), words(by, most=80)),
            (say(language, it="Quando", en="When"), at),
            (say(language, it="Server", en="Server"), host),
        ),
    )
