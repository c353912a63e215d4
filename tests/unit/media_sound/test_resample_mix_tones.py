"""Resampling, mixing, tones: judged by their spectra and levels."""

from __future__ import annotations

import numpy as np
import pytest

from pbx.media import mixer, tones
from pbx.media.jitter import Down, Up


def sine(hertz: float, rate: int, peak: float = 10000) -> np.ndarray:
    return np.round(peak * np.sin(2 * np.pi * hertz * np.arange(2 * rate) / rate)).astype(np.int16)


def level_db(sound: np.ndarray, hertz: float, rate: int, peak: float = 10000) -> float:
    middle = sound[rate // 4 : rate // 4 + rate].astype(float)
    turn = np.exp(-2j * np.pi * hertz * np.arange(rate) / rate)
    return float(20 * np.log10(2 * abs(middle @ turn) / rate / peak + 1e-9))


def through(converter: Up | Down, sound: np.ndarray, frame: int) -> np.ndarray:
    return np.concatenate(
        [converter.feed(sound[start : start + frame]) for start in range(0, len(sound), frame)]
    )


@pytest.mark.parametrize("hertz", [300, 1000, 2000, 3400])
def test_up_keeps_the_tone_and_makes_no_image(hertz: int) -> None:
    out = through(Up(), sine(hertz, 8000), 160)
    assert len(out) == 32000
    assert abs(level_db(out, hertz, 16000)) < 0.2
    assert level_db(out, 8000 - hertz, 16000) < -45


@pytest.mark.parametrize("hertz", [300, 1000, 2000, 3400])
def test_down_keeps_the_tone(hertz: int) -> None:
    out = through(Down(), sine(hertz, 16000), 320)
    assert len(out) == 16000
    assert abs(level_db(out, hertz, 8000)) < 0.2


@pytest.mark.parametrize("hertz", [4600, 5000, 6000, 7000, 7700])
def test_down_lets_no_alias_into_the_telephone_band(hertz: int) -> None:
    assert level_db(through(Down(), sine(hertz, 16000), 320), 8000 - hertz, 8000) < -45


def test_the_frame_length_does_not_show() -> None:
    wide, narrow = sine(700, 16000), sine(700, 8000)
    assert (through(Down(), wide, 320) == through(Down(), wide, 77)).all()
    assert (through(Up(), narrow, 160) == through(Up(), narrow, 33)).all()


def test_each_frame_comes_out_whole_and_loud_sound_does_not_wrap() -> None:
    square = (np.sign(np.sin(np.arange(320) / 9)) * 32767).astype(np.int16)
    up, down = Up(), Down()
    for _ in range(3):
        assert len(up.feed(square[:160])) == 320
        assert len(down.feed(square)) == 160
    assert through(Up(), square, 160).min() == -32768
    assert len(Up().feed(square[:0])) == len(Down().feed(square[:0])) == 0
    assert len(Down().feed(square[:1])) == 0


def test_everybody_hears_the_others() -> None:
    a, b, c = (np.full(160, level, np.int16) for level in (100, 20, 3))
    assert [frame[0] for frame in mixer.mix([a, b, c])] == [23, 103, 120]


def test_sums_saturate_and_alone_is_silence() -> None:
    loud = np.full(160, 30000, np.int16)
    assert [frame[0] for frame in mixer.mix([loud, loud, loud])] == [32767] * 3
    assert [frame[0] for frame in mixer.mix([-loud, -loud, -loud])] == [-32768] * 3
    # One's own sound comes off the exact sum: cut first, 0 would remain.
    assert [frame[0] for frame in mixer.mix([loud, loud, -loud])] == [0, 0, 32767]
    assert not mixer.mix([loud])[0].any()
    assert mixer.mix([]) == []
    with pytest.raises(ValueError):
        mixer.mix([loud, loud[:80]])


CADENCES = {
    "dial": ((0.2, 0.2), (0.6, 1.0)),
    "ringback": ((1.0, 4.0),),
    "busy": ((0.5, 0.5),),
    "congestion": ((0.2, 0.2),),
    "call_waiting": ((0.4, 0.1), (0.25, 0.1), (0.15, 14.0)),
}


@pytest.mark.parametrize("name", CADENCES)
@pytest.mark.parametrize("rate", [8000, 16000])
def test_cadence_and_frequency_of_the_italian_plan(name: str, rate: int) -> None:
    sound, loops = tones.sound(name, rate)
    assert loops
    loud = np.abs(sound.reshape(-1, rate // 100).astype(int)).max(axis=1) > 1000
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(int)))
    starts, ends = edges[0::2], edges[1::2]
    gaps = np.append(starts[1:], len(loud)) - ends
    measured = zip((ends - starts) / 100, gaps / 100, strict=True)
    assert tuple((round(on, 2), round(off, 2)) for on, off in measured) == CADENCES[name]
    spectrum = np.abs(np.fft.rfft(sound))
    assert abs(np.argmax(spectrum) * rate / len(sound) - 425) < 3


@pytest.mark.parametrize("name", tones.TONES)
def test_level_and_edges_of_every_tone(name: str) -> None:
    sound, _ = tones.sound(name)
    peak_dbfs = 20 * np.log10(np.abs(sound.astype(int)).max() / 32767)
    assert -14 < peak_dbfs < -9.9
    # No step from one sample to the next is greater than the tone's own slope.
    around = np.concatenate([sound[-1:], sound]).astype(int)
    hertz = max(burst[0] for burst in tones.TONES[name].bursts)
    assert np.abs(np.diff(around)).max() <= 2 * np.pi * hertz / 8000 * 7400


def test_the_names_that_the_engine_promises() -> None:
    for name in ("dial", "ringback", "busy", "congestion", "beep", "error"):
        sound, loops = tones.sound(name, 16000)
        assert loops is (name not in ("beep", "error")) and len(sound)
    with pytest.raises(KeyError):
        tones.sound("nonsense")
    with pytest.raises(ValueError):
        tones.sound("busy")[0][0] = 1
