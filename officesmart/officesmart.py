"""The portal put together: pages found, the PBX and the live pushes started with the server."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import reflex as rx
import reflex.model  # noqa: F401 - 0.8 s that the first event with a dict would cost the loop
from reflex_base.event import Event
from sqlmodel import Session
from starlette.types import ASGIApp

from officesmart import auth, routes
from officesmart.administration.files import forget_leftovers
from officesmart.components.around import Around
from officesmart.components.shell import shell
from officesmart.desk import close_desk, desk, open_desk
from officesmart.jobs.job import keep_jobs
from officesmart.live import Tab
from officesmart.page import Page, handler_of
from officesmart.pages import refusals
from officesmart.phone import service_running
from officesmart.strangers import forget_strangers
from officesmart.theme import STYLESHEETS
from officesmart.turning import Turning
from pbx import config as settings
from pbx.config import Config
from pbx.discover import modules_in, modules_of

log = logging.getLogger(__name__)
built: routes.Built | None = None
"Set by the server before the app is made; None while pages are being edited."
config: Config | None = None
"The same: the settings that the server was given, else the environment's."


def found_pages() -> tuple[Page, ...]:
    """Every page: ours, then those of a customer's folder (OFFICESMART_EXTRA)."""
    extra = [Path(os.environ["OFFICESMART_EXTRA"])] if "OFFICESMART_EXTRA" in os.environ else []
    modules = [*modules_of("officesmart.pages"), *modules_in(extra, prefix="extra_page")]
    return tuple(
        module.PAGE for module in modules if isinstance(getattr(module, "PAGE", None), Page)
    )


PAGES = found_pages()
AWAY = 8  # sweeps; two minutes


@asynccontextmanager
async def open_office() -> AsyncIterator[None]:
    """Everything that lives as long as the server does."""
    given = config or settings.read(os.environ)
    here = open_desk(given)
    try:
        await asyncio.to_thread(forget_leftovers, here.database.data)
    except OSError as why:
        log.warning("files that were on their way are left: %s", why)
    async with service_running(given):
        tasks = [
            asyncio.create_task(here.live.follow(here.phone), name="live-follow"),
            asyncio.create_task(here.live.push(_push, _connected), name="live-push"),
            asyncio.create_task(here.live.sweep(_sweep, here.now), name="live-sweep"),
            asyncio.create_task(keep_jobs(here), name="jobs"),
            asyncio.create_task(Turning(here).keep(), name="opening-hours"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    close_desk()


async def _push(tab: Tab, topics: tuple[str, ...]) -> asyncio.Future[object]:
    return await _send(tab, tab.handler, {"topics": list(topics)})


async def _send(tab: Tab, handler: str, payload: dict[str, object]) -> asyncio.Future[object]:
    future: asyncio.Future[object] = await app.event_processor.enqueue(
        tab.token, Event(name=handler, payload=payload)
    )
    return future


def _connected() -> dict[str, object]:
    namespace = app.event_namespace
    return dict(namespace.token_to_sid) if namespace is not None else {}


async def _sweep(tabs: tuple[Tab, ...], now: datetime) -> None:
    """Warn the tabs whose session is about to end, empty those whose session has.

    A tab that stays away is forgotten; should it come back, it says so itself.
    """
    here, connected = desk(), _connected()
    await here.database.run(lambda session: auth.end_idle(session, now))
    for tab in tabs:
        who = await here.database.read(partial(_who, tab.session, now))
        if who is None:
            await _send(tab, handler_of(Around.warn), {})  # the guard sends it away
            here.live.forget(tab.token)
        elif now - who.seen_at >= auth.WARNING:
            await _send(tab, handler_of(Around.warn), {})
        tab.away = 0 if tab.token in connected else tab.away + 1
        if tab.away > AWAY:
            here.live.forget(tab.token)
    watched = {tab.token for tab in here.live.tabs()}
    forget_strangers(app.state_manager, connected=connected, watched=watched)


def _who(session_hash: str, now: datetime, session: Session) -> auth.Person | None:
    return auth.person_of(session, session_hash, now)


def _with_routes(reflex_app: ASGIApp) -> ASGIApp:
    given = config or settings.read(os.environ)
    return routes.portal(reflex_app, PAGES, built, proxies=given.proxy)


def _no_overlay(stateful: bool) -> rx.Component | None:
    return None  # the shell has its own banner for a server that is away


app = rx.App(
    stylesheets=STYLESHEETS,
    html_lang="it",
    toaster=None,
    head_components=[
        rx.el.script(src="/unsaved.js"),
        rx.el.script(src="/ring_plan.js"),
        rx.el.script(src="/portal.js"),
        rx.el.script(src="/dialler.js"),
        rx.el.script(src="/door.js"),
        rx.el.script(src="/administration.js"),
        rx.el.script(src="/profile.js"),
        rx.el.script(src="/explain.js"),
        rx.el.script(src="/contacts.js"),
        rx.el.script(src="/incoming_call.js"),
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#f5f4f0"),  # portal.js follows the theme
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin.woff2",
            custom_attrs={"as": "font"},
            type="font/woff2",
            cross_origin="anonymous",
        ),
    ],
    api_transformer=_with_routes,
)
if app.sio is not None:
    # Its list is fixed when it is made and knows one name of this machine; the guard in routes.py
    # holds each connection to the name that its page was asked by.
    app.sio.eio.cors_allowed_origins = []
app.app_wraps[(5, "Overlay")] = _no_overlay
app.register_lifespan_task(open_office)


def _framed(page: Page) -> rx.Component:
    return shell(page, PAGES) if page.frame is None else page.frame(page, page.view())


for page in (*PAGES, refusals.NOT_FOUND):
    app.add_page(
        partial(_framed, page),
        route=page.route,
        title=f"{page.it} · Office Smart",
        on_load=page.on_load,
    )
