"""What the pages of the door post: each route is one step, and only these set the cookies.

Passwords and codes come as JSON from a page of ours (routes.py has refused every other site) and
never meet a page's State. Answers: `next` is where to go on, `error` a word that the form has a
sentence for, `faults` what is wrong with which field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from officesmart import auth, remembered
from officesmart.auth import FACTOR, WELCOME, Browser
from officesmart.cookies import (
    PASSKEY,
    token_of,
    with_browser,
    with_question,
    with_session,
    without_session,
)
from officesmart.desk import desk
from officesmart.door_answers import Changed, Faulty, Over, Refused, SignedIn
from officesmart.i18n import known, say
from officesmart.identity import passkeys
from officesmart.page import SECOND_STEP, SIGN_IN, WELCOME_PAGE, go_on

LARGEST_BODY = 16 * 1024  # bytes; a password is short, a passkey's answer some 2 KB
NO_STORE = {"Cache-Control": "no-store"}
STEPS = {FACTOR: SECOND_STEP, WELCOME: WELCOME_PAGE}


def session_routes() -> list[Route]:
    """Every route under /session."""
    steps = {
        "in": sign_in,
        "factor": give_factor,
        "passkey": ask_passkey,
        "passkey/show": show_passkey,
        "welcome": welcome,
        "ask": ask_reset,
        "link": look_at_link,
        "reset": reset,
        "out": sign_out,
        "stay": stay,
    }
    return [
        *(Route(f"/session/{name}", step, methods=["POST"]) for name, step in steps.items()),
        Route("/session/left", left, methods=["GET"]),
    ]


# -- signing in ---------------------------------------------------------------------------------


async def sign_in(request: Request) -> Response:
    """Number and password in, cookie out; the same answer for an unknown number."""
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "wrong"}, 400)
    here = desk()
    answer = await here.door.sign_in(
        text(told, "number", 64),
        text(told, "password"),
        browser=browser_of(request),
        now=here.now(),
        old_token=session_token(request),
        remember=ticked(told, "remember"),
        browser_token=browser_token(request),
    )
    return stepped(request, told, answer)


async def give_factor(request: Request) -> Response:
    """The second step: a code of the authenticator, or one of the recovery codes."""
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "wrong"}, 400)
    here = desk()
    check = here.door.check_code(
        text(told, "code", 64), recovering=told.get("kind") == "recovery", now=here.now()
    )
    answer = await here.door.give_factor(
        session_token(request),
        check,
        browser=browser_of(request),
        now=here.now(),
        remember=ticked(told, "remember"),
        browser_token=browser_token(request),
    )
    return stepped(request, told, answer)


async def welcome(request: Request) -> Response:
    """The first sign-in: a password and a security e-mail of one's own."""
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "wrong"}, 400)
    here = desk()
    answer = await here.door.welcome(
        session_token(request),
        password=text(told, "password"),
        again=text(told, "again"),
        email=text(told, "email", 300),
        browser=browser_of(request),
        now=here.now(),
        remember=ticked(told, "remember"),
        browser_token=browser_token(request),
    )
    return stepped(request, told, answer)


async def ask_passkey(request: Request) -> Response:
    """What `navigator.credentials.get` needs: for the line that waits for its second step, or, as
    the first step, for whoever has a passkey of this portal."""
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "wrong"}, 400)
    here, now = desk(), desk().now()
    first = ticked(told, "first")
    key = auth.new_token() if first else auth.hash_of(session_token(request))
    origin = request.headers.get("origin", "")

    def ask(session: Session) -> dict[str, Any] | passkeys.NoSite | None:
        site = passkeys.site_of(session, origin)
        if isinstance(site, passkeys.NoSite):
            return site
        half = None if first else auth.halfway_of(session, key, now)
        if not first and (half is None or half.waits_for != FACTOR):
            return None
        line_id = half.line_id if half is not None else 0
        return passkeys.begin_assertion(session, line_id, site=site, key=key, now=now)

    answer = await here.database.read(ask)
    if answer is None:
        return JSONResponse({"next": f"{SIGN_IN}?scaduto=1"}, headers=NO_STORE)
    if isinstance(answer, passkeys.NoSite):
        language = known(str(told.get("lang", "")))
        said = say(language, it=answer.it, en=answer.en)
        return JSONResponse({"error": "says", "says": said}, 409)
    response = JSONResponse({"asks": answer}, headers=NO_STORE)
    if first:
        with_question(response, key, request.scope)
    return response


async def show_passkey(request: Request) -> Response:
    """What the browser's passkey answered, as the second step or as the only one."""
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "wrong"}, 400)
    here, now = desk(), desk().now()
    token, origin = session_token(request), request.headers.get("origin", "")
    first = ticked(told, "first")
    asked = token_of(request.headers.get("cookie", ""), PASSKEY)
    key = asked if first else auth.hash_of(token)

    def shown(session: Session, line_id: int) -> int:
        site = passkeys.site_of(session, origin)
        if isinstance(site, passkeys.NoSite) or not key:
            return 0
        answer = told.get("answer")
        return passkeys.finish_assertion(session, line_id, answer, site=site, key=key, now=now)

    answer: SignedIn | Refused | Over
    if first:
        answer = await here.door.by_passkey(
            lambda session: shown(session, 0) or None,
            browser=browser_of(request),
            now=now,
            old_token=token,
        )
    else:
        answer = await here.door.give_factor(
            token,
            lambda session, line_id: shown(session, line_id) == line_id,
            browser=browser_of(request),
            now=now,
            remember=ticked(told, "remember"),
            browser_token=browser_token(request),
        )
    response = stepped(request, told, answer)
    if first:
        with_question(response, "", request.scope)
    return response


def stepped(
    request: Request, told: dict[str, Any], answer: SignedIn | Refused | Over | Faulty
) -> Response:
    """What a step of signing in came to."""
    if isinstance(answer, Over):
        return JSONResponse({"next": f"{SIGN_IN}?scaduto=1"}, headers=NO_STORE)
    if isinstance(answer, Faulty):
        return faulty(told, answer)
    if isinstance(answer, Refused):
        return refused(answer)
    onward = go_on(str(told.get("next", "")))
    if answer.waits_for:
        kept = "&ricordami=1" if ticked(told, "remember") else ""
        onward = f"{STEPS[answer.waits_for]}?per={quote(onward)}{kept}"
    else:  # the line's open profile pages list one browser more
        desk().live.owe([answer.person.extension], "session")
    response = JSONResponse({"next": onward})
    with_session(response, answer.token, request.scope)
    with_browser(response, answer.browser_token, request.scope)
    return response


def refused(answer: Refused) -> Response:
    """Wrong, or too often wrong; an administrator who looks at the lockouts sees it."""
    if answer.seconds > 0:
        desk().live.owe((), "office")
        return JSONResponse({"error": "wait", "seconds": answer.seconds}, 429)
    return JSONResponse({"error": "wrong"}, 403)


def faulty(told: dict[str, Any], answer: Faulty) -> Response:
    """Which rule each field breaks, in the page's language."""
    language = known(str(told.get("lang", "")))
    words: dict[str, str] = {}
    for field, fault in answer.faults:
        sentence = say(language, it=fault.it, en=fault.en)
        words[field] = f"{words[field]}. {sentence}" if field in words else sentence
    return JSONResponse({"error": "faults", "faults": words}, 422)


# -- a forgotten password -----------------------------------------------------------------------


async def ask_reset(request: Request) -> Response:
    """*Reset Password*: the same answer, as fast, whether the number exists or not."""
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "wrong"}, 400)
    here = desk()
    refusal = await here.door.forgotten.ask(
        text(told, "number", 64), browser=browser_of(request), now=here.now()
    )
    return refused(refusal) if refusal is not None else JSONResponse({"done": "sent"})


async def look_at_link(request: Request) -> Response:
    """Whether a link still opens anything, before somebody thinks of a password."""
    told = await body_of(request)
    here = desk()
    good = told is not None and await here.door.forgotten.is_good(
        text(told, "code", 200), here.now()
    )
    return JSONResponse({"done": "good"} if good else {"error": "gone"}, headers=NO_STORE)


async def reset(request: Request) -> Response:
    """A new password by a link; whoever was signed in as that person is out."""
    told = await body_of(request)
    if told is None:
        return JSONResponse({"error": "gone"}, 400)
    here = desk()
    answer = await here.door.forgotten.reset(
        text(told, "code", 200),
        password=text(told, "password"),
        again=text(told, "again"),
        browser=browser_of(request),
        now=here.now(),
    )
    if isinstance(answer, Over):
        return JSONResponse({"error": "gone"}, 410)
    if isinstance(answer, Faulty):
        return faulty(told, answer)
    response = JSONResponse({"next": f"{SIGN_IN}?nuova=1"}, headers=NO_STORE)
    assert isinstance(answer, Changed)
    tell_ended(answer.ended)
    if auth.hash_of(session_token(request)) in answer.ended:
        without_session(response, request.scope)
    return response


# -- staying and leaving ------------------------------------------------------------------------


async def stay(request: Request) -> Response:
    """Somebody types or clicks on a page that says nothing to the server: that is being there."""
    here, hashed = desk(), auth.hash_of(session_token(request))
    who = await here.database.read(lambda s: auth.person_of(s, hashed, here.now()))
    if who is None:
        return JSONResponse({"error": "ended"}, 401, headers=NO_STORE)
    await here.database.run(lambda s: auth.touch(s, hashed, here.now()))
    if here.now() - who.seen_at >= auth.WARNING:
        here.live.owe_session(hashed)  # the other tabs take their warning back
    return await left(request)


async def left(request: Request) -> Response:
    """How long the session has still; asking is not doing something."""
    here, hashed = desk(), auth.hash_of(session_token(request))
    seconds = await here.database.read(lambda s: auth.left(s, hashed, here.now()))
    if seconds <= 0:
        return JSONResponse({"error": "ended"}, 401, headers=NO_STORE)
    return JSONResponse({"seconds": seconds}, headers=NO_STORE)


async def sign_out(request: Request) -> Response:
    """End the session; its other tabs are told."""
    token = session_token(request)
    if token:
        here, ended = desk(), auth.hash_of(token)
        await here.database.run(lambda session: auth.end(session, ended))
        here.live.owe_session(ended)
    response = JSONResponse({"next": SIGN_IN})
    without_session(response, request.scope)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def tell_ended(sessions: Iterable[str]) -> None:
    """These sessions ended: their open pages lead to the door."""
    for ended in sessions:
        desk().live.owe_session(ended)


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Give the browser its session; no script there ever sees it."""
    with_session(response, token, request.scope)


# -- what a request holds -----------------------------------------------------------------------


def session_token(request: Request) -> str:
    """Of the session's cookie."""
    return token_of(request.headers.get("cookie", ""))


def browser_token(request: Request) -> str:
    """Of the remembered browser's cookie."""
    return token_of(request.headers.get("cookie", ""), remembered.COOKIE)


def browser_of(request: Request) -> Browser:
    """Where a request comes from; the address is the browser's own (proxy.py)."""
    return Browser(
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
    )


def text(told: dict[str, Any], name: str, most: int = 1000) -> str:
    """One field, bounded."""
    return str(told.get(name, ""))[:most]


def ticked(told: dict[str, Any], name: str) -> bool:
    """Whether a box was ticked, or a hidden field says so."""
    return str(told.get(name, "")) in ("1", "on", "true", "True")


async def body_of(request: Request) -> dict[str, Any] | None:
    """The JSON object that was posted; None for anything else, or too much of it."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        return None
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > LARGEST_BODY:
            return None
    try:
        told = json.loads(read)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
