"""A password that somebody chooses at the door: twice the same, judged, kept and told."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from officesmart.auth import Browser
from officesmart.identity.secrets import set_password
from officesmart.identity.told import By
from pbx.credentials import LONGEST, Fault
from pbx.tables import Line

Faults = tuple[tuple[str, Fault], ...]
"Field and rule; () when nothing is wrong."


def keep_password(
    session: Session, line: Line, new: str, browser: Browser, *, now: datetime, keep: str = ""
) -> Faults:
    """Judged and kept, noted and told; () when it was good."""
    by = By(line.extension, line.name, browser.address)
    faults = set_password(session, line, new, now=now, by=by, keep=keep)
    return tuple(("password", fault) for fault in faults)


def twice(password: str, again: str) -> Faults:
    """Whether both fields say the same, as far as a password may be long."""
    if password[: LONGEST + 1] == again[: LONGEST + 1]:
        return ()
    fault = Fault(
        "again",
        it="Le due password non sono uguali",
        en="The two passwords are not the same",
    )
    return (("again", fault),)
