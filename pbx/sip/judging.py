"""Why a request outside any dialog is refused before anybody hears of it (RFC 3261 s.8.2, s.16.3,
RFC 5393). Pure: a request and what is known of the house, an answer or none.
"""

from __future__ import annotations

from collections.abc import Iterable

from pbx.sip.bodies import unreadable_body
from pbx.sip.matching import Transactions
from pbx.sip.message import Request
from pbx.sip.session_timer import SMALLEST, too_short
from pbx.sip.settings import AgentSettings

SCHEMES = ("sip", "sips", "tel")
ALWAYS_IN_DIALOG = frozenset({"BYE", "PRACK", "UPDATE", "INFO"})
"Methods that mean nothing outside a dialog: 481."
PASSED_ON = frozenset({"INVITE", "MESSAGE", "REFER"})
"What a hop count of 0 forbids; the others end here anyway (RFC 3261 s.16.3)."

Refusal = tuple[int, Iterable[tuple[str, str]]]
"Status and headers."


def unsupported(request: Request, options: frozenset[str]) -> list[str]:
    """What it requires and we do not know; `options` in lower case."""
    if not request.has("Require"):
        return []
    return [option for option in request.get_all("Require") if option.lower() not in options]


def objection(request: Request, settings: AgentSettings) -> Refusal | None:
    """Why it is refused for what it says, if it is."""
    method = request.method
    scheme, colon, _ = request.uri.partition(":")
    if not colon:
        return 400, ()
    if scheme.lower() not in SCHEMES:
        return 416, ()
    if method in ALWAYS_IN_DIALOG:
        return 481, ()
    if method in PASSED_ON and request.max_forwards == 0:
        return 483, ()
    if method == "INVITE":
        return _invite_objection(request, settings)
    return None


def _invite_objection(request: Request, settings: AgentSettings) -> Refusal | None:
    contact = request.contact
    try:
        if contact is None or not contact.parsed():
            return 400, ()
    except ValueError:
        return 400, ()
    if unreadable_body(request):
        accept = ", ".join(settings.accept)
        return 415, [("Accept", accept), ("Accept-Encoding", "identity")]
    smallest = settings.min_session_seconds
    if too_short(request, smallest):
        return 422, [("Min-SE", str(max(smallest, SMALLEST)))]
    return None


def looped(request: Request, transactions: Transactions) -> bool:
    """Our own INVITE came back unchanged (RFC 5393 s.4.2). One that comes back for somebody else is
    no loop; those that go round through other B2BUAs run out of Max-Forwards."""
    for text in request.get_all("Via"):
        branch = text.partition("branch=")[2].partition(";")[0].strip()
        own = transactions.find_client(branch, "INVITE")
        if own is not None and own.request is not None and own.request.uri == request.uri:
            return True
    return False
