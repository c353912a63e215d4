"""One side of a call: a SIP dialog and a stream of sound.

A leg tells its present keeper what a person did: answered, refused, pressed a key, held, asked for
a transfer, left. It negotiates by itself (`negotiation.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from pbx.calls.keeper import Keeper
from pbx.calls.negotiation import Negotiation
from pbx.calls.switch import OURS, Switch
from pbx.events.kinds import Party
from pbx.media import engine as media
from pbx.sip import agent as sip
from pbx.sip import offer
from pbx.sip.info import digit_in_info
from pbx.sip.reason import because, q850

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)
ANSWER_SECONDS = 8.0  # for a phone that fell silent to say that it lives: four sendings (RFC 3261)
REASONS = {
    "media_lost": (500, "Media server lost"),
    "no_codec": (488, "Not acceptable here"),
    "vanished": (408, "No sound and no answer"),
}
BUSY_TONE = 10.0  # seconds somebody who is already connected hears why nobody comes


class Leg:
    """A side of a call. Made by `incoming` or `outgoing`, ended by `end` or by the person."""

    def __init__(self, switch: Switch, party: Party, *, phone: str = "") -> None:
        self.switch = switch
        self.party = party
        self.phone = phone
        self.keeper: Keeper = Keeper()
        self._dialog: sip.Dialog | None = None
        self.stream: media.Stream | None = None
        self.session = Negotiation(self)
        self.answered = False
        self.gone = ""
        "Why the leg is over; empty while it lives."
        self.conversation: Conversation | None = None
        "The call that looks after it."
        self.direct_audio = False
        "The phone's setting: its sound may go straight to another phone that has it too."
        self.early_sent = False
        self.trunk = 0
        "Id of the trunk that it comes or goes by; 0 for a phone of the office."
        self.unlisted = False
        "A phone outside that rings for a line: its number is nobody else's to know."
        self.allows: frozenset[str] = frozenset()
        self.cause = 0
        "The telephone network's own reason of a refusal (Q.850, RFC 3326); 0: none was said."
        self._occupies = party.line
        "The line whose phone it is, whoever's call it becomes."
        self._checking = False
        self._sounding: asyncio.Future[bool] | None = None
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def dialog(self) -> sip.Dialog:
        """Its SIP dialog; there is none before the phone is called."""
        assert self._dialog is not None, "not called yet"
        return self._dialog

    @property
    def remote(self) -> offer.Remote | None:
        """What the far end last said of its sound."""
        return self.session.agreed.remote

    @property
    def coding(self) -> str:
        """What is spoken with it, or would be."""
        return self.session.agreed.coding

    @property
    def ours(self) -> tuple[str, ...]:
        """Codings that this side may use."""
        return self.session.agreed.ours

    @property
    def held(self) -> bool:
        """The person holds the call."""
        return self.session.held

    @property
    def direct(self) -> bool:
        """Its sound goes straight to another phone."""
        return self.session.direct

    @property
    def stranger(self) -> int:
        """Id of the trunk by which somebody who is none of the office talks; 0 for a phone of the
        office, and for one outside from which a line makes its call (click-to-dial)."""
        return 0 if self.party.line else self.trunk

    @property
    def display(self) -> str:
        """The line whose phone it is, and who reads its display: not the line whose call it is,
        where that began at another telephone. Empty for nobody of the office."""
        return "" if self.trunk else self._occupies or self.party.line

    def speak(self, codings: tuple[str, ...], *, ordered: bool) -> None:
        """Use these codings only. ordered: in that order, whatever the far end likes better."""
        agreed = self.session.agreed
        agreed.ours, agreed.ordered = codings, ordered

    # --- beginning -----------------------------------------------------------------------------

    @classmethod
    def incoming(
        cls,
        switch: Switch,
        event: sip.InviteArrived,
        party: Party,
        *,
        ours: tuple[str, ...] = OURS,
        ordered: bool = False,
    ) -> Leg:
        """The caller's side. Raises offer.BadSession or NoCommonCodec for what it offers."""
        flow = event.flow
        leg = cls(switch, party, phone=f"{flow.transport} {flow.host}:{flow.port}")
        leg.speak(ours, ordered=ordered)
        if event.sdp:
            leg.session.agreed.take(event.sdp)
        event.dialog.owner = leg._on_event
        leg._belongs(event.dialog)
        return leg

    async def open(self, *, beside: Leg | None = None) -> None:
        """Get a stream. Raises media.NoPorts or media.MediaGone."""
        if self.stream is not None:
            return
        near = beside.stream if beside else None
        stream = await self.switch.media.open(beside=near)
        if self.gone:
            stream.close()
            raise media.MediaGone("the leg ended meanwhile")
        stream.on_event = self._on_stream
        self.stream = stream

    def invite(
        self,
        uri: str,
        flow: sip.Flow,
        *,
        from_: str,
        to: str,
        codings: tuple[str, ...] = OURS,
        headers: sip.Headers = (),
        credentials: tuple[str, str] | None = None,
        route: tuple[str, ...] = (),
    ) -> None:
        """Call a phone, or a number by a trunk; the stream must be open."""
        said = self.session.offer(codings, flow=flow)
        dialog = self.switch.driver.agent.invite(
            uri, flow=flow, from_=from_, to=to, sdp=said, headers=headers,
            credentials=credentials, route=route, owner=self._on_event,
        )  # fmt: skip
        self._belongs(dialog)

    def _belongs(self, dialog: sip.Dialog) -> None:
        """This is the leg's dialog; its line has one call more."""
        self._dialog = dialog
        self.switch.legs[dialog] = self
        self.switch.occupied.begin(self._occupies)

    # --- what we tell the person ---------------------------------------------------------------

    def ringing(self, *, headers: sip.Headers = ()) -> None:
        """The other side rings: 180, or the ringing tone for someone already connected."""
        if self.gone:
            return
        if self.answered:
            self.play_on(media.Tone("ringback"))
        elif not self.early_sent:
            self.dialog.ring(180, headers=headers)

    def early(self, *, prefer: str = "", headers: sip.Headers = ()) -> None:
        """Open the ear before the answer (183 with our SDP); nothing to do once connected."""
        if self.gone or self.answered or self.early_sent or self.remote is None:
            return
        self.early_sent = True
        said = self.session.answer(prefer=prefer or self.coding)
        self.dialog.ring(183, sdp=said, headers=headers)
        self.session.aim()

    def answer(self, *, prefer: str = "", headers: sip.Headers = ()) -> None:
        """Take the caller's INVITE; `prefer` the coding that needs no transcoding."""
        if self.gone or self.answered:
            return
        self.answered = True
        if self.remote is None:  # their offer was left to us (RFC 3261 s.13.2.1)
            self.dialog.accept(self.session.offer(self.ours), headers=headers)
            return
        session = self.session
        said = session.agreed.said if self.early_sent else session.answer(prefer=prefer)
        self.dialog.accept(said, headers=headers)
        session.aim()

    async def fail(self, status: int, reason: str, *, headers: sip.Headers = ()) -> None:
        """Nobody takes the call: the status to a caller who waits, a tone to one connected."""
        if self.gone:
            return
        if not self.answered:
            self.end(status=status, reason=reason, headers=headers)
            return
        if self.stream is not None:
            tone = "busy" if status in (486, 600, 603, 480, 408) else "congestion"
            await self.stream.play([media.Tone(tone, BUSY_TONE)])
        self.end()

    def end(self, *, status: int = 480, reason: str = "", headers: sip.Headers = ()) -> None:
        """End the leg, whatever its state. Twice does no harm."""
        if not self.gone:
            self._finish("ended")
            if self._dialog is not None:
                self._dialog.end(headers=headers, status=status, reason=reason)

    def show(self, headers: sip.Headers) -> None:
        """Tell a phone in a call whom it talks to now: by UPDATE (RFC 3311, RFC 5876), where it
        takes one. A re-INVITE for a name alone would have its sound negotiated anew."""
        if headers and self.answered and not self.gone and self.dialog.takes_updates:
            self.dialog.update(headers=headers)

    def hang_up(self) -> None:
        """End the leg for a third party (the portal), and tell its keeper as if it had left."""
        if not self.gone:
            self.end()
            self.keeper.on_gone(self, "ended")

    def when_over(self, deed: Callable[[], None]) -> None:
        """Have `deed` done once the leg is over, whoever ends it."""
        self._over.add_done_callback(lambda _: deed())

    async def over(self) -> None:
        """Wait until the leg is over, whoever ended it."""
        await asyncio.shield(self._over)

    # --- sound ---------------------------------------------------------------------------------

    def play_on(self, *sounds: media.Sound) -> None:
        """Play without waiting, again and again."""
        if self.stream is None:
            return
        if self._sounding is not None:
            self._sounding.cancel()
        self._sounding = asyncio.ensure_future(self.stream.play(sounds, loop=True))
        self._sounding.add_done_callback(forget)

    def hush(self) -> None:
        """Stop what plays, and what was about to."""
        if self._sounding is not None:
            self._sounding.cancel()
            self._sounding = None
        if self.stream is not None:
            self.stream.stop_playing()

    # --- what the agent tells ------------------------------------------------------------------

    def _on_event(self, event: sip.Event) -> None:
        match event:
            case sip.Progressed():
                early = bool(event.sdp) and self.session.take(event.sdp)
                self.keeper.on_progress(self, event.response.status, early=early)
            case sip.Accepted():
                self._on_accepted(event)
            case sip.Refused():
                contact = event.response.get("Contact") if event.response else ""
                self.cause = q850(event.response) if event.response else 0
                self._finish("refused")
                self.keeper.on_refused(self, event.status, event.reason, contact)
            case sip.Acknowledged():
                if event.sdp and not self.session.take(event.sdp):
                    self._drop("no_codec")
                elif event.sdp:
                    self.session.hold_moved()
            case sip.Reinvited():
                self.session.asked_to_change(event.sdp)
            case sip.Reaccepted():
                if event.sdp and self.session.take(event.sdp):
                    self.session.hold_moved()
            case sip.Rerefused():
                self.session.stays_with_us()
            case sip.Asked():
                self._on_asked(event)
            case sip.Ended():
                bye = {sip.Ending.BYE: "hung_up", sip.Ending.CANCEL: "cancelled"}
                self._left(bye.get(event.why, "vanished"))
            case sip.Replied():
                self._checking = False

    def _on_accepted(self, event: sip.Accepted) -> None:
        self.allows = frozenset(event.response.get_all("Allow"))
        usable = self.session.take(event.sdp) if event.sdp else self.remote is not None
        if not usable:
            self.end()
            self.keeper.on_refused(self, 488, "Not Acceptable Here", "")
            return
        self.answered = True
        self.keeper.on_answer(self)

    def _on_asked(self, event: sip.Asked) -> None:
        method = event.request.method
        if method == "REFER" and self.trunk:
            # A stranger would have the office dial, and pay for, whatever he names.
            event.exchange.reply(603, "Decline")
        elif method == "REFER":
            self.keeper.on_refer(self, event.exchange)
        elif method == "INFO":
            digit = digit_in_info(event.request)
            event.exchange.reply(200)
            if digit:
                self.keeper.on_digit(self, digit, in_band=False)
        elif method in ("NOTIFY", "OPTIONS"):
            event.exchange.reply(200)
        else:
            event.exchange.reply(501, "Not Implemented")

    # --- what the stream tells -----------------------------------------------------------------

    def _on_stream(self, event: media.StreamEvent) -> None:
        match event:
            case media.DigitPressed():
                self.keeper.on_digit(self, event.digit, in_band=True)
            case media.StreamSilent():
                self._check_alive()
            case media.StreamLost():
                self._drop("media_lost")

    def _check_alive(self) -> None:
        """Silence may be a muted phone: ask it. Whoever does not even answer that is gone; we do
        not wait for the transaction's 32 s, the other side hears nothing all that time."""
        if self.answered and not self.gone and not self.held and not self._checking:
            self._checking = True
            self.dialog.request("OPTIONS")
            asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._unanswered)

    def _unanswered(self) -> None:
        if self._checking and not self.gone:
            self._drop("vanished")

    # --- ending --------------------------------------------------------------------------------

    def _drop(self, why: str) -> None:
        if self.gone:
            return
        status, text = REASONS[why]
        self._finish(why)
        if self._dialog is not None:
            self._dialog.end(headers=[because(status, text)], status=status, reason=text)
        self.keeper.on_gone(self, why)

    def _left(self, why: str) -> None:
        if not self.gone:
            self._finish(why)
            self.keeper.on_gone(self, why)

    def _finish(self, why: str) -> None:
        self.gone = why
        # The two hold each other: a weak table would never let go.
        if self._dialog is not None and self.switch.legs.pop(self._dialog, None) is not None:
            self.switch.occupied.end(self._occupies)
        if not self._over.done():
            self._over.set_result(None)
        if self.stream is not None:
            self.stream.close()


def forget(task: asyncio.Future[bool]) -> None:
    """Look at how a sound that nobody waits for ended."""
    if not task.cancelled():
        task.exception()  # MediaGone: the leg's own end tells the story
