"""Recordings: right length, silence, keys, full disks, and files whose writer was killed."""

from __future__ import annotations

import select
from pathlib import Path

import numpy as np
import pytest

from pbx.media import g711, wav
from pbx.media.disk import Disk
from pbx.media.levels import Levels
from pbx.media.recorder import Outcome, Recorder, Recording, mend
from pbx.media.track import Track
from pbx.media.wavfile import DISK_FULL, WavFile

LOUD = g711.encode_alaw((9000 * np.sin(np.arange(160) * 0.3)).astype(np.int16))
QUIET = b"\xd5" * 160


class Tape:
    """A recorder with a real disk thread and a clock moved by hand."""

    def __init__(self, path: Path, **asked: object) -> None:
        self.path = path
        self.disk = Disk()
        self.outcomes: list[Outcome] = []
        self.now = 100.0
        self.recorder = Recorder(
            Recording(str(path), **asked),  # type: ignore[arg-type]
            self.disk,
            now=self.now,
            finished=self.outcomes.append,
        )
        self.timestamp = 4_000_000_000

    def hear(self, payload: bytes, frames: int, coding: str = "PCMA") -> None:
        for _ in range(frames):
            self.now += 0.02
            self.timestamp = (self.timestamp + 160) % 2**32
            self.recorder.heard(coding, self.timestamp, payload, self.now)
            self.recorder.tick(self.now)

    def outcome(self) -> Outcome:
        while not self.outcomes:
            assert select.select([self.disk.wake], [], [], 5.0)[0]
            self.disk.collect()
        self.disk.close()
        return self.outcomes[0]

    def settle(self) -> None:
        """Let the disk answer everything so far."""
        done: list[None] = []
        self.disk.submit(lambda: None, done.append)
        while not done:
            assert select.select([self.disk.wake], [], [], 5.0)[0]
            self.disk.collect()


def _samples(path: Path) -> np.ndarray:
    return wav.read(path.read_bytes())[0]


def test_a_recording_is_as_long_as_what_was_said(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav")
    tape.hear(LOUD, 100)
    tape.recorder.stop("stopped", tape.now)
    how = tape.outcome()
    assert (how.ended, how.seconds, how.error) == ("stopped", 2.0, "")
    assert _samples(tape.path).tolist() == np.tile(g711.decode_alaw(LOUD), 100).tolist()
    assert len(how.peaks) == 150
    assert all(25 <= peak <= 29 for peak in how.peaks)


def test_lost_packets_are_silence_and_late_ones_find_their_place(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav")
    sent = [(number * 160, bytes([number]) * 160) for number in range(20)]
    order = [0, 1, 2, 4, 3, 5, *range(8, 20)]
    for place in order:
        tape.recorder.heard("PCMA", sent[place][0], sent[place][1], tape.now + 0.02 * (place + 1))
    tape.recorder.stop("hung_up", tape.now + 0.4)
    assert tape.outcome().seconds == 0.4
    sound = _samples(tape.path)
    assert not sound[6 * 160 : 8 * 160].any()
    for place in order:
        piece = sound[place * 160 : place * 160 + 160]
        assert piece.tolist() == g711.decode_alaw(sent[place][1]).tolist()


def test_a_timestamp_jump_leaves_the_length_right(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav")
    tape.hear(LOUD, 25)
    tape.timestamp = (tape.timestamp + 2**31) % 2**32
    tape.hear(LOUD, 25)
    tape.recorder.stop("stopped", tape.now)
    assert tape.outcome().seconds == pytest.approx(1.0, abs=0.02)


def test_silence_ends_it_and_is_cut_off(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", silence_seconds=3.0)
    tape.hear(LOUD, 50)
    tape.hear(QUIET, 250)
    how = tape.outcome()
    assert how.ended == "silence"
    assert how.seconds == pytest.approx(1.2, abs=0.15)
    assert len(_samples(tape.path)) == round(how.seconds * 8000)


def test_no_packets_are_silence_too(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", silence_seconds=2.0)
    tape.hear(LOUD, 50)
    for _ in range(40):
        tape.now += 0.1
        tape.recorder.tick(tape.now)
    assert tape.outcome().ended == "silence"


def test_a_steady_tone_is_never_silence(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", silence_seconds=2.0)
    tape.hear(LOUD, 1000)
    assert not tape.recorder.over
    tape.recorder.stop("stopped", tape.now)
    assert tape.outcome().seconds == 20.0


def test_the_noise_of_a_line_is_silence_and_a_voice_above_it_is_not() -> None:
    noise = np.random.default_rng(1)
    levels = Levels(8000)
    levels.add(noise.normal(0, 150, 8000).astype(np.int16))  # -47 dBFS
    voice = noise.normal(0, 600, 8000).astype(np.int16)
    levels.add(voice)
    heard = levels.last_sound
    levels.add(noise.normal(0, 150, 16000).astype(np.int16))
    assert heard == levels.last_sound == 16000


def test_the_limit_is_exact(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", max_seconds=1.5)
    tape.hear(LOUD, 100)
    how = tape.outcome()
    assert (how.ended, how.seconds) == ("limit", 1.5)


def test_the_stop_key_ends_it_and_its_own_time_is_not_in_it(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", stop_digits="#")
    tape.hear(LOUD, 100)
    tape.recorder.key("5", tape.now, timestamp=tape.timestamp)
    begin = tape.timestamp + 160
    tape.hear(LOUD, 2)
    tape.recorder.key("#", tape.now, timestamp=begin)
    how = tape.outcome()
    assert (how.ended, how.digit, how.seconds) == ("digit", "#", 2.0)


def test_a_stop_tone_found_in_the_sound_is_cut_off_with_what_led_to_it(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", stop_digits="#")
    tape.hear(LOUD, 100)
    tape.recorder.key("#", tape.now)
    assert tape.outcome().seconds == pytest.approx(1.9)


def test_both_ways_are_mixed(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", both_ways=True)
    level = g711.encode_alaw(np.full(160, 4000, np.int16))
    for number in range(10):
        now = tape.now + 0.02 * (number + 1)
        tape.recorder.heard("PCMA", number * 160, level, now)
        tape.recorder.spoken("PCMA", 777 + number * 160, level, now)
    tape.recorder.stop("stopped", tape.now + 0.2)
    tape.outcome()
    assert _samples(tape.path)[160:1600].mean() == pytest.approx(8000, rel=0.05)


def test_wideband_is_recorded_at_16_khz(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav", rate_hz=16000)
    tape.hear(b"\xfa" * 160, 10, coding="G722")
    tape.hear(LOUD, 40)  # after a re-INVITE: narrow sound in a wide file
    tape.recorder.stop("stopped", tape.now)
    assert tape.outcome().seconds == 1.0
    assert wav.read(tape.path.read_bytes())[1] == 16000


def test_a_full_disk_is_told_and_ends_the_recording(tmp_path: Path) -> None:
    tape = Tape(Path("/dev/full"))
    tape.settle()
    how = tape.outcome()
    assert (how.ended, how.error, how.seconds) == ("failed", DISK_FULL, 0.0)


def test_what_fitted_on_the_disk_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    file = WavFile(path, 8000)
    assert file.append(b"\1\0" * 4000).error == ""
    import errno
    import os

    really = os.pwrite

    def small(descriptor: int, data: bytes, place: int) -> int:
        if place + len(data) <= 44 + 8500:
            return really(descriptor, data, place)
        if place < 44 + 8500:
            return really(descriptor, data[: 44 + 8500 - place], place)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", small)
    written = file.append(b"\2\0" * 4000)
    assert (written.error, written.bytes) == (DISK_FULL, 8500)
    assert file.append(b"\3\0").bytes == 8500
    assert file.finish(None).bytes == 8500
    assert len(_samples(path)) == 4250


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "nowhere" / "a.wav")
    how = tape.outcome()
    assert (how.ended, how.error) == ("failed", "No such file or directory")


def test_a_file_cut_off_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav.header(8000, 0) + b"\1\0" * 12000 + b"\1")
    assert mend(path) == 1.5
    content = path.read_bytes()
    assert content[:44] == wav.header(8000, 24000)
    assert len(content) == 44 + 24000
    assert mend(path) == 1.5


def test_what_was_no_recording_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"")
    assert mend(path) == 0.0
    path.write_bytes(b"%PDF" + bytes(100))
    with pytest.raises(wav.NotWav):
        mend(path)
    assert path.read_bytes()[:4] == b"%PDF"


def test_a_growing_file_can_be_played_as_it_is(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "a.wav")
    tape.hear(LOUD, 100)
    tape.settle()
    samples, _ = wav.read(tape.path.read_bytes())
    assert len(samples) >= 8000
    assert int.from_bytes(tape.path.read_bytes()[40:44], "little") == 2 * len(samples)
    tape.recorder.stop("stopped", tape.now)
    tape.outcome()


def test_a_flood_between_two_takes_is_bounded() -> None:
    track = Track(0.0, 8000)
    for number in range(5000):
        track.put("PCMA", number * 160, LOUD, 0.0)
    assert track.end <= 8000 * 11
