"""Something breaks in the middle of a call: what must end ends, what must go on goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually

Phone = Callable[..., Baresip]


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Iterator[Office]:
    """Two media workers, so that one can die."""
    made = make_office(OFFICESMART_MEDIA_WORKERS="2")
    yield made
    print(made.said()[-6000:])


def connect(caller: Baresip, callee: Baresip) -> None:
    caller.dial(callee.line)
    caller.wait("CALL_ESTABLISHED")
    callee.wait("CALL_ESTABLISHED")


def test_a_dead_media_worker_takes_only_its_own_calls(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201", tone=440), phone("202", answers="auto", tone=1000)
    carla, dario = phone("203", tone=440), phone("204", answers="auto", tone=1000)
    connect(anna, bruno)
    connect(carla, dario)
    anna.wait_seconds(1.0)
    before = office.workers()
    assert len(before) == 2
    office.kill_worker(before[0])
    assert eventually(lambda: anna.count("CALL_CLOSED") + carla.count("CALL_CLOSED") == 1)
    ended, going = (anna, carla) if anna.count("CALL_CLOSED") else (carla, anna)
    assert eventually(lambda: len(office.workers()) == 2), "not replaced"
    going.wait_seconds(2.0)
    assert going.never("CALL_CLOSED")
    (record,) = eventually(office.calls)
    assert record["why"] == "media_lost"
    connect(ended, bruno if ended is anna else dario)  # and the next call has sound again
    ended.wait_seconds(2.0)
    ended.hang_up()
    ended.wait("CALL_CLOSED")
    going.hang_up()
    going.wait("CALL_CLOSED")
    assert ended.heard().seconds_of(1000) > 1.0
    assert going.heard().seconds_of(1000) > 3.0


def test_a_locked_database_holds_no_call_up(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201"), phone("202", answers="auto")
    with office.locked():
        connect(anna, bruno)
        anna.wait_seconds(2.0)
        anna.hang_up()
        anna.wait("CALL_CLOSED")
        anna.wait_seconds(2.0)  # five seconds in all, as a slow backup would take
    assert len(eventually(office.calls, 10)) == 1
    assert bruno.heard().seconds_of(440) > 1.0


def test_a_message_left_while_the_database_is_locked_is_kept(phone: Phone, office: Office) -> None:
    anna = phone("201", tone=440)
    with office.locked():
        anna.dial("*87202")
        anna.wait("CALL_ESTABLISHED", seconds=6)
        anna.wait_seconds(0.7)
        anna.press("1")
        anna.wait_seconds(5.0)
        anna.hang_up()
        anna.wait("CALL_CLOSED")
    assert eventually(lambda: len(office.messages("202")) == 1, 10)


def test_a_second_pbx_on_the_same_folder_is_refused(office: Office) -> None:
    second = Office(office.data)
    with pytest.raises(RuntimeError, match="did not start"):
        second.start()
    assert "already runs" in second.said()


def test_a_phone_pulled_from_its_plug_leaves_the_mailbox(phone: Phone, office: Office) -> None:
    bruno = phone("202")
    bruno.die()  # its registration stays for a while
    office.option("202", "mailbox", seconds=4)
    anna = phone("201")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED", seconds=8)  # the mailbox, when nothing rings there
    anna.hang_up()


def test_an_orderly_stop_says_goodbye(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201"), phone("202", answers="auto")
    connect(anna, bruno)
    assert office.stop() == 0
    anna.wait("CALL_CLOSED")
    bruno.wait("CALL_CLOSED")
    assert office.calls()[0]["ended_by"] == "office"
    assert office.workers() == []
