"""What people upload becomes music that telephones carry: format, level, length, broken files."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from officesmart.administration import hold_music
from officesmart.administration.hold_music import Unusable
from pbx.media.wav import read
from tests.unit.administration.conftest import NOW

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def sound(path: Path, wave: str, *more: str) -> Path:
    """A file that ffmpeg makes up; its format by the name."""
    subprocess.run(
        [FFMPEG, "-v", "error", "-f", "lavfi", "-i", wave, *more, "-y", str(path)], check=True
    )
    return path


def convert(path: Path, data: Path) -> Path:
    return data / "music" / asyncio.run(hold_music.convert(path, data, at=NOW))


@pytest.mark.parametrize("kind", ["wav", "mp3", "opus", "m4a"])
def test_every_kind_becomes_what_the_workers_play(kind: str, tmp_path: Path) -> None:
    made = convert(sound(tmp_path / f"a.{kind}", "sine=620:r=44100:d=4", "-ac", "2"), tmp_path)
    samples, rate = read(made.read_bytes())
    assert rate == 8000 and len(samples) / rate == pytest.approx(4, abs=0.1)
    middle = samples[8000:24000].astype(float)
    level = 20 * np.log10(np.sqrt((middle**2).mean()) / 32768)
    assert level == pytest.approx(hold_music.LEVEL_DBFS, abs=1)
    tones = np.abs(np.fft.rfft(middle))
    assert np.argmax(tones) * 8000 / len(middle) == pytest.approx(620, abs=1)
    assert hold_music.seconds_of(made) == pytest.approx(4, abs=0.1)
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_a_whisper_is_lifted_and_bass_does_not_set_the_level(tmp_path: Path) -> None:
    quiet = sound(tmp_path / "a.wav", "sine=800:d=4", "-af", "volume=-24dB")
    bass = sound(tmp_path / "b.wav", "aevalsrc='0.8*sin(2*PI*40*t)+0.02*sin(2*PI*800*t)':d=4")
    for path in (quiet, bass):
        samples, _ = read(convert(path, tmp_path).read_bytes())
        level = 20 * np.log10(np.sqrt((samples[8000:24000].astype(float) ** 2).mean()) / 32768)
        assert level > hold_music.LEVEL_DBFS - 3


@pytest.mark.parametrize(
    ("wave", "fault"),
    [
        ("sine=500:d=1", hold_music.SHORT),
        ("sine=500:r=8000:d=605", hold_music.LONG),
        ("anullsrc=d=4", hold_music.SILENT),
    ],
)
def test_what_cannot_be_music_says_why(wave: str, fault: object, tmp_path: Path) -> None:
    length = ("-t", "4") if "anullsrc" in wave else ()
    with pytest.raises(Unusable) as wrong:
        convert(sound(tmp_path / "a.wav", wave, *length), tmp_path)
    assert wrong.value.fault == fault


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ID3" + b"\x00" * 5000,
        b"\xff\xfb" + b"niente" * 500,
        b"#EXTM3U\n#EXTINF:4,\n/etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        "<svg>📠</svg>".encode(),
    ],
)
def test_a_broken_file_leaves_nothing_behind(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.mp3"
    path.write_bytes(content)
    with pytest.raises(Unusable) as wrong:
        convert(path, tmp_path)
    assert wrong.value.fault == hold_music.BROKEN
    assert not list(tmp_path.rglob("music/*"))


def test_what_was_sent_cannot_take_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory and file size are bounded by the kernel, whatever the program believes."""
    path = sound(tmp_path / "a.wav", "sine=500:d=4")
    monkeypatch.setattr(hold_music, "MOST_WRITTEN", 10_000)
    with pytest.raises(Unusable):
        convert(path, tmp_path)
    assert not list(tmp_path.rglob("music/*"))
    monkeypatch.undo()
    monkeypatch.setattr(hold_music, "MOST_MEMORY", 20_000_000)
    with pytest.raises(Unusable):
        convert(path, tmp_path)


def test_a_file_that_refers_to_others_reads_none(tmp_path: Path) -> None:
    """A play list under the name of a song: another file of this machine must not be heard."""
    other = sound(tmp_path / "secret.wav", "sine=500:d=4")
    for text in (
        f"ffconcat version 1.0\nfile '{other}'\n",
        f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{other}\n#EXT-X-ENDLIST\n",
        f"<?xml version='1.0'?><MPD><BaseURL>{other}</BaseURL></MPD>",
    ):
        path = tmp_path / "song.mp3"
        path.write_text(text)
        with pytest.raises(Unusable):
            convert(path, tmp_path)
