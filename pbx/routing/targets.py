"""What a number of the office may reach: the kinds of target, in words, and what is wrong with one.

A direct number (DID) has a target while the office is open and may have another while it is closed.
A later kind (group, menu, fax) is one more entry here and one case in features/direct_number.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pbx.routing.dialled import outside


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of target."""

    name: str
    it: str
    en: str
    it_target: str
    "What is chosen or typed, as a label; empty: nothing."
    en_target: str


KINDS: tuple[Kind, ...] = (
    Kind("line", "Interno", "Extension", "Interno", "Extension"),
    Kind("mailbox", "Casella vocale", "Mailbox", "Casella dell'interno", "Mailbox of extension"),
    Kind("service", "Servizio", "Service", "Servizio", "Service"),
    Kind("announcement", "Annuncio", "Announcement", "Annuncio", "Announcement"),
    Kind("number", "Numero esterno", "Outside number", "Numero", "Number"),
)
"What works now, in the order of offering."

SERVICES: Mapping[str, tuple[str, str]] = {
    "voicemail_menu": ("Ascolto della segreteria", "Listening to voicemail"),
    "echo": ("Prova di eco", "Echo test"),
}
"""Applications that a caller from outside may be given, with their names; the first asks for number
and PIN."""

ANNOUNCEMENTS: Mapping[str, tuple[str, str]] = {
    "announce.office_closed": ("I nostri uffici sono chiusi", "Our office is closed"),
    "announce.service_unavailable": (
        "Il servizio non è al momento disponibile",
        "This service is not available at the moment",
    ),
    "announce.unknown_number": ("Il numero non è attivo", "The number is not in service"),
    "announce.congestion": ("Tutte le linee sono occupate", "All lines are busy"),
}
"Prompts that may be all that a caller hears."


@dataclass(frozen=True, slots=True)
class Known:
    """What the office has, as far as targets go."""

    extensions: Collection[str] = ()
    mailboxes: Collection[str] = ()
    "Extensions with a mailbox."
    prefix: str = "0"
    "The digit that takes an outside line."
    numbers: Collection[str] = field(default=())
    "E.164 numbers of the office itself: a call to one would come back."


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a target, in both languages."""

    it: str
    en: str


def fault(kind: str, target: str, known: Known) -> Fault | None:
    """What is wrong with a target of this kind; None when a call can reach it."""
    if kind == "line":
        return None if target in known.extensions else _no_line(target)
    if kind == "mailbox":
        if target not in known.extensions:
            return _no_line(target)
        if target not in known.mailboxes:
            return Fault(
                f"L'interno {target} non ha una casella vocale: attivala o scegli un altro interno",
                f"Extension {target} has no mailbox: switch it on or choose another extension",
            )
        return None
    if kind == "service":
        return None if target in SERVICES else Fault("Scegli un servizio", "Choose a service")
    if kind == "announcement":
        if target in ANNOUNCEMENTS:
            return None
        return Fault("Scegli un annuncio", "Choose an announcement")
    if kind == "number":
        return _number_fault(target, known)
    return Fault("Scegli che cosa raggiunge il numero", "Choose what the number reaches")


def kept(kind: str, target: str, *, prefix: str = "0") -> str:
    """A right target as it is stored: an outside number in E.164."""
    return outside(target, prefix) if kind == "number" else target


def _no_line(target: str) -> Fault:
    if not target:
        return Fault("Scegli un interno", "Choose an extension")
    return Fault(
        f"{target[:16]} non è un interno attivo: scegline un altro",
        f"{target[:16]} is no active extension: choose another",
    )


def _number_fault(target: str, known: Known) -> Fault | None:
    number = outside(target, known.prefix)
    if not number:
        return Fault(
            "Non è un numero esterno valido: scrivilo come 02 5550 1201 o +39 02 5550 1201",
            "This is no valid outside number: write it like 02 5550 1201 or +39 02 5550 1201",
        )
    if number in known.numbers:
        return Fault(
            "È un numero dell'ufficio: la chiamata tornerebbe indietro. Scegli un interno",
            "This is a number of the office: the call would come back. Choose an extension",
        )
    return None
