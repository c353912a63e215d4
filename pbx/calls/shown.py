"""Who is shown on a phone's display: names and numbers as SIP writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pbx.events.kinds import Party
from pbx.sip.uri import escape_user

if TYPE_CHECKING:
    from pbx.calls.leg import Leg


def caller_headers(leg: Leg, caller: Leg) -> Iterable[tuple[str, str]]:
    """Who is on the other side, for the display of the caller's phone (RFC 3325, RFC 5876);
    nothing for a caller outside, whom extensions and names of the office do not concern."""
    if caller.trunk:
        return []
    host = leg.dialog.flow.local[0]
    return [("P-Asserted-Identity", name_addr(leg.party, host))] if leg.party.number else []


def name_addr(party: Party, host: str) -> str:
    """`"Name" <sip:number@host>`, or the anonymous form (RFC 3323 s.4.1.1.3)."""
    if not party.number:
        return '"Anonymous" <sip:anonymous@anonymous.invalid>'
    name = "".join(letter for letter in party.name if letter.isprintable())
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    display = f'"{quoted}" ' if quoted else ""
    where = f"[{host}]" if ":" in host else host
    return f"{display}<sip:{escape_user(party.number)}@{where}>"
