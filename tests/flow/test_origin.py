"""Where a call from a page begins: own phones, another telephone of the office, one outside."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

import pytest

from officesmart.line import presence
from pbx.calls.asked import AT_ONCE, BURST, EACH, TooFast
from pbx.calls.switch import CALLS
from pbx.events.board import Call
from pbx.events.kinds import CallEnded, End, OriginAnswered, OriginRinging, Party
from pbx.routing.callers import Caller
from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.phone import Phone
from tests.flow.provider import Provider
from tests.flow.test_busy_lamps import watches
from tests.flow.test_calls_in import MOBILE
from tests.flow.test_calls_out import ROME, give_number, reasons, with_provider, with_two
from tests.flow.test_limits import limit


def shown(office: FlowOffice, call: str) -> Call:
    """The call as the page has it."""
    return office.bus.board.calls[call]


def ended(office: FlowOffice, call: str) -> CallEnded:
    """How it ended, as the page is told."""
    (fact,) = [f for f in office.facts if isinstance(f, CallEnded) and f.call == call]
    return fact


async def asked(office: FlowOffice, number: str, origin: str, *, line: str = "201") -> str:
    call = office.hub.dial(line, number, origin=origin)
    await office.clock.settle()
    return call


# --- own phones ----------------------------------------------------------------------------------


@story
async def test_the_page_learns_when_the_own_phone_really_rings(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    anna.keeps_quiet = True
    call = await asked(office, "202", "")
    assert not shown(office, call).origin_ringing
    assert not [f for f in office.facts if isinstance(f, OriginRinging)]
    second = await office.phone("201")
    office.hub.hang_up(call)
    await office.clock.settle()
    call = await asked(office, "202", "")
    assert second.rings and shown(office, call).origin_ringing
    assert not shown(office, call).origin_answered
    await second.answers()
    assert shown(office, call).origin_answered and bruno.rings
    assert len([f for f in office.facts if isinstance(f, OriginRinging)]) == 1
    office.hub.hang_up(call)


@story
async def test_nothing_that_is_for_other_peoples_calls_stops_the_own_phone(
    office: FlowOffice,
) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    me = Caller("extension", "201", "Anna", 1, frozenset({"201"}))
    office.sets(
        "201",
        options={
            "do_not_disturb": {"enabled": True},
            "forward_all": {"enabled": True, "number": "204"},
            "forward_busy": {"enabled": True, "number": "204"},
            "call_waiting": {"enabled": False},
            "selective_reject": {"enabled": True},
            "caller_id": {"shows_caller": False},
            "ring_plan": {
                "mode": "in_order",
                "periods": [20],
                "phones": [{"number": "203", "name": "Carla", "rings": [True]}],
            },
        },
        callers={"selective_reject": (me,)},
    )
    call = await asked(office, "202", "")
    assert anna.rings and anna.dialog.invite.from_.display == "Bruno Conti"
    assert not anna.dialog.invite.has("Alert-Info") and not anna.dialog.invite.has("Call-Info")
    await anna.answers()
    assert bruno.rings
    office.hub.hang_up(call)


@story
async def test_only_the_chosen_phone_rings_and_all_when_it_is_away(office: FlowOffice) -> None:
    first, second = await office.phone("201"), await office.phone("201")
    await office.phone("202")
    keys = {each.source.partition(":")[0]: each.key for each in office.bus.board.phones_of("201")}
    assert keys[first.host] != keys[second.host]
    office.sets("201", options={"click_to_dial": {"phone": keys[second.host]}})
    call = await asked(office, "202", "")
    assert second.rings and not first.dialogs
    office.hub.hang_up(call)
    await second.registers(0)
    call = await asked(office, "202", "")
    assert first.rings, "better all of them than nobody"
    office.hub.hang_up(call)
    second.contact = f"sip:201-anew@{second.host}:5062"
    await second.registers()
    dialled = len(first.dialogs)
    call = await asked(office, "202", "")
    assert second.rings and len(first.dialogs) == dialled, "it restarted, and is the same phone"
    office.hub.hang_up(call)


@story
async def test_a_phone_that_is_to_answer_by_itself(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.sets("201", options={"click_to_dial": {"auto_answer": True}})
    office.sets("202", options={"click_to_dial": {"auto_answer": True}})
    call = await asked(office, "202", "")
    invite = anna.dialog.invite
    assert invite.get("Alert-Info") == "<http://www.notused.com>;info=alert-autoanswer;delay=0"
    assert invite.get("Call-Info") == "<http://www.notused.com>;answer-after=0"
    assert invite.get("Answer-Mode") == "Auto"
    await anna.answers()
    assert not bruno.dialog.invite.has("Call-Info"), "nobody answers for who is called"
    await bruno.answers()
    other = await asked(office, "203", "")
    assert not anna.dialog.invite.has("Call-Info"), "who talks is not cut off by the next call"
    office.hub.hang_up(other)
    office.hub.hang_up(call)
    await office.clock.settle()
    call = await asked(office, "203", "202")
    assert bruno.rings and not bruno.dialog.invite.has("Call-Info"), "nor is it anybody else's wish"
    office.hub.hang_up(call)


@story
async def test_two_tabs_and_a_double_click_place_one_call(office: FlowOffice) -> None:
    give_number(office, "202", "+390255501202")
    anna, bruno = await office.phone("201"), await office.phone("202")
    first = office.hub.dial("201", "02 5550 1202", key="one")
    assert office.hub.dial("201", "02 5550 1202", key="two") == first, "before anything rings"
    await office.clock.settle()
    for again in ("02.5550.1202", "+390255501202", "0025550 1202"):
        assert office.hub.dial("201", again, key=f"k{again}") == first
    assert office.hub.dial("201", "0255501202", origin=MOBILE) == first
    other = office.hub.dial("201", "203")
    assert other != first
    await office.clock.settle()
    assert len(anna.dialogs) == 2
    office.hub.hang_up(other)
    await office.clock.settle()
    anna.dialogs.pop()
    await anna.answers()
    assert bruno.rings
    assert office.hub.dial("201", "02 5550 1202", key="two") == first, "a retry of an old request"
    assert office.hub.dial("201", "02 5550 1202", key="three") != first, "a second call is meant"
    await office.clock.settle()
    await office.hub.stop()


@story
async def test_more_requests_than_anybody_clicks_are_turned_away(office: FlowOffice) -> None:
    anna, carla = await office.phone("201"), await office.phone("203")
    calls = [await asked(office, f"02555012{n:02}", "") for n in range(AT_ONCE + 1)]
    assert len(anna.dialogs) == AT_ONCE
    assert ended(office, calls[-1]).end is End.BUSY and ended(office, calls[-1]).why.it
    other = await asked(office, "202", "", line="203")
    assert carla.rings, "nobody else is held up by it"
    for call in (*calls[:-1], other):
        office.hub.hang_up(call)


@story
async def test_a_script_that_clicks_is_told_to_wait_and_leaves_no_records(
    office: FlowOffice,
) -> None:
    """Each refused call is a record: without a pace a loop would fill the database with them."""
    carla = await office.phone("203")

    async def clicks(number: str = "202", line: str = "201") -> str:
        call = await office.hub.place(line, number)
        await office.clock.settle()
        return call

    for _ in range(BURST):  # no phone of this line is there: each ends at once, refused
        await clicks()
    assert len(office.stories) == BURST
    for _ in range(50):
        with pytest.raises(TooFast) as told:
            await clicks()
    assert told.value.seconds == EACH and len(office.stories) == BURST
    await clicks("112"), await clicks("0 112")
    assert len(office.stories) == BURST + 2, "for help nobody waits"
    mine = await clicks("0255501234", line="203")
    assert carla.rings, "nobody else is held up by it"
    assert await clicks("0255501234", line="203") == mine
    await office.clock.forward(EACH - 0.5)
    with pytest.raises(TooFast) as told:
        await clicks()
    assert told.value.seconds == 1
    await office.clock.forward(1)
    await clicks()
    with pytest.raises(TooFast):
        await clicks()
    await office.clock.forward(BURST * EACH)
    for _ in range(BURST):
        await clicks()
    office.hub.hang_up(mine)


@story
async def test_a_repeated_request_is_no_further_call(office: FlowOffice) -> None:
    anna = await office.phone("201")
    calls = {await office.hub.place("201", "202") for _ in range(BURST * 3)}
    await office.clock.settle()
    assert len(calls) == 1 and anna.rings
    office.hub.hang_up(calls.pop())


@story
async def test_an_office_that_is_full_rings_nobody(office: FlowOffice) -> None:
    anna = await office.phone("201")
    carla = await office.phone("203")
    first = await asked(office, "202", "")
    crowd = dict.fromkeys((f"call {n}" for n in range(CALLS - 1)), office.hub.calls[first])
    office.hub.calls |= crowd
    call = await asked(office, "202", "", line="203")
    assert not carla.dialogs and "troppe chiamate" in ended(office, call).why.it
    help_ = await asked(office, "112", "", line="203")
    assert carla.rings, "but for help there is always room"
    for each in crowd:
        del office.hub.calls[each]
    assert anna.rings
    office.hub.hang_up(first)
    office.hub.hang_up(help_)


@story
async def test_who_can_be_reached_is_asked_when_the_origin_answers(office: FlowOffice) -> None:
    anna = await office.phone("201")
    call = await asked(office, "202", "")
    await office.clock.forward(20)
    bruno = await office.phone("202")
    await anna.answers()
    assert bruno.rings, "he came in the meantime"
    office.hub.hang_up(call)


@story
async def test_an_office_that_closes_rings_nobody_any_more(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await office.hub.stop()
    call = await asked(office, "202", "")
    assert not anna.dialogs and ended(office, call).end is End.CANCELLED


# --- a number outside ----------------------------------------------------------------------------


async def outside(office: FlowOffice, number: str = "202") -> tuple[str, Phone, Provider]:
    """Anna's page calls Bruno, from her mobile."""
    give_number(office, "201", "+390255501201")
    provider = await with_provider(office, name="Primo")
    anna, bruno = await office.phone("201"), await office.phone("202")
    call = await asked(office, number, "333 123 4567")
    assert provider.rings and not anna.dialogs and not bruno.dialogs
    return call, bruno, provider


@story
async def test_a_mobile_rings_first_and_then_the_colleague(office: FlowOffice) -> None:
    call, bruno, provider = await outside(office)
    live = shown(office, call)
    assert live.origin == MOBILE and live.origin_ringing and live.from_web
    assert live.caller.line == "201"
    invite = provider.invite
    assert invite.uri == f"sip:{MOBILE}@sip.provider.example"
    assert invite.from_.uri == "sip:+390255501201@sip.provider.example"
    assert invite.from_.display == "Bruno Conti", "whom it is about to call"
    assert not invite.has("Alert-Info")
    await office.clock.forward(25)
    await provider.answers()
    assert provider.hears == "tone:ringback" and bruno.rings
    assert provider.ear.heard == ["tone:ringback"], "no word before it"
    assert bruno.dialog.invite.from_.uri == "sip:201@10.0.0.1", "the line's own identity"
    assert bruno.dialog.invite.from_.display == "Anna Bianchi"
    await bruno.answers()
    assert provider.hears == bruno.host and bruno.hears == provider.host
    assert office.trunks.calls(1) == 1
    await office.clock.forward(5)
    assert office.hub.hang_up(call, line="201")
    await office.clock.settle()
    assert not provider.talks and not bruno.talks
    record = office.story
    assert record.from_web and (record.from_line, record.to_line) == ("201", "202")
    assert (record.caller.number, record.caller.name) == ("201", "Anna Bianchi")
    assert (record.end, record.ended_by, record.origin) == (End.COMPLETED, "portal", MOBILE)
    assert "squilla prima il 333 123 4567" in reasons(office)
    assert "ha risposto attraverso la linea esterna «Primo»" in reasons(office)
    (first, _) = record.tried
    assert (first.phone, first.status, first.payer, first.kind) == (
        f"Primo {MOBILE}", 200, "201", "mobile",
    )  # fmt: skip
    assert [f.call for f in office.facts if isinstance(f, OriginAnswered)] == [call]
    assert office.trunks.calls(1) == 0


@story
async def test_both_sides_outside_are_paid_by_the_line(office: FlowOffice) -> None:
    call, _, provider = await outside(office, "0612345678")
    mobile = provider.dialog
    await provider.answers()
    (rome,) = provider.dialogs[-1:]
    assert rome is not mobile and rome.invite.uri == f"sip:{ROME}@sip.provider.example"
    assert rome.invite.from_.uri == "sip:+390255501201@sip.provider.example"
    assert rome.invite.from_.display == "", "nobody's name is told to who is called"
    await provider.answers()
    assert office.trunks.calls(1) == 2
    use = office.switch.toll.use("201")
    assert use.calls == 2
    office.hub.hang_up(call)
    await office.clock.settle()
    assert [(each.payer, each.status) for each in office.story.tried] == [("201", 200)] * 2
    assert office.switch.toll.use("201").calls == 0


@story
async def test_who_hides_the_number_hides_it_from_both(office: FlowOffice) -> None:
    office.sets("201", options={"caller_id": {"hide": True}})
    call, _, provider = await outside(office, "0612345678")
    assert "anonymous" in provider.invite.from_.uri
    await provider.answers()
    assert "anonymous" in provider.dialogs[-1].invite.from_.uri
    office.hub.hang_up(call)


@story
async def test_the_mobiles_own_tones_reach_nobody(office: FlowOffice) -> None:
    call, bruno, provider = await outside(office)
    await provider.plays_before_answering()
    streams = [stream for stream in office.media.by_port.values() if not stream.closed]
    assert all(stream.peer is None and not stream.heard for stream in streams)
    assert shown(office, call).origin_ringing and not bruno.dialogs
    office.hub.hang_up(call)
    await office.clock.settle()
    assert not provider.rings


@story
async def test_the_mobile_does_not_answer(office: FlowOffice) -> None:
    call, bruno, provider = await outside(office)
    await office.clock.forward(29)
    assert provider.rings
    await office.clock.forward(2)
    assert not provider.rings and not bruno.dialogs
    told = ended(office, call)
    assert told.end is End.NO_ANSWER and told.why.it == "Il 333 123 4567 non ha risposto"
    assert told.why.en == "333 123 4567 did not answer"
    assert office.trunks.calls(1) == 0


@story
async def test_the_mobile_is_busy_declines_or_does_not_exist(office: FlowOffice) -> None:
    provider = await with_provider(office)
    await office.phone("202")
    for status, end in ((486, End.BUSY), (603, End.DECLINED), (404, End.NOT_FOUND)):
        provider.refuses = status
        call = await asked(office, "202", MOBILE)
        told = ended(office, call)
        assert told.end is end and told.why.it.startswith("Il 333 123 4567")
        assert office.story.origin == MOBILE and office.story.answered_at is None


@story
async def test_another_trunk_carries_it_when_the_first_fails(office: FlowOffice) -> None:
    one, two = await with_two(office)
    one.refuses = 503
    bruno = await office.phone("202")
    call = await asked(office, "202", MOBILE)
    assert two.rings
    await two.answers()
    assert bruno.rings
    office.hub.hang_up(call)
    await office.clock.settle()
    assert "«Primo» non ha portato la chiamata" in reasons(office)


@story
async def test_no_way_outside(office: FlowOffice) -> None:
    call = await asked(office, "202", MOBILE)
    told = ended(office, call)
    assert told.end is End.UNAVAILABLE and "nessuna linea esterna è attiva" in told.why.it
    provider = await with_provider(office, capacity=1)
    await office.phone("202")
    first = await asked(office, "202", MOBILE)
    await provider.answers()
    second = await asked(office, "203", MOBILE)
    told = ended(office, second)
    assert told.end is End.UNAVAILABLE and "Nessuna linea esterna ha potuto" in told.why.it
    office.hub.hang_up(first)


@pytest.mark.parametrize(
    ("origin", "end", "words"),
    [
        ("112", End.FORBIDDEN, "emergenza"),
        ("0118", End.FORBIDDEN, "emergenza"),
        ("+4420 7946 0123", End.FORBIDDEN, "non è abilitato"),
        ("*600", End.NOT_FOUND, "non è un telefono"),
        ("299", End.NOT_FOUND, "299"),
        ("999999999999999", End.NOT_FOUND, ""),
        ("\u202e<b>'; DROP TABLE line; --\U0001f4de", End.NOT_FOUND, ""),
        ("9" * 10000, End.NOT_FOUND, ""),
        ("sip:anna@example.com", End.NOT_FOUND, ""),
    ],
)
def test_what_no_call_may_begin_at(origin: str, end: End, words: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        office.sets("201", rights=frozenset({"internal", "national", "mobile"}))
        provider = await with_provider(office)
        anna, bruno = await office.phone("201"), await office.phone("202")
        call = await asked(office, "202", origin)
        assert not provider.dialogs and not anna.dialogs and not bruno.dialogs
        fact = ended(office, call)
        assert fact.end is end and words in fact.why.it and fact.why.en
        assert len(office.story.because) == 1 and len(fact.why.it) < 300
        assert not office.served

    told()


@story
async def test_no_telephone_calls_itself(office: FlowOffice) -> None:
    provider = await with_provider(office)
    bruno = await office.phone("202")
    for number, origin in (("202", "202"), ("0333 123 4567", MOBILE)):
        call = await asked(office, number, origin)
        assert ended(office, call).end is End.FORBIDDEN and "stesso" in ended(office, call).why.it
    assert not bruno.dialogs and not provider.dialogs


@story
async def test_a_limit_holds_the_origin_back(office: FlowOffice) -> None:
    provider = await with_provider(office)
    limit(office, calls=1)
    bruno = await office.phone("202")
    first = await asked(office, "202", MOBILE)
    assert provider.rings
    second = await asked(office, "203", "333 123 4568")
    told = ended(office, second)
    assert told.end is End.FORBIDDEN and "limite di 1 chiamate" in told.why.it
    await provider.answers()
    assert bruno.rings
    office.hub.hang_up(first)


@story_without_mailbox
async def test_the_number_is_busy_for_a_mobile_that_waits(office: FlowOffice) -> None:
    call, bruno, provider = await outside(office)
    bruno.refuses = 486
    await provider.answers()
    assert provider.hears == "tone:busy"
    await office.clock.forward(9)
    assert provider.talks and call in office.hub.calls
    await office.clock.forward(2)
    assert not provider.talks and call not in office.hub.calls
    assert (office.story.end, office.story.status) == (End.BUSY, 486)


@story_without_mailbox
async def test_the_page_hangs_up_a_mobile_in_every_state(office: FlowOffice) -> None:
    give_number(office, "201", "+390255501201")
    provider = await with_provider(office)
    bruno = await office.phone("202")

    async def over(call: str, seconds: float = 0.4) -> None:
        assert office.hub.hang_up(call, line="201")
        await office.clock.forward(seconds)
        assert not provider.rings and not provider.talks and not bruno.rings and not bruno.talks
        assert (office.story.id, office.story.ended_by) == (call, "portal")
        assert office.trunks.calls(1) == 0

    await over(office.hub.dial("201", "202", origin=MOBILE))  # before anything began
    assert not provider.dialogs

    office.media.seconds = 1.0
    call = office.hub.dial("201", "202", origin=MOBILE)
    await office.clock.forward(0.5)
    await over(call, 1.0)  # while its sound is set up: nothing is on the wire yet
    assert not provider.dialogs
    office.media.seconds = 0.0

    call = await asked(office, "202", MOBILE)
    assert provider.rings
    await over(call)
    assert office.story.end is End.CANCELLED

    call = await asked(office, "202", MOBILE)
    await provider.answers()
    assert bruno.rings
    await over(call)
    assert office.story.end is End.CANCELLED

    bruno.refuses = 486
    call = await asked(office, "202", MOBILE)
    await provider.answers()
    assert provider.hears == "tone:busy"
    await over(call)
    assert office.story.end is End.BUSY

    bruno.refuses = 0
    call = await asked(office, "202", MOBILE)
    await provider.answers()
    await bruno.answers()
    await over(call)
    assert office.story.end is End.COMPLETED


@story
async def test_the_mobile_hangs_up_while_the_colleague_rings(office: FlowOffice) -> None:
    call, bruno, provider = await outside(office)
    await provider.answers()
    assert bruno.rings
    await provider.hangs_up()
    await office.clock.settle()
    assert not bruno.rings
    assert (office.story.end, office.story.ended_by) == (End.CANCELLED, "caller")


@story
async def test_a_colleague_passes_the_mobile_on_as_the_line(office: FlowOffice) -> None:
    """Who is moved is Anna, at whatever telephone: no stranger, and nobody sees that number."""
    call, bruno, provider = await outside(office)
    carla = await office.phone("203")
    await provider.answers()
    await bruno.answers()
    await bruno.transfers("203")
    assert carla.rings and carla.dialog.invite.from_.uri == "sip:201@10.0.0.1"
    await carla.answers()
    assert carla.hears == provider.host
    await carla.hangs_up()
    await office.clock.settle()
    assert not provider.talks


@story
async def test_the_mobile_may_transfer_nobody(office: FlowOffice) -> None:
    call, bruno, provider = await outside(office)
    await provider.answers()
    await bruno.answers()
    await provider.transfers("+4420 7946 0123")
    assert bruno.talks and provider.talks and len(provider.dialogs) == 1
    office.hub.hang_up(call)


# --- another extension ---------------------------------------------------------------------------


@story
async def test_the_meeting_room_rings_first(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    room = await office.phone("204")
    assert (await watches(anna, "204")).status == 200
    call = await asked(office, "202", "204")
    assert room.rings and not anna.dialogs and not bruno.dialogs
    assert presence(office.bus.board, "204") == "ringing" and "early" in anna.seen[-1]
    assert shown(office, call).origin == "204"
    assert shown(office, call).caller == Party("201", "Anna Bianchi", "201")
    assert room.dialog.invite.from_.display == "Bruno Conti"
    await room.answers()
    assert bruno.rings and bruno.dialog.invite.from_.display == "Anna Bianchi"
    await bruno.answers()
    assert office.switch.occupied.in_call() == {"202", "204"}, "Anna's own phones are free"
    assert presence(office.bus.board, "204") == "busy" and "confirmed" in anna.seen[-1]
    assert room.hears == bruno.host
    await room.hangs_up()
    await office.clock.settle()
    assert not office.switch.occupied.in_call()
    assert presence(office.bus.board, "204") == "available" and "terminated" in anna.seen[-1]
    record = office.story
    assert (record.from_line, record.to_line, record.origin) == ("201", "202", "204")
    assert "squillano prima i telefoni dell'interno 204" in reasons(office)


@story
async def test_the_own_line_by_any_of_its_numbers_is_its_own_phones(office: FlowOffice) -> None:
    give_number(office, "201", "+390255501201")
    anna = await office.phone("201")
    for origin in ("201", "02 5550 1201", "+390255501201"):
        call = await asked(office, "202", origin)
        assert anna.rings and shown(office, call).origin == ""
        office.hub.hang_up(call)
        await office.clock.settle()
    give_number(office, "204", "+390255501204")
    room = await office.phone("204")
    call = await asked(office, "202", "02 5550 1204")
    assert room.rings and shown(office, call).origin == "204", "and that of a colleague is his"
    office.hub.hang_up(call)


@pytest.mark.parametrize(
    ("options", "end", "words"),
    [
        ({"do_not_disturb": {"enabled": True}}, End.BUSY, "non vuole essere disturbato"),
        ({"forward_all": {"enabled": True, "number": "203"}}, End.UNAVAILABLE, "non squilla"),
        ({"selective_reject": {"enabled": True}}, End.UNAVAILABLE, "non squilla"),
        (
            {"ring_plan": {"mode": "in_order", "periods": [20, 20], "phones": [
                {"number": "203", "name": "Carla", "rings": [True, False]},
                {"number": "202", "name": "Bruno", "rings": [False, True]}]}},
            End.UNAVAILABLE, "non squilla",
        ),
    ],
)  # fmt: skip
def test_an_extension_that_would_not_ring_is_no_origin(
    options: dict[str, object], end: End, words: str
) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        anna = Caller("extension", "201", "Anna", 1, frozenset({"201"}))
        office.sets("202", options=options, callers={"selective_reject": (anna,)})
        phones = [await office.phone(line) for line in ("201", "202", "203", "204")]
        call = await asked(office, "204", "202")
        assert not any(phone.dialogs for phone in phones) and not office.served
        fact = ended(office, call)
        assert fact.end is end and words in fact.why.it
        assert "203" not in fact.why.it + reasons(office), "where it forwards is its own business"

    told()


@story
async def test_an_extension_without_a_phone_or_one_that_does_not_answer(office: FlowOffice) -> None:
    await office.phone("201")
    call = await asked(office, "203", "202")
    assert "non ha telefoni collegati" in ended(office, call).why.it
    bruno = await office.phone("202")
    call = await asked(office, "203", "202")
    assert bruno.rings
    await office.clock.forward(31)
    assert not bruno.rings and not office.served, "its mailbox is nobody to talk to"
    fact = ended(office, call)
    assert fact.end is End.NO_ANSWER and fact.why.it == "L'interno 202 non ha risposto"
    assert office.story.to_line == "", "and nobody has missed a call"


@story
async def test_a_line_that_calls_nobody_inside_borrows_no_phone(office: FlowOffice) -> None:
    office.sets("201", rights=frozenset({"national"}))
    bruno = await office.phone("202")
    call = await asked(office, "0612345678", "202")
    assert not bruno.dialogs and ended(office, call).end is End.FORBIDDEN
