"""Which transaction does a message belong to (RFC 3261 s.17.1.3, s.17.2.3), and how many may live.

A finished request of theirs stays for timer J only to absorb repeats: when the house is full, the
oldest of these make room first; then new requests are turned away.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable

from pbx.sip.flow import Flow, bracketed
from pbx.sip.machine import LIFE, Key, Seen, State, Transaction
from pbx.sip.message import Request, Response
from pbx.sip.timers import Timers
from pbx.sip.transaction import ClientTransaction, InviteClient, InviteServer, ServerTransaction

COOKIE = "z9hG4bK"  # RFC 3261 s.8.1.1.7

Heard = Callable[[int, Response | None], None]


def new_branch() -> str:
    """A branch that nobody else can guess or have."""
    return COOKIE + secrets.token_hex(10)


def new_tag() -> str:
    """A tag: 64 random bits (RFC 3261 s.19.3 wants 32)."""
    return secrets.token_hex(8)


def own_via(flow: Flow, branch: str) -> str:
    """The Via of a request of ours on this flow, asking for rport (RFC 3581)."""
    host, port = flow.local
    transport = flow.transport.upper()
    return f"SIP/2.0/{transport} {bracketed(host)}:{port};rport;branch={branch}"


def answer_flow(request: Request, flow: Flow) -> Flow:
    """Where answers to a request go (RFC 3261 s.18.2.2, RFC 3581 s.4).

    To the source when it asked for that, or came through NAT (its sent-by names another host: it
    could not be reached there anyway); else to the port of its sent-by.
    """
    if flow.reliable:
        return flow
    via = request.via
    if "rport" in via.params or via.host.strip("[]") != flow.host:
        return flow
    port = via.port or 5060
    if port == flow.port:
        return flow
    return Flow(flow.transport, flow.host, port, flow.connection, flow.local)


def server_key(request: Request, method: str = "") -> Key:
    """The name of the transaction that a request of theirs belongs to.

    The CSeq number is part of it: pyVoIP 1.6.8 repeats an INVITE on the same branch after a
    challenge. An ACK or CANCEL finds its INVITE with method="INVITE".
    """
    via = request.via
    number, own_method = request.cseq
    method = method or own_method
    branch = via.branch
    if branch.startswith(COOKIE):
        return (branch, via.host, via.port or 0, method, number)
    # RFC 2543: everything that the branch stands for, one by one. The To tag is left out, since an
    # ACK has ours and its INVITE had none; the others are enough to tell calls apart.
    return (
        str(via), request.uri, request.call_id, request.from_.tag, method, number,
    )  # fmt: skip


class Transactions:
    """Every transaction, ours and theirs."""

    def __init__(self, timers: Timers, send: Callable[[Flow, bytes], None], most: int) -> None:
        self.timers = timers
        self.send = send
        self._most = most
        self._clients: dict[Key, ClientTransaction] = {}
        self._servers: dict[Key, ServerTransaction | InviteServer] = {}
        self._ongoing: dict[Key, Key] = {}
        self._merge_names: dict[Key, Key] = {}
        self._done: deque[tuple[float, Transaction]] = deque()
        self._born: deque[tuple[float, Transaction]] = deque()
        self._streams: dict[tuple[str, str, int], dict[Transaction, None]] = {}
        self._sweeping = False

    def __len__(self) -> int:
        """How many live."""
        return len(self._clients) + len(self._servers)

    # --- ours ------------------------------------------------------------------------------------

    def begin(self, request: Request, flow: Flow, heard: Heard) -> ClientTransaction:
        """Send a request of ours; its branch stands in its Via already."""
        method = request.method
        key: Key = (request.via.branch, method)
        kind = InviteClient if method == "INVITE" else ClientTransaction
        transaction = kind(self, key, flow, request, heard)
        self._clients[key] = transaction
        self._note_stream(transaction)
        transaction.begin()
        return transaction

    def find_client(self, branch: str, method: str) -> ClientTransaction | None:
        """The transaction of ours with this branch."""
        return self._clients.get((branch, method))

    def answered(self, response: Response) -> bool:
        """Give an answer to its transaction. False: it is a stray."""
        client = self._clients.get((response.via.branch, response.cseq[1]))
        if client is None or response.cseq[0] != client.seq:
            return False
        client.answered(response)
        return True

    # --- theirs ----------------------------------------------------------------------------------

    def find(self, key: Key) -> ServerTransaction | InviteServer | None:
        """The transaction of theirs with this name."""
        return self._servers.get(key)

    def find_merged(self, request: Request) -> bool:
        """Whether the same request is being answered on another path (RFC 3261 s.8.2.2.2)."""
        return (request.call_id, request.from_.tag, *request.cseq) in self._ongoing

    def room(self) -> bool:
        """Whether one more may live; makes room among the finished ones."""
        while len(self._clients) + len(self._servers) >= self._most:
            if not self._done:
                return False
            self._done.popleft()[1].see(Seen.LINGERED)
            while self._born and self._born[0][1].state is State.TERMINATED:
                self._born.popleft()
        return True

    def serve(self, request: Request, key: Key, flow: Flow) -> ServerTransaction | InviteServer:
        """A new request of theirs; answers go where `answer_flow` says."""
        back = answer_flow(request, flow)
        transaction: ServerTransaction | InviteServer
        if request.method == "INVITE":
            transaction = InviteServer(self, key, back)
            self._note_stream(transaction)
        else:
            transaction = ServerTransaction(self, key, back)
            self._born.append((self.timers.now() + LIFE, transaction))
            self._sweep_later()
        self._servers[key] = transaction
        if not request.to.tag:
            name: Key = (request.call_id, request.from_.tag, *request.cseq)
            self._ongoing[name] = key
            self._merge_names[key] = name
        return transaction

    def unmerge(self, key: Key) -> None:
        """The request may come again under another branch: it is no longer being answered."""
        name = self._merge_names.pop(key, None)
        if name is not None:
            self._ongoing.pop(name, None)

    def completed(self, transaction: Transaction) -> None:
        """Timer J begins, or H."""
        self.unmerge(transaction.key)
        self._done.append((self.timers.now() + LIFE, transaction))
        self._sweep_later()

    # --- both ------------------------------------------------------------------------------------

    def gone(self, transaction: Transaction) -> None:
        """It has terminated."""
        key = transaction.key
        table: dict[Key, ClientTransaction] | dict[Key, ServerTransaction | InviteServer]
        table = self._clients if isinstance(transaction, ClientTransaction) else self._servers
        if table.get(key) is transaction:
            del table[key]
            if table is self._servers:
                self.unmerge(key)
        if transaction.flow.reliable:
            self._leave_stream(transaction)

    def lost(self, flow: Flow) -> None:
        """A connection is gone: whatever waits on it hears so."""
        for transaction in list(self._streams.get((flow.transport, flow.host, flow.port), ())):
            if transaction.flow.carries(flow):
                transaction.see(Seen.BROKEN)

    def refused_by_socket(self, flow: Flow) -> None:
        """Sending to a UDP address failed hard: requests of ours to it will not arrive."""
        for transaction in list(self._clients.values()):
            if transaction.flow.carries(flow):
                transaction.see(Seen.BROKEN)

    def _note_stream(self, transaction: Transaction) -> None:
        flow = transaction.flow
        if flow.reliable:
            place = (flow.transport, flow.host, flow.port)
            self._streams.setdefault(place, {})[transaction] = None

    def _leave_stream(self, transaction: Transaction) -> None:
        flow = transaction.flow
        place = (flow.transport, flow.host, flow.port)
        others = self._streams.get(place)
        if others is not None:
            others.pop(transaction, None)
            if not others:
                del self._streams[place]

    # Requests of theirs end 64*T1 after their answer, or after their arrival when nobody answered:
    # both are queues in the order of time, so that one timer serves them all.

    def _sweep_later(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self.timers.after(LIFE, self._sweep)

    def _sweep(self) -> None:
        self._sweeping = False
        moment = self.timers.now()
        done, born = self._done, self._born
        while done and done[0][0] <= moment:
            done.popleft()[1].see(Seen.LINGERED)
        while born and (born[0][0] <= moment or born[0][1].state is State.TERMINATED):
            transaction = born.popleft()[1]
            if transaction.state < State.COMPLETED:
                transaction.see(Seen.LINGERED)
        if done or born:
            self._sweeping = True
            ends = min(queue[0][0] for queue in (done, born) if queue)
            self.timers.after(max(ends - moment, 0.25), self._sweep)
