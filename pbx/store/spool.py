"""Recordings under way, so that a power cut costs nobody a message.

A message is recorded into `spool/<call>.wav`; beside it, written before the first sound, lies
`spool/<call>.json` with all that the message's row will need. `messages.keep_message` moves the
sound to its place and removes the note after the rows are safe; whatever is found here at the next
start is a recording that was cut short, and `messages.recover` makes a message of it.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pbx.numbers import is_extension

log = logging.getLogger(__name__)

CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SPOOL = "spool"
SOUNDS = "messages"


@dataclass(frozen=True, slots=True)
class Deposit:
    """A message about to be left: everything about it that is known before the first sound."""

    call_id: str
    line_id: int
    extension: str
    left_at: datetime
    "Aware; when the recording began."
    caller_number: str = ""
    caller_name: str = ""
    urgent: bool = False
    private: bool = False

    def __post_init__(self) -> None:
        """Both names become file names: nothing but letters and digits may reach the disk."""
        if not CALL_ID.fullmatch(self.call_id) or not is_extension(self.extension):
            raise ValueError(f"no file name: {self.call_id!r}, {self.extension!r}")
        if self.left_at.tzinfo is None:
            raise ValueError("a moment needs a time zone")

    @property
    def file(self) -> str:
        """Where its sound will be, relative to the data folder; always the same for one call."""
        at = self.left_at.astimezone(UTC)
        return f"{SOUNDS}/{self.extension}/{at:%Y%m%dT%H%M%SZ}-{self.call_id}.wav"


def begin(data: Path, deposit: Deposit) -> Path:
    """Write the note of a recording; answers the file to record into.

    Small and synced: call it in a thread. Raises OSError (a full disk): the caller must be told
    instead of recorded.
    """
    folder = data / SPOOL
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = asdict(deposit) | {"left_at": deposit.left_at.isoformat()}
    path = note_of(data, deposit.call_id)
    fresh = path.with_suffix(".new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(note, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return sound_of(data, deposit.call_id)


def discard(data: Path, call_id: str) -> None:
    """Forget a recording that is not to be kept: too short, or cancelled."""
    sound_of(data, call_id).unlink(missing_ok=True)
    note_of(data, call_id).unlink(missing_ok=True)


def settle(data: Path, deposit: Deposit) -> str:
    """Bring the recording to its place under `messages/`, for good; answers the relative path.

    Done twice it does no harm. Raises FileNotFoundError when there is no recording at all.
    """
    final = data / deposit.file
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    recorded = sound_of(data, deposit.call_id)
    if recorded.exists():
        with recorded.open("rb") as file:
            os.fsync(file.fileno())
        _move(recorded, final)
        sync_folder(final.parent)
    elif not final.exists():
        raise FileNotFoundError(f"no recording of call {deposit.call_id}")
    return deposit.file


def _move(recorded: Path, final: Path) -> None:
    """Rename; or copy, when `messages/` is a disk of its own. The final name is whole or absent."""
    try:
        recorded.replace(final)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    fresh = final.with_suffix(".new")
    try:
        with recorded.open("rb") as source, fresh.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(final)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    recorded.unlink(missing_ok=True)


def sound_of(data: Path, call_id: str) -> Path:
    """The recording under way of a call."""
    return data / SPOOL / f"{call_id}.wav"


def note_of(data: Path, call_id: str) -> Path:
    """The note beside it."""
    return data / SPOOL / f"{call_id}.json"


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def left_behind(data: Path) -> tuple[Deposit, ...]:
    """The recordings that a stop of the process cut short, oldest first."""
    found = []
    for path in (data / SPOOL).glob("*.json"):
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
            deposit = Deposit(**note | {"left_at": datetime.fromisoformat(note["left_at"])})
        except (ValueError, TypeError, KeyError) as error:
            log.warning("%s is no note of ours, put aside: %r", path.name, error)
            path.replace(path.with_suffix(".bad"))
            continue
        if deposit.call_id != path.stem:
            log.warning("%s speaks of another call, put aside", path.name)
            path.replace(path.with_suffix(".bad"))
            continue
        found.append(deposit)
    return tuple(sorted(found, key=lambda each: each.left_at))


def put_aside(data: Path, call_id: str) -> None:
    """Keep what cannot be read for a person to look at, and never try it again."""
    for path in (sound_of(data, call_id), note_of(data, call_id)):
        if path.exists():
            path.replace(path.with_name(path.name + ".bad"))
