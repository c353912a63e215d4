"""Each prompt has two sounds that a caller can understand: there, loud enough, whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import wave
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from pbx.media import prompts, speech
from pbx.media.dtmf import Detector
from pbx.media.sentences import SENTENCES, announcements, mailbox, services, star_codes
from pbx.media.spoken import COUNTED, PAUSES, PIECES

ROOT = Path(__file__).parents[2]
SPOKEN = [name for name in prompts.PROMPTS if name not in PAUSES]


@cache
def sound(path: Path) -> tuple[np.ndarray, int]:
    """Samples from -1 to 1, and their rate."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2), path
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
        return samples, file.getframerate()


def speech_level(samples: np.ndarray, rate: int) -> float:
    """RMS in dBFS of the blocks of 10 ms within 20 dB of the loudest."""
    block = rate // 100
    power = (samples[: len(samples) // block * block].reshape(-1, block) ** 2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() / 100].mean()))


def test_every_prompt_has_its_sentence_in_both_languages() -> None:
    for name in SPOKEN:
        italian, english = prompts.PROMPTS[name]
        assert italian.strip() and english.strip(), name
        assert re.fullmatch(r"[a-z0-9_.]+", name)
        # Both are sentences or both are pieces: they are cut with the same tail.
        assert italian.endswith(".") == english.endswith("."), name
    assert not set(PIECES) & set(PAUSES)


def test_no_sentence_stands_in_two_tables() -> None:
    tables = (
        announcements.ANNOUNCEMENTS,
        services.SERVICES,
        mailbox.MAILBOX,
        star_codes.STAR_CODES,
    )
    assert len(SENTENCES) == sum(map(len, tables))
    assert not set(SENTENCES) & {*PIECES, *PAUSES}


@pytest.mark.parametrize("language", prompts.LANGUAGES)
def test_every_prompt_has_a_sound_of_good_level_and_length(language: str) -> None:
    column = prompts.LANGUAGES.index(language)
    for name in SPOKEN:
        samples, rate = sound(prompts.OURS / language / f"{name}.wav")
        text = prompts.PROMPTS[name][column]
        assert rate in (8000, 16000), name
        # 8 to 25 letters a second, and something at either end.
        assert len(text) / 25 < len(samples) / rate < len(text) / 8 + 0.8, name
        assert -21.5 < speech_level(samples, rate) < -18.5, name
        assert np.abs(samples).max() < 10 ** (-3 / 20), name
        assert np.abs(samples[[0, -1]]).max() < 0.005, f"{name} begins or ends with a click"
        loud = np.flatnonzero(np.abs(samples) > 0.01)
        # An initial s lies above the band of 8 kHz sound.
        assert loud[0] < 0.2 * rate, f"{name} begins with silence"
        assert len(samples) - loud[-1] < 0.4 * rate, f"{name} ends with silence"


def test_no_two_neighbours_share_a_sound() -> None:
    for language in prompts.LANGUAGES:
        numbers = [sound(prompts.OURS / language / f"number.{n}.wav")[0] for n in range(100)]
        assert len({one.tobytes() for one in numbers}) == 100


def test_pauses_are_silent_and_as_long_as_written() -> None:
    for language in prompts.LANGUAGES:
        for name, seconds in PAUSES.items():
            samples, rate = sound(prompts.OURS / language / f"{name}.wav")
            assert len(samples) == round(seconds * rate) and not samples.any()


def test_there_are_no_other_files_and_none_is_stale() -> None:
    wanted = {
        f"{language}/{name}.wav" for language in prompts.LANGUAGES for name in prompts.PROMPTS
    }
    manifest = json.loads((prompts.OURS / "manifest.json").read_text())
    assert set(manifest) == wanted
    there = {str(file.relative_to(prompts.OURS)) for file in prompts.OURS.rglob("*.*")}
    assert there == wanted | {"manifest.json", "music/hold.wav"}
    assert prompts.missing() == []
    script = (ROOT / "scripts" / "make_sounds.py").read_text()
    recipe = re.search(r'^RECIPE = "(\w+)"', script, re.M)
    assert recipe is not None
    for name, mark in manifest.items():
        language, prompt = name.split("/")
        prompt = prompt.removesuffix(".wav")
        text = prompts.PROMPTS[prompt][prompts.LANGUAGES.index(language)]
        said = text or f"silence {PAUSES[prompt]}"
        spoken = "\n".join((recipe[1], "pico", language, said))
        assert mark == hashlib.sha256(spoken.encode()).hexdigest()[:16], (
            f"{name} is not the sound of its sentence: run scripts/make_sounds.py"
        )


def test_the_sounds_keep_every_clone_small() -> None:
    assert sum(file.stat().st_size for file in prompts.OURS.rglob("*.wav")) < 25e6


def everything_speech_can_say() -> set[str]:
    said: set[str] = set()
    now = datetime(2026, 6, 15, 12, 0, tzinfo=ZoneInfo("Europe/Rome"))
    for lang in prompts.LANGUAGES:
        for value in [*range(1200), *range(1200, 1_000_000, 997), 2_000_000]:
            said.update(speech.number(value, lang))
        said.update(speech.number(1, lang, "f"))
        for noun in COUNTED:
            for value in (0, 1, 2):
                said.update(speech.count(value, noun, lang))
        for minute in range(0, 1440):
            moment = now.replace(hour=0, minute=0) + timedelta(minutes=minute)
            said.update(speech.time(moment, lang) + speech.time(moment, lang, at=True))
        for day in range(-400, 30):
            said.update(speech.date(now + timedelta(days=day), now, lang))
        for seconds in (0, 1, 61, 3601, 7325, 400_000):
            said.update(speech.duration(seconds, lang))
    said.update(speech.digits("+39 0123456789*#"))
    return said


def test_speech_says_only_what_has_a_sound_and_can_say_every_piece() -> None:
    said = everything_speech_can_say()
    assert said <= set(prompts.PROMPTS)
    assert set(PIECES) - said == set()


def test_a_better_voice_goes_before_ours_file_by_file(tmp_path: Path) -> None:
    better = tmp_path / "it" / "number.21.wav"
    better.parent.mkdir()
    better.write_bytes(b"")
    assert prompts.path("number.21", "it", sounds=tmp_path) == better
    assert prompts.path("number.22", "it", sounds=tmp_path).parent == prompts.OURS / "it"
    assert prompts.path("number.21", "en", sounds=tmp_path).parent == prompts.OURS / "en"
    prompts.use(tmp_path)
    try:
        assert prompts.path("number.21", "it") == better
    finally:
        prompts.use(None)
    assert prompts.path("number.21", "it").parent == prompts.OURS / "it"


def test_saying_is_files_in_order_and_strange_languages_are_italian() -> None:
    said = prompts.say(speech.count(21, "message", "it"), "it")
    assert [sound.path.name for sound in said] == ["number.21.wav", "count.message.many.wav"]
    assert prompts.path("menu.done", "fr") == prompts.path("menu.done", "it")


def test_an_unknown_prompt_names_its_neighbours() -> None:
    with pytest.raises(KeyError, match="mailbox.welcome"):
        prompts.path("mailbox.welcom")
    with pytest.raises(KeyError, match="no prompt"):
        prompts.path("../../../etc/passwd")


def test_every_prompt_that_the_office_names_exists() -> None:
    heads = sorted({name.split(".")[0] for name in prompts.PROMPTS})
    pattern = re.compile(rf'"((?:{"|".join(heads)})\.[a-z0-9_.]*[a-z0-9_])"')
    places = [ROOT / "pbx" / "routing", ROOT / "pbx" / "apps", ROOT / "pbx" / "calls"]
    for file in (file for place in places for file in place.rglob("*.py")):
        for name in pattern.findall(file.read_text()):
            if name in COUNTED:  # a noun for speech.count
                continue
            assert name in prompts.PROMPTS, f"{file.relative_to(ROOT)}: no prompt {name!r}"


def test_every_reason_for_a_mailbox_has_its_greeting() -> None:
    for cause in ("unanswered", "busy", "unavailable", "direct"):  # routing.plan.Mailbox.greeting
        assert f"mailbox.greeting.{cause}" in prompts.PROMPTS


@pytest.mark.parametrize("gain", [0.5, 1.0, 2.0])
def test_no_voice_of_ours_presses_a_key(gain: float) -> None:
    """Talk-off: a quarter of an hour of speech, and the detector stays silent."""
    for language in prompts.LANGUAGES:
        for name in prompts.PROMPTS:
            samples, rate = sound(prompts.OURS / language / f"{name}.wav")
            loud = np.clip(samples * 32768 * gain, -32768, 32767).astype(np.int16)
            assert Detector(rate).feed(loud) == [], f"{language}/{name}"


def test_the_music_on_hold_loops_without_a_seam_within_the_telephone_band() -> None:
    samples, rate = sound(prompts.HOLD_MUSIC)
    assert 40 <= len(samples) / rate <= 60
    assert abs(10 * np.log10((samples**2).mean()) + 22) < 1
    assert np.abs(samples).max() < 10 ** (-3 / 20)
    seam = np.concatenate([samples[-400:], samples[:400]])
    # The curve's bend at the seam is no sharper than elsewhere in the music.
    bend = np.abs(np.diff(samples, 2))
    assert np.abs(np.diff(seam, 2)).max() <= bend.max()
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    assert power[(hertz > 200) & (hertz < 3400)].sum() / power.sum() > 0.99
    seconds = (samples[: len(samples) // rate * rate].reshape(-1, rate) ** 2).mean(axis=1)
    assert 10 * np.log10(seconds.min()) > -32, "a silent second sounds like a lost call"
    assert Detector(rate).feed((samples * 32768).astype(np.int16)) == []


def test_sounds_are_in_the_package() -> None:
    assert os.path.commonpath([prompts.OURS, ROOT / "pbx"]) == str(ROOT / "pbx")
