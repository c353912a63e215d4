"""A desk phone in a story: it registers, dials, rings, answers, holds, transfers and hangs up."""

from __future__ import annotations

import asyncio

from pbx.sip import agent as sip
from pbx.sip import offer
from pbx.sip.digest import answer as digest_answer
from pbx.sip.message import Request, reply_to
from pbx.sip.parser import parse
from tests.flow.loop import HandClock
from tests.flow.sound import FlowMedia, FlowStream
from tests.flow.wire import Node, Wire

OFFICE = ("10.0.0.1", 5060)
PASSWORD = "a-secret-of-the-story"


class Phone(Node):
    """One phone of one line."""

    def __init__(
        self,
        wire: Wire,
        clock: HandClock,
        media: FlowMedia,
        line: str,
        host: str,
        *,
        codings: tuple[str, ...] = ("PCMA", "PCMU"),
        password: str = PASSWORD,
        port: int = 5060,
    ) -> None:
        super().__init__(wire, host, port)
        self.clock = clock
        self.media = media
        self.line = line
        self.codings = codings
        self.password = password
        self.listener = self._on_event
        self.flow = self.flow_to(*OFFICE)
        self.dialogs: list[sip.Dialog] = []
        self.offers: dict[sip.Dialog, offer.Remote] = {}
        self.events: list[sip.Event] = []
        self.statuses: list[int] = []
        "Every status that came to our own INVITEs."
        self.lamps: list[str] = []
        "Bodies of message-summary NOTIFYs."
        self.seen: list[str] = []
        "Bodies of dialog NOTIFYs."
        self.reports: list[str] = []
        "First lines of the sipfrags that told how a transfer went."
        self.replies: list[tuple[str, int]] = []
        "Method and status of what our requests were answered."
        self.refusals: list[int] = []
        "Statuses of re-INVITEs and UPDATEs of ours that were refused."
        self.late_answer = b""
        "What to say in the ACK of a re-INVITE without SDP."
        self.refuses = 0
        "Answer every call with this status."
        self.forwards = ""
        "Answer every call with 302 and this number."
        self.keeps_quiet = False
        "Let a call come without saying that it rings."
        self.replies_to_options = 200
        self.refuses_lamps = 0
        "Answer every NOTIFY of a lamp with this status."
        self.contact = f"sip:{line}@{host}"
        self.call_id = f"register@{host}"
        "Of its REGISTERs."
        self.refuses_changes = 0
        "Answer every re-INVITE with this status."
        self._versions = 10

    def receive(self, data: bytes, flow: sip.Flow) -> None:
        """A datagram came. Lamps are read here: their dialogs are nothing that an agent keeps."""
        if data.startswith(b"NOTIFY"):
            request = parse(data)
            if isinstance(request, Request) and request.get("Event").startswith("dialog"):
                self.seen.append(request.body.decode())
                self.wire.carry(self, sip.Outgoing(flow, bytes(reply_to(request, 200))))
                return
            if isinstance(request, Request) and request.get("Event").startswith("message-summary"):
                if not self.refuses_lamps:
                    self.lamps.append(request.body.decode())
                answer = bytes(reply_to(request, self.refuses_lamps or 200))
                self.wire.carry(self, sip.Outgoing(flow, answer))
                return
        super().receive(data, flow)

    # --- registering ---------------------------------------------------------------------------

    async def registers(self, seconds: int = 600, *, number: str = "") -> int:
        """REGISTER, answering the challenge; the final status."""
        contact = ("Contact", f"<{self.contact}>")
        heard = await self.asks("REGISTER", number or self.line, expires=seconds, headers=[contact])
        return heard.status

    async def asks(
        self, method: str, number: str, *, expires: int | None = None, headers: sip.Headers = ()
    ) -> sip.Replied:
        """A request outside calls, with credentials once they are asked for; its answer."""
        said = list(headers)
        if expires is not None:
            said.append(("Expires", str(expires)))
        heard = await self._ask(method, number, said)
        if heard.status == 401 and heard.response is not None:
            proof = digest_answer(
                heard.response.get_all("WWW-Authenticate"),
                user=self.line,
                password=self.password,
                method=method,
                uri=f"sip:{OFFICE[0]}",
            )
            heard = await self._ask(method, number, [*said, ("Authorization", proof)])
        return heard

    async def subscribes_again(self, first: sip.Replied, headers: sip.Headers, seconds: int) -> int:
        """SUBSCRIBE in the dialog that an earlier one opened; its status."""
        assert first.response is not None
        self._versions += 1
        exchange = self.agent.request(
            "SUBSCRIBE",
            f"sip:{OFFICE[0]}",
            flow=self.flow,
            from_=str(first.exchange.request.from_).partition(";tag")[0],
            to=str(first.response.to),
            headers=[
                *headers,
                ("From", str(first.exchange.request.from_)),
                ("Contact", f"<{self.contact}>"),
                ("Expires", str(seconds)),
            ],
            call_id=first.exchange.request.call_id,
            cseq=self._versions,
        )
        await self.clock.settle()
        return next(
            event.status
            for event in self.events
            if isinstance(event, sip.Replied) and event.exchange is exchange
        )

    async def _ask(self, method: str, number: str, headers: sip.Headers) -> sip.Replied:
        exchange = self.agent.request(
            method,
            f"sip:{OFFICE[0]}",
            flow=self.flow,
            from_=f"<sip:{self.line}@{OFFICE[0]}>",
            to=f"<sip:{number}@{OFFICE[0]}>",
            headers=headers,
            # A phone goes on counting in its REGISTERs.
            call_id=self.call_id if method == "REGISTER" else "",
            cseq=self._next_number(),
        )
        await self.clock.settle()
        for event in self.events:
            if isinstance(event, sip.Replied) and event.exchange is exchange:
                return event
        raise AssertionError(f"{method} was not answered")

    def _next_number(self) -> int:
        self._versions += 1
        return self._versions

    # --- calling -------------------------------------------------------------------------------

    async def dials(
        self, number: str, *, sdp: bytes | None = None, headers: sip.Headers = ()
    ) -> sip.Dialog:
        """INVITE with credentials."""
        dialog = self.agent.invite(
            f"sip:{number.replace('#', '%23')}@{OFFICE[0]}",
            flow=self.flow,
            from_=f"<sip:{self.line}@{OFFICE[0]}>",
            to=f"<sip:{number.replace('#', '%23')}@{OFFICE[0]}>",
            sdp=self.says() if sdp is None else sdp,
            headers=headers,
            credentials=(self.line, self.password),
        )
        dialog.owner = self._on_event
        self.dialogs.append(dialog)
        await self.clock.settle()
        return dialog

    def says(self, direction: str = "sendrecv", *, version: int = 1) -> bytes:
        """Its SDP."""
        local = offer.Local(self.host, 30000, 1, version)
        return offer.write_offer(local, self.codings, direction=direction)

    @property
    def dialog(self) -> sip.Dialog:
        """Its latest call."""
        return self.dialogs[-1]

    @property
    def rings(self) -> bool:
        """Whether its latest call came in, and waits for an answer."""
        dialog = self.dialogs[-1] if self.dialogs else None
        return dialog is not None and not dialog.outgoing and dialog.state is sip.DialogState.EARLY

    @property
    def talks(self) -> bool:
        """Whether its latest call is established."""
        return bool(self.dialogs) and self.dialog.state is sip.DialogState.CONFIRMED

    async def answers(self) -> None:
        """Pick up what rings."""
        remote = self.offers[self.dialog]
        chosen = offer.choose(remote, self.codings)
        local = offer.Local(self.host, 30000, 2)
        self.dialog.accept(offer.write_answer(local, remote, chosen))
        await self.clock.settle()

    async def refuses_call(self, status: int) -> None:
        """Decline what rings."""
        self.dialog.refuse(status)
        await self.clock.settle()

    async def hangs_up(self, dialog: sip.Dialog | None = None) -> None:
        """End a call, whatever its state."""
        (dialog or self.dialog).end()
        await self.clock.settle()

    async def holds(
        self,
        *,
        held: bool = True,
        direction: str = "sendonly",
        dialog: sip.Dialog | None = None,
        update: bool = False,
    ) -> None:
        """Put the call on hold, or take it back."""
        self._versions += 1
        sdp = self.says(direction if held else "sendrecv", version=self._versions)
        call = dialog or self.dialog
        (call.update if update else call.reinvite)(sdp)
        await self.clock.settle()

    async def holds_as_in_1996(self) -> None:
        """Hold by a c= line of 0.0.0.0 (RFC 2543)."""
        self._versions += 1
        sdp = self.says(version=self._versions)
        self.dialog.reinvite(sdp.replace(f"c=IN IP4 {self.host}".encode(), b"c=IN IP4 0.0.0.0"))
        await self.clock.settle()

    async def plays_before_answering(self) -> None:
        """183 with SDP: ringing tones or words of the far end's own."""
        self.dialog.ring(183, sdp=self._answer(self.dialog))
        await self.clock.settle()

    async def transfers(
        self, number: str, *, dialog: sip.Dialog | None = None, headers: sip.Headers = ()
    ) -> None:
        """Blind transfer of whom it talks to."""
        to = ("Refer-To", f"<sip:{number.replace('#', '%23')}@{OFFICE[0]}>")
        (dialog or self.dialog).request("REFER", headers=[to, *headers])
        await self.clock.settle()

    async def takes_over(
        self, call: sip.Dialog, *, early_only: bool = False, number: str = "x"
    ) -> sip.Dialog:
        """INVITE with Replaces: the office's side of `call`, another phone's dialog."""
        value = f"{call.call_id};to-tag={call.remote_tag};from-tag={call.local_tag}"
        value += ";early-only" * early_only
        return await self.dials(number, headers=[("Replaces", value)])

    async def sends_info(self, body: str, kind: str = "application/dtmf-relay") -> None:
        """SIP INFO in the call."""
        self.dialog.request("INFO", body=body.encode(), content_type=kind)
        await self.clock.settle()

    async def joins(self, first: sip.Dialog, second: sip.Dialog) -> None:
        """Attended transfer: the other sides of its two calls."""
        replaces = (
            f"{second.call_id}%3Bto-tag%3D{second.remote_tag}%3Bfrom-tag%3D{second.local_tag}"
        )
        first.request("REFER", headers=[("Refer-To", f"<sip:x@{OFFICE[0]}?Replaces={replaces}>")])
        await self.clock.settle()

    async def presses(self, digits: str) -> None:
        """Keys, as telephone-events."""
        for digit in digits:
            self.ear.press(digit)
            await self.clock.settle()

    def goes_on_counting(self, other: Phone) -> None:
        """Be the same phone as that one, seen from elsewhere."""
        self._versions = other._versions + 1

    def moves(self, host: str) -> None:
        """Get another address."""
        self.wire.leave(self)
        self.host, self.address = host, (host, self.port)
        self.wire.join(self)
        self.flow = self.flow_to(*OFFICE)

    def restarts(self) -> None:
        """Forget every call, as after a power cut."""
        self.agent = sip.Agent(now=asyncio.get_running_loop().time)
        self.agent.on_output = self._soon
        self.dialogs.clear()

    # --- hearing -------------------------------------------------------------------------------

    @property
    def ear(self) -> FlowStream:
        """The office's stream to this phone, for its latest call."""
        return self.media.by_port[self.offers[self.dialog].port]

    def ear_of_host(self) -> FlowStream:
        """The office's stream to its address, whatever it remembers of its calls."""
        return next(s for s in self.media.open_streams if s.far and s.far.host == self.host)

    @property
    def hears(self) -> str:
        """What comes out of the handset now: a sound's name, a line's extension, or nothing."""
        if not self.dialogs or self.dialog not in self.offers:
            return ""
        stream = self.media.by_port.get(self.offers[self.dialog].port)
        if stream is None or stream.closed or stream.far is None:
            return ""
        if stream.playing:
            return stream.playing[0]
        if stream.peer is None or stream.peer.far is None or not stream.far.receives:
            return ""
        return stream.peer.far.host if stream.peer.far.sends else ""

    # --- what comes ----------------------------------------------------------------------------

    def _on_event(self, event: sip.Event) -> None:
        self.events.append(event)
        match event:
            case sip.InviteArrived():
                event.dialog.owner = self._on_event
                self.dialogs.append(event.dialog)
                if event.sdp:
                    self.offers[event.dialog] = offer.read(event.sdp)
                if self.forwards:
                    contact = ("Contact", f"<sip:{self.forwards}@{OFFICE[0]}>")
                    event.dialog.refuse(302, headers=[contact])
                elif self.refuses:
                    event.dialog.refuse(self.refuses)
                elif not self.keeps_quiet:
                    event.dialog.ring(180)
            case sip.Progressed() | sip.Accepted():
                self.statuses.append(event.response.status)
                if event.sdp:
                    self.offers[event.dialog] = offer.read(event.sdp)
                if isinstance(event, sip.Accepted) and not event.dialog.invite.body:
                    event.dialog.acknowledge(self._answer(event.dialog))
            case sip.Refused():
                self.statuses.append(event.status)
            case sip.Reinvited():
                if self.refuses_changes:
                    event.dialog.refuse(self.refuses_changes)
                elif event.sdp:
                    self.offers[event.dialog] = offer.read(event.sdp)
                    event.dialog.accept(self._answer(event.dialog))
                else:
                    event.dialog.accept(self.says())
            case sip.Reaccepted():
                if event.sdp:
                    self.offers[event.dialog] = offer.read(event.sdp)
                    if self.late_answer:
                        event.dialog.acknowledge(self.late_answer)
                        self.late_answer = b""
            case sip.Rerefused():
                self.refusals.append(event.status)
            case sip.Asked() | sip.RequestArrived():
                self._asked(event.exchange, event.request)
            case sip.Replied():
                self.replies.append((event.exchange.request.method, event.status))
            case _:
                pass

    def _answer(self, dialog: sip.Dialog) -> bytes:
        remote = self.offers[dialog]
        return offer.write_answer(
            offer.Local(self.host, 30000, 3), remote, offer.choose(remote, self.codings)
        )

    def _asked(self, exchange: sip.Exchange, request: Request) -> None:
        if request.get("Event").startswith("refer"):
            self.reports.append(request.body.decode().splitlines()[0])
        exchange.reply(self.replies_to_options if request.method == "OPTIONS" else 200)
