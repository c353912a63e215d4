"""The user agent core: told bytes, addresses and time, it answers with bytes, timers and events
(RFC 3261, 3262, 3264 via offer.py, 3311, 3581, 4028, 5393, 6026).

INTERFACE TO BUILD: signatures below are relied on by net, peers and calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from pbx.sip.message import Request, Response

Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Flow:
    """Where a message came from or goes to."""

    transport: str
    "'udp' or 'tcp' ('tls', 'ws' later)."
    host: str
    port: int
    "The far end."
    connection: int = 0
    "Which connection, for streams; 0 for UDP, or for a stream still to be opened."
    local: tuple[str, int] = ("", 0)
    "Our address as this far end reaches it; what Via, Contact and SDP are to say."


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Bytes for the wire."""

    flow: Flow
    data: bytes


class DialogState(Enum):
    """RFC 3261 s.12."""

    CALLING = "calling"
    EARLY = "early"
    CONFIRMED = "confirmed"
    ENDED = "ended"


class Exchange:
    """One non-INVITE request: ours to send, or theirs to answer."""

    request: Request
    flow: Flow

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
        raise NotImplementedError


class Dialog:
    """A call leg: an INVITE dialog (RFC 3261 s.12), ours or theirs."""

    call_id: str
    local_tag: str
    remote_tag: str
    state: DialogState
    outgoing: bool
    "We sent the INVITE."
    invite: Request
    "The INVITE that began it (with credentials, when it was challenged)."
    flow: Flow
    owner: Callable[[Event], None] | None
    "Receives this dialog's events; while None they go to the agent's listener."

    # --- an INVITE of theirs -------------------------------------------------------------------
    def ring(
        self, status: int = 180, *, sdp: bytes = b"", headers: Headers = (), reason: str = ""
    ) -> None:
        """Send a provisional answer (100rel when they require it, RFC 3262)."""
        raise NotImplementedError

    def accept(self, sdp: bytes, *, headers: Headers = ()) -> None:
        """Answer 200 to their INVITE, re-INVITE or UPDATE that waits for it. Repeats the 200 until
        the ACK; without one in 64*T1 the dialog ends with BYE and `Ended` says so."""
        raise NotImplementedError

    def refuse(self, status: int, reason: str = "", *, headers: Headers = ()) -> None:
        """Answer their INVITE, re-INVITE or UPDATE that waits with 3xx-6xx."""
        raise NotImplementedError

    # --- an established call -------------------------------------------------------------------
    def reinvite(self, sdp: bytes, *, headers: Headers = ()) -> None:
        """Change the session. Answered by `Reaccepted` or `Rerefused`. A 491 is retried by itself
        after the pause of RFC 3261 s.14.1; while one of ours or theirs is open, it waits."""
        raise NotImplementedError

    def update(self, sdp: bytes = b"", *, headers: Headers = ()) -> None:
        """UPDATE (RFC 3311), for an early dialog or a connected-identity change."""
        raise NotImplementedError

    def request(
        self, method: str, *, headers: Headers = (), body: bytes = b"", content_type: str = ""
    ) -> Exchange:
        """REFER, NOTIFY, INFO, MESSAGE, OPTIONS in the dialog; answered by `Replied`."""
        raise NotImplementedError

    def end(self, *, headers: Headers = (), status: int = 480, reason: str = "") -> None:
        """End it, whatever its state: CANCEL ours (waiting for a provisional first, RFC 3261
        s.9.1), refuse theirs with `status`, BYE when established. `headers`: Reason and the like.
        Twice does no harm."""
        raise NotImplementedError


# --- events --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InviteArrived:
    """A new INVITE outside a dialog; 100 has been sent. Answer through the dialog."""

    dialog: Dialog
    request: Request
    flow: Flow
    sdp: bytes
    "b'' when the offer will come in their ACK."


@dataclass(frozen=True, slots=True)
class RequestArrived:
    """REGISTER, OPTIONS, SUBSCRIBE, NOTIFY, MESSAGE... outside any INVITE dialog."""

    exchange: Exchange
    request: Request
    flow: Flow


@dataclass(frozen=True, slots=True)
class Progressed:
    """A provisional above 100 to our INVITE (PRACKed when reliable)."""

    dialog: Dialog
    response: Response
    sdp: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """2xx to our INVITE; ACK has been sent. Further forked 2xx are ACKed and BYEd inside."""

    dialog: Dialog
    response: Response
    sdp: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """3xx-6xx to our INVITE, or 408 when nothing came, 503 when it could not be sent."""

    dialog: Dialog
    status: int
    reason: str
    response: Response | None
    "None when the status is our own."


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The ACK to our 200; `sdp` is their answer when the offer was ours."""

    dialog: Dialog
    sdp: bytes


@dataclass(frozen=True, slots=True)
class Reinvited:
    """They ask to change the session (re-INVITE, or UPDATE with SDP): accept or refuse it."""

    dialog: Dialog
    request: Request
    sdp: bytes


@dataclass(frozen=True, slots=True)
class Reaccepted:
    """2xx to our re-INVITE or UPDATE (ACK has been sent)."""

    dialog: Dialog
    response: Response
    sdp: bytes


@dataclass(frozen=True, slots=True)
class Rerefused:
    """Our re-INVITE or UPDATE was refused; the call goes on as before (unless Ended follows)."""

    dialog: Dialog
    status: int


@dataclass(frozen=True, slots=True)
class Asked:
    """REFER, INFO, NOTIFY, MESSAGE in the dialog: answer through the exchange."""

    dialog: Dialog
    exchange: Exchange
    request: Request


@dataclass(frozen=True, slots=True)
class Replied:
    """The final answer to a request of ours; status 408 or 503 of our own when none came."""

    exchange: Exchange
    dialog: Dialog | None
    status: int
    response: Response | None


class Ending(Enum):
    """Why a dialog ended without our asking."""

    BYE = "bye"
    CANCEL = "cancel"
    NO_ACK = "no_ack"
    SESSION_TIMER = "session_timer"
    GONE = "gone"
    "481 or 408 to a request in the dialog, or its connection broke."


@dataclass(frozen=True, slots=True)
class Ended:
    """The dialog is over, and not by `end`. CANCEL has been answered 487, BYE 200."""

    dialog: Dialog
    why: Ending
    request: Request | None = None


Event = (
    InviteArrived
    | RequestArrived
    | Progressed
    | Accepted
    | Refused
    | Acknowledged
    | Reinvited
    | Reaccepted
    | Rerefused
    | Asked
    | Replied
    | Ended
)


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """Limits and names."""

    product: str = "OfficeSmart"
    session_seconds: int = 1800
    min_session_seconds: int = 90
    max_dialogs: int = 4000
    max_transactions: int = 20000
    allow: tuple[str, ...] = field(
        default=(
            "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY",
            "REFER", "INFO", "UPDATE", "PRACK", "MESSAGE",
        )
    )  # fmt: skip


class Agent:
    """Transactions, dialogs, and what they need from the shell in `net/driver.py`.

    now: answers the time in seconds, monotonic; given by the shell (the loop's time, or a test's).
    The shell: `receive` or `advance`, then `take_output`, then `take_events`, then arm a timer for
    `next_timer()`. `on_output` is called once when a command from elsewhere left output behind.
    """

    on_output: Callable[[], None] | None

    def __init__(self, *, now: Callable[[], float], settings: AgentSettings | None = None) -> None:
        raise NotImplementedError

    def receive(self, data: bytes, flow: Flow) -> None:
        """One datagram or framed message. Never raises."""
        raise NotImplementedError

    def flow_lost(self, flow: Flow) -> None:
        """A connection closed or a send failed hard (RFC 3261 s.8.1.3.1: as 503)."""
        raise NotImplementedError

    def next_timer(self) -> float | None:
        """When `advance` wants to be called, or None."""
        raise NotImplementedError

    def advance(self) -> None:
        """Do what is due."""
        raise NotImplementedError

    def take_output(self) -> list[Outgoing]:
        """What to send, in order; forgets it."""
        raise NotImplementedError

    def take_events(self) -> list[Event]:
        """What happened, in order; forgets it. Each belongs to `event.dialog.owner` if set."""
        raise NotImplementedError

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
        and `dialog.acknowledge(sdp)` must follow."""
        raise NotImplementedError

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
    ) -> Exchange:
        """A request outside any dialog; answered by `Replied` to the agent's listener."""
        raise NotImplementedError

    def find(self, call_id: str, local_tag: str, remote_tag: str) -> Dialog | None:
        """The dialog that a Replaces header names (RFC 3891 s.3: to-tag is our local tag)."""
        raise NotImplementedError

    def dialogs(self) -> int:
        """How many live."""
        raise NotImplementedError
