"""The mailbox in whole calls: left by one phone, lit on another, heard and deleted by keys."""

from __future__ import annotations

from pbx.events.kinds import End, MailboxChanged, RecordKept, VoicemailLeft
from tests.flow.mailboxes import PIN, MailOffice, mail_story
from tests.flow.phone import Phone


async def until(office: MailOffice, phone: Phone, sound: str, seconds: float = 120.0) -> None:
    """Let time pass until the phone hears this."""
    for _ in range(int(seconds * 10)):
        if phone.talks and phone.hears == sound:
            return
        await office.clock.forward(0.1)
    raise AssertionError(f"{sound} was not heard, but {phone.ear.heard}")


async def leaves_message(office: MailOffice, phone: Phone, seconds: float = 12.0) -> None:
    """Straight into 202's mailbox."""
    await phone.dials("*87202")
    await phone.presses("1")  # no greeting
    await office.clock.forward(0.6 + seconds)
    await phone.hangs_up()
    await office.clock.forward(1)


async def opens_mailbox(office: MailOffice, phone: Phone) -> None:
    """With the PIN, to the main menu."""
    await phone.dials("*86")
    await until(office, phone, "mailbox.ask_pin")
    await phone.presses(PIN + "#")


@mail_story
async def test_an_unanswered_call_becomes_a_message_that_is_heard_and_deleted(
    office: MailOffice,
) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    assert bruno.lamps[-1].startswith("Messages-Waiting: no")
    await anna.dials("202")
    await office.clock.forward(30.1)
    assert anna.talks and anna.hears.startswith("mailbox.greeting.unanswered")
    await until(office, anna, "tone:beep")
    await office.clock.forward(10)
    await anna.hangs_up()
    await office.clock.forward(0.5)

    assert bruno.lamps[-1].startswith("Messages-Waiting: yes") and "1/0" in bruno.lamps[-1]
    (message,) = office.messages()
    assert (message.caller_number, message.caller_name) == ("201", "Anna Bianchi")
    assert 9 < message.seconds < 11 and message.state == "new"
    assert (office.database.data / message.file).is_file()
    (left,) = [fact for fact in office.facts if isinstance(fact, VoicemailLeft)]
    assert (left.line, left.call) == ("202", office.story.id)

    (row,) = office.missed("202")
    assert row.message_left and row.message_id == message.id
    assert (row.number, row.name, row.answered_by) == ("201", "Anna Bianchi", "mailbox")
    (record,) = office.rows()
    assert record.why == End.MESSAGE_LEFT.value and record.ended_by == "caller"
    assert record.rang_at is not None and record.answered_at is not None
    assert (record.from_line_id, record.to_line_id) == (201, 202)
    assert [phone["status"] for phone in record.phones] == [487]
    assert any(
        fact.lines == ("201", "202") for fact in office.facts if isinstance(fact, RecordKept)
    )

    await opens_mailbox(office, bruno)
    await until(office, bruno, "mailbox.welcome")
    await until(office, bruno, "mailbox.main_menu")
    await bruno.presses("1")
    await until(office, bruno, "message.new")
    await until(office, bruno, "mailbox.message_menu")
    assert office.messages()[0].state == "heard"
    assert "0/1" in bruno.lamps[-1] and bruno.lamps[-1].startswith("Messages-Waiting: no")
    await bruno.presses("3")
    await until(office, bruno, "mailbox.deleted")
    assert office.messages()[0].state == "deleted" and "0/0" in bruno.lamps[-1]
    assert len([fact for fact in office.facts if isinstance(fact, MailboxChanged)]) == 2
    await bruno.hangs_up()
    await office.clock.settle()
    assert (office.story.end, office.story.answered_by) == (End.COMPLETED, "mailbox")
    assert not office.missed("202")[1:]  # his own call to it is none that he missed


@mail_story
async def test_a_short_message_is_none_and_the_call_is_missed(office: MailOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await leaves_message(office, anna, 1.5)
    assert not office.messages() and office.story.end is End.COMPLETED
    assert not office.story.message_left and "0/0" in bruno.lamps[-1]


@mail_story
async def test_hanging_up_in_the_greeting_leaves_nothing(office: MailOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.refuses = 486
    await anna.dials("202")
    assert anna.hears == "mailbox.greeting.busy"
    await office.clock.forward(1)
    await anna.hangs_up()
    await office.clock.forward(1)
    assert not office.messages()
    (row,) = office.missed("202")
    assert not row.message_left and row.why == End.COMPLETED.value


@mail_story
async def test_the_keys_after_a_recording(office: MailOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("*87202")
    await anna.presses("1")
    await office.clock.forward(8)
    await anna.presses("#")
    await until(office, anna, "mailbox.deposit_options")
    await anna.presses("4")  # urgent
    await until(office, anna, "mailbox.deposit_options")
    await anna.presses("1")
    await until(office, anna, "mailbox.sent")
    await office.clock.forward(20)
    assert not anna.talks
    (message,) = office.messages()
    assert message.urgent and "1/0 (1/0)" in bruno.lamps[-1]
    assert (office.story.end, office.story.ended_by) == (End.MESSAGE_LEFT, "office")


@mail_story
async def test_the_longest_message(office: MailOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("*87202")
    await anna.presses("1")
    await office.clock.forward(0.6 + 181)
    await anna.hangs_up()
    await office.clock.forward(1)
    (message,) = office.messages()
    assert 179 < message.seconds <= 180.5


@mail_story
async def test_three_wrong_pins(office: MailOffice) -> None:
    bruno = await office.phone("202")
    await bruno.dials("*86")
    for _ in range(3):
        await until(office, bruno, "mailbox.ask_pin")
        await bruno.presses("111111#")
        await until(office, bruno, "mailbox.wrong_pin")
    await until(office, bruno, "mailbox.goodbye")
    await office.clock.forward(10)
    assert not bruno.talks and office.story.ended_by == "office"


@mail_story
async def test_somebody_elses_phone_and_ones_own_mailbox(office: MailOffice) -> None:
    anna = await office.phone("201")
    await leaves_message(office, anna)
    await anna.dials("*86*202")
    await until(office, anna, "mailbox.ask_pin")
    await anna.presses(PIN + "#")
    await until(office, anna, "mailbox.welcome")
    await anna.hangs_up()


@mail_story
async def test_a_worker_lost_while_recording_loses_no_word(office: MailOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("*87202")
    await anna.presses("1")
    await office.clock.forward(8)
    office.media.lose_worker()
    await office.clock.forward(2)
    assert not anna.talks and office.story.end is End.MEDIA_LOST
    await office.context.settle()
    (message,) = office.messages()
    assert message.seconds > 5 and "1/0" in bruno.lamps[-1]


@mail_story
async def test_a_locked_database_costs_nobody_a_message(office: MailOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.database.slow = 5.0
    await anna.dials("*87202")
    await office.clock.forward(3)  # whether there is room is not asked for ever
    await anna.presses("1")
    await office.clock.forward(0.6 + 10)
    await anna.hangs_up()
    await office.clock.forward(10)
    office.database.slow = 0.0
    await office.clock.forward(10)
    assert len(office.messages()) == 1 and "1/0" in bruno.lamps[-1]


@mail_story
async def test_the_mailbox_takes_a_transferred_caller(office: MailOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    await bruno.answers()
    carla.refuses = 486
    await bruno.transfers("203")
    await bruno.hangs_up()
    assert anna.hears == "mailbox.greeting.busy"
    await until(office, anna, "tone:beep")
    await office.clock.forward(10)
    await anna.hangs_up()
    await office.clock.forward(1)
    (message,) = office.messages()
    assert (message.line_id, message.caller_number) == (203, "201")
    (row,) = office.missed("203")
    assert row.message_left


@mail_story
async def test_a_click_to_dial_that_ends_in_a_mailbox(office: MailOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.hub.dial("201", "202")
    await office.clock.settle()
    await anna.answers()
    await office.clock.forward(30.1)
    await until(office, anna, "tone:beep")
    await office.clock.forward(10)
    await anna.hangs_up()
    await office.clock.forward(1)
    (message,) = office.messages()
    assert (message.caller_number, message.caller_name) == ("201", "Anna Bianchi")
    (row,) = office.missed("202")
    assert row.from_web and row.message_left and bruno.lamps


@mail_story
async def test_the_echo(office: MailOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("*600")
    assert anna.hears == "echo.intro"
    await office.clock.forward(30)
    assert anna.hears == anna.host
    await anna.presses("#")
    await office.clock.forward(10)
    assert not anna.talks and office.story.answered_by == "service"
