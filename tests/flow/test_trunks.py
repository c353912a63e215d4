"""Trunks: signed in at their providers through every mood of these, and honest about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx.events import kinds
from tests.flow.office import FlowOffice, story
from tests.flow.provider import USER, Provider


def states(office: FlowOffice, trunk: int = 1) -> list[str]:
    """Every state that was told of a trunk, in order."""
    return [
        fact.state
        for fact in office.facts
        if isinstance(fact, kinds.TrunkChanged) and fact.trunk == trunk
    ]


def state(office: FlowOffice, trunk: int = 1) -> str:
    return office.bus.board.trunks[trunk].state


def troubles(office: FlowOffice) -> list[str]:
    return [trouble.it for trouble in office.bus.board.troubles]


async def with_provider(office: FlowOffice, **settings: object) -> Provider:
    """An office with one trunk that is up."""
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    office.set_trunks(provider.trunk(**settings))
    await office.clock.settle()
    assert state(office) == "up", office.bus.board.trunks
    return provider


@pytest.mark.parametrize("algorithms", [("MD5",), ("SHA-256",), ("MD5", "SHA-256")])
@pytest.mark.parametrize("as_proxy", [False, True])
def test_signs_in_with_digest(algorithms: tuple[str, ...], as_proxy: bool) -> None:
    @story
    async def told(office: FlowOffice) -> None:
        provider = Provider(office, "192.0.2.10", "sip.provider.example")
        provider.algorithms, provider.as_proxy = algorithms, as_proxy
        office.set_trunks(provider.trunk())
        await office.clock.settle()
        assert states(office) == ["trying", "up"]
        assert list(provider.registered) == [f"sip:{USER}@10.0.0.1:5060"]
        assert not troubles(office)

    told()


@story
async def test_refreshes_before_the_end_with_the_same_call_id(office: FlowOffice) -> None:
    provider = await with_provider(office)
    first = provider.requests[-1].request  # type: ignore[union-attr]
    provider.registered.clear()
    await office.clock.forward(479)
    assert provider.registered, "no refresh before the end"
    second = provider.requests[-1].request  # type: ignore[union-attr]
    assert first.call_id == second.call_id and second.cseq[0] > first.cseq[0]
    assert states(office) == ["trying", "up"]


@story
async def test_what_the_provider_grants_counts(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    provider.grants = 60
    office.set_trunks(provider.trunk())
    await office.clock.forward(61)
    assert provider.count("REGISTER") == 6  # three times, each challenged


@story
async def test_a_stale_nonce_is_answered_anew(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    provider.stale = 1
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    assert states(office) == ["trying", "up"] and provider.count("REGISTER") == 3


@story
async def test_too_short_a_time_is_asked_for_longer(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    provider.smallest = 1800
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    assert states(office) == ["trying", "up"]
    assert list(provider.registered.values()) == [1800]


@story
async def test_a_wrong_password_is_told_and_tried_rarely(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    provider.secret = "another"
    office.set_trunks(provider.trunk(name="Primo"))
    await office.clock.settle()
    trunk = office.bus.board.trunks[1]
    assert trunk.state == "down" and "nome utente o la password (401)" in trunk.why.it
    assert "user name or the password" in trunk.why.en
    assert troubles(office) == [
        "La linea esterna «Primo» non funziona: il fornitore rifiuta il nome utente o la password "
        "(401)"
    ]
    before = provider.count("REGISTER")
    await office.clock.forward(600)
    assert provider.count("REGISTER") - before <= 2 * 4
    provider.secret = "trunk-secret"  # mended over there
    await office.clock.forward(1800)
    assert state(office) == "up" and not troubles(office)


@story
async def test_a_provider_that_is_silent_is_down_within_seconds(office: FlowOffice) -> None:
    provider = await with_provider(office)
    provider.silent = True
    await office.clock.forward(480 + 8)
    assert state(office) == "down" and troubles(office)
    assert "non risponde" in office.bus.board.trunks[1].why.it
    provider.silent = False
    await office.clock.forward(10)  # the REGISTER was still being repeated
    assert state(office) == "up" and not troubles(office)


@story
async def test_pauses_grow_while_a_provider_is_away(office: FlowOffice) -> None:
    provider = await with_provider(office)
    office.wire.leave(provider)
    office.wire.seen.clear()
    await office.clock.forward(3600)
    sent = [data for data in office.wire.seen if data.startswith(b"REGISTER")]
    branches = {data.split(b"branch=")[1].split(b";")[0] for data in sent}
    assert 10 <= len(branches) <= 25
    office.wire.join(provider)
    await office.clock.forward(300)
    assert state(office) == "up"


@story
async def test_an_overloaded_provider_says_when(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    provider.status, provider.reason = 503, [("Retry-After", "600")]
    office.set_trunks(provider.trunk())
    await office.clock.forward(599)
    assert provider.count("REGISTER") == 2 and state(office) == "down"
    provider.status = 200
    await office.clock.forward(2)
    assert state(office) == "up"


@story
async def test_a_name_without_address_and_a_second_address(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.11")
    trunk = replace(provider.trunk(), host="sip.two.example")
    office.set_trunks(trunk)
    await office.clock.settle()
    assert "sip.two.example" in office.bus.board.trunks[1].why.it
    office.names["sip.two.example"] = ("192.0.2.10", "192.0.2.11")  # the first is dead
    await office.clock.forward(60)
    assert state(office) == "up"


@story
async def test_a_password_of_another_key_is_told(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    office.set_trunks(provider.trunk(sealed_password="of another key"))
    await office.clock.settle()
    assert "va inserita di nuovo" in office.bus.board.trunks[1].why.it
    assert not provider.requests


@story
async def test_changed_settings_act_at_once(office: FlowOffice) -> None:
    provider = await with_provider(office)
    office.set_trunks(provider.trunk(enabled=False))
    await office.clock.settle()
    assert state(office) == "off" and not provider.registered
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    assert state(office) == "up" and provider.registered
    office.set_trunks()
    await office.clock.settle()
    assert not office.bus.board.trunks and not provider.registered


@story
async def test_another_password_does_not_sign_out_behind_the_new_one(office: FlowOffice) -> None:
    provider = await with_provider(office)
    provider.secret = "new"
    office.set_trunks(provider.trunk(sealed_password="sealed new"))
    await office.clock.settle()
    assert state(office) == "up" and provider.registered


@story
async def test_what_only_calls_need_changes_without_a_sign_in(office: FlowOffice) -> None:
    provider = await with_provider(office)
    before = provider.count("REGISTER")
    office.set_trunks(provider.trunk(capacity=3, codecs=("PCMU",), name="Nuovo"))
    await office.clock.settle()
    assert provider.count("REGISTER") == before
    assert office.bus.board.trunks[1].name == "Nuovo"


@story
async def test_signs_out_when_the_office_stops(office: FlowOffice) -> None:
    provider = await with_provider(office)
    await office.trunks.stop()
    assert not provider.registered and state(office) == "off"


@story
async def test_a_silent_provider_does_not_hold_up_the_stop(office: FlowOffice) -> None:
    provider = await with_provider(office)
    provider.silent = True
    before = office.clock.now()
    stopping = office.start(office.trunks.stop())
    await office.clock.forward(4)
    assert stopping.done() and (office.clock.now() - before).total_seconds() == 4


@story
async def test_the_way_is_kept_open(office: FlowOffice) -> None:
    await with_provider(office)
    await office.clock.forward(120)
    assert office.wire.pings == [("192.0.2.10", 5060)] * 4


@story
async def test_a_lost_connection_is_a_new_sign_in(office: FlowOffice) -> None:
    provider = await with_provider(office, transport="tcp")
    before = provider.count("REGISTER")
    lost = replace(provider.requests[-1].exchange.flow, host="192.0.2.10", port=5060)  # type: ignore[union-attr]
    office.trunks.lost(replace(lost, transport="tcp"))
    await office.clock.forward(1)
    assert provider.count("REGISTER") == before + 2
    assert states(office) == ["trying", "up"]


@story
async def test_by_address_asks_every_half_minute(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10")
    office.set_trunks(provider.by_address())
    await office.clock.forward(61)
    assert provider.count("OPTIONS") == 3 and not provider.count("REGISTER")
    assert states(office) == ["trying", "up"]
    provider.status = 404  # whatever it says, it is there
    await office.clock.forward(30)
    assert state(office) == "up"
    provider.status = 503
    await office.clock.forward(30)
    assert state(office) == "down" and troubles(office)
    provider.status = 200
    await office.clock.forward(30)
    assert state(office) == "up" and not troubles(office)
    provider.silent = True
    await office.clock.forward(30 + 8)
    assert state(office) == "down"


@story
async def test_an_administrator_tries(office: FlowOffice) -> None:
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    provider.secret = "another"
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    provider.secret = "trunk-secret"
    told = await office.trunks.try_now(1)
    assert told is not None and told.state == "up"
    assert await office.trunks.try_now(9) is None
    office.set_trunks(provider.trunk(enabled=False))
    told = await office.trunks.try_now(1)
    assert told is not None and told.state == "off"


@story
async def test_a_try_of_a_silent_provider_is_answered_in_time(office: FlowOffice) -> None:
    provider = await with_provider(office)
    provider.silent = True
    asking = office.start(office.trunks.try_now(1))
    await office.clock.forward(8)
    told = asking.result()
    assert told is not None and told.state == "down"


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "bad host"},
        {"host": ""},
        {"host": "a<b>"},
        {"host": "[::1"},
        {"host": "192.0.2.10", "username": 'a"b@c;d e\r\nX: y'},
        {"host": "192.0.2.10", "transport": "tls"},
        {"host": "192.0.2.10", "proxy": "::::"},
        {"host": "192.0.2.10", "codecs": ("opus",), "number_format": "?", "caller_id": "?"},
        {"host": "192.0.2.10", "expires": -5, "sources": ("x", "999.1.1.1/40")},
        {"host": "192.0.2.10", "main_number": "not a number"},
    ],
)
def test_settings_that_make_no_sense_stop_nothing(wrong: dict[str, object]) -> None:
    """A page refuses them; a row written by hand must still not take the office down."""

    @story
    async def told(office: FlowOffice) -> None:
        provider = Provider(office, "192.0.2.10", "sip.provider.example")
        office.names |= {"bad host": ("192.0.2.66",), "a<b>": ("192.0.2.66",)}
        office.set_trunks(provider.trunk(**wrong), provider.trunk(2, name="Buona"))
        await office.clock.forward(20)
        assert state(office, 2) == "up" and state(office, 1) in ("up", "down")
        anna = await office.phone("201")
        await anna.dials("00612345678")
        await office.clock.forward(30)
        assert anna.statuses[-1] in (180, 503), anna.statuses
        await anna.hangs_up()

    told()
