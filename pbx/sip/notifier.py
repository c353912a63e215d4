"""A subscription of theirs to something of ours: its dialog and its NOTIFYs (RFC 6665 s.4.2).

What is told, and to whom, is the owner's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pbx.sip.events import Event, Replied, Subscribed, Unsubscribed
from pbx.sip.exchange import Exchange
from pbx.sip.flow import Flow
from pbx.sip.message import Request, Response
from pbx.sip.side import Side
from pbx.sip.timers import Timer

if TYPE_CHECKING:
    from pbx.sip.house import House

Headers = Iterable[tuple[str, str]]


class Subscription:
    """One watcher. Made by `Exchange.accept_subscription`."""

    def __init__(self, house: House, exchange: Exchange, tag: str) -> None:
        request = exchange.request
        self._house = house
        self._timer: Timer | None = None
        self._longest = 0
        self._until = 0.0
        self.owner: Callable[[Event], None] | None = None
        "Receives its events; while None they go to the agent's listener."
        self.package = request.get("Event")
        self.request = request
        "The latest SUBSCRIBE."
        self.over = False
        target = request.contact.uri if request.contact else request.from_.uri
        self.side = Side(
            request.call_id,
            local=request.to.with_tag(tag),
            remote=request.from_,
            target=target,
            flow=exchange.flow,
        )
        self.side.learn(request)
        self.side.remote_seq = request.cseq[0]

    @property
    def flow(self) -> Flow:
        """Where its NOTIFYs go."""
        return self.side.flow

    def granted(self, seconds: int) -> None:
        """It lasts so long from now on; 0: one NOTIFY more, and it is over."""
        if self._timer is not None:
            self._timer.cancel()
        self._longest = max(self._longest, seconds)
        self._until = self._house.timers.now() + seconds
        if seconds > 0:
            self._timer = self._house.timers.after(seconds, lambda: self._end("timeout"))
        else:
            self._leave()

    def seconds_left(self) -> int:
        """For Subscription-State."""
        return max(0, round(self._until - self._house.timers.now()))

    def refreshed(self, exchange: Exchange) -> None:
        """A SUBSCRIBE in its dialog: answered here, never for longer than the first time."""
        request = exchange.request
        if request.get("Event").partition(";")[0] != self.package.partition(";")[0]:
            exchange.reply(489)
            return
        self.request = request
        self.side.flow = exchange.flow
        self.side.refresh(request)
        wish = request.expires
        seconds = self._longest if wish is None else min(wish, self._longest)
        exchange.reply(
            200, headers=[("Contact", f"<{self.side.contact}>"), ("Expires", str(seconds))]
        )
        self.granted(seconds)
        if seconds:
            self._house.happened(Subscribed(self, request, seconds))
        else:
            self._house.happened(Unsubscribed(self, "asked"))

    def notify(
        self,
        body: bytes = b"",
        content_type: str = "",
        *,
        state: str = "active",
        headers: Headers = (),
    ) -> Exchange:
        """Send its state. state: 'active', 'pending' (the seconds left are added), or
        'terminated;reason=...', which ends it. Answered by `Replied`; a refusal ends it."""
        request = self.side.request("NOTIFY")
        request.set("Event", self.package)
        if not state.startswith("terminated") and "expires=" not in state:
            state = f"{state};expires={self.seconds_left()}"
        request.set("Subscription-State", state)
        for name, value in headers:
            request.add(name, value)
        if body:
            request.set("Content-Type", content_type)
            request.body = body
        exchange = Exchange(self._house, request, self.side.flow)

        def heard(status: int, response: Response | None) -> None:
            if status >= 200:
                self._heard(exchange, status, response)

        self._house.transactions.begin(request, self.side.flow, heard)
        if state.startswith("terminated"):
            self._leave()
        return exchange

    def _heard(self, exchange: Exchange, status: int, response: Response | None) -> None:
        self._house.happened(Replied(exchange, None, status, response))
        # RFC 6665 s.4.2.2: a 481 ends it; so does silence. Others say only that this NOTIFY was
        # not liked.
        if status in (404, 408, 410, 481, 489, 501, 503) and not self.over:
            if status != 503 or response is None:
                self._end("refused")

    def _end(self, reason: str) -> None:
        self._leave()
        self._house.happened(Unsubscribed(self, reason))

    def _leave(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self.over:
            self.over = True
            self._house.book.leave_subscription(self)

    def accepts(self, request: Request) -> bool:
        """Whether a request in its dialog is in order (RFC 3261 s.12.2.2)."""
        if request.cseq[0] < self.side.remote_seq:
            return False
        self.side.remote_seq = request.cseq[0]
        return True
