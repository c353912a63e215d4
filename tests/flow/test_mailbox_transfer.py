"""0 in the mailbox: passed on to a person, at the line owner's expense, or back to the greeting."""

from __future__ import annotations

from tests.flow.mailboxes import MailOffice, mail_story
from tests.flow.phone import Phone
from tests.flow.provider import Provider
from tests.flow.test_calls_out import give_number
from tests.flow.test_mailbox import until


def transfers_to(office: MailOffice, number: str, line: str = "202") -> None:
    """What the administrator has set."""
    options = {**office.snapshot.last.lines[line].options, "mailbox": {"transfer_number": number}}
    office.sets(line, options=options)


async def greeted(office: MailOffice) -> Phone:
    anna = await office.phone("201")
    await anna.dials("*87202")
    await office.clock.forward(0.2)
    return anna


@mail_story
async def test_zero_in_the_greeting_reaches_a_person(office: MailOffice) -> None:
    transfers_to(office, "203")
    carla = await office.phone("203")
    anna = await greeted(office)
    await until(office, anna, "mailbox.press_zero")
    await anna.presses("0")
    assert carla.rings
    await carla.answers()
    await office.clock.forward(5)
    assert anna.talks and carla.talks and anna.hears == carla.host
    await carla.hangs_up()
    assert not anna.talks and office.messages() == []


@mail_story
async def test_without_a_number_zero_is_neither_said_nor_heard(office: MailOffice) -> None:
    for number in ("", "202"):  # its own number would lead back to itself
        transfers_to(office, number)
        anna = await greeted(office)
        await anna.presses("0")
        await until(office, anna, "tone:beep")
        assert "mailbox.press_zero" not in anna.ear.heard
        await office.clock.forward(5)
        await anna.hangs_up()
        await office.clock.forward(1)
    assert len(office.messages()) == 2


@mail_story
async def test_nobody_for_25_seconds_is_back_to_the_greeting(office: MailOffice) -> None:
    transfers_to(office, "203")
    carla = await office.phone("203")
    anna = await greeted(office)
    await anna.presses("0")
    assert carla.rings
    await office.clock.forward(24)
    assert carla.rings
    await office.clock.forward(2)
    assert not carla.rings and anna.hears.startswith("mailbox.greeting")
    await until(office, anna, "tone:beep")
    await office.clock.forward(8)
    await anna.hangs_up()
    await office.clock.forward(1)
    (message,) = office.messages()
    assert message.line_id == 202, "and not Carla's mailbox"


@mail_story
async def test_busy_is_back_at_once(office: MailOffice) -> None:
    transfers_to(office, "203")
    carla = await office.phone("203")
    carla.refuses = 486
    anna = await greeted(office)
    await anna.presses("0")
    await office.clock.forward(1)
    assert anna.talks and anna.hears.startswith("mailbox.greeting")
    await anna.hangs_up()


@mail_story
async def test_zero_while_speaking_keeps_the_words_once_a_person_takes_the_call(
    office: MailOffice,
) -> None:
    transfers_to(office, "203")
    carla = await office.phone("203")
    anna = await greeted(office)
    await anna.presses("1")
    await until(office, anna, "tone:beep")
    await office.clock.forward(8)
    await anna.presses("0")
    await office.clock.forward(0.5)
    assert carla.rings and office.messages() == []
    await carla.answers()
    await office.clock.forward(2)
    (message,) = office.messages()
    assert 7 < message.seconds < 9
    await anna.hangs_up()


@mail_story
async def test_zero_in_the_menu_and_nobody_there_records_anew(office: MailOffice) -> None:
    transfers_to(office, "203")  # no phone of hers is there
    anna = await greeted(office)
    await anna.presses("1")
    await until(office, anna, "tone:beep")
    await office.clock.forward(8)
    await anna.presses("#")
    await until(office, anna, "mailbox.deposit_options")
    await anna.presses("0")
    await office.clock.forward(1)
    assert anna.hears.startswith("mailbox.greeting")
    await anna.presses("1")
    await until(office, anna, "tone:beep")
    await office.clock.forward(20)
    await anna.hangs_up()
    await office.clock.forward(1)
    (message,) = office.messages()
    assert message.seconds > 9, "the second words"


@mail_story
async def test_a_stranger_is_passed_outside_at_the_owners_expense(office: MailOffice) -> None:
    """And only where the owner may call."""
    provider = Provider(office, "192.0.2.10", "sip.provider.example")
    office.set_trunks(provider.trunk())
    await office.clock.settle()
    give_number(office, "202", "+390255501202")
    transfers_to(office, "+393331234567")
    caller = await provider.calls_in("+390255501202", "+390612345678")
    await office.clock.forward(1)
    stranger = office.hub.calls[next(iter(office.hub.calls))].caller
    assert stranger is not None
    stranger.keeper.on_digit(stranger, "0", in_band=True)
    await office.clock.settle()
    assert provider.invite.uri.startswith("sip:+393331234567@")
    assert office.switch.toll.use("202").calls == 1
    provider.dialogs[-1].refuse(486)
    await office.clock.forward(1)
    assert office.switch.toll.use("202").calls == 0
    transfers_to(office, "+33145678901")
    caller.end()
    await office.clock.forward(1)
    await provider.calls_in("+390255501202", "+390612345678")
    await office.clock.forward(1)
    stranger = office.hub.calls[next(iter(office.hub.calls))].caller
    assert stranger is not None
    before = len(provider.dialogs)
    stranger.keeper.on_digit(stranger, "0", in_band=True)
    await office.clock.forward(1)
    assert len(provider.dialogs) == before and office.switch.toll.use("202").calls == 0
    provider.dialogs[-1].end()
