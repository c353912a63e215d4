"""What somebody dialled, read as a number outside the office.

Phones of the office put the outside-line digit 0 before a number (0 06 1234, 0 3..., 0 00...,
0 112), many people leave it out, and a contact list dials +39...: every form is understood.
"""

from __future__ import annotations

import re

from pbx.numbers import SEPARATORS, to_e164

SHORTEST_OUTSIDE = 7
"Digits; an extension has six at most."
SERVICE = re.compile(r"1[0-9]{2,3}|116[0-9]{3}|4[0-9]{4}")
"National services that are no E.164 numbers: 187, 1240, 116117, 48888."


def outside(dialled: str, prefix: str = "0") -> str:
    """The number outside the office that these digits ask for; "" when they ask for none.

    The answer is E.164, or the bare digits of an Italian service number (800..., 199..., 187).
    prefix: what takes an outside line; may be empty. What follows it is read first: 0 06 1234567
    is Rome, not Australia (00 61...). Without it, whatever can only be an outside number is one:
    the digit is often left out.
    """
    plain = SEPARATORS.sub("", dialled[:64])
    if not is_outside(plain, prefix):
        return ""
    behind = ""
    if prefix and plain.startswith(prefix):
        behind = plain.removeprefix(prefix)
        if SERVICE.fullmatch(behind) or (found := _national(behind)) == behind:
            return behind
        if found or re.fullmatch(r"3[0-9]{9}", behind):  # a mobile, in a new block too
            return found or f"+39{behind}"
    return _national(plain) or (_likely(behind) if behind else "") or _likely(plain)


def _likely(plain: str) -> str:
    """E.164 for what looks like a number, though our tables of numbers do not know its block.

    Providers open blocks every year: whether there is such a number is theirs to say.
    """
    if found := re.fullmatch(r"(?:\+|00)([1-9][0-9]{7,14})", plain):
        return f"+{found[1]}"
    if re.fullmatch(r"0[1-9][0-9]{5,9}|3[0-9]{8,9}", plain):
        return f"+39{plain}"
    return ""


def _national(plain: str) -> str:
    """E.164, or the national digits of a number that belongs to no place."""
    e164 = to_e164(plain)
    return e164[3:] if e164.startswith(("+391", "+398")) else e164


def e164_forms(dialled: str, prefix: str = "0") -> tuple[str, ...]:
    """The E.164 numbers that these digits may mean, likeliest first; none for an extension."""
    forms = [to_e164(dialled)]
    if prefix and dialled.startswith(prefix):
        forms.insert(0, to_e164(dialled.removeprefix(prefix)))
    return tuple(dict.fromkeys(form for form in forms if form))


def is_outside(dialled: str, prefix: str = "0") -> bool:
    """Whether these digits ask for a number outside the office, valid or not."""
    if not re.fullmatch(r"\+?[0-9]+", dialled):
        return False
    first = ("+", "0", prefix) if prefix else ("+", "0")
    return dialled.startswith(first) or len(dialled) >= SHORTEST_OUTSIDE


def is_code(dialled: str) -> bool:
    """Whether these keys can only be a service code: they begin with a star or a hash."""
    return dialled.startswith(("*", "#"))


def emergency(dialled: str, numbers: frozenset[str], prefix: str = "0") -> str:
    """The emergency number that was dialled, with or without what takes an outside line; else "".

    0 is always understood, whatever the office's digit is: people in need dial what they know.
    """
    for before in ("", prefix, "0"):
        if dialled.startswith(before) and dialled[len(before) :] in numbers:
            return dialled[len(before) :]
    return ""
