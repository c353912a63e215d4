"""What an administrator sets for a phone: the transport it must use, its codings, their order."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from dataclasses import replace

from pbx.events import kinds
from pbx.sip import offer
from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.phone import OFFICE, Phone


def sets(office: FlowOffice, line: str, *, transport: str = "", codecs: str = "") -> None:
    """The administrator changes the account of this line; the PBX has read it."""
    last = office.snapshot.last
    account = replace(last.accounts[line], transport=transport, codecs=tuple(codecs.split()))
    office.snapshot.last = replace(last, accounts={**last.accounts, line: account})
    office.phones.settings_moved()


def codings(said: offer.Remote) -> list[str]:
    """The codings of a description, in order."""
    return [coding.name for coding in said.codings]


def spoken(phone: Phone) -> str:
    """What we send to this phone."""
    far = phone.ear.far
    assert far is not None
    return far.send.name


# --- transport ---------------------------------------------------------------------------------


@story
async def test_another_transport_is_refused_with_the_reason(office: FlowOffice) -> None:
    sets(office, "202", transport="tcp")
    bruno = Phone(office.wire, office.clock, office.media, "202", "10.0.0.70")
    heard = await bruno.asks("REGISTER", "202", headers=[("Contact", f"<{bruno.contact}>")])
    assert heard.response is not None
    assert (heard.status, heard.response.reason) == (403, "Use TCP, This Account Allows No UDP")
    assert not office.phones.registered()
    (trouble,) = office.bus.board.troubles
    assert trouble.kind == "transport:202"
    assert "10.0.0.70" in trouble.it and "ammette solo TCP" in trouble.it
    assert "allows only TCP" in trouble.en
    await bruno.registers()  # it goes on trying: one trouble, told once
    assert len([fact for fact in office.facts if isinstance(fact, kinds.Trouble)]) == 1
    bruno.flow = bruno.flow_to(*OFFICE, "tcp")
    assert await bruno.registers() == 200
    assert not office.bus.board.troubles
    assert office.phones.registered() == {"202"}


@story
async def test_a_phone_on_the_wrong_transport_leaves_when_the_setting_comes(
    office: FlowOffice,
) -> None:
    bruno = await office.phone("202")
    sets(office, "202", transport="tcp")
    assert not office.phones.targets("202") and not office.bus.board.phones
    assert await bruno.registers() == 403
    sets(office, "202")  # the administrator thinks better of it
    assert not office.bus.board.troubles
    assert await bruno.registers() == 200


@story
async def test_one_that_gave_up_is_no_trouble_any_more(office: FlowOffice) -> None:
    sweeping = office.start_sweeping()
    sets(office, "202", transport="tcp")
    bruno = Phone(office.wire, office.clock, office.media, "202", "10.0.0.70")
    assert await bruno.registers() == 403
    await office.clock.forward(890)
    assert office.bus.board.troubles
    await office.clock.forward(30)
    assert not office.bus.board.troubles
    sweeping.cancel()


@story
async def test_leaving_is_allowed_by_any_way(office: FlowOffice) -> None:
    sets(office, "202", transport="tcp")
    bruno = Phone(office.wire, office.clock, office.media, "202", "10.0.0.70")
    assert await bruno.registers(0) == 200


# --- codings -----------------------------------------------------------------------------------


@story
async def test_a_called_phone_is_offered_its_own_codings_in_their_order(
    office: FlowOffice,
) -> None:
    sets(office, "202", codecs="G722 PCMU")
    anna = await office.phone("201", codings=("PCMA", "PCMU"))
    bruno = await office.phone("202", codings=("PCMA", "PCMU", "G722"))
    await anna.dials("202")
    assert codings(bruno.offers[bruno.dialog]) == ["G722", "PCMU"]
    await bruno.answers()
    assert spoken(bruno) == "G722"  # its order counts, though we must transcode
    await anna.hangs_up()


@story
async def test_a_calling_phone_is_answered_by_its_own_order(office: FlowOffice) -> None:
    sets(office, "201", codecs="PCMU PCMA")
    anna = await office.phone("201", codings=("G722", "PCMA", "PCMU"))
    bruno = await office.phone("202", codings=("PCMA",))
    await anna.dials("202")
    await bruno.answers()
    assert spoken(anna) == "PCMU"
    await anna.holds()
    await anna.holds(held=False)
    assert spoken(anna) == "PCMU"
    await anna.hangs_up()


@story
async def test_a_phone_that_has_none_of_its_codings_is_told(office: FlowOffice) -> None:
    sets(office, "201", codecs="G722")
    anna, _ = await office.phone("201", codings=("PCMA",)), await office.phone("202")
    await anna.dials("202")
    assert anna.statuses[-1] == 488


@story_without_mailbox
async def test_an_answer_outside_the_setting_is_not_taken(office: FlowOffice) -> None:
    sets(office, "202", codecs="PCMU")
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    bruno.dialog.accept(
        b"v=0\r\no=- 1 1 IN IP4 10.0.0.12\r\ns=-\r\nc=IN IP4 10.0.0.12\r\nt=0 0\r\n"
        b"m=audio 30000 RTP/AVP 8\r\n"
    )
    await office.clock.settle()
    assert not anna.talks and not bruno.talks


@story
async def test_an_unknown_coding_counts_as_no_wish(office: FlowOffice) -> None:
    sets(office, "202", codecs="OPUS")
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert codings(bruno.offers[bruno.dialog]) == ["PCMA", "PCMU", "G722"]
    await anna.hangs_up()
