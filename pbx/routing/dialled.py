"""What somebody dialled, read as a number outside the office.

Phones of the office put the outside-line digit 0 before a number (0 06 1234, 0 3..., 0 00...,
0 112), many people leave it out, and a contact list dials +39...: every form is understood.
"""

from __future__ import annotations

import re

from pbx.numbers import to_e164

SHORTEST_OUTSIDE = 7
"Digits; an extension has six at most."


def e164_forms(dialled: str) -> tuple[str, ...]:
    """The E.164 numbers that these digits may mean, likeliest first; none for an extension.

    The form as it stands comes first: in Italy 06... is both Rome and an outside line followed by
    6..., and no national number begins with 6.
    """
    forms = [to_e164(dialled)]
    if dialled.startswith("0"):
        forms.append(to_e164(dialled[1:]))
    return tuple(dict.fromkeys(form for form in forms if form))


def is_outside(dialled: str) -> bool:
    """Whether these digits ask for a number outside the office, valid or not."""
    if not re.fullmatch(r"\+?[0-9]+", dialled):
        return False
    return dialled.startswith(("+", "0")) or len(dialled) >= SHORTEST_OUTSIDE


def is_code(dialled: str) -> bool:
    """Whether these keys can only be a service code: they begin with a star or a hash."""
    return dialled.startswith(("*", "#"))


def emergency(dialled: str, numbers: frozenset[str]) -> str:
    """The emergency number that was dialled, with or without the outside-line 0; else ""."""
    if dialled in numbers:
        return dialled
    return dialled[1:] if dialled.startswith("0") and dialled[1:] in numbers else ""
