"""Two phones of the office talk: tones must arrive, in both directions, as they were sent."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.sound import Heard, read

Phone = Callable[..., Baresip]
PCMA, PCMU, G722 = "PCMA/8000/1", "PCMU/8000/1", "G722/16000/1"


def talk(caller: Baresip, callee: Baresip, seconds: float = 2.5) -> None:
    """A whole call: dial, ring, answer, talk, hang up."""
    caller.dial(callee.line)
    callee.wait("CALL_INCOMING")
    caller.wait("CALL_RINGING")
    callee.answer()
    callee.wait("CALL_ESTABLISHED")
    caller.wait("CALL_ESTABLISHED")
    caller.wait_seconds(seconds)
    caller.hang_up()
    callee.wait("CALL_CLOSED")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize(
    ("caller_codec", "callee_codec"),
    [(PCMA, PCMA), (PCMU, PCMU), (G722, G722), (PCMA, G722), (G722, PCMU), (PCMU, PCMA)],
)
def test_two_phones_hear_each_other(
    phone: Phone, transport: str, caller_codec: str, callee_codec: str
) -> None:
    anna = phone("201", codecs=caller_codec, transport=transport, tone=440)
    bruno = phone("202", codecs=callee_codec, transport=transport, tone=1000)
    talk(anna, bruno)
    for listener, other, own in ((anna, 1000, 440), (bruno, 440, 1000)):
        heard = listener.heard()
        assert heard.seconds_of(other) >= 1.8, heard.stretches(other)
        assert heard.seconds_of(own) == 0  # nobody hears himself
        middle = heard.between(heard.seconds - 1.5, heard.seconds - 0.3)
        assert middle.share(other) > 0.97
        assert -16 < middle.level < -8  # sent at -11 dB: neither softer nor clipped


def test_wideband_stays_wide(phone: Phone) -> None:
    anna = phone("201", codecs=G722, tone=5000)
    bruno = phone("202", codecs=G722, tone=6000)
    talk(anna, bruno)
    assert bruno.heard().seconds_of(5000) > 1.5
    assert anna.heard().seconds_of(6000) > 1.5


def test_a_wide_voice_does_not_fold_over_on_a_narrow_phone(phone: Phone) -> None:
    # 6 kHz sampled at 8 kHz without a filter would be heard as 2 kHz.
    anna = phone("201", codecs=G722, tone=6000)
    bruno = phone("202", codecs=PCMA, tone=1000)
    talk(anna, bruno)
    assert bruno.heard().seconds_of(2000) == 0
    assert anna.heard().seconds_of(1000) > 1.5


def test_one_phone_on_udp_and_one_on_tcp(phone: Phone) -> None:
    anna = phone("201", transport="udp", tone=440)
    bruno = phone("202", transport="tcp", tone=1000)
    talk(anna, bruno)
    assert bruno.heard().seconds_of(440) > 1.5
    assert anna.heard().seconds_of(1000) > 1.5


def test_the_callee_sees_who_calls_and_the_history_tells_it(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201"), phone("202")
    talk(anna, bruno, seconds=1.0)
    assert "sip:201@" in next(f for f in bruno.facts if f.kind == "CALL_INCOMING").peer
    (record,) = eventually(office.calls)
    assert (record["caller_number"], record["dialled"]) == ("201", "202")
    assert (record["answered_by"], record["ended_by"]) == ("person", "caller")
    assert (record["status"], record["why"]) == (200, "completed")
    assert record["rang_at"] <= record["answered_at"] <= record["ended_at"]


def test_the_callee_may_hang_up_too(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201"), phone("202", answers="auto")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")
    bruno.wait("CALL_ESTABLISHED")
    bruno.hang_up()
    anna.wait("CALL_CLOSED")
    (record,) = eventually(office.calls)
    assert record["ended_by"] == "callee"


def test_keys_reach_the_other_phone(phone: Phone) -> None:
    anna, bruno = phone("201"), phone("202", answers="auto")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")
    bruno.wait("CALL_RTPESTAB")
    anna.press("1590*#")
    told = [bruno.wait("CALL_DTMF_START").words for _ in "1590*#"]
    assert told == list("1590*#")
    assert bruno.count("CALL_DTMF_START") == 6  # each key once


def test_a_held_caller_hears_music_and_comes_back(phone: Phone) -> None:
    anna, bruno = phone("201", tone=440), phone("202", tone=1000, answers="auto")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")
    bruno.wait("CALL_ESTABLISHED")
    anna.wait_seconds(1.5)
    bruno.hold()
    anna.wait_seconds(3.0)
    bruno.resume()
    anna.wait_seconds(2.5)
    anna.hang_up()
    bruno.wait("CALL_CLOSED")
    whole = [block for path in anna.recordings() for block in blocks(read(path))]
    voice = [share > 0.7 for share, _ in whole]
    music = [share < 0.3 and level > -50 for share, level in whole]
    assert sum(voice[:15]) >= 8, "before the hold"
    assert sum(music) >= 15, "music while held"
    assert sum(voice[-15:]) >= 10, "after it"


def blocks(heard: Heard) -> list[tuple[float, float]]:
    """For each tenth of a second: the share of 1000 Hz, and the level."""
    pieces = [heard.between(n / 10, (n + 1) / 10) for n in range(int(heard.seconds * 10))]
    return [(piece.share(1000, 40.0), piece.level) for piece in pieces]


def test_blind_transfer(phone: Phone) -> None:
    anna = phone("201", tone=440)
    bruno = phone("202", tone=1000, answers="auto")
    carla = phone("203", tone=1700, answers="auto")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")
    bruno.wait("CALL_ESTABLISHED")
    anna.wait_seconds(1.0)
    bruno.transfer("203")
    carla.wait("CALL_ESTABLISHED")
    bruno.wait("CALL_CLOSED")
    anna.wait_seconds(2.0)
    assert anna.never("CALL_CLOSED")
    carla.hang_up()
    anna.wait("CALL_CLOSED")
    assert carla.heard().seconds_of(440) > 1.2
    assert sum(read(path).seconds_of(1700) for path in anna.recordings()) > 1.2


def test_a_refused_call_goes_to_the_mailbox(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201"), phone("202")
    anna.dial("202")
    bruno.wait("CALL_INCOMING")
    bruno.hang_up()  # baresip answers 486
    anna.wait("CALL_ESTABLISHED", seconds=8)  # the mailbox takes it
    anna.hang_up()
    (record,) = eventually(office.calls)
    assert record["answered_by"] == "mailbox"
    assert any(tried["status"] == 486 for tried in json.loads(record["phones"]))


def test_an_unknown_number_is_refused(phone: Phone) -> None:
    anna = phone("201")
    anna.dial("299")
    assert "404" in anna.wait("CALL_CLOSED").words


@pytest.mark.timeout(120)
def test_a_phone_that_vanishes_ends_its_call(phone: Phone, office: Office) -> None:
    anna, bruno = phone("201"), phone("202", answers="auto")
    anna.dial("202")
    anna.wait("CALL_ESTABLISHED")
    anna.wait_seconds(1.0)
    bruno.die()
    # 30 s without sound, then the phone is asked and has 32 s to answer (RFC 3261 timer F).
    anna.wait("CALL_CLOSED", seconds=75)
    (record,) = eventually(office.calls)
    assert record["why"] == "vanished"
