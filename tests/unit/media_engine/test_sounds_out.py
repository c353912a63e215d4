"""What is played: files coded once, tones, silence, and their order."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from pbx.media import g711, prepared, tones, wav
from pbx.media.codings import Decoder
from pbx.media.player import Player
from pbx.media.prepared import Prepared, SilentSound, Store, ToneSound


def _sine(hertz: float, seconds: float, rate: int) -> np.ndarray:
    return (9000 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(
        np.int16
    )


def _all(player: Player, coding: str, size: int = 160) -> bytes:
    out = b""
    while frame := player.frame(coding, size):
        assert len(frame) == size
        out += frame
    return out


def _peak(sound: np.ndarray, rate: int) -> float:
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.fft.rfftfreq(len(sound), 1 / rate)[power.argmax()])


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("coding", ["PCMA", "PCMU", "G722"])
def test_a_file_of_any_rate_comes_out_in_any_coding(rate: int, coding: str) -> None:
    player = Player([Prepared(_sine(700, 1.0, rate), rate)])
    coded = _all(player, coding)
    assert len(coded) == 8000
    out_rate = 16000 if coding == "G722" else 8000
    sound = Decoder(coding, out_rate).decode(coded)
    assert _peak(sound[out_rate // 10 :], out_rate) == pytest.approx(700, abs=3)


def test_a_hundred_listeners_share_one_coding() -> None:
    sound = Prepared(_sine(440, 3.0, 8000), 8000)
    first = _all(Player([sound]), "G722")
    assert _all(Player([sound]), "G722") == first


def test_sounds_follow_one_another_without_a_gap() -> None:
    one, other = _sine(300, 0.05, 8000), _sine(900, 0.05, 8000)
    coded = _all(Player([Prepared(one, 8000), Prepared(other, 8000)]), "PCMA")
    assert coded[:800] == g711.encode_alaw(np.concatenate([one, other]))
    assert len(coded) == 800


def test_the_last_frame_is_filled_with_silence() -> None:
    coded = _all(Player([Prepared(np.full(100, 5000, np.int16), 8000)]), "PCMU")
    assert coded[100:] == b"\xff" * 60


def test_music_begins_again_and_nothing_at_all_ends() -> None:
    music = Player([Prepared(_sine(440, 0.04, 8000), 8000)], loop=True)
    frames = [music.frame("PCMA", 160) for _ in range(6)]
    assert frames[:2] == frames[2:4] == frames[4:]
    assert Player([SilentSound(0.0)], loop=True).frame("PCMA", 160) == b""
    assert Player([], loop=True).frame("PCMA", 160) == b""


def test_a_sound_that_still_loads_is_waited_for_and_one_that_failed_passed_over() -> None:
    player = Player([None, SilentSound(0.02)])
    assert player.frame("PCMA", 160) == b""
    waited = [player.waits]
    player.arrived(0, None)
    assert [*waited, player.waits] == [True, False]
    assert player.frame("PCMA", 160) == b"\xd5" * 160


def test_tones_keep_their_cadence_and_their_limit() -> None:
    period, _ = tones.sound("busy", 8000)
    player = Player([ToneSound("busy", 2.5)])
    sound = g711.decode_alaw(_all(player, "PCMA")).astype(int)
    assert len(sound) == 20000
    expected = np.concatenate([period, period, period])[:20000]
    assert np.abs(sound - expected).max() < 600
    beep, _ = tones.sound("beep", 8000)
    assert len(_all(Player([ToneSound("beep", 0.0)]), "PCMA")) >= len(beep)
    with pytest.raises(KeyError):
        ToneSound("no such tone", 0.0)


def test_a_change_of_coding_goes_on_at_the_same_place() -> None:
    sound = Prepared(np.repeat(np.arange(100, dtype=np.int16) * 300, 160), 8000)
    player = Player([sound])
    for _ in range(50):
        player.frame("PCMA", 160)
    level = int(np.median(g711.decode_ulaw(player.frame("PCMU", 160))))
    assert level == pytest.approx(50 * 300, rel=0.05)


def test_the_store_is_bounded_and_knows_a_changed_file(tmp_path: Path) -> None:
    store = Store(limit=70_000)
    keys = []
    for number in range(4):
        path = tmp_path / f"{number}.wav"
        samples = np.full(5000, number, "<i2").tobytes()
        path.write_bytes(wav.header(8000, len(samples)) + samples)
        keys.append(prepared.stamp(path))
        store.put(keys[-1], prepared.load(path))
    assert [store.get(key) is not None for key in keys] == [False, False, True, True]
    os.utime(path, ns=(1, 1))
    assert store.get(prepared.stamp(path)) is None


def _wav(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    out = b"RIFF\0\0\0\0WAVE"
    for name, body in chunks:
        length = len(body) if size is None or name != b"data" else size
        out += name + length.to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
    return out


FMT = wav.header(8000, 0)[20:36]


@pytest.mark.parametrize(
    "content",
    [
        wav.header(8000, 6) + b"\1\0\2\0\3\0",
        wav.header(8000, 0) + b"\1\0\2\0\3\0",
        wav.header(8000, 0xFFFFFF00) + b"\1\0\2\0\3\0\4",
        _wav(
            (b"LIST", b"abc"),
            (b"fmt ", FMT + b"\0\0"),
            (b"fact", b"1234"),
            (b"data", b"\1\0\2\0\3\0"),
        ),
    ],
)
def test_wav_files_are_read_generously(content: bytes) -> None:
    samples, rate = wav.read(content)
    assert (samples.tolist(), rate) == ([1, 2, 3], 8000)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"ID3\x04" + bytes(200),
        _wav((b"data", b"\1\0")),
        _wav((b"fmt ", FMT)),
        wav.header(44100, 2) + b"\1\0",
        _wav((b"fmt ", b"\1\0\2\0" + FMT[4:]), (b"data", b"\1\0")),
    ],
)
def test_what_is_no_wav_of_speech_is_refused(content: bytes) -> None:
    with pytest.raises(wav.NotWav):
        wav.read(content)
