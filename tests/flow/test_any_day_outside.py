"""Any day with the outside in it: phones and two providers do whatever they do, in whatever order,
one of them dies in the middle, and all comes to rest; no trunk counts a call that is over."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbx.sip import agent as sip
from tests.flow.loop import run
from tests.flow.office import FlowOffice
from tests.flow.phone import OFFICE, Phone
from tests.flow.provider import Provider
from tests.flow.test_any_day import WHAT, Day, Deed
from tests.flow.test_calls_out import give_number, signed_in

OUTSIDE = ("00612345678", "03331234567", "112", "202", "203", "+390255501203")
ORIGINS = ("", "03331234567", "201", "202", "+390255501203")
CALLERS = ("+393331234567", "anonymous", "3331234567")


class OutsideDay(Day):
    """Two phones, and two providers of which one is known by its address."""

    async def begins(self) -> None:
        office = self.office
        for line in ("201", "202"):
            self.phones.append(await office.phone(line))
        give_number(office, "202", "+390255501202")
        give_number(office, "203", "+390255501203")
        one = Provider(office, "192.0.2.10", "sip.one.example")
        two = Provider(office, "192.0.2.20")
        two.wants_proof = False
        self.phones += [one, two]
        settings = two.by_address(2, position=1, capacity=2, diversion="both")
        await signed_in(office, one.trunk(1), settings)

    async def ends(self) -> None:
        await super().ends()
        assert self.office.trunks.calls(1) == self.office.trunks.calls(2) == 0

    def dial(self, phone: Phone, which: int) -> None:
        """Out, or in."""
        self._invite(phone, OUTSIDE[which % len(OUTSIDE)], [], phone.says() if which % 3 else b"")

    def _invite(self, phone: Phone, number: str, headers: sip.Headers, sdp: bytes) -> None:
        if not isinstance(phone, Provider):
            super()._invite(phone, number, headers, sdp)
            return
        dialog = phone.agent.invite(
            f"sip:{'+390255501202' if len(number) != 13 else number}@{OFFICE[0]}",
            flow=phone.flow,
            from_=f"<sip:{CALLERS[len(phone.dialogs) % 3]}@{phone.host}>",
            to=f"<sip:{number}@{OFFICE[0]}>",
            sdp=sdp,
            headers=headers,
            owner=phone._on_event,
        )
        phone.dialogs.append(dialog)

    def refuse(self, phone: Phone, which: int) -> None:
        """Decline, fail, or forward outside."""
        if (found := self._ringing(which)) is not None:
            phone, call = found
            status = (486, 503, 404, 302, 500, 480)[which % 6]
            number = OUTSIDE[which % len(OUTSIDE)]
            call.refuse(status, headers=[("Contact", f"<sip:{number}@{OFFICE[0]}>")])

    def transfer(self, phone: Phone, which: int) -> None:
        """To somebody, blind: strangers try it too."""
        if (found := self._talking(which)) is not None:
            phone, call = found
            number = OUTSIDE[which % len(OUTSIDE)]
            call.request("REFER", headers=[("Refer-To", f"<sip:{number}@{OFFICE[0]}>")])

    def sulk(self, phone: Phone, which: int) -> None:
        """A provider says nothing, or speaks again."""
        provider = self.phones[2 + which % 2]
        assert isinstance(provider, Provider)
        provider.silent = which % 4 > 1

    def settle_settings(self, phone: Phone, which: int) -> None:
        """An administrator changes, switches off, or takes away a trunk."""
        one, two = self.phones[2:]
        assert isinstance(one, Provider) and isinstance(two, Provider)
        trunks = [
            one.trunk(1, enabled=bool(which % 3), capacity=which % 4),
            two.by_address(2, position=1, diversion=("none", "history")[which % 2]),
        ]
        self.office.set_trunks(*trunks[: 1 + which % 2])

    def click(self, phone: Phone, which: int) -> None:
        """Ask the portal for a call outside, now and then from another telephone."""
        line = "201" if isinstance(phone, Provider) else phone.line
        number, origin = OUTSIDE[which % len(OUTSIDE)], ORIGINS[which % len(ORIGINS)]
        self.asked.append(self.office.hub.dial(line, number, origin=origin))


deeds = st.builds(
    Deed,
    what=st.sampled_from((*WHAT, "sulk", "settle_settings")),
    who=st.integers(0, 3),
    which=st.integers(0, 39),
    pause=st.sampled_from((-1.0, 0.0, 0.0, 0.4, 4.5, 12.0, 31.0)),
)
CALLING_OUT = (Deed("dial", 0, 1, 0.0), Deed("answer", 0, 0, 0.0))
CALLED = (Deed("dial", 3, 1, 0.0), Deed("answer", 0, 0, 0.0))


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.sampled_from(((), CALLING_OUT, CALLED)), st.lists(deeds, max_size=30))
def test_whatever_happens_outside_the_office_comes_to_rest(
    first: tuple[Deed, ...], then: list[Deed]
) -> None:
    async def whole() -> None:
        office = FlowOffice()
        today = OutsideDay(office)
        await today.begins()
        for deed in (*first, *then):
            await today.happens(deed)
        for provider in today.phones[2:]:
            assert isinstance(provider, Provider)
            provider.silent = False
        await today.ends()

    run(whole())
