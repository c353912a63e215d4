"""A request of theirs finds its transaction, dialog or subscription; one that finds none is judged,
and told to the listener as a new call or question (RFC 3261 s.8.2, s.9.2, s.12.2.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from pbx.sip import in_dialog
from pbx.sip.dialog import Dialog
from pbx.sip.events import InviteArrived, RequestArrived
from pbx.sip.exchange import Exchange
from pbx.sip.flow import Flow
from pbx.sip.house import House
from pbx.sip.judging import looped, objection, unsupported
from pbx.sip.machine import Seen
from pbx.sip.matching import answer_flow, new_tag, server_key
from pbx.sip.message import BadMessage, Request, reply_to
from pbx.sip.side import Side
from pbx.sip.transaction import InviteServer, ServerTransaction

Headers = Iterable[tuple[str, str]]

RETRY_SECONDS = "10"  # Retry-After of a house that is full


class Arrivals:
    """Where requests come in."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._methods = frozenset(house.settings.allow)
        self._options = frozenset(option.lower() for option in house.settings.supported)

    def request(self, request: Request, flow: Flow) -> None:
        """One request. Raises BadMessage for what shows to be broken only now."""
        request.stamp(flow.host, flow.port)
        method = request.method
        if method == "ACK":
            self._acked(request)
            return
        key = server_key(request)
        transactions = self._house.transactions
        known = transactions.find(key)
        if known is not None:
            known.see(Seen.AGAIN)
            return
        if not transactions.room():
            back = answer_flow(request, flow)
            self._turn_away(request, back, 503, [("Retry-After", RETRY_SECONDS)])
            return
        # 8.2.2.2 looks at what is being answered already, so it comes before our own answer begins.
        merged = not request.to.tag and transactions.find_merged(request)
        transaction = transactions.serve(request, key, flow)
        if method == "CANCEL":
            self._cancelled(request, transaction)
        elif method not in self._methods:
            self._refuse(request, transaction, 405, [("Allow", self._house.allow)])
        elif unknown := unsupported(request, self._options):
            self._refuse(request, transaction, 420, [("Unsupported", ", ".join(unknown))])
        elif request.to.tag and method != "REGISTER":
            self._in_dialog(request, transaction, flow)
        elif merged:
            self._refuse(request, transaction, 482)
        elif (refusal := objection(request, self._house.settings)) is not None:
            self._refuse(request, transaction, *refusal)
        elif method == "INVITE" and looped(request, transactions):
            self._refuse(request, transaction, 482)
        elif method == "INVITE" and self._house.book.full:
            self._refuse(request, transaction, 503, [("Retry-After", RETRY_SECONDS)])
        elif isinstance(transaction, InviteServer):
            self._invited(request, transaction, flow)
        else:
            exchange = Exchange(self._house, request, flow, transaction)
            self._house.happened(RequestArrived(exchange, request, flow))

    def _invited(self, request: Request, transaction: InviteServer, flow: Flow) -> None:
        local = request.to.with_tag(new_tag())
        contact = request.contact
        assert contact is not None
        back = answer_flow(request, flow)
        side = Side(
            request.call_id, local=local, remote=request.from_, target=contact.uri, flow=back
        )
        side.learn(request)
        side.remote_seq = request.cseq[0]
        dialog = Dialog(self._house, side, request, transaction=transaction)
        transaction.dialog = dialog
        self._house.book.enter(dialog)
        self._house.happened(InviteArrived(dialog, request, flow, dialog.sdp_of(request)))

    def _acked(self, request: Request) -> None:
        """An ACK is never answered; one that fits nothing is dropped."""
        transaction = self._house.transactions.find(server_key(request, "INVITE"))
        if isinstance(transaction, InviteServer):
            transaction.last_ack = request
            transaction.see(Seen.ACK)
            return
        dialog = self._house.book.dialog(request.call_id, request.to.tag)
        if dialog is None:
            # pyVoIP 1.6.8 makes up a To tag for its ACK.
            dialog = self._house.book.dialog_of_caller(request.call_id, request.from_.tag)
        if dialog is not None:
            dialog.acked(request)

    def _cancelled(self, request: Request, transaction: InviteServer | ServerTransaction) -> None:
        invite = self._house.transactions.find(server_key(request, "INVITE"))
        if not isinstance(invite, InviteServer):
            self._refuse(request, transaction, 481)
            return
        dialog = invite.dialog
        tag = dialog.local_tag if dialog is not None else new_tag()
        transaction.answer(200, self._house.finish(reply_to(request, 200, tag=tag)))
        if dialog is not None:
            dialog.cancelled(request, invite)

    def _in_dialog(
        self, request: Request, transaction: InviteServer | ServerTransaction, flow: Flow
    ) -> None:
        book = self._house.book
        dialog = book.dialog(request.call_id, request.to.tag)
        if dialog is not None and dialog.knows(request.from_.tag):
            if isinstance(transaction, InviteServer):
                transaction.dialog = dialog
            in_dialog.take(dialog, request, transaction, flow)
            return
        subscription = book.subscription(request.call_id, request.to.tag)
        if subscription is None or isinstance(transaction, InviteServer):
            self._refuse(request, transaction, 481)
        elif not subscription.accepts(request):
            self._refuse(request, transaction, 500)
        else:
            exchange = Exchange(self._house, request, flow, transaction)
            if request.method == "SUBSCRIBE":
                subscription.refreshed(exchange)
            else:
                exchange.reply(481)

    # --- refusals --------------------------------------------------------------------------------

    def _refuse(
        self,
        request: Request,
        transaction: InviteServer | ServerTransaction,
        status: int,
        headers: Headers = (),
    ) -> None:
        response = reply_to(request, status, tag=new_tag())
        for name, value in headers:
            response.add(name, value)
        transaction.answer(status, self._house.finish(response))

    def _turn_away(
        self, request: Request, back: Flow, status: int, headers: Headers = (), reason: str = ""
    ) -> None:
        """Answer without keeping anything (RFC 3261 s.8.2.7)."""
        response = reply_to(request, status, reason, tag=new_tag())
        for name, value in headers:
            response.add(name, value)
        self._house.post(back, self._house.finish(response))

    def refuse_bad(self, bad: BadMessage, request: Request, flow: Flow) -> None:
        """Answer what could be read of a request; without what its sender knows the answer by
        (Via, Call-ID, CSeq) it is dropped. Where these cannot be read they are told back as they
        came (RFC 4475 s.3.1.2.1, s.3.1.2.4, s.3.1.2.16)."""
        if request.method == "ACK" or not all(map(request.get, ("Via", "Call-ID", "CSeq"))):
            return
        back = flow
        try:
            request.stamp(flow.host, flow.port)
            back = answer_flow(request, flow)
        except BadMessage:
            pass  # to where it came from
        self._turn_away(request, back, bad.status, reason=bad.reason)
