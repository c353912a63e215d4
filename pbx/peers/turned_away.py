"""Phones that knock at the wrong door: an account that allows one transport, and another one used.

The phone is told by the 403; people are told by a trouble that stays on the board until the phone
comes by the right way, the setting changes, or it gives up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pbx.events import kinds
from pbx.events.bus import Bus
from pbx.routing.office import Account, Office
from pbx.sip.flow import Flow

KIND = "transport:"
"How the kind of such a trouble begins; the SIP user follows."
PATIENCE = 900.0  # seconds without another try after which nobody needs to know any more


@dataclass(slots=True)
class _Knock:
    account: Account
    transport: str
    at: float


class TurnedAway:
    """Who was refused for the transport. Belongs to the PBX's loop."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._knocks: dict[int, _Knock] = {}
        "By account id."

    def refused(self, account: Account, flow: Flow, agent: str, now: float) -> str:
        """A phone came by the wrong way; answers the reason to give it. now: seconds since 1970."""
        before = self._knocks.get(account.account_id)
        self._knocks[account.account_id] = _Knock(account, flow.transport, now)
        used, wanted = flow.transport.upper(), account.transport.upper()
        if before is None or before.account != account or before.transport != flow.transport:
            user, phone = account.username, " ".join((agent[:60], flow.host)).strip()
            self._bus.publish(
                kinds.Trouble(
                    KIND + user,
                    _moment(now),
                    it=f"Interno {account.extension}: un telefono ({phone}) prova a collegarsi "
                    f"come {user} in {used}, ma questo account ammette solo {wanted}. Imposta "
                    f"{wanted} sul telefono, o cambia il trasporto nella scheda della linea.",
                    en=f"Extension {account.extension}: a phone ({phone}) tries to register as "
                    f"{user} over {used}, but this account allows only {wanted}. Set {wanted} on "
                    "the phone, or change the transport on the line's page.",
                )
            )
        return f"Use {wanted}, This Account Allows No {used}"

    def registered(self, account: Account, now: float) -> None:
        """A phone of this account came by a way that is allowed."""
        if account.account_id in self._knocks:
            self._over(account.account_id, now)

    def settings_moved(self, office: Office, now: float) -> None:
        """What changed may have mended it, or the account is gone."""
        accounts = {each.account_id: each for each in office.accounts.values()}
        for account_id, knock in tuple(self._knocks.items()):
            account = accounts.get(account_id)
            if account is None or account.transport in ("", knock.transport):
                self._over(account_id, now)

    def sweep(self, now: float) -> None:
        """Forget those who gave up."""
        for account_id, knock in tuple(self._knocks.items()):
            if now - knock.at > PATIENCE:
                self._over(account_id, now)

    def _over(self, account_id: int, now: float) -> None:
        knock = self._knocks.pop(account_id)
        kind = KIND + knock.account.username
        self._bus.publish(kinds.Trouble(kind, _moment(now), it="", en="", over=True))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
