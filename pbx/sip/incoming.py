"""Their INVITE, from the first provisional to the ACK (RFC 3261 s.13.3, RFC 3262 s.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pbx.sip.events import Acknowledged, Ending
from pbx.sip.insist import Insistence, ReliableProvisionals, until_ack
from pbx.sip.machine import State
from pbx.sip.message import Request, Response, reply_to
from pbx.sip.timers import Timer
from pbx.sip.transaction import InviteServer

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog

TRYING = 0.2  # seconds until a 100 is due when nothing else was said (s.17.2.1)
REMINDER = 60.0  # seconds; a provisional a minute keeps proxies from giving up (s.13.3.1.1)


class TheirInvite:
    """The first INVITE of a dialog that they began."""

    def __init__(self, dialog: Dialog, request: Request, transaction: InviteServer) -> None:
        self._dialog = dialog
        self._transaction = transaction
        self._insistence: Insistence | None = None
        self._held: tuple[bytes, list[tuple[str, str]]] | None = None
        self._reminder: Timer | None = None
        self._late_answer = b""
        self.request = request
        self.answered = False
        "A final answer was given."
        self.awaits_ack = False
        house = dialog.house
        self._reliable = ReliableProvisionals(house.timers, self._make, self._no_prack)
        self._must = request.mentions("Require", "100rel")
        self._can = self._must or request.mentions("Supported", "100rel")
        # Not at once: pyVoIP 1.6.8 takes a 100 before the 401 for leave to go on without
        # credentials. To try before removing it: the line test of a pyVoIP phone.
        self._trying = house.timers.after(TRYING, self.trying)
        transaction.acked = dialog.acked
        transaction.unheard = self._unheard

    @property
    def answered_reliably(self) -> bool:
        """Our SDP is known to them although there is no 200 yet."""
        return bool(self._reliable.said)

    # --- answers -------------------------------------------------------------------------------

    def _response(
        self, status: int, sdp: bytes, headers: list[tuple[str, str]], reason: str
    ) -> Response:
        house, side = self._dialog.house, self._dialog.side
        response = reply_to(self.request, status, reason, tag=side.local_tag)
        if status < 300:
            response.add("Contact", f"<{side.contact}>")
            response.add("Allow", house.allow)
            if status >= 200:
                response.add("Supported", house.supported)
        for name, value in headers:
            response.add(name, value)
        if sdp:
            response.body = sdp
            response.set("Content-Type", "application/sdp")
        return response

    def ring(self, status: int, sdp: bytes, headers: list[tuple[str, str]], reason: str) -> None:
        """A provisional, reliable when they require it, or can and an SDP goes with it."""
        if self.answered:
            return
        if status == 100:
            self.trying()
            return
        if self._must or (self._can and sdp):
            self._reliable.send(status, sdp, headers, reason)
            return
        data = self._dialog.house.finish(self._response(status, sdp, headers, reason))
        self._transaction.answer(status, data)
        self._remind(status, data)

    def trying(self) -> None:
        """100, unless something was said already."""
        if not self._transaction.data:
            self._transaction.answer(100, bytes(reply_to(self.request, 100)))

    def _remind(self, status: int, data: bytes) -> None:
        if self._reminder is not None:
            self._reminder.cancel()

        def again() -> None:
            if not self.answered:
                self._transaction.answer(status, data)
                self._remind(status, data)

        self._reminder = self._dialog.house.timers.after(REMINDER, again)

    def _make(
        self, status: int, sdp: bytes, headers: list[tuple[str, str]], reason: str, rseq: int
    ) -> Callable[[], object]:
        response = self._response(status, sdp, headers, reason)
        response.add("Require", "100rel")
        response.add("RSeq", str(rseq))
        data = self._dialog.house.finish(response)
        return lambda: self._transaction.answer(status, data)

    def accept(self, sdp: bytes, headers: list[tuple[str, str]]) -> None:
        """200, after the PRACK that an SDP in a provisional waits for (RFC 3262 s.3)."""
        if self.answered:
            return
        if self._reliable.sdp_open:
            self._held = (sdp, headers)
            return
        dialog = self._dialog
        house = dialog.house
        self._finish()
        # The answer was given already: a second one would be an offer out of place (RFC 6337
        # s.2.2). What differs now is said by a re-INVITE after the ACK.
        said = self._reliable.said
        response = self._response(200, b"" if said else sdp, headers, "")
        for name, value in dialog.session_headers(self.request):
            response.add(name, value)
        data = house.finish(response)
        self.awaits_ack = True
        dialog.became_confirmed(dialog.side)
        self._insistence = until_ack(
            house.timers, lambda: self._transaction.answer(200, data), self._no_ack
        )

    def refuse(self, status: int, reason: str, headers: list[tuple[str, str]]) -> None:
        """A 3xx-6xx."""
        if self.answered:
            return
        self._finish()
        response = self._response(status, b"", headers, reason)
        self._transaction.answer(status, self._dialog.house.finish(response))
        if status in (401, 407):
            # The same INVITE may come again with credentials, and with the same CSeq from phones
            # that forget to count: it is no merged request then.
            self._dialog.house.transactions.unmerge(self._transaction.key)

    def _finish(self) -> None:
        self.answered = True
        self._trying.cancel()
        self._held = None
        self._reliable.stop()
        if self._reminder is not None:
            self._reminder.cancel()

    def stop(self) -> None:
        """The dialog is over: repeat nothing."""
        self._finish()
        self.awaits_ack = False
        if self._insistence is not None:
            self._insistence.stop()
            self._insistence = None
        self._transaction.release()

    # --- what comes ----------------------------------------------------------------------------

    def cancelled(self, request: Request | None, why: Ending) -> None:
        """CANCEL, or BYE before the answer: 487 (s.9.2, s.15.1.2)."""
        if self.answered:
            return
        self.refuse(487, "", [])
        self._dialog.ended(why, request)

    def acked(self, request: Request) -> None:
        """The ACK to our 200."""
        if not self.awaits_ack or request.cseq[0] != self.request.cseq[0]:
            return
        self.awaits_ack = False
        if self._insistence is not None:
            self._insistence.stop()
            self._insistence = None
        self._transaction.release()
        dialog = self._dialog
        dialog.house.happened(Acknowledged(dialog, dialog.sdp_of(request) or self._late_answer))
        dialog.changes.go_on()

    def pracked(self, request: Request) -> bool:
        """A PRACK. False: it names no provisional of ours."""
        if not self._reliable.acknowledged(request, self.request.cseq[0]):
            return False
        if not self.request.body:
            # Our provisional made the offer, and this is the answer: the owner hears it with the
            # ACK, as if it had come there.
            self._late_answer = self._dialog.sdp_of(request) or self._late_answer
        return True

    def go_on(self) -> None:
        """After the PRACK has its 200: the next provisional, or the 200 that waited."""
        held = self._held
        if held is not None:
            self._held = None
            self.accept(*held)
        else:
            self._reliable.go_on()

    def _no_ack(self) -> None:
        self.awaits_ack = False
        self._dialog.hang_up_because(Ending.NO_ACK)

    def _no_prack(self) -> None:
        if self.answered:
            return
        self.refuse(504, "", [])
        self._dialog.ended(Ending.NO_ACK, None)

    def _unheard(self, status: int) -> None:
        """No ACK to a refusal is no matter; a connection lost before our answer ends the call."""
        if status == 503 and not self.answered:
            self._finish()
            self._dialog.ended(Ending.GONE, None)

    @property
    def open(self) -> bool:
        """No final answer yet."""
        return not self.answered and self._transaction.state is State.PROCEEDING
