"""Any day at the office: whatever four phones do, in whatever order and however close together, all
comes to rest, and every call has one record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbx.events.kinds import End
from pbx.sip import agent as sip
from pbx.sip.agent import DialogState
from tests.flow.loop import run
from tests.flow.office import FlowOffice
from tests.flow.phone import OFFICE, Phone
from tests.flow.sound import FlowStream

LINES = ("201", "202", "202", "203")
NUMBERS = ("201", "202", "203", "202", "203", "201", "203", "204", "299", "*600", "*86")


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does."""

    what: str
    who: int = 0
    "Which phone."
    which: int = 0
    "Which of its calls, numbers, statuses."
    pause: float = -1.0
    "Seconds after it; 0 lets everything happen that follows at once, -1 not even that."


class Day:
    """Carries out deeds."""

    def __init__(self, office: FlowOffice) -> None:
        self.office = office
        self.phones: list[Phone] = []
        self.away: set[Phone] = set()
        self.asked: list[str] = []

    async def begins(self) -> None:
        """Four phones on three lines."""
        for line in LINES:
            self.phones.append(await self.office.phone(line))

    async def happens(self, deed: Deed) -> None:
        """One deed, and what time passes after it."""
        phone = self.phones[deed.who]
        getattr(self, deed.what)(phone, deed.which)
        for each in self.phones:
            each.pump()
        if deed.pause < 0:
            await self.office.clock.turns(deed.which % 5)
        else:
            await self.office.clock.forward(deed.pause)

    async def ends(self) -> None:
        """Everybody goes home; who vanished is found out, by silence or by the session timer."""
        await self.office.clock.forward(10)  # longer than any glare and any grace
        self.hears_what_is_due()
        for phone in self.phones:
            for dialog in phone.dialogs:
                dialog.end()
        await self.office.clock.forward(100)
        for stream in tuple(self.office.media.open_streams):
            stream.fall_silent()
        await self.office.clock.forward(4000)
        await self.office.at_rest()
        for story in self.office.stories:
            assert isinstance(story.end, End) and story.ended_by and story.ended_at
            assert all(tried.status for tried in story.tried), story.tried
            assert bool(story.answered_at) == bool(story.answered_by)
            assert story.status, story

    def hears_what_is_due(self) -> None:
        """Two who talk hear each other, or music, and the board says so."""
        for call, talk in self.office.hub.calls.items():
            bridge = talk.talking.bridge
            if bridge is None or not bridge.joins(bridge.legs[0]):
                continue
            held = {leg.party.line for leg in bridge.legs if leg.held}
            shown = self.office.bus.board.calls[call]
            assert shown.state == ("held" if held else "talking")
            assert {shown.caller.line, shown.callee.line} == {leg.party.line for leg in bridge.legs}
            for leg in bridge.legs:
                other, stream = bridge.other(leg), leg.stream
                assert isinstance(stream, FlowStream) and stream.peer is other.stream
                music = other.held and not leg.held
                assert stream.playing == (["music"] if music else []), stream.playing
                assert leg.direct == other.direct and not (leg.direct and held)

    # --- what people do ------------------------------------------------------------------------

    def dial(self, phone: Phone, which: int) -> None:
        """Call somebody, early or late with the offer."""
        number = NUMBERS[which % len(NUMBERS)]
        self._invite(phone, number, [], phone.says() if which % 3 else b"")

    def take_over(self, phone: Phone, which: int) -> None:
        """Take another phone's call."""
        calls = [(p, d) for p in self.phones for d in p.dialogs if p is not phone]
        calls = [each for each in calls if each[0].line == phone.line] or calls
        if calls:
            _, call = calls[which % len(calls)]
            value = f"{call.call_id};to-tag={call.remote_tag};from-tag={call.local_tag}"
            self._invite(phone, "x", [("Replaces", value)], phone.says())

    def _invite(self, phone: Phone, number: str, headers: sip.Headers, sdp: bytes) -> None:
        dialog = phone.agent.invite(
            f"sip:{number}@{OFFICE[0]}",
            flow=phone.flow,
            from_=f"<sip:{phone.line}@{OFFICE[0]}>",
            to=f"<sip:{number}@{OFFICE[0]}>",
            sdp=sdp,
            headers=headers,
            credentials=(phone.line, phone.password),
            owner=phone._on_event,
        )
        phone.dialogs.append(dialog)

    def answer(self, phone: Phone, which: int) -> None:
        """Pick up."""
        if (found := self._ringing(which)) is not None:
            phone, call = found
            call.accept(phone._answer(call))

    def early(self, phone: Phone, which: int) -> None:
        """Say something before picking up."""
        if (found := self._ringing(which)) is not None:
            phone, call = found
            call.ring(183, sdp=phone._answer(call))

    def refuse(self, phone: Phone, which: int) -> None:
        """Decline, or forward."""
        if (found := self._ringing(which)) is not None:
            phone, call = found
            status = (486, 603, 480, 302, 500)[which % 5]
            number = NUMBERS[which % len(NUMBERS)]
            call.refuse(status, headers=[("Contact", f"<sip:{number}@{OFFICE[0]}>")])

    def hold(self, phone: Phone, which: int) -> None:
        """Hold, or come back."""
        if (found := self._talking(which)) is not None:
            phone, call = found
            direction = ("sendonly", "sendrecv", "inactive", "sendrecv")[which % 4]
            phone._versions += 1
            sdp = phone.says(direction, version=phone._versions)
            (call.update if which % 5 == 0 else call.reinvite)(sdp)

    def transfer(self, phone: Phone, which: int) -> None:
        """To somebody, blind."""
        if (found := self._talking(which)) is not None:
            phone, call = found
            number = NUMBERS[which % len(NUMBERS)]
            call.request("REFER", headers=[("Refer-To", f"<sip:{number}@{OFFICE[0]}>")])

    def join(self, phone: Phone, which: int) -> None:
        """Two of its calls."""
        if (found := self._talking(which)) is not None:
            phone, first = found
            calls = [call for call in phone.dialogs if not call.over and call is not first]
            second = calls[which % len(calls)] if calls else first
            value = f"{second.call_id}%3Bto-tag%3D{second.remote_tag}"
            value += f"%3Bfrom-tag%3D{second.local_tag}"
            to = f"<sip:x@{OFFICE[0]}?Replaces={value}>"
            first.request("REFER", headers=[("Refer-To", to)])

    def hang_up(self, phone: Phone, which: int) -> None:
        """One of its calls."""
        if phone.dialogs:
            phone.dialogs[which % len(phone.dialogs)].end()

    def press(self, phone: Phone, which: int) -> None:
        """A key, by event or by INFO."""
        for stream in tuple(self.office.media.open_streams):
            if stream.far is not None and stream.far.host == phone.host and not which % 2:
                stream.press("1*#05"[which % 5])
        if which % 2 and (found := self._talking(which)) is not None:
            _, call = found
            body = f"Signal={'1*#05'[which % 5]}\r\n".encode()
            call.request("INFO", body=body, content_type="application/dtmf-relay")

    def vanish(self, phone: Phone, which: int) -> None:
        """Its plug is pulled, or put back."""
        if phone in self.away:
            self.away.discard(phone)
            self.office.wire.join(phone)
        else:
            self.away.add(phone)
            self.office.wire.leave(phone)

    def silence(self, phone: Phone, which: int) -> None:
        """No sound comes for long."""
        for stream in tuple(self.office.media.open_streams):
            if stream.far is not None and stream.far.host == phone.host:
                stream.fall_silent()

    def lose_worker(self, phone: Phone, which: int) -> None:
        """The media worker dies."""
        if which % 4 == 0:
            self.office.media.lose_worker()

    def click(self, phone: Phone, which: int) -> None:
        """Ask the portal for a call."""
        number = NUMBERS[which % len(NUMBERS)]
        self.asked.append(self.office.hub.dial(phone.line, number))

    def click_away(self, phone: Phone, which: int) -> None:
        """Have the portal hang up."""
        if calls := list(self.office.hub.calls):
            self.office.hub.hang_up(calls[which % len(calls)])

    def lose(self, phone: Phone, which: int) -> None:
        """The network loses some datagrams, or none any more."""
        count = 0

        def loses(flow: sip.Flow, data: bytes) -> bool:
            nonlocal count
            count += 1
            return which > 10 and count % (2 + which % 4) == 0

        self.office.wire.loses = loses

    def slow(self, phone: Phone, which: int) -> None:
        """Sound or settings take their time, or do not any more."""
        self.office.media.seconds = (0.0, 0.3)[which % 2]
        self.office.snapshot.seconds = (0.0, 0.0, 0.2)[which % 3]

    def _ringing(self, which: int) -> tuple[Phone, sip.Dialog] | None:
        """Some phone that rings."""
        rings = [
            (phone, call)
            for phone in self.phones
            for call in phone.dialogs
            if not call.outgoing and call.state is DialogState.EARLY and call in phone.offers
        ]
        return rings[which % len(rings)] if rings else None

    def _talking(self, which: int) -> tuple[Phone, sip.Dialog] | None:
        """Some phone that is in a call."""
        talks = [
            (phone, call)
            for phone in self.phones
            for call in phone.dialogs
            if call.state is DialogState.CONFIRMED
        ]
        return talks[which % len(talks)] if talks else None


WHAT = (
    "dial", "dial", "dial", "answer", "answer", "answer", "answer", "early", "refuse", "hold",
    "hold", "transfer", "transfer", "join", "join", "take_over", "hang_up", "hang_up", "press",
    "vanish", "silence", "lose_worker", "lose", "click", "click_away", "slow",
)  # fmt: skip

deeds = st.builds(
    Deed,
    what=st.sampled_from(WHAT),
    who=st.integers(0, len(LINES) - 1),
    which=st.integers(0, 39),
    pause=st.sampled_from((-1.0, -1.0, 0.0, 0.0, 0.0, 0.4, 6.0, 31.0)),
)


def told(day: Callable[[Day], Awaitable[None]], *, mailbox: bool = True) -> None:
    """One day from its beginning to its end."""

    async def whole() -> None:
        office = FlowOffice(mailbox=mailbox)
        today = Day(office)
        await today.begins()
        await day(today)
        await today.ends()

    run(whole())


TALKING = (Deed("dial", 0, 1, 0.0), Deed("answer", 0, 0, 0.0))
CONSULTING = (*TALKING, Deed("hold", 0, 8, 0.0), Deed("dial", 0, 4, 0.0), Deed("answer", 0, 0, 0.0))


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,  # the same days on every machine; looking for new ones is another run
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.sampled_from(((), TALKING, CONSULTING)),
    st.lists(deeds, max_size=30),
    st.booleans(),
    st.booleans(),
)
def test_whatever_happens_the_office_comes_to_rest(
    first: tuple[Deed, ...], then: list[Deed], mailbox: bool, direct: bool
) -> None:
    async def day(today: Day) -> None:
        if direct:
            today.office.allow_direct_audio()
        for deed in (*first, *then):
            await today.happens(deed)

    told(day, mailbox=mailbox)
