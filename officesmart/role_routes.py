"""Taking the administrator's role, leaving it, and seeing as somebody else: what the browser posts.

Plain posts answered in JSON, like signing in: taking the role changes the session's cookie, which
only an answer to a request can do. routes.py has already refused other sites.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from officesmart import auth, mail, role
from officesmart.auth import Person
from officesmart.desk import desk
from officesmart.page import FORBIDDEN, HOME, LANDING, PROOF, SIGN_IN, go_on

LINES = "/admin/interni"
LONGEST_PASSWORD = 1000

Who = Callable[[Request], Awaitable[Person | None]]
Body = Callable[[Request], Awaitable[dict[str, Any] | None]]
Cookie = Callable[[Request, Response, str], None]


def role_routes(person: Who, body: Body, set_cookie: Cookie) -> list[Route]:
    """The routes; `person` says who asks, `body` reads a form, `set_cookie` gives a token."""

    async def take(request: Request) -> Response:
        """Passa al profilo amministratore. Asks for proof when the last one is too old."""
        who, told = await person(request), await body(request)
        if who is None or told is None:
            return _away(SIGN_IN)
        if who.viewed_by or not who.admin:
            return _away(HOME if who.viewed_by else FORBIDDEN)
        here, address = desk(), _address(request)
        per = go_on(str(told.get("next", "")))
        fresh = role.is_fresh(who, here.now())
        if not fresh:
            if "password" not in told:
                return _away(f"{PROOF}?{urlencode({'per': per})}")
            password = str(told["password"])[:LONGEST_PASSWORD]
            refused = await here.door.prove(who, password, address=address, now=here.now())
            if refused is not None:
                if refused.seconds > 0:
                    return JSONResponse({"error": "wait", "seconds": refused.seconds}, 429)
                return JSONResponse({"error": "wrong"}, 403)
        token, now = secrets.token_urlsafe(32), here.now()
        done = await here.database.run(
            lambda s: role.take(s, who, token, now=now, address=address, proved=not fresh)
        )
        if not done:
            return _away(SIGN_IN)
        here.live.moved(who.session, auth.hash_of(token))
        answer = _away(LANDING if per == HOME else per)
        set_cookie(request, answer, token)
        return answer

    async def leave(request: Request) -> Response:
        """Torna al profilo utente."""
        who = await person(request)
        if who is None:
            return _away(SIGN_IN)
        here = desk()
        await here.database.run(lambda s: role.leave(s, who, now=here.now()))
        here.live.owe_session(who.session)
        return _away(HOME)

    async def look(request: Request) -> Response:
        """Vedi come utente."""
        who, told = await person(request), await body(request)
        if who is None or told is None:
            return _away(SIGN_IN)
        here, address, line = desk(), _address(request), str(told.get("line", ""))[:6]
        shown = await here.database.run(
            lambda s: role.look_as(s, who, line, now=here.now(), address=address)
        )
        if shown is None:
            return JSONResponse({"error": "gone"}, 404) if who.elevated else _away(FORBIDDEN)
        here.live.owe_session(who.session)
        if shown.told:
            here.live.owe((), mail.TOPIC)
        return _away(HOME)

    async def stop_looking(request: Request) -> Response:
        """Esci dalla vista."""
        who = await person(request)
        if who is None:
            return _away(SIGN_IN)
        here = desk()
        shown = await here.database.run(lambda s: role.stop_looking(s, who, now=here.now()))
        here.live.owe_session(who.session)
        return _away(f"{LINES}?interno={shown}" if shown else HOME)

    return [
        Route("/session/role", take, methods=["POST"]),
        Route("/session/role/end", leave, methods=["POST"]),
        Route("/session/view", look, methods=["POST"]),
        Route("/session/view/end", stop_looking, methods=["POST"]),
    ]


def _away(where: str) -> Response:
    return JSONResponse({"next": where}, headers={"Cache-Control": "no-store"})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
