"""A message is left, its lamp lights, it is heard by keys: with real phones and a known tone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually, pin
from tests.interop.sound import read

Phone = Callable[..., Baresip]


def leave_message(caller: Baresip, line: str, *, seconds: float = 5.0) -> None:
    """Call straight into a mailbox, skip the greeting, speak, hang up."""
    caller.dial(f"*87{line}")
    caller.wait("CALL_ESTABLISHED")
    caller.wait_seconds(0.7)
    caller.press("1")
    caller.wait_seconds(0.7 + seconds)
    caller.hang_up()
    caller.wait("CALL_CLOSED")


def kept(office: Office, line: str, count: int = 1) -> list[dict[str, Any]]:
    """Its messages, once there are so many."""
    eventually(lambda: len(office.messages(line)) >= count)
    return office.messages(line)


def test_an_unanswered_call_leaves_a_message_with_its_sound(phone: Phone, office: Office) -> None:
    office.option("202", "mailbox", seconds=3)
    bruno = phone("202")
    anna = phone("201", tone=440)
    anna.dial("202")
    bruno.wait("CALL_INCOMING")
    anna.wait("CALL_ESTABLISHED", seconds=8)
    bruno.wait("CALL_CLOSED")
    anna.press("1")
    anna.wait_seconds(6.0)
    anna.hang_up()
    (message,) = kept(office, "202")
    assert message["caller_number"] == "201"
    assert message["state"] == "new"
    sound = read(office.data / message["file"])
    assert 4.0 < sound.seconds < 7.0
    assert abs(sound.seconds - message["seconds"]) < 0.3
    assert sound.between(0.5).share(440) > 0.97
    assert -16 < sound.between(0.5).level < -8
    (record,) = eventually(office.calls)
    assert (record["answered_by"], record["message_left"]) == ("mailbox", 1)
    assert record["why"] == "message_left"
    owed = office.rows("SELECT * FROM outboxitem")
    assert [item["kind"] for item in owed] in ([], ["voicemail_mail"])


def test_a_call_to_a_line_without_a_phone_goes_to_its_mailbox(phone: Phone, office: Office) -> None:
    anna = phone("201")
    anna.dial("203")
    anna.wait("CALL_ESTABLISHED")
    anna.press("1")
    anna.wait_seconds(5.0)
    anna.hang_up()
    assert len(kept(office, "203")) == 1


def test_a_word_too_short_is_not_kept(phone: Phone, office: Office) -> None:
    anna = phone("201")
    leave_message(anna, "202", seconds=1.0)
    (record,) = eventually(office.calls)
    assert record["message_left"] == 0
    assert office.messages("202") == []


def lamp(phone: Baresip, wanted: str, seconds: float = 5) -> str:
    """Wait until the lamp is told 'yes' or 'no'; the whole notice.

    It may be told the same twice: once because it asked, once because it signed in.
    """
    seen: list[str] = []
    while not seen or f"messages-waiting: {wanted}" not in seen[-1].lower():
        seen.append(phone.wait("MWI_NOTIFY", seconds=seconds).words)
    return seen[-1]


def test_the_lamp_lights_and_goes_out_when_the_message_is_heard(
    phone: Phone, office: Office
) -> None:
    bruno = phone("202", watches_mailbox=True)
    lamp(bruno, "no")
    anna = phone("201", tone=440)
    leave_message(anna, "202", seconds=6.0)
    assert "1/0" in lamp(bruno, "yes")

    bruno.dial("*86")
    bruno.wait("CALL_ESTABLISHED")
    bruno.wait_seconds(0.7)
    bruno.press(f"{pin('202')}#")
    bruno.wait_seconds(1.0)
    bruno.press("1")  # listen
    eventually(lambda: office.messages("202")[0]["state"] == "heard", 30)
    assert "0/1" in lamp(bruno, "no")
    bruno.wait_seconds(1.5)
    bruno.hang_up()
    bruno.wait("CALL_CLOSED")
    assert bruno.heard().seconds_of(440) > 4.0


def test_a_heard_message_is_deleted_by_key(phone: Phone, office: Office) -> None:
    leave_message(phone("201"), "202", seconds=3.5)
    bruno = phone("202")
    bruno.dial("*86")
    bruno.wait("CALL_ESTABLISHED")
    bruno.wait_seconds(0.7)
    bruno.press(f"{pin('202')}#")
    bruno.wait_seconds(1.0)
    bruno.press("1")
    bruno.wait_seconds(1.0)
    bruno.press("3")
    assert eventually(lambda: office.messages("202")[0]["state"] == "deleted", 20)
    bruno.hang_up()


def test_a_wrong_pin_opens_nothing(phone: Phone, office: Office) -> None:
    leave_message(phone("201", tone=440), "202", seconds=4.0)
    bruno = phone("202")
    bruno.dial("*86")
    bruno.wait("CALL_ESTABLISHED")
    for _ in range(3):
        bruno.wait_seconds(0.8)
        bruno.press("111111#")
    bruno.wait("CALL_CLOSED", seconds=30)
    assert office.messages("202")[0]["state"] == "new"
    assert bruno.heard().seconds_of(440) == 0


def test_what_was_recorded_before_a_crash_is_a_message_after_it(
    phone: Phone, office: Office
) -> None:
    anna = phone("201", tone=440)
    anna.dial("*87202")
    anna.wait("CALL_ESTABLISHED")
    anna.wait_seconds(0.7)
    anna.press("1")
    anna.wait_seconds(6.0)
    workers = office.workers()
    office.kill()
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 5), (
        "media workers outlive their PBX"
    )
    office.start()
    (message,) = kept(office, "202")
    sound = read(office.data / message["file"])
    assert sound.seconds > 4.0
    assert sound.between(0.5, sound.seconds - 0.2).share(440) > 0.97
    assert message["caller_number"] == "201"
    office.kill()
    office.start()
    assert len(office.messages("202")) == 1  # found once only
