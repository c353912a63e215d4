"""What dialogs, exchanges and subscriptions may ask of the agent they live in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pbx.sip.book import Book
from pbx.sip.flow import Flow
from pbx.sip.matching import Transactions
from pbx.sip.message import Response
from pbx.sip.settings import AgentSettings
from pbx.sip.timers import Timers

if TYPE_CHECKING:
    from pbx.sip.events import Event


class House(Protocol):
    """The agent, seen from inside."""

    timers: Timers
    transactions: Transactions
    book: Book
    settings: AgentSettings
    allow: str
    "The Allow header's value."
    supported: str

    def happened(self, event: Event) -> None:
        """Tell the owner, or the listener."""
        ...

    def post(self, flow: Flow, data: bytes) -> None:
        """Put bytes on the wire."""
        ...

    def finish(self, response: Response) -> bytes:
        """The answer with our name in it, as bytes."""
        ...
