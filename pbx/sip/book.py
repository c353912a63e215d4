"""Who is who: the dialogs and subscriptions that live, by the names that messages give them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pbx.sip.dialog import Dialog
    from pbx.sip.notifier import Subscription
    from pbx.sip.side import Side


class Book:
    """Call-ID and our tag lead to a dialog or subscription; there are so many and no more."""

    def __init__(self, max_dialogs: int, max_subscriptions: int) -> None:
        self._max_dialogs = max_dialogs
        self._max_subscriptions = max_subscriptions
        self._dialogs: dict[tuple[str, str], Dialog] = {}
        self._by_caller: dict[tuple[str, str], Dialog] = {}
        self._subscriptions: dict[tuple[str, str], Subscription] = {}

    def __len__(self) -> int:
        """How many dialogs live."""
        return len(self._dialogs)

    def __iter__(self) -> Iterator[Dialog]:
        """Every dialog; it may end meanwhile."""
        return iter(list(self._dialogs.values()))

    @property
    def full(self) -> bool:
        """No dialog more."""
        return len(self._dialogs) >= self._max_dialogs

    def enter(self, dialog: Dialog) -> None:
        """Requests to its tag belong to the dialog from now on."""
        self._dialogs[dialog.call_id, dialog.local_tag] = dialog
        if not dialog.outgoing:
            self._by_caller[dialog.call_id, dialog.remote_tag] = dialog

    def leave(self, dialog: Dialog) -> None:
        """They do no more."""
        self._dialogs.pop((dialog.call_id, dialog.local_tag), None)
        key = (dialog.call_id, dialog.remote_tag)
        if self._by_caller.get(key) is dialog:
            del self._by_caller[key]

    def dialog(self, call_id: str, local_tag: str) -> Dialog | None:
        """The dialog with our tag."""
        return self._dialogs.get((call_id, local_tag))

    def dialog_of_caller(self, call_id: str, remote_tag: str) -> Dialog | None:
        """The latest dialog that the owner of this tag began."""
        return self._by_caller.get((call_id, remote_tag))

    def enter_subscription(self, subscription: Subscription) -> bool:
        """Requests to its tag belong to it from now on. False: there are too many."""
        if len(self._subscriptions) >= self._max_subscriptions:
            return False
        side = subscription.side
        self._subscriptions[side.call_id, side.local_tag] = subscription
        return True

    def leave_subscription(self, subscription: Subscription) -> None:
        """They do no more."""
        side = subscription.side
        self._subscriptions.pop((side.call_id, side.local_tag), None)

    def subscription(self, call_id: str, local_tag: str) -> Subscription | None:
        """The subscription with our tag."""
        return self._subscriptions.get((call_id, local_tag))

    def sides(self) -> list[Side]:
        """Every far end."""
        return [dialog.side for dialog in self._dialogs.values()] + [
            subscription.side for subscription in self._subscriptions.values()
        ]
