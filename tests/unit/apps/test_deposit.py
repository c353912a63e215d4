"""Leaving a message, one story each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pbx.calls.api import HungUp
from pbx.events.kinds import Party, Trouble, VoicemailLeft
from pbx.store import spool
from pbx.store.spool import Deposit
from pbx.tables import Line
from tests.unit.apps.conftest import House
from tests.unit.apps.fakecall import HANG_UP, FakeCall, KillNine, Speaks

DEPOSIT = "voicemail_deposit"


def options(*keys: str) -> dict[str, list[str]]:
    return {"mailbox.deposit_options": list(keys)}


def test_hanging_up_sends_the_message(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(20, "hung_up")), "201 unanswered")
    (message,) = house.messages()
    assert (message.seconds, message.caller_number, message.caller_name) == (20, "202", "Bianchi")
    assert (message.call_id, message.state, message.peaks) == ("c7f2", "new", "10,20,30")
    assert (house.data / message.file).is_file()
    assert house.told(VoicemailLeft) == [
        VoicemailLeft("201", message.id or 0, house.clock.moment, "c7f2")
    ]
    assert [item.kind for item in house.owed()] == ["voicemail_mail"]
    assert house.spooled() == []
    assert call.answered
    assert call.heard == ["mailbox.greeting.unanswered", "mailbox.leave_message", "beep"]


@pytest.mark.parametrize("cause", ["unanswered", "busy", "unavailable"])
def test_the_greeting_says_why(house: House, cause: str) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9, "hung_up")), f"201 {cause}")
    assert call.heard[0] == f"mailbox.greeting.{cause}"


def test_who_dials_the_mailbox_itself_hears_which_it_is(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9, "hung_up")), "201")
    assert call.heard[:5] == [
        "mailbox.greeting.direct",
        *("digit.2", "digit.0", "digit.1"),
        "mailbox.leave_message",
    ]


def test_hash_gives_options_and_one_sends(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9), reactions=options("1")), "201 busy")
    assert call.heard[-3:] == ["mailbox.deposit_options", "mailbox.sent", "mailbox.goodbye"]
    assert "mailbox.bad_key" not in call.heard
    assert call.hung_up_by == "office"
    assert len(house.messages()) == 1


def test_hanging_up_in_the_options_sends_too(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9), reactions=options(HANG_UP)), "201 busy")
    assert call.hung_up_by == "caller"
    assert len(house.messages()) == 1
    assert len(house.told(VoicemailLeft)) == 1


def test_hanging_up_while_listening_to_it_sends_it_with_its_marks(house: House) -> None:
    reactions = {**options("4", "5", "2"), "sound": [HANG_UP]}
    house.run(DEPOSIT, FakeCall(Speaks(9), reactions=reactions), "201 busy")
    (message,) = house.messages()
    assert message.urgent
    assert message.private


def test_urgent_is_a_toggle(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9), reactions=options("4", "4", "1")), "201 busy")
    assert "mailbox.urgent_on" in call.heard
    assert "mailbox.urgent_off" in call.heard
    assert not house.messages()[0].urgent


def test_star_cancels(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9), reactions=options("*")), "201 busy")
    assert "mailbox.cancelled" in call.heard
    assert house.messages() == []
    assert house.spooled() == []


def test_three_records_again_and_the_second_is_kept(house: House) -> None:
    call = FakeCall(Speaks(9), Speaks(30), reactions=options("43", "1"))
    house.run(DEPOSIT, call, "201 busy")
    (message,) = house.messages()
    assert message.seconds == 30
    assert not message.urgent
    assert call.heard.count("beep") == 2


def test_nobody_chooses_so_it_is_sent_after_three_rounds(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9)), "201 busy")
    assert call.heard.count("mailbox.deposit_options") == 3
    assert call.heard[-2:] == ["mailbox.sent", "mailbox.goodbye"]
    assert len(house.messages()) == 1


def test_silence_ends_it_and_is_not_asked_three_times(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9, "silence")), "201 busy")
    assert call.heard.count("mailbox.deposit_options") == 1
    assert house.messages()[0].seconds == 9


def test_a_wrong_key_says_so_and_asks_again(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(9), reactions=options("9", "1")), "201 busy")
    at = call.heard.index("mailbox.bad_key")
    assert call.heard[at + 1] == "mailbox.deposit_options"
    assert len(house.messages()) == 1


def test_too_short_is_told_and_may_be_tried_again(house: House) -> None:
    call = FakeCall(Speaks(2.9), Speaks(3.0), reactions=options("1"))
    house.run(DEPOSIT, call, "201 busy")
    assert "mailbox.too_short" in call.heard
    assert [message.seconds for message in house.messages()] == [3.0]


def test_too_short_and_gone_leaves_nothing(house: House) -> None:
    house.run(DEPOSIT, FakeCall(Speaks(2.9, "hung_up")), "201 busy")
    assert house.messages() == []
    assert house.spooled() == []
    assert house.told(VoicemailLeft) == []


def test_who_says_nothing_three_times_is_let_go(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(*[Speaks(0, "silence")] * 3), "201 busy")
    assert call.heard.count("mailbox.too_short") == 3
    assert call.hung_up_by == "office"
    assert house.messages() == []
    assert house.spooled() == []


def test_hanging_up_in_the_greeting_leaves_nothing(house: House) -> None:
    call = FakeCall(reactions={"mailbox.greeting.busy": [HANG_UP]})
    house.run(DEPOSIT, call, "201 busy")
    assert house.messages() == []
    assert house.spooled() == []
    assert house.events == []


def test_hanging_up_in_the_beep_leaves_nothing(house: House) -> None:
    house.run(DEPOSIT, FakeCall(reactions={"beep": [HANG_UP]}), "201 busy")
    assert house.messages() == []
    assert house.spooled() == []


def test_one_skips_the_greeting_and_other_keys_do_nothing(house: House) -> None:
    reactions = {"mailbox.greeting.busy": ["05#1"]}
    call = house.run(DEPOSIT, FakeCall(Speaks(9, "hung_up"), reactions=reactions), "201 busy")
    assert call.heard[-1] == "beep"
    assert len(house.messages()) == 1
    call = FakeCall(Speaks(9, "hung_up"), reactions={"mailbox.greeting.busy": ["1"]}, id="c7f3")
    house.run(DEPOSIT, call, "201 busy")
    assert call.heard == ["mailbox.greeting.busy", "beep"]


def test_star_in_the_greeting_lets_the_owner_in(house: House) -> None:
    reactions = {
        "mailbox.greeting.busy": ["*"],
        "mailbox.ask_pin": ["740283#"],
        "mailbox.main_menu": ["*"],
    }
    call = house.run(DEPOSIT, FakeCall(reactions=reactions), "201 busy")
    assert call.heard[-4:] == [
        *("mailbox.welcome", "mailbox.no_messages"),
        *("mailbox.main_menu", "mailbox.goodbye"),
    ]
    assert house.messages() == []


def test_an_english_mailbox_speaks_english_to_everybody(house: House) -> None:
    house.line("301", language="en")
    call = house.run(DEPOSIT, FakeCall(Speaks(9), reactions=options("1")), "301 busy")
    assert set(call.spoken_in) == {"en"}


def test_a_full_mailbox_records_nothing(house: House) -> None:
    house.line("301", max_messages=1)
    house.message("301", state="deleted")
    call = house.run(DEPOSIT, FakeCall(), "301 busy")
    assert call.heard == ["mailbox.full", "mailbox.goodbye"]
    assert len(house.messages("301")) == 1


def test_a_message_ends_where_the_mailbox_does(house: House) -> None:
    house.line("301", max_seconds=60)
    house.message("301", seconds=50.0)
    house.run(DEPOSIT, FakeCall(Speaks(180, "hung_up")), "301 busy")
    assert [message.seconds for message in house.messages("301")] == [50, 10]


@pytest.mark.parametrize("argument", ["299 busy", "", "301 busy"])
def test_no_such_mailbox(house: House, argument: str) -> None:
    house.line("301", enabled=False)
    call = house.run(DEPOSIT, FakeCall(), argument)
    assert call.heard == ["mailbox.none", "mailbox.goodbye"]
    assert call.hung_up_by == "office"


def test_a_caller_who_withholds_his_number(house: House) -> None:
    house.run(DEPOSIT, FakeCall(Speaks(9, "hung_up"), caller=Party()), "201 busy")
    assert house.messages()[0].caller_number == ""


def test_the_disk_fills_up_and_what_was_said_is_delivered(house: House) -> None:
    says = Speaks(12, "failed", "disk_full")
    call = house.run(DEPOSIT, FakeCall(says), "201 busy")
    assert call.heard[-3:] == ["mailbox.record_failed", "mailbox.part_kept", "mailbox.goodbye"]
    assert house.messages()[0].seconds == 12
    assert [(t.kind, t.over) for t in house.told(Trouble)] == [("disk_full", False)]


def test_the_disk_is_full_at_once(house: House) -> None:
    call = house.run(DEPOSIT, FakeCall(Speaks(1, "failed", "disk_full")), "201 busy")
    assert call.heard[-3:] == ["mailbox.record_failed", "mailbox.not_kept", "mailbox.goodbye"]
    assert house.messages() == []
    assert house.spooled() == []


def test_not_even_the_note_can_be_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(data: Path, deposit: Deposit) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "begin", full)
    call = house.run(DEPOSIT, FakeCall(), "201 busy")
    assert "mailbox.not_kept" in call.heard
    assert [t.kind for t in house.told(Trouble)] == ["disk_full"]


@pytest.mark.parametrize("error", ["disk_full", "Input/output error"])
def test_the_trouble_is_over_with_the_next_recording(house: House, error: str) -> None:
    house.run(DEPOSIT, FakeCall(Speaks(1, "failed", error)), "201 busy")
    assert len(house.bus.board.troubles) == 1
    house.run(DEPOSIT, FakeCall(Speaks(9, "hung_up"), id="c7f3"), "201 busy")
    assert not house.bus.board.troubles


def test_a_kill_in_the_middle_loses_nothing(house: House) -> None:
    with pytest.raises(KillNine):
        house.run(DEPOSIT, FakeCall(KillNine()), "201 busy")
    assert house.messages() == []
    assert house.spooled() == ["c7f2.json", "c7f2.wav"]
    (message,) = house.recover()
    assert [each.id for each in house.messages()] == [message]
    assert house.messages()[0].seconds == 7
    assert house.messages()[0].caller_number == "202"
    assert house.spooled() == []
    assert house.recover() == ()


def test_a_media_worker_that_dies_delivers_what_it_recorded(house: House) -> None:
    house.run(DEPOSIT, FakeCall(HungUp()), "201 busy")
    assert [message.seconds for message in house.messages()] == [7]
    assert len(house.told(VoicemailLeft)) == 1


def test_a_locked_database_costs_no_message(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first two tries meet a locked database; the caller has long gone."""
    from sqlalchemy.exc import OperationalError

    real = house.database.run
    refused: list[Any] = []

    async def run(work: Any, **how: Any) -> Any:
        if len(refused) < 2:
            refused.append(work)
            raise OperationalError("insert", {}, Exception("database is locked"))
        return await real(work, **how)

    monkeypatch.setattr(house.database, "run", run)
    house.run(DEPOSIT, FakeCall(Speaks(9, "hung_up")), "201 busy")
    assert house.paused == [1.0, 5.0]
    assert len(house.messages()) == 1


def test_the_line_is_deleted_while_its_caller_speaks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = spool.begin

    def begin(data: Path, deposit: Deposit) -> Path:
        path = real(data, deposit)
        with house.database.session() as session:
            session.delete(session.get(Line, deposit.line_id))
        return path

    monkeypatch.setattr(spool, "begin", begin)
    house.run(DEPOSIT, FakeCall(Speaks(9, "hung_up")), "201 busy")
    assert house.told(VoicemailLeft) == []
    assert house.spooled() == []
