"""Calls to the outside: by the trunk that carries them, with the right identity, and a word for the
caller whatever goes wrong over there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx.calls.way_out import WORDS
from pbx.events import kinds
from pbx.events.kinds import End
from pbx.routing.office import TrunkFacts
from pbx.sip import offer
from tests.flow.office import FlowOffice, story
from tests.flow.phone import Phone
from tests.flow.provider import USER, Provider, sdp_codings
from tests.flow.test_ringing import statuses

ROME = "+390612345678"
DIALLED = "00612345678"


async def signed_in(office: FlowOffice, *trunks: TrunkFacts) -> None:
    """These trunks, all up."""
    office.set_trunks(*trunks)
    await office.clock.settle()
    assert {each.state for each in office.bus.board.trunks.values()} == {"up"}


async def with_provider(office: FlowOffice, **settings: object) -> Provider:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    await signed_in(office, provider.trunk(**settings))
    return provider


async def with_two(office: FlowOffice) -> tuple[Provider, Provider]:
    """Two providers, tried in this order."""
    one = Provider(office, "192.0.2.10", "sip.one.example")
    two = Provider(office, "192.0.2.20", "sip.two.example")
    await signed_in(office, one.trunk(1, name="Primo"), two.trunk(2, name="Secondo", position=1))
    return one, two


def give_number(office: FlowOffice, line: str, number: str) -> None:
    """A line of the office has a number of its own."""
    lines = dict(office.snapshot.last.lines)
    lines[line] = replace(lines[line], number=number, shown=number)
    numbers = {**office.snapshot.last.numbers, number: line}
    office.snapshot.last = replace(office.snapshot.last, lines=lines, numbers=numbers)


def reasons(office: FlowOffice) -> str:
    return " | ".join(each.it for each in office.story.because)


@story
async def test_a_call_to_rome(office: FlowOffice) -> None:
    give_number(office, "201", "+390255501201")
    provider = await with_provider(office, name="Primo")
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    assert provider.rings and 180 in anna.statuses
    assert provider.invite.uri == f"sip:{ROME}@sip.provider.example"
    assert provider.invite.from_.uri == "sip:+390255501201@sip.provider.example"
    assert provider.invite.get("P-Asserted-Identity") == (
        "<sip:+390255501201@sip.provider.example>"
    )
    contact = provider.invite.contact
    assert contact is not None and contact.uri == f"sip:{USER}@10.0.0.1:5060"
    assert "Privacy" not in provider.invite.get_all("Privacy")
    await provider.answers()
    assert anna.talks and provider.talks
    assert anna.hears == provider.host and provider.hears == anna.host
    await office.clock.forward(60)
    await anna.hangs_up()
    assert not provider.talks
    record = office.story
    assert (record.status, record.end, record.answered_by) == (200, End.COMPLETED, "person")
    assert [(each.phone, each.status) for each in record.tried] == [(f"Primo {ROME}", 200)]
    assert "ha risposto attraverso la linea esterna «Primo»" in reasons(office)
    assert office.story.callee.number == "+390612345678", "and not +61 2345678, in Australia"


@story
async def test_the_far_end_hangs_up(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await provider.answers()
    await provider.hangs_up()
    assert not anna.talks and office.story.ended_by == "callee"


@story
async def test_the_caller_gives_up(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await anna.hangs_up()
    assert not provider.rings and office.story.end is End.CANCELLED
    assert office.trunks.calls(1) == 0


@story
async def test_the_providers_own_tones_are_heard_before_the_answer(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await provider.plays_before_answering()
    assert 183 in anna.statuses and anna.hears == provider.host
    provider.dialog.refuse(404)
    await office.clock.settle()
    assert anna.statuses[-1] == 404
    assert not any("announce" in name for s in office.media.by_port.values() for name in s.heard)


@pytest.mark.parametrize(
    ("form", "written", "ours"),
    [
        ("e164", "+390612345678", "+390255501000"),
        ("plain", "390612345678", "390255501000"),
        ("national", "0612345678", "0255501000"),
    ],
)
def test_numbers_are_written_as_the_provider_wants(form: str, written: str, ours: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await with_provider(office, number_format=form)
        anna = await office.phone("201")
        await anna.dials(DIALLED)
        assert provider.invite.uri == f"sip:{written}@sip.provider.example"
        assert provider.invite.from_.user == ours  # the trunk's main number
        await anna.hangs_up()

    told()


@pytest.mark.parametrize(
    ("wish", "header"),
    [
        ("pai", "P-Asserted-Identity"),
        ("ppi", "P-Preferred-Identity"),
        ("rpid", "Remote-Party-ID"),
        ("from", ""),
    ],
)
@pytest.mark.parametrize("withheld", [False, True])
def test_our_number_goes_where_the_provider_wants_it(
    wish: str, header: str, withheld: bool
) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await with_provider(office, caller_id=wish)
        anna = await office.phone("201")
        plain = office.switch.decide

        def hidden(facts, snapshot):  # type: ignore[no-untyped-def]
            plan = plain(facts, snapshot)
            return replace(
                plan, steps=tuple(replace(step, withheld=withheld) for step in plan.steps)
            )

        office.switch.decide = hidden
        await anna.dials(DIALLED)
        invite = provider.invite
        if withheld:
            assert str(invite.from_).startswith('"Anonymous" <sip:anonymous@anonymous.invalid>')
            assert invite.get("Privacy") == "id"
        else:
            assert invite.from_.user == "+390255501000" and not invite.has("Privacy")
        for name in ("P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID"):
            assert invite.has(name) == (name == header)
        if header:
            assert "+390255501000" in invite.get(header)
        if wish == "rpid":
            assert f"privacy={'full' if withheld else 'off'}" in invite.get(header)
        await anna.hangs_up()

    told()


@story
async def test_only_the_codings_of_the_trunk_are_offered(office: FlowOffice) -> None:
    provider = await with_provider(office, codecs=("PCMU", "G729", "PCMA"))
    anna = await office.phone("201", codings=("G722", "PCMA"))
    await anna.dials(DIALLED)
    assert sdp_codings(provider) == ["PCMU", "PCMA"]
    provider.codings = ("PCMA",)
    await provider.answers()
    assert anna.talks
    provider.dialog.reinvite(b"")  # a late offer of ours: the same ones
    await office.clock.settle()
    assert {c.name for c in provider.offers[provider.dialog].codings} == {"PCMU", "PCMA"}
    await anna.hangs_up()


@pytest.mark.parametrize(
    ("status", "told_caller", "end", "announced"),
    [
        (486, 486, End.BUSY, ""),
        (600, 486, End.BUSY, ""),
        (404, 404, End.NOT_FOUND, "announce.unknown_number"),
        (484, 404, End.NOT_FOUND, "announce.unknown_number"),
        (604, 404, End.NOT_FOUND, "announce.unknown_number"),
        (403, 403, End.FORBIDDEN, "announce.service_unavailable"),
        (603, 603, End.DECLINED, ""),
        (480, 480, End.UNAVAILABLE, "announce.unavailable"),
        (482, 480, End.UNAVAILABLE, "announce.unavailable"),
        (500, 503, End.UNAVAILABLE, "announce.no_outside_line"),
        (503, 503, End.UNAVAILABLE, "announce.no_outside_line"),
        (402, 503, End.UNAVAILABLE, "announce.no_outside_line"),
    ],
)
def test_a_refusal_is_told_in_the_callers_words(
    status: int, told_caller: int, end: End, announced: str
) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await with_provider(office)
        provider.refuses = status
        anna = await office.phone("201")
        await anna.dials(DIALLED)
        await office.clock.forward(15)
        assert anna.statuses[-1] == told_caller
        heard = [name for s in office.media.by_port.values() for name in s.heard]
        assert heard == ([announced] if announced else [])
        assert (office.story.status, office.story.end) == (told_caller, end)
        assert office.story.tried[0].status in (status, told_caller)
        assert "Nessuna linea esterna" not in reasons(office)
        # The record says it even where the mailbox then takes the call.
        faults = "errore" in reasons(office)
        assert any(words in reasons(office) for words, _ in WORDS.values()) != faults

    told()


@pytest.mark.parametrize(("cause", "told_caller"), [(1, 404), (17, 486), (21, 603), (34, 503)])
def test_a_gateways_fault_may_hide_what_the_network_said(cause: int, told_caller: int) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await with_provider(office)
        provider.refuses, provider.reason = 503, [("Reason", f"Q.850;cause={cause}")]
        anna = await office.phone("201")
        await anna.dials(DIALLED)
        await office.clock.forward(15)
        assert anna.statuses[-1] == told_caller

    told()


# --- failover -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 503, 408, 401, 402, 488, 302])
def test_the_next_trunk_takes_over_from_one_at_fault(status: int) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        one, two = await with_two(office)
        one.refuses = status
        anna = await office.phone("201")
        await anna.dials(DIALLED)
        assert two.rings
        await two.answers()
        assert anna.hears == two.host
        await anna.hangs_up()
        assert statuses(office) == [("", status), ("", 200)]
        assert "«Primo» non ha portato la chiamata: " in reasons(office)
        assert "attraverso la linea esterna «Secondo»" in reasons(office)

    told()


@pytest.mark.parametrize("status", [486, 404, 603, 403, 480])
def test_what_the_far_end_says_is_not_asked_twice(status: int) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        one, two = await with_two(office)
        one.refuses = status
        anna = await office.phone("201")
        await anna.dials(DIALLED)
        await office.clock.forward(15)
        assert not two.dialogs and anna.statuses[-1] == status

    told()


@story
async def test_a_silent_trunk_gives_way_within_seconds(office: FlowOffice) -> None:
    one, two = await with_two(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    one.silent = True
    await anna.dials(DIALLED)
    await office.clock.forward(3.9)
    assert not two.dialogs
    await office.clock.forward(0.2)
    assert two.rings and 180 in anna.statuses
    await two.answers()
    # Who calls meanwhile does not wait for it again, and soon it is known to be down.
    await bruno.dials("00612345679")
    assert len(two.dialogs) == 2
    await two.answers()
    await office.clock.forward(8)
    assert office.bus.board.trunks[1].state == "down"
    await anna.hangs_up()
    await bruno.hangs_up()
    one.silent = False
    await office.clock.forward(60)
    assert office.bus.board.trunks[1].state == "up"
    assert not one.dialogs or not one.rings


@story
async def test_one_that_comes_back_late_does_not_ring_the_number_twice(office: FlowOffice) -> None:
    one, two = await with_two(office)
    anna = await office.phone("201")
    one.silent = True
    await anna.dials(DIALLED)
    await office.clock.forward(5)
    await two.answers()
    one.silent = False
    await office.clock.forward(5)
    assert anna.hears == two.host and not one.rings and not one.talks
    await anna.hangs_up()


@story
async def test_the_only_trunk_is_given_more_time(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    provider.silent = True
    await anna.dials(DIALLED)
    await office.clock.forward(9)
    assert anna.statuses == [100] or not anna.statuses
    await office.clock.forward(6)
    assert anna.statuses[-1] == 503
    assert "announce.no_outside_line" in [n for s in office.media.by_port.values() for n in s.heard]


@story
async def test_a_trunk_that_only_says_100_gives_way(office: FlowOffice) -> None:
    one, two = await with_two(office)
    one.says_trying = 1
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await office.clock.forward(20)
    assert not two.dialogs
    await office.clock.forward(5)
    assert two.rings
    await two.answers()
    await anna.hangs_up()


@story
async def test_a_trunk_that_is_down_is_passed_over(office: FlowOffice) -> None:
    one = Provider(office, "192.0.2.10", "sip.one.example")
    two = Provider(office, "192.0.2.20", "sip.two.example")
    one.status = 403
    office.set_trunks(one.trunk(1, name="Primo"), two.trunk(2))
    await office.clock.settle()
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    assert two.rings and not one.dialogs
    await anna.hangs_up()
    assert "«Primo» non era utilizzabile: Il fornitore rifiuta" in reasons(office)


@story
async def test_no_trunk_is_up(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.one.example")
    provider.status = 403
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await office.clock.forward(15)
    assert anna.statuses[-1] == 503 and not provider.dialogs
    assert "Nessuna linea esterna ha potuto chiamare" in reasons(office)


@story
async def test_a_redirection_within_the_provider_is_followed(office: FlowOffice) -> None:
    one = await with_provider(office)
    two = Provider(office, "192.0.2.20", "b.sip.provider.example")
    one.redirects = f"sip:{ROME}@b.sip.provider.example:5060"
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    assert two.rings and two.invite.uri == one.redirects
    await two.answers()
    assert anna.hears == two.host
    await anna.hangs_up()


@pytest.mark.parametrize(
    "there",
    [
        "sip:+88213000000@sip.provider.example",  # another number, dear to us
        "sip:+390612345678@sip.other.example",  # another provider
        "sip:+390612345678@203.0.113.9",
        "tel:+390612345678",
        "nonsense",
    ],
)
def test_a_redirection_elsewhere_is_not(there: str) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        one = await with_provider(office)
        Provider(office, "203.0.113.9", "sip.other.example")
        one.redirects = there
        anna = await office.phone("201")
        await anna.dials(DIALLED)
        await office.clock.forward(15)
        assert anna.statuses[-1] == 503 and len(one.dialogs) == 1
        sent = [m for m in office.wire.seen if m.startswith(b"INVITE") and b"192.0.2" not in m]
        assert not any(b"882130" in m.split(b"\r\n")[0] for m in sent)

    told()


@story
async def test_a_redirection_in_circles_ends(office: FlowOffice) -> None:
    one = await with_provider(office)
    one.redirects = f"sip:{ROME}@sip.provider.example"
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await office.clock.forward(15)
    assert anna.statuses[-1] == 503 and len(one.dialogs) == 3


# --- capacity -------------------------------------------------------------------------------------


@story
async def test_a_full_trunk_gives_way_and_a_full_office_says_so(office: FlowOffice) -> None:
    one = Provider(office, "192.0.2.10", "sip.one.example")
    two = Provider(office, "192.0.2.20", "sip.two.example")
    await signed_in(office, one.trunk(1, capacity=1), two.trunk(2, capacity=1))
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials(DIALLED)
    await one.answers()
    await bruno.dials(DIALLED)
    assert two.rings
    await carla.dials(DIALLED)
    await office.clock.forward(15)
    assert carla.statuses[-1] == 503
    assert "announce.congestion" in [n for s in office.media.by_port.values() for n in s.heard]
    await anna.hangs_up()
    assert office.trunks.calls(1) == 0
    await carla.dials(DIALLED)
    assert len(one.dialogs) == 2
    for phone in (bruno, carla):
        await phone.hangs_up()


@story
async def test_an_emergency_call_passes_when_all_is_full(office: FlowOffice) -> None:
    provider = await with_provider(office, capacity=1)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials(DIALLED)
    await bruno.dials("112")
    assert provider.invite.uri == "sip:112@sip.provider.example"
    assert provider.invite.from_.user == "+390255501000"
    await provider.answers()
    assert bruno.talks
    await bruno.hangs_up()
    await anna.hangs_up()


@story
async def test_an_emergency_call_tries_a_trunk_that_is_down(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.one.example")
    provider.status = 403
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    anna = await office.phone("201")
    await anna.dials("0112")
    assert provider.rings
    await provider.answers()
    await anna.hangs_up()


# --- as with phones -------------------------------------------------------------------------------


@story
async def test_hold_and_music_work_with_the_outside(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await provider.answers()
    await anna.holds()
    assert provider.hears == "music"
    await anna.holds(held=False)
    assert provider.hears == anna.host
    await provider.holds()  # the far end may hold, too
    assert anna.hears == "music"
    await provider.holds(held=False)
    await anna.hangs_up()


@story
async def test_a_talk_outside_is_transferred_to_a_colleague(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials(DIALLED)
    await provider.answers()
    await anna.transfers("202")
    await bruno.answers()
    await office.clock.forward(6)
    assert bruno.hears == provider.host and office.trunks.calls(1) == 1
    await provider.hangs_up()


@story
async def test_a_colleague_is_transferred_outside(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await bruno.dials("201")
    await anna.answers()
    await anna.transfers(DIALLED)
    assert provider.rings
    await provider.answers()
    await office.clock.forward(6)
    assert bruno.hears == provider.host
    await bruno.hangs_up()


@story
async def test_a_transfer_that_fails_outside_comes_back(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await bruno.dials("201")
    await anna.answers()
    provider.refuses = 486
    await anna.transfers(DIALLED)
    await office.clock.settle()
    assert anna.reports[-1].startswith("SIP/2.0 486")
    assert bruno.hears == anna.host
    await bruno.hangs_up()


@story
async def test_attended_transfer_between_inside_and_outside(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    await bruno.dials("201")
    await anna.answers()
    first = anna.dialog
    await anna.holds()
    second = await anna.dials(DIALLED)
    await provider.answers()
    await anna.joins(first, second)
    await office.clock.forward(6)
    assert bruno.hears == provider.host and provider.hears == bruno.host
    await bruno.hangs_up()


@story
async def test_a_stranger_may_not_have_us_dial(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await provider.answers()
    await provider.transfers("00881234567890")
    assert ("REFER", 603) in provider.replies
    assert anna.hears == provider.host
    await anna.hangs_up()


@story
async def test_the_session_is_refreshed_and_a_dead_far_end_noticed(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await provider.answers()
    await office.clock.forward(3000)
    assert anna.talks and provider.talks
    office.wire.leave(provider)
    await office.clock.forward(1900)
    assert not anna.talks and office.story.end is End.VANISHED


@story
async def test_click_to_dial_reaches_outside(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    office.hub.dial("201", "06 1234 5678".replace(" ", ""))
    await office.clock.settle()
    await anna.answers()
    assert provider.rings and anna.hears == "tone:ringback"
    await provider.answers()
    assert anna.hears == provider.host
    await anna.hangs_up()
    assert office.story.from_web


@story
async def test_a_phones_own_forward_outside_tells_who_forwarded(office: FlowOffice) -> None:
    give_number(office, "202", "+390255501202")
    provider = await with_provider(office, diversion="both")
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.forwards = "03331234567"
    await anna.dials("202")
    assert provider.rings
    assert provider.invite.get("Diversion") == (
        "<sip:+390255501202@sip.provider.example>;reason=deflection;privacy=off"
    )
    assert provider.invite.get_all("History-Info") == [
        "<sip:+390255501202@sip.provider.example>;index=1",
        "<sip:+393331234567@sip.provider.example;cause=480>;index=1.1;mp=1",
    ]
    await provider.answers()
    await anna.hangs_up()
    assert office.story.from_line == "201"


@pytest.mark.parametrize(
    ("wish", "headers"), [("none", []), ("diversion", ["Diversion"]), ("history", ["History-Info"])]
)
def test_diversion_is_told_as_the_provider_wants(wish: str, headers: list[str]) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await with_provider(office, diversion=wish)
        anna, bruno = await office.phone("201"), await office.phone("202")
        bruno.forwards = "03331234567"
        await anna.dials("202")
        found = [name for name in ("Diversion", "History-Info") if provider.invite.has(name)]
        assert found == headers
        await anna.hangs_up()

    told()


@story
async def test_changed_settings_do_not_end_a_call(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    await provider.answers()
    office.set_trunks()
    await office.clock.forward(30)
    assert anna.hears == provider.host
    await anna.hangs_up()
    assert not provider.talks


@story
async def test_no_sound_is_free_for_it(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna = await office.phone("201")
    office.media.limit = 1
    await anna.dials(DIALLED)
    await office.clock.settle()
    assert anna.statuses[-1] == 503 and not provider.dialogs
    assert office.trunks.calls(1) == 0


def test_the_board_shows_it_as_any_call() -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = await with_provider(office)
        anna: Phone = await office.phone("201")
        await anna.dials(DIALLED)
        (call,) = office.bus.board.calls.values()
        assert (call.state, call.callee.number) == ("ringing", ROME)
        await provider.answers()
        (call,) = office.bus.board.calls.values()
        assert call.state == "talking"
        await anna.hangs_up()
        assert sum(isinstance(fact, kinds.CallRinging) for fact in office.facts) == 1
        assert offer.read(provider.invite.body).direction == "sendrecv"

    told()


@story
async def test_calls_take_the_route_that_the_registrar_asked_for(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    provider.service_route = "<sip:edge.provider.example;lr>"
    await signed_in(office, provider.trunk())
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    assert provider.invite.get_all("Route") == ["<sip:edge.provider.example;lr>"]
    assert provider.invite.uri == f"sip:{ROME}@sip.provider.example"
    await anna.hangs_up()


@story
async def test_requests_go_to_the_proxy_and_name_the_domain(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10")
    trunk = provider.trunk(host="voip.example", proxy="192.0.2.10:5060")
    await signed_in(office, trunk)
    assert provider.requests[-1].request.uri == "sip:voip.example"  # type: ignore[union-attr]
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    assert provider.invite.uri == f"sip:{ROME}@voip.example"
    await anna.hangs_up()


@story
async def test_who_hides_his_number_hides_it_from_everybody_but_112(office: FlowOffice) -> None:
    provider = await with_provider(office)
    office.sets("201", options={"caller_id": {"hide": True}})
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials(DIALLED)
    assert provider.invite.from_.user == "anonymous" and provider.invite.get("Privacy") == "id"
    await anna.hangs_up()
    await anna.dials("112")
    assert provider.invite.from_.user == "+390255501000" and not provider.invite.has("Privacy")
    await anna.hangs_up()
    await anna.dials("202")  # colleagues see who calls
    assert bruno.dialog.invite.from_.user == "201"
    await anna.hangs_up()


@story
async def test_a_line_without_the_right_reaches_nobody_outside(office: FlowOffice) -> None:
    provider = await with_provider(office)
    office.sets("201", rights=frozenset({"internal"}))
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials(DIALLED)
    await office.clock.forward(15)
    assert anna.statuses[-1] == 403 and not provider.dialogs
    # Nor by sending a colleague there: the rights of who transfers count.
    await bruno.dials("201")
    await anna.answers()
    await anna.transfers(DIALLED)
    await office.clock.forward(15)
    assert not provider.dialogs and anna.reports[-1].startswith("SIP/2.0 403")
    await bruno.hangs_up()
    await anna.dials("0112")
    assert provider.rings
    await anna.hangs_up()


@story
async def test_who_gives_up_while_trunks_are_tried_sets_off_no_further_call(
    office: FlowOffice,
) -> None:
    one, two = await with_two(office)
    anna = await office.phone("201")
    one.silent = True
    await anna.dials(DIALLED)
    await office.clock.forward(2)
    await anna.hangs_up()
    await office.clock.forward(10)
    assert not two.dialogs and office.story.end is End.CANCELLED
    one.silent = False
    await office.clock.forward(30)
    assert not one.dialogs or not one.rings


@story
async def test_sound_that_is_lost_while_it_rings_ends_no_more_than_that_trunk(
    office: FlowOffice,
) -> None:
    one, two = await with_two(office)
    anna = await office.phone("201")
    await anna.dials(DIALLED)
    assert one.rings
    office.media.by_port[one.offers[one.dialog].port].lose()
    await office.clock.settle()
    assert two.rings and not one.rings
    await two.answers()
    assert anna.hears == two.host
    await anna.hangs_up()
