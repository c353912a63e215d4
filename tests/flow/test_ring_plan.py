"""The ring plan as phones and providers see it: periods, phones outside that press 1, and what a
phone's busy, decline or absence does to the rest."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pbx.events.kinds import End
from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.phone import Phone
from tests.flow.provider import Provider
from tests.flow.test_calls_out import give_number, reasons, with_provider
from tests.flow.test_ringing import statuses

MOBILE = "+393331112233"
CUSTOMER = "+390698765432"


def row(number: str, rings: str, *, name: str = "", confirm: bool | None = None) -> dict[str, Any]:
    """A row of the plan; rings: 'x.x' rings in the first and third period."""
    said = [letter == "x" for letter in rings]
    return {"number": number, "name": name, "rings": said, "confirm": confirm}


def option(office: FlowOffice, line: str, feature: str, **values: Any) -> None:
    """Set options of a line, as if its row were there."""
    options = {**office.snapshot.last.lines[line].options, feature: values}
    office.sets(line, options=options)


def plan(
    office: FlowOffice, *rows: dict[str, Any], periods: tuple[int, ...] = (10, 10, 10)
) -> None:
    """202's ring plan; its mailbox waits for the end of it."""
    mode = "in_order" if periods else "together"
    option(office, "202", "ring_plan", mode=mode, periods=periods, phones=rows)
    option(office, "202", "mailbox", seconds=400)


def invites(office: FlowOffice, phone: Phone) -> int:
    """How often a phone was called."""
    return len(phone.dialogs)


def reason_of(office: FlowOffice, method: str) -> list[bytes]:
    """Reason headers of all requests of this method, '' for none."""
    found = []
    for message in office.wire.seen:
        if message.startswith(method.encode()):
            lines = [each for each in message.split(b"\r\n") if each.startswith(b"Reason:")]
            found.append(lines[0] if lines else b"")
    return found


# --- periods -------------------------------------------------------------------------------------


@story
async def test_a_phone_in_neighbouring_periods_keeps_ringing(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    plan(office, row("", "xx."), row("203", ".xx"))
    await anna.dials("202")
    assert bruno.rings and not invites(office, carla)
    await office.clock.forward(10.1)
    assert bruno.rings and carla.rings
    await office.clock.forward(10)
    assert not bruno.rings and carla.rings
    assert (invites(office, bruno), invites(office, carla)) == (1, 1)
    await carla.answers()
    assert anna.hears == carla.host
    await anna.hangs_up()
    assert statuses(office) == [("202", 487), ("203", 200)]
    assert [each.seconds for each in office.story.tried] == [20.0, 10.1]
    assert [each.name for each in office.story.tried] == ["Bruno Conti", "Carla De Luca"]
    assert reason_of(office, "CANCEL") == [b""], "a missed call, not one completed elsewhere"


@story
async def test_a_phone_of_a_later_period_is_called_again(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    plan(office, row("", "x.x"), row("203", ".x."))
    await anna.dials("202")
    await office.clock.forward(10.1)
    assert not bruno.rings and carla.rings
    await office.clock.forward(10)
    assert bruno.rings and not carla.rings
    assert invites(office, bruno) == 2
    await office.clock.forward(10)
    assert not bruno.rings
    assert [app for app, _ in office.served] == ["voicemail_deposit"]
    await anna.hangs_up()


@story
async def test_a_period_whose_phones_are_all_gone_is_over_at_once(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    plan(office, row("", "x.."), row("203", ".x."), row("204", "..x"))
    bruno.refuses, carla.refuses = 486, 480
    await anna.dials("202")
    assert dario.rings, "at once"
    await office.clock.forward(9)
    assert dario.rings
    await office.clock.forward(2)
    assert office.served == [("voicemail_deposit", "202 unanswered")]
    await anna.hangs_up()
    assert statuses(office) == [("202", 486), ("203", 480), ("204", 487)]


@story
async def test_a_busy_phone_is_not_called_again_in_a_later_period(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    plan(office, row("", "x.x"), row("203", ".x."))
    bruno.refuses = 486
    await anna.dials("202")
    await office.clock.forward(10.5)
    assert invites(office, bruno) == 1 and not carla.rings
    assert office.served == [("voicemail_deposit", "202 unanswered")], "203 could have answered"
    await anna.hangs_up()


@story
async def test_everybody_busy_is_the_busy_greeting(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    plan(office, row("", "x.."), row("203", ".x."))
    bruno.refuses = carla.refuses = 486
    await anna.dials("202")
    assert office.served == [("voicemail_deposit", "202 busy")]
    await anna.hangs_up()


@story
async def test_ones_own_decline_ends_the_plan(office: FlowOffice) -> None:
    anna, desk, cordless, carla = [await office.phone(x) for x in ("201", "202", "202", "203")]
    plan(office, row("", "xxx"), row("203", ".xx"))
    await anna.dials("202")
    assert desk.rings and cordless.rings, "every device of the line"
    await office.clock.forward(11)
    assert carla.rings
    await desk.refuses_call(603)
    assert not cordless.rings and not carla.rings
    assert [app for app, _ in office.served] == ["voicemail_deposit"]
    await anna.hangs_up()


@story
async def test_a_colleagues_decline_is_only_his(office: FlowOffice) -> None:
    anna, bruno, desk, cordless = [await office.phone(x) for x in ("201", "202", "203", "203")]
    plan(office, row("", "xxx"), row("203", "xx."))
    await anna.dials("202")
    await desk.refuses_call(603)
    assert bruno.rings and not cordless.rings
    await office.clock.forward(11)
    assert bruno.rings and invites(office, cordless) == 1
    await bruno.answers()
    assert anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_a_decline_at_the_portal_is_that_lines(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    plan(office, row("", "xxx"), row("203", "xxx"))
    await anna.dials("202")
    (call,) = office.hub.calls
    assert office.hub.hang_up(call, line="203")
    await office.clock.settle()
    assert bruno.rings and not carla.rings
    assert office.hub.hang_up(call, line="202")
    await office.clock.settle()
    assert not bruno.rings and office.served
    await anna.hangs_up()


@story
async def test_the_caller_leaves_in_the_second_period(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    plan(office, row("", "xx."), row("203", ".x."))
    await anna.dials("202")
    await office.clock.forward(15)
    await anna.hangs_up()
    assert not bruno.rings and not carla.rings
    assert office.story.end is End.CANCELLED


@story_without_mailbox
async def test_a_long_plan_keeps_the_proxies_waiting(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    plan(office, row("", "xxxxxx"), periods=(60,) * 6)
    await anna.dials("202")
    before = anna.statuses.count(180)
    # The phone says it once: what comes again is the office's own word.
    office.wire.loses = lambda flow, data: (
        flow.host != anna.host and data.startswith(b"SIP/2.0 180")
    )
    await office.clock.forward(355)
    assert bruno.rings and invites(office, bruno) == 1
    assert anna.statuses.count(180) - before == 5
    await office.clock.forward(10)
    assert not bruno.rings and anna.statuses[-1] == 480


# --- phones outside ------------------------------------------------------------------------------


async def with_mobile(
    office: FlowOffice, *more: dict[str, Any], rings: str = "xxx", **how: Any
) -> tuple[Phone, Provider]:
    """202's own phone and mobile ring; answers the phone of the caller and the provider."""
    give_number(office, "202", "+390255501202")
    provider = await with_provider(office, name="Primo", diversion="both")
    plan(office, row("", rings), row(MOBILE, rings, name="Cellulare", **how), *more)
    return await office.phone("201"), provider


@story
async def test_press_one_takes_the_call(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    bruno = await office.phone("202")
    await anna.dials("202")
    assert bruno.rings and provider.rings
    assert provider.invite.uri == f"sip:{MOBILE}@sip.provider.example"
    await provider.answers()
    assert bruno.rings and not anna.talks, "the others go on ringing, the caller hears ringing"
    assert provider.hears == "confirm.call_for_extension"
    await office.clock.forward(2)
    assert provider.hears != anna.host
    await provider.presses("1")
    assert anna.talks and provider.talks
    assert anna.hears == provider.host and provider.hears == anna.host
    assert not bruno.rings
    assert reason_of(office, "CANCEL") == [b'Reason: SIP;cause=200;text="Call completed elsewhere"']
    await anna.hangs_up()
    assert {each.name: each.status for each in office.story.tried} == {
        "Bruno Conti": 487,
        "Cellulare": 200,
    }
    assert "«Cellulare» (333 111 2233) ha accettato la chiamata" in reasons(office)
    assert office.story.answered_by == "person" and office.story.callee.name == "Bruno Conti"


@story
async def test_the_caller_cannot_press_one_for_who_is_asked(office: FlowOffice) -> None:
    """Else a mobile's own mailbox would be taken for its owner by any caller who presses 1."""
    anna, provider = await with_mobile(office)
    bruno = await office.phone("202")
    await anna.dials("202")
    await provider.answers()
    await anna.sends_info("Signal=1\r\nDuration=160\r\n")
    await office.clock.forward(2)
    assert bruno.rings and not anna.talks and provider.talks
    await provider.presses("1")
    assert anna.talks and not bruno.rings
    await anna.hangs_up()


@story
async def test_the_question_says_for_whom_and_from_whom(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    await anna.dials("202")
    await provider.answers()
    await office.clock.forward(30)
    said = provider.ear.heard
    first = said[: said.index("confirm.press_one") + 1]
    assert [each for each in first if not each.startswith("pause")] == [
        *("confirm.call_for_extension", "digit.2", "digit.0", "digit.2"),
        *("message.from_extension", "digit.2", "digit.0", "digit.1", "confirm.press_one"),
    ]
    await anna.hangs_up()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2", "non ha accettato la chiamata"),
        ("", "nessuno ha premuto 1"),
        ("bye", "ha riagganciato"),
    ],
)
def test_whoever_does_not_press_one_is_left_out(key: str, words: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        anna, provider = await with_mobile(office, rings="xxx")
        bruno = await office.phone("202")
        await anna.dials("202")
        await provider.answers()
        if key == "bye":
            await provider.hangs_up()
        elif key:
            await provider.presses(key)
        else:
            await office.clock.forward(28)
            assert provider.ear.heard.count("confirm.press_one") in (2, 3)
        assert not provider.talks and bruno.rings and not anna.talks
        await bruno.answers()
        assert anna.hears == bruno.host
        await anna.hangs_up()
        assert words in reasons(office)
        assert [each.status for each in office.story.tried if each.name == "Cellulare"] == [480]
        assert office.trunks.calls(1) == 0

    told()


@story
async def test_without_the_question_the_first_answer_wins(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office, confirm=False)
    bruno = await office.phone("202")
    await anna.dials("202")
    await provider.answers()
    assert anna.hears == provider.host and not bruno.rings
    await anna.hangs_up()


@story
async def test_the_desk_phone_is_faster_than_whoever_is_asked(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    bruno = await office.phone("202")
    await anna.dials("202")
    await provider.answers()
    await office.clock.forward(1)
    await bruno.answers()
    assert anna.hears == bruno.host
    assert not provider.talks
    assert b"completed elsewhere" in reason_of(office, "BYE")[0]
    await anna.hangs_up()
    assert {each.name: each.status for each in office.story.tried} == {
        "Cellulare": 487,
        "Bruno Conti": 200,
    }


@story
async def test_who_is_being_asked_is_not_cut_off_by_the_plans_end(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office, rings="x")
    bruno = await office.phone("202")
    await anna.dials("202")
    await office.clock.forward(9)
    await provider.answers()
    await office.clock.forward(3)
    assert not bruno.rings and not office.served
    await provider.presses("1")
    assert anna.hears == provider.host
    await anna.hangs_up()


@story
async def test_the_caller_leaves_while_somebody_is_asked(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    await office.phone("202")
    await anna.dials("202")
    await provider.answers()
    await anna.hangs_up()
    assert not provider.talks
    await office.clock.forward(1)
    assert office.story.end is End.CANCELLED and office.trunks.calls(1) == 0


@story
async def test_a_real_busy_outside_shortens_the_plan(office: FlowOffice) -> None:
    give_number(office, "202", "+390255501202")
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    plan(office, row(MOBILE, "x..", name="Cellulare"), row("", ".x."))
    provider.refuses = 486
    await anna.dials("202")
    await office.clock.settle()
    assert bruno.rings
    await bruno.answers()
    await anna.hangs_up()
    assert "«Cellulare» (333 111 2233) era occupato" in reasons(office)


@story
async def test_a_provider_that_is_dead_does_not_silence_the_desk(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    bruno = await office.phone("202")
    office.wire.leave(provider)
    await anna.dials("202")
    await office.clock.forward(12)
    assert bruno.rings
    await bruno.answers()
    assert anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_the_trunks_words_are_not_for_the_caller(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    bruno = await office.phone("202")
    await anna.dials("202")
    await provider.plays_before_answering()
    assert anna.hears != provider.host and 180 in anna.statuses
    await bruno.answers()
    await anna.hangs_up()


@story
async def test_only_a_mobile_in_the_plan_and_no_desk_phone(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    await anna.dials("202")
    assert provider.rings, "nobody of the line is registered, and yet it rings"
    await provider.answers()
    await provider.presses("1")
    assert anna.hears == provider.host
    await anna.hangs_up()


@story
async def test_a_full_trunk_leaves_the_mobile_out(office: FlowOffice) -> None:
    anna, provider = await with_mobile(office)
    bruno, carla = await office.phone("202"), await office.phone("203")
    trunk = office.snapshot.last.trunks[1]
    office.set_trunks(replace(trunk, capacity=1))
    await office.clock.settle()
    await carla.dials("00612345678")
    await provider.answers()
    await anna.dials("202")
    assert bruno.rings and len(provider.dialogs) == 1
    await anna.hangs_up()
    await carla.hangs_up()


@story
async def test_a_strangers_call_goes_to_the_mobile_with_its_story(office: FlowOffice) -> None:
    _, provider = await with_mobile(office)
    await office.phone("202")
    incoming = await provider.calls_in("+390255501202", CUSTOMER)
    invite = provider.invite
    assert provider.dialog is not incoming
    assert invite.from_.user == CUSTOMER, "who really calls"
    assert invite.get("Diversion") == (
        "<sip:+390255501202@sip.provider.example>;reason=unconditional;privacy=off"
    )
    assert ", ".join(invite.get_all("History-Info")) == (
        "<sip:+390255501202@sip.provider.example>;index=1, "
        f"<sip:{MOBILE}@sip.provider.example;cause=302>;index=1.1;mp=1"
    )
    await provider.answers()
    await office.clock.forward(30)
    assert "message.from" in provider.ear.heard
    await provider.hangs_up(incoming)


@story
async def test_a_withheld_number_stays_withheld(office: FlowOffice) -> None:
    _, provider = await with_mobile(office)
    await office.phone("202")
    incoming = await provider.calls_in(
        "+390255501202", from_="<sip:anonymous@anonymous.invalid>", headers=[("Privacy", "id")]
    )
    assert provider.invite.from_.uri.endswith("anonymous.invalid")
    await provider.answers()
    await office.clock.forward(5)
    assert "message.from_withheld" in provider.ear.heard
    await provider.hangs_up(incoming)
