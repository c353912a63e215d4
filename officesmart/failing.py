"""What people are told when something of ours fails: never nothing, and never a piece of code.

A failure that is written down gets a short reference; whoever sees it can tell the administrator,
who finds it in the log.
"""

from __future__ import annotations

import html
import logging
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from sqlalchemy.exc import DBAPIError
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)
AGAIN = 10  # seconds after which a page that failed asks again by itself


@dataclass(frozen=True, slots=True)
class Said:
    """A failure in words."""

    it: str
    en: str
    status: int
    "The HTTP status of a page that failed so."


def failed(error: Exception, *, doing: str) -> Said:
    """Write a failure down, and say it. doing: what was asked for, for the log."""
    if isinstance(error, DBAPIError | TimeoutError):
        log.error("%s: the database refused: %s", doing, error)
        return Said(
            "La base dati non risponde: non è stato salvato niente. Riprova tra poco.",
            "The database does not answer: nothing was saved. Try again shortly.",
            503,
        )
    reference = secrets.token_hex(3)
    log.error("%s failed (%s)", doing, reference, exc_info=error)
    return Said(
        f"Qualcosa non ha funzionato. Riprova; se succede ancora, di' all'amministratore il "
        f"riferimento {reference}.",
        f"Something went wrong. Try again; if it happens again, tell the administrator the "
        f"reference {reference}.",
        500,
    )


class Failing:
    """Around the portal's routes: a failure becomes a page that can be read, or JSON."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on; answer when nobody has."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            said = failed(error, doing=f"{scope['method']} {scope['path']}")
            if begun:  # half an answer cannot be taken back; the server cuts it off
                raise
            await _answer(said, Headers(scope=scope))(scope, receive, send)


def _answer(said: Said, headers: Headers) -> Response:
    retry = {"Retry-After": str(AGAIN), "Cache-Control": "no-store"}
    if "text/html" not in headers.get("accept", ""):
        return JSONResponse({"error": "away"}, said.status, headers=retry)
    english = _language(headers.get("cookie", "")) == "en"
    words = {
        "language": "en" if english else "it",
        "title": "The page could not be made" if english else "La pagina non è disponibile",
        "words": said.en if english else said.it,
        "again": "Try again" if english else "Riprova",
    }
    return HTMLResponse(
        PAGE.format(**{name: html.escape(each) for name, each in words.items()}, seconds=AGAIN),
        said.status,
        headers=retry,
    )


def _language(cookie: str) -> str:
    try:
        morsel = SimpleCookie(cookie).get("language")
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


# It needs nothing else of ours: no script, no style sheet, no database.
PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{seconds}">
<title>{title} · Office Smart</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 Inter, system-ui, sans-serif; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center;
        background: light-dark(#f5f4f0, #121210); color: light-dark(#1d1c19, #eeede8); }}
main {{ max-width: 30rem; padding: 2rem; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; }}
a {{ color: inherit; font-weight: 600; }}
</style>
<main><h1>{title}</h1><p>{words}</p><p><a href="">{again}</a></p></main>
</html>
"""
