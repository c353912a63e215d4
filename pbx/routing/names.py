"""What the services of a line are called where people read about them, in the guide's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A service, and what is said of it when it does not concern a call."""

    it: str
    en: str
    it_off: str = "non attivo"
    en_off: str = "off"
    it_passed: str = "non riguarda questa chiamata"
    en_passed: str = "does not concern this call"


SERVICES: Mapping[str, Name] = {
    "anonymous_reject": Name(
        "Gestione chiamate anonime", "Anonymous call rejection", "spenta", "off",
        "la chiamata non è anonima", "the call is not anonymous",
    ),
    "selective_reject": Name(
        "Rifiuto intelligente", "Selective rejection",
        it_passed="chi chiama non è nella lista di rifiuto",
        en_passed="the caller is not on the rejection list",
    ),
    "priority_callers": Name(
        "Chiamanti prioritari", "Priority callers", "non attivi", "off",
        "chi chiama non è tra i prioritari", "the caller is not a priority caller",
    ),
    "selective_forward": Name(
        "Inoltro intelligente", "Selective forward",
        it_passed="chi chiama non è nella lista di inoltro",
        en_passed="the caller is not on the forwarding list",
    ),
    "forward_all": Name("Inoltra ad un altro telefono", "Forward to another phone"),
    "forward_busy": Name("Inoltro su occupato", "Forward when busy"),
    "forward_unavailable": Name("Inoltro se non disponibile", "Forward when not reachable"),
    "do_not_disturb": Name("Non disturbare", "Do not disturb"),
    "unavailable": Name(
        "Linea non disponibile", "Line not reachable",
        it_passed="no: almeno un telefono è collegato",
        en_passed="no: at least one phone is connected",
    ),
    "call_waiting": Name(
        "Avviso di chiamata", "Call waiting",
        it_passed="attivo: una seconda chiamata squilla", en_passed="on: a second call rings",
    ),
    "busy": Name("Linea occupata", "Line busy", it_passed="no", en_passed="no"),
    "ring_plan": Name("Squillo", "Ringing"),
    "forward_no_answer": Name("Inoltro se nessuno risponde", "Forward when nobody answers"),
    "mailbox": Name("Segreteria", "Voicemail", "non c'è", "none", "non serve", "not needed"),
}  # fmt: skip
"In the order in which they are asked."


SET = frozenset(SERVICES) - {"unavailable", "busy"}
"Those that somebody sets; the others are how things stand."


def name_of(feature: str) -> tuple[str, str]:
    """What people call a feature; its own name when it is nobody's service."""
    known = SERVICES.get(feature)
    return (known.it, known.en) if known else (feature, feature)
