"""The engine with real worker processes over loopback."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pbx.media import g711, wav
from pbx.media.codings import Decoder
from pbx.media.dtmf import Detector
from pbx.media.engine import (
    Codec,
    DigitPressed,
    File,
    MediaGone,
    NoPorts,
    Silence,
    Stream,
    StreamLost,
    StreamSilent,
    Tone,
    WorkerFacts,
)
from pbx.media.recorder import mend
from pbx.media.streams import WorkerStream
from pbx.media.workers import Workers
from tests.unit.media_engine.phone import Phone
from tests.unit.media_engine.wire import rtp

G722 = Codec("G722", 9)


def _range() -> tuple[int, int]:
    """A hundred ports that are likely free."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    first = min(port, 64000) // 2 * 2
    return first, first + 399


@asynccontextmanager
async def engine(count: int = 1, **more: float) -> AsyncIterator[Workers]:
    workers = Workers(_range(), count, "127.0.0.1", **more)
    await workers.start()
    try:
        yield workers
    finally:
        await workers.stop()


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        try:
            await asyncio.wait_for(story(), 20)
        finally:
            await Phone.unplug_all()

    asyncio.run(whole())


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that nothing tells of."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.005)


async def caught(stream: Stream, what: type, count: int = 1) -> list[Any]:
    """The next events of a kind."""
    found: list[Any] = []
    done = asyncio.get_running_loop().create_future()

    def note(event: object) -> None:
        if isinstance(event, what):
            found.append(event)
            if len(found) == count and not done.done():
                done.set_result(None)

    stream.on_event = note
    await asyncio.wait_for(done, 5)
    return found


async def call(workers: Workers, one: Phone, other: Phone) -> tuple[Stream, Stream]:
    left = await workers.open()
    right = await workers.open(beside=left)
    left.aim(one.far())
    right.aim(other.far())
    workers.connect(left, right)
    await right.figures()  # an answer means that all of it was done
    return left, right


def test_two_phones_hear_each_other_and_a_thief_is_not_heard() -> None:
    async def story() -> None:
        async with engine() as workers:
            one, other, thief = await Phone.new(), await Phone.new(), await Phone.new()
            left, right = await call(workers, one, other)
            assert (left.port % 2, left.worker) == (0, right.worker)
            for number in range(3):
                one.say(bytes([number]) * 160, left.port)
                assert (await other.hear()).payload == bytes([number]) * 160
                thief.raw(rtp(900 + number, 0, b"stolen", ssrc=3), left.port)
                other.say(bytes([100 + number]) * 160, right.port)
                assert (await one.hear()).payload == bytes([100 + number]) * 160
            figures = await left.figures()
            assert (figures.received, figures.sent, figures.refused) == (3, 3, 3)
            assert thief.heard.empty()

    run(story)


def test_a_steady_phone_is_guarded_by_the_kernel_and_may_still_move() -> None:
    async def story() -> None:
        async with engine() as workers:
            one, other, thief, moved = [await Phone.new() for _ in range(4)]
            left, right = await call(workers, one, other)
            for number in range(140):  # 2.8 s: longer than it takes to be steady
                one.say(bytes([number]) * 160, left.port)
                thief.raw(rtp(number, 0, b"stolen", ssrc=3), left.port)
                assert (await other.hear()).payload == bytes([number]) * 160
                await asyncio.sleep(0.02)
            before = await left.figures()
            assert 50 < before.refused < 140  # counted until the kernel refuses by itself
            other.say(b"to the first place" * 8, right.port)
            assert (await one.hear()).payload == b"to the first place" * 8
            left.aim(moved.far())
            await left.figures()
            other.say(b"to the new place" * 10, right.port)
            assert (await moved.hear()).payload == b"to the new place" * 10
            moved.say(b"from the new place" * 8, left.port)
            assert (await other.hear()).payload == b"from the new place" * 8
            port = left.port
            left.close()
            while (again := await workers.open(beside=right)).port != port:
                pass
            again.aim(thief.far())
            workers.connect(again, right)
            await again.figures()
            thief.say(b"a new call" * 16, port)
            assert (await other.hear()).payload == b"a new call" * 16

    run(story)


def test_a_tone_crosses_from_a_law_to_g722() -> None:
    async def story() -> None:
        async with engine() as workers:
            one, other = await Phone.new(), await Phone.new()
            left, right = await call(workers, one, other)
            right.aim(other.far(G722))
            await right.figures()
            time = np.arange(8000) / 8000
            coded = g711.encode_alaw((9000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16))
            heard = b""
            for number in range(50):
                one.say(coded[number * 160 : number * 160 + 160], left.port)
                packet = await other.hear()
                assert packet.payload_type == 9
                heard += packet.payload
            sound = Decoder("G722", 16000).decode(heard)[3200:].astype(float)
            power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
            hertz = np.fft.rfftfreq(len(sound), 1 / 16000)
            assert hertz[power.argmax()] == pytest.approx(440, abs=2)
            assert power[abs(hertz - 440) < 15].sum() > 0.98 * power.sum()

    run(story)


def test_keys_are_told_and_sent() -> None:
    async def story() -> None:
        async with engine() as workers:
            one, other = await Phone.new(), await Phone.new()
            left, right = await call(workers, one, other)
            waiting = asyncio.ensure_future(caught(left, DigitPressed, 2))
            await asyncio.sleep(0)
            one.press(5, left.port)
            one.press(11, left.port)
            assert await waiting == [DigitPressed(left.id, "5"), DigitPressed(left.id, "#")]
            assert [(await other.hear()).payload[0] for _ in range(6)] == [5] * 3 + [11] * 3
            right.send_digits("9")
            packets = [await other.hear() for _ in range(8)]
            assert [packet.payload[0] for packet in packets] == [9] * 8
            assert {packet.payload_type for packet in packets} == {101}

    run(story)


def test_a_key_is_heard_as_a_tone_by_a_phone_without_events() -> None:
    async def story() -> None:
        async with engine() as workers:
            one, other = await Phone.new(), await Phone.new()
            left, right = await call(workers, one, other)
            right.aim(other.far(digits=None))
            await right.figures()
            one.press(6, left.port)
            heard = [await other.hear() for _ in range(10)]
            sound = g711.decode_alaw(b"".join(packet.payload for packet in heard))
            assert Detector().feed(sound) == ["6"]

    run(story)


def _prompt(path: Path, seconds: float) -> File:
    sound = (8000 * np.sin(np.arange(round(8000 * seconds)) * 0.3)).astype("<i2").tobytes()
    path.write_bytes(wav.header(8000, len(sound)) + sound)
    return File(path)


def test_a_prompt_is_played_in_time_and_to_its_end(tmp_path: Path) -> None:
    async def story() -> None:
        async with engine() as workers:
            phone = await Phone.new()
            stream = await workers.open()
            stream.aim(phone.far())
            begun = asyncio.get_running_loop().time()
            prompt = _prompt(tmp_path / "a.wav", 0.5)
            assert await stream.play([prompt, Silence(0.2), Tone("beep", 0.2)]) is True
            took = asyncio.get_running_loop().time() - begun
            await until(lambda: len(phone.arrivals) >= 45)
            packets = [packet for _, packet in phone.arrivals]
            assert len(packets) == 45
            assert 0.8 < took < 5  # 0.9 s on a quiet machine
            first = packets[0]
            assert first.marker and not any(packet.marker for packet in packets[1:])
            assert [packet.timestamp - first.timestamp & 0xFFFFFFFF for packet in packets] == [
                160 * number for number in range(45)
            ]
            content = wav.read((tmp_path / "a.wav").read_bytes())[0]
            assert b"".join(packet.payload for packet in packets)[:4000] == g711.encode_alaw(
                content
            )

    run(story)


def test_a_new_sound_replaces_the_old_and_stopping_says_so(tmp_path: Path) -> None:
    async def story() -> None:
        async with engine() as workers:
            phone = await Phone.new()
            stream = await workers.open()
            stream.aim(phone.far())
            endless = asyncio.ensure_future(
                stream.play([_prompt(tmp_path / "moh.wav", 0.1)], loop=True)
            )
            for _ in range(8):
                await phone.hear()
            second = asyncio.ensure_future(stream.play([Tone("ringback")]))
            assert await endless is False
            stream.stop_playing()
            assert await second is False
            assert await stream.play([File(tmp_path / "missing.wav"), Silence(0.02)]) is True
            third = asyncio.ensure_future(stream.play([Tone("busy")]))
            while not phone.heard.empty():
                phone.heard.get_nowait()
            await phone.hear()
            third.cancel()
            await asyncio.gather(third, return_exceptions=True)
            await stream.figures()
            count = (await stream.figures()).sent
            assert await stream.play([Silence(0.02)]) is True
            assert (await stream.figures()).sent - count <= 2

    run(story)


def test_a_message_is_recorded_until_the_key(tmp_path: Path) -> None:
    async def story() -> None:
        async with engine() as workers:
            phone = await Phone.new()
            stream = await workers.open()
            stream.aim(phone.far())
            recording = asyncio.ensure_future(
                stream.record(tmp_path / "m.wav", stop_digits="#", silence_seconds=5)
            )
            await stream.figures()
            loud = g711.encode_alaw(np.full(160, 7000, np.int16))
            for _ in range(50):
                phone.say(loud, stream.port)
                await asyncio.sleep(0.01)
            phone.press(11, stream.port)
            recorded = await recording
            assert (recorded.ended, recorded.digit, recorded.error) == ("digit", "#", "")
            samples, _ = wav.read((tmp_path / "m.wav").read_bytes())
            assert recorded.seconds == len(samples) / 8000
            assert 0.4 < recorded.seconds <= 1.1
            assert len(recorded.peaks) == 150
            again = asyncio.ensure_future(stream.record(tmp_path / "n.wav"))
            await stream.figures()
            stream.close()
            assert (await again).ended == "hung_up"
            with pytest.raises(MediaGone):
                await stream.record(tmp_path / "o.wav")

    run(story)


def test_a_full_disk_is_told_while_the_call_goes_on() -> None:
    async def story() -> None:
        async with engine() as workers:
            phone = await Phone.new()
            stream = await workers.open()
            stream.aim(phone.far())
            recorded = await stream.record(Path("/dev/full"))
            assert (recorded.ended, recorded.error) == ("failed", "disk_full")
            assert await stream.play([Silence(0.02)]) is True

    run(story)


def test_a_killed_worker_ends_its_calls_and_is_replaced(tmp_path: Path) -> None:
    async def story() -> None:
        async with engine(2) as workers:
            told: list[tuple[WorkerFacts, int]] = []
            workers.on_worker = lambda facts, lost: told.append((facts, lost))
            phone, safe_phone = await Phone.new(), await Phone.new()
            lost, safe = await workers.open(), await workers.open()
            assert lost.worker != safe.worker
            lost.aim(phone.far())
            safe.aim(safe_phone.far())
            events: list[object] = []
            lost.on_event = safe.on_event = events.append
            playing = asyncio.ensure_future(lost.play([Tone("dial")]))
            other = asyncio.ensure_future(safe.play([Tone("dial")]))
            recording = asyncio.ensure_future(lost.record(tmp_path / "k.wav"))
            await phone.hear()
            for _ in range(60):
                phone.say(b"\x2a" * 160, lost.port)
                await asyncio.sleep(0.02)
            begun = asyncio.get_running_loop().time()
            os.kill(workers.workers()[lost.worker].pid, signal.SIGKILL)
            for verb in (playing, recording):
                with pytest.raises(MediaGone):
                    await verb
            assert events == [StreamLost(lost.id)]
            with pytest.raises(MediaGone):
                await lost.figures()
            lost.close()
            await until(lambda: len(told) >= 2)
            assert asyncio.get_running_loop().time() - begun < 5  # 0.25 s on a quiet machine
            assert [(facts.alive, count) for facts, count in told] == [(False, 1), (True, 0)]
            assert told[0][0].pid != told[1][0].pid
            fresh = await workers.open()
            assert fresh.worker == lost.worker
            fresh.aim(phone.far())
            assert await fresh.play([Silence(0.02)]) is True
            await safe_phone.hear()
            safe.stop_playing()
            assert await other is False
            assert mend(tmp_path / "k.wav") >= 0.5

    run(story)


def test_a_worker_that_hangs_is_replaced_like_one_that_died() -> None:
    async def story() -> None:
        async with engine(ping_seconds=0.1) as workers:
            told: list[tuple[WorkerFacts, int]] = []
            workers.on_worker = lambda facts, lost: told.append((facts, lost))
            stream = await workers.open()
            os.kill(workers.workers()[0].pid, signal.SIGSTOP)
            with pytest.raises(MediaGone):
                await stream.figures()
            await until(lambda: len(told) == 2)
            assert (await workers.open()).id != stream.id

    run(story)


def test_streams_in_two_workers_are_tied() -> None:
    async def story() -> None:
        async with engine(2) as workers:
            one, other = await Phone.new(), await Phone.new()
            left, right = await workers.open(), await workers.open()
            assert left.worker != right.worker
            left.aim(one.far())
            right.aim(other.far(Codec("PCMU", 0)))
            workers.connect(left, right)

            async def speaking(phone: Phone, stream: Stream, kind: int) -> None:
                while True:
                    phone.say(
                        g711.encode_alaw(np.full(160, 6000, np.int16)), stream.port, kind=kind
                    )
                    await asyncio.sleep(0.02)

            talk = asyncio.ensure_future(speaking(one, left, 8))
            packet = await other.hear()
            assert packet.payload_type == 0
            assert abs(int(np.median(g711.decode_ulaw(packet.payload))) - 6000) < 300
            talk.cancel()
            other.press(3, right.port)
            while (packet := await one.hear()).payload_type != 101:
                pass
            assert packet.payload[0] == 3
            assert sum(facts.streams for facts in workers.workers()) == 4
            workers.disconnect(left)
            assert sum(facts.streams for facts in workers.workers()) == 2

    run(story)


def test_every_port_in_use_is_said_and_closing_gives_them_back() -> None:
    async def story() -> None:
        first, _ = _range()
        workers = Workers((first, first + 5), 1, "127.0.0.1")
        await workers.start()
        try:
            streams = []
            with pytest.raises(NoPorts):
                for _ in range(4):
                    streams.append(await workers.open())
            streams[0].close()
            streams[0].close()
            again = await workers.open()
            assert again.port == streams[0].port
            assert len({stream.port for stream in streams}) == len(streams)
        finally:
            await workers.stop()

    run(story)


def test_a_port_of_somebody_else_is_passed_over() -> None:
    async def story() -> None:
        first, _ = _range()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", first + 1))
            workers = Workers((first, first + 9), 1, "127.0.0.1")
            await workers.start()
            try:
                assert (await workers.open()).port != first
            finally:
                await workers.stop()

    run(story)


def test_garbage_on_both_ports_hurts_nobody() -> None:
    async def story() -> None:
        async with engine() as workers:
            one, other = await Phone.new(), await Phone.new()
            left, right = await call(workers, one, other)
            source = np.random.default_rng(7)
            for size in (0, 1, 2, 11, 12, 13, 172, 1500, 2047, 2048, 9000, 65000):
                noise = source.bytes(size)
                for datagram in (
                    noise,
                    b"\x80\x08" + noise,
                    b"\xbf\x88" + noise,
                    b"\x81\xc8" + noise,
                ):
                    if len(datagram) < 65500:
                        one.raw(datagram, left.port)
                        one.raw(datagram, left.port + 1)
                await left.figures()
            while not other.heard.empty():
                other.heard.get_nowait()
            one.say(b"after it all" * 10, left.port)
            while (await other.hear()).payload != b"after it all" * 10:
                pass
            assert workers.workers()[0].alive

    run(story)


def test_a_fault_in_a_worker_costs_no_call(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with engine() as workers:
            one, other = await Phone.new(), await Phone.new()
            left, right = await call(workers, one, other)
            assert isinstance(left, WorkerStream)
            left.seat.send("no such command", left.id)
            left.seat.send("play", left.id, 0, (("tone", "dial", "no number"),), False)
            one.say(b"still here" * 16, left.port)
            assert (await other.hear()).payload == b"still here" * 16
            assert (await right.figures()).sent == 1
            assert "no such command" in caplog.text

    run(story)


def test_a_silent_phone_is_told_once() -> None:
    async def story() -> None:
        async with engine(silent_after=0.3) as workers:
            phone = await Phone.new()
            stream, muted = await workers.open(), await workers.open()
            events: list[object] = []
            muted.on_event = events.append
            muted.aim(phone.far(sends=False))
            stream.aim(phone.far())
            (event,) = await caught(stream, StreamSilent)
            assert event.stream == stream.id and event.seconds >= 0.3
            assert not events

    run(story)


def test_closing_everything_leaves_no_process_and_no_lost_verb() -> None:
    async def story() -> None:
        workers = Workers(_range(), 1, "127.0.0.1")
        await workers.start()
        pid = workers.workers()[0].pid
        stream = await workers.open()
        playing = asyncio.ensure_future(stream.play([Tone("dial")]))
        await stream.figures()
        await workers.stop()
        with pytest.raises(MediaGone):
            await playing
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    run(story)


def test_a_worker_is_light() -> None:
    """Neither the portal nor the database may come into the audio process."""
    code = (
        "import sys, pbx.media.worker; "
        "heavy = {'reflex', 'sqlalchemy', 'sqlmodel', 'asyncio', 'soxr', 'pydub'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
