"""The guard before each handler.

A browser can call any handler by name, so each one is wrapped in `mine` (somebody is signed in) or
`admin` (an administrator is). The guard reads the session anew every time: signing out, a line
switched off or a role taken away act at once. Pages take these names from `officesmart.page`.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import reflex as rx

from officesmart import auth, failing
from officesmart.addresses import HOME, where_to_be_admitted
from officesmart.arguments import Arguments, Forged
from officesmart.auth import Person
from officesmart.desk import desk, looking
from officesmart.looking import MayOnlyLook

if TYPE_CHECKING:
    from officesmart.page import Portal

log = logging.getLogger(__name__)
NOT_OURS = (
    "La pagina ha mandato qualcosa che non si può leggere: ricaricala e riprova.",
    "The page sent something that cannot be read: reload it and try again.",
)

Handler = Callable[..., Awaitable[Any]]


async def _admitted(state: Portal, role: str, acts: bool, reads: bool) -> Person | None:
    """Whoever may go on; else where to go is said, and nobody."""
    who = await state._who()
    if who is None:
        state._send_away("fine=1" if state.ready else "")
        return None
    if state._person is not None and state._person.line_id != who.line_id:
        state._top().reset()  # another person, same tab
    if state.viewing != (who.viewed_by > 0) and state.ready:
        state.away = HOME  # another tab began or ended to see as somebody
        return None
    if role == "admin" and not who.elevated:
        url = state.router.url
        state.away = where_to_be_admitted(who, url.path, url.query)
        return None
    state._person = who
    if who.viewed_by and not reads:
        state._only_looks()
        return None
    if acts:
        here = desk()
        now = here.now()
        if now - who.seen_at >= auth.TOUCH:
            hashed, warned = who.session, now - who.seen_at >= auth.WARNING
            await here.database.run(lambda s: auth.touch(s, hashed, now))
            who = state._person = replace(who, seen_at=now)
            if warned:  # the other tabs of this browser take their warning back
                here.live.owe_session(hashed)
        state._warn(who, now)
    return who


def _tell_failure(state: Any, error: Exception, deed: Handler) -> None:
    """A remark on the page instead of a button that does nothing."""
    if isinstance(error, Forged):
        log.warning("%s refused what it was sent: %s", deed.__qualname__, error)
        state._toast("danger", it=NOT_OURS[0], en=NOT_OURS[1])
        return
    said = failing.failed(error, doing=deed.__qualname__)
    state._toast("danger", it=said.it, en=said.en)


def mine(
    handler: Handler | None = None,
    *,
    role: str = "",
    acts: bool = True,
    reads: bool = False,
    at_once: bool = False,
) -> Any:
    """An event handler for whoever is signed in; `self._person` says who.

    acts: the person did this, so the half hour of idleness starts anew; False for what the portal
    itself sends. reads: it changes nothing but what this tab shows, so it is also for an
    administrator who sees the portal as this person does; everything else refuses then. Should it
    try to change something all the same, the desk refuses (desk.py, `looking`). at_once: now or
    not at all; while the portal is away a browser keeps every other click until it is back.
    """

    def guard(deed: Handler) -> Any:
        takes = Arguments(deed)

        @functools.wraps(deed)
        async def guarded(self: Portal, *args: Any, **kwargs: Any) -> Any:
            try:
                who = await _admitted(self, role, acts, reads)
                if who is None:
                    return None
                given = takes.read(args, kwargs)
                if not who.viewed_by:
                    return await deed(self, **given)
                with looking():
                    return await deed(self, **given)
            except MayOnlyLook:
                self._only_looks()
            except Exception as error:
                _tell_failure(self, error, deed)
            return None

        guarded.needs = role or "person"  # type: ignore[attr-defined]
        guarded.reads = reads  # type: ignore[attr-defined]
        return rx.event(guarded, temporal=True) if at_once else rx.event(guarded)

    return guard(handler) if handler is not None else guard


def admin(handler: Handler | None = None, *, acts: bool = True) -> Any:
    """An event handler for administrators."""
    return mine(handler, role="admin", acts=acts)


def admin_task(deed: Handler) -> Any:
    """A handler for administrators that takes its time; it is told who asked."""
    return _task(deed, "admin")


def my_task(deed: Handler) -> Any:
    """A handler for whoever is signed in that takes its time; it is told who asked."""
    return _task(deed, "")


def _task(deed: Handler, role: str) -> Any:
    async def guarded(self: Any) -> None:
        try:
            async with self:
                who = await _admitted(self, role, True, False)
            if who is not None:
                await deed(self, who)
        except Exception as error:
            async with self:
                _tell_failure(self, error, deed)

    guarded.__name__, guarded.__qualname__ = deed.__name__, deed.__qualname__
    guarded.__doc__, guarded.__module__ = deed.__doc__, deed.__module__
    guarded.needs = role or "person"  # type: ignore[attr-defined]
    guarded.reads = False  # type: ignore[attr-defined]
    return rx.event(background=True)(guarded)


def anybody(handler: Handler) -> Any:
    """An event handler that needs nobody signed in. It shows and does nothing of anybody's."""
    handler.needs = "anybody"  # type: ignore[attr-defined]
    return rx.event(handler)
