"""What somebody on hold hears: the office's own file under data/music, or the piece we bring."""

from __future__ import annotations

import re
from pathlib import Path

import pbx

OURS = Path(pbx.__file__).parent / "media" / "sounds" / "music" / "hold.wav"
FOLDER = "music"
NAME = re.compile(r"[0-9TZ]{16}-[0-9a-f]{8}\.wav")
"Files of ours in that folder: when it came, and something that is never met twice."


def music(data: Path, name: str) -> Path:
    """The file to be played.

    data: the data folder; name: the setting hold.music. Ours when there is none, or when it is
    gone: silence on hold would be taken for a call that broke off.
    """
    if NAME.fullmatch(name):
        path = data / FOLDER / name
        if path.is_file():
            return path
    return OURS
