"""Numbers of the office, opening hours, short codes and rights, in whole calls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx.events.kinds import End
from pbx.routing.office import DirectNumber, Hours, ShortCode
from tests.flow.office import FlowOffice, story
from tests.flow.phone import Phone
from tests.flow.provider import Provider
from tests.flow.services import StarOffice, star_story

MAIN = "+390255501000"
CALLER = "+393339876543"


async def with_provider(office: FlowOffice, **settings: object) -> Provider:
    """A provider that is known by its address: its calls come without a sign-in."""
    provider = Provider(office, "192.0.2.10")
    provider.wants_proof = False
    office.set_trunks(provider.by_address(main_number=MAIN, **settings))
    await office.clock.settle()
    return provider


def furnish(office: FlowOffice, *numbers: DirectNumber, **more: object) -> None:
    office.snapshot.last = replace(
        office.snapshot.last,
        direct_numbers={each.number: each for each in numbers},
        **more,  # type: ignore[arg-type]
    )


def week(opens: str, closes: str) -> dict[int, Hours]:
    return {1: Hours("Ufficio", [[[opens, closes]]] * 7)}


@story
async def test_the_main_number_rings_reception_while_the_office_is_open(
    office: FlowOffice,
) -> None:
    provider = await with_provider(office)
    furnish(
        office,
        DirectNumber(MAIN, "line", "202", 1, "mailbox", "203"),
        hours=week("00:00", "24:00"),
    )
    bruno = await office.phone("202")
    await provider.calls_in(MAIN, CALLER)
    assert bruno.rings
    await bruno.answers()
    assert bruno.hears == provider.host
    await bruno.hangs_up()
    assert any("secondo l'orario «Ufficio» è aperto" in each.it for each in office.story.because)


@star_story
async def test_and_takes_a_message_while_it_is_closed(office: StarOffice) -> None:
    provider = await with_provider(office)
    closed: list[list[list[str]]] = [[]] * 7
    furnish(
        office,
        DirectNumber(MAIN, "line", "202", 1, "mailbox", "203"),
        hours={1: Hours("Ufficio", closed)},
    )
    bruno = await office.phone("202")
    await provider.calls_in(MAIN, CALLER)
    assert not bruno.rings
    assert provider.hears == "mailbox.greeting.closed"
    await provider.hangs_up()
    assert office.story.to_line == "203"  # who finds it among the missed calls


@pytest.mark.parametrize(
    "number", ["+390612345678", "00612345678", "*86", "*21*202#", "700", "112"]
)
def test_a_stranger_dials_nothing_through_us(number: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await with_provider(office)
        furnish(office, short_codes={"700": ShortCode("700", "+393331234567", "x", True)})
        dialogs = len(provider.dialogs)
        await provider.calls_in(number, CALLER)
        await office.clock.forward(20)
        assert provider.statuses[-1] >= 400
        assert len(provider.dialogs) == dialogs + 1  # nothing came back out
        assert not office.served

    told()


@star_story
async def test_a_call_from_outside_goes_on_to_a_mobile_and_says_who_calls(
    office: StarOffice,
) -> None:
    provider = await with_provider(office)
    furnish(office, DirectNumber(MAIN, "line", "202"))
    office.set_option("202", "forward_all", enabled=True, number="+393331234567")
    coming = await provider.calls_in(MAIN, CALLER)
    going = provider.dialog
    assert going is not coming
    assert "+393331234567" in going.invite.uri
    assert CALLER in str(going.invite.from_)
    assert "unconditional" in going.invite.get("Diversion")
    await provider.answers()
    await provider.hangs_up(coming)


async def refused(office: FlowOffice, phone: Phone, number: str) -> str:
    """What the phone hears, dialling this."""
    await phone.dials(number)
    heard = phone.hears
    await office.clock.forward(20)
    assert phone.statuses[-1] == 403
    assert office.story.end is End.FORBIDDEN
    return heard


@story
async def test_who_may_not_call_is_told_and_calls_for_help_all_the_same(
    office: FlowOffice,
) -> None:
    provider = await with_provider(office)
    office.sets("201", rights=frozenset())
    anna, bruno = await office.phone("201"), await office.phone("202")
    for number in ("202", "03331234567", "00612345678", "0892424"):
        assert await refused(office, anna, number) == "announce.not_allowed"
    assert await refused(office, bruno, "000442079460000") == "announce.not_allowed"
    assert "Numeri internazionali" in office.story.because[-1].it
    assert not provider.dialogs
    await anna.dials("0112")
    assert provider.rings
    assert provider.invite.uri.startswith("sip:112@")
    await anna.hangs_up()


@story
async def test_a_short_code_that_everybody_may_use(office: FlowOffice) -> None:
    provider = await with_provider(office)
    codes = {
        "700": ShortCode("700", "+442079460000", "Londra", for_everybody=True),
        "701": ShortCode("701", "+442079460000", "Londra"),
    }
    office.snapshot.last = replace(office.snapshot.last, short_codes=codes)
    anna = await office.phone("201")
    await anna.dials("700")
    assert provider.rings
    assert "+442079460000" in provider.invite.uri
    await anna.hangs_up()
    assert await refused(office, anna, "701") == "announce.not_allowed"
