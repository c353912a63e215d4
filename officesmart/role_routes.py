"""Taking the administrator's role, leaving it, and seeing as somebody else: what the browser posts.

Plain posts answered in JSON, like signing in: taking the role changes the session's cookie, which
only an answer to a request can do. routes.py has already refused other sites.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from officesmart import auth, mail, role
from officesmart.auth import Person
from officesmart.desk import desk
from officesmart.door_answers import Refused
from officesmart.i18n import say
from officesmart.identity import passkeys
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
            if "password" not in told and "answer" not in told:
                return _away(f"{PROOF}?{urlencode({'per': per})}")
            refused = await _proved(request, told, who)
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

    async def ask_passkey(request: Request) -> Response:
        """What `navigator.credentials.get` needs: a passkey instead of the password."""
        who, told = await person(request), await body(request)
        if who is None or told is None:
            return _away(SIGN_IN)
        if who.viewed_by or not who.admin:  # the keys of whoever is looked at are nobody's to list
            return _away(HOME if who.viewed_by else FORBIDDEN)
        here, now = desk(), desk().now()
        origin = request.headers.get("origin", "")

        def ask(session: Session) -> dict[str, Any] | passkeys.NoSite:
            site = passkeys.site_of(session, origin)
            if isinstance(site, passkeys.NoSite):
                return site
            return passkeys.begin_assertion(
                session, who.line_id, site=site, key=who.session, now=now
            )

        answer = await here.database.read(ask)
        if isinstance(answer, passkeys.NoSite):
            says = say(who.language, it=answer.it, en=answer.en)
            return JSONResponse({"error": "says", "says": says}, 409)
        return JSONResponse({"asks": answer}, headers={"Cache-Control": "no-store"})

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
        Route("/session/role/passkey", ask_passkey, methods=["POST"]),
        Route("/session/role/end", leave, methods=["POST"]),
        Route("/session/view", look, methods=["POST"]),
        Route("/session/view/end", stop_looking, methods=["POST"]),
    ]


async def _proved(request: Request, told: dict[str, Any], who: Person) -> Refused | None:
    """Why what was given is no full proof of who this is; None when it is."""
    here, now = desk(), desk().now()
    code, origin = str(told.get("code", ""))[:64], request.headers.get("origin", "")
    typed = here.door.check_code(code, recovering=False, now=now)
    paper = here.door.check_code(code, recovering=True, now=now)

    def by_code(session: Session, line_id: int) -> bool:
        return typed(session, line_id) or paper(session, line_id)

    def by_key(session: Session, line_id: int) -> bool:
        site = passkeys.site_of(session, origin)
        if isinstance(site, passkeys.NoSite):
            return False
        answer = told["answer"]
        shown = passkeys.finish_assertion(
            session, line_id, answer, site=site, key=who.session, now=now
        )
        return shown == line_id

    by_passkey = "answer" in told
    return await here.door.prove(
        who,
        by_key if by_passkey else by_code,
        password=None if by_passkey else str(told["password"])[:LONGEST_PASSWORD],
        address=_address(request),
        now=now,
    )


def _away(where: str) -> Response:
    return JSONResponse({"next": where}, headers={"Cache-Control": "no-store"})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
