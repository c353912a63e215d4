"""What dialogs, exchanges and subscriptions may ask of the agent they live in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pbx.sip.flow import Flow
from pbx.sip.matching import Transactions
from pbx.sip.message import Response
from pbx.sip.settings import AgentSettings
from pbx.sip.timers import Timers

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog
    from pbx.sip.events import Event
    from pbx.sip.notifier import Subscription
    from pbx.sip.side import Side


class House(Protocol):
    """The agent, seen from inside."""

    timers: Timers
    transactions: Transactions
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

    def enter(self, dialog: Dialog, side: Side) -> None:
        """Requests to this local tag belong to the dialog from now on."""
        ...

    def leave(self, dialog: Dialog) -> None:
        """They do no more."""
        ...

    def enter_subscription(self, subscription: Subscription) -> bool:
        """Requests to its tag belong to it from now on. False: there are too many."""
        ...

    def leave_subscription(self, subscription: Subscription) -> None:
        """They do no more."""
        ...

    def finish(self, response: Response) -> bytes:
        """The answer with our name in it, as bytes."""
        ...
