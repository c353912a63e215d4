"""A recorded message as MP3, for mail and for download: smaller, and every program plays it.

By pydub and the ffmpeg that comes with imageio-ffmpeg. It takes a moment (a three-minute message
about 0.4 s) and a second program: never on an event loop, call it through a thread.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import imageio_ffmpeg

from pbx.media.wav import NotWav, read

with warnings.catch_warnings():
    # pydub looks for an ffmpeg in the PATH while it is imported; it is told of ours below.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.exceptions import CouldntEncodeError

MAX_BYTES = 64 << 20
"Over an hour at 8 kHz: no message is longer, and all of it is in memory at once."
PEAK_DBFS = -3.0
MAX_GAIN_DB = 12.0
"A whisper is raised so far and no further: what is left then is mostly the room's noise."
BITRATE = {8000: "24k", 16000: "40k"}


class CannotExport(Exception):
    """The sound cannot be turned into MP3; the text says why."""


def mp3(path: Path, *, title: str = "", artist: str = "", max_bytes: int = MAX_BYTES) -> bytes:
    """The MP3 of a message's WAV file (16-bit mono, 8 or 16 kHz), at a good level.

    title, artist: tags that players show; the caller's name, say. Blocks. Raises CannotExport for
    a file that is missing, too large, no sound or empty, and when the encoder fails.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise CannotExport(f"{path.name} has {size} bytes, more than {max_bytes}")
        samples, rate_hz = read(path.read_bytes())
    except (OSError, NotWav) as error:
        raise CannotExport(f"{path.name}: {error}") from error
    if not len(samples):
        raise CannotExport(f"{path.name} has no sound in it")
    segment = AudioSegment(
        data=samples.astype("<i2").tobytes(), sample_width=2, frame_rate=rate_hz, channels=1
    )
    if segment.max:  # silence has no level
        segment = segment.apply_gain(min(PEAK_DBFS - segment.max_dBFS, MAX_GAIN_DB))
    tags = {name: text for name, text in (("title", title), ("artist", artist)) if text}
    out = io.BytesIO()
    try:
        AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
        segment.export(out, format="mp3", bitrate=BITRATE[rate_hz], tags=tags)
    except (CouldntEncodeError, OSError, RuntimeError) as error:
        raise CannotExport(f"{path.name}: {str(error)[:200]}") from error
    return out.getvalue()
