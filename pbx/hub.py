"""Where every call begins: who calls (proved), what was dialled, and a conversation is under way.

Also the desk where SIP requests outside calls are handed to whoever answers them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from pbx.calls import pickup
from pbx.calls.asked import Asked
from pbx.calls.conversation import Conversation
from pbx.calls.identity import caller_of, dialled_by
from pbx.calls.leg import Leg
from pbx.calls.switch import CALLS, OURS, Switch, wished
from pbx.events import kinds
from pbx.events.kinds import Party
from pbx.media.engine import MediaGone, NoPorts
from pbx.numbers import SEPARATORS
from pbx.peers.blf import BusyLamps
from pbx.peers.phones import Phones
from pbx.peers.trunks import Trunks
from pbx.peers.waiting import Lamps
from pbx.routing.dialled import emergency
from pbx.routing.facts import CallFacts
from pbx.routing.office import Account, Office, TrunkFacts
from pbx.sip import agent as sip
from pbx.sip import offer
from pbx.sip import uri as uris
from pbx.sip.headers import Replaces
from pbx.sip.message import Request
from pbx.sip.subscription import DIALOG

log = logging.getLogger(__name__)
SETTINGS = sip.AgentSettings(
    allow=tuple(method for method in sip.AgentSettings().allow if method != "MESSAGE")
)
"Nobody here reads text messages: what is not understood is not offered."
RETRY = [("Retry-After", "5")]


class Hub:
    """All calls in progress. Everything here runs on the PBX's loop."""

    def __init__(self, switch: Switch, phones: Phones, lamps: Lamps, trunks: Trunks) -> None:
        self.switch = switch
        self.phones = phones
        self.trunks = trunks
        self.lamps = lamps
        self.calls = switch.calls
        switch.start = self._start
        self._office = Office()
        "As last seen, for lamps."
        self.busy_lamps = BusyLamps(lambda: switch.bus.board, lambda: self._office)
        switch.bus.listen(self.busy_lamps.on_fact)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self.asked = Asked(self.calls, lambda: asyncio.get_running_loop().time())
        "What the portal asked for lately."
        switch.driver.listener = self.on_event
        switch.bus.listen(self._on_fact)

    # --- from the wire -------------------------------------------------------------------------

    def on_event(self, event: sip.Event) -> None:
        """What the agent has no owner for."""
        if self._closing and isinstance(event, sip.InviteArrived):
            event.dialog.refuse(503, headers=RETRY)
        elif self._closing and isinstance(event, sip.RequestArrived):
            event.exchange.reply(503, headers=RETRY)
        elif isinstance(event, sip.InviteArrived):
            trunk = self._trunk_of(event)
            if trunk is not None:
                self._start(self._answering(self._from_outside(event, trunk), event.dialog.refuse))
                return
            if self.phones.challenged(event):  # half of all INVITEs: no need to look anything up
                return
            self._start(self._answering(self._new_call(event), event.dialog.refuse))
        elif isinstance(event, sip.RequestArrived):
            self._request(event)
        elif isinstance(event, sip.Replied | sip.Subscribed | sip.Unsubscribed):
            self.lamps.on_event(event)

    def _request(self, event: sip.RequestArrived) -> None:
        method = event.request.method
        if method == "REGISTER":
            self._start(self._answering(self.phones.register(event), event.exchange.reply))
        elif method == "SUBSCRIBE":
            self._start(self._answering(self._subscribe(event), event.exchange.reply))
        elif method == "OPTIONS":
            event.exchange.reply(200, headers=[("Accept", "application/sdp")])
        elif method in ("NOTIFY", "PUBLISH"):
            event.exchange.reply(481 if method == "NOTIFY" else 489)
        else:
            event.exchange.reply(405, headers=[("Allow", ", ".join(SETTINGS.allow))])

    async def _subscribe(self, event: sip.RequestArrived) -> None:
        office = self._office = await self.switch.office()
        account = await self.phones.prove_request(event, office)
        if account is None:
            return
        if event.request.get("Event").partition(";")[0].strip().lower() == DIALOG.name:
            self.busy_lamps.subscribe(event, account)
        else:
            await self.lamps.subscribe(event, account)

    async def _new_call(self, event: sip.InviteArrived) -> None:
        dialog = event.dialog
        office = self._office = await self.switch.office()
        if dialog.over:  # taken back meanwhile
            return
        dialled = _dialled(event.request)
        help_ = emergency(dialled, office.emergency_numbers, office.outside_prefix)
        if len(self.calls) >= CALLS and not help_:
            dialog.refuse(503, "Service Unavailable", headers=RETRY)
            return
        known = office
        if help_ and office.suspended:  # the phone of a line that is switched off, too
            known = replace(office, accounts={**office.suspended, **office.accounts})
        account = await self.phones.prove_invite(event, known)
        if account is None:
            return
        dialog.ring(100)
        caller = self._leg_of(event, _party(account, office), wished(account.codecs))
        if caller is None:
            return
        caller.direct_audio = account.direct_audio
        if event.request.has("Replaces") and not help_:  # nobody reaches help by another's call
            await self._replace(event, caller)
            return
        conversation = Conversation(
            self.switch,
            caller,
            self._facts(dialled, caller.party),
            on_over=self._over,
            spawn=self.follow,
            payer=account.extension,
            office=office,
        )
        log.info("%s call from %s", conversation.id, caller.phone)
        self.calls[conversation.id] = conversation
        await conversation.run()

    def _trunk_of(self, event: sip.InviteArrived) -> TrunkFacts | None:
        """The trunk that a call comes by. Whoever gives credentials of ours is a phone, and so is
        whoever signed in as one from that very address."""
        if event.request.has("Authorization"):
            return None
        trunk = self.trunks.sender(event.flow, event.request)
        return None if trunk is None or self.phones.at(event.flow) else trunk

    async def _from_outside(self, event: sip.InviteArrived, trunk: TrunkFacts) -> None:
        """A call by a trunk: for numbers of the office, and nothing else (see CallFacts)."""
        dialog, request = event.dialog, event.request
        if len(self.calls) >= CALLS:
            dialog.refuse(503, "Service Unavailable", headers=RETRY)
            return
        if request.has("Replaces"):  # calls of the office are not a stranger's to take
            dialog.refuse(403, "Forbidden")
            return
        office = self._office = await self.switch.office()
        if dialog.over:
            return
        dialog.ring(100)
        seen = caller_of(request, trunk)
        party = Party(seen.number, seen.name)
        caller = self._leg_of(event, party, wished(trunk.codecs))
        if caller is None:
            return
        caller.trunk = trunk.id
        caller.phone = f"{trunk.name} ({event.flow.host})"
        self.switch.carriers.seize(caller, trunk.id)

        def ours(number: str) -> bool:
            return number in office.numbers or number in office.direct_numbers

        facts = replace(
            self._facts(dialled_by(request, trunk, ours), party),
            from_trunk=trunk.id,
            withheld=seen.withheld,
        )
        conversation = Conversation(
            self.switch, caller, facts, on_over=self._over, spawn=self.follow, office=office
        )
        log.info("%s call by trunk %s", conversation.id, trunk.name)
        self.calls[conversation.id] = conversation
        await conversation.run()

    def _leg_of(
        self, event: sip.InviteArrived, party: Party, codings: tuple[str, ...]
    ) -> Leg | None:
        """The caller's side; None when its offer was refused here. codings: those that were set
        for it, in that order; none: ours, in the caller's."""
        dialog, ours = event.dialog, codings or OURS
        try:
            return Leg.incoming(self.switch, event, party, ours=ours, ordered=bool(codings))
        except offer.NoCommonCodec:
            warning = _no_codec(event.flow, ours)
            dialog.refuse(488, "Not Acceptable Here", headers=[("Warning", warning)])
        except offer.BadSession as wrong:
            dialog.refuse(400, f"Bad Session Description: {wrong}"[:80])
        return None

    async def _replace(self, event: sip.InviteArrived, caller: Leg) -> None:
        """INVITE with Replaces (RFC 3891 s.3): the other side of a call of one's own line."""
        try:
            asked = Replaces.parse(event.request.get("Replaces"))
        except ValueError:
            caller.end(status=400, reason="Bad Replaces")
            return
        lamp = pickup.of_lamp(self.switch, asked.call_id, asked.to_tag)
        if lamp is not None:
            await self._answer_for(caller, lamp, asked.to_tag)
            return
        dialog = self.switch.driver.agent.find(asked.call_id, asked.to_tag, asked.from_tag)
        old = self.switch.legs.get(dialog) if dialog is not None else None
        if old is not None and (rings := pickup.ringing_leg(self.switch, old)) is not None:
            await self._answer_for(caller, rings, old.party.line)
            return
        if old is None or old.gone or old.conversation is None:
            caller.end(status=481)
            return
        if old.party.line != caller.party.line:
            caller.end(status=403)
            return
        if asked.early_only or not old.answered:
            caller.end(status=486)
            return
        try:
            await caller.open(beside=old)
        except (NoPorts, MediaGone) as error:
            log.warning("no sound for who takes a call over: %s", error)
            caller.end(status=503, headers=RETRY)
            return
        if not old.conversation.talking.take_over(old, caller):
            caller.end(status=481)

    async def _answer_for(self, caller: Leg, ringing: Conversation, line: str) -> None:
        """A lamp's key: answer what rings at a colleague's phone (RFC 3891 s.3, early dialogs)."""
        office = await self.switch.office()
        if not pickup.allowed(caller.party.line, line, ringing, office):
            caller.end(status=486 if caller.party.line == line else 403)
            return
        try:
            await caller.open(beside=ringing.caller)
        except (NoPorts, MediaGone) as error:
            log.warning("no sound for who answers for %s: %s", line, error)
            caller.end(status=503, headers=RETRY)
            return
        if ringing.caller is not None:
            await self.switch.names.introduce(office, caller, ringing.caller)
        if not caller.gone and not ringing.pick_up(caller, instead_of=line):
            caller.end(status=486)

    # --- from the portal -----------------------------------------------------------------------

    async def place(self, line: str, number: str, *, key: str = "", origin: str = "") -> str:
        """`dial` for whoever asks from a page or with a script: no faster than a person wants
        calls, but for help. Raises TooFast."""
        office = self._office = await self.switch.office()
        dialled = SEPARATORS.sub("", number)
        help_ = emergency(dialled, office.emergency_numbers, office.outside_prefix)
        if not help_ and not self.asked.known(line, number, key):
            self.asked.count(line)
        return self.dial(line, number, key=key, origin=origin)

    def dial(self, line: str, number: str, *, key: str = "", origin: str = "") -> str:
        """Ring the line's phones, or the origin, then the number; answers the call's id
        (behaviour 13)."""
        if known := self.asked.known(line, number, key):
            self.asked.keep(line, key, known, number)
            return known
        party = Party(line, "", line)
        conversation = Conversation(
            self.switch,
            None,
            # Dialled as by the phone: whoever is called is asked all that he has set.
            self._facts(number, party),
            on_over=self._over,
            spawn=self.follow,
            caller_party=party,
            from_web=True,
            payer=line,
            origin=origin,
        )
        self.follow(conversation)
        self.asked.keep(line, key, conversation.id, number)
        if self._closing:
            conversation.hang_up("office")
        return conversation.id

    def hang_up(self, call: str, *, line: str = "", by: str = "portal") -> bool:
        """End a call; with `line`, only one in which that extension is a side. For a line that it
        rings for, that is a decline: the mailbox may still take the call."""
        conversation = self.calls.get(call)
        if conversation is None:
            return False
        story = conversation.story
        sides = {story.caller.line, story.callee.line}
        for leg in (conversation.caller, conversation.callee):
            if leg is not None:
                sides.add(leg.party.line)
        if conversation.ringing is not None:
            sides |= conversation.ringing.lines()
        if line and line not in sides:
            return False
        if line and line != story.caller.line and conversation.decline(line):
            return True
        conversation.hang_up(by)
        return True

    # --- housekeeping --------------------------------------------------------------------------

    def follow(self, conversation: Conversation) -> None:
        """Let a conversation run."""
        self.calls[conversation.id] = conversation
        self._start(conversation.run())

    async def stop(self) -> None:
        """End every call, and wait for their stories; nothing new begins."""
        self._closing = True
        self.busy_lamps.stop()
        for conversation in tuple(self.calls.values()):
            conversation.hang_up("office")
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=3.0)
        for task in tuple(self._tasks):
            task.cancel()

    def _on_fact(self, fact: kinds.Event) -> None:
        if isinstance(fact, kinds.VoicemailLeft) and fact.call in self.calls:
            self.calls[fact.call].story.message_left = True

    def _facts(self, dialled: str, party: Party) -> CallFacts:
        facts = CallFacts(
            dialled=dialled,
            at=self.switch.now(),
            from_line=party.line,
            caller_number=party.number,
            caller_name=party.name,
            holds=any(
                leg.held and not leg.gone and leg.party.line == party.line
                for leg in self.switch.held
            ),
        )
        return self.switch.as_it_is_now(facts)

    async def _answering(
        self, deed: Coroutine[Any, Any, None], refuse: Callable[[int], None]
    ) -> None:
        """Whatever goes wrong on our side, nobody waits in vain for an answer."""
        try:
            await deed
        except Exception:
            log.exception("a request failed")
            refuse(500)

    def _over(self, conversation: Conversation) -> None:
        self.calls.pop(conversation.id, None)

    def _start(self, deed: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(deed)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a request failed", exc_info=task.exception())


def _party(account: Account, office: Office) -> Party:
    person = office.lines.get(account.extension)
    return Party(account.extension, person.name if person else "", account.extension)


def _dialled(request: Request) -> str:
    """The number in the request URI; a tel URI's digits; '' for none."""
    try:
        return uris.parse(request.uri).user
    except ValueError:
        return ""


def _no_codec(flow: sip.Flow, codings: tuple[str, ...]) -> str:
    host = f"[{flow.local[0]}]" if ":" in flow.local[0] else flow.local[0]
    return f'305 {host}:{flow.local[1]} "Incompatible media format: {", ".join(codings)}"'
