"""Who is shown on a phone's display: names and numbers as SIP writes them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from pbx.events.kinds import Party
from pbx.sip.uri import escape_user

if TYPE_CHECKING:
    from pbx.calls.leg import Leg

LONGEST = 64  # letters; displays show 16 to 40, and a datagram has to hold them several times
JOINER = "\u200d"  # holds the parts of one emoji together
MARKS = frozenset((JOINER, "\ufe0e", "\ufe0f"))
"What belongs to the letter before it, beside accents."
UNSEEN = ("Cf", "Cs", "Cn", "Co")


def caller_headers(leg: Leg, caller: Leg, shown: Party | None = None) -> list[tuple[str, str]]:
    """Who is on the other side (`leg`), for the display of the caller's phone (RFC 3325, RFC 5876);
    nothing for a caller outside, whom extensions and names of the office do not concern.

    shown: as the caller's line calls that side; None: as it calls itself.
    """
    if caller.trunk:
        return []
    if leg.unlisted:
        return []
    party = shown or leg.party
    host = caller.dialog.flow.local[0]
    return [("P-Asserted-Identity", name_addr(party, host))] if party.number else []


def name_addr(party: Party, host: str) -> str:
    """`"Name" <sip:number@host>`, or the anonymous form (RFC 3323 s.4.1.1.3)."""
    if not party.number:
        return '"Anonymous" <sip:anonymous@anonymous.invalid>'
    quoted = display_name(party.name).replace("\\", "\\\\").replace('"', '\\"')
    display = f'"{quoted}" ' if quoted else ""
    where = f"[{host}]" if ":" in host else host
    return f"{display}<sip:{escape_user(party.number)}@{where}>"


def display_name(name: str) -> str:
    """A name as a display can have it: one line of printable letters, LONGEST of them at most.

    A longer one is cut at a word where one ends late enough, never inside a letter and its marks
    (an emoji's skin, an accent of its own).
    """
    plain = "".join(
        sign
        if sign.isprintable() or sign == JOINER
        else ""  # marks of writing from right to left may turn the number beside it round
        if unicodedata.category(sign) in UNSEEN
        else " "
        for sign in name
    )
    plain = " ".join(plain.split())
    if len(plain) <= LONGEST:
        return plain
    cut = LONGEST - 1
    while cut > 1 and (
        unicodedata.combining(plain[cut])
        or plain[cut] in MARKS
        or plain[cut - 1] == JOINER
        or "\U0001f3fb" <= plain[cut] <= "\U0001f3ff"
    ):
        cut -= 1
    short = plain[:cut]
    word = short.rfind(" ")
    if word > LONGEST // 2 and plain[cut] != " ":
        short = short[:word]
    return f"{short.rstrip()}…"
