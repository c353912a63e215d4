"""Changes of a session inside its dialog: re-INVITE and UPDATE, ours and theirs, one at a time
(RFC 3261 s.14, RFC 3311, RFC 6141 as far as one audio stream needs it).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pbx.sip import session_timer
from pbx.sip.credentials import authorize
from pbx.sip.events import Acknowledged, Ending, Reaccepted, Reinvited, Rerefused
from pbx.sip.insist import Insistence, until_ack
from pbx.sip.machine import State
from pbx.sip.message import Request, Response, reply_to
from pbx.sip.timers import Timer
from pbx.sip.transaction import ClientTransaction, InviteServer, ServerTransaction

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog

MAX_QUEUE = 16  # changes that wait; one more takes the place of the last
MAX_TRIES = 6  # sends of one change: glare, credentials, a 422


@dataclass(slots=True)
class Change:
    """One change of ours."""

    method: str
    sdp: bytes
    headers: list[tuple[str, str]] = field(default_factory=list)
    silent: bool = False
    "A session refresh: the owner hears nothing of it."
    tries: int = 0
    request: Request | None = None


class Changes:
    """What either side changes, or waits to change."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._queue: list[Change] = []
        self._ours: Change | None = None
        self._transaction: ClientTransaction | None = None
        self._pause: Timer | None = None
        self._acks: dict[int, bytes] = {}
        self._late: int = 0
        "The CSeq of our offerless re-INVITE whose ACK waits for our answer; 0: none."
        self._theirs: tuple[Request, InviteServer | ServerTransaction] | None = None
        self._unacked: tuple[Request, Insistence] | None = None

    # --- ours ----------------------------------------------------------------------------------

    def want(self, change: Change) -> None:
        """Make this change as soon as nothing else is open."""
        if len(self._queue) >= MAX_QUEUE:
            self._queue.pop()
        self._queue.append(change)
        self.go_on()

    def refresh(self) -> None:
        """Show each other that the call lives (RFC 4028 s.7.4), unless a change does so anyway."""
        if self._ours is None and not self._queue:
            update = "UPDATE" in self._dialog.side.allows
            sdp = b"" if update else self._dialog.said
            self.want(Change("UPDATE" if update else "INVITE", sdp, silent=True))

    def go_on(self) -> None:
        """Begin the next change, if the dialog is free for it."""
        if self._queue and self._free(self._queue[0]):
            self._send(self._queue.pop(0))

    def _free(self, change: Change) -> bool:
        dialog = self._dialog
        if dialog.over or self._ours or self._pause or self._late or self._theirs:
            return False
        if change.method == "UPDATE":
            return dialog.has_far_end and not (change.sdp and dialog.offer_open)
        return dialog.confirmed and not self._unacked and not dialog.awaits_ack

    def _send(self, change: Change) -> None:
        dialog = self._dialog
        house = dialog.house
        change.tries += 1
        self._ours = change
        request = dialog.side.request(change.method)
        request.add("Allow", house.allow)
        request.add("Supported", house.supported)
        for name, value in (*dialog.session.request_headers(), *change.headers):
            request.add(name, value)
        if change.sdp:
            request.set("Content-Type", "application/sdp")
            request.body = change.sdp
        if change.request is not None:
            for name in ("Authorization", "Proxy-Authorization"):
                for value in change.request.get_all(name):
                    request.add(name, value)
        change.request = request
        self._transaction = house.transactions.begin(
            request, dialog.side.flow, self._listener(change, request)
        )

    def _listener(self, change: Change, request: Request) -> Callable[[int, Response | None], None]:
        def heard(status: int, response: Response | None) -> None:
            if status < 200:
                # No person decides on a change: one that is never decided is a far end gone.
                if self._transaction is not None and self._ours is change:
                    if self._transaction.timeout is None or not self._transaction.timeout.deed:
                        self._transaction.arm_timeout()
            elif self._dialog.over or self._ours is not change or change.request is not request:
                self._heard_late(request, status)
            else:
                self._ours = None
                if status < 300:
                    self._accepted(change, request, response)
                else:
                    self._refused(change, request, status, response)
                self.go_on()

        return heard

    def _heard_late(self, request: Request, status: int) -> None:
        """A 2xx again, or after the end: the ACK again."""
        if request.method != "INVITE" or not 200 <= status < 300:
            return
        seq = request.cseq[0]
        if seq != self._late:
            self._acknowledge(seq, b"")

    def _acknowledge(self, seq: int, sdp: bytes) -> None:
        side = self._dialog.side
        data = self._acks.get(seq)
        if data is None:
            ack = side.request("ACK", seq=seq)
            if sdp:
                ack.set("Content-Type", "application/sdp")
                ack.body = sdp
            data = bytes(ack)
            self._acks.clear()
            self._acks[seq] = data
        self._dialog.house.post(side.flow, data)

    def acknowledge(self, sdp: bytes) -> None:
        """Our answer to the offer in their 200."""
        if self._late:
            seq, self._late = self._late, 0
            self._dialog.said = sdp or self._dialog.said
            self._acknowledge(seq, sdp)
            self.go_on()

    def _accepted(self, change: Change, request: Request, response: Response | None) -> None:
        assert response is not None
        dialog = self._dialog
        dialog.side.refresh(response)
        dialog.session.refreshed(response)
        if change.sdp:
            dialog.said = change.sdp
        if change.method == "INVITE":
            if change.sdp:
                self._acknowledge(request.cseq[0], b"")
            else:
                self._late = request.cseq[0]
        if not change.silent:
            dialog.house.happened(Reaccepted(dialog, response, dialog.sdp_of(response)))

    def _refused(
        self, change: Change, request: Request, status: int, response: Response | None
    ) -> None:
        dialog = self._dialog
        if status in (481, 408, 503) and (response is None or status != 503):
            # The far end knows no such call, or is silent (RFC 3261 s.12.2.1.2, RFC 5057).
            if not change.silent:
                dialog.house.happened(Rerefused(dialog, status))
            dialog.hang_up_because(Ending.GONE)
            return
        if response is not None and change.tries < MAX_TRIES:
            if status == 491:
                self._queue.insert(0, change)
                self._pause = dialog.house.timers.after(self._glare_pause(), self._pause_over)
                return
            if status == 422:
                dialog.session.smallest = session_timer.min_se(response)
                self._queue.insert(0, change)
                return
            if status in (401, 407) and authorize(request, response, dialog.credentials):
                self._queue.insert(0, change)
                return
            if status in (405, 501) and change.method == "UPDATE":
                dialog.side.allows -= {"UPDATE"}
                if dialog.confirmed:
                    change.method = "INVITE"
                    change.sdp = change.sdp or dialog.said
                    self._queue.insert(0, change)
                    return
        if not change.silent:
            dialog.house.happened(Rerefused(dialog, status))

    def _glare_pause(self) -> float:
        """RFC 3261 s.14.1: 2.1 to 4 s for who made the Call-ID, 0 to 2 s for the other; 10 ms
        steps."""
        if self._dialog.outgoing:
            return 2.1 + secrets.randbelow(191) / 100
        return secrets.randbelow(201) / 100

    def _pause_over(self) -> None:
        self._pause = None
        self.go_on()

    # --- theirs --------------------------------------------------------------------------------

    @property
    def awaits_us(self) -> bool:
        """They wait for `accept` or `refuse`."""
        return self._theirs is not None

    def arrived(
        self, request: Request, transaction: InviteServer | ServerTransaction, sdp: bytes
    ) -> None:
        """Their re-INVITE, or UPDATE or PRACK with an offer: pass it on, unless it crosses."""
        dialog = self._dialog
        house = dialog.house
        status = 0
        if self._ours is not None and (self._ours.sdp or self._ours.method == "INVITE"):
            status = 491
        elif self._late or (dialog.offer_open and dialog.outgoing):
            status = 491
        elif self._theirs is not None or dialog.offer_open:
            status = 500
        elif session_timer.too_short(request, house.settings.min_session_seconds):
            status = 422
        if status:
            response = reply_to(request, status)
            if status == 500:
                response.add("Retry-After", str(secrets.randbelow(11)))
            elif status == 422:
                response.add("Min-SE", str(house.settings.min_session_seconds))
            transaction.answer(status, house.finish(response))
            return
        self._theirs = (request, transaction)
        if isinstance(transaction, InviteServer):
            transaction.acked = dialog.acked
            transaction.unheard = self._unheard
            transaction.answer(100, house.finish(reply_to(request, 100)))
        dialog.side.refresh(request)
        house.happened(Reinvited(dialog, request, sdp))

    def accept(self, sdp: bytes, headers: list[tuple[str, str]]) -> None:
        """200 to what waits."""
        if self._theirs is None:
            return
        request, transaction = self._theirs
        self._theirs = None
        dialog = self._dialog
        house = dialog.house
        response = reply_to(request, 200)
        response.add("Contact", f"<{dialog.side.contact}>")
        response.add("Allow", house.allow)
        response.add("Supported", house.supported)
        if request.method != "PRACK":
            headers = [*dialog.session_headers(request), *headers]
        for name, value in headers:
            response.add(name, value)
        if sdp:
            response.body = sdp
            response.set("Content-Type", "application/sdp")
            dialog.said = sdp
        data = house.finish(response)
        if isinstance(transaction, InviteServer):
            insistence = until_ack(
                house.timers, lambda: transaction.answer(200, data), self._no_ack
            )
            self._unacked = (request, insistence)
        else:
            transaction.answer(200, data)
            if request.method == "PRACK":
                dialog.after_prack()
            self.go_on()

    def refuse(self, status: int, reason: str, headers: list[tuple[str, str]]) -> None:
        """A 3xx-6xx to what waits; the session stays as it was."""
        if self._theirs is None:
            return
        request, transaction = self._theirs
        self._theirs = None
        response = reply_to(request, status, reason)
        for name, value in headers:
            response.add(name, value)
        transaction.answer(status, self._dialog.house.finish(response))
        if request.method == "PRACK":
            self._dialog.after_prack()
        self.go_on()

    def cancelled(self, transaction: InviteServer) -> None:
        """A CANCEL for their re-INVITE: 487, the session stays as it was (RFC 3261 s.14.2)."""
        if self._theirs is not None and self._theirs[1] is transaction:
            self.refuse(487, "", [])

    def acked(self, request: Request) -> None:
        """The ACK to our 200 to their re-INVITE."""
        if self._unacked is None or request.cseq[0] != self._unacked[0].cseq[0]:
            return
        self._unacked[1].stop()
        self._unacked = None
        dialog = self._dialog
        dialog.house.happened(Acknowledged(dialog, dialog.sdp_of(request)))
        self.go_on()

    def _no_ack(self) -> None:
        self._unacked = None
        self._dialog.hang_up_because(Ending.NO_ACK)

    def _unheard(self, status: int) -> None:
        """The connection of their re-INVITE broke before its answer: nobody waits for it."""
        if status == 503:
            self._theirs = None

    # --- the end -------------------------------------------------------------------------------

    def stop(self) -> None:
        """The dialog is over."""
        self._queue.clear()
        self._ours = None
        if self._pause is not None:
            self._pause.cancel()
        if self._unacked is not None:
            self._unacked[1].stop()
            self._unacked = None
        if self._late:
            self.acknowledge(b"")
        if self._theirs is not None and self._theirs[1].state < State.ACCEPTED:
            self.refuse(487, "", [])
        self._theirs = None
