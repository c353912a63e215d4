"""Where the portal is reached at, for links that leave it by mail, and for passkeys.

Never what a request's Host header says: whoever asks for somebody else's reset link could have it
point to a server of his own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlmodel import Session

from officesmart.first_run import addresses
from pbx.config import Config
from pbx.store.settings import PORTAL_ADDRESS as SETTING
from pbx.tables import OfficeSetting

HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,253}")


@dataclass(frozen=True, slots=True)
class PortalAddress:
    """The address, without a slash at its end."""

    url: str
    set: bool
    "An administrator said so; else it is made from the settings that the server was started with."
    far: bool
    "Other machines can reach it, as far as we can tell."


def read(text: str) -> str:
    """An address as an administrator types it, made plain. Raises ValueError."""
    split = urlsplit(text.strip())
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ValueError("no web address")
    if split.username or split.password or split.query or split.fragment:
        raise ValueError("more than an address")
    if split.path not in ("", "/") or not HOST.fullmatch(split.netloc):
        raise ValueError("more than a host")
    _ = split.port  # raises ValueError for one out of range
    return f"{split.scheme}://{split.netloc.lower()}"


def portal_address(session: Session, config: Config) -> PortalAddress:
    """The setting; else the host and port that the server listens at."""
    row = session.get(OfficeSetting, SETTING)
    if row is not None and row.value:
        try:
            return PortalAddress(read(row.value), set=True, far=True)
        except ValueError:
            pass  # as good as none, and the page says so
    url, far = addresses(config)
    unspecified = config.host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return PortalAddress(url.rstrip("/"), set=False, far=far and not unspecified)
