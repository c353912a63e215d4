"""One pair of streams in memory: relay, latch, keys, transcoding, bad packets."""

from __future__ import annotations

import gc
import os
import random
import struct

import numpy as np
import pytest

from pbx.media import dtmf, g711
from pbx.media.codings import Decoder, Encoder
from pbx.media.engine import Codec, Far
from pbx.media.latch import RELATCH_SECONDS
from pbx.media.player import Player
from pbx.media.prepared import SilentSound, ToneSound
from pbx.media.relay import Flow
from pbx.media.rtp import CLOCK_HZ
from tests.unit.media_engine.wire import G722, PCMA, PCMU, End, far, pair, rtp

THIEF = ("10.6.6.6", 666)


def _event(key: int, duration: int, *, end: bool = False) -> bytes:
    return struct.pack("!BBH", key, end << 7 | 10, duration)


def test_sound_goes_through_both_ways_under_our_own_numbers() -> None:
    left, right = pair()
    for number in range(5):
        left.hears(rtp(60 + number, 9000 + 160 * number, bytes([number]) * 160))
        right.hears(rtp(7, 3, b"r" * 160, ssrc=2))
    assert [address for _, address in right.sent] == [right.address] * 5
    packets = right.packets
    assert [packet.payload[0] for packet in packets] == [0, 1, 2, 3, 4]
    assert [packet.sequence for packet in packets] == [201, 202, 203, 204, 205]
    assert [packet.timestamp - packets[0].timestamp for packet in packets] == [
        160 * number for number in range(5)
    ]
    assert {packet.ssrc for packet in packets} == {0xAAAA0002}
    assert [packet.marker for packet in packets] == [True, False, False, False, False]
    assert left.packets[0].payload == b"r" * 160


def test_payload_types_are_those_of_each_side() -> None:
    left, right = pair(Codec("PCMA", 8), Codec("PCMA", 108))
    left.hears(rtp(1, 0))
    right.hears(rtp(1, 0, kind=108))
    assert right.packets[0].payload_type == 108
    assert left.packets[0].payload_type == 8


def test_a_gap_and_a_late_packet_keep_their_places() -> None:
    left, right = pair()
    for sequence in (1, 2, 5, 4, 6):
        left.hears(rtp(sequence, sequence * 160))
    numbers = [packet.sequence - right.packets[0].sequence for packet in right.packets]
    assert numbers == [0, 1, 4, 3, 5]
    assert left.flow.figures()[2] == 1


def test_the_first_valid_packet_latches_and_no_later_sender_steals_it() -> None:
    left, right = pair()
    nat = ("192.0.2.9", 33333)
    left.hears(b"\x00\x01stun", source=THIEF)
    left.hears(rtp(1, 0, kind=77), source=THIEF)
    left.hears(rtp(1, 0), source=nat)
    for number in range(10):
        left.hears(rtp(500 + number, 0, b"stolen", ssrc=9), at=0.1, source=THIEF)
        left.hears(rtp(2 + number, 160), at=0.1, source=nat)
    right.hears(rtp(1, 0))
    assert left.sent[-1][1] == nat
    assert left.flow.refused == 12
    assert all(packet.payload != b"stolen" for packet in right.packets)


def test_before_the_first_packet_sound_goes_where_the_sdp_says() -> None:
    left, right = pair()
    right.hears(rtp(1, 0))
    assert left.sent[-1][1] == left.address


def test_the_address_of_the_sdp_takes_the_latch_back() -> None:
    left, right = pair()
    left.hears(rtp(1, 0, ssrc=9), source=THIEF)
    left.hears(rtp(1, 0), at=0.02)
    right.hears(rtp(1, 0))
    assert left.sent[-1][1] == left.address


def test_after_a_silence_another_source_may_follow() -> None:
    left, right = pair()
    left.hears(rtp(1, 0))
    moved = ("192.0.2.77", 4444)
    left.hears(rtp(2, 160, ssrc=5), at=RELATCH_SECONDS - 0.1, source=moved)
    assert left.flow.latched == left.address
    left.hears(rtp(3, 320, ssrc=5), at=RELATCH_SECONDS + 0.1, source=moved)
    assert left.flow.latched == moved


def test_a_new_aim_moves_the_latch_and_the_same_keeps_it() -> None:
    left, right = pair()
    nat = ("192.0.2.9", 33333)
    left.hears(rtp(1, 0), source=nat)
    left.flow.aim(far(left, receives=False), 1.0)
    left.flow.aim(far(left), 2.0)
    right.hears(rtp(1, 0))
    assert left.sent[-1][1] == nat
    left.flow.aim(Far("10.0.0.9", 9999, send=PCMA), 3.0)
    right.hears(rtp(2, 160))
    assert left.sent[-1][1] == ("10.0.0.9", 9999)


def test_hold_stops_the_sound_and_resume_starts_it() -> None:
    left, right = pair()
    right.flow.aim(far(right, receives=False), 0.0)
    left.hears(rtp(1, 0))
    assert not right.sent
    right.flow.aim(far(right), 1.0)
    left.flow.aim(far(left, sends=False), 1.0)
    left.hears(rtp(2, 160))
    assert not right.sent
    left.flow.aim(far(left), 2.0)
    left.hears(rtp(3, 320))
    assert len(right.sent) == 1
    right.flow.aim(Far("0.0.0.0", 6000, send=PCMA), 3.0)
    left.hears(rtp(4, 480))
    assert len(right.sent) == 1


def test_a_name_instead_of_an_address_is_never_looked_up() -> None:
    left, right = pair()
    left.flow.aim(Far("pbx.example.com", 4000, send=PCMA), 0.0)
    right.hears(rtp(1, 0))
    assert not left.sent
    left.hears(rtp(1, 0))
    right.hears(rtp(2, 160))
    assert left.sent[-1][1] == left.address


def test_a_tone_survives_from_a_law_to_g722_and_back() -> None:
    left, right = pair(PCMA, G722)
    sine = (8000 * np.sin(2 * np.pi * 440 * np.arange(CLOCK_HZ) / CLOCK_HZ)).astype(np.int16)
    coded = g711.encode_alaw(sine)
    wide = Encoder("G722", 8000).encode(sine)
    for number in range(50):
        piece = slice(number * 160, number * 160 + 160)
        left.hears(rtp(number, number * 160, coded[piece]))
        right.hears(rtp(number, number * 160, wide[piece], kind=9))
    assert {packet.payload_type for packet in right.packets} == {9}
    assert {len(packet.payload) for packet in right.packets} == {160}
    heard = Decoder("G722", 16000).decode(b"".join(packet.payload for packet in right.packets))
    assert _peak_hz(heard[3200:], 16000) == pytest.approx(440, abs=2)
    assert _purity(heard[3200:], 16000, 440) > 0.98
    back = g711.decode_alaw(b"".join(packet.payload for packet in left.packets))
    assert _peak_hz(back[1600:], 8000) == pytest.approx(440, abs=2)
    assert _purity(back[1600:], 8000, 440) > 0.98


def _spectrum(sound: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray]:
    window = np.hanning(len(sound))
    power = np.abs(np.fft.rfft(sound * window)) ** 2
    return np.fft.rfftfreq(len(sound), 1 / rate), power


def _peak_hz(sound: np.ndarray, rate: int) -> float:
    hertz, power = _spectrum(sound, rate)
    return float(hertz[power.argmax()])


def _purity(sound: np.ndarray, rate: int, tone: float) -> float:
    hertz, power = _spectrum(sound, rate)
    return float(power[abs(hertz - tone) < 15].sum() / power.sum())


def test_between_the_g711_laws_a_table_translates() -> None:
    left, right = pair(PCMA, PCMU)
    left.hears(rtp(1, 0, bytes(range(160))))
    assert right.packets[0].payload == g711.alaw_to_ulaw(bytes(range(160)))
    assert right.packets[0].payload_type == 0


def test_a_prompt_interrupts_the_relay_and_the_numbers_only_rise() -> None:
    left, right = pair()
    for number in range(3):
        left.hears(rtp(number, number * 160), at=number * 0.02)
    voice = right.flow.voice
    voice.play(Player([SilentSound(0.06)]))
    voice.due = 0.06
    for number in range(3, 8):
        left.hears(rtp(number, number * 160), at=number * 0.02)
        voice.tick(number * 0.02 + 0.001)
    packets = right.packets
    sequences = [packet.sequence for packet in packets]
    assert sequences == list(range(sequences[0], sequences[0] + len(packets)))
    timestamps = [packet.timestamp for packet in packets]
    assert timestamps == sorted(timestamps) and len(set(timestamps)) == len(timestamps)
    assert len({packet.ssrc for packet in packets}) == 1
    # Three relayed, three of the prompt, then the relay again: it spoke over two of the caller's.
    assert [packet.marker for packet in packets] == [True, False, False, True, False, False, True]


def test_a_late_wake_up_is_made_good_by_two_frames_at_a_time() -> None:
    left, _ = pair()
    voice = left.flow.voice
    voice.play(Player([ToneSound("dial", 0.0)]))
    voice.due = 0.0
    counts = []
    for now in (0.0, 0.1, 0.105, 0.11, 0.115):
        before = len(left.sent)
        voice.tick(now)
        counts.append(len(left.sent) - before)
    assert counts == [1, 2, 2, 1, 0]
    assert voice.due == pytest.approx(0.12)


def test_keys_are_told_once_and_passed_with_the_other_sides_type() -> None:
    left, right = pair()
    right.flow.aim(far(right, digits=97), 0.0)
    left.hears(rtp(1, 1000))
    packets = [_event(5, 160), _event(5, 320), _event(5, 480, end=True), _event(5, 480, end=True)]
    for number, payload in enumerate(packets):
        left.hears(rtp(2 + number, 1160, payload, kind=101, marker=number == 0))
    left.hears(rtp(6, 1800))
    assert left.keys == ["5"]
    passed = right.packets[1:5]
    assert [packet.payload for packet in passed] == packets
    assert {packet.payload_type for packet in passed} == {97}
    start = right.packets[0].timestamp
    assert [packet.timestamp - start for packet in right.packets] == [0, 160, 160, 160, 160, 800]
    assert right.packets[1].marker


def test_two_presses_of_one_key_are_two_even_when_ends_are_lost() -> None:
    left, _ = pair()
    left.hears(rtp(1, 1000, _event(1, 160), kind=101))
    left.hears(rtp(2, 1000, _event(1, 320), kind=101))
    left.hears(rtp(3, 5000, _event(1, 320), kind=101))
    left.hears(rtp(4, 9000, _event(11, 800, end=True), kind=101))
    assert left.keys == ["1", "1", "#"]


def test_keys_become_tones_for_a_side_without_events() -> None:
    left, right = pair()
    right.flow.aim(far(right, digits=None), 0.0)
    left.hears(rtp(1, 1000, _event(7, 160), kind=101))
    voice = right.flow.voice
    voice.due = 0.0
    for number in range(12):
        voice.tick(number * 0.02)
    sound = g711.decode_alaw(b"".join(packet.payload for packet in right.packets))
    assert dtmf.Detector(8000).feed(sound) == ["7"]
    assert not voice.busy


def test_tones_are_keys_when_the_far_end_has_no_events() -> None:
    left, right = pair(digits=None)
    coded = g711.encode_alaw(np.concatenate([dtmf.tone("8", 8000, 0.1), np.zeros(1600, np.int16)]))
    for number in range(len(coded) // 160):
        left.hears(rtp(number, number * 160, coded[number * 160 : number * 160 + 160]))
    assert left.keys == ["8"]
    assert len(right.sent) == len(coded) // 160


def test_our_own_key_is_a_proper_event() -> None:
    left, _ = pair()
    voice = left.flow.voice
    voice.press("4x#")
    voice.due = 0.0
    now = 0.0
    while voice.busy:
        voice.tick(now)
        now += 0.02
    packets = left.packets
    first, second = packets[:8], packets[8:]
    assert {packet.timestamp for packet in first} == {first[0].timestamp}
    assert [packet.marker for packet in first] == [True] + [False] * 7
    durations = [struct.unpack("!BBH", packet.payload) for packet in first]
    assert durations == [(4, 10, 160 * number) for number in range(1, 6)] + [(4, 138, 800)] * 3
    assert [packet.payload[0] for packet in second] == [11] * 8
    assert second[0].timestamp - first[0].timestamp == 160 * 13  # 8 packets and 100 ms
    assert [packet.sequence for packet in packets] == list(range(101, 117))


@pytest.mark.parametrize("size", [0, 1, 11, 12, 2047, 65000])
def test_datagrams_of_any_size_do_no_harm(size: int) -> None:
    left, right = pair()
    left.hears(b"\x80\x08" + bytes(size))
    left.hears(bytes(size))
    left.hears(rtp(1, 0))
    assert right.packets[-1].payload == b"\xd5" * 160


def test_anything_at_all_does_no_harm() -> None:
    left, right = pair(PCMA, G722)
    source = random.Random(42)
    for _ in range(3000):
        datagram = bytearray(source.randbytes(source.randrange(0, 300)))
        if datagram and source.random() < 0.8:
            datagram[0] = 0x80 | source.randrange(64)
        if len(datagram) > 1 and source.random() < 0.8:
            datagram[1] = source.choice([8, 101, 13, 136])
        left.hears(bytes(datagram), at=source.random())
    left.flow.figures()
    assert right.flow.figures()[1] == len(right.sent)


def test_clock_jumps_wraps_and_new_sources_stay_one_rising_stream() -> None:
    left, right = pair()
    steps = [
        (65534, 0, 1),
        (65535, 160, 1),
        (0, 320, 1),
        (1, 2**31 + 320, 1),  # a jump of the timestamp
        (2, 2**31 + 480, 1),
        (40000, 77, 2),  # another source
        (40001, 237, 2),
        (40002, 237 - 2**31, 2),
    ]
    for number, (sequence, timestamp, ssrc) in enumerate(steps):
        left.hears(rtp(sequence, timestamp, ssrc=ssrc), at=number * 0.02)
    first = right.packets[0]
    assert [packet.sequence - first.sequence for packet in right.packets] == list(range(8))
    assert [packet.timestamp - first.timestamp for packet in right.packets] == [
        160 * number for number in range(8)
    ]


def test_our_own_packet_in_a_circle_is_dropped() -> None:
    left, right = pair()
    left.hears(rtp(1, 0, ssrc=right.flow.out.ssrc))
    assert not right.sent
    assert left.flow.refused == 1


def test_a_stream_joined_with_itself_is_an_echo() -> None:
    left = End(1, ("10.0.0.1", 4000))
    left.flow.aim(far(left), 0.0)
    left.flow.connect(left.flow)
    left.hears(rtp(1, 0, b"e" * 160))
    assert left.packets[0].payload == b"e" * 160


def test_connecting_again_moves_the_stream() -> None:
    left, right = pair()
    third = End(3, ("10.0.0.3", 8000))
    third.flow.aim(far(third), 0.0)
    left.hears(rtp(1, 0))
    left.flow.connect(third.flow)
    left.hears(rtp(2, 160))
    right.hears(rtp(1, 0))
    assert (len(right.sent), len(third.sent), len(left.sent)) == (1, 1, 0)
    assert right.flow.peer is None


def test_a_full_or_unreachable_network_is_a_lost_packet() -> None:
    left, right = pair()

    def refuse(data: object) -> None:
        raise OSError(os.strerror(101))

    right.flow.send = refuse
    left.hears(rtp(1, 0))
    left.hears(rtp(2, 160))
    assert right.flow.sent == 0


def test_silence_is_told_once_and_again_after_sound() -> None:
    left, _ = pair()
    for now in (10.0, 29.9, 30.1, 31.0):
        left.flow.watch(now, 30.0)
    left.hears(rtp(1, 0), at=32.0)
    for now in (33.0, 62.5, 63.0):
        left.flow.watch(now, 30.0)
    assert [event[0] for event in left.told] == ["silent", "silent"]


def test_what_is_closed_leaves_nothing_for_a_collector() -> None:
    def nothing(*_: object) -> None:
        pass

    def one(number: int) -> Flow:
        return Flow(
            number,
            buffer=bytearray(2048),
            send=nothing,
            send_rtcp=nothing,
            tell=nothing,
            identity=(number, 1, 1),
        )

    def alive() -> int:
        return sum(isinstance(thing, Flow) for thing in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = alive()
        left, right = one(1), one(2)
        left.aim(Far("10.0.0.1", 4000, send=PCMA, digits=None), 0.0)
        right.aim(Far("10.0.0.2", 4000, send=G722), 0.0)
        left.connect(right)
        left.voice.play(Player([ToneSound("dial", 0.0)]))
        left.voice.press("1")
        left.voice.tick(0.1)
        assert alive() == before + 2
        left.close()
        right.close()
        del left, right
        assert alive() == before
    finally:
        gc.enable()
