"""The user agent core: told bytes, addresses and time, it answers with bytes, timers and events
(RFC 3261, 3262, 3264 via offer.py, 3311, 3581, 4028, 5393, 6026).

Here are its door to the shell and its commands. What comes in goes by `arrivals`; a call lives in
`dialog` with `outgoing`, `incoming`, `changes` and `session_timer`, what is no call in `exchange`
and `notifier`; beneath them are `matching` and `transaction`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from pbx.sip.arrivals import Arrivals
from pbx.sip.asking import ask
from pbx.sip.book import Book
from pbx.sip.dialog import Dialog, DialogState
from pbx.sip.events import (
    Accepted,
    Acknowledged,
    Asked,
    Ended,
    Ending,
    Event,
    InviteArrived,
    Progressed,
    Reaccepted,
    Refused,
    Reinvited,
    Replied,
    RequestArrived,
    Rerefused,
    Subscribed,
    Unsubscribed,
)
from pbx.sip.exchange import Exchange
from pbx.sip.flow import Flow, Outgoing
from pbx.sip.headers import NameAddr
from pbx.sip.matching import (
    Transactions,
    new_tag,
)
from pbx.sip.message import BadMessage, Request, Response, phrase
from pbx.sip.notifier import Subscription
from pbx.sip.parser import parse
from pbx.sip.session_timer import SMALLEST
from pbx.sip.settings import AgentSettings
from pbx.sip.side import Side
from pbx.sip.timers import Timers

__all__ = [
    "Accepted", "Acknowledged", "Agent", "AgentSettings", "Asked", "Dialog", "DialogState",
    "Ended", "Ending", "Event", "Exchange", "Flow", "Headers", "InviteArrived", "Outgoing",
    "Progressed", "Reaccepted", "Refused", "Reinvited", "Replied", "RequestArrived", "Rerefused",
    "Subscribed", "Subscription", "Unsubscribed",
]  # fmt: skip

Headers = Iterable[tuple[str, str]]


class Agent:
    """Transactions, dialogs, and what they need from the shell in `net/driver.py`.

    now: answers the time in seconds, monotonic; given by the shell (the loop's time, or a test's).
    The shell: `receive` or `advance`, then `take_output`, then `take_events`, then arm a timer for
    `next_timer()`. `on_output` is called once when a command from elsewhere left output or an
    event behind.
    """

    on_output: Callable[[], None] | None

    def __init__(self, *, now: Callable[[], float], settings: AgentSettings | None = None) -> None:
        self.on_output = None
        self.settings = settings or AgentSettings()
        self.timers = Timers(now)
        self.transactions = Transactions(self.timers, self.post, self.settings.max_transactions)
        self.allow = ", ".join(self.settings.allow)
        self.supported = ", ".join(self.settings.supported)
        self.book = Book(self.settings.max_dialogs, self.settings.max_subscriptions)
        self._arrivals = Arrivals(self)
        self._output: list[Outgoing] = []
        self._events: list[Event] = []
        self._inside = False
        self._woken = False

    # --- the shell -------------------------------------------------------------------------------

    def receive(self, data: bytes, flow: Flow) -> None:
        """One datagram or framed message. Never raises."""
        self._inside = True
        try:
            message = parse(data)
            if isinstance(message, Response):
                self.transactions.answered(message)
            else:
                self._arrivals.request(message, flow)
        except BadMessage as bad:
            if bad.status and bad.request is not None:
                self._arrivals.refuse_bad(bad, bad.request, flow)
        finally:
            self._inside = False

    def flow_lost(self, flow: Flow) -> None:
        """A connection closed or a send failed hard (RFC 3261 s.8.1.3.1: as 503).

        Calls that are established go on, and open a new connection when they next have something
        to say; what waits for an answer on this one ends.
        """
        self._inside = True
        try:
            if not flow.reliable:
                self.transactions.refused_by_socket(flow)
                return
            self.transactions.lost(flow)
            for side in self.book.sides():
                if side.flow.carries(flow):
                    side.lose_connection()
        finally:
            self._inside = False
            self._wake()

    def next_timer(self) -> float | None:
        """When `advance` wants to be called, or None."""
        return self.timers.next()

    def advance(self) -> None:
        """Do what is due."""
        self._inside = True
        try:
            self.timers.run()
        finally:
            self._inside = False

    def take_output(self) -> list[Outgoing]:
        """What to send, in order; forgets it."""
        output, self._output = self._output, []
        self._woken = False
        return output

    def take_events(self) -> list[Event]:
        """What happened, in order; forgets it. Each belongs to `event.dialog.owner` if set."""
        events, self._events = self._events, []
        self._woken = False
        return events

    # --- commands --------------------------------------------------------------------------------

    def invite(
        self,
        uri: str,
        *,
        flow: Flow,
        from_: str,
        to: str,
        sdp: bytes,
        headers: Headers = (),
        credentials: tuple[str, str] | None = None,
        route: tuple[str, ...] = (),
        owner: Callable[[Event], None] | None = None,
        call_id: str = "",
    ) -> Dialog:
        """Send an INVITE. from_, to: name-addr without tags. credentials: (user, password) for a
        trunk that challenges. The SDP may be b'': their offer then comes in the 200 (`Accepted`),
        and `dialog.acknowledge(sdp)` must follow. A Max-Forwards or Contact among the headers
        takes the place of ours. Raises ValueError when from_ or to is no address."""
        side = self._side(uri, flow, from_, to, call_id)
        request = self._request("INVITE", uri, side, route)
        # A late offer cannot be answered in a PRACK by an owner who hears of it with the 200.
        offered = [option for option in self.settings.supported if sdp or option != "100rel"]
        request.add("Allow", self.allow)
        request.add("Supported", ", ".join(offered))
        request.add("Session-Expires", str(max(self.settings.session_seconds, SMALLEST)))
        request.add("Min-SE", str(max(self.settings.min_session_seconds, SMALLEST)))
        if sdp:
            request.add("Content-Type", "application/sdp")
            request.body = sdp
        for name, value in _together(headers):
            request.set(name, value[0])
            for more in value[1:]:
                request.add(name, more)
        dialog = Dialog(self, side, request, credentials=credentials, owner=owner)
        if self.book.full or not self.transactions.room():
            dialog.state = DialogState.ENDED
            self.happened(Refused(dialog, 503, phrase(503), None))
            return dialog
        self.book.enter(dialog)
        dialog.begin()
        return dialog

    def request(
        self,
        method: str,
        uri: str,
        *,
        flow: Flow,
        from_: str,
        to: str,
        headers: Headers = (),
        body: bytes = b"",
        content_type: str = "",
        credentials: tuple[str, str] | None = None,
        route: tuple[str, ...] = (),
        owner: Callable[[Event], None] | None = None,
        call_id: str = "",
        cseq: int = 1,
    ) -> Exchange:
        """A request outside any dialog; answered by `Replied` to `owner` or the agent's listener.

        call_id, cseq: for a REGISTER that refreshes an earlier one (RFC 3261 s.10.2: the same
        Call-ID, a higher CSeq). Raises ValueError when from_ or to is no address.
        """
        side = self._side(uri, flow, from_, to, call_id)
        side.local_seq = cseq - 1
        request = self._request(method, uri, side, route)
        for name, value in _together(headers):
            request.set(name, value[0])
            for more in value[1:]:
                request.add(name, more)
        if body:
            request.set("Content-Type", content_type or "application/octet-stream")
            request.body = body
        exchange = Exchange(self, request, flow)
        exchange.owner = owner

        def heard(status: int, response: Response | None) -> None:
            self.happened(Replied(exchange, None, status, response))

        if self.transactions.room():
            ask(self, request, flow, credentials, heard)
        else:
            heard(503, None)
        return exchange

    def find(self, call_id: str, local_tag: str, remote_tag: str) -> Dialog | None:
        """The dialog that a Replaces header names (RFC 3891 s.3: to-tag is our local tag)."""
        dialog = self.book.dialog(call_id, local_tag)
        if dialog is None or dialog.over or (dialog.remote_tag or "0") != (remote_tag or "0"):
            return None
        return dialog

    def dialogs(self) -> int:
        """How many live."""
        return len(self.book)

    def _side(self, uri: str, flow: Flow, from_: str, to: str, call_id: str) -> Side:
        local = NameAddr.parse(from_).with_tag(new_tag())
        call_id = call_id or f"{secrets.token_hex(12)}@{flow.local[0] or 'officesmart'}"
        return Side(call_id, local=local, remote=NameAddr.parse(to), target=uri, flow=flow)

    def _request(self, method: str, uri: str, side: Side, route: tuple[str, ...]) -> Request:
        side.route = route
        request = side.request(method)
        request.set("User-Agent", self.settings.product)
        side.route = ()
        side.target = uri
        return request

    # --- for its parts (see house.py) ------------------------------------------------------------

    def post(self, flow: Flow, data: bytes) -> None:
        """Put bytes on the wire."""
        self._output.append(Outgoing(flow, data))
        if not self._inside:
            self._wake()

    def happened(self, event: Event) -> None:
        """Tell the owner, or the listener."""
        self._events.append(event)
        if not self._inside:
            self._wake()

    def _wake(self) -> None:
        if not self._woken and self.on_output is not None and (self._output or self._events):
            self._woken = True
            self.on_output()

    def finish(self, response: Response) -> bytes:
        """The answer with our name in it, as bytes."""
        if not response.has("Server"):
            response.add("Server", self.settings.product)
        return bytes(response)


def _together(headers: Headers) -> list[tuple[str, list[str]]]:
    """Lines of one header side by side, in the order in which they first came."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return list(found.items())


def owner_of(event: Event) -> Callable[[Event], None] | None:
    """Who is to hear an event; None: the agent's listener."""
    if isinstance(event, (Subscribed, Unsubscribed)):
        return event.subscription.owner
    if isinstance(event, RequestArrived):
        return None
    if isinstance(event, Replied) and event.dialog is None:
        return event.exchange.owner
    return event.dialog.owner if event.dialog is not None else None


def too_late(event: Event) -> bool:
    """Whether its owner ended the dialog while the event was on its way: two phones that answer at
    once, and the first one's answer ends the other. What asks for an answer gets it here."""
    if isinstance(event, (RequestArrived, Replied)) or event.dialog is None:
        return False
    if event.dialog.let_go and isinstance(event, Asked):
        event.exchange.reply(481)
    return event.dialog.let_go
