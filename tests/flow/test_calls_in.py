"""Calls from outside: for numbers of the office only, from providers and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx.events.kinds import End
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office
from pbx.sip import agent as sip
from tests.flow.office import FlowOffice, story
from tests.flow.phone import OFFICE, Phone
from tests.flow.provider import USER, Provider
from tests.flow.test_calls_out import give_number, signed_in

BRUNO = "+390255501202"
MOBILE = "+393331234567"


async def by_address(office: FlowOffice, **settings: object) -> Provider:
    """A trunk without a sign-in, and a number for 202."""
    provider = Provider(office, "192.0.2.10")
    provider.wants_proof = False
    give_number(office, "202", BRUNO)
    await signed_in(office, provider.by_address(**settings))
    return provider


def watched(office: FlowOffice) -> list[CallFacts]:
    """Every set of facts that is decided about from now on."""
    plain, seen = office.switch.decide, []

    def decide(facts, snapshot):  # type: ignore[no-untyped-def]
        seen.append(facts)
        return plain(facts, snapshot)

    office.switch.decide = decide
    return seen


@story
async def test_a_number_rings_its_line(office: FlowOffice) -> None:
    provider = await by_address(office)
    bruno = await office.phone("202")
    await provider.calls_in(BRUNO)
    assert bruno.rings and 180 in provider.statuses
    assert bruno.dialog.invite.from_.user == MOBILE
    await bruno.answers()
    assert provider.hears == bruno.host and bruno.hears == provider.host
    assert office.trunks.calls(1) == 1
    await provider.hangs_up()
    record = office.story
    assert (record.caller.number, record.to_line, record.from_line) == (MOBILE, "202", "")
    assert record.end is End.COMPLETED and office.trunks.calls(1) == 0


@story
async def test_nothing_of_the_office_is_told_outside(office: FlowOffice) -> None:
    provider = await by_address(office)
    bruno = await office.phone("202")
    await provider.calls_in(BRUNO)
    await bruno.answers()
    said = [m for m in office.wire.seen if m.startswith((b"SIP/2.0 180", b"SIP/2.0 200 OK"))]
    to_provider = [m for m in said if b"@192.0.2.10" in m and b"INVITE" in m]
    assert to_provider and not any(b"Bruno" in m or b"sip:202@" in m for m in to_provider)
    await bruno.hangs_up()


@pytest.mark.parametrize(
    ("form", "dialled"),
    [
        ("e164", "+390255501202"),
        ("plain", "390255501202"),
        ("national", "0255501202"),
        ("e164", "00390255501202"),
        ("e164", "0255501202"),
        ("national", "+390255501202;npdi"),
        ("e164", "+39 02 5550 1202".replace(" ", "-")),
    ],
)
def test_the_number_may_be_written_in_any_way(form: str, dialled: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await by_address(office, number_format=form)
        bruno = await office.phone("202")
        await provider.calls_in(dialled)
        assert bruno.rings
        await provider.hangs_up()

    told()


@story
async def test_a_registered_trunk_is_called_by_its_contact(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    give_number(office, "202", BRUNO)
    await signed_in(office, provider.trunk())
    seen = watched(office)
    bruno = await office.phone("202")
    await provider.calls_in(USER, to=BRUNO)
    assert bruno.rings and seen[-1].dialled == BRUNO and seen[-1].from_trunk == 1
    await provider.hangs_up()
    called = ("P-Called-Party-ID", f"<sip:{BRUNO}@office.example>")
    await provider.calls_in(USER, to="somebody", headers=[called])
    assert bruno.rings
    await provider.hangs_up()
    await provider.calls_in(USER, to=USER)  # no number but the account's own
    assert seen[-1].dialled == "+390255501000"
    await office.clock.forward(15)
    assert provider.statuses[-1] == 404


@pytest.mark.parametrize(
    ("caller", "headers", "number", "withheld"),
    [
        ("+393331234567", [], "+393331234567", False),
        ("393331234567", [], "+393331234567", False),
        ("00393331234567", [], "+393331234567", False),
        ("3331234567", [], "+393331234567", False),
        ("+447911123456", [], "+447911123456", False),
        ("anonymous", [], "", True),
        ("unavailable", [], "", False),
        ("+393331234567", [("Privacy", "id")], "", True),
        ("+393331234567", [("Privacy", "none")], "+393331234567", False),
        (
            "x",
            [("P-Asserted-Identity", "<sip:+393331234567@h>, <tel:+393331234567>")],
            "+393331234567",
            False,
        ),
        ("anonymous", [("P-Asserted-Identity", "<sip:+393331234567@h>")], "", True),
        ("x", [("Remote-Party-ID", "<sip:3331234567@h>;privacy=off")], "+393331234567", False),
        ("x", [("Remote-Party-ID", "<sip:3331234567@h>;privacy=full")], "", True),
        ("x" * 300, [], "", False),
        ("é\u202e", [], "", False),
    ],
)
def test_who_calls(
    caller: str, headers: list[tuple[str, str]], number: str, withheld: bool
) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await by_address(office)
        seen = watched(office)
        bruno = await office.phone("202")
        await provider.calls_in(BRUNO, caller, headers=headers)
        assert (seen[-1].caller_number, seen[-1].withheld) == (number, withheld)
        assert bruno.rings
        shown = bruno.dialog.invite.from_
        assert shown.user == (number or "anonymous")
        await provider.hangs_up()

    told()


@pytest.mark.parametrize(
    "dialled",
    [
        *("*86", "*87202", "*600", "#31#", "*21*3331234567#"),
        *("0333123456700", "+393331234567", "00881234567890", "112", "0112", "899123456"),
        *("", "x", "201'; DROP TABLE line", "+39025550120200000000", "9" * 300, "☎"),
    ],
)
def test_a_stranger_reaches_no_code_and_nobody_outside(dialled: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await by_address(office)
        await office.phone("202")
        sent = len(provider.dialogs)
        await provider.calls_in(dialled or "-", to="x")
        await office.clock.forward(20)
        assert provider.statuses[-1] in (403, 404, 480, 484), provider.statuses
        assert not office.served
        assert len(provider.dialogs) == sent + 1  # nothing came back to the provider

    told()


@story
async def test_other_senders_are_strangers_as_before(office: FlowOffice) -> None:
    await by_address(office)
    bruno = await office.phone("202")
    stranger = Provider(office, "203.0.113.5")
    await stranger.calls_in(BRUNO)
    assert stranger.statuses[-1] == 401 and not bruno.dialogs


@story
async def test_a_trunk_switched_off_takes_no_calls(office: FlowOffice) -> None:
    provider = await by_address(office)
    bruno = await office.phone("202")
    office.set_trunks(provider.by_address(enabled=False))
    await provider.calls_in(BRUNO)
    assert provider.statuses[-1] == 401 and not bruno.dialogs


@story
async def test_calls_come_from_every_machine_of_a_provider(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10")
    other = Provider(office, "198.51.100.77")
    give_number(office, "202", BRUNO)
    trunk = provider.by_address(sources=("192.0.2.10", "198.51.100.0/24", "nonsense"))
    await signed_in(office, trunk)
    bruno = await office.phone("202")
    await other.calls_in(BRUNO)
    assert bruno.rings
    await other.hangs_up()


@story
async def test_a_phone_beside_a_provider_is_a_phone(office: FlowOffice) -> None:
    """Both behind one address: who signed in, or gives credentials, is no trunk."""
    await by_address(office)
    bruno = await office.phone("202")
    anna = Phone(office.wire, office.clock, office.media, "201", "192.0.2.10", port=5070)
    assert await anna.registers() == 200
    seen = watched(office)
    await anna.dials("202")
    assert bruno.rings and (seen[-1].from_line, seen[-1].from_trunk) == ("201", 0)
    await anna.hangs_up()


@story
async def test_a_provider_takes_no_call_of_ours_over(office: FlowOffice) -> None:
    provider = await by_address(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    call = anna.dialog
    value = f"{call.call_id};to-tag={call.remote_tag};from-tag={call.local_tag}"
    await provider.calls_in(BRUNO, headers=[("Replaces", value)])
    assert provider.statuses[-1] == 403 and anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_two_accounts_at_one_provider(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    one = provider.trunk(1, username="first")
    two = provider.trunk(2, username="second", position=1)
    await signed_in(office, one, two)
    seen = watched(office)
    await provider.calls_in("second", to="+390299999999")
    assert seen[-1].from_trunk == 2
    await office.clock.forward(15)


@story
async def test_a_message_is_left(office: FlowOffice) -> None:
    provider = await by_address(office)
    await office.phone("202")
    await provider.calls_in(BRUNO)
    await office.clock.forward(31)
    assert office.served == [("voicemail_deposit", "202 unanswered")]
    await provider.hangs_up()


@story
async def test_an_outside_caller_is_transferred_within(office: FlowOffice) -> None:
    provider = await by_address(office)
    bruno, carla = await office.phone("202"), await office.phone("203")
    await provider.calls_in(BRUNO)
    await bruno.answers()
    await bruno.transfers("203")
    await carla.answers()
    await office.clock.forward(6)
    assert provider.hears == carla.host
    assert carla.dialog.invite.from_.user == MOBILE
    await provider.hangs_up()


@story
async def test_an_outside_caller_is_transferred_outside_at_the_transferors_cost(
    office: FlowOffice,
) -> None:
    provider = await by_address(office)
    bruno = await office.phone("202")
    await provider.calls_in(BRUNO)
    first = provider.dialog
    await bruno.answers()
    await bruno.transfers("00612345678")
    assert provider.rings and provider.dialog is not first
    await provider.answers()
    await office.clock.forward(6)
    assert office.trunks.calls(1) == 2
    await provider.hangs_up()
    assert first.over


@story
async def test_a_phones_forward_of_an_outside_caller(office: FlowOffice) -> None:
    provider = await by_address(office, diversion="diversion")
    bruno = await office.phone("202")
    bruno.forwards = "00612345678"
    await provider.calls_in(BRUNO)
    first = provider.dialogs[0]
    assert provider.rings and provider.invite.get("Diversion").startswith(f"<sip:{BRUNO}@")
    await provider.answers()
    await provider.hangs_up()
    assert first.over


@story
async def test_no_coding_in_common(office: FlowOffice) -> None:
    provider = await by_address(office, codecs=("PCMU",))
    provider.codings = ("G722",)
    await provider.calls_in(BRUNO)
    assert provider.statuses[-1] == 488


@story
async def test_an_offer_that_cannot_be_read(office: FlowOffice) -> None:
    provider = await by_address(office)
    dialog = provider.agent.invite(
        f"sip:{BRUNO}@{OFFICE[0]}",
        flow=provider.flow,
        from_=f"<sip:{MOBILE}@h>",
        to=f"<sip:{BRUNO}@h>",
        sdp=b"nonsense",
    )
    dialog.owner = provider._on_event
    await office.clock.settle()
    assert provider.statuses == [400] and dialog.state is sip.DialogState.ENDED
    assert office.trunks.calls(1) == 0


@story
async def test_a_transfer_of_an_outside_caller_that_fails_comes_back_to_who_made_it(
    office: FlowOffice,
) -> None:
    provider = await by_address(office)
    bruno, carla = await office.phone("202"), await office.phone("203")
    carla.refuses = 486
    office.snapshot.last = without_mailboxes(office.snapshot.last)
    await provider.calls_in(BRUNO)
    await bruno.answers()
    first = bruno.dialog
    bruno.dialog.request("REFER", headers=[("Refer-To", f"<sip:203@{OFFICE[0]}>")])
    first.end()
    await office.clock.forward(1)
    assert bruno.dialog is not first and bruno.rings  # the call is back
    await bruno.answers()
    assert provider.hears == bruno.host
    await provider.hangs_up()


def without_mailboxes(settings: Office) -> Office:
    """Nobody has one."""
    lines = {key: replace(line, has_mailbox=False) for key, line in settings.lines.items()}
    return replace(settings, lines=lines)
