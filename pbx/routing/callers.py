"""A line's caller lists: who is on one, and whether a call comes from somebody on it (guide 3.4.2).

Pure; `store.callers` reads the entries. A colleague is met in both forms, extension and direct
number. Two numbers are the same by E.164, or by their last nine digits when one of them has no
readable country (behaviour.md s.10). Who withholds his number is met by `anonymous` alone: a list
must not give away who he is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pbx.numbers import LAST_DIGITS, digits, national, to_e164

if TYPE_CHECKING:
    from pbx.routing.facts import CallFacts
    from pbx.routing.office import Office


@dataclass(frozen=True, slots=True)
class ListName:
    """What people call a list."""

    it: str
    en: str


LISTS: Mapping[str, ListName] = {
    "selective_reject": ListName("Rifiuto intelligente", "Selective rejection"),
    "priority_callers": ListName("Chiamanti prioritari", "Priority callers"),
    "selective_forward": ListName("Inoltro intelligente", "Selective forward"),
}
"Services with a list of callers, in the order in which they act."
KINDS = ("number", "prefix", "extension", "anonymous", "contact", "group")


@dataclass(frozen=True, slots=True)
class Caller:
    """An entry of a list."""

    kind: str
    "Of KINDS."
    value: str = ""
    "E.164, the beginning of one, or an extension; empty for the other kinds."
    name: str = ""
    "Who that is, as people know him; empty when nobody said."
    entry_id: int = 0
    numbers: frozenset[str] = frozenset()
    "Every number that is meant: E.164 where it can be read so, extensions, national services."


def matches(entries: Iterable[Caller], call: CallFacts, office: Office) -> Caller | None:
    """The first entry that this call's caller is on; None when he is on none."""
    entries = tuple(entries)
    if not entries:
        return None
    if call.withheld and not call.from_line:
        return next((entry for entry in entries if entry.kind == "anonymous"), None)
    forms = _forms(call, office)
    outside = "" if call.from_line else call.caller_number
    for entry in entries:  # lists are long: what most entries are is asked first
        if not entry.numbers.isdisjoint(forms.whole):
            return entry
        if entry.kind == "prefix":
            if entry.value and outside and _begins(outside, entry.value):
                return entry
        elif forms.tail and _has_tail(entry.numbers, forms):
            return entry
    return None


def words(entry: Caller, call: CallFacts) -> tuple[str, str]:
    """Who calls, for people to read: by the entry that met him, in Italian and English."""
    who = call.caller_name or national(call.caller_number)
    match entry.kind:
        case "anonymous":
            return "Chi nasconde il proprio numero", "Whoever withholds the number"
        case "prefix":
            begins = entry.value
            return f"{who} (numeri che iniziano con {begins})", f"{who} (numbers with {begins})"
        case "group":
            return f"{who} (gruppo {entry.name})", f"{who} (group {entry.name})"
    name = entry.name or who or national(entry.value)
    return name, name


# --- comparing numbers -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Forms:
    """The caller's number in every way in which a list may have it."""

    whole: frozenset[str]
    tail: str
    "Last nine digits; empty for a shorter number."
    readable: bool
    "Its country is known."


def _forms(call: CallFacts, office: Office) -> _Forms:
    if call.from_line:
        person = office.lines.get(call.from_line)
        number = person.number if person is not None else ""
        whole = {call.from_line, number} if number else {call.from_line}
        return _Forms(frozenset(whole), "", bool(number))
    number = to_e164(call.caller_number)
    plain = digits(call.caller_number)
    whole = {number} if number else {plain}
    ours = office.numbers.get(number, "")
    if not ours and (direct := office.direct_numbers.get(number)) is not None:
        ours = direct.target if direct.kind == "line" else ""
    if ours:
        whole.add(ours)
    whole.discard("")
    tail = plain[-LAST_DIGITS:] if len(plain) >= LAST_DIGITS else ""
    return _Forms(frozenset(whole), tail, bool(number))


def _has_tail(numbers: frozenset[str], forms: _Forms) -> bool:
    """Whether one of the numbers ends like the caller's, and one of the two has no country."""
    readable, unreadable = _tails(numbers)
    return forms.tail in unreadable or (not forms.readable and forms.tail in readable)


def _begins(number: str, prefix: str) -> bool:
    e164 = to_e164(number)
    if e164:
        return e164.startswith(prefix)
    begins = digits(prefix.removeprefix("+39"))
    return bool(begins) and digits(number).startswith(begins)


@lru_cache(maxsize=16384)
def _tails(numbers: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Last nine digits of the numbers with a country, and of those without."""
    found: tuple[set[str], set[str]] = set(), set()
    for number in numbers:
        plain = digits(number)
        if len(plain) >= LAST_DIGITS:
            found[not number.startswith("+")].add(plain[-LAST_DIGITS:])
    return frozenset(found[0]), frozenset(found[1])
