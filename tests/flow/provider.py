"""A telephone company in a story: signs customers in, takes their calls, and sends them some."""

from __future__ import annotations

from pbx.routing.office import TrunkFacts
from pbx.sip import agent as sip
from pbx.sip import offer
from pbx.sip.digest import Authenticator, Verdict, ha1, read
from pbx.sip.message import Request
from tests.flow.office import FlowOffice
from tests.flow.phone import OFFICE, Phone

SECRET = "trunk-secret"
USER = "0255501000"


class Provider(Phone):
    """One machine of a provider."""

    def __init__(self, office: FlowOffice, host: str, name: str = "") -> None:
        super().__init__(office.wire, office.clock, office.media, "provider", host)
        self.office = office
        self.name = name or host
        if name:
            office.names[name] = (host,)
        self.realm = "provider.example"
        self.proofs = Authenticator(realm=self.realm)
        self.secret = SECRET
        self.algorithms: tuple[str, ...] = ("MD5", "SHA-256")
        self.registered: dict[str, int] = {}
        "Contact to the seconds it was registered for."
        self.requests: list[sip.Event] = []
        "Every REGISTER and OPTIONS, in order."
        self.status = 200
        "What a REGISTER or OPTIONS with good credentials is answered with."
        self.smallest = 0
        "The shortest registration that it takes."
        self.grants = 0
        "What it grants instead of what was asked."
        self.wants_proof = True
        "Also of INVITEs."
        self.as_proxy = False
        "Asks by 407."
        self.stale = 0
        "How many good proofs it still calls stale."
        self.silent = False
        "Hears everything, says nothing."
        self.says_trying = 0
        "Only 100 to a call, and nothing else."
        self.redirects = ""
        "A URI that calls are sent on to by 302."
        self.service_route = ""
        "Told to who signs in (RFC 3608)."
        self.reason: sip.Headers = ()
        "Headers of a refusal."

    def trunk(self, number: int = 1, **more: object) -> TrunkFacts:
        """The office's settings for it."""
        settings: dict[str, object] = {
            "id": number,
            "name": f"Linea {number}",
            "host": self.name,
            "username": USER,
            "sealed_password": f"sealed {SECRET}",
            "main_number": "+390255501000",
            **more,
        }
        return TrunkFacts(**settings)  # type: ignore[arg-type]

    def by_address(self, number: int = 1, **more: object) -> TrunkFacts:
        """The same, of a trunk without a sign-in."""
        return self.trunk(
            number,
            **{"registers": False, "username": "", "sources": (self.host,), **more},
        )

    # --- what came -----------------------------------------------------------------------------

    @property
    def invite(self) -> Request:
        """The latest call's INVITE."""
        return self.dialog.invite

    def count(self, method: str) -> int:
        """How many requests outside calls came, challenged ones too."""
        return sum(each.request.method == method for each in self.requests)  # type: ignore[union-attr]

    # --- calling in ----------------------------------------------------------------------------

    async def calls_in(
        self,
        number: str,
        caller: str = "+393331234567",
        *,
        to: str = "",
        from_: str = "",
        headers: sip.Headers = (),
        transport_host: str = "",
    ) -> sip.Dialog:
        """INVITE the office, for one of its numbers."""
        dialog = self.agent.invite(
            f"sip:{number.replace('#', '%23')}@{OFFICE[0]}",
            flow=self.flow,
            from_=from_ or f"<sip:{caller}@{self.host}>",
            to=f"<sip:{(to or number).replace('#', '%23')}@{OFFICE[0]}>",
            sdp=self.says(),
            headers=headers,
        )
        dialog.owner = self._on_event
        self.dialogs.append(dialog)
        await self.clock.settle()
        return dialog

    # --- what comes ----------------------------------------------------------------------------

    def receive(self, data: bytes, flow: sip.Flow) -> None:
        """A datagram came."""
        if not self.silent:
            super().receive(data, flow)

    def _on_event(self, event: sip.Event) -> None:
        if isinstance(event, sip.RequestArrived) and event.request.method == "OPTIONS":
            self.requests.append(event)
            self._serve(event.exchange, event.request)
        elif isinstance(event, sip.RequestArrived):
            self.requests.append(event)
            if self._proved(event.request, lambda *said: self._reply(event.exchange, *said)):
                self._serve(event.exchange, event.request)
        elif isinstance(event, sip.InviteArrived):
            dialog = event.dialog

            def refuse(status: int, headers: sip.Headers) -> None:
                dialog.refuse(status, headers=headers)

            if self.wants_proof and not self._proved(event.request, refuse):
                return
            if self.says_trying:
                event.dialog.owner = self._on_event
                self.dialogs.append(dialog)
                dialog.ring(100)
            elif self.redirects:
                self.dialogs.append(dialog)
                dialog.refuse(302, headers=[("Contact", f"<{self.redirects}>")])
            elif self.refuses:
                self.dialogs.append(dialog)
                dialog.refuse(self.refuses, headers=self.reason)
            else:
                super()._on_event(event)
        else:
            super()._on_event(event)

    def _reply(self, exchange: sip.Exchange, status: int, headers: sip.Headers) -> None:
        exchange.reply(status, headers=headers)

    def _proved(self, request, refuse) -> bool:  # type: ignore[no-untyped-def]
        asked = "Proxy-Authorization" if self.as_proxy else "Authorization"
        status, ask = (407, "Proxy-Authenticate") if self.as_proxy else (401, "WWW-Authenticate")
        now = self.clock.now().timestamp()
        verdict = Verdict.WRONG
        if request.has(asked):
            given = read(request.get(asked))
            md5, sha = ha1(given.username, self.realm, self.secret)
            verdict = self.proofs.judge(
                given, request.method, ha1_md5=md5, ha1_sha256=sha, now=now,
                message=f"{request.call_id} {request.cseq[0]}",
            )  # fmt: skip
            if verdict is Verdict.GOOD and self.stale:
                self.stale -= 1
                verdict = Verdict.STALE
        if verdict is Verdict.GOOD:
            return True
        challenges = self.proofs.challenges(
            now, algorithms=self.algorithms, stale=verdict is Verdict.STALE
        )
        refuse(status, [(ask, value) for value in challenges])
        return False

    def _serve(self, exchange: sip.Exchange, request: Request) -> None:
        asked = request.expires or 0
        if self.status != 200:
            exchange.reply(self.status, headers=self.reason)
        elif request.method == "OPTIONS":
            exchange.reply(200)
        elif 0 < asked < self.smallest:
            exchange.reply(423, headers=[("Min-Expires", str(self.smallest))])
        else:
            contact = request.contact
            assert contact is not None
            given = self.grants if asked and self.grants else asked
            if given:
                self.registered[contact.uri] = given
            else:
                self.registered.pop(contact.uri, None)
            said = [("Contact", f"<{contact.uri}>;expires={given}")]
            if self.service_route:
                said.append(("Service-Route", self.service_route))
            exchange.reply(200, headers=said)


def sdp_codings(provider: Provider) -> list[str]:
    """What the office offered it, in its order."""
    remote = offer.read(provider.invite.body)
    return [coding.name for coding in remote.codings]
