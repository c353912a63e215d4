"""Why a mail waits, failed or was not sent: a code in the row, words on the page.

A row's `error` is a code, a space and what the server said: 'refused 550 5.1.1 no such user'. The
codes are ours, so the page says them in its reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from officesmart.i18n import say
from officesmart.mailing.envelope import words

REASONS: Mapping[str, tuple[str, str]] = {
    "no_server": ("Nessun server di posta è impostato", "No mail server is set"),
    "bad_setting": (
        "L'impostazione del server di posta non è valida",
        "The mail server's setting cannot be used",
    ),
    "unreachable": ("Il server di posta non risponde", "The mail server does not answer"),
    "timeout": ("Il server di posta è troppo lento", "The mail server is too slow"),
    "certificate": (
        "Il certificato del server di posta non è fidato",
        "The mail server's certificate is not trusted",
    ),
    "no_tls": (
        "Il server di posta non offre una connessione cifrata",
        "The mail server offers no encryption",
    ),
    "auth": (
        "Il server di posta rifiuta l'utente o la password",
        "The mail server refuses the user or the password",
    ),
    "sender": (
        "Il server di posta rifiuta il nostro indirizzo",
        "The mail server refuses our own address",
    ),
    "refused": ("Il server di posta ha rifiutato", "The mail server refused"),
    "later": ("Il server di posta chiede di riprovare", "The mail server asks to try again"),
    "broken_off": (
        "Il collegamento è caduto a metà",
        "The connection broke off in the middle",
    ),
    "address": ("L'indirizzo non è valido", "The address is not valid"),
    "no_utf8": (
        "Il server di posta non accetta indirizzi con lettere accentate",
        "The mail server takes no addresses with accented letters",
    ),
    "too_old": (
        "Troppo tardi: sarebbe arrivato fuori tempo",
        "Too late: it would have come out of time",
    ),
    "stopped": ("Fermato da", "Stopped by"),
    "not_wanted": ("La linea non vuole avvisi", "The line wants no notices"),
    "heard": ("Il messaggio era già stato ascoltato", "The message had been heard already"),
    "gone": ("Il messaggio non c'è più", "The message is gone"),
    "fault": ("Il messaggio non si può scrivere", "The message cannot be written"),
}
OF_THE_SERVER = frozenset(
    {"no_server", "bad_setting", "unreachable", "timeout", "certificate", "no_tls", "auth"}
    | {"sender"}
)
"What fails every mail alike, and may be mended by a new setting."


@dataclass(frozen=True, slots=True)
class Reason:
    """What a row's error says."""

    code: str
    detail: str = ""

    def __str__(self) -> str:
        return words(f"{self.code} {self.detail}", most=500)


def read(error: str) -> Reason:
    """From a row."""
    code, _, detail = error.partition(" ")
    return Reason(code, detail)


def told(language: str, error: str) -> str:
    """For people; '' where there is none."""
    reason = read(error)
    if not error:
        return ""
    if reason.code not in REASONS:
        return error
    it, en = REASONS[reason.code]
    sentence = say(language, it=it, en=en)
    if not reason.detail:
        return sentence
    return (
        f"{sentence} {reason.detail}"
        if reason.code == "stopped"
        else (f"{sentence}: {reason.detail}")
    )
