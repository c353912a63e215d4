"""What the office itself calls a number, after a line's own contacts (behaviour.md s.10): the
extension's name, then the short code's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pbx.numbers import LAST_DIGITS, digits, is_extension, to_e164
from pbx.routing.dialled import e164_forms
from pbx.routing.office import Office


def spellings(number: str, office: Office) -> tuple[str, ...]:
    """The numbers under which an address book may have whoever has this one, likeliest first.

    A colleague is known by the extension or by the line's own number; what was dialled may begin
    with what takes an outside line.
    """
    extension = extension_of(number, office)
    if extension:
        own = office.lines[extension].number
        return tuple(dict.fromkeys(each for each in (number, extension, own) if each))
    return written_ways(number, office.outside_prefix)


def written_ways(number: str, prefix: str = "0") -> tuple[str, ...]:
    """The same for whoever is no line of the office."""
    if not number:
        return ()
    if is_extension(number):
        return (number,)
    # As it came first: only what was dialled begins with the prefix, and it is no E.164 then.
    forms = e164_forms(number, prefix)
    return (number,) if number.startswith("+") else (*forms, number)


def extension_of(number: str, office: Office) -> str:
    """The extension that has this number, its own or its outside one; "" for none."""
    extension = number if number in office.lines else office.numbers.get(number, "")
    return extension if extension in office.lines else ""


def name_of(number: str, office: Office) -> str:
    """The name of the extension, or of the short code that is or dials this number; "" for none."""
    if not number:
        return ""
    extension = extension_of(number, office)
    if extension and office.lines[extension].name:
        return office.lines[extension].name
    if code := office.short_codes.get(number):
        return code.name
    if not office.short_codes:
        return ""
    codes = tuple((each.number, each.name) for each in office.short_codes.values() if each.name)
    return code_name(written_ways(number, office.outside_prefix), by_number(codes))


@lru_cache(maxsize=8)
def by_number(codes: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Names of short codes (number, name) by what they dial: E.164, or the last nine digits of
    what cannot be read so. The first of several wins."""
    found: dict[str, str] = {}
    for number, name in codes:
        found.setdefault(_key(number), name)
    return found


def code_name(ways: tuple[str, ...], known: Mapping[str, str]) -> str:
    """What the short codes (`by_number`) call a number that may be written in these ways."""
    for way in ways:
        if name := known.get(_key(way), ""):
            return name
        tail = digits(way)[-LAST_DIGITS:]
        if not to_e164(way) and len(tail) == LAST_DIGITS:
            # Without a country on this side, nine digits decide.
            for number, name in known.items():
                if digits(number)[-LAST_DIGITS:] == tail:
                    return name
    return ""


def _key(number: str) -> str:
    e164 = "" if is_extension(number) else to_e164(number)
    return e164 or digits(number)[-LAST_DIGITS:]
