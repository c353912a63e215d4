"""Parking a call and taking it back: by transfer, by code, by the orbit, and when nobody comes."""

from __future__ import annotations

from dataclasses import replace

from pbx.events.kinds import End
from tests.flow.groups import group_story
from tests.flow.office import FlowOffice
from tests.flow.phone import Phone
from tests.flow.test_calls_in import BRUNO, by_address
from tests.flow.test_transfers import hear_each_other, talking

NUMBER = ["park.number", "digit.8", "digit.0", "digit.1"]


async def parked(office: FlowOffice) -> tuple[Phone, Phone, Phone]:
    """Anna called Bruno, who has parked her on 801 and hung up; Carla is of the group."""
    anna, bruno, carla = await talking(office)
    await bruno.transfers("*85")
    await bruno.hangs_up()
    await office.clock.settle()
    assert office.switch.lot.places["801"].by == "202"
    return anna, bruno, carla


@group_story
async def test_parked_by_transfer_and_told_the_orbit(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("*85")
    assert bruno.hears == "park.number"
    ear = bruno.ear
    assert anna.hears == "music"
    (place,) = office.bus.board.parked.values()
    assert (place.orbit, place.by, place.who.line) == ("801", "202", "201")
    await office.clock.forward(3)
    assert bruno.reports[-1] == "SIP/2.0 200 OK" and ear.heard[-4:] == NUMBER
    await bruno.hangs_up()
    await carla.dials("801")
    assert hear_each_other(anna, carla) and not office.bus.board.parked
    (call,) = office.bus.board.calls.values()
    assert (call.caller.line, call.callee.line, call.answered_by) == ("201", "203", "person")
    await office.clock.forward(5)
    await carla.hangs_up()
    assert not anna.talks
    office.untold = 1
    first, second = office.stories
    assert (first.end, first.answered_line) == (End.TRANSFERRED, "202")
    assert (second.answered_by, second.answered_line, second.dialled) == ("person", "203", "801")
    assert second.because[-1].it == "203 ha ripreso la chiamata dal posto 801"


@group_story
async def test_a_phone_that_holds_before_it_transfers_is_rung_back(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.holds()
    await bruno.transfers("*85")
    assert bruno.reports[-1] == "SIP/2.0 200 OK" and not bruno.rings
    await bruno.hangs_up()
    assert bruno.rings
    assert bruno.dialog.invite.from_.display == "Parcheggio 801"
    assert bruno.dialog.invite.from_.user == "801"
    await bruno.answers()
    await office.clock.forward(0.1)
    assert bruno.hears == "park.number"
    await office.clock.forward(7)
    assert not bruno.talks and anna.hears == "music"
    await anna.hangs_up()


@group_story
async def test_who_does_not_answer_the_ring_back_is_left_alone(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.holds()
    await bruno.transfers("*85")
    await bruno.hangs_up()
    await office.clock.forward(10.1)
    assert not bruno.rings and anna.hears == "music"
    await anna.hangs_up()
    assert [each.end for each in office.stories] == [End.TRANSFERRED, End.COMPLETED]


@group_story
async def test_the_same_phone_takes_it_back_by_the_code(office: FlowOffice) -> None:
    anna, bruno, carla = await parked(office)
    await carla.dials("*85")  # of the group, and it is the only one
    assert hear_each_other(anna, carla)
    await carla.hangs_up()
    await bruno.dials("*85")
    assert bruno.hears == "announce.nothing_parked"
    await office.clock.forward(20)
    assert bruno.statuses[-1] == 404
    office.untold = 1


@group_story
async def test_a_code_with_two_digits_chooses_the_orbit(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("*8503")
    await bruno.hangs_up()
    assert set(office.switch.lot.places) == {"803"}
    await carla.dials("*8502")
    assert carla.hears == "announce.nothing_parked"
    await office.clock.forward(20)
    await carla.dials("*8599")
    assert carla.hears == "announce.no_orbit"
    await office.clock.forward(20)
    await carla.dials("*8503")
    assert hear_each_other(anna, carla)
    await anna.hangs_up()
    office.untold = 1


@group_story
async def test_a_transfer_to_an_orbits_own_number_parks_there(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("802")
    await bruno.hangs_up()
    assert set(office.switch.lot.places) == {"802"}
    dario = await office.phone("204")  # anybody of the office may take it by its number
    await dario.dials("802")
    assert hear_each_other(anna, dario) and not carla.rings
    await dario.hangs_up()
    office.untold = 1


@group_story
async def test_a_taken_orbit_gives_the_call_back_with_words(office: FlowOffice) -> None:
    anna, bruno, carla = await parked(office)
    dario = await office.phone("204")
    await dario.dials("203")
    await carla.answers()
    await carla.transfers("801")
    assert carla.hears == "announce.orbit_taken"
    await office.clock.forward(5)
    assert carla.reports[-1] == "SIP/2.0 486 Busy Here" and hear_each_other(carla, dario)
    await carla.hangs_up()
    await anna.hangs_up()
    assert not bruno.rings


@group_story
async def test_all_orbits_are_taken(office: FlowOffice) -> None:
    office.snapshot.last = replace(office.snapshot.last, orbits=("801", "802"))
    anna, _, carla = await parked(office)
    dario = await office.phone("204")
    office.switch.lot.promise("802", "204")
    await dario.dials("203")
    await carla.answers()
    await carla.transfers("*85")
    assert carla.hears == "announce.park_full"
    await office.clock.forward(5)
    assert hear_each_other(carla, dario)
    await carla.hangs_up()
    await anna.hangs_up()


@group_story
async def test_several_parked_calls_want_a_number(office: FlowOffice) -> None:
    anna, bruno, carla = await parked(office)
    dario = await office.phone("204")
    await dario.dials("202")
    await bruno.answers()
    await bruno.transfers("*85")
    await bruno.hangs_up()
    await carla.dials("*85")
    assert carla.hears == "announce.several_parked"
    await office.clock.forward(20)
    await carla.dials("802")
    assert hear_each_other(dario, carla)
    await carla.hangs_up()
    await anna.hangs_up()
    office.untold = 1


@group_story
async def test_two_take_the_same_call_and_one_hears_busy(office: FlowOffice) -> None:
    anna, bruno, carla = await parked(office)
    office.media.seconds = 0.5
    await bruno.dials("801")
    await carla.dials("801")
    await office.clock.forward(1)
    office.media.seconds = 0
    winner, loser = (bruno, carla) if bruno.talks else (carla, bruno)
    assert hear_each_other(anna, winner) and loser.statuses[-1] == 486
    await winner.hangs_up()
    office.untold = 1


@group_story
async def test_who_is_parked_hangs_up(office: FlowOffice) -> None:
    anna, _, carla = await parked(office)
    await anna.hangs_up()
    assert not office.bus.board.parked
    assert (office.story.end, office.story.ended_by) == (End.COMPLETED, "caller")
    await carla.dials("801")
    assert carla.hears == "announce.nothing_parked"
    await office.clock.forward(20)


@group_story
async def test_a_caller_from_outside_is_parked_and_taken_back(office: FlowOffice) -> None:
    provider = await by_address(office)
    bruno, carla = await office.phone("202"), await office.phone("203")
    await provider.calls_in(BRUNO)
    await bruno.answers()
    await bruno.transfers("*85")
    await bruno.hangs_up()
    assert provider.hears == "music"
    await carla.dials("801")
    assert carla.hears == provider.host
    await carla.hangs_up()
    office.untold = 1
    await provider.calls_in("801")  # nothing of this is a stranger's to dial
    await office.clock.forward(15)
    assert provider.statuses[-1] == 404


# --- a call that is held -----------------------------------------------------------------------


@group_story
async def test_holding_and_dialling_the_code_parks_who_is_held(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    first = bruno.dialog
    await bruno.holds()
    second = await bruno.dials("*85")
    assert bruno.talks and bruno.hears == "park.number"
    await office.clock.forward(4)
    await bruno.hangs_up(second)
    assert set(office.switch.lot.places) == {"801"} and anna.hears == "music"
    assert first.over and not bruno.rings
    await carla.dials("801")
    assert hear_each_other(anna, carla)
    await carla.hangs_up()
    office.untold = 1


@group_story
async def test_who_waits_to_the_end_of_the_words_has_parked(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.holds()
    await bruno.dials("*85")
    await office.clock.forward(12)
    assert set(office.switch.lot.places) == {"801"} and not bruno.talks
    await anna.hangs_up()


@group_story
async def test_an_attended_transfer_to_the_code(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    first = bruno.dialog
    await bruno.holds()
    second = await bruno.dials("*85")
    await office.clock.forward(4)
    await bruno.joins(first, second)
    assert set(office.switch.lot.places) == {"801"} and anna.hears == "music"
    assert bruno.reports[-1] == "SIP/2.0 200 OK"
    await office.clock.forward(7)
    assert first.over and second.over and not bruno.rings
    await carla.dials("801")
    assert hear_each_other(anna, carla)
    await anna.hangs_up()
    office.untold = 1


@group_story
async def test_who_takes_the_call_back_from_hold_parks_nothing(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    first = bruno.dialog
    await bruno.holds()
    second = await bruno.dials("*85")
    await office.clock.forward(4)
    await bruno.holds(held=False, dialog=first)
    await bruno.hangs_up(second)
    assert not office.switch.lot.places and not first.over and anna.talks
    await anna.hangs_up()
    assert first.over


@group_story
async def test_who_hangs_up_before_the_number_was_said_parks_nothing(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.holds()
    second = await bruno.dials("*85")
    await bruno.hangs_up(second)
    assert not office.switch.lot.places and anna.talks
    await anna.hangs_up()


# --- when nobody comes -------------------------------------------------------------------------


@group_story
async def test_it_comes_back_to_who_parked_it(office: FlowOffice) -> None:
    anna, bruno, _ = await parked(office)
    await office.clock.forward(119)
    assert not bruno.rings
    await office.clock.forward(2)
    assert bruno.rings and anna.hears == "tone:ringback"
    assert bruno.dialog.invite.from_.display == "Parcheggio 801: Anna Bianchi"
    assert bruno.dialog.invite.from_.user == "201"
    assert "recall" in bruno.dialog.invite.get("Alert-Info")
    await bruno.answers()
    assert hear_each_other(anna, bruno) and not office.bus.board.parked
    await bruno.hangs_up()
    assert office.story.answered_line == "202"


@group_story
async def test_taken_back_by_another_while_it_rings_at_the_parker(office: FlowOffice) -> None:
    anna, bruno, carla = await parked(office)
    await office.clock.forward(121)
    assert bruno.rings
    await carla.dials("801")
    assert hear_each_other(anna, carla) and not bruno.rings
    await carla.hangs_up()
    office.untold = 1
    assert not office.bus.board.parked


@group_story
async def test_nobody_answers_and_the_operator_is_called(office: FlowOffice) -> None:
    office.snapshot.last = replace(office.snapshot.last, park_operator="204", park_recall=60)
    anna, bruno, _ = await parked(office)
    dario = await office.phone("204")
    await office.clock.forward(61)
    assert bruno.rings
    await office.clock.forward(30.5)
    assert not bruno.rings and dario.rings
    assert dario.dialog.invite.from_.display == "Parcheggio 801: Anna Bianchi"
    await office.clock.forward(30.5)
    assert not dario.rings and anna.hears == "music"
    assert "801" in office.bus.board.parked
    await office.clock.forward(60.5)
    assert bruno.rings
    await bruno.refuses_call(486)
    assert dario.rings
    await dario.answers()
    assert hear_each_other(anna, dario)
    await dario.hangs_up()
    office.untold = 3  # recalls that nobody took are no calls of their own
    words = [each.it for each in office.stories[1].because]
    assert "Ha squillato a 202 dal posto 801; nessuno l'ha presa" in words


@group_story
async def test_no_mailbox_takes_a_call_that_comes_back(office: FlowOffice) -> None:
    people = {
        line: replace(person, has_mailbox=True)
        for line, person in office.snapshot.last.lines.items()
    }
    office.snapshot.last = replace(office.snapshot.last, lines=people)
    anna, bruno, _ = await parked(office)
    await office.clock.forward(121)
    await bruno.refuses_call(603)
    assert anna.hears == "music" and not office.served
    await anna.hangs_up()
    office.untold = 1


@group_story
async def test_after_twenty_minutes_it_is_over_with_words(office: FlowOffice) -> None:
    anna, _, _ = await parked(office)
    for _ in range(13):
        await office.clock.forward(100)
        if not anna.talks or anna.hears == "announce.park_over":
            break
    assert anna.hears == "announce.park_over"
    await office.clock.forward(10)
    assert not anna.talks and not office.bus.board.parked
    assert (office.story.end, office.story.ended_by) == (End.NO_ANSWER, "office")
    office.untold = len([f for f in office.facts if type(f).__name__ == "CallStarted"]) - 2


@group_story
async def test_from_the_page_by_click_to_dial(office: FlowOffice) -> None:
    anna, _, carla = await parked(office)
    office.hub.dial("203", "801")
    await office.clock.settle()
    assert carla.rings
    await carla.answers()
    assert hear_each_other(anna, carla)
    await carla.hangs_up()
    office.untold = 1


@group_story
async def test_the_house_closes_with_a_parked_call(office: FlowOffice) -> None:
    anna, _, _ = await parked(office)
    await office.hub.stop()
    await office.clock.settle()
    assert not anna.talks and not office.bus.board.parked
