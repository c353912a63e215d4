"""Settings from the environment, read once. A wrong value is one line that names the remedy.

INTERFACE: the fields are relied on everywhere; `read` is to be completed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class BadSetting(Exception):
    """A variable has a value that cannot be used; the text names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process."""

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8080
    sip_host: str = ""
    "Empty means all addresses."
    sip_port: int = 5060
    advertise: str = ""
    "Empty means: found from the route to each phone."
    rtp_ports: tuple[int, int] = (20000, 29999)
    database_url: str = ""
    "Empty means SQLite in the data folder."
    media_workers: int = 1
    smtp_url: str = ""
    language: str = "it"
    timezone: str = "Europe/Rome"
    sounds: Path | None = None
    "OFFICESMART_SOUNDS: a folder with better voices, same file names."

    @property
    def url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.data / 'officesmart.db'}"


def read(environ: Mapping[str, str]) -> Config:
    """The settings that the environment gives. Raises BadSetting."""
    raise NotImplementedError
