"""The vocabulary that Office Smart shares with pyVoIP: statuses, payload types, states.

Whoever knows pyVoIP 1.6.8 can read an application in `pbx/apps/` at once. Only names and numbers
come from there; messages, transactions and sound are our own (`docs/architecture.md`). This module
and `pbx/probe/phone.py` alone import pyVoIP. Importing it starts no thread, opens no socket and
prints nothing.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # pyVoIP imports `audioop`, deprecated since Python 3.11 and replaced by `audioop-lts` in 3.13.
    warnings.simplefilter("ignore", DeprecationWarning)
    # `pyVoIP.VoIP` has to come before `pyVoIP.SIP`: the other way round they import in a circle.
    from pyVoIP.VoIP import CallState, PhoneStatus  # isort: skip
    from pyVoIP.RTP import PayloadType, TransmitType
    from pyVoIP.SIP import SIPStatus

STATIC_AUDIO: dict[str, int] = {
    kind.description: int(kind) for kind in (PayloadType.PCMU, PayloadType.PCMA, PayloadType.G722)
}
"Payload type numbers that RFC 3551 s.6 fixes, for the codings this PBX speaks."

EVENT_NAME: str = PayloadType.EVENT.description
"'telephone-event' (RFC 4733), always a dynamic payload type."

_CLASSES = {
    1: "Session Progress",
    2: "OK",
    3: "Multiple Choices",
    4: "Bad Request",
    5: "Server Internal Error",
    6: "Busy Everywhere",
}
_PHRASES: dict[int, str] = {
    **{int(status.value): str(status.phrase) for status in SIPStatus},
    # Misspelt in pyVoIP 1.6.8; what we write is spelt as registered (IANA, RFC 3261 s.21, 4412).
    417: "Unknown Resource-Priority",
    423: "Interval Too Brief",
    504: "Server Time-out",
}


def phrase(status: int) -> str:
    """The standard words for a SIP status (RFC 3261 s.21), as in "486 Busy Here".

    A status nobody registered gets the words of its class's x00, as s.8.1.3.2 reads it;
    outside 100..699 the answer is empty.
    """
    return _PHRASES.get(status) or _CLASSES.get(status // 100, "")


__all__ = [
    "EVENT_NAME",
    "STATIC_AUDIO",
    "CallState",
    "PayloadType",
    "PhoneStatus",
    "SIPStatus",
    "TransmitType",
    "phrase",
]
