"""Phones that sign in, move, leave, run out, and are known again after a restart."""

from __future__ import annotations

from dataclasses import replace

from pbx.events import kinds
from pbx.events.bus import Bus
from pbx.peers.phones import Known, Phones
from pbx.sip.agent import Flow
from pbx.sip.registrar import Binding
from tests.flow.office import FlowOffice, story
from tests.flow.phone import OFFICE, Phone


def known(phone: int, account_id: int, binding: Binding) -> Known:
    """As the store gives it back."""
    flow = binding.flow
    nowhere = replace(binding, flow=Flow("udp", "", 0))
    return Known(phone, account_id, flow.host, flow.port, flow.transport, nowhere)


def told(office: FlowOffice, kind: type[kinds.Event]) -> list[kinds.Event]:
    """The facts of one kind."""
    return [fact for fact in office.facts if isinstance(fact, kind)]


@story
async def test_several_phones_of_one_line(office: FlowOffice) -> None:
    desk, cordless = await office.phone("202"), await office.phone("202")
    assert len(office.phones.targets("202")) == 2
    assert {phone.source for phone in office.bus.board.phones_of("202")} == {
        f"{desk.host}:5060",
        f"{cordless.host}:5060",
    }
    heard = await desk.asks("REGISTER", "202")  # a question: who is there?
    assert heard.response is not None
    assert len(heard.response.get_all("Contact")) == 2
    await desk.registers(0)
    assert [target.flow.host for target in office.phones.targets("202")] == [cordless.host]


@story
async def test_signing_out_removes_it_at_once(office: FlowOffice) -> None:
    bruno = await office.phone("202")
    assert office.kept and office.phones.registered() == {"202"}
    assert await bruno.registers(0) == 200
    assert not office.kept and not office.phones.registered()
    assert not office.bus.board.phones
    (gone,) = told(office, kinds.PhoneGone)
    assert isinstance(gone, kinds.PhoneGone)
    assert (gone.line, gone.why) == ("202", "signed_out")
    assert await bruno.registers() == 200  # and back
    assert office.phones.registered() == {"202"}


@story
async def test_all_contacts_at_once(office: FlowOffice) -> None:
    desk, _ = await office.phone("202"), await office.phone("202")
    heard = await desk.asks("REGISTER", "202", expires=0, headers=[("Contact", "*")])
    assert heard.status == 200 and not office.phones.targets("202") and not office.kept


@story
async def test_a_registration_that_runs_out_leaves_the_board(office: FlowOffice) -> None:
    sweeping = office.start_sweeping()
    bruno = await office.phone("202", seconds=120)
    await office.clock.forward(100)
    assert await bruno.registers(120) == 200
    await office.clock.forward(119)
    assert office.bus.board.phones_of("202")
    await office.clock.forward(10)
    assert not office.bus.board.phones and not office.kept and not office.phones.targets("202")
    (gone,) = told(office, kinds.PhoneGone)
    assert isinstance(gone, kinds.PhoneGone) and gone.why == "expired"
    sweeping.cancel()


@story
async def test_too_short_is_423(office: FlowOffice) -> None:
    bruno = await office.phone("202")
    contact = [("Contact", f"<sip:202@{bruno.host}>")]
    heard = await bruno.asks("REGISTER", "202", expires=30, headers=contact)
    assert heard.status == 423 and heard.response is not None
    assert heard.response.get("Min-Expires") == "60"
    heard = await bruno.asks("REGISTER", "202", expires=999_999, headers=contact)
    assert heard.response is not None
    assert "expires=3600" in str(heard.response.get("Contact"))


@story
async def test_nobody_registers_for_another(office: FlowOffice) -> None:
    carla = await office.phone("203")
    assert await carla.registers(number="202") == 403
    assert not office.phones.targets("202")
    assert await carla.registers(0, number="202") == 403


@story
async def test_a_wrong_password_registers_nothing(office: FlowOffice) -> None:
    bruno = Phone(office.wire, office.clock, office.media, "202", "10.0.0.50", password="wrong")
    assert await bruno.registers() == 401
    assert not office.phones.registered() and not office.bus.board.phones


@story
async def test_a_refresh_is_no_news_and_a_move_is(office: FlowOffice) -> None:
    bruno = await office.phone("202")
    assert len(told(office, kinds.PhoneRegistered)) == 1
    for _ in range(3):
        await office.clock.forward(60)
        await bruno.registers()
    assert len(told(office, kinds.PhoneRegistered)) == 1
    (before,) = office.bus.board.phones_of("202")
    bruno.restarts()
    bruno.moves("10.0.0.77")
    await bruno.registers()
    assert len(office.bus.board.phones_of("202")) in (1, 2)
    assert bruno.host in {target.flow.host for target in office.phones.targets("202")}
    assert before.line == "202"


@story
async def test_the_same_phone_from_another_port_is_one_phone(office: FlowOffice) -> None:
    bruno = await office.phone("202")
    moved = Phone(office.wire, office.clock, office.media, "202", bruno.host, port=5099)
    office.wire.leave(bruno)
    moved.contact = bruno.contact
    moved.goes_on_counting(bruno)
    assert await moved.registers() == 200
    (target,) = office.phones.targets("202")
    assert target.flow.port == 5099
    (phone,) = office.bus.board.phones_of("202")
    assert phone.source.endswith(":5099")
    anna = await office.phone("201")
    await anna.dials("202")
    assert moved.rings
    await anna.hangs_up()


@story
async def test_the_administrator_signs_a_phone_out(office: FlowOffice) -> None:
    bruno = await office.phone("202")
    (phone,) = office.bus.board.phones_of("202")
    assert not office.phones.sign_out(phone.phone, line="201")
    assert not office.phones.sign_out(999)
    assert office.phones.sign_out(phone.phone, line="202")
    assert not office.phones.targets("202") and not office.bus.board.phones and not office.kept
    assert await bruno.registers() == 200


@story
async def test_an_account_removed_takes_its_phones_along(office: FlowOffice) -> None:
    bruno, carla = await office.phone("202"), await office.phone("203")
    accounts = dict(office.snapshot.last.accounts)
    del accounts["202"]
    office.snapshot.last = replace(office.snapshot.last, accounts=accounts)
    office.phones.settings_moved()
    assert not office.phones.targets("202") and office.phones.registered() == {"203"}
    (gone,) = told(office, kinds.PhoneGone)
    assert isinstance(gone, kinds.PhoneGone)
    assert (gone.line, gone.why) == ("202", "removed")
    assert len(office.kept) == 1
    assert await bruno.registers() == 401
    await carla.dials("202")
    assert office.served == [("voicemail_deposit", "202 unavailable")]
    await carla.hangs_up()


@story
async def test_an_account_given_to_another_line(office: FlowOffice) -> None:
    anna, phone = await office.phone("201"), await office.phone("202")
    accounts = dict(office.snapshot.last.accounts)
    accounts["202"] = replace(accounts["202"], extension="204")
    office.snapshot.last = replace(office.snapshot.last, accounts=accounts)
    office.phones.settings_moved()
    assert office.phones.registered() == {"201", "204"}
    await anna.dials("204")
    assert phone.rings
    await anna.hangs_up()
    (shown,) = office.bus.board.phones_of("204")
    assert shown.source.startswith(phone.host) and not office.bus.board.phones_of("202")


@story
async def test_registrations_survive_a_restart(office: FlowOffice) -> None:
    bruno, carla = await office.phone("202"), await office.phone("203", seconds=60)
    numbers = {phone.line: phone.phone for phone in office.bus.board.phones.values()}
    kept = [known(numbers[str(a)], a, binding) for (a, _), binding in office.kept.items()]
    await office.clock.forward(90)  # the PBX was away; Carla's ran out
    bus = Bus()
    phones = Phones(
        office.node,
        bus,
        office.clock,
        office.snapshot,
        keep=lambda number, account, binding: None,
        drop=lambda account, binding: None,
    )
    phones.load(kept)
    assert phones.registered() == {"202"}
    (target,) = phones.targets("202")
    assert (target.uri, target.flow.host) == (f"sip:202@{bruno.host}", bruno.host)
    assert target.flow.local == OFFICE
    (shown,) = bus.board.phones_of("202")
    assert shown.phone == numbers["202"] and carla.host not in shown.source


@story
async def test_a_registration_whose_network_is_gone_does_not_stop_the_start(
    office: FlowOffice,
) -> None:
    await office.phone("202"), await office.phone("203")
    kept = [known(a, a, binding) for (a, _), binding in office.kept.items()]
    kept[0] = replace(kept[0], host="fe80::1%eth9")
    there = office.node.flow_to

    def flow_to(host: str, port: int, transport: str = "udp") -> object:
        if host.startswith("fe80"):
            raise OSError("no way there")
        return there(host, port, transport)

    office.node.flow_to = flow_to  # type: ignore[method-assign, assignment]
    phones = Phones(
        office.node,
        Bus(),
        office.clock,
        office.snapshot,
        keep=lambda number, account, binding: None,
        drop=lambda account, binding: None,
    )
    phones.load(kept)
    assert phones.registered() == {"203"}
