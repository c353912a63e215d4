"""What the far end asks for inside a dialog (RFC 3261 s.12.2.2): each request to what it is about.

A re-INVITE, an UPDATE or a PRACK with an offer is a change of the session (`changes.py`), BYE the
end of the dialog; what is for the owner to answer (REFER, INFO, NOTIFY) is handed to it as `Asked`.
ACK and CANCEL belong to an INVITE and never come here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbx.sip import session_timer
from pbx.sip.bodies import sdp_of, unreadable_body
from pbx.sip.events import Asked
from pbx.sip.exchange import Exchange
from pbx.sip.flow import Flow
from pbx.sip.matching import answer_flow
from pbx.sip.message import Request, reply_to
from pbx.sip.transaction import InviteServer, ServerTransaction

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog, Headers


def take(
    dialog: Dialog, request: Request, transaction: InviteServer | ServerTransaction, flow: Flow
) -> None:
    """Take a request in this dialog, other than ACK and CANCEL. flow: where it came from."""
    side, method = dialog.side, request.method
    if request.cseq[0] < side.remote_seq:
        _answer(dialog, request, transaction, 500)  # RFC 3261 s.12.2.2
        return
    side.remote_seq = request.cseq[0]
    if dialog.over and method != "BYE":
        _answer(dialog, request, transaction, 481)
        return
    if method in ("INVITE", "UPDATE"):
        side.flow = answer_flow(request, flow)
    if method in ("INVITE", "UPDATE", "PRACK") and unreadable_body(request):
        accept = ", ".join(dialog.house.settings.accept)
        _answer(dialog, request, transaction, 415, [("Accept", accept)])
    elif isinstance(transaction, InviteServer):
        dialog.changes.arrived(request, transaction, sdp_of(request))
    elif method == "UPDATE":
        _update(dialog, request, transaction)
    elif method == "PRACK":
        _prack(dialog, request, transaction)
    elif method == "BYE":
        _answer(dialog, request, transaction, 200)
        dialog.hung_up(request)
    else:
        exchange = Exchange(dialog.house, request, flow, transaction)
        if method == "OPTIONS":
            exchange.reply(200)
        else:
            dialog.house.happened(Asked(dialog, exchange, request))


def _update(dialog: Dialog, request: Request, transaction: ServerTransaction) -> None:
    smallest = dialog.house.settings.min_session_seconds
    if request.body:
        dialog.changes.arrived(request, transaction, sdp_of(request))
    elif session_timer.too_short(request, smallest):
        _answer(dialog, request, transaction, 422, [("Min-SE", str(smallest))])
    else:
        dialog.side.refresh(request)
        headers = dialog.session_headers(request) if dialog.confirmed else []
        contact = ("Contact", f"<{dialog.side.contact}>")
        _answer(dialog, request, transaction, 200, [contact, *headers])


def _prack(dialog: Dialog, request: Request, transaction: ServerTransaction) -> None:
    if not dialog.pracked(request):
        _answer(dialog, request, transaction, 481)
    elif request.body and dialog.invite.body:
        dialog.changes.arrived(request, transaction, sdp_of(request))
    else:
        _answer(dialog, request, transaction, 200)
        dialog.after_prack()


def _answer(
    dialog: Dialog,
    request: Request,
    transaction: InviteServer | ServerTransaction,
    status: int,
    headers: Headers = (),
) -> None:
    response = reply_to(request, status)
    for name, value in headers:
        response.add(name, value)
    transaction.answer(status, dialog.house.finish(response))
