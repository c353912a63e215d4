"""Order and time: packets as networks deliver them, frames as ears want them."""

from __future__ import annotations

import random

import pytest

from pbx.media.jitter import JitterBuffer, Timeline


def payload(number: int, length: int = 160) -> bytes:
    return bytes([number % 251]) * length


def packet(number: int, *, base: int = 0, first_seq: int = 0) -> tuple[int, int, bytes]:
    return (
        (first_seq + number) & 0xFFFF,
        (base + 160 * number) % 2**32,
        payload(number),
    )


def numbers(frames: list[bytes]) -> list[int | None]:
    return [frame[0] if frame else None for frame in frames]


def test_sound_begins_at_the_target_depth_and_then_flows() -> None:
    buffer = JitterBuffer(target_ms=60)
    frames = []
    for number in range(10):
        buffer.put(*packet(number))
        frames.append(buffer.take())
    assert numbers(frames) == [None, None, 0, 1, 2, 3, 4, 5, 6, 7]
    assert buffer.waiting_ms == 40
    assert buffer.figures.missing == 0


@pytest.mark.parametrize("base", [0, 2**32 - 800, 2**31 - 160])
def test_shuffled_and_doubled_packets_come_out_in_order_across_the_wrap(base: int) -> None:
    shuffle = random.Random(7)
    order = sorted(range(200), key=lambda number: number + shuffle.uniform(0, 2.4))
    buffer, frames = JitterBuffer(), []
    for number in order:
        for _ in range(2):
            buffer.put(*packet(number, base=base, first_seq=65500))
        frames.append(buffer.take())
    heard = [number for number in numbers(frames) if number is not None]
    assert heard == [number % 251 for number in range(len(heard))]
    assert len(heard) > 190
    assert buffer.figures.duplicates + buffer.figures.late == 200


def test_a_lost_packet_is_a_hole_of_its_own_length() -> None:
    buffer, frames = JitterBuffer(), []
    for number in range(12):
        if number not in (4, 7):
            buffer.put(*packet(number))
        frames.append(buffer.take())
    assert numbers(frames)[2:] == [0, 1, 2, 3, None, 5, 6, None, 8, 9]
    assert buffer.figures.missing == 2


def test_what_comes_after_its_time_is_left_out() -> None:
    buffer, frames = JitterBuffer(), []
    for number in range(10):
        if number != 3:
            buffer.put(*packet(number))
        if number == 8:
            buffer.put(*packet(3))
        frames.append(buffer.take())
    assert 3 not in numbers(frames)
    assert buffer.figures.late == 1


def test_after_a_pause_the_depth_is_made_anew() -> None:
    buffer = JitterBuffer()
    for number in range(5):
        buffer.put(*packet(number))
        buffer.take()
    assert numbers([buffer.take() for _ in range(20)]) == [3, 4] + [None] * 18
    frames = []
    for number in range(25, 30):
        buffer.put(*packet(number))
        frames.append(buffer.take())
    assert numbers(frames) == [None, None, 25, 26, 27]
    assert buffer.figures.missing == 0


def test_a_delay_that_grows_for_good_does_not_silence_the_call() -> None:
    buffer = JitterBuffer()
    for number in range(5):
        buffer.put(*packet(number))
        buffer.take()
    for _ in range(10):
        buffer.take()  # 200 ms of nothing, and the sound goes on where it was
    frames = []
    for number in range(5, 15):
        buffer.put(*packet(number))
        frames.append(buffer.take())
    assert numbers(frames) == [None, None, *range(5, 13)]


def test_a_fast_clock_is_kept_within_the_bound() -> None:
    buffer, heard = JitterBuffer(target_ms=60, max_ms=200), []
    number = 0
    for tick in range(1000):
        for _ in range(2 if tick % 10 == 0 else 1):  # ten per cent too fast
            buffer.put(*packet(number))
            number += 1
        heard.append(buffer.take())
        assert buffer.waiting_ms <= 200
    assert len([frame for frame in heard if frame]) > 990
    assert buffer.figures.skipped_ticks > 0


def test_a_burst_of_hours_is_bounded() -> None:
    buffer = JitterBuffer(max_ms=200)
    for number in range(5000):
        buffer.put(*packet(number))
    assert buffer.waiting_ms <= 200
    buffer.put(1, 1, bytes(65000))
    buffer.put(1, 1, b"")
    assert buffer.waiting_ms <= 200


def test_a_new_clock_is_followed_when_a_second_packet_confirms_it() -> None:
    buffer, frames = JitterBuffer(), []
    for number in range(20):
        base = 0 if number < 10 else 2**31
        buffer.put(*packet(number, base=base))
        frames.append(buffer.take())
    heard = [number for number in numbers(frames) if number is not None]
    # The first packet of the new clock is the price of not believing strangers.
    assert heard == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, *range(11, 11 + len(heard) - 10)]
    assert len(heard) >= 16


def test_one_stray_packet_moves_nothing() -> None:
    buffer, frames = JitterBuffer(), []
    for number in range(20):
        buffer.put(*packet(number))
        if number % 5 == 2:
            buffer.put(4000 + number * 7, 2**31 + 77 * number, payload(250))
        frames.append(buffer.take())
    assert numbers(frames)[2:] == list(range(18))


@pytest.mark.parametrize("length", [80, 240, 320])
def test_any_packet_length_comes_out_in_frames_of_twenty_milliseconds(length: int) -> None:
    buffer, frames, sent, number = JitterBuffer(), [], 0, 0
    sound = bytes(n % 251 for n in range(8000))
    for tick in range(50):
        while sent < (tick + 1) * 160 and sent + length <= len(sound):
            buffer.put(number, sent, sound[sent : sent + length])
            sent, number = sent + length, number + 1
        frames.append(buffer.take())
    heard = b"".join(frame for frame in frames if frame)
    assert len(heard) > 7000 and all(len(frame) in (0, 160) for frame in frames)
    assert sound.startswith(heard)


def test_half_a_frame_is_filled_with_silence() -> None:
    buffer = JitterBuffer(target_ms=20, fill=0xFF)
    buffer.put(0, 0, b"\x01" * 80)
    assert buffer.take() == b"\x01" * 80 + b"\xff" * 80


def test_nothing_at_all_is_nothing() -> None:
    buffer = JitterBuffer()
    assert [buffer.take() for _ in range(3)] == [b"", b"", b""]
    assert buffer.waiting_ms == 0


def test_random_abuse_never_raises_and_stays_bounded() -> None:
    chance = random.Random(3)
    buffer, line = JitterBuffer(), Timeline()
    timestamp = 0
    for _ in range(20000):
        timestamp = (
            chance.choice([timestamp + 160, timestamp, chance.randrange(2**32), timestamp - 320])
            % 2**32
        )
        data = bytes(chance.choice([160, 0, 1, 7, 1600, 2000]))
        seq = chance.randrange(65536)
        buffer.put(seq, timestamp, data)
        line.place(seq, timestamp, len(data))
        if chance.random() < 0.5:
            assert len(buffer.take()) in (0, 160)
        assert buffer.waiting_ms <= 200
        assert len(buffer._waiting) < 2000
        assert len(line._seen) <= 64


def test_a_timeline_keeps_pauses_and_closes_up_restarts() -> None:
    line = Timeline()
    assert line.place(1, 1000, 160) == 0
    assert line.place(3, 1320, 160) == 320
    assert line.place(2, 1160, 160) == 160
    assert line.place(2, 1160, 160) is None
    assert line.place(4, 9480, 160) == 8480  # a second of silence that was not sent
    assert line.place(5, 3_000_000_000, 160) is None
    assert line.place(6, 3_000_000_160, 160) == 8640
    assert line.place(7, 3_000_000_320, 160) == 8800
    assert line.place(0, 1000 + 2**31, 160) is None


def test_a_timeline_runs_over_the_wrap() -> None:
    line = Timeline()
    places = [line.place(n & 0xFFFF, (2**32 - 1600 + n * 160) % 2**32, 160) for n in range(40)]
    assert places == [n * 160 for n in range(40)]
    assert line.place(65535, 2**32 - 1760, 160) == -160
