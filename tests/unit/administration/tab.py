"""A page's State as a browser has it: somebody is signed in, handlers are called by name."""

from __future__ import annotations

import asyncio
from typing import Any

from reflex.istate.data import HeaderData
from reflex.state import State
from sqlmodel import select

from officesmart import auth
from officesmart.desk import Desk
from officesmart.tables import WebSession
from pbx.tables import Line


class Tab:
    """One tab on one page."""

    def __init__(
        self, here: Desk, page: type[Any], who: str = "203", *, enters: bool = True
    ) -> None:
        """enters: the page is a whole one, that opens; else a part of one."""
        root = State(_reflex_internal_init=True)  # type: ignore[call-arg]
        self.state: Any = root.get_substate(page.get_full_name().split("."))
        token = f"{who} {id(self)}"
        with here.database.session() as session:
            line = session.exec(select(Line).where(Line.extension == who)).one()
            session.add(
                WebSession(
                    token_hash=auth.hash_of(token),
                    line_id=line.id or 0,
                    created_at=here.now(),
                    last_activity_at=here.now(),
                    proved_at=here.now(),
                    admin_since=here.now(),
                )
            )
        root.rx_router_headers = HeaderData(cookie=f"{auth.COOKIE}={auth.hash_of(token)}")
        if enters:
            self.does("enter")

    def does(self, handler: str, *arguments: Any) -> Any:
        """An event, as the browser sends it; answers the state for looking at."""
        state = self.state
        while handler not in state.event_handlers:  # one that a state above it has
            state = state.parent_state
            assert state is not None, handler
        asyncio.run(state.event_handlers[handler].fn(state, *arguments))
        return self.state

    def __getattr__(self, name: str) -> Any:
        return getattr(self.state, name)

    @property
    def said(self) -> str:
        """The latest remark."""
        return str(self.state.toasts[-1].text) if self.state.toasts else ""
