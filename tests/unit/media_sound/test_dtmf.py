"""Keys: in events that get lost and reordered, and in tones at the limits of Q.24."""

from __future__ import annotations

import numpy as np
import pytest

from pbx.media import dtmf
from pbx.media.dtmf import DIGITS, HIGH, KEYPAD, LOW, Bank, Detector, Event, EventReader

RATE = 8000


def pair(digit: str, seconds: float, *, low: float = -8, high: float = -8, off: float = 0.0,
         rate: int = RATE, phase: float = 0.7) -> np.ndarray:  # fmt: skip
    """Two bare sines, levels in dBm0, `off` their common error in frequency."""
    row, column = divmod(KEYPAD.index(digit), 4)
    time = np.arange(round(seconds * rate)) / rate
    low_peak, high_peak = (32767 * 10 ** ((level - 3.14) / 20) for level in (low, high))
    turns = 2 * np.pi * (1 + off) * time
    return low_peak * np.sin(LOW[row] * turns + phase) + high_peak * np.sin(
        HIGH[column] * turns + phase
    )


def quiet(seconds: float, rate: int = RATE) -> np.ndarray:
    return np.zeros(round(seconds * rate))


def heard(sound: np.ndarray, rate: int = RATE, chunk: int = 160) -> str:
    detector = Detector(rate)
    samples = np.clip(np.round(sound), -32768, 32767).astype(np.int16)
    frames = [samples[start : start + chunk] for start in range(0, len(samples), chunk)]
    return "".join(key for frame in frames for key in detector.feed(frame))


def alone(sound: np.ndarray, lead: int = 411) -> str:
    return heard(np.concatenate([np.zeros(lead), sound, quiet(0.1)]))


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("chunk", [1000, 160, 37])
def test_every_key_of_our_own_is_heard(rate: int, chunk: int) -> None:
    said = [part for key in DIGITS for part in (dtmf.tone(key, rate, 0.05), quiet(0.05, rate))]
    assert heard(np.concatenate(said), rate, chunk) == DIGITS


def test_the_made_tone_has_the_frequencies_of_q23() -> None:
    spectrum = np.abs(np.fft.rfft(dtmf.tone("6", 8000, 1.0)))
    assert sorted(np.argsort(spectrum)[-2:].tolist()) == [770, 1477]
    assert np.abs(dtmf.tone("6").astype(int)).max() < 32767
    with pytest.raises(ValueError, match="key"):
        dtmf.tone("x")
    assert len(dtmf.tone("1", seconds=0.0)) == 0


@pytest.mark.parametrize("digit", DIGITS)
def test_forty_milliseconds_are_enough_wherever_they_fall(digit: str) -> None:
    for lead in range(400, 440, 3):
        assert alone(pair(digit, 0.04, phase=lead), lead) == digit


@pytest.mark.parametrize("digit", DIGITS)
def test_twenty_milliseconds_are_no_key(digit: str) -> None:
    for lead in range(400, 440, 3):
        assert alone(pair(digit, 0.020, phase=lead), lead) == ""


@pytest.mark.parametrize("digit", DIGITS)
def test_a_short_break_does_not_split_a_key_and_a_pause_does(digit: str) -> None:
    for lead in range(400, 440, 7):
        tone = pair(digit, 0.08)
        assert alone(np.concatenate([tone, quiet(0.02), tone]), lead) == digit
        assert alone(np.concatenate([tone, quiet(0.04), tone]), lead) == digit * 2


def test_keys_without_a_pause_between_are_told_apart() -> None:
    assert heard(np.concatenate([dtmf.tone(key, seconds=0.06) for key in "1597530"])) == "1597530"


@pytest.mark.parametrize("off", [0.015, -0.015, 0.018])
def test_a_phone_a_little_out_of_tune_is_heard(off: float) -> None:
    assert all(alone(pair(key, 0.05, off=off)) == key for key in DIGITS)


@pytest.mark.parametrize("off", [0.035, -0.035])
def test_what_is_too_far_out_of_tune_is_no_key(off: float) -> None:
    assert all(alone(pair(key, 0.3, off=off)) == "" for key in DIGITS)


@pytest.mark.parametrize(
    ("low", "high", "taken"),
    [
        (-12, -8, True),
        (-8, -16, True),
        (-16, -8, False),
        (-8, -20, False),
        (0, 0, True),
        (-25, -25, True),
        (-33, -33, False),
    ],
)
def test_levels_and_twist(low: float, high: float, taken: bool) -> None:
    for key in DIGITS:
        assert alone(pair(key, 0.06, low=low, high=high)) == (key if taken else "")


def test_keys_are_heard_through_noise_of_15_db() -> None:
    noise = np.random.default_rng(4)
    level = 32767 * 10 ** ((-8 - 3.14) / 20) / 10 ** (15 / 20)
    for key in DIGITS:
        sound = np.concatenate([quiet(0.06), pair(key, 0.05), quiet(0.1)])
        assert heard(sound + noise.normal(0, level, len(sound))) == key


@pytest.mark.parametrize("level", [300, 5000, 20000])
def test_noise_presses_no_key(level: float) -> None:
    assert heard(np.random.default_rng(5).normal(0, level, RATE * 20), chunk=800) == ""


def test_one_tone_or_three_are_no_key() -> None:
    time = np.arange(RATE) / RATE
    low, high = 9000 * np.sin(2 * np.pi * 770 * time), 9000 * np.sin(2 * np.pi * 1336 * time)
    assert heard(low) == heard(high) == ""
    assert heard(low + high + 9000 * np.sin(2 * np.pi * 941 * time)) == ""
    assert heard(low + high)[:1] == "5"


def test_a_bank_hears_each_channel_for_itself() -> None:
    sound = np.zeros((16, 1600), np.int16)
    for channel, key in enumerate(DIGITS[:15]):
        start = 100 + 37 * channel
        sound[channel, start : start + 480] = dtmf.tone(key, seconds=0.06)
    bank = Bank(16)
    told = [
        hit for start in range(0, 1600, 160) for hit in bank.feed(sound[:, start : start + 160])
    ]
    assert sorted(told) == sorted((channel, key) for channel, key in enumerate(DIGITS[:15]))


# --- RFC 4733 ---------------------------------------------------------------------------------


def test_event_payload_of_the_standard() -> None:
    # RFC 4733 s.2.3: event, E and R bits and volume, duration.
    assert Event(11, end=True, volume=10, duration=400).pack() == bytes.fromhex("0b8a0190")
    assert dtmf.unpack_event(bytes.fromhex("0b8a0190ffff")) == Event(11, True, 10, 400)
    with pytest.raises(ValueError, match="under 4"):
        dtmf.unpack_event(b"\x01\x02\x03")


def test_event_codes_are_those_of_the_standard() -> None:
    assert [dtmf.event_code(key) for key in "0129*#ABCDd"] == [
        0,
        1,
        2,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        15,
    ]
    assert [dtmf.event_digit(code) for code in (0, 10, 15, 16, 32, 255)] == [
        "0",
        "*",
        "D",
        "",
        "",
        "",
    ]
    for wrong in ("", "12", "x"):
        with pytest.raises(ValueError):
            dtmf.event_code(wrong)


def packets(key: str, timestamp: int, *, updates: int = 3) -> list[tuple[int, bytes]]:
    code = dtmf.event_code(key)
    starts = [Event(code, duration=160 * n) for n in range(1, updates + 1)]
    ends = [Event(code, end=True, duration=160 * (updates + 1))] * 3
    return [(timestamp, event.pack()) for event in starts + ends]


def read(stream: list[tuple[int, bytes]]) -> str:
    reader = EventReader()
    return "".join(reader.read(timestamp, payload) for timestamp, payload in stream)


def test_a_key_is_told_once_and_again_when_pressed_again() -> None:
    assert read(packets("4", 1000) + packets("4", 3000) + packets("2", 5000)) == "442"


def test_any_single_packet_of_a_key_will_do() -> None:
    for kept in range(6):
        assert read([packets("7", 1000)[kept], packets("7", 2600)[5 - kept]]) == "77"


def test_a_late_packet_of_the_key_before_is_passed_over() -> None:
    first, second = packets("1", 1000), packets("2", 2600)
    assert read(first[:5] + second[:2] + first[5:] + second[2:]) == "12"
    assert read(packets("1", 2**32 - 100) + packets("2", 1400) + packets("1", 2**32 - 100)) == "12"


def test_a_key_held_for_very_long_is_one_key() -> None:
    code = dtmf.event_code("5")
    stream, timestamp = [], 2**32 - 40000
    for _ in range(3):
        stream += [(timestamp, Event(code, duration=d).pack()) for d in (8000, 40000, 0xFFFF)]
        timestamp = (timestamp + 0xFFFF) % 2**32
    stream += [(timestamp, Event(code, end=True, duration=800).pack())] * 3
    assert read(stream + packets("5", timestamp + 1600)) == "55"


def test_what_is_no_key_or_no_event_is_silent() -> None:
    assert read([(1, b""), (2, b"\x01"), (3, Event(16).pack()), (4, b"\x03\x0a\x00")]) == ""


def test_a_clock_set_far_back_does_not_deafen() -> None:
    assert read(packets("1", 4_000_000_000) + packets("2", 3_000_000_000)) == "12"
