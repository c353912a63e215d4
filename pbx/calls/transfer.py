"""Transfers as phones ask for them: REFER, blind or with Replaces (RFC 3515, 3891, 5589).

We are both ends' other side, so a transfer is ours to carry out: the REFER is never passed on.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pbx.calls import park
from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.events.kinds import End
from pbx.routing.facts import Arrival
from pbx.sip import agent as sip
from pbx.sip import uri as uris
from pbx.sip.headers import NameAddr
from pbx.sip.message import phrase

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a Refer-To points."""

    number: str
    replaces: tuple[str, str, str] | None = None
    "Call-ID, our tag, their tag of the dialog to take over."


def destination(refer_to: str) -> Destination:
    """Read a Refer-To. Raises ValueError for what cannot be dialled."""
    uri = NameAddr.parse(refer_to).parsed()
    number = uri.user
    text = uri.header("Replaces")
    if not text:
        if not number:
            raise ValueError("Refer-To names nobody")
        return Destination(number)
    call_id, *params = (part.strip() for part in unquote(text).split(";"))
    tags = dict(param.partition("=")[::2] for param in params)
    return Destination(number, (call_id, tags.get("to-tag", ""), tags.get("from-tag", "")))


def redirected_to(contact: str) -> str:
    """The number that a 3xx answer's Contact points to, or ""."""
    try:
        return uris.parse(NameAddr.parse(contact).uri).user
    except ValueError:
        return ""


class Reporter(Keeper):
    """The transferor while its transfer is under way: told how it goes (RFC 3515 s.2.4.5)."""

    def __init__(self, leg: Leg, *, wanted: bool) -> None:
        self.leg = leg
        self.wanted = wanted
        "False when it asked for no reports (RFC 4488)."
        leg.keeper = self

    def report(self, status: int) -> None:
        """Send a message/sipfrag NOTIFY; a final status ends the subscription."""
        if not self.wanted or self.leg.gone:
            return
        state = "active;expires=180" if status < 200 else "terminated;reason=noresource"
        self.leg.dialog.request(
            "NOTIFY",
            headers=[("Event", "refer"), ("Subscription-State", state)],
            body=f"SIP/2.0 {status} {phrase(status)}\r\n".encode(),
            content_type="message/sipfrag;version=2.0",
        )


class Transfer:
    """One transfer: `by` asks that `moving` be moved."""

    def __init__(self, conversation: Conversation, by: Leg, moving: Leg) -> None:
        self.conversation = conversation
        self.by = by
        self.moving = moving
        self.onward: Conversation | None = None
        "The call that the moved one has begun."

    async def carry_out(self, exchange: sip.Exchange) -> tuple[Leg, Leg] | None:
        """Do what the REFER asks. Answers the two legs that talk from now on in this conversation,
        or None when it is over here."""
        try:
            where = destination(exchange.request.get("Refer-To"))
        except ValueError as error:
            exchange.reply(400, f"Bad Refer-To: {error}"[:60])
            return self._as_before()
        wanted = exchange.request.get("Refer-Sub").strip().lower() != "false"
        if where.replaces is None:
            exchange.reply(202, headers=[] if wanted else [("Refer-Sub", "false")])
            return await self._blind(where.number, Reporter(self.by, wanted=wanted))
        return await self._attended(where, exchange, wanted=wanted)

    async def hand_on(
        self,
        leg: Leg,
        number: str,
        *,
        arrival: Arrival = Arrival.DIRECT,
        last: bool = False,
        payer: str = "",
        seconds: int = 0,
    ) -> int:
        """Dial `number` for a connected leg, as a call of its own. 200 once it is taken; else the
        leg is back, untouched, unless `last`.

        payer: the extension whose rights count, when it is not who transfers. seconds: how long
        somebody may take; no mailbox does then.
        """
        from pbx.calls.conversation import Conversation  # the two need each other

        here = self.conversation
        facts = replace(
            here.switch.as_it_is_now(here.facts),
            dialled=number,
            from_line=leg.party.line,
            caller_number=leg.party.number,
            caller_name=leg.party.name,
            arrival=arrival,
            # A call of its own: what became of it before does not count, who sends it on does.
            diverted_by=(),
            causes=(),
            hides=None,
            on_behalf=payer or ("" if self.by is leg else self.by.party.line),
            from_trunk=leg.stranger,
            withheld=bool(leg.stranger) and not leg.party.number and here.facts.withheld,
        )
        onward = Conversation(
            here.switch,
            leg,
            facts,
            on_over=here.on_over,
            spawn=here.spawn,
            return_caller=not last,
            seconds=seconds,
        )
        self.onward = onward
        here.spawn(onward)
        status = await asyncio.shield(onward.taken)
        if status == 200 or last:
            here.keep_alive(leg)
        else:
            leg.conversation = here
        return status

    # --- blind ---------------------------------------------------------------------------------

    async def _blind(self, number: str, reporter: Reporter) -> tuple[Leg, Leg] | None:
        here = self.conversation
        reporter.report(100)
        if self.moving.stream is not None:
            here.switch.media.disconnect(self.moving.stream)
        log.info("%s transfer by %s", here.id, self.by.party.line or self.by.phone)
        status = await self.hand_on(self.moving, number)
        if self.onward is not None:
            await park.tell_sender(here, self.onward, self.by)
        reporter.report(status)
        if status == 200:
            await self._over(End.TRANSFERRED)
            return None
        if self.moving.gone:
            self.by.end()
            lost = self.moving.gone in ("media_lost", "vanished")
            await self._over(End(self.moving.gone) if lost else End.COMPLETED)
            return None
        if not self.by.gone:
            return self._as_before()
        if self.by.party.line:  # who transferred has left: the call comes back to that line
            await self.hand_on(self.moving, self.by.party.line, arrival=Arrival.RECALL, last=True)
        else:
            await self.moving.fail(status, "")
        await self._over(End.TRANSFERRED)
        return None

    def _no_such_call(self, exchange: sip.Exchange, *, wanted: bool) -> tuple[Leg, Leg]:
        """The call to be replaced is not there. A 481 to the REFER itself would end the
        transferor's good call (RFC 5057 s.5.1), so it is told in a report."""
        if wanted:
            exchange.reply(202)
            Reporter(self.by, wanted=True).report(481)
        else:
            exchange.reply(603, "Decline")
        return self._as_before()

    def _as_before(self) -> tuple[Leg, Leg]:
        caller, callee = self.conversation.caller, self.conversation.callee
        assert caller is not None and callee is not None
        return caller, callee

    async def _over(self, end: End) -> None:
        """The transferor hangs up by itself (RFC 5589 s.6.1); we do not wait for ever."""
        here = self.conversation
        here.story.end = end
        here.story.ended_by = here.story.ended_by or here.talking.side(self.by)
        try:
            async with asyncio.timeout(here.switch.transferor_grace):
                await self.by.over()
        except TimeoutError:
            self.by.end()

    # --- attended ------------------------------------------------------------------------------

    async def _attended(
        self, where: Destination, exchange: sip.Exchange, *, wanted: bool
    ) -> tuple[Leg, Leg] | None:
        here = self.conversation
        assert where.replaces is not None
        dialog = here.switch.driver.agent.find(*where.replaces)
        second = here.switch.legs.get(dialog) if dialog is not None else None
        other = second.conversation if second is not None else None
        if second is None or second.gone or other is None or other is here:
            return self._no_such_call(exchange, wanted=wanted)
        if second.party.line != self.by.party.line:  # only one's own other call
            exchange.reply(403, "Forbidden")
            return self._as_before()
        if other.talking.is_parting(second):
            return self._no_such_call(exchange, wanted=wanted)
        exchange.reply(202, headers=[] if wanted else [("Refer-Sub", "false")])
        reporter = Reporter(self.by, wanted=wanted)
        reporter.report(100)
        target = other.talking.give_up_other(second)
        if target is None:  # still ringing, or an application: its number is dialled anew
            number = other.facts.dialled
            second.hang_up()
            return await self._blind(number, reporter)
        reporter.report(200)
        # The target takes the transferor's side, so the record's caller stays what he was.
        pair = (target, self.moving) if here.caller is self.by else (self.moving, target)
        here.talking.moved(*pair)
        here.talking.adopt_end(self.by)
        return pair
