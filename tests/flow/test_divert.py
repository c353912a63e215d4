"""A call that rings is sent on from the page: to the mailbox, to a colleague; each race, and what
somebody else's page may not do."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from dataclasses import replace

from pbx.calls.divert import divert
from pbx.events.board import Rings
from pbx.events.kinds import Diverted, End, Party, Through
from pbx.routing.callers import Caller
from pbx.routing.office import DirectNumber
from pbx.store.records import record_of
from tests.flow.groups import group_story
from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.test_calls_out import reasons, with_provider
from tests.flow.test_park import parked
from tests.flow.test_ring_plan import option, plan, reason_of, row
from tests.flow.test_ringing import statuses

ALL = ("decline", "mailbox", "colleague")
OVER = "La chiamata è già finita"


def only_call(office: FlowOffice) -> str:
    (call,) = office.bus.board.calls
    return call


def sends_on(office: FlowOffice, line: str, to: str, *, call: str = "") -> Diverted:
    """What the page of this line asks for."""
    return divert(office.hub.calls.get(call or only_call(office)), line, to)


def rings_at(office: FlowOffice) -> dict[str, Rings]:
    """As pages show the only call."""
    return dict(office.bus.board.calls[only_call(office)].rings)


@story
async def test_to_a_colleague(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    assert rings_at(office)["202"].may == ALL and rings_at(office)["202"].through == Through()
    done = sends_on(office, "202", "203")
    assert done == Diverted(
        True, "Chiamata inoltrata a Carla De Luca", "Call forwarded to Carla De Luca"
    )
    await office.clock.settle()
    assert not bruno.rings and carla.rings
    (line,) = rings_at(office)
    assert line == "203"
    assert rings_at(office)["203"].through == Through("forward", Party("202", "Bruno Conti", "202"))
    assert not office.bus.board.calls_of("202"), "nothing of it is Bruno's any more"
    assert b"Call completed elsewhere" in reason_of(office, "CANCEL")[0], "no missed call there"
    await carla.answers()
    assert anna.hears == carla.host and not rings_at(office)
    await anna.hangs_up()
    told = office.story
    assert (told.to_line, told.answered_line, told.end) == ("202", "203", End.COMPLETED)
    assert record_of(told, office.snapshot.last).forwarded, "received, and sent on"
    assert statuses(office) == [("202", 487), ("203", 200)]
    assert "202 Bruno Conti l'ha inoltrata all'interno 203 (Carla De Luca)" in reasons(office)


@story
async def test_the_colleague_does_not_answer_and_the_own_mailbox_does(office: FlowOffice) -> None:
    anna, _, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    await office.clock.forward(5)
    assert sends_on(office, "202", "203").done
    await office.clock.settle()
    await office.clock.forward(44)
    assert carla.rings, "45 seconds are hers"
    await office.clock.forward(2)
    assert not carla.rings and office.served == [("voicemail_deposit", "202 unanswered")]
    await anna.hangs_up()
    assert office.story.to_line == "202"
    assert not record_of(office.story, office.snapshot.last).forwarded, "missed by who was called"


@story
async def test_to_the_mailbox(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    done = sends_on(office, "202", "mailbox")
    assert (done.done, done.it) == (True, "Chi chiama va in segreteria")
    await office.clock.settle()
    assert not bruno.rings and office.served == [("voicemail_deposit", "202 unanswered")]
    assert anna.hears == "mailbox.greeting.unanswered" and not rings_at(office)
    again = sends_on(office, "202", "203")
    assert (again.done, again.it) == (False, "È già in segreteria")
    await anna.hangs_up()
    assert office.story.answered_by == "mailbox" and "mandata in segreteria" in reasons(office)


@story_without_mailbox
async def test_without_a_mailbox_there_is_none_to_send_it_to(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    assert rings_at(office)["202"].may == ("decline", "colleague")
    assert not sends_on(office, "202", "mailbox").done and bruno.rings
    assert sends_on(office, "202", "203").done
    await office.clock.settle()
    await carla.refuses_call(486)
    await office.clock.settle()
    assert office.story.end is End.BUSY


@story
async def test_what_the_colleague_has_set_goes(office: FlowOffice) -> None:
    """Do not disturb, her own forward, her list of callers that she rejects."""
    anna, _, carla, dario = [await office.phone(line) for line in ("201", "202", "203", "204")]
    option(office, "203", "do_not_disturb", enabled=True)
    await anna.dials("202")
    assert sends_on(office, "202", "203").done
    await office.clock.settle()
    assert not carla.rings and office.served == [("voicemail_deposit", "202 busy")]
    await anna.hangs_up()
    await office.clock.settle()

    option(office, "203", "do_not_disturb", enabled=False)
    option(office, "203", "forward_all", enabled=True, number="204")
    await anna.dials("202")
    assert sends_on(office, "202", "203").done
    await office.clock.settle()
    assert dario.rings and not carla.rings
    assert office.hub.calls[only_call(office)].facts.diverted_by == ("202", "203")
    back = sends_on(office, "204", "203")
    assert not back.done and "tornerebbe indietro" in back.it and dario.rings
    await anna.hangs_up()
    await office.clock.settle()

    option(office, "203", "forward_all", enabled=False)
    turned_away = Caller("extension", "201", "Anna", 1, frozenset({"201"}))
    office.sets(
        "203",
        options={"selective_reject": {"enabled": True}},
        callers={"selective_reject": (turned_away,)},
    )
    await anna.dials("202")
    assert sends_on(office, "202", "203").done
    await office.clock.settle()
    assert not carla.rings and anna.hears == "announce.declined"
    await anna.hangs_up()


@story
async def test_five_times_and_then_no_more(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    here = office.hub.calls[only_call(office)]
    here.facts = replace(here.facts, diverted_by=("203",) * 5, causes=(302,) * 5)
    refused = sends_on(office, "202", "204")
    assert not refused.done and "non si può più inoltrare" in refused.it and bruno.rings
    await anna.hangs_up()


# --- races -----------------------------------------------------------------------------------


@story
async def test_it_is_answered_in_the_same_instant(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    bruno.dialog.accept(bruno._answer(bruno.dialog))
    bruno.pump()
    await office.clock.turns(1)
    late = sends_on(office, "202", "203")
    await office.clock.settle()
    assert bruno.talks and not carla.dialogs and not late.done
    later = sends_on(office, "202", "mailbox")
    assert (later.done, later.it) == (False, "Hai già risposto")
    await anna.hangs_up()


@story
async def test_the_answer_that_crosses_loses(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    assert sends_on(office, "202", "203").done
    bruno.dialog.accept(bruno._answer(bruno.dialog))
    bruno.pump()
    await office.clock.settle()
    assert carla.rings and not bruno.talks
    await carla.answers()
    assert anna.hears == carla.host
    await anna.hangs_up()


@group_story
async def test_a_colleague_picked_it_up(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    dario = await office.phone("204")
    await dario.dials("202")
    call = only_call(office)
    await carla.dials("*8")
    assert carla.talks and not bruno.rings and not office.bus.board.calls[call].rings
    late = sends_on(office, "202", "201", call=call)
    assert (late.done, late.it) == (False, "Ha già risposto Carla De Luca")
    await dario.hangs_up()
    office.untold = 1
    assert not anna.dialogs


@story
async def test_the_caller_is_gone(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    call = only_call(office)
    await anna.hangs_up()
    late = sends_on(office, "202", "203", call=call)
    assert (late.done, late.it) == (False, OVER)
    await office.clock.settle()
    assert sends_on(office, "202", "203", call=call).it == OVER
    assert not bruno.rings and not carla.dialogs


@story
async def test_two_pages_at_once(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    await anna.dials("202")
    first, second = sends_on(office, "202", "203"), sends_on(office, "202", "204")
    assert first.done and not second.done
    await office.clock.settle()
    assert carla.rings and not dario.dialogs
    third = sends_on(office, "202", "204")
    assert (third.done, third.it) == (False, "La chiamata non squilla più da te")
    await anna.hangs_up()


@story
async def test_declined_and_sent_on_at_once(office: FlowOffice) -> None:
    anna, _, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    assert office.hub.hang_up(only_call(office), line="202")
    assert not sends_on(office, "202", "203").done
    await office.clock.settle()
    assert not carla.dialogs and office.served == [("voicemail_deposit", "202 unanswered")]
    await anna.hangs_up()


# --- whose call it is --------------------------------------------------------------------------


@story
async def test_who_rings_along_may_only_decline(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    plan(office, row("", "xxx"), row("203", ".xx"))
    await anna.dials("202")
    assert set(rings_at(office)) == {"202"}
    await office.clock.forward(11)
    assert set(rings_at(office)) == {"202", "203"}
    hers = rings_at(office)["203"]
    assert hers.may == ("decline",)
    assert hers.through == Through("plan", Party("202", "Bruno Conti", "202"))
    assert [call.call for call in office.bus.board.calls_of("202")] == [only_call(office)]
    for to in ("mailbox", "204"):
        refused = sends_on(office, "203", to)
        assert (refused.done, refused.it) == (
            False, "La chiamata è per Bruno Conti: puoi solo rifiutarla",
        )  # fmt: skip
    assert office.hub.hang_up(only_call(office), line="203")
    await office.clock.settle()
    assert bruno.rings and not carla.rings and set(rings_at(office)) == {"202"}
    assert sends_on(office, "202", "204").done
    await office.clock.settle()
    assert dario.rings and not bruno.rings
    await anna.hangs_up()


@story
async def test_a_phone_of_several_stops_and_the_line_still_rings(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(line) for line in ("201", "202", "202")]
    await anna.dials("202")
    await desk.refuses_call(486)
    assert cordless.rings and set(rings_at(office)) == {"202"}
    await cordless.refuses_call(486)
    await office.clock.settle()
    assert not rings_at(office)
    await anna.hangs_up()


@story
async def test_forged_requests_move_nothing(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    for line in ("201", "203", "204", "", "299", "mailbox", "+390255501201", "2" * 10000):
        for to in ("203", "mailbox"):
            assert sends_on(office, line, to).it == OVER, "nor is it said that there is a call"
    for to in ("", "*600", "112", "+393355501470", "0335550147", "202", "x" * 10000, "🙂"):
        assert not sends_on(office, "202", to).done
    assert sends_on(office, "202", "203", call="no such call").it == OVER
    assert bruno.rings and not carla.dialogs
    await bruno.answers()
    assert not sends_on(office, "203", "201").done and sends_on(office, "203", "201").it == OVER
    await anna.hangs_up()


# --- what brought it ---------------------------------------------------------------------------


@story
async def test_a_call_from_outside_by_a_number_of_the_office(office: FlowOffice) -> None:
    provider = await with_provider(office)
    bruno, carla = await office.phone("202"), await office.phone("203")
    direct = DirectNumber("+390255501200", "line", "202", label="Vendite")
    office.snapshot.last = replace(office.snapshot.last, direct_numbers={direct.number: direct})
    await provider.calls_in("+390255501200", "+390698765432")
    assert bruno.rings
    through = rings_at(office)["202"].through
    assert through == Through("number", Party("+390255501200", "Vendite"))
    assert sends_on(office, "202", "203").done
    await office.clock.settle()
    assert carla.rings and carla.dialog.invite.from_.user == "+390698765432"
    await carla.answers()
    await carla.hangs_up()
    assert office.story.to_line == "202" and office.story.answered_line == "203"


@group_story
async def test_a_parked_call_that_comes_back(office: FlowOffice) -> None:
    anna, bruno, carla = await parked(office)
    await office.clock.forward(121)
    assert bruno.rings
    (call,) = [each for each in office.bus.board.calls.values() if each.rings]
    assert call.rings["202"].through == Through("orbit", Party("202", "Bruno Conti", "202"), "801")
    assert call.rings["202"].may == ("decline", "colleague")
    assert sends_on(office, "202", "203", call=call.call).done
    await office.clock.settle()
    assert carla.rings and not bruno.rings
    await office.clock.forward(31)
    assert not carla.rings and anna.hears == "music", "back on its place"
    await anna.hangs_up()
    office.untold = 1


@story
async def test_a_call_that_was_transferred(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    await bruno.answers()
    await bruno.transfers("203")
    await office.clock.settle()
    assert carla.rings
    (call,) = [each for each in office.bus.board.calls.values() if each.rings]
    assert call.rings["203"].through == Through("transfer", Party("202", "Bruno Conti", "202"))
    assert sends_on(office, "203", "mailbox", call=call.call).done
    await office.clock.settle()
    assert office.served == [("voicemail_deposit", "203 unanswered")]
    await anna.hangs_up()
