"""The music on hold: what people upload becomes what the media workers play.

Sound is worked on by ffmpeg, in processes of their own: never in this interpreter, which pages and
calls share. Twice: first measured as a telephone will carry it, then written at the level of our
own piece, so that whoever waits is neither startled nor left in silence.
"""

from __future__ import annotations

import asyncio
import re
import resource
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import imageio_ffmpeg
from sqlmodel import Session

from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.administration.rules import Fault
from pbx.store import settings
from pbx.store.music import FOLDER, NAME
from pbx.store.session import after_commit

MOST_BYTES = 20_000_000
MOST_SECONDS = 600
LEAST_SECONDS = 2
RATE_HZ = 8000
LEVEL_DBFS = -22.0
"RMS: our own piece's, a little under the voices."
PEAK = 0.7
"Of full scale; what the gain lifts over it is rounded off."
MOST_GAIN_DB = 30.0
SILENT_DBFS = -60.0
PATIENCE = 90.0  # seconds for one run; ten minutes of MP3 take two
HEADER = 44
MOST_MEMORY = 1_000_000_000  # bytes of address space; a WAV takes 0.3 GB, most of it the program
MOST_WRITTEN = 2 * RATE_HZ * (MOST_SECONDS + 10)  # bytes
MOST_SAID = 20_000  # bytes of what ffmpeg says

TELEPHONE = f"aformat=channel_layouts=mono,aresample={RATE_HZ},highpass=f=200"
"What of the sound a telephone carries; bass that nobody would hear must not set the level."
FORMATS = "wav,mp3,ogg,mov,matroska,flac"
"Containers that are opened; ffmpeg knows play lists too, which would make it fetch other files."

BROKEN = Fault(
    "Non è un file audio che si possa leggere: manda un WAV, MP3, Opus o M4A",
    "This is no sound file that can be read: send a WAV, MP3, Opus or M4A",
)
LONG = Fault("Dura più di 10 minuti: accorcialo", "It is longer than 10 minutes: make it shorter")
SHORT = Fault(
    "Dura meno di 2 secondi: chi aspetta la sentirebbe ripetersi di continuo",
    "It is shorter than 2 seconds: whoever waits would hear it over and over",
)
SILENT = Fault(
    "È muto: chi aspetta penserebbe che la chiamata è caduta",
    "It is silent: whoever waits would think that the call broke off",
)
SLOW = Fault(
    "La conversione non finisce: prova con un file più piccolo",
    "The conversion does not end: try a smaller file",
)


class Unusable(Exception):
    """The file cannot be music on hold; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.en)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Music:
    """What is played now."""

    name: str = ""
    "As its file was called; '' for ours."
    file: str = ""
    "Under data/music; '' for ours."


def current(session: Session) -> Music:
    """What the setting says."""
    file = settings.read(session, settings.HOLD_MUSIC)
    if not NAME.fullmatch(file):
        return Music()
    return Music(settings.read(session, settings.HOLD_MUSIC_NAME), file)


async def convert(source: Path, data: Path, *, at: datetime) -> str:
    """Make a file under data/music of what was sent; answers its name there.

    Whole or not at all. Raises Unusable, OSError.
    """
    seconds, level = await _measured(source)
    if seconds > MOST_SECONDS:
        raise Unusable(LONG)
    if seconds < LEAST_SECONDS:
        raise Unusable(SHORT)
    if level < SILENT_DBFS:
        raise Unusable(SILENT)
    gain = min(LEVEL_DBFS - level, MOST_GAIN_DB)
    folder = data / FOLDER
    await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    name = f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.wav"
    draft = folder / f".{name}"
    limiter = f"volume={gain:.2f}dB,alimiter=limit={PEAK}:level=disabled"
    try:
        status, _ = await _ffmpeg(
            *("-i", f"file:{source}", "-vn", "-map", "0:a:0", "-t", str(MOST_SECONDS)),
            *("-af", f"{TELEPHONE},{limiter}", "-ac", "1", "-ar", str(RATE_HZ)),
            *("-c:a", "pcm_s16le", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "wav"),
            f"file:{draft}",
        )
        if status or not await asyncio.to_thread(_keep, draft, folder / name):
            raise Unusable(BROKEN)
    finally:
        await asyncio.to_thread(draft.unlink, missing_ok=True)
    return name


def _keep(draft: Path, path: Path) -> bool:
    """Give what was written its name; False when it holds no sound."""
    if not draft.is_file() or draft.stat().st_size <= HEADER:
        return False
    draft.chmod(0o600)
    draft.rename(path)
    return True


def use(session: Session, author: Author, data: Path, *, file: str, name: str) -> None:
    """Play this file from the next hold on; '' brings ours back. The one before is deleted."""
    before = current(session)
    settings.write(session, settings.HOLD_MUSIC, file)
    settings.write(session, settings.HOLD_MUSIC_NAME, name)
    if before.file and before.file != file:
        after_commit(session, partial((data / FOLDER / before.file).unlink, missing_ok=True))
    audit.note(
        session, author, "music_changed", before={"music": before.name}, after={"music": name}
    )


def seconds_of(path: Path) -> float:
    """How long a file of ours plays. Raises OSError."""
    return max(0, path.stat().st_size - HEADER) / 2 / RATE_HZ


async def _measured(source: Path) -> tuple[float, float]:
    """Seconds, and the RMS level in dBFS, as a telephone carries it. Raises Unusable."""
    status, said = await _ffmpeg(
        *("-i", f"file:{source}", "-vn", "-map", "0:a:0", "-t", str(MOST_SECONDS + 1), "-ac", "1"),
        *("-af", f"{TELEPHONE},volumedetect", "-f", "null", "-"),
        level="info",
    )
    # The filter reports once more while it is set up, of nothing: the last word counts.
    samples = re.findall(r"n_samples: ([0-9]+)", said)
    means = re.findall(r"mean_volume: (-?[0-9.]+) dB", said)
    if status or not samples:
        raise Unusable(BROKEN)
    # Of perfect silence there is no mean.
    return int(samples[-1]) / RATE_HZ, float(means[-1]) if means else SILENT_DBFS - 1


async def _ffmpeg(*words: str, level: str = "error") -> tuple[int, str]:
    """Run ffmpeg on one thread; its status and what it said. Raises Unusable when it never ends."""
    said = bytearray()
    process = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-hide_banner", "-nostdin", "-nostats", "-loglevel", level, "-threads", "1"),
        *("-protocol_whitelist", "file", "-format_whitelist", FORMATS),
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    assert process.stderr is not None
    try:
        _bound(process.pid)
        async with asyncio.timeout(PATIENCE):
            # A broken file may have it complain for ever: the end is what counts.
            while piece := await process.stderr.read(1 << 16):
                said += piece
                del said[:-MOST_SAID]
            await process.wait()
    except (TimeoutError, asyncio.CancelledError) as why:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if isinstance(why, TimeoutError):
            raise Unusable(SLOW) from None
        raise
    return process.returncode or 0, said.decode("utf-8", "replace")


def _bound(process: int) -> None:
    """What somebody sent may not take the machine's memory, nor fill its disk."""
    with suppress(ProcessLookupError):  # it is over already
        resource.prlimit(process, resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.prlimit(process, resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
        resource.prlimit(process, resource.RLIMIT_CPU, (int(PATIENCE), int(PATIENCE)))
