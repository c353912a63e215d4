"""The four transaction machines as tables (RFC 3261 s.17, RFC 6026).

What a machine is stands in `machine.py`; finding the right one for a message is `matching.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pbx.sip.flow import Flow
from pbx.sip.machine import LIFE, T2, T4, Key, Moves, Post, Seen, State, Transaction
from pbx.sip.message import Request, Response

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog


class ClientTransaction(Transaction):
    """A request of ours. `heard(status, response)`: every answer worth knowing, once; the response
    is None when the status is our own (408: nobody answered, 503: it could not be sent)."""

    __slots__ = ("heard", "request", "response", "seq")

    def __init__(
        self,
        post: Post,
        key: Key,
        flow: Flow,
        request: Request,
        heard: Callable[[int, Response | None], None],
    ) -> None:
        super().__init__(post, key, flow, State.TRYING)
        self.request: Request | None = request
        "None once it is answered."
        self.seq = request.cseq[0]
        self.data = bytes(request)
        self.heard = heard
        self.response: Response | None = None

    def begin(self) -> None:
        """Send the request."""
        self.send()
        self.arm_repeat()
        self.arm_timeout()

    def answered(self, response: Response) -> None:
        """An answer that matches came."""
        self.response = response
        self.see(Seen.PROVISIONAL if response.status < 200 else Seen.FINAL)

    def tell(self) -> None:
        """Pass the answer on."""
        assert self.response is not None
        self.heard(self.response.status, self.response)

    def forget(self) -> None:
        """Answered: keep no more of it than the repeats need. Thousands linger on a busy day."""
        self.data = b""
        self.request = self.response = None
        if self.state is not State.ACCEPTED:
            self.heard = _deaf

    def tell_timeout(self) -> None:
        """RFC 3261 s.8.1.3.1: a timeout is as a 408."""
        self.heard(408, None)

    def tell_broken(self) -> None:
        """RFC 3261 s.8.1.3.1: a transport error is as a 503."""
        self.heard(503, None)

    def slow(self) -> None:
        """After a provisional, repeats come every T2 (RFC 3261 s.17.1.2.2)."""
        self.pause = T2

    linger_seconds = T4


class InviteClient(ClientTransaction):
    """RFC 3261 s.17.1.1 and RFC 6026 s.7.2."""

    __slots__ = ("ack",)

    linger_seconds = LIFE

    def __init__(
        self,
        post: Post,
        key: Key,
        flow: Flow,
        request: Request,
        heard: Callable[[int, Response | None], None],
    ) -> None:
        super().__init__(post, key, flow, request, heard)
        self.state = State.CALLING
        self.ack = b""

    def answered(self, response: Response) -> None:
        """An answer that matches came."""
        self.response = response
        status = response.status
        self.see(Seen.PROVISIONAL if status < 200 else Seen.OK if status < 300 else Seen.REFUSAL)

    def acknowledge(self) -> None:
        """ACK a refusal on the INVITE's own branch (RFC 3261 s.17.1.1.3)."""
        if not self.ack:
            assert self.request is not None and self.response is not None
            self.ack = bytes(ack_of_refusal(self.request, self.response))
        self.post.send(self.flow, self.ack)


class ServerTransaction(Transaction):
    """A request of theirs that is not an INVITE (RFC 3261 s.17.2.2). Timer J is kept by the house:
    thousands of these end a second, always in the order in which they were answered."""

    __slots__ = ()

    linger_seconds = LIFE

    def __init__(self, post: Post, key: Key, flow: Flow) -> None:
        super().__init__(post, key, flow, State.TRYING)

    def linger_after_answer(self) -> None:
        """Timer J: 64*T1, nothing on a stream."""
        if self.flow.reliable:
            self.see(Seen.LINGERED)
        else:
            self.post.completed(self)

    def answer(self, status: int, data: bytes) -> bool:
        """Send an answer. False: a final one was sent before."""
        if self.state >= State.COMPLETED:
            return False
        self.data = data
        return self.see(Seen.PROVISIONAL if status < 200 else Seen.FINAL)


class InviteServer(Transaction):
    """RFC 3261 s.17.2.1 and RFC 6026 s.7.1. `acked(request)`: an ACK to our 2xx; `unheard(status)`:
    no ACK to our refusal came (408), or the connection broke (503)."""

    __slots__ = ("_spoke", "acked", "dialog", "last_ack", "unheard")

    linger_seconds = LIFE

    def __init__(self, post: Post, key: Key, flow: Flow) -> None:
        super().__init__(post, key, flow, State.PROCEEDING)
        self.acked: Callable[[Request], None] | None = None
        self.unheard: Callable[[int], None] | None = None
        self.last_ack: Request | None = None
        self._spoke = False
        "Something was said before the last answer: their INVITE is not repeated any more."
        self.dialog: Dialog | None = None
        "Whose INVITE it is; None: it was refused before there was one."

    def answer(self, status: int, data: bytes) -> bool:
        """Send an answer, or a 2xx again. False: it does not fit any more."""
        if self.state is State.ACCEPTED and not 200 <= status < 300:
            return False
        if self.state not in (State.PROCEEDING, State.ACCEPTED):
            return False
        self._spoke = bool(self.data)
        self.data = data
        return self.see(
            Seen.PROVISIONAL if status < 200 else Seen.OK if status < 300 else Seen.REFUSAL
        )

    def release(self) -> None:
        """Its dialog is over, or has its ACK: only repeats of the INVITE are absorbed from now."""
        self.acked = self.unheard = self.dialog = self.last_ack = None
        if self.state >= State.ACCEPTED and self.state is not State.COMPLETED:
            self.data = b""

    def insist(self) -> None:
        """Repeat a refusal until its ACK (timers G and H).

        Not when it is our first word: then their INVITE is repeated until they hear it (timer A),
        and who writes another's address into a datagram has us send that one answer and no ten
        more (RFC 3261 s.8.2.7, s.26.3.2.4). It stays for repeats, and is the first to make room.
        """
        if self._spoke:
            self.arm_repeat()
            self.arm_timeout()
        else:
            self.post.completed(self)

    def send_last(self) -> None:
        """The last answer again, if there was one."""
        if self.data:
            self.send()

    def pass_ack(self) -> None:
        """An ACK on the INVITE's branch after a 2xx: some phones do that."""
        if self.acked is not None and self.last_ack is not None:
            self.acked(self.last_ack)

    def confirmed(self) -> None:
        """The ACK to our refusal: absorb more of them for T4 (timer I)."""
        self.quiet()
        self.data = b""
        if self.flow.reliable:
            self.see(Seen.LINGERED)
        else:
            self.linger = self.post.timers.after(T4, lambda: self.see(Seen.LINGERED))

    def tell_timeout(self) -> None:
        """Timer H."""
        if self.unheard is not None:
            self.unheard(408)

    def tell_broken(self) -> None:
        """The connection of the INVITE is gone."""
        if self.unheard is not None:
            self.unheard(503)


def _deaf(status: int, response: Response | None) -> None:
    """Who hears nothing any more."""


INVITE_CLIENT: Moves = {
    (State.CALLING, Seen.REPEAT): (State.CALLING, (InviteClient.send_again_doubling,)),
    (State.CALLING, Seen.TIMEOUT): (
        State.TERMINATED,
        (InviteClient.lose, InviteClient.tell_timeout),
    ),
    (State.CALLING, Seen.BROKEN): (State.TERMINATED, (InviteClient.lose, InviteClient.tell_broken)),
    (State.CALLING, Seen.PROVISIONAL): (State.PROCEEDING, (InviteClient.quiet, InviteClient.tell)),
    (State.CALLING, Seen.OK): (
        State.ACCEPTED,
        (InviteClient.stay, InviteClient.tell, InviteClient.forget),
    ),
    (State.CALLING, Seen.REFUSAL): (
        State.COMPLETED,
        (InviteClient.acknowledge, InviteClient.rest, InviteClient.tell, InviteClient.forget),
    ),
    (State.PROCEEDING, Seen.PROVISIONAL): (State.PROCEEDING, (InviteClient.tell,)),
    (State.PROCEEDING, Seen.OK): (
        State.ACCEPTED,
        (InviteClient.stay, InviteClient.tell, InviteClient.forget),
    ),
    (State.PROCEEDING, Seen.REFUSAL): (
        State.COMPLETED,
        (InviteClient.acknowledge, InviteClient.rest, InviteClient.tell, InviteClient.forget),
    ),
    # Timer B ends with the first provisional; a CANCEL that nobody answers sets it again (s.9.1).
    (State.PROCEEDING, Seen.TIMEOUT): (
        State.TERMINATED,
        (InviteClient.lose, InviteClient.tell_timeout),
    ),
    (State.PROCEEDING, Seen.BROKEN): (
        State.TERMINATED,
        (InviteClient.lose, InviteClient.tell_broken),
    ),
    (State.ACCEPTED, Seen.OK): (State.ACCEPTED, (InviteClient.tell, InviteClient.forget)),
    (State.ACCEPTED, Seen.LINGERED): (State.TERMINATED, (InviteClient.lose,)),
    (State.COMPLETED, Seen.REFUSAL): (State.COMPLETED, (InviteClient.acknowledge,)),
    (State.COMPLETED, Seen.BROKEN): (State.TERMINATED, (InviteClient.lose,)),
    (State.COMPLETED, Seen.LINGERED): (State.TERMINATED, (InviteClient.lose,)),
}

CLIENT: Moves = {
    (State.TRYING, Seen.REPEAT): (State.TRYING, (ClientTransaction.send_again,)),
    (State.TRYING, Seen.TIMEOUT): (
        State.TERMINATED,
        (ClientTransaction.lose, ClientTransaction.tell_timeout),
    ),
    (State.TRYING, Seen.BROKEN): (
        State.TERMINATED,
        (ClientTransaction.lose, ClientTransaction.tell_broken),
    ),
    (State.TRYING, Seen.PROVISIONAL): (
        State.PROCEEDING,
        (ClientTransaction.slow, ClientTransaction.tell),
    ),
    (State.TRYING, Seen.FINAL): (
        State.COMPLETED,
        (ClientTransaction.rest, ClientTransaction.tell, ClientTransaction.forget),
    ),
    (State.PROCEEDING, Seen.REPEAT): (State.PROCEEDING, (ClientTransaction.send_again,)),
    (State.PROCEEDING, Seen.TIMEOUT): (
        State.TERMINATED,
        (ClientTransaction.lose, ClientTransaction.tell_timeout),
    ),
    (State.PROCEEDING, Seen.BROKEN): (
        State.TERMINATED,
        (ClientTransaction.lose, ClientTransaction.tell_broken),
    ),
    (State.PROCEEDING, Seen.PROVISIONAL): (State.PROCEEDING, (ClientTransaction.tell,)),
    (State.PROCEEDING, Seen.FINAL): (
        State.COMPLETED,
        (ClientTransaction.rest, ClientTransaction.tell, ClientTransaction.forget),
    ),
    (State.COMPLETED, Seen.LINGERED): (State.TERMINATED, (ClientTransaction.lose,)),
    (State.COMPLETED, Seen.BROKEN): (State.TERMINATED, (ClientTransaction.lose,)),
}

INVITE_SERVER: Moves = {
    (State.PROCEEDING, Seen.AGAIN): (State.PROCEEDING, (InviteServer.send_last,)),
    (State.PROCEEDING, Seen.PROVISIONAL): (State.PROCEEDING, (InviteServer.send,)),
    (State.PROCEEDING, Seen.OK): (State.ACCEPTED, (InviteServer.send, InviteServer.stay)),
    (State.PROCEEDING, Seen.REFUSAL): (
        State.COMPLETED,
        (InviteServer.send, InviteServer.insist),
    ),
    (State.PROCEEDING, Seen.BROKEN): (
        State.TERMINATED,
        (InviteServer.lose, InviteServer.tell_broken),
    ),
    (State.COMPLETED, Seen.AGAIN): (State.COMPLETED, (InviteServer.send,)),
    (State.COMPLETED, Seen.REPEAT): (State.COMPLETED, (InviteServer.send_again,)),
    (State.COMPLETED, Seen.ACK): (State.CONFIRMED, (InviteServer.confirmed,)),
    (State.COMPLETED, Seen.TIMEOUT): (
        State.TERMINATED,
        (InviteServer.lose, InviteServer.tell_timeout),
    ),
    (State.COMPLETED, Seen.BROKEN): (State.TERMINATED, (InviteServer.lose,)),
    (State.COMPLETED, Seen.LINGERED): (State.TERMINATED, (InviteServer.lose,)),
    (State.CONFIRMED, Seen.ACK): (State.CONFIRMED, ()),
    (State.CONFIRMED, Seen.AGAIN): (State.CONFIRMED, ()),
    (State.CONFIRMED, Seen.LINGERED): (State.TERMINATED, (InviteServer.lose,)),
    # RFC 6026: after a 2xx the machine stays to absorb the INVITE; repeating the 2xx is the
    # dialog's work, which hears each ACK.
    (State.ACCEPTED, Seen.AGAIN): (State.ACCEPTED, ()),
    (State.ACCEPTED, Seen.OK): (State.ACCEPTED, (InviteServer.send,)),
    (State.ACCEPTED, Seen.ACK): (State.ACCEPTED, (InviteServer.pass_ack,)),
    (State.ACCEPTED, Seen.LINGERED): (State.TERMINATED, (InviteServer.lose,)),
}

SERVER: Moves = {
    (State.TRYING, Seen.AGAIN): (State.TRYING, ()),
    (State.TRYING, Seen.PROVISIONAL): (State.PROCEEDING, (ServerTransaction.send,)),
    (State.TRYING, Seen.FINAL): (
        State.COMPLETED,
        (ServerTransaction.send, ServerTransaction.linger_after_answer),
    ),
    (State.PROCEEDING, Seen.AGAIN): (State.PROCEEDING, (ServerTransaction.send,)),
    (State.PROCEEDING, Seen.PROVISIONAL): (State.PROCEEDING, (ServerTransaction.send,)),
    (State.PROCEEDING, Seen.FINAL): (
        State.COMPLETED,
        (ServerTransaction.send, ServerTransaction.linger_after_answer),
    ),
    (State.COMPLETED, Seen.AGAIN): (State.COMPLETED, (ServerTransaction.send,)),
    # Nobody answered it (RFC 4320: nothing is sent then), or timer J.
    (State.TRYING, Seen.LINGERED): (State.TERMINATED, (ServerTransaction.lose,)),
    (State.PROCEEDING, Seen.LINGERED): (State.TERMINATED, (ServerTransaction.lose,)),
    (State.COMPLETED, Seen.LINGERED): (State.TERMINATED, (ServerTransaction.lose,)),
}

InviteClient.moves = INVITE_CLIENT
ClientTransaction.moves = CLIENT
InviteServer.moves = INVITE_SERVER
ServerTransaction.moves = SERVER


def ack_of_refusal(invite: Request, response: Response) -> Request:
    """The ACK to a 3xx-6xx: the INVITE's own branch, their To (RFC 3261 s.17.1.1.3)."""
    return _same_hop("ACK", invite, to=response.get("To"))


def cancel_of(invite: Request, headers: list[tuple[str, str]]) -> Request:
    """The CANCEL of an INVITE (RFC 3261 s.9.1), with a Reason or the like."""
    cancel = _same_hop("CANCEL", invite, to=invite.get("To"))
    for name, value in headers:
        cancel.add(name, value)
    return cancel


def _same_hop(method: str, invite: Request, *, to: str) -> Request:
    return Request(
        method,
        invite.uri,
        [
            ("Via", invite.get("Via")),
            ("Max-Forwards", "70"),
            ("From", invite.get("From")),
            ("To", to),
            ("Call-ID", invite.get("Call-ID")),
            ("CSeq", f"{invite.cseq[0]} {method}"),
            *(("Route", route) for route in invite.get_all("Route")),
        ],
    )
