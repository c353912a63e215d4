"""Prompt ids and their sound files, one for each language.

`PROMPTS` holds every id with what is spoken for it; `path` finds the file, first in the folder of a
better voice (OFFICESMART_SOUNDS, same names), then among our own, file by file.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from pbx.media.engine import File
from pbx.media.sentences import SENTENCES
from pbx.media.spoken import PAUSES, PIECES

OURS = Path(__file__).parent / "sounds"
LANGUAGES = ("it", "en")
HOLD_MUSIC = OURS / "music" / "hold.wav"
"Our own short piece, 8 kHz; begins where it ends."

PROMPTS: dict[str, tuple[str, str]] = {**SENTENCES, **PIECES, **{name: ("", "") for name in PAUSES}}
"Prompt id -> (Italian, English); empty for a pause."

_override: Path | None = None


def use(folder: Path | None) -> None:
    """Look in this folder first from now on (OFFICESMART_SOUNDS); None: only among our own."""
    global _override
    _override = folder


def path(prompt_id: str, language: str = "it", *, sounds: Path | None = None) -> Path:
    """The WAV file of a prompt: 16-bit mono.

    sounds: a folder to look in first, instead of the one told to `use`. A language that we do not
    speak is spoken in Italian. Raises KeyError for an unknown id, with the names nearest to it.
    """
    if prompt_id not in PROMPTS:
        near = difflib.get_close_matches(prompt_id, PROMPTS, n=3, cutoff=0.5)
        raise KeyError(
            f"no prompt {prompt_id!r}" + (f"; did you mean {', '.join(near)}?" if near else "")
        )
    name = Path(language if language in LANGUAGES else LANGUAGES[0]) / f"{prompt_id}.wav"
    for folder in (sounds or _override, OURS):
        if folder is not None and (folder / name).is_file():
            return folder / name
    return OURS / name


def say(ids: Sequence[str], language: str = "it", *, sounds: Path | None = None) -> list[File]:
    """Several prompts as sounds to be played one after the other. Raises KeyError as `path`."""
    return [File(path(prompt_id, language, sounds=sounds)) for prompt_id in ids]


def missing(*, sounds: Path | None = None) -> list[Path]:
    """The files that should be there and are not; empty in a whole installation."""
    every = (path(name, language, sounds=sounds) for language in LANGUAGES for name in PROMPTS)
    return [file for file in (*every, HOLD_MUSIC) if not file.is_file()]
