"""Who sends this request? Digest proof (RFC 7616), the same 401 for everybody who has none."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pbx.peers.guard import Guard
from pbx.routing.office import Account, Office
from pbx.sip import digest
from pbx.sip.agent import Flow
from pbx.sip.message import Request

log = logging.getLogger(__name__)

Refuse = Callable[[int, str, list[tuple[str, str]]], None]
"Answers the request: status, reason, headers."


class Proofs:
    """Asks for and judges credentials."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._digest = digest.Authenticator()
        self._guard = Guard()

    def challenge(
        self, request: Request, flow: Flow, refuse: Refuse, *, stale: bool = False
    ) -> None:
        """401 with what this program can answer."""
        algorithms = digest.algorithms_for(request.get("User-Agent"))
        values = self._digest.challenges(
            self._now(), algorithms=algorithms, stale=stale, host=flow.host
        )
        refuse(401, "Unauthorized", [("WWW-Authenticate", value) for value in values])

    def account(
        self, request: Request, flow: Flow, office: Office, refuse: Refuse
    ) -> Account | None:
        """The account that the request proves to be; None when it has been refused here."""
        now = self._now()
        wait = self._guard.paused(flow.host, now)
        if wait:
            refuse(403, "Forbidden", [("Retry-After", str(int(wait) + 1))])
            return None
        given = self._ours(request)
        if given is None:
            self.challenge(request, flow, refuse)
            return None
        if not self._digest.gave(given.nonce, flow.host):
            # Of a process before this one, or the sender's address is not his own: without a word
            # about the secret, and not the guard's business, or a stranger could have a colleague
            # shut out by writing his address into a few datagrams.
            self.challenge(request, flow, refuse, stale=True)
            return None
        account = office.accounts.get(given.username)
        number, method = request.cseq
        verdict = self._digest.judge(
            given,
            method,
            ha1_md5=account.ha1_md5 if account else "",
            ha1_sha256=account.ha1_sha256 if account else "",
            message=f"{request.call_id} {number}",
            now=now,
            host=flow.host,
        )
        if verdict is digest.Verdict.GOOD:
            self._guard.right(flow.host)
            return account
        if verdict is digest.Verdict.STALE:
            self.challenge(request, flow, refuse, stale=True)
            return None
        self._guard.wrong(flow.host, now)
        log.info("wrong password from %s", flow.host)
        self.challenge(request, flow, refuse)
        return None

    def _ours(self, request: Request) -> digest.Credentials | None:
        """The first readable credentials for our realm; None without any."""
        for value in request.get_all("Authorization"):
            try:
                given = digest.read(value)
            except ValueError:
                continue
            if given.realm == self._digest.realm:
                return given
        return None
