"""Answering a colleague's call: *8, **EXT and the key of a lamp."""

from __future__ import annotations

from dataclasses import replace

from pbx.calls.pickup import lamp_id
from pbx.events.kinds import End
from pbx.routing.facts import Arrival
from pbx.routing.office import PickupGroup
from tests.flow.groups import group_story
from tests.flow.office import FlowOffice
from tests.flow.phone import Phone
from tests.flow.test_calls_in import BRUNO, by_address
from tests.flow.test_transfers import hear_each_other


async def phones(office: FlowOffice) -> tuple[Phone, Phone, Phone, Phone]:
    """Anna, Bruno, Carla of the group, and Dario who is in none."""
    anna, bruno, carla, dario = [await office.phone(line) for line in ("201", "202", "203", "204")]
    return anna, bruno, carla, dario


@group_story
async def test_a_colleague_answers_what_rings(office: FlowOffice) -> None:
    _, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    await office.clock.forward(3)
    await carla.dials("*8")
    assert carla.talks and not bruno.rings
    assert hear_each_other(dario, carla)
    (call,) = office.bus.board.calls.values()
    assert (call.caller.line, call.callee.line, call.state) == ("204", "203", "talking")
    await office.clock.forward(5)
    await carla.hangs_up()
    assert not dario.talks
    office.untold = 1
    told = office.story
    assert (told.to_line, told.answered_line, told.answered_by) == ("202", "203", "person")
    assert (told.end, told.ended_by) == (End.COMPLETED, "callee")
    assert told.because[-1].it == "203 ha risposto per conto di 202 Bruno Conti"
    assert [(each.line, each.status) for each in told.tried] == [("202", 487), ("203", 200)]


@group_story
async def test_the_phone_that_picks_up_shows_who_calls(office: FlowOffice) -> None:
    _, _, carla, dario = await phones(office)
    await dario.dials("202")
    await carla.dials("*8")
    answer = next(e.response for e in carla.events if hasattr(e, "sdp") and hasattr(e, "response"))
    assert "204" in answer.get("P-Asserted-Identity")
    office.untold = 1
    await dario.hangs_up()


@group_story
async def test_the_one_that_rings_longest_is_taken(office: FlowOffice) -> None:
    anna, bruno, carla, dario = await phones(office)
    second = await office.phone("204")
    await dario.dials("202")
    await office.clock.forward(2)
    await second.dials("203")
    await office.clock.forward(1)
    await anna.dials("*8")
    assert hear_each_other(dario, anna) and carla.rings and not bruno.rings
    await anna.hangs_up()
    await anna.dials("*8")
    assert hear_each_other(second, anna) and not carla.rings
    await anna.hangs_up()
    office.untold = 2


@group_story
async def test_nothing_rings_and_it_is_said(office: FlowOffice) -> None:
    anna, bruno, _, dario = await phones(office)
    await bruno.dials("204")  # a call that leaves the group, and one's own call
    await anna.dials("202")
    await anna.dials("*8")
    assert anna.hears == "announce.nothing_rings"
    await office.clock.forward(20)
    assert anna.statuses[-1] == 404 and dario.rings
    for phone in (anna, bruno):
        for dialog in phone.dialogs:
            if not dialog.over:
                await phone.hangs_up(dialog)


@group_story
async def test_who_is_in_no_group_is_told(office: FlowOffice) -> None:
    anna, bruno, _, dario = await phones(office)
    await anna.dials("202")
    await dario.dials("*8")
    assert dario.hears == "announce.pickup_no_group"
    await office.clock.forward(20)
    assert dario.statuses[-1] == 403
    await dario.dials("**202")
    assert dario.hears == "announce.pickup_not_allowed"
    await office.clock.forward(20)
    assert dario.statuses[-1] == 403 and bruno.rings
    office.snapshot.last = replace(office.snapshot.last, pickup_all=True)
    await dario.dials("**202")
    assert hear_each_other(anna, dario)
    await dario.hangs_up()
    office.untold = 1


@group_story
async def test_one_extension_by_name(office: FlowOffice) -> None:
    anna, bruno, carla, dario = await phones(office)
    second = await office.phone("204")
    await dario.dials("202")
    await office.clock.forward(1)
    await second.dials("203")
    await anna.dials("**203")
    assert hear_each_other(second, anna) and bruno.rings
    await anna.hangs_up()
    await anna.dials("**203")
    assert anna.hears == "announce.nothing_rings"
    await office.clock.forward(20)
    await bruno.dials("**202")  # one's own
    assert bruno.hears == "announce.nothing_rings"
    await office.clock.forward(20)
    await dario.hangs_up()
    office.untold = 1
    assert not carla.rings


@group_story
async def test_the_phone_answers_first_and_the_other_hears_busy(office: FlowOffice) -> None:
    _, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    office.media.seconds = 0.5  # a stream takes its time, and meanwhile Bruno answers
    await carla.dials("*8")
    await bruno.answers()
    await office.clock.forward(1)
    assert carla.statuses[-1] == 486
    assert hear_each_other(dario, bruno)
    office.media.seconds = 0
    await bruno.hangs_up()
    assert {each.answered_line for each in office.stories} == {"", "202"}


@group_story
async def test_two_colleagues_at_once(office: FlowOffice) -> None:
    anna, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    office.media.seconds = 0.5
    await anna.dials("*8")
    await carla.dials("*8")
    await office.clock.forward(2)
    winner, loser = (anna, carla) if anna.talks else (carla, anna)
    assert hear_each_other(dario, winner) and not bruno.rings
    assert loser.statuses[-1] in (486, 404)
    office.media.seconds = 0
    await winner.hangs_up()
    office.untold = 1


@group_story
async def test_who_picks_up_hangs_up_while_the_stream_opens(office: FlowOffice) -> None:
    _, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    office.media.seconds = 0.5
    await carla.dials("*8")
    await carla.hangs_up()
    await office.clock.forward(2)
    assert bruno.rings
    office.media.seconds = 0
    await bruno.answers()
    assert hear_each_other(dario, bruno)
    await dario.hangs_up()


@group_story
async def test_calls_of_a_hunt_group_only_where_the_group_says_so(office: FlowOffice) -> None:
    _, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    (call,) = office.hub.calls.values()
    call.facts = replace(call.facts, arrival=Arrival.HUNT)
    await carla.dials("*8")
    assert carla.hears == "announce.nothing_rings"
    await office.clock.forward(20)
    group = PickupGroup("Vendite", frozenset({"202", "203"}), hunt_calls=True)
    office.snapshot.last = replace(office.snapshot.last, pickup={1: group})
    await carla.dials("*8")
    assert hear_each_other(dario, carla) and not bruno.rings
    await carla.hangs_up()
    office.untold = 1


@group_story
async def test_a_call_from_outside(office: FlowOffice) -> None:
    anna, bruno, carla, _ = await phones(office)
    provider = await by_address(office)
    await provider.calls_in(BRUNO)
    assert bruno.rings
    await carla.dials("*8")
    assert carla.talks and not bruno.rings
    assert carla.hears == provider.host and provider.hears == carla.host
    await carla.hangs_up()
    office.untold = 1
    assert (office.story.to_line, office.story.answered_line) == ("202", "203")
    await provider.calls_in("*8")  # a stranger has no codes
    await office.clock.forward(15)
    assert provider.statuses[-1] == 404 and not anna.rings


@group_story
async def test_no_call_is_forwarded_to_a_code(office: FlowOffice) -> None:
    anna, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    await anna.dials("203")
    await carla.answers()
    await anna.transfers("*8")
    await office.clock.forward(15)
    assert bruno.rings and hear_each_other(anna, carla)
    await anna.hangs_up()
    carla.forwards = "*8"
    second = await office.phone("201")
    await second.dials("203")
    await office.clock.forward(15)
    assert bruno.rings and not second.talks
    await dario.hangs_up()


# --- lamps -------------------------------------------------------------------------------------


@group_story
async def test_a_lamps_key_takes_the_early_dialog(office: FlowOffice) -> None:
    _, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    await carla.takes_over(bruno.dialog, early_only=True)
    assert hear_each_other(dario, carla) and not bruno.rings
    await carla.hangs_up()
    assert (office.story.to_line, office.story.answered_line) == ("202", "203")


@group_story
async def test_a_lamps_key_by_the_id_that_lamps_are_told(office: FlowOffice) -> None:
    _, bruno, carla, dario = await phones(office)
    await dario.dials("202")
    (call,) = office.hub.calls
    asked = f"{lamp_id(call)};to-tag=202;from-tag=x;early-only"
    await carla.dials("202", headers=[("Replaces", asked)])
    assert hear_each_other(dario, carla) and not bruno.rings
    await carla.dials("202", headers=[("Replaces", asked)])
    assert carla.statuses[-1] == 481
    await dario.hangs_up()


@group_story
async def test_a_lamps_key_of_a_stranger_takes_nothing(office: FlowOffice) -> None:
    anna, bruno, carla, dario = await phones(office)
    await anna.dials("202")
    await dario.takes_over(bruno.dialog, early_only=True)
    assert dario.statuses[-1] == 403 and bruno.rings
    second = await office.phone("201")
    await second.takes_over(bruno.dialog, early_only=True)  # the caller's own other phone
    assert second.statuses[-1] == 403 and bruno.rings
    await bruno.answers()
    await carla.takes_over(bruno.dialog, early_only=True)  # an established call is nobody's
    assert carla.statuses[-1] == 403
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()


@group_story
async def test_a_suspended_phone_takes_nobodys_call_by_dialling_for_help(
    office: FlowOffice,
) -> None:
    """Such a phone is let in for 112 alone: a Replaces beside it must not be its way in."""
    provider = await by_address(office)
    _, bruno, carla, dario = await phones(office)
    last = office.snapshot.last
    accounts = dict(last.accounts)
    suspended = {"203": accounts.pop("203")}
    office.snapshot.last = replace(last, accounts=accounts, suspended=suspended)
    await dario.dials("202")
    (call,) = office.hub.calls
    asked = f"{lamp_id(call)};to-tag=202;from-tag=x;early-only"
    await carla.dials("112", headers=[("Replaces", asked)])
    assert bruno.rings and not carla.talks
    assert provider.invite.uri.startswith("sip:112@"), "help is what it gets"
    await dario.hangs_up()
    await carla.hangs_up()
