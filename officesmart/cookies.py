"""The portal's two cookies: the session's, and the remembered browser's. No script reads either."""

from __future__ import annotations

import re
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from officesmart import auth, remembered
from officesmart.auth import hash_of

PASSKEY = "officesmart_key"
"Ties a passkey's question to the browser that asked it, before anybody is signed in."
QUESTION_LASTS = 300  # seconds


def is_https(scope: Scope) -> bool:
    """Whether the browser came by https, to us or to a proxy that we trust (proxy.py)."""
    return scope["scheme"] in ("https", "wss")


def token_of(cookie: str, name: str = auth.COOKIE) -> str:
    """The token in a cookie header; '' for none."""
    try:
        morsel = SimpleCookie(cookie).get(name)
    except CookieError:
        return ""
    return morsel.value[:200] if morsel is not None else ""


def without_tokens(scope: Scope) -> Scope:
    """The same connection with hashes where the tokens were: Reflex tells pages their headers."""
    cookie = Headers(scope=scope).get("cookie", "")
    told = ["language=en"] if re.search(r"(?:^|;\s*)language=en\b", cookie) else []
    for name in (auth.COOKIE, remembered.COOKIE):
        token = token_of(cookie, name)
        if token:
            told.append(f"{name}={hash_of(token)}")
    kept = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*kept, (b"cookie", "; ".join(told).encode())]}


def with_session(response: Response, token: str, scope: Scope) -> None:
    """Give the browser this session's token; it forgets it when it is closed."""
    response.set_cookie(
        auth.COOKIE, token, httponly=True, samesite="strict", secure=is_https(scope), path="/"
    )
    response.headers["Cache-Control"] = "no-store"


def without_session(response: Response, scope: Scope) -> None:
    """Take the session's token away."""
    response.delete_cookie(
        auth.COOKIE, path="/", httponly=True, samesite="strict", secure=is_https(scope)
    )


def with_browser(response: Response, token: str | None, scope: Scope) -> None:
    """The remembered browser's token: a new one, none any more (''), or as it is (None)."""
    if token:
        response.set_cookie(
            remembered.COOKIE,
            token,
            max_age=int(remembered.LASTS.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=is_https(scope),
            path="/",
        )
    elif token == "":
        response.delete_cookie(
            remembered.COOKIE, path="/", httponly=True, samesite="strict", secure=is_https(scope)
        )


def with_question(response: Response, token: str, scope: Scope) -> None:
    """A passkey was asked for in this browser; '' when it has answered."""
    secure = is_https(scope)
    if token:
        response.set_cookie(
            PASSKEY,
            token,
            max_age=QUESTION_LASTS,
            httponly=True,
            samesite="strict",
            secure=secure,
            path="/session",
        )
    else:
        response.delete_cookie(
            PASSKEY, path="/session", httponly=True, samesite="strict", secure=secure
        )
