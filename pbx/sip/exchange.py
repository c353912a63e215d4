"""One request and its answer, outside INVITE: ours to send, or theirs to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pbx.sip.flow import Flow
from pbx.sip.matching import new_tag
from pbx.sip.message import Request, reply_to
from pbx.sip.transaction import ServerTransaction

if TYPE_CHECKING:
    from pbx.sip.events import Event
    from pbx.sip.house import House
    from pbx.sip.notifier import Subscription

Headers = Iterable[tuple[str, str]]


class Exchange:
    """One non-INVITE request: ours to send, or theirs to answer."""

    __slots__ = ("_house", "_status", "_tag", "_transaction", "flow", "owner", "request")

    def __init__(
        self,
        house: House,
        request: Request,
        flow: Flow,
        transaction: ServerTransaction | None = None,
    ) -> None:
        self._house = house
        self._transaction = transaction
        self._tag = ""
        self._status = 0
        self.owner: Callable[[Event], None] | None = None
        "Hears `Replied` to a request of ours outside any dialog; None: the agent's listener."
        self.request = request
        self.flow = flow

    @property
    def answered(self) -> bool:
        """Whether a final answer was given."""
        return self._status >= 200

    def reply(
        self,
        status: int,
        reason: str = "",
        *,
        headers: Headers = (),
        body: bytes = b"",
        content_type: str = "",
    ) -> None:
        """Answer a request of theirs. Twice does no harm: the first final answer stands."""
        transaction = self._transaction
        if transaction is None or self._status >= 200:
            return
        self._status = status
        request, house = self.request, self._house
        if not self._tag and not request.to.tag:
            self._tag = new_tag()
        response = reply_to(request, status, reason, tag=self._tag)
        for name, value in headers:
            response.add(name, value)
        if body:
            response.body = body
            response.set("Content-Type", content_type or "application/octet-stream")
        if status == 405 or (status == 200 and request.method == "OPTIONS"):
            for name, value in (
                ("Allow", house.allow),
                ("Accept", ", ".join(house.settings.accept)),
                ("Supported", house.supported),
            ):
                if not response.has(name):
                    response.add(name, value)
        transaction.answer(status, house.finish(response))

    def accept_subscription(self, seconds: int, *, headers: Headers = ()) -> Subscription | None:
        """Answer their SUBSCRIBE 200 for so many seconds and open its dialog (RFC 6665 s.4.2.1).

        A NOTIFY must follow at once. None: there are too many, and 503 was sent.
        """
        from pbx.sip.notifier import Subscription

        self._tag = self._tag or new_tag()
        subscription = Subscription(self._house, self, self._tag)
        if not self._house.book.enter_subscription(subscription):
            self.reply(503, headers=[("Retry-After", "60")])
            return None
        self.reply(
            200,
            headers=[
                ("Contact", f"<{subscription.side.contact}>"),
                ("Expires", str(seconds)),
                *headers,
            ],
        )
        subscription.granted(seconds)
        return subscription
