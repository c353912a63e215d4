"""Our INVITE, from the first send to the last forked answer (RFC 3261 s.13.2, RFC 3262 s.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pbx.sip import session_timer
from pbx.sip.asking import ask
from pbx.sip.credentials import Credentials, authorize
from pbx.sip.events import Accepted, Progressed, Refused
from pbx.sip.machine import State
from pbx.sip.matching import new_branch, own_via
from pbx.sip.message import Request, Response, phrase
from pbx.sip.session_timer import Interval
from pbx.sip.side import Side
from pbx.sip.transaction import ClientTransaction, InviteClient, cancel_of

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog

MAX_FORKS = 16  # far ends that one INVITE may reach; answers of more are dropped
MAX_TRIES = 4  # INVITEs for one call: credentials twice, a 422 twice


class OurInvite:
    """The first INVITE of a dialog that we began."""

    def __init__(self, dialog: Dialog, request: Request, credentials: Credentials | None) -> None:
        self._dialog = dialog
        self._credentials = credentials
        self._forks: dict[str, Side] = {}
        self._acks: dict[str, bytes] = {}
        self._reliable_sdp: dict[str, bytes] = {}
        self._confirmed = ""
        self._over = False
        self._tries = 0
        self._provisional = False
        self._cancel_headers: list[tuple[str, str]] | None = None
        self._transaction: ClientTransaction | None = None
        self.request = request
        self.heard = False
        "Any answer at all came, if only a 100 or a challenge."
        self.answered_reliably = False
        "Their SDP came in a reliable provisional: offer and answer are done (RFC 3262 s.5)."

    # --- sending -------------------------------------------------------------------------------

    def send(self) -> None:
        """Send the INVITE, the first time or once more with other headers."""
        self._tries += 1
        self._provisional = False
        house, dialog = self._dialog.house, self._dialog
        self._transaction = house.transactions.begin(
            self.request, dialog.side.flow, self._listener(self._tries)
        )

    def _listener(self, attempt: int) -> Callable[[int, Response | None], None]:
        def heard(status: int, response: Response | None) -> None:
            self.heard = self.heard or response is not None
            if attempt == self._tries:
                self._heard(status, response)

        return heard

    def _send_again(self) -> None:
        side = self._dialog.side
        side.local_seq += 1
        self.request.set("Via", own_via(side.flow, new_branch()))
        self.request.set("CSeq", f"{side.local_seq} INVITE")
        self._dialog.invite = self.request
        self.send()

    def cancel(self, headers: list[tuple[str, str]]) -> None:
        """Take it back: now, or when the first provisional shows that they have it (s.9.1)."""
        self._over = True
        self._cancel_headers = headers
        if self._provisional:
            self._send_cancel()

    def _send_cancel(self) -> None:
        transaction, headers = self._transaction, self._cancel_headers
        if transaction is None or headers is None or transaction.state is not State.PROCEEDING:
            return
        self._cancel_headers = None
        house = self._dialog.house
        house.transactions.begin(
            cancel_of(self.request, headers), transaction.flow, lambda status, response: None
        )
        # An INVITE server that is gone never answers: wait for 64*T1 and no longer (s.9.1).
        transaction.arm_timeout()

    # --- hearing -------------------------------------------------------------------------------

    def _heard(self, status: int, response: Response | None) -> None:
        if response is None:
            self._refused(status, None)
        elif status < 200:
            self._provisional = True
            if self._over:
                self._send_cancel()
            elif status > 100:
                self._progress(response)
        elif status < 300:
            self._accepted(response)
        else:
            self._refused(status, response)

    def _fork(self, response: Response) -> Side | None:
        tag = response.to.tag
        side = self._forks.get(tag)
        if side is None:
            if len(self._forks) >= MAX_FORKS:
                return None
            side = self._forks[tag] = self._dialog.side.fork(response)
        return side

    def knows(self, tag: str) -> bool:
        """Whether one of the far ends that ring has this tag."""
        return tag in self._forks and not self._confirmed

    def _progress(self, response: Response) -> None:
        side = self._fork(response)
        if side is None:
            return
        if response.mentions("Require", "100rel"):
            rseq = response.get("RSeq")
            if not rseq.isascii() or not rseq.isdigit() or len(rseq) > 10:
                return
            if side.rseq and int(rseq) != side.rseq + 1:
                return  # a repeat, or one came out of order: it will be repeated (RFC 3262 s.4)
            side.rseq = int(rseq)
            prack = side.request("PRACK")
            prack.add("RAck", f"{rseq} {self.request.cseq[0]} INVITE")
            self._dialog.house.transactions.begin(prack, side.flow, lambda status, answer: None)
            if response.body and self.request.body:
                self.answered_reliably = True
                self._reliable_sdp[side.remote_tag] = self._dialog.sdp_of(response)
        self._dialog.became_early(side)
        self._dialog.house.happened(
            Progressed(self._dialog, response, self._dialog.sdp_of(response))
        )

    def _accepted(self, response: Response) -> None:
        tag = response.to.tag
        known = self._acks.get(tag)
        if known is not None:
            if known:
                self._dialog.house.post(self._dialog.side.flow, known)
            return
        side = self._fork(response)
        if side is None:
            return
        side.learn(response)
        if self._over or self._confirmed:
            self._acknowledge(side, b"")
            self._dialog.send_bye(side, [])
            return
        self._confirmed = tag or "-"
        self._acks[tag] = b""
        dialog = self._dialog
        dialog.became_confirmed(side)
        interval = session_timer.read(response)
        dialog.session.agreed(
            interval, we_refresh=interval is not None and interval.refresher != "uas"
        )
        if self.request.body:
            self._acknowledge(side, b"")
        # After a reliable answer the 200 repeats none (RFC 6337 s.2.2): the owner hears it here.
        sdp = dialog.sdp_of(response) or self._reliable_sdp.get(tag, b"")
        self._reliable_sdp.clear()
        dialog.house.happened(Accepted(dialog, response, sdp))

    def acknowledge(self, sdp: bytes) -> None:
        """The ACK that waits for our answer to their offer in the 200."""
        side = self._dialog.side
        if self._confirmed and not self._acks.get(side.remote_tag, b"x"):
            self._acknowledge(side, sdp)

    def _acknowledge(self, side: Side, sdp: bytes) -> None:
        ack = side.request("ACK", seq=self.request.cseq[0])
        if sdp:
            ack.set("Content-Type", "application/sdp")
            ack.body = sdp
        for name in ("Authorization", "Proxy-Authorization"):
            # An ACK to a 2xx carries the credentials of its INVITE (RFC 3261 s.22.1).
            for value in self.request.get_all(name):
                ack.add(name, value)
        data = self._acks[side.remote_tag] = bytes(ack)
        self._dialog.house.post(side.flow, data)

    def stop(self) -> None:
        """The dialog is over. An answered INVITE lingers for 64*T1, to acknowledge once more, and
        to hang up on a fork that answers so late; it needs little for that."""
        transaction, dialog = self._transaction, self._dialog
        if transaction is None or not self._confirmed:
            return
        house, side, seq, acks = dialog.house, dialog.side, self.request.cseq[0], self._acks

        def late(status: int, response: Response | None) -> None:
            if response is None or not 200 <= status < 300:
                return
            known = acks.get(response.to.tag)
            if known is None and len(acks) < MAX_FORKS:
                other = side.fork(response)
                known = acks[other.remote_tag] = bytes(other.request("ACK", seq=seq))
                house.post(other.flow, known)
                ask(house, other.request("BYE"), other, None, lambda status, answer: None)
            elif known:
                house.post(side.flow, known)

        transaction.heard = late

    def end_late_offer(self) -> None:
        """The call ends before our answer to their offer: the ACK is due all the same."""
        self.acknowledge(b"")

    def _refused(self, status: int, response: Response | None) -> None:
        if self._over:
            self._finished()
            return
        if response is not None and self._tries < MAX_TRIES and self._try_again(status, response):
            return
        dialog = self._dialog
        self._finished()
        dialog.finished()
        reason = response.reason if response is not None else phrase(status)
        dialog.house.happened(Refused(dialog, status, reason, response))

    def _finished(self) -> None:
        self._over = True
        self._forks.clear()

    def _try_again(self, status: int, response: Response) -> bool:
        if status == 422:
            # RFC 4028 s.7.3: once more with what they find long enough.
            smallest = session_timer.min_se(response)
            if smallest > self._dialog.house.settings.session_seconds * 8:
                return False
            self._dialog.session.smallest = smallest
            wish = max(smallest, self._dialog.house.settings.session_seconds)
            self.request.set("Session-Expires", str(Interval(wish)))
            self.request.set("Min-SE", str(smallest))
        elif status in (401, 407):
            if not authorize(self.request, response, self._credentials):
                return False
        else:
            return False
        self._forks.clear()
        self._send_again()
        return True

    @property
    def transaction(self) -> InviteClient | None:
        """The machine that carries the latest INVITE."""
        return self._transaction if isinstance(self._transaction, InviteClient) else None
