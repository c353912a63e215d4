"""What a REGISTER does to an account's bindings (RFC 3261 s.10.3).

Pure: bindings in, bindings or a refusal out; who the account is, whether it may, and where the
rows are kept is the caller's. Outbound's reg-id is honoured as a key (RFC 5626); GRUU is not
offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from math import ceil

from pbx.sip import uri as uris
from pbx.sip.flow import Flow
from pbx.sip.grammar import write_params
from pbx.sip.headers import NameAddr
from pbx.sip.message import Request

MAX_CONTACT = 1024
"Characters of one Contact; each is kept in a row and sent back in every 200."
_HOUR = 3600
_KEPT_PARAMS = ("+sip.instance", "reg-id", "q")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a binding may last, in seconds, and how many an account may have."""

    min_seconds: int = 60
    max_seconds: int = 3600
    default_seconds: int = 3600
    max_bindings: int = 10
    """Beyond it the one refreshed longest ago gives way: softphones that choose a new port at each
    start leave dead bindings behind, and the phone in somebody's hand must not be refused."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One phone's present contact."""

    key: str
    "What tells this phone from the account's others: +sip.instance (and reg-id), else the contact."
    contact: str
    "The contact URI as the phone gave it."
    call_id: str
    cseq: int
    expires_at: float
    "Seconds since the epoch, like `now`."
    flow: Flow
    "Where its request really came from (RFC 3581); requests go there."
    user_agent: str = ""
    registered_at: float = 0.0
    "When it was first made; a refresh leaves it."
    seen_at: float = 0.0
    "When it was last refreshed."
    params: tuple[tuple[str, str], ...] = ()
    "Contact parameters that are given back: +sip.instance, reg-id, q."


@dataclass(frozen=True, slots=True)
class Registered:
    """The REGISTER is good: keep `bindings`, answer 200 with `headers`."""

    bindings: tuple[Binding, ...]
    headers: tuple[tuple[str, str], ...]
    "A Contact for each binding, and Date."
    added: tuple[Binding, ...] = ()
    refreshed: tuple[Binding, ...] = ()
    removed: tuple[Binding, ...] = ()
    "Taken out by the phone, run out, or given way."


@dataclass(frozen=True, slots=True)
class Refused:
    """The REGISTER fails and nothing changes."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()


class _No(Exception):
    def __init__(self, status: int, reason: str, *headers: tuple[str, str]) -> None:
        super().__init__(reason)
        self.answer = Refused(status, reason, headers)


def register(
    bindings: tuple[Binding, ...],
    request: Request,
    *,
    now: float,
    source: Flow,
    limits: Limits = Limits(),  # noqa: B008  (frozen)
) -> Registered | Refused:
    """Decide what this REGISTER does to the account's present bindings.

    now: seconds since the epoch. Without Contact it is a question, answered with what is there.
    """
    present = tuple(one for one in bindings if one.expires_at > now)
    gone = tuple(one for one in bindings if one.expires_at <= now)
    contacts = request.get_all("Contact")
    try:
        if not contacts:
            return _registered(present, removed=gone, now=now)
        if "*" in contacts:
            _remove_all(present, request, contacts)
            return _registered((), removed=gone + present, now=now)
        if len(contacts) > limits.max_bindings:
            raise _No(403, "Too Many Contacts")
        wanted = _wanted(request, contacts, limits)
        return _apply(present, gone, wanted, request, now=now, source=source, limits=limits)
    except _No as refusal:
        return refusal.answer


def _remove_all(present: tuple[Binding, ...], request: Request, contacts: list[str]) -> None:
    if len(contacts) > 1 or request.expires != 0:
        raise _No(400, "Contact * needs Expires 0 and no other Contact")
    for one in present:
        _check_order(one, request)


def _check_order(one: Binding, request: Request) -> None:
    """A request of the same Call-ID must be a later one (RFC 3261 s.10.3 step 7)."""
    if one.call_id == request.call_id and request.cseq[0] <= one.cseq:
        raise _No(500, "Out Of Order")


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: str
    contact: str
    seconds: int
    params: tuple[tuple[str, str], ...]


def _wanted(request: Request, contacts: list[str], limits: Limits) -> list[_Wanted]:
    """What the request asks for, one for each Contact."""
    read: list[tuple[NameAddr, int]] = []
    for text in contacts:
        if len(text) > MAX_CONTACT:
            raise _No(400, "Contact Too Long")
        try:
            contact = NameAddr.parse(text)
            if contact.parsed().scheme not in ("sip", "sips"):
                raise ValueError("not a SIP URI")
        except ValueError:
            raise _No(400, "Contact Cannot Be Read") from None
        read.append((contact, _seconds(contact, request, limits)))

    keys = [_key(contact) for contact, _ in read]
    wanted = {}
    for (contact, seconds), key in zip(read, keys, strict=True):
        # Two contacts of one device, over UDP and TCP say, are two bindings.
        key = contact_key(contact.uri) if keys.count(key) > 1 else key
        params = tuple(
            (name, contact.params[name]) for name in _KEPT_PARAMS if name in contact.params
        )
        wanted[key] = _Wanted(key, contact.uri, seconds, params)
    return list(wanted.values())


def _key(contact: NameAddr) -> str:
    instance = contact.params.get("+sip.instance", "")
    if not instance:
        return contact_key(contact.uri)
    flow = contact.params.get("reg-id", "")
    return f"{instance};reg-id={flow}" if flow else instance


def contact_key(text: str) -> str:
    """A contact URI so that equal phones compare equal as text: no headers, host in lower case.

    Raises ValueError when it is no SIP URI.
    """
    uri = uris.parse(text)
    transport = uri.params.get("transport", "").lower()
    user = f"{uris.escape_user(uri.user)}@" if uri.user else ""
    port = "" if uri.port is None else f":{uri.port}"
    return f"{uri.scheme}:{user}{uri.host.lower()}{port}" + (
        f";transport={transport}" if transport else ""
    )


def _seconds(contact: NameAddr, request: Request, limits: Limits) -> int:
    """How long this contact is to last; 0 takes it out."""
    asked = contact.params.get("expires")
    if asked is None and not request.has("Expires"):
        seconds = limits.default_seconds
    elif asked is None:
        said = request.expires
        seconds = _HOUR if said is None else said  # RFC 3261 s.20.19
    elif asked.isascii() and asked.isdigit():
        seconds = min(int(asked[:12]), 2**32 - 1)
    else:
        seconds = _HOUR  # RFC 3261 s.20.10: malformed counts as an hour
    if 0 < seconds < min(limits.min_seconds, _HOUR):
        raise _No(423, "Interval Too Brief", ("Min-Expires", str(limits.min_seconds)))
    return min(seconds, limits.max_seconds)


def _same_phone(one: Binding, wanted: _Wanted) -> bool:
    """Does this binding belong to the phone that asks?

    By its key; and by its URI, since a phone that makes itself a new instance at each start
    (pyVoIP does) still sits at the same address. Two flows of one instance share a URI by design.
    """
    if one.key == wanted.key:
        return True
    mine, theirs = dict(one.params), dict(wanted.params)
    if "reg-id" in theirs and mine.get("+sip.instance") == theirs.get("+sip.instance"):
        return False
    if one.contact == wanted.contact:
        return True
    try:
        return uris.same(uris.parse(one.contact), uris.parse(wanted.contact))
    except ValueError:
        return False


def _apply(
    present: tuple[Binding, ...],
    gone: tuple[Binding, ...],
    wanted: list[_Wanted],
    request: Request,
    *,
    now: float,
    source: Flow,
    limits: Limits,
) -> Registered:
    """All or nothing: any contact that fails leaves everything as it was."""
    kept = list(present)
    added: list[Binding] = []
    refreshed: list[Binding] = []
    removed = list(gone)
    for want in wanted:
        same = [one for one in present if _same_phone(one, want)]
        for one in same:
            _check_order(one, request)
            if one in kept:
                kept.remove(one)
        if not want.seconds:
            removed += same
            continue
        removed += [one for one in same if one.key != want.key]
        earlier = next((one for one in same if one.key == want.key), None)
        new = Binding(
            key=want.key,
            contact=want.contact,
            call_id=request.call_id,
            cseq=request.cseq[0],
            expires_at=now + want.seconds,
            flow=source,
            user_agent=request.get("User-Agent")[:120],
            registered_at=earlier.registered_at if earlier else now,
            seen_at=now,
            params=want.params,
        )
        kept.append(new)
        (refreshed if earlier else added).append(new)

    if len(kept) > limits.max_bindings:
        kept.sort(key=lambda one: one.seen_at)
        removed += kept[: -limits.max_bindings]
        kept = kept[-limits.max_bindings :]
    return _registered(
        tuple(kept),
        added=tuple(added),
        refreshed=tuple(refreshed),
        removed=tuple(removed),
        now=now,
    )


def _registered(
    bindings: tuple[Binding, ...],
    *,
    now: float,
    added: tuple[Binding, ...] = (),
    refreshed: tuple[Binding, ...] = (),
    removed: tuple[Binding, ...] = (),
) -> Registered:
    headers = [
        ("Contact", f"<{one.contact}>{_params(one)};expires={max(1, ceil(one.expires_at - now))}")
        for one in bindings
    ]
    headers.append(("Date", _date(int(now))))
    return Registered(bindings, tuple(headers), added, refreshed, removed)


@lru_cache(maxsize=4)
def _date(now: int) -> str:
    """The Date header's value; a busy morning asks for the same second a thousand times."""
    return formatdate(now, usegmt=True)


def _params(one: Binding) -> str:
    text = ""
    for name, value in one.params:
        # An instance is always a quoted string (RFC 5626 s.4.1), though it could be bare.
        text += f';{name}="{value}"' if name == "+sip.instance" else write_params({name: value})
    return text
