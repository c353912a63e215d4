"""The small office of the administration's tests, with a line to the outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from officesmart.desk import Desk
from pbx.store.session import Database
from pbx.tables import Line, Trunk
from tests.unit.administration.conftest import HandClock, database, here, made
from tests.unit.administration.tab import Tab

__all__ = ["HandClock", "database", "here", "made"]


class Piece(Tab):
    """A tab on a page of which one piece's State is looked at."""

    def does(self, handler: str, *arguments: Any) -> Any:
        """An event; a piece has no `enter` of its own."""
        if handler == "enter" and "enter" not in self.state.event_handlers:
            return self.state
        return super().does(handler, *arguments)


@pytest.fixture(autouse=True)
def outside_line(database: Database) -> Iterator[None]:
    """Numbers outside can be called."""
    with database.session() as session:
        session.add(Trunk(name="Provider", host="sip.provider.example", username="u"))
    yield


def line_of(here: Desk, extension: str = "201") -> int:
    """The id of a line."""
    with here.database.reading() as session:
        return session.exec(select(Line.id).where(Line.extension == extension)).one() or 0
