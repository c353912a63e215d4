"""Who may watch what: the notifier's rules for SUBSCRIBE (RFC 6665 s.4.2), and the first package,
message-summary (RFC 3842); dialog (RFC 4235) is the other.

Pure decisions and one bounded table. The dialog of a subscription (its CSeq, its time running out,
the NOTIFY on the wire) is `notifier.py`; what is to be told is the caller's. Another package is one
more `Package` value with a body of its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pbx.sip.grammar import clean
from pbx.sip.headers import Event, SubscriptionState
from pbx.sip.message import Request

MAX_PER_ACCOUNT = 100
"Subscriptions of one account. A key panel watches some sixty lines; beyond this the oldest goes."

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Package:
    """An event package: what its NOTIFY carries and how long one may watch."""

    name: str
    content_type: str
    default_seconds: int = 3600
    "RFC 3842 s.3.4 leaves it to the notifier; RFC 4235 s.3.4 says an hour."
    min_seconds: int = 60
    max_seconds: int = 3600


MESSAGE_SUMMARY = Package("message-summary", "application/simple-message-summary")
DIALOG = Package("dialog", "application/dialog-info+xml")
PACKAGES = (MESSAGE_SUMMARY, DIALOG)


@dataclass(frozen=True, slots=True)
class Granted:
    """Answer 200 with Expires `seconds`, then send a NOTIFY with the present state at once."""

    package: Package
    seconds: int
    "0: no watching, or no longer; the one NOTIFY that follows is the last (RFC 6665 s.4.4.3)."
    event_id: str = ""
    "The id that NOTIFYs must repeat."

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What the 200 says beside what every answer says."""
        return (("Expires", str(self.seconds)),)


@dataclass(frozen=True, slots=True)
class Refused:
    """Answer this; nothing changes."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()


def subscribe(request: Request, packages: Iterable[Package] = PACKAGES) -> Granted | Refused:
    """Read a SUBSCRIBE: which package, for how long, or why not.

    Unknown and missing events get 489 with what we have; a body they cannot take gets 406; too
    short an interval 423; longer than the package's longest is shortened.
    """
    known = {package.name: package for package in packages}
    try:
        event = Event.parse(request.get("Event"))
    except ValueError:
        event = Event("")
    package = known.get(event.package)
    if package is None:
        return Refused(489, "Bad Event", (("Allow-Events", ", ".join(known)),))
    if not accepts(request, package.content_type):
        return Refused(406, "Not Acceptable", (("Accept", package.content_type),))
    seconds = request.expires
    if seconds is None:
        seconds = package.default_seconds
    elif 0 < seconds < min(package.min_seconds, 3600):
        # RFC 6665 s.4.2.1.1 allows this only under an hour.
        return Refused(423, "Interval Too Brief", (("Min-Expires", str(package.min_seconds)),))
    return Granted(package, min(seconds, package.max_seconds), event.id)


def accepts(request: Request, content_type: str) -> bool:
    """Would they read a body of this type? Without Accept, they take the package's own."""
    if not request.has("Accept"):
        return True
    family = content_type.partition("/")[0] + "/*"
    return any(request.mentions("Accept", kind) for kind in (content_type, family, "*/*"))


def notify_headers(
    package: Package, *, seconds: int, event_id: str = "", reason: str = "timeout"
) -> tuple[tuple[str, str], ...]:
    """Event and Subscription-State of a NOTIFY (RFC 6665 s.8.2).

    seconds: how long the subscription still lasts; 0 makes this its last NOTIFY, with `reason`.
    """
    if seconds > 0:
        state = SubscriptionState("active", expires=seconds)
    else:
        state = SubscriptionState("terminated", reason=reason)
    return (("Event", str(Event(package.name, event_id))), ("Subscription-State", str(state)))


def message_summary(
    new: int,
    old: int,
    urgent_new: int = 0,
    urgent_old: int = 0,
    account_uri: str = "",
    *,
    fax_new: int = 0,
    fax_old: int = 0,
    lamp: bool | None = None,
) -> bytes:
    """The body for a mailbox (RFC 3842 s.5.2): counts of voice, and of fax when there are any.

    new, old: all of them, the urgent ones among them. account_uri: what the phone's message key is
    to dial. lamp: None lights it when something is new; a line that wants it for urgent messages
    only says so itself.
    """
    waiting = bool(new or fax_new) if lamp is None else lamp
    lines = [f"Messages-Waiting: {'yes' if waiting else 'no'}"]
    if account_uri:
        lines.append(f"Message-Account: {clean(account_uri)}")
    lines.append(f"Voice-Message: {new}/{old} ({urgent_new}/{urgent_old})")
    if fax_new or fax_old:
        lines.append(f"Fax-Message: {fax_new}/{fax_old} (0/0)")
    return "\r\n".join([*lines, ""]).encode()


class Watchers(Generic[T]):
    """Who watches what, bounded for each account. T: whatever stands for a subscription."""

    def __init__(self, *, max_per_account: int = MAX_PER_ACCOUNT) -> None:
        self._most = max_per_account
        self._by_account: dict[Hashable, dict[T, tuple[str, str]]] = {}
        self._by_thing: dict[tuple[str, str], dict[T, Hashable]] = {}
        self._accounts: dict[T, Hashable] = {}

    def add(self, watcher: T, *, account: Hashable, package: str, resource: str) -> list[T]:
        """Enter a watcher of a resource (a mailbox, a line); once is enough.

        The answer: the account's oldest watchers, which had to go; they are owed a last NOTIFY.
        """
        self.remove(watcher)
        mine = self._by_account.setdefault(account, {})
        gone = list(mine)[: max(0, len(mine) + 1 - self._most)]
        for one in gone:
            self.remove(one)
        thing = (package, resource)
        self._by_account.setdefault(account, {})[watcher] = thing
        self._by_thing.setdefault(thing, {})[watcher] = account
        self._accounts[watcher] = account
        return gone

    def remove(self, watcher: T) -> bool:
        """Forget a watcher; False when it was not known."""
        if watcher not in self._accounts:
            return False
        account = self._accounts.pop(watcher)
        thing = self._by_account[account].pop(watcher)
        del self._by_thing[thing][watcher]
        if not self._by_account[account]:
            del self._by_account[account]
        if not self._by_thing[thing]:
            del self._by_thing[thing]
        return True

    def of(self, package: str, resource: str) -> list[T]:
        """Everybody who is to be told about this resource."""
        return list(self._by_thing.get((package, resource), ()))

    def __len__(self) -> int:
        return len(self._accounts)
