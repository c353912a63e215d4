"""Message lamps: who is told how many messages wait, when, and how often."""

from __future__ import annotations

from pbx.events.kinds import MailboxChanged, VoicemailLeft
from pbx.sip import agent as sip
from pbx.store.messages import Counts
from tests.flow.loop import MONDAY
from tests.flow.office import FlowOffice, story
from tests.flow.phone import OFFICE, Phone

SUMMARY = [("Event", "message-summary"), ("Accept", "application/simple-message-summary")]


async def watches(phone: Phone, seconds: int = 600, *, number: str = "") -> sip.Replied:
    """SUBSCRIBE to its own lamp."""
    contact = ("Contact", f"<sip:{phone.line}@{phone.host}>")
    return await phone.asks(
        "SUBSCRIBE", number or phone.line, expires=seconds, headers=[*SUMMARY, contact]
    )


async def again(phone: Phone, first: sip.Replied, seconds: int) -> int:
    """SUBSCRIBE once more in the same dialog."""
    return await phone.subscribes_again(first, SUMMARY, seconds)


def message_left(office: FlowOffice, line: str) -> None:
    """One message more."""
    office.counts = Counts(office.counts.new + 1, 0, 0, 0)
    office.bus.publish(VoicemailLeft(line, 1, MONDAY))


@story
async def test_a_phone_is_told_when_it_registers(office: FlowOffice) -> None:
    office.counts = Counts(2, 1, 1, 0)
    anna = await office.phone("201")
    assert anna.lamps == [
        "Messages-Waiting: yes\r\n"
        f"Message-Account: sip:201@{OFFICE[0]}\r\n"
        "Voice-Message: 2/1 (1/0)\r\n"
    ]
    await anna.registers()  # a refresh
    assert len(anna.lamps) == 1


@story
async def test_subscribe_is_answered_with_the_state_at_once(office: FlowOffice) -> None:
    anna = await office.phone("201")
    anna.lamps.clear()
    heard = await watches(anna)
    assert heard.status == 200 and heard.response is not None
    assert heard.response.get("Expires") == "600"
    assert len(anna.lamps) == 1 and "Messages-Waiting: no" in anna.lamps[0]
    notify = next(m for m in reversed(office.wire.seen) if m.startswith(b"NOTIFY"))
    assert b"Subscription-State: active;expires=600" in notify


@story
async def test_a_message_and_a_change_light_every_phone_once(office: FlowOffice) -> None:
    desk, cordless, bruno = [await office.phone(x) for x in ("201", "201", "202")]
    await watches(desk)
    for phone in (desk, cordless, bruno):
        phone.lamps.clear()
    message_left(office, "201")
    await office.clock.settle()
    assert [len(phone.lamps) for phone in (desk, cordless, bruno)] == [1, 1, 0]
    assert "Messages-Waiting: yes" in desk.lamps[0] and "1/0" in cordless.lamps[0]
    office.counts = Counts(0, 1, 0, 0)
    office.bus.publish(MailboxChanged("201"))
    await office.clock.settle()
    assert [len(phone.lamps) for phone in (desk, cordless, bruno)] == [2, 2, 0]
    assert "Messages-Waiting: no" in desk.lamps[1] and "0/1" in desk.lamps[1]


@story
async def test_many_changes_at_once_are_told_once_or_twice_and_the_last_is_true(
    office: FlowOffice,
) -> None:
    anna = await office.phone("201")
    anna.lamps.clear()
    for _ in range(50):
        message_left(office, "201")
    await office.clock.settle()
    assert len(anna.lamps) <= 2 and "50/0" in anna.lamps[-1]


@story
async def test_a_refresh_is_told_and_goes_on(office: FlowOffice) -> None:
    anna = await office.phone("201")
    first = await watches(anna, 100)
    for _ in range(3):
        await office.clock.forward(60)
        anna.lamps.clear()
        assert await again(anna, first, 100) == 200
        assert len(anna.lamps) == 1
    message_left(office, "201")
    await office.clock.settle()
    assert len(anna.lamps) == 2


@story
async def test_unsubscribing_ends_it_with_one_last_word(office: FlowOffice) -> None:
    anna = await office.phone("201")
    first = await watches(anna)
    anna.lamps.clear()
    assert await again(anna, first, 0) == 200
    last = next(m for m in reversed(office.wire.seen) if m.startswith(b"NOTIFY"))
    assert b"Subscription-State: terminated;reason=timeout" in last
    anna.lamps.clear()
    message_left(office, "201")
    await office.clock.settle()
    assert len(anna.lamps) == 1  # as to any registered phone, outside any dialog
    assert await again(anna, first, 100) == 481


@story
async def test_a_subscription_that_runs_out_ends_with_a_word(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await watches(anna, 60)
    await office.clock.forward(61)
    last = next(m for m in reversed(office.wire.seen) if m.startswith(b"NOTIFY"))
    assert b"Subscription-State: terminated;reason=timeout" in last
    anna.lamps.clear()
    message_left(office, "201")
    await office.clock.settle()
    assert len(anna.lamps) == 1


@story
async def test_asking_once_without_watching(office: FlowOffice) -> None:
    anna = await office.phone("201")
    anna.lamps.clear()
    heard = await watches(anna, 0)
    assert heard.status == 200 and len(anna.lamps) == 1
    anna.lamps.clear()
    message_left(office, "201")
    await office.clock.settle()
    assert len(anna.lamps) == 1


@story
async def test_what_is_refused(office: FlowOffice) -> None:
    anna = await office.phone("201")
    contact = [("Contact", f"<sip:201@{anna.host}>")]
    heard = await anna.asks(
        "SUBSCRIBE", "201", expires=600, headers=[("Event", "presence"), *contact]
    )
    assert heard.status == 489 and heard.response is not None
    assert heard.response.get_all("Allow-Events") == ["message-summary", "dialog"]
    assert (await anna.asks("SUBSCRIBE", "201", expires=600, headers=contact)).status == 489
    assert (await watches(anna, 10)).status == 423
    assert (await watches(anna, number="202")).status == 403
    anna.password = "wrong"
    assert (await watches(anna)).status == 401
    assert (await anna.asks("PUBLISH", "201", headers=[("Event", "x")])).status in (405, 489)


@story
async def test_one_line_has_room_for_so_many_watchers(office: FlowOffice) -> None:
    anna = await office.phone("201")
    seen = [(await watches(anna)).status for _ in range(25)]
    assert seen == [200] * 25  # the oldest makes room
    anna.lamps.clear()
    message_left(office, "201")
    await office.clock.settle()
    assert 1 <= len(anna.lamps) <= 20


@story
async def test_a_phone_that_lost_its_subscription_is_told_otherwise(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await watches(anna)
    anna.refuses_lamps = 481
    message_left(office, "201")
    await office.clock.settle()
    anna.refuses_lamps = 0
    anna.lamps.clear()
    message_left(office, "201")
    await office.clock.settle()
    assert len(anna.lamps) == 1


@story
async def test_a_watcher_that_vanished_is_forgotten(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await watches(anna)
    office.wire.leave(anna)
    message_left(office, "201")
    await office.clock.forward(33)
    office.wire.join(anna)
    before = len(office.wire.seen)
    message_left(office, "201")
    await office.clock.settle()
    assert sum(m.startswith(b"NOTIFY") for m in office.wire.seen[before:]) == 1


@story
async def test_counts_that_take_their_time(office: FlowOffice) -> None:
    anna = await office.phone("201")
    office.count_seconds = 1.0
    first = await watches(anna)
    assert await again(anna, first, 0) == 200  # before the first word could be said
    await office.clock.forward(5)
    assert not office.lamps._lines
