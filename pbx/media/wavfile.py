"""A WAV file while it is written, used on the disk's thread only. Nothing here raises: it answers.

The header is set right with every piece, so that what a crash leaves can be played as it is.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from pbx.media import wav

DISK_FULL = "disk_full"


@dataclass(frozen=True, slots=True)
class Written:
    """How far the file has got."""

    bytes: int = 0
    "Of sound, in the file."
    error: str = ""
    "'disk_full' or the system's words."


def words(error: OSError) -> str:
    """What to call an error of the disk."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    return error.strerror or str(error)


class WavFile:
    """16-bit mono samples on their way to a file."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        """Opens nothing yet: the first `append` does."""
        self._path, self._rate_hz = path, rate_hz
        self._file = -1
        self._size = 0
        self._error = ""

    def append(self, data: bytes) -> Written:
        """Put samples at the end. After a failure nothing more is written."""
        if not self._error:
            try:
                self._open()
                self._put(data)
            except OSError as error:
                self._error = words(error)
        return Written(self._size, self._error)

    def finish(self, length: int | None) -> Written:
        """Cut to a length in bytes (None: as it is), set the header right and close."""
        if self._file < 0:
            return Written(0, self._error or "closed before it was opened")
        try:
            if length is not None and length < self._size:
                self._size = length
                os.ftruncate(self._file, wav.HEADER_BYTES + length)
            self._write_at(wav.header(self._rate_hz, self._size), 0)
            os.fdatasync(self._file)  # a message must not be lost with the power
        except OSError as error:
            if error.errno != errno.EINVAL:  # what is no file on a disk cannot be synchronised
                self._error = self._error or words(error)
        finally:
            os.close(self._file)
            self._file = -1
        return Written(self._size, self._error)

    def _open(self) -> None:
        if self._file < 0:
            flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
            self._file = os.open(self._path, flags, 0o640)
            self._write_at(wav.header(self._rate_hz, 0), 0)

    def _put(self, data: bytes) -> None:
        if not data:
            return
        try:
            self._write_at(data, wav.HEADER_BYTES + self._size)
        finally:
            # A disk that fills up takes a part: what it took is sound.
            there = max(0, os.fstat(self._file).st_size - wav.HEADER_BYTES)
            self._size = min(self._size + len(data), there - there % 2)
            self._write_at(wav.header(self._rate_hz, self._size), 0)

    def _write_at(self, data: bytes, place: int) -> None:
        while data:
            count = os.pwrite(self._file, data, place)
            data, place = data[count:], place + count
