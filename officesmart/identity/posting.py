"""One post of a secret: read, proved with the present password, answered in words.

What the routes of posts.py share. Five wrong passwords end the session, and what comes next waits
at the door.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from officesmart import auth
from officesmart.auth import Person
from officesmart.desk import Desk
from officesmart.i18n import say
from officesmart.identity.told import By
from officesmart.page import SIGN_IN
from pbx import credentials
from pbx.credentials import Fault
from pbx.tables import Line

LARGEST = 32 * 1024  # bytes; what an authenticator answers is the longest
TRIES = 5  # wrong present passwords of one session
REMEMBERED = 10_000  # sessions whose wrong tries are counted
AT_ONCE = asyncio.Semaphore(2)  # hashes; each takes a core for a while
TOPIC = "identity"
"What open pages of the line are told when something here changed."


WRONG_PASSWORD = Fault(
    "present", it="Non è la tua password attuale", en="This is not your present password"
)
MISSING = Fault(
    "missing", it="Serve per confermare che sei tu", en="It is needed to confirm that it is you"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One post: who asks, from where, and what."""

    who: Person
    by: By
    told: dict[str, Any]
    origin: str
    now: datetime

    def text(self, name: str) -> str:
        """A field as typed; '' when it is missing or no text."""
        value = self.told.get(name, "")
        # Half a pair of UTF-16, which JSON can say, is no text.
        return value.encode(errors="replace").decode() if isinstance(value, str) else ""


async def body_of(request: Request) -> dict[str, Any] | None:
    """What was posted; None when it is no JSON object, or too much."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        return None
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST:
            return None
    try:
        told = json.loads(read)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


# -- answers ------------------------------------------------------------------------------------


def refuse(asked: Asked, faults: dict[str, Sequence[Fault]], status: int = 422) -> JSONResponse:
    """What is wrong, field by field, in the person's language."""
    words = {
        name: [say(asked.who.language, it=fault.it, en=fault.en) for fault in found]
        for name, found in faults.items()
    }
    return JSONResponse({"faults": words}, status)


def accept(here: Desk, asked: Asked, **shown: Any) -> JSONResponse:
    """It is done: open pages of the line look again."""
    here.live.owe([asked.who.extension], TOPIC)
    return JSONResponse({"done": True, **shown})


# -- the present password -----------------------------------------------------------------------

_wrong: OrderedDict[str, int] = OrderedDict()


async def unproved(
    here: Desk, asked: Asked, kept: str, typed: str, *, field: str = "present", fault: Fault
) -> Response | None:
    """Why the present password (or PIN) does not do; None when it does."""
    if not typed:
        return refuse(asked, {field: [MISSING]})
    # Counted before it is checked, so that tries sent all at once count too.
    tries = _count(asked.who.session)
    if tries <= TRIES:
        async with AT_ONCE:
            right = await asyncio.to_thread(credentials.verify, kept, typed)
        if right:
            forgive(asked)
            return None
    return await _refused(here, asked, tries, {field: [fault]})


async def wrong_code(here: Desk, asked: Asked, fault: Fault) -> Response:
    """A wrong code beside the right password: six digits are few, so five of them end it, too."""
    tries = _count(f"code {asked.who.session}")
    return await _refused(here, asked, tries, {"code": [fault]})


def forgive(asked: Asked, *, code: bool = False) -> None:
    """It was right: the wrong ones before are forgotten."""
    _wrong.pop(f"code {asked.who.session}" if code else asked.who.session, None)


def _count(key: str) -> int:
    _wrong[key] = _wrong.get(key, 0) + 1
    _wrong.move_to_end(key)
    while len(_wrong) > REMEMBERED:
        _wrong.popitem(last=False)
    return _wrong[key]


async def _refused(
    here: Desk, asked: Asked, tries: int, faults: dict[str, Sequence[Fault]]
) -> Response:
    if tries < TRIES:
        return refuse(asked, faults, 403)
    await here.database.run(lambda s: auth.end(s, asked.who.session))
    here.live.owe_session(asked.who.session)
    return JSONResponse({"next": f"{SIGN_IN}?fine=1"}, 403)


async def without_password(here: Desk, asked: Asked) -> Response | None:
    """Why the present password does not do."""
    kept = await here.database.read(lambda s: line_of(s, asked).password_hash)
    return await unproved(here, asked, kept, asked.text("present"), fault=WRONG_PASSWORD)


def line_of(session: Session, asked: Asked) -> Line:
    """The line of whoever asks."""
    return session.get_one(Line, asked.who.line_id)
