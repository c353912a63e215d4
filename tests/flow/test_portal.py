"""Calls asked for by the portal: one's own phone first, then the number; hanging up from there."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from pbx.events.kinds import CallStarted, End
from pbx.routing.callers import Caller
from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.phone import Phone


async def asked(office: FlowOffice, number: str = "202") -> tuple[str, Phone, Phone]:
    """Anna's page asks for a number; her phone rings."""
    anna, bruno = await office.phone("201"), await office.phone("202")
    call = office.hub.dial("201", number)
    await office.clock.settle()
    assert anna.rings and not bruno.rings
    return call, anna, bruno


def board_state(office: FlowOffice, call: str) -> str:
    """As the page shows it."""
    return office.bus.board.calls[call].state if call in office.bus.board.calls else "ended"


@story
async def test_the_states_that_the_page_shows(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    shown = office.bus.board.calls[call]
    assert shown.from_web and shown.state == "trying"
    assert (shown.caller.name, shown.callee.name) == ("Anna Bianchi", "Bruno Conti")
    assert anna.dialog.invite.from_.display == "Bruno Conti"  # whom she is about to call
    await anna.answers()
    assert board_state(office, call) == "ringing"
    assert bruno.dialog.invite.from_.display == "Anna Bianchi"
    await bruno.answers()
    assert board_state(office, call) == "talking"
    await anna.hangs_up()
    assert board_state(office, call) == "ended"
    told = office.story
    assert told.from_web and (told.from_line, told.to_line) == ("201", "202")
    assert told.caller.name == "Anna Bianchi" and told.caller.number == "201"
    assert (told.end, told.ended_by, told.answered_by) == (End.COMPLETED, "caller", "person")


@story
async def test_all_own_phones_ring_and_one_is_picked_up(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    second = await office.phone("201")
    await anna.hangs_up()
    await office.clock.settle()
    call = office.hub.dial("201", "202")
    await office.clock.settle()
    assert anna.rings and second.rings
    await second.answers()
    assert not anna.rings and bruno.rings
    await bruno.answers()
    assert second.hears == bruno.host
    office.hub.hang_up(call)


@story
async def test_the_own_phone_does_not_answer(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    await office.clock.forward(29)
    assert anna.rings
    await office.clock.forward(2)
    assert not anna.rings and not bruno.dialogs
    assert board_state(office, call) == "ended"
    assert (office.story.end, office.story.ended_by) == (End.NO_ANSWER, "office")
    assert [(each.line, each.status) for each in office.story.tried] == [("201", 487)]
    assert office.story.because[-1].it == "Il tuo telefono non ha risposto"


@story
async def test_the_own_phone_is_busy_or_declines(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    for status, end in ((486, End.BUSY), (603, End.DECLINED), (480, End.UNAVAILABLE)):
        anna.refuses = status
        office.hub.dial("201", "202")
        await office.clock.settle()
        assert office.story.end is end and office.story.status == status
        assert [(each.line, each.status) for each in office.story.tried] == [("201", status)]
    assert not bruno.dialogs


@story
async def test_no_own_phone_is_registered(office: FlowOffice) -> None:
    bruno = await office.phone("202")
    call = office.hub.dial("201", "202")
    await office.clock.settle()
    assert not bruno.dialogs and board_state(office, call) == "ended"
    assert office.story.end is End.UNAVAILABLE


@story
async def test_an_unknown_line_asks_for_nothing(office: FlowOffice) -> None:
    bruno = await office.phone("202")
    office.hub.dial("299", "202")
    await office.clock.settle()
    assert not bruno.dialogs and office.story.end is End.UNAVAILABLE


@story_without_mailbox
async def test_the_number_is_busy(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    bruno.refuses = 486
    await anna.answers()
    assert anna.hears == "tone:busy"
    await office.clock.forward(15)
    assert not anna.talks
    assert (office.story.end, office.story.status) == (End.BUSY, 486)
    assert not office.story.answered_by


@story_without_mailbox
async def test_hanging_up_during_the_busy_tone(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    bruno.refuses = 486
    await anna.answers()
    await anna.hangs_up()
    await office.clock.settle()
    assert (office.story.end, office.story.status) == (End.BUSY, 486)


@story
async def test_the_number_does_not_exist(office: FlowOffice) -> None:
    call, anna, _ = await asked(office, "299")
    await anna.answers()
    assert anna.hears == "announce.unknown_number"
    await office.clock.forward(30)
    assert not anna.talks and office.story.end is End.NOT_FOUND


@story
async def test_the_number_is_a_service_or_a_mailbox(office: FlowOffice) -> None:
    call, anna, _ = await asked(office, "*600")
    await anna.answers()
    assert office.served == [("echo", "")]
    await anna.hangs_up()
    assert office.story.answered_by == "service"


@story
async def test_nobody_answers_and_the_mailbox_does(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    await anna.answers()
    await office.clock.forward(31)
    assert office.served == [("voicemail_deposit", "202 unanswered")]
    assert anna.hears == "mailbox.greeting.unanswered"
    await anna.hangs_up()


@story
async def test_words_before_the_answer_reach_who_is_connected_already(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    second = await office.phone("202")
    await anna.answers()
    assert anna.hears == "tone:ringback" and anna.ear.heard.count("tone:ringback") == 1
    await bruno.plays_before_answering()
    assert anna.hears == bruno.host
    await bruno.refuses_call(486)
    assert anna.hears == "tone:ringback"
    await second.answers()
    assert anna.hears == second.host and second.hears == anna.host
    office.hub.hang_up(call)


@story
async def test_the_origin_hangs_up_while_it_rings(office: FlowOffice) -> None:
    call, anna, bruno = await asked(office)
    await anna.answers()
    await anna.hangs_up()
    await office.clock.settle()
    assert not bruno.rings
    assert (office.story.end, office.story.ended_by) == (End.CANCELLED, "caller")


@story
async def test_the_page_hangs_up_in_every_state(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")

    async def ended(call: str) -> None:
        assert office.hub.hang_up(call, line="201")
        await office.clock.forward(2)
        assert not anna.rings and not anna.talks and not bruno.rings and not bruno.talks
        assert not office.hub.hang_up(call)
        assert (office.story.id, office.story.ended_by) == (call, "portal")

    call = office.hub.dial("201", "202")
    await ended(call)  # before anything began
    assert not anna.dialogs and office.story.end is End.CANCELLED

    office.media.seconds = 1.0
    call = office.hub.dial("201", "202")
    await office.clock.forward(0.5)
    await ended(call)  # while the sound for the own phone is set up
    assert not anna.dialogs and office.story.end is End.CANCELLED
    office.media.seconds = 0.0

    call = office.hub.dial("201", "202")
    await office.clock.settle()
    assert anna.rings
    await ended(call)
    assert office.story.end is End.CANCELLED

    call = office.hub.dial("201", "202")
    await office.clock.settle()
    anna.dialog.accept(anna._answer(anna.dialog))
    anna.pump()
    await office.clock.turns(1)
    office.hub.hang_up(call)
    await office.clock.settle()
    assert not anna.talks and not bruno.rings and office.story.ended_by == "portal"

    call = office.hub.dial("201", "202")
    await office.clock.settle()
    await anna.answers()
    assert bruno.rings
    await ended(call)
    assert office.story.end is End.CANCELLED

    call = office.hub.dial("201", "202")
    await office.clock.settle()
    await anna.answers()
    await bruno.answers()
    await ended(call)
    assert office.story.end is End.COMPLETED

    call = office.hub.dial("201", "*600")
    await office.clock.settle()
    await anna.answers()
    await ended(call)


@story
async def test_the_page_hangs_up_a_dialled_call_that_rings(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    (call,) = office.hub.calls
    assert not office.hub.hang_up(call, line="203")
    assert office.hub.hang_up(call, line="201")
    await office.clock.settle()
    assert not bruno.rings
    assert (office.story.end, office.story.ended_by) == (End.CANCELLED, "portal")


@story
async def test_a_repeated_request_rings_once(office: FlowOffice) -> None:
    anna, carla = await office.phone("201"), await office.phone("203")
    first = office.hub.dial("201", "202", key="same")
    assert office.hub.dial("201", "202", key="same") == first
    await office.clock.settle()
    assert len(anna.dialogs) == 1
    assert office.hub.dial("203", "202", key="same") != first  # somebody else's page
    await office.clock.settle()
    assert carla.rings
    await anna.refuses_call(486)
    await carla.refuses_call(486)
    assert office.hub.dial("201", "202", key="same") == first  # still the same request
    await office.clock.forward(61)
    assert office.hub.dial("201", "202", key="same") != first
    await office.clock.settle()
    await anna.refuses_call(486)
    assert office.hub.dial("201", "202") == office.hub.dial("201", "202")  # while it rings
    await office.clock.settle()
    assert len(anna.dialogs) == 3
    await office.hub.stop()
    assert len([fact for fact in office.facts if isinstance(fact, CallStarted)]) == 4


@story
async def test_the_office_closes(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    await anna.dials("202")
    await bruno.answers()
    await carla.dials("204")
    await office.hub.stop()
    await office.clock.settle()
    assert not anna.talks and not bruno.talks and not dario.rings
    assert {each.ended_by for each in office.stories} == {"office"}


@story
async def test_a_call_by_a_click_meets_what_its_callee_has_set(office: FlowOffice) -> None:
    """Whoever Bruno turns away gets no further by the page than by the telephone."""
    anna, bruno = await office.phone("201"), await office.phone("202")
    turned_away = Caller("extension", "201", "Anna", 1, frozenset({"201"}))
    office.sets(
        "202",
        options={"selective_reject": {"enabled": True}},
        callers={"selective_reject": (turned_away,)},
    )
    office.hub.dial("201", "202")
    await office.clock.settle()
    await anna.answers()
    assert not bruno.rings and not bruno.dialogs
    assert anna.hears == "announce.declined"
    await anna.hangs_up()


@story
async def test_a_click_on_the_own_number_opens_the_own_mailbox(office: FlowOffice) -> None:
    anna = await office.phone("201")
    office.hub.dial("201", "201")
    await office.clock.settle()
    await anna.answers()
    await office.clock.settle()
    assert [app for app, _ in office.served] == ["voicemail_menu"], "as when a phone dials it"
    await anna.hangs_up()
