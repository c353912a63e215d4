"""A call leg: an INVITE dialog, ours or theirs, from first INVITE to BYE (RFC 3261 s.12 to 15).

The opening INVITE is `outgoing.py` or `incoming.py`, later changes are `changes.py`, the far end's
requests `in_dialog.py`, the watch on its life is `session_timer.py`; here they are one thing that
calls can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TYPE_CHECKING

from pbx.sip.asking import ask
from pbx.sip.bodies import sdp_of
from pbx.sip.changes import Change, Changes
from pbx.sip.credentials import Credentials
from pbx.sip.events import Ended, Ending, Event, Replied
from pbx.sip.exchange import Exchange
from pbx.sip.flow import Flow
from pbx.sip.incoming import TheirInvite
from pbx.sip.message import Message, Request, Response
from pbx.sip.outgoing import OurInvite
from pbx.sip.session_timer import SessionTimer
from pbx.sip.side import Side
from pbx.sip.transaction import InviteServer

if TYPE_CHECKING:
    from pbx.sip.house import House

Headers = Iterable[tuple[str, str]]


class DialogState(Enum):
    """RFC 3261 s.12."""

    CALLING = "calling"
    EARLY = "early"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Dialog:
    """A call leg: an INVITE dialog (RFC 3261 s.12), ours or theirs."""

    __slots__ = (
        "__weakref__", "_bye_headers", "_opening", "changes", "credentials",
        "house", "invite", "let_go", "outgoing", "owner", "said", "session", "side", "state",
    )  # fmt: skip

    invite: Request
    "The INVITE that began it (with credentials, when it was challenged)."
    owner: Callable[[Event], None] | None
    "Receives this dialog's events; while None they go to the agent's listener."

    def __init__(
        self,
        house: House,
        side: Side,
        invite: Request,
        *,
        transaction: InviteServer | None = None,
        credentials: Credentials | None = None,
        owner: Callable[[Event], None] | None = None,
    ) -> None:
        self.house = house
        self.side = side
        self.invite = invite
        self.outgoing = transaction is None
        "We sent the INVITE."
        self.owner = owner
        self.credentials = credentials
        self.state = DialogState.CALLING
        self.let_go = False
        "Its owner ended it, and wants to hear no more."
        self.said = invite.body if transaction is None else b""
        "The SDP that we said last: what a session refresh by re-INVITE repeats."
        self.session = SessionTimer(
            house.timers,
            refresh=self._refresh,
            expired=lambda: self.hang_up_because(Ending.SESSION_TIMER),
        )
        self.changes = Changes(self)
        self._bye_headers: list[tuple[str, str]] | None = None
        self._opening: OurInvite | TheirInvite = (
            OurInvite(self, invite, credentials)
            if transaction is None
            else TheirInvite(self, invite, transaction)
        )

    @property
    def call_id(self) -> str:
        """Call-ID."""
        return self.side.call_id

    @property
    def local_tag(self) -> str:
        """Our tag."""
        return self.side.local_tag

    @property
    def remote_tag(self) -> str:
        """Their tag; '' while nobody answered."""
        return self.side.remote_tag

    @property
    def flow(self) -> Flow:
        """Where its messages go."""
        return self.side.flow

    # --- an INVITE of theirs -------------------------------------------------------------------

    def ring(
        self, status: int = 180, *, sdp: bytes = b"", headers: Headers = (), reason: str = ""
    ) -> None:
        """Send a provisional answer: with 100rel when they require it, or when they can and an
        SDP goes with it (RFC 3262). Nothing when it is too late for one, or the INVITE is ours."""
        opening = self._opening
        if isinstance(opening, TheirInvite) and not opening.answered and 100 <= status < 200:
            if status > 100:
                self.state = DialogState.EARLY
            self.said = sdp or self.said
            opening.ring(status, sdp, list(headers), reason)

    def accept(self, sdp: bytes, *, headers: Headers = ()) -> None:
        """Answer 200 to their INVITE, re-INVITE or UPDATE that waits for it. Repeats the 200 until
        the ACK; without one in 64*T1 the dialog ends with BYE and `Ended` says so.

        After an SDP in a reliable provisional the 200 carries none (RFC 6337 s.2.2)."""
        opening = self._opening
        if self.changes.awaits_us:
            self.changes.accept(sdp, list(headers))
        elif isinstance(opening, TheirInvite) and not opening.answered:
            self.said = sdp or self.said
            opening.accept(sdp, list(headers))

    def refuse(self, status: int, reason: str = "", *, headers: Headers = ()) -> None:
        """Answer their INVITE, re-INVITE or UPDATE that waits with 3xx-6xx."""
        opening = self._opening
        if self.changes.awaits_us:
            self.changes.refuse(status, reason, list(headers))
        elif isinstance(opening, TheirInvite) and not opening.answered:
            opening.refuse(status, reason, list(headers))
            self.finished()

    # --- an established call -------------------------------------------------------------------

    def acknowledge(self, sdp: bytes) -> None:
        """The ACK with our answer, after an INVITE or re-INVITE of ours without SDP."""
        if isinstance(self._opening, OurInvite):
            self._opening.acknowledge(sdp)
        self.changes.acknowledge(sdp)
        self.said = sdp or self.said

    def reinvite(self, sdp: bytes, *, headers: Headers = ()) -> None:
        """Change the session. Answered by `Reaccepted` or `Rerefused`. A 491 is retried by itself
        after the pause of RFC 3261 s.14.1; while one of ours or theirs is open, it waits."""
        if not self.over:
            self.changes.want(Change("INVITE", sdp, list(headers)))

    @property
    def takes_updates(self) -> bool:
        """The far end has said that it understands UPDATE."""
        return "UPDATE" in self.side.allows

    def update(self, sdp: bytes = b"", *, headers: Headers = ()) -> None:
        """UPDATE (RFC 3311), for an early dialog or a connected-identity change.

        By re-INVITE when they do not allow UPDATE: at once, or as soon as the call is connected.
        """
        if self.over:
            return
        method = "UPDATE"
        if self.side.allows and "UPDATE" not in self.side.allows:
            method, sdp = "INVITE", sdp or self.said
        self.changes.want(Change(method, sdp, list(headers)))

    def request(
        self, method: str, *, headers: Headers = (), body: bytes = b"", content_type: str = ""
    ) -> Exchange:
        """REFER, NOTIFY, INFO, MESSAGE, OPTIONS in the dialog; answered by `Replied`."""
        request = self.side.request(method)
        for name, value in headers:
            request.set(name, value)
        if body:
            request.set("Content-Type", content_type or "application/octet-stream")
            request.body = body
        exchange = Exchange(self.house, request, self.side.flow)
        if self.over or not self.has_far_end:
            self.house.happened(Replied(exchange, self, 481, None))
            return exchange

        def heard(status: int, response: Response | None) -> None:
            self.house.happened(Replied(exchange, self, status, response))
            # NOTIFY and SUBSCRIBE belong to a subscription that may end alone (RFC 5057 s.5.1).
            if method not in ("NOTIFY", "SUBSCRIBE"):
                if status in (481, 408) or response is None:
                    self.hang_up_because(Ending.GONE, bye=status != 481)

        self._ask(request, heard)
        return exchange

    def end(self, *, headers: Headers = (), status: int = 480, reason: str = "") -> None:
        """End it, whatever its state: CANCEL ours (waiting for a provisional first, RFC 3261
        s.9.1), refuse theirs with `status`, BYE when established. `headers`: Reason and the like.
        Twice does no harm."""
        self.let_go = True
        if self.over:
            return
        opening = self._opening
        said = list(headers)
        if self.state is DialogState.CONFIRMED:
            if isinstance(opening, OurInvite):
                opening.end_late_offer()
            elif opening.awaits_ack:
                # No BYE before their ACK (RFC 3261 s.15): the 200 goes on asking for it.
                self.state = DialogState.ENDED
                self._bye_headers = said
                self.changes.stop()
                self.session.stop()
                return
            self.send_bye(self.side, said)
        else:
            self._abandon(said, status, reason)
        self.finished()

    def _abandon(self, headers: list[tuple[str, str]], status: int = 480, reason: str = "") -> None:
        """Give up an INVITE that was not answered: ours by CANCEL, theirs by refusing it."""
        if isinstance(self._opening, OurInvite):
            self._opening.cancel(headers)
        else:
            self._opening.refuse(status, reason, headers)

    # --- for its parts -------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """It has ended."""
        return self.state is DialogState.ENDED

    @property
    def confirmed(self) -> bool:
        """The INVITE was answered 2xx."""
        return self.state is DialogState.CONFIRMED

    @property
    def heard(self) -> bool:
        """Somebody answered our INVITE, if only with a 100 or a challenge; theirs always was."""
        return self._opening.heard if isinstance(self._opening, OurInvite) else True

    @property
    def has_far_end(self) -> bool:
        """Requests in the dialog can be sent: early or confirmed."""
        return self.state in (DialogState.EARLY, DialogState.CONFIRMED)

    @property
    def awaits_ack(self) -> bool:
        """Our 200 to their INVITE has no ACK yet."""
        return isinstance(self._opening, TheirInvite) and self._opening.awaits_ack

    @property
    def offer_open(self) -> bool:
        """The first offer has no answer yet."""
        opening = self._opening
        if self.confirmed:
            return self.awaits_ack and not self.invite.body
        return not opening.answered_reliably

    def begin(self) -> None:
        """Send our INVITE."""
        if isinstance(self._opening, OurInvite):
            self._opening.send()

    def sdp_of(self, message: Message) -> bytes:
        """The SDP in a message, or b''."""
        return sdp_of(message)

    def session_headers(self, request: Request) -> list[tuple[str, str]]:
        """What our 2xx to this INVITE or UPDATE says about the session timer; takes it up."""
        settings = self.house.settings
        return self.session.answer(
            request, settings.session_seconds, smallest=settings.min_session_seconds
        )

    def became_early(self, side: Side) -> None:
        """A provisional with a tag came."""
        if not self.over and not self.confirmed:
            self.side = side
            if side.remote_tag:
                self.state = DialogState.EARLY

    def became_confirmed(self, side: Side) -> None:
        """A 2xx came or went."""
        self.side = side
        self.state = DialogState.CONFIRMED

    def send_bye(self, side: Side, headers: list[tuple[str, str]]) -> None:
        """BYE to this far end; what it answers changes nothing."""
        bye = side.request("BYE")
        for name, value in headers:
            bye.add(name, value)
        ask(self.house, bye, side, self.credentials, lambda status, response: None)

    def hang_up_because(self, why: Ending, *, bye: bool = True) -> None:
        """End it and tell the owner, unless it ended it itself: then only the BYE is left."""
        headers = self._bye_headers
        self._bye_headers = None
        if self.over and headers is None:
            return
        if not self.confirmed and headers is None:
            self._abandon([])
        elif bye:
            self.send_bye(self.side, headers or [])
        if headers is None:
            self.ended(why, None)
        else:
            self.finished()

    def ended(self, why: Ending, request: Request | None) -> None:
        """It is over without our asking."""
        if not self.over:
            self.finished()
            self.house.happened(Ended(self, why, request))

    def finished(self) -> None:
        """Nothing more comes or goes."""
        self.state = DialogState.ENDED
        self.session.stop()
        self.changes.stop()
        self._opening.stop()
        self.house.book.leave(self)

    def after_prack(self) -> None:
        """A PRACK was answered, and the offer in it."""
        if isinstance(self._opening, TheirInvite):
            self._opening.go_on()

    def _refresh(self) -> None:
        self.changes.refresh()

    def _ask(self, request: Request, heard: Callable[[int, Response | None], None]) -> None:
        ask(self.house, request, self.side, self.credentials, heard)

    def knows(self, tag: str) -> bool:
        """Whether a From tag is its far end's, or one of its forks'."""
        if tag == self.side.remote_tag:
            return True
        return isinstance(self._opening, OurInvite) and self._opening.knows(tag)

    # --- what comes ----------------------------------------------------------------------------

    def acked(self, request: Request) -> None:
        """An ACK in the dialog."""
        opening = self._opening
        if isinstance(opening, TheirInvite) and opening.awaits_ack:
            opening.acked(request)
            if self._bye_headers is not None and not self.awaits_ack:
                headers, self._bye_headers = self._bye_headers, None
                self.send_bye(self.side, headers)
                self.finished()
        else:
            self.changes.acked(request)

    def cancelled(self, request: Request, transaction: InviteServer) -> None:
        """A CANCEL for an INVITE in it; answered 200 already."""
        if isinstance(self._opening, TheirInvite) and self._opening.request is self.invite:
            if not self._opening.answered:
                self._opening.cancelled(request, Ending.CANCEL)
                return
        self.changes.cancelled(transaction)

    def hung_up(self, request: Request) -> None:
        """A BYE; answered already."""
        opening = self._opening
        if isinstance(opening, TheirInvite) and not opening.answered:
            opening.cancelled(request, Ending.BYE)
        elif self._bye_headers is not None:
            self._bye_headers = None
            self.finished()
        else:
            if isinstance(opening, OurInvite) and not self.confirmed:
                opening.cancel([])
            self.ended(Ending.BYE, request)

    def pracked(self, request: Request) -> bool:
        """A PRACK, still to be answered; False when it fits no provisional answer of ours."""
        opening = self._opening
        return isinstance(opening, TheirInvite) and opening.pracked(request)
