"""Messages as MP3: decoded again by ffmpeg, and listened to."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from pbx.media import export


def message(path: Path, *, rate: int, peak: float, seconds: float = 2.0) -> Path:
    time = np.arange(round(rate * seconds)) / rate
    sound = np.round(peak * 32767 * np.sin(2 * np.pi * 1000 * time)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.tobytes())
    return path


def decoded(mp3: bytes) -> np.ndarray:
    """What a player hears, at 16 kHz."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "mp3", "-i", "-"]
    command += ["-f", "s16le", "-ar", "16000", "-ac", "1", "-"]
    raw = subprocess.run(command, input=mp3, capture_output=True, check=True).stdout
    return np.frombuffer(raw, "<i2") / 32768


@pytest.mark.parametrize("rate", [8000, 16000])
def test_a_message_is_heard_again_at_a_good_level(tmp_path: Path, rate: int) -> None:
    mp3 = export.mp3(message(tmp_path / "m.wav", rate=rate, peak=0.3), title="è", artist="201")
    assert len(mp3) < 16000
    assert b"TIT2" in mp3 and b"TPE1" in mp3
    heard = decoded(mp3)
    assert abs(len(heard) / 16000 - 2.0) < 0.2
    middle = heard[8000:24000]
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) == 1000
    assert abs(20 * np.log10(np.sqrt(2 * (middle**2).mean())) + 3) < 1


def test_a_whisper_is_not_raised_to_a_shout(tmp_path: Path) -> None:
    heard = decoded(export.mp3(message(tmp_path / "m.wav", rate=8000, peak=0.01)))
    assert np.abs(heard).max() < 0.06


def test_silence_and_a_recording_cut_off_are_exported(tmp_path: Path) -> None:
    assert export.mp3(message(tmp_path / "s.wav", rate=8000, peak=0.0))
    whole = message(tmp_path / "m.wav", rate=8000, peak=0.3).read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    assert abs(len(decoded(export.mp3(tmp_path / "cut.wav"))) / 16000 - 1.0) < 0.2


def test_what_is_no_message_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"garbage" * 100)
    empty = message(tmp_path / "e.wav", rate=8000, peak=0.1, seconds=0)
    for path, limit, reason in (
        (tmp_path / "none.wav", 100, "No such file"),
        (tmp_path / "x.wav", 1000, "RIFF"),
        (message(tmp_path / "m.wav", rate=8000, peak=0.1), 1000, "more than 1000"),
        (empty, 1000, "no sound"),
    ):
        with pytest.raises(export.CannotExport, match=reason):
            export.mp3(path, max_bytes=limit)


def test_a_failing_encoder_is_a_reason_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/bin/false")
    with pytest.raises(export.CannotExport, match=r"m\.wav"):
        export.mp3(message(tmp_path / "m.wav", rate=8000, peak=0.1))
