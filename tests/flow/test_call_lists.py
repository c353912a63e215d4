"""In which lists a call stands afterwards: missed, received, rejected (behaviour s.10)."""

# mypy: no-warn-unreachable
from __future__ import annotations

from dataclasses import replace

from officesmart.lists import outcome
from pbx.calls.divert import divert
from pbx.routing.callers import Caller
from pbx.store import history
from tests.flow.groups import furnish
from tests.flow.mailboxes import MailOffice, mail_story
from tests.flow.test_calls_out import with_provider
from tests.flow.test_ring_plan import option, plan, row

Lists = dict[str, list[tuple[str, str]]]
ANNA = Caller("extension", "201", "Anna Bianchi", 1, frozenset(("201",)))
MOBILE = "+393355501470"


async def lists_of(office: MailOffice, line: str) -> Lists:
    """The lists of a line that have a call: the other side, and what came of it."""
    await office.clock.settle()
    await office.records.flush()
    with office.database.reading() as session:
        found = {
            kind: [
                (call.number, f"{outcome(call)} {call.onward} {call.onward_name}".strip())
                for call in history.listed(session, int(line), kind)
            ]
            for kind in ("missed", "received", "rejected", "dialled")
        }
    return {kind: rows for kind, rows in found.items() if rows}


@mail_story
async def test_nobody_answers_and_the_caller_gives_up(office: MailOffice) -> None:
    anna, _ = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await office.clock.forward(5)
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"missed": [("201", "cancelled")]}
    assert await lists_of(office, "201") == {"dialled": [("202", "cancelled")]}


@mail_story
async def test_declined_by_its_person_is_missed(office: MailOffice) -> None:
    """Nobody answered it; rejected calls are those that rules refused."""
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.refuses_call(603)
    await office.clock.forward(2)
    await anna.hangs_up()
    ((kind, ((number, _),)),) = (await lists_of(office, "202")).items()
    assert (kind, number) == ("missed", "201")


@mail_story
async def test_the_mailbox_took_it_and_it_is_still_missed(office: MailOffice) -> None:
    anna, _ = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await office.clock.forward(60)
    await anna.hangs_up()
    ((kind, ((number, came),)),) = (await lists_of(office, "202")).items()
    assert (kind, number) == ("missed", "201") and came in ("message", "mailbox")


@mail_story
async def test_another_of_my_own_devices_answers(office: MailOffice) -> None:
    anna, desk, cordless = [await office.phone(line) for line in ("201", "202", "202")]
    await anna.dials("202")
    await cordless.answers()
    assert not desk.rings
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"received": [("201", "talked")]}


@mail_story
async def test_my_mobile_in_the_ring_plan_answers(office: MailOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    plan(office, row("", "xxx"), row("03355501470", "xxx", confirm=False))
    await anna.dials("202")
    assert bruno.rings and provider.rings
    await provider.answers()
    assert not bruno.rings
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"received": [("201", "talked")]}


@mail_story
async def test_a_colleague_picks_it_up(office: MailOffice) -> None:
    furnish(office)
    dario, bruno, carla = [await office.phone(line) for line in ("204", "202", "203")]
    await dario.dials("202")
    await carla.dials("*8")
    assert carla.talks and not bruno.rings
    await dario.hangs_up()
    office.untold = 1
    assert await lists_of(office, "202") == {}, "not missed, and not received by him"
    assert await lists_of(office, "203") == {"received": [("204", "talked")]}
    assert await lists_of(office, "204") == {"dialled": [("202", "talked")]}


@mail_story
async def test_a_colleague_in_the_ring_plan_answers(office: MailOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    plan(office, row("", "xxx"), row("203", "xxx"))
    await anna.dials("202")
    assert bruno.rings
    await carla.answers()
    await anna.hangs_up()
    assert "missed" not in await lists_of(office, "202")
    assert await lists_of(office, "203") == {"received": [("201", "talked")]}


@mail_story
async def test_forwarded_to_a_colleague_who_answers(office: MailOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    option(office, "202", "forward_all", enabled=True, number="203")
    await anna.dials("202")
    await carla.answers()
    assert not bruno.rings
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"received": [("201", "forwarded 203 Carla De Luca")]}
    assert await lists_of(office, "203") == {"received": [("201", "talked")]}


@mail_story
async def test_forwarded_to_a_mobile_that_answers(office: MailOffice) -> None:
    provider = await with_provider(office)
    anna, _ = await office.phone("201"), await office.phone("202")
    option(office, "202", "forward_all", enabled=True, number="03355501470")
    await anna.dials("202")
    await provider.answers()
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"received": [("201", f"forwarded {MOBILE}")]}


@mail_story
async def test_where_a_colleague_has_it_go_further_is_her_own_affair(office: MailOffice) -> None:
    provider = await with_provider(office)
    anna, _ = await office.phone("201"), await office.phone("202")
    option(office, "202", "forward_all", enabled=True, number="203")
    option(office, "203", "forward_all", enabled=True, number="03355501470")
    await anna.dials("202")
    await provider.answers()
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"received": [("201", "forwarded 203")]}
    with office.database.reading() as session:
        (call,) = history.received(session, 202)
    assert [each["it"] for each in call.because] == [
        "Chiamata all'interno 202",
        "L'interno 202 inoltra tutte le chiamate all'interno 203 (Carla De Luca)",
        "Chiamata all'interno 203",
    ]
    numbers = {**office.snapshot.last.numbers, "+390255501202": "202"}
    office.snapshot.last = replace(office.snapshot.last, numbers=numbers)
    await provider.calls_in("+390255501202")
    await provider.answers()
    await provider.hangs_up()
    await lists_of(office, "202")
    with office.database.reading() as session:
        call, _ = history.received(session, 202)
    assert call.number == "+393331234567"
    assert [each["it"] for each in call.because][-2:] == [
        "L'interno 202 inoltra tutte le chiamate all'interno 203 (Carla De Luca)",
        "Chiamata all'interno 203",
    ]


@mail_story
async def test_who_called_is_not_told_where_it_went(office: MailOffice) -> None:
    provider = await with_provider(office)
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]

    async def told() -> str:
        await office.clock.settle()
        await office.records.flush()
        with office.database.reading() as session:
            return " | ".join(each["it"] for each in history.dialled(session, 201)[0].because)

    option(office, "202", "forward_all", enabled=True, number="03355501470")
    await anna.dials("202")
    await provider.answers()
    await anna.hangs_up()
    assert await told() == "Chiamata all'interno 202"
    option(office, "202", "forward_all", enabled=False)
    bruno.forwards = "203"
    await anna.dials("202")
    await carla.answers()
    await anna.hangs_up()
    assert await told() == "Chiamata all'interno 202"


@mail_story
async def test_sent_on_from_the_page_and_answered(office: MailOffice) -> None:
    anna, _, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    (call,) = office.bus.board.calls
    assert divert(office.hub.calls.get(call), "202", "203").done
    await office.clock.settle()
    await carla.answers()
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"received": [("201", "forwarded 203 Carla De Luca")]}


@mail_story
async def test_sent_on_by_the_phone_itself_and_answered(office: MailOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    bruno.forwards = "203"
    await anna.dials("202")
    await carla.answers()
    await anna.hangs_up()
    assert await lists_of(office, "202") == {"received": [("201", "forwarded 203 Carla De Luca")]}
    assert await lists_of(office, "203") == {"received": [("201", "talked")]}


@mail_story
async def test_forwarded_and_nobody_answers_there_either(office: MailOffice) -> None:
    anna, _, _ = [await office.phone(line) for line in ("201", "202", "203")]
    option(office, "202", "forward_all", enabled=True, number="203")
    await anna.dials("202")
    await office.clock.forward(120)
    await anna.hangs_up()
    ((kind, ((number, _),)),) = (await lists_of(office, "202")).items()
    with office.database.reading() as session:
        (call,) = history.missed(session, 202)
    assert call.because[-1]["it"].endswith(
        "casella vocale dell'interno 202, che ha inoltrato la chiamata"
    )
    assert (kind, number) == ("missed", "201")
    assert "missed" not in await lists_of(office, "203"), "it was a call to 202"


@mail_story
async def test_what_the_rules_refuse_is_rejected_only(office: MailOffice) -> None:
    """Steps 2 and 3 of behaviour s.1.1."""
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    numbers = {**office.snapshot.last.numbers, "+390255501202": "202"}
    office.snapshot.last = replace(office.snapshot.last, numbers=numbers)
    office.sets("202", callers={"selective_reject": (ANNA,)})
    option(office, "202", "selective_reject", enabled=True)
    option(office, "202", "anonymous_reject", enabled=True)
    await anna.dials("202")
    await office.clock.forward(20)
    await provider.calls_in(
        "+390255501202",
        from_='"Anonymous" <sip:anonymous@anonymous.invalid>',
        headers=(("Privacy", "id"),),
    )
    await office.clock.forward(20)
    assert not bruno.dialogs
    assert await lists_of(office, "202") == {"rejected": [("", "rejected"), ("201", "rejected")]}
    assert "dialled" in await lists_of(office, "201")
