"""Music on hold over the wire: a file sent by an administrator, and what is played now to hear it.

Routes beside the live connection, as in files.py, which guards them.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from officesmart.administration import hold_music
from officesmart.administration.files import NO_STORE, Sent, Who, for_admins, name_of, waiting
from officesmart.auth import Person
from officesmart.desk import desk
from pbx.store.music import music

ADDRESS = "/admin/file/attesa"
KIND = "music"
"Under what the page finds the file that its session sent."


def music_routes(person: Who) -> list[Route]:
    """The routes; `person` says who asks (see routes.py)."""
    return [
        Route(ADDRESS, for_admins(person, music_out), methods=["GET"]),
        Route(ADDRESS, for_admins(person, music_in), methods=["POST"]),
    ]


async def music_out(request: Request, who: Person) -> Response:
    """What somebody on hold hears now."""
    here = desk()
    now = await here.database.read(hold_music.current)
    path = music(here.config.data, now.file)
    return FileResponse(path, media_type="audio/wav", headers=NO_STORE)


async def music_in(request: Request, who: Person) -> Response:
    """A sound file; the page has it converted."""
    here = desk()
    handle, name = tempfile.mkstemp(prefix=".music-", dir=here.database.data)
    path, size = Path(name), 0
    try:
        with os.fdopen(handle, "wb") as out:
            async for piece in request.stream():
                size += len(piece)
                if size > hold_music.MOST_BYTES:
                    break
                await asyncio.to_thread(out.write, piece)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    if size > hold_music.MOST_BYTES or not size:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        return JSONResponse({"error": "large" if size else "empty"}, 413 if size else 400)
    waiting.put(who.session, KIND, Sent(name_of(request), here.now(), path=path, size=size))
    return JSONResponse({"size": size})
