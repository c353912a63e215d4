"""What the agent tells: one value for each thing that happened to a call or a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pbx.sip.flow import Flow
from pbx.sip.message import Request, Response

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog
    from pbx.sip.exchange import Exchange
    from pbx.sip.notifier import Subscription


@dataclass(frozen=True, slots=True)
class InviteArrived:
    """A new INVITE outside a dialog. Answer through the dialog: `ring(100)` once the caller is
    known to be welcome; a 100 goes out by itself after 200 ms without any answer."""

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


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Their SUBSCRIBE refreshed a subscription (it has been answered): send its state now
    (RFC 6665 s.4.2.1.2)."""

    subscription: Subscription
    request: Request
    seconds: int
    "How long it was granted for."
    dialog: None = None


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """A subscription is over: by their Expires 0 or by time, then one last
    `notify(state='terminated;reason=timeout')` is due; or because a NOTIFY was refused."""

    subscription: Subscription
    reason: str
    "'asked', 'timeout', or 'refused' (then nothing more can be sent)."
    dialog: None = None


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
    | Subscribed
    | Unsubscribed
)
