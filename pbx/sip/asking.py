"""Sending a request of ours that is no INVITE, answering a trunk's challenge on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pbx.sip.credentials import Credentials, authorize
from pbx.sip.flow import Flow
from pbx.sip.matching import new_branch, own_via
from pbx.sip.message import Request, Response

if TYPE_CHECKING:
    from pbx.sip.house import House
    from pbx.sip.side import Side

MAX_TRIES = 3  # a challenge, and a stale nonce


def ask(
    house: House,
    request: Request,
    where: Side | Flow,
    credentials: Credentials | None,
    heard: Callable[[int, Response | None], None],
) -> None:
    """Send it; `heard(status, response)` gets the final answer, once. In a dialog (`where` is its
    far end) another try takes the dialog's next CSeq."""
    flow = where if isinstance(where, Flow) else where.flow
    tries = 1

    def answered(status: int, response: Response | None) -> None:
        nonlocal tries
        if status < 200:
            return
        if (
            status in (401, 407)
            and response is not None
            and tries < MAX_TRIES
            and authorize(request, response, credentials)
        ):
            tries += 1
            number = request.cseq[0] + 1
            if not isinstance(where, Flow):
                where.local_seq += 1
                number = where.local_seq
            request.set("Via", own_via(flow, new_branch()))
            request.set("CSeq", f"{number} {request.method}")
            house.transactions.begin(request, flow, answered)
        else:
            heard(status, response)

    house.transactions.begin(request, flow, answered)
