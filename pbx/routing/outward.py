"""Calls that leave the office: may they, by which trunks, and what is said to who may not.

Shared by the feature that makes such calls and by those that would send one there.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbx.numbers import national
from pbx.routing.office import Office, Person
from pbx.routing.plan import Announce
from pbx.routing.rights import WORDS, class_of, is_barred, may_call, rule_for


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a number may not be called: what the caller hears and the history shows."""

    step: Announce
    it: str
    en: str
    own: bool = False
    "The number is the line's own: nobody is barred, there is nowhere else to go."


def refusal(
    number: str, person: Person | None, office: Office, *, granted: bool = False
) -> Refusal | None:
    """Why this line may not call this number outside; None when it may.

    number: as `dialled.outside` reads it. person: whose rights count; None has none. granted: the
    administrator allowed this number to everybody.
    """
    shown = national(number)
    if is_barred(number, office.rules):
        return Refusal(
            Announce("announce.not_allowed", 403, "Forbidden"),
            f"Le chiamate al numero {shown} sono bloccate per tutto l'ufficio",
            f"Calls to {shown} are barred for the whole office",
        )  # fmt: skip
    kind = class_of(number, office.rules)
    if not granted and (person is None or not may_call(person, kind)):
        words = WORDS[kind]
        who_it = f"L'interno {person.extension}" if person else "Chi chiama"
        who_en = f"Extension {person.extension}" if person else "The caller"
        return Refusal(
            Announce("announce.not_allowed", 403, "Forbidden"),
            f"{who_it} non è abilitato a chiamare {shown} ({words.it})",
            f"{who_en} may not call {shown} ({words.en})",
        )  # fmt: skip
    if not trunks_for(number, office):
        return Refusal(
            Announce("announce.no_outside_line", 503, "Service Unavailable"),
            f"{shown} è un numero esterno, ma nessuna linea esterna è attiva",
            f"{shown} is an outside number, but no outside line is switched on",
        )  # fmt: skip
    return None


def trunks_for(number: str, office: Office) -> tuple[int, ...]:
    """Ids of the trunks that may carry a call to this number, in the order of trying."""
    usable = tuple(trunk.id for trunk in office.trunks.values() if trunk.enabled)
    rule = rule_for(number, office.rules)
    if rule is None or rule.trunk not in usable:
        return usable
    return (rule.trunk, *(trunk for trunk in usable if trunk != rule.trunk))
