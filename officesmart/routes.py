"""What the browser asks for outside the live connection: signing in and out, sounds, the pages.

And what guards all of it: the page's own origin for everything that acts, headers that keep other
sites and injected scripts out, and a session cookie that no script ever sees: before a websocket
reaches Reflex (which tells pages their own headers), the cookie's token is replaced by its hash.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from reflex.utils.precompressed_staticfiles import PrecompressedStaticFiles
from sqlmodel import Session
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from officesmart import auth
from officesmart.administration.audit_file import log_routes
from officesmart.administration.files import file_routes
from officesmart.administration.music_files import music_routes
from officesmart.auth import Person
from officesmart.call_file import call_routes
from officesmart.contacts.routes import contact_routes
from officesmart.cookies import is_https, without_tokens
from officesmart.desk import desk
from officesmart.failing import Failing
from officesmart.i18n import LANGUAGES
from officesmart.identity.posts import identity_routes
from officesmart.naming import people_of
from officesmart.page import FORBIDDEN, SIGN_IN, Page, where_to_be_admitted
from officesmart.proxy import seen_by
from officesmart.role_routes import role_routes
from officesmart.session_routes import STEPS, body_of, session_routes, session_token, set_cookie
from officesmart.web_manifest import manifest_routes
from officesmart.welcome.routes import PHONE, softphone_out
from pbx.config import Network
from pbx.store import messages
from pbx.tables import VoiceMessage

log = logging.getLogger(__name__)

EVENT, PING = "/_event", "/ping"
LONGEST_BACK = 1000
"Characters of an address that is gone back to after signing in."
HASHED = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8}\.\w+$")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
UNSAFE = re.compile(r"[^\w .,'()+-]+")


@dataclass(frozen=True)
class Built:
    """The built pages: where, and which inline scripts they have."""

    folder: Path
    scripts: tuple[str, ...]

    @classmethod
    def at(cls, folder: Path) -> Built:
        """Read what the build noted."""
        noted = json.loads((folder / "built.json").read_text())
        return cls(folder, tuple(noted["scripts"]))


def portal(
    reflex: ASGIApp,
    pages: Iterable[Page],
    built: Built | None,
    *,
    proxies: Sequence[Network] = (),
) -> ASGIApp:
    """The whole portal as one ASGI application.

    built: None while pages are being edited; Vite serves them then, from another port.
    proxies: who may say whom a request comes from (OFFICESMART_PROXY).
    """
    inside: ASGIApp = Router(
        routes=[
            *session_routes(),
            Route("/sound/{message:int}", sound, methods=["GET"]),
            *file_routes(person),
            *log_routes(person),
            *music_routes(person),
            *contact_routes(person),
            *call_routes(person),
            *role_routes(person, body_of, set_cookie),
            *identity_routes(person),
            Route(f"{PHONE}/{{key}}", softphone_out, methods=["GET"]),
            *(manifest_routes(built.folder) if built is not None else ()),
        ],
        default=reflex if built is None else Pages(built, tuple(pages)),
    )

    async def split(scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and not scope["path"].startswith((EVENT, PING))
        await (inside if ours else reflex)(scope, receive, send)

    return Guard(Failing(split), built, proxies)


# -- the guard ----------------------------------------------------------------------------------


class Guard:
    """Before everything: whose page asks, and what the answer may do in the browser."""

    def __init__(self, app: ASGIApp, built: Built | None, proxies: Sequence[Network] = ()) -> None:
        self._app, self._proxies = app, tuple(proxies)
        self._editing = built is None
        self._policy = policy(built.scripts) if built is not None else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on."""
        if scope["type"] in ("http", "websocket"):
            scope = seen_by(scope, self._proxies)
        if scope["type"] == "websocket":
            if not self._same_origin(scope):
                await send({"type": "websocket.close", "code": 1008})
                return
            scope = without_tokens(scope)
        elif scope["type"] == "http":
            acts = scope["method"] not in ("GET", "HEAD", "OPTIONS")
            if acts and not self._same_origin(scope):
                await PlainTextResponse("Another site asked for this.", 403)(scope, receive, send)
                return
            send = self._with_headers(scope, send)
        await self._app(scope, receive, send)

    def _same_origin(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin, host = headers.get("origin", ""), headers.get("host", "")
        if not origin:  # a browser names the origin of everything that acts, and of a websocket
            return headers.get("sec-fetch-site") == "same-origin"
        asked = urlsplit(origin)
        if self._editing and asked.hostname in LOOPBACK:
            return True
        if asked.scheme not in ("http", "https") or not asked.netloc:
            return False
        return _with_port(asked.netloc, asked.scheme) in (
            _with_port(host, asked.scheme),
            _with_port(host, "https" if is_https(scope) else "http"),
        )

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Frame-Options"] = "DENY"
                headers["Cross-Origin-Resource-Policy"] = (
                    "same-site" if self._editing else "same-origin"
                )
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
                if self._policy:
                    headers["Content-Security-Policy"] = self._policy
                if is_https(scope):
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                    headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        return sending


def policy(scripts: Sequence[str]) -> str:
    """The content security policy of the built pages.

    Scripts: our files and exactly the inline ones of the build, no eval. Styles may be inline:
    Radix and Emotion set them from scripts.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(scripts)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _with_port(netloc: str, scheme: str) -> str:
    plain = netloc.lower().rsplit("@", 1)[-1]
    if re.search(r":\d+$", plain):
        return plain
    return f"{plain}:{443 if scheme == 'https' else 80}"


# -- sounds -------------------------------------------------------------------------------------


async def sound(request: Request) -> Response:
    """One voice message of the person who asks, whole or in ranges; `?download` to keep it."""
    who = await person(request)
    if who is None:
        return PlainTextResponse("Sign in first.", 401)
    if who.viewed_by:  # an administrator sees that there are messages, and hears none
        return PlainTextResponse("Messages are for the person they were left for.", 403)
    here, wanted = desk(), request.path_params["message"]

    def read(session: Session) -> tuple[VoiceMessage | None, str]:
        message = messages.get(session, who.line_id, wanted)
        if message is None:
            return None, ""
        people = people_of(session, who.line_id, (message.caller_number,))
        return message, people.name(message.caller_number, message.caller_name)

    message, caller = await here.database.read(read)
    if message is None:
        return PlainTextResponse("No such message.", 404)
    try:
        path = messages.sound_path(here.database.data, message)
    except ValueError:
        path = None
    if path is None or not path.is_file():
        log.error("message %s has no sound", message.id)
        return PlainTextResponse("The sound is gone.", 410)
    left = message.left_at.astimezone(here.zone)
    by = UNSAFE.sub("", caller or message.caller_number).strip()[:80]
    return FileResponse(
        path,
        media_type="audio/wav",
        filename=f"Office Smart {left:%Y-%m-%d %H.%M} {by}".strip() + ".wav",
        content_disposition_type="attachment" if "download" in request.query_params else "inline",
        headers={"Cache-Control": "private, no-cache"},
    )


async def person(request: Request) -> Person | None:
    """Who asks; asking is doing something, so the half hour starts anew."""
    token = session_token(request)
    if not token:
        return None
    here, hashed = desk(), auth.hash_of(token)
    who = await here.database.read(lambda s: auth.person_of(s, hashed, here.now()))
    if who is not None and here.now() - who.seen_at >= auth.TOUCH:
        await here.database.run(lambda s: auth.touch(s, hashed, here.now()))
        if here.now() - who.seen_at >= auth.WARNING:
            here.live.owe_session(hashed)  # the other tabs take their warning back
    return who


async def _door_of(request: Request) -> str:
    """Where somebody who is not in goes: the sign-in page, or the step that a session waits for."""
    token = session_token(request)
    here, hashed = desk(), auth.hash_of(token)
    if not token:
        return SIGN_IN
    half = await here.database.read(lambda s: auth.halfway_of(s, hashed, here.now()))
    return STEPS[half.waits_for] if half is not None else SIGN_IN


# -- pages --------------------------------------------------------------------------------------


class Pages:
    """The built pages; who is not signed in is sent to the door before anything is shown."""

    def __init__(self, built: Built, pages: Sequence[Page]) -> None:
        self._files = PrecompressedStaticFiles(
            directory=built.folder, html=True, encodings=("gzip",)
        )
        self._pages = {page.route: page for page in pages}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One file."""
        request = Request(scope, receive)
        path = scope["path"].rstrip("/") or "/"
        if scope["method"] not in ("GET", "HEAD"):
            await PlainTextResponse("Not here.", 405)(scope, receive, send)
            return
        page = self._pages.get(path)
        status = None
        if page is not None:
            answer = await self._admit(page, path, request)
            if isinstance(answer, Response):
                await answer(scope, receive, send)
                return
            path, status = answer
            scope = {**scope, "path": path if path == "/" else path + "/"}
        await self._files(scope, receive, self._marked(request, send, status, page is not None))

    async def _admit(
        self, page: Page, path: str, request: Request
    ) -> Response | tuple[str, int | None]:
        if page.needs == "anybody":
            return page.route, 403 if page.route == FORBIDDEN else None
        who = await person(request)
        if who is None:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            back = "" if page.route == "/" else f"?per={quote(asked[:LONGEST_BACK])}"
            return RedirectResponse(f"{await _door_of(request)}{back}", 302)
        if page.needs == "admin" and not who.elevated:
            return RedirectResponse(where_to_be_admitted(who, path, request.url.query), 302)
        return page.route, None

    def _marked(self, request: Request, send: Send, status: int | None, is_page: bool) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if HASHED.match(request.url.path) and message["status"] == 200:
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
                elif is_page:
                    headers["Cache-Control"] = "no-store"
                else:
                    headers["Cache-Control"] = "no-cache"
                if status is not None and message["status"] == 200:
                    message["status"] = status
                if is_page and request.cookies.get("language") not in LANGUAGES:
                    headers.append(
                        "Set-Cookie",
                        f"language={desk().config.language}; Path=/; Max-Age=31536000; "
                        "SameSite=lax",
                    )
            await send(message)

        return sending
