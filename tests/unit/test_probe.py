"""The line test's own arithmetic: its tone, its ear, its keys."""

from __future__ import annotations

import asyncio
import math
import socket

import pytest

from pbx.probe import probe, run_probe
from pbx.probe.sound import BLOCK, event_packets, tone, tone_share


def test_the_tone_is_recognised_wherever_a_block_begins() -> None:
    assert tone_share(tone(BLOCK)) > 0.95
    assert tone_share(tone(BLOCK, start=333)) > 0.95


def test_pieces_of_the_tone_join_without_a_click() -> None:
    assert tone(500) + tone(300, start=500) == tone(800)


@pytest.mark.parametrize("hertz", [350, 425, 697, 941, 1209, 1477, 2000])
def test_other_tones_are_not_taken_for_it(hertz: int) -> None:
    block = bytes(round(128 + 60 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(BLOCK))
    assert tone_share(block) < 0.05


def test_silence_is_not_the_tone() -> None:
    assert tone_share(bytes([128]) * BLOCK) == 0.0


def test_a_key_is_told_as_rfc_4733_says() -> None:
    packets = list(
        event_packets("#", payload_type=101, sequence=65534, timestamp=7, ssrc=0x01020304)
    )
    first, last = packets[0], packets[-1]
    # s.2.5.1.1: marker on the first packet only; RTP header is RFC 3550's.
    assert first.hex() == "80e5fffe00000007010203040b0a00a0"
    assert [p[1] >> 7 for p in packets] == [1, 0, 0, 0, 0, 0, 0, 0]
    assert {p[4:8] for p in packets} == {(7).to_bytes(4, "big")}  # one timestamp for one key
    # s.2.5.1.4: the end bit three times, with the final duration; the sequence wraps.
    assert [p[13] >> 7 for p in packets] == [0] * 5 + [1] * 3
    assert {p[14:16] for p in packets[5:]} == {last[14:16]}
    assert [int.from_bytes(p[2:4], "big") for p in packets[:4]] == [65534, 65535, 0, 1]


def deaf_port() -> tuple[socket.socket, int]:
    """A UDP port on which somebody listens and never answers."""
    deaf = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    deaf.bind(("127.0.0.1", 0))
    return deaf, deaf.getsockname()[1]


def test_an_office_that_does_not_answer_is_a_step_in_words() -> None:
    deaf, port = deaf_port()
    with deaf:
        steps = run_probe(host="127.0.0.1", port=port, username="201", password="x", timeout=3)
    assert [(step.name, step.ok) for step in steps] == [("register", False)]
    assert "UDP" in steps[0].it and "UDP" in steps[0].en


def test_a_phone_that_hangs_is_ended_and_told() -> None:
    deaf, port = deaf_port()
    with deaf:
        steps = run_probe(host="127.0.0.1", port=port, username="2", password="x", timeout=-2.5)
    assert [step.ok for step in steps] == [False]
    assert steps[0].name == "start"


def test_steps_arrive_one_by_one_on_a_loop() -> None:
    async def gather() -> list[str]:
        steps = probe(host="127.0.0.1", port=port, username="201", password="x", timeout=3)
        return [step.name async for step in steps]

    deaf, port = deaf_port()
    with deaf:
        assert asyncio.run(gather()) == ["register"]
