"""Who calls, as a provider is told and as it tells us: caller identity on trunks (RFC 3261, 3323,
3325, the older Remote-Party-ID), who forwarded (RFC 5806, RFC 7044), and which number is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pbx.numbers import digits, from_network, written
from pbx.routing.office import TrunkFacts
from pbx.sip.flow import bracketed
from pbx.sip.grammar import quote
from pbx.sip.headers import NameAddr
from pbx.sip.message import Request
from pbx.sip.uri import escape_user

ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'
NAMELESS = frozenset({"", "anonymous", "unavailable", "unknown", "restricted", "asterisk"})
"Users of a From that are no number; only the first proper one says that the caller wished it so."
HIDING = frozenset({"id", "user", "header"})
"Values of Privacy (RFC 3323 s.4.2, RFC 3325 s.9.3) with which the caller is not to be shown."
DEFLECTED = 480
REASONS = {
    302: "unconditional",
    486: "user-busy",
    408: "no-answer",
    503: "unavailable",
    DEFLECTED: "deflection",
    404: "unknown",
}
"The causes of RFC 4458 s.2.1, and the reasons that a Diversion says for them (RFC 5806 s.4)."

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the called party is to see."""

    number: str
    "E.164; empty: the trunk's main number."
    name: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Diverted:
    """Somebody who forwarded the call."""

    number: str
    "E.164; empty: the trunk's main number stands for it."
    cause: int = DEFLECTED
    "A key of REASONS."


@dataclass(frozen=True, slots=True)
class CallerSeen:
    """A caller as a provider tells it."""

    number: str = ""
    "E.164; empty when it is withheld or the network has none."
    name: str = ""
    withheld: bool = False


# --- out ------------------------------------------------------------------------------------------


def address(number: str, trunk: TrunkFacts) -> str:
    """The URI of a number at this provider."""
    port = "" if trunk.port == 5060 or trunk.proxy else f":{trunk.port}"
    user = escape_user(written(number, trunk.number_format))
    return f"sip:{user}@{bracketed(trunk.host)}{port}"


def from_header(shown: Shown, trunk: TrunkFacts) -> str:
    """From of a call by this trunk."""
    return ANONYMOUS if shown.withheld else _name_addr(shown, trunk)


def identity_headers(shown: Shown, trunk: TrunkFacts) -> Headers:
    """Our number where this provider wants it; a withheld one too, for the provider's eyes only."""
    headers: Headers = []
    ours = _name_addr(shown, trunk)
    match trunk.caller_id:
        case "pai":
            headers.append(("P-Asserted-Identity", ours))
        case "ppi":
            headers.append(("P-Preferred-Identity", ours))
        case "rpid":
            privacy = "full" if shown.withheld else "off"
            headers.append(
                ("Remote-Party-ID", f"{ours};party=calling;privacy={privacy};screen=yes")
            )
    if shown.withheld:
        headers.append(("Privacy", "id"))
    return headers


def diversion_headers(
    diverted: Sequence[Diverted], number: str, trunk: TrunkFacts, *, withheld: bool = False
) -> Headers:
    """Who forwarded the call, first diverter first, and where it goes now (`number`)."""
    diverted = [replace(each, number=each.number or trunk.main_number) for each in diverted]
    diverted = [each for each in diverted if each.number]
    if not diverted:
        return []
    headers: Headers = []
    if trunk.diversion in ("diversion", "both"):
        privacy = "full" if withheld else "off"
        headers += [
            # The latest comes first (RFC 5806 s.3).
            (
                "Diversion",
                f"<{address(each.number, trunk)}>;reason={REASONS.get(each.cause, 'unknown')}"
                f";privacy={privacy}",
            )
            for each in reversed(diverted)
        ]
    if trunk.diversion in ("history", "both"):
        headers.append(("History-Info", _history(diverted, number, trunk)))
    return headers


def _history(diverted: Sequence[Diverted], number: str, trunk: TrunkFacts) -> str:
    """One entry for each who was called in turn (RFC 7044 s.5, cause by RFC 4458 s.3)."""
    index, entries = "1", []
    targets = [*(each.number for each in diverted), number]
    for place, target in enumerate(targets):
        cause, mapped = "", ""
        if place:
            cause = f";cause={diverted[place - 1].cause}"
            mapped = f";mp={index}"
            index = f"{index}.1"
        entries.append(f"<{address(target, trunk)}{cause}>;index={index}{mapped}")
    return ", ".join(entries)


def _name_addr(shown: Shown, trunk: TrunkFacts) -> str:
    number = shown.number or trunk.main_number
    user = written(number, trunk.number_format) if number else trunk.username or "anonymous"
    name = "".join(letter for letter in shown.name if letter.isprintable())
    display = f"{quote(name)} " if name else ""
    return f"{display}<sip:{escape_user(user)}@{bracketed(trunk.host)}>"


# --- in -------------------------------------------------------------------------------------------


def caller_of(request: Request, trunk: TrunkFacts) -> CallerSeen:
    """Who calls. The provider's own word (P-Asserted-Identity) counts before the caller's From; an
    identity that the network does not have is not one that the caller withholds."""
    said = [value.strip().lower() for value in request.get("Privacy").replace(",", ";").split(";")]
    stated = _first(request.get_all("Remote-Party-ID"))
    from_ = request.from_
    hidden = (
        bool(HIDING & set(said))
        or from_.user.lower() == "anonymous"
        or from_.uri.lower().endswith("anonymous.invalid")
        or (stated is not None and stated.params.get("privacy", "off").lower() not in ("off", ""))
    )
    if hidden:
        return CallerSeen(withheld=True)
    for one in (*_all(request.get_all("P-Asserted-Identity")), stated, from_):
        if one is None or one.user.lower() in NAMELESS:
            continue
        number = from_network(one.user, trunk.number_format)
        if number:
            name = one.display or from_.display
            return CallerSeen(number, "" if digits(name) and not _letters(name) else name[:80])
    return CallerSeen(name=from_.display[:80] if _letters(from_.display) else "")


def dialled_by(request: Request, trunk: TrunkFacts, known: Callable[[str], bool]) -> str:
    """The number of ours that is called, E.164; digits as they came when they are no number; ""
    for none. Never a code: stars and hashes of strangers are not dialled here.

    known: whether a number is ours. A registered trunk is called by its own contact, and the
    number stands in P-Called-Party-ID (RFC 7315 s.4.2) or To; by address it is in the Request-URI.
    """
    said = [_user_of(request.uri), *(_user(text) for text in request.get_all("P-Called-Party-ID"))]
    said.append(request.to.user)
    others = [user for user in said if user and user != trunk.username]
    for user in (*others, trunk.username, trunk.main_number):
        number = from_network(user, trunk.number_format)
        if known(number):
            return number
    # None of ours: what they asked for is told back, and the account's own number only when they
    # named nothing else.
    if not others:
        return from_network(trunk.username, trunk.number_format) or trunk.main_number
    plain = others[0].partition(";")[0].removeprefix("+")
    as_it_came = plain if plain.isascii() and plain.isdigit() else ""
    return from_network(others[0], trunk.number_format) or as_it_came


def _letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _user_of(uri: str) -> str:
    return NameAddr(uri).user


def _user(text: str) -> str:
    found = _parsed(text)
    return found.user if found is not None else ""


def _first(values: Sequence[str]) -> NameAddr | None:
    return _parsed(values[0]) if values else None


def _all(values: Sequence[str]) -> list[NameAddr]:
    return [one for one in map(_parsed, values[:4]) if one is not None]


def _parsed(text: str) -> NameAddr | None:
    try:
        return NameAddr.parse(text)
    except ValueError:
        return None
