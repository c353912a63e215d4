"""Hearing one's messages from a telephone, one story each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

from pbx import credentials
from pbx.apps.voicemail_menu import counts_spoken
from pbx.events.kinds import MailboxChanged, Party
from pbx.media.spoken import PIECES
from pbx.store.messages import Counts
from tests.unit.apps.conftest import House
from tests.unit.apps.fakecall import HANG_UP, After, FakeCall, Reaction

MENU = "voicemail_menu"
OWN = Party("201", "Rossi", "201")
PIN = "740283#"


def visit(
    *message_keys: str,
    main: Sequence[str] = ("1", "*"),
    pin: Sequence[str] = (PIN,),
    own: bool = True,
    number: Sequence[str] = (),
    **more: Sequence[Reaction],
) -> FakeCall:
    """Somebody in his mailbox: what he presses in the main menu and after each message."""
    reactions: dict[str, Sequence[Reaction]] = {
        "mailbox.ask_number": list(number),
        "mailbox.ask_pin": list(pin),
        "mailbox.main_menu": list(main),
        "mailbox.message_menu": list(message_keys),
        "mailbox.deleted_menu": list(message_keys),
        **more,
    }
    return FakeCall(reactions=reactions, caller=OWN if own else Party())


def between(heard: list[str], first: str, last: str) -> list[str]:
    return heard[heard.index(first) + 1 : heard.index(last)]


# --- who one is ------------------------------------------------------------------------------


def test_the_own_phone_needs_only_the_pin(house: House) -> None:
    call = house.run(MENU, visit(main=("*",)))
    assert call.heard == [
        *("mailbox.ask_pin", "mailbox.welcome", "mailbox.no_messages"),
        *("mailbox.main_menu", "mailbox.goodbye"),
    ]
    assert call.hung_up_by == "office"


def test_from_elsewhere_the_number_is_asked_first(house: House) -> None:
    call = house.run(MENU, visit(main=("*",), own=False, number=("201#",)))
    assert call.heard[:3] == ["mailbox.ask_number", "mailbox.ask_pin", "mailbox.welcome"]


def test_a_code_with_an_extension_names_the_mailbox(house: House) -> None:
    house.message("202")
    call = house.run(MENU, visit(main=("*",)), "202")
    assert call.heard[:2] == ["mailbox.ask_pin", "mailbox.welcome"]
    assert "count.message.new.one" in call.heard


def test_the_longest_numbers_leave_no_hash_behind(house: House) -> None:
    house.line("123456", pin_hash=credentials.hash_pin("1928374650"))
    keys = visit(main=("*",), own=False, number=("123456#",), pin=("1928374650#",))
    call = house.run(MENU, keys)
    assert "mailbox.welcome" in call.heard


def test_a_wrong_pin_three_times_says_goodbye(house: House) -> None:
    call = house.run(MENU, visit(pin=("111111#", "222222#", "333333#", PIN)))
    assert call.heard.count("mailbox.wrong_pin") == 3
    assert "mailbox.welcome" not in call.heard
    assert call.heard[-1] == "mailbox.goodbye"
    assert call.hung_up_by == "office"


def test_the_third_try_may_be_right(house: House) -> None:
    call = house.run(MENU, visit(main=("*",), pin=("111111#", "222222#", PIN)))
    assert "mailbox.welcome" in call.heard


def test_an_unknown_mailbox_sounds_like_a_wrong_pin(house: House) -> None:
    unknown = house.run(MENU, visit(own=False, number=["299#"] * 3, pin=["111111#"] * 3))
    known = house.run(MENU, visit(own=False, number=["201#"] * 3, pin=["111111#"] * 3))
    assert unknown.heard == known.heard


def test_a_mailbox_without_pin_lets_nobody_in(house: House) -> None:
    house.line("301", pin_hash="")
    call = house.run(MENU, visit(own=False, number=["301#"] * 3, pin=["#", "", "0#"]))
    assert "mailbox.welcome" not in call.heard


def test_a_mailbox_switched_off_lets_nobody_in(house: House) -> None:
    house.line("301", enabled=False)
    call = house.run(MENU, visit(own=False, number=["301#"] * 3, pin=[PIN] * 3))
    assert "mailbox.welcome" not in call.heard


def test_who_presses_nothing_is_let_go(house: House) -> None:
    call = house.run(MENU, visit(pin=()))
    assert call.heard == ["mailbox.ask_pin"] * 3 + ["mailbox.goodbye"]


def test_calling_again_and_again_closes_the_mailbox_to_others_but_not_to_its_owner(
    house: House,
) -> None:
    wrong = ("111111#", "222222#", "333333#")
    for _ in range(3):
        house.run(MENU, visit(own=False, number=["201#"] * 3, pin=wrong))
    closed = house.run(MENU, visit(own=False, number=("201#",), main=("*",)))
    assert closed.heard == ["mailbox.ask_number", "mailbox.locked", "mailbox.goodbye"]
    assert "mailbox.welcome" in house.run(MENU, visit(main=("*",))).heard

    house.clock.forward(seconds=61)
    open_again = house.run(MENU, visit(own=False, number=("201#",), main=("*",)))
    assert "mailbox.welcome" in open_again.heard


def test_the_pauses_grow(house: House) -> None:
    wrong = ("111111#", "222222#", "333333#")
    for pause in (60, 300, 900, 3600, 3600):
        for _ in range(3 if pause == 60 else 1):
            house.run(MENU, visit(own=False, number=["201#"] * 3, pin=wrong))
        house.clock.forward(seconds=pause - 1)
        assert "mailbox.locked" in house.run(MENU, visit(own=False, number=("201#",))).heard
        house.clock.forward(seconds=1)


# --- what there is ---------------------------------------------------------------------------


def sentence(ids: Iterable[str], language: str) -> str:
    whole = {"mailbox.you_have": ("Ha", "You have"), "mailbox.of_which": ("di cui", "of which")}
    spoken = {**PIECES, **whole, "mailbox.no_messages": ("Non ci sono messaggi", "No messages")}
    words = (spoken[each][language == "en"] for each in ids if not each.startswith("pause."))
    return " ".join(words)


@pytest.mark.parametrize(
    ("counts", "italian", "english"),
    [
        (Counts(), "Non ci sono messaggi", "No messages"),
        (Counts(new=1), "Ha un nuovo messaggio", "You have one new message"),
        (Counts(old=1), "Ha un messaggio salvato", "You have one saved message"),
        (
            Counts(new=1, old=3),
            "Ha un nuovo messaggio e tre messaggi salvati",
            "You have one new message and three saved messages",
        ),
        (
            Counts(new=21, old=1, urgent_new=1),
            "Ha ventuno nuovi messaggi di cui un messaggio urgente e un messaggio salvato",
            "You have twenty-one new messages of which one urgent message and one saved message",
        ),
        (Counts(new=0, old=2, urgent_old=1), "Ha due messaggi salvati", None),
    ],
)
def test_counts_are_said_as_people_say_them(
    counts: Counts, italian: str, english: str | None
) -> None:
    assert sentence(counts_spoken(counts, "it"), "it") == italian
    if english:
        assert sentence(counts_spoken(counts, "en"), "en") == english


def test_the_count_is_said_after_the_pin(house: House) -> None:
    house.message()
    house.message(state="heard")
    call = house.run(MENU, visit(main=("*",)))
    said = between(call.heard, "mailbox.welcome", "mailbox.main_menu")
    assert sentence(said, "it") == "Ha un nuovo messaggio e un messaggio salvato"


def test_an_english_mailbox_is_english_after_the_pin_whoever_calls(house: House) -> None:
    house.line("301", language="en")
    house.message("301")
    call = house.run(MENU, visit("*", main=("1", "*")), "301")
    at = call.heard.index("mailbox.welcome")
    assert set(call.spoken_in[at:]) == {"en"}
    assert call.spoken_in[0] == "it"


# --- hearing -----------------------------------------------------------------------------------


def test_a_message_is_announced_played_and_heard(house: House) -> None:
    house.message(seconds=8.0, caller_number="0612345678")
    call = house.run(MENU, visit("*"))
    said = between(call.heard, "message.new", "mailbox.message_menu")
    assert said[0] == "message.from"
    assert [piece for piece in said if piece.startswith("digit.")] == [
        f"digit.{digit}" for digit in "0612345678"
    ]
    assert "date.today" in said
    assert "time.at.9" in said, "the clock of Rome, not of Greenwich"
    assert said[-3:] == ["number.8", "count.second.many", "sound"]
    assert house.states() == ["heard"]
    assert house.told(MailboxChanged) == [MailboxChanged("201")]


def test_a_withheld_number_is_called_so(house: House) -> None:
    house.message(caller_number="")
    assert "message.from_withheld" in house.run(MENU, visit("*")).heard


def test_urgent_ones_come_first_then_new_then_saved(house: House) -> None:
    house.message(seconds=4.0, state="heard")
    house.message(seconds=5.0)
    house.message(seconds=6.0)
    house.message(seconds=7.0, urgent=True, private=True)
    call = house.run(MENU, visit("#", "#", "#", "#"))
    played = [call.heard[at - 2] for at, what in enumerate(call.heard) if what == "sound"]
    assert played == ["number.7", "number.5", "number.6", "number.4"]
    assert "message.urgent" in call.heard
    assert "message.private" in call.heard
    assert "mailbox.no_more" in call.heard


def test_five_seconds_are_enough_to_have_heard_it(house: House) -> None:
    house.message(seconds=60.0)
    house.run(MENU, visit(sound=[After(5.0, "#")]))
    assert house.states() == ["heard"]


def test_four_seconds_are_not(house: House) -> None:
    house.message(seconds=60.0)
    house.run(MENU, visit(sound=[After(4.0, "#")]))
    assert house.states() == ["new"]
    assert house.told(MailboxChanged) == []


def test_hanging_up_after_six_seconds_has_heard_it(house: House) -> None:
    house.message(seconds=60.0)
    house.run(MENU, visit(sound=[After(6.0, HANG_UP)]))
    assert house.states() == ["heard"]


def test_hanging_up_after_two_has_not(house: House) -> None:
    house.message(seconds=60.0)
    house.run(MENU, visit(sound=[After(2.0, HANG_UP)]))
    assert house.states() == ["new"]


def test_repeat_then_delete(house: House) -> None:
    house.message()
    call = house.run(MENU, visit("1", "3"))
    assert call.heard.count("sound") == 2
    assert call.heard.count("message.new") == 1
    assert "mailbox.deleted" in call.heard
    (message,) = house.messages()
    assert (message.state, message.state_before_deletion) == ("deleted", "heard")
    assert message.deleted_at == house.clock.moment


def test_keeping_it_without_hearing_it_makes_it_saved(house: House) -> None:
    house.message(seconds=60.0)
    call = house.run(MENU, visit(sound=[After(1.0, "2")]))
    assert house.states() == ["heard"]
    assert "mailbox.kept" in call.heard
    assert "mailbox.message_menu" not in call.heard, "who knows the menu need not hear it"


def test_six_makes_it_new_again(house: House) -> None:
    house.message(state="heard")
    call = house.run(MENU, visit("6"))
    assert "mailbox.marked_new" in call.heard
    assert house.states() == ["new"]


def test_a_message_just_heard_can_be_made_new_again(house: House) -> None:
    house.message()
    house.run(MENU, visit("6"))
    assert house.states() == ["new"]


def test_zero_says_who_and_when_again_without_the_message(house: House) -> None:
    house.message()
    call = house.run(MENU, visit("0", "#"))
    assert call.heard.count("message.new") == 2
    assert call.heard.count("sound") == 1


def test_keys_without_a_meaning_yet_are_refused(house: House) -> None:
    house.message()
    call = house.run(MENU, visit("9", "#"))
    assert "mailbox.bad_key" in call.heard


def test_star_goes_back_to_the_main_menu(house: House) -> None:
    house.message()
    house.message()
    call = house.run(MENU, visit("*", main=("1", "*")))
    assert call.heard.count("sound") == 1
    assert call.heard.count("mailbox.main_menu") == 2


def test_nothing_pressed_three_times_ends_the_call(house: House) -> None:
    house.message()
    call = house.run(MENU, visit(main=("1", "1")))
    assert call.heard.count("mailbox.message_menu") == 3
    assert call.heard[-1] == "mailbox.goodbye"
    assert call.hung_up_by == "office"


def test_zero_repeats_the_main_menu(house: House) -> None:
    call = house.run(MENU, visit(main=("0", "0", "*")))
    assert call.heard.count("mailbox.main_menu") == 3


def test_typing_ahead_skips_every_sentence(house: House) -> None:
    house.message()
    call = house.run(MENU, visit(pin=(PIN + "13*",), main=()))
    assert "sound" not in call.heard
    assert house.states() == ["deleted"]


def test_a_message_whose_sound_is_gone_is_named_and_stays_new(house: House) -> None:
    house.message()
    for path in (house.data / "messages").rglob("*.wav"):
        path.unlink()
    call = house.run(MENU, visit("#"))
    assert "mailbox.sound_missing" in call.heard
    assert house.states() == ["new"]


def test_a_row_that_points_elsewhere_plays_nothing(house: House) -> None:
    house.message(file="../secret.wav")
    call = house.run(MENU, visit("#"))
    assert "mailbox.sound_missing" in call.heard
    assert "sound" not in call.heard


def test_a_message_purged_by_the_page_meanwhile_does_no_harm(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.message()
    call = visit("3")

    async def play(*words: Any, **how: Any) -> str:
        if "mailbox.message_menu" in words:
            with house.database.session() as session:
                for message in house.messages():
                    session.delete(session.get(type(message), message.id))
        return await type(call).play(call, *words, **how)

    monkeypatch.setattr(call, "play", play)
    house.run(MENU, call)
    assert call.heard[-1] == "mailbox.goodbye"


# --- deleted ones ------------------------------------------------------------------------------


def test_a_deleted_message_is_heard_and_restored_as_it_was(house: House) -> None:
    house.message(state="deleted")
    call = house.run(MENU, visit("1", "2", main=("6", "*")))
    assert call.heard.count("sound") == 2
    assert "message.deleted" in call.heard
    assert "mailbox.restored" in call.heard
    assert house.states() == ["heard"]
    assert MailboxChanged("201") in house.events


def test_no_deleted_messages(house: House) -> None:
    assert "mailbox.no_deleted" in house.run(MENU, visit(main=("6", "*"))).heard


def test_a_database_in_ruins_is_said_and_the_call_ends(house: House) -> None:
    house.message()
    house.frozen = house.office()
    SQLModel.metadata.drop_all(house.database.engine)
    call = house.run_bound(MENU, visit())
    assert call.heard[-1] == "announce.trouble"
    assert call.hung_up_by == "office"


def test_yesterdays_message_says_so(house: House) -> None:
    house.message(left_at=house.clock.moment - timedelta(days=1))
    assert "date.yesterday" in house.run(MENU, visit("*")).heard
