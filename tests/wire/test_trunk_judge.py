"""A strict stranger (`sipmessage`) reads what trunks say: sign-ins, calls, farewells; and strange
bytes from a provider's address do no harm."""

from __future__ import annotations

import random

import sipmessage

from pbx.sip.message import Request
from pbx.sip.parser import parse
from tests.flow.office import FlowOffice, run
from tests.flow.provider import Provider
from tests.flow.test_calls_in import BRUNO, by_address
from tests.flow.test_calls_out import DIALLED, give_number, signed_in
from tests.wire.test_sip_judge import judge

METHODS = (b"REGISTER", b"INVITE", b"ACK", b"BYE", b"OPTIONS", b"CANCEL", b"PRACK", b"UPDATE")


def said(office: FlowOffice) -> list[sipmessage.Request]:
    """Every request on the wire that our agents wrote, read by the judge."""
    return [
        found
        for data in office.wire.seen
        if data.startswith(METHODS) and isinstance(found := judge(data), sipmessage.Request)
    ]


async def a_busy_hour(office: FlowOffice) -> None:
    """Sign in with a challenge, call by every form of identity, forward, hide, fail, sign out."""
    give_number(office, "201", "+390255501201")
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.forwards = "03331234567"
    for number, wish in enumerate(("pai", "ppi", "rpid", "from"), 1):
        provider = Provider(office, f"192.0.2.{number}", f"sip{number}.example")
        settings = provider.trunk(number, caller_id=wish, diversion="both", name=f"Linea {wish}")
        await signed_in(office, settings)
        for dialled in (DIALLED, "202", "112", "0187"):
            await anna.dials(dialled)
            assert provider.rings, dialled
            await provider.answers()
            await anna.hangs_up()
        provider.refuses = 486
        await anna.dials(DIALLED)
    await office.clock.forward(700)  # refreshes
    await office.trunks.stop()


def test_all_that_trunks_say() -> None:
    async def story() -> None:
        office = FlowOffice()
        await a_busy_hour(office)
        requests = said(office)
        methods = {request.method for request in requests}
        assert {"REGISTER", "INVITE", "ACK", "BYE"} <= methods
        signed = [r for r in requests if r.method == "REGISTER" and r.authorization]
        assert signed
        for request in signed:
            assert request.authorization and request.authorization.parameters
            assert request.authorization.parameters["uri"] == str(request.uri)
        for request in requests:
            for name in ("P-Asserted-Identity", "P-Preferred-Identity", "Diversion"):
                for value in parse_all(request, name):
                    assert sipmessage.Address.parse(value).uri

    run(story())


def parse_all(request: sipmessage.Request, name: str) -> list[str]:
    """Its values, one by one, as our own reader finds them."""
    found = parse(bytes(request))
    assert isinstance(found, Request)
    return found.get_all(name)


def test_strange_bytes_from_a_providers_address() -> None:
    async def story() -> None:
        office = FlowOffice()
        provider = await by_address(office)
        await office.phone("202")
        await provider.calls_in(BRUNO)
        good = next(m for m in office.wire.seen if m.startswith(b"INVITE"))
        await provider.hangs_up()
        dice = random.Random(7)
        flow = office.node.flow_to("192.0.2.10", 5060)
        for number in range(400):
            data = bytearray(good.replace(b"z9hG4bK", b"z9hG4bK%d" % number))
            for _ in range(dice.randrange(1, 6)):
                at = dice.randrange(len(data))
                match dice.randrange(3):
                    case 0:
                        data[at] = dice.randrange(256)
                    case 1:
                        del data[at : at + dice.randrange(40)]
                    case _:
                        data[at:at] = data[at : at + dice.randrange(200)]
            office.node.receive(bytes(data), flow)
            await office.clock.settle()
        await office.clock.forward(400)
        assert not office.hub.calls and office.trunks.calls(1) == 0
        assert office.node.agent.dialogs() == 0 and not office.media.open_streams
        assert {app for app, _ in office.served} <= {"voicemail_deposit"}

    run(story())
