"""Secrets that the office must be able to read again: a trunk's password, an authenticator's seed.

They are sealed (Fernet: AES-128-CBC with HMAC-SHA256) by a key in the data folder, so that a copy
of the database alone opens nothing. Whoever can read the data folder can read them: what need only
be checked (passwords, PINs) is kept as a digest instead, see credentials.py.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

KEY = "secret.key"
"The key's file in the data folder; part of every backup."


class Unreadable(Exception):
    """Sealed with another key: the data folder's key file was lost or replaced."""


def seal(data: Path, secret: str) -> str:
    """The secret as it may be kept in the database; '' stays ''.

    data: the data folder. Makes the key when there is none. Raises OSError.
    """
    return _box(data).encrypt(secret.encode()).decode() if secret else ""


def unseal(data: Path, sealed: str) -> str:
    """The secret again. Raises Unreadable, and OSError when the key cannot be read."""
    if not sealed:
        return ""
    try:
        return _box(data).decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError):
        raise Unreadable(
            f"{data / KEY} is not the key that this was sealed with: bring the file back from a "
            "backup, or enter the secret again"
        ) from None


def _box(data: Path) -> Fernet:
    path = data / KEY
    try:
        stamp = path.stat().st_mtime_ns
    except FileNotFoundError:
        _make(path)
        stamp = path.stat().st_mtime_ns
    return _read(path, stamp)


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> Fernet:
    try:
        return Fernet(path.read_bytes().strip())
    except ValueError:
        raise Unreadable(f"{path} is no key: bring the file back from a backup") from None


def _make(path: Path) -> None:
    """A new key; of two makers at once the first wins, and nobody sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
    finally:
        draft.unlink()
