"""Limits against toll fraud: what is held back, what is ended, what always passes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from pbx.calls.toll import Meter
from pbx.events.kinds import End
from pbx.routing.limits import NAME, Hit, Spent
from pbx.routing.office import Hours
from pbx.routing.plan import Outside
from tests.flow.office import FlowOffice, story
from tests.flow.phone import OFFICE
from tests.flow.provider import Provider
from tests.flow.test_calls_out import DIALLED, give_number, reasons, with_provider

PARIS = "00033145678901"
DEAR = "+33145678901"


def limit(office: FlowOffice, **values: object) -> None:
    """The whole office's limits."""
    options = {**office.snapshot.last.options, NAME: values}
    office.snapshot.last = replace(office.snapshot.last, options=options)


def allow(office: FlowOffice, line: str, *more: str) -> None:
    """A line's rights."""
    rights = frozenset({"internal", "national", "mobile", "international", *more})
    office.sets(line, rights=rights)


def forward(office: FlowOffice, line: str, number: str) -> None:
    """All calls of a line go on."""
    office.sets(line, options={"forward_all": {"enabled": True, "number": number}})


@story
async def test_one_call_more_than_a_line_may_have_hears_why(office: FlowOffice) -> None:
    await with_provider(office)
    limit(office, calls=1)
    anna, second = await office.phone("201"), await office.phone("201")
    await anna.dials(DIALLED)
    await second.dials(DIALLED)
    await office.clock.forward(15)
    assert second.statuses[-1] == 480
    heard = [name for stream in office.media.by_port.values() for name in stream.heard]
    assert any("announce.limit_reached" in name for name in heard)
    assert "l'interno 201 ha raggiunto il limite di 1 chiamate esterne insieme" in reasons(office)
    assert "has reached the limit of 1 outside calls at once" in office.story.because[-1].en
    assert office.limits_met == [Hit("calls", 1, "201", "201", "+390612345678")]
    await anna.hangs_up()
    await second.dials(DIALLED)
    assert office.trunks.calls(1) == 1, "the place is free again"
    await second.hangs_up()


@story
async def test_a_colleague_has_limits_of_his_own_and_the_office_one_for_all(
    office: FlowOffice,
) -> None:
    await with_provider(office)
    limit(office, calls=1, office_calls=2)
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials(DIALLED)
    await bruno.dials(DIALLED)
    await carla.dials(DIALLED)
    await office.clock.forward(15)
    assert carla.statuses[-1] == 480 and office.limits_met[-1].line == ""
    assert "l'ufficio ha raggiunto il limite" in reasons(office)
    await anna.hangs_up()
    await bruno.hangs_up()


@story
async def test_emergency_passes_every_limit(office: FlowOffice) -> None:
    provider = await with_provider(office, capacity=1)
    limit(office, calls=0, office_calls=0, forwards=0, office_forwards=0)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await office.clock.forward(15)
    assert anna.statuses[-1] == 480
    limit(office, calls=1, office_calls=1)
    await anna.dials(DIALLED)
    assert office.trunks.calls(1) == 1
    for dialled in ("112", "0112"):
        bruno = await office.phone("202")
        limit(office, calls=0, office_calls=0)
        await bruno.dials(dialled)
        assert provider.invite.uri.startswith("sip:112@")
        await provider.answers()
        assert bruno.talks
        await bruno.hangs_up()
    await anna.hangs_up()


@story
async def test_dear_minutes_end_after_a_beep(office: FlowOffice) -> None:
    provider = await with_provider(office)
    allow(office, "201")
    limit(office, dear_minutes=3)
    anna = await office.phone("201")
    await anna.dials(PARIS)
    await provider.answers()
    await office.clock.forward(110)
    assert not beeps(office)
    await office.clock.forward(15)
    assert beeps(office) == 2, "both sides"
    await office.clock.forward(50)
    assert beeps(office) == 4 and anna.talks
    await office.clock.forward(10)
    assert not anna.talks and not provider.talks
    assert office.story.ended_by == "office" and office.story.end is End.COMPLETED
    assert "è stata chiusa" in reasons(office) and "3 minuti" in reasons(office)
    await anna.dials(PARIS)
    await office.clock.forward(15)
    assert anna.statuses[-1] == 480 and office.limits_met[-1].limit == "dear_minutes"
    await anna.dials(DIALLED)
    assert provider.invite.uri.startswith("sip:+3906"), "Rome is not meant"
    await anna.hangs_up()
    await office.clock.forward(3600)
    await anna.dials(PARIS)
    assert provider.invite.uri.startswith(f"sip:{DEAR}"), "an hour later"
    await anna.hangs_up()


def beeps(office: FlowOffice) -> int:
    return sum(
        name == "tone:beep" for stream in office.media.by_port.values() for name in stream.heard
    )


@story
async def test_two_dear_calls_share_the_minutes_of_a_line(office: FlowOffice) -> None:
    provider = await with_provider(office)
    allow(office, "201")
    limit(office, dear_minutes=4)
    one, two = await office.phone("201"), await office.phone("201")
    for phone in (one, two):
        await phone.dials(PARIS)
        await provider.answers()
    await office.clock.forward(119)
    assert one.talks and two.talks
    await office.clock.forward(3)
    assert not one.talks and not two.talks


@story
async def test_what_was_spent_before_a_restart_counts(office: FlowOffice) -> None:
    await with_provider(office)
    allow(office, "201")
    limit(office, dear_calls=2)
    now = office.clock.now()
    office.switch.toll.remember(
        Spent("201", "international", now - timedelta(minutes=age), ended=now)
        for age in (59, 30, 70)
    )
    anna = await office.phone("201")
    await anna.dials(PARIS)
    await office.clock.forward(15)
    assert anna.statuses[-1] == 480 and office.limits_met[-1].limit == "dear_calls"
    await office.clock.forward(120)
    await anna.dials(PARIS)
    assert office.trunks.calls(1) == 1, "the one of 59 minutes ago is older than an hour now"
    await anna.hangs_up()


@story
async def test_a_line_that_may_forward_nothing_outside_rings(office: FlowOffice) -> None:
    await with_provider(office)
    give_number(office, "202", "+390255501202")
    forward(office, "202", "+390612345678")
    limit(office, forwards=0)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert bruno.rings and office.trunks.calls(1) == 0
    await anna.hangs_up()
    assert "non può inoltrare chiamate all'esterno" in reasons(office)


@story
async def test_one_forward_more_goes_to_the_mailbox(office: FlowOffice) -> None:
    provider = await with_provider(office)
    give_number(office, "202", "+390255501202")
    forward(office, "202", "+390612345678")
    limit(office, forwards=1)
    anna, carla = await office.phone("201"), await office.phone("203")
    await anna.dials("202")
    await provider.answers()
    await carla.dials("202")
    assert office.served == [("voicemail_deposit", "202 unavailable")]
    await carla.hangs_up()
    assert "1 chiamate inoltrate all'esterno insieme" in reasons(office)
    await anna.hangs_up()


@story
async def test_two_hundred_forged_calls_at_once_do_not_pass_the_limit(office: FlowOffice) -> None:
    """Callers from outside, all in one instant, by a line that sends them abroad."""
    provider = await with_provider(office)
    allow(office, "202")
    give_number(office, "202", "+390255501202")
    forward(office, "202", DEAR)
    limit(office, forwards=3, office_forwards=5, dear_calls=20)
    burst = [asyncio.ensure_future(call_in(provider)) for _ in range(200)]
    await office.clock.turns(4000)
    await asyncio.gather(*burst)
    await office.clock.settle()
    out = [d for d in provider.dialogs if not d.outgoing]
    assert len(out) == 3, "as many as may be forwarded at once, and not one more"
    use = office.switch.toll.use("202")
    assert (use.calls, use.forwards) == (3, 3)
    for dialog in provider.dialogs:
        dialog.end()
    await office.clock.settle()
    assert office.switch.toll.use("202").calls == 0


async def call_in(provider: Provider) -> None:
    """A caller from outside, who waits for nobody."""
    dialog = provider.agent.invite(
        f"sip:+390255501202@{OFFICE[0]}",
        flow=provider.flow,
        from_=f"<sip:+393331234567@{provider.host}>",
        to=f"<sip:+390255501202@{OFFICE[0]}>",
        sdp=provider.says(),
    )
    dialog.owner = provider._on_event
    provider.dialogs.append(dialog)


@story
async def test_closed_offices_call_nothing_dear(office: FlowOffice) -> None:
    provider = await with_provider(office)
    allow(office, "201")
    hours = {7: Hours("Sempre chiuso", ((),) * 7)}
    office.snapshot.last = replace(office.snapshot.last, hours=hours)
    limit(office, closed_bar=True, closed_hours=7)
    anna = await office.phone("201")
    await anna.dials(PARIS)
    await office.clock.forward(15)
    assert anna.statuses[-1] == 403 and "Sempre chiuso" in reasons(office)
    await anna.dials(DIALLED)
    assert provider.rings
    await anna.hangs_up()
    limit(office, closed_bar=True, closed_hours=99)
    await anna.dials(PARIS)
    assert provider.invite.uri.startswith(f"sip:{DEAR}"), "hours that are gone bar nothing"
    await anna.hangs_up()


@story
async def test_phones_that_ring_for_one_caller_are_one_call(office: FlowOffice) -> None:
    limit(office, forwards=1)
    meter: Meter = office.switch.toll
    caller = object()
    step = Outside("+390612345678", (), payer="201", kind="national", forwarded=True)
    one, two = meter.admit(step, caller), meter.admit(step, caller)
    assert not isinstance(one, Hit) and not isinstance(two, Hit)
    other = meter.admit(step, object())
    assert isinstance(other, Hit) and other.limit == "forwards"
    one.talks()
    three = meter.admit(step, caller)
    assert isinstance(three, Hit), "who talks has a place, and rings for nothing more"
    one.over()
    two.over()
    two.over()
    assert meter.use(None).calls == 0


@story
async def test_the_phone_of_a_suspended_line_still_calls_for_help(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    last = office.snapshot.last
    accounts = dict(last.accounts)
    suspended = {"201": accounts.pop("201")}
    lines = {**last.lines, "201": replace(last.lines["201"], active=False)}
    office.snapshot.last = replace(last, accounts=accounts, suspended=suspended, lines=lines)
    await anna.dials(DIALLED)
    assert not provider.rings and anna.statuses[-1] in (401, 403)
    for dialled in ("112", "0113"):
        await anna.dials(dialled)
        await provider.answers()
        assert anna.talks, dialled
        await anna.hangs_up()
    await anna.dials("202")
    assert anna.statuses[-1] in (401, 403), "and nothing else"


@story
async def test_a_burst_of_forged_transfers_does_not_pass_the_limit(office: FlowOffice) -> None:
    """One phone that sends two hundred REFERs in one instant, in each of its calls."""
    provider = await with_provider(office)
    allow(office, "201")
    limit(office, calls=2, office_calls=5, dear_calls=20)
    anna = await office.phone("201")
    others = [await office.phone(line) for line in ("202", "203", "204")]
    calls = []
    for other in others:
        calls.append(await anna.dials(other.line))
        await other.answers()
    for _ in range(200):
        for call in calls:
            call.request("REFER", headers=[("Refer-To", f"<sip:{PARIS}@{OFFICE[0]}>")])
    await office.clock.turns(4000)
    await office.clock.settle()
    use = office.switch.toll.use("201")
    out = [d for d in provider.dialogs if not d.outgoing]
    assert len(out) == 2, "as many as the line may have, and not one for each REFER"
    assert (use.calls, use.dear_calls) == (2, 2)
    assert {met.limit for met in office.limits_met} == {"calls"}
    fourth = await office.phone("201")
    await fourth.dials(PARIS)
    await office.clock.forward(15)
    assert fourth.statuses[-1] == 480 and office.limits_met[-1].limit == "calls"
    for dialog in provider.dialogs:
        dialog.end()
    await office.clock.settle()
    assert office.switch.toll.use("201").calls == 0
    for phone in (anna, *others):
        for dialog in phone.dialogs:
            if not dialog.over:
                await phone.hangs_up(dialog)
