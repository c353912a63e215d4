"""Make the spoken prompts from their written sentences: one WAV file a prompt id and language.

    pip install ttspico==0.3.2
    python scripts/make_sounds.py            # what is missing, changed or no longer wanted
    python scripts/make_sounds.py --all      # everything

The voices are SVOX Pico's (it-IT, en-GB); where it cannot be installed, `--voice espeak` uses the
espeak-ng program. The same sentence gives the same bytes: each is spoken by a fresh engine, and
manifest.json keeps a hash of sentence and recipe beside the sounds.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import json
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

sys.path.insert(0, str(Path(__file__).parent.parent))

from pbx.media.prompts import LANGUAGES, OURS, PROMPTS  # noqa: E402
from pbx.media.spoken import PAUSES  # noqa: E402

Sound = npt.NDArray[np.float64]

VOICE_HZ = 16000
"What the voices are worked on at."
RATE_HZ = 8000
"What is kept: at 16 kHz the files take 32 MB of every clone (docs/decisions/voices.md)."
SPEECH_DBFS = -20.0
"RMS of what is loud enough to be speech (ITU-T P.56 in spirit): comfortable beside people."
PEAK_DBFS = -3.5
RECIPE = "7"
"Raise it when anything below changes the sound."

VOICES = {"it": ("it-IT", "it"), "en": ("en-GB", "en-gb")}


def pico(text: str, language: str) -> Sound:
    """Speak by SVOX Pico, at its native 16 kHz."""
    import ttspico  # type: ignore[import-untyped]  # only here: the product does not need it

    # A fresh engine: a used one continues its prosody and never says the same thing twice alike.
    engine = ttspico.TtsEngine(VOICES[language][0])
    # At full volume it clips; normalising gives the level back.
    engine.volume = 40
    return np.frombuffer(engine.speak(text), np.int16) / 32768


def espeak(text: str, language: str) -> Sound:
    """Speak by the espeak-ng program."""
    command = ["espeak-ng", "-v", VOICES[language][1], "-s", "150", "--stdout", text]
    with wave.open(
        io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)
    ) as w:
        sound = np.frombuffer(w.readframes(1 << 24), np.int16) / 32768
        resampled: Sound = soxr.resample(sound, w.getframerate(), VOICE_HZ)
    return resampled


def finished(raw: Sound, *, sentence: bool) -> npt.NDArray[np.int16]:
    """Trim, level and fade what the voice said.

    A sentence keeps a short breath at its end, a piece nearly none: the next one follows at once.
    """
    # Rumble under the telephone band only costs level: take away the slow mean (about 80 Hz).
    width = VOICE_HZ // 80
    raw = raw - np.convolve(raw, np.hanning(width) / np.hanning(width).sum(), "same")
    # The hiss of an f or an s is quiet: the start is looked for with care, and before half of it is
    # gone. The end is a decay into the voice's own noise, of which nobody misses the last part.
    block = VOICE_HZ // 100
    power = (raw[: len(raw) // block * block].reshape(-1, block) ** 2).mean(axis=1)
    first = np.flatnonzero(power > power.max() * 10 ** (-45 / 10))[0]
    heard = np.flatnonzero(power > power.max() * 10 ** (-34 / 10))
    last = heard[-1]
    # Pico now and then clicks long after its last word: what is under 100 ms and follows 300 ms of
    # silence is no speech.
    for before, after in itertools.pairwise(heard[-10:]):
        if after - before > 30:
            last = before
            break
    sound = raw[max(0, (first - 1) * block) : (last + 6) * block]
    sound = soxr.resample(sound, VOICE_HZ, RATE_HZ, quality="VHQ")
    block = RATE_HZ // 100
    power = (sound[: len(sound) // block * block].reshape(-1, block) ** 2).mean(axis=1)
    speech = power[power > power.max() * 10 ** (-20 / 10)].mean()
    gain = 10 ** (SPEECH_DBFS / 20) / np.sqrt(speech)
    gain = min(gain, 10 ** (PEAK_DBFS / 20) / np.abs(sound).max())
    edge = RATE_HZ // 200
    ramp = np.sin(np.pi / 2 * np.arange(edge) / edge) ** 2
    sound = sound * gain
    sound[:edge] *= ramp
    sound[-edge:] *= ramp[::-1]
    tail = np.zeros(RATE_HZ * 150 // 1000 if sentence else RATE_HZ * 20 // 1000)
    return np.round(np.concatenate([sound, tail]) * 32767).astype(np.int16)


def write(path: Path, samples: npt.NDArray[np.int16]) -> None:
    """A 16-bit mono WAV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())


def fingerprint(text: str, language: str, voice: str) -> str:
    """What the sound depends on, short."""
    return hashlib.sha256("\n".join((RECIPE, voice, language, text)).encode()).hexdigest()[:16]


def make(
    folder: Path, *, speak: Callable[[str, str], Sound], voice: str, everything: bool
) -> tuple[int, int]:
    """Write what is missing or changed and take away what is no prompt; how many of each."""
    manifest_file = folder / "manifest.json"
    known = json.loads(manifest_file.read_text()) if manifest_file.exists() else {}
    manifest, made = {}, 0
    for column, language in enumerate(LANGUAGES):
        for prompt, texts in PROMPTS.items():
            name, text = f"{language}/{prompt}.wav", texts[column]
            said = text or f"silence {PAUSES[prompt]}"
            manifest[name] = fingerprint(said, language, voice)
            path = folder / name
            if not everything and path.exists() and known.get(name) == manifest[name]:
                continue
            if text:
                sentence = text.endswith((".", "?", "!"))
                write(path, finished(speak(text, language), sentence=sentence))
            else:
                write(path, np.zeros(round(PAUSES[prompt] * RATE_HZ), np.int16))
            made += 1
    orphans = [
        file
        for language in LANGUAGES
        for file in (folder / language).glob("*.wav")
        if f"{language}/{file.name}" not in manifest
    ]
    for file in orphans:
        file.unlink()
    manifest_file.write_text(json.dumps(manifest, indent=0, sort_keys=True) + "\n")
    return made, len(orphans)


def main() -> None:
    """Make the sounds into the package, or into another folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--all", action="store_true", help="make every sound again")
    parser.add_argument("--voice", choices=("pico", "espeak"), default="pico")
    parser.add_argument("--folder", type=Path, default=OURS)
    options = parser.parse_args()
    made, removed = make(
        options.folder,
        speak=pico if options.voice == "pico" else espeak,
        voice=options.voice,
        everything=options.all,
    )
    print(f"{made} made, {removed} removed, {len(PROMPTS) * len(LANGUAGES)} in all")


if __name__ == "__main__":
    main()
