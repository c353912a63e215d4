"""Star codes in whole calls: dialled, said aloud, stored, and obeyed by the very next call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx.events.kinds import End, SettingsChanged
from pbx.routing.office import DirectNumber, ShortCode
from tests.flow.office import FlowOffice
from tests.flow.phone import Phone
from tests.flow.provider import Provider
from tests.flow.services import StarOffice, star_story
from tests.flow.test_ringing import statuses

MOBILE = "+393331234567"


async def dials_code(office: StarOffice, phone: Phone, code: str) -> list[str]:
    """Dial a code and listen until the call is over; what was heard, without pauses."""
    await phone.dials(code)
    stream = phone.media.by_port[phone.offers[phone.dialog].port]
    await office.clock.forward(30)
    assert not phone.talks, f"{code} keeps talking: {stream.heard}"
    return [name for name in stream.heard if not name.startswith("pause.")]


async def with_provider(office: FlowOffice) -> Provider:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    return provider


@star_story
async def test_forward_all_by_code_and_back(office: StarOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    heard = await dials_code(office, bruno, "*21*203#")
    assert heard == [
        "star.forward_all.on",
        "star.to_extension",
        "digit.2",
        "digit.0",
        "digit.3",
    ]
    assert office.options("202")["forward_all"] == {"enabled": True, "number": "203"}
    assert any(isinstance(fact, SettingsChanged) for fact in office.facts)
    await anna.dials("202")
    assert carla.rings
    assert not bruno.rings
    await carla.answers()
    assert anna.hears == carla.host
    await anna.hangs_up()
    assert any(
        "inoltra tutte le chiamate all'interno 203" in each.it for each in office.story.because
    )
    asked = ["star.forward_all.is_on", *heard[1:]]
    assert await dials_code(office, bruno, "*#21#") == asked
    assert await dials_code(office, bruno, "#21#") == ["star.forward_all.off"]
    assert await dials_code(office, bruno, "*#21#") == ["star.forward_all.is_off"]
    await anna.dials("202")
    assert bruno.rings
    await anna.hangs_up()
    # The last number is kept, and used again.
    assert await dials_code(office, bruno, "*21#") == heard


@star_story
async def test_nobody_answers_who_is_forwarded_to_and_the_first_mailbox_does(
    office: StarOffice,
) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await dials_code(office, bruno, "*21*203#")
    await anna.dials("202")
    await office.clock.forward(44)
    assert carla.rings
    await office.clock.forward(2)
    assert not carla.rings
    assert anna.talks
    await anna.presses("1")
    await office.clock.forward(6)
    await anna.hangs_up()
    await office.clock.forward(1)
    (message,) = office.messages()
    assert message.line_id == 202


@star_story
async def test_forward_on_busy_with_a_really_busy_phone(office: StarOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    heard = await dials_code(office, bruno, "*67*203#")
    assert heard[:2] == ["star.forward_busy.on", "star.to_extension"]
    await anna.dials("202")
    assert bruno.rings
    await bruno.refuses_call(486)
    assert carla.rings
    await carla.answers()
    await anna.hangs_up()
    assert statuses(office) == [("202", 486), ("203", 200)]


@star_story
async def test_forward_on_no_answer_after_the_seconds_in_the_code(office: StarOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    heard = await dials_code(office, bruno, "*61*203*15#")
    assert heard[0] == "star.forward_no_answer.on"
    assert "star.after" in heard
    assert office.options("202")["forward_no_answer"]["seconds"] == 15
    await anna.dials("202")
    await office.clock.forward(14)
    assert bruno.rings
    assert not carla.dialogs
    await office.clock.forward(2)
    assert not bruno.rings
    assert carla.rings
    await carla.answers()
    await anna.hangs_up()


@star_story
async def test_forward_when_no_phone_can_be_reached(office: StarOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    assert (await dials_code(office, bruno, "*62*203#"))[0] == "star.forward_unavailable.on"
    await bruno.registers(0)
    await anna.dials("202")
    assert carla.rings
    await carla.answers()
    await anna.hangs_up()


@star_story
async def test_all_forwards_at_once(office: StarOffice) -> None:
    bruno = await office.phone("202")
    heard = await dials_code(office, bruno, "*002*203#")
    assert heard[0] == "star.forwards.on"
    kept = office.options("202")
    assert all(kept[f"forward_{name}"]["enabled"] for name in ("all", "busy", "no_answer"))
    assert kept["forward_unavailable"] == {"enabled": True, "number": "203"}
    assert await dials_code(office, bruno, "#002#") == ["star.forwards.off"]
    assert not any(each["enabled"] for each in office.options("202").values())


@star_story
async def test_do_not_disturb(office: StarOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    assert await dials_code(office, bruno, "*26#") == ["star.do_not_disturb.on"]
    await anna.dials("202")
    assert not bruno.rings
    assert anna.talks and anna.hears == "mailbox.greeting.busy"
    await anna.hangs_up()
    assert await dials_code(office, bruno, "*#26#") == ["star.do_not_disturb.is_on"]
    assert await dials_code(office, bruno, "#26#") == ["star.do_not_disturb.off"]
    await anna.dials("202")
    assert bruno.rings
    await anna.hangs_up()


@star_story
async def test_do_not_disturb_with_a_forward_for_busy(office: StarOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await dials_code(office, bruno, "*67*203#")
    await dials_code(office, bruno, "*26#")
    await anna.dials("202")
    assert carla.rings
    assert not bruno.rings
    await anna.hangs_up()


@star_story
async def test_a_forward_to_a_mobile_goes_out_by_the_trunk(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    heard = await dials_code(office, bruno, "*21*03331234567#")
    assert heard[:2] == ["star.forward_all.on", "star.to_number"]
    assert office.options("202")["forward_all"]["number"] == MOBILE
    await anna.dials("202")
    assert provider.rings
    invite = provider.invite
    assert MOBILE in invite.uri
    assert "unconditional" in invite.get("Diversion")
    await provider.answers()
    assert anna.talks
    await anna.hangs_up()


@star_story
async def test_a_trunk_that_fails_leaves_the_mailbox(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await dials_code(office, bruno, "*21*03331234567#")
    await anna.dials("202")
    await provider.refuses_call(503)
    await office.clock.forward(1)
    assert anna.talks
    assert anna.hears == "mailbox.greeting.unavailable"
    await anna.hangs_up()


@star_story
async def test_a_hidden_number_for_one_call(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("#31#03331234567")
    assert provider.rings
    assert "anonymous.invalid" in str(provider.invite.from_)
    assert provider.invite.get("Privacy") == "id"
    await anna.hangs_up()
    await anna.dials("03331234567")
    assert "anonymous.invalid" not in str(provider.invite.from_)
    await anna.hangs_up()
    assert await dials_code(office, anna, "*#31#") == ["star.number_shown"]
    office.set_option("201", "caller_id", hide=True)
    assert await dials_code(office, anna, "*#31#") == ["star.number_hidden"]
    await anna.dials("03331234567")
    assert "anonymous.invalid" in str(provider.invite.from_)
    await anna.hangs_up()
    await anna.dials("*31#03331234567")
    assert "anonymous.invalid" not in str(provider.invite.from_)
    await anna.hangs_up()
    await anna.dials("#31#202")  # inside everybody is known
    assert bruno.rings
    await anna.hangs_up()
    office.set_option("201", "caller_id", hide=False)
    bruno.forwards = "03331234567"  # and a forward does not tell who wished not to be
    await anna.dials("#31#202")
    assert provider.rings
    assert "anonymous.invalid" in str(provider.invite.from_)
    await anna.hangs_up()


@star_story
async def test_a_number_of_the_office_that_goes_on_to_a_mobile(office: StarOffice) -> None:
    provider = await with_provider(office)
    number = "+390255501300"
    office.snapshot.last = replace(
        office.snapshot.last, direct_numbers={number: DirectNumber(number, "number", MOBILE)}
    )
    anna = await office.phone("201")
    await anna.dials(number)
    assert provider.rings
    assert MOBILE in provider.invite.uri
    assert number in provider.invite.get("Diversion")
    await anna.hangs_up()


@pytest.mark.parametrize(
    ("code", "prompt", "status"),
    [
        ("*21*", "announce.code_incomplete", 484),
        ("*21*299#", "announce.code_bad_number", 484),
        ("*21*202#", "announce.code_own_number", 484),
        ("*21#", "announce.code_needs_number", 484),
        ("*61*203*3#", "announce.code_bad_seconds", 484),
        ("*21*000442079460000#", "announce.not_allowed", 403),
        ("*98#", "announce.unknown_code", 404),
    ],
)
def test_a_wrong_code_is_told_in_words(
    code: str, prompt: str, status: int, tmp_path: object
) -> None:
    @star_story
    async def told(office: StarOffice) -> None:
        await with_provider(office)
        bruno = await office.phone("202")
        assert await dials_code(office, bruno, code) == [prompt]
        assert bruno.statuses[-1] == status
        assert office.options("202") == {}
        assert office.story.because

    told(tmp_path)  # type: ignore[arg-type]


@star_story
async def test_a_phone_that_sends_its_callers_to_a_code_changes_nothing(
    office: StarOffice,
) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.forwards = "*21*203%23"
    await anna.dials("202")
    await office.clock.forward(31)
    assert office.options("201") == {}
    assert office.options("202") == {}
    await anna.hangs_up()


@star_story
async def test_a_database_that_is_held_is_said(office: StarOffice) -> None:
    bruno = await office.phone("202")
    office.database.slow = 60.0
    heard = await dials_code(office, bruno, "*26#")
    assert heard == ["announce.service_unavailable"]
    office.database.slow = 0.0
    assert office.story.end is End.COMPLETED


@star_story
async def test_a_forward_to_a_short_code(office: StarOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.snapshot.last = replace(
        office.snapshot.last,
        short_codes={"700": ShortCode("700", "+442079460000", "Londra", for_everybody=True)},
    )
    await dials_code(office, bruno, "*21*700#")
    assert office.options("202")["forward_all"]["number"] == "700"
    await anna.dials("202")
    assert provider.rings and "+442079460000" in provider.invite.uri
    await anna.hangs_up()
